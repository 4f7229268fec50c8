"""The corpus of small scenarios: each valid one resolves to its document, each invalid one gives its message."""

import json
import re
from pathlib import Path

import pytest
from scenarios.rewrite import message, resolved, source_of

from fastness.errors import CODES
from fastness.scenario import identity, load, resolve, restore

CORPUS = Path(__file__).parent.parent / "scenarios"
VALID = sorted(case.name for case in (CORPUS / "valid").iterdir())
INVALID = sorted(case.name for case in (CORPUS / "invalid").iterdir())
MADE_AT_RUN_TIME = {"FS102", "FS103", "FS191", "FS192", "FS193"}


@pytest.fixture(autouse=True)
def in_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS)


@pytest.mark.parametrize("name", VALID)
def test_a_valid_scenario_resolves_to_its_document(name: str) -> None:
    case = Path("valid") / name
    assert resolved(source_of(case)) == (case / "resolved.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_scenario_gives_its_message(name: str) -> None:
    case = Path("invalid") / name
    expected = (case / "message.txt").read_text(encoding="utf-8")
    assert message(source_of(case)) == expected
    assert expected


@pytest.mark.parametrize("name", VALID)
def test_the_document_makes_the_same_scenario_again(name: str) -> None:
    scenario = load(source_of(Path("valid") / name))
    document = json.loads(json.dumps(resolve(scenario)))
    assert identity(restore(document)) == identity(scenario)


def test_one_scenario_written_in_different_ways_is_one_scenario() -> None:
    same = ["smallest", "folder", "rows-in-another-order", "byte-order-mark-and-crlf"]
    assert len({identity(load(source_of(Path("valid") / name))) for name in same}) == 1
    assert len({identity(load(source_of(Path("valid") / name))) for name in VALID}) == len(VALID) - len(same) + 1


def test_the_corpus_is_large_enough_and_meets_every_code() -> None:
    assert len(VALID) >= 15
    assert len(INVALID) >= 60
    messages = "".join((CORPUS / "invalid" / name / "message.txt").read_text(encoding="utf-8") for name in INVALID)
    seen = set(re.findall(r"  (FS\d{3})  ", messages))
    assert seen <= set(CODES)
    assert {code for code in CODES if code.startswith("FS1")} - seen == MADE_AT_RUN_TIME


def test_messages_are_ours() -> None:
    messages = "".join((CORPUS / "invalid" / name / "message.txt").read_text(encoding="utf-8") for name in INVALID)
    foreign = ["pydantic", "validation error", "Input should", "Extra inputs", "Field required", "type=", "Traceback"]
    assert [word for word in foreign if word.lower() in messages.lower()] == []
