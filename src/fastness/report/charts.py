"""The report's figures: which ones, in which section, their captions, and the numbers behind them as tables."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from fastness import plot
from fastness.plot.curves import holder_at_start, quantiles, still_held
from fastness.plot.maps import OPENNESS, place_heading
from fastness.plot.style import defending_side, held_scale, plain, template
from fastness.plot.views import ASPECT
from fastness.report.texts import DASH, day_text, figures, probability

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Scenario

Row = tuple[str, list[str]]


@dataclass(frozen=True)
class Card:
    """One figure of a section: its id in the page, a title, a sentence that says what it shows, and the figure."""

    id: str
    title: str
    says: str
    figure: "go.Figure"


@dataclass(frozen=True)
class Section:
    """A group of figures with the numbers behind them: one row of `numbers` per figure, one column per date."""

    id: str
    title: str
    intro: str
    cards: list[Card]
    dates: list[str]
    numbers: list[Row]


def sections(ensemble: "Ensemble") -> list[Section]:
    """Draw the figures of the report, except the map.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    list of Section
        Survival of the stronghold's places, food, ammunition, fighters; sections without data are left out.
    """
    inside = [p.id for p in ensemble.scenario.places if p.inside] or [p.id for p in ensemble.scenario.places]
    made = [
        _survival(ensemble, inside),
        _fans(ensemble, "civil_food_days", "place", [p for p in inside if _peopled(ensemble.scenario, p)], FOOD),
        _fans(ensemble, "ammunition_days", "side", list(ensemble.scenario.sides), AMMUNITION),
        _fans(ensemble, "fighters", "side", list(ensemble.scenario.sides), FIGHTERS),
    ]
    return [section for section in made if section and section.cards]


SURVIVAL = (
    "survival",
    "Which places hold, and for how long",
    "Share of campaigns in which the place is still in the hands of the side that held it on the first day. The dot marks "
    "the day on which that share falls below one half.",
)
FOOD = (
    "food",
    "Days of food left for the people of the stronghold",
    "What civilians have left at the day's ration. Bands: 5–95 % and 25–75 % of campaigns; line: median.",
)
AMMUNITION = (
    "ammunition",
    "Days of ammunition left",
    "At the day's use. Bands: 5–95 % and 25–75 % of campaigns; line: median.",
)
FIGHTERS = (
    "fighters",
    "Fighters on the map",
    "Those holding ground or on the march. Bands: 5–95 % and 25–75 % of campaigns; line: median.",
)


def _peopled(scenario: "Scenario", place: str) -> bool:
    """Tell whether anybody lives at a place."""
    return next(p.population for p in scenario.places if p.id == place) > 0


def _name(scenario: "Scenario", thing: str) -> str:
    """Give the name of a place or side."""
    return scenario.sides[thing].name if thing in scenario.sides else next(p.name for p in scenario.places if p.id == thing)


def _survival(ensemble: "Ensemble", places: Sequence[str]) -> Section:
    """Draw one survival curve per place."""
    scenario = ensemble.scenario
    columns = month_starts(scenario)
    cards, numbers = [], []
    for place in places:
        name, holder = _name(scenario, place), scenario.sides[holder_at_start(scenario, place)].name
        half, share = plot.held_fifty(ensemble, place), still_held(ensemble, place)
        until = f"until {day_text(half)} in half of the campaigns" if half else "to the end in half of the campaigns or more"
        says = f"{holder} holds {name} {until}; at the end in {probability(float(share[-1]))}."
        cards.append(Card(f"survival-{place}", name, says, plot.survival(ensemble, place)))
        numbers.append((name, [probability(float(share[(d - scenario.clock.start).days])) for d in columns]))
    return Section(*SURVIVAL, cards, [day_text(d) for d in columns], numbers)


def _fans(
    ensemble: "Ensemble", variable: str, axis: str, things: Sequence[str], heading: tuple[str, str, str]
) -> Section | None:
    """Draw one fan chart per side or place, all places on one scale; None if the run did not keep the variable."""
    if variable not in ensemble.summary:
        return None
    scenario = ensemble.scenario
    columns = month_starts(scenario)
    spread = {thing: quantiles(ensemble, variable, **{axis: thing}) for thing in things}
    tops = [float(np.nanmax(q)) for q in spread.values() if np.isfinite(q).any()]
    top = max(tops, default=1.0) if axis == "place" else None
    unit = str(ensemble.summary[variable].attrs.get("units", ""))
    cards, numbers = [], []
    for thing in things:
        name, bands = _name(scenario, thing), spread[thing]
        if not np.isfinite(bands).any():
            continue
        ends = (f"{_band(bands, scenario, d)} {unit} on {day_text(d)}" for d in (columns[0], columns[-1]))
        says = f"{name}: {', '.join(ends)}; median (5–95 %)."
        cards.append(
            Card(f"{heading[0]}-{thing}", name, says, plot.fan(ensemble, variable, **{axis: thing}, top=top))  # type: ignore[arg-type]
        )
        numbers.append((f"{name} [{unit}]", [_band(bands, scenario, d) for d in columns]))
    return Section(*heading, cards, [day_text(d) for d in columns], numbers)


def _band(bands: "plot.curves.Floats", scenario: "Scenario", day: date) -> str:
    """Write the median and the 5-95 % interval of one day."""
    low, middle, high = (bands[i, (day - scenario.clock.start).days] for i in (0, 2, 4))
    if not np.isfinite([low, middle, high]).all():
        return DASH
    return f"{figures(middle, 2)} ({figures(low, 2)}–{figures(high, 2)})"


def month_starts(scenario: "Scenario") -> list[date]:
    """Give the first day of the clock, the first of every month in it, and its last day, at least ten days apart.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of date
        Ascending, the clock's ends included.
    """
    start, end = scenario.clock.start, scenario.clock.end
    firsts = [d for d in (start + timedelta(days=n) for n in range((end - start).days)) if d.day == 1]
    between = [d for d in firsts if (d - start).days >= 10 and (end - d).days >= 10]
    return [start, *between, end]


def shown_day(scenario: "Scenario") -> int:
    """Give the day that the map shows first: the one that decides the first question, else the last.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    int
        Index of a day on the clock.
    """
    length = (scenario.clock.end - scenario.clock.start).days
    if not scenario.questions:
        return length
    first = next(iter(scenario.questions.values()))
    day = first.on or first.by or (first.before - timedelta(days=1) if first.before else scenario.clock.end)
    return min(max((day - scenario.clock.start).days, 0), length)


@dataclass(frozen=True)
class MapNumbers:
    """The numbers behind the map: one row of shares per place, one column per date, and what the legend says."""

    dates: list[str]
    rows: list[Row]
    all_dates: list[str]
    defender: str
    rivals: str
    colours: list[str]


def map_document_days(ensemble: "Ensemble") -> MapNumbers:
    """Write the numbers behind the map, for those who cannot see it.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    MapNumbers
        P(held by the defender) of every place at the start of every month.
    """
    scenario, days = ensemble.scenario, plot.map_days(ensemble)
    columns, defender = month_starts(scenario), defending_side(scenario)
    side = days.sides.index(defender)
    rows = [
        (p.name, [f"{days.held[(d - scenario.clock.start).days, i, side]} %" for d in columns])
        for i, p in enumerate(scenario.places)
    ]
    return MapNumbers(
        dates=[day_text(d) for d in columns],
        rows=rows,
        all_dates=[day_text(d) for d in days.dates],
        defender=scenario.sides[defender].name,
        rivals=", ".join(s.name for i, s in scenario.sides.items() if i != defender),
        colours=[colour for _, colour in held_scale(scenario)],
    )


def map_document(ensemble: "Ensemble") -> dict[str, Any]:
    """Write what the page's script needs to draw the map of any day.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    dict
        `figure` and, per day, shares in percent; texts are escaped for plotly.
    """
    scenario, days = ensemble.scenario, plot.map_days(ensemble)
    at = {p.id: [p.lon, p.lat] for p in scenario.places}
    return {
        "figure": plot.held_map(ensemble, day=shown_day(scenario), scale=False).to_dict(),
        "aspect": ASPECT,
        "dates": [day_text(d) for d in days.dates],
        "sides": [plain(scenario.sides[side].name) for side in days.sides],
        "defender": days.sides.index(defending_side(scenario)),
        "headings": [place_heading(scenario, i) for i in range(len(scenario.places))],
        "names": [plain(p.name) for p in scenario.places],
        "held": days.held.tolist(),
        "open": days.open.tolist(),
        "state": days.state.tolist(),
        "openness": OPENNESS,
        "routes": [{"kind": r.kind, "ends": [at[r.start], at[r.end]]} for r in scenario.routes],
        "views": [
            {
                "id": v.id,
                "name": v.name,
                "x": [v.box.west, v.box.east],
                "y": [v.box.south, v.box.north],
                "labels": [{"width": s.width_px, "positions": s.positions} for s in v.labels],
            }
            for v in plot.map_views(scenario)
        ],
    }


def figures_json(ensemble: "Ensemble", parts: Sequence[Section]) -> str:
    """Write all figures as one JSON text that can stand inside a script element.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    parts : sequence of Section
        From `sections`.

    Returns
    -------
    str
        JSON with every `<`, `>` and `&` as an escape, numbers in single precision.
    """
    document = {
        "template": template().to_plotly_json(),
        "map": map_document(ensemble),
        "charts": {card.id: _bare(card.figure.to_dict()) for part in parts for card in part.cards},
    }
    _bare(document["map"]["figure"])
    text = json.dumps(document, separators=(",", ":"), default=_plain_json, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _bare(figure: dict[str, Any]) -> dict[str, Any]:
    """Take the template out of a figure, for the page holds it once."""
    figure["layout"].pop("template", None)
    return figure


def _plain_json(value: object) -> object:
    """Turn what figures may hold into JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.ndarray):
        return value.tolist()
    convert: Callable[[], object] | None = getattr(value, "item", None) or getattr(value, "to_plotly_json", None)
    if convert is None:
        msg = f"cannot write {type(value).__name__} as JSON"
        raise TypeError(msg)
    return convert()
