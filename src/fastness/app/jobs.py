"""Runs that the workbench starts: one child process each, which writes its run folder; all that is known is on disk.

A job is a folder of notes, `.workbench/jobs/<run>/`: what was asked for (`job.json`), the scenario as it was then, what
the child printed (`log.txt`), and a file that the child holds locked for as long as it lives (`alive`). So after a
server was killed the next one knows which of its children still play, and goes on with the runs of those that do not.
Nothing but the run folder says how far a run is, which is why all tabs and all servers see the same.
"""

import asyncio
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from fastness.app.folder import Folder
from fastness.ensemble.store import write_text
from fastness.errors import RunError
from fastness.scenario import apply_variant, load, write_new

State = Literal["waiting", "playing", "stopping", "stopped", "failed", "done"]

#: exit codes of `fastness run` after which the run folder is whole: fine, and fine but for failed campaigns
_WHOLE: Final = (0, 3)
#: most campaigns that a page may ask for: a day's work of a small machine
MOST_CAMPAIGNS: Final = 200_000
#: children at a time; each uses all processors
AT_ONCE: Final = 1
_JOB, _ALIVE, _LOG = "job.json", "alive", "log.txt"
_LOG_CHARACTERS: Final = 2_000
#: how long a server that ends waits for its child
_GOODBYE_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Job:
    """What was asked for.

    `precision` is the Monte Carlo error of the first question at which to stop [1]; `wish` what a person wants of it;
    `failed` what the child left with, where it ended badly.
    """

    run: str
    scenario: str
    title: str
    variant: str | None
    campaigns: int
    seed: int
    precision: float | None
    begun: str
    wish: Literal["play", "stop"] = "play"
    failed: int | None = None

    def document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


class Jobs:
    """The jobs of a user's folder, and the children that play them."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._done: set[str] = set()  # nothing more happens to these
        self._lock = threading.Lock()  # pages ask from several threads

    def ask(
        self,
        scenario: str,
        *,
        campaigns: int,
        seed: int | None = None,
        precision: float | None = None,
        variants: Sequence[str | None] = (None,),
        source: Path | None = None,
    ) -> list[Job]:
        """Note runs to play, one for each variant (None: the scenario as written), all with one seed.

        `source` is a folder with the scenario as it is to be played, where that is not as the user's folder has it.

        Raises
        ------
        RunError
            FS506 for a scenario that is not there, FS507 for numbers that cannot be.
        ScenarioError
            What is wrong with the scenario.
        """
        chosen = secrets.randbits(32) if seed is None else seed
        _check_numbers(campaigns, chosen, precision)
        source = source or self._folder.scenario(scenario)
        base = load(source)
        for name in filter(None, variants):
            apply_variant(base, name)
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        called = scenario.rpartition("/")[2] or source.name
        with self._lock:
            jobs = []
            for variant in dict.fromkeys(variants):  # each once, in their order
                run = self._free("-".join(filter(None, (called, str(chosen), variant))))
                jobs.append(Job(run, scenario, base.title, variant, campaigns, chosen, precision, begun))
                self._note(jobs[-1], source)
        return jobs

    def _free(self, wanted: str) -> str:
        """Return a name that no run and no job has."""
        names = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, 10_000))
        return next(n for n in names if not (self._folder.runs / n).exists() and not self._notes(n).exists())

    def _notes(self, run: str) -> Path:
        return self._folder.notes / "jobs" / run

    def _note(self, job: Job, source: Path) -> None:
        """Write a job down, with a copy of its scenario: what is edited later is another run's."""
        notes = self._notes(job.run)
        write_new(notes / "scenario", source)
        self._save(job)

    def _save(self, job: Job) -> None:
        write_text(self._notes(job.run) / _JOB, json.dumps(job.document(), indent=1) + "\n")

    def get(self, run: str) -> Job | None:
        """Return the job of a run; None for a run that the workbench did not start."""
        file = self._folder.inside(self._folder.notes / "jobs", run) / _JOB
        return _read(file, file.stat().st_mtime_ns) if file.is_file() else None

    def all(self) -> list[Job]:
        """Return all jobs, the first asked first."""
        files = (self._folder.notes / "jobs").glob(f"*/{_JOB}")
        return sorted((_read(file, file.stat().st_mtime_ns) for file in files), key=lambda job: job.begun)

    def state(self, job: Job) -> State:
        """Return what a job does now."""
        if self._is_alive(job):
            return "playing" if job.wish == "play" else "stopping"
        if _complete(self._folder.runs / job.run):
            self._done.add(job.run)
            return "done"
        if job.failed is not None:
            return "failed"
        return "waiting" if job.wish == "play" else "stopped"

    def active(self) -> list[Job]:
        """Return the jobs that play or wait to."""
        return [job for job in self._unfinished() if self.state(job) in ("waiting", "playing", "stopping")]

    def _unfinished(self) -> list[Job]:
        return [job for job in self.all() if job.run not in self._done]

    def _is_alive(self, job: Job) -> bool:
        """Tell whether a child, of this server or of one before, holds the job's lock."""
        try:
            with (self._notes(job.run) / _ALIVE).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def stop(self, run: str) -> None:
        """Stop a job; the campaigns that are done stay, and `go_on` plays the others.

        Raises
        ------
        RunError
            FS506 if the workbench started no such run.
        """
        job = replace(self._known(run), wish="stop")
        self._save(job)
        self._interrupt(job)

    def go_on(self, run: str) -> Job:
        """Go on with a run that was stopped or failed; one that somebody began elsewhere is taken over.

        Raises
        ------
        RunError
            FS506 if there is no such run.
        """
        known = self.get(run)
        if known is None:
            known = self._adopt(run)
        job = replace(known, wish="play", failed=None)
        self._save(job)
        return job

    def _known(self, run: str) -> Job:
        job = self.get(run)
        if job is None:
            raise RunError(
                code="FS506",
                message=f"the workbench did not start the run '{run}'",
                hint="stop it where it was started",
            )
        return job

    def _adopt(self, run: str) -> Job:
        """Write down a run that was begun on the command line."""
        path = self._folder.run(run)
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        job = Job(run, "", manifest["title"], manifest["variant"], manifest["campaigns"], manifest["seed"], None, begun)
        self._note(job, self._folder.as_run(run))
        return job

    def forget(self, run: str) -> None:
        """Remove a run that does not play, its folder included.

        Raises
        ------
        RunError
            FS507 if it plays, FS504 if the name leads elsewhere.
        """
        job = self.get(run)
        if job is not None and self.state(job) in ("playing", "stopping"):
            raise RunError(code="FS507", message=f"the run '{run}' is playing", hint="stop it first")
        path = self._folder.inside(self._folder.runs, run)
        self._done.discard(run)
        shutil.rmtree(self._notes(run), ignore_errors=True)
        shutil.rmtree(path, ignore_errors=True)

    def pump(self) -> None:
        """Look after the children that ended and begin what waits; called again and again."""
        with self._lock:
            for run, child in list(self._children.items()):
                if child.poll() is not None:
                    del self._children[run]
                    self._ended(run, child.returncode)
            unfinished = self._unfinished()
            playing = sum(self._is_alive(job) for job in unfinished)
            for job in unfinished:
                if playing < AT_ONCE and self.state(job) == "waiting":
                    playing += self._begin(job)

    def _ended(self, run: str, code: int) -> None:
        job = self.get(run)
        if job is not None and job.wish == "play" and code not in _WHOLE and not _interrupted(code):
            self._save(replace(job, failed=code))

    def _begin(self, job: Job) -> bool:
        """Start the child of a job, unless somebody else just did."""
        notes = self._notes(job.run)
        with (notes / _ALIVE).open("ab") as alive, (notes / _LOG).open("ab") as log:
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._children[job.run] = subprocess.Popen(
                self._command(job),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder.root,
                start_new_session=True,  # a key pressed in the server's terminal is not for it
                pass_fds=(alive.fileno(),),  # open, and so locked, for as long as the child lives
            )
            os.write(alive.fileno(), b"%d\n" % self._children[job.run].pid)
        return True

    def _command(self, job: Job) -> list[str]:
        target = self._folder.runs / job.run
        words = [sys.executable, "-m", "fastness", "run", str(self._notes(job.run) / "scenario")]
        words += ["--campaigns", str(job.campaigns), "--seed", str(job.seed), "--out", str(target)]
        words += ["--variant", job.variant] if job.variant else []
        words += ["--until", str(job.precision)] if job.precision else []
        return [*words, "--resume"] if (target / "manifest.json").exists() else words

    def _interrupt(self, job: Job) -> None:
        """Ask the child to stop, as a key on the command line does; one that another server started, by its number."""
        if not self._is_alive(job):
            return
        pids = (self._notes(job.run) / _ALIVE).read_text(encoding="ascii").split()
        if pids:
            with suppress(ProcessLookupError):  # it has just ended
                os.killpg(int(pids[-1]), signal.SIGINT)

    def interrupt_all(self) -> None:
        """Interrupt the children of this server, which ends; the next one goes on with their runs."""
        with self._lock:
            for run, child in self._children.items():
                job = self.get(run)
                if child.poll() is None and job is not None:
                    self._interrupt(job)
            for child in self._children.values():
                with suppress(subprocess.TimeoutExpired):  # it ends by itself, and the next server finds it
                    child.wait(_GOODBYE_SECONDS)

    async def keep_pumping(self, every_seconds: float = 0.4) -> None:
        """Pump for as long as the server lives."""
        while True:
            await asyncio.to_thread(self.pump)
            await asyncio.sleep(every_seconds)

    def log(self, run: str) -> str:
        """Return the end of what the child of a run printed."""
        file = self._folder.inside(self._folder.notes / "jobs", run) / _LOG
        return file.read_text(encoding="utf-8", errors="replace")[-_LOG_CHARACTERS:] if file.is_file() else ""


def _check_numbers(campaigns: int, seed: int, precision: float | None) -> None:
    """Refuse numbers that cannot be."""
    if not 1 <= campaigns <= MOST_CAMPAIGNS:
        message = f"campaigns must be 1 to {MOST_CAMPAIGNS:,}, is {campaigns}"
        raise RunError(code="FS507", message=message, hint="2000 give an error of about one point")
    if not 0 <= seed < 1 << 64:
        raise RunError(code="FS507", message=f"seed must be 0 to 2^64 - 1, is {seed}", hint="leave it out to draw one")
    if precision is not None and not 0 < precision <= 0.5:
        message = f"precision must be above 0 and at most 0.5, is {precision:g}"
        raise RunError(code="FS507", message=message, hint="0.01 is one point of the first question's probability")


@lru_cache(maxsize=4096)
def _read(file: Path, _written: int) -> Job:
    return Job(**json.loads(file.read_text(encoding="utf-8")))


def _interrupted(code: int) -> bool:
    """Tell whether a child was asked to end; one that was killed may have been too large, and would be again."""
    return code in (130, -signal.SIGINT, -signal.SIGTERM)


def _complete(path: Path) -> bool:
    try:
        return bool(json.loads((path / "manifest.json").read_text(encoding="utf-8"))["complete"])
    except (OSError, ValueError, KeyError):
        return False
