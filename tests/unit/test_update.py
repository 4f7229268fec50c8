"""Later reports: how they are read, how likely they are, and what they do to a forecast."""

import json
import math
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

import fastness as fs
from fastness.analysis.likelihood import FLOOR, chances, heard, is_quantity, log_likelihood, predictive
from fastness.analysis.population import effective, next_power, normal
from fastness.analysis.reports import read_reports, window_of
from fastness.analysis.update import divergence, update
from fastness.ensemble import Ensemble, open_run, simulate
from fastness.errors import RunError, ScenarioError, StoreError
from fastness.scenario import load
from fastness.scenario.pooling import PoolingHyper

HEAD = "id,date,statement,binds,target,stance,value,low,high,kind,source,item_grade,grade,interest\n"
GATE = '"holder(""harrow-gate"") == ""ring"""'


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Play a run of the lesson."""
    return simulate(load("harrow-hold"), campaigns=300, seed=5, out=tmp_path_factory.mktemp("runs") / "harrow")


def written(folder: Path, rows: str, head: str = HEAD) -> Path:
    path = folder / "reports.csv"
    path.write_text(head + rows, encoding="utf-8")
    return path


def ones() -> PoolingHyper:
    return PoolingHyper.typical()


def test_everything_wrong_with_reports_is_said_at_once_and_the_run_stays_as_it_was(
    run: Ensemble, tmp_path: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in run.path.rglob("*")}
    path = written(
        tmp_path,
        "A,2001-09-01,early,observable,talking(),supports,,,,claim,carter,2,,\n"
        "B,2002-01-01,late,observable,talking(),supports,,,,claim,carter,2,,\n"
        'C,2001-09-10,where,observable,"holder(""harow-gate"") == ""ring""",supports,,,,claim,carter,2,,\n'
        "D,2001-09-10,what,belief,household-bred,supports,,20,40,claim,carter,2,,\n"
        "E,2001-09-10,how much,belief,household-bread,supports,,,,claim,carter,2,,\n"
        "F,2001-09-10,too soon,question,hold-stands,denies,,,,claim,carter,2,,\n"
        "G,2001-09-10,who,observable,talking(),supports,,,,claim,cartor,2,,\n"
        'H,2001-09-10,men,observable,"deployable(""ring"")",supports,800,,,claim,carter,2,,\n'
        "H,2001-09-10,grade,observable,talking(),supports,,,,claim,carter,9,,\n",
    )
    with pytest.raises(ScenarioError) as fault:
        fs.update(run, path)
    assert str(fault.value).splitlines() == [
        f"{path}:2:date  FS445  2001-09-01 is not after the last day of evidence, 2001-09-01; what was known by then "
        "belongs to the claims of the scenario",
        f"{path}:3:date  FS445  2002-01-01 is after the clock ends on 2001-12-31",
        f"{path}:4:target  FS126  no place named 'harow-gate'; did you mean 'harrow-gate'?",
        f"{path}:5:target  FS446  no belief named 'household-bred'; did you mean 'household-bread'?",
        f"{path}:6:target  FS448  gives no quantity; give value, or low and high, in the belief's unit",
        f"{path}:7:target  FS447  'hold-stands' cannot be resolved with no on 2001-09-10: its last day is 2001-12-31; "
        "report what was seen, as an observable",
        f"{path}:8:source  FS449  no source named 'cartor'; did you mean 'carter'?",
        f"{path}:9:target  FS446  'deployable(\"ring\")' is not kept day by day; a quantity can be strength, fighters "
        "of a side, days_of a side, food_days, people or kcal of a place",
        f"{path}:10:item_grade  FS132  must be 6 or less, is 9",
    ]
    assert {path: path.stat().st_mtime_ns for path in run.path.rglob("*")} == before


def test_unknown_columns_and_a_file_without_reports(run: Ensemble, tmp_path: Path) -> None:
    path = written(tmp_path, "2021-08-31,x,y,z\n", "date,event,source,status\n")
    with pytest.raises(ScenarioError, match=r":1:event  FS110  unknown column 'event'"):
        fs.update(run, path)
    with pytest.raises(ScenarioError, match=r"FS104  there is no report in it"):
        fs.update(run, written(tmp_path, ""))
    with pytest.raises(ScenarioError, match=r"FS101  there is no such file"):
        fs.update(run, tmp_path / "none.csv")


def test_a_series_of_control_and_strength_becomes_reports(run: Ensemble, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "2001-09-12,harrow-gate,ring,,,carter,2\n2001-09-11,,,ring,1200,carter,3\n",
        "date,place,holder,side,value,source,item_grade\n",
    )
    first, second = read_reports(path, run.scenario).rows
    assert (first.id, first.target, first.value) == ("row-3", 'strength("ring")', 1200)
    assert second.target == 'holder("harrow-gate") == "ring"'
    bad = written(
        tmp_path, "2001-09-12,harrow-gat,ring,,,carter,2\n", "date,place,holder,side,value,source,item_grade\n"
    )
    with pytest.raises(ScenarioError, match=r":2:place  FS126  no place named 'harrow-gat'"):
        read_reports(bad, run.scenario)


def test_chances_come_from_the_tables_of_pooling(run: Ensemble, tmp_path: Path) -> None:
    """B2: LR 4^0.85 = 3.249, so 0.7646 and 0.2354; a denial swaps them; established leaves the floor."""
    rows = "".join(
        f"{name},2001-09-10,x,observable,{GATE},{stance},,,,{kind},watcher,2,B,none\n"
        for name, stance, kind in (
            ("A", "supports", "claim"),
            ("B", "denies", "claim"),
            ("C", "supports", "established"),
        )
    )
    said, denied, certain = heard(read_reports(written(tmp_path, rows), run.scenario))
    right = 4**0.85 / (1 + 4**0.85)
    assert chances(said, ones()) == (pytest.approx(right), pytest.approx(1 - right))
    assert chances(denied, ones()) == (pytest.approx(1 - right), pytest.approx(right))
    assert chances(certain, ones()) == (pytest.approx(1 - FLOOR), pytest.approx(FLOOR))
    truth = np.array([1.0, 0.0, 0.0, 0.0])
    wide = PoolingHyper.from_draws({name: np.full(4, value) for name, value in _typical().items()})
    assert predictive(run.scenario, said, truth, wide, np.full(4, 0.25)) == pytest.approx(
        0.25 * right + 0.75 * (1 - right)
    )


def _typical() -> dict[str, float]:
    from fastness.parameters import quantile, registry

    return {
        row.name: float(quantile(row.prior, [0.5])[0])
        for row in registry().values()
        if row.name.startswith("information.")
    }


def test_a_second_report_of_one_origin_counts_less(run: Ensemble, tmp_path: Path) -> None:
    rows = "".join(f"{n},2001-09-1{n},x,observable,{GATE},supports,,,,claim,watcher,2,B,none\n" for n in (1, 2))
    one, two = heard(read_reports(written(tmp_path, rows), run.scenario))
    rho = float(ones().correlation[0])
    truth = np.array([1.0])
    first, second = (float(log_likelihood(run.scenario, each, truth, ones())[0]) for each in (one, two))
    assert second / first == pytest.approx(2 / (1 + rho) - 1)


def test_a_quantity_is_most_likely_where_it_is_true(run: Ensemble, tmp_path: Path) -> None:
    row = 'A,2001-09-10,x,observable,"strength(""ring"")",supports,,800,1250,established,watcher,1,A,none\n'
    (each,) = heard(read_reports(written(tmp_path, row), run.scenario))
    assert is_quantity(run.scenario, each.report)
    wide = PoolingHyper.from_draws({name: np.full(3, value) for name, value in _typical().items()})
    low, right, high = log_likelihood(run.scenario, each, np.array([500.0, 1000.0, 2000.0]), wide)
    sd = math.log(1250 / 800) / (2 * 1.6448536)
    assert right - high == pytest.approx(
        -math.log((1 - FLOOR) * math.exp(-0.5 * (math.log(2) / sd) ** 2) + FLOOR), rel=1e-6
    )
    assert low == pytest.approx(high)


def test_effective_number_and_power_by_hand() -> None:
    assert effective(np.log([0.5, 0.5])) == pytest.approx(2)
    assert effective(np.log([0.8, 0.2])) == pytest.approx(1 / 0.68)
    assert normal(np.array([-1000.0, -1000.0])) == pytest.approx([0.5, 0.5])
    weight, likelihood = np.zeros(4), np.array([0.0, -5.0, -5.0, -5.0])
    power = next_power(weight, likelihood, 2.0)
    assert effective(weight + power * likelihood) == pytest.approx(2, rel=1e-6)
    assert next_power(weight, np.zeros(4), 3.0) == 1.0


def test_divergence_by_hand() -> None:
    assert divergence(0.5, 0.25, 1e9) == pytest.approx(0.5 * math.log2(2) + 0.5 * math.log2(0.5 / 0.75))
    assert divergence(0.3, 0.3, 100) == 0
    assert math.isfinite(divergence(1.0, 0.0, 100))


def test_windows_of_questions() -> None:
    lesson = load("harrow-hold")
    assert [day.isoformat() for day in window_of("hold-stands", lesson)] == ["2001-12-31", "2001-12-31"]
    assert [day.isoformat() for day in window_of("gate-lost", lesson)] == ["2001-09-01", "2001-10-31"]


def test_weights_are_those_of_bayes_rule(run: Ensemble, tmp_path: Path) -> None:
    """A fact of the inputs: the weighted share is odds times ratio, counted by hand from the stored draws."""
    row = "A,2001-09-10,a deserter,belief,ring-means-to-storm,supports,,,,claim,deserter,2,B,none\n"
    found = update(run, written(tmp_path, row))
    true = run.draws["belief:ring-means-to-storm"].to_numpy() > 0.5
    weight = np.where(true, 4**0.85, 1.0)
    fell = run.outcomes["gate-lost"].to_numpy() >= 0
    step = found.steps[0]
    assert step.after["gate-lost"] == pytest.approx(float(weight @ fell / weight.sum()))
    assert step.expected == pytest.approx(true.mean())
    assert (step.power, step.played, step.surprise) == (1.0, 0, False)
    assert step.effective == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    assert found.days[-1].probabilities == step.after
    assert [day.date for day in found.days] == [f"2001-09-{day:02d}" for day in range(1, 11)]


def test_reports_that_say_nothing_change_nothing(run: Ensemble, tmp_path: Path) -> None:
    rows = (
        f"A,2001-09-10,nobody knows,observable,{GATE},supports,,,,unknown,carter,6,,\n"
        f"B,2001-09-11,either way,observable,{GATE},supports,,,,claim,teller,6,A,none\n"
    )
    found = update(run, written(tmp_path, rows))
    for step in found.steps:
        assert step.after == pytest.approx(step.before)
        assert step.told == pytest.approx(0, abs=1e-9)


def test_an_established_surprise_is_said_and_never_swallowed(run: Ensemble, tmp_path: Path) -> None:
    fell = '"holder(""harrow-hold"") == ""ring"""'
    row = f"A,2001-09-03,the Hold fell,observable,{fell},supports,,,,established,crier,1,A,none\n"
    found = update(run, written(tmp_path, row), budget=0)
    (step,) = found.steps
    assert step.surprise
    assert step.predictive < 0.01
    assert step.effective >= found.least
    assert found.warning.startswith("1 of 1 reports surprised the model, first A on 2001-09-03 (given ")
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert document["warning"] == found.warning


def test_a_run_of_other_numbers_is_refused(run: Ensemble, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(run.path, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"seed": 6}), encoding="utf-8")
    row = "A,2001-09-10,a deserter,belief,ring-means-to-storm,supports,,,,claim,deserter,2,B,none\n"
    with pytest.raises(RunError) as refused:
        update(open_run(folder), written(tmp_path, row))
    assert str(refused.value) == (
        f"FS203  {folder} cannot be played again: its campaigns were drawn with other numbers; "
        "run the scenario again, then update"
    )


def test_a_folder_edited_by_hand_or_cut_short_is_refused(run: Ensemble, tmp_path: Path) -> None:
    import fastparquet

    path = written(tmp_path, "A,2001-09-10,x,belief,pass-watched,supports,,,,claim,deserter,2,B,none\n")
    for name in ("edited", "short"):
        shutil.copytree(run.path, tmp_path / name)
    table = tmp_path / "edited" / "outcomes.parquet"
    fastparquet.write(str(table), run.outcomes.drop(columns="gate-lost"))
    with pytest.raises(StoreError) as refused:
        update(open_run(tmp_path / "edited"), path)
    assert str(refused.value) == (
        f"FS303  {tmp_path / 'edited'} has no outcomes of gate-lost; the folder was edited; run the scenario again"
    )
    draws = tmp_path / "short" / "draws.parquet"
    draws.write_bytes(draws.read_bytes()[:1000])
    with pytest.raises(StoreError, match=r"FS303 .* cannot be read"):
        update(open_run(tmp_path / "short"), path)


def test_the_picture_and_the_section(run: Ensemble, tmp_path: Path) -> None:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from fastness.plot.update import updated
    from fastness.reporting.update import FILE, read_update, update_section

    row = "A,2001-09-10,a <b>deserter</b>,belief,ring-means-to-storm,supports,,,,claim,deserter,2,B,none\n"
    found = update(run, written(tmp_path, row))
    drawn = updated(found).figure()
    assert len(drawn.data[2].x) == 10
    assert "&lt;b&gt;" in drawn.data[3].text[0]
    assert read_update(json.loads(json.dumps(found.document()))) == found
    shutil.copytree(run.path, tmp_path / "copy")
    copy = open_run(tmp_path / "copy")
    assert update_section(copy) == (None, [], "")
    (copy.path / FILE).write_text(json.dumps(found.document()), encoding="utf-8")
    section, told, warning = update_section(copy)
    assert section is not None
    assert len(section.dates) == len(section.numbers[0][1]) == 10
    environment = Environment(loader=PackageLoader("fastness.reporting"), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("update.html.j2").render(told=told, update_warning=warning)
    assert "a &lt;b&gt;deserter&lt;/b&gt;" in page
    (copy.path / FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(StoreError, match="FS303"):
        update_section(copy)


@pytest.mark.parametrize("as_json", [False, True])
def test_the_verb(
    run: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    from fastness.cli import main

    row = "A,2001-09-10,a deserter,belief,ring-means-to-storm,supports,,,,claim,deserter,2,B,none\n"
    out = tmp_path / "updated"
    words = ["fastness", "update", str(run.path), str(written(tmp_path, row)), "-o", str(out)]
    monkeypatch.setattr(sys, "argv", [*words, "--json"] if as_json else words)
    with suppress(SystemExit):
        main()
    said = capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["update.html", "update.json"]
    document = json.loads((out / "update.json").read_text(encoding="utf-8"))
    assert document["steps"][0]["id"] == "A"
    assert json.loads(said) == document if as_json else "a deserter" in said
    assert not (run.path / "update.json").exists()


def test_the_reports_that_are_shipped_fit_their_scenario() -> None:
    from fastness.cli.update import shipped

    scenario = load("panjshir-2021")
    read = read_reports(shipped(Path("panjshir-2021")), scenario)
    assert len(read.rows) == 14
    assert min(report.date for report in read.rows) > scenario.clock.as_of
