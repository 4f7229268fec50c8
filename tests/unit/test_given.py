"""Campaigns played at given inputs and luck are those of a run, in any order and as far as asked."""

import numpy as np
import pytest

from fastness.ensemble import Ensemble, simulate
from fastness.ensemble.given import Inputs, inputs_of, play_at
from fastness.scenario import load


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Play a small run of the lesson."""
    return simulate(load("harrow-hold"), campaigns=120, seed=9, out=tmp_path_factory.mktemp("runs") / "harrow")


def document(run: Ensemble) -> str:
    return (run.path / "scenario.resolved.json").read_text(encoding="utf-8")


def test_any_order_gives_the_campaigns_of_the_run(run: Ensemble) -> None:
    order = np.random.default_rng(1).permutation(120)
    played = play_at(document(run), 9, inputs_of(document(run), 9, 120).take(order))
    questions = run.outcomes[list(run.scenario.questions)].to_numpy()[order]
    assert (played["question"] == questions).all()
    beliefs = run.draws[[f"belief:{name}" for name in run.scenario.beliefs]].to_numpy()[order]
    assert (played["belief"] == beliefs).all()


def test_played_for_some_days_it_is_the_same_campaign_so_far(run: Ensemble) -> None:
    inputs = inputs_of(document(run), 9, 30)
    whole = play_at(document(run), 9, inputs, keep=("fighters", "question"))
    some = play_at(document(run), 9, inputs, keep=("fighters", "question"), days=40)
    assert (some["fighters"][:40] == whole["fighters"][:40]).all()
    assert (some["fighters"][40:] == 0).all()
    assert (some["question"] == np.where(whole["question"] < 40, whole["question"], -1)).all()


def test_inputs_and_luck_are_apart(run: Ensemble) -> None:
    """The same inputs with other luck draw the same beliefs and live another life."""
    inputs = inputs_of(document(run), 9, 50)
    other = Inputs(inputs.names, inputs.uniforms, inputs.luck + 1000)
    one, two = (play_at(document(run), 9, each, keep=("belief", "parameter", "fighters")) for each in (inputs, other))
    assert (one["belief"] == two["belief"]).all()
    assert (one["parameter"] == two["parameter"]).all()
    assert not (one["fighters"] == two["fighters"]).all()


def test_progress_counts_every_campaign(run: Ensemble) -> None:
    counted: list[int] = []
    play_at(document(run), 9, inputs_of(document(run), 9, 120), days=2, progress=counted.append)
    assert sum(counted) == 120
