"""What the ends of past sieges say about the calibrated parameters: weights on the table's rows, and their posterior.

The prior of the normal scores is standard normal. The likelihood of a fold is the product over its cases of the
surrogate's probability of how each ended, to a power below 1 that keeps enough of the table's rows alive.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from fastness.errors import AnalysisError
from fastness.history.likelihood import POWER, Surrogate, fit
from fastness.history.played import Played, category, points
from fastness.parameters import Floats
from fastness.posteriors import Fold, Posterior

#: independent rows that must be left after weighting, or the likelihood is tempered
LEAST_ROWS: Final = 200.0
#: points at which moments of the posterior are taken, from a seed of their own
POINTS, POINTS_SEED = 1 << 15, 44
#: halvings in the search for the tempering power
HALVINGS: Final = 30
#: digits to which a posterior is stored
DIGITS: Final = 4


@dataclass(frozen=True)
class Ended:
    """How a case ended: number of its class in `courses.CLASSES`, day after the start, and the date."""

    id: str
    conflict: str
    outcome: int
    day: int
    end: datetime.date


@dataclass(frozen=True)
class Weighed:
    """A fold's posterior as weights of the table's rows, shape (rows,), which add up to 1."""

    cases: tuple[str, ...]
    weights: Floats
    ess: float
    tempering: float


class Likelihood:
    """The log likelihood of every case's end at the rows of a table and at points of its own.

    The table is fitted once; folds are sums over some of its cases.

    Attributes
    ----------
    played : Played
        The table, reduced to cases whose end is known.
    ended : tuple of Ended
        Their ends, in the order of the table.
    at_rows, at_points : array
        Log likelihood, shape (rows, cases) and (POINTS, cases).
    scores : array
        The points' normal scores, shape (POINTS, parameters).
    """

    def __init__(self, played: Played, ended: Sequence[Ended], done: Callable[[int, int], None] | None = None) -> None:
        known = {row.id: row for row in ended}
        self.ended = tuple(known[case] for case in played.cases if case in known)
        if not self.ended:
            message = "no case of the table has an outcome"
            hint = "the two files must name the same cases in their column id"
            raise AnalysisError(code="FS431", message=message, hint=hint)
        self.played = played.columns([row.id for row in self.ended])
        self.scores = replace(played, uniforms=points(len(played.names), POINTS, POINTS_SEED)).scores
        self.surrogates: list[Surrogate] = fit(self.played, done=done)
        observed = category([row.outcome for row in self.ended], [row.day for row in self.ended])
        pairs = list(zip(self.surrogates, observed, strict=True))
        self.at_rows = np.stack([one.log_likelihood(self.played.scores)[:, seen] for one, seen in pairs], axis=1)
        self.at_points = np.stack([one.log_likelihood(self.scores)[:, seen] for one, seen in pairs], axis=1)

    def within(self, fold: Fold) -> npt.NDArray[np.bool_]:
        """Return which cases a fold may know, shape (cases,)."""
        return np.array(
            [row.conflict not in fold.without and (fold.as_of is None or row.end <= fold.as_of) for row in self.ended]
        )

    def weigh(self, fold: Fold) -> Weighed:
        """Weigh the table's rows by what a fold knows; equal weights where it knows nothing."""
        use = self.within(fold)
        total = self.at_rows[:, use].sum(axis=1)
        power = _power(total)
        weights = _weights(power * total)
        return Weighed(tuple(row.id for row in np.array(self.ended)[use]), weights, _ess(weights), power)

    def posterior(self, fold: Fold, today: datetime.date, outcomes: str) -> Posterior:
        """Return a fold's posterior in the form that is shipped.

        Parameters
        ----------
        fold : Fold
            Which cases are known.
        today : date
            Day of the fit.
        outcomes : str
            SHA-256 of the file of outcomes.
        """
        use, weighed = self.within(fold), self.weigh(fold)
        mean, sd, correlation = moments(self.scores, _weights(weighed.tempering * self.at_points[:, use].sum(axis=1)))
        dependence = np.abs(correlation - np.eye(len(mean))).max()
        return Posterior(
            fold=fold,
            made=today,
            predictors=self.played.predictors,
            outcomes=outcomes,
            kernel=self.played.kernel,
            cases=int(use.sum()),
            newest=max((row.end for row, used in zip(self.ended, use, strict=True) if used), default=datetime.date.min),
            rows=len(self.played.uniforms),
            ess=round(weighed.ess, 1),
            tempering=round(weighed.tempering, DIGITS),
            names=self.played.names,
            mean=mean.round(DIGITS),
            sd=sd.round(DIGITS),
            dependence=round(float(dependence), DIGITS),
        )


def moments(scores: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean, standard deviation and correlation of weighted points, shapes (n,), (n,) and (n, n)."""
    mean = weights @ scores
    centred = scores - mean
    covariance = (centred * weights[:, None]).T @ centred
    sd = np.sqrt(np.diag(covariance))
    return mean, sd, covariance / np.outer(sd, sd)


def _weights(log_likelihood: Floats) -> Floats:
    grown = np.exp(log_likelihood - log_likelihood.max())
    return np.asarray(grown / grown.sum())


def _ess(weights: Floats) -> float:
    """Return how many equal weights say as much (Kish)."""
    return float(1 / (weights**2).sum())


def _power(total: Floats) -> float:
    """Return the largest power up to POWER that leaves LEAST_ROWS independent rows (or half of all)."""
    least = min(LEAST_ROWS, len(total) / 2)
    if _ess(_weights(POWER * total)) >= least:
        return POWER
    low, high = 0.0, POWER
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _ess(_weights(middle * total)) >= least else (low, middle)
    return low
