"""Displacement (M17, M18): people flee from fighting and hunger to where people are, and go home when it is quiet."""

import math

from fastness.kernel.events import PEOPLE_FLEE, note
from fastness.kernel.flight import WAY, asks_besieger, doublings, go_home, leave, reachable
from fastness.kernel.ground import ways_to
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, uniform
from fastness.kernel.world import BESIEGER, NOBODY, World

ROUNDS = 0
WEEK = 7


def displacement(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week at each place, on a weekday of its own, let people flee or come home."""
    for place in range(len(world.place)):
        here = state.place[place]
        if (day + world.place[place].entity) % WEEK != 0 or here.people + here.absent == 0:
            continue
        share = leaving_share(state, day, place)
        if share > 0.0:
            flee(world, state, day, stream, place, share)
        elif here.absent > 0 and quiet(state, day, place):
            come_home(world, state, day, stream, place)


@kernel
def assaulted_lately(state: State, day: int, place: int) -> bool:
    """Whether a place is being assaulted or an assault on it began within a week."""
    now = state.engagement[place]
    return now.active == 1 or (now.days > 0 and day - now.start < WEEK)


@kernel
def hungry(state: State, place: int) -> bool:
    """Whether people somewhere eat so little that some leave."""
    here = state.place[place]
    return here.people > 0 and here.kcal < state.par[0].displacement_hungry_kcal


@kernel
def leaving_share(state: State, day: int, place: int) -> float:
    """Return the share of the people who want to leave this week: 1 - (1 - assault)(1 - nobody holds)(1 - hunger)."""
    par = state.par[0]
    here = state.place[place]
    stay = 1.0
    if here.people == 0:
        return 0.0
    if assaulted_lately(state, day, place):
        stay *= 1.0 - par.displacement_assault
    if here.holder == NOBODY:
        stay *= 1.0 - par.displacement_unheld
    if hungry(state, place):
        stay *= 1.0 - par.displacement_hunger * (1.0 - here.kcal / par.displacement_hungry_kcal)
    return 1.0 - stay


@kernel
def safe(state: State, day: int, place: int) -> bool:
    """Whether a place takes people in: held by somebody, not assaulted, not hungry."""
    return state.place[place].holder != NOBODY and not assaulted_lately(state, day, place) and not hungry(state, place)


@kernel
def quiet(state: State, day: int, place: int) -> bool:
    """Whether those who fled a place come home: safe, and neither fought over nor changing hands for a while."""
    now = state.engagement[place]
    last = state.place[place].held_since
    if now.days > 0:
        last = max(last, now.start + now.days)
    return safe(state, day, place) and day - last >= state.par[0].displacement_quiet_days


@kernel
def pull(world: World, state: State, place: int, mass: float) -> float:
    """Return the gravity of a place, mass / distance^gamma, from the one that the scratch row's ways lead to."""
    if mass <= 0.0 or not reachable(state, place):
        return 0.0
    return mass / math.pow(max(state.scratch[WAY, place].distance, 1.0), state.par[0].displacement_distance)


@kernel
def let_through(world: World, state: State, place: int) -> float:
    """Return the share of people whom the besieger lets by between a place and the scratch row's goal."""
    return state.par[0].displacement_let_through if asks_besieger(world, state, place) else 1.0


@kernel
def flee(world: World, state: State, day: int, stream: Stream, place: int, share: float) -> None:
    """Let the share who want to leave go to safe places by gravity, P / d^gamma, as far as the besieger lets them.

    Whole people: the running sum over the goals, moved by one random number, is cut to whole numbers.
    """
    here = state.place[place]
    ways_to(world, state, place, BESIEGER, False, WAY)
    total = 0.0
    for goal in range(len(world.place)):
        there = goal != place and safe(state, day, goal)
        state.scratch[WAY, goal].need = pull(world, state, goal, float(state.place[goal].people)) if there else 0.0
        total += state.scratch[WAY, goal].need
    if total <= 0.0:
        return
    upto = uniform(stream, world.place[place].entity, ROUNDS)
    wish = share * here.people / total
    gone = 0
    told = doublings(here.absent, state.par[0].displacement_told)
    for goal in range(len(world.place)):
        weight = state.scratch[WAY, goal].need
        if weight > 0.0:
            upto += wish * weight * let_through(world, state, goal)
            going = min(int(upto) - gone, here.people)
            if going > 0:
                leave(state, place, goal, going)
                gone += going
    if doublings(here.absent, state.par[0].displacement_told) > told:
        now = state.engagement[place]
        cause = now.event if assaulted_lately(state, day, place) else NOBODY
        note(state, day, PEOPLE_FLEE, place, NOBODY, float(here.absent), cause)


@kernel
def come_home(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """Let a share of those who are away come home, from the places that have guests, the nearer the more."""
    here = state.place[place]
    ways_to(world, state, place, BESIEGER, False, WAY)
    total = 0.0
    for host in range(len(world.place)):
        there = state.place[host]
        there.guests = min(there.guests, there.people)
        state.scratch[WAY, host].need = pull(world, state, host, float(there.guests)) if host != place else 0.0
        total += state.scratch[WAY, host].need
    if total <= 0.0:
        return
    upto = uniform(stream, world.place[place].entity, ROUNDS)
    wish = state.par[0].displacement_return * here.absent / total
    gone = 0
    for host in range(len(world.place)):
        weight = state.scratch[WAY, host].need
        if weight > 0.0:
            upto += wish * weight * let_through(world, state, host)
            going = min(int(upto) - gone, state.place[host].guests, here.absent)
            if going > 0:
                go_home(state, host, place, going)
                gone += going
