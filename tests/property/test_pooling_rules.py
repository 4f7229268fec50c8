"""What pooling never does: depend on order, widen with more claims, treat a denial unlike a support."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastness.parameters import quantile, registry
from fastness.scenario.model import Belief, Claim, Source
from fastness.scenario.pooling import PoolingHyper, pool_fact, pool_quantity

DAY = date(2021, 8, 27)
SOURCES = {
    f"s{number}": Source.model_validate(
        {"id": f"s{number}", "grade": grade, "origin": f"o{number % 3}", "interest": interest, "date": DAY}
    )
    for number, (grade, interest) in enumerate(
        zip("ABCDEF", ["none", "defender", "besieger", "unknown", "withdrawing", "none"], strict=True)
    )
}
QUANTITY = Belief.model_validate({"p5": 60, "p50": 80, "p95": 200, "unit": "t", "source": "prior", "why": "test"})
FACT = Belief.model_validate({"chance": 0.5, "source": "prior", "why": "test"})


def some_hyper() -> PoolingHyper:
    """Return ten campaigns' trust, drawn from the registry."""
    generator = np.random.default_rng(3)
    rows = registry().values()
    return PoolingHyper.from_draws({row.name: quantile(row.prior, generator.uniform(size=10)) for row in rows})


HYPER = some_hyper()


@st.composite
def claims(draw: st.DrawFn, most: int = 6) -> list[Claim]:
    number = draw(st.integers(0, most))
    return [draw(one_claim(f"c{index}")) for index in range(number)]


@st.composite
def one_claim(draw: st.DrawFn, name: str) -> Claim:
    low = draw(st.floats(1, 1000))
    amounts = draw(st.sampled_from([{"value": low}, {"low": low, "high": low * 3}, {"words": "hundreds"}, {}]))
    row = {"id": name, "date": DAY, "statement": "said", "binds": "belief", "target": "b"} | amounts
    row["kind"] = draw(st.sampled_from(["claim", "judgement", "unknown"]))
    row["source"] = draw(st.sampled_from(sorted(SOURCES)))
    row["item_grade"] = draw(st.integers(1, 6))
    row["stance"] = draw(st.sampled_from(["supports", "supports", "denies"]))
    return Claim.model_validate(row)


@given(claims(), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(rows: list[Claim], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    once, again = (pool_quantity(QUANTITY, order, SOURCES, HYPER, "defender") for order in (rows, shuffled))
    assert np.array_equal(once, again)
    assert np.array_equal(pool_fact(FACT, rows, SOURCES, HYPER), pool_fact(FACT, shuffled, SOURCES, HYPER))


@given(claims(), one_claim("extra"))
def test_one_more_claim_never_widens(rows: list[Claim], extra: Claim) -> None:
    _, before = pool_quantity(QUANTITY, rows, SOURCES, HYPER, "defender")
    _, after = pool_quantity(QUANTITY, [*rows, extra], SOURCES, HYPER, "defender")
    assert (after <= before * (1 + 1e-12)).all()


@given(claims())
def test_a_denial_mirrors_a_support(rows: list[Claim]) -> None:
    turned = {"supports": "denies", "denies": "supports"}
    mirrored = [row.model_copy(update={"stance": turned[row.stance]}) for row in rows]
    chances = pool_fact(FACT, rows, SOURCES, HYPER) + pool_fact(FACT, mirrored, SOURCES, HYPER)
    assert chances == pytest.approx(1)


@given(claims())
def test_the_pooled_centre_lies_among_prior_and_claims(rows: list[Claim]) -> None:
    alone = PoolingHyper.typical()
    mean, sd = pool_quantity(QUANTITY, rows, SOURCES, alone)
    assert np.isfinite(mean).all()
    assert (sd > 0).all()
    assert np.log(0.1) < mean[0] < np.log(10_000)
