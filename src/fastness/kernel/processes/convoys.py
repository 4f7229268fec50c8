"""Relief convoys (M09): lorries with food for people, if the road is open and the besieger lets them pass."""

from fastness.kernel.events import CONVOY_ARRIVES, CONVOY_REFUSED, note
from fastness.kernel.flight import WAY, asks_besieger, doublings, leave, reachable
from fastness.kernel.ground import ways_to
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.stocks import food_need_t, truckloads
from fastness.kernel.streams import Stream, uniform
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, World

PASSES = 0


def convoys(world: World, state: State, day: int, stream: Stream) -> None:
    """Send the convoys that are due: they arrive today, or try again in some days."""
    for c in range(len(world.convoy)):
        facts = world.convoy[c]
        if facts.first_day <= day <= facts.last_day and day >= state.convoy[c].next_day:
            send(world, state, day, stream, c)


@kernel
def send(world: World, state: State, day: int, stream: Stream, c: int) -> None:
    """Send a convoy: wait while the road is closed or stores are full, then be let through or turned back."""
    facts = world.convoy[c]
    now = state.convoy[c]
    ways_to(world, state, facts.goal, BESIEGER, False, WAY)
    now.next_day = day + max(1, int(state.par[0].convoy_retry))
    if not road_open(state, facts.start, facts.goal):
        return
    if facts.evacuees == 0 and lorries_loaded(world, state, c) <= 0.0:
        return
    if by_leave(world, state, c) and uniform(stream, facts.entity, PASSES) >= pass_chance(world, state, c):
        now.refused += 1
        if doublings(now.refused, 1.0) > doublings(now.refused - 1, 1.0):
            cause = state.side[BESIEGER].cause
            note(state, day, CONVOY_REFUSED, facts.goal, BESIEGER, float(now.refused), cause)
        return
    now.next_day = day + facts.every
    arrive(world, state, day, c)


@kernel
def road_open(state: State, start: int, goal: int) -> bool:
    """Whether lorries can drive: no snow, no storm, no fight for the goal, no defender's block to a place not its own.

    The besieger's roadblocks are no matter of the road: they are its will (`by_leave`).
    """
    if not reachable(state, start) or state.engagement[goal].active == 1:
        return False
    place = start
    while state.scratch[WAY, place].hop != NOBODY:
        blocker = state.route[state.scratch[WAY, place].route].blocker
        if blocker == DEFENDER and state.place[goal].holder != DEFENDER:
            return False
        place = state.scratch[WAY, place].hop
    return True


@kernel
def by_leave(world: World, state: State, c: int) -> bool:
    """Whether a convoy passes only by leave of the besieger: to the defender, or past its roadblock or blockade."""
    facts = world.convoy[c]
    return state.place[facts.goal].holder == DEFENDER or asks_besieger(world, state, facts.start)


@kernel
def pass_chance(world: World, state: State, c: int) -> float:
    """Return the chance that the besieger lets a convoy through: its attitude times what its plan says today."""
    active = state.side[BESIEGER].active
    let_pass = world.block[active].let_pass if active != NOBODY else 1.0
    return state.convoy[c].passes * let_pass


@kernel
def arrive(world: World, state: State, day: int, c: int) -> None:
    """Unload for the people of the goal, and take people out on the way back."""
    facts = world.convoy[c]
    now = state.convoy[c]
    load = lorries_loaded(world, state, c) * state.par[0].convoy_payload_t
    state.place[facts.goal].food_t += load
    state.tally[0].stock_in += load
    now.arrived += 1
    if doublings(now.arrived, 1.0) > doublings(now.arrived - 1, 1.0):
        note(state, day, CONVOY_ARRIVES, facts.goal, NOBODY, load, NOBODY)
    leaving = min(facts.evacuees, state.place[facts.goal].people)
    if leaving > 0 and facts.start != facts.goal:
        leave(state, facts.goal, facts.start, leaving)


@kernel
def lorries_loaded(world: World, state: State, c: int) -> float:
    """Return how many lorries are loaded: no more than fill stores to `convoy.cover` days, than the road lets by."""
    par = state.par[0]
    facts = world.convoy[c]
    here = state.place[facts.goal]
    short = food_need_t(float(here.people), par.stocks_food_kg) * par.convoy_cover - here.food_t
    wanted = truckloads(max(0.0, short), par.convoy_payload_t)
    carried = truckloads(narrowest_t(world, state, facts.start) * facts.every, par.convoy_payload_t)
    return min(float(facts.lorries), wanted, carried)


@kernel
def narrowest_t(world: World, state: State, place: int) -> float:
    """Return what the narrowest route on the shortest way from a place carries [t/day]."""
    least = 1e9
    while state.scratch[WAY, place].hop != NOBODY:
        least = min(least, world.route[state.scratch[WAY, place].route].capacity_t)
        place = state.scratch[WAY, place].hop
    return least
