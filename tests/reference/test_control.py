"""Control and violence by hand: who is killed is counted, remembered and told; the zone follows force."""

import math

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.control_zones import bounded_zone, lean
from fastness.kernel.processes.control import armed_there, control, exposure, kill
from fastness.kernel.processes.tally import count_all
from fastness.kernel.state import State

CONTROL = {
    "control.step": 0.5,
    "control.force": 1.0,
    "control.legitimacy": 2.0,
    "control.season": 1.0,
    "control.presence": 0.001,
    "violence.rate": 0.001,
    "violence.indiscriminate": 0.5,
    "violence.told": 10,
}
HARSH = {"blue": [{"intent": "cow", "orders": {"harsh": 3, "hold": {"home": 1}}}]}


def town(parameters: dict[str, float] | None = None, **changes: object) -> Board:
    """Put 20,000 restless people under 59 men of the besieger at home."""
    places = [place("home", "blue", population=20_000, sympathy=0.5, unrest=0.5), place("target", "green")]
    forces = [{"id": "h", "side": "blue", "place": "home", "fighters": 59}]
    return board(CONTROL | (parameters or {}), **({"places": places, "routes": [], "forces": forces} | changes))


def test_control_leans_to_force_and_to_the_accepted_holder() -> None:
    here = town()
    home = here.place("home")
    force = math.log(20 / 79)  # 0.001 of 20,000 people are not felt on either side
    assert here.state.place[home].legitimacy == 0.5
    assert lean(here.state, home, 1.0) == pytest.approx(force)
    here.state.place[home].legitimacy = 1.0
    assert lean(here.state, home, 1.0) == pytest.approx(force - 2)
    assert lean(here.state, home, 1.5) == pytest.approx(force - 2 + 0.5)
    here.state.place[home].holder = GREEN
    assert lean(here.state, home, 1.5) == pytest.approx(force + 2 - 0.5)
    here.cell("home", GREEN).guerrillas = 59
    here.state.place[home].holder = -1
    assert lean(here.state, home, 1.5) == pytest.approx(0.0)


def test_a_holder_with_enough_men_keeps_its_half() -> None:
    here = town()
    home = here.place("home")
    here.cell("home", BLUE).fighters = 0
    assert bounded_zone(here.state, home, 5) == 4
    here.cell("home", BLUE).fighters = 20_000
    assert bounded_zone(here.state, home, 5) == 3
    here.state.place[home].holder = GREEN
    assert bounded_zone(here.state, home, 1) == 2
    here.cell("home", GREEN).fighters = 20_000
    assert bounded_zone(here.state, home, 1) == 3
    here.state.place[home].holder = -1
    assert bounded_zone(here.state, home, 1) == 1


def test_the_killed_are_counted_remembered_and_told() -> None:
    here = town()
    home = here.place("home")
    before = count_all(here.world, here.state)
    here.state.place[home].zone = 2
    kill(here.world, here.state, 5, here.stream(), home, BLUE)
    # 7 days, 0.001 of 20,000 people at half unrest: 70; 0.6 singled out, 0.5 of a quarter struck blindly
    spot, cell = here.state.place[home], here.cell("home", BLUE)
    assert cell.singled == 42
    assert spot.killed == cell.harm
    assert cell.harm - cell.singled in (8, 9)
    assert spot.people == 20_000 - spot.killed
    assert here.state.tally[0].events == 1
    assert here.state.event[0].amount == spot.killed
    assert count_all(here.world, here.state) == before


def test_harsh_orders_multiply() -> None:
    here, hard = town(), town(plans=HARSH)
    assert exposure(here.world, here.state, here.place("home"), BLUE) == pytest.approx(70)
    hard.state.side[BLUE].active = 0
    assert exposure(hard.world, hard.state, hard.place("home"), BLUE) == pytest.approx(210)


def test_only_who_is_there_kills() -> None:
    here = town()
    home = here.place("home")
    assert armed_there(here.state, home, BLUE)
    assert not armed_there(here.state, home, GREEN)
    here.cell("home", GREEN).guerrillas = 1
    assert armed_there(here.state, home, GREEN)
    here.cell("home", GREEN).guerrillas = 0
    here.state.engagement[home].active = 1
    assert armed_there(here.state, home, GREEN)


def zones(here: Board, weeks: int) -> State:
    """Play some weeks of this process alone."""
    for day in range(7 * weeks):
        control(here.world, here.state, day % 60, here.stream(day))
    return here.state


def test_a_strong_garrison_gains_control_and_calm_people_are_spared() -> None:
    here = town({"violence.rate": 0.0})
    here.cell("home", BLUE).fighters = 2_000
    home = here.place("home")
    here.state.place[home].zone = 3
    assert zones(here, 60).place[home].zone == 1
    assert here.state.place[home].killed == 0


def test_guerrillas_win_control_of_a_place_left_alone() -> None:
    here = town({"violence.rate": 0.0})
    home = here.place("home")
    here.cell("home", BLUE).fighters = 0
    here.cell("home", GREEN).guerrillas = 2_000
    assert zones(here, 60).place[home].zone >= 3
