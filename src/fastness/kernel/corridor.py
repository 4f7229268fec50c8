"""The way in for aid (M16, M09): where it reaches a side by road, path or air, and how it is split on arrival."""

from fastness.kernel.cover import AMMUNITION, FOOD, FUEL, cell_use
from fastness.kernel.ground import FAR, ways_to
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.world import BESIEGER, NOBODY, World

FIELD = 0
WEEK = 7


@kernel
def way_in(world: World, state: State, k: int) -> int:
    """Return the place where a patron's aid reaches the side that it favours, by land or by air, or NOBODY."""
    by_land = reached_by_land(world, state, k)
    return by_land if by_land != NOBODY else reached_by_air(world, state, k)


@kernel
def reached_by_land(world: World, state: State, k: int) -> int:
    """Return the side's nearest manned place along passable routes over ground that the enemy does not hold.

    The besieger has a country: what enters nowhere on the map comes in at its home.
    """
    facts = world.patron[k]
    side = facts.side
    if facts.entry == NOBODY:
        home = world.side[side].home
        return home if side == BESIEGER and manned(state, home, side) else NOBODY
    if state.place[facts.entry].holder == 1 - side:
        return NOBODY
    if manned(state, facts.entry, side):
        return facts.entry
    ways_to(world, state, facts.entry, side, True, FIELD)
    nearest = FAR
    best = NOBODY
    for place in range(len(world.place)):
        distance = state.scratch[FIELD, place].distance
        if distance < nearest and manned(state, place, side):
            nearest = distance
            best = place
    return best


@kernel
def reached_by_air(world: World, state: State, k: int) -> int:
    """Return where aid can be flown to: the side's home, or its largest garrison inside the stronghold, or NOBODY."""
    facts = world.patron[k]
    side = facts.side
    if facts.by_air == 0 or state.side[side].flying <= 0:
        return NOBODY
    if manned(state, world.side[side].home, side):
        return world.side[side].home
    best = NOBODY
    most = 0
    for place in range(len(world.place)):
        men = state.cell[place, side].fighters
        if world.place[place].inside == 1 and manned(state, place, side) and men > most:
            best = place
            most = men
    return best


@kernel
def manned(state: State, place: int, side: int) -> bool:
    """Whether a side holds a place with men who can take a delivery."""
    return state.place[place].holder == side and state.cell[place, side].fighters > 0


@kernel
def deliver(world: World, state: State, k: int, tonnes: float) -> None:
    """Bring a week's aid to the place it can reach, split as it is used there; by air only what can be flown."""
    side = world.patron[k].side
    place = reached_by_land(world, state, k)
    if place == NOBODY:
        place = reached_by_air(world, state, k)
        tonnes = min(tonnes, WEEK * state.par[0].airlift_sortie_t * state.side[side].flying)
    if place == NOBODY or tonnes <= 0.0:
        return
    food = cell_use(state, place, side, FOOD)
    fuel = cell_use(state, place, side, FUEL)
    ammunition = cell_use(state, place, side, AMMUNITION)
    use = food + fuel + ammunition
    if use <= 0.0:
        return
    cell = state.cell[place, side]
    cell.food_t += tonnes * food / use
    cell.fuel_t += tonnes * fuel / use
    cell.ammunition_t += tonnes * ammunition / use
    state.tally[0].stock_in += tonnes
    state.patron[k].sent_t += tonnes
