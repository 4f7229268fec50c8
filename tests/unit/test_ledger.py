"""The claims ledger: what each claim became, and which claims inform nothing yet."""

from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from fastness.scenario.ledger import LedgerRow, elsewhere, ledger
from fastness.scenario.model import Belief, Claim, Scenario, Source

SOURCES = (
    Source.model_validate({"id": "author", "grade": "C", "origin": "article", "date": "2021-08-27"}),
    Source.model_validate({"id": "press", "grade": "B", "origin": "press", "date": "2021-08-27"}),
)


def claim(name: str, target: str, **more: object) -> Claim:
    row = {"id": name, "date": "2021-08-27", "statement": f"says {name}", "binds": "belief", "target": target}
    return Claim.model_validate(row | {"kind": "claim", "source": "author", "item_grade": 3} | more)


def belief(**more: object) -> Belief:
    return Belief.model_validate({"source": "prior", "why": "because"} | more)


def rows(claims: list[Claim], **beliefs: Belief) -> dict[str, LedgerRow]:
    parts = SimpleNamespace(sources=SOURCES, claims=tuple(claims), beliefs=beliefs, sides={}, forces=(), stocks=())
    return {row.belief: row for row in ledger(cast(Scenario, parts))}


def test_a_quantity_shows_prior_claims_and_curve() -> None:
    claims = [claim("C2", "size", words="hundreds"), claim("C1", "size", value=400), claim("C3", "size", low=3)]
    row = rows(claims, size=belief(p5=50, p50=100, p95=300, unit="persons"))["size"]
    assert row.prior == (50, 100, 300)
    assert [line.id for line in row.claims] == ["C1", "C2", "C3"]
    first, second, third = row.claims
    assert (first.low, first.high, first.weight, first.grade, first.note) == (400, 400, pytest.approx(0.36), "C3", "")
    assert (second.low, second.high, second.note) == (200, 999, "'hundreds'")
    assert (third.counts, third.note) == (False, "a bound alone is not pooled")
    (origin,) = row.origins
    assert (origin.origin, origin.claims) == ("article", 2)
    assert 1 < origin.effective < 2
    assert row.pooled is not None
    assert all(isinstance(level, float) for level in row.pooled)
    assert 100 < cast(float, row.pooled[1]) < 400


def test_without_claims_the_curve_is_the_prior() -> None:
    row = rows([], size=belief(p5=50, p50=100, p95=300, unit="persons"))["size"]
    assert row.pooled == pytest.approx((50, 100, 300))


def test_dates_stay_dates() -> None:
    days = (date(2021, 9, 1), date(2021, 9, 4), date(2021, 9, 20))
    row = rows([], end=belief(p5=days[0], p50=days[1], p95=days[2]))["end"]
    assert row.prior == row.pooled == days


def test_a_fact_shows_ratios_and_what_confirms_what() -> None:
    claims = [
        claim("C1", "open", stance="denies"),
        claim("C2", "open", source="press", item_grade=1),
        claim("C3", "open"),
        claim("C4", "open", kind="unknown", item_grade=6),
    ]
    row = rows(claims, open=belief(chance=0.5))["open"]
    denial, confirmed, contained, unknown = row.claims
    assert denial.ratio == pytest.approx(1.8**-0.6)
    assert confirmed.ratio == pytest.approx(20**0.85)
    assert (contained.counts, contained.note) == (False, "contained in C2, which is confirmed")
    assert (unknown.counts, unknown.note) == (False, "says that it is unknown")
    odds = 20**0.85 * 1.8**-0.6
    assert (row.chance, row.pooled_chance) == (0.5, pytest.approx(odds / (1 + odds)))
    assert [(origin.origin, origin.claims) for origin in row.origins] == [("article", 1), ("press", 1)]
    assert [origin.effective for origin in row.origins] == [1, 1]


QUANTITY = {"p5": 50, "p95": 90, "unit": "t"}


@pytest.mark.parametrize(("more", "prior"), [({"value": 70}, QUANTITY), ({}, {"chance": 0.5})])
def test_what_is_established_settles_it(more: dict[str, object], prior: dict[str, object]) -> None:
    claims = [claim("C1", "it", **more), claim("C2", "it", kind="established", item_grade=1, **more)]
    row = rows(claims, it=belief(**prior))["it"]
    assert [(line.counts, line.note) for line in row.claims] == [(False, "C2 settles it"), (True, "")]
    assert row.pooled_chance in (None, 1)
    assert row.pooled is None or row.pooled == pytest.approx((70, 70, 70))


def test_claims_on_other_things_are_listed_with_their_reason() -> None:
    claims = [
        claim("C1", "size", value=3),
        claim("C2", "M15", binds="awaits", reason="talks come later"),
        Claim.model_validate(claim("C3", "x").model_dump() | {"binds": "context", "target": None, "reason": "history"}),
    ]
    found = elsewhere(cast(Scenario, SimpleNamespace(claims=tuple(claims))))
    assert list(found) == ["parameter", "entry", "context", "awaits"]
    assert [(row.id, row.target, row.reason) for row in found["awaits"]] == [("C2", "M15", "talks come later")]
    assert [row.id for row in found["context"]] == ["C3"]
    assert found["parameter"] == found["entry"] == []
