"""Scales of beliefs and the reading of claims, by hand."""

from datetime import date

import pytest

from fastness.scenario.model import Belief, Claim
from fastness.scenario.scales import Reading, Scale, day_of, meaning, percentiles, read_claim, scale_of, word_tables


def belief(**more: object) -> Belief:
    return Belief.model_validate({"source": "prior", "why": "test"} | more)


def claim(**more: object) -> Claim:
    row = {"id": "c", "date": "2021-08-27", "statement": "said", "binds": "belief", "target": "b", "kind": "claim"}
    return Claim.model_validate(row | {"source": "a", "item_grade": 3} | more)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"p5": 1, "p95": 10, "unit": "persons"}, "ln"),
        ({"p5": 0.1, "p95": 0.9}, "logit"),
        ({"p5": 0.1, "p95": 0.9, "unit": "t"}, "ln"),
        ({"p5": 0.5, "p95": 2}, "ln"),
        ({"p5": -1, "p95": 1}, "linear"),
        ({"p5": 0, "p95": 1}, "linear"),
        ({"p5": 1, "p95": 2, "scale": "linear"}, "linear"),
        ({"p5": date(2021, 9, 1), "p95": date(2021, 9, 9)}, "linear"),
    ],
)
def test_the_usual_scale(more: dict[str, object], kind: str) -> None:
    assert scale_of(belief(**more)).kind == kind


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"p5": 1}, "needs p5 and p95"),
        ({"p5": 2, "p95": 1}, "must not fall"),
        ({"p5": 1, "p50": 5, "p95": 4}, "must not fall, are 1, 5, 4"),
        ({"p5": 0, "p95": 4, "scale": "ln"}, "more than 0, p5 is 0"),
        ({"p5": 0.5, "p95": 1, "scale": "logit"}, "between 0 and 1"),
    ],
)
def test_percentiles_off_their_scale_are_refused(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        scale_of(belief(**more))


def test_the_middle_is_that_of_the_scale() -> None:
    assert percentiles(belief(p5=10, p95=1000, unit="t")) == pytest.approx((10, 100, 1000))
    assert percentiles(belief(p5=10, p95=1000, unit="t", scale="linear")) == pytest.approx((10, 505, 1000))


def test_a_lopsided_prior_is_straightened_and_back() -> None:
    scale = Scale("linear", 10, 1, 3)
    assert scale.to([8, 10, 16]).tolist() == [6, 10, 14]  # two half-widths are two of the mean width, 2
    assert scale.back([6, 10, 14]).tolist() == [8, 10, 16]


def test_a_half_of_no_width_ends_at_the_centre() -> None:
    scale = Scale("linear", 10, 0, 4)
    assert scale.back([8, 10, 12]).tolist() == [10, 10, 14]
    assert scale.to([6, 14]).tolist() == [8, 12]
    assert Scale("linear", 10, 0, 0).back([10]).tolist() == [10]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"value": 3}, Reading(3, 3, single=True)),
        ({"low": 2, "high": 5}, Reading(2, 5, single=False)),
        ({"words": "A  few thousand"}, Reading(2000, 5000, single=False)),
        ({"low": 2}, "a bound alone is not pooled"),
        ({}, "gives no quantity"),
        ({"words": "oodles"}, "no table has the words 'oodles'"),
        ({"value": -1}, "-1 lies off the ln scale"),
        ({"value": 0}, "0 lies off the ln scale"),
        ({"value": 0, "kind": "established"}, Reading(0, 0, single=True)),
    ],
)
def test_how_a_claim_reads(more: dict[str, object], expected: object) -> None:
    assert read_claim(claim(**more), belief(p5=1, p95=9, unit="persons")) == expected


def test_a_number_says_no_date() -> None:
    assert read_claim(claim(value=3), belief(p5=date(2021, 9, 1), p95=date(2021, 9, 9))) == "a number says no date"


def test_words_depend_on_what_is_counted() -> None:
    assert meaning("few", "logit", "1") == (0.02, 0.2)
    assert meaning("weeks", "ln", "days") == (14, 60)
    assert meaning("a handful", "ln", "1") == (3, 6)


def test_every_range_in_words_rises_and_stays_on_its_scale() -> None:
    tables = word_tables()
    assert all(0 < low < high for rows in tables.values() for low, high in rows.values())
    assert all(high < 1 for _, high in tables["shares"].values())


def test_day_numbers_round_to_the_day() -> None:
    assert day_of(date(2021, 9, 1).toordinal() + 0.4) == date(2021, 9, 1)
