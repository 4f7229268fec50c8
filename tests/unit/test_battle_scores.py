"""Scores of battles against values computed by hand."""

import itertools
import math

import numpy as np
import pytest

from fastness.history.battle_file import Battles
from fastness.history.battle_scores import (
    area_under_curve,
    brier_rows,
    conditional_profile,
    exchange_exponent,
    log_rows,
    mean,
    mean_by_war,
    resample_wars,
    root_mean_square,
    share_inside,
    weighted_quantile,
    within_war_slope,
)

CHANCE = np.array([0.8, 0.6, 0.3])
WINS = np.array([1.0, 0.0, np.nan])
ONCE = np.ones(3)


def battles(attacker: list[float], defender: list[float], war: list[int]) -> Battles:
    zero = np.zeros(len(war))
    strengths = (np.array(attacker, dtype=float), np.array(defender, dtype=float))
    return Battles(*strengths, zero + 1, zero + 1944, zero, zero, zero, zero, zero, np.array(war), np.arange(len(war)))


def test_brier_and_log_loss_leave_out_unknown_results() -> None:
    assert mean(brier_rows(CHANCE, WINS))(ONCE) == pytest.approx((0.04 + 0.36) / 2)
    assert mean(log_rows(CHANCE, WINS))(ONCE) == pytest.approx(-(math.log(0.8) + math.log(0.4)) / 2)


def test_a_battle_that_counts_twice_weighs_twice() -> None:
    assert mean(np.array([1.0, 4.0, np.nan]))(np.array([2.0, 1.0, 5.0])) == 2
    assert root_mean_square(np.array([1.0, -5.0]))(np.array([2.0, 1.0])) == 3


def test_each_war_weighs_the_same() -> None:
    rows, war = np.array([1.0, 3.0, 10.0]), np.array([0, 0, 1])
    assert mean_by_war(rows, war)(ONCE) == 6
    assert mean_by_war(rows, war)(np.array([2.0, 2.0, 1.0])) == pytest.approx((2 * 2 + 10) / 3)


def test_area_under_the_curve() -> None:
    statistic = area_under_curve(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]))
    assert statistic(np.ones(4)) == pytest.approx(3.5 / 4)
    assert math.isnan(area_under_curve(CHANCE, np.ones(3))(ONCE))


def test_coverage_counts_the_ends_and_only_what_is_known() -> None:
    low, high = np.array([0.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0])
    assert share_inside(low, high, np.array([1.0, 2.0, np.nan]))(ONCE) == 0.5


def test_quantiles_of_values_and_of_plays() -> None:
    assert weighted_quantile(np.array([3.0, 1.0, 2.0]), 0.5)(ONCE) == 2
    assert weighted_quantile(np.array([[1.0, 2.0], [5.0, np.nan]]), 0.9)(np.array([1.0, 1.0])) == 5
    assert math.isnan(weighted_quantile(np.array([np.nan]), 0.5)(np.ones(1)))


def test_exchange_exponent_is_one_under_the_square_law_and_zero_under_the_linear_law() -> None:
    some = battles([100, 200, 400], [100, 100, 100], [0, 1, 2])
    assert exchange_exponent(some, -some.log_ratio)(ONCE) == pytest.approx(1)
    assert exchange_exponent(some, np.zeros(3))(ONCE) == pytest.approx(0)


def test_conditional_likelihood_against_all_subsets() -> None:
    """Two of four won: the chance of these two among the six pairs."""
    ratio, wins, slope = np.array([0.2, -1.0, 1.5, 0.4]), np.array([1.0, 0.0, 1.0, 0.0]), 0.7
    pairs = [math.exp(slope * (ratio[i] + ratio[j])) for i, j in itertools.combinations(range(4), 2)]
    expected = math.log(math.exp(slope * (0.2 + 1.5)) / sum(pairs))
    assert conditional_profile(ratio, wins, np.array([slope]))[0] == pytest.approx(expected, abs=1e-9)


def test_slope_within_a_war_of_pairs_has_a_closed_form() -> None:
    """One win in each pair: of 8 pairs the larger side won 6, so the slope times the difference is ln 3."""
    count = 8
    attacker = [200.0, 100.0] * count
    some = battles(attacker, [100.0] * 2 * count, [pair for pair in range(count) for _ in range(2)])
    wins = np.array([[1.0, 0.0] if pair < 6 else [0.0, 1.0] for pair in range(count)]).ravel()
    expected = math.log(3) / math.log(2)
    assert within_war_slope(some, [wins])(np.ones(2 * count)) == pytest.approx(expected, abs=0.01)


def test_intervals_need_three_wars_and_resample_them_whole() -> None:
    rows = np.array([0.0, 0.0, 1.0, 1.0])
    few = resample_wars(np.array([0, 0, 1, 1])).score(mean(rows))
    assert (few.value, few.low, few.high) == (0.5, None, None)
    resampling = resample_wars(np.array([0, 0, 1, 2]), 2000)
    assert (resampling.counts[:, 0] == resampling.counts[:, 1]).all()
    score = resampling.score(mean(rows))
    assert score.low == 0
    assert score.high == 1
