"""Figures: one library for notebook, report and app. Each function takes an ensemble and gives a plotly figure."""

from fastness.plot.curves import fan, held_fifty, survival
from fastness.plot.maps import held_map, map_days
from fastness.plot.ranges import held_ranges
from fastness.plot.shares import cover, indications
from fastness.plot.views import LabelSet, MapView, map_views

__all__ = [
    "LabelSet",
    "MapView",
    "cover",
    "fan",
    "held_fifty",
    "held_map",
    "held_ranges",
    "indications",
    "map_days",
    "map_views",
    "survival",
]
