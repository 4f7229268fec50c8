"""Random numbers: Philox against Random123's published vectors, and the shape of each kind of draw.

Statistical checks use one fixed seed; each has a false-alarm rate of 1e-4 under a correct generator.
"""

import math

import numpy as np
import pytest
from scipy.stats import chisquare, kstest

from fastness.kernel.streams import Stream, at, exponential, happens, normal, philox, poisson, uniform, whole

ALARM = 1e-4
SEED = Stream(0x20210827, 0x7, 3, 0)
VECTORS = [
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 2, (0xFFFFFFFF,) * 4, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("key", "counter", "expected"), VECTORS, ids=["zeros", "ones", "pi"])
def test_philox_known_answers(key: tuple[int, int], counter: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert tuple(int(word) for word in philox(*key, *counter)) == expected


def draws(kind: object, count: int, *more: float) -> np.ndarray:
    return np.array([kind(SEED, 11, k, *more) for k in range(count)])  # type: ignore[operator]


def test_uniform_numbers_are_uniform_and_never_0_or_1() -> None:
    u = draws(uniform, 20000)
    assert u.min() > 0
    assert u.max() < 1
    assert kstest(u, "uniform").pvalue > ALARM


def test_neighbouring_addresses_are_independent() -> None:
    pairs = np.array([[uniform(SEED, entity, draw) for draw in range(2)] for entity in range(10000)])
    table = np.histogram2d(pairs[:, 0], pairs[:, 1], bins=8, range=[[0, 1], [0, 1]])[0]
    assert chisquare(table.ravel()).pvalue > ALARM


def test_normal_numbers_are_normal() -> None:
    assert kstest(draws(normal, 20000), "norm").pvalue > ALARM


def test_exponential_numbers_are_exponential() -> None:
    assert kstest(draws(exponential, 20000), "expon").pvalue > ALARM


@pytest.mark.parametrize("mean", [0.2, 3.0, 29.0, 80.0])
def test_poisson_counts_have_their_mean_and_variance(mean: float) -> None:
    count = 4000
    drawn = np.array([poisson(SEED, 12 + k, 0, mean) for k in range(count)])
    z = 3.9  # two-sided 1e-4
    assert abs(drawn.mean() - mean) < z * math.sqrt(mean / count)
    assert abs(drawn.var() - mean) < z * math.sqrt((mean + 2 * mean * mean) / count) + 1 / 12


def test_poisson_of_nothing_is_nothing() -> None:
    assert poisson(SEED, 1, 0, 0.0) == 0
    assert poisson(SEED, 1, 0, -1.0) == 0


@pytest.mark.parametrize("mean", [1e-12, 0.003, 0.4, 1.0, 2.5])
def test_a_poisson_count_is_nothing_just_where_its_first_number_says_so(mean: float) -> None:
    numbers = np.array([uniform(SEED, 7, 100 * k) for k in range(2000)])
    counts = np.array([poisson(SEED, 7, 100 * k, mean) for k in range(2000)])
    np.testing.assert_array_equal(counts == 0, numbers <= math.exp(-mean))


@pytest.mark.parametrize("hazard", [-1.0, 0.0, 1e-12, 0.003, 0.4, 1.0, 2.5, 40.0])
def test_what_comes_at_a_rate_happens_with_one_minus_its_exponential(hazard: float) -> None:
    numbers = np.array([uniform(SEED, 7, k) for k in range(2000)])
    came = np.array([happens(SEED, 7, k, hazard) for k in range(2000)])
    np.testing.assert_array_equal(came, numbers < 1.0 - math.exp(-hazard))


def test_whole_keeps_the_mean_and_neighbours_the_amount() -> None:
    drawn = draws(whole, 10000, 2.3)
    assert set(drawn) == {2, 3}
    assert abs(drawn.mean() - 2.3) < 3.9 * math.sqrt(0.3 * 0.7 / 10000)
    assert whole(SEED, 1, 0, 5.0) == 5


def test_every_part_of_the_address_matters() -> None:
    here = uniform(at(SEED, 5, 2), 11, 0)
    others = [
        uniform(at(SEED, 6, 2), 11, 0),
        uniform(at(SEED, 5, 3), 11, 0),
        uniform(at(SEED._replace(campaign=4), 5, 2), 11, 0),
        uniform(at(SEED._replace(key_0=1), 5, 2), 11, 0),
        uniform(at(SEED, 5, 2), 12, 0),
        uniform(at(SEED, 5, 2), 11, 1),
    ]
    assert here not in others
    assert here == uniform(at(SEED, 5, 2), 11, 0)
