"""Recruits and deserters (M04, M20; M13 in simple form): people become fighters, fighters go home, nobody vanishes."""

import math

from fastness.kernel.contagion import contagion_step
from fastness.kernel.groups import anger, mean_affinity
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, poisson, whole
from fastness.kernel.world import BESIEGER, DEFENDER, World

WEEK = 7
JOIN, LEAVE, FADE = 0, 400, 402


def manpower(world: World, state: State, day: int, stream: Stream) -> None:
    """Remember harm daily; once a week at each place, on a weekday of its own, recruits for the defender, deserters."""
    par = state.par[0]
    for side in range(len(world.side)):
        own = state.side[side]
        own.cohesion += par.cohesion_recovery * (1.0 - own.cohesion)
    kept = math.exp(-1.0 / par.backlash_memory)
    for place in range(len(world.place)):
        for side in range(len(world.side)):
            remember(state, place, side, kept)
        entity = world.place[place].entity
        if (day + entity) % WEEK != 0:
            continue
        recruit(state, place, poisson(stream, entity, JOIN, recruits_expected(world, state, place)))
        for side in range(len(world.side)):
            leave(world, state, stream, place, side)


@kernel
def remember(state: State, place: int, side: int, kept: float) -> None:
    """Let the memory of a side's harm fade by a day, and take in the harm that it did since yesterday (M04)."""
    cell = state.cell[place, side]
    if cell.harm == 0 and cell.grievance == 0.0:
        return
    cell.grievance = kept * (cell.grievance + cell.harm)
    cell.singled *= kept
    cell.harm = 0


@kernel
def recruit_ceiling(world: World, state: State, place: int) -> float:
    """Return the fighters that a place can raise, K = m sum over groups of P_g times affinity (M20) [persons]."""
    affinity = mean_affinity(world, state, world.place[place].inside)
    return state.par[0].recruit_ceiling_share * affinity * state.place[place].people


@kernel
def recruits_expected(world: World, state: State, place: int) -> float:
    """Return the recruits expected in a week: of themselves, drawn by those who joined, and driven by harm (M04).

    All of them fall off as 1 - R/K, R the defender's men there, K the ceiling. Where the defender does not rule, only
    harm drives men into hiding to fight.
    """
    here = state.place[place]
    cell = state.cell[place, DEFENDER]
    ceiling = recruit_ceiling(world, state, place)
    raised = float(cell.fighters + cell.guerrillas)
    if ceiling <= 0.0 or raised >= ceiling:
        return 0.0
    room = 1.0 - raised / ceiling
    expected = backlash(world, state, place) * room
    if here.holder == DEFENDER:
        broad = mean_affinity(world, state, world.place[place].inside)
        expected += WEEK * state.par[0].recruit_rate * here.sympathy * broad * here.people * room
        pool = ceiling - raised
        left, _ = contagion_step(pool, raised, ceiling, state.par[0].recruit_contagion, 0.0, WEEK)
        expected += pool - left
    return max(expected, 0.0)


@kernel
def backlash(world: World, state: State, place: int) -> float:
    """Return the recruits of a week that the besieger's harm drives to the defender, or keeps away (M04).

    Each death brings theta in all while it is remembered, one who was singled out a theta of its own; weighed by how
    far the besieger's men are strangers to the people.
    """
    par = state.par[0]
    cell = state.cell[place, BESIEGER]
    if cell.grievance == 0.0:
        return 0.0
    blind = max(cell.grievance - cell.singled, 0.0)
    driven = par.backlash_theta * blind + par.backlash_selective * cell.singled
    weight = anger(world, world.place[place].inside, BESIEGER, par.backlash_ingroup)
    return WEEK / par.backlash_memory * weight * driven


@kernel
def leave(world: World, state: State, stream: Stream, place: int, side: int) -> None:
    """Let a week's share of a side's fighters and guerrillas at a place go home."""
    cell = state.cell[place, side]
    entity = world.place[place].entity
    if cell.fighters > 0:
        share = 1.0 - math.exp(-WEEK * desertion_rate(state, place, side))
        desert(world, state, place, side, whole(stream, entity, LEAVE + side, share * cell.fighters))
    if cell.guerrillas > 0:
        share = 1.0 - math.exp(-WEEK * state.par[0].guerrilla_fade)
        gone = min(whole(stream, entity, FADE + side, share * cell.guerrillas), cell.guerrillas)
        cell.guerrillas -= gone
        state.place[civil_place(world, state, place, side)].people += gone
        state.side[side].deserted += gone


@kernel
def recruit(state: State, place: int, men: int) -> None:
    """Move men from the people of a place to the defender's fighters there, or guerrillas where it does not rule."""
    here = state.place[place]
    joined = min(men, here.people)
    here.people -= joined
    if here.holder == DEFENDER:
        state.cell[place, DEFENDER].fighters += joined
    else:
        state.cell[place, DEFENDER].guerrillas += joined
    state.side[DEFENDER].recruited += joined


@kernel
def desertion_rate(state: State, place: int, side: int) -> float:
    """Return the rate at which a side's fighters go home [1/day]: more when hungry, divided or treated unequally."""
    par = state.par[0]
    hunger = 1.0 - state.cell[place, side].fed
    despair = 1.0 - state.side[side].cohesion
    unequal = 1.0 + par.desertion_inequality * state.side[side].inequality
    return par.desertion_rate * unequal * (1.0 + par.desertion_hunger * hunger + par.desertion_despair * despair)


@kernel
def desert(world: World, state: State, place: int, side: int, men: int) -> None:
    """Move men from a side's fighters back to the people."""
    left = min(men, state.cell[place, side].fighters)
    state.cell[place, side].fighters -= left
    state.place[civil_place(world, state, place, side)].people += left
    state.side[side].deserted += left


@kernel
def civil_place(world: World, state: State, place: int, side: int) -> int:
    """Return where those who leave a place live: there, or at the side's home if nobody lives there."""
    return place if state.place[place].people > 0 else world.side[side].home
