"""The report's figures: which ones, in which section, their captions, and the numbers behind them as tables."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from fastness import plot
from fastness.analysis.words import percent
from fastness.parameters import Fixed, registry
from fastness.plot.curves import fan, holder_at_start, quantiles, still_held, survival
from fastness.plot.shares import BANDS, cover, cover_shares
from fastness.plot.style import template
from fastness.reporting.map_data import Row, clock_days, map_document, month_starts, shown_day
from fastness.reporting.texts import DASH, day_text, figures, interval

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble
    from fastness.plot.drawing import Drawing
    from fastness.scenario.model import Scenario


@dataclass(frozen=True)
class Card:
    """One figure of a section: its id in the page, a title, a sentence that says what it shows, and the figure."""

    id: str
    title: str
    says: str
    figure: "Drawing"


@dataclass(frozen=True)
class Section:
    """A group of figures with the numbers behind them: one row of `numbers` per figure, one column per date.

    `legend` names the colours of its figures: (colour, what it means).
    """

    id: str
    title: str
    intro: str
    cards: list[Card]
    dates: list[str]
    numbers: list[Row]
    legend: tuple[tuple[str, str], ...] = ()


def sections(ensemble: "Ensemble") -> list[Section]:
    """Draw the figures of the report, except the map.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    list of Section
        Survival of the stronghold's places, its people's food, what they eat, ammunition, fighters; a section whose
        data the run did not keep is left out.
    """
    scenario = ensemble.scenario
    inside = [p.id for p in scenario.places if p.inside] or [p.id for p in scenario.places]
    peopled = [place for place in inside if _peopled(scenario, place)]
    sides = list(scenario.sides)
    ensemble.summary.load()  # once, rather than place by place
    made = [
        _survival(ensemble, inside),
        _cover(ensemble, peopled),
        _fans(ensemble, "kcal", "place", peopled, EATEN, level=_fixed("hunger.need")),
        _fans(ensemble, "ammunition_days", "side", sides, AMMUNITION),
        _fans(ensemble, "fighters", "side", sides, FIGHTERS),
    ]
    return [section for section in made if section and section.cards]


SPREAD = "Bands: 5–95 % and 25–75 % of campaigns; line: median."
SURVIVAL = (
    "survival",
    "Which places hold, and for how long",
    "Share of campaigns in which the place is still in the hands of the side that held it on the first day. Bars and "
    "brackets: range across inputs and models. Dot: the day on which the share falls below one half.",
)
FOOD = (
    "food",
    "How long the people's food lasts",
    "Share of the kept campaigns by days of food left at full rations and the day's inflow.",
)
EATEN = (
    "rations",
    "What the people eat",
    f"Energy per person and day; the dotted line is the need of a mixed population. {SPREAD}",
)
AMMUNITION = (
    "ammunition",
    "Days of ammunition left",
    f"At the day's use, counted up to a year. {SPREAD}",
)
FIGHTERS = ("fighters", "Fighters on the map", f"Those holding ground or on the march. {SPREAD}")


def _fixed(parameter: str) -> float | None:
    """Give the value of a model parameter that is fixed."""
    prior = registry()[parameter].prior
    return prior.value if isinstance(prior, Fixed) else None


def _peopled(scenario: "Scenario", place: str) -> bool:
    """Tell whether anybody lives at a place."""
    return next(p.population for p in scenario.places if p.id == place) > 0


def _name(scenario: "Scenario", thing: str) -> str:
    """Give the name of a place or side."""
    return (
        scenario.sides[thing].name
        if thing in scenario.sides
        else next(p.name for p in scenario.places if p.id == thing)
    )


def _survival(ensemble: "Ensemble", places: Sequence[str]) -> Section:
    """Draw one survival curve per place, with its range across inputs on the map's first day and at the end."""
    scenario = ensemble.scenario
    columns = month_starts(scenario)
    ranges = plot.held_ranges(ensemble, places, sorted({shown_day(scenario), clock_days(scenario)}))
    cards, numbers = [], []
    for place in places:
        name, holder = _name(scenario, place), scenario.sides[holder_at_start(scenario, place)].name
        share, spread = still_held(ensemble, place), ranges.get(place, {})
        known = [f"on {day_text(_date(scenario, day))} in {_held(share[day], *spread[day])}" for day in spread]
        says = f"{holder} holds {name} {' and '.join(known)} of the campaigns."
        half = plot.held_fifty(ensemble, place)
        if half:
            says += f" Below one half from {day_text(half)} on."
        cards.append(Card(f"survival-{place}", name, says, survival(ensemble, place, ranges=spread)))
        numbers.append((name, [percent(float(share[(d - scenario.clock.start).days])) for d in columns]))
    return Section(*SURVIVAL, cards, [day_text(d) for d in columns], numbers)


def _date(scenario: "Scenario", day: int) -> date:
    """Give the date of a day index."""
    return scenario.clock.start + timedelta(days=day)


def _held(share: float, low: float, high: float) -> str:
    """Write a probability with its range."""
    return f"{percent(float(share))} ({interval(low, high)})"


def _cover(ensemble: "Ensemble", places: Sequence[str]) -> Section | None:
    """Draw the shares of campaigns by days of food, one figure per place; None if the run kept no series."""
    if not ensemble.series.sizes.get("campaign"):
        return None
    ensemble.series["civil_food_days"].load()
    scenario = ensemble.scenario
    columns = month_starts(scenario)
    cards, numbers = [], []
    for place in places:
        name, shares = _name(scenario, place), cover_shares(ensemble, "civil_food_days", place)
        short = shares[:2].sum(axis=0)  # used up, or under a week
        worst = int(short.argmax())
        day = scenario.clock.start + timedelta(days=worst)
        says = f"{name}: at least a week of food on every day of every campaign."
        if short[worst] > 0:
            says = f"{name}: under a week of food in {percent(float(short[worst]))} of campaigns on {day_text(day)}, "
            says += "the worst day."
        cards.append(Card(f"food-{place}", name, says, cover(ensemble, "civil_food_days", place)))
        numbers.append(
            (f"{name}: under a week", [percent(float(short[(d - scenario.clock.start).days])) for d in columns])
        )
    legend = tuple((colour, text) for text, _, colour in BANDS)
    return Section(*FOOD, cards, [day_text(d) for d in columns], numbers, legend)


def _fans(
    ensemble: "Ensemble",
    variable: str,
    axis: str,
    things: Sequence[str],
    heading: tuple[str, str, str],
    *,
    level: float | None = None,
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
            Card(f"{heading[0]}-{thing}", name, says, fan(ensemble, variable, **{axis: thing}, top=top, level=level))
        )
        numbers.append((f"{name} [{unit}]", [_band(bands, scenario, d) for d in columns]))
    return Section(*heading, cards, [day_text(d) for d in columns], numbers)


def _band(bands: "plot.curves.Floats", scenario: "Scenario", day: date) -> str:
    """Write the median and the 5-95 % interval of one day."""
    low, middle, high = (bands[i, (day - scenario.clock.start).days] for i in (0, 2, 4))
    if not np.isfinite([low, middle, high]).all():
        return DASH
    return f"{figures(middle, 2)} ({figures(low, 2)}–{figures(high, 2)})"


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
        "template": template(),
        "map": map_document(ensemble),
        "charts": {card.id: card.figure.document() for part in parts for card in part.cards},
    }
    text = json.dumps(document, separators=(",", ":"), default=plain_json, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def plain_json(value: object) -> object:
    """Turn what figures may hold into JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.ndarray):
        return value.tolist()
    convert: Callable[[], object] | None = getattr(value, "item", None)
    if convert is None:
        msg = f"cannot write {type(value).__name__} as JSON"
        raise TypeError(msg)
    return convert()
