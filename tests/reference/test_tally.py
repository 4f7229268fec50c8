"""Books, questions and observables by hand."""

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.processes.tally import (
    EQUIPMENT_LOST,
    MEN_LOST,
    STOCK_BROKEN,
    balance,
    count_attack_weeks,
    decide,
    tally,
)

FORCES = [
    {"id": "h", "side": "blue", "place": "home", "fighters": 500, "vehicles": 4},
    {"id": "t", "side": "green", "place": "target", "fighters": 80},
]


def status(here: Board) -> int:
    """Close the books and return what is wrong."""
    balance(here.world, here.state, 9)
    return int(here.state.tally[0].status)


def test_the_books_are_closed_without_fault() -> None:
    assert status(board(forces=FORCES)) == 0


def test_a_man_a_vehicle_or_a_kilogram_too_many_or_few_is_found() -> None:
    for field, amount, code in (
        ("fighters", 1, MEN_LOST),
        ("guerrillas", -1, MEN_LOST),
        ("vehicles", -1, EQUIPMENT_LOST),
        ("aircraft", 1, EQUIPMENT_LOST),
        ("food_t", 1e-6, STOCK_BROKEN),
    ):
        here = board(forces=FORCES)
        cell = here.cell("home", BLUE)
        setattr(cell, field, getattr(cell, field) + amount)
        assert status(here) == code, field
        assert here.state.tally[0].failed_day == 9


def test_a_stock_below_zero_or_not_a_number_is_found() -> None:
    for amount in (-1e-3, float("nan")):
        here = board(forces=FORCES)
        here.cell("home", BLUE).fuel_t = amount
        here.state.tally[0].stock_in += amount
        assert status(here) == STOCK_BROKEN


def held_on(text: str, **dates: str) -> int:
    """Return the day on which a question's statement is first noted, days 0 to 9 played."""
    here = board(questions={"q": {"ask": "So?", "holds": text, **dates}})
    for day in range(10):
        decide(here.world, here.state, day, 0)
    return int(here.state.question[0].day)


def test_by_counts_its_day_before_does_not_and_on_is_one_day() -> None:
    assert held_on("day() >= 4", by="2001-05-05") == 4
    assert held_on("day() >= 4", before="2001-05-05") == -1
    assert held_on("day() >= 4", before="2001-05-06") == 4
    assert held_on("day() >= 4", on="2001-05-07") == 6
    assert held_on("day() == 4", on="2001-05-07") == -1
    assert held_on("day() >= 4", by="2001-05-09", **{"from": "2001-05-08"}) == 7


def test_weeks_with_attacks_count_as_long_as_none_is_missed() -> None:
    here = board()
    weeks = []
    for day in range(28):
        here.state.side[GREEN].week_attacks += day in (6, 7, 22)
        count_attack_weeks(here.state, day, GREEN)
        if day % 7 == 6:
            weeks.append(here.state.side[GREEN].attack_weeks)
    assert weeks == [1, 2, 0, 1]


def observed() -> Board:
    """Set every observable to a number that is known."""
    places = [
        place("home", "blue", population=20_000, food_days=12),
        place("a", "blue"),
        place("target", "green", inside=True, district_of="Far", population=9000, food_days=0),
    ]
    plan = {"intent": "take it", "orders": {"assault": "target", "axes": ["a", "home"]}}
    belief = {"chance": 0.5, "source": "made up", "why": "made up", "date": "2001-05-01"}
    here = board(
        places=places,
        routes=[route("home", "a"), route("a", "target")],
        forces=FORCES,
        plans={"blue": [plan]},
        beliefs={"fact": belief},
        stocks=[{"id": "s", "side": "green", "place": "target", "food_t": 0.4, "ammunition_t": 0.16}],
    )
    state = here.state
    state.cell[here.place("target"), GREEN].guerrillas = 7
    state.cell[here.place("home"), BLUE].seen = 612.5
    state.side[BLUE].deployable, state.side[BLUE].assaults, state.side[GREEN].attack_weeks = 31.5, 2, 3
    state.side[BLUE].active = 0
    state.route[here.route("a-target")].open, state.route[here.route("a-target")].closed_days = 0, 5
    state.route[here.route("home-a")].open = 1
    state.latent[0].true = 1
    state.place[here.place("a")].unrest = 0.25
    state.place[here.place("a")].holder, state.place[here.place("a")].held_since = GREEN, 3
    state.engagement[here.place("target")].active = 1
    return here


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('holder("home") == "blue"', 1),
        ('holder("home") == "nobody"', 0),
        ('fighters("blue")', 500),
        ('fighters("green", "target")', 80),
        ('strength("green")', 87),
        ('deployable("blue")', 31.5),
        ('food_days("home")', 12),
        ('food_days("target")', 0),
        ('days_of("food", "green")', 10),
        ('days_of("ammunition", "target")', 2),
        ('open("home-a")', 1),
        ('open("a-target")', 0),
        ('closed_days("a-target")', 5),
        ("axes_open()", 1),
        ('truth("fact")', 1),
        ('unrest("a")', 0.25),
        ('assaulted("target")', 1),
        ('assaulted("a")', 0),
        ('assaults("blue")', 2),
        ('attack_weeks("green")', 3),
        ("hungry()", 9000),
        ('district_held("green")', 1),
        ('lost_outside("blue")', 1),
        ("day()", 10),
        ("month()", 5),
        ('held_days("a")', 7),
        ('date("2001-05-31") - day()', 20),
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("1 / 0", 0),
        ("-2 < -1 and not false", 1),
        ("1 > 2 or 2 >= 2", 1),
    ],
)
def test_observables(text: str, value: float) -> None:
    assert observed().value(text, day=10) == pytest.approx(value)


def test_a_plan_sees_the_enemy_as_last_seen_and_its_own_men_as_they_are() -> None:
    here = observed()
    assert here.value('fighters("blue")', viewer=GREEN) == 612.5
    assert here.value('fighters("blue", "home")', viewer=GREEN) == 612.5
    assert here.value('fighters("green", "target")', viewer=GREEN) == 80


def test_the_day_is_written_into_the_series() -> None:
    here = observed()
    tally(here.world, here.state, 2, here.stream())
    assert here.state.tally[0].status == MEN_LOST  # seven guerrillas came from nowhere
    assert here.state.side_series[:2, 2].tolist() == [[80, 500], [7, 0]]
    assert here.state.holder_series[2].tolist() == [GREEN, BLUE, GREEN]
    assert here.state.open_series[2].tolist() == [0, 1]
    assert here.state.place_series[2, 2].tolist() == [0, 20_000, 9000]
