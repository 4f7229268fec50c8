"""The analyst's tutorial and the verbs of turning points, hypotheses and briefs, as people type them."""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fastness.cli import main
from fastness.ensemble import Ensemble

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "analyst-tutorial.md"
#: enough campaigns for every verb to have something to say
FEW = 300

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fastness(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")

    def command(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fastness", *map(str, words)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_the_analysts_tutorial_runs(fastness: Command, tmp_path: Path) -> None:
    """Do what the page says, in its order, with few campaigns; ten headings are ten questions."""
    text = PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"^## \d+\.", text, re.MULTILINE)) == 10
    for kind, block in re.findall(r"^```(console|csv)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        if kind == "csv":
            (tmp_path / "outcomes.csv").write_text(block, encoding="utf-8")
            continue
        for line in re.findall(r"^\$ fastness (.+)$", block, re.MULTILINE):
            few = ["-n", FEW] if line.startswith("run ") else []
            code, _, err = fastness(*shlex.split(line), *few)
            assert code == 0, f"fastness {line}\n{err}"
    assert (tmp_path / "panjshir.docx").stat().st_size > 10_000
    assert (tmp_path / "runs" / "panjshir-2021-7" / "brief.html").is_file()


def test_turning_prints_and_gives_plain_data(fastness: Command, harrow: Ensemble) -> None:
    code, out, _ = fastness("turning", harrow.path)
    assert code == 0
    assert "The Hold still stands on 31 December" in out
    assert "Harrow Gate falls to Ring" in out
    first = next(iter(harrow.scenario.questions))
    (found,) = json.loads(fastness("turning", harrow.path, first, "--json")[1])
    assert found["question"] == first


def test_turning_refuses_what_is_not_asked(fastness: Command, harrow: Ensemble) -> None:
    code, out, err = fastness("turning", harrow.path, "nonsense")
    assert (code, out) == (2, "")
    assert err.startswith("FS401  no question 'nonsense'")


def test_ach_prints_and_gives_plain_data(fastness: Command, harrow: Ensemble) -> None:
    code, out, _ = fastness("ach", harrow.path, "pass-watched")
    assert code == 0
    assert re.search(r"H10 B2\s+Nobody was on Crow pass.*I+ 0\.\d\d\s+C+ \d\.\d\d", out)
    assert "Key assumptions" in out
    assert json.loads(fastness("ach", harrow.path, "--json")[1])["campaigns"] == 300


def test_replay_tells_one_campaign_or_the_typical_ones(fastness: Command, harrow: Ensemble) -> None:
    code, out, _ = fastness("replay", harrow.path, "--campaign", 3, "--tell")
    assert code == 0
    assert "How it begins (1 Sep" in out
    code, out, _ = fastness("replay", harrow.path, "--typical")
    assert code == 0
    assert len(re.findall(r"^\d\. Like \d+ % of campaigns: campaign \d+$", out, re.MULTILINE)) == 3
    document = json.loads(fastness("replay", harrow.path, "--typical", "--json")[1])
    assert document["kinds"][0]["campaigns"] >= 100
    code, _, err = fastness("replay", harrow.path)
    assert code == 2
    assert "--typical" in err


def test_brief_writes_the_form_it_is_asked_for(fastness: Command, harrow: Ensemble, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(harrow.path, folder)
    for form in ("md", "html", "docx"):
        code, out, _ = fastness("brief", folder, "--format", form)
        assert (code, out.strip()) == (0, f"→ {folder}/brief.{form}")
    code, _, err = fastness("brief", folder, "-o", folder / "brief.md")
    assert code == 2
    assert "nothing is" in err
    code, _, err = fastness("brief", folder, "--format", "md", "-o", "x.docx")
    assert code == 2
    assert json.loads(fastness("brief", folder, "--json")[1])["title"] == "Harrow Hold"


def test_a_run_that_was_cut_short_is_refused(fastness: Command, harrow: Ensemble, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(harrow.path, folder)
    (folder / "events.parquet").write_bytes((folder / "events.parquet").read_bytes()[:100])
    for verb in ("turning", "brief"):
        code, _, err = fastness(verb, folder)
        assert (code, err[:5]) == (4, "FS303")
    (folder / "events.parquet").unlink()
    code, _, err = fastness("replay", folder, "--typical")
    assert (code, err[:5]) == (4, "FS305")
