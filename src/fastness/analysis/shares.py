"""What the uncertainty of a question is made of: evidence, model, and plain luck.

Each campaign draws inputs x and plays out once, so that a question's variance p(1 - p) splits into the variance of
P(x), the probability given the inputs, and what is left when the inputs are known: luck. The first splits further
(first-order shares; Saltelli et al. 2008, Global Sensitivity Analysis, ch. 4):

- evidence: Var E[P | beliefs] / p(1 - p). Knowing the facts of the case would remove it. Trust in sources (M19) counts
  as evidence: it is doubt about who is to be believed;
- model: Var E[P | parameters] / p(1 - p). Better science would remove it;
- together: what both explain beyond the sum of the two, where one matters only because of the other;
- luck: the rest. Nothing known on the first day would remove it.

Each share is an adjusted R² (Ezekiel 1930): the outcome is regressed on the normal scores of the inputs and on square
and cube of their weighted sum, the sum cross-fitted so that its curvature is not learnt from the campaign that it
predicts. Chance fits add what the adjustment takes away: where no input matters the shares are 0 on average, for any
number of inputs. (A cross-fitted logistic regression, as in `analysis.inputs`, would shrink weak effects instead.)

What it cannot see counts as luck: effects that neither rise nor fall along the sum, and inputs that work together other
than through it. So luck is a bound from above, the other shares are bounds from below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.inputs import FEWEST, FOLDS, features
from fastness.parameters import Z95, registry

if TYPE_CHECKING:
    import pandas as pd

    from fastness.ensemble import Ensemble

Floats = npt.NDArray[np.float64]

#: parameters of this mechanism say whom to believe: they are evidence
TRUST: Final = "M19"
#: fewest campaigns for each input: with fewer the adjustment is larger than what it leaves
PER_INPUT: Final = 3
#: square and cube of the weighted sum
CURVES: Final = 2
#: penalty of the weighted sum, in campaigns: small beside their number, so that nearly collinear inputs do no harm
RIDGE: Final = 50.0


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the variance of an outcome [1] and its 5-95 % interval; chance can take the share itself below 0."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shares:
    """The parts of the uncertainty of one question: `known` is what beliefs and parameters explain together."""

    evidence: Share
    model: Share
    known: Share

    @property
    def luck(self) -> Share:
        """What no input explains."""
        return Share(1 - self.known.value, 1 - self.known.high, 1 - self.known.low)

    def parts(self) -> tuple[float, float, float, float]:
        """Return evidence, model, together and luck as parts that are nowhere below 0 and add up to 1."""
        evidence, model, known = (max(share.value, 0.0) for share in (self.evidence, self.model, self.known))
        if evidence + model > known:  # by chance
            scale = known / (evidence + model)
            evidence, model = scale * evidence, scale * model
        return evidence, model, known - evidence - model, 1 - known


def shares(ensemble: "Ensemble") -> dict[str, Shares]:
    """Split the uncertainty of an ensemble's questions.

    Parameters
    ----------
    ensemble : Ensemble
        A run; campaigns that failed are left out.

    Returns
    -------
    dict
        Per question its shares. Left out are questions with fewer than 10 campaigns for or against, and all of them
        where there are fewer than 3 campaigns for each input: nothing could be told.
    """
    fine = ensemble.outcomes["status"].to_numpy() == 0
    outcomes, draws = ensemble.outcomes[fine], ensemble.draws[fine]
    happened = {name: (outcomes[name].to_numpy() >= 0).astype(np.float64) for name in ensemble.scenario.questions}
    evidence, model = grouped(draws)
    return split(evidence, model, happened)


def grouped(draws: "pd.DataFrame") -> tuple[Floats, Floats]:
    """Return the normal scores of what is evidence and of what is model, shape (campaigns, inputs) each."""
    trust = {f"parameter:{name}" for name, row in registry().items() if TRUST in row.mechanism}
    evidence = [name for name in draws.columns if name.startswith("belief:") or name in trust]
    model = [name for name in draws.columns if name.startswith("parameter:") and name not in trust]
    return features(draws[evidence]), features(draws[model])


def split(evidence: Floats, model: Floats, happened: Mapping[str, Floats]) -> dict[str, Shares]:
    """Split the variance of outcomes.

    Parameters
    ----------
    evidence, model : array
        Standardised inputs, shape (campaigns, inputs); none at all is allowed.
    happened : mapping
        Per question 0 or 1 for each campaign.

    Returns
    -------
    dict
        As for `shares`.
    """
    both = np.hstack([evidence, model])
    told = {name: y for name, y in happened.items() if FEWEST <= y.sum() <= len(y) - FEWEST}
    if not told or len(both) < PER_INPUT * (both.shape[1] + CURVES + 1):
        return {}
    y = np.stack(list(told.values()), axis=1)
    found = zip(*(_explained(inputs, y) for inputs in (evidence, model, both)), strict=True)
    return {name: Shares(*rows) for name, rows in zip(told, found, strict=True)}


def _explained(inputs: Floats, y: Floats) -> list[Share]:
    """Return the share of the variance of each column of y that the inputs explain."""
    if inputs.shape[1] == 0:
        return [Share(0.0, 0.0, 0.0)] * y.shape[1]
    basis = np.linalg.qr(inputs - inputs.mean(axis=0))[0]
    centred = y - y.mean(axis=0)
    rest = centred - basis @ (basis.T @ centred)
    sums = _cross_fitted_sums(inputs, centred)
    used = basis.shape[1] + CURVES
    return [
        _share(y_k, rest_k, _curves(sum_k, basis), used)
        for y_k, rest_k, sum_k in zip(centred.T, rest.T, sums.T, strict=True)
    ]


def _cross_fitted_sums(inputs: Floats, y: Floats) -> Floats:
    """Return the weighted sums of inputs that predict each column of y, standardised; weights from the other folds."""
    sums = np.empty_like(y)
    folds = np.arange(len(y)) % FOLDS
    penalty = RIDGE * np.eye(inputs.shape[1])
    for fold in range(FOLDS):
        out = folds == fold
        x, known = inputs[~out], y[~out]
        weights = np.linalg.solve(x.T @ x + penalty, x.T @ (known - known.mean(axis=0)))
        here = inputs[out] @ weights
        sums[out] = (here - here.mean(axis=0)) / np.maximum(here.std(axis=0), np.finfo(np.float64).tiny)
    return sums


def _curves(weighted: Floats, basis: Floats) -> Floats:
    """Return square and cube of a sum, without their straight part, as orthonormal columns.

    The cross-fitted sum itself is no combination of the inputs, as its weights change from fold to fold, and how it
    departs from one follows from the outcomes left out: with it among the columns, chance would be explained.
    """
    straight = np.column_stack([np.ones_like(weighted), weighted])
    bent = np.column_stack([weighted**2, weighted**3])
    bent -= straight @ np.linalg.lstsq(straight, bent, rcond=None)[0]
    bent -= basis @ (basis.T @ bent)
    return np.asarray(np.linalg.qr(bent)[0], dtype=np.float64)


def _share(y: Floats, rest: Floats, curves: Floats, used: int) -> Share:
    """Return the adjusted R² of a centred outcome, from what the inputs leave of it, and its interval.

    Its error is the larger of two: that of the squared residuals as a sample (influence function), and that of `used`
    columns fitted by chance where nothing matters (R² is then Beta(used / 2, left / 2)).
    """
    n = len(y)
    left = n - used - 1
    residuals = rest - curves @ (curves.T @ rest)
    unexplained = float(residuals @ residuals / (y @ y)) * (n - 1) / left
    squares = residuals**2 * (n - 1) / left
    influence = (squares - unexplained * y**2) / (y @ y / n)
    chance = 2 * used / (left * (n + 1)) * unexplained**2
    error = float(np.sqrt(max(influence.var() / n, chance)))
    value = 1 - unexplained
    return Share(value, value - Z95 * error, value + Z95 * error)
