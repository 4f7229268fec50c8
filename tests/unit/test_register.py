"""Frozen forecasts: the chain of hashes, what is refused, and scores with the standard's check values."""

import json
import math
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fastness.analysis import scores
from fastness.analysis.register import ORIGIN, hash_of, read_registry, register, sources_hash
from fastness.analysis.score import Score, reliability, score, verdict
from fastness.ensemble import Ensemble, open_run, simulate
from fastness.errors import AnalysisError, ScenarioError
from fastness.scenario import load


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Play a small run of the lesson."""
    return simulate(load("harrow-hold"), campaigns=40, seed=3, out=tmp_path_factory.mktemp("runs") / "harrow")


def question(name: str, p: float, window: tuple[str, str], status_quo: bool = False) -> dict[str, Any]:
    days = None if window[0] == window[1] else [1.0, 3.0, 5.0]
    return {
        "id": name, "ask": name, "holds": "", "window": list(window), "probability": p, "standard_error": 0.01,
        "low": 0.0, "high": 1.0, "days": days, "status_quo": status_quo,
    }  # fmt: skip


def registry(folder: Path, *forecasts: list[dict[str, Any]], time: str = "2021-08-27T10:00:00+00:00") -> Path:
    """Write a registry of made-up forecasts, with a sound chain."""
    path, lines, before = folder / "forecasts.jsonl", [], ORIGIN
    for number, questions in enumerate(forecasts):
        record = {
            "format": 1, "number": number, "previous": before, "time": time, "scenario": "made up",
            "clock": ["2021-08-27", "2022-04-30"], "run": {"campaigns": 2000}, "questions": questions, "clocks": [],
        }  # fmt: skip
        record["hash"] = before = hash_of(record)
        lines.append(json.dumps(record))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def outcomes(folder: Path, *rows: str) -> Path:
    path = folder / "outcomes.csv"
    path.write_text("\n".join(("question,resolved,date,source", *rows)) + "\n", encoding="utf-8")
    return path


WINDOW = ("2021-08-27", "2021-08-31")


def test_a_run_is_frozen_once_and_the_manifest_says_so(run: Ensemble, tmp_path: Path) -> None:
    path = tmp_path / "forecasts.jsonl"
    record = register(run, path, note="for the test")
    assert read_registry(path) == [record]
    assert open_run(run.path).manifest["registered"] == [record["hash"]]
    assert [each["id"] for each in record["questions"]] == list(run.scenario.questions)
    assert record["previous"] == "0" * 64
    assert record["run"]["model"] == sources_hash("kernel", "compile")
    assert record["scenario"] == run.manifest["scenario"]
    with pytest.raises(AnalysisError) as refused:
        register(run, path)
    assert str(refused.value) == (
        f"FS454  {run.path} is registered already, as number 0 on {record['time']}; a new forecast needs a new run"
    )
    assert read_registry(path) == [record]


def test_an_altered_line_is_named(tmp_path: Path) -> None:
    path = registry(tmp_path, *([question("q", p, WINDOW)] for p in (0.2, 0.4, 0.6)))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"probability": 0.4', '"probability": 0.9'), encoding="utf-8")
    with pytest.raises(AnalysisError) as fault:
        read_registry(path)
    assert str(fault.value) == (
        f"FS451  {path}:2 was altered: what it says does not have the hash that it names; "
        "nothing from this line on can be trusted"
    )


@pytest.mark.parametrize("lines", [(0, 2), (1, 2), (0, 2, 1), (0, 0, 1, 2)])
def test_a_line_taken_out_put_in_or_moved_is_named(tmp_path: Path, lines: tuple[int, ...]) -> None:
    path = registry(tmp_path, *([question("q", p, WINDOW)] for p in (0.2, 0.4, 0.6)))
    written = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(written[k] for k in lines), encoding="utf-8")
    with pytest.raises(AnalysisError, match=r"FS451 .* does not follow the line before it"):
        read_registry(path)


def test_what_is_no_registry_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "forecasts.jsonl"
    path.write_text("not JSON\n", encoding="utf-8")
    with pytest.raises(AnalysisError, match=r"FS452 .*:1 is not a record of a forecast"):
        read_registry(path)


def test_scores_by_hand(tmp_path: Path) -> None:
    """Two questions: 0.8 came out yes, 0.3 came out no; the others' base rates are (0+1)/3 and (1+1)/3."""
    path = registry(tmp_path, [question("a", 0.8, WINDOW), question("b", 0.3, WINDOW), question("open", 0.5, WINDOW)])
    found = score(path, outcomes(tmp_path, "a,yes,2021-08-31,press", "b,no,2021-08-31,press"))
    assert (found.n, found.unresolved, found.void, found.hindsight) == (2, 1, 0, 0)
    assert found.brier == pytest.approx((0.04 + 0.09) / 2)
    assert found.log == pytest.approx((-math.log(0.8) - math.log(0.7)) / 2)
    assert [row.crps for row in found.questions] == [
        pytest.approx(scores.crps([1, 3, 5], 4)), pytest.approx(scores.crps([1, 3, 5], 5))
    ]  # fmt: skip
    baselines = {skill.baseline: skill for skill in found.skills}
    assert baselines["coin"].brier == pytest.approx(0.25)
    assert baselines["coin"].skill == pytest.approx(1 - 0.065 / 0.25)
    assert baselines["climatology"].brier == pytest.approx(((1 / 3 - 1) ** 2 + (2 / 3) ** 2) / 2)
    assert baselines["status_quo"].brier == pytest.approx(((0.05 - 1) ** 2 + 0.05**2) / 2)
    assert found.verdict == (
        "2 resolved questions are 2 cases: the standard error of a frequency of one half is 0.35, too wide to show "
        "calibration. They come from one forecast and rise and fall together: they count for fewer than 2."
    )


def test_a_certain_miss_has_a_finite_log_score_and_void_is_left_out(tmp_path: Path) -> None:
    path = registry(tmp_path, [question("a", 0.0, WINDOW), question("b", 0.5, WINDOW)])
    found = score(path, outcomes(tmp_path, "a,yes,2021-08-30,", "b,void,,"))
    assert found.log == pytest.approx(-math.log(0.5 / 2001))
    assert (found.n, found.void, found.unresolved) == (1, 1, 0)
    assert found.skills[0].low is None


def test_the_last_forecast_before_the_outcome_counts_and_hindsight_is_said(tmp_path: Path) -> None:
    path = registry(tmp_path, [question("a", 0.2, WINDOW)], [question("a", 0.6, WINDOW)])
    assert score(path, outcomes(tmp_path, "a,yes,2021-08-30,")).questions[0].probability == 0.6
    late = registry(tmp_path, [question("a", 0.2, WINDOW)], time="2026-01-01T00:00:00+00:00")
    found = score(late, outcomes(tmp_path, "a,yes,2021-08-30,"))
    assert found.hindsight == 1
    assert found.verdict.endswith(" 1 of them was resolved before the forecast was registered: no test.")


def test_everything_wrong_with_outcomes_is_said_at_once(tmp_path: Path) -> None:
    path = registry(tmp_path, [question("falls", 0.5, WINDOW), question("held", 0.5, ("2021-12-15", "2021-12-15"))])
    file = outcomes(
        tmp_path, "fals,yes,2021-08-30,", "falls,no,2021-08-29,", "held,yes,2021-12-14,", "falls,maybe,,", "held,no,,"
    )
    with pytest.raises(ScenarioError) as fault:
        score(path, file)
    assert str(fault.value).splitlines() == [
        f"{file}:2:question  FS453  no question 'fals' is registered; did you mean 'falls'?",
        f"{file}:3:date  FS453  'falls' cannot be resolved with no on 2021-08-29: its last day is 2021-08-31; "
        "leave it out until then",
        f"{file}:4:date  FS453  'held' cannot have come out yes on 2021-12-14: the one day that counts is 2021-12-15; "
        "resolve it with no, or correct the date",
        f"{file}:5:resolved  FS135  must be yes, no or void, is 'maybe'",
        f"{file}:6:question  FS453  'held' is resolved twice; keep one of them",
    ]


def test_reliability_counts_every_forecast_once() -> None:
    bins = reliability([0.0, 0.1, 0.2, 0.79, 0.8, 1.0], [False, False, True, True, True, True])
    assert [(each.low, each.n) for each in bins] == [(0.0, 2), (0.2, 1), (0.6, 1), (0.8, 2)]
    assert bins[0].share == 0
    assert bins[0].share_low == 0
    assert verdict([]) == "No question is resolved, so nothing can be said."


def test_check_values_of_the_standard() -> None:
    assert scores.brier(0.8, happened=True) == pytest.approx(0.04)
    assert scores.log_score(0.8, happened=True) == pytest.approx(0.223144, abs=1e-6)
    assert scores.ranked_probability([0.2, 0.5, 0.3], 2) == pytest.approx(0.53)
    assert scores.crps([1, 3, 5], 4) == pytest.approx(0.777778, abs=1e-6)
    assert scores.interval_score(10, 30, 0.1, 35) == pytest.approx(120)


def test_the_document_is_plain_data(tmp_path: Path) -> None:
    path = registry(tmp_path, [question("a", 0.8, WINDOW)])
    found = score(path, outcomes(tmp_path, "a,yes,2021-08-31,press"))
    assert isinstance(found, Score)
    assert json.loads(json.dumps(found.document(), allow_nan=False))["n"] == 1


def test_the_verbs(
    run: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fastness.cli import main

    def said(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["fastness", *map(str, words)])
        with suppress(SystemExit):
            main()
        return capsys.readouterr().out

    path = tmp_path / "verbs.jsonl"
    out = said("register", run.path, "--registry", path, "--note", "here")
    (record,) = read_registry(path)
    assert out.startswith(f"Registered as number 0 at {record['time']}: 4 questions of Harrow Hold\n→ {path}")
    assert record["note"] == "here"
    text = said("score", path, outcomes(tmp_path, "gate-lost,no,2001-10-31,chronicle"))
    assert text.startswith(f"{path}: 1 record, every hash in order; last {record['hash'][:16]}")
    assert "3 not resolved, 0 void: left out." in text
    document = json.loads(said("score", path, outcomes(tmp_path, "gate-lost,no,2001-10-31,chronicle"), "--json"))
    assert document["n"] == 1
