"""Aircraft by hand: crews, wear, what keeps them on the ground, what a day of flying costs."""

import math

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.events import AIRCRAFT_STRIKE
from fastness.kernel.processes.materiel import find_crews, make_ready, materiel, wear
from fastness.kernel.processes.tally import count_all

PAR = {
    "crews.mean": 20,
    "crews.ratio": 1.5,
    "serviceable.start": 0.5,
    "serviceable.decay": 0.01,
    "serviceable.patron": 0.25,
    "flight.fuel": 2,
    "flight.loss": 0,
}


def base(airfield: bool = False, helicopters: float = 0.25, **changes: object) -> Board:
    """Put 40 aircraft of Blue at its home, a quarter of them helicopters."""
    places = [place("home", "blue", airfield=airfield), place("target", "green", inside=True)]
    sides = {
        "green": {"name": "Green", "role": "defender", "home": "target", "pilots": 0},
        "blue": {"name": "Blue", "role": "besieger", "home": "home", "helicopters": helicopters},
    }
    forces = [{"id": "w", "side": "blue", "place": "home", "fighters": 100, "aircraft": 40}]
    stocks = [{"id": "f", "side": "blue", "place": "home", "fuel_t": 1000}]
    written = {"places": places, "sides": sides, "forces": forces, "stocks": stocks, "routes": []} | changes
    return board(PAR, **written)


def test_aeroplanes_need_an_airfield_and_helicopters_do_not() -> None:
    for airfield, flying in ((True, 20), (False, 5)):
        here = base(airfield)
        here.state.side[BLUE].crews = 100
        make_ready(here.world, here.state, BLUE)
        assert here.state.side[BLUE].flying == flying  # half of all, half of the ten helicopters
        assert here.cell("home", BLUE).flying == flying


def test_the_scarcest_of_airframes_crews_and_fuel_decides() -> None:
    here = base(True)
    own = here.state.side[BLUE]
    own.crews = 4
    make_ready(here.world, here.state, BLUE)
    assert own.flying == 6  # 4 crews, one and a half aircraft each
    here.cell("home", BLUE).fuel_t = 7.0
    make_ready(here.world, here.state, BLUE)
    assert own.flying == 3  # 7 t at 2 t each
    assert here.cell("home", BLUE).flying == 3.5


def test_without_pilots_nothing_flies_and_crews_scatter_about_their_mean() -> None:
    here = base(True)
    assert here.state.side[GREEN].crews == 0
    here.state.side[BLUE].pilots = 0
    here.state.side[BLUE].crews = 0
    find_crews(here.world, here.state, BLUE, here.stream())
    assert (here.state.side[BLUE].crews, here.state.side[BLUE].flying) == (0, 0)
    here.state.side[BLUE].pilots = 1
    drawn = []
    for day in range(4000):
        find_crews(here.world, here.state, BLUE, here.stream(day))
        drawn.append(here.state.side[BLUE].crews)
    mean = sum(drawn) / len(drawn)
    variance = sum((crews - mean) ** 2 for crews in drawn) / len(drawn)
    assert mean == pytest.approx(20, abs=4 * math.sqrt(variance / len(drawn)))
    assert variance > 2 * mean  # wider than a Poisson number


def test_aircraft_wear_out_and_a_patron_slows_it() -> None:
    here = base(True)
    here.state.side[BLUE].crews = 100
    for day in range(10):
        materiel(here.world, here.state, day, here.stream(day))
    assert here.state.side[BLUE].serviceable == pytest.approx(0.5 * math.exp(-0.1))
    patron = {"id": "p", "name": "Patron", "motive": "Kin", "favours": "blue", "through": "home", "aid_t_per_day": 1}
    helped = base(True, patrons=[patron])
    assert wear(helped.world, helped.state, BLUE) == 0.01
    helped.state.patron[0].aiding = 1
    assert wear(helped.world, helped.state, BLUE) == 0.0025


def test_a_day_of_fighting_burns_fuel_costs_aircraft_and_is_told_once_a_week() -> None:
    here = base(True)
    here.state.par[0].flight_loss = 0.1
    own, cell = here.state.side[BLUE], here.cell("home", BLUE)
    own.crews = 100
    make_ready(here.world, here.state, BLUE)
    before = count_all(here.world, here.state)
    own.fights = 1
    materiel(here.world, here.state, 1, here.stream(1))
    assert own.flown_days == 1
    assert cell.fuel_t == 1000 - 2 * 20
    assert here.state.tally[0].stock_out == 2 * 20
    assert (cell.aircraft, own.crews) == (38, 98)  # a tenth of the twenty that flew
    assert here.state.tally[0].equipment_lost == 2
    assert count_all(here.world, here.state) == (before[0], before[1] - 2)
    for day in range(2, 8):
        materiel(here.world, here.state, day, here.stream(day))
    kinds = [here.state.event[k].kind for k in range(here.state.tally[0].events)]
    assert kinds == [AIRCRAFT_STRIKE]
    assert own.flown_days == 7
    own.fights = 0
    materiel(here.world, here.state, 8, here.stream(8))
    assert own.flown_days == 7
