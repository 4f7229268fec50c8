"""Comparisons: intervals against published values and exact coverage, verdicts, pairing, and what is refused."""

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import synthetic
from hypothesis import given
from hypothesis import strategies as st

from fastness.analysis.changed import Forecast, changed, input_changes
from fastness.analysis.compare import (
    Difference,
    clock_difference,
    compare,
    judged,
    question_difference,
    would_change_the_call,
)
from fastness.analysis.pairs import Z, for_next_digit, mcnemar, newcombe, score, tango, wilson
from fastness.errors import AnalysisError

COUNTS = st.integers(1, 300).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n)).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.integers(0, pair[1] - pair[0]), st.just(pair[1]))
    )
)


def test_newcombe_agrees_with_his_table() -> None:
    """56/70 and 48/80: method 10 of Newcombe 1998, table II."""
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_wilson_by_hand() -> None:
    """0 of 10: the upper end is z² / (n + z²)."""
    assert wilson(0, 10) == pytest.approx((0, Z**2 / (10 + Z**2)))


def test_tango_without_flips_by_hand() -> None:
    """The score of no flips is -sqrt(n d / (1 - d)), which is -z at d = z² / (n + z²)."""
    end = Z**2 / (200 + Z**2)
    assert tango(0, 0, 200) == pytest.approx((-end, end), abs=1e-9)


@given(COUNTS)
def test_the_ends_of_the_interval_are_where_the_score_is_z(counts: tuple[int, int, int]) -> None:
    gained, lost, n = counts
    low, high = tango(gained, lost, n)
    assert -1 <= low <= (gained - lost) / n <= high <= 1
    if low > -1 + 1e-9:
        assert score(gained, lost, n, low) == pytest.approx(Z, abs=1e-3)
    if high < 1 - 1e-9:
        assert score(gained, lost, n, high) == pytest.approx(-Z, abs=1e-3)


@given(COUNTS)
def test_changing_the_runs_over_turns_the_interval_round(counts: tuple[int, int, int]) -> None:
    gained, lost, n = counts
    low, high = tango(gained, lost, n)
    assert tango(lost, gained, n) == pytest.approx((-high, -low), abs=1e-9)


def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


@pytest.mark.parametrize(("gain", "loss"), [(0.02, 0.02), (0.1, 0.0), (0.05, 0.3), (0.2, 0.2)])
def test_the_interval_holds_what_it_says_exactly(gain: float, loss: float) -> None:
    """Coverage by enumeration of all outcomes of 40 pairs: no chance in it."""
    n, covered = 40, 0.0
    for gained in range(n + 1):
        for lost in range(n - gained + 1):
            low, high = tango(gained, lost, n)
            if low <= gain - loss <= high:
                covered += binomial(gained, n, gain) * binomial(lost, n - gained, loss / (1 - gain))
    assert covered > 0.925


def test_mcnemar_by_hand() -> None:
    assert mcnemar(5, 0) == pytest.approx(2 / 32)
    assert mcnemar(0, 0) == 1
    assert mcnemar(3, 3) == 1


def test_the_next_digit() -> None:
    """A half-width of 0.8 points knows tens of points; half a point takes (0.8 / 0.5)² as many campaigns."""
    assert for_next_digit(0.008, 1000, 0.01) == pytest.approx(1560, abs=1)
    assert for_next_digit(0.003, 1000, 0.01) == pytest.approx(35000, abs=1)  # from whole points to tenths


def yes_no(gained: int, lost: int, both: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    before = np.repeat([False, True, True, False], [gained, lost, both, neither])
    after = np.repeat([True, False, True, False], [gained, lost, both, neither])
    return before, after


def test_a_question_that_flips() -> None:
    found = question_difference("b", "q", "It falls", *yes_no(60, 10, 300, 630), paired=True)
    assert (found.base_value, found.value, found.difference) == pytest.approx((0.31, 0.36, 0.05))
    assert (found.to_yes, found.to_no) == pytest.approx((0.06, 0.01))
    assert found.low > 0
    assert judged([found])[0].verdict == "clear"


def test_verdicts() -> None:
    same = question_difference("b", "q", "It falls", *yes_no(0, 0, 3, 97), paired=True)
    assert (same.verdict, same.more_campaigns) == ("same", None)
    alike = question_difference("b", "q", "It falls", *yes_no(5, 4, 50, 41), paired=True)
    assert alike.verdict == "indistinguishable"
    lucky = question_difference("b", "q", "It falls", *yes_no(9, 1, 50, 140), paired=True)
    assert judged([lucky])[0].verdict == "clear"  # alone: McNemar 0.021
    assert judged([lucky, *[same] * 9])[0].verdict == "not beyond chance"  # one of ten


def test_where_nothing_differs_few_comparisons_are_called_clear() -> None:
    """Of 400 sets of 40 comparisons without effect at most 5 % have a clear one: 20, and over 35 once in 1000 tries."""
    generator, clear = np.random.default_rng(5), 0
    for _ in range(400):
        flips = generator.multinomial(200, [0.04, 0.04, 0.42, 0.5], size=40)
        rows = [question_difference("b", "q", "", *yes_no(*row), paired=True) for row in flips]
        clear += any(row.verdict == "clear" for row in judged(rows))
    assert clear <= 35


def test_a_clock_by_its_mean_within_the_clock() -> None:
    before = np.array([10.0] * 500 + [100.0] * 500)
    after = before + np.array([6.0] * 500 + [0.0] * 500)
    found = clock_difference("b", "c", "Food", before, after, 100.0, paired=True)
    assert (found.base_value, found.difference) == pytest.approx((55, 3))
    assert found.high - found.difference == pytest.approx(Z * math.sqrt((9 + 36 / 1000) / 1000))
    assert (found.to_yes, found.to_no) == (0, 0)
    one = clock_difference("b", "c", "Food", before, before + np.eye(1, 1000)[0], 100.0, paired=True)
    assert one.chance == 1  # a single campaign proves nothing
    assert one.verdict == "indistinguishable"


def test_pairing_beats_independent_runs() -> None:
    before, after = yes_no(30, 5, 300, 665)
    paired = question_difference("b", "q", "", before, after, paired=True)
    apart = question_difference("b", "q", "", before, after, paired=False)
    assert apart.difference == pytest.approx(paired.difference)
    assert apart.high - apart.low > 3 * (paired.high - paired.low)
    assert (apart.to_yes, apart.to_no) == (None, None)


def run(folder: Path, name: str = "a", **changes: object) -> SimpleNamespace:
    """Make up a run of the synthetic scenario with every clock."""
    made = synthetic.scenario()
    outcomes = synthetic.outcomes()
    clocks = {f"food_out:{place.id}": 30 for place in made.places}
    clocks |= {f"{kind}_out:{side}": -1 for kind in ("food", "fuel", "ammunition") for side in made.sides}
    outcomes = pd.DataFrame({**outcomes, **clocks})
    draws = synthetic.draws().assign(**{"belief:salang-blocked": 0.0})
    manifest = {"seed": 7, "kernel": "k", "scenario": "s", "variant": None} | changes
    return SimpleNamespace(path=folder / name, scenario=made, manifest=manifest, outcomes=outcomes, draws=draws)


def test_runs_are_paired_on_the_campaigns_that_both_completed(tmp_path: Path) -> None:
    base, other = run(tmp_path), run(tmp_path, "b", variant="open")
    other.outcomes = other.outcomes.iloc[:500].copy()
    other.outcomes.loc[3, "status"] = 213
    other.outcomes.loc[:99, "food_out:bazarak"] = -1
    found = compare(base, other)  # type: ignore[arg-type]
    assert [each.name for each in (found.base, *found.others)] == ["base", "open"]
    assert found.notes == ["open: paired on the 499 campaigns that both have completed"]
    food = next(row for row in found.differences if row.id == "food_out:bazarak")
    assert food.to_no == pytest.approx(99 / 499)
    assert food.verdict == "clear"
    assert {row.verdict for row in found.differences if row.kind == "question"} == {"same"}


def test_other_seeds_give_unpaired_intervals_and_say_so(tmp_path: Path) -> None:
    found = compare(run(tmp_path), run(tmp_path, "b", seed=8))  # type: ignore[arg-type]
    assert found.notes == [
        "b: the seeds differ (7 and 8), so no campaign pairs; intervals are those of independent runs, several times "
        "as wide"
    ]
    assert all(row.to_yes is None for row in found.differences)
    assert {row.verdict for row in found.differences} == {"indistinguishable"}


def test_questions_in_other_terms_are_left_out(tmp_path: Path) -> None:
    other = run(tmp_path, "b")
    name, question = next(iter(other.scenario.questions.items()))
    changed_terms = question.model_copy(update={"holds": 'holder("bazarak") == "nrf"'})
    other.scenario = other.scenario.model_copy(update={"questions": {**other.scenario.questions, name: changed_terms}})
    found = compare(run(tmp_path), other)  # type: ignore[arg-type]
    assert f"b: not asked in the same terms, so left out: {name}" in found.notes
    assert name not in {row.id for row in found.differences}


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError) as alone:
        compare(run(tmp_path))  # type: ignore[arg-type]
    assert str(alone.value) == (
        f"FS435  there is nothing to compare {tmp_path / 'a'} with; name two run folders or more; the first is the base"
    )
    failed = run(tmp_path, "b")
    failed.outcomes["status"] = 213
    with pytest.raises(AnalysisError, match="have no campaign in common that was completed"):
        compare(run(tmp_path), failed)  # type: ignore[arg-type]


def test_what_would_change_the_call(tmp_path: Path) -> None:
    rows = [
        question_difference("b", "call", "It falls", *yes_no(100, 0, 500, 400), paired=True),
        question_difference("b", "same words", "It holds", *yes_no(30, 0, 250, 720), paired=True),
    ]
    found = replace(compare(run(tmp_path), run(tmp_path, "b")), differences=judged(rows))  # type: ignore[arg-type]
    assert [row.id for row in would_change_the_call(found)] == ["call"]


def test_what_changed_since_an_earlier_forecast() -> None:
    def said(p: float) -> list[dict[str, object]]:
        return [{"id": "q", "text": "It falls", "probability": p, "standard_error": 0.01}]

    old = {"beliefs": {"b": {"chance": 0.5}}, "claims": [{"id": "C1", "statement": "Yes", "value": 3}], "title": "x"}
    new = {"beliefs": {"b": {"chance": 0.2}}, "claims": [{"id": "C2", "statement": "No", "value": 3}], "title": "y"}
    more = [*said(0.6), {**said(0.1)[0], "id": "r"}]
    found = changed(Forecast("then", said(0.5), "1", "k", old), Forecast("now", more, "2", "l", new))
    assert [(row.words_before, row.words_now, row.beyond_error) for row in found.answers] == [
        ("roughly even chance", "likely", True)
    ]
    assert [(each.path, each.before, each.now) for each in found.inputs] == [
        ("beliefs.b.chance", 0.5, 0.2),
        ("claims.C1", "Yes", None),
        ("claims.C2", None, "No"),
    ]
    assert (found.before, found.only_one, found.scenario, found.model) == ("then", ["r"], True, True)
    assert input_changes(old, old) == []
    assert input_changes({"missing": ["an idea"]}, {"missing": ["two ideas"]}) == []  # said, but nothing hangs on it


def test_a_difference_is_plain_data(tmp_path: Path) -> None:
    document = compare(run(tmp_path), run(tmp_path, "b")).document()  # type: ignore[arg-type]
    assert document["comparisons"] == len(document["differences"])
    assert set(document["differences"][0]) == set(Difference.__dataclass_fields__)


def test_the_report_draws_what_moves_and_lists_the_rest(tmp_path: Path) -> None:
    from fastness.reporting.build import _environment
    from fastness.reporting.compare import compared

    base, other = run(tmp_path), run(tmp_path, "b", variant="salang-open")
    other.outcomes["food_out:bazarak"] = np.where(np.arange(2000) < 300, -1, 30)
    section, table = compared([base, other])  # type: ignore[list-item]
    assert section is not None
    assert table is not None
    assert "Food in Bazarak" in [card.title for card in section.cards]
    figure = next(card.figure for card in section.cards if card.title == "Food in Bazarak")
    assert figure.traces[0]["x"][0] == pytest.approx(0.15 * (synthetic.DAYS - 1 - 30), abs=0.01)
    page = _environment().get_template("compare.html.j2").render(compared=table)
    assert "The Salang road is open" in page  # the variant by its title
    assert "0.0 / 15.0 %" in page
    assert compared([base]) == (None, None)  # type: ignore[list-item]
