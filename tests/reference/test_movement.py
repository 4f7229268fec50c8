"""Marches, reserve and arrivals by hand: nobody appears or vanishes on the way."""

from board import BLUE, GREEN, Board, board

from fastness.kernel.processes.calendar import calendar
from fastness.kernel.processes.movement import march, movement, release, send
from fastness.kernel.processes.tally import count_all
from fastness.kernel.world import NOBODY

FORCE = {"id": "f", "side": "blue", "place": "home", "fighters": 500, "vehicles": 5, "aircraft": 1}


def on_the_way(here: Board) -> tuple[int, int, int]:
    """Return men, vehicles and day due of the first column."""
    column = here.state.column[0]
    return column.fighters, column.vehicles, column.due


def test_men_march_with_their_share_of_the_kit_and_arrive() -> None:
    here = board({"march.road_speed": 10, "march.hours_per_day": 8}, forces=[FORCE])
    before = count_all(here.world, here.state)
    home, a = here.place("home"), here.place("a")
    march(here.world, here.state, 3, BLUE, home, a, a, here.route("home-a"), 200)
    assert on_the_way(here) == (200, 2, 4)  # 10 km in an hour: there tomorrow
    assert (here.cell("home", BLUE).fighters, here.cell("home", BLUE).vehicles) == (300, 3)
    assert count_all(here.world, here.state) == before
    movement(here.world, here.state, 4, here.stream())
    assert (here.cell("a", BLUE).fighters, here.cell("a", BLUE).vehicles) == (200, 2)
    assert (here.state.place[a].holder, here.state.place[a].held_since) == (BLUE, 4)  # nobody held it
    assert count_all(here.world, here.state) == before


def test_a_long_march_takes_days() -> None:
    here = board({"march.road_speed": 10, "march.hours_per_day": 8}, forces=[FORCE])
    here.world.route[here.route("home-a")].length_km = 170.0  # type: ignore[misc]
    a = here.place("a")
    march(here.world, here.state, 0, BLUE, here.place("home"), a, a, here.route("home-a"), 500)
    assert on_the_way(here) == (500, 5, 3)


def test_men_keep_their_quality_on_the_march_and_share_it_where_they_arrive() -> None:
    poor = {"id": "g", "side": "blue", "place": "a", "fighters": 300, "quality": 0.5}
    here = board(forces=[FORCE, poor])
    a = here.place("a")
    march(here.world, here.state, 0, BLUE, here.place("home"), a, a, here.route("home-a"), 200)
    here.state.column[0].due = 1
    movement(here.world, here.state, 1, here.stream())
    assert here.cell("a", BLUE).quality == 0.7  # 300 at 0.5 and 200 at 1


def test_a_column_turns_back_from_a_lost_place_and_hides_if_both_are_lost() -> None:
    for lost_home, fighters, guerrillas in ((False, 500, 0), (True, 300, 200)):
        here = board(forces=[FORCE])
        before = count_all(here.world, here.state)
        a = here.place("a")
        march(here.world, here.state, 0, BLUE, here.place("home"), a, a, here.route("home-a"), 200)
        here.state.place[here.place("a")].holder = GREEN
        if lost_home:
            here.state.place[here.place("home")].holder = GREEN
        here.state.column[0].due = 1
        movement(here.world, here.state, 1, here.stream())
        cell = here.cell("home", BLUE)
        assert (cell.fighters, cell.guerrillas) == (fighters, guerrillas)
        assert count_all(here.world, here.state) == before


def test_spare_men_go_one_hop_towards_where_they_are_wanted() -> None:
    here = board(forces=[FORCE])
    here.cell("b", BLUE).wanted = 120.0
    here.cell("home", BLUE).wanted = 400.0
    send(here.world, here.state, 0, BLUE)
    column = here.state.column[0]
    assert (column.place, column.fighters) == (here.place("a"), 100)


def test_men_on_the_way_are_not_sent_twice() -> None:
    here = board(forces=[FORCE])
    for way in here.world.route:
        way.length_km = 400.0  # type: ignore[misc] # days between two places
    here.cell("b", BLUE).wanted = 200.0
    for day in range(3):
        send(here.world, here.state, day, BLUE)
    assert here.state.tally[0].marching == 1
    assert here.cell("home", BLUE).fighters == 300


def test_nobody_marches_through_the_enemy_a_roadblock_or_snow() -> None:
    def blocked(here: Board) -> None:
        here.state.route[here.route("a-b")].blocker = GREEN

    def shut(here: Board) -> None:
        here.state.route[here.route("a-b")].shut = 1

    def taken(here: Board) -> None:
        here.state.place[here.place("a")].holder = GREEN

    for obstacle in (blocked, shut, taken):
        here = board(forces=[FORCE])
        here.cell("b", BLUE).wanted = 120.0
        obstacle(here)
        send(here.world, here.state, 0, BLUE)
        assert here.state.tally[0].marching == 0


def test_a_besieged_garrison_does_not_march_away() -> None:
    here = board(forces=[FORCE])
    here.cell("a", BLUE).wanted = 120.0
    here.state.engagement[here.place("home")].active = 1
    send(here.world, here.state, 0, BLUE)
    assert here.state.tally[0].marching == 0


def test_the_reserve_comes_as_far_as_wanted_free_and_carried() -> None:
    for wanted, deployable, came in ((100.0, 1e5, 100), (1000.0, 1e5, 400), (1000.0, 250.5, 250), (1000.0, 0.5, 0)):
        here = board()
        own = here.state.side[BLUE]
        own.reserve, own.deployable = 100_000, deployable
        here.cell("home", BLUE).wanted = wanted
        release(here.world, here.state, BLUE)
        assert (here.cell("home", BLUE).fighters, own.reserve) == (came, 100_000 - came)


def test_no_reserve_comes_to_a_home_that_is_lost() -> None:
    here = board()
    own = here.state.side[BLUE]
    own.reserve, own.deployable = 100_000, 1e5
    here.cell("home", BLUE).wanted = 1000.0
    here.state.place[here.place("home")].holder = GREEN
    release(here.world, here.state, BLUE)
    assert own.reserve == 100_000


def test_a_force_arrives_on_its_day_if_its_fact_is_true() -> None:
    force = FORCE | {"arrives": "2001-05-04", "needs": "fact"}
    belief = {"chance": 0.5, "source": "made up", "why": "made up", "date": "2001-05-01"}
    for true in (0, 1):
        here = board(forces=[force], beliefs={"fact": belief})
        here.state.latent[0].true = true
        arrivals = []
        for day in range(5):
            calendar(here.world, here.state, day, here.stream(day))
            arrivals.append(here.cell("home", BLUE).fighters)
        assert arrivals == [0, 0, 0, 500 * true, 500 * true]
        assert here.state.side[BLUE].arrived == 500 * true
        assert here.state.tally[0].equipment == 6 * true


def test_a_window_closes_the_day_after_its_last() -> None:
    window = {"name": "Truce", "until": "2001-05-03", "restrains": "blue", "why": "made up"}
    here = board(windows={"w": window})
    noted = []
    for day in range(5):
        calendar(here.world, here.state, day, here.stream(day))
        noted.append(here.state.tally[0].events)
    assert noted == [0, 0, 0, 1, 1]
    assert [here.value('window("w")', day) for day in (0, 2, 3)] == [1, 1, 0]
    assert here.state.event[0].place == NOBODY
