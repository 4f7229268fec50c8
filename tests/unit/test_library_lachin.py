"""The shipped scenario lachin-2023: one road, food and relief, no fighting, and nothing known after 31 January 2023."""

import datetime
import math
from itertools import pairwise
from typing import Any

import pytest

from fastness.compile import compile_scenario
from fastness.scenario import apply_variant, check, coverage, load
from fastness.scenario.model import Belief, Scenario

NAME = "lachin-2023"
AS_OF = datetime.date(2023, 1, 31)
INSIDE = {"stepanakert", "askeran", "martuni", "martakert", "lisagor"}
CORRIDOR = ["goris", "kornidzor", "lachin", "lisagor", "shusha", "stepanakert"]
QUESTIONS = {
    "short-rations-in-stepanakert",
    "food-out-in-stepanakert",
    "thirty-thousand-hungry",
    "convoys-in-february",
    "red-cross-until-august",
    "road-opens-by-may",
    "road-closed-throughout",
    "people-leave",
}
VARIANTS = {"convoys-doubled", "convoys-stopped", "road-opens", "poor-harvest", "airlift"}


@pytest.fixture(scope="module")
def lachin() -> Scenario:
    return load(NAME)


@pytest.fixture(scope="module")
def places(lachin: Scenario) -> dict[str, Any]:
    return {place.id: place for place in lachin.places}


def test_it_loads_and_compiles_without_problems(lachin: Scenario) -> None:
    assert check(lachin) == []
    assert lachin.clock.start == lachin.clock.as_of == AS_OF
    assert lachin.clock.end == datetime.date(2023, 8, 31)
    world = compile_scenario(lachin).world
    assert (len(world.place), len(world.convoy), len(world.patron)) == (11, 6, 1)


def test_120_000_people_live_inside_half_of_them_in_the_capital(places: dict[str, Any]) -> None:
    assert {name for name, place in places.items() if place.inside} == INSIDE
    assert sum(places[name].population for name in INSIDE) == 120_000
    assert places["stepanakert"].population == 60_000


def test_the_only_way_in_is_the_corridor(lachin: Scenario, places: dict[str, Any]) -> None:
    ways = {frozenset((route.start, route.end)): route for route in lachin.routes}
    assert all(frozenset(pair) in ways for pair in pairwise(CORRIDOR))
    crossings = {name for ends in ways for name in ends if len({places[end].inside for end in ends}) == 2}
    assert crossings - INSIDE == {"lachin", "shusha"}
    for ends, route in ways.items():
        one, other = (places[name] for name in ends)
        assert route.length_km >= _distance_km(one, other), route.id
        assert route.highest_point_m >= max(one.elevation_m, other.elevation_m), route.id


def _distance_km(one: Any, other: Any) -> float:  # noqa: ANN401  (two places)
    north = math.radians(one.lat - other.lat)
    east = math.radians(one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return 6371 * math.hypot(north, east)


def test_nobody_attacks(lachin: Scenario) -> None:
    for side, blocks in lachin.plans.items():
        assert blocks[-1].condition is None, side
        for block in blocks:
            orders = block.orders
            assert orders.assault is None, block.intent
            assert not orders.raid, block.intent
            assert not orders.block, block.intent
            assert not orders.disperse, block.intent
            assert orders.harsh == 1, block.intent
    assert sum(force.fighters for force in lachin.forces) <= 500  # symbols
    assert all(force.vehicles + force.armour + force.artillery + force.aircraft == 0 for force in lachin.forces)


def test_trade_is_stopped_and_relief_is_let_through_until_something_changes(lachin: Scenario) -> None:
    opened, tightened, usual = (block.orders for block in lachin.plans["azerbaijan"])
    assert opened.blockade == ()
    assert set(usual.blockade) == set(tightened.blockade) == {"lachin", "shusha"}
    assert usual.let_pass == 1
    assert 0 < tightened.let_pass < 1


def test_convoys_carry_less_than_people_eat(lachin: Scenario) -> None:
    loads = {convoy.id: 15 * convoy.lorries / convoy.every_days for convoy in lachin.convoys}
    sold = sum(place.market_t_per_day for place in lachin.places if place.inside)
    assert {convoy.start for convoy in lachin.convoys} == {"goris"}
    assert {convoy.end for convoy in lachin.convoys} == INSIDE
    assert sold == 36  # half of 120,000 times 0.6 kg
    assert 15 < sum(loads.values()) < 72 - sold


def test_every_claim_has_a_place(lachin: Scenario) -> None:
    assert [claim.id for claim in lachin.claims] == [f"L{number:03d}" for number in range(1, 34)]
    assert sum(dict(coverage(lachin)).values()) == 33
    for claim in lachin.claims:
        assert claim.target if claim.binds != "context" else claim.reason, claim.id


def test_both_sides_and_independent_sources_are_heard(lachin: Scenario) -> None:
    interest = {source.id: source.interest for source in lachin.sources}
    heard = [interest[claim.source] for claim in lachin.claims]
    assert min(heard.count(side) for side in ("defender", "besieger", "none")) >= 6
    origin = {source.id: source.origin for source in lachin.sources}
    assert origin["ombudsmen"] == origin["authorities"]  # they pass on the authorities' figures


def test_what_is_from_memory_weighs_nothing(lachin: Scenario) -> None:
    grade = {source.id: source.grade for source in lachin.sources}
    assert grade["memory"] == "F"
    assert all(claim.item_grade == 5 for claim in lachin.claims if claim.source == "memory" and claim.binds == "belief")


def test_nothing_is_newer_than_the_as_of_date(lachin: Scenario) -> None:
    dates = {f"source {source.id}": source.date for source in lachin.sources}
    dates |= {f"claim {claim.id}": claim.date for claim in lachin.claims}
    dates |= {f"belief {name}": belief.date for name, belief in lachin.beliefs.items() if belief.date}
    assert len(dates) == len(lachin.sources) + len(lachin.claims) + len(lachin.beliefs)
    assert [name for name, day in dates.items() if day > AS_OF] == []
    newest = {source.id: source.date for source in lachin.sources}
    assert [claim.id for claim in lachin.claims if claim.date > newest[claim.source]] == []


def test_written_values_lie_within_the_priors(lachin: Scenario, places: dict[str, Any]) -> None:
    food, people = lachin.beliefs["household-food"], lachin.beliefs["population"]
    assert _levels(food)[0] < sum(places[name].food_days for name in INSIDE) / len(INSIDE) < _levels(food)[1]
    assert _levels(people)[0] < 120_000 < _levels(people)[1]
    passes = {convoy.id: convoy.passes for convoy in lachin.convoys}
    for name in ("peacekeepers", "red-cross"):
        low, high = _levels(lachin.beliefs[f"{name}-{'pass' if name == 'peacekeepers' else 'passes'}"])
        assert low < passes[name] < high, name


def _levels(belief: Belief) -> tuple[float, float]:
    assert isinstance(belief.p5, float)
    assert isinstance(belief.p95, float)
    return belief.p5, belief.p95


def test_questions_and_variants(lachin: Scenario) -> None:
    assert set(lachin.questions) >= QUESTIONS
    assert set(lachin.variants) >= VARIANTS
    for name, variant in lachin.variants.items():
        changed = apply_variant(lachin, name)
        assert changed != lachin, name
        assert check(changed) == [], name
        assert variant.why, name
