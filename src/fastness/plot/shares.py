"""Shares of campaigns, stacked: how long food lasts, and what phase the hunger of a place points to.

A fan of days would jump wherever what comes in covers the need.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fastness.plot.drawing import Drawing
from fastness.plot.style import dated_axes, dates

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

BANDS: tuple[tuple[str, float, str], ...] = (
    ("used up", 1, "#8a3a00"),
    ("under a week", 7, "#d9701a"),
    ("under a month", 30, "#f0bd92"),
    ("under three months", 90, "#c3d8e8"),
    ("longer, or what comes in covers it", np.inf, "#6fa5cf"),
)
"""What each band is called, the days that it stays under, and its colour; told apart by colour-blind readers."""

INDICATED: tuple[tuple[str, str], ...] = (
    ("1 or 2", "#6fa5cf"),
    ("3", "#f0bd92"),
    ("4", "#d9701a"),
    ("5", "#8a3a00"),
)
"""What each indication is called, and its colour: not the IPC's own, for this is not its classification."""


def cover_shares(ensemble: "Ensemble", variable: str, place: str) -> npt.NDArray[np.float32]:
    """Give the shares of the kept campaigns by how many days a place's stock lasts.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    variable : str
        A variable of its series in days, such as "civil_food_days".
    place : str
        Id of a place.

    Returns
    -------
    array (band, day)
        Shares in the order of `BANDS`, adding up to 1 [1].
    """
    days = np.asarray(ensemble.series[variable].sel(place=place).transpose("campaign", "day").values)
    bands = np.digitize(days, [upper for _, upper, _ in BANDS[:-1]])
    return np.stack([(bands == band).mean(axis=0) for band in range(len(BANDS))]).astype(np.float32)


def cover(ensemble: "Ensemble", variable: str, place: str) -> Drawing:
    """Draw in which share of the kept campaigns a place's stock lasts how long.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    variable : str
        A variable of its series in days, such as "civil_food_days".
    place : str
        Id of a place.

    Returns
    -------
    Drawing
        Stacked shares [%] over the date, least cover at the bottom.
    """
    bands = ((name, colour) for name, _, colour in BANDS)
    return _stacked(ensemble, bands, cover_shares(ensemble, variable, place))


def indications(ensemble: "Ensemble", shares: npt.NDArray[np.floating]) -> Drawing:
    """Draw in which share of the kept campaigns the hunger of a place points to which phase.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    shares : array (phase, day)
        Share of campaigns in each phase at a place [1], as `analysis.relief.phase_shares` gives them.

    Returns
    -------
    Drawing
        Stacked shares [%] over the date, the worst phase at the bottom.
    """
    return _stacked(ensemble, reversed(INDICATED), shares[::-1])


def _stacked(ensemble: "Ensemble", bands: Iterable[tuple[str, str]], shares: npt.NDArray[np.floating]) -> Drawing:
    """Stack the shares of named and coloured bands, shape (band, day), from the bottom up."""
    axes = dated_axes(ensemble.scenario, "share of campaigns [%]", top=100, hover="x unified")
    result = Drawing(axes)
    for (name, colour), share in zip(bands, shares, strict=True):
        result.add(
            "scatter",
            **dates(ensemble.scenario),
            y=np.round(100 * share, 1),
            name=name,
            mode="lines",
            line={"width": 0},
            fillcolor=colour,
            stackgroup="cover",
            hovertemplate="%{y:.0f} %",
        )
    return result
