"""How far a run is, read from its folder while a child writes it, with running estimates of all questions."""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastness.analysis.estimate import estimate, jeffreys
from fastness.ensemble.store import MANIFEST, part_folder


@dataclass(frozen=True)
class Running:
    """What the campaigns so far say about a question: a share of them, and its Monte Carlo interval (5-95 %) [1]."""

    id: str
    text: str
    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    `trail` is (campaigns, share, standard error) of the first question after each batch. Estimates are empty before the
    first batch, and of a run whose parts have become tables, which has better ones.
    """

    done: int
    total: int
    failed: int
    complete: bool
    seconds: float
    running: tuple[Running, ...] = ()
    trail: tuple[tuple[int, float, float], ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def progress(path: Path) -> Progress | None:
    """Read how far a run is; None before its folder is there.

    Parameters
    ----------
    path : Path
        The run folder.
    """
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        batches = sorted((int(first), int(count)) for first, count in manifest["done"])
        done = sum(count for _, count in batches)
        counts = (done, manifest["campaigns"], manifest["failed"], manifest["complete"], manifest["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        held = [
            _held(folder, folder.stat().st_mtime_ns) for folder in (part_folder(path, first) for first, _ in batches)
        ]
    except (OSError, ValueError):
        return Progress(*counts)  # its parts have just become tables
    return Progress(*counts, *_estimates(path, held)) if held else Progress(*counts)


@lru_cache(maxsize=8192)
def _held(part: Path, _written: int) -> tuple[int, npt.NDArray[np.int64]]:
    """Return of a batch, which never changes: campaigns that count, and in how many of them each question held."""
    fine = np.load(part / "status.npy", allow_pickle=False) == 0
    questions = np.load(part / "question.npy", allow_pickle=False)[fine]
    return int(fine.sum()), (questions >= 0).sum(axis=0)


def _estimates(
    path: Path, held: list[tuple[int, npt.NDArray[np.int64]]]
) -> tuple[tuple[Running, ...], tuple[tuple[int, float, float], ...]]:
    counted = np.cumsum([count for count, _ in held])
    hits = np.cumsum([each for _, each in held], axis=0)
    scenario = path / "scenario.resolved.json"
    asked = _questions(scenario, scenario.stat().st_mtime_ns)
    if not counted[-1] or not asked:
        return (), ()
    running = []
    for k, (name, text) in enumerate(asked):
        n, yes = int(counted[-1]), int(hits[-1, k])
        running.append(Running(name, text, yes / n, *jeffreys(yes, n)))
    trail = [
        (int(n), float(yes / n), estimate(int(yes), int(n)).standard_error)
        for n, yes in zip(counted, hits[:, 0], strict=True)
        if n
    ]
    return tuple(running), tuple(trail)


@lru_cache(maxsize=64)
def _questions(file: Path, _written: int) -> list[tuple[str, str]]:
    """Return ids and headings of a run's questions, in the order in which they were written."""
    from fastness.scenario.model import Scenario

    scenario = Scenario.model_validate_json(file.read_text(encoding="utf-8"))
    return [(name, question.heading) for name, question in scenario.questions.items()]
