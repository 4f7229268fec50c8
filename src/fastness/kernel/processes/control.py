"""Control and violence (M05): who rules a place shifts step by step, and who rules it decides whom its rulers kill."""

from fastness.kernel.control_zones import bounded_zone, indiscriminate, lean, selective, step_zone
from fastness.kernel.events import REPRISALS, note
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, uniform, whole
from fastness.kernel.world import NOBODY, World

STEP, SELECTIVE, INDISCRIMINATE = 0, 1, 3
WEEK = 7


def control(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week at each place with people, on a weekday of its own, move the zone and count the killed."""
    fighting = state.month[world.day[day].month - 1].fighting
    for place in range(len(world.place)):
        entity = world.place[place].entity
        here = state.place[place]
        if (day + entity) % WEEK != 0 or here.people == 0:
            continue
        zone = step_zone(
            here.zone, lean(state, place, fighting), state.par[0].control_step, uniform(stream, entity, STEP)
        )
        here.zone = bounded_zone(state, place, zone)
        for side in range(len(world.side)):
            if armed_there(state, place, side):
                kill(world, state, day, stream, place, side)


@kernel
def armed_there(state: State, place: int, side: int) -> bool:
    """Whether a side rules a place, has men in it, or is fighting for it."""
    cell = state.cell[place, side]
    return (
        state.place[place].holder == side or cell.fighters + cell.guerrillas > 0 or state.engagement[place].active == 1
    )


@kernel
def harshness(world: World, state: State, side: int) -> float:
    """Return how harsh the side's orders are, relative to what it is used to."""
    active = state.side[side].active
    return world.block[active].harsh if active != NOBODY else 1.0


@kernel
def exposure(world: World, state: State, place: int, side: int) -> float:
    """Return the deaths that a week of violence of full intensity costs a place: rate, people, unrest, orders."""
    here = state.place[place]
    return WEEK * state.par[0].violence_rate * here.people * here.unrest * harshness(world, state, side)


@kernel
def kill(world: World, state: State, day: int, stream: Stream, place: int, side: int) -> None:
    """Count the week's dead by a side's hand: those it singled out, and those whom it struck blindly."""
    par = state.par[0]
    here = state.place[place]
    entity = world.place[place].entity
    deaths = exposure(world, state, place, side)
    singled = whole(stream, entity, SELECTIVE + side, deaths * selective(here.zone, side, par))
    blindly = whole(stream, entity, INDISCRIMINATE + side, deaths * indiscriminate(here.zone, side, par))
    singled = min(singled, here.people)
    dead = min(singled + blindly, here.people)
    if dead == 0:
        return
    here.people -= dead
    here.killed += dead
    state.cell[place, side].harm += dead
    state.cell[place, side].singled += singled
    if dead >= par.violence_told:
        note(state, day, REPRISALS, place, side, float(dead), state.side[side].cause)
