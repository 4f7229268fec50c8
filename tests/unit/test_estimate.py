"""Estimates, dates, siege clocks and the sentences of the answer, against numbers worked out by hand."""

import datetime
import math

import numpy as np
import pandas as pd
import pytest
import synthetic
from scipy.optimize import minimize
from scipy.special import expit

from fastness.analysis.answer import Answer, QuestionAnswer, answer_question, confidence, headline
from fastness.analysis.clocks import clocks, middle_day, people_on_first_day
from fastness.analysis.estimate import day_quantiles, estimate, jeffreys
from fastness.analysis.inputs import _regress, features, input_range


def test_standard_error_of_a_share() -> None:
    found = estimate(620, 1000)
    assert found.probability == 0.62
    assert found.standard_error == pytest.approx(math.sqrt(0.62 * 0.38 / 1000))


@pytest.mark.parametrize("hits", [0, 1])
def test_when_all_campaigns_agree_the_error_is_that_of_the_jeffreys_posterior(hits: int) -> None:
    # Beta(1/2, 3/2) has variance (1/2 · 3/2) / (2² · 3) = 1/16
    assert estimate(hits, 1).standard_error == pytest.approx(0.25)


def test_a_share_of_no_campaigns_is_refused() -> None:
    with pytest.raises(ValueError, match="0 of 0"):
        estimate(0, 0)


def test_jeffreys_interval_where_it_never_happened() -> None:
    low, high = jeffreys(0, 1)
    # Beta(1/2, 3/2) has the distribution function (2/π)(asin √x + √(x(1 − x)))
    assert 2 / math.pi * (math.asin(math.sqrt(high)) + math.sqrt(high * (1 - high))) == pytest.approx(0.95)
    assert low == 0
    assert jeffreys(1, 1) == (pytest.approx(1 - high), 1)


def test_quantiles_are_days_that_occurred() -> None:
    assert day_quantiles(range(1, 21)) == (1, 10, 19)


def test_a_day_that_never_comes_is_later_than_any_other() -> None:
    assert day_quantiles([3, 5, -1, 7, -1]) == (3, 7, None)
    assert day_quantiles([3, -1, -1]) == (3, None, None)
    assert day_quantiles([]) == (None, None, None)


def test_the_day_by_which_half_of_the_people_are_reached() -> None:
    days = np.array([[10, 20, 30], [10, 20, -1], [-1, 5, -1], [-1, -1, -1]])
    # weights 1, 2, 4: half of 7 is reached with the last place only
    assert middle_day(days, np.array([1.0, 2.0, 4.0])).tolist() == [30, -1, -1, -1]
    # weights 3, 2, 1: half of 6 is reached with the first place, or with the other two
    assert middle_day(days, np.array([3.0, 2.0, 1.0])).tolist() == [10, 10, -1, -1]


def _outcomes(campaigns: int) -> pd.DataFrame:
    made = synthetic.scenario()
    columns = {f"food_out:{place.id}": np.full(campaigns, -1) for place in made.places}
    for side in made.sides:
        columns |= {f"{kind}_out:{side}": np.full(campaigns, -1) for kind in ("food", "fuel", "ammunition")}
    return pd.DataFrame(columns)


def test_siege_clocks_of_places_sides_and_all_inside() -> None:
    made = synthetic.scenario()
    outcomes = _outcomes(20)
    outcomes["food_out:bazarak"] = range(20, 40)
    outcomes["ammunition_out:nrf"] = [50] * 12 + [-1] * 8
    people = {f"places.{place.id}": place.population for place in made.places} | {"sides.nrf": 900, "sides.taliban": 9}
    found = {clock.id: clock for clock in clocks(made, outcomes, people)}
    bazarak, ammunition = found["food_out:bazarak"], found["ammunition_out:nrf"]
    assert (bazarak.p5, bazarak.p50, bazarak.p95, bazarak.people, bazarak.share_never) == (20, 29, 38, 21000, 0)
    assert (ammunition.p5, ammunition.p50, ammunition.p95, ammunition.people) == (50, 50, None, 900)
    assert ammunition.share_never == 0.4
    # the other places inside last, and Bazarak is less than half of the people
    assert found["food_out:stronghold"].share_never == 1
    assert found["food_out:stronghold"].people == 159_000
    assert "food_out:kabul" not in found


def test_people_follow_the_beliefs_that_set_them() -> None:
    made = synthetic.scenario(
        forces=[
            {"id": "nrf", "side": "nrf", "place": "bazarak", "fighters": 1},
            {"id": "later", "side": "nrf", "place": "bazarak", "fighters": 50, "arrives": "2021-09-10"},
        ]
    )
    draws = pd.DataFrame({"belief:nrf-strength": [2000.0, 6000.0, 9000.0], "belief:salang-blocked": [0.0, 1.0, 0.0]})
    people = people_on_first_day(made, draws)
    assert people["sides.nrf"] == 6000
    assert people["places.bazarak"] == 21000


def test_a_question_is_answered_with_dates_of_the_campaigns_in_which_it_holds() -> None:
    made = synthetic.scenario()
    question = made.questions["bazarak-falls-december"]
    days = pd.Series([4] * 30 + [-1] * 10)
    found = answer_question("q", question, days, np.empty((40, 0)), datetime.date(2021, 8, 27))
    assert (found.probability, found.words, found.campaigns) == (0.75, "likely", 40)
    assert (found.p5_date, found.median_date, found.p95_date) == ("2021-08-31",) * 3
    assert found.low == found.high == 0.75


def test_an_input_that_does_not_vary_is_left_out() -> None:
    draws = pd.DataFrame({"campaign": [0, 1, 2], "belief:a": [1.0, 1.0, 1.0], "parameter:b": [5.0, 7.0, 100.0]})
    # ranks 1, 2, 3 of 3: normal scores of 1/6, 1/2, 5/6, standardised
    assert features(draws)[:, 0] == pytest.approx([-math.sqrt(1.5), 0, math.sqrt(1.5)])


def test_too_few_campaigns_for_or_against_give_the_jeffreys_interval() -> None:
    happened = np.arange(1000) < 4
    assert input_range(np.random.default_rng(1).normal(size=(1000, 5)), happened) == jeffreys(4, 1000)


def _question(p: float, low: float, high: float, words: str) -> QuestionAnswer:
    return QuestionAnswer("q", "Does Bazarak fall?", p, 0.01, low, high, words, None, None, None, 2000)


@pytest.mark.parametrize(
    ("p", "words", "sentence"),
    [
        (0.62, "likely", "It is likely (62 %; 38–81 across inputs and models) that the answer to"),
        (0.5, "roughly even chance", "There is a roughly even chance (50 %; 38–81 across inputs and models) that the"),
        (0.03, "almost no chance", "There is almost no chance (3 %; 38–81 across inputs and models) that the answer"),
        (0.002, "0.2 %", "There is a chance of 0.2 % (38–81 across inputs and models) that the answer to"),
    ],
)
def test_the_headline_is_one_sentence(p: float, words: str, sentence: str) -> None:
    said = headline([_question(p, 0.38, 0.81, words)])
    assert said.startswith(sentence)
    assert said.endswith('"Does Bazarak fall?" is yes.')
    assert "confidence" not in said.lower()


@pytest.mark.parametrize(
    ("low", "high", "graded", "level"),
    [
        (0.5, 0.6, 3, "high"),
        (0.4, 0.7, 3, "moderate"),
        (0.5, 0.6, 2, "moderate"),
        (0.1, 0.7, 3, "low"),
        (0.5, 0.6, 1, "low"),
    ],
)
def test_confidence_needs_narrow_inputs_and_reliable_claims(low: float, high: float, graded: int, level: str) -> None:
    claims = [
        synthetic.claim(f"C00{n}", "said", "nrf-strength", value=5000, item_grade=3 if n < graded else 4)
        for n in range(3)
    ]
    said = confidence([_question(0.55, low, high, "likely")], synthetic.scenario(claims=claims))
    assert said.startswith(f"Confidence in this judgement is {level}:")
    assert f"{graded} of 3 claims" in said
    assert "likely" not in said


def test_no_claim_gives_low_confidence() -> None:
    said = confidence([_question(0.55, 0.5, 0.6, "likely")], synthetic.scenario(claims=[]))
    assert said.startswith("Confidence in this judgement is low:")


def test_the_document_has_the_promised_keys() -> None:
    questions = [_question(0.62, 0.38, 0.81, "likely")]
    document = Answer("s", "h", 7, 2000, 3, "runs/s-7", questions, [], "headline", "confidence").document()
    assert list(document) == ["scenario", "hash", "seed", "campaigns", "failed", "questions", "clocks", "run"]
    keys = ["id", "text", "probability", "standard_error", "low", "high", "words"]
    dates, errors = ["median_date", "p5_date", "p95_date"], ["low_error", "high_error"]
    assert list(document["questions"][0]) == [*keys, *dates, *errors]


def test_a_regression_finds_the_penalised_maximum_of_the_campaigns_it_sees() -> None:
    random = np.random.default_rng(5)
    terms = random.normal(size=(3, 400))
    terms[0] = 1.0
    y = (random.random(400) < expit(np.array([0.3, 0.8, -0.5]) @ terms)).astype(float)
    within = np.stack([np.arange(400) < 300, np.arange(400) >= 200]).astype(float)
    ridge = np.array([0.0, 10.0, 30.0])
    weights, covariance = _regress(np.stack([terms, terms]), y, within, ridge, np.zeros((2, 3)))
    for fold, seen in enumerate(within.astype(bool)):
        x, happened = terms[:, seen], y[seen]

        def loss(w: np.ndarray, x: np.ndarray = x, happened: np.ndarray = happened) -> float:
            return float(np.logaddexp(0.0, w @ x).sum() - happened @ (w @ x) + ridge @ w**2 / 2)

        best = minimize(loss, np.zeros(3), method="BFGS")
        assert weights[fold] == pytest.approx(best.x, abs=1e-3)
        assert covariance[fold] == pytest.approx(best.hess_inv, rel=0.1, abs=1e-3)
