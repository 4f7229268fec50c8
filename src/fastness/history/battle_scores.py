"""Scores of forecast battles, each with a 95 % interval by resampling whole wars.

Battles of one war are not independent: a war is the unit that is drawn. A statistic here takes how often each battle
counts, so that a resample is no more than another set of counts.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fastness.history.battle_file import Battles, Floats, Ints
from fastness.kernel.jit import kernel

RESAMPLES: Final = 400
SEED: Final = 4
#: resampling fewer wars than this says nothing about wars in general
FEWEST_WARS: Final = 3
LEVELS: Final = (0.025, 0.975)
#: slopes at which the conditional likelihood is taken; a maximum at the end is none
SLOPES: Final = np.arange(-4.0, 6.01, 0.1)
Statistic = Callable[[Floats], float]


@dataclass(frozen=True, slots=True)
class Score:
    """A statistic and its 95 % interval by resampling wars; None where the battles do not allow it."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def document(self) -> dict[str, float | None]:
        """Return the score as plain data."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Resampling:
    """How often each battle counts in each resample of whole wars, shape (resamples, battles); empty with few wars."""

    counts: Floats

    def score(self, statistic: Statistic) -> Score:
        """Return the statistic of the battles as they are, with its interval over the resamples."""
        value = finite(statistic(np.ones(self.counts.shape[1])))
        if value is None or not len(self.counts):
            return Score(value)
        drawn = np.array([statistic(counts) for counts in self.counts])
        drawn = drawn[np.isfinite(drawn)]
        if len(drawn) < 0.5 * len(self.counts):
            return Score(value)
        low, high = np.quantile(drawn, LEVELS)
        return Score(value, float(low), float(high))


def resample_wars(war: Ints, resamples: int = RESAMPLES) -> Resampling:
    """Draw as many wars as there are, with replacement, `resamples` times."""
    wars, number = np.unique(war, return_inverse=True)
    if len(wars) < FEWEST_WARS:
        return Resampling(np.empty((0, len(war))))
    drawn = np.random.default_rng(SEED).multinomial(len(wars), np.full(len(wars), 1 / len(wars)), resamples)
    return Resampling(drawn[:, number].astype(float))


def finite(value: float) -> float | None:
    """Return a number, or None in place of one that is not finite."""
    return float(value) if math.isfinite(value) else None


def mean(rows: Floats) -> Statistic:
    """Return the statistic: mean of the known rows."""
    known = ~np.isnan(rows)
    return lambda counts: _ratio((counts[known] * rows[known]).sum(), counts[known].sum())


def mean_by_war(rows: Floats, war: Ints) -> Statistic:
    """Return the statistic: mean of the known rows in which every war weighs the same, however many battles it had."""
    known = ~np.isnan(rows)
    battles = np.bincount(war[known], minlength=int(war.max()) + 1)
    share = np.where(known, 1.0, 0.0) / np.maximum(battles, 1)[war]
    return lambda counts: _ratio(((counts * share)[known] * rows[known]).sum(), (counts * share).sum())


def root_mean_square(rows: Floats) -> Statistic:
    """Return the statistic: root of the mean square of the known rows."""
    square = mean(rows**2)
    return lambda counts: math.sqrt(square(counts))


def _ratio(above: np.float64, below: np.float64) -> float:
    return float(above / below) if below > 0 else math.nan


def brier_rows(chance: Floats, wins: Floats) -> Floats:
    """Return the Brier score of each battle, (p - o)^2."""
    return np.asarray((chance - wins) ** 2)


def log_rows(chance: Floats, wins: Floats) -> Floats:
    """Return the log loss of each battle, -ln of the probability given to what happened."""
    return np.where(np.isnan(wins), np.nan, -np.log(np.where(wins > 0.5, chance, 1 - chance)))


def area_under_curve(chance: Floats, wins: Floats) -> Statistic:
    """Return the statistic: chance that a battle won had the higher forecast than one lost (AUC); ties count half."""
    won, lost = np.flatnonzero(wins == 1), np.flatnonzero(wins == 0)
    higher = (np.sign(chance[won][:, None] - chance[lost]) + 1) / 2

    def statistic(counts: Floats) -> float:
        return _ratio(np.float64(counts[won] @ higher @ counts[lost]), counts[won].sum() * counts[lost].sum())

    return statistic


def share_inside(low: Floats, high: Floats, seen: Floats) -> Statistic:
    """Return the statistic: share of known values within their intervals, ends included."""
    return mean(np.where(np.isnan(seen), np.nan, (low <= seen) & (seen <= high)))


def weighted_quantile(values: Floats, share: float) -> Statistic:
    """Return the statistic: quantile of values, shape (battles,) or (battles, plays), over all that are known."""
    flat = values.reshape(len(values), -1)
    owner = np.repeat(np.arange(len(flat)), flat.shape[1])
    known = np.flatnonzero(~np.isnan(flat.ravel()))
    order = known[np.argsort(flat.ravel()[known], kind="stable")]
    ordered, owner = flat.ravel()[order], owner[order]

    def statistic(counts: Floats) -> float:
        reached = np.cumsum(counts[owner])
        if not len(reached) or reached[-1] <= 0:
            return math.nan
        return float(ordered[np.searchsorted(reached, share * reached[-1])])

    return statistic


def exchange_exponent(battles: Battles, log_exchange: Floats) -> Statistic:
    """Return the statistic: minus the slope of ln(attacker's / defender's losses) on ln(attacker / defender).

    1 under the square law, 0 under the linear law, -1 under the logarithmic law. `log_exchange` is NaN where unknown.
    """
    known = np.isfinite(log_exchange)
    ratio, exchange = battles.log_ratio[known], log_exchange[known]

    def statistic(counts: Floats) -> float:
        weight = counts[known]
        total = weight.sum()
        if total <= 0:
            return math.nan
        centred = ratio - weight @ ratio / total
        return -_ratio(weight @ (centred * exchange), weight @ centred**2)

    return statistic


def within_war_slope(battles: Battles, histories: Sequence[Floats]) -> Statistic:
    """Return the statistic: slope of the log odds of the attacker's win on ln(attacker / defender) within wars.

    Conditional logit (Chamberlain 1980): how many battles of its war an attacker won is given, so that whatever a war's
    battles have in common drops out. The maximum of the likelihood of all `histories` (results, 1 or 0, NaN unknown)
    together.
    """
    wars = np.unique(battles.war)
    profile = np.zeros((len(wars), len(SLOPES)))
    first = np.array([np.flatnonzero(battles.war == war)[0] for war in wars])
    for wins in histories:
        for row, war in enumerate(wars):
            chosen = (battles.war == war) & ~np.isnan(wins)
            if 0 < wins[chosen].sum() < chosen.sum():
                profile[row] += conditional_profile(battles.log_ratio[chosen], wins[chosen], SLOPES)
    return lambda counts: _peak(counts[first] @ profile)


def _peak(profile: Floats) -> float:
    """Return where a likelihood over `SLOPES` is highest (parabola through the top three); NaN if at an end."""
    top = int(np.argmax(profile))
    if top in (0, len(profile) - 1) or np.ptp(profile) == 0:
        return math.nan
    before, here, after = profile[top - 1 : top + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(SLOPES[top] + shift * (SLOPES[1] - SLOPES[0]))


def conditional_profile(ratio: Floats, wins: Floats, slopes: Floats) -> Floats:
    """Return the conditional log likelihood of which battles were won, given how many, at each slope."""
    many = int(np.sum(wins))
    chance_of = np.empty(many + 1)
    return np.array([conditional_likelihood(ratio, wins, float(slope), many, chance_of) for slope in slopes])


@kernel
def conditional_likelihood(ratio: Floats, wins: Floats, slope: float, many: int, chance_of: Floats) -> float:
    """Return the conditional log likelihood at a slope; `chance_of` is work space, shape (many + 1,).

    The sum over all sets of as many battles is the chance that independent battles give that many wins, by recursion,
    with the level at which that many are expected: it cancels, and keeps the numbers far from underflow.
    """
    low, high = -200.0, 200.0
    level = 0.0
    for _ in range(60):
        level = 0.5 * (low + high)
        expected = 0.0
        for battle in range(len(ratio)):
            expected += 1.0 / (1.0 + math.exp(-(level + slope * ratio[battle])))
        if expected < many:
            low = level
        else:
            high = level
    for count in range(many + 1):
        chance_of[count] = 1.0 if count == 0 else 0.0
    log_likelihood = 0.0
    for battle in range(len(ratio)):
        log_odds = level + slope * ratio[battle]
        p = 1.0 / (1.0 + math.exp(-log_odds))
        log_likelihood += wins[battle] * log_odds + math.log(1.0 - p)
        for count in range(many, 0, -1):
            chance_of[count] = chance_of[count] * (1.0 - p) + chance_of[count - 1] * p
        chance_of[0] *= 1.0 - p
    return log_likelihood - math.log(chance_of[many])
