"""Runs an ensemble: batches on a pool, each written whole; progress, stop at a precision, interruption and resume."""

import math
import os
import platform
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from threading import Thread
from typing import Any

from fastness.compile.names import Names
from fastness.ensemble import store
from fastness.ensemble.play import play_batch
from fastness.ensemble.result import Ensemble, open_run
from fastness.ensemble.store import Part
from fastness.ensemble.tables import finish, load_ahead
from fastness.errors import RunError, did_you_mean
from fastness.kernel.backends import compiled_before
from fastness.kernel.build import build_ahead
from fastness.kernel.cache import kernel_hash
from fastness.kernel.day import ALWAYS, DAY, Process
from fastness.posteriors import drawn_hash
from fastness.scenario import identity, scenario_files
from fastness.scenario.model import Scenario

#: campaigns of a batch
BATCH = 100
#: the last batch is cut into so many, so that no processor waits long for another
LAST_CUT = 4
#: batches that wait in the pool beyond one for each processor
AHEAD = 2
#: fewest campaigns before a run may stop at a requested precision
LEAST = 400


@dataclass(frozen=True)
class Progress:
    """How far a run is, and the running estimate of its first question."""

    done: int
    total: int
    compiling: bool
    question: str
    probability: float
    standard_error: float


Report = Callable[[Progress], None]


def simulate(
    scenario: Scenario,
    *,
    campaigns: int = 2000,
    seed: int | None = None,
    threads: int | None = None,
    executor: Executor | None = None,
    stop: float | None = None,
    out: str | Path | None = None,
    variant: str | None = None,
    progress: Report | None = None,
    processes: Sequence[Process] = (),
    without: Sequence[str] = (),
) -> Ensemble:
    """Play an ensemble of campaigns and return it; it is also a folder on disk.

    Parameters
    ----------
    scenario
        A checked scenario (`fastness.load`).
    campaigns
        How many campaigns to play, at least 1.
    seed
        64-bit seed; None draws one and stores it. The same seed gives the same campaigns on any number of threads.
    threads
        Worker threads; None: one per processor.
    executor
        Any `concurrent.futures.Executor` in place of the threads.
    stop
        Stop when the standard error of the first question falls to this (probability, not percent).
    out
        Run folder to make; None: `runs/<title>-<seed>` in the working folder.
    variant
        Which variant of it `scenario` is, for titles.
    progress
        Called after every batch.
    processes
        Your own processes, played after the model's.
    without
        Names of the model's processes that are switched off, such as `("talks",)`. The others draw the same random
        numbers, so that a run pairs with one of the same seed that has them.

    Raises
    ------
    RunError
        FS201 for a number of campaigns below 1, FS202 for a seed outside 64 bits, FS207 for a process that the model
        does not have or cannot do without.
    StoreError
        FS301 if the folder exists.
    """
    if campaigns < 1:
        raise RunError(
            code="FS201",
            message=f"campaigns must be 1 or more, is {campaigns}",
            hint="2000 gives an error of about one point",
        )
    seed = secrets.randbits(32) if seed is None else seed
    if not 0 <= seed < 1 << 64:
        raise RunError(
            code="FS202",
            message=f"seed must be a whole number from 0 to 2^64 - 1, is {seed}",
            hint="leave it out to draw one",
        )
    _check_without(without)
    folder = Path(out) if out is not None else Path("runs") / f"{_slug(scenario.title)}-{seed}"
    document = scenario.model_dump_json(by_alias=True, indent=1)
    files = _files(scenario)
    store.create(folder, _manifest(scenario, campaigns, seed, variant, processes, without), document, files)
    return _play(folder, threads=threads, executor=executor, stop=stop, progress=progress, processes=processes)


def resume(
    path: str | Path, *, threads: int | None = None, stop: float | None = None, progress: Report | None = None
) -> Ensemble:
    """Play the campaigns that an interrupted run lacks; a run that is complete is only opened.

    Raises
    ------
    StoreError
        FS302 to FS304 if the folder cannot be read.
    RunError
        FS203 if the kernel has changed since: its campaigns would not fit together. FS206 if the run had processes of a
        user's own.
    """
    folder = Path(path)
    manifest = store.read_manifest(folder)
    if manifest["complete"]:
        return open_run(folder)
    if manifest["processes"]:
        message = f"{folder} was begun with processes of yours: {', '.join(manifest['processes'])}"
        raise RunError(code="FS206", message=message, hint="they are not stored; run the scenario again with them")
    if not open_run(folder).playable:
        message = f"{folder} was begun with another version of the model or on another kind of processor"
        raise RunError(code="FS203", message=message, hint="run the scenario again into a new folder")
    return _play(folder, threads=threads, executor=None, stop=stop, progress=progress, processes=())


def _without(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Return the processes that a run does without; manifests of before they could be named have none."""
    return tuple(manifest.get("without", ()))


def _check_without(without: Sequence[str]) -> None:
    """Refuse to switch off what is no process, or what every campaign needs."""
    known = {process.__name__ for process in DAY}
    for name in without:
        if name in ALWAYS:
            message = f"no campaign can do without the process '{name}': {ALWAYS[name]}"
            raise RunError(code="FS207", message=message, hint="leave it out of 'without'")
        if name not in known:
            hint = did_you_mean(name, known) or f"the model has {', '.join(sorted(known))}"
            raise RunError(code="FS207", message=f"the model has no process '{name}' to switch off", hint=hint)


def _slug(title: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())[:60]


def _files(scenario: Scenario) -> list[tuple[str, Path]]:
    """Return the files of the scenario as written, with their names in the run folder."""
    if scenario.origin is None:
        return []
    root = scenario.origin
    base = root if root.is_dir() else root.parent
    return [(str(file.relative_to(base)), file) for file in scenario_files(root)]


def _manifest(
    scenario: Scenario,
    campaigns: int,
    seed: int,
    variant: str | None,
    processes: Sequence[Process],
    without: Sequence[str],
) -> dict[str, Any]:
    return {
        "format": store.FORMAT,
        "fastness": version("fastness"),
        "title": scenario.title,
        "variant": variant,
        "scenario": identity(scenario),
        "kernel": kernel_hash(),
        "priors": drawn_hash(scenario.calibration),
        "seed": seed,
        "campaigns": campaigns,
        "processes": [process.__name__ for process in processes],
        "without": sorted(set(without)),
        "as_of": scenario.clock.as_of.isoformat(),
        "python": platform.python_version(),
        "numba": version("numba"),
        "numpy": version("numpy"),
        "machine": platform.machine(),
        "done": [],
        "failed": 0,
        "complete": False,
        "seconds": 0.0,
    }


def _play(
    folder: Path,
    *,
    threads: int | None,
    executor: Executor | None,
    stop: float | None,
    progress: Report | None,
    processes: Sequence[Process],
) -> Ensemble:
    """Play the batches that the manifest does not name, then write tables and series."""
    began = time.monotonic()
    manifest = store.read_manifest(folder)
    document = (folder / "scenario.resolved.json").read_text(encoding="utf-8")
    scenario = Scenario.model_validate_json(document)
    names = Names(scenario)
    tally = _Tally(names, manifest, progress)
    if not compiled_before():
        tally.report(compiling=True)
        build_ahead()
    tally.report(compiling=False)
    ahead = Thread(target=load_ahead)
    try:
        with _pool(executor, threads) as pool:
            task = partial(
                play_batch, document, manifest["seed"], processes=tuple(processes), without=_without(manifest)
            )
            if executor is None:  # our own threads write where they work; another's may sit on another machine
                task = partial(task, folder=folder)
            for part in _finished(pool, task, manifest, stop, tally):
                if executor is not None:
                    store.write_part(folder, part)
                tally.add(part)
                store.write_manifest(folder, manifest)
                if ahead.ident is None:  # once the kernel is loaded, which would compete with it
                    ahead.start()
    finally:
        manifest["seconds"] += round(time.monotonic() - began, 2)
        manifest["complete"] = tally.done >= manifest["campaigns"] or (stop is not None and tally.precise(stop))
        if ahead.ident is not None:
            ahead.join()
        if manifest["done"]:
            finish(folder, names, manifest["done"], scenario.record.campaigns)
        store.write_manifest(folder, manifest)
    store.drop_parts(folder)
    return open_run(folder)


@contextmanager
def _pool(executor: Executor | None, threads: int | None) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        yield pool


def _finished(
    pool: Executor, task: Callable[..., Part], manifest: dict[str, Any], stop: float | None, tally: "_Tally"
) -> Iterator[Part]:
    """Yield batches in the order of their campaigns, so that threads do not decide where a run stops that is precise.

    On an interruption those that have not begun are dropped.
    """
    waiting = deque(_missing(manifest["campaigns"], manifest["done"]))
    running: deque[Future[Part]] = deque()
    try:
        while waiting or running:
            while waiting and len(running) < AHEAD + (os.cpu_count() or 1):
                running.append(pool.submit(task, *waiting.popleft()))
            yield running.popleft().result()
            if stop is not None and tally.precise(stop):
                break
    finally:
        for future in running:
            future.cancel()


def _missing(campaigns: int, done: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Yield the batches that are not done, however those that are were cut."""
    there = {campaign for first, count in done for campaign in range(first, first + count)}
    for first, count in _batches(campaigns):
        left = [campaign for campaign in range(first, first + count) if campaign not in there]
        for _, together in groupby(enumerate(left), key=lambda each: each[1] - each[0]):
            (_, begin), *others = together
            yield begin, 1 + len(others)


def _batches(campaigns: int) -> Iterator[tuple[int, int]]:
    """Yield the first campaign and the number of campaigns of each batch, the last of them small."""
    last = (campaigns - 1) // BATCH * BATCH
    yield from ((first, BATCH) for first in range(0, last, BATCH))
    small = -(-BATCH // LAST_CUT)
    yield from ((first, min(small, campaigns - first)) for first in range(last, campaigns, small))


class _Tally:
    """Counts campaigns done and failed and the running estimate of the first question."""

    def __init__(self, names: Names, manifest: dict[str, Any], report: Report | None) -> None:
        self._question = next(iter(names.question), "")
        self._manifest = manifest
        self._report = report
        self.done = sum(count for _, count in manifest["done"])
        self._counted = 0
        self._hits = 0

    def add(self, part: Part) -> None:
        """Count a batch."""
        fine = part.arrays["status"] == 0
        self.done += part.count
        self._manifest["done"].append([part.first, part.count])
        self._manifest["failed"] += int((~fine).sum())
        if self._question:
            self._counted += int(fine.sum())
            self._hits += int((part.arrays["question"][fine, 0] >= 0).sum())
        self.report(compiling=False)

    @property
    def probability(self) -> float:
        """Share of the campaigns so far in which the first question held."""
        return self._hits / self._counted if self._counted else math.nan

    @property
    def standard_error(self) -> float:
        """Monte Carlo error of the running estimate, never below that of one hit."""
        if not self._counted:
            return math.nan
        p = (self._hits + 0.5) / (self._counted + 1)
        return math.sqrt(p * (1 - p) / self._counted)

    def precise(self, stop: float) -> bool:
        """Whether the estimate is as precise as asked."""
        return self._counted >= LEAST and self.standard_error <= stop

    def report(self, *, compiling: bool) -> None:
        """Tell the caller."""
        if self._report is not None:
            total = self._manifest["campaigns"]
            self._report(Progress(self.done, total, compiling, self._question, self.probability, self.standard_error))
