"""Fit the engagement parameters to the battle file and print them with war-bootstrap errors.

    python validation/fit_engagements.py [--resamples 200]

What is printed was carried by hand, rounded, into src/fastness/registry/engagements.toml. Nothing but
strengths, dates, result, losses and ground before the battle is used; no judgement made afterwards.
"""

import argparse
from collections.abc import Callable

import numpy as np
from battles import NOTHING_TO_READ, Battles, Floats, load, war_bootstrap
from numpy.random import default_rng
from scipy.optimize import minimize
from scipy.special import expit, ndtr

Fit = Callable[[Battles], dict[str, float]]

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
ALL_LOST = 0.98
"""Ten battles report all men lost or more (reinforcements): their share is set here."""
MODERN, MOBILE = 1900, 1919
"""Years from which battles last days rather than one day, and from which they cost less a day: two steps."""
TYPICAL = {
    "attacker": (1.0, -np.log(1.5), 0.0, np.log(3), 0.5),
    "defender": (1.0, np.log(1.5), 0.0, np.log(3), 0.5),
}
"""A battle of three days since 1919 at 1.5 to 1: the level's error is taken there, where the slopes hardly add."""
RECALLED = {"fortified": (np.log(1.6), 0.3), "rugged": (np.log(1.5), 0.3)}
"""Log multipliers recalled from Dupuy 1979 (M07), with the spread that a value quoted from memory deserves."""


def maximise(minus_log_likelihood: Callable[[Floats], float], start: Floats) -> Floats:
    """Return the maximum-likelihood estimate."""
    return np.asarray(minimize(minus_log_likelihood, start, method="BFGS", options={"gtol": 1e-4}).x)


def logit_loss(log_odds: Floats, wins: Floats) -> float:
    """Return minus the log likelihood of a logit model."""
    return float((np.logaddexp(0, log_odds) - wins * log_odds).sum())


def in_war_mean(battles: Battles, values: Floats) -> Floats:
    """Return for each battle the mean of the values over its war."""
    counts = np.bincount(battles.war)
    return (np.bincount(battles.war, values) / np.maximum(counts, 1))[battles.war]


def war_means(battles: Battles) -> Floats:
    """Return the mean log ratio of each battle's war."""
    return in_war_mean(battles, battles.log_ratio)


def random_intercepts(battles: Battles, columns: Floats, fixed: Floats) -> Floats:
    """Fit a logit of the result with a normal intercept per war (Gauss-Hermite); last value is its log sd."""
    wins = battles.attacker_wins.astype(float)
    by_war = np.eye(battles.war.max() + 1)[battles.war]

    def loss(point: Floats) -> float:
        log_odds = (fixed + columns @ point[:-1])[:, None] + np.exp(point[-1]) * NODES
        by_node = by_war.T @ (wins[:, None] * log_odds - np.logaddexp(0, log_odds))
        top = by_node.max(axis=1)
        return float(-(top + np.log(np.exp(by_node - top[:, None]) @ WEIGHTS)).sum())

    return maximise(loss, np.append(np.zeros(columns.shape[1]), -0.5))


def fit_ratio(battles: Battles) -> dict[str, float]:
    """Fit what the bare ratio, works and ground are worth, with an intercept and a mean ratio per war."""
    ratio, means, one = battles.log_ratio, war_means(battles), np.ones(len(battles))
    wins = battles.attacker_wins.astype(float)
    bare = np.column_stack([one, ratio - means, means])
    _, within, between, _ = random_intercepts(battles, bare, 0 * one)
    defended = np.column_stack([bare, battles.fortified, battles.rugged])
    _, slope, _, works, ground, _ = random_intercepts(battles, defended, 0 * one)
    _, pooled = maximise(lambda b: logit_loss(b[0] + b[1] * ratio, wins), np.zeros(2))
    return {
        "bare slope, within wars": within,
        "bare slope, between wars": between,
        "bare slope, pooled": pooled,
        "ln fortified": -works / slope,
        "ln rugged": -ground / slope,
    }


def fit_result(battles: Battles, ratio: Floats) -> dict[str, float]:
    """Fit who wins on the effective log ratio: slope within wars, spread of quality between wars, level.

    The level is the one at which the attackers of all battles together win as often as they did.
    """
    means, one = in_war_mean(battles, ratio), np.ones(len(battles))
    wins = battles.attacker_wins.astype(float)
    _, slope, _, _ = random_intercepts(battles, np.column_stack([one, ratio - means, means]), 0 * one)
    spread = np.exp(random_intercepts(battles, one[:, None], slope * ratio)[-1])

    def loss(point: Floats) -> float:
        chance = expit(point[0] + slope * ratio[:, None] + spread * NODES) @ WEIGHTS
        return float(-(wins * np.log(chance) + (1 - wins) * np.log1p(-chance)).sum())

    (level,) = maximise(loss, np.zeros(1))
    return {"slope": slope, "quality sd per side": float(spread / np.sqrt(2)), "level of result": level}


def fit_days(battles: Battles) -> dict[str, float]:
    """Fit whole days as a lognormal length rounded up: medians before and since 1900, fortified factor, spread."""
    known = battles[~np.isnan(battles.days)]
    early = known.year < MODERN
    columns = np.column_stack([early, ~early, known.fortified]).astype(float)

    def loss(point: Floats) -> float:
        middle, spread = columns @ point[:3], np.exp(point[3])
        high = ndtr((np.log(known.days) - middle) / spread)
        low = ndtr((np.log(np.maximum(known.days - 1, 1e-9)) - middle) / spread)
        return float(-np.log(np.maximum(high - low, 1e-300)).sum())

    early_log, log, factor, spread = maximise(loss, np.array([-1.0, 0.8, 0.4, 0.1]))
    return {"ln days early": early_log, "ln days": log, "ln days fortified": factor, "ln days spread": spread}


def fit_losses(battles: Battles) -> dict[str, float]:
    """Fit both sides' log daily loss hazards by least squares, and the covariance of what is left."""
    known = battles[~np.isnan(battles.days * battles.loss_attacker * battles.loss_defender)]
    rest = {}
    found: dict[str, float] = {}
    sides = (
        ("attacker", known.loss_attacker, -1, ~known.attacker_wins),
        ("defender", known.loss_defender, 1, known.attacker_wins),
    )
    for side, share, sign, losing in sides:
        log_rate = np.log(-np.log1p(-np.minimum(share, ALL_LOST)) / known.days)
        columns = np.column_stack(
            [np.ones(len(known)), sign * known.log_ratio, known.year < MOBILE, np.log(known.days), losing]
        )
        values, *_ = np.linalg.lstsq(columns, log_rate, rcond=None)
        rest[side] = log_rate - columns @ values
        names = ("level", "enemy/own", "early", "days", "losing")
        found |= {f"loss {side} {name}": float(value) for name, value in zip(names, values, strict=True)}
        found[f"loss {side} typical"] = float(np.array(TYPICAL[side]) @ values)
        found[f"noise {side}, all"] = float(rest[side].std(ddof=5))
        rest[side] = rest[side] - in_war_mean(known, rest[side])
        within = float((rest[side] ** 2).sum() / (len(known) - len(np.unique(known.war))))
        found[f"noise {side}"] = within**0.5
        found[f"loss {side} between wars"] = max(found[f"noise {side}, all"] ** 2 - within, 0) ** 0.5
    found["noise correlation"] = float(np.corrcoef(rest["attacker"], rest["defender"])[0, 1])
    return found


def fit_break(battles: Battles) -> dict[str, float]:
    """Fit how giving up depends on the loss so far, in two ways that bracket it, since 1900.

    Of two sides in one fight, which gives up? The other side is the risk set, so the day, the ground and the tempo
    cancel; losses of the pursuit, after the break, are in it: an upper bound. And day by day, a hazard with the loser's
    mean daily loss: fights that cost more are not over sooner, because the stubborn ones are both long and costly: a
    lower bound.
    """
    known = battles[(battles.year >= MODERN) & ~np.isnan(battles.days * battles.loss_attacker * battles.loss_defender)]
    lost_attacker, lost_defender = np.minimum(known.loss_attacker, ALL_LOST), np.minimum(known.loss_defender, ALL_LOST)
    wins = known.attacker_wins.astype(float)
    _, first = maximise(lambda b: logit_loss(b[0] + b[1] * (lost_defender - lost_attacker), wins), np.zeros(2))
    loser = np.where(known.attacker_wins, lost_defender, lost_attacker)
    rate = -np.log1p(-loser) / known.days
    day = np.arange(1, known.days.max() + 1)
    lost = -np.expm1(-rate[:, None] * day)
    before, at_end = day < known.days[:, None], day == known.days[:, None]

    def loss(point: Floats) -> float:
        hazard = np.exp(point[0] + point[1] * lost)
        return float((hazard * before).sum() - np.log(-np.expm1(-hazard[at_end])).sum())

    _, daily = maximise(loss, np.array([-1.7, 0.0]))
    half_way = float(np.median(loser)) / 2
    return {
        "break loss, who gives up": float(first),
        "break loss, day by day": float(daily),
        "ends per day": len(known) / known.days.sum(),
        "loser's loss half-way": half_way,
    }


def error(values: Floats) -> float:
    """Return the standard error from the 5-95 % range of resamples, which a few wild ones do not move."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float((high - low) / (2 * 1.645))


def shrink(estimate: float, own_error: float, recalled: tuple[float, float]) -> tuple[float, float]:
    """Return mean and standard deviation of the battles' estimate and a recalled value, weighted by precision."""
    precision, other = own_error**-2, recalled[1] ** -2
    return (estimate * precision + recalled[0] * other) / (precision + other), (precision + other) ** -0.5


def fitted(battles: Battles, of: Fit, resamples: int) -> dict[str, tuple[float, float]]:
    """Print and return estimates with their errors, by name."""
    found = of(battles)
    drawn = war_bootstrap(battles, lambda sample: np.array(list(of(sample).values())), resamples, default_rng(1))
    errors = {name: error(drawn[:, index]) for index, name in enumerate(found)}
    for index, (name, value) in enumerate(found.items()):
        low, high = np.quantile(drawn[:, index], [0.05, 0.95])
        print(f"{name:28}{value:10.3f}{errors[name]:9.3f}{low:9.3f}{high:9.3f}")
    return {name: (value, errors[name]) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resamples", type=int, default=200, help="resamples of whole wars")
    resamples = parser.parse_args().resamples
    battles = load()
    if battles is None:
        print(NOTHING_TO_READ)
        return
    print(
        f"{len(battles)} decided battles in {len(np.unique(battles.war))} wars; errors by {resamples} resamples of wars"
    )
    print(f"{'':28}{'estimate':>10}{'se':>9}{'5 %':>9}{'95 %':>9}")
    ratio = fitted(battles, fit_ratio, resamples)
    works = shrink(*ratio["ln fortified"], RECALLED["fortified"])
    ground = shrink(*ratio["ln rugged"], RECALLED["rugged"])
    print(f"{'ln fortified, with recalled':28}{works[0]:10.3f}{works[1]:9.3f}")
    print(f"{'ln rugged, with recalled':28}{ground[0]:10.3f}{ground[1]:9.3f}")

    def result(sample: Battles) -> dict[str, float]:
        return fit_result(sample, sample.log_ratio - works[0] * sample.fortified - ground[0] * sample.rugged)

    for of in (result, fit_days, fit_losses, fit_break):
        fitted(battles, of, resamples)


if __name__ == "__main__":
    main()
