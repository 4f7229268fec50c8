"""Pooling of contested claims (M19) against cases computed by hand."""

import dataclasses
import math
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from fastness.parameters import Z95, Floats, registry
from fastness.scenario.model import Belief, Claim, Force, Scenario, Side, Source, Stock
from fastness.scenario.pooling import (
    PoolingHyper,
    draw_belief,
    effective_number,
    favoured,
    pool_fact,
    pool_quantity,
)
from fastness.scenario.scales import scale_of

DAY = date(2021, 8, 27)


def hyper(correlation: float = 0, spread: float = 0, own: float = 0, rival: float = 0) -> PoolingHyper:
    """Return the registry's medians with the uncertain four replaced."""
    return dataclasses.replace(
        PoolingHyper.typical(),
        correlation=np.array([correlation], dtype=float),
        spread=np.array([spread], dtype=float),
        own_inflation=np.array([own], dtype=float),
        rival_inflation=np.array([rival], dtype=float),
    )


def claim(name: str, source: str = "a", item: int = 1, **more: object) -> Claim:
    """Return a claim on a belief."""
    row = {"id": name, "date": DAY, "statement": "said", "binds": "belief", "target": "b", "kind": "claim"}
    return Claim.model_validate(row | {"source": source, "item_grade": item} | more)


def source(name: str, grade: str = "A", origin: str | None = None, interest: str = "none") -> Source:
    """Return a source that is its own origin unless one is named."""
    row = {"id": name, "grade": grade, "origin": origin or name, "interest": interest, "date": DAY}
    return Source.model_validate(row)


def fact(chance: float, **more: object) -> Belief:
    return Belief.model_validate({"chance": chance, "source": "prior", "why": "test"} | more)


def quantity(low: float, high: float, **more: object) -> Belief:
    row = {"p5": low, "p95": high, "unit": "persons", "source": "prior", "why": "test"}
    return Belief.model_validate(row | more)


def by_id(*rows: Source) -> dict[str, Source]:
    return {row.id: row for row in rows}


def probability(belief: Belief, claims: Sequence[Claim], sources: dict[str, Source], how: PoolingHyper) -> float:
    (result,) = pool_fact(belief, claims, sources, how)
    return float(result)


AROUND_100 = quantity(100 * math.exp(-Z95), 100 * math.exp(Z95))  # ln 100, sd 1
ABOUT_400 = {"low": 400 * math.exp(-Z95 / 2), "high": 400 * math.exp(Z95 / 2)}  # ln 400, sd 1/2


@pytest.mark.parametrize(("correlation", "expected"), [(0, 0.97), (1, 0.59), (0.5, 0.66)])
def test_ten_reports_of_one_origin(correlation: float, expected: float) -> None:
    claims = [claim(f"c{number}", item=3) for number in range(10)]
    sources = by_id(source("a", grade="C"))
    assert round(probability(fact(0.5), claims, sources, hyper(correlation)), 2) == expected


def test_ten_reports_of_ten_origins_are_independent_whatever_the_correlation() -> None:
    claims = [claim(f"c{number}", source=f"s{number}", item=3) for number in range(10)]
    sources = by_id(*(source(f"s{number}", grade="C") for number in range(10)))
    assert probability(fact(0.5), claims, sources, hyper(1)) == pytest.approx(1 / (1 + 1.8**-6))


def test_bayes_fusion_of_two_elicited_sources() -> None:
    """Benchmark B17: prior .5, likelihood ratios 3 and .5."""
    belief = fact(0.5, said_if_true={"a": 0.9, "b": 0.2}, said_if_false={"a": 0.3, "b": 0.4})
    claims = [claim("one", "a", item=3), claim("two", "b", item=3)]
    assert probability(belief, claims, by_id(source("a"), source("b")), hyper()) == pytest.approx(0.6)


def test_bayes_fusion_by_the_admiralty_table() -> None:
    """Benchmark B17: prior .3, likelihood ratio 4."""
    result = probability(fact(0.3), [claim("one", item=2)], by_id(source("a")), hyper())
    assert result == pytest.approx(0.631579, abs=1e-6)


def test_a_denial_is_the_inverse_ratio() -> None:
    claims = [claim("one", item=2, stance="denies")]
    assert probability(fact(0.5), claims, by_id(source("a")), hyper()) == pytest.approx(1 / 5)
    elicited = fact(0.5, said_if_true={"a": 0.9}, said_if_false={"a": 0.3})
    assert probability(elicited, claims, by_id(source("a")), hyper()) == pytest.approx(1 / 4)


def test_a_party_that_says_it_either_way_tells_nothing() -> None:
    belief = fact(0.4, said_if_true={"a": 0.9}, said_if_false={"a": 0.9})
    assert probability(belief, [claim("one", item=1)], by_id(source("a")), hyper()) == pytest.approx(0.4)


def test_a_confirmed_claim_already_contains_its_corroboration() -> None:
    sources = by_id(source("a"), source("b", grade="C"))
    alone = [claim("one", "a", item=1)]
    both = [*alone, claim("two", "b", item=2)]
    against = [*alone, claim("two", "b", item=2, stance="denies")]
    assert probability(fact(0.5), alone, sources, hyper()) == pytest.approx(20 / 21)
    assert probability(fact(0.5), both, sources, hyper()) == pytest.approx(20 / 21)
    odds = 20 / 4**0.6
    assert probability(fact(0.5), against, sources, hyper()) == pytest.approx(odds / (1 + odds))


def test_established_and_unknown_facts() -> None:
    sources = by_id(source("a"))
    unknown = claim("zero", kind="unknown", item=6)
    assert probability(fact(0.5), [unknown], sources, hyper()) == pytest.approx(0.5)
    assert probability(fact(0.5), [unknown, claim("one", kind="established")], sources, hyper()) == 1
    assert probability(fact(0.5), [claim("one", kind="established", stance="denies")], sources, hyper()) == 0


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_certain_prior_stays_certain(chance: float) -> None:
    assert probability(fact(chance), [claim("one", item=2)], by_id(source("a")), hyper()) == chance


def test_elicited_zero_is_refused() -> None:
    belief = fact(0.5, said_if_true={"a": 0.9}, said_if_false={"a": 0})
    with pytest.raises(ValueError, match="of a must be more than 0"):
        pool_fact(belief, [claim("one")], by_id(source("a")), hyper())


def test_without_claims_the_prior_stands() -> None:
    mean, sd = pool_quantity(AROUND_100, [], {}, hyper())
    assert (mean[0], sd[0]) == pytest.approx((math.log(100), 1))


@pytest.mark.parametrize(
    ("more", "grade", "item", "how", "strength", "centre"),
    [
        (ABOUT_400, "A", 1, hyper(), 4, 400),
        (ABOUT_400, "C", 3, hyper(), 4 * 0.36, 400),
        (ABOUT_400, "A", 1, hyper(spread=0.5), 2, 400),
        ({"value": 400}, "A", 1, hyper(), 1 / math.log(2) ** 2, 400),
        ({"words": "Hundreds"}, "A", 1, hyper(), (2 * Z95 / math.log(999 / 200)) ** 2, math.sqrt(200 * 999)),
    ],
    ids=["range", "graded", "spread", "single value", "words"],
)
def test_one_claim_pools_lognormally(
    more: dict[str, object], grade: str, item: int, how: PoolingHyper, strength: float, centre: float
) -> None:
    mean, sd = pool_quantity(AROUND_100, [claim("one", item=item, **more)], by_id(source("a", grade)), how)
    assert sd[0] == pytest.approx((1 + strength) ** -0.5)
    assert mean[0] == pytest.approx(math.log(100) + strength / (1 + strength) * math.log(centre / 100))


def test_claims_of_one_origin_count_as_their_effective_number() -> None:
    claims = [claim(f"c{number}", **ABOUT_400) for number in range(4)]
    _, sd = pool_quantity(AROUND_100, claims, by_id(source("a")), hyper(correlation=0.5))
    assert sd[0] == pytest.approx((1 + 4 * 1.6) ** -0.5)  # 4/(1 + 3 * 0.5) = 1.6
    assert effective_number(10, np.array([0, 0.5, 1])).tolist() == pytest.approx([10, 10 / 5.5, 1])


def test_two_origins_that_disagree_meet_between() -> None:
    about_25 = {end: value / 16 for end, value in ABOUT_400.items()}
    claims = [claim("one", "a", **ABOUT_400), claim("two", "b", **about_25)]
    mean, sd = pool_quantity(AROUND_100, claims, by_id(source("a"), source("b")), hyper())
    assert (mean[0], sd[0]) == pytest.approx((math.log(100), 1 / 3))


@pytest.mark.parametrize(
    ("interest", "centre"), [("defender", 200), ("besieger", 500), ("none", 400)], ids=["own", "rival", "none"]
)
def test_interest_is_taken_back(interest: str, centre: float) -> None:
    how = hyper(own=math.log(2), rival=math.log(0.8))
    sources = by_id(source("a", interest=interest))
    mean, _ = pool_quantity(AROUND_100, [claim("one", **ABOUT_400)], sources, how, "defender")
    assert mean[0] == pytest.approx(math.log(100) + 0.8 * math.log(centre / 100))
    nobody, _ = pool_quantity(AROUND_100, [claim("one", **ABOUT_400)], sources, how)
    assert nobody[0] == pytest.approx(math.log(100) + 0.8 * math.log(4))


def test_an_unknown_interest_blurs() -> None:
    sources = by_id(source("a", interest="unknown"))
    _, sd = pool_quantity(AROUND_100, [claim("one", **ABOUT_400)], sources, hyper(own=0.5), "defender")
    assert sd[0] == pytest.approx((1 + 2) ** -0.5)  # 1/(1/4 + 1/4)


def test_established_values_bypass_pooling() -> None:
    sources = by_id(source("a"))
    claims = [claim("one", kind="established", value=250), claim("two", value=9)]
    mean, sd = pool_quantity(AROUND_100, claims, sources, hyper())
    assert (mean[0], sd[0]) == pytest.approx((math.log(250), 0))
    mean, sd = pool_quantity(AROUND_100, [claim("one", kind="established", **ABOUT_400)], sources, hyper())
    assert (mean[0], sd[0]) == pytest.approx((math.log(400), 0.5))


def test_an_established_zero_is_zero() -> None:
    belief = quantity(1, 10)
    mean, sd = pool_quantity(belief, [claim("one", kind="established", value=0)], by_id(source("a")), hyper())
    assert scale_of(belief).back(mean + sd * 1.3).tolist() == [0]


def test_a_prior_without_width_is_certain() -> None:
    certain = quantity(7, 7, p50=7)
    mean, sd = pool_quantity(certain, [claim("one", value=9)], by_id(source("a")), hyper())
    assert scale_of(certain).back(mean + sd * 1.3) == pytest.approx([7])


def test_a_prior_with_a_floor_still_learns() -> None:
    belief = quantity(100, 100 * math.exp(2 * Z95), p50=100)
    mean, sd = pool_quantity(belief, [claim("one", **ABOUT_400)], by_id(source("a")), hyper())
    assert sd[0] == pytest.approx((1 + 16) ** -0.5)  # the claim's spread is halved with the scale
    assert mean[0] == pytest.approx(math.log(100) + 16 / 17 * math.log(4) / 2)


def test_shares_pool_on_log_odds() -> None:
    belief = quantity(0.1, 0.9, unit="1")
    mean, sd = pool_quantity(belief, [claim("one", low=0.1, high=0.9)], by_id(source("a")), hyper())
    assert mean[0] == pytest.approx(0)
    assert sd[0] == pytest.approx(math.log(9) / Z95 / math.sqrt(2))


def test_dates_are_day_numbers() -> None:
    belief = quantity(0, 0, p5=date(2021, 9, 1), p50=date(2021, 9, 6), p95=date(2021, 9, 11))
    mean, sd = pool_quantity(belief, [], {}, hyper())
    assert (mean[0], sd[0]) == pytest.approx((date(2021, 9, 6).toordinal(), 5 / Z95))


def test_pooling_is_per_campaign() -> None:
    zeros = np.zeros(2)
    how = dataclasses.replace(
        hyper(), spread=np.array([0, 0.5]), correlation=zeros, own_inflation=zeros, rival_inflation=zeros
    )
    _, sd = pool_quantity(AROUND_100, [claim("one", **ABOUT_400)], by_id(source("a")), how)
    assert sd == pytest.approx([5**-0.5, 3**-0.5])


def a_scenario(*claims: Claim, **beliefs: Belief) -> Scenario:
    """Return as much of a scenario as pooling looks at."""
    force = {"id": "garrison", "side": "nrf", "place": "bazarak", "fighters": 1}
    stock = {"id": "depot", "side": "taliban", "place": "kabul"}
    parts = SimpleNamespace(
        sides={
            "nrf": Side.model_validate({"name": "NRF", "role": "defender", "home": "bazarak"}),
            "taliban": Side.model_validate({"name": "Taliban", "role": "besieger", "home": "kabul"}),
        },
        forces=(Force.model_validate(force),),
        stocks=(Stock.model_validate(stock),),
        sources=(source("a", interest="defender"),),
        claims=claims,
        beliefs=beliefs,
    )
    return cast(Scenario, parts)


@pytest.mark.parametrize(
    ("sets", "role"),
    [
        (["forces.garrison.fighters"], "defender"),
        (["stocks.depot.food_t"], "besieger"),
        (["sides.taliban.reserve"], "besieger"),
        (["forces.garrison.fighters", "stocks.depot.food_t"], None),
        (["sides.taliban.reserve_population"], None),
        (["places.kabul.population"], None),
        (["forces.garrison.arrives"], None),
        ([], None),
    ],
)
def test_whose_interest_a_high_value_serves(sets: list[str], role: str | None) -> None:
    assert favoured(a_scenario(), quantity(1, 2, sets=sets)) == role


def test_draws_of_a_quantity_follow_the_pooled_curve() -> None:
    belief = quantity(60_000, 200_000, p50=80_000, sets="sides.taliban.reserve")
    u = np.array([0.05, 0.5, 0.95])
    assert draw_belief(a_scenario(b=belief), "b", hyper(), u) == pytest.approx([60_000, 80_000, 200_000])


def test_draws_of_a_fact_are_true_under_its_probability() -> None:
    scenario = a_scenario(claim("one", item=2, stance="denies"), b=fact(0.5))
    draws: Floats = draw_belief(scenario, "b", hyper(), np.array([0.19, 0.21]))
    assert draws.tolist() == [1, 0]


def test_the_registry_has_every_pooling_parameter() -> None:
    used = {name for name in registry() if name.startswith("information.")}
    assert len(used) == 5 + 6 + 6 + 6
    assert PoolingHyper.typical().correlation.shape == (1,)
