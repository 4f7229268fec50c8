"""Giving up by hand: what presses, when it tips, who goes home, who goes over and with what."""

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.events import MEN_CHANGE_SIDES, SIDE_DISSOLVES
from fastness.kernel.processes.defection import (
    begin_anew,
    change_sides,
    defection,
    enemy_in_reach,
    give_up,
    pressure_on,
)
from fastness.kernel.processes.tally import count_all
from fastness.kernel.world import NOBODY

PAR = {
    "defection.margin": 0.1,
    "defection.sd": 0.1,
    "defection.step": 1,
    "defection.idle": 0.25,
    "defection.despair": 0.4,
    "defection.hunger": 0.2,
    "defection.outnumbered": 0.1,
    "defection.offer": 0.2,
    "defection.estranged": 0.3,
    "defection.reprisal": 0.1,
    "switch.most": 1,
    "switch.cost": -100,
    "switch.survival": 0.5,
    "retreat.taken": 0,
}


def valley(parameters: dict[str, float] | None = None, **changes: object) -> Board:
    """Put 300 of Blue in the west and 100 of Green at the target next door, people with both."""
    places = [place("west", "blue", population=1000), place("target", "green", inside=True, population=1000)]
    sides = {
        "green": {"name": "Green", "role": "defender", "home": "target"},
        "blue": {"name": "Blue", "role": "besieger", "home": "west"},
    }
    forces = [
        {"id": "w", "side": "blue", "place": "west", "fighters": 300},
        {"id": "t", "side": "green", "place": "target", "fighters": 100, "vehicles": 20, "armour": 4, "aircraft": 3},
    ]
    written = {"places": places, "sides": sides, "forces": forces, "routes": [route("west", "target")]} | changes
    return board(PAR | (parameters or {}), **written)


def test_pressure_adds_what_men_see_and_fear() -> None:
    here = valley()
    own = here.state.side[GREEN]
    calm = 0.1 * 0.75 - 0.1  # outnumbered three to one, an enemy as harsh as usual
    assert own.borne == pytest.approx(calm)
    own.cohesion = 0.5
    here.cell("target", GREEN).fed = 0.25
    here.state.affairs[0].talking, here.state.affairs[0].offered = 1, 0.5
    assert pressure_on(here.world, here.state, GREEN) == pytest.approx(calm + 0.4 * 0.5 + 0.2 * 0.75 + 0.2 * 0.5)
    assert pressure_on(here.world, here.state, BLUE) == pytest.approx(0.1 * 0.25 - 0.1)


def test_a_side_that_stood_stands_until_it_tips() -> None:
    here = valley({"switch.most": 0})
    for day in range(50):
        defection(here.world, here.state, day, here.stream(day))
    assert here.cell("target", GREEN).fighters == 100
    assert here.state.side[GREEN].given_up == 0
    here.state.side[GREEN].cohesion = 0.79  # pressure 0.084, short of the margin
    for day in range(50):
        defection(here.world, here.state, day, here.stream(day))
    assert 0 < here.state.side[GREEN].given_up < 0.1
    here.state.side[GREEN].cohesion = 0.5  # 0.2, twice the margin
    for day in range(8):
        defection(here.world, here.state, day, here.stream(day))
    kinds = [here.state.event[k].kind for k in range(here.state.tally[0].events)]
    assert kinds == [SIDE_DISSOLVES]
    assert here.cell("target", GREEN).fighters <= 30
    assert here.cell("west", BLUE).fighters == 300


def test_of_those_who_give_up_some_stay_idle_and_the_rest_go_over_or_home() -> None:
    for most, home, joined in ((1.0, 0, 30), (0.0, 30, 0)):
        here = valley({"switch.most": most, "defection.told": 20})
        before = count_all(here.world, here.state)
        give_up(here.world, here.state, 3, here.stream(), GREEN, 0.4)
        assert here.cell("target", GREEN).fighters == 70  # 40 of 100 less the quarter that stays
        assert here.state.side[GREEN].given_up == 0.4
        assert here.state.side[GREEN].defected == joined
        assert here.cell("west", BLUE).fighters == 300 + joined
        assert here.state.side[GREEN].deserted == home
        assert count_all(here.world, here.state) == before
        kinds = [here.state.event[k].kind for k in range(here.state.tally[0].events)]
        assert kinds == ([MEN_CHANGE_SIDES] if joined else [])


def test_a_second_wave_counts_only_those_who_still_fight() -> None:
    here = valley({"switch.most": 0})
    give_up(here.world, here.state, 3, here.stream(), GREEN, 0.4)
    give_up(here.world, here.state, 3, here.stream(), GREEN, 0.7)
    # of 100: 60 still fought, half of them give up, a quarter of these stays: 70 - 22.5
    assert here.cell("target", GREEN).fighters in (47, 48)


def test_they_bring_half_of_their_share_of_the_kit_and_no_aircraft() -> None:
    here = valley()
    target, west = here.place("target"), here.place("west")
    before = count_all(here.world, here.state)
    change_sides(here.state, here.stream(), 1, 0, target, west, GREEN, 50)
    assert (here.cell("west", BLUE).vehicles, here.cell("target", GREEN).vehicles) == (5, 15)
    assert (here.cell("west", BLUE).armour, here.cell("target", GREEN).armour) == (1, 3)
    assert here.cell("target", GREEN).aircraft == 3
    assert (here.cell("west", BLUE).fighters, here.cell("target", GREEN).fighters) == (350, 50)
    assert count_all(here.world, here.state) == before


def test_nobody_goes_over_where_no_road_is_open() -> None:
    here = valley()
    target = here.place("target")
    assert enemy_in_reach(here.world, here.state, target, GREEN) == here.place("west")
    here.state.route[here.route("west-target")].blocker = BLUE
    assert enemy_in_reach(here.world, here.state, target, GREEN) == NOBODY
    give_up(here.world, here.state, 3, here.stream(), GREEN, 0.4)
    assert here.state.side[GREEN].defected == 0
    assert here.state.side[GREEN].deserted == 30
    here.cell("target", BLUE).fighters = 5  # an enemy within the place needs no road
    assert enemy_in_reach(here.world, here.state, target, GREEN) == target


def test_both_sides_can_tip() -> None:
    here = valley()
    give_up(here.world, here.state, 3, here.stream(), BLUE, 0.4)
    assert (here.cell("target", GREEN).fighters, here.state.side[BLUE].defected) == (190, 90)


def test_after_a_cascade_who_is_left_has_borne_it() -> None:
    here = valley({"switch.most": 0})
    own = here.state.side[GREEN]
    give_up(here.world, here.state, 3, here.stream(), GREEN, 0.6)
    own.pressure = 0.5
    begin_anew(here.world, here.state, here.stream(), GREEN)
    assert here.cell("target", GREEN).fighters in (39, 40, 41)  # the idle have gone too
    assert (own.given_up, own.borne) == (0, 0.5)
