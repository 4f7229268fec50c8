"""Raids by hand: one band strikes, stray fire kills people, men sent from beside fight by the general law."""

import math

import pytest
from board import BLUE, GREEN, Board, board, place, route

from fastness.kernel.processes.raids import aimed_share, raid, raids, sent_to_raid, skirmish, strike
from fastness.kernel.processes.tally import count_all

#: no chance: raids are certain, losses rounded, intelligence one half whoever rules
CERTAIN = {
    "raid.rate": 1e6,
    "raid.escalation": 0,
    "raid.sent": 0.25,
    "raid.exposed": 2,
    "raid.aimed": 0.1,
    "raid.returned": 0.5,
    "raid.strays": 0.2,
    "raid.mechanised": 0,
    "band.party": 10,
    "attrition.jump_chain_below": 0,
    "intelligence.low": 0.5,
    "intelligence.high": 0.5,
    "skirmish.own_exponent": 0,
    "skirmish.enemy_exponent": 1,
    "skirmish.rate": 0.1,
    "skirmish.surprise": 0.5,
}


def valley(parameters: dict[str, float] | None = None, **spot: object) -> Board:
    """Put 300 of Blue in the west and 80 of Green at the target next door."""
    places = [place("west", "blue", **({"population": 1000} | spot)), place("target", "green", inside=True)]
    sides = {
        "green": {"name": "Green", "role": "defender", "home": "target"},
        "blue": {"name": "Blue", "role": "besieger", "home": "west"},
    }
    forces = [
        {"id": "w", "side": "blue", "place": "west", "fighters": 300},
        {"id": "t", "side": "green", "place": "target", "fighters": 80},
    ]
    two = [route("west", "target"), route("west", "target", id="second")]
    return board(CERTAIN | (parameters or {}), places=places, sides=sides, forces=forces, routes=two)


def one_band(here: Board) -> None:
    """Put all of Green's units in one band."""
    for unit in range(here.state.band.shape[1]):
        here.state.band[GREEN, unit].label = 0


def test_men_beside_are_sent_once_however_many_roads_are_open() -> None:
    here = valley()
    here.cell("west", GREEN).raided = 1
    west = here.place("west")
    assert sent_to_raid(here.world, here.state, west, GREEN) == 20
    here.state.route[here.route("second")].shut = 1
    assert sent_to_raid(here.world, here.state, west, GREEN) == 20
    here.state.route[here.route("west-target")].shut = 1
    assert sent_to_raid(here.world, here.state, west, GREEN) == 0


def test_men_sent_fight_by_the_drawn_law_and_bear_their_losses_at_home() -> None:
    here = valley()
    skirmish(here.world, here.state, here.stream(), here.place("west"), GREEN, 20)
    # square law, 20 sent against 2 x 20: Heun takes 0.1 (20 - 0.05 x 40 / 2) and 0.05 (40 - 0.1 x 20 / 2)
    assert 300 - here.cell("west", BLUE).fighters == pytest.approx(1.9, abs=1)
    assert 80 - here.cell("target", GREEN).fighters == pytest.approx(1.95, abs=1)
    assert here.state.side[GREEN].lost == 80 - here.cell("target", GREEN).fighters


def test_raids_come_sooner_the_more_there_were() -> None:
    """Each campaign-day is a coin of chance 1 - exp(-rate n^b): the fourth raid comes at twice the rate for b = 1/2."""
    for number, expected in ((0, 1 - 0.9), (3, 1 - 0.9**2)):
        here = valley({"raid.rate": -math.log(0.9), "raid.escalation": 0.5, "raid.aimed": 0, "raid.returned": 0})
        here.cell("west", GREEN).guerrillas = 100
        made = 0
        for day in range(3000):
            here.cell("west", GREEN).raids = number
            raid(here.world, here.state, here.stream(day), here.place("west"), GREEN, 1.0)
            made += here.cell("west", GREEN).raids - number
        # 3,000 coins: four standard errors, one false alarm in 16,000
        assert made / 3000 == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / 3000))


def test_every_law_costs_a_hundred_against_a_hundred_the_same() -> None:
    for p, q in ((0, 1), (1, 1), (1, 0), (0.45, 0.75)):
        law = {"skirmish.own_exponent": p, "skirmish.enemy_exponent": q, "skirmish.rate": 0.01, "raid.exposed": 1}
        here = valley(law | {"skirmish.surprise": 1})
        here.cell("target", GREEN).fighters = 100
        skirmish(here.world, here.state, here.stream(), here.place("west"), GREEN, 100)
        assert here.state.side[BLUE].lost in (0, 1), (p, q)
        assert here.state.side[GREEN].lost in (0, 1), (p, q)


def test_one_band_strikes_and_what_is_not_aimed_falls_on_people() -> None:
    here = valley({"raid.exposed": 20, "raid.strays": 1})
    one_band(here)
    cell = here.cell("west", GREEN)
    cell.guerrillas = 10
    before = count_all(here.world, here.state)
    strike(here.world, here.state, here.stream(), here.place("west"), GREEN)
    # ten raiders against 200 exposed, 0.5 hits each: half of 100 are aimed and end the band in a fifth of the day,
    # the other half fall on 1,010 people of whom ten are guerrillas
    assert cell.guerrillas == 0
    assert here.state.side[GREEN].lost == 10
    here_now = here.state.place[here.place("west")]
    until = 10 / (50 + 50 * 10 / 1010)
    assert here_now.killed == pytest.approx(until * 50 * 1000 / 1010, abs=1)
    assert here.cell("west", BLUE).harm == here_now.killed
    assert here_now.people == 1000 - here_now.killed
    men, kit = count_all(here.world, here.state)
    assert (men + here.state.side[GREEN].lost + here.state.side[BLUE].lost, kit) == before


def test_a_band_is_no_larger_than_the_guerrillas_there_and_hits_only_whom_it_meets() -> None:
    here = valley({"raid.exposed": 1, "raid.aimed": 100, "raid.returned": 0})
    one_band(here)
    here.cell("west", GREEN).guerrillas = 30
    strike(here.world, here.state, here.stream(), here.place("west"), GREEN)
    assert here.cell("west", BLUE).fighters == 270
    alone = valley({"raid.exposed": 1, "raid.aimed": 100, "raid.returned": 0})
    alone.cell("west", GREEN).guerrillas = 30  # every unit its own band
    strike(alone.world, alone.state, alone.stream(), alone.place("west"), GREEN)
    assert alone.cell("west", BLUE).fighters == 290


def test_nobody_lives_there_nobody_is_killed() -> None:
    here = valley({"raid.strays": 1}, population=0)
    here.cell("west", GREEN).guerrillas = 100
    strike(here.world, here.state, here.stream(), here.place("west"), GREEN)
    assert here.state.place[here.place("west")].killed == 0


def test_men_in_vehicles_know_less() -> None:
    here = valley({"raid.mechanised": 2})
    assert aimed_share(here.state, here.place("west"), BLUE) == pytest.approx(0.5)
    here.cell("west", BLUE).vehicles = 150
    assert aimed_share(here.state, here.place("west"), BLUE) == pytest.approx(0.5 / 2.718281828)


def test_a_raid_counts_for_the_week_and_needs_somebody_to_raid() -> None:
    here = valley()
    raid(here.world, here.state, here.stream(), here.place("west"), GREEN, 1.0)
    assert here.state.side[GREEN].week_attacks == 0  # nobody there
    here.cell("west", GREEN).guerrillas = 10
    raids(here.world, here.state, 0, here.stream())
    assert here.state.side[GREEN].week_attacks == 1


def test_bands_mix_only_while_a_side_has_guerrillas() -> None:
    here = valley({"band.scatter": 0, "band.steps": 40})
    raids(here.world, here.state, 0, here.stream())
    assert [here.state.band[GREEN, unit].label for unit in range(3)] == [0, 1, 2]
    here.cell("west", GREEN).guerrillas = 10
    raids(here.world, here.state, 0, here.stream())
    labels = [here.state.band[GREEN, unit].label for unit in range(here.state.band.shape[1])]
    assert len(set(labels)) < len(labels)
    assert [here.state.band[BLUE, unit].label for unit in range(3)] == [0, 1, 2]
