"""Which scores a back-test of battles reports, by dotted name, each as a statistic of how often a battle counts."""

from collections.abc import Iterator
from statistics import NormalDist
from typing import Final

import numpy as np

from fastness.history.battle_baselines import SIDES
from fastness.history.battle_file import Battles, Floats
from fastness.history.battle_forecast import Forecasts
from fastness.history.battle_scores import (
    Statistic,
    area_under_curve,
    brier_rows,
    exchange_exponent,
    log_rows,
    mean,
    mean_by_war,
    root_mean_square,
    share_inside,
    weighted_quantile,
    within_war_slope,
)

#: plays that go into quantiles of lengths and losses: their Monte Carlo error is far below the battles' own
QUANTILE_PLAYS: Final = 200
#: histories that give the model's slope: their error is an eighth of that of one history
SLOPE_HISTORIES: Final = 60
LEVELS: Final = {"coverage90": 0.9, "coverage50": 0.5}
SHARES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}

Named = Iterator[tuple[str, Statistic]]


def statistics(battles: Battles, forecasts: Forecasts) -> dict[str, Statistic]:
    """Return every score of the forecasts by name."""
    return {
        **dict(_of_results(battles, forecasts)),
        **dict(_of_losses(battles, forecasts)),
        **dict(_of_exchange(battles, forecasts)),
        **dict(_of_shapes(battles, forecasts)),
    }


def _of_results(battles: Battles, forecasts: Forecasts) -> Named:
    """Yield the scores of who wins, of each forecaster, and of the model less the base rate."""
    for score, rows_of in (("brier", brier_rows), ("log_loss", log_rows)):
        rows = {name: rows_of(chance, battles.wins) for name, chance in forecasts.chances.items()}
        for name, by_battle in rows.items():
            yield f"{score}.{name}", mean(by_battle)
        yield f"{score}.less_base_rate", mean(rows["model"] - rows["base_rate"])
        for name in ("model", "base_rate"):
            yield f"{score}_by_war.{name}", mean_by_war(rows[name], battles.war)
        yield f"{score}_by_war.less_base_rate", mean_by_war(rows["model"] - rows["base_rate"], battles.war)
    yield "auc", area_under_curve(forecasts.chances["model"], battles.wins)
    for name in ("logit_ratio", "regression"):
        yield f"auc_baselines.{name}", area_under_curve(forecasts.chances[name], battles.wins)
    labelled = np.where(battles.labelled, forecasts.chances["model"], np.nan)
    yield "win_rate.model", mean(labelled)
    yield "win_rate.battles", mean(battles.wins)


def _of_losses(battles: Battles, forecasts: Forecasts) -> Named:
    """Yield errors and coverage of log10 daily losses, of the model and of the baselines."""
    for side in SIDES:
        seen, drawn = battles.daily_loss(side), forecasts.played.daily_loss(battles, side)
        yield f"loss_rmse.{side}", root_mean_square(drawn.mean(axis=1) - seen)
        yield f"loss_bias.{side}", mean(drawn.mean(axis=1) - seen)
        for name, centre in forecasts.losses[side].items():
            yield f"loss_rmse_baselines.{name}.{side}", root_mean_square(centre - seen)
        centre = forecasts.losses[side]["regression"]
        for score, level in LEVELS.items():
            low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=1)
            yield f"{score}.{side}", share_inside(low, high, seen)
            half = forecasts.spreads[side] * NormalDist().inv_cdf(0.5 + level / 2)
            yield f"{score}_baselines.regression.{side}", share_inside(centre - half, centre + half, seen)


def _of_exchange(battles: Battles, forecasts: Forecasts) -> Named:
    """Yield how result and exchange of losses hang on the force ratio, in the plays and in the battles."""
    played = forecasts.played
    yield "slope", within_war_slope(battles, list(played.wins.T[:SLOPE_HISTORIES]))
    yield "slope_battles", within_war_slope(battles, [battles.wins])
    in_play = np.log(np.maximum(played.lost_attacker, 0.5) / np.maximum(played.lost_defender, 0.5)).mean(axis=1)
    seen = np.log(np.maximum(battles.lost_attacker, 0.5) / np.maximum(battles.lost_defender, 0.5))
    yield "exchange_exponent.model", exchange_exponent(battles, np.where(np.isnan(seen), np.nan, in_play))
    yield "exchange_exponent.battles", exchange_exponent(battles, seen)


def _of_shapes(battles: Battles, forecasts: Forecasts) -> Named:
    """Yield quantiles of length [days] and of the loser's and winner's total loss [share], in plays and battles."""
    played, few = forecasts.played, slice(None, QUANTILE_PLAYS)
    total = {side: played.share(battles, side)[:, few] for side in SIDES}
    plays = _Ends(played.days[:, few], played.wins[:, few], total["attacker"], total["defender"])
    lost = {side: getattr(battles, f"lost_{side}")[:, None] / getattr(battles, side)[:, None] for side in SIDES}
    seen = _Ends(battles.days[:, None], battles.wins[:, None], lost["attacker"], lost["defender"])
    for name, ends in (("model", plays), ("battles", seen)):
        days = np.where(np.isnan(seen.days), np.nan, ends.days)
        yield f"days.{name}.one_day", mean(np.where(np.isnan(days), np.nan, days == 1).mean(axis=1))
        for label, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
            yield f"days.{name}.{label}", weighted_quantile(days, share)
        known = ~np.isnan(seen.loser)
        for label, share in SHARES.items():
            yield f"loser_loss.{name}.{label}", weighted_quantile(np.where(known, ends.loser, np.nan), share)
        yield f"winner_loss.{name}.p50", weighted_quantile(np.where(known, ends.winner, np.nan), 0.5)


class _Ends:
    """Lengths, and total losses by who won, shape (battles, plays)."""

    def __init__(self, days: Floats, wins: Floats, attacker: Floats, defender: Floats) -> None:
        self.days = days
        unknown = np.isnan(wins)
        self.loser = np.where(unknown, np.nan, np.where(wins > 0.5, defender, attacker))
        self.winner = np.where(unknown, np.nan, np.where(wins > 0.5, attacker, defender))
