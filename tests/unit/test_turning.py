"""Turning points: a decisive event is found on its day, P is calibrated, and dates and intervals are as defined."""

import json
from datetime import date

import numpy as np
import pytest

from fastness.analysis.turning import indicators, last_day, sequential, stays, turning
from fastness.ensemble import Ensemble
from fastness.errors import AnalysisError
from fastness.reporting.build import _environment
from fastness.reporting.turning import turning_section
from fastness.scenario.model import Question

START = date(2021, 8, 27)


def question(**when: str) -> Question:
    return Question.model_validate({"ask": "Does it?", "holds": 'holder("a") == "b"', **when})


def test_the_last_day_of_a_question() -> None:
    assert last_day(question(by="2021-09-06"), START, 100) == 10
    assert last_day(question(before="2021-09-06"), START, 100) == 9
    assert last_day(question(on="2021-09-06"), START, 100) == 10


def test_what_stays_holds_to_the_end() -> None:
    above = np.array([[True, True], [True, False], [False, True], [True, True]])
    assert stays(above).tolist() == [[False, False], [False, False], [False, True], [True, True]]


def test_a_decisive_event_is_found_when_it_happens_and_not_before() -> None:
    """One feature becomes the outcome at look 5; until then everything is noise."""
    rng = np.random.default_rng(1)
    looks, campaigns = 10, 1000
    yes = rng.random(campaigns) < 0.3
    state = rng.normal(size=(looks, campaigns, 12))
    state[:, :, 3] = 0.0
    state[5:, :, 3] = np.where(yes, 1.5, -0.7)
    path = sequential(state, yes, np.zeros((looks, campaigns), dtype=bool))
    assert path[0] == pytest.approx(yes.mean())
    assert np.abs(path[1:5] - yes.mean()).max() < 0.25
    assert path[5:, yes].min() > 0.9
    assert path[5:, ~yes].max() < 0.1


def test_a_walk_that_is_read_off_is_calibrated() -> None:
    """The outcome is drawn from the last value of a random walk: ten bins of P, each within 4 standard errors.

    Over ten bins, of which nine or ten hold campaigns, that fails by chance once in a thousand times.
    """
    rng = np.random.default_rng(2)
    looks, campaigns = 8, 4000
    walk = np.cumsum(rng.normal(size=(looks, campaigns)), axis=0)
    yes = rng.random(campaigns) < 1 / (1 + np.exp(-walk[-1]))
    state = np.concatenate([walk[:, :, None] / 2, rng.normal(size=(looks, campaigns, 20))], axis=2)
    path = sequential(state, yes, np.zeros((looks, campaigns), dtype=bool))
    p = path[-1]
    truth = 1 / (1 + np.exp(-walk[-1]))
    assert np.abs(p - truth).mean() < 0.05
    for low in np.arange(0, 1, 0.1):
        mine = (p >= low) & (p < low + 0.1)
        if mine.sum() >= 20:
            error = np.sqrt(p[mine].mean() * (1 - p[mine].mean()) / mine.sum())
            assert abs(yes[mine].mean() - p[mine].mean()) < 4 * error + 0.02


def test_a_decided_campaign_has_its_outcome() -> None:
    yes = np.array([True] * 30 + [False] * 30)
    settled = np.zeros((3, 60), dtype=bool)
    settled[2] = True
    path = sequential(np.zeros((3, 60, 2)), yes, settled)
    assert path[2].tolist() == yes.astype(float).tolist()


def test_the_turning_points_of_a_run(harrow: Ensemble) -> None:
    (found,) = turning(harrow, [next(iter(harrow.scenario.questions))])
    assert found.brier < found.brier_base
    assert np.all(np.diff(found.sure_yes) >= 0)
    assert np.all(np.diff(found.sure_no) >= 0)
    assert found.sure_yes[-1] + found.sure_no[-1] == pytest.approx(1.0)
    assert found.sure_yes[-1] == pytest.approx(found.probability, abs=1e-4)
    weeks = sum(each.weeks for each in found.calibration)
    gap = sum(each.weeks * abs(each.mean - each.observed) for each in found.calibration) / weeks
    assert gap < 0.05
    for move in found.moves:
        assert move.low <= move.change <= move.high
        assert move.low > 0 or move.high < 0
        assert move.campaigns >= 40
    assert all(move.decides < 0.8 for move in indicators(found))
    json.dumps(found.document())


def test_the_fall_of_the_hold_moves_its_standing_down(harrow: Ensemble) -> None:
    found = turning(harrow, [next(iter(harrow.scenario.questions))])[0]
    fall = next(move for move in found.moves if move.text == "Harrow Hold falls to Ring")
    assert fall.after < 0.15 < fall.before


def test_questions_that_cannot_be_told(harrow: Ensemble) -> None:
    first = next(iter(harrow.scenario.questions))
    with pytest.raises(AnalysisError) as unknown:
        turning(harrow, [first + "x"])
    assert str(unknown.value) == f"FS401  no question '{first}x'; did you mean '{first}'?"
    settled = harrow.outcomes.assign(**{first: -1})
    copy = type(harrow)(harrow.path, harrow.manifest)
    copy.__dict__.update(outcomes=settled, scenario=harrow.scenario)
    with pytest.raises(AnalysisError) as fault:
        turning(copy, [first])
    assert str(fault.value) == (
        f"FS455  '{first}' has 0 campaigns with yes and 300 with no; turning points need 20 of each; "
        "run more campaigns, or ask of another question"
    )
    assert first not in [each.question for each in turning(copy)]


def test_the_reports_section_shows_figures_events_and_stories(harrow: Ensemble) -> None:
    section, moves, stories = turning_section(harrow)
    assert section is not None
    assert [card.id for card in section.cards] == ["turning-courses", "turning-sure"]
    assert moves[0].bar[0] <= moves[0].bar[2] <= moves[0].bar[1]
    page = _environment().get_template("turning.html.j2").render(moves=moves, stories=stories)
    assert page.count("<details") == len(stories) == 3
    assert page.count("<tr>") >= len(moves)
    assert "Harrow Gate falls to Ring" in page
