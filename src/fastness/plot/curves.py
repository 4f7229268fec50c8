"""Curves over time: P(a place is still held), and fans (5-95 %, 25-75 %, median) of what is counted every day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fastness.plot.drawing import Drawing
from fastness.plot.style import dated_axes, dates, defending_side, faded, plain, side_colour

if TYPE_CHECKING:
    from xarray import DataArray

    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Scenario

Floats = npt.NDArray[np.float32]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def holder_at_start(scenario: "Scenario", place: str) -> str:
    """Give the side whose hold on a place is asked about: its holder on the first day, else the defender.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    place : str
        Id of a place.

    Returns
    -------
    str
        Id of a side.
    """
    holder = next(p.holder for p in scenario.places if p.id == place)
    return holder or defending_side(scenario)


def still_held(ensemble: "Ensemble", place: str) -> Floats:
    """Give the share of campaigns in which a place is in the hands of its first holder, day by day.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    place : str
        Id of a place.

    Returns
    -------
    array (day,)
        Share of campaigns, 0 to 1 [1].
    """
    side = holder_at_start(ensemble.scenario, place)
    return np.asarray(ensemble.summary["held"].sel(place=place, side=side).values, np.float32)


def held_fifty(ensemble: "Ensemble", place: str) -> date | None:
    """Give the first day on which a place is held in fewer than half of the campaigns.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    place : str
        Id of a place.

    Returns
    -------
    date or None
        None if it is held in at least half of them to the end.
    """
    below = np.flatnonzero(still_held(ensemble, place) < 0.5)
    return ensemble.scenario.clock.start + timedelta(days=int(below[0])) if below.size else None


def survival(ensemble: "Ensemble", place: str, *, ranges: Mapping[int, tuple[float, float]] | None = None) -> Drawing:
    """Draw the share of campaigns in which a place is still held by its first holder.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    place : str
        Id of a place.
    ranges : mapping of int to (float, float), optional
        Per day index the range of that share across inputs and models [1], drawn as a vertical bar (`held_ranges`).

    Returns
    -------
    Drawing
        Share [%] over the date, with a mark where it falls below one half.
    """
    scenario = ensemble.scenario
    side = holder_at_start(scenario, place)
    colour = side_colour(scenario, side)
    share = np.round(100 * still_held(ensemble, place), 1)
    result = Drawing(dated_axes(scenario, "still held [% of campaigns]", top=100, levels=[50]))
    result.add(
        "scatter",
        **dates(scenario),
        y=share,
        mode="lines",
        line={"color": colour, "width": 2.5},
        fill="tozeroy",
        fillcolor=faded(colour, 0.18),
        hovertemplate="held by " + plain(scenario.sides[side].name) + " in %{y:.0f} % of campaigns<extra></extra>",
    )
    for day, (low, high) in (ranges or {}).items():
        when = scenario.clock.start + timedelta(days=day)
        result.add(
            "scatter",
            x=[when, when],
            y=[100 * low, 100 * high],
            mode="lines",
            line={"color": faded(colour, 0.55), "width": 6},
            cliponaxis=False,
            hoverinfo="skip",
        )
    half = held_fifty(ensemble, place)
    if half:
        result.add("scatter", x=[half], y=[50], mode="markers", marker={"size": 9, "color": colour}, hoverinfo="skip")
    return result


def fan(
    ensemble: "Ensemble",
    variable: str,
    *,
    side: str | None = None,
    place: str | None = None,
    top: float | None = None,
    level: float | None = None,
) -> Drawing:
    """Draw the spread of a daily quantity over the campaigns: 5-95 %, 25-75 % and the median.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    variable : str
        A variable of its summary with quantiles, such as "fighters" or "civil_food_days".
    side, place : str, optional
        Which side's or place's, according to the variable's dimensions.
    top : float, optional
        Upper end of the vertical axis, in the variable's unit; fitted to the data if absent.
    level : float, optional
        A value to mark with a dotted line, in the variable's unit.

    Returns
    -------
    Drawing
        The quantity over the date, its unit on the axis.
    """
    scenario = ensemble.scenario
    bands = quantiles(ensemble, variable, side=side, place=place)
    data = ensemble.summary[variable]
    unit = str(data.attrs.get("units", "1"))
    colour = side_colour(scenario, side or defending_side(scenario))
    levels = [] if level is None else [level]
    result = Drawing(dated_axes(scenario, f"{name_of(data)} [{unit}]", top=top, levels=levels))
    hidden = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    for low, high, alpha in ((0, 4, 0.18), (1, 3, 0.32)):
        result.add("scatter", **dates(scenario), y=bands[low], **hidden)
        result.add(
            "scatter", **dates(scenario), y=bands[high], fill="tonexty", fillcolor=faded(colour, alpha), **hidden
        )
    result.add(
        "scatter",
        **dates(scenario),
        y=bands[2],
        customdata=np.ascontiguousarray(bands[[1, 3, 0, 4]].T),
        mode="lines",
        line={"color": colour, "width": 2.5},
        hovertemplate="median %{y:,.0f} "
        + unit
        + "<br>25–75 %: %{customdata[0]:,.0f}–%{customdata[1]:,.0f} "
        + unit
        + "<br>5–95 %: %{customdata[2]:,.0f}–%{customdata[3]:,.0f} "
        + unit
        + "<extra></extra>",
    )
    return result


def name_of(data: "DataArray") -> str:
    """Give a variable's long name, or its name with spaces."""
    return str(data.attrs.get("long_name") or str(data.name).replace("_", " "))


def quantiles(ensemble: "Ensemble", variable: str, *, side: str | None = None, place: str | None = None) -> Floats:
    """Give the five quantiles of a daily quantity over all campaigns.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    variable : str
        A variable of its summary.
    side, place : str, optional
        Which side's or place's, according to the variable's dimensions.

    Returns
    -------
    array (quantile, day)
        At 0.05, 0.25, 0.5, 0.75, 0.95, rounded to four figures; nan where there is no finite value.
    """
    chosen: dict[str, Any] = {k: v for k, v in (("side", side), ("place", place)) if v is not None}
    data = ensemble.summary[variable].sel(chosen).sel(quantile=list(QUANTILES), method="nearest")
    values = np.asarray(data.transpose("quantile", "day").values, float)
    values[~np.isfinite(values)] = np.nan
    return values.astype(np.float32)
