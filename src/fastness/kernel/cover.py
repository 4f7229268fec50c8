"""How long stocks last: days of cover of civil food and of a side's food, fuel and ammunition (M10)."""

from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.stocks import endurance_days, food_need_t

FOOD, FUEL, AMMUNITION = 0, 1, 2
KINDS = ("food", "fuel", "ammunition")


@kernel
def civil_food_days(state: State, place: int) -> float:
    """Return the days that the people's food at a place lasts at full rations and today's inflow."""
    par = state.par[0]
    here = state.place[place]
    use = food_need_t(float(here.people), par.stocks_food_kg)
    return endurance_days(here.food_t, here.market_inflow_t, use, par.stocks_cover_cap)


@kernel
def cell_use(state: State, place: int, side: int, kind: int) -> float:
    """Return a side's daily use of a stock at a place [t/day]; ammunition as lately fired, at least the quiet use."""
    par = state.par[0]
    cell = state.cell[place, side]
    if kind == FOOD:
        return food_need_t(float(cell.fighters), par.stocks_food_kg)
    if kind == FUEL:
        return float(cell.vehicles + cell.armour) * par.stocks_fuel_idle + cell.aircraft * par.flight_fuel_idle
    return max(cell.shot, food_need_t(float(cell.fighters), par.stocks_ammunition_quiet))


@kernel
def cell_stock(state: State, place: int, side: int, kind: int) -> float:
    """Return a side's stock at a place [t]."""
    cell = state.cell[place, side]
    if kind == FOOD:
        return cell.food_t
    if kind == FUEL:
        return cell.fuel_t
    return cell.ammunition_t


@kernel
def stock_days(state: State, side: int) -> tuple[float, float, float]:
    """Return the days that a side's food, fuel and ammunition last on the whole map at present use."""
    food, fuel, ammunition = 0.0, 0.0, 0.0
    food_use, fuel_use, ammunition_use = 0.0, 0.0, 0.0
    for place in range(len(state.place)):
        cell = state.cell[place, side]
        food += cell.food_t
        fuel += cell.fuel_t
        ammunition += cell.ammunition_t
        food_use += cell_use(state, place, side, FOOD)
        fuel_use += cell_use(state, place, side, FUEL)
        ammunition_use += cell_use(state, place, side, AMMUNITION)
    cap = state.par[0].stocks_cover_cap
    return (
        endurance_days(food, 0.0, food_use, cap),
        endurance_days(fuel, 0.0, fuel_use, cap),
        endurance_days(ammunition, 0.0, ammunition_use, cap),
    )


@kernel
def place_stock_days(state: State, kind: int, side: int, place: int) -> float:
    """Return the days that a side's stock lasts at a place at present use."""
    use = cell_use(state, place, side, kind)
    return endurance_days(cell_stock(state, place, side, kind), 0.0, use, state.par[0].stocks_cover_cap)
