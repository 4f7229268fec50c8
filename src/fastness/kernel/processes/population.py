"""Unrest behind the front (M18 in simple form): it drifts about its mean and may become a rising."""

import math

from fastness.kernel.events import RISING, note
from fastness.kernel.fronts import order_assault
from fastness.kernel.ground import garrison_needed, renew_density
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, normal, uniform, whole
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, World

DRIFT, RISES, JOINS = 0, 1, 2
WEEK = 7


def population(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week at each place, on a weekday of its own, move unrest and let places held too thinly rise."""
    par = state.par[0]
    for place in range(len(world.place)):
        here = state.place[place]
        entity = world.place[place].entity
        if (day + entity) % WEEK != 0 or here.people == 0:
            continue
        shock = par.unrest_volatility * math.sqrt(WEEK) * normal(stream, entity, DRIFT)
        here.unrest += (1.0 - math.exp(-par.unrest_reversion * WEEK)) * (here.unrest_mean - here.unrest) + shock
        here.unrest = min(max(here.unrest, 0.0), 1.0)
        renew_density(state, place)
        if here.holder == BESIEGER and state.engagement[place].active == 0:
            if uniform(stream, entity, RISES) < rising_chance(state, place):
                rise(world, state, day, stream, place)


@kernel
def rising_chance(state: State, place: int) -> float:
    """Return the chance of a rising this week: it grows with unrest, sympathy and the garrison's shortfall."""
    par = state.par[0]
    here = state.place[place]
    needed = garrison_needed(state, place)
    there = float(state.cell[place, BESIEGER].fighters)
    shortfall = 1.0 - min(1.0, there / needed) if needed > 0.0 else 0.0
    hazard = par.rising_rate * here.unrest * here.sympathy * (1.0 + par.rising_shortfall * shortfall)
    return 1.0 - math.exp(-hazard * WEEK)


@kernel
def rise(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """Turn sympathisers into fighters of the defender who attack the garrison from within."""
    par = state.par[0]
    here = state.place[place]
    entity = world.place[place].entity
    men = min(whole(stream, entity, JOINS, par.rising_share * here.sympathy * here.people), here.people)
    if men == 0:
        return
    here.people -= men
    state.cell[place, DEFENDER].fighters += men
    state.side[DEFENDER].recruited += men
    cause = note(state, day, RISING, place, DEFENDER, float(men), NOBODY)
    order_assault(state, place, DEFENDER, cause)
