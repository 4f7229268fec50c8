"""News by hand: reports fade, flatter those who make them, and a blackout silences one side only."""

import math

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.events import BLACKOUT
from fastness.kernel.processes.command import look
from fastness.kernel.processes.news import news, reach, told_of_losses, told_of_place

ROUND = {
    "news.memory": 10,
    "news.assault": 1,
    "news.fall": 3,
    "news.losses": 0.01,
    "news.own_understated": math.log(2),
    "news.enemy_overstated": math.log(4),
    "news.blackout_reach": 0.5,
    "news.cut": 0.0,
    "news.cut_ordered": 1000.0,
    "news.restored": 1000.0,
}
CUT_OFF = {"blue": [{"intent": "silence", "orders": {"blackout": True}}]}


def quiet(**changes: object) -> Board:
    """Lay out the row of four places without news."""
    return board(ROUND, **changes)


def test_news_fades() -> None:
    here = quiet()
    here.state.affairs[0].news = 2.0
    news(here.world, here.state, 1, here.stream())
    assert here.state.affairs[0].news == pytest.approx(2 * math.exp(-0.1))


def test_an_assault_is_news_on_the_next_day_only() -> None:
    here = quiet()
    now = here.state.engagement[here.place("target")]
    now.days, now.start = 4, 6
    assert [told_of_place(here.state, day, here.place("target")) for day in (6, 7, 8)] == [0, 1, 0]
    here.state.affairs[0].blackout = 1  # the besieger still tells
    assert told_of_place(here.state, 7, here.place("target")) == 0.75


def test_a_fall_is_told_by_the_winner() -> None:
    here = quiet()
    target = here.state.place[here.place("target")]
    here.state.engagement[here.place("target")].days = 4
    here.state.affairs[0].blackout = 1
    for winner, told in ((BLUE, 3.0), (GREEN, 1.5)):
        target.holder, target.held_since = winner, 8
        assert told_of_place(here.state, 9, here.place("target")) == told


def test_own_losses_are_understated_and_the_enemys_overstated() -> None:
    here = quiet()
    here.state.side[BLUE].lost = 100
    # Blue says 50, Green says 400; the world takes the middle
    assert told_of_losses(here.state, BLUE) == pytest.approx(0.01 * 225)
    assert here.state.side[BLUE].reported_lost == pytest.approx(225)
    assert told_of_losses(here.state, BLUE) == 0.0  # told once
    here.state.side[BLUE].lost = 110
    assert told_of_losses(here.state, BLUE) == pytest.approx(0.01 * 22.5)


def test_a_blackout_lowers_the_defenders_reports_only() -> None:
    here = quiet()
    here.state.affairs[0].blackout = 1
    assert (reach(here.state, GREEN), reach(here.state, BLUE)) == (0.5, 1.0)
    for side in (GREEN, BLUE):
        here.state.side[side].lost = 100
        told_of_losses(here.state, side)
    assert here.state.side[BLUE].reported_lost == pytest.approx(0.5 * (50 + 0.5 * 400))
    assert here.state.side[GREEN].reported_lost == pytest.approx(0.5 * (0.5 * 50 + 400))


def test_an_order_cuts_the_lines_and_its_end_restores_them() -> None:
    here = quiet(plans=CUT_OFF)
    news(here.world, here.state, 0, here.stream())
    assert here.state.affairs[0].blackout == 0  # nobody has ordered it yet
    here.state.side[BLUE].active = 0
    for day in range(1, 5):
        news(here.world, here.state, day, here.stream(day))
        assert here.state.affairs[0].blackout == 1
    here.state.side[BLUE].active = -1
    news(here.world, here.state, 5, here.stream(5))
    assert here.state.affairs[0].blackout == 0
    found = [here.state.event[k] for k in range(here.state.tally[0].events)]
    assert [(e.kind, e.amount, e.day) for e in found] == [(BLACKOUT, 1.0, 1), (BLACKOUT, 0.0, 5)]


def stocked() -> Board:
    """Give Green's target 20 days of food for its people and stocks for its men."""
    places = [place("home", "blue"), place("target", "green", inside=True, population=1000, food_days=20)]
    return board(
        places=places,
        routes=[route("home", "target")],
        forces=[{"id": "g", "side": "green", "place": "target", "fighters": 100}],
        stocks=[{"id": "g", "side": "green", "place": "target", "food_t": 2, "ammunition_t": 3}],
    )


def test_a_plan_sees_the_enemys_stocks_late_and_a_question_sees_the_truth() -> None:
    here = stocked()
    texts = ('food_days("target")', 'days_of("ammunition", "green")', 'days_of("food", "target")')
    look(here.world, here.state, 0, here.stream(), BLUE)
    first = [here.value(text, viewer=BLUE) for text in texts]
    assert first == [here.value(text) for text in texts]  # without error they are right at first
    here.state.place[here.place("target")].food_t = 5.0
    here.cell("target", GREEN).ammunition_t = 1.0
    here.cell("target", GREEN).food_t = 1.0
    look(here.world, here.state, 6, here.stream(6), BLUE)
    assert [here.value(text, viewer=BLUE) for text in texts] == first
    assert [here.value(text, viewer=GREEN) for text in texts] == pytest.approx([10, 10, 20])
    assert [here.value(text) for text in texts] == pytest.approx([10, 10, 20])
    look(here.world, here.state, 7, here.stream(7), BLUE)
    assert [here.value(text, viewer=BLUE) for text in texts] == pytest.approx([10, 10, 20])


def test_what_a_plan_sees_has_the_error_of_estimates() -> None:
    logs = []
    for day in range(0, 7 * 300, 7):
        if day == 0:
            here = stocked()
            here.state.par[0].perception_error = 0.5
        look(here.world, here.state, day, here.stream(day), BLUE)
        logs.append(math.log(here.value('food_days("target")', viewer=BLUE) / 20))
        assert here.value('food_days("target")') == pytest.approx(20)
    mean = sum(logs) / len(logs)
    spread = math.sqrt(sum((x - mean) ** 2 for x in logs) / len(logs))
    assert abs(mean) < 4 * 0.5 / math.sqrt(300)
    assert spread == pytest.approx(0.5, rel=0.15)
