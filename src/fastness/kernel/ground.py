"""Who can go where: passable routes, ways to a place, and what a place needs to be held."""

import math

from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.world import NOBODY, World

FAR = 1e18


@kernel
def passable(state: State, route: int, side: int) -> bool:
    """Whether a side can march along a route today: no snow, no storm, no roadblock of another side."""
    now = state.route[route]
    return now.shut == 0 and (now.blocker == NOBODY or now.blocker == side)


@kernel
def ways_to(world: World, state: State, goal: int, side: int, own_ground: bool, field: int) -> None:
    """Fill scratch row `field` with each place's distance [km] to `goal` and its next hop and route towards it.

    With `own_ground` it is a march: only places that the other side does not hold, and no roadblocks of the other side.
    Otherwise it is the way of an assault, which only snow and storms close. Places whose way became shorter wait in a
    queue to tell their neighbours (Moore 1959).
    """
    places = len(world.place)
    for place in range(places):
        entry = state.scratch[field, place]
        entry.distance = FAR
        entry.hop = NOBODY
        entry.route = NOBODY
        entry.waits = 0
    state.scratch[field, goal].distance = 0.0
    state.scratch[field, 0].queued = goal
    head, tail = 0, after(0, places)
    waiting = 1
    while waiting > 0:
        near = state.scratch[field, head].queued
        head = after(head, places)
        waiting -= 1
        state.scratch[field, near].waits = 0
        if own_ground and state.place[near].holder == 1 - side:
            continue
        for k in range(world.place[near].first_link, world.place[near].end_link):
            link = world.link[k]
            if state.route[link.route].shut == 1 or (own_ground and not passable(state, link.route, side)):
                continue
            far = state.scratch[field, link.other]
            if (
                shorten(state, near, link.other, link.route, world.route[link.route].length_km, field)
                and far.waits == 0
            ):
                far.waits = 1
                state.scratch[field, tail].queued = link.other
                tail = after(tail, places)
                waiting += 1


@kernel
def after(position: int, length: int) -> int:
    """Return the next position in a ring."""
    return position + 1 if position + 1 < length else 0


@kernel
def shorten(state: State, near: int, far: int, route: int, length: float, field: int) -> bool:
    """Whether going from `far` by way of `near` is shorter; then note it (Bellman 1958)."""
    candidate = state.scratch[field, near].distance + max(length, 0.1)
    entry = state.scratch[field, far]
    if candidate >= entry.distance - 1e-9:
        return False
    entry.distance = candidate
    entry.hop = near
    entry.route = route
    return True


@kernel
def forget_fronts(state: State) -> None:
    """Have both sides find their fronts anew: a holder or a road has changed."""
    for side in range(len(state.side)):
        state.side[side].fronts_for = NOBODY


@kernel
def leads_there_first(world: World, place: int, k: int) -> bool:
    """Whether no earlier link of a place leads to the same neighbour as link `k`: men beside it count once."""
    for j in range(world.place[place].first_link, k):
        if world.link[j].other == world.link[k].other:
            return False
    return True


@kernel
def density_needed(unrest: float, minimum: float, maximum: float, midpoint: float, width: float) -> float:
    """Return the holders needed per person at an unrest of 0 to 1 (M06): the minimum when calm, rising logistically."""
    return minimum + (maximum - minimum) * (logistic((unrest - midpoint) / width) - logistic(-midpoint / width))


@kernel
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)), safe for large arguments."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1.0 + grown)


@kernel
def renew_density(state: State, place: int) -> None:
    """Set how many holders each person of a place ties down at its present unrest (M06)."""
    par = state.par[0]
    here = state.place[place]
    here.holders_per_person = density_needed(
        here.unrest, par.tie_down_density_min, par.tie_down_density_max, par.tie_down_midpoint, par.tie_down_width
    )


@kernel
def garrison_needed(state: State, place: int) -> float:
    """Return the fighters that the people of a place tie down (M06)."""
    return state.place[place].holders_per_person * state.place[place].people


@kernel
def total_fighters(state: State, side: int) -> int:
    """Return a side's fighters on the map, those on the march included [persons]."""
    men = 0
    for place in range(len(state.place)):
        men += state.cell[place, side].fighters
    left = state.tally[0].marching
    for c in range(len(state.column)):
        if left == 0:
            break
        if state.column[c].active == 1:
            left -= 1
            if state.column[c].side == side:
                men += state.column[c].fighters
    return men
