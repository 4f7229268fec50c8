"""Engagements against values computed by hand: ratio, favoured side, length, losses, giving up; both backends agree."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from medians import medians

from fastness.kernel.engagement import (
    advantage,
    attacker_favoured,
    break_hazards,
    defence,
    draw_days,
    latent_result,
    log_ratio,
    loss_noise,
    loss_rates,
    side_quality,
)
from fastness.kernel.jit import COMPILED
from fastness.kernel.streams import Stream, normal, uniform

PAR = medians("engagement")._replace(
    engagement_slope=0.5,
    engagement_intercept=0.25,
    engagement_ratio_cap=16.0,
    engagement_fortified=2.0,
    engagement_rugged=1.5,
    engagement_days=3.0,
    engagement_days_early=0.25,
    engagement_days_fortified=2.0,
    engagement_days_spread=0.0,
    engagement_loss_attacker=math.log(0.01),
    engagement_loss_defender=math.log(0.02),
    engagement_loss_slope_attacker=0.5,
    engagement_loss_slope_defender=1.0,
    engagement_loss_days_attacker=-0.5,
    engagement_loss_days_defender=-1.0,
    engagement_loss_losing_attacker=math.log(2.0),
    engagement_loss_losing_defender=math.log(3.0),
    engagement_loss_early_attacker=math.log(5.0),
    engagement_loss_early_defender=math.log(7.0),
    engagement_noise_attacker=1.0,
    engagement_noise_defender=2.0,
    engagement_noise_correlation=0.6,
    engagement_break_hazard=0.1,
    engagement_break_loss=math.log(16.0),
    engagement_break_flank=math.log(3.0),
    engagement_break_supply=math.log(2.0),
)
STREAM = Stream(1, 2, 3, 4)
NOW, BEFORE_1900 = 0.75, -1.0

numbers = st.floats(-3, 3)
days = st.integers(1, 400)
noise = st.floats(-6, 6)


def test_log_ratio_stops_at_the_cap_and_takes_empty_sides() -> None:
    assert log_ratio(3000.0, 1000.0, PAR) == pytest.approx(math.log(3))
    assert log_ratio(100_000.0, 1000.0, PAR) == pytest.approx(math.log(16))
    assert log_ratio(1000.0, 0.0, PAR) == pytest.approx(math.log(16))
    assert log_ratio(0.0, 1000.0, PAR) == pytest.approx(-math.log(16))
    assert log_ratio(0.0, 0.0, PAR) == 0


def test_works_and_ground_multiply_the_defender() -> None:
    assert defence(1.0, 1.0, PAR) == pytest.approx(math.log(2 * 1.5))
    assert defence(0.5, 0.0, PAR) == pytest.approx(math.log(2) / 2)
    assert defence(0.0, 0.0, PAR) == 0


def test_three_to_one_against_works_and_rugged_ground_is_even() -> None:
    effective = log_ratio(3000.0, 1000.0, PAR) - defence(1.0, 1.0, PAR)
    assert advantage(effective, 0.0, PAR) == pytest.approx(0.25)
    assert advantage(0.0, -0.75, PAR) == pytest.approx(-0.5)


def test_one_luck_lets_circumstances_turn_the_fight() -> None:
    z = -0.5
    assert attacker_favoured(math.log(2), 0.0, z, PAR)
    assert not attacker_favoured(math.log(1.5), 0.0, z, PAR)
    assert attacker_favoured(math.log(1.5), 0.1, z, PAR)


def test_luck_is_the_logit_of_its_uniform_number() -> None:
    u = uniform(STREAM, 9, 0)
    assert latent_result(STREAM, 9) == pytest.approx(math.log(u / (1 - u)))
    assert latent_result(STREAM, 9) != latent_result(STREAM, 10)


def test_length_without_spread_is_the_median_rounded_up() -> None:
    assert draw_days(STREAM, 9, 0.0, NOW, PAR._replace(engagement_days=2.5)) == 3
    assert draw_days(STREAM, 9, 1.0, NOW, PAR._replace(engagement_days=2.6)) == 6
    assert draw_days(STREAM, 9, 0.0, BEFORE_1900, PAR) == 1


def test_noise_is_correlated_and_scaled() -> None:
    first, second = normal(STREAM, 9, 2), normal(STREAM, 9, 3)
    noises = loss_noise(STREAM, 9, PAR)
    assert noises == pytest.approx((first, 2 * (0.6 * first + 0.8 * second)))


def test_quality_has_its_spread() -> None:
    doubled = PAR._replace(engagement_quality_sd=2 * PAR.engagement_quality_sd)
    assert side_quality(STREAM, 1, 0, doubled) == pytest.approx(2 * side_quality(STREAM, 1, 0, PAR))


def test_loss_rates_by_hand() -> None:
    ratio = math.log(4)
    # hazards: attacker 0.01 / sqrt(4) / sqrt(4); defender 0.02 * 4 / 4 * 3 for losing
    rates = loss_rates(ratio, 4, True, 0.0, 0.0, NOW, PAR)
    assert rates == pytest.approx((1 - math.exp(-0.0025), 1 - math.exp(-0.06)))
    rates = loss_rates(ratio, 4, False, math.log(2), 0.0, NOW, PAR)
    assert rates == pytest.approx((1 - math.exp(-0.01), 1 - math.exp(-0.02)))
    rates = loss_rates(0.0, 1, True, 0.0, 0.0, BEFORE_1900, PAR)
    assert rates == pytest.approx((1 - math.exp(-0.05), 1 - math.exp(-0.42)))


@given(numbers, days, st.booleans(), noise, noise)
def test_losses_never_exceed_the_force(
    log_numbers: float, length: int, wins: bool, first: float, second: float
) -> None:
    rates = loss_rates(log_numbers, length, wins, first, second, NOW, PAR)
    assert min(rates) > 0
    assert max(rates) <= 1


@given(numbers, days, noise, noise)
def test_losing_costs_more_than_winning(log_numbers: float, length: int, first: float, second: float) -> None:
    won = loss_rates(log_numbers, length, True, first, second, NOW, PAR)
    lost = loss_rates(log_numbers, length, False, first, second, NOW, PAR)
    assert won[0] <= lost[0]
    assert won[1] >= lost[1]


def test_nobody_breaks_early_without_a_shock() -> None:
    assert break_hazards(0.0, False, False, PAR) == (0, 0)
    assert break_hazards(0.9, False, False, PAR) == (0, 0)


def test_shocks_add_to_the_ordinary_hazard_and_share_it() -> None:
    # 0.1 * 16 ** 0.5 = 0.4 a day, of which a shock of three adds twice as much
    assert break_hazards(0.5, True, False, PAR) == pytest.approx((0.4 * 2, 0))
    assert break_hazards(0.0, True, False, PAR) == pytest.approx((0.1 * 2, 0))
    assert break_hazards(0.0, False, True, PAR) == pytest.approx((0, 0.1))
    # together three times two: five times the ordinary, two thirds of it by the flank (2 : 1)
    assert break_hazards(0.0, True, True, PAR) == pytest.approx((0.1 * 5 * 2 / 3, 0.1 * 5 / 3))


@pytest.mark.skipif(not COMPILED, reason="the compiler is off: there is only one backend")
@given(numbers, days, st.booleans(), noise, st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_compiled_and_plain_functions_agree_bit_for_bit(
    ratio: float, length: int, yes: bool, x: float, share: float, entity: int
) -> None:
    for function, arguments in (
        (log_ratio, (1000.0 * share, 1000.0 * (1.0 - share), PAR)),
        (defence, (share, 1.0 - share, PAR)),
        (advantage, (ratio, x, PAR)),
        (latent_result, (STREAM, entity)),
        (draw_days, (STREAM, entity, share, ratio, PAR._replace(engagement_days_spread=1.1))),
        (loss_noise, (STREAM, entity, PAR)),
        (loss_rates, (ratio, length, yes, x, -x, ratio, PAR)),
        (break_hazards, (share, yes, not yes, PAR)),
    ):
        assert function(*arguments) == function.py_func(*arguments)  # type: ignore[operator, attr-defined]
