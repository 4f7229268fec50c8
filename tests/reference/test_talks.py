"""Talks by hand: what each side asks for, when a deal is struck, what it changes, and what stands in its way."""

from typing import Any

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.day import DAY, play, process_number
from fastness.kernel.events import ASSAULT_BEGINS, OFFER_REFUSED, SETTLEMENT, TALKS_BREAK, TALKS_OPEN
from fastness.kernel.processes.command import command
from fastness.kernel.processes.talks import (
    belief,
    enforceable,
    expected_shift,
    find_guarantor,
    positions,
    talks,
    winter_ahead,
)
from fastness.kernel.processes.tally import balance
from fastness.kernel.world import ABROAD, DEAD, NOBODY, ON_TERMS, SHARED, UNSETTLED

#: sides that see each other as they are, no ground, no reserve: p = A / (A + D)
CLEAR = {
    "talks.cost_besieger": 0.1,
    "talks.cost_defender": 0.15,
    "talks.decisive": 1.0,
    "talks.ground": 1.0,
    "talks.brought": 1.0,
    "talks.ground_lost": 0.0,
    "talks.optimism": 0.0,
    "talks.misjudgement": 0.0,
    "talks.learning": 5.0,
    "talks.horizon": 30.0,
    "talks.winter_shift": 0.3,
    "talks.aid_shift": 0.0,
    "talks.step": 1.0,
    "talks.open": 1000.0,
    "talks.break": 1000.0,
    "talks.agree": 1000.0,
    "talks.skill": 0.0,
    "talks.enforcement": 0.9,
    "talks.enforcement_needed": 0.8,
    "talks.guarantee": 0.5,
    "talks.guarantor": 1000.0,
    "terms.given_up": 0.5,
    "terms.rate": 1000.0,
    "terms.hide": 0.25,
}
CHIEF = {"name": "Chief", "side": "green", "standing": 0.5, "bargaining": 1.0, "reservation": 0.3, "veto": True}


def table(parameters: dict[str, float] | None = None, leaders: Any = None, **changes: object) -> Board:  # noqa: ANN401
    """Set 600 men against 400 on the board, seen as they are, both plans seeking talks; p = 0.6."""
    forces = [
        {"id": "h", "side": "blue", "place": "home", "fighters": 600},
        {"id": "t", "side": "green", "place": "target", "fighters": 400, "vehicles": 3},
    ]
    places = [
        place("home", "blue"),
        place("a", None),
        place("b", None),
        place("target", "green", inside=True, district_of="Far", population=1000),
    ]
    plans = {
        "green": [{"intent": "talk", "orders": {"hold": {"target": 1}, "talk": True}}],
        "blue": [{"intent": "talk", "orders": {"hold": {"home": 1}, "talk": True}}],
    }
    stocks = [{"id": "s", "side": "green", "place": "target", "food_t": 5, "ammunition_t": 2}]
    base = {"forces": forces, "places": places, "plans": plans, "stocks": stocks, "leaders": leaders or {}}
    here = board(CLEAR | (parameters or {}), **(base | changes))
    for name, side in (("home", BLUE), ("target", GREEN)):
        here.cell(name, side).seen = here.cell(name, side).fighters
    here.state.side[GREEN].active, here.state.side[BLUE].active = _blocks(here)
    return here


def _blocks(here: Board) -> tuple[int, int]:
    return here.world.side[GREEN].first_block, here.world.side[BLUE].first_block


def week(here: Board, first: int = 1) -> None:
    """Play talks for seven days, which holds one weekday of theirs."""
    for day in range(first, first + 7):
        talks(here.world, here.state, day, here.stream(day))


def kinds(here: Board) -> list[int]:
    return [here.state.event[k].kind for k in range(here.state.tally[0].events)]


def test_both_reckon_with_the_chance_by_force_and_the_costs() -> None:
    here = table()
    assert belief(here.world, here.state, here.stream(), BLUE) == pytest.approx(0.6)
    assert belief(here.world, here.state, here.stream(), GREEN) == pytest.approx(0.6)
    # the besieger keeps 0.6 - 0.1 at least, the defender leaves 0.6 + 0.15 at most
    assert positions(here.world, here.state, here.stream()) == pytest.approx((0.5, 0.25))


def test_each_side_overrates_itself_until_it_has_fought() -> None:
    here = table({"talks.optimism": 1.0})
    blue, green = (belief(here.world, here.state, here.stream(), side) for side in (BLUE, GREEN))
    assert green < 0.6 < blue
    here.state.side[BLUE].assaults = 50
    assert belief(here.world, here.state, here.stream(), BLUE) == pytest.approx(0.6, abs=1e-3)


def test_talks_that_both_plans_seek_open_and_end_in_a_shared_government() -> None:
    here = table()
    week(here)
    affairs = here.state.affairs[0]
    assert kinds(here) == [TALKS_OPEN, SETTLEMENT]
    assert (affairs.settled, affairs.talking) == (SHARED, 0)
    assert affairs.offered == pytest.approx(0.5)
    week(here, 8)
    assert kinds(here) == [TALKS_OPEN, SETTLEMENT]  # nothing after the end


def test_one_plan_that_does_not_talk_is_enough() -> None:
    here = table()
    here.state.side[BLUE].active = NOBODY  # no plan: goes on as it is, and there are no talks
    week(here)
    assert here.state.affairs[0].settled == UNSETTLED
    here.state.affairs[0].talking = 1
    here.world.block[here.state.side[GREEN].active].talk = 0
    week(here, 8)
    assert kinds(here) == [TALKS_BREAK]
    assert here.state.affairs[0].talking == 0


def test_talks_break_while_assaults_go_on() -> None:
    here = table(talks={"open": 1}, parameters={"talks.agree": 0.0})
    week(here)
    assert here.state.affairs[0].talking == 1
    here.state.engagement[here.place("target")].active = 1
    week(here, 8)
    assert kinds(here) == [TALKS_BREAK]


def test_no_leader_with_a_veto_takes_less_than_the_reservation() -> None:
    here = table(leaders={"chief": CHIEF | {"reservation": 0.8}})
    for number in range(6):
        week(here, 1 + 7 * number)
    assert here.state.affairs[0].settled == UNSETTLED
    assert here.state.affairs[0].refusals == 6
    assert kinds(here).count(OFFER_REFUSED) == 3  # the log holds the first
    here.state.leader[0].status = DEAD
    assert positions(here.world, here.state, here.stream())[1] == pytest.approx(0.25)


def test_a_shift_of_strength_ahead_prevents_a_deal() -> None:
    pass_in = [route("home", "a"), route("a", "b"), route("b", "target", season="winter", highest_point_m=3500)]
    clock = {"start": "2001-11-01", "end": "2001-12-31", "as_of": "2001-11-01"}
    here = table(routes=pass_in, clock=clock)
    now = here.state.route[here.route("b-target")]
    now.closes, now.opens = here.world.day[1].winter_day + 20, here.world.day[1].winter_day + 120
    assert winter_ahead(here.world, here.state, 1) == 1.0
    assert expected_shift(here.world, here.state, 1, here.stream()) == pytest.approx(-0.3)  # more than 0.1 + 0.15
    week(here)
    assert here.state.affairs[0].settled == UNSETTLED
    now.closes = here.world.day[8].winter_day + 60  # beyond the horizon
    week(here, 8)
    assert here.state.affairs[0].settled == SHARED


def test_a_deal_needs_enforcement_or_a_guarantor() -> None:
    patrons = [{"id": "p", "name": "P", "motive": "peace", "guarantor": True}]
    here = table({"talks.enforcement": 0.5}, patrons=patrons)
    assert not enforceable(here.state)
    find_guarantor(here.world, here.state, here.stream())
    assert here.state.affairs[0].guarantor == 0
    assert enforceable(here.state)  # 0.5 > 0.8 - 0.5
    alone = table({"talks.enforcement": 0.5})
    week(alone)
    assert alone.state.affairs[0].settled == UNSETTLED


def test_after_a_shared_government_nobody_attacks_or_blockades() -> None:
    plans = {
        "green": [{"intent": "talk", "orders": {"hold": {"target": 1}, "talk": True, "raid": ["home"]}}],
        "blue": [{"intent": "take it", "orders": {"assault": "target", "axes": ["home"], "talk": True}}],
    }
    here = table({"assault.ratio": 0.1}, plans=plans)
    here.cell("home", GREEN).guerrillas = 5
    here.state.tally[0].men += 5
    here.state.engagement[here.place("target")].ordered = 1
    here.state.engagement[here.place("target")].attacker = BLUE
    week(here)
    assert here.state.affairs[0].settled == SHARED
    assert (
        here.state.place[here.place("target")].people + here.cell("target", GREEN).fighters == 1405
    )  # the five live at the target
    command(here.world, here.state, 8, here.stream(8))
    assert sum(now.ordered for now in here.state.engagement) == 0
    assert here.cell("home", GREEN).raided == 0
    here.state.affairs[0].settled = UNSETTLED
    command(here.world, here.state, 9, here.stream(9))
    assert sum(now.ordered for now in here.state.engagement) == 1  # the same plans without the settlement
    assert here.cell("home", GREEN).raided == 1
    assert here.cell("home", GREEN).guerrillas == 0
    balance(here.world, here.state, 8)
    assert here.state.tally[0].status == 0


def test_a_side_without_will_lays_down_arms_on_terms() -> None:
    here = table({"talks.brought": 9.0, "talks.open": 0.0})  # p = 5400 / 5800, with costs above 1
    week(here)
    assert here.state.affairs[0].settled == UNSETTLED
    here.state.side[GREEN].given_up = 0.6
    week(here, 8)
    target = here.place("target")
    assert here.state.affairs[0].settled == ON_TERMS
    assert here.state.place[target].holder == BLUE
    assert (here.cell("target", GREEN).fighters, here.cell("target", GREEN).guerrillas) == (0, 100)
    assert here.state.place[target].people == 1300
    assert (here.cell("target", BLUE).vehicles, here.cell("target", BLUE).food_t) == (3, 5.0)
    balance(here.world, here.state, 8)
    assert here.state.tally[0].status == 0
    assert here.value("terms()") == 1.0


def test_nobody_lays_down_arms_who_has_something_to_win() -> None:
    here = table({"talks.open": 0.0})
    here.state.side[GREEN].given_up = 1.0
    week(here)
    assert here.state.affairs[0].settled == UNSETTLED


def test_when_all_who_have_a_veto_are_gone_terms_are_possible() -> None:
    here = table({"talks.brought": 9.0, "talks.open": 0.0}, leaders={"chief": CHIEF})
    week(here)
    assert here.state.affairs[0].settled == UNSETTLED
    here.state.leader[0].status = ABROAD
    week(here, 8)
    assert here.state.affairs[0].settled == ON_TERMS


def test_columns_on_the_march_lay_down_arms_too() -> None:
    here = table({"talks.brought": 9.0, "talks.open": 0.0})
    target = here.place("target")
    here.cell("target", GREEN).fighters -= 100
    column = here.state.column[0]
    column.active, column.side, column.origin, column.fighters, column.quality = 1, GREEN, target, 100, 1.0
    here.state.tally[0].marching = 1
    here.state.side[GREEN].given_up = 0.6
    week(here)
    assert here.state.affairs[0].settled == ON_TERMS
    assert here.state.tally[0].marching == 0
    assert here.state.place[target].people == 1300
    balance(here.world, here.state, 8)
    assert here.state.tally[0].status == 0


@pytest.mark.parametrize(("parameters", "leaders", "kind"), [
    ({}, {}, SHARED),
    ({"talks.brought": 9.0, "talks.open": 0.0}, {"chief": CHIEF}, ON_TERMS),
])  # fmt: skip
def test_a_campaign_goes_on_quietly_after_a_settlement(parameters: dict[str, float], leaders: Any, kind: int) -> None:  # noqa: ANN401
    plans = {
        "green": [{"intent": "talk", "orders": {"hold": {"target": 1}, "talk": True}}],
        "blue": [{"intent": "take it", "orders": {"assault": "target", "axes": ["home"], "talk": True}}],
    }
    here = table(parameters | {"assault.ratio": 0.1}, leaders=leaders, plans=plans)
    if leaders:
        here.state.leader[0].status = DEAD
    numbers = tuple(process_number(process.__name__) for process in DAY)
    play(here.world, here.state, DAY, numbers, len(here.world.day), here.seed)
    affairs = here.state.affairs[0]
    assert here.state.tally[0].status == 0
    assert affairs.settled == kind
    assert affairs.settled_day < 14
    began = [row.day for row in here.state.event if row.kind == ASSAULT_BEGINS and row.day > affairs.settled_day]
    assert began == []
