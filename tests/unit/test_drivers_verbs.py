"""The verbs `drivers`, `verify-next` and `tip` on a real run: what they print, their JSON, their errors."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import Said
from toy import toy

import fastness as fs
from fastness.cli import main
from fastness.reporting.drivers import hangs_on

Command = Callable[..., Said]
CAMPAIGNS = 300


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play a small run of a shipped scenario."""
    folder = tmp_path_factory.mktemp("runs") / "harrow"
    fs.simulate(fs.load("harrow-hold"), campaigns=CAMPAIGNS, seed=7, out=folder)
    return folder


@pytest.fixture
def fastness(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setenv("COLUMNS", "160")

    def command(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["fastness", *map(str, words)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return command


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_drivers_names_what_decides(fastness: Command, run: Path) -> None:
    said = fastness("drivers", run)
    assert said.code == 0
    assert "ring-means-to-storm" in said.out
    assert "if it is so" in said.out
    found = json.loads(fastness("drivers", run, "gate-lost", "--json").out)
    assert found["questions"][0]["id"] == "gate-lost"
    assert found["questions"][0]["drivers"][0]["id"] == "belief:ring-means-to-storm"


def test_a_design_plays_new_runs_and_leaves_the_folder_as_it_was(fastness: Command, run: Path) -> None:
    before = contents(run)
    found = json.loads(fastness("drivers", run, "--design", "sobol", "-n", 16, "--json").out)
    assert found["campaigns"] == 16 * 13
    assert 0.4 < found["probability"] < 1
    assert {"luck", "other evidence", "other model", "belief:ring-means-to-storm"} <= {
        f["id"] for f in found["factors"]
    }
    assert sum(factor["inputs"] for factor in found["factors"]) > 200
    assert contents(run) == before


def test_verify_next_names_a_claim(fastness: Command, run: Path) -> None:
    said = fastness("verify-next", run)
    assert said.code == 0
    assert said.out.splitlines()[1].startswith("1. H05, “The camp builds winter huts, not ladders” (carter, C3): 9")
    assert json.loads(fastness("verify-next", run, "--json").out)["beliefs"][0]["id"] == "ring-means-to-storm"


def test_tip_says_who_would_have_to_be_wrong(fastness: Command, run: Path) -> None:
    said = fastness("tip", run, "--call", "word")
    assert said.code == 0
    assert "The call flips if" in said.out
    found = json.loads(fastness("tip", run, "--json").out)
    assert {row["subject"] for row in found["tips"]} == {"origin", "interest", "belief"}


@pytest.mark.parametrize("verb", ["drivers", "verify-next", "tip"])
def test_a_question_that_is_not_there_is_a_plain_error(fastness: Command, run: Path, verb: str) -> None:
    said = fastness(verb, run, "hold-stand")
    assert said.code == 2
    assert said.err.splitlines()[0] == "FS401  the run has no question 'hold-stand'; did you mean 'hold-stands'?"
    assert "Traceback" not in said.err


def test_wrong_choices_are_wrong_usage(fastness: Command, run: Path) -> None:
    assert fastness("drivers", run, "--design", "latin").code == 2
    assert fastness("tip", run, "--call", "coin").code == 2
    assert "power of 2" in fastness("drivers", run, "--design", "sobol", "-n", 20).err


def test_the_doors_are_those_of_the_verbs(run: Path) -> None:
    ensemble = fs.open_run(run)
    assert fs.drivers(ensemble).questions[0].id == fs.tip(ensemble).question == fs.verify_next(ensemble).question


def test_the_reports_section(run: Path) -> None:
    section, hangs = hangs_on(fs.open_run(run))
    assert section is not None
    assert hangs is not None
    assert section.cards[0].id == "drivers-bars"
    assert len(section.cards) > 1
    assert hangs.verify[0].startswith("H05")
    assert 0 < len(hangs.tips) <= 6
    assert hangs_on(toy(lambda _: 0.0)) == (None, None)
