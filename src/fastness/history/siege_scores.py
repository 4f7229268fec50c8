"""Scores of forecasts of sieges by how they ended, beside baselines that know no case, with intervals and power."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fastness.history.cases import Case
from fastness.history.climatology import CENSORED, aalen_johansen, fit_logistic, old_rule
from fastness.history.coarse import DAYS
from fastness.history.courses import CLASSES, FELL
from fastness.history.outcomes import Outcome
from fastness.history.sieges import ASKED, WEIGHT, SiegeForecast, training

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: fewest cases of other conflicts from which a file's own climatology is made; below, the shipped figures serve
LEAST_CASES: Final = 20
#: resamples of conflicts behind an interval
RESAMPLES: Final = 10_000
RESAMPLE_SEED: Final = 44
LEVEL: Final = 0.95
#: standard normal points of a two-sided test at 5 % and of a power of 80 %
Z_TEST, Z_POWER = 1.959964, 0.841621
#: classes from the worst to the best for those enclosed, for the ranked score
RANKED: Final = ("fell", "negotiated", "held", "relieved")
#: probabilities nearer to 0 or 1 than this count as this in the log score
LEAST_CHANCE: Final = 0.001


@dataclass(frozen=True)
class Difference:
    """Mean difference of two scores over cases, negative where the first is better, with its 95 % interval."""

    mean: float
    low: float
    high: float
    standard_error: float


@dataclass(frozen=True)
class SiegeScores:
    """Everything that a back-test of sieges reports; see `document` and docs/methods/sieges.md."""

    forecasts: tuple[SiegeForecast, ...]
    observed: Floats
    endings: Ints
    curves: dict[str, Floats]
    primary: dict[str, Floats]
    difference: dict[str, Difference]
    secondary: dict[str, float | None]
    climatology_from: str
    problems: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Cases scored."""
        return len(self.forecasts)

    def power(self) -> dict[str, float | None]:
        """Return the chance that a sample like this one clears zero, and how many cases four samples of five need."""
        return power(self.difference["model"], self.n)

    def best_weight(self) -> dict[str, float]:
        """Return the weight that would have served best, and its interval: the one used is held against it."""
        curves = (self.curves["raw"], self.curves["climatology"])
        found = best_weight(*curves, self.observed, [made.conflict for made in self.forecasts])
        return dict(zip(("best", "low", "high"), found, strict=True))

    def by_day(self, day: int) -> dict[str, float]:
        """Return the mean Brier score of "fell by this day" of each forecaster."""
        fell = self.observed[:, day]
        return {name: float(((curve[:, day] - fell) ** 2).mean()) for name, curve in self.curves.items()}

    def document(self) -> dict[str, Any]:
        """Return it as plain data: the contract of `fastness backtest sieges --json`."""
        means = {name: float(values.mean()) for name, values in self.primary.items()}
        main, raw = self.difference["model"], self.difference["raw"]
        return {
            "n": self.n,
            "primary": {
                "model": means["model"],
                "climatology": means["climatology"],
                "difference": main.mean,
                "low": main.low,
                "high": main.high,
            },
            "by_day": {
                str(day): {key: self.by_day(day)[key] for key in ("model", "climatology", "raw")} for day in ASKED
            },
            "cases": [made.document() for made in self.forecasts],
            "raw": {"model": means["raw"], "difference": raw.mean, "low": raw.low, "high": raw.high},
            "baselines": {name: means.get(name) for name in ("climatology", "logistic", "three_to_one")},
            "secondary": self.secondary,
            "power": self.power(),
            "pool": {"weight": WEIGHT, **self.best_weight()},
            "climatology_from": self.climatology_from,
            "problems": list(self.problems),
        }


def integrated_brier(curves: Floats, observed: Floats) -> Floats:
    """Return the Brier score of "fell by day t", meaned over days 1 to DAYS, of each case; shapes (cases, DAYS + 1)."""
    scores: Floats = ((curves - observed) ** 2)[:, 1:].mean(axis=1)
    return scores


def integrated_log(curves: Floats, observed: Floats) -> Floats:
    """Return the log score of "fell by day t", meaned over days 1 to DAYS, of each case."""
    said = np.clip(np.where(observed > 0, curves, 1 - curves), LEAST_CHANCE, 1.0)
    scores: Floats = -np.log(said)[:, 1:].mean(axis=1)
    return scores


def ranked_probability(chances: Floats, endings: Ints) -> Floats:
    """Return the ranked probability score of the classes, 0 to 1, from the worst to the best for those enclosed."""
    order = [CLASSES.index(name) for name in RANKED]
    said = np.cumsum(chances[:, order], axis=1)[:, :-1]
    place = np.array([order.index(k) for k in range(len(CLASSES))])[endings]
    came = (place[:, None] <= np.arange(len(order) - 1)).astype(float)
    scores: Floats = ((said - came) ** 2).sum(axis=1) / (len(order) - 1)
    return scores


def class_log(chances: Floats, endings: Ints) -> Floats:
    """Return the log score of the class that came about."""
    scores: Floats = -np.log(np.clip(chances[np.arange(len(endings)), endings], LEAST_CHANCE, 1.0))
    return scores


def difference(first: Floats, second: Floats, conflicts: Sequence[str]) -> Difference:
    """Return the mean of first - second over cases, its interval from resampled conflicts and its standard error.

    Cases of one conflict are not independent. With a single conflict, cases are resampled, for want of anything better.
    """
    values = first - second
    names = sorted(set(conflicts))
    groups = [np.flatnonzero(np.array(conflicts) == name) for name in names] if len(names) > 1 else None
    groups = groups or [np.array([k]) for k in range(len(values))]
    sums = np.array([values[group].sum() for group in groups])
    sizes = np.array([len(group) for group in groups])
    rng = np.random.default_rng(RESAMPLE_SEED)
    drawn = rng.integers(0, len(groups), (RESAMPLES, len(groups)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Difference(float(values.mean()), float(low), float(high), float(means.std()))


def power(found: Difference, n: int) -> dict[str, float | None]:
    """Return the power of n cases and the cases that a power of 80 % takes, if the observed difference were the truth.

    The difference is taken to be normal with the standard error that resampling conflicts gives, which falls with the
    root of the number of cases.
    """
    if found.standard_error <= 0 or found.mean >= 0:
        return {"clears_zero": None, "cases_for_80": None}
    shift = -found.mean / found.standard_error
    chance = _normal(shift - Z_TEST)
    needed = math.ceil(n * ((Z_TEST + Z_POWER) / shift) ** 2)
    return {"clears_zero": round(chance, 3), "cases_for_80": needed}


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def best_weight(
    raw: Floats, climatology: Floats, observed: Floats, conflicts: Sequence[str]
) -> tuple[float, float, float]:
    """Return the weight of the model in a linear pool that would have served best here, with its 95 % interval.

    w = sum (o - c)(m - c) / sum (m - c)^2 over cases and days, between 0 and 1; the interval resamples conflicts.
    """
    apart = (raw - climatology)[:, 1:]
    names = np.unique(conflicts, return_inverse=True)[1]
    gain = np.bincount(names, ((observed - climatology)[:, 1:] * apart).sum(axis=1))
    square = np.bincount(names, (apart**2).sum(axis=1))
    if square.sum() <= 0:
        return 0.5, 0.0, 1.0
    drawn = np.random.default_rng(RESAMPLE_SEED).integers(0, len(gain), (RESAMPLES, len(gain)))
    many = np.clip(gain[drawn].sum(axis=1) / np.maximum(square[drawn].sum(axis=1), 1e-12), 0.0, 1.0)
    low, high = np.quantile(many, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(np.clip(gain.sum() / square.sum(), 0.0, 1.0)), float(low), float(high)


def observed_curves(outcomes: Sequence[Outcome]) -> Floats:
    """Return 1 from the day on which each case fell, else 0, shape (cases, DAYS + 1)."""
    days = np.arange(DAYS + 1)
    return np.array([(row.ending == FELL) & (row.days <= days) for row in outcomes], dtype=float)


def score(
    forecasts: Sequence[SiegeForecast], cases: Sequence[Case], outcomes: Sequence[Outcome], problems: Sequence[str] = ()
) -> SiegeScores:
    """Score forecasts of cases; the three sequences have the same order."""
    conflicts = [case.conflict for case in cases]
    observed = observed_curves(outcomes)
    endings = np.array([row.ending for row in outcomes])
    past, source = _climatology(conflicts, outcomes)
    curves = {
        "model": np.array([made.curve for made in forecasts]),
        "raw": np.array([made.raw for made in forecasts]),
        "climatology": past,
        "three_to_one": np.array([old_rule(case, curve) for case, curve in zip(cases, past, strict=True)]),
    }
    logistic = _left_out_logistic(cases, observed, past)
    if logistic is not None:
        curves["logistic"] = logistic
    primary = {name: integrated_brier(curve, observed) for name, curve in curves.items()}
    return SiegeScores(
        forecasts=tuple(forecasts),
        observed=observed,
        endings=endings,
        curves=curves,
        primary=primary,
        difference={
            name: difference(values, primary["climatology"], conflicts)
            for name, values in primary.items()
            if name != "climatology"
        },
        secondary=_secondary(forecasts, outcomes, curves, observed, endings, conflicts),
        climatology_from=source,
        problems=tuple(problems),
    )


def _climatology(conflicts: Sequence[str], outcomes: Sequence[Outcome]) -> tuple[Floats, str]:
    """Return P(fell by day t) of each case from the cases of other conflicts: of this file, or the shipped ones."""
    days = np.array([row.days for row in outcomes])
    endings = np.array([row.ending for row in outcomes])
    shipped = training()
    own = [np.array([name != conflict for name in conflicts]) for conflict in conflicts]
    if min(int(use.sum()) for use in own) >= LEAST_CASES:
        return np.array([_incidence(days[use], endings[use]) for use in own]), "this file, without the case's conflict"
    curves = [shipped.without(conflict).incidence()[FELL] for conflict in conflicts]
    return np.array(curves), "the shipped training cases, without the case's conflict"


def _incidence(days: Ints, endings: Ints) -> Floats:
    causes = np.where(days > DAYS, CENSORED, endings)
    curves = aalen_johansen(np.minimum(days, DAYS + 1), causes, count=len(CLASSES), horizon=DAYS)
    fell: Floats = curves[FELL]
    return fell


def _left_out_logistic(cases: Sequence[Case], observed: Floats, past: Floats) -> Floats | None:
    """Return P(fell by day t): the other conflicts' regression, paced by climatology."""
    conflicts = np.array([case.conflict for case in cases])
    fell = observed[:, -1] > 0
    curves = []
    for k, case in enumerate(cases):
        use = np.flatnonzero(conflicts != case.conflict)
        if len(use) < LEAST_CASES or past[k, -1] <= 0:
            return None
        fitted = fit_logistic([cases[int(j)] for j in use], fell[use])
        curves.append(past[k] / past[k, -1] * fitted.probability(case))
    return np.array(curves)


def _secondary(
    forecasts: Sequence[SiegeForecast],
    outcomes: Sequence[Outcome],
    curves: dict[str, Floats],
    observed: Floats,
    endings: Ints,
    conflicts: Sequence[str],
) -> dict[str, float | None]:
    shipped = training()
    shares = np.array([shipped.without(conflict).shares() for conflict in conflicts])
    said = {
        "model": np.array([made.classes for made in forecasts]),
        "raw": np.array([made.raw_classes for made in forecasts]),
        "climatology": shares,
    }
    found: dict[str, float | None] = {
        f"log_{name}": float(integrated_log(curve, observed).mean()) for name, curve in curves.items()
    }
    for name, chances in said.items():
        found[f"rps_{name}"] = float(ranked_probability(chances, endings).mean())
        found[f"class_log_{name}"] = float(class_log(chances, endings).mean())
    kept = [(made, row.survived) for made, row in zip(forecasts, outcomes, strict=True) if row.survived is not None]
    asked: tuple[tuple[str, Callable[[SiegeForecast], float]], ...] = (
        ("model", lambda made: made.survived),
        ("raw", lambda made: made.raw_survived),
        ("climatology", lambda made: shipped.without(made.conflict).survival()),
    )
    for name, chance in asked:
        errors = [(chance(made) - came) ** 2 for made, came in kept]
        found[f"survived_brier_{name}"] = float(np.mean(errors)) if errors else None
    return found
