"""The shipped lesson harrow-hold: it loads, stays small, contradicts itself on purpose, and is explained throughout."""

import datetime
import re
from collections import defaultdict
from importlib import resources

import pytest

from fastness.compile import compile_scenario
from fastness.scenario import apply_variant, check, coverage, load
from fastness.scenario.model import Claim, Scenario

NAME = "harrow-hold"
AS_OF = datetime.date(2001, 9, 1)
INSIDE = {"harrow-gate", "harrow-hold", "upperdale"}
SECTIONS = ("clock", "sides", "places", "forces", "stocks", "sources", "claims", "beliefs", "plans", "questions")


@pytest.fixture(scope="module")
def harrow() -> Scenario:
    return load(NAME)


@pytest.fixture(scope="module")
def text() -> str:
    return resources.files("fastness.library").joinpath(NAME).joinpath("scenario.yaml").read_text(encoding="utf-8")


def test_it_loads_and_compiles_without_problems(harrow: Scenario) -> None:
    assert check(harrow) == []
    assert harrow.clock.start == harrow.clock.as_of == AS_OF
    world = compile_scenario(harrow).world
    assert (len(world.place), len(world.route), len(world.question)) == (6, 5, 4)


def test_it_is_small_enough_for_a_lesson(harrow: Scenario) -> None:
    assert len(harrow.places) <= 6
    assert len(harrow.beliefs) <= 5
    assert 8 <= len(harrow.claims) <= 10
    assert {side: len(blocks) for side, blocks in harrow.plans.items()} == {"ring": 3, "hold": 3}
    assert (len(harrow.questions), len(harrow.variants)) == (4, 3)


def test_it_lies_where_nobody_lives(harrow: Scenario) -> None:
    for place in harrow.places:  # the middle of the Atlantic
        assert -31 < place.lon < -29, place.id
        assert 44 < place.lat < 46, place.id
    assert {place.id for place in harrow.places if place.inside} == INSIDE


def test_every_belief_is_contradicted_within_its_claims(harrow: Scenario) -> None:
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in harrow.claims:
        assert claim.binds == "belief", claim.id
        claims[claim.target or ""].append(claim)
    assert set(claims) == set(harrow.beliefs)
    for name, said in claims.items():
        amounts = {(claim.value, claim.low, claim.high, claim.words) for claim in said}
        stances = {claim.stance for claim in said}
        assert len(stances) == 2 if harrow.beliefs[name].chance is not None else len(amounts) >= 2, name
    assert dict(coverage(harrow))["belief"] == len(harrow.claims)


def test_two_sources_share_an_origin(harrow: Scenario) -> None:
    assert len({source.origin for source in harrow.sources}) == len(harrow.sources) - 1


def test_nothing_is_newer_than_the_first_day(harrow: Scenario) -> None:
    dates = [source.date for source in harrow.sources] + [claim.date for claim in harrow.claims]
    dates += [belief.date for belief in harrow.beliefs.values() if belief.date]
    assert max(dates) <= AS_OF


def test_each_section_says_what_it_is_and_most_what_to_try(text: str) -> None:
    lines = text.splitlines()
    for section in SECTIONS:
        at = next(number for number, line in enumerate(lines) if re.match(rf"{section}:", line))
        assert lines[at - 1].startswith("# "), section
    assert sum(line.startswith("# Try: ") for line in lines) >= 8


def test_every_variant_loads_and_changes_something(harrow: Scenario) -> None:
    for name, variant in harrow.variants.items():
        changed = apply_variant(harrow, name)
        assert changed != harrow, name
        assert check(changed) == [], name
        assert variant.why, name
