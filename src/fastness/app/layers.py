"""What the workbench's map shows beyond the report's: food days, the front, and one campaign alone."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.compile.names import Names
from fastness.ensemble.play import play_batch
from fastness.kernel.backends import compiled_before
from fastness.plot.style import MIDDLE, defending_side, held_scale
from fastness.reporting.map_data import map_document

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

#: days of food at which the colour of the map is full; a month is what planners think in
FULL_DAYS: Final = 60
#: colours of few and of many days of food, apart for colour-blind readers, as in the figures of food
FOOD_SCALE: Final = [[0.0, "#7a2d04"], [0.25, "#d9701a"], [0.6, MIDDLE], [1.0, "#4d9a8a"]]
FRONT_COLOUR: Final = "rgba(217,60,60,0.55)"


def workbench_map(ensemble: "Ensemble") -> dict[str, Any]:
    """Write what the page's script needs: the report's map, layers to choose from, and where the front runs.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    dict
        As `reporting.map_data.map_document`; besides `layers` (name, scale, per day and place values and texts), `ids`
        of the places, and `front`: per day the routes between places that different sides probably hold.
    """
    document = map_document(ensemble)
    scenario = ensemble.scenario
    layers: list[dict[str, Any]] = [_held_layer(ensemble)]
    if "civil_food_days" in ensemble.summary:
        layers.append(_food_layer(ensemble))
    document["layers"] = layers
    document["ids"] = [place.id for place in scenario.places]
    return _with_front(ensemble, document)


def campaign_document(ensemble: "Ensemble", document: dict[str, Any], campaign: int) -> dict[str, Any] | None:
    """Return the map of one campaign: who holds what is certain there.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    document : dict
        From `workbench_map`.
    campaign : int
        Number of a campaign.

    Returns
    -------
    dict or None
        None where the run did not keep the campaign's course and this model cannot play it again.
    """
    holder = _holders(ensemble, campaign)
    if holder is None:
        return None
    names = Names(ensemble.scenario)
    columns = [names.place[place] for place in document["ids"]]
    order = [names.side[side] for side in ensemble.scenario.sides]
    held = np.stack([100 * (holder[:, columns] == side) for side in order], axis=-1).astype(np.int64)
    alone = {**document, "held": held.tolist(), "layers": [_held_layer(ensemble)], "alone": True}
    return _with_front(ensemble, alone)


def _holders(ensemble: "Ensemble", campaign: int) -> npt.NDArray[np.int8] | None:
    """Return who holds what in a campaign, shape (day, place), from the run or by playing it again."""
    if campaign in ensemble.series["campaign"].values:
        kept = ensemble.series["holder"].sel(campaign=campaign).transpose("day", "place")
        return np.asarray(kept.values, np.int8)
    manifest = ensemble.manifest
    if manifest["processes"] or not ensemble.playable or not compiled_before():
        return None
    document = (ensemble.path / "scenario.resolved.json").read_text(encoding="utf-8")
    part = play_batch(document, manifest["seed"], campaign, 1, without=manifest.get("without", ()))
    return np.asarray(part.arrays["holder"][0], np.int8)


def _held_layer(ensemble: "Ensemble") -> dict[str, Any]:
    scenario = ensemble.scenario
    defender = defending_side(scenario)
    rivals = ", ".join(side.name for name, side in scenario.sides.items() if name != defender)
    ends = (rivals, scenario.sides[defender].name)
    return {"id": "held", "name": "Who holds what", "ends": ends, "scale": held_scale(scenario), "low": 0, "high": 100}


def _food_layer(ensemble: "Ensemble") -> dict[str, Any]:
    """Colour places by the median of their people's days of food, with the spread in what the pointer shows."""
    places = [place.id for place in ensemble.scenario.places]
    data = ensemble.summary["civil_food_days"].sel(place=places).sel(quantile=[0.05, 0.5, 0.95], method="nearest")
    low, middle, high = np.asarray(data.transpose("quantile", "day", "place").values, float)
    peopled = np.array([place.population > 0 for place in ensemble.scenario.places])
    values = np.where(peopled & np.isfinite(middle), np.round(middle, 1), np.nan)
    texts = [
        [
            f"food for {m:.0f} days ({a:.0f}–{b:.0f} in 5–95 % of campaigns)" if lived else "nobody lives here"
            for a, m, b, lived in zip(*day, peopled, strict=True)
        ]
        for day in zip(low, middle, high, strict=True)
    ]
    return {
        "id": "food",
        "name": "Days of food",
        "ends": ("0 days", f"{FULL_DAYS} days and more"),
        "scale": FOOD_SCALE,
        "low": 0,
        "high": FULL_DAYS,
        "values": [[None if np.isnan(v) else float(v) for v in row] for row in values],
        "texts": texts,
    }


def _with_front(ensemble: "Ensemble", document: dict[str, Any]) -> dict[str, Any]:
    """Add the routes between places that different sides probably hold, and the line that marks them."""
    held = np.asarray(document["held"])
    likely = np.where(held.max(axis=2) > 50, held.argmax(axis=2), -1)
    index = {name: k for k, name in enumerate(document["ids"])}
    ends = [(index[route.start], index[route.end]) for route in ensemble.scenario.routes]
    document["front"] = [
        [k for k, (a, b) in enumerate(ends) if -1 != row[a] != row[b] != -1] for row in likely.tolist()
    ]
    traces = [trace for trace in document["figure"]["data"] if trace.get("meta") != "front"]
    line = {
        "type": "scatter", "mode": "lines", "meta": "front", "hoverinfo": "skip", "x": [], "y": [],
        "line": {"color": FRONT_COLOUR, "width": 11},
    }  # fmt: skip
    first = next(k for k, trace in enumerate(traces) if " " in str(trace.get("meta")))
    document["figure"] = {**document["figure"], "data": [*traces[:first], line, *traces[first:]]}
    return document
