"""Whatever a file holds, reading it gives a scenario or a list of problems, and never anything else."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastness.errors import CODES, Problem, ScenarioError
from fastness.scenario import check, load
from fastness.scenario.model import Place
from fastness.scenario.tables import read_table
from fastness.scenario.yaml_text import read_yaml

CORPUS = Path(__file__).parent.parent / "scenarios" / "valid"
TEXTS = [
    (CORPUS / name / file).read_text(encoding="utf-8")
    for name, file in (
        ("beliefs-and-claims", "mine.yaml"),
        ("plans", "mine.yaml"),
        ("variants", "mine.yaml"),
    )
]
PIECES = [
    "",
    "-1",
    "nowhere",
    "[]",
    "{}",
    "'",
    '"',
    ": ",
    "- ",
    "2001-13-01",
    "1e999",
    "null",
    "true",
    "&a",
    "*a",
    "\n",
]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_scenario_gives_problems(data: st.DataObject, tmp_path: Path) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 3))):
        first = data.draw(st.integers(0, len(text)))
        last = data.draw(st.integers(first, min(len(text), first + 12)))
        text = text[:first] + data.draw(st.sampled_from(PIECES)) + text[last:]
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    problems = problems_of(tmp_path / "mine.yaml")
    assert all(problem.code in CODES for problem in problems)
    assert len(set(problems)) == len(problems)


def problems_of(file: Path) -> list[Problem]:
    try:
        return check(load(file))
    except ScenarioError as error:
        return list(error.problems)


@given(st.text())
def test_any_text_is_yaml_or_not(text: str) -> None:
    data, _, problems = read_yaml(text, "f")
    assert problems or isinstance(data, dict | list | str | int | float | bool | None)


@given(st.text(alphabet=st.sampled_from('id,name\n\r" x1\x00é')))
def test_any_text_is_a_table_or_not(text: str) -> None:
    table = read_table(text, "f", "places", Place)
    assert all(set(row) <= {"id", "name"} for row in table.rows)
