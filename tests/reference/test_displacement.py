"""Flight by hand: who leaves, where to, past whom, and who comes home; nobody appears or vanishes."""

import pytest
from board import BLUE, Board, board, place, route

from fastness.kernel.events import PEOPLE_FLEE
from fastness.kernel.flight import doublings, go_home, leave
from fastness.kernel.processes.displacement import come_home, displacement, flee, leaving_share, quiet
from fastness.kernel.processes.tally import count_all

ROUND = {
    "displacement.assault": 0.5,
    "displacement.unheld": 0.01,
    "displacement.hunger": 0.2,
    "displacement.hungry_kcal": 1500,
    "displacement.distance": 1,
    "displacement.let_through": 0.25,
    "displacement.return": 0.1,
    "displacement.quiet_days": 14,
    "displacement.told": 1000,
}


def valley(**changes: object) -> Board:
    """Put 10,000 people under assault between 60,000 at 30 km and 10,000 at 10 km."""
    places = [
        place("home", "blue", population=60_000),
        place("target", "green", inside=True, population=10_000),
        place("near", "blue", population=10_000),
    ]
    routes = [route("home", "target", length_km=30), route("near", "target")]
    return board(ROUND, **({"places": places, "routes": routes} | changes))


def assaulted(here: Board) -> None:
    """Begin an assault on the target on day 3."""
    now = here.state.engagement[here.place("target")]
    now.active, now.days, now.start, now.attacker, now.event = 1, 5, 3, BLUE, 17


def people(here: Board) -> list[int]:
    """Return the people at home, at the target and near it."""
    return [here.state.place[here.place(name)].people for name in ("home", "target", "near")]


def test_nobody_leaves_a_quiet_place() -> None:
    here = valley()
    for day in range(30):
        displacement(here.world, here.state, day, here.stream(day))
    assert people(here) == [60_000, 10_000, 10_000]


def test_shares_of_assault_hunger_and_no_holder_combine() -> None:
    here = valley()
    target = here.place("target")
    assert leaving_share(here.state, 4, target) == 0.0
    assaulted(here)
    assert leaving_share(here.state, 4, target) == pytest.approx(0.5)
    here.state.place[target].kcal = 750.0
    assert leaving_share(here.state, 4, target) == pytest.approx(1 - 0.5 * 0.9)
    here.state.place[target].holder = -1
    assert leaving_share(here.state, 4, target) == pytest.approx(1 - 0.5 * 0.9 * 0.99)
    here.state.engagement[target].active = 0
    assert leaving_share(here.state, 9, target) == pytest.approx(1 - 0.5 * 0.9 * 0.99)  # within a week
    assert leaving_share(here.state, 10, target) == pytest.approx(1 - 0.9 * 0.99)


def test_people_go_by_gravity() -> None:
    here = valley()
    assaulted(here)
    before = count_all(here.world, here.state)
    target = here.place("target")
    flee(here.world, here.state, 4, here.stream(), target, 0.6)
    # 60,000/30 against 10,000/10: two thirds and one third of 6,000
    assert people(here) == pytest.approx([64_000, 4_000, 12_000], abs=1)
    assert here.state.place[target].absent == pytest.approx(6000, abs=1)
    assert sum(here.state.place[p].guests for p in range(3)) == here.state.place[target].absent
    assert count_all(here.world, here.state) == before
    event = here.state.event[0]
    assert (event.kind, event.place, event.cause) == (PEOPLE_FLEE, target, 17)


def test_the_besieger_lets_a_share_past_and_snow_nobody() -> None:
    here = valley()
    here.state.route[here.route("home-target")].blocker = BLUE
    flee(here.world, here.state, 4, here.stream(), here.place("target"), 0.6)
    assert people(here) == pytest.approx([61_000, 7_000, 12_000], abs=1)
    here = valley()
    here.state.route[here.route("home-target")].shut = 1
    flee(here.world, here.state, 4, here.stream(), here.place("target"), 0.6)
    assert people(here) == pytest.approx([60_000, 4_000, 16_000], abs=1)
    here.state.route[here.route("near-target")].shut = 1
    flee(here.world, here.state, 5, here.stream(), here.place("target"), 0.6)
    assert people(here) == pytest.approx([60_000, 4_000, 16_000], abs=1)


def test_nobody_flees_to_where_there_is_hunger_or_fighting() -> None:
    here = valley()
    here.state.place[here.place("near")].kcal = 1000.0
    here.state.place[here.place("home")].holder = -1
    flee(here.world, here.state, 4, here.stream(), here.place("target"), 0.6)
    assert people(here) == [60_000, 10_000, 10_000]


def test_part_of_them_come_home_when_it_is_quiet() -> None:
    here = valley()
    target = here.place("target")
    assaulted(here)
    flee(here.world, here.state, 4, here.stream(), target, 0.6)
    assert not quiet(here.state, 4, target)
    here.state.engagement[target].active = 0
    assert not quiet(here.state, 21, target)  # day 3, five days of fighting, 14 of quiet
    assert quiet(here.state, 22, target)
    come_home(here.world, here.state, 22, here.stream(), target)
    # a tenth of 6,000: hosts by guests over distance, 4,000/30 against 2,000/10
    assert people(here) == pytest.approx([64_000 - 240, 4_600, 12_000 - 360], abs=2)
    assert sum(here.state.place[p].guests for p in range(3)) == here.state.place[target].absent


def test_months_of_flight_and_return_lose_nobody() -> None:
    here = valley()
    before = count_all(here.world, here.state)
    for day in range(200):
        now = here.state.engagement[here.place("target")]
        now.active = 1 if day % 40 < 10 else 0
        if day % 40 == 0:
            now.start, now.days = day, 10
        displacement(here.world, here.state, day, here.stream(day))
        places = [here.state.place[p] for p in range(3)]
        assert min(min(p.people, p.guests, p.absent, p.people - p.guests) for p in places) >= 0
        assert sum(p.guests for p in places) == sum(p.absent for p in places)
    assert count_all(here.world, here.state) == before
    assert people(here)[1] < 10_000
    assert here.state.tally[0].events <= 5  # once for each assault


def test_guests_move_on_in_proportion_and_hunger_moves_with_people() -> None:
    here = valley()
    home, target = here.place("home"), here.place("target")
    here.state.place[target].guests = 2500
    here.state.place[target].deficit_poor = 0.2
    leave(here.state, target, home, 4000)
    assert (here.state.place[target].guests, here.state.place[target].absent) == (1500, 3000)
    assert (here.state.place[home].guests, here.state.place[home].people) == (4000, 64_000)
    assert here.state.place[home].deficit_poor == pytest.approx(0.2 / 16)
    go_home(here.state, home, target, 1000)
    assert (here.state.place[target].people, here.state.place[target].absent) == (7000, 2000)


def test_a_growing_count_is_told_at_each_doubling() -> None:
    assert [doublings(n, 1000) for n in (0, 999, 1000, 1999, 2000, 7999, 8000)] == [0, 0, 1, 1, 2, 3, 4]
    assert [n for n in range(1, 20) if doublings(n, 1) > doublings(n - 1, 1)] == [1, 2, 4, 8, 16]
