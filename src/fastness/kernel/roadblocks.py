"""Roadblocks (M09): a side beside a route may block it to the other side and to trade; the other may clear it."""

from fastness.kernel.events import ROADBLOCK_CLEARED, ROADBLOCK_SET, note
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, happens
from fastness.kernel.world import BLOCK, NOBODY, World


@kernel
def set_roadblocks(world: World, state: State, day: int, stream: Stream, side: int) -> None:
    """Block the routes that a side's active block names, where it has men beside them."""
    par = state.par[0]
    active = state.side[side].active
    if active == NOBODY:
        return
    for o in range(world.block[active].first_order, world.block[active].end_order):
        order = world.order[o]
        if order.kind != BLOCK or state.route[order.target].blocker != NOBODY:
            continue
        route = order.target
        if men_beside(world, state, route, side) < par.roadblock_men:
            continue
        if happens(stream, world.route[route].entity, side, par.roadblock_set):
            state.route[route].blocker = side
            note(state, day, ROADBLOCK_SET, world.route[route].start, side, float(route), state.side[side].cause)


@kernel
def clear_roadblocks(world: World, state: State, day: int, stream: Stream, side: int) -> None:
    """Clear the other side's roadblocks: at once where its men are gone, else at a rate that grows with the odds."""
    par = state.par[0]
    enemy = 1 - side
    for r in range(len(world.route)):
        if state.route[r].blocker != enemy:
            continue
        holding = men_beside(world, state, r, enemy)
        clearing = men_beside(world, state, r, side)
        if holding > 0.0:
            if clearing < par.roadblock_men:
                continue
            hazard = par.roadblock_clear * clearing / (clearing + holding)
            if not happens(stream, world.route[r].entity, 2 + side, hazard):
                continue
        state.route[r].blocker = NOBODY
        note(state, day, ROADBLOCK_CLEARED, world.route[r].start, side, float(r), NOBODY)


@kernel
def men_beside(world: World, state: State, route: int, side: int) -> float:
    """Return a side's fighters and guerrillas at the ends of a route and one place beyond them [persons]."""
    men = 0.0
    facts = world.route[route]
    for end in (facts.start, facts.end):
        men += float(state.cell[end, side].fighters + state.cell[end, side].guerrillas)
        place = world.place[end]
        for k in range(place.first_link, place.end_link):
            link = world.link[k]
            if link.route != route:
                men += float(state.cell[link.other, side].fighters + state.cell[link.other, side].guerrillas)
    return men
