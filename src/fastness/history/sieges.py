"""Forecasts sieges from what was known on the third day. It never reads how the cases in hand ended.

What it knows of endings are the training figures that ship with the package (`training.json`): of these, the cases of
the same conflict are left out, so that a case of the training set is forecast as if it were new.
"""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fastness.errors import FastnessError
from fastness.history.cases import Case
from fastness.history.climatology import CENSORED, aalen_johansen
from fastness.history.coarse import DAYS
from fastness.history.courses import CLASSES, FELL, LASTS, Courses, play_case

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: days by which people ask whether a place has fallen
ASKED: Final = (30, 120, 365)
CAMPAIGNS: Final = 500
#: campaigns that one thread plays at a time
_TOGETHER: Final = 250
#: weight of the model in the pool with climatology: equal weights, which weights fitted to so few conflicts seldom beat
WEIGHT: Final = 0.5
TRAINING: Final = Path(__file__).with_name("training.json")


@dataclass(frozen=True)
class Training:
    """Endings of past sieges: days, endings (index into `CLASSES`) and whether the force survived (NaN unknown)."""

    conflicts: tuple[str, ...]
    days: Ints
    endings: Ints
    survived: Floats

    def without(self, conflict: str) -> "Training":
        """Return the cases of all other conflicts."""
        keep = np.array([name != conflict for name in self.conflicts], dtype=bool)
        conflicts = tuple(name for name in self.conflicts if name != conflict)
        return Training(conflicts, self.days[keep], self.endings[keep], self.survived[keep])

    def incidence(self) -> Floats:
        """Return P(ended in each class by day t), shape (classes, DAYS + 1)."""
        causes = np.where(self.days > DAYS, CENSORED, self.endings)
        return aalen_johansen(np.minimum(self.days, DAYS + 1), causes, count=len(CLASSES), horizon=DAYS)

    def shares(self, *, lasting: bool = False) -> Floats:
        """Return the share of each class among all cases, or those that lasted beyond `DAYS`, one added to each."""
        ended = self.endings[self.days > DAYS] if lasting else self.endings
        counts = np.bincount(ended, minlength=len(CLASSES)) + 1.0
        found: Floats = counts / counts.sum()
        return found

    def survival(self) -> float:
        """Return the share of forces that survived, one added to each side."""
        known = self.survived[~np.isnan(self.survived)]
        return float((known.sum() + 1) / (len(known) + 2))


@dataclass(frozen=True)
class SiegeForecast:
    """What is forecast of a case.

    Attributes
    ----------
    raw, climatology
        P(fell by day t), shape (DAYS + 1,): the model's own, and that of the other conflicts' cases.
    raw_classes, class_climatology
        Chance of each of `CLASSES`, however long it takes.
    raw_survived, survival_climatology
        Chance that the force survives.
    weight
        Weight of the model in the pool with climatology that users get.
    calibration
        Which past cases informed the model's parameters: `prior` none.
    campaigns, failed
        Campaigns played, and how many of them failed and were left out.
    """

    id: str
    conflict: str
    raw: Floats
    climatology: Floats
    raw_classes: Floats
    class_climatology: Floats
    raw_survived: float
    survival_climatology: float
    weight: float
    calibration: str
    campaigns: int
    failed: int

    @property
    def curve(self) -> Floats:
        """P(fell by day t) that users get, shape (DAYS + 1,)."""
        pooled: Floats = self.weight * self.raw + (1 - self.weight) * self.climatology
        return pooled

    @property
    def classes(self) -> Floats:
        """Chance of each of `CLASSES` that users get."""
        pooled: Floats = self.weight * self.raw_classes + (1 - self.weight) * self.class_climatology
        return pooled

    @property
    def survived(self) -> float:
        """Chance that the force survives that users get."""
        return self.weight * self.raw_survived + (1 - self.weight) * self.survival_climatology

    def document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.id,
            **{f"p{day}": float(self.curve[day]) for day in ASKED},
            "outcome_class": dict(zip(CLASSES, self.classes.tolist(), strict=True)),
            "force_survives": self.survived,
            "raw": {
                **{f"p{day}": float(self.raw[day]) for day in ASKED},
                "outcome_class": dict(zip(CLASSES, self.raw_classes.tolist(), strict=True)),
                "force_survives": self.raw_survived,
            },
            "weight": self.weight,
            "calibration": self.calibration,
            "failed_campaigns": self.failed,
        }


@cache
def training() -> Training:
    """Return the endings that ship with the package."""
    rows = json.loads(TRAINING.read_text(encoding="utf-8"))["cases"]
    days, endings, survived = (np.array([row[k] for row in rows], dtype=float) for k in (1, 2, 3))
    return Training(tuple(str(row[0]) for row in rows), days.astype(np.int64), endings.astype(np.int64), survived)


@cache
def calibration_of(conflict: str) -> str:
    """Return the fold of cases from which parameters are drawn: all but those of the conflict, else the priors.

    A conflict that no case of the training set belongs to is forecast with all of them.
    """
    from fastness.posteriors import ALL, PRIOR, folds, posterior

    known = conflict in training().conflicts
    names = [name for name, fold in folds().items() if known and fold.without == (conflict,) and fold.as_of is None]
    for name in names if known else [ALL]:
        try:
            if posterior(name) is not None:
                return name
        except (FastnessError, OSError):
            continue
    return PRIOR


def forecast_cases(
    cases: Sequence[Case],
    *,
    campaigns: int = CAMPAIGNS,
    seed: int = 1,
    calibration: str | None = None,
    without: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[SiegeForecast]:
    """Forecast cases.

    Parameters
    ----------
    campaigns
        Campaigns for each case.
    seed
        64-bit seed, the same for all cases.
    calibration
        Fold of cases that informs the parameters, the same for all; None: for each case the one that leaves out its
        conflict.
    without
        Names of processes that are switched off.
    progress
        Called with cases done and cases in all.
    """

    def played(case: Case) -> SiegeForecast:
        fold = calibration_of(case.conflict) if calibration is None else calibration
        parts = [
            play_case(case, seed, first, min(_TOGETHER, campaigns - first), calibration=fold, without=without)
            for first in range(0, campaigns, _TOGETHER)
        ]
        return forecast(case, parts, fold)

    found: list[SiegeForecast] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for made in pool.map(played, cases):
            found.append(made)
            if progress is not None:
                progress(len(found), len(cases))
    return found


def forecast(case: Case, parts: Sequence[Courses], calibration: str) -> SiegeForecast:
    """Turn the courses of a case into its forecast, alone and pooled with climatology."""
    past = training().without(case.conflict)
    day, ending, kept = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("day", "ending", "survived")
    )
    return SiegeForecast(
        id=case.id,
        conflict=case.conflict,
        raw=fall_curve(day, ending),
        climatology=past.incidence()[FELL],
        raw_classes=class_chances(ending, past.shares(lasting=True)),
        class_climatology=past.shares(),
        raw_survived=(float(kept.sum()) + 0.5) / (len(kept) + 1),
        survival_climatology=past.survival(),
        weight=WEIGHT,
        calibration=calibration,
        campaigns=len(day),
        failed=sum(part.failed for part in parts),
    )


def fall_curve(day: Ints, ending: Ints) -> Floats:
    """Return P(fell by day t) from campaigns, shape (DAYS + 1,); half a campaign is added to either side."""
    falls = np.bincount(day[ending == FELL], minlength=DAYS + 1)[: DAYS + 1]
    curve: Floats = (np.cumsum(falls) + 0.5) / (len(day) + 1)
    return curve


def class_chances(ending: Ints, lasting: Floats) -> Floats:
    """Return the chance of each class; campaigns still undecided end as sieges that lasted so long did."""
    counts = np.array([(ending == k).sum() for k in range(len(CLASSES))]) + (ending == LASTS).sum() * lasting
    chances: Floats = (counts + 0.5) / (counts + 0.5).sum()
    return chances
