"""The table on which calibration rests: every case played many times from the priors, one campaign per row and case.

A row is one point of the calibrated parameters, the same for all cases. Everything else (other parameters, beliefs,
luck) is drawn anew for each case, so that the outcomes of a row are independent given its point.
"""

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from fastness.errors import AnalysisError
from fastness.history.coarse import DAYS
from fastness.history.courses import CLASSES, LASTS
from fastness.parameters import Floats

#: outcome of a campaign that broke an invariant
FAILED: Final = -2
#: last days of the bins in which an end is told; the dates of histories are not better than this
EDGES: Final = (30, 120, DAYS)
#: every class in every bin, and longer than that
CATEGORIES: Final = len(CLASSES) * len(EDGES) + 1


@dataclass(frozen=True)
class Played:
    """Campaigns of every case at common points of the calibrated parameters.

    Attributes
    ----------
    names
        The calibrated parameters.
    cases
        Ids of the cases.
    uniforms
        The points as uniform numbers of the priors, shape (rows, parameters).
    outcome
        Number in `courses.CLASSES`, LASTS or FAILED, shape (rows, cases).
    day
        Day of the end after the start, shape (rows, cases); meaningless where the siege lasts.
    seed, kernel, predictors
        What made it: seed, hash of the model, SHA-256 of the file of cases.
    """

    names: tuple[str, ...]
    cases: tuple[str, ...]
    uniforms: Floats
    outcome: npt.NDArray[np.int8]
    day: npt.NDArray[np.int16]
    seed: int = 0
    kernel: str = ""
    predictors: str = ""

    @property
    def scores(self) -> Floats:
        """The points as normal scores of the priors, shape (rows, parameters)."""
        from scipy.special import ndtri

        scores: Floats = ndtri(self.uniforms)
        return scores

    @property
    def categories(self) -> npt.NDArray[np.int64]:
        """Class and bin of every end, shape (rows, cases); FAILED for a failed campaign."""
        return np.where(self.outcome == FAILED, FAILED, category(self.outcome, self.day))

    def columns(self, cases: Sequence[str]) -> "Played":
        """Return the table of some cases."""
        where = [self.cases.index(case) for case in cases]
        return replace(self, cases=tuple(cases), outcome=self.outcome[:, where], day=self.day[:, where])


def category(outcome: npt.ArrayLike, day: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the number of an end's class and bin; the last number is for a siege that lasts longer than `DAYS`."""
    classes, days = np.asarray(outcome, dtype=np.int64), np.asarray(day, dtype=np.int64)
    lasts = (classes == LASTS) | (days > DAYS)
    return np.where(lasts, CATEGORIES - 1, classes * len(EDGES) + np.searchsorted(EDGES, days))


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def save(played: Played, path: Path) -> None:
    """Write a table so that it is there whole or not at all."""
    origin = {name: getattr(played, name) for name in ("names", "cases", "seed", "kernel", "predictors")}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        np.savez_compressed(
            file, origin=json.dumps(origin), uniforms=played.uniforms, outcome=played.outcome, day=played.day
        )
    temporary.replace(path)


def open_table(path: str | Path) -> Played:
    """Read a table that `save` wrote.

    Raises
    ------
    AnalysisError
        FS430 if it is none.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            origin = json.loads(str(file["origin"]))
            arrays = {name: file[name] for name in ("uniforms", "outcome", "day")}
        names, cases = tuple(origin.pop("names")), tuple(origin.pop("cases"))
        return Played(names, cases, **arrays, **origin)
    except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile) as fault:
        message = f"{path} is not a table of campaigns"
        raise AnalysisError(code="FS430", message=message, hint="'fastness calibrate' writes one") from fault


def points(parameters: int, rows: int, seed: int) -> Floats:
    """Return uniform points that fill the cube evenly (Owen-scrambled Sobol), shape (rows, parameters)."""
    from scipy.stats import qmc

    design = qmc.Sobol(parameters, scramble=True, rng=np.random.default_rng(seed))
    power = int(np.ceil(np.log2(max(rows, 2))))
    tiny = np.finfo(np.float64).eps
    return np.clip(design.random_base2(power)[:rows], tiny, 1 - tiny)
