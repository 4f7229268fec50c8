"""What must hold in every campaign of any scenario: nothing appears or vanishes, and nobody shifts another's luck."""

import copy
import random

import numpy as np
import pytest
from campaigns import Array, differing, same
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from property.generated import BLUE, GREEN, Document, compiled, documents, history, rows, state_of

from fastness.kernel.events import EVENTS
from fastness.kernel.state import PLACE_SERIES, State
from fastness.kernel.streams import Stream
from fastness.kernel.world import World
from fastness.scenario import check
from fastness.scenario.model import Scenario

COUNT = 3
EXAMPLES = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
FEWER = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
KIT = ("vehicles", "armour", "artillery", "aircraft")
STOCKS = ("food_t", "fuel_t", "ammunition_t")
#: fields that number the parts of the network as it is drawn: they hold no history
LABELS = frozenset({"network", "fronts_for"})
#: events whose amount is the index of a route
OF_ROUTES = tuple(EVENTS.index(kind) for kind in ("pass-closes", "pass-opens", "roadblock-set", "roadblock-cleared"))


def people_and_men(state: State) -> Array:
    """Count everybody, alive or dead, of each campaign."""
    place, cell, side = rows(state.place), rows(state.cell), rows(state.side)
    column = rows(state.column)
    men = (place["people"] + place["hunger_deaths"] + place["killed"]).sum(axis=1)
    men += (cell["fighters"] + cell["guerrillas"]).sum(axis=(1, 2))
    men += (side["reserve"] + side["captured"] + side["lost"] - side["arrived"]).sum(axis=1)
    return men + (column["fighters"] * column["active"]).sum(axis=1)


def equipment(state: State) -> Array:
    """Count all pieces of equipment of each campaign, on the march too."""
    column = rows(state.column)
    return sum(rows(state.cell)[kind].sum(axis=(1, 2)) + (column[kind] * column["active"]).sum(axis=1) for kind in KIT)


def tonnes(state: State) -> Array:
    """Add up all stocks of each campaign [t]."""
    cell = rows(state.cell)
    return rows(state.place)["food_t"].sum(axis=1) + sum(cell[kind].sum(axis=(1, 2)) for kind in STOCKS)


@EXAMPLES
@given(documents())
def test_generated_scenarios_are_ones_that_a_person_may_write(document: Document) -> None:
    assert [str(problem) for problem in check(Scenario.model_validate(document))] == []


@EXAMPLES
@given(documents())
def test_men_and_equipment_balance_exactly_and_stocks_to_a_billionth(document: Document) -> None:
    scenario = compiled(document)
    before = scenario.batch(20010101, 0, COUNT).state
    after = state_of(scenario, count=COUNT)
    book = rows(after.tally)[:, 0]
    assert (book["status"] == 0).all()
    assert (people_and_men(after) == people_and_men(before)).all()
    arrived = book["equipment"] - equipment(before)  # what came with the forces that arrived
    assert (arrived >= 0).all()
    assert (equipment(after) + book["equipment_lost"] == equipment(before) + arrived).all()
    gap = tonnes(after) + book["stock_out"] - book["stock_in"]
    assert (np.abs(gap) <= 1e-9 * (book["stock_in"] + 1)).all()


@EXAMPLES
@given(documents())
def test_everything_stays_within_its_bounds(document: Document) -> None:
    state = state_of(compiled(document))
    cell, place, side = rows(state.cell), rows(state.place), rows(state.side)
    for field in ("fighters", "guerrillas", *KIT, *STOCKS, "shot", "seen", "wanted", "inflow_t"):
        assert (cell[field] >= 0).all(), field
    for field in ("fed", "armed"):
        assert ((cell[field] >= 0) & (cell[field] <= 1)).all(), field
    for field in ("unrest", "sympathy", "deficit_poor", "deficit_middle", "deficit_better"):
        assert ((place[field] >= 0) & (place[field] <= 1)).all(), field
    for field in ("people", "food_t", "market_inflow_t", "kcal", "hunger_deaths"):
        assert (place[field] >= 0).all(), field
    for field in ("reserve", "recruited", "deserted", "lost", "captured", "deployable"):
        assert (side[field] >= 0).all(), field
    for field in ("cohesion", "given_up", "serviceable"):
        assert ((side[field] >= 0) & (side[field] <= 1)).all(), field
    assert np.isin(state.holder_series, [-1, GREEN, BLUE]).all()
    assert (state.holder_series[:, -1] == place["holder"]).all()
    for series in (state.side_series, state.place_series):
        assert np.isfinite(series).all()
        assert (series >= 0).all()


@EXAMPLES
@given(documents())
def test_the_log_is_in_order_and_names_earlier_causes(document: Document) -> None:
    scenario = compiled(document)
    state = state_of(scenario)
    for log, count in zip(rows(state.event), rows(state.tally)["events"][:, 0], strict=True):
        events = log[:count]
        assert (np.diff(events["day"]) >= 0).all()
        assert (events["cause"] < np.arange(count)).all()
        assert ((events["place"] >= -1) & (events["place"] < len(scenario.names.places))).all()
        assert ((events["side"] >= -1) & (events["side"] <= 1)).all()


@FEWER
@given(documents(), st.integers(1, 5))
def test_any_batch_and_a_campaign_alone_give_the_same_campaigns(document: Document, cut: int) -> None:
    scenario = compiled(document)
    whole = state_of(scenario, 0, 6)
    parts = (state_of(scenario, 0, cut), state_of(scenario, cut, 6 - cut))
    joined = State(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))
    assert differing(history(whole), history(joined)) == []
    alone = history(state_of(scenario, cut, 1))
    assert differing({name: array[cut : cut + 1] for name, array in history(whole).items()}, alone) == []


@FEWER
@given(documents())
def test_another_seed_gives_other_campaigns(document: Document) -> None:
    scenario = compiled(document)
    low, high = history(state_of(scenario, seed=1)), history(state_of(scenario, seed=1 << 32))
    assert not same(low["par.hunger_scale"], high["par.hunger_scale"])
    assert not same(low["side.quality"], high["side.quality"])


@FEWER
@given(documents(), st.randoms())
def test_the_order_of_the_tables_changes_nothing(document: Document, shuffler: random.Random) -> None:
    shuffled = copy.deepcopy(document)
    for table in ("places", "routes", "forces", "stocks"):
        shuffler.shuffle(shuffled[table])
    for table in ("sides", "beliefs", "windows", "plans"):
        shuffled[table] = dict(reversed(shuffled[table].items()))
    one, other = history(state_of(compiled(document))), history(state_of(compiled(shuffled)))
    assert differing(one, other) == []


def test_a_sum_of_several_forces_does_not_depend_on_their_order() -> None:
    spot = {"lon": 0, "lat": 0, "elevation_m": 0}
    places = [spot | {"id": name, "name": name, "holder": name} for name in ("green", "blue")]
    road = {"id": "r", "name": "r", "from": "green", "to": "blue", "length_km": 9, "capacity_t_per_day": 9}
    forces = [
        {"id": f"f{n}", "side": "green", "place": "green", "fighters": 1, "quality": n / 10} for n in (1, 2, 3)
    ]  # 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1
    document: Document = {
        "fastness": 1,
        "title": "Three forces",
        "clock": {"start": "2001-01-01", "end": "2001-01-05", "as_of": "2001-01-01"},
        "sides": {
            "green": {"name": "Green", "role": "defender", "home": "green"},
            "blue": {"name": "Blue", "role": "besieger", "home": "blue"},
        },
        "places": places,
        "routes": [road | {"highest_point_m": 0, "frontage_km": 1}],
        "forces": forces,
        "questions": {},
    }
    turned = {**document, "forces": forces[::-1]}
    one, other = history(state_of(compiled(document))), history(state_of(compiled(turned)))
    assert differing(one, other) == []


def far_place(name: str) -> Document:
    """Write a place that plays no part: held by nobody, without people."""
    return {"id": name, "name": name, "lon": 0.0, "lat": 0.0, "elevation_m": 100.0, "population": 0}


def with_far_places(document: Document, first: str, second: str) -> Document:
    """Add two places with a road between them, far from everything."""
    road = {"id": f"{first}-road", "name": "far", "from": first, "to": second, "length_km": 5}
    road |= {"capacity_t_per_day": 50, "highest_point_m": 100, "frontage_km": 1}
    added = [*document["places"], far_place(first), far_place(second)]
    return {**document, "places": added, "routes": [road, *document["routes"]]}


def alike(one: Array, other: Array, apart: frozenset[str] = frozenset()) -> list[str]:
    """Return the fields in which two tables differ, but for those named."""
    return [name for name in one.dtype.names or () if name not in apart and not same(one[name], other[name])]


@EXAMPLES
@given(documents(), st.sampled_from([("aa", "zz"), ("aa", "ab"), ("p1a", "p2a")]))
def test_places_that_play_no_part_change_nothing_for_the_others(document: Document, far: tuple[str, str]) -> None:
    small, large = compiled(document), compiled(with_far_places(document, *far))
    one, other = state_of(small), state_of(large)
    places = [large.names.place[place.id] for place in small.names.places]
    routes = [large.names.route[route.id] for route in small.names.routes]
    for name in ("par", "side", "latent", "window", "arrival", "block", "question", "tally"):
        assert alike(rows(getattr(one, name)), rows(getattr(other, name)), LABELS) == [], name
    for name in ("place", "cell", "clock"):
        assert alike(rows(getattr(one, name)), rows(getattr(other, name))[:, places], LABELS) == [], name
    assert alike(rows(one.route), rows(other.route)[:, routes]) == []
    assert same(one.side_series, other.side_series)
    assert same(one.place_series, other.place_series[..., places])
    assert same(one.holder_series, other.holder_series[..., places])
    assert same(one.open_series, other.open_series[..., routes])
    assert alike(rows(one.event), rows(other.event), frozenset({"place", "amount"})) == []
    of_routes = np.isin(rows(one.event)["kind"], OF_ROUTES)
    assert same(*(np.where(of_routes, 0.0, rows(state.event)["amount"]) for state in (one, other)))


def idle(world: World, state: State, day: int, stream: Stream) -> None:
    """Do nothing, as a user's own process may."""


@FEWER
@given(documents())
def test_a_further_process_shifts_nobodys_luck(document: Document) -> None:
    scenario = compiled(document)
    assert differing(history(state_of(scenario)), history(state_of(scenario, extra=(idle,)))) == []


@settings(max_examples=1, deadline=None)
@given(documents())
def test_two_processes_of_one_name_are_refused(document: Document) -> None:
    with pytest.raises(ValueError, match="same number"):
        state_of(compiled(document), extra=(idle, idle))


@EXAMPLES
@given(documents())
def test_without_an_enemy_nobody_is_lost_and_nothing_falls_to_it(document: Document) -> None:
    document["forces"] = [force for force in document["forces"] if force["side"] == "green"]
    document["beliefs"].pop("men")
    document["sides"]["blue"]["reserve"] = 0
    state = state_of(compiled(document))
    assert (rows(state.side)["lost"] == 0).all()
    assert (rows(state.side)["captured"] == 0).all()
    assert (rows(state.side)["assaults"][:, BLUE] == 0).all()
    green = np.array([place["holder"] == "green" for place in document["places"]])
    assert (state.holder_series[:, :, green] == GREEN).all()


@EXAMPLES
@given(documents())
def test_without_frontage_an_assault_costs_nobody(document: Document) -> None:
    for route in document["routes"]:
        route["frontage_km"] = 0
    for place in document["places"]:
        place["sympathy"] = 0.0  # no risings from within
    for force in document["forces"]:  # nobody stands in a place of the other side
        force["place"] = {"green": "p0", "blue": "p1"}[force["side"]]
    document["plans"]["green"][1]["orders"].pop("raid")
    document["plans"]["green"].pop(0)  # nor hides in the hills
    # nor strikes from there, driven in by reprisals, nor lays down arms
    document["parameters"] = document.get("parameters", {}) | {"raid.rate": 0.0, "terms.rate": 0.0}
    state = state_of(compiled(document))
    assert (rows(state.side)["lost"] == 0).all()
    held = np.array([place["holder"] is not None for place in document["places"]])
    first = state.holder_series[:, :1, held]
    assert (state.holder_series[:, :, held] == first).all()


#: nobody flees: guests can use up the food of a place that takes them in only as long as it is not hungry itself
STAYING = {"displacement.hunger": 0, "displacement.unheld": 0, "displacement.assault": 0}
#: and reprisals drive nobody into the hills
TAMED = STAYING | {"backlash.theta": 0, "backlash.selective": 0}


def without_fighting(document: Document) -> Document:
    """Leave a blockade and nobody who fights or moves: hunger alone."""
    empty = {"plans": {}, "beliefs": {}, "questions": {}, "parameters": TAMED}
    return {**document, **empty, "forces": [], "stocks": [], "convoys": []} | {
        "sides": {name: {**side, "reserve": 0} for name, side in document["sides"].items()},
        "places": [{**place, "sympathy": 0.0} for place in document["places"]],
    }


@EXAMPLES
@given(documents())
def test_with_neither_stock_nor_inflow_famine_takes_its_course_and_nothing_else(document: Document) -> None:
    document = without_fighting(document)
    for place in document["places"]:
        place |= {"food_days": 0, "market_t_per_day": 0}
    state = state_of(compiled(document))
    manned = np.array([place["population"] > 0 for place in document["places"]])
    out = rows(state.clock)["food_out"]
    assert (out[:, manned] == 0).all()
    assert (out[:, ~manned] == -1).all()
    kcal, people = (state.place_series[:, PLACE_SERIES.index(name)] for name in ("kcal", "people"))
    assert (kcal[:, :, manned] == 0).all()
    assert (np.diff(people, axis=1) <= 0).all()
    assert (rows(state.side)["lost"] == 0).all()
    started = np.array([place["population"] for place in document["places"]])
    there = rows(state.place)
    assert (there["people"] + there["hunger_deaths"] + there["killed"] == started).all()


def first_days(table: object, *clocks: str) -> Array:
    """Return the days on which something is first used up, one beyond any clock where it never is."""
    days = np.stack([rows(table)[clock] for clock in clocks])
    return np.where(days < 0, 9999, days)


@EXAMPLES
@given(documents(), st.sampled_from([1.0, 1.1, 2.0]))
def test_more_food_never_runs_out_sooner(document: Document, factor: float) -> None:
    document = without_fighting(document)
    more = copy.deepcopy(document)
    for place in more["places"]:
        place["food_days"] = factor * place["food_days"] + 1
    one, other = state_of(compiled(document), count=6), state_of(compiled(more), count=6)
    assert (first_days(other.clock, "food_out") >= first_days(one.clock, "food_out")).all()


@EXAMPLES
@given(documents())
def test_twice_the_trade_never_lets_food_run_out_sooner(document: Document) -> None:
    document = without_fighting(document)
    assume(any(place["market_t_per_day"] for place in document["places"]))
    more = copy.deepcopy(document)
    for place in more["places"]:
        place["market_t_per_day"] *= 2
    for route in more["routes"]:
        route["capacity_t_per_day"] *= 2
    one, other = state_of(compiled(document), count=6), state_of(compiled(more), count=6)
    assert (first_days(other.clock, "food_out") >= first_days(one.clock, "food_out")).all()


@EXAMPLES
@given(documents())
def test_twice_the_stocks_never_let_a_side_run_out_sooner(document: Document) -> None:
    kept = {name: document[name] for name in ("forces", "stocks", "beliefs")}
    document = without_fighting(document) | kept | {"parameters": STAYING | {"desertion.rate": 0}}
    more = copy.deepcopy(document)
    for stock in more["stocks"]:
        for kind in ("food_t", "fuel_t", "ammunition_t", "supply_t_per_day"):
            stock[kind] *= 2
    clocks = ("food_out", "fuel_out", "ammunition_out")
    one, other = state_of(compiled(document), count=6), state_of(compiled(more), count=6)
    assert (first_days(other.side, *clocks) >= first_days(one.side, *clocks)).all()
