"""Value of information: what knowing a fact is worth by hand, what a claim says, who is named first, errors."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
import synthetic
from toy import FIRST, toy

from fastness.analysis.value import lines, says, verify_next
from fastness.errors import AnalysisError
from fastness.scenario.model import Belief, Claim
from fastness.scenario.pooling import PoolingHyper


def by_road(beliefs: dict[str, np.ndarray]) -> np.ndarray:
    """Return P: certain if the road is blocked, impossible if not."""
    return beliefs["salang-blocked"]


def test_a_fact_that_decides_everything_is_worth_all_of_the_doubt() -> None:
    ensemble = toy(by_road)
    found = verify_next(ensemble)
    best, p = found.beliefs[0], ensemble.draws["belief:salang-blocked"].mean()
    assert best.id == found.overall[0] == "salang-blocked"
    assert best.share.value == pytest.approx(1)
    assert best.brier.value == pytest.approx(found.uncertainty) == pytest.approx(p * (1 - p))
    entropy = -p * math.log2(p) - (1 - p) * math.log2(1 - p)
    assert found.entropy == pytest.approx(entropy)
    assert best.bits.value == pytest.approx(entropy - 1 / (2 * 2000 * math.log(2)))  # less what chance shows
    assert best.moves == (FIRST,)


def test_a_fact_by_hand() -> None:
    """0.7 against 0.3 of campaigns: the variance of the two, q(1-q) 0.4², is what knowing it would take off p(1-p)."""
    ensemble = toy(lambda beliefs: 0.3 + 0.4 * beliefs["salang-blocked"], campaigns=4000)
    found, q = verify_next(ensemble).beliefs[0], ensemble.draws["belief:salang-blocked"].mean()
    happened = ensemble.outcomes[FIRST] >= 0
    true = ensemble.draws["belief:salang-blocked"] > 0
    apart = happened[true].mean() - happened[~true].mean()
    assert found.brier.value == pytest.approx(q * (1 - q) * apart**2, rel=0.02)  # the rest is the adjustment
    assert found.brier.low < q * (1 - q) * 0.4**2 < found.brier.high
    claim = found.claims[0]
    assert (claim.if_true, claim.if_false) == pytest.approx((happened[true].mean(), happened[~true].mean()))
    assert claim.settled == pytest.approx(found.share.value)
    assert claim.another < claim.settled


def test_a_quantity_is_worth_what_it_decides() -> None:
    """A step at the median decides everything: groups show all of it in bits, a cubic most of it in Brier."""
    found = verify_next(toy(lambda beliefs: beliefs["nrf-strength"] < np.median(beliefs["nrf-strength"])))
    best = found.beliefs[0]
    assert best.id == "nrf-strength"
    # Legendre series of a sign: squares 3/4 of the first and 7/64 of the third polynomial
    assert best.share.value == pytest.approx(3 / 4 + 7 / 64, abs=0.01)
    assert best.bits.value == pytest.approx(1, abs=0.01)
    assert best.beyond_chance


def test_pure_luck_makes_nothing_worth_checking() -> None:
    """In one run of twenty something looks as if it were: in more than 5 of 20 runs once in 3,000."""
    found = [verify_next(toy(lambda _: 0.4, campaigns=200, seed=seed), overall=False) for seed in range(20)]
    nothing = [each for each in found if not any(belief.beyond_chance for belief in each.beliefs)]
    assert len(nothing) >= 15
    assert lines(nothing[0]) == ["No claim is worth more for this question than chance would show."]


def test_the_first_lines_name_a_claim_with_both_answers() -> None:
    found = verify_next(toy(by_road))
    assert lines(found) == [
        "C003, “The Salang road is blocked” (nrf-says, C3): >99.9 % if it is true, <0.1 % if not; knowing "
        "salang-blocked would remove >99.9 % of the doubt."
    ]


def test_at_most_three_lines_and_one_for_each_belief() -> None:
    beliefs = [
        SimpleNamespace(
            id=f"b{k}", beyond_chance=True, share=SimpleNamespace(value=0.1),
            claims=[SimpleNamespace(id=f"C{k}{i}", statement="s", source="x", grade="C3", settled=0.1, if_true=0.2,
                                    if_false=0.4) for i in range(2)],
        )
        for k in range(5)
    ]  # fmt: skip
    said = lines(SimpleNamespace(beliefs=beliefs))  # type: ignore[arg-type]
    assert [line.split(",")[0] for line in said] == ["C00", "C10", "C20"]


def scenario_with(**claim: object) -> tuple[Belief, Claim]:
    made = synthetic.scenario(claims=[synthetic.claim("C001", "it is so", **claim)])
    return made.beliefs[str(made.claims[0].target)], made.claims[0]


def test_what_a_range_says_is_true_inside_it() -> None:
    belief, claim = scenario_with(target="nrf-strength", low=2000, high=9000)
    true = says(belief, claim, np.array([1999.0, 2000, 5000, 9000, 9001]), PoolingHyper.typical())
    assert list(true) == [False, True, True, True, False]


def test_what_a_single_value_says_is_true_within_its_spread() -> None:
    belief, claim = scenario_with(target="nrf-strength", value=6000)
    spread = math.exp(float(PoolingHyper.typical().single_spread[0]))
    values = np.array([6000 / spread * 0.99, 6000 / spread * 1.01, 6000 * spread * 0.99, 6000 * spread * 1.01])
    assert list(says(belief, claim, values, PoolingHyper.typical())) == [False, True, True, False]


def test_a_denial_is_true_where_the_fact_is_not() -> None:
    belief, claim = scenario_with(target="salang-blocked", stance="denies")
    assert list(says(belief, claim, np.array([0.0, 1.0]), PoolingHyper.typical())) == [True, False]


def test_a_bound_says_nothing_that_could_be_checked_here() -> None:
    belief, claim = scenario_with(target="nrf-strength", low=2000)
    assert says(belief, claim, np.array([1.0]), PoolingHyper.typical()) is None


def test_another_report_on_a_fact_by_hand() -> None:
    """Odds of 3 at even chances: said in half of cases, then 3/4, else 1/4: a quarter of the variance goes."""
    made = synthetic.scenario()
    belief = made.beliefs["salang-blocked"].model_copy(
        update={"said_if_true": {"nrf-says": 0.6}, "said_if_false": {"nrf-says": 0.2}, "chance": 0.25}
    )  # pooled with odds 3: an even chance
    ensemble = toy(by_road, made=made.model_copy(update={"beliefs": {**made.beliefs, "salang-blocked": belief}}))
    assert ensemble.draws["belief:salang-blocked"].mean() == pytest.approx(0.5, abs=0.04)
    assert verify_next(ensemble).beliefs[0].claims[0].another == pytest.approx(0.25, abs=0.01)


def test_the_document_is_plain_data() -> None:
    document = verify_next(toy(by_road)).document()
    assert json.loads(json.dumps(document, allow_nan=False))["beliefs"][0]["claims"][0]["date"] == "2021-08-25"


def test_questions_that_cannot_be_told_are_refused() -> None:
    with pytest.raises(AnalysisError) as caught:
        verify_next(toy(by_road), question="food-out")
    assert str(caught.value) == (
        "FS440  question 'food-out' is yes in 0 of 2000 campaigns, too few on one side to tell why; "
        "ask about one with 10 on either side, or play more"
    )
    ensemble = toy(by_road)
    ensemble.scenario = ensemble.scenario.model_copy(update={"questions": {}})
    with pytest.raises(AnalysisError) as caught:
        verify_next(ensemble)
    assert str(caught.value) == "FS440  the scenario asks no question; add one to its questions"


def test_without_beliefs_there_is_nothing_to_verify() -> None:
    found = verify_next(toy(lambda _: 0.4, made=synthetic.scenario(beliefs={}, claims=[])))
    assert found.beliefs == ()
    assert lines(found) == ["No claim is worth more for this question than chance would show."]
