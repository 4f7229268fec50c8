"""People by hand: who joins, who leaves, who rises, and the days on which snow shuts a pass."""

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.processes.manpower import desert, desertion_rate, recruit, recruits_expected
from fastness.kernel.processes.population import rise, rising_chance
from fastness.kernel.processes.tally import count_all
from fastness.kernel.processes.weather import weather


def town(**changes: object) -> Board:
    """Put 20,000 people, half of them sympathetic, with 100 fighters at the target."""
    places = [
        place("home", "blue", population=20_000, sympathy=0.5),
        place("target", "green", population=20_000, sympathy=0.5),
    ]
    forces = [
        {"id": "t", "side": "green", "place": "target", "fighters": 100},
        {"id": "h", "side": "blue", "place": "home", "fighters": 5},
    ]
    base = {"places": places, "routes": [route("home", "target", season="winter")], "forces": forces}
    return board(**(base | changes))


def test_recruits_fall_off_towards_the_ceiling() -> None:
    here = town()
    target = here.place("target")
    week = 7 * 0.001 * 10_000 * (1 - 100 / 1000)
    assert recruits_expected(here.world, here.state, target) == pytest.approx(week)
    here.cell("target", GREEN).fighters = 1000
    assert recruits_expected(here.world, here.state, target) == 0.0


def test_hunger_and_despair_drive_men_home() -> None:
    here = town()
    target = here.place("target")
    assert desertion_rate(here.state, target, GREEN) == pytest.approx(0.01)
    here.cell("target", GREEN).fed = 0.6
    here.state.side[GREEN].cohesion = 0.9
    assert desertion_rate(here.state, target, GREEN) == pytest.approx(0.01 * (1 + 5 * 0.4 + 10 * 0.1))


def test_recruits_and_deserters_are_people_of_the_place() -> None:
    here = town()
    target = here.place("target")
    before = count_all(here.world, here.state)
    recruit(here.state, target, 30)
    assert (here.state.place[target].people, here.cell("target", GREEN).fighters) == (19_970, 130)
    desert(here.world, here.state, target, GREEN, 500)  # no more than there are
    assert (here.state.place[target].people, here.cell("target", GREEN).fighters) == (20_100, 0)
    assert (here.state.side[GREEN].recruited, here.state.side[GREEN].deserted) == (30, 130)
    assert count_all(here.world, here.state) == before


def test_a_rising_grows_likelier_with_unrest_and_a_thin_garrison() -> None:
    here = town(parameters={"rising.rate": 0.01, "rising.shortfall": 3})
    home = here.place("home")
    assert rising_chance(here.state, home) == 0.0
    here.state.place[home].unrest = 0.2
    thin = rising_chance(here.state, home)
    here.cell("home", BLUE).fighters = 20_000
    assert 0.0 < rising_chance(here.state, home) < thin
    here.state.place[home].unrest = 0.4
    assert rising_chance(here.state, home) > 0.0


def test_a_rising_turns_people_into_attackers_from_within() -> None:
    here = town(parameters={"rising.share": 0.01})
    home = here.place("home")
    before = count_all(here.world, here.state)
    rise(here.world, here.state, 4, here.stream(), home)
    assert here.cell("home", GREEN).fighters == 100
    assert here.state.place[home].people == 19_900
    now = here.state.engagement[home]
    assert (now.ordered, now.attacker, now.event) == (1, GREEN, 0)
    assert count_all(here.world, here.state) == before


def shut_days(here: Board, days: int) -> list[int]:
    """Return the days on which the pass is shut."""
    found = []
    for day in range(days):
        weather(here.world, here.state, day, here.stream(day))
        if here.state.route[0].shut == 1:
            found.append(day)
    return found


def test_a_pass_is_shut_from_its_day_to_the_day_before_it_opens() -> None:
    still = {
        "weather.winter_shift": 0,
        "weather.thaw_shift": 0,
        "weather.winter_sd": 0,
        "weather.thaw_sd": 0,
        "weather.pass_sd": 0,
        "weather.close_day": -31,
        "weather.open_day": 40,
    }
    clock = {"start": "2001-11-25", "end": "2002-03-01", "as_of": "2001-11-25"}
    here = town(parameters=still, clock=clock, routes=[route("home", "target", season="winter", highest_point_m=3848)])
    # 31 days before 1 January is 1 December, day 6; 40 days after it 10 February, day 77
    assert shut_days(here, 96) == list(range(6, 77))
    kinds = [here.state.event[k].kind for k in range(here.state.tally[0].events)]
    assert len(kinds) == 2
