"""Marches (M08): the reserve comes in, men go hop by hop to where they are wanted, columns arrive after days."""

from fastness.kernel.forces import join, unload
from fastness.kernel.ground import FAR, forget_fronts, ways_to
from fastness.kernel.jit import kernel
from fastness.kernel.march import march_days
from fastness.kernel.state import Column, State
from fastness.kernel.streams import Stream
from fastness.kernel.world import NOBODY, World

FIELD = 0


def movement(world: World, state: State, day: int, stream: Stream) -> None:
    """Let columns arrive, then bring in reserve and send men towards places that want them."""
    if state.tally[0].marching > 0:
        for c in range(len(state.column)):
            column = state.column[c]
            if column.active == 1 and column.due <= day:
                arrive(state, day, column)
    for side in range(len(world.side)):
        release(world, state, side)
        if day % max(1, int(state.par[0].movement_every)) == 0:
            send(world, state, day, side)


@kernel
def arrive(state: State, day: int, column: Column) -> None:
    """Join a column to its side's men at the place, or send it back where it came from if the place was lost."""
    side = column.side
    place = column.place
    if state.place[place].holder == 1 - side:
        place = column.origin
    cell = state.cell[place, side]
    if state.place[place].holder == 1 - side:
        cell.guerrillas += column.fighters
    else:
        join(cell, column.fighters, column.quality)
    unload(state, column, cell)
    if state.place[place].holder == NOBODY:
        state.place[place].holder = side
        state.place[place].held_since = day
        forget_fronts(state)


@kernel
def release(world: World, state: State, side: int) -> None:
    """Bring reserve that is not tied down to the side's home, as far as men are wanted and the roads carry them."""
    own = state.side[side]
    home = world.side[side].home
    if own.reserve == 0 or own.deployable < 1.0 or state.place[home].holder != side:
        return
    short = 0.0
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        short += cell.wanted - cell.fighters
    for c in range(len(state.column)):
        if state.column[c].active == 1 and state.column[c].side == side:
            short -= state.column[c].fighters
    men = int(min(short, own.deployable, state.par[0].reserve_release_per_day))
    if men > 0:
        own.reserve -= men
        state.cell[home, side].fighters += men


@kernel
def send(world: World, state: State, day: int, side: int) -> None:
    """Send the nearest spare men one hop towards each place that lacks a twentieth of what it wants."""
    if not any_spare(state, side):
        return
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        least = max(state.par[0].movement_least, 0.05 * cell.wanted)
        missing = cell.wanted - cell.fighters
        if missing >= least:
            missing -= coming(state, place, side)
        if missing < least:
            continue
        ways_to(world, state, place, side, True, FIELD)
        source = nearest_spare(world, state, side)
        if source != NOBODY:
            spare = state.cell[source, side].fighters - state.cell[source, side].wanted
            step = state.scratch[FIELD, source]
            march(world, state, day, side, source, step.hop, place, step.route, int(min(missing, spare)))


@kernel
def any_spare(state: State, side: int) -> bool:
    """Whether any place has men to spare."""
    for place in range(len(state.place)):
        cell = state.cell[place, side]
        if cell.fighters - cell.wanted >= state.par[0].movement_least and state.engagement[place].active == 0:
            return True
    return False


@kernel
def coming(state: State, place: int, side: int) -> float:
    """Return the men already on the way to a place [persons]."""
    men = 0.0
    if state.tally[0].marching == 0:
        return men
    for c in range(len(state.column)):
        column = state.column[c]
        if column.active == 1 and column.side == side and column.goal == place:
            men += column.fighters
    return men


@kernel
def nearest_spare(world: World, state: State, side: int) -> int:
    """Return the nearest place with men to spare that can march (field `FIELD`), or NOBODY."""
    best = FAR
    source = NOBODY
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        distance = state.scratch[FIELD, place].distance
        if cell.fighters - cell.wanted < state.par[0].movement_least or state.engagement[place].active == 1:
            continue
        if 0.0 < distance < best:
            best = distance
            source = place
    return source


@kernel
def march(
    world: World, state: State, day: int, side: int, origin: int, place: int, goal: int, route: int, men: int
) -> None:
    """Put men and their share of the kit on the road to the next place on the way; with no free column they wait."""
    for c in range(len(state.column)):
        if state.column[c].active == 1:
            continue
        cell = state.cell[origin, side]
        column = state.column[c]
        share = men / max(1, cell.fighters)
        column.active = 1
        state.tally[0].marching += 1
        column.side = side
        column.origin = origin
        column.place = place
        column.goal = goal
        column.quality = cell.quality
        column.fighters = men
        column.vehicles = int(share * cell.vehicles)
        column.armour = int(share * cell.armour)
        column.artillery = int(share * cell.artillery)
        column.aircraft = int(share * cell.aircraft)
        column.due = day + days_of_march(world, state, origin, place, route, column.vehicles > 0)
        cell.fighters -= men
        cell.vehicles -= column.vehicles
        cell.armour -= column.armour
        cell.artillery -= column.artillery
        cell.aircraft -= column.aircraft
        return


@kernel
def days_of_march(world: World, state: State, origin: int, place: int, route: int, vehicles: bool) -> int:
    """Return the days of a march along a route, over its highest point (M08)."""
    facts = world.route[route]
    start = world.place[origin].elevation_m
    end = world.place[place].elevation_m
    top = max(facts.highest_m, start, end)
    return march_days(
        facts.length_km,
        top - start,
        top - end,
        0.5 * (top + 0.5 * (start + end)),
        facts.road == 1,
        vehicles,
        0.0,
        state.par[0],
    )
