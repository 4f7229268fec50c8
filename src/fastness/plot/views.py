"""The windows of the map (the stronghold, everything) and, for each, which place names fit beside their markers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fastness.plot.labels import Label, place_labels
from fastness.plot.terrain import Box
from fastness.scenario.model import Place, Scenario

ASPECT = 0.86  # height of the map over its width, the same in every view so that the page does not jump
WIDTHS_PX = (330, 420, 510, 620, 760)  # widths for which labels are placed, from phones to wide screens
MARGIN = 0.09  # of the window's width and height, around the outermost places
LEAST_SPAN_DEG = 0.3
INSIDE_PX, OUTSIDE_PX = 13.0, 9.0  # diameter of a place's marker


@dataclass(frozen=True)
class LabelSet:
    """Where each place's name goes on a map at least `width_px` wide: a plotly textposition, or None where hidden."""

    width_px: int
    positions: tuple[str | None, ...]


@dataclass(frozen=True)
class MapView:
    """A window of the map and its labels."""

    id: str
    name: str
    box: Box
    labels: tuple[LabelSet, ...]


def map_views(scenario: Scenario) -> list[MapView]:
    """Give the windows worth looking at: the stronghold with its neighbours, and the whole map.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of MapView
        Nearest first; only the whole map where the stronghold fills it anyway. All have the aspect `ASPECT`.
    """
    near = _view(scenario, "near", "Stronghold", neighbourhood(scenario))
    far = _view(scenario, "far", "Whole map", scenario.places)
    same = (near.box.east - near.box.west) > 0.8 * (far.box.east - far.box.west)
    return [far] if same else [near, far]


def neighbourhood(scenario: Scenario) -> list[Place]:
    """Give the places inside the stronghold and those one route away from it.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of Place
        In the scenario's order; all places where none is marked as inside.
    """
    inside = {p.id for p in scenario.places if p.inside}
    touched = {i for r in scenario.routes if {r.start, r.end} & inside for i in (r.start, r.end)}
    return [p for p in scenario.places if p.id in inside | touched] or list(scenario.places)


def stretch(scenario: Scenario) -> float:
    """Give how much longer a degree of latitude is than one of longitude in the middle of the map.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    float
        1 / cos(latitude) [1].
    """
    lats = [p.lat for p in scenario.places]
    return 1 / math.cos(math.radians((min(lats) + max(lats)) / 2))


def window(scenario: Scenario, places: Sequence[Place]) -> Box:
    """Give the window of the map's fixed aspect that shows some places with a margin.

    Parameters
    ----------
    scenario : Scenario
        The scenario, for the latitude.
    places : sequence of Place
        At least one.

    Returns
    -------
    Box
        In degrees, centred on the places.
    """
    lons, lats = [p.lon for p in places], [p.lat for p in places]
    ratio = stretch(scenario)
    width = max(max(lons) - min(lons), LEAST_SPAN_DEG) * (1 + 2 * MARGIN)
    height = max(max(lats) - min(lats), LEAST_SPAN_DEG) * (1 + 2 * MARGIN)
    if height * ratio > width * ASPECT:
        width = height * ratio / ASPECT
    else:
        height = width * ASPECT / ratio
    middle_lon, middle_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    return Box(middle_lon - width / 2, middle_lon + width / 2, middle_lat - height / 2, middle_lat + height / 2)


def short_name(place: Place) -> str:
    """Give the part of a place's name that stands on the map: without what is in brackets."""
    return place.name.partition(" (")[0]


def marker_px(place: Place) -> float:
    """Give the diameter of a place's marker [px]: places of the stronghold are larger."""
    return INSIDE_PX if place.inside else OUTSIDE_PX


def _view(scenario: Scenario, view: str, name: str, places: Sequence[Place]) -> MapView:
    """Fit a window around places and choose the labels for each width."""
    box = window(scenario, places)
    return MapView(view, name, box, tuple(_labels(scenario, box, width) for width in WIDTHS_PX))


def _labels(scenario: Scenario, box: Box, width_px: int) -> LabelSet:
    """Place the names of all places on a map of one size."""
    height_px = width_px * ASPECT
    at = {
        place.id: (
            (place.lon - box.west) / (box.east - box.west) * width_px,
            (place.lat - box.south) / (box.north - box.south) * height_px,
        )
        for place in scenario.places
    }
    homes = {side.home for side in scenario.sides.values()}
    labels = [Label(short_name(p), *at[p.id], marker_px(p) / 2, _rank(p, homes)) for p in scenario.places]
    lines = [(*at[r.start], *at[r.end]) for r in scenario.routes]
    return LabelSet(width_px, tuple(place_labels(labels, width_px, height_px, lines)))


def _rank(place: Place, homes: set[str]) -> float:
    """Rank a place's name: the sides' homes first, then the stronghold, then district centres, then the populous."""
    worth = 200 * (place.id in homes) + 100 * place.inside + 10 * (place.district_of is not None)
    return worth + math.log1p(place.population) / 10
