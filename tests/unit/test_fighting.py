"""The mixed law, bands and thresholds against values computed by hand."""

import math

import numpy as np
import pytest
from event_sizes import alpha_whole, band_sizes, fit, labels_of

from fastness.kernel.bands import count_bands, mix_bands, pick_band, stand_alone
from fastness.kernel.jit import COMPILED
from fastness.kernel.mixed import mixed_rates, mixed_step
from fastness.kernel.rows import Table, dtype_of
from fastness.kernel.state import Band
from fastness.kernel.streams import Stream
from fastness.kernel.threshold import giving_up, standing, switch_share, threshold_share, tipping_mean, willing


def bands(labels: list[int]) -> Table[Band]:
    """Return units of one side with these labels."""
    records = np.zeros((1, len(labels)), dtype=dtype_of(Band))
    records["label"][0] = labels
    return records if COMPILED else Table(records)  # type: ignore[return-value]


def labels(table: Table[Band]) -> list[int]:
    """Return the label of each unit."""
    return [int(label) for label in np.asarray(labels_of(table))]


def test_fire_falls_on_those_aimed_at_and_on_those_who_are_there() -> None:
    # 100 regulars hit 20: 8 aimed; of 12 others a tenth finds guerrillas, 10.8 find people, of whom 0.5 each are
    # replaced by recruits while half of the ceiling is free
    lost_c, lost_r, strays = mixed_rates(100.0, 50.0, 500.0, 0.1, 0.2, 0.4, 0.5, 100.0)
    assert (lost_c, strays) == (pytest.approx(5), pytest.approx(10.8))
    assert lost_r == pytest.approx(8 + 1.2 - 0.5 * 10.8 * 0.5)
    assert mixed_rates(100.0, 50.0, 500.0, 0.1, 0.2, 0.4, 0.0, 100.0)[1] == pytest.approx(9.2)
    assert mixed_rates(100.0, 0.0, 500.0, 0.1, 0.2, 0.4, 0.0, 100.0) == (0, 0, 0)
    assert mixed_rates(100.0, 50.0, 0.0, 0.1, 0.2, 0.4, 0.0, 0.0)[2] == 0


def test_a_step_ends_with_the_side_that_is_used_up() -> None:
    c, r, strays = mixed_step(100.0, 10.0, 1000.0, 0.1, 0.5, 0.5, 0.0, 1000.0, 1.0)
    until = 10 / (25 + 25 * 0.01)
    assert (c, r) == (pytest.approx(100 - until), pytest.approx(0, abs=1e-9))
    assert strays == pytest.approx(until * 25 * 0.99)


def test_bands_merge_and_scatter_and_keep_all_units() -> None:
    units = 16
    table = bands([0] * units)
    stand_alone(table, 0, units)
    assert labels(table) == list(range(units))
    for step in range(60):
        mix_bands(table, 0, units, 0.0, Stream(1, 0, 0, step), 5, 0)
    assert count_bands(table, 0, units) == len(set(labels(table))) < units
    for step in range(400):
        mix_bands(table, 0, units, 0.3, Stream(1, 0, 1, step), 5, 0)
        now = labels(table)
        assert all(now[label] == label for label in now)  # a band is called after one of its own
        assert band_sizes(now).sum() == units
    mix_bands(table, 0, units, 1.0, Stream(1, 0, 2, 0), 5, 0)
    assert count_bands(table, 0, units) >= 1


def test_each_band_is_picked_as_often_as_any_other() -> None:
    table = bands([0, 1, 1, 1, 1, 5, 6, 7])
    assert count_bands(table, 0, 8) == 5
    picked = [int(pick_band(table, 0, 8, (k + 0.5) / 5)) for k in range(5)]
    assert sorted(picked) == [1, 1, 1, 1, 4]


def test_the_fit_finds_a_zeta_law() -> None:
    sizes = np.random.default_rng(3).zipf(2.5, 20000)
    alpha, error = alpha_whole(sizes, 1)
    assert abs(alpha - 2.5) < 4 * error
    found = fit(sizes[:2000])
    assert found is not None
    assert abs(found.alpha - 2.5) < 4 * found.error
    assert fit(sizes[:20]) is None


def test_thresholds() -> None:
    assert threshold_share(0.25, 0.25, 0.1) == pytest.approx(0.5)
    assert threshold_share(0.35, 0.25, 0.1) == pytest.approx(0.8413447460685429)
    assert (threshold_share(1.9, 2.0, 0.0), threshold_share(2.0, 2.0, 0.0)) == (0, 1)
    assert tipping_mean(0.12222086826900035) == pytest.approx(0.25, abs=1e-9)
    assert tipping_mean(0.5) == 0


@pytest.mark.parametrize("sd", [0.05, 0.12, 0.25])
def test_a_margin_above_the_tipping_point_is_what_it_takes(sd: float) -> None:
    margin = 0.1
    mean = tipping_mean(sd) + margin
    stood = standing(mean, sd)
    assert threshold_share(stood, mean, sd) == pytest.approx(stood, abs=1e-3)

    def after(more: float) -> float:
        x = 0.0
        for _ in range(400):
            x = max(x, giving_up(x, more, stood, mean, sd))
        return x

    assert after(0.0) < 1e-2
    assert after(margin - 0.01) < 0.4
    assert after(margin + 0.01) > 0.9


def test_the_willing_are_those_who_neither_left_nor_gave_up() -> None:
    assert willing(0.0, 0.3) == 1
    assert willing(0.5, 0.5) == pytest.approx(2 / 3)
    assert willing(1.0, 0.3) == 0
    assert willing(1.0, 0.0) == 0


def test_who_gains_enough_goes_over() -> None:
    assert switch_share(0.4, 0.4, 0.1, 0.3) == pytest.approx(0.15)
    assert switch_share(0.5, 0.4, 0.1, 1.0) == pytest.approx(1 / (1 + math.exp(-1)))
