"""Baselines beside the forecasts of battles: a base rate, logits and regressions on what stands in the file.

For battles never seen they are those of the battles that the registry was fitted to (`fitted_battles.json`, written by
validation/fit_engagements.py): how often attackers won there is what one could know beforehand.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from fastness.history.battle_file import Battles, Floats
from fastness.history.battle_fit import fit_logit

FITTED: Final = Path(__file__).with_name("fitted_battles.json")
SIDES: Final = ("attacker", "defender")


@dataclass(frozen=True)
class Baselines:
    """Baselines fitted to some battles.

    `ratio` are the coefficients of a logit on 1 and the log ratio, `regression` those on `design`; `loss_mean`,
    `loss_regression` and `loss_spread` are by side: log10 daily loss, without and with that design, and the spread.
    """

    base_rate: float
    ratio: tuple[float, ...]
    regression: tuple[float, ...]
    loss_mean: dict[str, float]
    loss_regression: dict[str, tuple[float, ...]]
    loss_spread: dict[str, float]

    def chances(self, battles: Battles) -> dict[str, Floats]:
        """Return each baseline's forecast that the attacker wins."""
        simple = np.column_stack([np.ones(len(battles)), battles.log_ratio])
        return {
            "base_rate": np.full(len(battles), self.base_rate),
            "logit_ratio": _odds(simple @ np.array(self.ratio)),
            "regression": _odds(design(battles) @ np.array(self.regression)),
        }

    def losses(self, battles: Battles, side: str) -> dict[str, Floats]:
        """Return each baseline's forecast of log10 daily loss."""
        return {
            "mean": np.full(len(battles), self.loss_mean[side]),
            "regression": design(battles) @ np.array(self.loss_regression[side]),
        }


def design(battles: Battles) -> Floats:
    """Return the columns of the regression: 1, log ratio, log size less that of 22,000 men, centuries since 1946."""
    return np.column_stack([np.ones(len(battles)), battles.log_ratio, battles.log_size - 10.0, battles.century])


def _odds(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


def fit_baselines(battles: Battles) -> Baselines:
    """Fit the baselines to battles."""
    known = battles[battles.labelled]
    simple = np.column_stack([np.ones(len(known)), known.log_ratio])
    mean, regression, spread = {}, {}, {}
    for side in SIDES:
        loss = battles.daily_loss(side)
        seen = ~np.isnan(loss)
        columns = design(battles)[seen]
        values, *_ = np.linalg.lstsq(columns, loss[seen], rcond=None)
        mean[side] = float(loss[seen].mean())
        regression[side] = tuple(float(value) for value in values)
        spread[side] = float(np.std(loss[seen] - columns @ values, ddof=columns.shape[1]))
    return Baselines(
        base_rate=float(known.wins.mean()),
        ratio=tuple(float(value) for value in fit_logit(simple, known.wins)),
        regression=tuple(float(value) for value in fit_logit(design(known), known.wins)),
        loss_mean=mean,
        loss_regression=regression,
        loss_spread=spread,
    )


@dataclass(frozen=True)
class Fitted:
    """The battles that the registry was fitted to: how many, of which wars, and the baselines fitted to them."""

    battles: int
    wars: frozenset[str]
    baselines: Baselines


@cache
def fitted_battles() -> Fitted:
    """Return what is kept of the battles that the registry was fitted to."""
    stored: dict[str, Any] = json.loads(FITTED.read_text(encoding="utf-8"))
    return Fitted(stored["battles"], frozenset(stored["wars"]), Baselines(**stored["baselines"]))
