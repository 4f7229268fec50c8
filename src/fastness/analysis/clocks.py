"""Siege clocks: for how many days food, fuel and ammunition last, where, and for how many people."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.estimate import day_quantiles

if TYPE_CHECKING:
    import pandas as pd

    from fastness.scenario.model import Place, Scenario

Days = npt.NDArray[np.int64]
People = dict[str, float]

#: name of the clock for all people inside together, where places have their ids
STRONGHOLD: Final = "stronghold"


@dataclass(frozen=True, slots=True)
class Clock:
    """How long one stock lasts.

    `p5`, `p50` and `p95` are days from the start until it is used up for the first time, None where it lasts to the end
    of the clock; `share_never` is the share of campaigns in which it does. Being captured or relieved first is no end
    of a stock: such a campaign counts with the day on which the stock was used up all the same, or as never.
    `people` are those who live on it on the first day (median over campaigns), civilians or fighters.
    """

    id: str
    text: str
    place: str | None
    side: str | None
    kind: str
    p5: float | None
    p50: float | None
    p95: float | None
    people: int
    share_never: float
    unit: str = "days"


def clocks(scenario: "Scenario", outcomes: "pd.DataFrame", people: People) -> list[Clock]:
    """Return the stronghold's clock, then one per inhabited place inside, then those of the sides' forces.

    Parameters
    ----------
    scenario : Scenario
        Names places and sides.
    outcomes : DataFrame
        Campaigns that count; columns such as `food_out:<place>` and `fuel_out:<side>`, days since the start, -1 never.
    people : dict
        Persons on the first day by path: `places.<id>` civilians, `sides.<id>` fighters.
    """
    inside = [place for place in scenario.places if place.inside and people[f"places.{place.id}"] > 0]
    return [
        *_stronghold(inside, outcomes, people),
        *(_of_place(place, outcomes, people) for place in inside),
        *_of_sides(scenario, outcomes, people),
    ]


def _stronghold(inside: "list[Place]", outcomes: "pd.DataFrame", people: People) -> list[Clock]:
    """Return the clock of all people inside: the day by which half of them live where food has been used up."""
    if len(inside) < 2:
        return []
    days = np.stack([outcomes[f"food_out:{place.id}"].to_numpy() for place in inside], axis=1)
    weights = np.array([people[f"places.{place.id}"] for place in inside])
    text = "Food of half the people inside"
    return [_clock(STRONGHOLD, text, "food", middle_day(days, weights), weights.sum())]


def middle_day(days: Days, weights: npt.NDArray[np.float64]) -> Days:
    """Return for each campaign the first day on which places with at least half of the weight have been reached.

    Parameters
    ----------
    days : array of int
        Day on which it happens at each place, -1 never, shape (campaigns, places).
    weights : array of float
        Weight of each place, shape (places,).
    """
    late = np.where(days < 0, np.inf, days)
    order = np.argsort(late, axis=1, kind="stable")
    reached = np.cumsum(weights[order], axis=1) >= weights.sum() / 2
    first = np.take_along_axis(order, reached.argmax(axis=1)[:, None], axis=1)
    found: Days = np.take_along_axis(days, first, axis=1)[:, 0]
    return found


def _of_place(place: "Place", outcomes: "pd.DataFrame", people: People) -> Clock:
    days = outcomes[f"food_out:{place.id}"].to_numpy()
    return _clock(place.id, f"Food in {place.name}", "food", days, people[f"places.{place.id}"], place=place.id)


def _of_sides(scenario: "Scenario", outcomes: "pd.DataFrame", people: People) -> list[Clock]:
    """Return the clocks of each side's stocks on the map, the defender's first."""
    return [
        _clock(side, f"{about.name}: {label}", kind, days, people[f"sides.{side}"], side=side)
        for side, about in sorted(scenario.sides.items(), key=lambda item: item[1].role != "defender")
        for kind, label in (("food", "fighters' food"), ("fuel", "fuel"), ("ammunition", "ammunition"))
        for days in [outcomes[f"{kind}_out:{side}"].to_numpy()]
    ]


def _clock(
    name: str, text: str, kind: str, days: Days, people: float, *, place: str | None = None, side: str | None = None
) -> Clock:
    p5, p50, p95 = day_quantiles(days)
    never = float(np.mean(days < 0)) if len(days) else 1.0
    return Clock(f"{kind}_out:{name}", text, place, side, kind, p5, p50, p95, round(people), never)


def people_on_first_day(scenario: "Scenario", draws: "pd.DataFrame") -> People:
    """Return the median of the people at every place and of every side's fighters on the map on the first day.

    Parameters
    ----------
    scenario : Scenario
        What is written.
    draws : DataFrame
        What each campaign drew; beliefs (`belief:<id>`) may set populations and fighters.

    Returns
    -------
    dict
        Persons by path: `places.<id>` civilians, `sides.<id>` fighters.
    """
    from fastness.compile.names import Names
    from fastness.compile.start import Values

    beliefs = {name: draws[f"belief:{name}"].to_numpy(dtype=np.float64) for name in scenario.beliefs}
    values = Values(Names(scenario), beliefs, len(draws))
    people = {
        f"places.{place.id}": float(np.median(values.of(f"places.{place.id}.population", place.population)))
        for place in scenario.places
    }
    for side in scenario.sides:
        there = [force for force in scenario.forces if force.side == side and not (force.arrives or force.needs)]
        fighters = sum((values.of(f"forces.{force.id}.fighters", force.fighters) for force in there), np.zeros(1))
        people[f"sides.{side}"] = float(np.median(fighters))
    return people
