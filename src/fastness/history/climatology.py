"""What happens to sieges like these, whatever they look like: incidence with competing endings, and baselines.

Relief, giving up and settlement end a siege as its fall does: they compete with it, they do not censor it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fastness.history.cases import Case

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: cause of a duration that ends because nobody looked any longer
CENSORED: Final = -1
#: penalty on the squares of the slopes of standardised predictors: one prior observation each, as usual for few cases
RIDGE: Final = 1.0
#: attackers to defenders from which the old rule lets a place fall
OLD_RULE: Final = 3.0
#: corridor as a number: how far the ring is closed
_CLOSED: Final = {"open": -1.0, "contested": 0.0, "closed": 1.0}


def aalen_johansen(days: Ints, causes: Ints, *, count: int, horizon: int) -> Floats:
    """Return the cumulative incidence of each cause by day, shape (count, horizon + 1).

    Parameters
    ----------
    days
        Duration of each case [days], shape (cases,).
    causes
        0 to count - 1, or `CENSORED`, shape (cases,).
    count
        Number of causes.
    horizon
        Last day.

    Notes
    -----
    The increment of cause k on day t is S(t-) d_k(t) / n(t), S the share of cases that nothing has ended before t and
    n(t) those still watched (Aalen and Johansen 1978, *Scand. J. Statist.* 5:141).
    """
    incidence = np.zeros((count, horizon + 1))
    lasting = 1.0
    for day in np.unique(days[days <= horizon]):
        watched = int((days >= day).sum())
        ended = np.array([int(((days == day) & (causes == cause)).sum()) for cause in range(count)])
        incidence[:, day:] += (lasting * ended / watched)[:, None]
        lasting *= 1.0 - ended.sum() / watched
    return incidence


@dataclass(frozen=True)
class Logistic:
    """P(fell by the horizon) on ln strength ratio and corridor; a missing predictor counts as the mean."""

    mean: Floats
    sd: Floats
    slopes: Floats

    def probability(self, case: Case) -> float:
        """Return P(fell by the horizon)."""
        x = np.concatenate([[1.0], standardised(predictors(case), self.mean, self.sd)])
        return float(1.0 / (1.0 + math.exp(-float(x @ self.slopes))))


def predictors(case: Case) -> Floats:
    """Return ln of attackers over defenders and the corridor, NaN where unknown."""
    ratio = strength_ratio(case)
    corridor = _CLOSED.get(case.road_corridor or "", math.nan)
    return np.array([math.log(ratio) if ratio else math.nan, corridor])


def strength_ratio(case: Case) -> float | None:
    """Return attackers over defenders at the geometric middles of their estimates, None where one is unknown."""
    if case.attackers is None or case.defenders is None:
        return None
    attackers, defenders = (
        math.sqrt(max(side.low, 1.0) * max(side.high, 1.0)) for side in (case.attackers, case.defenders)
    )
    return attackers / defenders


def standardised(x: Floats, mean: Floats, sd: Floats) -> Floats:
    """Return predictors in standard deviations from the mean, 0 where unknown."""
    scaled: Floats = np.nan_to_num((x - mean) / sd, nan=0.0)
    return scaled


def fit_logistic(cases: Sequence[Case], fell: npt.NDArray[np.bool_]) -> Logistic:
    """Fit the logistic regression by penalised maximum likelihood; the intercept is not penalised."""
    from scipy.optimize import minimize

    raw = np.array([predictors(case) for case in cases])
    known = ~np.isnan(raw)
    filled = np.where(known, raw, 0.0)
    size = np.maximum(known.sum(axis=0), 1)
    mean = filled.sum(axis=0) / size
    sd = np.sqrt((np.where(known, raw - mean, 0.0) ** 2).sum(axis=0) / size)
    sd = np.where(sd > 0, sd, 1.0)
    x = np.column_stack([np.ones(len(cases)), np.array([standardised(row, mean, sd) for row in raw])])
    sign = np.where(fell, 1.0, -1.0)

    def loss(slopes: Floats) -> float:
        return float(np.logaddexp(0.0, -sign * (x @ slopes)).sum() + RIDGE / 2 * (slopes[1:] ** 2).sum())

    return Logistic(mean, sd, minimize(loss, np.zeros(x.shape[1]), method="BFGS").x)


def old_rule(case: Case, curve: Floats) -> Floats:
    """Return P(fell by day t) of "three to one wins": climatology's pace to 1, or 0; itself if nobody counted."""
    ratio = strength_ratio(case)
    if ratio is None:
        return curve
    if ratio < OLD_RULE or curve[-1] <= 0:
        return np.zeros_like(curve)
    scaled: Floats = curve / curve[-1]
    return scaled
