"""Recruits and deserters (M04 and M13 in simple form): people become fighters, fighters go home, nobody vanishes."""

import math

from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, poisson, whole
from fastness.kernel.world import DEFENDER, World

WEEK = 7
JOIN, LEAVE, FADE = 0, 400, 402


def manpower(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week at each place, on a weekday of its own: recruits for the defender, deserters of both sides."""
    for side in range(len(world.side)):
        own = state.side[side]
        own.cohesion += state.par[0].cohesion_recovery * (1.0 - own.cohesion)
    for place in range(len(world.place)):
        entity = world.place[place].entity
        if (day + entity) % WEEK != 0:
            continue
        if state.place[place].holder == DEFENDER:
            recruit(state, place, poisson(stream, entity, JOIN, recruits_expected(state, place)))
        for side in range(len(world.side)):
            leave(world, state, stream, place, side)


@kernel
def recruits_expected(state: State, place: int) -> float:
    """Return the recruits expected in a week: r S (1 - R/K), S sympathisers, R fighters raised, K the ceiling (M04)."""
    par = state.par[0]
    here = state.place[place]
    ceiling = par.recruit_ceiling_share * here.people
    raised = float(state.cell[place, DEFENDER].fighters)
    if ceiling <= 0.0 or raised >= ceiling:
        return 0.0
    return WEEK * par.recruit_rate * here.sympathy * here.people * (1.0 - raised / ceiling)


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
    """Move men from the people of a place to the defender's fighters there."""
    here = state.place[place]
    joined = min(men, here.people)
    here.people -= joined
    state.cell[place, DEFENDER].fighters += joined
    state.side[DEFENDER].recruited += joined


@kernel
def desertion_rate(state: State, place: int, side: int) -> float:
    """Return the rate at which a side's fighters go home [1/day]: more when hungry and when cohesion is low."""
    par = state.par[0]
    hunger = 1.0 - state.cell[place, side].fed
    despair = 1.0 - state.side[side].cohesion
    return par.desertion_rate * (1.0 + par.desertion_hunger * hunger + par.desertion_despair * despair)


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
