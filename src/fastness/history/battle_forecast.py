"""Forecasts of battles: plays of the model, and baselines, with or without what the battle's own war taught them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastness.history.battle_baselines import SIDES, Baselines, fit_baselines, fitted_battles
from fastness.history.battle_file import Battles, Floats, Ints, Truths
from fastness.history.battle_fit import can_fit, fit, priors_with
from fastness.history.battle_play import Played, combat_priors, play_battles
from fastness.parameters import Prior

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Forecasts:
    """What was forecast of every battle.

    `chances` that the attacker wins by forecaster, the model among them; by side and baseline `losses`, log10 daily
    loss, and by side `spreads` of the regression's. `refitted`: played with parameters of the file's other wars;
    `in_sample`: with parameters that its own war helped to find.
    """

    played: Played
    chances: dict[str, Floats]
    losses: dict[str, dict[str, Floats]]
    spreads: dict[str, Floats]
    refitted: Truths
    in_sample: Truths


def forecast(
    battles: Battles, wars: Sequence[str], leave_out: bool | None, plays: int, progress: Progress
) -> Forecasts:
    """Forecast war by war: refitted to the other wars where that is asked for and possible, else as shipped.

    Parameters
    ----------
    battles : Battles
        What to forecast; results, lengths and losses of a battle's own war are never used.
    wars : sequence of str
        Names of the wars by number.
    leave_out : bool or None
        Whether to refit without the war; None: only where the registry was fitted to it.
    plays : int
        Plays of each battle.
    progress : callable
        Called with wars done and wars in all.
    """
    fitted = fitted_battles()
    parts = []
    for number, name in enumerate(wars):
        progress(number, len(wars))
        chosen = battles.war == number
        others = battles[~chosen]
        if (name in fitted.wars if leave_out is None else leave_out) and can_fit(others):
            part = _forecast_war(battles[chosen], priors_with(fit(others)), fit_baselines(others), plays)
            parts.append(replace(part, refitted=~part.refitted))
        else:
            part = _forecast_war(battles[chosen], combat_priors(), fitted.baselines, plays)
            parts.append(replace(part, in_sample=np.full(len(part.in_sample), name in fitted.wars)))
    progress(len(wars), len(wars))
    return _joined(parts, np.argsort(np.argsort(battles.war, kind="stable"), kind="stable"))


def _forecast_war(battles: Battles, priors: Mapping[str, Prior], baselines: Baselines, plays: int) -> Forecasts:
    played = play_battles(battles, priors, plays=plays)
    no = np.zeros(len(battles), dtype=np.bool_)
    return Forecasts(
        played=played,
        chances={"model": played.chance()} | baselines.chances(battles),
        losses={side: baselines.losses(battles, side) for side in SIDES},
        spreads={side: np.full(len(battles), baselines.loss_spread[side]) for side in SIDES},
        refitted=no,
        in_sample=no,
    )


def _joined(parts: Sequence[Forecasts], order: Ints) -> Forecasts:
    """Join the wars' forecasts and put the battles back into the order of the file."""

    def column(of: Callable[[Forecasts], NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([of(part) for part in parts])[order]

    def baseline(side: str, name: str) -> Floats:
        return column(lambda part: part.losses[side][name])

    def of_played(name: str) -> Floats:
        return column(lambda part: getattr(part.played, name))

    def chance(name: str) -> Floats:
        return column(lambda part: part.chances[name])

    def spread(side: str) -> Floats:
        return column(lambda part: part.spreads[side])

    return Forecasts(
        played=Played(*(of_played(item.name) for item in fields(Played))),
        chances={name: chance(name) for name in parts[0].chances},
        losses={side: {name: baseline(side, name) for name in parts[0].losses[side]} for side in SIDES},
        spreads={side: spread(side) for side in SIDES},
        refitted=column(lambda part: part.refitted),
        in_sample=column(lambda part: part.in_sample),
    )
