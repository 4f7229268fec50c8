"""Retrodiction: pooled scores by hand, baselines, and that nothing is drawn from what knew the end."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import retrodiction
from retrodiction import (
    OUTCOMES,
    TOGETHER,
    Compared,
    Resolved,
    Retrodiction,
    Row,
    base_rates,
    beaten,
    blind,
    day_scores,
    line,
    read_resolved,
    retrodict,
    run_of,
    same_draws,
)
from retrodiction_page import page

from fastness.ensemble import Ensemble, open_run, simulate
from fastness.posteriors import folds, posterior
from fastness.scenario import load
from fastness.scenario.model import Scenario


def row(question: str, unit: str, model: float, happened: bool, days: dict[str, float] | None = None) -> Row:
    given = {"model": model, "coin": 0.5, "status quo": 0.05, "climatology": 0.3}
    brier = {who: (p - happened) ** 2 for who, p in given.items()}
    log = {who: -float(np.log(p if happened else 1 - p)) for who, p in given.items()}
    return Row(
        question, f"Is it {question}?", unit, Resolved(happened, None, "press"), given, brier, log, days or {}, "all"
    )


def made(rows: list[Row]) -> Retrodiction:
    return Retrodiction("x", "X", date(2021, 8, 27), "the priors", 100, rows, 1)


@pytest.fixture(scope="module")
def panjshir() -> Scenario:
    return load("panjshir-2021")


def test_questions_about_one_event_count_as_one() -> None:
    """Two pooled questions score 0.01 and 0.49 (mean 0.25), the third 0.04: mean of means 0.145, not 0.18."""
    found = made([row("a", "together 1", 0.9, True), row("b", "together 1", 0.3, True), row("c", "c", 0.2, False)])
    compared = found.compared("brier", "coin")
    assert compared is not None
    assert compared.model == pytest.approx(0.145)
    assert (compared.other, compared.units) == (0.25, 2)
    assert compared.low <= compared.difference <= compared.high


def test_days_are_compared_only_where_both_have_them() -> None:
    found = made([row("a", "a", 0.5, True, {"model": 2.0, "status quo": 5.0}), row("b", "b", 0.5, True)])
    compared = found.compared("days", "status quo")
    assert compared is not None
    assert (compared.model, compared.other, compared.units) == (2.0, 5.0, 1)
    assert found.compared("days", "climatology") is None


def test_the_line_says_what_cannot_be_told() -> None:
    few = {"coin": Compared(0.1, 0.25, -0.2, -0.1, 3)}
    assert beaten(few) == "too few to tell it from any of them"
    many = {"coin": Compared(0.1, 0.25, -0.2, -0.1, 9), "climatology": Compared(0.2, 0.2, -0.1, 0.1, 9)}
    assert beaten(many) == "better than coin, not to be told from climatology"
    assert beaten({"coin": Compared(0.4, 0.25, 0.1, 0.2, 9)}) == "worse than coin"
    assert "by people who know the end" in line(made([row("a", "a", 0.5, True)]))


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_scenario_is_blind_to_its_end(name: str) -> None:
    scenario = load(name)
    assert blind(scenario)
    known = posterior(scenario.calibration)
    if known is not None:
        assert known.newest <= scenario.clock.as_of


@pytest.mark.parametrize("fold", ["all", "before-1990", "without-afghanistan-2001", "no-such-fold"])
def test_a_fold_that_may_know_the_end_is_refused(panjshir: Scenario, fold: str) -> None:
    with pytest.raises(ValueError, match="fold"):
        blind(panjshir.model_copy(update={"calibration": fold}))


def test_a_posterior_that_knows_a_later_case_is_refused(panjshir: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    known = posterior("panjshir-2021")
    assert known is not None
    late = replace(known, newest=panjshir.clock.as_of + timedelta(days=1))
    monkeypatch.setattr(retrodiction, "posterior", lambda _: late)
    with pytest.raises(ValueError, match="knows a case that ended on 2021-08-28"):
        blind(panjshir)
    monkeypatch.setattr(retrodiction, "posterior", lambda _: replace(known, fold=folds()["all"]))
    with pytest.raises(ValueError, match="knows a case"):
        blind(panjshir)


@pytest.mark.parametrize("name", OUTCOMES)
def test_outcomes_fit_their_questions(name: str) -> None:
    """Every row is about a question of the scenario; a day lies in the days that count; every row says who says so."""
    scenario = load(name)
    found, _ = read_resolved(OUTCOMES[name], scenario)
    assert len(found) >= 6
    assert all(each.source for each in found.values())
    for question, each in found.items():
        last = scenario.questions[question]
        end = last.by or last.on or (last.before - timedelta(days=1) if last.before else scenario.clock.end)
        assert each.day is None or not each.happened or scenario.clock.start <= each.day <= end, question
    assert {question for group in TOGETHER[name] for question in group} <= found.keys()


def test_a_row_about_nothing_is_refused(panjshir: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text("question,resolved,date,source\nno-such,yes,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"outcomes\.csv:2: no-such, yes"):
        read_resolved(path, panjshir)


def test_climatology_where_history_cannot_be_asked_is_the_best_constant(panjshir: Scenario) -> None:
    """Three units: one of two questions (half of them yes), one yes, one no: (1/2 + 1 + 0) / 3."""
    happened = {"lines-cut": True, "massoud-abroad": False, "leadership-lost": True, "india-recognises": False}
    units = dict.fromkeys(("lines-cut", "massoud-abroad"), "together 1")
    units |= {name: name for name in ("leadership-lost", "india-recognises")}
    rates = base_rates(panjshir, happened, units)
    assert {rate for rate, _ in rates.values()} == {0.5}
    fall = base_rates(panjshir, {"bazarak-falls-by-december": True}, {"bazarak-falls-by-december": "a"})
    rate, why = fall["bazarak-falls-by-december"]
    assert 0 < rate < 1
    assert why.endswith("sieges")


def test_days_by_hand(panjshir: Scenario) -> None:
    """It fell on day 9; status quo: the day after the last, 96; model: days 5 and 17, (4 + 8) / 2 - 12 / 4 = 3."""
    asked = {"id": "bazarak-falls-by-december", "window": ["2021-08-27", "2021-11-30"], "days": [5.0, 17.0]}
    found = day_scores({**asked, "status_quo": False}, Resolved(True, date(2021, 9, 5), ""), panjshir)
    assert found["status quo"] == 96 - 9
    assert found["model"] == pytest.approx((4 + 8) / 2 - 12 / 4)
    assert found["climatology"] > 0
    assert day_scores({**asked, "status_quo": False}, Resolved(True, None, ""), panjshir) == {}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    return simulate(load("lachin-2023"), campaigns=20, seed=7, out=tmp_path_factory.mktemp("runs") / "lachin-2023")


def test_a_run_is_scored_and_left_as_it_was(run: Ensemble) -> None:
    found = retrodict(run, "lachin-2023")
    assert (len(found.rows), len(found.units()), found.void) == (6, 3, 5)
    opens = next(row for row in found.rows if row.question == "road-opens-by-may")
    assert opens.brier["model"] == pytest.approx(run.answer().questions[8].probability ** 2)
    assert opens.brier["status quo"] == pytest.approx(0.05**2)
    assert "registered" not in open_run(run.path).manifest


def test_a_finished_run_is_taken_only_if_it_is_of_these_priors(run: Ensemble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_of("lachin-2023", run.path.parent, 20).path == run.path
    monkeypatch.setattr(retrodiction, "same_draws", lambda _: False)
    with pytest.raises(ValueError, match="drawn from other priors"):
        run_of("lachin-2023", run.path.parent, 20)
    other = load("lachin-2023").model_copy(update={"title": "Another"})
    monkeypatch.setattr(retrodiction, "load", lambda _: other)
    with pytest.raises(ValueError, match="another scenario"):
        run_of("lachin-2023", run.path.parent, 20)


def test_draws_from_other_priors_are_noticed(run: Ensemble) -> None:
    assert same_draws(run)
    changed = run.scenario.model_copy(update={"calibration": "prior"})
    assert posterior("lachin-2023") is not None
    run = Ensemble(run.path, run.manifest)
    run.__dict__["scenario"] = changed
    assert not same_draws(run)


def test_the_page_keeps_the_worst_in_sight() -> None:
    text = page([made([row("a", "a", 0.01, True)])], ["a line"], date(2026, 1, 1), "abc")
    assert "| Is it a? | itself | 0.010 | yes | 0.980 |" in text
    assert "thirty-three" in text
    assert "**This is no forecast.**" in text
