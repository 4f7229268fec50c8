"""The parameter registry: what it refuses, and the inverse distribution functions against hand-computed values."""

import math

import numpy as np
import pytest

from fastness.parameters import (
    EVIDENCE,
    Beta,
    Choice,
    Fixed,
    Lognormal,
    Mixture,
    Normal,
    ParameterError,
    Prior,
    Uniform,
    describe,
    markdown_table,
    prior_from,
    quantile,
    read,
    registry,
)

ZERO = {"kind": "fixed", "value": 0}
ONE = {"kind": "fixed", "value": 1}
GOOD = """
[combat.daily_loss]
unit = "1/day"
prior = { kind = "uniform", low = 0.01, high = 0.03 }
mechanism = "M01"
source = "Dupuy"
evidence = "V"
about = "share lost on a day of combat"
date = 2021-08-27
"""


def test_a_parameter_is_read_whole() -> None:
    row = read(GOOD)["combat.daily_loss"]
    assert row.prior == Uniform(0.01, 0.03)
    assert (row.field, row.unit, str(row.date)) == ("combat_daily_loss", "1/day", "2021-08-27")


def test_quoted_and_plain_table_names_are_the_same() -> None:
    assert read(GOOD) == read(GOOD.replace("[combat.daily_loss]", '["combat.daily_loss"]'))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "1/day"\n', "", "combat.daily_loss: lacks unit"),
        ('unit = "1/day"', "unit = 3", "unit must be text, is 3"),
        ('"V"', '"X"', "evidence must be one of V, D"),
        ('"M01"', '"attrition"', "mechanism must be an M-number such as M19, is attrition"),
        ("2021-08-27", '"2021-08-27"', "date must be written 2021-08-27 without quotes"),
        ("date =", "dated =", "has dated, which nothing reads"),
        ('"uniform"', '"flat"', "prior needs a kind, one of fixed, uniform"),
        ("high = 0.03", "high = 0.01", "low must be under high, is 0.01 to 0.01"),
        ("high = 0.03", "high = inf", "high must be a finite number, is inf"),
        ("high = 0.03", "high = true", "high must be a finite number, is True"),
        (", high = 0.03", "", "lacks high"),
        ("[combat.daily_loss]", "[daily_loss]", "names are lower-case words joined by dots"),
        ('unit = "1/day"', "unit = ", "registry: "),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read(GOOD.replace(old, new))
    assert said in str(caught.value)


def test_everything_wrong_is_said_at_once() -> None:
    twice = GOOD.replace('"V"', '"X"') + GOOD.replace("daily", "weekly").replace('"M01"', '"?"')
    with pytest.raises(ParameterError) as caught:
        read(twice)
    assert len(str(caught.value).splitlines()) == 2


def test_names_that_the_kernel_could_not_tell_apart_are_refused() -> None:
    with pytest.raises(ParameterError, match="the kernel calls both combat_daily_loss"):
        read(GOOD + GOOD.replace("daily_loss", "daily-loss"))


@pytest.mark.parametrize(
    ("table", "prior"),
    [
        ({"kind": "fixed", "value": 3}, Fixed(3)),
        ({"kind": "normal", "mean": 1, "sd": 2}, Normal(1, 2)),
        ({"kind": "beta", "a": 2, "b": 3}, Beta(2, 3)),
        ({"kind": "choice", "values": [1, 2], "weights": [3, 1]}, Choice((1, 2), (3, 1))),
        ({"kind": "mixture", "chance": 0.5, "then": ZERO, "otherwise": ONE}, Mixture(0.5, Fixed(0), Fixed(1))),
    ],
)
def test_priors_are_built_from_their_tables(table: dict[str, object], prior: object) -> None:
    assert prior_from(table) == prior


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "normal", "mean": 1, "sd": 0},
        {"kind": "lognormal", "p50": 3, "p95": 2},
        {"kind": "lognormal", "p5": 0, "p95": 2},
        {"kind": "beta", "a": 0, "b": 1},
        {"kind": "choice", "values": [1], "weights": [1, 2]},
        {"kind": "choice", "values": [], "weights": []},
        {"kind": "choice", "values": 3, "weights": [1]},
        {"kind": "choice", "values": [1, 2], "weights": [0, 0]},
        {"kind": "mixture", "chance": 1.5, "then": ZERO, "otherwise": ONE},
        {"kind": "mixture", "chance": 0.5, "then": {"kind": "normal"}, "otherwise": ONE},
    ],
)
def test_numbers_that_make_no_distribution_are_refused(table: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        prior_from(table)


def test_quantiles_by_hand() -> None:
    assert quantile(Uniform(2, 6), 0.25) == 3
    assert quantile(Normal(1, 2), 0.975) == pytest.approx(1 + 2 * 1.959963984540054)
    assert quantile(Beta(2, 3), 0.6875) == pytest.approx(0.5)  # F(x) = 6x² - 8x³ + 3x⁴
    assert quantile(Fixed(7), [0.1, 0.9]).tolist() == [7, 7]


def test_lognormal_is_anchored_at_its_percentiles() -> None:
    from_median = prior_from({"kind": "lognormal", "p50": 8, "p95": 20})
    assert quantile(from_median, [0.05, 0.5, 0.95]) == pytest.approx([3.2, 8, 20])
    from_ends = prior_from({"kind": "lognormal", "p5": 4, "p95": 9})
    assert quantile(from_ends, [0.05, 0.5, 0.95]) == pytest.approx([4, 6, 9])


def test_choice_follows_its_weights() -> None:
    prior = Choice((10, 20, 30), (1, 0, 3))
    assert quantile(prior, [0, 0.2499, 0.2501, 1]).tolist() == [10, 10, 30, 30]


def test_mixture_splits_one_uniform() -> None:
    prior = Mixture(0.25, Uniform(0, 1), Uniform(10, 20))
    assert quantile(prior, [0.125, 0.625]).tolist() == [0.5, 15]


@pytest.mark.parametrize(
    "prior",
    [Normal(0, 1), Lognormal(1, 1), Beta(2, 3), Mixture(1, Normal(0, 1), Fixed(0)), Mixture(0, Fixed(0), Normal(0, 1))],
)
def test_the_ends_are_finite(prior: Prior) -> None:
    assert np.isfinite(quantile(prior, [0, 0.5, 1])).all()


def test_the_shape_is_kept() -> None:
    assert quantile(Normal(0, 1), np.full((2, 3), 0.5)).shape == (2, 3)


def test_the_registry_is_sound_and_ordered() -> None:
    names = list(registry())
    assert names == sorted(names)
    assert registry() is registry()
    for row in registry().values():
        assert row.evidence in EVIDENCE
        assert np.isfinite(quantile(row.prior, [0.01, 0.99])).all(), row.name


def test_contested_information_keeps_its_published_defaults() -> None:
    assert quantile(registry()["information.single_value_spread"].prior, 0.5) == pytest.approx(math.log(2))
    ratios = [float(quantile(registry()[f"information.item_ratio_{grade}"].prior, 0.5)) for grade in range(1, 7)]
    assert ratios == [20, 4, 1.8, 0.8, 0.2, 1]
    weights = [float(quantile(registry()[f"information.source_weight_{grade}"].prior, 0.5)) for grade in "abcdef"]
    assert weights == [1, 0.85, 0.6, 0.35, 0.15, 0.3]


def test_priors_are_described_in_words() -> None:
    assert describe(Uniform(1, 3)) == "1 to 3, equally"
    assert describe(Mixture(0.5, Fixed(0), Uniform(0, 0.9))) == "50%: 0; else: 0 to 0.9, equally"
    assert describe(Choice((1, 2), (3, 1))) == "1 (75%), 2 (25%)"
    assert describe(prior_from({"kind": "lognormal", "p50": 8, "p95": 20})) == "median 8, 5–95 % 3.2–20"


def test_the_table_has_a_row_for_every_parameter() -> None:
    lines = markdown_table().splitlines()
    assert len(lines) == 2 + len(registry())
    assert {line.count(" | ") for line in lines} == {6}
