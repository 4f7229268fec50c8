"""The small functions about people against values computed by hand: crowds, excitement, contagion, groups, control."""

import math

import numpy as np
import pytest
from medians import medians

from fastness.kernel.contagion import contagion_step
from fastness.kernel.control_zones import indiscriminate, opening_zone, selective, step_zone
from fastness.kernel.crowd import active_share, arrest_chance, daring_share, smooth_arrest_chance
from fastness.kernel.diversity import fractionalisation, military_inequality, polarisation
from fastness.kernel.excitation import escalation_interval, excite
from fastness.kernel.intelligence import intelligence, own_control
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY

CONTROL = medians("intelligence", "violence")


def test_arrest_needs_as_many_holders_as_active() -> None:
    assert arrest_chance(10.0, 10.0, 2.3) == pytest.approx(1 - math.exp(-2.3))
    assert arrest_chance(19.9, 10.0, 2.3) == arrest_chance(10.0, 10.0, 2.3)
    assert arrest_chance(9.9, 10.0, 2.3) == 0.0
    assert smooth_arrest_chance(5.0, 10.0, 2.0) == pytest.approx(1 - math.exp(-1))
    for chance in (arrest_chance, smooth_arrest_chance):
        assert chance(0.0, 10.0, 2.3) == 0.0
        assert chance(1.0, 0.0, 2.3) == 1.0
        assert chance(0.0, 0.0, 2.3) == 0.0


def test_daring_share_is_the_area_above_the_threshold() -> None:
    # without risk: H g > T, so 1 - T/g
    assert daring_share(0.2, 0.0, 0.1) == pytest.approx(0.5)
    # H 0.5 - R > 0.1: a triangle of height 0.4 and base 0.4/0.5
    assert daring_share(0.5, 1.0, 0.1) == pytest.approx(0.4 * 0.8 / 2)
    # H - 0.2 R > 0.1: of the 0.9 above the threshold half of the strip of 0.2 is lost
    assert daring_share(1.0, 0.2, 0.1) == pytest.approx(0.8)
    assert daring_share(0.1, 0.5, 0.1) == 0.0
    assert daring_share(0.0, 0.0, 0.0) == 0.0


def test_daring_share_agrees_with_counting() -> None:
    hardship, aversion = np.meshgrid((np.arange(2000) + 0.5) / 2000, (np.arange(2000) + 0.5) / 2000)
    for discontent, arrest in ((0.18, 0.9), (0.6, 0.3), (0.95, 0.5)):
        counted = float((hardship * discontent - aversion * arrest > 0.1).mean())
        assert daring_share(discontent, arrest, 0.1) == pytest.approx(counted, abs=1e-3)


def test_a_crowd_has_two_states_and_the_start_decides() -> None:
    calm = 0.08 * 0.08 / (2 * 0.18)  # nearly certain arrest
    low = active_share(0.0, 0.18, 0.2, 0.1, 2.3, True)
    high = active_share(0.4, 0.18, 0.2, 0.1, 2.3, True)
    assert low == pytest.approx(calm, rel=1e-3)
    assert high == pytest.approx(1 - 0.1 / 0.18)
    for start in (0.0, 0.5, 1.0):
        x = active_share(start, 0.18, 0.2, 0.1, 2.3, False)
        assert 0.0 <= x <= 1 - 0.1 / 0.18


def test_a_crowd_grows_with_discontent_and_shrinks_with_holders() -> None:
    for bursts in (True, False):
        by_discontent = [active_share(0.1, g / 20, 0.05, 0.1, 2.3, bursts) for g in range(21)]
        by_holders = [active_share(0.1, 0.5, c / 20, 0.1, 2.3, bursts) for c in range(21)]
        assert by_discontent == sorted(by_discontent)
        assert by_holders == sorted(by_holders, reverse=True)
        assert max(by_discontent) <= 1.0


def test_each_incident_brings_its_share_whatever_the_step() -> None:
    for days in (1.0, 7.0):
        heat = excite(0.0, 1, 0.6, 0.1, days)
        brought = 0.0
        for _ in range(1000):
            brought += heat * days
            heat = excite(heat, 0, 0.6, 0.1, days)
        assert brought == pytest.approx(0.6)


def test_intervals_shorten_with_experience() -> None:
    assert escalation_interval(100.0, 1.0, 0.7) == 100.0
    assert escalation_interval(100.0, 10.0, 0.7) == pytest.approx(19.9526, abs=1e-4)
    assert escalation_interval(100.0, 0.0, 0.7) == 100.0


def test_a_contagion_spreads_only_above_one() -> None:
    pool, joined = contagion_step(90.0, 10.0, 100.0, 0.2, 0.0, 1.0)
    assert pool + joined == pytest.approx(100.0)
    assert joined == pytest.approx(10 + (0.2 * 90 * 10 + 0.2 * 88.2 * 11.8) / 100 / 2)
    assert contagion_step(90.0, 10.0, 100.0, 0.1, 0.2, 1.0)[1] < 10.0
    assert contagion_step(5.0, 0.0, 0.0, 0.1, 0.2, 1.0) == (5.0, 0.0)
    assert contagion_step(1.0, 99.0, 100.0, 50.0, 0.0, 7.0)[0] >= 0.0


def test_diversity_of_two_halves_and_of_one_people() -> None:
    halves, one = np.array([0.5, 0.5]), np.array([1.0, 0.0])
    assert fractionalisation(halves) == 0.5
    assert polarisation(halves) == 1.0
    assert (fractionalisation(one), polarisation(one)) == (0.0, 0.0)
    assert military_inequality(halves, np.array([0.0, 1.0])) == 0.5


def test_zones_open_in_the_holders_half() -> None:
    assert [opening_zone(BESIEGER, s) for s in (0.0, 0.5, 1.0)] == [1, 2, 3]
    assert [opening_zone(DEFENDER, s) for s in (0.0, 0.5, 1.0)] == [3, 4, 5]
    assert [opening_zone(NOBODY, s) for s in (0.0, 0.5, 1.0)] == [2, 3, 4]


def test_a_zone_moves_by_one_step_at_most() -> None:
    assert step_zone(3, 0.0, 0.2, 0.05) == 4  # up with 0.1
    assert step_zone(3, 0.0, 0.2, 0.15) == 2
    assert step_zone(3, 0.0, 0.2, 0.25) == 3
    assert step_zone(5, 9.0, 1.0, 0.5) == 5
    assert step_zone(1, -9.0, 1.0, 0.5) == 1


def test_the_dominant_ruler_with_a_rival_kills_selectively() -> None:
    assert [selective(zone, BESIEGER, CONTROL) for zone in range(1, 6)] == [0.02, 0.6, 0.05, 0.1, 0.0]
    assert [selective(zone, DEFENDER, CONTROL) for zone in range(1, 6)] == [0.0, 0.1, 0.05, 0.6, 0.02]


def test_who_lacks_control_strikes_blindly_and_knows_little() -> None:
    for side, alone in ((BESIEGER, 1), (DEFENDER, 5)):
        assert own_control(alone, side) == 1.0
        assert indiscriminate(alone, side, CONTROL) == 0.0
        assert intelligence(alone, side, CONTROL) == CONTROL.intelligence_high
        assert intelligence(6 - alone, side, CONTROL) == CONTROL.intelligence_low
        assert indiscriminate(6 - alone, side, CONTROL) == CONTROL.violence_indiscriminate
    middle = (CONTROL.intelligence_low + CONTROL.intelligence_high) / 2
    assert intelligence(3, BESIEGER, CONTROL) == pytest.approx(middle)
