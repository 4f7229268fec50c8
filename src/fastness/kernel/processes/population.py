"""Unrest behind the front (M06, M18): it follows the crowd that dares, incidents excite each other, places rise."""

import math

from fastness.kernel.control_zones import opening_zone
from fastness.kernel.crowd import active_share
from fastness.kernel.events import RISING, note
from fastness.kernel.excitation import excite
from fastness.kernel.fronts import order_assault
from fastness.kernel.ground import garrison_needed, renew_density
from fastness.kernel.groups import renew_breadth, renew_legitimacy
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, normal, poisson, uniform, whole
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, UNSETTLED, World

DRIFT, RISES, JOINS, INCIDENTS = 0, 1, 2, 8
WEEK = 7
#: incidents are counted per this many people
PEOPLE = 100_000.0


def population(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week at each place, on a weekday of its own: unrest, incidents, and risings where too few hold a place."""
    for place in range(len(world.place)):
        here = state.place[place]
        entity = world.place[place].entity
        if (day + entity) % WEEK != 0 or here.people == 0:
            continue
        stir(state, stream, place, entity)
        renew_density(state, place)
        quiet = state.engagement[place].active == 0 and state.affairs[0].settled == UNSETTLED
        if here.holder == BESIEGER and quiet:
            if uniform(stream, entity, RISES) < rising_chance(state, place):
                rise(world, state, day, stream, place)


@kernel
def open_people(world: World, state: State) -> None:
    """Set zones, breadth and legitimacy of the first morning, and the unrest that the crowd does not explain."""
    renew_breadth(world, state)
    for place in range(len(world.place)):
        here = state.place[place]
        here.zone = opening_zone(here.holder, here.sympathy)
        renew_legitimacy(state, place)
        here.unrest_own = here.unrest - crowd_unrest(state, place)


@kernel
def stir(state: State, stream: Stream, place: int, entity: int) -> None:
    """Move unrest a week on: towards the crowd's active share, by chance, and by more incidents than are usual."""
    par = state.par[0]
    here = state.place[place]
    surprise = -usual_rate(state, place)
    count = poisson(stream, entity, INCIDENTS, WEEK * incident_rate(state, place))
    here.incidents += count
    here.heat = excite(here.heat, count, par.incident_branching, par.incident_decay, WEEK)
    surprise = (surprise + (1.0 - par.incident_branching) * count / WEEK) / full_rate(state, place)
    shock = par.unrest_volatility * math.sqrt(WEEK) * normal(stream, entity, DRIFT)
    target = here.unrest_own + crowd_unrest(state, place)
    here.unrest += (1.0 - math.exp(-par.unrest_reversion * WEEK)) * (target - here.unrest)
    here.unrest = min(max(here.unrest + shock + par.incident_stir * surprise * (1.0 - here.unrest), 0.0), 1.0)


@kernel
def crowd_unrest(state: State, place: int) -> float:
    """Return what the crowd's active share adds to the unrest of a place, 0 to 1 (Epstein's mean field, M06)."""
    par = state.par[0]
    here = state.place[place]
    if here.holder == NOBODY or here.people == 0:
        return 0.0
    discontent = min(1.0 - here.legitimacy + par.crowd_guests * here.guests / here.people, 1.0)
    holders = par.crowd_watch * state.cell[place, here.holder].fighters / here.people
    share = active_share(
        here.unrest, discontent, holders, par.crowd_threshold, par.crowd_arrest, par.crowd_bursts > 0.0
    )
    return par.crowd_weight * share


@kernel
def full_rate(state: State, place: int) -> float:
    """Return the rate at which incidents would arise by themselves at full unrest [1/day]."""
    return state.par[0].incident_rate * state.place[place].people / PEOPLE


@kernel
def usual_rate(state: State, place: int) -> float:
    """Return the rate at which incidents arise by themselves, without news of the siege [1/day]."""
    return full_rate(state, place) * state.place[place].unrest


@kernel
def incident_rate(state: State, place: int) -> float:
    """Return the rate of incidents [1/day]: of themselves, by news of the siege, and by incidents before (Hawkes)."""
    news = state.affairs[0].news
    roused = 1.0 + state.par[0].incident_news * news / (1.0 + news)
    return usual_rate(state, place) * roused + state.place[place].heat


@kernel
def rising_chance(state: State, place: int) -> float:
    """Return the chance of a rising this week: it grows with unrest, sympathy and the garrison's shortfall.

    Risings come in clusters with incidents: their rate follows that of incidents, on average 1 / (1 - n) of the usual.
    """
    par = state.par[0]
    here = state.place[place]
    usual = usual_rate(state, place)
    if usual <= 0.0:
        return 0.0
    needed = garrison_needed(state, place)
    there = float(state.cell[place, BESIEGER].fighters)
    shortfall = 1.0 - min(1.0, there / needed) if needed > 0.0 else 0.0
    heated = (1.0 - par.incident_branching) * incident_rate(state, place) / usual
    hazard = par.rising_rate * here.unrest * here.sympathy * (1.0 + par.rising_shortfall * shortfall) * heated
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
