"""The report's tables and texts, and the file as it is written; how it behaves in a browser is tested there."""

import json
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
import synthetic

from fastness import report
from fastness.analysis.shares import Share, Shares
from fastness.ensemble import Ensemble, open_run
from fastness.reporting.build import context
from fastness.reporting.evidence import bound_groups, ledger_cards
from fastness.reporting.tables import comparison, ensemble_titles, plan_rows, provenance, question_rows, share_rows
from fastness.reporting.texts import day_text, days_text, figures, interval, when_text


def test_ranges_are_whole_percents() -> None:
    assert interval(0.381, 0.809) == "38–81"
    assert interval(0.0, 0.0012) == "<1"
    assert interval(0.998, 1.0) == ">99"


def test_dates_leave_out_the_year_that_goes_without_saying() -> None:
    assert day_text("2021-09-24", 2021) == "24 Sep"
    assert day_text("2022-01-03", 2021) == "3 Jan 2022"
    assert day_text(None) == "—"


@pytest.mark.parametrize(
    ("dates", "text"),
    [
        (("2021-09-08", "2021-09-24", "2021-11-15"), "24 Sep (8 Sep – 15 Nov)"),
        (("2021-12-31", "2021-12-31", "2021-12-31"), "31 Dec"),
        ((None, None, None), "—"),
    ],
)
def test_when_it_happens_if_it_happens(dates: tuple[str | None, str | None, str | None], text: str) -> None:
    assert when_text(*dates, 2021) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ((9, 19, 41), "19 (9–41)"),
        ((30, 71, None), "71 (30 to over 246)"),
        ((12, None, None), "over 246 (from 12)"),
        ((None, None, None), "over 246"),
    ],
)
def test_how_long_it_lasts(days: tuple[float | None, float | None, float | None], text: str) -> None:
    assert days_text(*days, 246) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (12345, "12,300"),
        (0.4567, "0.457"),
        (31.96, "32"),
        (999.6, "1,000"),
        (4.6e6, "4,600,000"),
        (1.5, "1.5"),
    ],
)
def test_three_figures_are_enough(value: float, text: str) -> None:
    assert figures(value) == text


def test_a_question_row_shows_its_range_on_the_bar() -> None:
    made = synthetic.scenario()
    row = question_rows(synthetic.answer(made, 0.0), made)[0]
    assert (row.words, row.probability, row.interval) == ("likely", "62 %", "38–81")
    assert (row.low, row.at, row.high) == (38.0, 62.0, 81.0)


def test_a_share_row_has_a_bar_without_gaps() -> None:
    made = synthetic.scenario()
    whole = Shares(Share(0.1, 0.05, 0.15), Share(-0.004, -0.02, 0.01), Share(0.304, 0.25, 0.36))
    (row,) = share_rows({"gulbahar-falls": whole}, synthetic.answer(made, 0.0))
    assert row.text == "Does Gulbahar fall by 31 August 2021?"
    assert row.cells == ("10 % (5–15)", "0 % (0–1)", "20 %", "70 % (64–75)")
    assert row.parts == [("evidence", 0, 10.0), ("model", 10.0, 0.0), ("together", 10.0, 20.4), ("luck", 30.4, 69.6)]


def test_the_report_shows_what_uncertainty_is_made_of(tmp_path: Path) -> None:
    made = synthetic.ensemble(tmp_path / "run")
    text = report([made], tmp_path / "report.html", answers=[made.answer()]).read_text(encoding="utf-8")
    table = re.search(r'<table class="plain shares">(.*?)</table>', text, flags=re.DOTALL)
    assert table is not None
    assert table[1].count('<tr><th scope="row">') >= 3
    assert 'class="luck"' in table[1]


def test_variants_are_compared_question_by_question(tmp_path: Path) -> None:
    base = synthetic.ensemble(tmp_path / "a")
    other = synthetic.ensemble(tmp_path / "b", variant="early-winter", shift=0.1)
    table = comparison([base, other], [base.answer(), other.answer()])
    assert table is not None
    assert table.titles[1] == "Winter comes three weeks early"
    assert table.rows[0][1] == [("62 %", "38–81"), ("72 %", "48–91")]
    assert comparison([base], [base.answer()]) is None


def test_an_ensemble_that_is_no_variant_of_the_base_goes_by_its_folder(tmp_path: Path) -> None:
    base = synthetic.ensemble(tmp_path / "a")
    other = synthetic.ensemble(tmp_path / "elsewhere")
    other.manifest["scenario"] = "0" * 64
    assert ensemble_titles([base, other]) == [base.scenario.title, "elsewhere"]


def test_plans_are_written_as_sentences_of_orders() -> None:
    first, second = plan_rows(synthetic.scenario().plans["taliban"])
    assert first["orders"] == "blockade gulbahar, khawak"
    assert first["delay"] == "none"
    assert second["delay"] == "3 days (1–10)"
    assert second["orders"] == "assault bazarak; axes gulbahar, khawak"


def test_provenance_flattens_the_manifest(tmp_path: Path) -> None:
    rows = dict(provenance(synthetic.ensemble(tmp_path)))
    assert rows["seed"] == "7"
    assert rows["versions numpy"] == "2.4"
    assert rows["campaigns failed"] == "3"
    assert rows["clock"] == "27 Aug 2021 – 30 Apr 2022"


def test_the_ledger_says_what_each_belief_became() -> None:
    cards = {card.id: card for card in ledger_cards(synthetic.scenario())}
    strength = cards["nrf-strength"]
    assert strength.prior == "6,000 (2,000 – 12,000) persons"
    assert [line.id for line in strength.lines] == ["C001", "C002"]
    assert strength.lines[1].says == "2,000 – 9,000 persons"
    assert strength.company.startswith("2 claims of nrf count as 1.")
    assert 0 <= strength.pooled_strip.low < strength.pooled_strip.high <= 100
    assert cards["salang-blocked"].prior == "50 %"
    assert bound_groups(synthetic.scenario()) == []


def test_the_file_is_small_whole_and_closed_to_the_network(tmp_path: Path) -> None:
    made = synthetic.ensemble(tmp_path / "run")
    path = report([made], tmp_path / "report.html", answers=[made.answer()])
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 8e6
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["report.html"]
    assert 'content="default-src &#39;none&#39;;' in text
    page = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"(src|href)=[\"'](?!#|data:)", page)
    assert "<img" not in page
    figures_text = re.search(r'<script type="application/json" id="figures">(.*?)</script>', text, flags=re.DOTALL)
    assert figures_text is not None
    assert set(json.loads(figures_text[1])) == {"template", "map", "charts"}


def test_plotly_knows_every_key_of_every_figure(harrow: Ensemble) -> None:
    figures = json.loads(str(context([harrow], [harrow.answer()])["figures"]))
    drawn = {name: go.Figure(figure) for name, figure in {**figures["charts"], "map": figures["map"]["figure"]}.items()}
    assert {"turning-sure", "map"} < set(drawn)
    assert len(drawn) > 20
    assert go.Figure(layout={"template": figures["template"]}).layout.template.layout.showlegend is False
    with pytest.raises(ValueError, match="colour"):
        go.Figure({"data": [{"type": "scatter", "line": {"colour": "red"}}]})


def test_a_report_does_not_hang_on_which_of_its_parts_is_ready_first(harrow: Ensemble, tmp_path: Path) -> None:
    first, second = (report([open_run(harrow.path)], tmp_path / f"{k}.html") for k in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_likelihood_and_confidence_are_separate_sentences(tmp_path: Path) -> None:
    made = synthetic.ensemble(tmp_path / "run")
    text = report([made], tmp_path / "report.html", answers=[made.answer()]).read_text(encoding="utf-8")
    headline = re.search(r'<p id="headline">(.*?)</p>', text)
    confidence = re.search(r'<p id="confidence">(.*?)</p>', text)
    assert headline is not None
    assert confidence is not None
    assert "onfidence" not in headline[1]
    assert "likely" not in confidence[1]


def test_a_report_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one ensemble"):
        report([], tmp_path / "report.html")
