"""Plans become posture (M06, M09): what a side sees, which block of its plan is in force, where it wants its men."""

import math

from fastness.kernel.events import PLAN_CHANGES, note
from fastness.kernel.expression import evaluate
from fastness.kernel.fronts import launch, renew_fronts
from fastness.kernel.ground import density_needed, garrison_needed, total_fighters
from fastness.kernel.jit import kernel
from fastness.kernel.roadblocks import clear_roadblocks, set_roadblocks
from fastness.kernel.sight import see_stocks
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, normal
from fastness.kernel.world import AXIS, BESIEGER, BLOCKADE, HOLD, NOBODY, RAID, UNSETTLED, World

#: draw number of the error of the stocks (0 is that of the men, 1 the launch of an offensive)
STOCKS = 2


def command(world: World, state: State, day: int, stream: Stream) -> None:
    """For each side: look, see who is not tied down, choose a block, say where men should be, and attack."""
    for side in range(len(world.side)):
        free_reserve(world, state, side)
    for side in range(len(world.side)):
        look(world, state, day, stream, side)
        choose(world, state, day, side)
        active = state.side[side].active
        if active != NOBODY and world.block[active].target != NOBODY:
            renew_fronts(world, state, side, active)
        post(world, state, side)
        if state.affairs[0].settled != UNSETTLED:
            continue  # after a settlement nobody attacks or blocks roads (M15)
        if active != NOBODY and world.block[active].target != NOBODY:
            launch(world, state, day, stream, side, world.block[active])
        clear_roadblocks(world, state, day, stream, side)
        set_roadblocks(world, state, day, stream, side)


@kernel
def look(world: World, state: State, day: int, stream: Stream, side: int) -> None:
    """Refresh what a side believes about enemy men and stocks: every few days, with lognormal errors (M19)."""
    par = state.par[0]
    if day % max(1, int(par.perception_every)) != 0:
        return
    enemy = 1 - side
    error = math.exp(par.perception_error * normal(stream, world.side[side].entity, 0))
    for place in range(len(world.place)):
        cell = state.cell[place, enemy]
        cell.seen = cell.fighters * error
    see_stocks(world, state, enemy, math.exp(par.perception_error * normal(stream, world.side[side].entity, STOCKS)))


@kernel
def choose(world: World, state: State, day: int, side: int) -> None:
    """Put the first block in force whose dates and condition hold and whose delay has passed; those below it wait.

    A block in force stays for some days after its condition fails, so that plans do not flicker.
    """
    facts = world.side[side]
    chosen = NOBODY
    for b in range(facts.first_block, facts.end_block):
        block = world.block[b]
        now = state.block[b]
        holds = chosen == NOBODY and block.start <= day <= block.until
        if holds and block.first_step < block.end_step:
            holds = evaluate(world, state, day, side, block.first_step, block.end_step) > 0.5
        if holds:
            now.held = day
        elif b == state.side[side].active and chosen == NOBODY:
            holds = day <= block.until and day - now.held <= state.par[0].command_patience
        if not holds:
            now.since = NOBODY
            continue
        if now.since == NOBODY:
            now.since = day
        if day >= now.since + now.delay:
            chosen = b
    own = state.side[side]
    if chosen != own.active:
        own.active = chosen
        own.offensive = 0
        number = chosen - facts.first_block if chosen != NOBODY else NOBODY
        own.cause = note(state, day, PLAN_CHANGES, NOBODY, side, float(number), own.cause)
    if chosen != NOBODY:
        if state.block[chosen].first_day == NOBODY:
            state.block[chosen].first_day = day
        state.block[chosen].days += 1


@kernel
def free_reserve(world: World, state: State, side: int) -> None:
    """Find the reserve that is not tied down: F - rho(u) P, u the mean unrest of the places held (M06)."""
    par = state.par[0]
    own = state.side[side]
    unrest = 0.0
    places = 0
    for place in range(len(world.place)):
        if state.place[place].holder == side and state.place[place].people > 0:
            unrest += state.place[place].unrest
            places += 1
    if places > 0:
        unrest /= places
    density = density_needed(
        unrest, par.tie_down_density_min, par.tie_down_density_max, par.tie_down_midpoint, par.tie_down_width
    )
    own.deployable = max(0.0, own.reserve - density * world.side[side].reserve_people)


@kernel
def post(world: World, state: State, side: int) -> None:
    """Say how many men each place should have: garrisons first, the committed rest by the weights of the orders."""
    tied = 0.0
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        cell.wanted = 0.0
        cell.raided = 0
        if side == BESIEGER:
            state.place[place].blockading = 0
        if side == BESIEGER and state.place[place].holder == side:
            cell.wanted = min(garrison_needed(state, place), float(cell.fighters))
            tied += cell.wanted
    active = state.side[side].active
    if active == NOBODY:
        return
    block = world.block[active]
    free = max(0.0, total_fighters(state, side) - tied)
    pool = block.commit * (free + state.side[side].deployable)
    if side == BESIEGER:
        pool -= divert(world, state, pool)
    weights = max(posting_weights(world, state, side, block.first_order, block.end_order), 1e-9)
    for o in range(block.first_order, block.end_order):
        place = posting_place(world, state, side, o)
        if place != NOBODY:
            state.cell[place, side].wanted += pool * world.order[o].weight / weights
        mark(world, state, side, o)


@kernel
def divert(world: World, state: State, pool: float) -> float:
    """Send part of the besieger's free men to places held too thinly for their unrest; return how many (M18).

    Two fronts: `allocation.unrest` is the most of the pool that unrest elsewhere may draw away from the siege.
    """
    short = 0.0
    for place in range(len(world.place)):
        short += garrison_short(world, state, place)
    if short <= 0.0:
        return 0.0
    diverted = min(short, state.par[0].allocation_unrest * pool)
    for place in range(len(world.place)):
        state.cell[place, BESIEGER].wanted += diverted * garrison_short(world, state, place) / short
    return diverted


@kernel
def garrison_short(world: World, state: State, place: int) -> float:
    """Return how many men the besieger's garrison of a place lacks for what its people tie down [persons]."""
    if state.place[place].holder != BESIEGER:
        return 0.0
    return max(0.0, garrison_needed(state, place) - state.cell[place, BESIEGER].fighters)


@kernel
def mark(world: World, state: State, side: int, order: int) -> None:
    """Mark the place of a blockade that is manned, and the place that is to be raided."""
    if state.affairs[0].settled != UNSETTLED:
        return
    kind = world.order[order].kind
    place = world.order[order].target
    if kind == BLOCKADE and side == BESIEGER and state.place[place].holder == side:
        state.place[place].blockading = 1 if state.cell[place, side].fighters > 0 else 0
    elif kind == RAID:
        state.cell[place, side].raided = 1


@kernel
def posting_place(world: World, state: State, side: int, order: int) -> int:
    """Return where an order wants men: the front of an axis, the place it names unless the enemy has it, or NOBODY."""
    kind = world.order[order].kind
    if kind == AXIS:
        return state.order[order].front
    target = world.order[order].target
    if (kind == HOLD or kind == BLOCKADE) and state.place[target].holder != 1 - side:
        return target
    return NOBODY


@kernel
def posting_weights(world: World, state: State, side: int, first_order: int, end_order: int) -> float:
    """Return the sum of the weights of all orders that want men somewhere."""
    weights = 0.0
    for o in range(first_order, end_order):
        if posting_place(world, state, side, o) != NOBODY:
            weights += world.order[o].weight
    return weights
