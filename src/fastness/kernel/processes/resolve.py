"""Who breaks, and what follows (M22): retreat, capture, ground lost and force saved, or a repulse and a pause."""

from fastness.kernel.engagement import break_hazards
from fastness.kernel.events import ASSAULT_FAILS, BREAKS_CUT_OFF, BREAKS_UNARMED, DISPERSAL, PLACE_FALLS, note
from fastness.kernel.forces import carry
from fastness.kernel.ground import forget_fronts, leads_there_first, passable
from fastness.kernel.jit import kernel
from fastness.kernel.processes.combat import committed
from fastness.kernel.risks import NOTHING, weibull_quantile, which_ends
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, uniform, whole
from fastness.kernel.world import BESIEGER, CLOSURES, NOBODY, World

BREAKS, PAUSE, TAKEN, HIDES = 0, 1, 2, 3


def resolve(world: World, state: State, day: int, stream: Stream) -> None:
    """End the engagements whose loser breaks or whose length is over; let a side that was told to disperse do so."""
    for place in range(len(world.place)):
        if state.engagement[place].active == 1:
            settle(world, state, day, stream, place)
    for side in range(len(world.side)):
        active = state.side[side].active
        if active != NOBODY and world.block[active].disperse == 1:
            disperse(world, state, day, side)


@kernel
def settle(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """End an engagement if one side has nobody left, the side not favoured breaks, or its drawn length is over."""
    now = state.engagement[place]
    attacker, defender = now.attacker, 1 - now.attacker
    men = committed(world, state, place, attacker) if state.cell[place, defender].engaged == 0 else 1
    if state.cell[place, defender].fighters == 0 and (men > 0 or now.lost_attacker > 0):
        fall(world, state, day, stream, place)
    elif men == 0 and storm_bound(world, state, place, attacker):
        return
    elif men == 0:
        repulse(world, state, day, stream, place)
    elif day - now.start + 1 >= now.days or breaks(world, state, day, stream, place):
        if now.favoured == 1:
            fall(world, state, day, stream, place)
        else:
            repulse(world, state, day, stream, place)


@kernel
def breaks(world: World, state: State, day: int, stream: Stream, place: int) -> bool:
    """Whether the side that is not favoured gives up today, cut off or out of ammunition, whichever strikes first."""
    now = state.engagement[place]
    if now.favoured == 0:
        return False
    loser = 1 - now.attacker
    cut_off = refuge(world, state, place, loser) == NOBODY
    unsupplied = state.cell[place, loser].armed < state.par[0].power_short
    hazards = break_hazards(now.lost_defender / max(1, now.start_defender), cut_off, unsupplied, state.par[0])
    cause = which_ends(hazards, 1.0, uniform(stream, world.place[place].entity, BREAKS))
    if cause == NOTHING:
        return False
    kind = BREAKS_CUT_OFF if cause == 0 else BREAKS_UNARMED
    now.event = note(state, day, kind, place, loser, float(state.cell[place, loser].fighters), now.event)
    return True


@kernel
def storm_bound(world: World, state: State, place: int, side: int) -> bool:
    """Whether a storm, not snow for the winter, keeps a side's men next door from a place today: the fight waits."""
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        link = world.link[k]
        storm = world.route[link.route].season == CLOSURES and state.route[link.route].shut == 1
        if storm and state.cell[link.other, side].fighters > 0:
            return True
    return False


@kernel
def refuge(world: World, state: State, place: int, side: int) -> int:
    """Return an own place next door to retreat to along a passable route (the largest garrison), or NOBODY."""
    best = NOBODY
    most = -1
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        link = world.link[k]
        men = state.cell[link.other, side].fighters
        if state.place[link.other].holder == side and passable(state, link.route, side) and men > most:
            best = link.other
            most = men
    return best


@kernel
def fall(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """Give the place to the attacker: some defenders are taken, the rest retreat or hide; stocks change hands."""
    par = state.par[0]
    now = state.engagement[place]
    attacker, defender = now.attacker, 1 - now.attacker
    entity = world.place[place].entity
    cell = state.cell[place, defender]
    goal = refuge(world, state, place, defender)
    share = par.retreat_taken if goal != NOBODY else par.retreat_taken_cut_off
    taken = min(whole(stream, entity, TAKEN, share * cell.fighters), cell.fighters)
    cell.fighters -= taken
    state.side[defender].captured += taken
    hides = (
        cell.fighters
        if goal == NOBODY
        else min(
            whole(stream, entity, HIDES, par.retreat_hides * friendly(state, place, defender) * cell.fighters),
            cell.fighters,
        )
    )
    cell.guerrillas += hides
    cell.fighters -= hides
    if goal != NOBODY:
        carry(state, place, goal, defender, defender, 1.0 - par.retreat_kit_lost)
        state.cell[goal, defender].fighters += cell.fighters
        cell.fighters = 0
    carry(state, place, place, defender, attacker, 1.0)
    seize_stocks(state, place, defender, attacker)
    if state.place[place].holder == defender:
        state.side[defender].cohesion *= 1.0 - par.cohesion_loss * (2.0 if place == world.side[defender].home else 1.0)
    hand_over(world, state, day, place, attacker)


@kernel
def friendly(state: State, place: int, side: int) -> float:
    """Return the share of the people of a place who would hide a side's men."""
    sympathy = state.place[place].sympathy
    return 1.0 - sympathy if side == BESIEGER else sympathy


@kernel
def seize_stocks(state: State, place: int, loser: int, winner: int) -> None:
    """Give part of a lost place's military stocks to the winner; the rest is destroyed or carried off into hiding."""
    kept = state.par[0].retreat_stock_seized
    lost = state.cell[place, loser]
    won = state.cell[place, winner]
    state.tally[0].stock_out += (1.0 - kept) * (lost.food_t + lost.fuel_t + lost.ammunition_t)
    won.food_t += kept * lost.food_t
    won.fuel_t += kept * lost.fuel_t
    won.ammunition_t += kept * lost.ammunition_t
    lost.food_t = 0.0
    lost.fuel_t = 0.0
    lost.ammunition_t = 0.0


@kernel
def hand_over(world: World, state: State, day: int, place: int, winner: int) -> None:
    """Set the new holder, close the engagement, bring the winner's guerrillas out and move part of its fronts in."""
    now = state.engagement[place]
    now.active = 0
    state.place[place].holder = winner
    state.place[place].held_since = day
    forget_fronts(state)
    cell = state.cell[place, winner]
    cell.fighters += cell.guerrillas
    cell.guerrillas = 0
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        link = world.link[k]
        front = state.cell[link.other, winner]
        if state.place[link.other].holder == winner and front.engaged > 0 and leads_there_first(world, place, k):
            moving = int(state.par[0].advance_share * min(front.engaged, front.fighters))
            carry(state, link.other, place, winner, winner, moving / max(1, front.fighters))
            front.fighters -= moving
            cell.fighters += moving
    event = note(state, day, PLACE_FALLS, place, winner, float(cell.fighters), now.event)
    state.side[0].cause = event
    state.side[1].cause = event


@kernel
def repulse(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """End the assault in failure: the attacker pauses (Weibull), and its men within the place hide in the hills."""
    par = state.par[0]
    now = state.engagement[place]
    attacker = now.attacker
    now.active = 0
    within = state.cell[place, attacker]
    within.guerrillas += within.fighters
    within.fighters = 0
    own = state.side[attacker]
    u = uniform(stream, world.place[place].entity, PAUSE)
    own.pause_until = day + weibull_quantile(u, par.assault_pause, par.assault_pause_shape)
    own.offensive = 0
    own.cohesion *= 1.0 - par.cohesion_repulse
    own.cause = note(state, day, ASSAULT_FAILS, place, attacker, float(now.lost_attacker), now.event)


@kernel
def disperse(world: World, state: State, day: int, side: int) -> None:
    """Turn a side's fighters inside the stronghold into guerrillas where they are not under assault."""
    men = 0
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        if world.place[place].inside == 1 and state.engagement[place].active == 0 and cell.fighters > 0:
            men += cell.fighters
            cell.guerrillas += cell.fighters
            cell.fighters = 0
    if men >= state.par[0].movement_least:  # a few recruits who join the hills are no news
        state.side[side].cause = note(state, day, DISPERSAL, NOBODY, side, float(men), state.side[side].cause)
