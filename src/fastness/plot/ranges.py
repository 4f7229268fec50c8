"""How far P(held) moves across inputs and models, for the bars on the survival curves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fastness.analysis.inputs import features, input_range
from fastness.plot.curves import holder_at_start

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

Range = tuple[float, float]


def held_ranges(ensemble: "Ensemble", places: Sequence[str], days: Sequence[int]) -> dict[str, dict[int, Range]]:
    """Give the range across inputs of the probability that places are still in the hands of their first holder.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble; its kept campaigns are used.
    places : sequence of str
        Ids of places.
    days : sequence of int
        Day indices.

    Returns
    -------
    dict
        Per place and day the 5-95 % range [1], as `analysis.inputs` defines it; empty where no campaigns were kept.
    """
    series = ensemble.series
    if not series.sizes.get("campaign"):
        return {}
    draws = ensemble.draws
    inputs = features(draws.set_index("campaign").loc[series["campaign"].values])
    sides = list(ensemble.scenario.sides)
    holder = np.asarray(series["holder"].sel(place=list(places)).transpose("campaign", "day", "place").values)
    return {
        place: {day: input_range(inputs, holder[:, day, i] == sides.index(first)) for day in days}
        for i, place in enumerate(places)
        for first in [holder_at_start(ensemble.scenario, place)]
    }
