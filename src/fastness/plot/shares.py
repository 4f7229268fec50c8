"""How long food lasts, as shares of campaigns: a fan of days would jump wherever what comes in covers the need."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from fastness.plot.style import dated_axes, dates, figure

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


def cover(ensemble: "Ensemble", variable: str, place: str) -> go.Figure:
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
    plotly.graph_objects.Figure
        Stacked shares [%] over the date, least cover at the bottom.
    """
    result = figure()
    for (name, _, colour), share in zip(BANDS, cover_shares(ensemble, variable, place), strict=True):
        result.add_scatter(
            **dates(ensemble.scenario),
            y=np.round(100 * share, 1),
            name=name,
            mode="lines",
            line={"width": 0},
            fillcolor=colour,
            stackgroup="cover",
            hovertemplate="%{y:.0f} %",
        )
    dated_axes(result, ensemble.scenario, "share of campaigns [%]", top=100)
    result.update_layout(hovermode="x unified")
    return result
