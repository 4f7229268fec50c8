"""Competing hypotheses: likelihood ratios against closed forms; assumptions by hand."""

import json

import numpy as np
import pytest
from scipy.stats import norm

from fastness.analysis.assumptions import difference, slope
from fastness.analysis.hypotheses import cells_of, hypotheses, mark
from fastness.ensemble import Ensemble
from fastness.errors import AnalysisError
from fastness.reporting.build import _environment
from fastness.reporting.hypotheses import MatrixTable, hypotheses_section


def test_a_claim_on_a_fact_has_its_likelihood_ratio() -> None:
    """P(said | true) / P(said | false) = 4: the campaigns are drawn given the claim, and it is taken out again."""
    true = np.arange(1000) < 800  # prior 1:1 and ratio 4
    cells = cells_of(np.log(4.0) * true, [true, ~true])
    assert cells[0].ratio / cells[1].ratio == pytest.approx(4.0)
    assert cells[0].ratio == pytest.approx(1.6)  # P(said | true) / P(said) = 4 / ((4 + 1) / 2)
    assert [cell.mark for cell in cells] == ["C", "I"]


def test_a_claim_on_a_quantity_agrees_with_numerical_integration() -> None:
    """Prior N(0, 1), then a claim of 1 with sd 1.5: P(c | x > 0) / P(c), from campaigns drawn given the claim."""
    precision = 1 / 1.5**2
    sd = (1 + precision) ** -0.5
    drawn = precision * sd**2 * 1.0 + sd * norm.ppf((np.arange(40_000) + 0.5) / 40_000)
    log = -0.5 * precision * (drawn - 1.0) ** 2
    (high, low) = cells_of(log, [drawn > 0, drawn <= 0])
    grid = np.linspace(-8, 8, 200_001)
    weight, likelihood = norm.pdf(grid), np.exp(-0.5 * precision * (grid - 1.0) ** 2)
    whole = (weight * likelihood).sum() / weight.sum()
    above = (weight * likelihood)[grid > 0].sum() / weight[grid > 0].sum()
    below = (weight * likelihood)[grid <= 0].sum() / weight[grid <= 0].sum()
    assert high.ratio == pytest.approx(above / whole, rel=0.02)
    assert low.ratio == pytest.approx(below / whole, rel=0.02)


def test_marks() -> None:
    assert [mark(r, r * 0.99, r * 1.01) for r in (4.0, 1.5, 1.05, 0.8, 0.3)] == ["CC", "C", "N", "I", "II"]
    assert mark(4.0, 0.9, 18.0) == "N"


def test_a_difference_by_hand() -> None:
    true = np.array([True] * 50 + [False] * 50)
    yes = np.array([1.0] * 40 + [0.0] * 10 + [1.0] * 10 + [0.0] * 40)
    move, error = difference(true, yes) or (0, 0)
    assert move == pytest.approx(0.6)
    p, q = 40.5 / 51, 10.5 / 51
    assert error == pytest.approx((p * (1 - p) / 50 + q * (1 - q) / 50) ** 0.5)
    assert difference(np.array([True] * 5 + [False] * 95), yes) is None


def test_a_slope_is_that_from_the_fifth_to_the_ninety_fifth_percentile() -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(size=20_000)
    yes = (rng.random(20_000) < 0.5 + 0.1 * np.clip(z, -4, 4)).astype(float)
    move, error = slope(np.exp(z), yes) or (0, 0)
    assert move == pytest.approx(2 * 1.645 * 0.1, abs=4 * error)
    assert slope(np.ones(10), np.ones(10)) is None


def test_the_matrices_of_a_run(harrow: Ensemble) -> None:
    found = hypotheses(harrow)
    first = next(iter(harrow.scenario.questions))
    assert found.matrices[0].subject == first
    for matrix in found.matrices:
        assert sum(each.posterior for each in matrix.hypotheses) == pytest.approx(1.0)
        assert min(each.rank for each in matrix.hypotheses) == 1
        assert all(each.against >= 0 for each in matrix.hypotheses)
        best = min(matrix.hypotheses, key=lambda each: each.against)
        assert best.rank == 1
    by_claim = {row.claim: row for matrix in found.matrices if matrix.subject == "pass-watched" for row in matrix.rows}
    true, false = by_claim["H10"].cells  # nobody was on the pass: a denial of grade B2
    assert true.ratio < 1 < false.ratio
    json.dumps(found.document())


def test_key_assumptions_say_what_stands_behind_them(harrow: Ensemble) -> None:
    table = {each.id: each for each in hypotheses(harrow).assumptions}
    storm = table["ring-means-to-storm"]
    assert storm.clear
    assert storm.move < -0.3
    claims = [claim.id for claim in harrow.scenario.claims if claim.target == "ring-means-to-storm"]
    assert list(storm.claims) == claims
    assert storm.support.startswith(f"{len(claims)} claims of 2 origins")


def test_a_quantity_is_cut_in_three(harrow: Ensemble) -> None:
    (matrix,) = hypotheses(harrow, about="ring-strength").matrices
    assert [each.text for each in matrix.hypotheses] == ["low", "middling", "high"]
    assert all(each.posterior == pytest.approx(1 / 3, abs=0.02) for each in matrix.hypotheses)


def test_subjects_that_cannot_be_weighed(harrow: Ensemble) -> None:
    with pytest.raises(AnalysisError) as unknown:
        hypotheses(harrow, about="ring-strengt")
    assert str(unknown.value) == "FS401  no question or belief 'ring-strengt'; did you mean 'ring-strength'?"
    first = next(iter(harrow.scenario.questions))
    settled = type(harrow)(harrow.path, harrow.manifest)
    settled.__dict__.update(outcomes=harrow.outcomes.assign(**{first: -1}), draws=harrow.draws)
    with pytest.raises(AnalysisError) as fault:
        hypotheses(settled, about=first)
    assert str(fault.value) == (
        f"FS457  '{first}' has fewer than 20 campaigns behind one of its hypotheses, or no claims; "
        "name a question or a belief with campaigns both ways"
    )


def test_the_reports_section_shows_matrices_and_assumptions(harrow: Ensemble) -> None:
    matrices, rows = hypotheses_section(harrow)
    assert [matrix.title for matrix in matrices][:2] == ["The Hold still stands on 31 December", "Ring means to storm"]
    page = _environment().get_template("hypotheses.html.j2").render(matrices=matrices, assumptions=rows)
    assert page.count("<details") == len(matrices)
    assert page.count("<table") == sum(bool(matrix.rows) for matrix in matrices) + 1
    silent = MatrixTable(
        "Salang blocked", [("yes", "40 %", "0.00", 1)], [], "None of 3 claims tells the hypotheses apart."
    )
    quiet = _environment().get_template("hypotheses.html.j2").render(matrices=[silent], assumptions=rows)
    assert "None of 3 claims" in quiet
    assert "rank 1" not in quiet
    assert "Nobody was on Crow pass" in page
    assert rows[0].text == "ring means to storm"
