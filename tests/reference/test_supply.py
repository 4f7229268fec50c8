"""Supply and rations by hand: which roads are open to whom, what arrives, what is eaten, shot and driven."""

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.cover import civil_food_days
from fastness.kernel.ground import passable
from fastness.kernel.processes.command import post
from fastness.kernel.processes.rations import eat, list_places, rations, receive, share_out
from fastness.kernel.processes.supply import supply
from fastness.kernel.world import NOBODY

FOOD, FUEL, AMMUNITION = 0, 1, 2


def siege(**changes: object) -> Board:
    """Put 20,000 people (10 t a day) behind a post of Blue on the road to a market."""
    places = [
        place("market", "blue", market_t_per_day=400),
        place("post", "blue"),
        place("town", "green", inside=True, population=20_000, food_days=4),
    ]
    sides = {
        "green": {"name": "Green", "role": "defender", "home": "town"},
        "blue": {"name": "Blue", "role": "besieger", "home": "market"},
    }
    forces = [{"id": "p", "side": "blue", "place": "post", "fighters": 60}]
    plans = {"blue": [{"intent": "shut it in", "orders": {"blockade": ["post"]}}]}
    base = {"places": places, "routes": [route("market", "post"), route("post", "town")], "sides": sides}
    return board(**(base | {"forces": forces, "plans": plans} | changes))


def shut_in(here: Board) -> None:
    """Put Blue's blockade in force and let a day's supply flow."""
    here.state.side[BLUE].active = 0
    post(here.world, here.state, BLUE)
    supply(here.world, here.state, 0, here.stream())


def inflow(here: Board, name: str = "town") -> float:
    """Return the civil food that reaches a place [t/day]."""
    return here.state.place[here.place(name)].market_inflow_t


def test_an_open_road_brings_half_more_than_is_eaten() -> None:
    here = siege()
    supply(here.world, here.state, 0, here.stream())
    assert inflow(here) == 15.0


def test_a_blockade_closes_the_road_beyond_the_post_and_little_passes() -> None:
    here = siege()
    shut_in(here)
    routes = here.state.route
    assert (routes[here.route("market-post")].open, routes[here.route("post-town")].open) == (1, 0)
    assert inflow(here) == 1.0  # a tenth of what the people inside eat
    supply(here.world, here.state, 1, here.stream())
    assert routes[here.route("post-town")].closed_days == 2


def test_nobody_is_besieged_without_men_at_the_post_and_nothing_passes_snow() -> None:
    empty = siege(forces=[])
    shut_in(empty)
    assert empty.state.route[empty.route("post-town")].open == 1
    snowed = siege(routes=[route("market", "post"), route("post", "town", season="winter")])
    snowed.state.route[snowed.route("post-town")].shut = 1
    shut_in(snowed)
    assert inflow(snowed) == 0.0


def test_a_road_within_the_besiegers_ground_stays_open() -> None:
    here = siege()
    here.state.place[here.place("town")].holder = BLUE
    shut_in(here)
    assert here.state.route[here.route("post-town")].open == 1


def test_a_roadblock_is_not_symmetric() -> None:
    here = siege()
    road = here.route("post-town")
    here.state.route[road].blocker = GREEN
    assert passable(here.state, road, GREEN)
    assert not passable(here.state, road, BLUE)
    supply(here.world, here.state, 0, here.stream())
    assert here.state.route[road].open == 0  # to trade it is closed whoever blocks it
    here.state.route[road].shut = 1
    assert not passable(here.state, road, GREEN)


def test_a_market_serves_no_more_than_it_has() -> None:
    places = [place("market", "blue", market_t_per_day=3), place("town", "green", population=20_000)]
    sides = {
        "green": {"name": "Green", "role": "defender", "home": "town"},
        "blue": {"name": "Blue", "role": "besieger", "home": "market"},
    }
    here = siege(places=places, sides=sides, routes=[route("market", "town")], forces=[], plans={})
    supply(here.world, here.state, 0, here.stream())
    assert inflow(here) == 3.0


def test_a_depot_supplies_its_own_side_over_its_own_ground() -> None:
    stocks = [{"id": "d", "side": "blue", "place": "market", "supply_t_per_day": 500}]
    here = siege(stocks=stocks)
    supply(here.world, here.state, 0, here.stream())
    # 60 men eat 0.03 t and shoot 0.06 t a day quietly
    assert here.cell("post", BLUE).inflow_t == pytest.approx(1.5 * 0.09)
    assert here.cell("town", GREEN).inflow_t == 0.0
    here.state.route[here.route("market-post")].blocker = GREEN
    supply(here.world, here.state, 1, here.stream())
    assert here.cell("post", BLUE).inflow_t == 0.0


def test_deliveries_fill_each_kind_to_its_own_cover() -> None:
    here = siege()
    cell = here.cell("post", BLUE)
    cell.vehicles = 3  # 0.06 t of fuel a day beside 0.03 t of food and 0.06 t of ammunition
    cell.inflow_t = 0.30
    cell.ammunition_t = 500.0  # plenty of one kind does not stop the others
    cell.fuel_t = 30 * 0.06 - 0.05
    receive(here.world, here.state, BLUE)
    assert cell.food_t == pytest.approx(0.06)
    assert cell.fuel_t == pytest.approx(1.8)
    assert cell.ammunition_t == 500.0


def test_full_rations_down_to_ten_days_then_less() -> None:
    here = siege()
    town = here.state.place[here.place("town")]
    assert town.food_t == 40.0
    assert civil_food_days(here.state, here.place("town")) == 4.0
    eat(here.world, here.state, 0, here.stream(), here.place("town"))
    assert town.food_t == pytest.approx(40 - 10 * (0.5 + 0.5 * 0.4))
    assert town.kcal == pytest.approx(2100 * 0.7)
    town.food_t = 100.0
    eat(here.world, here.state, 1, here.stream(), here.place("town"))
    assert town.food_t == pytest.approx(90.0)


def test_who_eats_enough_recovers_and_is_then_done_with_hunger() -> None:
    here = siege()
    town = here.state.place[here.place("town")]
    town.food_t, town.people = 1000.0, 19_997
    eat(here.world, here.state, 0, here.stream(), here.place("town"))
    assert town.kcal == 2100.0  # to the last bit: a rounding error short would be hunger
    assert (town.deficit_poor, town.deficit_middle, town.deficit_better) == (0.0, 0.0, 0.0)
    town.deficit_poor, town.deficit_middle, town.deficit_better = 0.01, 0.005, 0.001
    eat(here.world, here.state, 1, here.stream(), here.place("town"))
    assert town.deficit_poor == pytest.approx(0.01 * (1 - 2.3 / 80), rel=1e-3)  # lost weight spares energy: M10
    town.deficit_poor, town.deficit_middle, town.deficit_better = 0.001, 0.0005, 0.0001  # 70 g and less
    eat(here.world, here.state, 2, here.stream(), here.place("town"))
    assert (town.deficit_poor, town.deficit_middle, town.deficit_better) == (0.0, 0.0, 0.0)


def test_an_ordered_ration_binds_inside_the_stronghold_only() -> None:
    plans = {"green": [{"intent": "save", "orders": {"ration": 0.6}}]}
    for inside, left in ((True, 94.0), (False, 90.0)):
        places = [place("market", "blue"), place("post", "blue")]
        places.append(place("town", "green", inside=inside, population=20_000))
        here = siege(places=places, plans=plans)
        here.state.side[GREEN].active = 0
        here.state.place[here.place("town")].food_t = 100.0
        eat(here.world, here.state, 0, here.stream(), here.place("town"))
        assert here.state.place[here.place("town")].food_t == pytest.approx(left)


def test_the_day_on_which_food_is_used_up() -> None:
    here = siege()
    town = here.state.place[here.place("town")]
    town.food_t = 4.0
    eat(here.world, here.state, 6, here.stream(), here.place("town"))
    assert town.food_t == 0.0  # 4 t of the 5.2 t that the ration would be
    assert here.state.clock[here.place("town")].food_out == 6
    assert town.kcal == pytest.approx(2100 * 0.4)
    eat(here.world, here.state, 7, here.stream(), here.place("town"))
    assert here.state.clock[here.place("town")].food_out == 6
    assert town.kcal == 0.0


def test_trade_fills_households_to_a_cap_and_the_rest_is_not_bought() -> None:
    here = siege()
    town = here.state.place[here.place("town")]
    town.food_t, town.market_inflow_t = 1199.0, 15.0
    books = here.state.tally[0].stock_in
    eat(here.world, here.state, 0, here.stream(), here.place("town"))
    assert town.food_t == pytest.approx(1200.0)  # 120 days
    assert here.state.tally[0].stock_in - books == pytest.approx(11.0)


def test_men_under_fire_shoot_more_and_moving_vehicles_drink_more() -> None:
    here = siege()
    cell = here.cell("post", BLUE)
    cell.vehicles, cell.engaged = 10, 40
    cell.food_t = cell.fuel_t = cell.ammunition_t = 1.0
    rations(here.world, here.state, 0, here.stream())
    assert cell.food_t == pytest.approx(1 - 0.03)
    assert cell.fuel_t == pytest.approx(1 - 0.5)
    assert cell.ammunition_t == pytest.approx(1 - 0.06 - 0.16)
    assert (cell.fed, cell.armed) == (1.0, 1.0)
    assert cell.shot == pytest.approx(0.2 * 0.22)


def test_connected_men_share_stocks_and_cut_off_men_do_not() -> None:
    forces = [
        {"id": "p", "side": "blue", "place": "post", "fighters": 60},
        {"id": "m", "side": "blue", "place": "market", "fighters": 140},
    ]
    here = siege(forces=forces)
    supply(here.world, here.state, 0, here.stream())
    here.cell("market", BLUE).food_t = 0.05
    share_out(here.world, here.state, 0, BLUE, FOOD, list_places(here.world, here.state, BLUE))
    # 200 men need 0.1 t and have half of it
    assert (here.cell("market", BLUE).fed, here.cell("post", BLUE).fed) == (0.5, 0.5)
    assert here.cell("market", BLUE).food_t == 0.0
    assert here.state.side[BLUE].food_out == 0
    here.state.route[here.route("market-post")].blocker = GREEN
    supply(here.world, here.state, 1, here.stream())
    here.cell("market", BLUE).food_t = 0.05
    share_out(here.world, here.state, 1, BLUE, FOOD, list_places(here.world, here.state, BLUE))
    assert here.cell("market", BLUE).fed == pytest.approx(0.05 / 0.07)
    assert here.cell("post", BLUE).fed == 0.0


def test_men_on_ground_that_is_not_theirs_live_from_what_they_carry() -> None:
    here = siege()
    town = here.cell("town", BLUE)
    town.fighters, town.ammunition_t = 10, 0.005
    supply(here.world, here.state, 0, here.stream())
    assert town.network == NOBODY
    share_out(here.world, here.state, 0, BLUE, AMMUNITION, list_places(here.world, here.state, BLUE))
    assert town.armed == pytest.approx(0.5)
    assert here.cell("post", BLUE).armed == 0.0
