"""The small mechanism functions against values computed by hand, and both backends against each other."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from medians import medians

from fastness.kernel.attrition import attrition_rate, next_loss, whole_losses
from fastness.kernel.hunger import (
    death_hazard,
    fed_effectiveness,
    hunger_day,
    kcal_eaten,
    next_deficit,
    recut,
    spent_body,
)
from fastness.kernel.jit import COMPILED
from fastness.kernel.march import altitude_factor, langmuir_hours, march_days, march_hours, walking_hours
from fastness.kernel.risks import weibull_quantile, which_ends
from fastness.kernel.season import mean_closing, mean_opening, pass_winter, season_multiplier, snowed_in, storm_today
from fastness.kernel.stocks import draw_down, endurance_days, food_need_t, ration_share
from fastness.kernel.streams import Stream, uniform

ALARM_Z = 3.9  # two-sided 1e-4
HUNGER = medians("hunger", "stocks")
SEASON = medians("season", "weather")
MARCH = medians("march")._replace(march_column_factor=1.0, march_track_factor=0.8, march_hours_per_day=8.0)
TOBLER, NAISMITH = MARCH._replace(march_rule=0.0), MARCH._replace(march_rule=1.0)


def test_weibull_quantile() -> None:
    assert weibull_quantile(1 - math.exp(-1), 100.0, 0.7) == pytest.approx(100)


def test_one_uniform_decides_whether_and_which() -> None:
    hazards = (0.0, 0.3, 0.1)
    chance = 1 - math.exp(-0.4)
    assert which_ends(hazards, 1.0, 0.74 * chance) == 1
    assert which_ends(hazards, 1.0, 0.76 * chance) == 2
    assert which_ends(hazards, 1.0, chance * 1.0001) == -1
    assert which_ends((0.0, 0.0, 0.0), 1.0, 1e-9) == -1


def test_general_attrition_rate() -> None:
    assert attrition_rate(0.05, 100.0, 400.0, 0.0, 1.0) == pytest.approx(20)
    assert attrition_rate(0.05, 100.0, 400.0, 1.0, 0.0) == pytest.approx(5)
    assert attrition_rate(0.05, 100.0, 400.0, 0.5, 0.5) == pytest.approx(10)
    assert attrition_rate(0.05, 100.0, 0.0, 1.0, 0.0) == 0


def test_next_loss() -> None:
    assert next_loss(3.0, 1.0, math.exp(-2), 0.74) == (pytest.approx(0.5), True)
    assert next_loss(3.0, 1.0, math.exp(-2), 0.76) == (pytest.approx(0.5), False)
    assert next_loss(0.0, 0.0, 0.5, 0.5) == (math.inf, False)


@pytest.mark.parametrize(("expected_x", "expected_y"), [(0.4, 2.6), (12.0, 7.0), (33.3, 4.5)])
def test_whole_losses_keep_their_means(expected_x: float, expected_y: float) -> None:
    days = 4000
    lost = np.array(
        [whole_losses(Stream(1, 2, 3, day), 9, 0, expected_x, expected_y, 10**6, 10**6, 20.0) for day in range(days)]
    )
    assert abs(lost[:, 0].mean() - expected_x) < ALARM_Z * math.sqrt(expected_x / days)
    assert abs(lost[:, 1].mean() - expected_y) < ALARM_Z * math.sqrt(expected_y / days)


def test_whole_losses_scatter_like_single_losses_when_few() -> None:
    lost = np.array([whole_losses(Stream(1, 2, 4, day), 9, 0, 5.0, 5.0, 10**6, 10**6, 20.0)[0] for day in range(4000)])
    assert abs(lost.var() - 5) < ALARM_Z * math.sqrt((5 + 2 * 25) / 4000)


def test_a_fight_to_the_last_ends_with_one_side() -> None:
    for day in range(200):
        lost = whole_losses(Stream(1, 2, 5, day), 9, 0, 45.0, 45.0, 5, 5, 100.0)
        assert (lost[0] == 5) != (lost[1] == 5)


def test_stocks() -> None:
    assert draw_down(100.0, 20.0, 50.0) == (70, 50)
    assert draw_down(10.0, 20.0, 50.0) == (0, 30)
    assert endurance_days(84.0, 20.0, 104.0, 365.0) == 1
    assert endurance_days(84.0, 104.0, 104.0, 365.0) == 365
    assert endurance_days(0.0, 20.0, 104.0, 365.0) == 0
    assert endurance_days(1e9, 0.0, 1.0, 365.0) == 365
    assert ration_share(30.0, 20.0, 0.4) == 1
    assert ration_share(10.0, 20.0, 0.4) == pytest.approx(0.7)
    assert ration_share(0.0, 20.0, 0.4) == 0.4


def test_walking() -> None:
    assert walking_hours(10.0, 0.0, 0.0, TOBLER) == pytest.approx(10 / (6 * math.exp(-0.175)))
    assert walking_hours(10.0, 1000.0, 0.0, TOBLER) == pytest.approx(10 / (6 * math.exp(-3.5 * 0.15)))
    assert walking_hours(10.0, 0.0, 500.0, TOBLER) == pytest.approx(10 / 6)
    there_and_down = 5 / (6 * math.exp(-3.5 * 0.25)) + 5 / (6 * math.exp(-3.5 * 0.15))
    assert walking_hours(10.0, 1000.0, 1000.0, TOBLER) == pytest.approx(there_and_down)
    assert walking_hours(10.0, 600.0, 0.0, NAISMITH) == pytest.approx(3)
    assert langmuir_hours(3.0, 300.0, MARCH) == pytest.approx(-1 / 6)
    assert langmuir_hours(1.0, 300.0, MARCH) == pytest.approx(1 / 6)
    assert langmuir_hours(10.0, 300.0, MARCH) == 0


def test_marching() -> None:
    assert altitude_factor(2500.0, MARCH) == 1
    assert altitude_factor(4500.0, MARCH) == pytest.approx(0.8)
    assert altitude_factor(40000.0, MARCH) == 0.5
    assert march_hours(40.0, 0.0, 0.0, 0.0, True, False, 0.0, NAISMITH) == pytest.approx(8)
    assert march_hours(40.0, 0.0, 0.0, 0.0, False, True, 0.0, NAISMITH) == pytest.approx(10)
    assert march_hours(40.0, 900.0, 0.0, 3500.0, True, True, 0.0, NAISMITH) == pytest.approx(40 / 17.5)
    slow = march_hours(40.0, 0.0, 0.0, 0.0, True, False, 1.0, NAISMITH)
    assert slow == pytest.approx(8 * NAISMITH.march_snow_delay)
    assert march_days(40.0, 0.0, 0.0, 0.0, True, False, 0.0, NAISMITH) == 1
    assert march_days(41.0, 0.0, 0.0, 0.0, True, False, 0.0, NAISMITH) == 2
    assert march_days(0.0, 0.0, 0.0, 0.0, True, False, 0.0, TOBLER) == 1


def test_passes_shut_on_the_remembered_dates() -> None:
    assert mean_closing(3848.0, SEASON) == -31  # 1 December
    assert mean_opening(3848.0, SEASON) == 119  # 30 April
    assert mean_closing(4430.0, SEASON) == pytest.approx(-61, abs=0.1)  # 1 November
    assert mean_opening(4430.0, SEASON) == pytest.approx(150, abs=0.1)  # 31 May
    assert snowed_in(-31, -31, 119)
    assert snowed_in(118, -31, 119)
    assert not snowed_in(119, -31, 119)
    assert not snowed_in(0, 3, 3)


def test_winters_scatter_as_the_registry_says_and_passes_share_them() -> None:
    par = SEASON._replace(weather_melt_link=0.5)
    drawn = np.array(
        [[*pass_winter(Stream(5, 6, 7, winter), 1, 3848.0, par), *pass_winter(Stream(5, 6, 7, winter), 2, 4430.0, par)]
         for winter in range(4000)]
    )  # fmt: skip
    common, own = par.weather_winter_sd**2, par.weather_pass_sd**2
    assert abs(drawn[:, 0].mean() + 31) < ALARM_Z * math.sqrt((common + own) / 4000)
    links = np.corrcoef(drawn.T)
    assert links[0, 2] == pytest.approx(common / (common + own), abs=0.05)
    assert links[0, 1] == pytest.approx(-0.5 * common / (common + own), abs=0.07)


def test_storms_come_as_often_and_last_as_long_as_the_registry_says() -> None:
    until, begun, open_days, hours = 0.0, 0, 0.0, []
    winters = 300
    for winter in range(winters):
        for day in range(151):
            before = until if day else 0.0
            until, open_share = storm_today(Stream(1, 1, 1, 1000 * winter + day), 4, 0, day, 1, before, SEASON)
            open_days += open_share
            if before <= day < until:
                begun += 1
                start = day + uniform(Stream(1, 1, 1, 1000 * winter + day), 4, 1)
                hours.append(24 * (until - start))
    assert begun / winters == pytest.approx(
        SEASON.weather_storms, abs=ALARM_Z * math.sqrt(SEASON.weather_storms / winters)
    )
    assert np.median(hours) == pytest.approx(20, rel=0.1)
    assert np.log(hours).std() == pytest.approx(0.8, rel=0.1)
    shut_days = 151 - open_days / winters
    mean_hours = 20 * math.exp(0.32)
    assert shut_days == pytest.approx(SEASON.weather_storms * mean_hours / 24, rel=0.12)
    assert storm_today(Stream(1, 1, 1, 1), 4, 0, 10, 7, 0.0, SEASON) == (0, 1)


def test_a_storm_still_on_shuts_part_of_the_day() -> None:
    assert storm_today(Stream(1, 1, 1, 1), 4, 0, 10, 7, 10.25, SEASON) == (10.25, 0.75)
    assert storm_today(Stream(1, 1, 1, 1), 4, 0, 10, 7, 12.0, SEASON) == (12, 0)


def test_fighting_peaks_in_summer() -> None:
    months = [season_multiplier(month, SEASON) for month in range(1, 13)]
    assert months.index(max(months)) == 7  # August
    flat = SEASON._replace(season_amplitude=0.0)
    assert [season_multiplier(month, flat) for month in range(1, 13)] == pytest.approx([1.0] * 12)


def test_kcal_of_a_full_ration() -> None:
    assert kcal_eaten(0.6, 1000.0, HUNGER) == pytest.approx(2100)
    assert kcal_eaten(0.0, 1000.0, HUNGER) == 0
    for people in map(float, range(1, 10_000)):
        ration_t = food_need_t(people, HUNGER.stocks_food_kg)
        assert kcal_eaten(ration_t, people, HUNGER) == HUNGER.hunger_need  # to the last bit
    assert fed_effectiveness(2800.0, HUNGER) == 1
    assert fed_effectiveness(1400.0, HUNGER) == 0.5
    assert fed_effectiveness(0.0, HUNGER) == 0.3


def test_one_day_without_food_costs_one_body_day() -> None:
    assert next_deficit(0.0, 0.0, HUNGER) == pytest.approx(1 / 80)
    assert next_deficit(0.2, 2100.0 * (1 - 2.3 * 0.2), HUNGER) == pytest.approx(0.2)
    assert next_deficit(0.0, 4000.0, HUNGER) == 0


def dead_after(days: int, kcal: float) -> float:
    poor = middle = better = 0.0
    alive = 1.0
    for _ in range(days):
        poor, middle, better, dying = hunger_day(poor, middle, better, kcal, 0.0, HUNGER)
        alive *= 1 - dying
    return 1 - alive


def test_without_food_most_die_within_three_months_and_few_in_the_first() -> None:
    assert dead_after(30, 0.0) < 0.02
    assert dead_after(91, 0.0) > 0.8
    assert dead_after(120, 2100.0) == 0
    assert dead_after(100, 1900.0) < 1e-3


def test_cold_and_scale_multiply_the_hazard() -> None:
    well_fed = spent_body(0.0, HUNGER)
    mild = death_hazard(0.4, 0.0, well_fed, HUNGER)
    assert death_hazard(0.4, 1.0, well_fed, HUNGER) == pytest.approx(1.3 * mild)
    assert death_hazard(0.4, 0.0, well_fed, HUNGER._replace(hunger_scale=2.0)) == pytest.approx(2 * mild)
    assert death_hazard(0.0, 1.0, well_fed, HUNGER) == 0
    assert death_hazard(HUNGER.hunger_lethal, 0.0, well_fed, HUNGER) == pytest.approx(0.1, rel=1e-4)


def test_thirds_are_cut_anew_and_survivors_keep_their_deficits() -> None:
    # of 30 people 6 poor die: 8 to a third, 4 poor and 4 of the middle below; 6 of the middle and 2 better-off next
    assert recut(0.4, 0.2, 0.1, 0.6, 0.0, 0.0) == pytest.approx((0.3, (6 * 0.2 + 2 * 0.1) / 8, 0.1))
    assert recut(0.4, 0.2, 0.1, 0.0, 0.0, 0.0) == pytest.approx((0.4, 0.2, 0.1))
    assert recut(0.4, 0.2, 0.1, 1.0, 1.0, 1.0) == (0.4, 0.2, 0.1)
    assert recut(0.4, 0.2, 0.1, 1.0, 1.0, 0.0) == (0.1, 0.1, 0.1)


DIGEST = Path(__file__).parents[1] / "digest_of_mechanisms.py"


@pytest.mark.skipif(not COMPILED, reason="the compiler is off: there is only one backend")
def test_compiled_and_plain_functions_agree_bit_for_bit() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, str(DIGEST)], capture_output=True, text=True, check=True,
            env=os.environ | {"NUMBA_DISABLE_JIT": plain, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ).stdout
        for plain in ("0", "1")
    ]  # fmt: skip
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == 19
