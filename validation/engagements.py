"""Play battles through the kernel's own engagement functions and hold them against 461 decided battles of 1600-1982.

    python validation/engagements.py [--battles 20000] [--resamples 400]

Ratios, sizes, years, works and ground are resampled from the file; every played battle is one campaign with its own
parameters from the registry's priors and its own unobserved quality of the sides. Nothing from outside cuts a fight
short. Intervals are 95 %, by resampling whole wars. Exits with 1 if a row misses its interval, with 0 also where the
file is absent.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from battles import NOTHING_TO_READ, Battles, Floats, Ints, count_small, load, rows, war_bootstrap
from fit_engagements import NODES, WEIGHTS, logit_loss, maximise, random_intercepts, war_means
from scipy.special import expit

from fastness.kernel.engagement import (
    attacker_favoured,
    defence,
    draw_days,
    latent_result,
    log_ratio,
    loss_noise,
    loss_rates,
    side_quality,
)
from fastness.kernel.jit import kernel
from fastness.kernel.rows import Table
from fastness.kernel.state import Parameters
from fastness.kernel.streams import Stream
from fastness.parameters import quantile, registry

ATTACKER, DEFENDER, FIGHT = 1, 2, 3
QUALITY = 0
SEED = 20_210_827
NAMES = (
    "share of one day",
    "days, median",
    "days, 90 %",
    "days, 99 %",
    "days, fortified, median",
    "days, fortified, 90 %",
    "days, 1946-89, median",
    "days, 1946-89, 90 %",
    "attacker's daily loss 1919-89, 5 % [%]",
    "attacker's daily loss 1919-89, median [%]",
    "attacker's daily loss 1919-89, 95 % [%]",
    "defender's daily loss 1919-89, 5 % [%]",
    "defender's daily loss 1919-89, median [%]",
    "defender's daily loss 1919-89, 95 % [%]",
    "loser's total loss, 10 % [%]",
    "loser's total loss, median [%]",
    "loser's total loss, 90 % [%]",
    "winner's total loss, median [%]",
)

Statistic = Callable[[Battles], dict[str, float]]


@dataclass(frozen=True)
class Row:
    """One line of the table: a quantity in the battles, its interval, and the model's value."""

    name: str
    battles: float
    low: float
    high: float
    model: float

    @property
    def inside(self) -> bool:
        """Whether the model's value lies in the interval."""
        return self.low <= self.model <= self.high


@kernel
def play(battle: int, campaign: int, strengths: Floats, ground: Floats, century: float, par: Parameters) -> Floats:
    """Return result (1 attacker), days and both sides' total loss; sides keep their quality in a campaign."""
    sides = Stream(SEED, 0, campaign, 0)
    quality = side_quality(sides, ATTACKER, QUALITY, par) - side_quality(sides, DEFENDER, QUALITY, par)
    stream = Stream(SEED, 1, battle, 0)
    numbers = log_ratio(strengths[0], strengths[1], par)
    z = latent_result(stream, FIGHT)
    days = draw_days(stream, FIGHT, ground[0], century, par)
    noise_attacker, noise_defender = loss_noise(stream, FIGHT, par)
    attacker_wins = attacker_favoured(numbers - defence(ground[0], ground[1], par), quality, z, par)
    rates = loss_rates(numbers, days, attacker_wins, noise_attacker, noise_defender, century, par)
    result = 1.0 if attacker_wins else 0.0
    return np.array([result, float(days), 1.0 - (1.0 - rates[0]) ** days, 1.0 - (1.0 - rates[1]) ** days])


@kernel
def play_all(
    first: int, campaigns: Ints, strengths: Floats, ground: Floats, century: Floats, par: Table[Parameters]
) -> Floats:
    """Return `play` of every battle with its campaign's parameters; battles are numbered from `first`."""
    played = np.empty((len(century), 4))
    for i in range(len(century)):
        played[i] = play(first + i, campaigns[i], strengths[i], ground[i], century[i], par[campaigns[i]])
    return played


def parameters(campaigns: int, generator: np.random.Generator) -> Table[Parameters]:
    """Return one draw of the engagement parameters per campaign."""
    chosen = [entry for name, entry in registry().items() if name.startswith("engagement.")]
    table = np.empty(campaigns, [(entry.field, np.float64) for entry in chosen])
    for entry in chosen:
        table[entry.field] = quantile(entry.prior, generator.random(campaigns))
    return cast(Table[Parameters], table.view(np.recarray))


def replay(battles: Battles, campaigns: Ints, par: Table[Parameters], first: int = 0) -> Battles:
    """Return the battles with played results; those of one campaign share its parameters and its sides' quality.

    Battles are numbered from `first`: their luck hangs on the number.
    """
    strengths = np.column_stack([battles.attacker, battles.defender])
    ground = np.column_stack([battles.fortified, battles.rugged]).astype(float)
    played = play_all(first, campaigns, strengths, ground, battles.century, par)
    return replace(
        battles,
        attacker_wins=played[:, 0] > 0.5,
        days=played[:, 1],
        loss_attacker=played[:, 2],
        loss_defender=played[:, 3],
    )


def quantiles(values: Floats, shares: Sequence[float]) -> list[float]:
    """Return quantiles of the known values; NaN if there are none (a resample may hold no war after 1946)."""
    known = values[~np.isnan(values)]
    if not len(known):
        return [np.nan] * len(shares)
    return [float(value) for value in np.quantile(known, shares)]


def statistics(battles: Battles) -> dict[str, float]:
    """Return durations and losses by name (losses in %, days)."""
    late = battles[battles.year >= 1946]
    modern = battles[battles.year >= 1919]
    works = battles[battles.fortified]
    loser = np.where(battles.attacker_wins, battles.loss_defender, battles.loss_attacker)
    winner = np.where(battles.attacker_wins, battles.loss_attacker, battles.loss_defender)
    values = [
        float(np.mean(battles.days == 1)),
        *quantiles(battles.days, (0.5, 0.9, 0.99)),
        *quantiles(works.days, (0.5, 0.9)),
        *quantiles(late.days, (0.5, 0.9)),
        *quantiles(100 * modern.loss_attacker / modern.days, (0.05, 0.5, 0.95)),
        *quantiles(100 * modern.loss_defender / modern.days, (0.05, 0.5, 0.95)),
        *quantiles(100 * loser, (0.1, 0.5, 0.9)),
        *quantiles(100 * winner, (0.5,)),
    ]
    return dict(zip(NAMES, values, strict=True))


def slopes(battles: Battles) -> dict[str, float]:
    """Return logit slopes of the result on the log ratio: all battles together, and against the war's mean ratio."""
    ratio, means, one = battles.log_ratio, war_means(battles), np.ones(len(battles))
    wins = battles.attacker_wins.astype(float)
    centred = np.column_stack([one, ratio - means, means])
    pooled = maximise(lambda b: logit_loss(b[0] + b[1] * ratio, wins), np.zeros(2))
    within = random_intercepts(battles, centred, 0 * one)
    return {"slope, all battles together": float(pooled[1]), "slope, within wars": float(within[1])}


def compared(battles: Battles, model: dict[str, float], of: Statistic, resamples: int) -> list[Row]:
    """Return one row per statistic with its war-bootstrap interval."""
    found = of(battles)
    drawn = war_bootstrap(
        battles, lambda sample: np.array(list(of(sample).values())), resamples, np.random.default_rng(SEED)
    )
    low, high = np.nanquantile(drawn, [0.025, 0.975], axis=0)
    return [Row(name, found[name], low[i], high[i], model[name]) for i, name in enumerate(found)]


def win_rates(battles: Battles, count: int, generator: np.random.Generator) -> list[Row]:
    """Return the attackers' win rate by force ratio, from the rows `all` of the published table."""
    found = []
    for row in rows("engagement_win_table.csv"):
        if row["posture"] != "all":
            continue
        low, high = float(row["fr_lo"]), float(row["fr_hi"])
        ratio = battles.attacker / battles.defender
        inside = np.flatnonzero((ratio >= low) & (ratio < high))
        played = replay(battles[generator.choice(inside, count)], np.arange(count), parameters(count, generator))
        name = f"win rate, ratio {low:g}-{high:g}" if high < 1e6 else f"win rate, ratio over {low:g}"
        name += f" (Wilson {float(row['w_lo']):.2f}-{float(row['w_hi']):.2f})"
        model = float(played.attacker_wins.mean())
        found.append(Row(name, float(row["win"]), float(row["b_lo"]), float(row["b_hi"]), model))
    return found


def replayed_slopes(battles: Battles, times: int, generator: np.random.Generator) -> dict[str, float]:
    """Return the mean slopes of whole histories replayed, each war one campaign."""
    wars = battles.war.max() + 1
    par = parameters(times * wars, generator)
    histories = (replay(battles, time * wars + battles.war, par, time * len(battles)) for time in range(times))
    found = [list(slopes(history).values()) for history in histories]
    return dict(zip(slopes(battles), np.mean(found, axis=0), strict=True))


def brier_scores(battles: Battles) -> dict[str, Floats]:
    """Return squared errors per battle of four forecasters; only the last has seen the battle that it forecasts."""
    middle = {name: float(quantile(entry.prior, 0.5)) for name, entry in registry().items()}
    wins, ratio = battles.attacker_wins.astype(float), battles.log_ratio
    other = np.array([wins[battles.war != war].mean() for war in range(battles.war.max() + 1)])[battles.war]
    taken_off = np.log(middle["engagement.fortified"]) * battles.fortified
    taken_off += np.log(middle["engagement.rugged"]) * battles.rugged
    log_odds = middle["engagement.intercept"] + middle["engagement.slope"] * (ratio - taken_off)
    quality = middle["engagement.quality_sd"] * np.sqrt(2) * NODES
    forecasts = {
        "a constant: how often attackers won in the other wars": other,
        "the larger side wins, 95 %": np.where(ratio > 0, 0.95, 0.05),
        "square law, odds (A/D)^2": expit(2 * ratio),
        "this model (fitted to these battles)": expit(log_odds[:, None] + quality) @ WEIGHTS,
    }
    return {name: (chance - wins) ** 2 for name, chance in forecasts.items()}


def print_scores(battles: Battles, resamples: int) -> None:
    scores = brier_scores(battles)
    constant = next(iter(scores.values()))
    print("\nBrier score (0 perfect, 0.25 a coin) of forecasts made before the battle; difference from the constant's")
    for name, score in scores.items():
        worse = replace(battles, days=score - constant)
        drawn = war_bootstrap(
            worse, lambda sample: np.array([sample.days.mean()]), resamples, np.random.default_rng(SEED)
        )
        low, high = np.quantile(drawn, [0.025, 0.975])
        print(f"  {name:55}{score.mean():7.3f}{worse.days.mean():+8.3f} [{low:+.3f}, {high:+.3f}]")


def print_rows(found: list[Row]) -> None:
    print(f"{'':46}{'battles':>9}{'95 % interval':>17}{'model':>9}")
    for row in found:
        verdict = "inside" if row.inside else "OUTSIDE"
        interval = f"{row.low:.2f}-{row.high:.2f}"
        print(f"{row.name:46}{row.battles:9.2f}{interval:>17}{row.model:9.2f}  {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--battles", type=int, default=20_000, help="battles played per ratio bin")
    parser.add_argument("--resamples", type=int, default=400, help="resamples of whole wars")
    arguments = parser.parse_args()
    battles = load()
    if battles is None:
        print(NOTHING_TO_READ)
        return
    battles = battles[~np.isnan(battles.days)]
    generator = np.random.default_rng(SEED)
    count = 5 * arguments.battles
    drawn = battles[generator.integers(len(battles), size=count)]
    model = statistics(replay(drawn, np.arange(count), parameters(count, generator)))
    found = [
        *win_rates(battles, arguments.battles, generator),
        *compared(battles, replayed_slopes(battles, 100, generator), slopes, arguments.resamples),
        *compared(battles, model, statistics, arguments.resamples),
    ]
    small, every = count_small()
    print(f"{len(battles)} decided battles in {len(np.unique(battles.war))} wars; {arguments.battles} played per ratio")
    print(f"Only {small} of the file's {every} actions involve under 5,000 men on both sides together: what follows is")
    print("about large conventional battles, and says little about fights in a side valley.\n")
    print_rows(found)
    print_scores(battles, arguments.resamples)
    outside = sum(not row.inside for row in found)
    print(f"\n{len(found) - outside} of {len(found)} inside")
    sys.exit(outside > 0)


if __name__ == "__main__":
    main()
