"""Leaders (M21): who is killed or taken under assault, who goes abroad, what that does to cohesion, who follows."""

from fastness.kernel.events import LEADER_LEAVES, LEADER_LOST, SUCCESSION, note
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, at, exponential, happens, uniform
from fastness.kernel.world import ABROAD, CAPTURED, DEAD, HERE, NOBODY, UNSETTLED, World

WEEK = 7
#: process number of the stream of what is fixed from the first day on
TEMPER = 4001
#: draw numbers of a leader's entity
LOST, TAKEN, LEAVES = 0, 1, 2
FOLLOWS = 8


def leaders(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week for each leader, on a weekday of their own: lost under assault, gone abroad, or succeeded."""
    for k in range(len(world.leader)):
        if (day + world.leader[k].entity) % WEEK != 0:
            continue
        status = state.leader[k].status
        if status == HERE and state.affairs[0].settled == UNSETTLED:
            risk(world, state, day, stream, k)
        elif status == DEAD or status == CAPTURED:
            succeed(world, state, day, stream, k)


@kernel
def risk(world: World, state: State, day: int, stream: Stream, k: int) -> None:
    """Lose a leader by this week's chance if the side's ground is assaulted; let one go whose side has nothing left."""
    par = state.par[0]
    facts = world.leader[k]
    place = assaulted(world, state, day, facts.side)
    if place != NOBODY and uniform(stream, facts.entity, LOST) < par.leader_loss:
        lose(world, state, day, k, place, CAPTURED if uniform(stream, facts.entity, TAKEN) < par.leader_taken else DEAD)
    elif hopeless(world, state, facts.side):
        if happens(stream, facts.entity, LEAVES, WEEK * par.leader_exile):
            leave_country(world, state, day, k)


@kernel
def exposed(world: World, side: int, place: int) -> bool:
    """Whether an assault on a place threatens a side's leaders: anywhere inside if they live inside, else at home."""
    home = world.side[side].home
    return place == home or (world.place[home].inside == 1 and world.place[place].inside == 1)


@kernel
def assaulted(world: World, state: State, day: int, side: int) -> int:
    """Return a place, of those that shelter a side's leaders, that was under assault in the past week, or NOBODY."""
    for place in range(len(world.place)):
        now = state.engagement[place]
        if now.days == 0 or now.attacker == side or not exposed(world, side, place):
            continue  # `days` is 0 where nobody has ever attacked
        if now.active == 1 or now.start + now.days > day - WEEK:
            return place
    return NOBODY


@kernel
def hopeless(world: World, state: State, side: int) -> bool:
    """Whether a side with its home in the stronghold holds no district there, or most of its men have given up."""
    if state.side[side].given_up > state.par[0].leader_despair:
        return True
    if world.place[world.side[side].home].inside == 0:
        return False
    districts = 0
    for place in range(len(world.place)):
        facts = world.place[place]
        if facts.inside == 1 and facts.district == 1:
            districts += 1
            if state.place[place].holder == side:
                return False
    return districts > 0


@kernel
def shock(state: State, k: int) -> float:
    """Return the share of cohesion that the loss of a leader costs: delta times standing."""
    return state.par[0].leader_shock * state.leader[k].standing


@kernel
def lose(world: World, state: State, day: int, k: int, place: int, status: int) -> None:
    """Mark a leader as dead or captured; cohesion falls by delta times standing."""
    side = world.leader[k].side
    state.leader[k].status = status
    state.leader[k].since = day
    state.side[side].cohesion *= 1.0 - shock(state, k)
    cause = state.engagement[place].event
    state.side[side].cause = note(state, day, LEADER_LOST, place, side, float(k), cause)


@kernel
def leave_country(world: World, state: State, day: int, k: int) -> None:
    """Send a leader abroad: resolve lasts longer than under a loss, but for a while the side opens no offensive."""
    par = state.par[0]
    side = world.leader[k].side
    own = state.side[side]
    state.leader[k].status = ABROAD
    state.leader[k].since = day
    own.cohesion *= 1.0 - par.leader_exile_shock * shock(state, k)
    own.pause_until = max(own.pause_until, day + par.leader_exile_pause * state.leader[k].standing)
    own.offensive = 0
    note(state, day, LEADER_LEAVES, NOBODY, side, float(k), own.cause)


@kernel
def succeed(world: World, state: State, day: int, stream: Stream, k: int) -> None:
    """Fill the role of a lost leader after a delay: who follows brings back a part of what the loss took.

    Whoever follows at once with a share s of the standing leaves a shock of delta times standing times (1 - s).
    """
    facts = world.leader[k]
    delay = state.par[0].leader_succession * exponential(at(stream, 0, TEMPER), facts.entity, FOLLOWS)
    due = state.leader[k].since + max(1.0, delay)
    if not day - WEEK < due <= day:
        return
    own = state.side[facts.side]
    taken = shock(state, k)
    if taken < 1.0:
        own.cohesion = min(1.0, own.cohesion * (1.0 - taken * (1.0 - facts.successor)) / (1.0 - taken))
    note(state, day, SUCCESSION, NOBODY, facts.side, float(k), own.cause)
