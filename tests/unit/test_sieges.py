"""Cases read and mapped, baselines and scores by hand, and a forecaster that never sees how a siege ended."""

import ast
import csv
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import fastness.history
from fastness.cli.command import app
from fastness.errors import AnalysisError
from fastness.history.cases import COLUMNS, Case, Range, read_cases
from fastness.history.climatology import CENSORED, aalen_johansen, fit_logistic, old_rule
from fastness.history.coarse import BESIEGER, DAYS, DEFENDER, coarse
from fastness.history.courses import CLASSES, LASTS, play_case
from fastness.history.outcomes import COLUMNS as OUTCOME_COLUMNS
from fastness.history.outcomes import Outcome, read_outcomes
from fastness.history.siege_backtest import sieges
from fastness.history.siege_scores import (
    Difference,
    best_weight,
    difference,
    integrated_brier,
    observed_curves,
    power,
    ranked_probability,
)
from fastness.history.sieges import Training, class_chances, fall_curve, forecast_cases, training
from fastness.scenario.check import check

CASE = Case("X1", "a-war", date(1950, 5, 1))
ROW = {
    "id": "X1",
    "conflict": "a-war",
    "start": "1950-05-01",
    "setting": "town",
    "front": "regular-vs-regular",
    "defenders_low": "2000",
    "defenders_high": "4000",
    "attackers_low": "5000",
    "attackers_high": "9000",
    "road_corridor": "closed",
    "air_or_sea_corridor": "none",
    "relief_force": "near",
    "attacker_intent": "assault",
    "heavy_weapons_attacker": "2",
}
END = {
    "id": "X1",
    "start": "1950-05-01",
    "end": "1950-06-30",
    "days": "60",
    "outcome": "fell",
    "force_survived": "no",
}


def table(path: Path, columns: Iterable[str], *rows: dict[str, str]) -> Path:
    """Write rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def predictors(folder: Path, *rows: dict[str, str]) -> Path:
    """Write a table of predictors."""
    return table(folder / "predictors.csv", COLUMNS, *rows)


def outcomes(folder: Path, *rows: dict[str, str]) -> Path:
    """Write a table of outcomes."""
    return table(folder / "outcomes.csv", OUTCOME_COLUMNS, *rows)


def test_a_case_is_read_and_what_is_empty_stays_unknown(tmp_path: Path) -> None:
    case = read_cases(predictors(tmp_path, ROW)).rows[0]
    assert case.defenders == Range(2000, 4000)
    assert case.heavy_weapons_attacker == 2
    assert case.start == date(1950, 5, 1)
    assert case.population is None
    assert case.sponsor is None
    assert case.air_attacker is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "1950-02-30"}, "3:start  FS428  '1950-02-30' is no date of the calendar; write 1941-04-11"),
        ({"setting": "twon"}, "3:setting  FS426  'twon' is not one of its words; did you mean 'town'?"),
        (
            {"attackers_low": "9001"},
            "3:attackers_low  FS427  the range runs the wrong way, from 9001 to 9000; swap them",
        ),
        (
            {"attackers_low": ""},
            "3:attackers_low  FS427  one end of the range is missing; give both, or leave both empty",
        ),
        ({"attackers_low": "many"}, "3:attackers_low  FS426  'many' is not a number"),
        ({"air_attacker": "3"}, "3:air_attacker  FS426  must be a whole number from 0 to 2, is 3"),
        ({"air_attacker": "nan"}, "3:air_attacker  FS426  must be a whole number from 0 to 2, is nan"),
        ({"start": "9999-12-01"}, "3:start  FS428  is in the year 9999; cases are of 1500 to 2200"),
        (
            {"food_days_low": "1", "food_days_high": "1e9"},
            "3:food_days_high  FS426  must be a number from 0 to 1000, is 1e9",
        ),
        ({"conflict": ""}, "3:conflict  FS426  is empty; every case needs it"),
        ({"id": "X1"}, "3:id  FS429  there are two rows 'X1', the first in line 2; rename one"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_the_others_are_kept(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    path = predictors(tmp_path, ROW, ROW | {"id": "X2"} | change, ROW | {"id": "X3"})
    reading = read_cases(path)
    assert [case.id for case in reading.rows] == ["X1", "X3"]
    assert [str(problem) for problem in reading.problems] == [f"{path}:{said}"]


def test_all_problems_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    reading = read_cases(predictors(tmp_path, ROW, ROW | {"id": "X2", "setting": "twon", "talks": "perhaps"}))
    assert [problem.column for problem in reading.problems] == ["setting", "talks"]


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", [name for name in COLUMNS if name != "talks"])
    with pytest.raises(AnalysisError) as caught:
        read_cases(path)
    assert caught.value.code == "FS425"
    assert caught.value.message == f"{path}:1  has no column talks"


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b'id,"x\n'])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(text)
    with pytest.raises(AnalysisError, match="FS425"):
        read_cases(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"end": "1950-04-30"}, "2:end  FS428  ends on 1950-04-30, before its start 1950-05-01; swap them, or"),
        ({"days": "99"}, "2:days  FS428  has 99 days, but its dates are 60 days apart; correct one"),
        ({"outcome": "lost"}, "2:outcome  FS426  'lost' is not one of its words"),
    ],
)
def test_impossible_outcomes_are_told(tmp_path: Path, change: dict[str, str], said: str) -> None:
    reading = read_outcomes(outcomes(tmp_path, END | change, END | {"id": "X2"}))
    assert [row.id for row in reading.rows] == ["X2"]
    assert said in str(reading.problems[0])


def test_an_unknown_case_is_a_sound_scenario() -> None:
    scenario = coarse(CASE)
    assert check(scenario) == []
    assert scenario.clock.start == date(1950, 5, 1)
    assert (scenario.clock.end - scenario.clock.start).days == DAYS


def test_the_mapping_by_hand() -> None:
    case = replace(
        CASE,
        setting="town",
        defenders=Range(1000, 4000),
        attackers=Range(8000, 18000),
        strength_confidence="H",
        area_km2=Range(4, 9),
        road_corridor="closed",
        relief_force="near",
        attacker_intent="blockade",
        fortification="prepared",
        heavy_weapons_attacker=0,
        attacker_other_fronts=2,
    )
    scenario = coarse(case)
    beliefs = scenario.beliefs
    assert [beliefs["defenders"].p5, beliefs["defenders"].p50, beliefs["defenders"].p95] == pytest.approx(
        [1000, 2000, 4000]
    )
    assert beliefs["attackers"].p50 == pytest.approx(12000)
    assert beliefs["relief-comes"].chance == 0.6
    assert beliefs["means-to-storm"].chance == 0.15
    assert beliefs["would-leave"].chance == 0.4
    assert beliefs["works"].p50 == 0.5
    assert "siege-guns" not in beliefs
    places = {place.id: place for place in scenario.places}
    assert [name for name, place in places.items() if place.inside] == ["belt-1", "core"]  # 6 km2: two belts
    assert places["gap"].holder == BESIEGER
    # a half of the circumference of 6 km2
    front = next(route for route in scenario.routes if route.start == "camp" and route.end == "belt-1")
    assert front.frontage_km == pytest.approx(np.sqrt(np.pi * 6))


def test_an_open_road_is_held_by_the_defenders_and_the_ring_is_closed_by_force() -> None:
    scenario = coarse(replace(CASE, road_corridor="open"))
    assert {place.id: place for place in scenario.places}["gap"].holder == DEFENDER
    assert [block.intent for block in scenario.plans[BESIEGER]][2] == "close the ring"
    assert check(scenario) == []


@pytest.mark.parametrize(
    ("known", "belief"),
    [
        ({"defenders": Range(2000, 4000)}, "defenders"),
        ({"attackers": Range(2000, 4000)}, "attackers"),
        ({"population": Range(50000, 60000)}, "people"),
        ({"food_days": Range(20, 25)}, "food"),
        ({"fortification": "hasty"}, "works"),
        ({"heavy_weapons_attacker": 1}, "siege-guns"),
        ({"air_or_sea_corridor": "open"}, "bridge"),
        ({"attacker_other_fronts": 1}, "unrest"),
    ],
)
def test_what_is_unknown_is_wider(known: dict[str, object], belief: str) -> None:
    def width(case: Case) -> float:
        found = coarse(case).beliefs[belief]
        assert isinstance(found.p5, float)
        assert isinstance(found.p95, float)
        return found.p95 / found.p5

    assert width(CASE) > 1.2 * width(replace(CASE, **known))  # type: ignore[arg-type]


def test_one_side_counted_places_the_other() -> None:
    found = coarse(replace(CASE, attackers=Range(10000, 10000), strength_confidence="H")).beliefs["defenders"]
    assert found.p50 == pytest.approx(5000)


@given(
    st.builds(
        Case,
        id=st.just("X1"),
        conflict=st.just("w"),
        start=st.dates(date(1900, 1, 1), date(2030, 1, 1)),
        setting=st.sampled_from([None, "city", "town", "rural", "mountain", "coast"]),
        front=st.sampled_from([None, "regular-vs-regular", "state-vs-irregular", "mixed"]),
        defenders=st.none() | st.builds(lambda a, b: Range(a, a + b), st.integers(0, 10**6), st.integers(0, 10**6)),
        attackers=st.none() | st.builds(lambda a, b: Range(a, a + b), st.integers(0, 10**6), st.integers(0, 10**6)),
        area_km2=st.none() | st.builds(lambda a: Range(a, 2 * a), st.floats(0, 1e6)),
        food_days=st.none() | st.builds(lambda a: Range(a, 2 * a), st.floats(0, 900)),
        road_corridor=st.sampled_from([None, "open", "contested", "closed"]),
        air_or_sea_corridor=st.sampled_from([None, "open", "contested", "none"]),
        relief_force=st.sampled_from([None, "near", "distant", "none"]),
        talks=st.sampled_from([None, "open", "none"]),
        guarantor=st.sampled_from([None, 0, 1]),
        heavy_weapons_attacker=st.sampled_from([None, 0, 1, 2]),
        air_support_defender=st.sampled_from([None, 0, 1, 2]),
    )
)
def test_every_case_makes_a_sound_scenario(case: Case) -> None:
    assert check(coarse(case)) == []


def test_campaigns_of_a_case_end_in_one_way() -> None:
    found = play_case(replace(CASE, attackers=Range(9000, 9000), defenders=Range(900, 900)), 3, 0, 20)
    assert found.failed == 0
    assert set(found.ending) <= {LASTS, *range(len(CLASSES))}
    assert ((found.day == DAYS) | (found.ending != LASTS)).all()
    assert np.array_equal(
        found.day, play_case(replace(CASE, attackers=Range(9000, 9000), defenders=Range(900, 900)), 3, 0, 20).day
    )


def test_aalen_johansen_by_hand() -> None:
    # 5 cases: ends of cause 0 on days 1 and 3, of cause 1 on day 2; one lost from sight on day 2, one still there
    days = np.array([1, 2, 2, 3, 9])
    causes = np.array([0, 1, CENSORED, 0, CENSORED])
    found = aalen_johansen(days, causes, count=2, horizon=4)
    # S: 4/5 after day 1; 4/5 * 3/4 = 3/5 after day 2; two watched on day 3: + 3/5 * 1/2
    assert found[0] == pytest.approx([0, 0.2, 0.2, 0.5, 0.5])
    assert found[1] == pytest.approx([0, 0, 0.2, 0.2, 0.2])


def test_without_censoring_incidence_is_the_share_so_far() -> None:
    days, causes = np.array([3, 5, 5, 8]), np.array([0, 1, 0, 1])
    assert aalen_johansen(days, causes, count=2, horizon=8)[:, [2, 3, 5, 8]].tolist() == [
        [0, 0.25, 0.5, 0.5],
        [0, 0, 0.25, 0.5],
    ]


def test_relief_competes_with_falling() -> None:
    """One minus Kaplan-Meier with relief censored would say 1/2 and more; three of four never fell."""
    found = aalen_johansen(np.array([1, 2, 3, 4]), np.array([1, 1, 0, 1]), count=2, horizon=5)
    assert found[0, -1] == pytest.approx(0.25)


def test_integrated_brier_by_hand() -> None:
    curve = np.zeros((1, DAYS + 1))
    curve[0, 101:] = 0.5  # says 0 for 100 days, then a half
    observed = observed_curves([outcome("X1", days=201, ending=0)])
    # days 101 to 200: 0.25, days 201 to 365: 0.25
    assert integrated_brier(curve, observed)[0] == pytest.approx(0.25 * 265 / 365)


def outcome(name: str, days: int, ending: int) -> Outcome:
    """Make an outcome."""
    start = date(1950, 5, 1)
    return Outcome(name, start, date.fromordinal(start.toordinal() + days), days, ending, None)


def test_a_siege_that_was_relieved_has_not_fallen() -> None:
    observed = observed_curves([outcome("X1", 10, 1), outcome("X2", 10, 0), outcome("X3", 400, 0)])
    assert observed[:, [9, 10, DAYS]].tolist() == [[0, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_ranked_probability_by_hand() -> None:
    # fell .1, relieved .4, held .3, negotiated .2; ranked fell, negotiated, held, relieved: .1 .3 .6; held came: 0 0 1
    chances = np.array([[0.1, 0.4, 0.3, 0.2]])
    assert ranked_probability(chances, np.array([2]))[0] == pytest.approx((0.01 + 0.09 + 0.16) / 3)


def test_the_old_rule() -> None:
    curve = np.linspace(0, 0.5, DAYS + 1)
    three = replace(CASE, attackers=Range(3000, 3000), defenders=Range(1000, 1000))
    assert old_rule(three, curve)[-1] == 1
    assert old_rule(replace(three, defenders=Range(1001, 1001)), curve)[-1] == 0
    assert np.array_equal(old_rule(CASE, curve), curve)


def test_logistic_regression_finds_the_way_and_shrinks() -> None:
    cases = [
        replace(CASE, attackers=Range(ratio * 1000, ratio * 1000), defenders=Range(1000, 1000), road_corridor="closed")
        for ratio in (0.5, 1, 2, 4, 8, 16)
    ]
    fitted = fit_logistic(cases, np.array([False, False, False, True, True, True]))
    said = [fitted.probability(case) for case in cases]
    assert said == sorted(said)
    assert 0.02 < said[0] < said[-1] < 0.98
    assert fitted.probability(CASE) == pytest.approx(0.5, abs=0.01)  # nothing known: the level of all


def test_the_interval_resamples_conflicts_and_one_conflict_decides_nothing() -> None:
    first, second = np.array([0.1, 0.1, 0.1, 0.1, 0.3]), np.full(5, 0.2)
    found = difference(first, second, ["a", "a", "a", "a", "b"])
    assert found.mean == pytest.approx(-0.06)
    assert found.low == pytest.approx(-0.1)
    assert found.high == pytest.approx(0.1)


def test_power_by_hand() -> None:
    # a difference of 1.96 standard errors clears zero half of the time; 80 % take (2.8016 / 1.96)^2 times the cases
    found = power(Difference(-1.959964, -4, 0, 1.0), 44)
    assert found["clears_zero"] == 0.5
    assert found["cases_for_80"] == 90
    assert power(Difference(0.1, 0, 1, 1.0), 44)["cases_for_80"] is None


def test_best_weight_by_hand() -> None:
    climatology, raw = np.full((2, DAYS + 1), 0.5), np.full((2, DAYS + 1), 0.9)
    observed = np.array([np.ones(DAYS + 1), np.ones(DAYS + 1)])
    assert best_weight(raw, climatology, observed, ["a", "b"])[0] == 1  # 1.25 would be best, no more than 1 is given
    observed[1] = 0
    assert best_weight(raw, climatology, observed, ["a", "b"])[0] == 0


def test_curves_and_classes_from_campaigns() -> None:
    curve = fall_curve(np.array([10, 20, DAYS]), np.array([0, 1, LASTS]))
    assert curve[[9, 10, DAYS]].tolist() == [0.125, 0.375, 0.375]  # (k + 1/2) / 4
    lasting = np.array([0.4, 0.2, 0.2, 0.2])
    chances = class_chances(np.array([0, 1, LASTS]), lasting)
    assert chances.sum() == pytest.approx(1)
    assert chances[0] == pytest.approx((1 + 0.4 + 0.5) / 5)


def test_training_leaves_a_conflict_out() -> None:
    past = Training(("a", "b", "b"), np.array([5, 5, 400]), np.array([0, 1, 0]), np.array([0.0, 1.0, np.nan]))
    assert past.incidence()[0, DAYS] == pytest.approx(1 / 3)
    assert past.without("a").incidence()[0, DAYS] == 0
    assert past.survival() == pytest.approx(2 / 4)
    assert past.shares(lasting=True)[0] == pytest.approx(2 / 5)


def test_the_package_ships_training_figures() -> None:
    past = training()
    assert len(past.days) > 20
    assert set(past.endings) <= set(range(len(CLASSES)))


def names_imported(path: Path) -> set[str]:
    """Return the modules that a file of the package imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }


def test_no_forecaster_imports_the_reader_of_outcomes() -> None:
    folder = Path(fastness.history.__path__[0])
    waiting, seen = ["sieges"], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        found = {module.split(".")[-1] for module in names_imported(folder / f"{name}.py") if ".history." in module}
        waiting += sorted(found - seen)
    assert {"coarse", "courses", "climatology"} <= seen
    assert "outcomes" not in seen


def test_forecasts_are_made_before_the_outcomes_are_opened(tmp_path: Path) -> None:
    """A hook on every file that is opened: outcomes are first touched when all forecasts are there."""
    known, ended = predictors(tmp_path, ROW, ROW | {"id": "X2"}), outcomes(tmp_path, END, END | {"id": "X2"})
    opened: list[tuple[str, int]] = []
    done = 0
    listening = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if listening and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            opened.append((os.fsdecode(arguments[0]), done))

    def count(finished: int, _: int) -> None:
        nonlocal done
        done = finished

    sys.addaudithook(hook)
    try:
        sieges(known, ended, campaigns=20, progress=count)
    finally:
        listening = False
    assert [when for path, when in opened if path == str(ended)] == [2]
    assert str(known) in {path for path, _ in opened}


def test_forecasts_do_not_depend_on_outcomes(tmp_path: Path) -> None:
    known = predictors(
        tmp_path, ROW, ROW | {"id": "X2", "conflict": "b-war", "defenders_low": "", "defenders_high": ""}
    )
    said = []
    for ending in ("fell", "held"):
        ended = outcomes(tmp_path, *(END | {"id": name, "outcome": ending} for name in ("X1", "X2")))
        said.append(sieges(known, ended, campaigns=20).document()["cases"])
    ended.unlink()
    alone = forecast_cases(read_cases(known).rows, campaigns=20)
    assert said[0] == said[1] == [made.document() for made in alone]


def test_json_of_the_verb(tmp_path: Path) -> None:
    rows = [ROW, ROW | {"id": "X2", "conflict": "b-war"}, ROW | {"id": "X3", "start": "1950-13-01"}]
    ends = [END, END | {"id": "X2", "outcome": "relieved", "force_survived": "yes"}, END | {"id": "X9"}]
    given = ["backtest", "sieges", str(predictors(tmp_path, *rows)), str(outcomes(tmp_path, *ends))]
    result = CliRunner().invoke(app, [*given, "--json", "--campaigns", "20"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["n"] == 2
    assert {"model", "climatology", "difference", "low", "high"} <= set(found["primary"])
    assert set(found["by_day"]) == {"30", "120", "365"}
    assert all({"model", "climatology"} <= set(row) for row in found["by_day"].values())
    for case in found["cases"]:
        assert {"id", "p30", "p120", "p365", "outcome_class"} <= set(case)
        assert 0 <= case["p30"] <= case["p120"] <= case["p365"] <= 1
        assert set(case["outcome_class"]) == set(CLASSES)
        assert sum(case["outcome_class"].values()) == pytest.approx(1)
    assert found["primary"]["difference"] == pytest.approx(found["primary"]["model"] - found["primary"]["climatology"])
    assert found["climatology_from"].startswith("the shipped training cases")
    assert "FS428" in result.stderr
    assert "X9" in result.stderr


def test_nothing_to_score_is_an_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["backtest", "sieges", str(predictors(tmp_path, ROW)), str(outcomes(tmp_path, END | {"id": "X9"})), "-n", "20"],
    )
    assert isinstance(result.exception, AnalysisError)
    assert "has an outcome" in result.exception.message


@pytest.mark.skipif(
    not (Path(os.environ.get("FASTNESS_SHARED", "")) / "data" / "siege_predictors.csv").is_file(),
    reason="FASTNESS_SHARED does not name the folder of the shared data",
)
def test_the_cases_of_the_training_set_are_read() -> None:
    folder = Path(os.environ["FASTNESS_SHARED"]) / "data"
    reading = read_cases(folder / "siege_predictors.csv")
    assert (len(reading.rows), reading.problems) == (44, [])
    ended = read_outcomes(folder / "siege_outcomes.csv")
    assert (len(ended.rows), ended.problems) == (44, [])
    assert [check(coarse(case)) for case in reading.rows] == [[]] * 44
    shipped = training()
    assert sorted(shipped.days) == sorted(row.days for row in ended.rows)
