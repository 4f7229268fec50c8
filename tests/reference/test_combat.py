"""Engagements by hand: who can deploy, what he is worth, who bears the losses, what follows."""

import pytest
from board import BLUE, GREEN, Board, board, document, place, route

from fastness.kernel.forces import air_power, bear, power
from fastness.kernel.processes.combat import axis_men, committed, count_fights, share_losses
from fastness.kernel.processes.resolve import disperse, fall, repulse, settle
from fastness.kernel.processes.tally import count_all
from fastness.kernel.world import NOBODY


def crossroads(**changes: object) -> Board:
    """Put the target between two fronts: west (300 of Blue, 0.2 km) and east (100 of Blue, 2 km)."""
    places = [place("west", "blue"), place("east", "blue")]
    places += [place("target", "green", inside=True), place("rear", "green")]
    routes = [route("west", "target"), route("east", "target", frontage_km=2), route("target", "rear")]
    sides = {
        "green": {"name": "Green", "role": "defender", "home": "target"},
        "blue": {"name": "Blue", "role": "besieger", "home": "west"},
    }
    forces = [
        {"id": "w", "side": "blue", "place": "west", "fighters": 300},
        {"id": "e", "side": "blue", "place": "east", "fighters": 100},
        {"id": "t", "side": "green", "place": "target", "fighters": 80, "vehicles": 10},
    ]
    return board(**({"places": places, "routes": routes, "sides": sides, "forces": forces} | changes))


def deployed(here: Board, front: str, side: int = BLUE) -> int:
    """Return the men that deploy against the target from a front."""
    target = here.world.place[here.place("target")]
    links = [k for k in range(target.first_link, target.end_link) if here.world.link[k].other == here.place(front)]
    return axis_men(here.world, here.state, here.place("target"), links[0], side)


def assault(here: Board) -> None:
    """Begin Blue's assault on the target without drawing anything."""
    now = here.state.engagement[here.place("target")]
    now.active, now.attacker, now.days, now.favoured, now.event = 1, BLUE, 5, 1, NOBODY


def test_frontage_caps_an_axis() -> None:
    here = crossroads()
    assert deployed(here, "west") == 200  # 0.2 km x 500 per km x 2 waves
    assert deployed(here, "east") == 100  # all of them: there is room for 2,000
    assert committed(here.world, here.state, here.place("target"), BLUE) == 300


def test_snow_closes_an_axis_and_a_roadblock_does_not() -> None:
    here = crossroads()
    here.state.route[here.route("east-target")].shut = 1
    here.state.route[here.route("west-target")].blocker = GREEN
    assert (deployed(here, "west"), deployed(here, "east")) == (200, 0)


def test_men_engaged_elsewhere_do_not_deploy_twice() -> None:
    here = crossroads()
    here.cell("west", BLUE).engaged = 250
    assert deployed(here, "west") == 50


def test_parallel_routes_add_their_frontage_but_not_the_men() -> None:
    second = route("west", "target", id="second")
    here = crossroads(routes=[route("west", "target"), second, route("east", "target"), route("target", "rear")])
    target = here.place("target")
    assert deployed(here, "west") == 300  # room for 400
    assert committed(here.world, here.state, target, BLUE) == 400
    share_losses(here.world, here.state, here.stream(), target, BLUE, 400, 40)
    assert (here.cell("west", BLUE).fighters, here.cell("east", BLUE).fighters) == (270, 90)
    assert here.state.side[BLUE].lost == 40


def test_losses_fall_on_the_axes_in_proportion_to_the_men_sent() -> None:
    here = crossroads()
    share_losses(here.world, here.state, here.stream(), here.place("target"), BLUE, 300, 61)
    # links in the order of the routes' ids: east first, 61 x 100 // 300 = 20, then the rest
    assert (here.cell("east", BLUE).fighters, here.cell("west", BLUE).fighters) == (80, 259)
    assert (here.cell("east", BLUE).engaged, here.cell("west", BLUE).engaged) == (100, 200)


def test_every_man_sent_may_be_lost_and_no_more() -> None:
    here = crossroads()
    here.cell("target", BLUE).fighters = 7
    share_losses(here.world, here.state, here.stream(), here.place("target"), BLUE, 307, 307)
    left = [here.cell(name, BLUE).fighters for name in ("target", "east", "west")]
    assert left == [0, 0, 100]


def test_aircraft_that_fly_are_shared_by_the_fights_of_the_day() -> None:
    here = crossroads()
    own = here.state.side[BLUE]
    own.flying = 3
    assert air_power(here.state, BLUE) == 300  # not fighting anywhere: what one fight would get
    for name in ("target", "east"):
        here.state.engagement[here.place(name)].active = 1
    count_fights(here.state)
    assert own.fights == 2
    assert air_power(here.state, BLUE) == 150


def test_power_counts_men_kit_quality_ammunition_and_food() -> None:
    here = crossroads()
    cell = here.cell("west", BLUE)
    cell.vehicles, cell.armour, cell.artillery = 2, 1, 1
    assert power(here.state, here.place("west"), BLUE, 300) == 356
    assert power(here.state, here.place("west"), BLUE, 150) == 178  # half the men bring half the kit
    cell.quality, cell.armed, cell.fed = 1.5, 0.5, 0.6
    assert power(here.state, here.place("west"), BLUE, 300) == pytest.approx(356 * 1.5 * 0.6 * 0.6)
    cell.armed, cell.fed = 0.0, 0.0
    assert power(here.state, here.place("west"), BLUE, 300) == pytest.approx(356 * 1.5 * 0.2 * 0.3)
    assert power(here.state, here.place("west"), BLUE, 0) == 0


def test_men_who_gave_up_inwardly_do_not_fight() -> None:
    here = crossroads(parameters={"defection.idle": 0.5})
    here.state.side[BLUE].given_up = 0.5
    # of 400 who stood, 100 went, 100 stay idle, 200 fight: two thirds of those present
    assert power(here.state, here.place("west"), BLUE, 300) == pytest.approx(200)


def test_equipment_is_lost_in_proportion_to_the_men() -> None:
    here = crossroads()
    bear(here.state, here.stream(), 5, 0, here.place("target"), GREEN, 16)
    assert here.cell("target", GREEN).fighters == 64
    assert here.cell("target", GREEN).vehicles == 8  # 10 less 16/80 of 10
    assert here.state.tally[0].equipment_lost == 2
    assert here.state.side[GREEN].lost == 16


def test_a_fall_with_a_way_out_saves_men_and_part_of_the_kit() -> None:
    here = crossroads()
    before = count_all(here.world, here.state)
    assault(here)
    target = here.cell("target", GREEN)
    target.food_t, target.ammunition_t = 8.0, 4.0
    fall(here.world, here.state, 3, here.stream(), here.place("target"))
    assert (target.fighters, here.cell("rear", GREEN).fighters) == (0, 80)
    assert (here.cell("rear", GREEN).vehicles, here.cell("target", BLUE).vehicles) == (6, 4)
    assert (here.cell("target", BLUE).food_t, here.cell("target", BLUE).ammunition_t) == (2.0, 1.0)
    assert here.state.tally[0].stock_out == 9.0
    assert here.state.side[GREEN].cohesion == pytest.approx(0.8)  # its home counts twice
    assert here.state.place[here.place("target")].holder == BLUE
    assert here.state.place[here.place("target")].held_since == 3
    assert count_all(here.world, here.state) == before


def test_a_fall_without_a_way_out_costs_prisoners_and_leaves_guerrillas() -> None:
    here = crossroads()
    here.state.route[here.route("target-rear")].blocker = BLUE
    assault(here)
    fall(here.world, here.state, 3, here.stream(), here.place("target"))
    assert here.state.side[GREEN].captured == 40
    assert here.cell("target", GREEN).guerrillas == 40
    assert here.cell("target", GREEN).fighters == 0
    assert here.cell("target", BLUE).vehicles == 10


def test_part_of_the_men_engaged_moves_in() -> None:
    here = crossroads()
    assault(here)
    here.cell("west", BLUE).engaged = 200
    fall(here.world, here.state, 3, here.stream(), here.place("target"))
    assert here.cell("target", BLUE).fighters == 100
    assert (here.cell("west", BLUE).fighters, here.cell("east", BLUE).fighters) == (200, 100)


def test_taking_what_nobody_held_shakes_nobody() -> None:
    here = crossroads()
    here.state.place[here.place("target")].holder = NOBODY
    here.cell("target", GREEN).fighters = 0
    assault(here)
    fall(here.world, here.state, 3, here.stream(), here.place("target"))
    assert here.state.side[GREEN].cohesion == 1.0


def test_an_empty_place_falls_to_whoever_comes_and_to_nobody_else() -> None:
    here = crossroads()
    here.cell("target", GREEN).fighters = 0
    assault(here)
    settle(here.world, here.state, 0, here.stream(), here.place("target"))
    assert here.state.place[here.place("target")].holder == BLUE
    alone = crossroads(forces=[])
    assault(alone)
    settle(alone.world, alone.state, 0, alone.stream(), alone.place("target"))
    assert alone.state.place[alone.place("target")].holder == GREEN
    assert alone.state.engagement[alone.place("target")].active == 0


def test_the_favoured_side_wins_when_the_length_is_over() -> None:
    for favoured, holder in ((1, BLUE), (0, GREEN)):
        here = crossroads()
        assault(here)
        now = here.state.engagement[here.place("target")]
        now.favoured = favoured
        here.cell("target", GREEN).engaged = 80
        settle(here.world, here.state, 4, here.stream(), here.place("target"))
        assert here.state.place[here.place("target")].holder == holder
        assert now.active == 0


def test_a_repulse_pauses_the_attacker_and_hides_those_within() -> None:
    here = crossroads()
    assault(here)
    here.state.side[BLUE].offensive = 1
    here.cell("target", BLUE).fighters = 7
    repulse(here.world, here.state, 3, here.stream(), here.place("target"))
    assert here.state.side[BLUE].pause_until > 3
    assert here.state.side[BLUE].offensive == 0
    assert here.state.side[BLUE].cohesion == pytest.approx(0.95)
    assert (here.cell("target", BLUE).fighters, here.cell("target", BLUE).guerrillas) == (0, 7)
    assert here.state.place[here.place("target")].holder == GREEN


def test_only_men_inside_and_out_of_a_fight_disperse() -> None:
    here = crossroads()
    here.cell("rear", GREEN).fighters = 30
    disperse(here.world, here.state, 0, GREEN)
    assert (here.cell("target", GREEN).fighters, here.cell("target", GREEN).guerrillas) == (0, 80)
    assert here.cell("rear", GREEN).fighters == 30  # outside the stronghold
    fighting = crossroads()
    assault(fighting)
    disperse(fighting.world, fighting.state, 0, GREEN)
    assert fighting.cell("target", GREEN).fighters == 80


def test_the_board_is_a_scenario() -> None:
    from fastness.scenario import check
    from fastness.scenario.model import Scenario

    assert [str(problem) for problem in check(Scenario.model_validate(document()))] == []
