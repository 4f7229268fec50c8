"""What a side sees of the enemy's stocks and reserve: late, and with an error (M19)."""

from fastness.kernel.cover import AMMUNITION, FOOD, FUEL, civil_food_days, place_stock_days, stock_days
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.world import NOBODY, World


@kernel
def see_stocks(world: World, state: State, enemy: int, error: float) -> None:
    """Renew what a side believes of the enemy's stocks [days] and free reserve [persons]: the truth times an error."""
    cap = state.par[0].stocks_cover_cap
    whole = state.side[enemy]
    whole.seen_deployable = whole.deployable * error
    food, fuel, ammunition = stock_days(state, enemy)
    whole.seen_food_days = min(cap, food * error)
    whole.seen_fuel_days = min(cap, fuel * error)
    whole.seen_ammunition_days = min(cap, ammunition * error)
    for place in range(len(world.place)):
        cell = state.cell[place, enemy]
        cell.seen_food_days = min(cap, place_stock_days(state, FOOD, enemy, place) * error)
        cell.seen_fuel_days = min(cap, place_stock_days(state, FUEL, enemy, place) * error)
        cell.seen_ammunition_days = min(cap, place_stock_days(state, AMMUNITION, enemy, place) * error)
        if state.place[place].holder == enemy:
            state.place[place].seen_food_days = min(cap, civil_food_days(state, place) * error)


@kernel
def food_days_for(state: State, viewer: int, place: int) -> float:
    """Return the days of the people's food at a place as a viewer knows them (NOBODY: the truth)."""
    holder = state.place[place].holder
    if viewer == NOBODY or holder == NOBODY or holder == viewer:
        return civil_food_days(state, place)
    return state.place[place].seen_food_days


@kernel
def side_days_for(state: State, viewer: int, kind: int, side: int) -> float:
    """Return the days of a side's stock on the whole map as a viewer knows them."""
    if viewer == NOBODY or viewer == side:
        food, fuel, ammunition = stock_days(state, side)
    else:
        own = state.side[side]
        food, fuel, ammunition = own.seen_food_days, own.seen_fuel_days, own.seen_ammunition_days
    if kind == FOOD:
        return food
    return fuel if kind == FUEL else ammunition


@kernel
def place_days_for(state: State, viewer: int, kind: int, side: int, place: int) -> float:
    """Return the days of a side's stock at a place as a viewer knows them."""
    if viewer == NOBODY or viewer == side:
        return place_stock_days(state, kind, side, place)
    cell = state.cell[place, side]
    return cell.seen_food_days if kind == FOOD else (cell.seen_fuel_days if kind == FUEL else cell.seen_ammunition_days)


@kernel
def deployable_for(state: State, viewer: int, side: int) -> float:
    """Return the reserve of a side that is not tied down, as a viewer knows it [persons]."""
    if viewer == NOBODY or viewer == side:
        return state.side[side].deployable
    return state.side[side].seen_deployable
