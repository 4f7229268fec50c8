"""What the page needs to draw the map of any day, and the same numbers as a table."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from fastness import plot
from fastness.plot.maps import OPENNESS, held_map, place_heading
from fastness.plot.style import defending_side, held_scale, plain
from fastness.plot.views import ASPECT, short_name
from fastness.reporting.texts import day_text

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Scenario

Row = tuple[str, list[str]]


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


def clock_days(scenario: "Scenario") -> int:
    """Give the index of the clock's last day."""
    return (scenario.clock.end - scenario.clock.start).days


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
    length = clock_days(scenario)
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


def map_numbers(ensemble: "Ensemble") -> MapNumbers:
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
    views = plot.map_views(scenario)
    at = {p.id: [p.lon, p.lat] for p in scenario.places}
    return {
        "figure": held_map(ensemble, day=shown_day(scenario), scale=False, views=views).document(),
        "aspect": ASPECT,
        "dates": [day_text(d) for d in days.dates],
        "sides": [plain(scenario.sides[side].name) for side in days.sides],
        "defender": days.sides.index(defending_side(scenario)),
        "headings": [place_heading(scenario, i) for i in range(len(scenario.places))],
        "names": [plain(short_name(p)) for p in scenario.places],
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
            for v in views
        ],
    }
