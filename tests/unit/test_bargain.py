"""Bargaining by hand (B16): the range of deals, the shift that no deal survives, and the chance by force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastness.kernel.bargain import bargaining_range, chance_by_force, commitment_problem

SHARES = st.floats(0.0, 1.0)
COSTS = st.floats(0.0, 0.5)
MEN = st.floats(1.0, 1e6)


def test_the_range_of_deals_is_as_wide_as_the_costs_of_war() -> None:
    assert bargaining_range(0.6, 0.1, 0.15) == pytest.approx((0.5, 0.75))


def test_a_shift_larger_than_what_a_deal_saves_means_war() -> None:
    assert commitment_problem(0.30, 0.1, 0.15)
    assert commitment_problem(-0.30, 0.1, 0.15)
    assert not commitment_problem(0.20, 0.1, 0.15)


@given(SHARES, COSTS, COSTS)
def test_both_prefer_a_deal_unless_war_is_free(p: float, cost_a: float, cost_b: float) -> None:
    low, high = bargaining_range(p, cost_a, cost_b)
    assert low <= p <= high
    assert high - low == pytest.approx(cost_a + cost_b)


def test_the_chance_by_force_is_a_contest_of_numbers() -> None:
    assert chance_by_force(1000.0, 1000.0, 1.0, 1.0, 0.0) == pytest.approx(0.5)
    assert chance_by_force(3000.0, 1000.0, 1.0, 1.0, 0.0) == pytest.approx(0.75)
    assert chance_by_force(3000.0, 1000.0, 2.0, 1.0, 0.0) == pytest.approx(0.9)
    assert chance_by_force(3000.0, 1000.0, 1.0, 3.0, 0.0) == pytest.approx(0.5)
    assert chance_by_force(0.0, 1000.0, 1.0, 1.0, 0.0) == 0.0
    assert chance_by_force(1000.0, 0.0, 1.0, 1.0, 0.0) == 1.0


@given(MEN, MEN, st.floats(0.1, 3.0), st.floats(1.0, 10.0))
def test_more_men_and_better_ground_help(attackers: float, defenders: float, decisive: float, ground: float) -> None:
    chance = chance_by_force(attackers, defenders, decisive, ground, 0.0)
    assert 0.0 <= chance <= 1.0
    assert chance_by_force(2.0 * attackers, defenders, decisive, ground, 0.0) >= chance
    assert chance_by_force(attackers, defenders, decisive, 2.0 * ground, 0.0) <= chance
