"""The shipped scenario panjshir-1984: it loads, every claim has a place, and it knows nothing after 18 April 1984."""

import datetime
import json
from collections import Counter
from importlib import resources
from typing import Any

import pytest

from fastness.compile import compile_scenario
from fastness.compile.start import INTENSIVE
from fastness.scenario import apply_variant, check, coverage, load
from fastness.scenario.model import Belief, Scenario

NAME = "panjshir-1984"
AS_OF = datetime.date(1984, 4, 18)
DISTRICTS = {"anaba", "bazarak", "dara", "khenj", "paryan", "rokha", "shutul"}
GATES = {"gulbahar", "banu", "salang-south", "keran-wa-munjan", "nuristan"}
QUESTIONS = {
    "floor-falls",
    "force-survives",
    "floor-lost-force-survives",
    "salang-closed-a-week",
    "attacks-all-winter",
    "people-flee",
    "units-change-sides",
}
FOLDER = resources.files("fastness.library").joinpath(NAME)


@pytest.fixture(scope="module")
def panjshir() -> Scenario:
    return load(NAME)


@pytest.fixture(scope="module")
def places(panjshir: Scenario) -> dict[str, Any]:
    return {place.id: place for place in panjshir.places}


def test_it_loads_without_problems(panjshir: Scenario) -> None:
    assert check(panjshir) == []
    assert panjshir.clock.start == panjshir.clock.as_of == AS_OF
    assert panjshir.clock.end == datetime.date(1985, 4, 30)


def test_the_stronghold_is_the_valley_and_the_besieger_already_has_its_lowest_district(
    panjshir: Scenario, places: dict[str, Any]
) -> None:
    assert 14 <= len(places) <= 20
    assert {name for name, place in places.items() if place.district_of == "Panjshir"} == DISTRICTS
    assert {name for name, place in places.items() if place.inside} == DISTRICTS | {"khawak-pass"}
    assert {name for name in DISTRICTS if places[name].holder == "soviets"} == {"anaba"}
    ways = [(places[route.start], places[route.end]) for route in panjshir.routes]
    assert {end.id for ends in ways if ends[0].inside != ends[1].inside for end in ends if not end.inside} == GATES


def test_people_add_up_to_those_left_in_the_country(panjshir: Scenario, places: dict[str, Any]) -> None:
    assert sum(places[name].population for name in DISTRICTS) == 42_000
    on_map = sum(place.population for place in places.values())
    assert on_map + panjshir.sides["soviets"].reserve_population == 12_000_000


def test_snow_shuts_every_pass_to_pakistan(panjshir: Scenario) -> None:
    season = {route.id: route.season for route in panjshir.routes}
    assert {season[name] for name in ("anjuman", "dorah-keran", "nuristan-paryan", "nuristan-dara")} == {"winter"}
    assert {season[name] for name in ("salang-road-south", "salang-road-north")} == {"closures"}


def test_routes_are_no_lower_than_their_ends(panjshir: Scenario, places: dict[str, Any]) -> None:
    for route in panjshir.routes:
        ends = [places[route.start], places[route.end]]
        assert route.highest_point_m >= max(end.elevation_m for end in ends), route.id


def test_all_claims_have_a_place_and_none_awaits_a_mechanism(panjshir: Scenario) -> None:
    assert [claim.id for claim in panjshir.claims] == [f"P{number:02d}" for number in range(1, 23)]
    counts = Counter(claim.binds for claim in panjshir.claims)
    assert counts["awaits"] == 0
    assert counts["belief"] >= 10
    assert {kind: number for kind, number in coverage(panjshir).items() if number} == counts
    for claim in panjshir.claims:
        assert claim.reason if claim.binds == "context" else claim.target, claim.id


def test_nothing_is_newer_than_the_as_of_date(panjshir: Scenario) -> None:
    dates = {f"source {source.id}": source.date for source in panjshir.sources}
    dates |= {f"claim {claim.id}": claim.date for claim in panjshir.claims}
    dates |= {f"belief {name}": belief.date for name, belief in panjshir.beliefs.items() if belief.date}
    assert len(dates) == len(panjshir.sources) + len(panjshir.claims) + len(panjshir.beliefs)
    assert [name for name, day in dates.items() if day > AS_OF] == []


def test_no_claim_is_older_than_its_source_says(panjshir: Scenario) -> None:
    newest = {source.id: source.date for source in panjshir.sources}
    assert [claim.id for claim in panjshir.claims if claim.date > newest[claim.source]] == []


def test_one_reporter_is_one_origin(panjshir: Scenario) -> None:
    origin = {source.id: source.origin for source in panjshir.sources}
    assert origin["csm-caravan"] == origin["csm-1982"] == origin["csm-truce"]
    assert origin["us-leak"] == origin["state-department"]


def test_what_is_from_memory_says_so(panjshir: Scenario) -> None:
    kinds = {source.id for source in panjshir.sources if "as a kind of source" in source.note}
    assert kinds
    for source in panjshir.sources:
        assert source.id not in kinds or "from memory" in source.note, source.id


def test_written_values_lie_within_the_priors(panjshir: Scenario) -> None:
    quantities = {name: belief for name, belief in panjshir.beliefs.items() if isinstance(belief.p5, float)}
    assert len(quantities) >= 15
    for name, belief in quantities.items():
        assert isinstance(belief.p5, float)
        assert isinstance(belief.p95, float)
        assert belief.p5 <= _written(panjshir, belief) <= belief.p95, name


def _written(scenario: Scenario, belief: Belief) -> float:
    """Return what the tables say: the total of amounts, the mean of shares."""
    total = 0.0
    for path in belief.sets:
        table, entry, field = path.split(".")
        rows = getattr(scenario, table)
        row = rows[entry] if isinstance(rows, dict) else next(row for row in rows if row.id == entry)
        total += getattr(row, field)
    return total / len(belief.sets) if field in INTENSIVE else total


def test_the_contested_facts_drive_the_plans(panjshir: Scenario) -> None:
    facts = {name for name, belief in panjshir.beliefs.items() if belief.chance is not None}
    conditions = " ".join(block.condition or "" for blocks in panjshir.plans.values() for block in blocks)
    assert {"offensive-comes", "garrisons-stay", "second-sweep", "front-warned", "front-closes-road"} == facts
    assert all(f'truth("{name}")' in conditions for name in facts)


def test_both_sides_always_have_a_plan(panjshir: Scenario) -> None:
    for side, blocks in panjshir.plans.items():
        assert (blocks[-1].condition, blocks[-1].start, blocks[-1].until) == (None, None, None), side
    assert any(block.orders.disperse for block in panjshir.plans["front"])
    assert any(len(block.orders.axes) >= 2 for block in panjshir.plans["soviets"])


def test_aid_to_the_front_has_only_the_pass_to_come_in_by(panjshir: Scenario, places: dict[str, Any]) -> None:
    aid = {patron.id: patron for patron in panjshir.patrons if patron.aid > 0}
    assert {patron.through for patron in aid.values() if patron.favours == "front"} == {"dorah"}
    assert {"pakistan", "united-states", "saudi-arabia", "china"} <= set(aid)
    assert places["dorah"].holder == "front"


def test_groups_add_up(panjshir: Scenario) -> None:
    assert sum(group.share for group in panjshir.groups) == pytest.approx(1)
    assert sum(group.share_inside for group in panjshir.groups) == pytest.approx(1)


def test_the_first_leader_is_massoud_and_talks_are_closed(panjshir: Scenario) -> None:
    assert next(iter(panjshir.leaders)) == "massoud"
    assert panjshir.leaders["massoud"].side == "front"
    assert panjshir.talks.open == 0


def test_the_questions_are_asked_and_compile(panjshir: Scenario) -> None:
    assert next(iter(panjshir.questions)) == "floor-falls"
    assert set(panjshir.questions) >= QUESTIONS
    compiled = compile_scenario(panjshir)
    assert len(compiled.world.question) == len(panjshir.questions)
    assert compiled.days == (panjshir.clock.end - panjshir.clock.start).days + 1


def test_every_variant_loads_and_changes_something(panjshir: Scenario) -> None:
    assert len(panjshir.variants) >= 5
    for name, variant in panjshir.variants.items():
        changed = apply_variant(panjshir, name)
        assert changed != panjshir, name
        assert check(changed) == [], name
        assert variant.why, name


def test_layers_say_their_licence_and_hold_every_place(panjshir: Scenario) -> None:
    for layer in panjshir.layers:
        assert FOLDER.joinpath(layer.file).is_file()
        assert layer.licence
        assert layer.attribution
    relief = json.loads(FOLDER.joinpath("geo/relief.json").read_text(encoding="utf-8"))
    for place in panjshir.places:
        assert relief["lon"][0] <= place.lon <= relief["lon"][-1], place.id
        assert relief["lat"][0] <= place.lat <= relief["lat"][-1], place.id
