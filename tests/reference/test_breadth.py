"""Breadth by hand: who sees the movement as theirs, what moves it, and how legitimate a holder is."""

import math

import pytest
from board import BLUE, GREEN, Board, board, place

from fastness.kernel.groups import anger, mean_affinity, renew_breadth, renew_legitimacy, strangeness
from fastness.kernel.processes.breadth import breadth, credibility, move_groups
from fastness.kernel.processes.manpower import desertion_rate

PARAMETERS = {
    "breadth.unite": 0.002,
    "breadth.polarisation": 0.5,
    "breadth.harm": 0.004,
    "breadth.recognition": 0.001,
    "legitimacy.grievance": 0.5,
    "legitimacy.hunger": 0.4,
    "backlash.ingroup": 0.2,
    "desertion.inequality": 2.0,
    "hunger.need": 2000,
}
KIN = {"id": "kin", "name": "Kin", "share": 0.5, "share_inside": 0, "affinity": 0.1, "kin": "blue"}
VALLEY = {
    "id": "valley",
    "name": "Valley",
    "share": 0.25,
    "share_inside": 1.0,
    "affinity": 0.8,
    "treatment": "discriminated",
}
OTHER = {"id": "other", "name": "Other", "share": 0.25, "share_inside": 0, "affinity": 0.4}
UNITE = {"green": [{"intent": "unite", "orders": {"unite": True}}]}
#: groups come in the order of their names
FIRST_KIN, SECOND_OTHER, THIRD_VALLEY = 0, 1, 2


def country(**changes: object) -> Board:
    """Put 30,000 people at home under the besieger and 10,000 in the valley, with 100 fighters."""
    places = [
        place("home", "blue", population=30_000, sympathy=0.2),
        place("target", "green", population=10_000, sympathy=0.6, inside=True, district_of="Far"),
    ]
    forces = [{"id": "t", "side": "green", "place": "target", "fighters": 100}]
    base = {"places": places, "routes": [], "forces": forces, "groups": [KIN, VALLEY, OTHER]}
    return board(PARAMETERS, **(base | changes))


def test_groups_are_where_the_test_expects_them() -> None:
    here = country()
    assert [here.state.group[g].affinity for g in range(3)] == [0.1, 0.4, 0.8]
    assert [here.world.group[g].stranger for g in range(3)] == [0, 1, 1]


def test_breadth_is_the_share_of_all_who_see_it_as_theirs() -> None:
    here = country()
    assert mean_affinity(here.world, here.state, 0) == pytest.approx(0.5 * 0.1 + 0.25 * 0.4 + 0.25 * 0.8)
    assert mean_affinity(here.world, here.state, 1) == pytest.approx(0.8)
    assert here.state.side[GREEN].breadth == pytest.approx((30 * 0.35 + 10 * 0.8) / 40)
    assert here.state.side[BLUE].breadth == pytest.approx(0.375 * 0.9)
    # only men of the valley fight so far, and they are discriminated against
    assert here.state.side[GREEN].diversity == 0.0
    assert here.state.side[GREEN].inequality == pytest.approx(0.5)


def test_an_unequal_army_deserts() -> None:
    here = country()
    assert desertion_rate(here.state, here.place("target"), GREEN) == pytest.approx(0.01 * (1 + 2 * 0.5))
    assert desertion_rate(here.state, here.place("target"), BLUE) == pytest.approx(0.01)


def test_harm_by_strangers_weighs_full_by_ones_own_little() -> None:
    here = country()
    assert strangeness(here.world, FIRST_KIN, BLUE, 0.2) == pytest.approx(0.2)
    assert strangeness(here.world, THIRD_VALLEY, BLUE, 0.2) == 1.0
    assert strangeness(here.world, FIRST_KIN, GREEN, 0.2) == 1.0
    assert strangeness(here.world, THIRD_VALLEY, GREEN, 0.2) == pytest.approx(0.2)
    assert anger(here.world, 0, BLUE, 0.2) == pytest.approx(0.5 * 0.2 + 0.5)


def test_harm_drives_groups_to_the_other_side() -> None:
    here = country()
    here.cell("target", BLUE).grievance = 10.0  # one per 1,000 of the valley's 10,000; the valley group has 17,500
    move_groups(here.world, here.state)
    suffered = 1000 * 10 / 17_500
    assert here.state.group[THIRD_VALLEY].affinity == pytest.approx(0.8 + 7 * 0.004 * suffered * 0.2)
    assert here.state.group[FIRST_KIN].affinity == pytest.approx(0.1)
    here.cell("target", BLUE).grievance = 0.0
    here.cell("home", GREEN).grievance = 30.0
    move_groups(here.world, here.state)
    assert here.state.group[FIRST_KIN].affinity == pytest.approx(0.1 * (1 - 7 * 0.004))


def test_words_of_unity_are_believed_from_a_mixed_movement() -> None:
    here = country(plans=UNITE)
    here.state.side[GREEN].active = 0
    before = [here.state.group[g].affinity for g in range(3)]
    move_groups(here.world, here.state)
    assert [here.state.group[g].affinity for g in range(3)] == before  # one valley's men alone persuade nobody
    here.cell("home", GREEN).guerrillas = 100
    renew_breadth(here.world, here.state)
    believed = credibility(here.world, here.state, 10_000.0, 30_000.0)
    assert 0.0 < believed < 1.0
    move_groups(here.world, here.state)
    assert here.state.group[SECOND_OTHER].affinity == pytest.approx(0.4 + 7 * 0.002 * believed * 0.6)


def test_sympathy_of_places_follows_the_groups() -> None:
    here = country()
    here.cell("home", BLUE).grievance = 60.0
    before = mean_affinity(here.world, here.state, 0)
    breadth(here.world, here.state, 7, here.stream(7))
    moved = mean_affinity(here.world, here.state, 0) - before
    assert moved > 0.0
    assert here.state.place[here.place("home")].sympathy == pytest.approx(0.2 + moved)


def test_legitimacy_falls_with_deaths_and_hunger() -> None:
    here = country()
    home = here.place("home")
    here.cell("home", BLUE).grievance = 30.0  # one per 1,000
    here.state.place[home].kcal = 1500.0
    renew_legitimacy(here.state, home)
    assert here.state.place[home].legitimacy == pytest.approx(0.8 * math.exp(-0.5) * (1 - 0.4 * 0.25))
    here.state.place[home].holder = GREEN  # a new ruler is not blamed for the old one's dead
    renew_legitimacy(here.state, home)
    assert here.state.place[home].legitimacy == pytest.approx(0.2 * (1 - 0.4 * 0.25))


def test_without_groups_nothing_is_narrow() -> None:
    here = country(groups=[])
    breadth(here.world, here.state, 7, here.stream(7))
    assert here.state.side[GREEN].breadth == 1.0
    assert here.state.side[GREEN].inequality == 0.0
    assert anger(here.world, 1, BLUE, 0.2) == 1.0
    assert here.state.place[here.place("home")].sympathy == 0.2
