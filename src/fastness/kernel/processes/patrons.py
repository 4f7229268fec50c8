"""Patrons (M16, M17): who sends arms, over which way, who stops, who recognises; aid that endangers an evacuation."""

import math

from fastness.kernel.bargain import skill
from fastness.kernel.corridor import deliver, way_in
from fastness.kernel.events import PATRON_AIDS, PATRON_RECOGNISES, PATRON_STOPS, RETALIATION, note
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, happens, normal, uniform
from fastness.kernel.world import NOBODY, UNSETTLED, World

WEEK = 7
#: draw numbers of a patron's entity
AIDS, STOPS, RECOGNISES, RETALIATES = 0, 1, 2, 3
#: on the first morning
LEANING = 0


def patrons(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week for each patron, on a weekday of its own: begin, go on with or stop aid, and recognise a side.

    While a window runs that restrains a side, aid to the other side may provoke it any day.
    """
    for k in range(len(world.patron)):
        if (day + world.patron[k].entity) % WEEK == 0:
            recognise(world, state, day, stream, k)
            aid(world, state, day, stream, k)
        if state.patron[k].aiding == 1:
            provoke(world, state, day, stream, k)


@kernel
def draw_leanings(world: World, state: State, stream: Stream) -> None:
    """Draw each patron's leaning in this campaign: log of its rates, mean factor 1, followers take their leader's cue.

    A follower's is rho z_leader + sqrt(1 - rho^2) n, so that leanings of a chain of followers stay standard normal.
    """
    par = state.par[0]
    rho = par.patron_cue
    for _ in range(len(world.patron)):  # a chain of followers is no longer than the table
        for k in range(len(world.patron)):
            own = normal(stream, world.patron[k].entity, LEANING)
            leader = world.patron[k].follows
            if leader == NOBODY:
                state.patron[k].leaning = own
            else:
                state.patron[k].leaning = rho * state.patron[leader].leaning + math.sqrt(1.0 - rho * rho) * own
    for k in range(len(world.patron)):
        sd = par.patron_leaning
        state.patron[k].leaning = sd * state.patron[k].leaning - 0.5 * sd * sd


@kernel
def within_week(rate: float) -> float:
    """Return the chance that something of a daily rate happens within a week."""
    return 1.0 - math.exp(-WEEK * rate)


@kernel
def aid(world: World, state: State, day: int, stream: Stream, k: int) -> None:
    """Begin aid by its hazard, stop it by another, and send a week's tonnes over what is open."""
    facts = world.patron[k]
    now = state.patron[k]
    if facts.side == NOBODY or state.affairs[0].settled != UNSETTLED:
        return
    if now.aiding == 1:
        if happens(stream, facts.entity, STOPS, WEEK * state.par[0].patron_stop):
            now.aiding = 0
            note(state, day, PATRON_STOPS, facts.entry, facts.side, float(k), NOBODY)
            return
    elif begins(world, state, day, k, uniform(stream, facts.entity, AIDS)):
        now.aiding = 1
        now.since = day
        note(state, day, PATRON_AIDS, facts.entry, facts.side, float(k), NOBODY)
    if now.aiding == 1:
        deliver(world, state, k, WEEK * facts.aid_t)


@kernel
def begins(world: World, state: State, day: int, k: int, u: float) -> bool:
    """Whether a uniform number starts aid this week; the way in is sought only where it can decide, for speed."""
    rate = aid_rate(world, state, day, k)
    if u >= within_week(rate):
        return False
    if way_in(world, state, k) == NOBODY:
        rate *= math.exp(-state.par[0].patron_no_way)
    return u < within_week(rate)


@kernel
def aid_rate(world: World, state: State, day: int, k: int) -> float:
    """Return the rate at which a patron begins to send arms if there is a way in [1/day].

    h = h_0 exp(leaning + viability + skill - recognition of the opponent - evacuation).
    """
    par = state.par[0]
    facts = world.patron[k]
    now = state.patron[k]
    if now.aid_hazard <= 0.0:
        return 0.0
    exponent = now.leaning + viability(world, state, facts.side) + par.patron_skill * skill(world, state, facts.side)
    exponent -= par.patron_opponent * recognitions(world, state, 1 - facts.side)
    if facts.evacuates == 1 and restrained(world, state, day, 1 - facts.side) != NOBODY:
        exponent -= par.patron_evacuation
    return now.aid_hazard * math.exp(exponent)


@kernel
def viability(world: World, state: State, side: int) -> float:
    """Return how a side looks against the first day: districts held since then, and how much the world hears [log]."""
    par = state.par[0]
    districts, more = 0, 0
    for place in range(len(world.place)):
        facts = world.place[place]
        if facts.inside == 1 and facts.district == 1:
            districts += 1
            more += (1 if state.place[place].holder == side else 0) - (1 if facts.first_holder == side else 0)
    held = more / districts if districts > 0 else 0.0
    heard = max(state.affairs[0].news, 0.0)
    return par.patron_viability * held + par.patron_news * heard / (1.0 + heard)


@kernel
def recognitions(world: World, state: State, side: int) -> float:
    """Return how many patrons recognise a side."""
    count = 0
    for k in range(len(world.patron)):
        if state.patron[k].recognises == 1 and world.patron[k].recognised_side == side:
            count += 1
    return float(count)


@kernel
def restrained(world: World, state: State, day: int, side: int) -> int:
    """Return a window that runs today and restrains a side, or NOBODY."""
    for w in range(len(world.window)):
        if world.window[w].restrains == side and world.window[w].start <= day <= state.window[w].until:
            return w
    return NOBODY


@kernel
def provoke(world: World, state: State, day: int, stream: Stream, k: int) -> None:
    """Let the side that a window restrains strike at the evacuation because arms reach its enemy: the window ends."""
    facts = world.patron[k]
    w = restrained(world, state, day, 1 - facts.side)
    if w == NOBODY:
        return
    if happens(stream, facts.entity, RETALIATES, state.par[0].patron_retaliation):
        state.affairs[0].disrupted = 1
        state.window[w].until = day
        note(state, day, RETALIATION, NOBODY, 1 - facts.side, float(k), NOBODY)


@kernel
def recognise(world: World, state: State, day: int, stream: Stream, k: int) -> None:
    """Let a patron recognise the side that it may recognise, by its hazard: likelier the stronger that side looks."""
    facts = world.patron[k]
    now = state.patron[k]
    if facts.recognised_side == NOBODY or now.recognises == 1 or now.recognise_hazard <= 0.0:
        return
    exponent = viability(world, state, facts.recognised_side)
    exponent -= state.par[0].patron_opponent * recognitions(world, state, 1 - facts.recognised_side)
    if facts.follows != NOBODY and state.patron[facts.follows].recognises == 1:
        if world.patron[facts.follows].recognised_side == facts.recognised_side:
            exponent += state.par[0].patron_lead
    if happens(stream, facts.entity, RECOGNISES, WEEK * (now.recognise_hazard * math.exp(exponent))):
        now.recognises = 1
        note(state, day, PATRON_RECOGNISES, NOBODY, facts.recognised_side, float(k), NOBODY)
