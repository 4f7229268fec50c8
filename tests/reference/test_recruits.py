"""Recruits by hand: the ceiling of the groups, who draws whom, and what harm brings or keeps away."""

import math

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.processes.manpower import backlash, manpower, recruit, recruit_ceiling, recruits_expected
from fastness.kernel.processes.tally import count_all

BACKLASH = {
    "backlash.theta": 2.0,
    "backlash.selective": 1.0,
    "backlash.memory": 28.0,
    "backlash.ingroup": 0.2,
    "recruit.contagion": 0.0,
}


def town(parameters: dict[str, float] | None = None, **changes: object) -> Board:
    """Put 20,000 people at home under the besieger and as many at the target under the defender."""
    places = [
        place("home", "blue", population=20_000, sympathy=0.5),
        place("target", "green", population=20_000, sympathy=0.5, inside=True, district_of="Far"),
    ]
    forces = [{"id": "t", "side": "green", "place": "target", "fighters": 100}]
    return board(BACKLASH | (parameters or {}), **({"places": places, "routes": [], "forces": forces} | changes))


def test_harm_is_remembered_and_fades() -> None:
    here = town()
    cell = here.cell("home", BLUE)
    cell.harm, cell.singled = 10, 4.0
    manpower(here.world, here.state, 0, here.stream())
    kept = math.exp(-1 / 28)
    assert (cell.harm, cell.grievance, cell.singled) == (0, pytest.approx(10 * kept), pytest.approx(4 * kept))
    manpower(here.world, here.state, 1, here.stream(1))
    assert cell.grievance == pytest.approx(10 * kept * kept)


def test_each_death_brings_its_recruits_while_remembered() -> None:
    here = town()
    home = here.place("home")
    cell = here.cell("home", BLUE)
    cell.grievance, cell.singled = 12.0, 4.0
    assert backlash(here.world, here.state, home) == pytest.approx(7 / 28 * (2 * 8 + 1 * 4))
    expected = recruits_expected(here.world, here.state, home)
    assert expected == pytest.approx(5.0)  # nobody there has joined yet, and the defender raises no others there


def test_where_harm_cows_fewer_come_and_never_less_than_none() -> None:
    here = town({"backlash.theta": -1.0})
    target = here.place("target")
    plain = recruits_expected(here.world, here.state, target)
    here.cell("target", BLUE).grievance = 100.0
    assert recruits_expected(here.world, here.state, target) == pytest.approx(plain - 7 / 28 * 100 * 0.9)
    here.cell("target", BLUE).grievance = 100_000.0
    assert recruits_expected(here.world, here.state, target) == 0.0


def test_groups_set_the_ceiling_and_how_much_harm_weighs() -> None:
    groups = [
        {"id": "kin", "name": "Kin", "share": 0.5, "share_inside": 0, "affinity": 0.2, "kin": "blue"},
        {"id": "valley", "name": "Valley", "share": 0.5, "share_inside": 1, "affinity": 0.8},
    ]
    here = town(groups=groups)
    assert recruit_ceiling(here.world, here.state, here.place("home")) == pytest.approx(0.05 * 20_000 * 0.5)
    assert recruit_ceiling(here.world, here.state, here.place("target")) == pytest.approx(0.05 * 20_000 * 0.8)
    here.cell("home", BLUE).grievance = 4.0
    assert backlash(here.world, here.state, here.place("home")) == pytest.approx(7 / 28 * 8 * (0.5 * 0.2 + 0.5))


def test_those_who_joined_draw_others() -> None:
    here = town({"recruit.contagion": 0.001, "recruit.rate": 0.0})
    expected = recruits_expected(here.world, here.state, here.place("target"))
    assert expected == pytest.approx(7 * 0.001 * 900 * 100 / 1000, rel=0.01)
    here.cell("target", GREEN).fighters = 0
    assert recruits_expected(here.world, here.state, here.place("target")) == 0.0


def test_recruits_behind_the_besiegers_lines_hide() -> None:
    here = town()
    before = count_all(here.world, here.state)
    recruit(here.state, here.place("home"), 30)
    recruit(here.state, here.place("target"), 30)
    assert (here.cell("home", GREEN).guerrillas, here.cell("home", GREEN).fighters) == (30, 0)
    assert here.cell("target", GREEN).fighters == 130
    assert count_all(here.world, here.state) == before
