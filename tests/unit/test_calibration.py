"""Calibration: categories, weights and folds by hand; the table is played by the kernel; what is refused."""

import datetime
from pathlib import Path

import numpy as np
import pytest

from fastness.cli.command import app
from fastness.errors import AnalysisError
from fastness.history import posterior as weighing
from fastness.history.calibrate import SHIFTS, calibrate, ends, play_table, write
from fastness.history.cases import COLUMNS, read_cases
from fastness.history.courses import FELL, LASTS, RELIEVED
from fastness.history.held_out import fell_by, held_out
from fastness.history.likelihood import CHANCE, Surrogate
from fastness.history.played import CATEGORIES, FAILED, Played, category, open_table, save
from fastness.history.posterior import Ended, Likelihood, moments
from fastness.posteriors import Fold, calibrated

ALL = Fold("all", "")
ROWS = 256


def toy(rows: int = ROWS, seed: int = 1) -> Played:
    """Three cases that fall on day 10 when a parameter's score is positive, else last; the third does the opposite."""
    uniforms = np.random.default_rng(seed).uniform(size=(rows, 2))
    up = uniforms[:, :1] > 0.5
    outcome = np.where(np.hstack([up, up, ~up]), FELL, LASTS)
    return Played(("a", "b"), ("x", "y", "z"), uniforms, outcome.astype(np.int8), np.full((rows, 3), 10, np.int16))


def ended(case: str, outcome: int = FELL, day: int = 10, year: int = 1990) -> Ended:
    return Ended(case, f"war-{case}", outcome, day, datetime.date(year, 1, 1))


def test_every_class_and_bin_has_a_number_of_its_own() -> None:
    days = (1, 30, 31, 120, 121, 365)
    found = [[int(category(outcome, day)) for day in days] for outcome in range(4)]
    assert found == [[0, 0, 1, 1, 2, 2], [3, 3, 4, 4, 5, 5], [6, 6, 7, 7, 8, 8], [9, 9, 10, 10, 11, 11]]
    assert int(category(LASTS, 365)) == int(category(FELL, 366)) == CATEGORIES - 1 == 12


def test_a_failed_campaign_has_no_category() -> None:
    outcome = np.array([[FAILED, FELL]], dtype=np.int8)
    played = Played(("a",), ("x", "y"), np.array([[0.5]]), outcome, np.array([[0, 3]], dtype=np.int16))
    assert played.categories.tolist() == [[FAILED, 0]]


def test_a_surrogate_leaves_a_share_to_chance() -> None:
    # two categories seen, equally likely: (1 - CHANCE) / 2 and a thirteenth of CHANCE for everything
    even = Surrogate(np.array([0, 12]), np.zeros((2, 3)))
    likely = np.exp(even.log_likelihood(np.zeros((1, 1))))[0]
    assert likely[[0, 12]] == pytest.approx((1 - CHANCE) / 2 + CHANCE / 13)
    assert likely[1:12] == pytest.approx(CHANCE / 13)
    assert likely.sum() == pytest.approx(1)


def test_weights_by_hand() -> None:
    weights = np.array([0.5, 0.5, 0])
    mean, sd, correlation = moments(np.array([[1.0, 0], [3, 2], [9, 9]]), weights)
    assert mean.tolist() == [2, 1]
    assert sd.tolist() == [1, 1]
    assert correlation[0, 1] == pytest.approx(1)
    assert weighing._ess(weights) == 2


def test_the_likelihood_is_tempered_until_enough_rows_are_left() -> None:
    total = -0.5 * np.linspace(-30, 30, 2000) ** 2
    power = weighing._power(total)
    assert 0 < power < 1
    assert weighing._ess(weighing._weights(power * total)) == pytest.approx(weighing.LEAST_ROWS, rel=1e-3)
    assert weighing._power(total / 1e4) == weighing.POWER


def test_the_posterior_moves_to_where_the_cases_ended_so() -> None:
    likelihood = Likelihood(toy(), [ended("x"), ended("y")])
    fitted = likelihood.posterior(ALL, datetime.date(2026, 11, 23), "cd")
    assert fitted.names == ("a", "b")
    assert fitted.mean[0] > 0.5
    assert abs(fitted.mean[1]) < 0.2
    assert fitted.sd[0] < 0.8
    assert (fitted.cases, fitted.newest, fitted.rows) == (2, datetime.date(1990, 1, 1), ROWS)


def test_a_fold_knows_neither_its_conflict_nor_what_ended_later() -> None:
    likelihood = Likelihood(toy(), [ended("x"), ended("y", year=2001), ended("z", year=1980)])
    assert likelihood.within(ALL).tolist() == [True, True, True]
    assert likelihood.within(Fold("f", "", ("war-z",))).tolist() == [True, True, False]
    assert likelihood.within(Fold("f", "", (), datetime.date(1990, 1, 1))).tolist() == [True, False, True]
    nothing = likelihood.weigh(Fold("f", "", (), datetime.date(1900, 1, 1)))
    assert nothing.cases == ()
    assert nothing.weights == pytest.approx(1 / ROWS)


def test_the_curve_of_a_case_is_the_weighted_share_that_has_fallen() -> None:
    outcome = np.array([[FELL], [FELL], [RELIEVED], [LASTS]], dtype=np.int8)
    day = np.array([[2], [300], [5], [365]], dtype=np.int16)
    uniforms = np.array([[0.2], [0.4], [0.6], [0.8]])
    likelihood = Likelihood(Played(("a",), ("x",), uniforms, outcome, day), [ended("x")])
    curve = fell_by(likelihood, 0, np.array([0.1, 0.2, 0.3, 0.4]))
    assert (curve[0], curve[1], curve[298]) == (0, 0.1, 0.1)
    assert curve[[299, 364]] == pytest.approx(0.3)


def test_a_conflict_left_out_is_forecast_by_the_others() -> None:
    # x and y agree: each forecasts the other better than the prior's even odds; z contradicts both
    found = held_out(Likelihood(toy(), [ended("x"), ended("y"), ended("z", LASTS, 400)]))
    assert (found.posterior < found.prior).all()
    assert found.prior == pytest.approx(0.25, abs=0.05)
    difference, low, high = found.difference()
    assert low <= difference <= high < 0
    assert found.document()["difference"] == difference


def test_a_table_is_read_as_it_was_saved(tmp_path: Path) -> None:
    played = toy()
    save(played, tmp_path / "deep" / "table.npz")
    again = open_table(tmp_path / "deep" / "table.npz")
    assert (again.names, again.cases) == (played.names, played.cases)
    assert np.array_equal(again.outcome, played.outcome)
    assert np.array_equal(again.uniforms, played.uniforms)


def _files(folder: Path) -> tuple[Path, Path]:
    """Write two small cases and their ends."""
    row = dict.fromkeys(COLUMNS, "")
    near = {"id": "N1", "conflict": "war-a", "start": "1950-01-01", "defenders_low": "500", "defenders_high": "900"}
    far = near | {"id": "N2", "conflict": "war-b", "relief_force": "near", "attackers_low": "9000"}
    far["attackers_high"] = "12000"
    lines = [",".join(COLUMNS), *(",".join((row | case).values()) for case in (near, far))]
    predictors, outcomes = folder / "predictors.csv", folder / "outcomes.csv"
    predictors.write_text("\n".join(lines) + "\n", encoding="utf-8")
    outcomes.write_text(
        "id,start,end,days,outcome,force_survived\n"
        "N1,1950-01-01,1950-03-01,59,fell,no\nN2,1950-01-01,1952-01-01,730,relieved,yes\n",
        encoding="utf-8",
    )
    return predictors, outcomes


def test_two_cases_from_files_to_posteriors(tmp_path: Path) -> None:
    predictors, outcomes = _files(tmp_path)
    told = []
    table = tmp_path / "table.npz"
    found = calibrate(predictors, outcomes, table=table, rows=64, progress=lambda *now: told.append(now))
    assert told[-1][0] == "weighing"
    names = {row.fold.name for row in found.posteriors}
    assert {"all", "panjshir-2021", "without-war-a", "without-war-b"} <= names
    known = next(row for row in found.posteriors if row.fold.name == "all")
    assert known.cases == 2
    assert known.names == (*calibrated(), *SHIFTS)
    assert known.newest == datetime.date(1952, 1, 1)
    again = calibrate(predictors, outcomes, table=table)
    assert again.document() == found.document()
    assert len(write(found.posteriors, tmp_path / "out")) == len(found.posteriors)


def test_cases_of_one_row_share_the_calibrated_parameters_and_nothing_else(tmp_path: Path) -> None:
    cases = read_cases(_files(tmp_path)[0]).rows
    twice = [cases[0], type(cases[0])(**{**vars(cases[0]), "id": "N3"})]
    played = play_table(twice, 64, 4, "", lambda *_: None)
    assert played.outcome.shape == (64, 2)
    assert not np.array_equal(played.outcome[:, 0], played.outcome[:, 1])  # the same case with other luck
    assert np.array_equal(play_table(twice[:1], 64, 4, "", lambda *_: None).outcome[:, 0], played.outcome[:, 0])


def test_ends_are_those_of_the_cases(tmp_path: Path) -> None:
    from fastness.history.outcomes import read_outcomes

    predictors, outcomes = _files(tmp_path)
    found = ends(read_cases(predictors).rows, read_outcomes(outcomes).rows)
    assert [(row.id, row.conflict, row.outcome, row.day) for row in found] == [
        ("N1", "war-a", FELL, 59),
        ("N2", "war-b", RELIEVED, 730),
    ]


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "table.npz"
    path.write_text("no", encoding="utf-8")
    with pytest.raises(AnalysisError) as caught:
        open_table(path)
    assert str(caught.value) == f"FS430  {path} is not a table of campaigns; 'fastness calibrate' writes one"


def test_no_case_in_common() -> None:
    with pytest.raises(AnalysisError) as caught:
        Likelihood(toy(), [ended("other")])
    said = "FS431  no case of the table has an outcome; the two files must name the same cases in their column id"
    assert str(caught.value) == said


def test_a_table_of_other_cases(tmp_path: Path) -> None:
    predictors, outcomes = _files(tmp_path)
    save(toy(), tmp_path / "table.npz")
    with pytest.raises(AnalysisError) as caught:
        calibrate(predictors, outcomes, table=tmp_path / "table.npz")
    said = f"FS432  {tmp_path / 'table.npz'} was played with other cases; name another file: it is played and written"
    assert str(caught.value) == said


def test_the_verb(tmp_path: Path) -> None:
    import json

    from typer.testing import CliRunner

    predictors, outcomes = _files(tmp_path)
    arguments = ["calibrate", str(predictors), str(outcomes), "-n", "64", "--table", str(tmp_path / "t.npz")]
    spoken = CliRunner().invoke(app, [*arguments, "-o", str(tmp_path / "out")])
    assert spoken.exit_code == 0
    assert "after 2 cases" in spoken.stdout
    assert (tmp_path / "out" / "all.toml").is_file()
    document = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert list(document) == ["table", "folds", "held_out", "problems"]
    assert document["folds"]["all"]["cases"] == 2
    assert document["held_out"]["n"] == 2
