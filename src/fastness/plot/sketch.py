"""The map of a scenario that has not been played: places by who holds them, routes by kind, forces by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastness.plot.drawing import Drawing
from fastness.plot.maps import DASH, WIDTH, ground, union
from fastness.plot.style import INK, MUTED, plain, side_colour, template
from fastness.plot.terrain import drawn
from fastness.plot.views import ASPECT, map_views, marker_px, short_name, stretch

if TYPE_CHECKING:
    from fastness.scenario.model import Scenario

NOBODY: Final = "#cfcac0"
#: diameter of the mark of a force [px], from few fighters to many
LEAST_PX, MOST_PX = 8.0, 15.0
MANY: Final = 3000  # fighters whose mark is largest


def sketch(scenario: "Scenario", folder: Path) -> dict[str, Any]:
    """Write what the page's script needs to draw the map of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Or as much of it as can be read.
    folder : Path
        Its folder, for the layers under the map.

    Returns
    -------
    dict
        `figure` (plotly's plain data; each trace's `meta` names it, its `customdata` the ids),
        `aspect`, `views` (windows with the places of labels), `names` of places, where they are (`at`), and
        `standing`: for each mark of forces the number of its place.
    """
    views = map_views(scenario)
    whole = union([view.box for view in views])
    result = Drawing()
    ground(result, drawn(folder, scenario, "relief"), drawn(folder, scenario, "outline"), whole)
    _routes(result, scenario)
    _places(result, scenario)
    _forces(result, scenario)
    axis: dict[str, Any] = {"showgrid": False, "ticks": "", "nticks": 5, "constrain": "domain", "zeroline": False}
    first = views[0].box
    result.layout.update(
        xaxis={**axis, "range": [first.west, first.east], "ticksuffix": "° E", "ticklabelposition": "inside"},
        yaxis={
            **axis, "range": [first.south, first.north], "ticksuffix": "° N", "ticklabelposition": "inside",
            "scaleanchor": "x", "scaleratio": stretch(scenario),
        },
        margin={"l": 1, "r": 1, "t": 1, "b": 1}, hovermode="closest", dragmode="pan", showlegend=False,
    )  # fmt: skip
    result.layout["template"] = template()
    order = {place.id: number for number, place in enumerate(scenario.places)}
    return {
        "figure": result.document(),
        "aspect": ASPECT,
        "names": [plain(short_name(place)) for place in scenario.places],
        "at": [[place.lon, place.lat] for place in scenario.places],
        "standing": [order[stand[0].place] for stand in _standing(scenario)],
        "views": [
            {
                "name": view.name,
                "x": [view.box.west, view.box.east],
                "y": [view.box.south, view.box.north],
                "labels": [{"width": each.width_px, "positions": each.positions} for each in view.labels],
            }
            for view in views
        ],
    }


def _standing(scenario: "Scenario") -> list[list[Any]]:
    """Return the forces of each place that is on the map and has some, the largest first."""
    known = {place.id for place in scenario.places}
    stands: dict[str, list[Any]] = {}
    for force in sorted(scenario.forces, key=lambda force: -force.fighters):
        if force.place in known:
            stands.setdefault(force.place, []).append(force)
    return list(stands.values())


def _routes(result: Drawing, scenario: "Scenario") -> None:
    at = {place.id: (place.lon, place.lat) for place in scenario.places}
    routes = [route for route in scenario.routes if route.start in at and route.end in at]
    for kind, width in WIDTH.items():
        for barred in (False, True):
            lines = [r for r in routes if r.kind == kind and (r.blocked > 0) == barred]
            result.add(
                "scatter",
                x=[v for r in lines for v in (at[r.start][0], at[r.end][0], None)],
                y=[v for r in lines for v in (at[r.start][1], at[r.end][1], None)],
                mode="lines", hoverinfo="skip", meta=f"{kind} line",
                line={"color": INK, "width": width, "dash": DASH["contested" if barred else "open"]},
            )  # fmt: skip
    result.add(
        "scatter",
        x=[(at[r.start][0] + at[r.end][0]) / 2 for r in routes],
        y=[(at[r.start][1] + at[r.end][1]) / 2 for r in routes],
        mode="markers", meta="routes", customdata=[r.id for r in routes],
        marker={"size": 9, "color": MUTED, "symbol": "square", "opacity": 0.75},
        hovertext=[f"<b>{plain(r.name)}</b><br>{r.kind}, {r.length_km:,.0f} km, up to {r.highest_point_m:,.0f} m"
                   for r in routes],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip


def _places(result: Drawing, scenario: "Scenario") -> None:
    places = scenario.places
    colours = [side_colour(scenario, p.holder) if p.holder in scenario.sides else NOBODY for p in places]
    held = [scenario.sides[p.holder].name if p.holder in scenario.sides else "nobody" for p in places]
    result.add(
        "scatter",
        x=[p.lon for p in places], y=[p.lat for p in places], mode="markers+text", meta="places",
        customdata=[p.id for p in places],
        text=[plain(short_name(p)) for p in places], textposition="middle right", textfont={"size": 12, "color": INK},
        marker={"size": [marker_px(p) for p in places], "color": colours, "opacity": 1,
                "line": {"color": INK, "width": 1.2}},
        hovertext=[f"<b>{plain(p.name)}</b><br>held by {plain(holder)}<br>{p.population:,.0f} people, "
                   f"{p.elevation_m:,.0f} m" for p, holder in zip(places, held, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip


def _forces(result: Drawing, scenario: "Scenario") -> None:
    """Add one mark for the forces of each place; the page's script sets it beside its place."""
    stands = _standing(scenario)
    at = {place.id: (place.lon, place.lat) for place in scenario.places}
    totals = [sum(force.fighters for force in stand) for stand in stands]
    sides = [stand[0].side for stand in stands]
    colours = [side_colour(scenario, side) if side in scenario.sides else NOBODY for side in sides]
    texts = ["<br>".join(f"<b>{plain(force.id)}</b>: {force.fighters:,.0f} fighters" for force in stand)
             for stand in stands]  # fmt: skip
    result.add(
        "scatter",
        x=[at[stand[0].place][0] for stand in stands], y=[at[stand[0].place][1] for stand in stands],
        mode="markers", meta="forces", customdata=[stand[0].id for stand in stands],
        marker={"size": [LEAST_PX + (MOST_PX - LEAST_PX) * min(total / MANY, 1) ** 0.5 for total in totals],
                "symbol": "diamond", "color": colours, "line": {"color": "#ffffff", "width": 1}},
        hovertext=texts, hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
