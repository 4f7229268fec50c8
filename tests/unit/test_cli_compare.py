"""The verbs compare and drop, and the outside view, as people type and read them."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fastness.cli import main
from fastness.ensemble import simulate
from fastness.scenario import load

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play a scenario and a variant of it with one seed."""
    folder = tmp_path_factory.mktemp("runs")
    base = load("harrow-hold")
    simulate(base, campaigns=100, seed=7, out=folder / "base")
    simulate(base.variant("full-granary"), campaigns=100, seed=7, out=folder / "fed", variant="full-granary")
    return folder


@pytest.fixture
def fastness(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run the command beside copies of the runs."""
    shutil.copytree(runs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fastness", *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_compare_tells_what_changed_and_how_surely(fastness: Command) -> None:
    code, out, _ = fastness("compare", "base", "fed")
    assert code == 0
    assert "full-granary against base" in out
    assert "beliefs.household-bread.p50" in out
    assert "statistically indistinguishable" in out
    assert "Monte Carlo error alone" in out


def test_compare_as_json(fastness: Command) -> None:
    document = json.loads(fastness("compare", "base", "fed", "--json")[1])
    assert [run["name"] for run in document["others"]] == ["full-granary"]
    row = next(row for row in document["differences"] if row["id"] == "bread-short")
    assert row["low"] <= row["difference"] <= row["high"]
    assert row["to_no"] >= row["to_yes"] == 0  # more bread never makes it short


def test_compare_refuses(fastness: Command) -> None:
    assert fastness("compare", "base")[0] == 2
    assert fastness("compare", "base", "nowhere")[0] == 4
    Path("there.html").touch()
    code, _, err = fastness("compare", "base", "fed", "-o", "there.html")
    assert code == 2
    assert "nothing is overwritten" in err.replace("\n", " ")


def test_drop_plays_again_and_compares(fastness: Command) -> None:
    before = sorted(str(file) for file in Path("base").rglob("*"))
    code, out, _ = fastness("drop", "base", "--process", "weather")
    assert code == 0
    assert "without weather against base" in out
    assert out.rstrip().endswith("→ base-without-weather")
    assert sorted(str(file) for file in Path("base").rglob("*")) == before
    code, _, err = fastness("drop", "base", "--process", "weather")
    assert code == 2
    assert "FS301  base-without-weather exists; nothing was overwritten; compare the two: fastness compare base" in err


def test_drop_as_json_names_what_is_missing(fastness: Command) -> None:
    document = json.loads(fastness("drop", "base", "--assumption", "household-bread", "-n", "50", "--json")[1])
    assert document["without"] == {"assumptions": ["household-bread"]}
    assert document["notes"] == ["without household-bread: paired on the 50 campaigns that both have completed"]


def test_show_has_no_outside_view_for_an_invented_place(fastness: Command) -> None:
    assert "comparable ones" not in fastness("show", "base")[1]
    assert json.loads(fastness("show", "base", "--json")[1])["outside"] == []


def test_what_changed_since_the_last_registered_forecast(fastness: Command) -> None:
    code, _, err = fastness("compare", "base", "--since", "forecasts.jsonl")
    assert code == 2
    assert "FS452" in err
    assert fastness("register", "base")[0] == 0
    code, _, err = fastness("compare", "base", "--since", "forecasts.jsonl")
    assert "FS436  forecasts.jsonl holds no earlier forecast of 'Harrow Hold'" in err
    code, out, _ = fastness("compare", "fed", "--since", "forecasts.jsonl")
    assert code == 0
    assert "scenario: changed; model and priors: the same" in out
    found = json.loads(fastness("compare", "fed", "--since", "forecasts.jsonl", "--json")[1])
    assert len(found["answers"]) == 4
    assert found["only_one"] == []
