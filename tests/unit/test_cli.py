"""The command as people type it: what it prints, what it writes, how it exits."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from fastness.analysis.answer import Answer
from fastness.cli import main
from fastness.cli.command import exit_code
from fastness.cli.running import fail_if_many
from fastness.errors import AnalysisError, Problem, RunError, ScenarioError, StoreError

VARIANTS = Path(__file__).parents[1] / "scenarios" / "valid" / "variants" / "mine.yaml"
BROKEN = Path(__file__).parents[1] / "scenarios" / "invalid" / "no-such-place" / "mine.yaml"


@dataclass
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def fastness(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

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


def names_in(folder: str) -> set[str]:
    """Return the names of what a folder holds."""
    return {path.name for path in Path(folder).iterdir()}


def test_help_is_light() -> None:
    """No numerics before a verb needs them; the CPU time is printed, the bound is generous for busy machines."""
    heavy = {"numpy", "numba", "pandas", "pydantic", "xarray", "scipy", "plotly", "pyarrow", "jinja2"}
    script = (
        "import sys, time\n"
        "sys.argv = ['fastness', '--help']\n"
        "from fastness.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print('CPU', time.process_time(), 'HEAVY', *sorted(set(sys.modules) & " + repr(heavy) + "))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    cpu, loaded = re.findall(r"CPU (\S+) HEAVY(.*)", done.stdout)[0]
    print(f"--help took {cpu} s of CPU")  # noqa: T201 - shown with pytest -s
    assert loaded.strip() == ""
    assert float(cpu) < 1.0
    assert "replay" in done.stdout


def test_importing_the_package_is_light() -> None:
    script = "import sys, fastness; print(len({'numpy', 'pydantic', 'numba'} & set(sys.modules)), dir(fastness))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    doors = [
        "Ensemble", "Scenario", "backtest", "brief", "compare", "drivers", "drop", "errors", "load", "open_run",
        "register", "report", "score", "simulate", "tip", "update", "verify_next",
    ]  # fmt: skip
    assert done.stdout == f"0 {doors}\n"


def test_a_door_that_is_not_there() -> None:
    import fastness as package

    with pytest.raises(AttributeError, match="'simulat'"):
        package.simulat  # noqa: B018 - looking is the test


def test_list(fastness: Command) -> None:
    rows = json.loads(fastness("list", "--json").out)
    assert {"id": "panjshir-2021", "title": "Panjshir 2021", "places": 28, "days": 247} in rows
    assert "panjshir-2021" in fastness("list").out


def test_check_says_what_is_wrong_and_exits_with_1(fastness: Command) -> None:
    said = fastness("check", BROKEN)
    assert (said.code, said.out) == (1, "")
    assert "FS112" in said.err
    assert "^" in said.err
    assert said.err.rstrip().endswith("Nothing was run.   Explained: fastness explain FS112")


def test_check_as_json_lists_the_problems(fastness: Command) -> None:
    said = fastness("check", BROKEN, "--json")
    assert said.code == 1
    assert json.loads(said.out)["problems"][0]["code"] == "FS112"


def test_check_prints_the_model_as_understood(fastness: Command) -> None:
    said = fastness("check", VARIANTS)
    assert said.code == 0
    assert said.out.startswith("Two villages · 2 sides · 2 places · 31 days · 1 belief from 0 claims · ")
    assert "62,000 campaign-days" in said.out
    document = json.loads(fastness("check", VARIANTS, "--json").out)
    assert document["inside"] == ["upper"]
    assert document["size"]["campaign_days"] == 62_000


def test_check_resolved_prints_the_canonical_document(fastness: Command) -> None:
    stored = json.loads(VARIANTS.with_name("resolved.json").read_text(encoding="utf-8"))
    assert json.loads(fastness("check", VARIANTS, "--resolved").out) == stored


def test_new_makes_a_folder_that_is_sound_and_overwrites_nothing(fastness: Command) -> None:
    assert fastness("new", "mine", "--from", VARIANTS).code == 0
    assert fastness("check", "mine").code == 0
    again = fastness("new", "mine", "--from", VARIANTS)
    assert again.code == 1
    assert "FS191" in again.err


def test_schema_and_field_tables(fastness: Command) -> None:
    assert json.loads(fastness("schema").out)["properties"]["clock"]
    assert "fighters" in fastness("schema", "--table", "force").out
    assert json.loads(fastness("schema", "--table", "force", "--json").out)[0]["name"] == "id"
    assert fastness("schema", "--table", "farce").code == 2


def test_explain(fastness: Command) -> None:
    assert fastness("explain", "fs112").out.startswith("FS112  ")
    assert json.loads(fastness("explain", "FS112", "--json").out)["code"] == "FS112"
    assert fastness("explain", "FS999").code == 2


@pytest.mark.parametrize(
    "words", [("frobnicate",), ("run",), ("run", VARIANTS, "-n", "0"), ("run", VARIANTS, "--threads", "x")]
)
def test_wrong_usage_exits_with_2(fastness: Command, words: tuple[object, ...]) -> None:
    assert fastness(*words).code == 2


def test_nothing_is_written_for_a_broken_scenario(fastness: Command) -> None:
    assert fastness("run", BROKEN).code == 1
    assert fastness("run", VARIANTS, "--variant", "nowhere").code == 1
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("words", [("show",), ("replay", "--campaign", "1"), ("report",)])
def test_a_folder_that_is_no_run_exits_with_4(fastness: Command, words: tuple[str, ...]) -> None:
    Path("empty").mkdir()
    said = fastness(words[0], "empty", *words[1:])
    assert said.code == 4
    assert "FS302" in said.err


def test_every_kind_of_error_has_its_exit_code() -> None:
    assert exit_code(ScenarioError([Problem("FS101", "")])) == 1
    assert exit_code(RunError("FS201", "")) == 2
    assert exit_code(StoreError("FS301", "")) == 2
    assert exit_code(StoreError("FS305", "")) == 4
    assert exit_code(AnalysisError("FS402", "")) == 3


def test_a_fault_is_one_line_and_no_traceback(fastness: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        message = "boom"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("fastness.scenario.library", break_down)
    said = fastness("list")
    assert said.code == 70
    assert said.err.startswith("fault in fastness: ZeroDivisionError: boom\nPlease report it")
    assert "Traceback" in fastness("--debug", "list").err


def test_run_show_replay_and_report(fastness: Command) -> None:
    said = fastness("run", VARIANTS, "-n", 30, "--seed", 7)
    assert said.code == 0, said.err
    assert "Does Upper fall?" in said.out
    assert "→ runs/mine-7      Monte Carlo error ±" in said.out
    assert {"manifest.json", "outcomes.parquet", "report.html"} <= names_in("runs/mine-7")

    document = json.loads(fastness("show", "runs/mine-7", "--json").out)
    keys = ["scenario", "hash", "seed", "campaigns", "failed", "questions", "clocks", "run"]
    assert list(document) == [*keys, "outside"]
    assert (document["seed"], document["campaigns"], document["run"]) == (7, 30, "runs/mine-7")
    assert "Does Upper fall?" in fastness("show", "runs/mine-7").out

    replayed = json.loads(fastness("replay", "runs/mine-7", "--campaign", 3, "--json").out)
    assert replayed["outcomes"].keys() == {"falls"}
    assert "Campaign 3 of runs/mine-7" in fastness("replay", "runs/mine-7", "--campaign", 3, "--tell").out
    assert fastness("replay", "runs/mine-7", "--campaign", 30).code == 2

    assert fastness("report", "runs/mine-7", "-o", "r.html").out == "→ r.html\n"
    assert fastness("report", "runs/mine-7", "-o", "r.html").code == 2
    assert fastness("report", "runs/mine-7", "-o", "nowhere/r.html").code == 2


def test_a_run_is_never_overwritten_but_can_go_on(fastness: Command) -> None:
    first = fastness("run", VARIANTS, "-n", 20, "--seed", 1, "--json")
    refused = fastness("run", VARIANTS, "-n", 20, "--seed", 1)
    assert refused.code == 2
    assert "--resume" in refused.err
    assert fastness("run", VARIANTS, "--seed", 1, "--resume", "--json").out == first.out
    assert fastness("run", VARIANTS, "--resume", "-o", "runs/mine-1", "--json").out == first.out
    other = fastness("run", VARIANTS, "--variant", "open", "--resume", "-o", "runs/mine-1")
    assert other.code == 2
    assert "FS205" in other.err
    assert fastness("run", VARIANTS, "--resume").code == 2


def test_a_precise_run_stops_at_the_same_campaign_on_any_threads(fastness: Command) -> None:
    done = []
    for threads in (1, 2):
        said = fastness(
            "run", VARIANTS, "--seed", 1, "--until", 0.02, "--threads", threads, "--json", "-o", f"r{threads}"
        )
        assert said.code == 0, said.err
        answer = json.loads(said.out)
        assert 400 <= answer["campaigns"] < 2000
        done.append((answer["campaigns"], answer["questions"]))
    assert done[0] == done[1]


def test_several_variants_are_set_beside_the_scenario(fastness: Command) -> None:
    said = fastness("run", VARIANTS, "-n", 20, "--seed", 1, "--variant", "open", "--variant", "fixed")
    assert said.code == 0, said.err
    assert names_in("runs") == {"mine-1", "mine-1-fixed", "mine-1-open"}
    assert re.search(r"P \(range %\) +base +open +fixed", said.out)
    assert "fixed changes nothing" in said.out
    document = json.loads(
        fastness("run", VARIANTS, "-n", 20, "--seed", 2, "--variant", "open", "--variant", "fixed", "--json").out
    )
    assert [other["variant"] for other in document["variants"]] == ["open", "fixed"]


def test_the_folder_one_stands_in_gives_the_run_its_name(fastness: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fastness("new", "mine", "--from", VARIANTS).code == 0
    monkeypatch.chdir("mine")
    assert fastness("run", ".", "-n", 10, "--seed", 1, "--quiet").out == "runs/mine-1\n"


def test_one_variant_is_played_alone(fastness: Command) -> None:
    said = fastness("run", VARIANTS, "-n", 20, "--seed", 1, "--variant", "open", "--quiet")
    assert said.out == "runs/mine-1-open\n"
    assert "variant open" in fastness("show", "runs/mine-1-open").out


def test_campaign_names_are_never_read_as_markup(fastness: Command) -> None:
    text = VARIANTS.read_text(encoding="utf-8").replace("ask: Does Upper fall?", "ask: 'Does [red]Upper[/red] fall?'")
    Path("marked.yaml").write_text(text, encoding="utf-8")
    assert "Does [red]Upper[/red] fall?" in fastness("run", "marked.yaml", "-n", 10, "--seed", 1).out


def _answer(failed: int) -> Answer:
    return Answer("s", "h", 1, 100, failed, "runs/s-1", [], [], "", "")


def test_more_than_one_failed_campaign_in_a_hundred_exits_with_3() -> None:
    fail_if_many([_answer(1)])
    with pytest.raises(typer.Exit) as end:
        fail_if_many([_answer(0), _answer(2)])
    assert end.value.exit_code == 3


def batches_done(manifest: Path) -> list[list[int]]:
    return json.loads(manifest.read_text(encoding="utf-8"))["done"] if manifest.exists() else []


def heed_interrupts() -> None:
    """Undo what a shell does to what it starts in the background, such as the tests: there interrupts are ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupted_run_keeps_what_is_done_and_exits_with_130(fastness: Command) -> None:
    words = [sys.executable, "-m", "fastness", "run", str(VARIANTS), "-n", "100000", "--seed", "1", "--quiet"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, preexec_fn=heed_interrupts) as running:
        deadline = time.monotonic() + 120
        while not batches_done(Path("runs/mine-1/manifest.json")) and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=120)
    assert running.returncode == 130, said
    assert re.search(r"interrupted; [1-9]\d* campaigns are kept in runs/mine-1\nGo on: .* --resume --seed 1", said)
    assert 0 < json.loads(fastness("show", "runs/mine-1", "--json").out)["campaigns"] < 100_000


@pytest.mark.parametrize(("set_before", "found"), [(None, "1"), ("3", "3")])
def test_the_command_settles_in_but_keeps_what_the_user_has_set(set_before: str | None, found: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment |= {"OPENBLAS_NUM_THREADS": set_before} if set_before else {}
    script = (
        "import gc, os, sys; usual = gc.get_threshold(); from fastness.cli.machine import settle_in, stay; settle_in();"
        "print(os.environ['OPENBLAS_NUM_THREADS'], gc.get_threshold()[0] > usual[0], 'numpy' in sys.modules);"
        "stay(); print(gc.get_threshold() == usual)"
    )
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [found, "True", "False", "True"]
