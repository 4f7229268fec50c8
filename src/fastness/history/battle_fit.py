"""Fit the combat parameters to decided battles: who wins, how long it lasts, what it costs (M01, M07).

The numbers in registry/engagements.toml come from `fit` of 461 battles, with errors by resampling whole wars; leaving a
war out repeats the same fit without it. Only strengths, dates, result, losses, posture and ground are used.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from fastness.history.battle_file import Battles, Floats, Ints
from fastness.kernel.jit import kernel
from fastness.parameters import Fixed, Lognormal, Normal, Parameter, Prior, quantile, registry

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
SLOPE_NODES, SLOPE_WEIGHTS = np.polynomial.hermite_e.hermegauss(11)
SLOPE_WEIGHTS = SLOPE_WEIGHTS / SLOPE_WEIGHTS.sum()
#: spread of the log slope between wars: a choice, as the likelihood hardly changes from 0 to 1 (by 0.3)
SLOPE_SPREAD: Final = 0.5
#: some battles report all men lost or more, as reinforcements came: their share is set here
ALL_LOST: Final = 0.98
#: a fit of a dozen numbers needs this many battles of this many wars
FEWEST_BATTLES, FEWEST_WARS = 60, 5
#: log daily losses are never taken for less noisy than by a tenth
LEAST_NOISE: Final = 0.1


def can_fit(battles: Battles) -> bool:
    """Whether there are battles and wars enough for a fit."""
    known = battles[battles.labelled]
    return len(known) >= FEWEST_BATTLES and len(np.unique(known.war)) >= FEWEST_WARS


def fit(battles: Battles) -> dict[str, float]:
    """Return the centre of each fitted combat parameter, by its name in the registry.

    Parameters
    ----------
    battles : Battles
        Battles of several wars; those whose result is unknown are not used.

    Returns
    -------
    dict
        Registry name to value, in the registry's unit.
    """
    known = renumbered(battles[battles.labelled])
    works, ground = fit_ground(known)
    effective = known.log_ratio - works * known.fortified - ground * known.rugged
    found = {"engagement.fortified": float(np.exp(works)), "engagement.rugged": float(np.exp(ground))}
    return found | fit_result(known, effective) | fit_days(known) | fit_losses(known)


def priors_with(centres: dict[str, float]) -> dict[str, Prior]:
    """Return the registry's combat priors with their centres moved to a fit's; spreads stay those of the registry."""
    return {
        name: _moved(entry, centres[name]) if name in centres else entry.prior
        for name, entry in registry().items()
        if name.startswith("engagement.")
    }


def _moved(entry: Parameter, centre: float) -> Prior:
    match entry.prior:
        case Fixed():
            return Fixed(centre)
        case Normal(_, sd):
            return Normal(centre, sd)
        case Lognormal(_, log_sd):
            return Lognormal(centre, log_sd)
        case _:
            return entry.prior


def renumbered(battles: Battles) -> Battles:
    """Return the battles with their wars numbered from 0 without gaps."""
    return replace(battles, war=np.unique(battles.war, return_inverse=True)[1])


def maximise(minus_log_likelihood: Callable[[Floats], float], start: Floats) -> Floats:
    """Return the maximum-likelihood estimate."""
    from scipy.optimize import minimize

    return np.asarray(minimize(minus_log_likelihood, start, method="BFGS", options={"gtol": 1e-4}).x)


def fit_logit(columns: Floats, wins: Floats) -> Floats:
    """Return the coefficients of a logit of the result, shape (columns,); a faint ridge keeps them finite."""

    def loss(point: Floats) -> float:
        log_odds = columns @ point
        return float((np.logaddexp(0, log_odds) - wins * log_odds).sum() + 0.5e-3 * (point @ point))

    return maximise(loss, np.zeros(columns.shape[1]))


def in_war_mean(battles: Battles, values: Floats) -> Floats:
    """Return for each battle the mean of the values over its war."""
    counts = np.bincount(battles.war)
    return np.asarray((np.bincount(battles.war, values) / np.maximum(counts, 1))[battles.war])


def random_intercepts(battles: Battles, columns: Floats, fixed: Floats) -> Floats:
    """Fit a logit of the result with a normal intercept per war (Gauss-Hermite); last value is its log sd."""
    by_war = np.eye(battles.war.max() + 1)[battles.war]

    def loss(point: Floats) -> float:
        log_odds = (fixed + columns @ point[:-1])[:, None] + np.exp(point[-1]) * NODES
        by_node = by_war.T @ (battles.wins[:, None] * log_odds - np.logaddexp(0, log_odds))
        top = by_node.max(axis=1)
        return float(-(top + np.log(np.exp(by_node - top[:, None]) @ WEIGHTS)).sum())

    return maximise(loss, np.append(np.zeros(columns.shape[1]), -0.5))


def fit_ground(battles: Battles) -> tuple[float, float]:
    """Return the log multipliers of works and ground: recalled planning values shrunk by what the battles show.

    The weights of the two are in `SHRUNK`.
    """
    ratio, means, one = battles.log_ratio, in_war_mean(battles, battles.log_ratio), np.ones(len(battles))
    columns = np.column_stack([one, ratio - means, means, battles.fortified, battles.rugged])
    _, slope, _, works, ground, _ = random_intercepts(battles, columns, 0 * one)
    found = {"fortified": -works / slope, "rugged": -ground / slope}
    shrunk = [shrink(found[name], own_error, recalled) for name, (recalled, own_error) in SHRUNK.items()]
    return shrunk[0][0], shrunk[1][0]


#: log multipliers recalled from Dupuy 1979 (M07) with the spread that a value quoted from memory deserves, and the
#: error of the battles' own value by resampling the wars of the fitting file
SHRUNK: Final = {"fortified": ((np.log(1.6), 0.3), 0.57), "rugged": ((np.log(1.5), 0.3), 0.30)}


def shrink(estimate: float, own_error: float, recalled: tuple[float, float]) -> tuple[float, float]:
    """Return mean and standard deviation of an estimate and a recalled value, weighted by precision."""
    precision, other = own_error**-2, recalled[1] ** -2
    return (estimate * precision + recalled[0] * other) / (precision + other), (precision + other) ** -0.5


def fit_result(battles: Battles, ratio: Floats) -> dict[str, float]:
    """Fit who wins on the effective log ratio: middle slope, spread of quality between wars, level.

    The equation is the kernel's: in each war its own quality, normal, and its own slope, lognormal, both integrated out
    (Gauss-Hermite). The level is the one at which the attackers of all battles together win as often as they did.
    """
    order = np.argsort(battles.war, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(battles.war[order])) + 1, len(order))
    wins, sorted_ratio = battles.wins[order], ratio[order]

    def loss(point: Floats) -> float:
        slopes, levels = np.exp(point[1] + SLOPE_SPREAD * SLOPE_NODES), point[0] + np.exp(point[2]) * NODES
        return -log_likelihood(wins, sorted_ratio, ends, slopes, levels, SLOPE_WEIGHTS, WEIGHTS)

    _, log_slope, log_spread = maximise(loss, np.array([0.3, -0.4, 0.1]))
    slopes, shifts = np.exp(log_slope + SLOPE_SPREAD * SLOPE_NODES), np.exp(log_spread) * NODES
    alone = np.arange(len(wins)) + 1

    def level_loss(point: Floats) -> float:
        return -log_likelihood(wins, sorted_ratio, alone, slopes, point[0] + shifts, SLOPE_WEIGHTS, WEIGHTS)

    (level,) = maximise(level_loss, np.zeros(1))
    return {
        "engagement.slope": float(np.exp(log_slope)),
        "engagement.quality_sd": float(np.exp(log_spread) / np.sqrt(2)),
        "engagement.intercept": float(level),
    }


@kernel
def log_likelihood(
    wins: Floats,
    ratio: Floats,
    ends: Ints,
    slopes: Floats,
    levels: Floats,
    slope_weights: Floats,
    level_weights: Floats,
) -> float:
    """Return the log likelihood of results, given slope and level per group, summed over their nodes.

    Battles are sorted by group; `ends` are one past each group's last battle.
    """
    total = 0.0
    first = 0
    for end in ends:
        likelihood = 0.0
        for i in range(len(slopes)):
            for j in range(len(levels)):
                log_chance = 0.0
                for battle in range(first, end):
                    log_odds = levels[j] + slopes[i] * ratio[battle]
                    signed = log_odds if wins[battle] > 0.5 else -log_odds
                    log_chance -= math.log1p(math.exp(-signed)) if signed > -30.0 else -signed
                likelihood += slope_weights[i] * level_weights[j] * math.exp(log_chance)
        total += math.log(max(likelihood, 1e-300))
        first = end
    return total


def era(name: str) -> float:
    """Return the century since 1946 until which a registry step holds."""
    return float(quantile(registry()[f"engagement.{name}_until"].prior, 0.5))


def fit_days(battles: Battles) -> dict[str, float]:
    """Fit whole days as a lognormal length rounded up: medians before and since 1900, fortified factor, spread."""
    from scipy.special import ndtr

    known = battles[~np.isnan(battles.days)]
    early = known.century < era("days_early")
    columns = np.column_stack([early, ~early, known.fortified]).astype(float)

    def loss(point: Floats) -> float:
        middle, spread = columns @ point[:3], np.exp(point[3])
        high = ndtr((np.log(known.days) - middle) / spread)
        low = ndtr((np.log(np.maximum(known.days - 1, 1e-9)) - middle) / spread)
        return float(-np.log(np.maximum(high - low, 1e-300)).sum())

    names = ("days_early", "days", "days_fortified", "days_spread")
    values = np.exp(maximise(loss, np.array([-1.0, 0.8, 0.4, 0.1])))
    return {f"engagement.{name}": float(value) for name, value in zip(names, values, strict=True)}


def fit_losses(battles: Battles) -> dict[str, float]:
    """Fit both sides' log daily loss hazards by least squares, and spread and correlation of what is left.

    The spread is net of that of the level's prior, which holds how levels differ between wars; the correlation is that
    within wars.
    """
    known = renumbered(battles[~np.isnan(battles.days * battles.lost_attacker * battles.lost_defender)])
    early = known.century < era("loss_early")
    found: dict[str, float] = {}
    rest = {}
    for side, sign, losing in (("attacker", -1, 1 - known.wins), ("defender", 1, known.wins)):
        columns = np.column_stack([np.ones(len(known)), sign * known.log_ratio, early, np.log(known.days), losing])
        rate = log_hazard(known, side)
        values, *_ = np.linalg.lstsq(columns, rate, rcond=None)
        found |= {f"engagement.{name}_{side}": float(value) for name, value in zip(LOSS_TERMS, values, strict=True)}
        left = rate - columns @ values
        rest[side] = left - in_war_mean(known, left)
        level = registry()[f"engagement.loss_{side}"].prior
        between = level.sd if isinstance(level, Normal) else 0.0
        found[f"engagement.noise_{side}"] = float(np.sqrt(max(left.var(ddof=5) - between**2, LEAST_NOISE**2)))
    found["engagement.noise_correlation"] = float(np.corrcoef(rest["attacker"], rest["defender"])[0, 1])
    return found


#: registry names of the terms of a side's log daily loss, in the order of the regression's columns
LOSS_TERMS: Final = ("loss", "loss_slope", "loss_early", "loss_days", "loss_losing")


def log_hazard(battles: Battles, side: str) -> Floats:
    """Return the natural logarithm of a side's daily loss hazard; no loss counts as half a man."""
    lost, strength = getattr(battles, f"lost_{side}"), getattr(battles, side)
    share = np.minimum(np.maximum(lost, 0.5) / strength, ALL_LOST)
    return np.asarray(np.log(-np.log1p(-share) / battles.days))
