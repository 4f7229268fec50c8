"""Relief convoys by hand: when they set out, who lets them pass, what they bring and whom they take along."""

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.events import CONVOY_ARRIVES, CONVOY_REFUSED
from fastness.kernel.processes.convoys import convoys
from fastness.kernel.processes.tally import balance, count_all

EVERY_DAY = {"convoy.payload_t": 15, "convoy.cover": 60, "convoy.retry": 3}


def relief(
    people: int = 20_000, food_days: float = 0, parameters: dict[str, float] | None = None, **fields: object
) -> Board:
    """Send four lorries a week from Blue's home to the people of Green's target, on a road of 100 t/day."""
    row = {"id": "c", "name": "Relief", "from": "home", "to": "target", "lorries": 4, "every_days": 7, "passes": 1}
    places = [
        place("home", "blue", population=1000),
        place("a", None),
        place("b", None),
        place("target", "green", inside=True, population=people, food_days=food_days),
    ]
    changes: dict[str, object] = {"places": places, "convoys": [row | fields]}
    plans = {"blue": [{"intent": "siege", "orders": {"let_pass": 0.5}}]}
    return board(EVERY_DAY | (parameters or {}), plans=plans, **changes)


def play(here: Board, days: int, first: int = 0) -> None:
    """Play only convoys for some days."""
    for day in range(first, first + days):
        convoys(here.world, here.state, day, here.stream(day))


def test_lorries_bring_their_payload_once_every_so_many_days() -> None:
    here = relief()
    play(here, 15)
    assert here.state.convoy[0].arrived == 3
    assert here.state.place[here.place("target")].food_t == 3 * 4 * 15
    balance(here.world, here.state, 14)
    assert here.state.tally[0].status == 0


def test_a_convoy_brings_no_more_than_two_months_of_food() -> None:
    here = relief(people=1000)  # 0.5 t a day: two lorries are enough for 60 days
    play(here, 8)
    assert here.state.place[here.place("target")].food_t == 30
    here = relief(people=1000, food_days=50)
    play(here, 1)
    assert here.state.place[here.place("target")].food_t == pytest.approx(25 + 5)


def test_a_convoy_brings_no_more_than_the_narrowest_road_carries() -> None:
    here = relief()
    here.world.route[here.route("a-b")].capacity_t = 3.0
    play(here, 1)
    assert here.state.place[here.place("target")].food_t == pytest.approx(3 * 7)


def test_snow_a_fight_and_a_defenders_roadblock_keep_it_waiting() -> None:
    here = relief()
    road = here.state.route[here.route("a-b")]
    road.shut = 1
    play(here, 10)
    assert (here.state.convoy[0].arrived, here.state.convoy[0].refused, here.state.tally[0].events) == (0, 0, 0)
    road.shut, road.blocker = 0, GREEN
    play(here, 4, 10)
    assert here.state.convoy[0].arrived == 1  # Green lets through what is for its people
    here.state.place[here.place("target")].holder = BLUE
    play(here, 20, 14)
    assert here.state.convoy[0].arrived == 1
    road.blocker = -1
    here.state.engagement[here.place("target")].active = 1
    play(here, 20, 34)
    assert here.state.convoy[0].arrived == 1


def test_the_besieger_turns_convoys_back_and_they_ask_again() -> None:
    here = relief(passes=0)
    play(here, 10)  # days 0, 3, 6, 9
    assert (here.state.convoy[0].arrived, here.state.convoy[0].refused) == (0, 4)
    assert [here.state.event[k].kind for k in range(here.state.tally[0].events)] == [CONVOY_REFUSED] * 3  # 1, 2, 4
    assert here.state.place[here.place("target")].food_t == 0


def test_its_attitude_and_its_plan_multiply() -> None:
    here = relief(every_days=1, parameters={"convoy.retry": 1, "convoy.cover": 1e9}, passes=0.6)
    here.state.side[BLUE].active = 0  # its plan lets half of them by
    days = 2000
    here.world.convoy[0].last_day = days
    play(here, days)
    assert here.state.convoy[0].arrived + here.state.convoy[0].refused == days
    assert here.state.convoy[0].arrived / days == pytest.approx(0.3, abs=0.04)


def test_only_a_blockade_or_the_enemy_at_the_goal_needs_leave() -> None:
    here = relief(passes=0)
    here.state.place[here.place("target")].holder = BLUE
    play(here, 1)
    assert here.state.convoy[0].arrived == 1
    here.state.route[here.route("a-b")].blocker = BLUE
    play(here, 1, 7)
    assert here.state.convoy[0].refused == 1
    here.state.route[here.route("a-b")].blocker = -1
    here.state.place[here.place("home")].blockading = 1  # to a, which is not Blue's
    play(here, 1, 10)
    assert here.state.convoy[0].refused == 2


def test_it_takes_people_out_on_its_way_back() -> None:
    here = relief(people=150, evacuees=100)
    before = count_all(here.world, here.state)
    play(here, 1)
    home, target = here.state.place[here.place("home")], here.state.place[here.place("target")]
    assert (home.people, home.guests, target.people, target.absent) == (1100, 100, 50, 100)
    play(here, 7, 1)
    assert (home.people, home.guests, target.people, target.absent) == (1150, 150, 0, 150)
    assert count_all(here.world, here.state) == before
    assert here.state.event[0].kind == CONVOY_ARRIVES
    assert here.state.event[0].amount == pytest.approx(0.5 * 150 / 1000 * 60)


def test_convoys_run_between_their_dates_only() -> None:
    here = relief(first="2001-05-03", last="2001-05-04")
    play(here, 2)
    assert here.state.convoy[0].arrived == 0
    play(here, 30, 2)
    assert here.state.convoy[0].arrived == 1


def test_full_stores_need_no_convoy() -> None:
    here = relief(people=1000, food_days=60)
    play(here, 10)
    assert (here.state.convoy[0].arrived, here.state.convoy[0].refused, here.state.tally[0].events) == (0, 0, 0)
