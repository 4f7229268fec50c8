"""Plans and fronts by hand: who is tied down, which block is in force, where men are wanted, when to assault."""

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.fronts import find_fronts, launch, renew_fronts
from fastness.kernel.processes.command import choose, command, free_reserve, look, post
from fastness.kernel.processes.weather import weather
from fastness.kernel.roadblocks import clear_roadblocks, set_roadblocks
from fastness.kernel.world import NOBODY

ASSAULT = {"intent": "take it", "orders": {"assault": "target", "axes": ["a"], "commit": 1.0}}


def reserve(unrest: float, density_min: float, density_max: float) -> float:
    """Return the reserve that Kabul's 4.5 million leave free of 100,000, at an unrest and two densities."""
    sides = {
        "green": {"name": "Green", "role": "defender", "home": "target"},
        "blue": {
            "name": "Blue", "role": "besieger", "home": "home", "reserve": 100_000, "reserve_population": 4_500_000,
        },
    }  # fmt: skip
    places = [place("home", "blue", population=10, unrest=unrest), place("target", "green")]
    parameters = {
        "tie_down.density_min": density_min,
        "tie_down.density_max": density_max,
        "tie_down.midpoint": 0.5,
        "tie_down.width": 1e-3,  # all or nothing
    }
    here = board(parameters, sides=sides, places=places, routes=[route("home", "target")])
    free_reserve(here.world, here.state, BLUE)
    return here.state.side[BLUE].deployable


def test_tie_down_is_the_seed_arithmetic() -> None:
    holders_per_person = 75_000 / 38_000_000
    assert holders_per_person * 1000 == pytest.approx(1.973684, abs=1e-6)
    assert reserve(0.0, holders_per_person, 0.02) == pytest.approx(100_000 - 4_500 * 1.973684, abs=0.1)
    assert reserve(1.0, 0.001, 0.02) == pytest.approx(10_000)  # 20 per 1,000 tie down 90,000
    assert reserve(1.0, 0.001, 0.01) == pytest.approx(55_000)  # 10 per 1,000 tie down 45,000
    assert reserve(1.0, 0.001, 0.03) == 0.0  # never below nothing


def planned(blocks: list[dict[str, object]], **changes: object) -> Board:
    """Give Blue a plan."""
    return board(plans={"blue": blocks}, **changes)


def in_force(here: Board, days: int) -> list[int]:
    """Return the number of Blue's block in force on each of the first days (-1: none)."""
    found = []
    for day in range(days):
        choose(here.world, here.state, day, BLUE)
        active = here.state.side[BLUE].active
        found.append(active if active == NOBODY else active - here.world.side[BLUE].first_block)
    return found


def test_the_first_block_whose_condition_holds_is_in_force() -> None:
    late = {"intent": "late", "if": "day() >= 3 and day() != 5", "orders": {}}
    here = planned([late, {"intent": "else", "orders": {}}])
    assert in_force(here, 7) == [1, 1, 1, 0, 0, 0, 0]  # one day without its reason does not end it


def test_a_block_is_dropped_a_week_after_its_reason_is_gone() -> None:
    early = {"intent": "early", "if": "day() < 2", "orders": {}}
    here = planned([early, {"intent": "else", "orders": {}}])
    assert here.state.par[0].command_patience == 7.0
    assert in_force(here, 11) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]


def test_a_block_waits_for_its_delay_from_the_day_its_condition_holds() -> None:
    delay = {"p5": 3, "p50": 3, "p95": 3}
    late = {"intent": "late", "if": "day() >= 2 and day() != 4", "delay": delay, "orders": {}}
    here = planned([late, {"intent": "else", "orders": {}}])
    assert here.state.block[0].delay == 3.0
    assert in_force(here, 11) == [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    assert (here.state.block[0].first_day, here.state.block[0].days) == (8, 3)


def test_a_block_is_in_force_only_between_its_dates() -> None:
    here = planned([{"intent": "then", "from": "2001-05-02", "until": "2001-05-03", "orders": {}}])
    assert in_force(here, 4) == [-1, 0, 0, -1]


def test_a_change_of_plan_ends_the_offensive() -> None:
    here = planned([{"intent": "late", "if": "day() >= 1", "orders": {}}, {"intent": "else", "orders": {}}])
    choose(here.world, here.state, 0, BLUE)
    here.state.side[BLUE].offensive = 1
    choose(here.world, here.state, 1, BLUE)
    assert here.state.side[BLUE].offensive == 0
    assert here.state.tally[0].events == 2


def test_a_side_sees_the_enemy_late() -> None:
    here = board(forces=[{"id": "f", "side": "green", "place": "target", "fighters": 80}])
    cell = here.cell("target", GREEN)
    look(here.world, here.state, 0, here.stream(), BLUE)
    cell.fighters = 20
    look(here.world, here.state, 6, here.stream(), BLUE)
    assert cell.seen == 80
    look(here.world, here.state, 7, here.stream(), BLUE)
    assert cell.seen == 20


def test_the_pool_is_shared_by_weight_after_the_garrisons() -> None:
    places = [place("home", "blue", population=100_000), place("a", "blue"), place("target", "green")]
    orders = {"hold": {"home": 1, "a": 3}, "commit": 0.5}
    here = planned(
        [{"intent": "hold", "orders": orders}],
        places=places,
        routes=[route("home", "a"), route("a", "target")],
        forces=[{"id": "f", "side": "blue", "place": "home", "fighters": 900}],
    )
    here.state.side[BLUE].active = 0
    here.state.side[BLUE].deployable = 200.0
    post(here.world, here.state, BLUE)
    # calm: 1 per 1,000 ties down 100; half of the other 800 and of the 200 is 500
    assert here.cell("home", BLUE).wanted == pytest.approx(100 + 125)
    assert here.cell("a", BLUE).wanted == pytest.approx(375)


def test_no_men_are_wanted_where_the_enemy_stands() -> None:
    here = planned(
        [{"intent": "hold", "orders": {"hold": {"home": 1, "target": 1}, "commit": 1.0}}],
        forces=[{"id": "f", "side": "blue", "place": "home", "fighters": 900}],
    )
    here.state.side[BLUE].active = 0
    post(here.world, here.state, BLUE)
    assert (here.cell("home", BLUE).wanted, here.cell("target", BLUE).wanted) == (900, 0)


def fronts(here: Board) -> tuple[str, str]:
    """Return the ids of the front and the objective of Blue's one axis."""
    find_fronts(here.world, here.state, BLUE, here.world.block[0])
    names = [*here.compiled.names.place, "nowhere"]
    return names[here.state.order[0].front], names[here.state.order[0].objective]


def hold(here: Board, side: int, *places: str) -> None:
    """Give places to a side."""
    for name in places:
        here.state.place[here.place(name)].holder = side


def test_an_axis_advances_and_falls_back_with_the_front() -> None:
    here = planned([ASSAULT])
    assert fronts(here) == ("home", "a")  # not even its assembly place is Blue's
    hold(here, BLUE, "a")
    assert fronts(here) == ("a", "b")
    hold(here, BLUE, "b")
    assert fronts(here) == ("b", "target")
    hold(here, GREEN, "a")
    assert fronts(here) == ("home", "a")
    hold(here, BLUE, "a", "target")
    assert fronts(here) == ("target", "nowhere")


def test_snow_stops_an_axis_and_a_roadblock_does_not() -> None:
    here = planned([ASSAULT])
    hold(here, BLUE, "a")
    here.state.route[here.route("a-b")].blocker = GREEN
    assert fronts(here) == ("a", "b")
    here.state.route[here.route("a-b")].shut = 1
    assert fronts(here) == ("a", "nowhere")


def test_fronts_follow_a_storm_that_comes_and_goes() -> None:
    here = planned([ASSAULT], routes=[route("home", "a"), route("a", "b", season="closures"), route("b", "target")])
    hold(here, BLUE, "a")
    storm = here.state.route[here.route("a-b")]
    found = []
    for until in (-1.0, 0.9, -1.0):
        storm.storm_until = until
        weather(here.world, here.state, 0, here.stream())
        renew_fronts(here.world, here.state, BLUE, 0)
        found.append(here.state.order[0].objective)
    assert found == [here.place("b"), NOBODY, here.place("b")]


def ordered(here: Board) -> bool:
    """Whether an assault on b is ordered when Blue's block is in force."""
    fronts(here)
    launch(here.world, here.state, 0, here.stream(), BLUE, here.world.block[0])
    return here.state.engagement[here.place("b")].ordered == 1


def test_an_assault_needs_men_and_odds() -> None:
    for men, enemy, attacks in ((99, 0, False), (100, 0, True), (199, 100, False), (200, 100, True)):
        here = planned([ASSAULT], forces=[{"id": "f", "side": "blue", "place": "a", "fighters": men}])
        hold(here, BLUE, "a")
        hold(here, GREEN, "b")
        here.cell("b", GREEN).seen = float(enemy)
        assert ordered(here) == attacks


def test_no_offensive_begins_in_a_pause_or_under_full_restraint() -> None:
    force = {"id": "f", "side": "blue", "place": "a", "fighters": 200}
    here = planned([ASSAULT], forces=[force])
    hold(here, BLUE, "a")
    here.state.side[BLUE].pause_until = 0.5
    assert not ordered(here)
    window = {"name": "Truce", "until": "2001-05-10", "restrains": "blue", "why": "made up"}
    for share, attacks in ((1.0, False), (0.0, True)):
        here = board({"restraint.share": share}, plans={"blue": [ASSAULT]}, forces=[force], windows={"w": window})
        hold(here, BLUE, "a")
        assert ordered(here) == attacks


def test_a_place_taken_yesterday_is_not_assaulted_again() -> None:
    """The network that fronts hang on is drawn after command, so a fall has to reach command by itself."""
    from fastness.kernel.processes.combat import combat
    from fastness.kernel.processes.resolve import resolve
    from fastness.kernel.processes.supply import supply

    here = planned([ASSAULT], forces=[{"id": "f", "side": "blue", "place": "a", "fighters": 900}])
    hold(here, BLUE, "a")
    for day in range(3):
        for process in (command, supply, combat, resolve):
            process(here.world, here.state, day, here.stream(day))
    assert here.state.place[here.place("b")].held_since == 0
    assert here.state.side[BLUE].assaults == 1  # the men are still at a, and b is not an objective any more


def test_a_roadblock_needs_men_beside_the_road_and_goes_with_them() -> None:
    force = {"id": "f", "side": "blue", "place": "home", "fighters": 49}
    here = planned([{"intent": "block", "orders": {"block": ["a-b"]}}], forces=[force])
    road = here.state.route[here.route("a-b")]
    here.state.side[BLUE].active = 0
    set_roadblocks(here.world, here.state, 0, here.stream(), BLUE)
    assert road.blocker == NOBODY
    here.cell("home", BLUE).fighters = 50  # one place beyond its end
    set_roadblocks(here.world, here.state, 0, here.stream(), BLUE)
    assert road.blocker == BLUE
    clear_roadblocks(here.world, here.state, 1, here.stream(), GREEN)
    assert road.blocker == BLUE  # Green has nobody there
    here.cell("home", BLUE).fighters = 0
    clear_roadblocks(here.world, here.state, 1, here.stream(), GREEN)
    assert road.blocker == NOBODY


def test_unrest_elsewhere_draws_men_from_the_siege_up_to_its_share() -> None:
    """Two fronts: a town that ties down 1,000 has 100; of 900 free men unrest may draw a half, or all that it lacks."""
    places = [
        place("home", "blue"),
        place("a", "blue"),
        place("b", "blue", population=50_000, unrest=1.0),
        place("target", "green"),
    ]
    forces = [
        {"id": "f", "side": "blue", "place": "home", "fighters": 900},
        {"id": "g", "side": "blue", "place": "b", "fighters": 100},
    ]
    for share, sent in ((0.5, 450.0), (1.0, 900.0), (0.0, 0.0)):
        numbers = {"allocation.unrest": share, "tie_down.density_max": 0.02, "tie_down.width": 1e-3}
        block = {"intent": "stand", "orders": {"hold": {"a": 1}, "commit": 1.0}}
        here = board(numbers | {"tie_down.density_min": 0.0}, places=places, forces=forces, plans={"blue": [block]})
        choose(here.world, here.state, 0, BLUE)
        post(here.world, here.state, BLUE)
        assert here.cell("b", BLUE).wanted == pytest.approx(100 + sent)
        assert here.cell("a", BLUE).wanted == pytest.approx(900 - sent)
