"""Where an offensive stands: the front of each axis, its next objective, and the order to assault it (M06, M07)."""

from fastness.kernel.events import OFFENSIVE_BEGINS, note
from fastness.kernel.ground import ways_to
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, happens
from fastness.kernel.world import AXIS, NOBODY, BlockFacts, World

TO_TARGET, TO_HOME = 0, 1
LAUNCH = 1


@kernel
def renew_fronts(world: World, state: State, side: int, active: int) -> None:
    """Find the fronts of the active block again when the block, a holder or the state of a road has changed."""
    if state.side[side].fronts_for != active:
        state.side[side].fronts_for = active
        find_fronts(world, state, side, world.block[active])


@kernel
def find_fronts(world: World, state: State, side: int, block: BlockFacts) -> None:
    """Find each axis's front and objective: back towards home if the axis is not ours, else on towards the target."""
    ways_to(world, state, block.target, side, False, TO_TARGET)
    ways_to(world, state, world.side[side].home, side, False, TO_HOME)
    for o in range(block.first_order, block.end_order):
        order = world.order[o]
        if order.kind == AXIS:
            axis = state.order[o]
            if state.place[order.target].holder == side:
                axis.front, axis.objective = advance(state, side, order.target, block.target)
            else:
                axis.front, axis.objective = fall_back(world, state, side, order.target)


@kernel
def advance(state: State, side: int, place: int, target: int) -> tuple[int, int]:
    """Walk from an own place towards the target; return the last own place and the first that is not (or NOBODY)."""
    while place != target:
        ahead = state.scratch[TO_TARGET, place].hop
        if ahead == NOBODY:
            return place, NOBODY
        if state.place[ahead].holder != side:
            return place, ahead
        place = ahead
    return place, NOBODY


@kernel
def fall_back(world: World, state: State, side: int, place: int) -> tuple[int, int]:
    """Walk from a place that is not ours towards home; return the first own place and the one before it."""
    objective = place
    while state.place[place].holder != side:
        objective = place
        place = state.scratch[TO_HOME, place].hop
        if place == NOBODY:
            return world.side[side].home, NOBODY
    return place, objective


@kernel
def launch(world: World, state: State, day: int, stream: Stream, side: int, block: BlockFacts) -> None:
    """Begin the offensive when the day's hazard says so, and order assaults on objectives that look takeable."""
    own = state.side[side]
    if own.offensive == 0:
        if day < own.pause_until or best_ratio(world, state, side, block) < state.par[0].assault_ratio:
            return
        hazard = assault_hazard(world, state, day, side)
        if not happens(stream, world.side[side].entity, LAUNCH, hazard):
            return
        own.offensive = 1
        own.cause = note(state, day, OFFENSIVE_BEGINS, block.target, side, 0.0, own.cause)
    for o in range(block.first_order, block.end_order):
        axis = state.order[o]
        if world.order[o].kind == AXIS and axis.objective != NOBODY:
            if seen_ratio(world, state, side, axis.front, axis.objective) >= state.par[0].assault_ratio:
                order_assault(state, axis.objective, side, own.cause)


@kernel
def assault_hazard(world: World, state: State, day: int, side: int) -> float:
    """Return the rate at which a ready side opens its offensive [1/day]: tempo, season (M11), restraint (M17)."""
    par = state.par[0]
    rate = par.assault_tempo * state.month[world.day[day].month - 1].fighting
    for w in range(len(world.window)):
        window = world.window[w]
        if window.restrains == side and window.start <= day <= state.window[w].until:
            rate *= 1.0 - par.restraint_share
    return rate


@kernel
def best_ratio(world: World, state: State, side: int, block: BlockFacts) -> float:
    """Return the best force ratio that a side sees on any of its axes."""
    best = 0.0
    for o in range(block.first_order, block.end_order):
        axis = state.order[o]
        if world.order[o].kind == AXIS and axis.objective != NOBODY:
            best = max(best, seen_ratio(world, state, side, axis.front, axis.objective))
    return best


@kernel
def seen_ratio(world: World, state: State, side: int, front: int, objective: int) -> float:
    """Return own fighters at the front over the enemy fighters seen at the objective (0 with nobody to send)."""
    own = float(state.cell[front, side].fighters)
    if own < state.par[0].assault_least:
        return 0.0
    return own / max(state.cell[objective, 1 - side].seen, 1.0)


@kernel
def order_assault(state: State, place: int, attacker: int, cause: int) -> None:
    """Order an assault on a place unless one is under way; the combat process begins it."""
    engagement = state.engagement[place]
    if engagement.active == 0:
        engagement.ordered = 1
        engagement.attacker = attacker
        engagement.event = cause
