"""Drivers: polynomials, shares and curves by hand, interactions in words, the design's structure, errors, figures."""

import json
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import FIRST, toy

from fastness.analysis.drivers import Curve, curve, drivers, kind_of
from fastness.analysis.drivers_design import LUCK, design, drivers_by_design, indices, problem_of
from fastness.analysis.surrogate import basis, chance_level, first_order, surrogate
from fastness.errors import AnalysisError
from fastness.plot.drivers import driver_bars, driver_curve

HALVES = np.repeat([0.0, 1.0], 4)


@given(st.lists(st.integers(0, 6), min_size=12, max_size=40))
def test_polynomials_are_orthonormal_and_no_more_than_the_values_allow(values: list[int]) -> None:
    made = basis(np.array([values], dtype=float).T, 4)
    used = made.columns[:, 0, : made.degrees[0]]
    assert made.degrees[0] == min(4, len(set(values)) - 1)
    assert used.T @ used / len(values) == pytest.approx(np.eye(used.shape[1]), abs=1e-9)
    assert used.sum(axis=0) == pytest.approx(np.zeros(used.shape[1]), abs=1e-6)
    assert not made.columns[:, 0, made.degrees[0] :].any()


def test_the_share_of_a_fact_by_hand() -> None:
    """1 of 4 against 3 of 4: R² = (3/4 - 1/4)² = 1/4, adjusted for one column of 8 campaigns: 1 - 3/4 * 7/6 = 1/8."""
    y = np.array([0, 0, 0, 1, 1, 1, 1, 0.0])
    assert first_order(basis(HALVES[:, None]), y) == pytest.approx([0.125])


def test_only_the_order_of_values_counts() -> None:
    x, y = np.arange(1.0, 201), np.arange(200) % 3 / 2
    assert first_order(basis(np.exp(x)[:, None]), y) == pytest.approx(first_order(basis(x[:, None]), y))


def test_an_outcome_that_never_varies_has_no_drivers() -> None:
    assert first_order(basis(HALVES[:, None]), np.ones(8)) == pytest.approx([0.0])


def test_the_chance_level_counts_the_inputs() -> None:
    random = np.random.default_rng(3)
    x, y = random.random((500, 200)), (random.random(500) < 0.3).astype(float)
    few, many = chance_level(basis(x[:, :2]), y), chance_level(basis(x), y)
    assert 0 < few < many < 0.1


def test_a_curve_by_hand() -> None:
    found = curve(HALVES, np.array([0, 0, 0, 1, 1, 1, 1, 1.0]))
    assert found.at == (0.0, 1.0)
    assert found.probability == (0.25, 1.0)
    assert found.high[1] == 1.0
    assert 0 < found.low[0] < 0.25 < found.high[0] < 1


def test_a_curve_has_equal_groups() -> None:
    found = curve(np.arange(80.0), (np.arange(80) >= 40).astype(float))
    assert found.at == tuple(4.5 + 10 * k for k in range(8))
    assert found.probability == (0, 0, 0, 0, 1, 1, 1, 1)


def strong(beliefs: dict[str, np.ndarray]) -> np.ndarray:
    """Return P: few men and a blocked road are bad, and only together very."""
    few, blocked = beliefs["nrf-strength"] < np.median(beliefs["nrf-strength"]), beliefs["salang-blocked"] > 0
    return 0.2 + 0.1 * few + 0.1 * blocked + 0.5 * few * blocked


def test_drivers_are_found_with_direction_and_what_acts_together() -> None:
    found = drivers(toy(strong)).questions[0]
    assert {row.id for row in found.drivers[:2]} == {"belief:nrf-strength", "belief:salang-blocked"}
    assert [row.beyond_chance for row in found.drivers[:2]] == [True, True]
    assert sum(row.beyond_chance for row in found.drivers) == 2
    strength = next(row for row in found.drivers if row.name == "nrf-strength")
    blocked = next(row for row in found.drivers if row.name == "salang-blocked")
    assert strength.direction.startswith("falls from")
    assert "persons" in strength.direction
    assert blocked.direction.endswith("if it is so")
    assert strength.total is not None
    assert strength.total.value > strength.share.value
    assert {found.interactions[0].first, found.interactions[0].second} == {strength.id, blocked.id}
    assert "where" in found.interactions[0].says
    assert 0.1 < found.fit < 0.4


def test_the_same_ensemble_gives_the_same_numbers() -> None:
    assert drivers(toy(strong)) == drivers(toy(strong))


def test_pure_luck_has_no_driver() -> None:
    found = drivers(toy(lambda _: 0.4)).questions[0]
    assert not any(row.beyond_chance for row in found.drivers)
    assert found.interactions == ()
    assert found.fit < 0.01


def test_failed_campaigns_are_left_out() -> None:
    ensemble = toy(strong)
    ensemble.outcomes.loc[:99, "status"] = 211
    assert drivers(ensemble).questions[0].campaigns == 1900
    ensemble.outcomes["status"] = 211
    with pytest.raises(AnalysisError, match="FS402  runs/toy has no campaign that was completed"):
        drivers(ensemble)


def test_a_question_that_all_campaigns_decide_alike_is_left_out() -> None:
    found = drivers(toy(strong), questions=["food-out", FIRST])
    assert found.left_out == ("food-out",)
    assert [row.id for row in found.questions] == [FIRST]
    json.dumps(found.document(), allow_nan=False)


def test_an_unknown_question_is_named() -> None:
    with pytest.raises(AnalysisError) as caught:
        drivers(toy(strong), questions=["food-outt"])
    assert str(caught.value) == "FS401  the run has no question 'food-outt'; did you mean 'food-out'?"


def test_trust_in_sources_is_evidence() -> None:
    assert kind_of("parameter:information.source_spread") == "evidence"
    assert kind_of("parameter:assault.tempo") == "model"
    assert kind_of("belief:anything") == "evidence"


def test_figures_show_each_driver_and_escape_what_people_wrote() -> None:
    found = drivers(toy(strong)).questions[0]
    bars = driver_bars(found).figure()
    assert len(bars.data[0].x) == len(found.drivers)
    assert "<" not in "".join(bars.layout.yaxis.ticktext)
    drawn = {row.name: driver_curve(row).figure() for row in found.drivers[:2]}
    assert list(drawn["salang-blocked"].data[0].x) == ["no", "yes"]
    assert len(drawn["nrf-strength"].data[0].x) == 8


def test_a_surrogate_with_too_few_values_for_pairs() -> None:
    found = surrogate(basis(HALVES[:, None].repeat(5, axis=0)), np.tile([0.0, 1.0], 20))
    assert found.pairs == ()
    assert len(found.total) == 1


def test_the_design_exchanges_one_factor_at_a_time() -> None:
    names, groups = ["a", "b", "c", LUCK], ["a", "rest", "rest", LUCK]
    points, luck = design(problem_of(names, groups), 16)
    blocks, numbers = points.reshape(5, 16, 4), luck.reshape(5, 16)
    for block, columns in ((1, [0]), (2, [1, 2]), (3, [3])):
        changed = (blocks[block] != blocks[0]).all(axis=0)
        assert list(np.flatnonzero(changed)) == columns
        assert (blocks[block][:, columns] == blocks[4][:, columns]).all()
    own = np.arange(16)
    assert (numbers == [own, own, own, 16 + own, 16 + own]).all()


def test_failed_campaigns_take_their_row_of_the_design_with_them() -> None:
    problem = problem_of(["a", LUCK], ["a", LUCK])
    points, luck = design(problem, 64)
    y, fine = points[:, 0].copy(), np.ones(len(luck), dtype=bool)
    fine[3], y[3] = False, 1e9
    found = indices(problem, y, fine, 64)
    assert found["a"][1].value == pytest.approx(1, abs=0.3)
    assert found[LUCK][1].value == 0
    assert indices(problem, np.zeros(len(luck)), fine, 64)["a"][0].value == 0


@pytest.mark.parametrize("rows", [0, 8, 100])
def test_rows_that_make_no_design_are_refused(rows: int) -> None:
    with pytest.raises(AnalysisError) as caught:
        drivers_by_design(toy(strong), rows=rows)
    assert str(caught.value) == (
        f"FS442  rows of a Sobol design must be a power of 2 from 16, are {rows}; "
        "256 takes about as long as a run of 3,300 campaigns"
    )


def test_a_design_without_salib_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(AnalysisError) as caught:
        drivers_by_design(toy(strong), rows=16)
    assert str(caught.value) == "FS441  a Sobol design needs SALib, which is not here; pip install 'fastness[sobol]'"


def test_a_hump_is_told_as_one() -> None:
    def hump(beliefs: dict[str, np.ndarray]) -> np.ndarray:
        ranked = beliefs["nrf-strength"].argsort().argsort() / len(beliefs["nrf-strength"])
        return np.where(abs(ranked - 0.5) < 0.25, 0.8, 0.2)

    found = drivers(toy(hump)).questions[0].drivers[0]
    assert found.direction.startswith("highest in between")
    assert isinstance(found.curve, Curve)
