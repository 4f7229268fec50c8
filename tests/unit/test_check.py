"""Scenarios changed in memory: replace, variants, checks without files, coverage."""

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from fastness.errors import ScenarioError
from fastness.scenario import Scenario, apply_variant, check, coverage, identity, load, replace, resolve

CORPUS = Path(__file__).parent.parent / "scenarios"


def valid(name: str) -> Scenario:
    return load(CORPUS / "valid" / name / "mine.yaml")


@pytest.mark.parametrize(
    ("path", "written", "read"),
    [
        ("routes.road.blocked", 1, 1.0),
        ("routes.road.length_km", "10 mi", 16.09344),
        ("routes.road.name", "Mule track", "Mule track"),
        ("places.upper.holder", None, None),
        ("places.upper.inside", False, False),
        ("sides.blue.reserve", 500, 500.0),
        ("beliefs.bridge-down.chance", 0.1, 0.1),
        ("clock.end", "2001-02-28", "2001-02-28"),
        ("parameters.information.origin_correlation", 0.5, 0.5),
    ],
)
def test_replace_changes_one_value_and_nothing_else(path: str, written: object, read: object) -> None:
    base = valid("variants")
    if path == "routes.road.blocked":
        base = base.model_copy(update={"beliefs": {}, "variants": {}})
    before = identity(base)
    changed = replace(base, path, written)
    assert identity(base) == before
    assert differences(resolve(base), resolve(changed)) == {path: read}


def differences(one: object, other: object, path: str = "") -> dict[str, object]:
    """Return what differs between two documents, by path; rows by their id."""
    if isinstance(one, list) and isinstance(other, list) and all(isinstance(row, dict) for row in one + other):
        one = {row.get("id", n): row for n, row in enumerate(one)}
        other = {row.get("id", n): row for n, row in enumerate(other)}
    if not isinstance(one, dict) or not isinstance(other, dict):
        return {} if one == other else {path: other}
    found: dict[str, object] = {}
    for key in one.keys() | other.keys():
        found |= differences(one.get(key), other.get(key), f"{path}.{key}".strip("."))
    return found


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("routes.rode.blocked", 1, "FS112  no route named 'rode'; did you mean 'road'?"),
        ("routes.road.blokked", 1, "FS117  no path 'routes.road.blokked'; did you mean 'blocked'?"),
        ("routes.road.blocked.deep", 1, "FS117  no path"),
        ("routes.road.id", "way", "FS117  no path 'routes.road.id'"),
        ("routes", 1, "no route named ''"),
        ("", 1, "FS117  no path ''"),
        ("places.upper.unrest", 2, "places.upper.unrest  FS132  must be 1 or less, is 2"),
        ("places.upper.unrest", float("nan"), "places.upper.unrest  FS133  must be a finite number, is nan"),
        ("clock.end", "2000-01-01", "clock.end  FS140"),
        ("routes.road.from", "upper", "leads from 'upper' to itself"),
        ("sides.blue.role", "defender", "FS152  there has to be exactly one defender, there are 2"),
        ("parameters.information.nothing", 1, "FS112  no parameter named 'information.nothing'"),
    ],
)
def test_replace_refuses_what_does_not_fit(path: str, value: object, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        replace(valid("smallest"), path, value)


def test_replace_does_not_write_what_a_belief_overwrites() -> None:
    with pytest.raises(ScenarioError, match=r"FS181 .* change beliefs\.bridge-down\.chance"):
        replace(valid("variants"), "routes.road.blocked", 1)


def test_a_variant_stands_on_what_it_extends() -> None:
    base = valid("variants")
    changed = apply_variant(base, "open-longer")
    assert differences(resolve(base), resolve(changed)) == {
        "beliefs.bridge-down.chance": 0.0,
        "clock.end": "2001-02-28",
        "routes.road.length_km": 16.09344,
        "places.lower.holder": None,
        "places.upper.inside": False,
    }
    assert changed.origin == base.origin
    assert [place.id for place in changed.places] == [place.id for place in base.places]


def test_a_variant_that_is_not_there() -> None:
    with pytest.raises(ScenarioError, match=r"no variant named 'opne'; did you mean 'open'\?"):
        apply_variant(valid("variants"), "opne")


def test_a_circle_of_variants_is_not_followed() -> None:
    base = valid("smallest")
    circle = {name: {"title": name, "extends": other} for name, other in (("one", "two"), ("two", "one"))}
    scenario = Scenario.model_validate({**base.model_dump(by_alias=True), "variants": circle})
    with pytest.raises(ScenarioError, match="FS180  variants extend each other in a circle: one → two → one"):
        apply_variant(scenario, "one")


def test_check_looks_at_scenarios_built_in_python() -> None:
    base = valid("smallest")
    assert check(base) == []
    broken = base.model_copy(update={"routes": (base.routes[0].model_copy(update={"end": "uper"}),)})
    (problem,) = check(broken)
    assert str(problem) == "routes.road.to  FS112  no place named 'uper'; did you mean 'upper'?"


def test_a_scenario_is_frozen() -> None:
    base = valid("smallest")
    with pytest.raises(ValidationError):
        base.title = "Another"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        base.places[0].population = 5  # type: ignore[misc]
    assert base.clock.start == date(2001, 1, 1)


def test_coverage_counts_claims_by_what_they_bind_to() -> None:
    counted = {"belief": 6, "parameter": 1, "entry": 1, "context": 1, "awaits": 1}
    assert coverage(valid("beliefs-and-claims")) == counted
    assert sum(coverage(valid("smallest")).values()) == 0
