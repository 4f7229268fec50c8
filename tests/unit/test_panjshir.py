"""The shipped scenario panjshir-2021: it loads, says where every claim goes, and knows nothing after 27 August 2021."""

import datetime
import json
import math
import re
from collections import Counter
from importlib import resources
from typing import Any

import pytest

from fastness.compile.start import INTENSIVE
from fastness.scenario import apply_variant, check, coverage, load
from fastness.scenario.model import Belief, Scenario

NAME = "panjshir-2021"
AS_OF = datetime.date(2021, 8, 27)
DISTRICTS = {"anaba", "bazarak", "dara", "khenj", "paryan", "rokha", "shutul"}
SOUTH_TO_NORTH = ["gulbahar", "anaba", "rokha", "bazarak", "khenj", "paryan", "anjuman-pass"]
GATES = {"gulbahar", "pul-e-hesar", "keran-wa-munjan", "warsaj", "salang-south"}
#: the questions that were set in advance (Q1 to Q14), and the day by, before or on which each is decided
ASKED = {
    "Q1": ("bazarak-falls-by-august-31", "2021-08-31"),
    "Q2": ("bazarak-falls-by-september-6", "2021-09-06"),
    "Q3": ("bazarak-falls-by-december", "2021-12-01"),
    "Q4": ("power-sharing-agreed", "2021-12-31"),
    "Q5": ("assault-before-august-29", "2021-08-29"),
    "Q6": ("state-supplies-arms", "2021-12-31"),
    "Q7": ("india-recognises", "2021-12-31"),
    "Q8": ("massoud-abroad", "2021-11-01"),
    "Q9": ("resistance-persists", "2021-12-31"),
    "Q10": ("district-centre-held", "2021-12-31"),
    "Q11": ("taliban-aircraft-in-combat", "2021-09-06"),
    "Q12": ("salang-closed-a-week", "2021-09-06"),
    "Q13": ("leadership-lost", "2021-12-31"),
    "Q14": ("lines-cut", "2021-09-01"),
}
#: what those on the new mechanisms look at
OBSERVED = {
    "Q4": "settled()",
    "Q6": 'aided("nrf")',
    "Q7": 'recognised("india")',
    "Q8": 'leader_abroad("massoud")',
    "Q11": 'flown_days("taliban")',
    "Q13": 'leadership_lost("nrf")',
    "Q14": "blackout()",
}
#: every outside state that the article names
STATES = {
    "united-states", "other-west", "pakistan", "russia", "china", "iran", "tajikistan", "uzbekistan", "turkmenistan",
    "india", "turkey",
}  # fmt: skip
QUESTIONS = {
    "bazarak-falls-by-august-31",
    "bazarak-falls-by-september-6",
    "assault-before-august-29",
    "resistance-persists",
    "district-centre-held",
    "salang-closed-a-week",
    "floor-held-when-khawak-closes",
    "floor-held-after-winter",
    "food-out-in-bazarak",
    "district-lost-outside",
    "ammunition-out",
    "aircraft-return-and-fight",
    "fighting-west-of-kabul",
    "recruits-driven-in",
    "evacuation-disrupted",
}
VARIANTS = {
    "salang-open",
    "salang-blocked",
    "late-assault",
    "double-stockpile",
    "early-winter",
    "anjuman-corridor",
    "khawak-axis-closed",
    "weak-besieger",
    "guarantor-steps-in",
    "patron-opens-corridor",
    "harsh-reprisals",
    "unity-message",
    "pilots-found",
    "no-pilots",
    "lines-cut",
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
    assert panjshir.clock.end == datetime.date(2022, 4, 30)


def test_the_seven_districts_are_the_stronghold(places: dict[str, Any]) -> None:
    assert len(places) >= 18
    centres = {name for name, place in places.items() if place.inside and place.district_of == "Panjshir"}
    assert centres == DISTRICTS
    assert {name for name, place in places.items() if place.inside} == DISTRICTS | {"khawak-pass", "anjuman-pass"}
    assert all((place.holder == "nrf") == place.inside for place in places.values())


def test_populations_add_up_to_the_estimates(panjshir: Scenario, places: dict[str, Any]) -> None:
    assert sum(places[name].population for name in DISTRICTS) == 172_895
    assert places["kabul"].population + places["kabul-west"].population == 4_500_000
    on_map = sum(place.population for place in places.values())
    assert on_map + panjshir.sides["taliban"].reserve_population == 38_000_000


def test_the_valley_climbs_from_its_mouth_and_passes_have_their_surveyed_heights(
    panjshir: Scenario, places: dict[str, Any]
) -> None:
    heights = [places[name].elevation_m for name in SOUTH_TO_NORTH]
    assert heights == sorted(heights)
    assert (places["khawak-pass"].elevation_m, places["anjuman-pass"].elevation_m) == (3848, 4430)
    tops = {route.id: route.highest_point_m for route in panjshir.routes}
    assert tops["salang-tunnel"] == 3400
    assert tops["khawak-andarab"] == 3848
    assert tops["anjuman-keran"] == 4430


def test_routes_are_longer_than_the_crow_flies_and_no_lower_than_their_ends(
    panjshir: Scenario, places: dict[str, Any]
) -> None:
    for route in panjshir.routes:
        ends = [places[route.start], places[route.end]]
        assert route.highest_point_m >= max(end.elevation_m for end in ends), route.id
        assert route.length_km >= _distance_km(*ends), route.id


def _distance_km(one: Any, other: Any) -> float:  # noqa: ANN401  (two places)
    north = math.radians(one.lat - other.lat)
    east = math.radians(one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return 6371 * math.hypot(north, east)


def test_snow_shuts_passes_and_storms_the_salang(panjshir: Scenario) -> None:
    season = {route.id: route.season for route in panjshir.routes}
    winter = {name for name, kind in season.items() if kind == "winter"}
    assert {name for name in season if name.startswith(("khawak", "anjuman"))} <= winter
    assert {season[name] for name in season if name.startswith("salang")} == {"closures"}
    assert season["gulbahar-anaba"] == "open"


def test_every_way_into_the_valley_leads_through_its_five_gates(panjshir: Scenario, places: dict[str, Any]) -> None:
    ways = ((places[route.start], places[route.end]) for route in panjshir.routes)
    crossings = [sorted(ends, key=lambda place: place.inside) for ends in ways if ends[0].inside != ends[1].inside]
    assert {outside.id for outside, _ in crossings} == GATES
    assert _reach(panjshir, "kabul") == set(places)


def _reach(scenario: Scenario, start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        ends = ({route.start, route.end} for route in scenario.routes if here in (route.start, route.end))
        fresh = set().union(*ends) - seen
        seen |= fresh
        waiting += fresh
    return seen


def test_all_105_claims_have_a_place(panjshir: Scenario) -> None:
    assert [claim.id for claim in panjshir.claims] == [f"C{number:03d}" for number in range(1, 106)]
    counts = Counter(claim.binds for claim in panjshir.claims)
    assert counts == {"belief": 42, "parameter": 18, "entry": 33, "context": 12}
    assert counts["awaits"] == 0
    assert dict(coverage(panjshir)) == dict(counts) | {"awaits": 0}
    for claim in panjshir.claims:
        assert claim.target if claim.binds != "context" else claim.reason, claim.id
        assert not re.search(r"\bM\d\d\b.* comes? with|come with M\d\d", claim.reason), claim.id


def test_every_belief_that_claims_can_inform_says_what_it_rests_on(panjshir: Scenario) -> None:
    informed = Counter(claim.target for claim in panjshir.claims if claim.binds == "belief")
    assert set(informed) <= set(panjshir.beliefs)
    assert len(informed) >= 25
    assert all(belief.source and belief.why for belief in panjshir.beliefs.values())


def test_established_facts_are_not_pooled(panjshir: Scenario) -> None:
    established = [claim for claim in panjshir.claims if claim.kind == "established"]
    assert len(established) == 25
    assert {claim.binds for claim in established} == {"entry", "context"}


def test_what_the_article_gets_wrong_informs_nothing(panjshir: Scenario) -> None:
    distance = next(claim for claim in panjshir.claims if claim.id == "C022")
    assert (distance.item_grade, distance.binds) == (5, "context")
    assert "wrong" in distance.reason.lower()


def test_one_author_is_one_origin(panjshir: Scenario) -> None:
    origin = {source.id: source.origin for source in panjshir.sources}
    assert origin["massoud-via-author"] == origin["massoud-side"]
    assert len({origin[claim.source] for claim in panjshir.claims}) == 5


def test_nothing_is_newer_than_the_as_of_date(panjshir: Scenario) -> None:
    dates = {f"source {source.id}": source.date for source in panjshir.sources}
    dates |= {f"claim {claim.id}": claim.date for claim in panjshir.claims}
    dates |= {f"belief {name}": belief.date for name, belief in panjshir.beliefs.items() if belief.date}
    assert len(dates) == len(panjshir.sources) + len(panjshir.claims) + len(panjshir.beliefs)
    assert [name for name, day in dates.items() if day > AS_OF] == []


def test_written_values_lie_within_the_priors(panjshir: Scenario) -> None:
    quantities = {name: belief for name, belief in panjshir.beliefs.items() if isinstance(belief.p5, float)}
    assert len(quantities) >= 24
    for name, belief in quantities.items():
        assert isinstance(belief.p5, float)
        assert isinstance(belief.p95, float)
        assert belief.p5 <= _written(panjshir, belief) <= belief.p95, name


def _value(row: object, field: str) -> float:
    return float(getattr(row, field))


def _written(scenario: Scenario, belief: Belief) -> float:
    """Return what the tables say: the total of amounts, the mean of days and shares."""
    paths = (belief.sets,) if isinstance(belief.sets, str) else belief.sets
    total = 0.0
    for path in paths:
        table, *entries, field = path.split(".")
        rows = getattr(scenario, table)
        if not entries:
            total += _value(rows, field)
            continue
        entry = entries[0]
        row = rows[entry] if isinstance(rows, dict) else next(row for row in rows if row.id == entry)
        total += _value(row, field)
    return total / len(paths) if field in INTENSIVE else total


def test_contested_facts_are_latent_truths(panjshir: Scenario) -> None:
    facts = {name: belief for name, belief in panjshir.beliefs.items() if belief.chance is not None}
    assert {"salang-blocked", "taliban-pilots", "aircraft-return", "besieger-intends-to-crush"} <= set(facts)
    assert facts["taliban-pilots"].chance == pytest.approx(2 / 5)  # mean of Beta(2, 3)
    salang = facts["salang-blocked"]
    assert salang.said_if_true["massoud-side"] / salang.said_if_false["massoud-side"] < 2
    assert salang.said_if_true["taliban"] / salang.said_if_false["taliban"] < 2


def test_both_sides_always_have_a_plan_and_the_besieger_two_strategies(panjshir: Scenario) -> None:
    for side, blocks in panjshir.plans.items():
        assert blocks[-1].condition is None, side
        assert blocks[-1].start is None, side
        assert blocks[-1].until is None, side
    besieger = panjshir.plans["taliban"]
    crush = [block for block in besieger if block.condition and 'truth("besieger-intends-to-crush")' in block.condition]
    assert any(block.orders.assault == "bazarak" and len(block.orders.axes) >= 2 for block in crush)
    assert besieger[-1].orders.assault is None
    assert set(besieger[-1].orders.blockade) == GATES


def test_groups_are_rough_shares_and_never_said_of_a_place(panjshir: Scenario) -> None:
    groups = {group.id: group for group in panjshir.groups}
    assert sum(group.share for group in panjshir.groups) == pytest.approx(1)
    assert sum(group.share_inside for group in panjshir.groups) == pytest.approx(1)
    assert groups["tajik"].share_inside > 0.9
    assert [group.id for group in panjshir.groups if group.kin == "taliban"] == ["pashtun"]
    assert groups["tajik"].affinity == max(group.affinity for group in panjshir.groups)
    assert groups["pashtun"].affinity == min(group.affinity for group in panjshir.groups)
    elf = 1 - sum(group.share**2 for group in panjshir.groups)
    assert elf == pytest.approx(0.73, abs=0.01)  # of the rough shares
    assert "from memory" in next(source.note for source in panjshir.sources if source.id == "rough-shares")


def test_every_state_that_the_article_names_is_a_patron(panjshir: Scenario) -> None:
    patrons = {patron.id: patron for patron in panjshir.patrons}
    assert set(patrons) == STATES
    assert {name for name, patron in patrons.items() if patron.follows == "russia"} == {
        "tajikistan",
        "uzbekistan",
        "turkmenistan",
    }
    assert {name for name, patron in patrons.items() if patron.favours == "taliban"} == {"pakistan", "iran"}
    assert {name for name, patron in patrons.items() if patron.evacuates} == {"united-states", "other-west"}
    recognisers = {name for name, patron in patrons.items() if patron.recognises == "taliban"}
    assert recognisers == {"pakistan", "china", "russia"}
    assert 0.02 <= patrons["india"].recognition <= 0.15
    assert patrons["india"].recognises == "nrf"
    assert max(patron.aid for patron in patrons.values() if patron.favours == "nrf") == patrons["tajikistan"].aid


def test_leaders_are_roles_with_two_veto_players_in_the_resistance(panjshir: Scenario) -> None:
    leaders = panjshir.leaders
    assert next(iter(leaders)) == "massoud"
    assert 0.6 <= leaders["massoud"].bargaining <= 0.9
    assert leaders["massoud"].veto
    assert leaders["saleh"].veto
    assert leaders["saleh"].reservation > leaders["massoud"].reservation
    assert panjshir.talks.open == 1
    assert panjshir.talks.offer < leaders["massoud"].reservation


def test_the_questions_set_in_advance_are_asked(panjshir: Scenario) -> None:
    assert len(ASKED) == 14
    for number, (name, day) in ASKED.items():
        question = panjshir.questions[name]
        assert datetime.date.fromisoformat(day) in (question.by, question.before, question.on), number
        assert OBSERVED.get(number, "") in question.holds, number


def test_orders_and_facts_that_plans_look_at_are_used(panjshir: Scenario) -> None:
    orders = {side: [block.orders for block in blocks] for side, blocks in panjshir.plans.items()}
    assert any(order.unite and order.talk for order in orders["nrf"])
    assert any(order.disperse for order in orders["nrf"])
    assert any(order.blackout and order.harsh > 1 for order in orders["taliban"])
    assert any(order.talk and order.assault is None for order in orders["taliban"])
    written = " ".join(block.condition or "" for blocks in panjshir.plans.values() for block in blocks)
    asked = " ".join(question.holds for question in panjshir.questions.values())
    used = {force.needs for force in panjshir.forces} | {
        name for name in panjshir.beliefs if f'truth("{name}")' in written + asked
    }
    idle = {name for name, belief in panjshir.beliefs.items() if belief.chance is not None and not belief.sets} - used
    assert idle == set()


def test_the_questions_are_asked(panjshir: Scenario) -> None:
    assert next(iter(panjshir.questions)) == "bazarak-falls-by-december"
    assert set(panjshir.questions) >= QUESTIONS
    headline = panjshir.questions["bazarak-falls-by-december"]
    assert (headline.before, headline.by, headline.on) == (datetime.date(2021, 12, 1), None, None)


def test_every_variant_loads_and_changes_something(panjshir: Scenario) -> None:
    assert set(panjshir.variants) >= VARIANTS
    for name, variant in panjshir.variants.items():
        changed = apply_variant(panjshir, name)
        assert changed != panjshir, name
        assert check(changed) == [], name
        assert variant.why, name


def test_layers_are_small_and_say_their_licence(panjshir: Scenario) -> None:
    for layer in panjshir.layers:
        assert FOLDER.joinpath(layer.file).is_file()
        assert layer.licence
        assert layer.attribution
    relief = json.loads(FOLDER.joinpath("geo/relief.json").read_text(encoding="utf-8"))
    assert set(relief) == {"lon", "lat", "elevation_m"}
    assert relief["lat"] == sorted(relief["lat"])  # row 0 is the south
    assert {len(row) for row in relief["elevation_m"]} == {len(relief["lon"])}
    assert len(relief["elevation_m"]) == len(relief["lat"])
    assert len(FOLDER.joinpath("geo/provinces.geojson").read_bytes()) < 80_000


def test_every_place_lies_on_the_relief_and_the_capital_in_its_province(places: dict[str, Any]) -> None:
    relief = json.loads(FOLDER.joinpath("geo/relief.json").read_text(encoding="utf-8"))
    for place in places.values():
        assert relief["lon"][0] <= place.lon <= relief["lon"][-1], place.id
        assert relief["lat"][0] <= place.lat <= relief["lat"][-1], place.id
    provinces = json.loads(FOLDER.joinpath("geo/provinces.geojson").read_text(encoding="utf-8"))
    ring = next(
        shape["geometry"]["coordinates"][0]
        for shape in provinces["features"]
        if shape["properties"]["name"] == "Panjshir"
    )
    for name in DISTRICTS:
        assert _inside(places[name].lon, places[name].lat, ring), name
    assert not _inside(places["kabul"].lon, places["kabul"].lat, ring)


def _inside(lon: float, lat: float, ring: list[list[float]]) -> bool:
    """Count how often a ray to the east crosses the ring."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1
