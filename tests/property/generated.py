"""Small made-up scenarios of three to eight places, as a person would write them, and the campaigns that they give."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from campaigns import WORK, Array, arrays, play
from hypothesis import strategies as st

from fastness.compile import Compiled, compile_scenario
from fastness.kernel.day import Process
from fastness.kernel.state import State
from fastness.scenario.model import Scenario

Document = dict[str, Any]

GREEN, BLUE = 0, 1
SEED = 20010101
CONDITIONS = (
    None,
    'food_days("p0") < 20',
    'deployable("blue") > 500 and axes_open() >= 1',
    'fighters("green", "p0") < fighters("blue") or day() > 20',
    'not open("r0") and closed_days("r0") >= 2',
    'truth("fact") or unrest("p1") > 0.2',
    'assaults("blue") < 2 and days_of("ammunition", "green") < 30',
)
HOLDS = (
    'holder("p0") == "blue"',
    'food_days("p0") < 5',
    "hungry() > 1000",
    'lost_outside("blue") >= 1',
    'district_held("green") >= 1 and held_days("p0") >= 7',
    'strength("green") < 200 or assaulted("p0")',
)


def _place(draw: st.DrawFn, number: int) -> Document:
    holder = {0: "green", 1: "blue"}.get(number, draw(st.sampled_from(["green", "blue", None])))
    return {
        "id": f"p{number}",
        "name": f"Place {number}",
        "lon": 70.0 + number / 10,
        "lat": 35.0,
        "elevation_m": draw(st.integers(0, 4500)),
        "population": draw(st.sampled_from([0, 1, 900, 20_000, 300_000])),
        "terrain": draw(st.sampled_from(["flat", "rolling", "rugged", "urban"])),
        "holder": holder,
        "district_of": "Somewhere" if draw(st.booleans()) else None,
        "inside": number == 0 or (holder == "green" and draw(st.booleans())),
        "food_days": draw(st.integers(0, 60)),
        "market_t_per_day": draw(st.sampled_from([0, 0, 5, 400])),
        "unrest": draw(st.sampled_from([0.0, 0.1, 0.8])),
        "sympathy": draw(st.sampled_from([0.0, 0.2, 1.0])),
    }


def _route(draw: st.DrawFn, number: int, start: int, end: int) -> Document:
    blocked_by = draw(st.sampled_from([None, "green", "blue"]))
    return {
        "id": f"r{number}",
        "name": f"Route {number}",
        "from": f"p{start}",
        "to": f"p{end}",
        "length_km": draw(st.integers(0, 90)),
        "capacity_t_per_day": draw(st.sampled_from([0, 3, 200])),
        "highest_point_m": draw(st.integers(0, 4500)),
        "frontage_km": draw(st.sampled_from([0, 0.2, 2])),
        "kind": draw(st.sampled_from(["road", "track"])),
        "season": draw(st.sampled_from(["open", "closures", "winter"])),
        "blocked_by": blocked_by,
        "blocked": draw(st.sampled_from([0, 1])) if blocked_by else 0,
    }


def _routes(draw: st.DrawFn, places: int) -> list[Document]:
    """Connect all places, then add some more routes, parallel ones too."""
    ends = [(draw(st.integers(0, number - 1)), number) for number in range(1, places)]
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(1, places - 1))
        ends.append((start, draw(st.integers(0, start - 1))))
    return [_route(draw, number, start, end) for number, (start, end) in enumerate(ends)]


def _force(draw: st.DrawFn, number: int, places: list[Document], start: date) -> Document:
    place = draw(st.sampled_from(places))
    later = draw(st.sampled_from([None, None, None, 5]))
    return {
        "id": f"f{number}",
        "side": place["holder"] or draw(st.sampled_from(["green", "blue"])),
        "place": place["id"],
        "fighters": draw(st.sampled_from([0, 1, 60, 700, 8000])),
        "quality": draw(st.sampled_from([0.7, 1.0, 1.3])),
        "vehicles": draw(st.integers(0, 30)),
        "armour": draw(st.integers(0, 5)),
        "artillery": draw(st.integers(0, 5)),
        "aircraft": draw(st.integers(0, 3)),
        "arrives": (start + timedelta(later)).isoformat() if later else None,
        "needs": draw(st.sampled_from([None, None, "fact"])),
    }


def _stock(draw: st.DrawFn, number: int, places: list[Document]) -> Document:
    place = draw(st.sampled_from(places))
    return {
        "id": f"s{number}",
        "side": place["holder"] or "green",
        "place": place["id"],
        "food_t": draw(st.sampled_from([0, 7.3, 900])),
        "fuel_t": draw(st.sampled_from([0, 1.7, 200])),
        "ammunition_t": draw(st.sampled_from([0, 3.1, 400])),
        "supply_t_per_day": draw(st.sampled_from([0, 2.5, 60])),
    }


def _besieger_plan(draw: st.DrawFn, places: list[Document], routes: list[Document]) -> list[Document]:
    axes = [place["id"] for place in places[1:] if draw(st.booleans())] or ["p1"]
    delay = draw(st.sampled_from([None, {"p5": 1, "p50": 3, "p95": 8}]))
    assault = {
        "intent": "take it",
        "if": draw(st.sampled_from(CONDITIONS[1:])),
        "delay": delay,
        "orders": {"assault": "p0", "axes": axes, "commit": draw(st.sampled_from([0.3, 1.0]))},
    }
    shut_in = {
        "intent": "shut it in",
        "orders": {
            "hold": {"p1": 2},
            "blockade": [place["id"] for place in places if place["holder"] == "blue"],
            "block": [routes[0]["id"]],
            "blackout": draw(st.booleans()),
        },
    }
    return [assault, shut_in]


def _defender_plan(draw: st.DrawFn, places: list[Document], routes: list[Document]) -> list[Document]:
    scatter = {"intent": "scatter", "if": 'fighters("green") < 50 and day() > 10', "orders": {"disperse": True}}
    hold = {
        "intent": "hold",
        "orders": {
            "hold": {place["id"]: 1 for place in places if place["holder"] == "green"},
            "raid": [draw(st.sampled_from(places))["id"]],
            "block": [routes[-1]["id"]],
            "ration": draw(st.sampled_from([0.6, 1.0])),
        },
    }
    return [scatter, hold]


def _convoy(draw: st.DrawFn) -> Document:
    return {
        "id": "relief",
        "name": "Relief",
        "from": "p1",
        "to": "p0",
        "lorries": draw(st.sampled_from([0, 3, 40])),
        "every_days": draw(st.sampled_from([1, 7])),
        "passes": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "evacuees": draw(st.sampled_from([0, 7, 5000])),
    }


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a scenario with fighting, hunger, weather, plans, beliefs, reserves and arrivals."""
    start = date(2001, draw(st.integers(1, 12)), 1)
    end = start + timedelta(draw(st.integers(25, 80)))
    places = [_place(draw, number) for number in range(draw(st.integers(3, 8)))]
    routes = _routes(draw, len(places))
    lively = {"assault.tempo": 1.0, "assault.ratio": 0.8, "rising.rate": 0.2, "raid.rate": 1.0}
    return {
        "fastness": 1,
        "title": "Generated",
        "clock": {"start": start.isoformat(), "end": end.isoformat(), "as_of": start.isoformat()},
        "sides": {
            "green": {"name": "Green", "role": "defender", "home": "p0", "reserve": draw(st.sampled_from([0, 300]))},
            "blue": {
                "name": "Blue",
                "role": "besieger",
                "home": "p1",
                "reserve": draw(st.sampled_from([0, 20_000])),
                "reserve_population": draw(st.sampled_from([0, 5_000_000])),
            },
        },
        "places": places,
        "routes": routes,
        "forces": [_force(draw, number, places, start) for number in range(draw(st.integers(1, 6)))],
        "convoys": [_convoy(draw)] if draw(st.booleans()) else [],
        "stocks": [_stock(draw, number, places) for number in range(draw(st.integers(0, 4)))],
        "beliefs": {
            "fact": {"chance": 0.5, "source": "made up", "why": "made up", "date": start.isoformat()},
            "men": {
                "sets": ["forces.f0.fighters"],
                "unit": "persons",
                "p5": 100,
                "p50": 500,
                "p95": 2500,
                "source": "made up",
                "why": "made up",
                "date": start.isoformat(),
            },
        },
        "windows": {
            "truce": {
                "name": "Truce", "until": (start + timedelta(9)).isoformat(), "restrains": "blue", "why": "made up",
            }
        },
        "plans": {"green": _defender_plan(draw, places, routes), "blue": _besieger_plan(draw, places, routes)},
        "parameters": lively if draw(st.booleans()) else {},
        "questions": {
            f"q{number}": {"ask": "So?", "holds": holds, "by": end.isoformat()} for number, holds in enumerate(HOLDS)
        },
    }  # fmt: skip


def compiled(document: Document) -> Compiled:
    """Return a document's scenario as arrays."""
    return compile_scenario(Scenario.model_validate(document))


def state_of(
    scenario: Compiled, first: int = 0, count: int = 3, seed: int = SEED, extra: tuple[Process, ...] = ()
) -> State:
    """Play campaigns first to first + count - 1 and return their last state."""
    return play(scenario, seed, first, count, extra)


def history(state: State) -> dict[str, Array]:
    """Return the arrays that hold a campaign's history, by `table.field`."""
    return {name: array for name, array in arrays(state).items() if name.split(".")[0] not in WORK}


def rows(table: object) -> Array:
    """Return a table of the state as the NumPy records that it is outside the kernel."""
    return np.asarray(table)
