"""Processes that are switched off: the others play on with the same luck, and the books still balance."""

from pathlib import Path

import numpy as np
import pytest
from board import document, place, route

from fastness.compile import Names
from fastness.ensemble import Progress, replay, resume, simulate
from fastness.ensemble.play import play_batch
from fastness.errors import CODES, RunError
from fastness.kernel.day import ALWAYS, DAY
from fastness.scenario.model import Scenario

SEED, CAMPAIGNS = 7, 3
SWITCHED = [process.__name__ for process in DAY if process.__name__ not in ALWAYS]


@pytest.fixture(scope="module")
def siege() -> str:
    """Write a siege in which much happens: an assault on people who eat, over a road that snow shuts now and then."""
    force = {"quality": 1.0}
    pass_ = route("target", "far", kind="track", season="winter", highest_point_m=4_400)
    written = document(
        clock={"start": "2001-01-01", "end": "2001-03-31", "as_of": "2001-01-01"},
        places=[
            place("home", "blue", population=50_000, unrest=0.3, sympathy=0.2),
            place("a", None, population=2_000),
            place("b", None),
            place("target", "green", population=20_000, food_days=20, sympathy=0.7, inside=True, district_of="Far"),
            place("far", None),
        ],
        routes=[route("home", "a"), route("a", "b"), route("b", "target"), pass_],
        forces=[
            force | {"id": "garrison", "side": "green", "place": "target", "fighters": 1_500},
            force | {"id": "army", "side": "blue", "place": "home", "fighters": 6_000, "vehicles": 100},
        ],
        plans={"blue": [{"intent": "take it", "orders": {"assault": "target", "axes": ["b", "a", "home"]}}]},
        questions={"falls": {"ask": "Does it fall?", "holds": 'holder("target") == "blue"', "by": "2001-03-31"}},
    )
    return Scenario.model_validate(written).model_dump_json(by_alias=True)


def test_what_is_left_out_is_a_process_of_the_day() -> None:
    assert set(ALWAYS) < {process.__name__ for process in DAY}


@pytest.mark.parametrize("name", SWITCHED)
def test_without_any_one_process_campaigns_balance_to_their_end(siege: str, name: str) -> None:
    played = play_batch(siege, SEED, 0, CAMPAIGNS, without=(name,)).arrays
    assert played["status"].tolist() == [0] * CAMPAIGNS


def test_without_movement_nobody_comes_beyond_the_next_place(siege: str) -> None:
    whole = play_batch(siege, SEED, 0, CAMPAIGNS).arrays
    still = play_batch(siege, SEED, 0, CAMPAIGNS, without=("movement",)).arrays
    places = Names(Scenario.model_validate_json(siege)).place
    b, target = places["b"], places["target"]
    assert (whole["holder"][:, -1, b] == 1).any()
    assert (still["holder"][:, :, b] != 1).all()
    assert (still["holder"][:, :, target] == 0).all()
    assert (still["question"] == -1).all()


def test_the_others_draw_the_same_luck(siege: str) -> None:
    """Inputs are those of the run with everything, and the weather of every day as well."""
    whole = play_batch(siege, SEED, 0, CAMPAIGNS).arrays
    still = play_batch(siege, SEED, 0, CAMPAIGNS, without=("movement", "combat")).arrays
    assert np.array_equal(whole["parameter"], still["parameter"])
    assert np.array_equal(whole["open"], still["open"])
    assert (whole["open"] == 0).any()  # snow


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("movment", "no process 'movment' to switch off; did you mean 'movement'?"),
        ("sorcery", "the model has breadth, calendar,"),
        ("tally", "no campaign can do without the process 'tally': it keeps the books"),
    ],
)
def test_what_cannot_be_switched_off_is_refused(siege: str, tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(RunError, match="FS207") as refused:
        simulate(Scenario.model_validate_json(siege), campaigns=1, without=("combat", name), out=tmp_path / "run")
    assert said in str(refused.value)
    assert "FS207" in CODES
    assert not (tmp_path / "run").exists()


def test_a_run_remembers_what_it_does_without(siege: str, tmp_path: Path) -> None:
    """Interrupted before its first campaign, it goes on without the same processes, and so does a replay."""

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    scenario = Scenario.model_validate_json(siege)
    without = ("movement", "combat")
    with pytest.raises(KeyboardInterrupt):
        simulate(scenario, campaigns=2, seed=SEED, without=without, out=tmp_path / "run", progress=interrupt)
    run = resume(tmp_path / "run", threads=1)
    assert run.manifest["without"] == ["combat", "movement"]
    direct = play_batch(siege, SEED, 0, 2, without=("combat", "movement")).arrays
    assert len(run.events) == len(direct["event"])
    assert len(replay(run, 1).events) == direct["event_count"][1]
    assert len(run.events) != len(play_batch(siege, SEED, 0, 2).arrays["event"])
