"""Leaders by hand: who is at risk, what a loss and an exile cost, what a successor brings back."""

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.events import LEADER_LEAVES, LEADER_LOST, SUCCESSION
from fastness.kernel.processes.leaders import assaulted, hopeless, leaders
from fastness.kernel.world import ABROAD, CAPTURED, DEAD, HERE, NOBODY

SURE = {
    "leader.loss": 1.0,
    "leader.taken": 0.0,
    "leader.shock": 0.4,
    "leader.succession": 0.0,
    "leader.exile": 1000.0,
    "leader.despair": 0.6,
    "leader.exile_shock": 0.5,
    "leader.exile_pause": 40.0,
}
CHIEF = {"name": "Chief", "side": "green", "standing": 0.5, "successor": 0.3}
HEAD = {"name": "Head", "side": "blue", "standing": 0.5}


def camp(parameters: dict[str, float] | None = None) -> Board:
    """Put a leader on each side, the defender's inside the stronghold."""
    places = [
        place("home", "blue"),
        place("a", None),
        place("b", "green"),
        place("target", "green", inside=True, district_of="Far"),
    ]
    return board(SURE | (parameters or {}), places=places, leaders={"chief": CHIEF, "head": HEAD})


def attack(here: Board, name: str, attacker: int, start: int, active: int = 1) -> None:
    """Put a place under assault, of three days."""
    now = here.state.engagement[here.place(name)]
    now.active, now.attacker, now.start, now.days, now.event = active, attacker, start, 3, NOBODY


def week(here: Board, first: int) -> None:
    """Play a week of leaders."""
    for day in range(first, first + 7):
        leaders(here.world, here.state, day, here.stream(day))


def kinds(here: Board) -> list[int]:
    return [here.state.event[k].kind for k in range(here.state.tally[0].events)]


def test_nobody_is_at_risk_without_an_assault() -> None:
    here = camp()
    week(here, 0)
    assert kinds(here) == []
    assert [row.status for row in here.state.leader] == [HERE, HERE]


def test_an_assault_threatens_leaders_in_the_stronghold_for_a_week() -> None:
    here = camp()
    attack(here, "b", BLUE, 10)
    assert assaulted(here.world, here.state, 11, GREEN) == NOBODY  # outside the stronghold
    attack(here, "target", BLUE, 10)
    assert assaulted(here.world, here.state, 11, GREEN) == here.place("target")
    assert assaulted(here.world, here.state, 11, BLUE) == NOBODY
    attack(here, "target", BLUE, 10, active=0)
    assert assaulted(here.world, here.state, 19, GREEN) == here.place("target")
    assert assaulted(here.world, here.state, 20, GREEN) == NOBODY


@pytest.mark.parametrize(("taken", "status"), [(0.0, DEAD), (1.0, CAPTURED)])
def test_a_loss_costs_cohesion_and_a_successor_brings_part_of_it_back(taken: float, status: int) -> None:
    here = camp({"leader.taken": taken})
    attack(here, "target", BLUE, 10)
    week(here, 10)
    chief = here.state.leader[here.compiled.names.leader["chief"]]
    assert chief.status == status
    assert kinds(here) == [LEADER_LOST]
    assert here.state.side[GREEN].cohesion == pytest.approx(1 - 0.4 * 0.5)
    assert here.value('leader_lost("chief")') == here.value('leadership_lost("green")') == 1.0
    week(here, 17)
    week(here, 24)
    assert kinds(here) == [LEADER_LOST, SUCCESSION]  # once
    assert here.state.side[GREEN].cohesion == pytest.approx(1 - 0.4 * 0.5 * (1 - 0.3))
    assert chief.status == status
    assert here.state.leader[here.compiled.names.leader["head"]].status == HERE


def test_a_side_that_has_lost_all_districts_or_its_will_loses_its_leaders_abroad() -> None:
    here = camp()
    assert not hopeless(here.world, here.state, GREEN)
    here.state.side[GREEN].given_up = 0.7
    assert hopeless(here.world, here.state, GREEN)
    here.state.side[GREEN].given_up = 0.0
    here.state.place[here.place("target")].holder = BLUE
    assert hopeless(here.world, here.state, GREEN)
    assert not hopeless(here.world, here.state, BLUE)
    week(here, 0)
    assert kinds(here) == [LEADER_LEAVES]
    assert here.state.leader[here.compiled.names.leader["chief"]].status == ABROAD
    assert here.state.side[GREEN].cohesion == pytest.approx(1 - 0.5 * 0.4 * 0.5)
    day = here.state.event[0].day
    assert here.state.side[GREEN].pause_until == pytest.approx(day + 40 * 0.5)
    assert here.value('leader_abroad("chief")') == 1.0


def test_after_a_settlement_leaders_are_safe() -> None:
    here = camp()
    here.state.affairs[0].settled = 1
    attack(here, "target", BLUE, 0)
    week(here, 0)
    assert kinds(here) == []
