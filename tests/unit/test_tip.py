"""Tip: weights against new draws, crossings by hand, what is said, when it is not."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
import synthetic
from toy import FIRST, drawn, toy

from fastness.analysis.drivers import completed
from fastness.analysis.tip import FEWEST_EFFECTIVE, _band, _crossing, tip
from fastness.analysis.tip_weights import Weigh, beliefs_wrong, moved_claim, sources_wrong
from fastness.errors import AnalysisError


def few_men(beliefs: dict[str, np.ndarray]) -> np.ndarray:
    """Return P: yes with few men, most often."""
    return np.where(beliefs["nrf-strength"] < np.median(beliefs["nrf-strength"]), 0.6, 0.2)


def weighed(ensemble: SimpleNamespace) -> dict[tuple[str, str, str], Weigh]:
    played = completed(ensemble)
    return {row[:3]: row[4] for row in (*sources_wrong(played), *beliefs_wrong(played))}


def test_nobody_is_wrong_by_a_factor_of_one() -> None:
    for weigh in weighed(toy(few_men)).values():
        assert np.abs(weigh(1.0)).max() < 1e-9


def test_who_can_be_wrong_and_how() -> None:
    assert set(weighed(toy(few_men))) == {
        ("origin", "nrf", "too high"),
        ("origin", "nrf", "too low"),
        ("origin", "nrf", "too sure"),
        ("interest", "defender", "leaning"),
        *(("belief", name, error) for name in ("nrf-strength", "salang-blocked") for error in ("too high", "too low")),
    }


@pytest.mark.parametrize("factor", [1.5, 2.0, 3.0])
def test_weights_turn_the_old_draws_into_new_ones(factor: float) -> None:
    """Draws of a scenario with the claims divided: the mean ln strength and its spread agree within four errors."""
    ensemble = toy(few_men, campaigns=8000)
    made = ensemble.scenario
    claims = tuple(
        moved_claim(claim, made.beliefs[claim.target], math.log(factor)) if claim.target == "nrf-strength" else claim
        for claim in made.claims
    )
    changed = made.model_copy(update={"claims": claims}).model_dump_json(by_alias=True)
    new = np.log(drawn(changed, 8000, 2)[2]["nrf-strength"])
    old = np.log(ensemble.draws["belief:nrf-strength"].to_numpy())
    for key in (("origin", "nrf", "too high"), ("interest", "defender", "leaning")):
        weight = np.exp(weighed(ensemble)[key](factor))
        assert weight.mean() == pytest.approx(1, abs=4 * weight.std() / math.sqrt(8000))
        weight /= weight.sum()
        mean = float(weight @ old)
        error = math.hypot(math.sqrt(float(weight**2 @ (old - mean) ** 2)), new.std() / math.sqrt(8000))
        assert abs(mean - new.mean()) < 4 * error
        assert mean < old.mean() - 0.05
        assert float(weight @ (old - mean) ** 2) ** 0.5 == pytest.approx(new.std(), rel=0.15)


def test_a_whole_curve_that_is_too_high_is_moved_by_the_factor() -> None:
    ensemble = toy(few_men, campaigns=8000)
    old = np.log(ensemble.draws["belief:nrf-strength"].to_numpy())
    weight = np.exp(weighed(ensemble)["belief", "nrf-strength", "too high"](1.3))
    assert np.median(old) - float(weight @ old / weight.sum()) == pytest.approx(math.log(1.3), abs=0.12)


def test_odds_of_a_fact_are_moved_by_the_factor() -> None:
    ensemble = toy(few_men, campaigns=8000)
    true = ensemble.draws["belief:salang-blocked"].to_numpy()

    def odds(key: tuple[str, str, str]) -> float:
        weight = np.exp(weighed(ensemble)[key](3.0))
        p = float(weight @ true / weight.sum())
        return p / (1 - p)

    before = true.mean() / (1 - true.mean())
    assert odds(("belief", "salang-blocked", "too high")) == pytest.approx(before / 3, rel=0.1)
    assert odds(("belief", "salang-blocked", "too low")) == pytest.approx(before * 3, rel=0.1)
    # a single claim whose word counts three times too much: the same
    assert odds(("origin", "nrf", "too sure")) == pytest.approx(before / 3, rel=0.1)


def test_a_claim_is_moved_on_its_scale() -> None:
    made = synthetic.scenario()
    single, span = (moved_claim(claim, made.beliefs["nrf-strength"], math.log(2)) for claim in made.claims[:2])
    assert single.value == pytest.approx(3000)
    assert (span.value, span.low, span.high) == (None, pytest.approx(1000), pytest.approx(4500))


def test_a_crossing_lies_straight_between_two_factors() -> None:
    steps = np.log([1.0, 2.0, 4.0])
    assert _crossing(steps, np.array([0.2, 0.1, -0.1])) == pytest.approx(math.sqrt(8))
    assert _crossing(steps, np.array([0.2, 0.1, 0.1])) is None
    assert _crossing(steps, np.array([-0.1, 0.1, 0.1])) == 1.0


def test_calls() -> None:
    assert _band(0.5, "half") == (0.5, np.inf)
    assert _band(0.49, "half") == (-np.inf, 0.5)
    assert _band(0.3, "word") == (0.2, 0.45)
    assert _band(0.001, "word") == (-np.inf, 0.01)
    assert _band(0.995, "word") == (0.99, np.inf)


def test_a_source_that_flips_the_call_is_said_with_its_factor() -> None:
    found = tip(toy(few_men, campaigns=8000))
    assert found.said == "less likely than not"
    first = found.tips[0]
    assert (first.subject, first.id, first.error) == ("belief", "nrf-strength", "too high")
    assert first.factor is not None
    assert first.low is not None
    assert 1 < first.low <= first.factor < 3
    assert first.probability == pytest.approx(0.5, abs=1e-6)
    assert first.effective > FEWEST_EFFECTIVE
    said = f"The call flips if nrf-strength is {first.factor:.1f} times lower than thought or more ({first.low:.1f} to "
    assert first.says.startswith(said)
    road = next(row for row in found.tips if (row.id, row.error) == ("salang-blocked", "too high"))
    assert road.factor is None
    assert road.up_to == 10
    assert road.says == "No flip even if the odds of salang-blocked are 10 times lower than thought: 39 % becomes 40 %."


def test_nothing_is_said_beyond_the_campaigns_that_are_left() -> None:
    for row in tip(toy(few_men, campaigns=400)).tips:
        assert row.effective >= FEWEST_EFFECTIVE
        if row.factor is None and row.up_to < 10:
            assert row.says.endswith("too few campaigns are left to say.") or row.says.startswith("Too few campaigns")


def test_the_document_is_plain_data() -> None:
    json.dumps(tip(toy(few_men), call="word").document(), allow_nan=False)


def test_a_question_that_cannot_be_told_is_refused() -> None:
    with pytest.raises(AnalysisError, match="FS440  question 'food-out' is yes in 0 of 2000 campaigns"):
        tip(toy(few_men), question="food-out")
    assert tip(toy(few_men), question=FIRST).question == FIRST
