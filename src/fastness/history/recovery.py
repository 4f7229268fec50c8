"""Does calibration find what it is given? Outcomes made up from rows of the table itself, whose truth is known.

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): draw a point from the prior, its outcomes from the
model, and ask for the posterior. Over many such draws the rank of the true value in its posterior is uniform, for every
parameter, if and only if the posterior says no more and no less than it may.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fastness.history.likelihood import CHANCE, POWER, fit
from fastness.history.played import CATEGORIES, Played, points
from fastness.history.posterior import moments
from fastness.parameters import Floats

#: points at which each posterior is evaluated, and their seed
POINTS, POINTS_SEED = 1 << 13, 7
#: share of all such tests that fail although the procedure is right, over all parameters together (Bonferroni)
ERROR_RATE: Final = 0.01


@dataclass(frozen=True)
class Recovery:
    """What came of the made-up outcomes.

    Attributes
    ----------
    names : tuple of str
        The calibrated parameters.
    ranks : array
        Posterior probability below the true value [1], shape (tests, parameters).
    p_values : array
        Of a Kolmogorov-Smirnov test of uniform ranks, shape (parameters,).
    p_spread : float
        Of a t-test that ranks spread about 1/2 as uniform ones do, over all parameters of a made-up history together:
        it finds posteriors that are too narrow or too wide.
    within_90 : array
        Share of true values inside the 5-95 % interval, shape (parameters,).
    correlation : array
        Between true value and posterior mean, shape (parameters,): what can be learned from so many cases.
    shrinkage : array
        Mean posterior standard deviation over that of the prior, shape (parameters,).
    """

    names: tuple[str, ...]
    ranks: Floats
    p_values: Floats
    p_spread: float
    within_90: Floats
    correlation: Floats
    shrinkage: Floats

    @property
    def passed(self) -> bool:
        """Whether ranks differ from uniform for no parameter, nor in spread, at the stated error rate."""
        return bool(min(self.p_values.min(), self.p_spread) >= ERROR_RATE / (len(self.names) + 1))

    def document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "tests": len(self.ranks),
            "passed": self.passed,
            "error_rate": ERROR_RATE,
            "p_spread": round(self.p_spread, 4),
            "within_90": round(float(self.within_90.mean()), 4),
            "parameters": [
                {"name": name, "p": p, "within_90": inside, "correlation": r, "shrinkage": kept}
                for name, p, inside, r, kept in zip(
                    self.names,
                    *(a.round(4).tolist() for a in (self.p_values, self.within_90, self.correlation, self.shrinkage)),
                    strict=True,
                )
            ],
        }


def recover(played: Played, tests: int, seed: int, powers: Sequence[float] = (POWER,)) -> list[Recovery]:
    """Calibrate to outcomes made up from rows of a table that the surrogates have not seen.

    Parameters
    ----------
    played : Played
        The table.
    tests : int
        How many rows play the truth, fewer than there are.
    seed : int
        Picks the rows and the cases that end in any way at all.
    powers : sequence of float
        Powers of the likelihood, one result for each; `POWER` is the procedure, what is far from it must fail.
    """
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(played.uniforms), tests, replace=False)
    learned = np.ones(len(played.uniforms), dtype=bool)
    learned[chosen] = False
    at = replace(played, uniforms=points(len(played.names), POINTS, POINTS_SEED)).scores
    table = np.stack([one.log_likelihood(at) for one in fit(played, learned)])
    ends = _with_chance(played.categories[chosen], rng)
    totals = np.stack([table[row >= 0, :, row[row >= 0]].sum(axis=0) for row in ends])
    return [_judged(played, at, played.scores[chosen], power * totals) for power in powers]


def _judged(played: Played, at: Floats, truth: Floats, totals: Floats) -> Recovery:
    """Return how the posteriors at log likelihoods of shape (tests, POINTS) compare with the truth."""
    from scipy.stats import kstest, ttest_1samp

    ranks, means, sds = np.empty_like(truth), np.empty_like(truth), np.empty_like(truth)
    for k, total in enumerate(totals):
        weights = np.exp(total - total.max())
        weights /= weights.sum()
        ranks[k] = weights @ (at < truth[k])
        means[k], sds[k], _ = moments(at, weights)
    return Recovery(
        played.names,
        ranks,
        p_spread=float(ttest_1samp(((ranks - 0.5) ** 2).mean(axis=1), 1 / 12).pvalue),
        p_values=np.array([kstest(column, "uniform").pvalue for column in ranks.T]),
        within_90=((ranks > 0.05) & (ranks < 0.95)).mean(axis=0),
        correlation=np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(truth.T, means.T, strict=True)]),
        shrinkage=sds.mean(axis=0),
    )


def _with_chance(ends: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Let the share of cases end in any category that the likelihood says end so."""
    strayed = (rng.random(ends.shape) < CHANCE) & (ends >= 0)
    return np.where(strayed, rng.integers(0, CATEGORIES, ends.shape), ends)
