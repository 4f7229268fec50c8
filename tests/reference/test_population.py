"""Unrest by hand: it starts as written, follows the crowd, and incidents excite each other."""

import math

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.processes.population import crowd_unrest, incident_rate, population, rising_chance, stir
from fastness.kernel.state import State

CROWD = {
    "crowd.bursts": 0,
    "crowd.watch": 10,
    "crowd.weight": 0.5,
    "crowd.guests": 0.5,
    "incident.rate": 2.0,
    "incident.branching": 0.5,
    "incident.decay": 0.1,
    "incident.news": 2.0,
    "incident.stir": 0.05,
    "unrest.volatility": 0.003,
    "unrest.reversion": 0.02,
}


def town(fighters: int = 200, **changes: object) -> Board:
    """Put 100,000 people, a third of them for the defender, under the besieger's garrison at home."""
    places = [place("home", "blue", population=100_000, sympathy=0.3, unrest=0.2), place("target", "green")]
    forces = [{"id": "h", "side": "blue", "place": "home", "fighters": fighters}]
    return board(CROWD, **({"places": places, "routes": [], "forces": forces} | changes))


def weeks(here: Board, count: int) -> State:
    """Play some weeks of this process alone."""
    for day in range(7 * count):
        population(here.world, here.state, day, here.stream(day))
    return here.state


def test_unrest_starts_as_written_and_stays_there_when_nothing_changes() -> None:
    here = town()
    spot = here.state.place[here.place("home")]
    assert spot.unrest == 0.2
    assert spot.unrest_own + crowd_unrest(here.state, here.place("home")) == pytest.approx(0.2)
    assert spot.legitimacy == pytest.approx(0.7)


def test_an_empty_barracks_a_full_camp_and_a_hated_ruler_stir_the_crowd() -> None:
    here = town()
    home = here.place("home")
    before = crowd_unrest(here.state, home)
    here.state.place[home].guests = 50_000
    assert crowd_unrest(here.state, home) > before
    here.state.place[home].guests = 0
    here.state.place[home].legitimacy = 0.2
    hated = crowd_unrest(here.state, home)
    assert hated > before
    here.cell("home", BLUE).fighters = 0
    assert crowd_unrest(here.state, home) == pytest.approx(0.5 * (1 - 0.1 / 0.8))
    assert crowd_unrest(here.state, home) > hated


def test_unrest_moves_to_the_crowd_that_dares() -> None:
    here = town()
    spot = here.state.place[here.place("home")]
    spot.legitimacy = 0.0
    goal = spot.unrest_own + crowd_unrest(here.state, here.place("home"))
    weeks(here, 1)
    assert 0.2 < spot.unrest < goal + 0.1


def test_incidents_come_at_the_usual_rate_with_news_and_with_heat() -> None:
    here = town()
    home = here.place("home")
    assert incident_rate(here.state, home) == pytest.approx(2.0 * 0.2)
    here.state.affairs[0].news = 1.0
    assert incident_rate(here.state, home) == pytest.approx(0.4 * (1 + 2 * 0.5))
    here.state.place[home].heat = 0.3
    assert incident_rate(here.state, home) == pytest.approx(0.8 + 0.3)


def test_incidents_are_counted_heat_the_place_and_cool() -> None:
    here = town()
    home = here.place("home")
    spot = here.state.place[home]
    stir(here.state, here.stream(), home, here.world.place[home].entity)
    assert spot.incidents > 0
    kept = math.exp(-0.1 * 7)
    assert spot.heat == pytest.approx(0.5 * (1 - kept) / 7 * spot.incidents)


def test_many_weeks_keep_unrest_a_share_and_branching_doubles_incidents() -> None:
    here = town()
    state = weeks(here, 150)
    spot = state.place[here.place("home")]
    assert 0.0 <= spot.unrest <= 1.0
    expected = 7 * 150 * 0.4 / (1 - 0.5)
    assert 0.4 * expected < spot.incidents < 2.5 * expected
    assert state.tally[0].status == 0


def test_news_and_heat_make_risings_likelier() -> None:
    here = town()
    home = here.place("home")
    quiet = rising_chance(here.state, home)
    here.state.affairs[0].news = 5.0
    told = rising_chance(here.state, home)
    here.state.place[home].heat = 1.0
    assert 0.0 < quiet < told < rising_chance(here.state, home)


def test_nobody_lives_nobody_stirs() -> None:
    here = town()
    target = here.place("target")
    weeks(here, 3)
    assert (here.state.place[target].incidents, here.state.place[target].unrest) == (0, 0.0)
    assert here.state.place[target].holder == GREEN
