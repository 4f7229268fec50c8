"""Figures: one library for notebook, report and app. Each function here takes an ensemble and gives a plotly figure.

In the modules the functions of the same names give drawings, which report and app hand on to plotly.js.
"""

from fastness.plot import curves, maps, shares
from fastness.plot.curves import held_fifty
from fastness.plot.drawing import shown
from fastness.plot.maps import map_days
from fastness.plot.ranges import held_ranges
from fastness.plot.views import LabelSet, MapView, map_views

cover = shown(shares.cover)
fan = shown(curves.fan)
held_map = shown(maps.held_map)
indications = shown(shares.indications)
survival = shown(curves.survival)

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
