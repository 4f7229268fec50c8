"""Book-keeping: do men and equipment balance, which questions hold, what goes into the daily series."""

from fastness.kernel.cover import civil_food_days, stock_days
from fastness.kernel.expression import evaluate
from fastness.kernel.ground import total_fighters
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream
from fastness.kernel.world import NOBODY, World

MEN_LOST, EQUIPMENT_LOST, STOCK_BROKEN = 211, 212, 213
WEEK = 7
STOCK_TOLERANCE = 1e-9


def tally(world: World, state: State, day: int, stream: Stream) -> None:
    """Close the day."""
    balance(world, state, day)
    for side in range(len(world.side)):
        count_attack_weeks(state, day, side)
    for q in range(len(world.question)):
        decide(world, state, day, q)
    record(world, state, day)


@kernel
def balance(world: World, state: State, day: int) -> None:
    """Set the campaign's status when men, equipment or tonnes appeared or vanished, or a stock is below zero."""
    men, equipment = count_all(world, state)
    for side in range(len(world.side)):
        men += state.side[side].lost - state.side[side].arrived
    book = state.tally[0]
    if men != book.men:
        fail(state, day, MEN_LOST)
    if equipment + book.equipment_lost != book.equipment:
        fail(state, day, EQUIPMENT_LOST)
    stock = 0.0
    for place in range(len(world.place)):
        stock += state.place[place].food_t
        for side in range(len(world.side)):
            cell = state.cell[place, side]
            stock += cell.food_t + cell.fuel_t + cell.ammunition_t
            if not min(cell.food_t, cell.fuel_t, cell.ammunition_t) >= 0.0:
                fail(state, day, STOCK_BROKEN)
    if not abs(stock + book.stock_out - book.stock_in) <= STOCK_TOLERANCE * (book.stock_in + 1.0):
        fail(state, day, STOCK_BROKEN)


@kernel
def count_all(world: World, state: State) -> tuple[int, int]:
    """Return all people, fighters, prisoners and the civilian dead, and all pieces of equipment, on and off the map."""
    men = 0
    equipment = 0
    for place in range(len(world.place)):
        men += state.place[place].people + state.place[place].hunger_deaths + state.place[place].killed
        for side in range(len(world.side)):
            cell = state.cell[place, side]
            men += cell.fighters + cell.guerrillas
            equipment += cell.vehicles + cell.armour + cell.artillery + cell.aircraft
    for side in range(len(world.side)):
        men += state.side[side].reserve + state.side[side].captured
    if state.tally[0].marching == 0:
        return men, equipment
    for c in range(len(state.column)):
        column = state.column[c]
        if column.active == 1:
            men += column.fighters
            equipment += column.vehicles + column.armour + column.artillery + column.aircraft
    return men, equipment


@kernel
def fail(state: State, day: int, status: int) -> None:
    """Mark the campaign as failed on its first fault."""
    if state.tally[0].status == 0:
        state.tally[0].status = status
        state.tally[0].failed_day = day


@kernel
def count_attack_weeks(state: State, day: int, side: int) -> None:
    """At the end of each week, lengthen or break a side's run of weeks with at least one guerrilla attack."""
    own = state.side[side]
    if day % WEEK == WEEK - 1:
        own.attack_weeks = own.attack_weeks + 1 if own.week_attacks > 0 else 0
        own.week_attacks = 0


@kernel
def decide(world: World, state: State, day: int, q: int) -> None:
    """Note the first day on which a question's statement holds within its dates."""
    question = world.question[q]
    now = state.question[q]
    if now.day != NOBODY or not question.start <= day <= question.until:
        return
    if evaluate(world, state, day, NOBODY, question.first_step, question.end_step) > 0.5:
        now.day = day


@kernel
def record(world: World, state: State, day: int) -> None:
    """Write the day into the series (kinds in the order of SIDE_SERIES and PLACE_SERIES)."""
    for side in range(len(world.side)):
        guerrillas = 0
        for place in range(len(world.place)):
            guerrillas += state.cell[place, side].guerrillas
        state.side_series[0, day, side] = total_fighters(state, side)
        state.side_series[1, day, side] = guerrillas
        food, fuel, ammunition = stock_days(state, side)
        state.side_series[2, day, side] = food
        state.side_series[3, day, side] = fuel
        state.side_series[4, day, side] = ammunition
    for place in range(len(world.place)):
        here = state.place[place]
        state.place_series[0, day, place] = civil_food_days(state, place)
        state.place_series[1, day, place] = here.kcal
        state.place_series[2, day, place] = here.people
        state.place_series[3, day, place] = here.hunger_deaths
        state.holder_series[day, place] = here.holder
    for r in range(len(world.route)):
        state.open_series[day, r] = state.route[r].open
