"""Food, fuel and ammunition used (M10): people and fighters eat, hunger takes its course, vehicles and weapons draw."""

from fastness.kernel.cover import AMMUNITION, FOOD, FUEL, cell_use, civil_food_days
from fastness.kernel.events import AMMUNITION_USED_UP, FOOD_USED_UP, FUEL_USED_UP, note
from fastness.kernel.hunger import hunger_day, kcal_eaten
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.stocks import draw_down, food_need_t, ration_share
from fastness.kernel.streams import Stream, whole
from fastness.kernel.world import BESIEGER, NOBODY, World

DEATHS = 0
STOCKS = 3
#: rows of the scratch table: each connected part, each place
PART, OWN = 0, 1


def rations(world: World, state: State, day: int, stream: Stream) -> None:
    """Let everybody eat and draw their supplies for the day."""
    for place in range(len(world.place)):
        if state.place[place].people > 0:
            eat(world, state, day, stream, place)
    for side in range(len(world.side)):
        receive(world, state, side)
        places = list_places(world, state, side)
        for kind in range(STOCKS):
            share_out(world, state, day, side, kind, places)


@kernel
def eat(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """Feed the people of a place from today's trade and their own stock, and count who dies of hunger."""
    par = state.par[0]
    here = state.place[place]
    need = food_need_t(float(here.people), par.stocks_food_kg)
    cover = civil_food_days(state, place)
    ration = ration_share(cover, par.stocks_ration_below, par.stocks_ration_floor) * ordered_ration(world, state, place)
    before = here.food_t
    here.food_t, eaten = draw_down(before, here.market_inflow_t, need * ration)
    here.food_t = min(here.food_t, max(before, need * par.stocks_household_cap))
    state.tally[0].stock_in += here.food_t - before + eaten
    state.tally[0].stock_out += eaten
    here.kcal = kcal_eaten(eaten, float(here.people), par)
    if here.food_t <= 0.0 and eaten < need * ration and state.clock[place].food_out == NOBODY:
        state.clock[place].food_out = day
        note(state, day, FOOD_USED_UP, place, NOBODY, float(here.people), NOBODY)
    if here.kcal >= par.hunger_need and here.deficit_poor <= par.hunger_recovered:
        here.deficit_poor, here.deficit_middle, here.deficit_better = 0.0, 0.0, 0.0
        return
    cold = par.hunger_winter_cold if world.day[day].month <= 2 or world.day[day].month == 12 else 0.0
    here.deficit_poor, here.deficit_middle, here.deficit_better, dying = hunger_day(
        here.deficit_poor, here.deficit_middle, here.deficit_better, here.kcal, cold, par
    )
    dead = min(whole(stream, world.place[place].entity, DEATHS, dying * here.people), here.people)
    here.people -= dead
    here.hunger_deaths += dead


@kernel
def ordered_ration(world: World, state: State, place: int) -> float:
    """Return the ration that the holder's active block orders for a place inside the stronghold (1: full)."""
    holder = state.place[place].holder
    if holder == NOBODY or holder == BESIEGER or world.place[place].inside == 0:
        return 1.0
    active = state.side[holder].active
    return world.block[active].ration if active != NOBODY else 1.0


@kernel
def receive(world: World, state: State, side: int) -> None:
    """Add today's deliveries to a side's stocks in proportion to the use of each kind, each up to its own cover."""
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        if cell.inflow_t <= 0.0:
            continue
        food = cell_use(state, place, side, FOOD)
        fuel = cell_use(state, place, side, FUEL)
        ammunition = cell_use(state, place, side, AMMUNITION)
        use = food + fuel + ammunition
        if use <= 0.0:
            continue
        share = cell.inflow_t / use
        cover = state.par[0].supply_cover
        food = min(food * share, max(food * cover - cell.food_t, 0.0))
        fuel = min(fuel * share, max(fuel * cover - cell.fuel_t, 0.0))
        ammunition = min(ammunition * share, max(ammunition * cover - cell.ammunition_t, 0.0))
        state.tally[0].stock_in += food + fuel + ammunition
        cell.food_t += food
        cell.fuel_t += fuel
        cell.ammunition_t += ammunition


@kernel
def list_places(world: World, state: State, side: int) -> int:
    """Queue the places where a side has men, machines or stocks, and return how many; most places have none."""
    found = 0
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        stored = max(cell.food_t, cell.fuel_t, cell.ammunition_t)
        if stored > 0.0 or not nobody_there(state, place, side):
            state.scratch[OWN, found].queued = place
            found += 1
    return found


@kernel
def share_out(world: World, state: State, day: int, side: int, kind: int, places: int) -> None:
    """Meet a side's use of one kind of stock at the queued places, each connected part of its network from its own."""
    left = 0.0
    need = 0.0
    active = state.side[side].active
    ration = world.block[active].ration if active != NOBODY else 1.0
    for k in range(places):
        part = state.scratch[PART, part_of(state, state.scratch[OWN, k].queued, side)]
        part.need = 0.0
        part.supply = 0.0
    for k in range(places):
        place = state.scratch[OWN, k].queued
        own = state.scratch[OWN, place]
        own.supply = stock_of(state, place, side, kind)
        own.need = wanted_today(state, place, side, kind, ration)
        part = state.scratch[PART, part_of(state, place, side)]
        part.need += own.need
        part.supply += own.supply
    for k in range(places):
        place = state.scratch[OWN, k].queued
        own = state.scratch[OWN, place]
        if own.need + own.supply <= 0.0:
            continue
        part = state.scratch[PART, part_of(state, place, side)]
        met = min(1.0, part.supply / part.need) if part.need > 0.0 else 1.0
        drawn = own.supply * min(1.0, part.need / part.supply) if part.supply > 0.0 else 0.0
        settle(state, place, side, kind, own.need, met * ration if kind == FOOD else met, drawn)
        left += own.supply - drawn
        need += own.need
    mark_used_up(state, day, side, kind, left, need)


@kernel
def nobody_there(state: State, place: int, side: int) -> bool:
    """Whether a side has neither men nor machines at a place, as at most places on most days."""
    cell = state.cell[place, side]
    return cell.fighters + cell.vehicles + cell.armour + cell.artillery + cell.aircraft == 0


@kernel
def part_of(state: State, place: int, side: int) -> int:
    """Return the label of the connected part in which men share stocks (their own place when cut off)."""
    network = state.cell[place, side].network
    return network if network != NOBODY else place


@kernel
def wanted_today(state: State, place: int, side: int, kind: int, ration: float) -> float:
    """Return what a side's men at a place would use today [t]: rations as ordered, more shot and driven under fire."""
    par = state.par[0]
    cell = state.cell[place, side]
    if kind == AMMUNITION:
        quiet = food_need_t(float(cell.fighters), par.stocks_ammunition_quiet)
        engaged = min(cell.engaged, cell.fighters)
        shells = cell.artillery * par.shells_combat if engaged > 0 else 0.0
        return quiet + food_need_t(float(engaged), par.stocks_ammunition_combat) + shells
    if kind == FUEL and cell.engaged > 0:
        return float(cell.vehicles + cell.armour) * par.stocks_fuel_moving
    return cell_use(state, place, side, kind) * (ration if kind == FOOD else 1.0)


@kernel
def stock_of(state: State, place: int, side: int, kind: int) -> float:
    """Return a side's stock of one kind at a place [t]."""
    cell = state.cell[place, side]
    if kind == FOOD:
        return cell.food_t
    return cell.fuel_t if kind == FUEL else cell.ammunition_t


@kernel
def settle(state: State, place: int, side: int, kind: int, wanted: float, met: float, drawn: float) -> None:
    """Take what is drawn from the stock of a place [t], and note what share of their use its men got."""
    cell = state.cell[place, side]
    state.tally[0].stock_out += drawn
    if kind == FOOD:
        cell.food_t = max(cell.food_t - drawn, 0.0)
        cell.fed = met
    elif kind == FUEL:
        cell.fuel_t = max(cell.fuel_t - drawn, 0.0)
    else:
        cell.shot += state.par[0].stocks_memory * (wanted * met - cell.shot)
        cell.ammunition_t = max(cell.ammunition_t - drawn, 0.0)
        cell.armed = met


@kernel
def mark_used_up(state: State, day: int, side: int, kind: int, left: float, need: float) -> None:
    """Note the first day on which a side's whole stock of one kind is used up."""
    own = state.side[side]
    if left > 1e-9 or need <= 0.0:
        return
    if kind == FOOD and own.food_out == NOBODY:
        own.food_out = day
        note(state, day, FOOD_USED_UP, NOBODY, side, need, NOBODY)
    elif kind == FUEL and own.fuel_out == NOBODY:
        own.fuel_out = day
        note(state, day, FUEL_USED_UP, NOBODY, side, need, NOBODY)
    elif kind == AMMUNITION and own.ammunition_out == NOBODY:
        own.ammunition_out = day
        note(state, day, AMMUNITION_USED_UP, NOBODY, side, need, NOBODY)
