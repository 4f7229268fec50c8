"""How problems look, that every code has a page, and what the errors carry."""

import pickle
import re
from pathlib import Path

import pytest

import fastness.errors
from fastness.errors import (
    CODES,
    AnalysisError,
    FastnessError,
    Problem,
    RunError,
    ScenarioError,
    StoreError,
    did_you_mean,
    explain,
)

UNKNOWN = Problem(
    "FS112",
    "no place named 'gulbahr'",
    "mine/scenario.yaml",
    23,
    12,
    "    place: gulbahr",
    "did you mean 'gulbahar'?",
)
NEGATIVE = Problem("FS131", "must be 0 or more, is -5 [persons]", "mine/tables/forces.csv", 4, "strength")


def test_a_problem_in_yaml_shows_the_line_and_a_caret() -> None:
    assert str(UNKNOWN) == (
        "mine/scenario.yaml:23:12  FS112  no place named 'gulbahr'; did you mean 'gulbahar'?\n"
        "     23 |     place: gulbahr\n"
        "        |            ^"
    )


def test_a_problem_in_a_table_names_the_column() -> None:
    assert str(NEGATIVE) == "mine/tables/forces.csv:4:strength  FS131  must be 0 or more, is -5 [persons]"


def test_a_problem_without_a_file_names_the_entry() -> None:
    assert str(Problem("FS131", "must be 0 or more", "places.kabul.population")) == (
        "places.kabul.population  FS131  must be 0 or more"
    )
    assert str(Problem("FS101", "no such file")) == "FS101  no such file"


@pytest.mark.parametrize("column", [1, 5, 69, 70, 71, 150, 399, 400])
def test_the_caret_stands_under_the_character_however_long_the_line(column: int) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(400))
    _, line, caret = str(Problem("FS130", "wrong", "file", 7, column, text)).splitlines()
    assert line[caret.index("^")] == text[column - 1]
    assert len(line) <= 120


def test_a_tab_does_not_move_the_caret() -> None:
    _, line, caret = str(Problem("FS130", "wrong", "file", 7, 3, "\t\tx")).splitlines()
    assert line[caret.index("^")] == "x"


def test_a_scenario_error_says_everything() -> None:
    error = ScenarioError([UNKNOWN, NEGATIVE])
    assert str(error) == f"{UNKNOWN}\n{NEGATIVE}"
    assert (error.code, error.message, error.hint) == (UNKNOWN.code, UNKNOWN.message, UNKNOWN.hint)
    assert error.problems == (UNKNOWN, NEGATIVE)


@pytest.mark.parametrize("kind", [RunError, StoreError, AnalysisError])
def test_other_errors_carry_code_message_and_hint(kind: type[FastnessError]) -> None:
    error = kind("FS301", "no manifest in 'runs/x'", "give the folder that run printed")
    assert str(error) == "FS301  no manifest in 'runs/x'; give the folder that run printed"
    assert isinstance(error, FastnessError)


@pytest.mark.parametrize("error", [ScenarioError([UNKNOWN]), RunError("FS201", "exists", "choose another")])
def test_errors_travel_between_processes(error: FastnessError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy)) == (type(error), str(error))


def test_every_code_has_a_page() -> None:
    for code, page in CODES.items():
        assert len(code) == 5
        assert code[:3] in ("FS1", "FS2", "FS3", "FS4", "FS5")
        assert page.title[0].islower() or page.title.startswith("YAML")
        assert page.explanation.endswith(".")
        assert page.what_to_do.endswith(".")
        assert explain(code).startswith(f"{code}  {page.title}\n")


def test_every_code_in_the_source_has_a_page() -> None:
    source = Path(fastness.errors.__file__).parent
    used = {code for file in source.rglob("*.py") for code in re.findall(r"\bFS\d{3}\b", file.read_text("utf-8"))}
    assert used <= set(CODES)


def test_did_you_mean_names_the_nearest_or_nothing() -> None:
    assert did_you_mean("gulbahr", ["kabul", "gulbahar"]) == "did you mean 'gulbahar'?"
    assert did_you_mean("xyz", ["kabul", "gulbahar"]) == ""
    assert did_you_mean("xyz", []) == ""
