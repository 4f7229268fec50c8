"""Whether the posterior forecasts conflicts that it does not know better than the prior does.

Nothing is played for it: the campaigns of the table, weighted by a fold that leaves the conflict out, are a forecast.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fastness.history.coarse import DAYS
from fastness.history.courses import FELL
from fastness.history.posterior import Likelihood
from fastness.parameters import Floats
from fastness.posteriors import Fold

#: resamples of whole conflicts behind an interval, and their seed
RESAMPLES, RESAMPLES_SEED = 4000, 44
LOW, HIGH = 0.05, 0.95
#: days of which single Brier scores are told
TOLD: Final = (30, 120, DAYS)


@dataclass(frozen=True)
class HeldOut:
    """Scores by leave-one-conflict-out; lower is better.

    Attributes
    ----------
    cases : tuple of str
        Ids.
    prior, posterior : array
        Brier score of "fell by day t", mean over days 1 to 365, shape (cases,).
    log_prior, log_posterior : array
        Minus log probability of class and bin of the end, shape (cases,).
    conflicts : tuple of str
        Of each case; intervals resample them whole.
    by_day : dict
        Mean Brier scores of prior and posterior for single days.
    """

    cases: tuple[str, ...]
    conflicts: tuple[str, ...]
    prior: Floats
    posterior: Floats
    log_prior: Floats
    log_posterior: Floats
    by_day: dict[int, tuple[float, float]]

    def difference(self) -> tuple[float, float, float]:
        """Return mean of posterior less prior in the Brier score, and its 5-95 % interval over conflicts."""
        change = self.posterior - self.prior
        groups = np.unique(self.conflicts, return_inverse=True)[1]
        totals, sizes = np.bincount(groups, change), np.bincount(groups)
        chosen = np.random.default_rng(RESAMPLES_SEED).integers(0, len(sizes), (RESAMPLES, len(sizes)))
        low, high = np.quantile(totals[chosen].sum(axis=1) / sizes[chosen].sum(axis=1), [LOW, HIGH])
        return float(change.mean()), float(low), float(high)

    def document(self) -> dict[str, Any]:
        """Return it as plain data."""
        difference, low, high = self.difference()
        return {
            "n": len(self.cases),
            "brier": {"prior": float(self.prior.mean()), "posterior": float(self.posterior.mean())},
            "difference": difference,
            "low": low,
            "high": high,
            "log": {"prior": float(self.log_prior.mean()), "posterior": float(self.log_posterior.mean())},
            "by_day": {str(day): {"prior": a, "posterior": b} for day, (a, b) in self.by_day.items()},
        }


def fell_by(likelihood: Likelihood, case: int, weights: Floats) -> Floats:
    """Return the chance that a case has fallen by each day from 1 to 365, shape (365,)."""
    outcome, day = likelihood.played.outcome[:, case], likelihood.played.day[:, case]
    fell = outcome == FELL
    by_day = np.bincount(np.maximum(day[fell], 1), weights[fell], minlength=DAYS + 1)
    return np.asarray(np.cumsum(by_day)[1:], dtype=np.float64)


def held_out(likelihood: Likelihood) -> HeldOut:
    """Score prior and posterior on every case, the posterior without the case's conflict."""
    ended = likelihood.ended
    flat = np.full(len(likelihood.played.uniforms), 1 / len(likelihood.played.uniforms))
    learned = {row.conflict: likelihood.weigh(Fold(row.conflict, "", (row.conflict,))).weights for row in ended}
    happened = np.stack([(row.outcome == FELL) & (row.day <= np.arange(1, DAYS + 1)) for row in ended])
    curves = [
        np.stack([fell_by(likelihood, k, weights(row.conflict)) for k, row in enumerate(ended)])
        for weights in (lambda _: flat, learned.__getitem__)
    ]
    prior, posterior = ((curve - happened) ** 2 for curve in curves)
    likely = np.exp(likelihood.at_rows)
    logs = np.stack([learned[row.conflict] @ likely[:, k] for k, row in enumerate(ended)])
    return HeldOut(
        tuple(row.id for row in ended),
        tuple(row.conflict for row in ended),
        prior.mean(axis=1),
        posterior.mean(axis=1),
        -np.log(likely.mean(axis=0)),
        -np.log(logs),
        {day: (float(prior[:, day - 1].mean()), float(posterior[:, day - 1].mean())) for day in TOLD},
    )
