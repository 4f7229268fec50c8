"""The likelihood words: every edge of the ICD 203 table, and the numbers outside it."""

import itertools
import math

import pytest

from fastness.analysis.words import BANDS, likelihood_words, percent, points

EDGES = [
    (0.01, "almost no chance"),
    (0.05, "very unlikely"),
    (0.20, "unlikely"),
    (0.45, "roughly even chance"),
    (0.55, "likely"),
    (0.80, "very likely"),
    (0.95, "almost certain"),
]


@pytest.mark.parametrize(("low", "words"), EDGES)
def test_a_band_begins_at_its_lower_edge(low: float, words: str) -> None:
    assert likelihood_words(low) == words


@pytest.mark.parametrize(("edge", "words"), [(edge, EDGES[i][1]) for i, (edge, _) in enumerate(EDGES[1:])])
def test_a_band_ends_just_below_its_upper_edge(edge: float, words: str) -> None:
    assert likelihood_words(math.nextafter(edge, 0)) == words


@pytest.mark.parametrize(
    ("p", "number"),
    [
        (0.0, "<0.1 %"),
        (0.0004, "<0.1 %"),
        (0.004, "0.4 %"),
        (math.nextafter(0.01, 0), "1.0 %"),
        (0.99, "99 %"),
        (0.996, "99.6 %"),
        (0.9996, ">99.9 %"),
        (1.0, ">99.9 %"),
    ],
)
def test_outside_the_table_the_number_is_given(p: float, number: str) -> None:
    assert likelihood_words(p) == number


@pytest.mark.parametrize("p", [-0.01, 1.01, math.nan, math.inf])
def test_what_is_no_probability_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        likelihood_words(p)


def test_the_bands_touch_and_do_not_overlap() -> None:
    assert all(high == low for (_, high, _), (low, _, _) in itertools.pairwise(BANDS))


def test_percent_is_whole_between_one_and_ninety_nine() -> None:
    assert [percent(p) for p in (0.01, 0.384, 0.62, 0.99)] == ["1 %", "38 %", "62 %", "99 %"]


@pytest.mark.parametrize(
    ("change", "low", "high", "text"),
    [
        (0.06, -0.004, 0.12, "+6 (0 to +12)"),
        (-0.236, -0.3, -0.18, "-24 (-30 to -18)"),
        (0.0, -0.01, 0.006, "0 (-1 to +1)"),
    ],
)
def test_points_have_signs_and_nothing_has_none(change: float, low: float, high: float, text: str) -> None:
    assert points(change, low, high) == text
