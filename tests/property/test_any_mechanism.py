"""What must hold for any input of the small mechanism functions."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from medians import medians
from networks import network
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from fastness.kernel.attrition import attrition_step, whole_losses
from fastness.kernel.flow import NOT_REACHED, augment, max_flow
from fastness.kernel.hunger import hunger_day, next_deficit, third_kcal
from fastness.kernel.march import march_days
from fastness.kernel.risks import which_ends
from fastness.kernel.rows import Table
from fastness.kernel.season import pass_winter, season_multiplier, storm_today
from fastness.kernel.state import Arc, Node
from fastness.kernel.stocks import draw_down, endurance_days, ration_share
from fastness.kernel.streams import Stream

HUNGER = medians("hunger", "stocks")
SEASON = medians("season", "weather")
MARCH = medians("march")

amounts = st.floats(0, 1e6)
men = st.floats(1, 1e6)
exponents = st.floats(0, 1)
shares = st.floats(0, 1)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Return nodes, starts, ends and whole capacities of a small directed network; parallel arcs and loops included."""
    nodes = draw(st.integers(2, 9))
    arcs = draw(st.lists(st.tuples(*[st.integers(0, nodes - 1)] * 2, st.integers(0, 60)), min_size=1, max_size=30))
    start, end, capacity = (np.array(column) for column in zip(*arcs, strict=True))
    return nodes, start, end, capacity.astype(float)


def solve(
    nodes: int, start: np.ndarray, end: np.ndarray, capacity: np.ndarray
) -> tuple[float, Table[Arc], Table[Node]]:
    arc, node = network(nodes, list(zip(start, end, strict=True)), capacity)
    return max_flow(arc, node, 0, nodes - 1), arc, node


@given(networks())
def test_flow_agrees_with_an_independent_code(drawn: tuple[int, np.ndarray, np.ndarray, np.ndarray]) -> None:
    nodes, start, end, capacity = drawn
    merged = np.zeros((nodes, nodes), np.int32)
    np.add.at(merged, (start, end), capacity.astype(np.int32))
    np.fill_diagonal(merged, 0)
    assert solve(*drawn)[0] == maximum_flow(csr_array(merged), 0, nodes - 1).flow_value


@given(networks())
def test_flow_is_conserved_within_capacity_and_equal_to_its_cut(
    drawn: tuple[int, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    nodes, start, end, capacity = drawn
    total, arc, node = solve(*drawn)
    flow = arc["flow"]
    balance = np.zeros(nodes)
    np.add.at(balance, end, flow)
    np.subtract.at(balance, start, flow)
    assert np.all(flow >= 0)
    assert np.all(flow <= capacity + 1e-9)
    assert np.allclose(balance[1:-1], 0, atol=1e-9)
    assert math.isclose(balance[-1], total, abs_tol=1e-9)
    near = node["level"] == NOT_REACHED
    assert math.isclose(capacity[near[start] & ~near[end]].sum(), total, abs_tol=1e-9)


@given(networks(), st.permutations(range(30)))
def test_total_flow_does_not_depend_on_the_order_of_the_arcs(
    drawn: tuple[int, np.ndarray, np.ndarray, np.ndarray], order: list[int]
) -> None:
    nodes, start, end, capacity = drawn
    kept = np.array([k for k in order if k < len(start)])
    assert math.isclose(solve(*drawn)[0], solve(nodes, start[kept], end[kept], capacity[kept])[0], abs_tol=1e-9)


@given(networks(), shares)
def test_augmenting_in_two_steps_reaches_the_same_total_and_takes_nothing_back(
    drawn: tuple[int, np.ndarray, np.ndarray, np.ndarray], part: float
) -> None:
    nodes, start, end, capacity = drawn
    into_sink = end == nodes - 1
    first = np.where(into_sink, part * capacity, capacity)
    total, arc, node = solve(nodes, start, end, first)
    flow = arc["flow"]
    before = flow[into_sink].copy()
    arc["capacity"] = capacity
    total += augment(arc, node, 0, nodes - 1)
    assert math.isclose(total, solve(*drawn)[0], abs_tol=1e-6)
    leaving = start[into_sink] == nodes - 1
    assert np.all(flow[into_sink][~leaving] >= before[~leaving] - 1e-9)


@given(men, exponents, exponents, st.floats(0, 1), st.floats(0.01, 10))
def test_no_enemy_no_losses(x: float, own: float, enemy: float, rate: float, dt: float) -> None:
    assert attrition_step(x, 0.0, rate, own, enemy, rate, own, enemy, dt) == (x, 0.0)


@given(men, men, exponents, exponents, st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 10))
def test_a_step_leaves_between_nothing_and_all_and_mirrors(
    x: float, y: float, own: float, enemy: float, rate_x: float, rate_y: float, dt: float
) -> None:
    after = attrition_step(x, y, rate_x, own, enemy, rate_y, own, enemy, dt)
    assert 0 <= after[0] <= x
    assert 0 <= after[1] <= y
    assert attrition_step(y, x, rate_y, own, enemy, rate_x, own, enemy, dt) == (after[1], after[0])


@given(men, men, st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_doubling_both_forces_keeps_the_square_laws_fractions(x: float, y: float, rate_x: float, rate_y: float) -> None:
    once = attrition_step(x, y, rate_x, 0.0, 1.0, rate_y, 0.0, 1.0, 0.5)
    twice = attrition_step(2 * x, 2 * y, rate_x, 0.0, 1.0, rate_y, 0.0, 1.0, 0.5)
    assert twice == (2 * once[0], 2 * once[1])


@given(seeds, st.floats(-5, 300), st.floats(-5, 300), st.integers(0, 500), st.integers(0, 500))
def test_whole_losses_are_whole_and_never_more_than_there_are(
    seed: int, expected_x: float, expected_y: float, x: int, y: int
) -> None:
    lost_x, lost_y = whole_losses(Stream(seed, 0, 0, 0), 5, 0, expected_x, expected_y, x, y, 20.0)
    assert isinstance(lost_x, int)
    assert isinstance(lost_y, int)
    assert 0 <= lost_x <= x
    assert 0 <= lost_y <= y
    if x == 0 or y == 0:
        assert (lost_x, lost_y) == (0, 0)


@given(amounts, amounts, amounts)
def test_a_stock_is_conserved_and_never_negative(stock: float, inflow: float, use: float) -> None:
    left, used = draw_down(stock, inflow, use)
    assert left >= 0
    assert 0 <= used <= use
    assert math.isclose(left + used, stock + inflow, rel_tol=1e-12)
    assert used == use or left == 0


@given(amounts, amounts, amounts, st.floats(0, 1e5))
def test_more_inflow_or_stock_never_shortens_endurance(stock: float, inflow: float, use: float, more: float) -> None:
    lasts = endurance_days(stock, inflow, use, 1000.0)
    assert 0 <= lasts <= 1000
    assert endurance_days(stock, inflow + more, use, 1000.0) >= lasts
    assert endurance_days(stock + more, inflow, use, 1000.0) >= lasts


@given(st.floats(-10, 200), st.floats(0, 50), st.floats(0, 60), shares)
def test_rations_never_rise_as_cover_falls(cover: float, less: float, below: float, floor: float) -> None:
    share = ration_share(cover, below, floor)
    assert floor <= share <= 1
    assert ration_share(cover - less, below, floor) <= share


@given(shares, st.floats(0, 3000), st.floats(0, 1000))
def test_more_food_never_means_more_hunger(deficit: float, kcal: float, more: float) -> None:
    assert next_deficit(deficit, kcal + more, HUNGER) <= next_deficit(deficit, kcal, HUNGER)


@given(st.floats(0, 3000))
def test_the_thirds_share_what_there_is(kcal: float) -> None:
    eaten = [third_kcal(kcal, standing, HUNGER) for standing in (-1.0, 0.0, 1.0)]
    assert math.isclose(sum(eaten) / 3, kcal, abs_tol=1e-9)
    assert 0 <= eaten[0] <= eaten[1] <= eaten[2] <= max(kcal, HUNGER.hunger_need + 1e-9)


@given(st.tuples(shares, shares, shares), st.floats(0, 3000), shares)
def test_deaths_are_a_share_and_the_deficits_stay_shares(
    deficits: tuple[float, float, float], kcal: float, cold: float
) -> None:
    *after, dying = hunger_day(*deficits, kcal, cold, HUNGER)
    assert all(0 <= deficit <= 1 for deficit in after)
    assert 0 <= dying <= 1


@given(st.integers(0, 300))
def test_nobody_dies_of_hunger_without_hunger(days: int) -> None:
    poor = middle = better = 0.0
    for _ in range(days):
        poor, middle, better, dying = hunger_day(poor, middle, better, HUNGER.hunger_need, 1.0, HUNGER)
        assert dying == 0


@given(seeds, seeds, st.floats(1500, 7000))
def test_a_pass_shuts_once_and_opens_once(seed: int, entity: int, height: float) -> None:
    closes, opens = pass_winter(Stream(seed, 0, 0, 0), entity, height, SEASON)
    assert closes <= opens


@given(seeds, seeds, st.floats(1500, 6000), st.floats(0, 1000))
def test_a_higher_pass_is_shut_at_least_as_long_in_the_same_winter(
    seed: int, entity: int, height: float, more: float
) -> None:
    stream = Stream(seed, 0, 0, 0)
    low, high = pass_winter(stream, entity, height, SEASON), pass_winter(stream, entity, height + more, SEASON)
    assert high[1] - high[0] >= low[1] - low[0]


@given(st.floats(0, 2))
def test_the_year_keeps_its_mean(amplitude: float) -> None:
    months = [season_multiplier(month, SEASON._replace(season_amplitude=amplitude)) for month in range(1, 13)]
    assert min(months) >= 0
    assert math.isclose(sum(months), 12, rel_tol=1e-12)


@given(seeds, st.integers(0, 1000), st.integers(1, 12), st.floats(-2, 5))
@settings(max_examples=300)
def test_a_storm_never_ends_earlier_by_another(seed: int, day: int, month: int, left: float) -> None:
    until, open_share = storm_today(Stream(seed, 0, 0, 0), 1, 0, day, month, day + left, SEASON)
    assert until >= day + left
    assert 0 <= open_share <= 1
    assert open_share <= 1 - min(max(left, 0), 1) + 1e-9


@given(st.floats(0, 500), *[st.floats(0, 4000)] * 3, st.booleans(), st.booleans(), shares, st.sampled_from([0.0, 1.0]))
def test_snow_and_distance_never_shorten_a_march(
    length: float, up: float, down: float, height: float, road: bool, vehicles: bool, snow: float, rule: float
) -> None:
    par = MARCH._replace(march_rule=rule)
    days = march_days(length, up, down, height, road, vehicles, 0.0, par)
    assert days >= 1
    assert march_days(length, up, down, height, road, vehicles, snow, par) >= days
    assert march_days(2 * length, 2 * up, 2 * down, height, road, vehicles, 0.0, par) >= days


@given(st.tuples(*[st.floats(-0.1, 5)] * 3), st.floats(0, 100), st.floats(1e-12, 1 - 1e-12))
def test_only_a_hazard_that_exists_strikes(hazards: tuple[float, ...], days: float, u: float) -> None:
    struck = which_ends(hazards, days, u)
    assert -1 <= struck < len(hazards)
    assert struck == -1 or hazards[struck] > 0
