"""The map: shaded relief, outlines, routes by how often they are open, places by P(held by the defender).

Plain longitude and latitude axes with a fixed aspect: no tile server or basemap is ever asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fastness.plot.drawing import Drawing
from fastness.plot.style import INK, MUTED, defending_side, held_scale, plain
from fastness.plot.terrain import LEVEL, Box, layers, outline, shaded
from fastness.plot.views import ASPECT, LabelSet, MapView, map_views, marker_px, short_name, stretch

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Scenario

SHADES = [(0, "rgba(40,32,24,0.62)"), (LEVEL, "rgba(128,128,128,0)"), (1, "rgba(255,255,255,0.55)")]
LINES = {"outline": {"color": MUTED, "width": 1}, "water": {"color": "#6fa8c9", "width": 1}}
OPENNESS = ("closed", "contested", "open")
DASH = {"closed": "1px,5px", "contested": "7px,4px", "open": "solid"}
WIDTH = {"road": 3.0, "track": 1.4}
OPEN_FROM, CLOSED_BELOW = 0.8, 0.2  # share of campaigns [1]


@dataclass(frozen=True)
class MapDays:
    """What changes on the map from day to day, in percent of campaigns.

    `held` (day, place, side) and `open` (day, route); `state` (day, route) indexes `OPENNESS`; `dates` one per day.
    """

    dates: list[date]
    sides: list[str]
    held: npt.NDArray[np.int64]
    open: npt.NDArray[np.int64]
    state: npt.NDArray[np.int64]


def map_days(ensemble: "Ensemble") -> MapDays:
    """Collect what changes on the map from day to day.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    MapDays
        Places, routes and sides in the scenario's order.
    """
    scenario, summary = ensemble.scenario, ensemble.summary
    sides = list(scenario.sides)
    held = summary["held"].sel(place=[p.id for p in scenario.places], side=sides)
    share = np.asarray(summary["open"].sel(route=[r.id for r in scenario.routes]).transpose("day", "route").values)
    state = np.digitize(np.nan_to_num(share), [CLOSED_BELOW, OPEN_FROM])
    return MapDays(
        dates=[scenario.clock.start + timedelta(days=int(day)) for day in summary["day"].values],
        sides=sides,
        held=_percents(held.transpose("day", "place", "side").values),
        open=_percents(share),
        state=state,
    )


def _percents(share: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Round shares to whole percents."""
    percents: npt.NDArray[np.int64] = np.rint(100 * np.nan_to_num(np.asarray(share, float))).astype(np.int64)
    return percents


def held_map(
    ensemble: "Ensemble",
    *,
    day: int = -1,
    view: str = "near",
    scale: bool = True,
    views: Sequence[MapView] | None = None,
) -> Drawing:
    """Draw the map of one day.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    day : int
        Index of the day; negative counts from the end.
    view : {"near", "far"}
        The stronghold and its neighbours, or the whole map.
    scale : bool
        Whether to draw the colour scale beside the map.
    views : sequence of MapView, optional
        From `map_views`, where they have been worked out before.

    Returns
    -------
    Drawing
        Each trace's `meta` says what it is: "relief", "outline" (of areas), "water" (other lines), "places",
        "<kind> <openness>" for routes, and "routes" for the points that answer the pointer.
    """
    scenario = ensemble.scenario
    views = views or map_views(scenario)
    shown = next((v for v in views if v.id == view), views[-1])
    whole = union([v.box for v in views])
    days = map_days(ensemble)
    result = Drawing()
    ground(result, layers(ensemble, "relief"), layers(ensemble, "outline"), whole)
    _routes(result, scenario, days, day)
    _places(result, scenario, days, day, shown.labels[-1], scale)
    axis: dict[str, Any] = {
        "showgrid": False,
        "ticks": "",
        "nticks": 5,
        "tickfont": {"size": 10},
        "constrain": "domain",
    }
    result.layout.update(
        xaxis={
            **axis,
            "range": [shown.box.west, shown.box.east],
            "minallowed": whole.west,
            "maxallowed": whole.east,
            "ticksuffix": "° E",
            "ticklabelposition": "inside",
        },
        yaxis={
            **axis,
            "range": [shown.box.south, shown.box.north],
            "minallowed": whole.south,
            "maxallowed": whole.north,
            "ticksuffix": "° N",
            "ticklabelposition": "inside",
            "scaleanchor": "x",
            "scaleratio": stretch(scenario),
        },
        margin={"l": 1, "r": 1, "t": 1, "b": 60 if scale else 1},
        hovermode="closest",
        dragmode="pan",
        width=720,
        height=720 * ASPECT + (60 if scale else 0),
    )
    return result


def union(boxes: list[Box]) -> Box:
    """Give the smallest window around windows."""
    return Box(
        min(b.west for b in boxes), max(b.east for b in boxes), min(b.south for b in boxes), max(b.north for b in boxes)
    )


def ground(result: Drawing, reliefs: list[dict[str, Any]], outlines: list[dict[str, Any]], box: Box) -> None:
    """Add relief and outlines."""
    for document in reliefs:
        relief = shaded(document, box)
        result.add(
            "heatmap",
            x0=float(relief.lon[0]),
            dx=float(relief.lon[1] - relief.lon[0]),
            y0=float(relief.lat[0]),
            dy=float(relief.lat[1] - relief.lat[0]),
            z=relief.shade,
            zmin=0,
            zmax=100,
            colorscale=SHADES,
            showscale=False,
            zsmooth="fast",
            hoverinfo="skip",
            meta="relief",
        )
    for document in outlines:
        for what, line in LINES.items():
            lon, lat = outline(document, box, areas=what == "outline")
            result.add("scatter", x=lon, y=lat, mode="lines", line=line, opacity=0.75, hoverinfo="skip", meta=what)


def _routes(result: Drawing, scenario: "Scenario", days: MapDays, day: int) -> None:
    """Add one trace per kind of route and openness, and one of invisible middles that answer the pointer."""
    at = {p.id: (p.lon, p.lat) for p in scenario.places}
    for kind, width in WIDTH.items():
        for state, openness in enumerate(OPENNESS):
            lines = [r for i, r in enumerate(scenario.routes) if r.kind == kind and days.state[day, i] == state]
            result.add(
                "scatter",
                x=[v for r in lines for v in (at[r.start][0], at[r.end][0], None)],
                y=[v for r in lines for v in (at[r.start][1], at[r.end][1], None)],
                mode="lines",
                line={"color": INK, "width": width, "dash": DASH[openness]},
                hoverinfo="skip",
                meta=f"{kind} {openness}",
            )
    result.add(
        "scatter",
        x=[(at[r.start][0] + at[r.end][0]) / 2 for r in scenario.routes],
        y=[(at[r.start][1] + at[r.end][1]) / 2 for r in scenario.routes],
        mode="markers",
        marker={"size": 18, "color": "rgba(0,0,0,0)"},
        text=[
            f"<b>{plain(r.name)}</b> ({r.kind})<br>{r.length_km:,.0f} km, up to {r.highest_point_m:,.0f} m, "
            f"{r.capacity_t_per_day:,.0f} t/day"
            for r in scenario.routes
        ],
        customdata=days.open[day].tolist(),
        hovertemplate="%{text}<br>open to civil traffic in %{customdata} % of campaigns<extra></extra>",
        meta="routes",
    )


def _places(result: Drawing, scenario: "Scenario", days: MapDays, day: int, labels: LabelSet, scale: bool) -> None:
    """Add the places, coloured by P(held by the defender), with their names where these fit."""
    defender = days.sides.index(defending_side(scenario))
    result.add(
        "scatter",
        x=[p.lon for p in scenario.places],
        y=[p.lat for p in scenario.places],
        mode="markers+text",
        text=[plain(short_name(p)) if spot else " " for p, spot in zip(scenario.places, labels.positions, strict=True)],
        textposition=[spot or "middle right" for spot in labels.positions],
        textfont={"size": 12, "color": INK},
        marker={
            "size": [marker_px(p) for p in scenario.places],
            "color": days.held[day, :, defender].tolist(),
            "opacity": 1,
            "cmin": 0,
            "cmax": 100,
            "colorscale": held_scale(scenario),
            "line": {"color": INK, "width": 1.2},
            "showscale": scale,
            "colorbar": {
                "title": {"text": f"held by {plain(scenario.sides[days.sides[defender]].name)} [% of campaigns]"},
                "orientation": "h",
                "y": -0.02,
                "yanchor": "top",
                "thickness": 10,
            },
        },
        hovertext=place_texts(scenario, days, day),
        hovertemplate="%{hovertext}<extra></extra>",
        meta="places",
    )


def place_texts(scenario: "Scenario", days: MapDays, day: int) -> list[str]:
    """Write what the pointer shows over each place on one day.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    days : MapDays
        From `map_days`.
    day : int
        Index of the day.

    Returns
    -------
    list of str
        One text per place, in plotly's markup, names escaped.
    """
    return [
        f"{place_heading(scenario, i)}<br>"
        + "<br>".join(
            f"held by {plain(scenario.sides[side].name)}: {days.held[day, i, k]} % of campaigns"
            for k, side in enumerate(days.sides)
        )
        for i in range(len(scenario.places))
    ]


def place_heading(scenario: "Scenario", index: int) -> str:
    """Write the unchanging part of a place's hover text: name, people and height.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    index : int
        Index of the place.

    Returns
    -------
    str
        In plotly's markup, the name escaped.
    """
    place = scenario.places[index]
    people = f"{place.population:,.0f} people, " if place.population else ""
    return f"<b>{plain(place.name)}</b><br>{people}{place.elevation_m:,.0f} m above the sea"
