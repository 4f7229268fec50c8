"""Patrons by hand: the rate of aid, the way in, what a delivery books, an evacuation that aid endangers."""

import math
from typing import Any

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.corridor import deliver, way_in
from fastness.kernel.events import PATRON_AIDS, PATRON_RECOGNISES, PATRON_STOPS, RETALIATION
from fastness.kernel.processes.patrons import aid_rate, begins, patrons, viability, within_week
from fastness.kernel.processes.tally import balance
from fastness.kernel.world import NOBODY

PLAIN = {
    "patron.leaning": 0.0,
    "patron.cue": 0.5,
    "patron.viability": 2.0,
    "patron.news": 0.0,
    "patron.skill": 0.0,
    "patron.no_way": 1.0,
    "patron.opponent": 0.5,
    "patron.evacuation": 3.0,
    "patron.retaliation": 1000.0,
    "patron.stop": 0.0,
    "patron.lead": 1.0,
    "airlift.sortie_t": 1.5,
}
KIN = {
    "id": "kin",
    "name": "Kin",
    "motive": "kin",
    "favours": "green",
    "aid": 0.5,
    "through": "b",
    "aid_t_per_day": 2,
}
RATE = math.log(2) / 90


def map_with(*rows: dict[str, Any], parameters: dict[str, float] | None = None, **changes: object) -> Board:
    """Put patrons beside 100 men at the target and 50 at home."""
    forces = [
        {"id": "h", "side": "blue", "place": "home", "fighters": 50},
        {"id": "t", "side": "green", "place": "target", "fighters": 100},
    ]
    places = [
        place("home", "blue"),
        place("a", None),
        place("b", None),
        place("target", "green", inside=True, district_of="Far"),
    ]
    base = {"forces": forces, "places": places, "patrons": list(rows)}
    return board(PLAIN | (parameters or {}), **(base | changes))


def week(here: Board, first: int = 0) -> None:
    """Play a week of patrons."""
    for day in range(first, first + 7):
        patrons(here.world, here.state, day, here.stream(day))


def kinds(here: Board) -> list[int]:
    return [here.state.event[k].kind for k in range(here.state.tally[0].events)]


def test_the_rate_is_the_scenarios_and_moves_by_its_factors() -> None:
    rival = {"id": "rival", "name": "Rival", "motive": "trade", "recognises": "blue", "recognition": 0.1}
    window = {"w": {"name": "W", "until": "2001-05-10", "restrains": "blue", "why": "said"}}
    here = map_with(KIN | {"evacuates": True}, rival, windows=window)
    kin = here.compiled.names.patron["kin"]
    assert aid_rate(here.world, here.state, 30, kin) == pytest.approx(RATE)
    assert aid_rate(here.world, here.state, 5, kin) == pytest.approx(RATE * math.exp(-3))
    here.state.patron[here.compiled.names.patron["rival"]].recognises = 1
    assert aid_rate(here.world, here.state, 30, kin) == pytest.approx(RATE * math.exp(-0.5))
    here.state.place[here.place("target")].holder = BLUE
    assert viability(here.world, here.state, GREEN) == pytest.approx(-2.0)
    assert viability(here.world, here.state, BLUE) == pytest.approx(2.0)
    assert aid_rate(here.world, here.state, 30, kin) == pytest.approx(RATE * math.exp(-2.5))


def test_without_a_way_in_aid_is_less_likely() -> None:
    here = map_with(KIN)
    just = 0.9 * within_week(RATE)
    assert begins(here.world, here.state, 30, 0, just)
    here.state.place[here.place("b")].holder = BLUE
    assert not begins(here.world, here.state, 30, 0, just)
    assert begins(here.world, here.state, 30, 0, 0.9 * within_week(RATE * math.exp(-1)))


def test_the_way_in_follows_open_routes_over_ground_that_the_enemy_does_not_hold() -> None:
    here = map_with(KIN)
    target = here.place("target")
    assert way_in(here.world, here.state, 0) == target
    here.state.route[here.route("b-target")].shut = 1
    assert way_in(here.world, here.state, 0) == NOBODY
    here.state.route[here.route("b-target")].shut = 0
    here.state.route[here.route("b-target")].blocker = BLUE
    assert way_in(here.world, here.state, 0) == NOBODY
    here.state.route[here.route("b-target")].blocker = NOBODY
    here.state.place[here.place("b")].holder = BLUE
    assert way_in(here.world, here.state, 0) == NOBODY


def test_what_arrives_is_split_as_it_is_used_and_booked() -> None:
    here = map_with(KIN)
    here.cell("target", GREEN).shot = 0.15  # food 100 x 0.5 kg = 0.05 t, ammunition 0.15 t a day
    deliver(here.world, here.state, 0, 14.0)
    cell = here.cell("target", GREEN)
    assert (cell.food_t, cell.fuel_t, cell.ammunition_t) == pytest.approx((3.5, 0.0, 10.5))
    assert here.state.patron[0].sent_t == pytest.approx(14.0)
    balance(here.world, here.state, 0)
    assert here.state.tally[0].status == 0


def test_by_air_comes_what_usable_aircraft_carry() -> None:
    here = map_with(KIN | {"by_air": True})
    here.state.place[here.place("b")].holder = BLUE
    assert way_in(here.world, here.state, 0) == NOBODY
    here.state.side[GREEN].flying = 1
    assert way_in(here.world, here.state, 0) == here.place("target")
    deliver(here.world, here.state, 0, 14.0)
    assert here.state.patron[0].sent_t == pytest.approx(7 * 1.5)


def test_aid_begins_flows_and_stops() -> None:
    here = map_with(KIN | {"aid": 1})
    here.state.patron[0].aid_hazard = 1000.0
    week(here)
    assert kinds(here) == [PATRON_AIDS]
    assert here.value('aided("green")') == here.value('aids("kin")') == 1.0
    assert here.state.patron[0].sent_t == pytest.approx(14.0)
    week(here, 7)
    assert here.state.patron[0].sent_t == pytest.approx(28.0)
    here.state.par[0].patron_stop = 1000.0
    week(here, 14)
    assert kinds(here) == [PATRON_AIDS, PATRON_STOPS]
    assert here.state.patron[0].sent_t == pytest.approx(28.0)


def test_aid_to_the_besieger_comes_in_at_its_home() -> None:
    here = map_with({"id": "p", "name": "P", "motive": "m", "favours": "blue", "aid": 0.5, "aid_t_per_day": 1})
    deliver(here.world, here.state, 0, 7.0)
    assert here.cell("home", BLUE).food_t + here.cell("home", BLUE).ammunition_t == pytest.approx(7.0)


def test_aid_while_the_evacuation_runs_provokes_retaliation_and_ends_it() -> None:
    window = {"w": {"name": "W", "until": "2001-05-20", "restrains": "blue", "why": "said"}}
    here = map_with(KIN, windows=window)
    here.state.patron[0].aid_hazard = 1000.0
    week(here)
    assert kinds(here) == [PATRON_AIDS, RETALIATION]
    assert here.state.affairs[0].disrupted == 1
    assert here.state.window[0].until == here.state.event[1].day
    later = map_with(KIN, windows=window)
    later.state.patron[0].aid_hazard = 1000.0
    week(later, 21)  # the window is over
    assert kinds(later) == [PATRON_AIDS]


def test_a_follower_recognises_after_its_leader() -> None:
    first = {"id": "first", "name": "First", "motive": "m", "recognises": "green", "recognition": 0.5}
    here = map_with(first, first | {"id": "second", "name": "Second", "follows": "first"})
    here.state.patron[here.compiled.names.patron["first"]].recognise_hazard = 1000.0
    week(here)
    assert kinds(here) == [PATRON_RECOGNISES]
    assert here.value('recognised("first")') == 1.0


def test_leanings_leave_the_mean_rate_and_followers_lean_with_their_leader() -> None:
    sd = 0.8
    rows = [KIN, KIN | {"id": "led", "name": "Led", "follows": "kin"}]
    here = map_with(*rows, parameters={"patron.leaning": sd, "patron.cue": 1.0})
    names = here.compiled.names.patron
    leader, follower = (here.state.patron[names[name]].leaning for name in ("kin", "led"))
    assert leader == pytest.approx(follower)  # at full correlation
    loose = map_with(*rows, parameters={"patron.leaning": sd, "patron.cue": 0.0})
    assert loose.state.patron[names["led"]].leaning != pytest.approx(leader)
    assert loose.state.patron[names["kin"]].leaning == pytest.approx(leader)


def test_after_a_settlement_no_aid_begins() -> None:
    here = map_with(KIN)
    here.state.patron[0].aid_hazard = 1000.0
    here.state.affairs[0].settled = 1
    week(here)
    assert kinds(here) == []
