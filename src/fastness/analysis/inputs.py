"""How far a probability moves with the beliefs and the parameters: the range across inputs and models.

Monte Carlo error says how well P is known for the inputs as a whole, and shrinks with more campaigns. This is about
something else: P(x), the probability if the inputs were known to be x, and how it spreads over the x that are drawn.

Each campaign gives its inputs x and one outcome y, 0 or 1. A ridge logistic regression of y on the rank-normal inputs
estimates P(x) from these alone, without another run; products of the strongest inputs let effects depend on each other.
It is fitted on four fifths of the campaigns and applied to the fifth left out, in turn (cross-fitting), so that what it
learns by chance does not widen the range; how many inputs it keeps is what predicts best out of fold. Out of fold the
slope of y on the prediction shows how much over-fit is left, and the prediction is shrunk by it; the variance that the
penalty and the few campaigns leave open (trace of the posterior covariance) is added back. The 5-95 % quantiles of the
result are reported.

What it cannot see makes the range too narrow: how more than two inputs, or weaker ones, work together, thresholds, and
effects too small to be found among so many inputs. The check is a nested design: draw inputs, play many campaigns for
each, and look at the spread of the shares. For Panjshir 2021 (200 inputs, 40 campaigns each) the standard deviation of
P(x) found here is 70 to 95 % of the nested one: where this says 2-49, the nested design says 0-56.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.estimate import TAIL, jeffreys
from fastness.parameters import Z95

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Reals = npt.NDArray[np.floating[Any]]

FOLDS: Final = 5
#: (inputs kept, products of the strongest as well, ridge penalty) that compete; more terms, more penalty
SIZES: Final = (
    (3, False, 10.0),
    (10, False, 10.0),
    (25, False, 30.0),
    (60, False, 60.0),
    (10, True, 60.0),
    (25, True, 60.0),
)
#: inputs of which all products in pairs are taken
STRONGEST: Final = 8
#: with fewer campaigns on either side nothing can be told about inputs
FEWEST: Final = 10
STEPS: Final = 6
LARGEST: Final = 30.0
#: standard error of the 5 % and 95 % quantiles of a normal sample, in standard deviations over the root of its size
QUANTILE_ERROR: Final = 2.1131
#: the ends of the range vary about so much more than level, slope and quantiles say, because the fit itself varies: by
#: factors of 1.0 to 1.5 in the toys of `tests/statistical/test_range_error.py`
WIDER: Final = 1.3
#: a step of Newton's method that moves no weight by more than this is the last
ENOUGH: Final = 0.02


@dataclass(frozen=True, slots=True)
class Fit:
    """Out-of-fold log-odds of one size of model, shape (campaigns,), and the mean variance that it leaves open."""

    odds: Floats
    left_open: float


@dataclass(frozen=True, slots=True)
class Range:
    """A 5-95 % range across inputs and models [1], and the standard errors of its ends (None: the ends are bounds).

    The errors come from the number of campaigns, as Monte Carlo error does, and shrink with more of them; the range
    does not.
    """

    low: float
    high: float
    low_error: float | None
    high_error: float | None


def features(draws: "pd.DataFrame") -> Floats:
    """Return the inputs that vary, as `normal_scores`, shape (campaigns, inputs).

    Parameters
    ----------
    draws : DataFrame
        One row per campaign; columns `belief:<id>` and `parameter:<name>`, others are left out.
    """
    names = [name for name in draws.columns if name.startswith(("belief:", "parameter:"))]
    columns = (draws[name].to_numpy(dtype=np.float64) for name in names)
    varying = [values for values in columns if values.min(initial=np.inf) < values.max(initial=-np.inf)]
    if not varying:
        return np.empty((len(draws), 0))
    return np.stack([normal_scores(values) for values in varying]).T


def normal_scores(values: Floats) -> Floats:
    """Return the standardised normal scores of the ranks of an input that varies, shape (campaigns,).

    Van der Waerden scores, ties at their mean rank.
    """
    order = np.argsort(values)
    ranked = values[order]
    first = np.concatenate([[True], ranked[1:] > ranked[:-1]])
    scores = np.empty_like(values)
    if first.all():
        scores[order] = _distinct_scores(len(values))
    else:
        scores[order] = _scores(np.diff(np.append(np.flatnonzero(first), len(values))))
    return scores


@lru_cache(maxsize=4)
def _distinct_scores(count: int) -> Floats:
    """Return the scores of so many different values, as most inputs have them, in the order of ranks."""
    return _scores(np.ones(count, dtype=np.int64))


def _scores(counts: npt.NDArray[np.int64]) -> Floats:
    """Return standardised scores in the order of ranks, `counts` being how many have each value."""
    from scipy.special import ndtri

    scores = np.repeat(ndtri((np.cumsum(counts) - counts / 2) / counts.sum()), counts)
    standard: Floats = (scores - scores.mean()) / scores.std()
    return standard


def input_range(inputs: Floats, happened: npt.ArrayLike) -> tuple[float, float]:
    """Return the 5-95 % range of P(x) over the inputs x, as `measured_range` without its errors."""
    found = measured_range(inputs, happened)
    return found.low, found.high


def measured_range(inputs: Floats, happened: npt.ArrayLike) -> Range:
    """Return the 5-95 % range of P(x) over the inputs x, and how well its ends are known.

    Parameters
    ----------
    inputs : array
        What `features` returns, shape (campaigns, inputs).
    happened : array_like
        Whether it happened, shape (campaigns,).

    Returns
    -------
    Range
        The estimate itself lies between low and high [1]. Where no input tells anything out of fold, the range of what
        the three strongest could still do unseen, which narrows to the estimate with more campaigns. With fewer than 10
        campaigns for or against, the Jeffreys interval: all that can be known. These two are bounds and have no errors.
    """
    y = np.asarray(happened, dtype=np.float64)
    hits, campaigns = int(y.sum()), len(y)
    if min(hits, campaigns - hits) < FEWEST:
        return Range(*jeffreys(hits, campaigns), None, None)
    p = hits / campaigns
    if inputs.shape[1] == 0:
        return Range(p, p, None, None)
    odds, errors = _odds_range(inputs, y)
    low, high = (float(end) for end in _logistic(odds))
    if errors is None:
        return Range(min(low, p), max(high, p), None, None)
    low_error, high_error = (float(error) * end * (1 - end) for error, end in zip(errors, (low, high), strict=True))
    return Range(min(low, p), max(high, p), low_error, high_error)


def _odds_range(inputs: Floats, y: Floats) -> tuple[Floats, Floats | None]:
    """Return the 5 % and 95 % quantiles of the log-odds of P(x), and their standard errors (None: a bound)."""
    folds = np.arange(len(y)) % FOLDS
    known = np.array([_mean_odds(y[folds != fold]) for fold in range(FOLDS)])  # to somebody who knows no inputs
    fits = _cross_fit(inputs, y, folds, known)
    best = max(fits, key=lambda fit: _log_likelihood(fit.odds, y))
    centred = best.odds - best.odds.mean()
    line, all_of_them = np.stack([np.ones_like(y), centred])[None], np.ones((1, len(y)))
    start = np.array([[_mean_odds(y), 1.0]])
    (weights,), (covariance,) = _regress(line, y, all_of_them, np.zeros(2), start, steps=4 * STEPS)
    level, slope = weights
    if slope <= 0 or _log_likelihood(best.odds, y) <= _log_likelihood(known[folds], y):
        unseen: Floats = _mean_odds(y) + Z95 * np.sqrt(fits[0].left_open) * np.array([-1.0, 1.0])
        return unseen, None
    widened = np.sqrt(1 + best.left_open / (slope**2 * centred.var()))
    ends = np.quantile(centred, [TAIL, 1 - TAIL])
    seen: Floats = level + widened * slope * ends
    moved = np.stack([np.ones(2), ends / widened], axis=1)  # how the ends move with level and slope
    sampled = (widened * slope * QUANTILE_ERROR) ** 2 * centred.var() / len(y)
    return seen, WIDER * np.sqrt(np.einsum("ki,ij,kj->k", moved, covariance, moved) + sampled)


def _cross_fit(inputs: Floats, y: Floats, folds: npt.NDArray[np.int64], known: Floats) -> list[Fit]:
    """Fit every size of model once for each fold, to the campaigns of all others, and apply it to those of that one.

    All folds at once and in single precision takes a quarter less time than one by one, and moves the ends of ranges by
    less than 0.0002.
    """
    within = (folds != np.arange(FOLDS)[:, None]).astype(np.float32)
    terms, constant = _terms(_strongest(inputs.T.astype(np.float32), y, within))
    weights = np.zeros((FOLDS, terms.shape[1]))
    weights[:, constant] = known
    fits = []
    for size, products, penalty in SIZES:
        kept = slice(0 if products else constant, constant + 1 + size)
        ridge = np.where(np.arange(weights.shape[1])[kept] == constant, 0.0, penalty)
        weights[:, kept], covariance = _regress(terms[:, kept], y, within, ridge, weights[:, kept])
        odds = _odds(terms[:, kept], weights[:, kept])[folds, np.arange(len(y))]
        left_open = np.diagonal(covariance, axis1=1, axis2=2)[:, ridge > 0].sum(axis=1)
        fits.append(Fit(odds, float(left_open.mean())))
    return fits


def _strongest(scores: Singles, y: Floats, within: Singles) -> Singles:
    """Return for each fold the inputs most correlated with y in the others, the strongest first."""
    rates = within @ y / within.sum(axis=1)
    link = np.abs(((y - rates[:, None]) * within).astype(np.float32) @ scores.T)
    return scores[np.argsort(-link, axis=1, kind="stable")[:, : max(size for size, _, _ in SIZES)]]


def _terms(scores: Singles) -> tuple[Singles, int]:
    """Return the terms of a regression, shape (fold, term, campaign), and which of them is the constant.

    Products of the first inputs stand before it and the inputs after it: what a size keeps then lies together.
    """
    first, second = np.triu_indices(min(STRONGEST, scores.shape[1]))
    products = scores[:, first] * scores[:, second] - (first == second).astype(np.float32)[:, None]
    return np.concatenate([products, np.ones_like(scores[:, :1]), scores], axis=1), len(first)


def _regress(
    terms: Reals, y: Floats, within: Reals, ridge: Floats, start: Floats, steps: int = STEPS
) -> tuple[Floats, Floats]:
    """Fit logistic regressions by Newton's method (IRLS); return weights and their posterior covariance.

    Parameters
    ----------
    terms : array (fold, term, campaign)
        What y is regressed on, in the precision of the calculation.
    y : array (campaign,)
        0 or 1.
    within : array (fold, campaign)
        1 for the campaigns that a fold's regression sees, else 0.
    ridge : array (term,)
        Penalties.
    start : array (fold, term)
        Weights to start from.
    """
    weights = start.copy()
    penalty = np.diag(ridge + 1e-9)
    for _ in range(steps):
        p = _logistic(_odds(terms, weights))
        scaled = terms * (np.sqrt(np.maximum(p * (1 - p), 1e-6)) * within).astype(terms.dtype)[:, None]
        curvature = scaled @ scaled.transpose(0, 2, 1) + penalty
        slope = (terms @ ((y - p) * within).astype(terms.dtype)[..., None])[..., 0] - ridge * weights
        step = np.linalg.solve(curvature, slope[..., None])[..., 0]
        weights += np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < ENOUGH:
            break
    return weights, np.asarray(np.linalg.inv(curvature), dtype=np.float64)


def _odds(terms: Reals, weights: Floats) -> Floats:
    """Return log-odds, shape (fold, campaign)."""
    return np.asarray((weights[:, None].astype(terms.dtype) @ terms)[:, 0], dtype=np.float64)


def _logistic(odds: Floats) -> Floats:
    p: Floats = 1.0 / (1.0 + np.exp(-np.clip(odds, -LARGEST, LARGEST)))
    return p


def _mean_odds(y: Floats) -> float:
    """Return the log-odds of the mean, each side counted half a campaign longer so that they are finite."""
    return float(np.log((y.sum() + 0.5) / (len(y) - y.sum() + 0.5)))


def _log_likelihood(odds: Floats, y: Floats) -> float:
    return float(np.sum(y * odds - np.logaddexp(0.0, odds)))
