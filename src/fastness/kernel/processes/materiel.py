"""Materiel (M14): aircraft wear out without spares, and fly as far as airframes, crews and fuel all allow."""

import math

from fastness.kernel.events import AIRCRAFT_STRIKE, note
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, normal, poisson, whole
from fastness.kernel.world import World

WEEK = 7
#: draw numbers of a side's entity on the first morning; the first belongs to its quality
SPREAD, CREWS = 1, 2


def materiel(world: World, state: State, day: int, stream: Stream) -> None:
    """For each side with crews: count what yesterday's flying cost, let aircraft wear, say how many can fly today."""
    for side in range(len(world.side)):
        own = state.side[side]
        if own.crews > 0:
            use(world, state, day, stream, side)
            own.serviceable *= math.exp(-wear(world, state, side))
            make_ready(world, state, side)
        elif own.flying > 0:
            make_ready(world, state, side)


@kernel
def find_crews(world: World, state: State, side: int, stream: Stream) -> None:
    """Draw a side's crews on the first morning if it has any: a Poisson number whose mean is itself uncertain."""
    par = state.par[0]
    own = state.side[side]
    own.serviceable = par.serviceable_start
    if own.pilots == 1:
        entity = world.side[side].entity
        spread = par.crews_spread
        likely = math.exp(spread * normal(stream, entity, SPREAD) - 0.5 * spread * spread)
        own.crews = poisson(stream, entity, CREWS, par.crews_mean * likely)
    make_ready(world, state, side)


@kernel
def wear(world: World, state: State, side: int) -> float:
    """Return the rate at which a side's aircraft drop out for want of parts [1/day], less while a patron helps."""
    rate = state.par[0].serviceable_decay
    for k in range(len(world.patron)):
        if world.patron[k].side == side and state.patron[k].aiding == 1:
            return rate * state.par[0].serviceable_patron
    return rate


@kernel
def make_ready(world: World, state: State, side: int) -> None:
    """Set who can fly from each place: min(airframes fit, fuel) there, and crews x ratio in all (Leontief).

    Aeroplanes need an airfield under them, helicopters do not.
    """
    par = state.par[0]
    own = state.side[side]
    helicopters = world.side[side].helicopters
    ready = 0.0
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        cell.flying = 0.0
        if cell.aircraft > 0:
            usable = 1.0 if world.place[place].airfield == 1 else helicopters
            cell.flying = min(own.serviceable * usable * cell.aircraft, cell.fuel_t / par.flight_fuel)
            ready += cell.flying
    crewed = own.crews * par.crews_ratio
    if ready > crewed:
        for place in range(len(world.place)):
            state.cell[place, side].flying *= crewed / ready
        ready = crewed
    own.flying = int(ready)


@kernel
def use(world: World, state: State, day: int, stream: Stream, side: int) -> None:
    """Burn the fuel of the aircraft that took part in yesterday's engagements, and lose some with their crews."""
    par = state.par[0]
    own = state.side[side]
    if own.fights == 0 or own.flying == 0:
        return
    flown = 0.0
    last = 0
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        if cell.flying <= 0.0 or cell.aircraft == 0:
            continue
        flying = min(cell.flying, float(cell.aircraft))
        flown += flying
        last = place
        burnt = min(flying * par.flight_fuel, cell.fuel_t)
        cell.fuel_t -= burnt
        state.tally[0].stock_out += burnt
        down = min(whole(stream, world.place[place].entity, side, par.flight_loss * flying), cell.aircraft)
        cell.aircraft -= down
        state.tally[0].equipment_lost += down
        own.crews = max(0, own.crews - down)
    if flown > 0.0:
        if own.flown_days % WEEK == 0:  # told once in seven days of flying
            note(state, day, AIRCRAFT_STRIKE, last, side, flown, own.cause)
        own.flown_days += 1
