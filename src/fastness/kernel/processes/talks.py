"""Talks (M15): what each side thinks it would win by force, what is offered, and whether a deal is struck and holds."""

import math

from fastness.kernel.bargain import (
    bargaining_range,
    chance_by_force,
    commitment_problem,
    least_share,
    skill,
    without_veto,
)
from fastness.kernel.events import OFFER_REFUSED, SETTLEMENT, TALKS_BREAK, TALKS_OPEN, note
from fastness.kernel.ground import garrison_needed, total_fighters
from fastness.kernel.jit import kernel
from fastness.kernel.peace import cease_fire, come_out, lay_down_arms
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, at, normal, uniform
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, ON_TERMS, SHARED, UNSETTLED, WINTER, World

WEEK = 7
#: process number of the stream of what leaders believe from the first day on
TEMPER = 4001
#: draw numbers of the defender's entity, and of a patron's
OPENS, BREAKS, AGREES, YIELDS = 0, 1, 2, 3
BELIEF, STEPS_IN = 0, 0
#: refusals that the log keeps
TOLD = 3


def talks(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week: open, break or go on with talks; strike a deal that both prefer and that would hold."""
    affairs = state.affairs[0]
    if affairs.settled != UNSETTLED:
        return
    affairs.talked_days += affairs.talking
    if day == 0 or (day + world.side[DEFENDER].entity) % WEEK != 0 or total_fighters(state, DEFENDER) == 0:
        return
    if gives_up(world, state, day, stream):
        conclude(world, state, day, stream, ON_TERMS, 0.0)
        return
    open_or_break(world, state, day, stream)
    if affairs.talking == 1:
        find_guarantor(world, state, stream)
        negotiate(world, state, day, stream)


@kernel
def weekly_chance(rate: float) -> float:
    """Return the chance that something of a daily rate happens within a week."""
    return 1.0 - math.exp(-WEEK * rate)


@kernel
def seeks_talks(world: World, state: State, side: int) -> bool:
    """Whether a side's plan seeks talks; without a plan in force it goes on as it is."""
    active = state.side[side].active
    if active == NOBODY:
        return state.affairs[0].talking == 1
    return world.block[active].talk == 1


@kernel
def fighting(state: State) -> int:
    """Return a place under assault today, or NOBODY."""
    for place in range(len(state.engagement)):
        if state.engagement[place].active == 1:
            return place
    return NOBODY


@kernel
def open_or_break(world: World, state: State, day: int, stream: Stream) -> None:
    """Open talks that both plans seek; end them when one does not, or by a hazard while assaults go on."""
    par = state.par[0]
    affairs = state.affairs[0]
    entity = world.side[DEFENDER].entity
    wanted = seeks_talks(world, state, DEFENDER) and seeks_talks(world, state, BESIEGER)
    if affairs.talking == 0:
        rate = par.talks_open * (1.0 + par.talks_skill * skill(world, state, DEFENDER))
        if wanted and uniform(stream, entity, OPENS) < weekly_chance(rate):
            affairs.talking = 1
            note(state, day, TALKS_OPEN, NOBODY, NOBODY, affairs.offered, NOBODY)
        return
    place = fighting(state)
    broken = place != NOBODY and uniform(stream, entity, BREAKS) < weekly_chance(par.talks_break)
    if broken or not wanted:
        affairs.talking = 0
        cause = state.engagement[place].event if broken else NOBODY
        note(state, day, TALKS_BREAK, place if broken else NOBODY, NOBODY, affairs.offered, cause)


@kernel
def find_guarantor(world: World, state: State, stream: Stream) -> None:
    """Let a patron that could guarantee a settlement step in, by a hazard, while the sides talk."""
    affairs = state.affairs[0]
    rate = state.par[0].talks_guarantor * (1.0 + state.par[0].talks_skill * skill(world, state, DEFENDER))
    for k in range(len(world.patron)):
        if affairs.guarantor == NOBODY and world.patron[k].guarantor == 1:
            if uniform(stream, world.patron[k].entity, STEPS_IN) < weekly_chance(rate):
                affairs.guarantor = k


@kernel
def negotiate(world: World, state: State, day: int, stream: Stream) -> None:
    """Move the offer, and strike a deal where it meets what is asked, no great shift is ahead, and it would hold."""
    par = state.par[0]
    affairs = state.affairs[0]
    concedes, asked = positions(world, state, stream)
    affairs.offered += par.talks_step * (concedes - affairs.offered)
    if affairs.offered < asked:
        affairs.refusals += 1
        if affairs.refusals <= TOLD:
            note(state, day, OFFER_REFUSED, NOBODY, DEFENDER, affairs.offered, NOBODY)
        return
    shift = expected_shift(world, state, day, stream)
    if commitment_problem(shift, par.talks_cost_besieger, par.talks_cost_defender) or not enforceable(state):
        return
    rate = par.talks_agree * (1.0 + par.talks_skill * skill(world, state, DEFENDER))
    if uniform(stream, world.side[DEFENDER].entity, AGREES) < weekly_chance(rate):
        conclude(world, state, day, stream, SHARED, affairs.offered)


@kernel
def positions(world: World, state: State, stream: Stream) -> tuple[float, float]:
    """Return the share of power that the besieger would concede at most, and the one that the defender asks at least.

    Each reckons with its own p: the besieger keeps p - c_A at least, the defender leaves p + c_B at most.
    """
    par = state.par[0]
    costs = (par.talks_cost_besieger, par.talks_cost_defender)
    keeps = bargaining_range(belief(world, state, stream, BESIEGER), costs[0], costs[1])[0]
    leaves = bargaining_range(belief(world, state, stream, DEFENDER), costs[0], costs[1])[1]
    concedes = 1.0 - max(keeps, least_share(world, state, BESIEGER))
    asked = max(1.0 - leaves, least_share(world, state, DEFENDER))
    return min(max(concedes, 0.0), 1.0), min(max(asked, 0.0), 1.0)


@kernel
def belief(world: World, state: State, stream: Stream, side: int) -> float:
    """Return the chance that the besieger wins by force, as a side sees it: numbers, ground lost, own confidence."""
    return belief_with(world, state, stream, side, 0, 0)


@kernel
def belief_with(world: World, state: State, stream: Stream, side: int, besiegers: int, defenders: int) -> float:
    """Return `belief` with more men on either side [persons]."""
    par = state.par[0]
    if side == BESIEGER:
        attacking = field_men(world, state, False) + besiegers
        holding = seen_men(state, DEFENDER) + defenders
    else:
        attacking = field_men(world, state, True) + besiegers
        holding = float(total_fighters(state, DEFENDER)) + defenders
    leaning = confidence(world, state, stream, side) + par.talks_ground_lost * share_lost(world, state)
    return chance_by_force(par.talks_brought * attacking, holding, par.talks_decisive, par.talks_ground, leaning)


@kernel
def confidence(world: World, state: State, stream: Stream, side: int) -> float:
    """Return a side's private leaning towards its own victory, in log odds of the besieger's, less with each assault.

    Sides learn by fighting what the other is worth (Slantchev 2003).
    """
    par = state.par[0]
    own = par.talks_optimism + par.talks_misjudgement * normal(at(stream, 0, TEMPER), world.side[side].entity, BELIEF)
    fought = state.side[DEFENDER].assaults + state.side[BESIEGER].assaults
    own *= math.exp(-fought / max(par.talks_learning, 1e-9))
    return own if side == BESIEGER else -own


@kernel
def field_men(world: World, state: State, seen: bool) -> float:
    """Return the besieger's men whom no people tie down, as they are or as the defender sees them [persons]."""
    men = state.side[BESIEGER].seen_deployable if seen else state.side[BESIEGER].deployable
    for place in range(len(world.place)):
        cell = state.cell[place, BESIEGER]
        here = cell.seen if seen else float(cell.fighters)
        tied = garrison_needed(state, place) if state.place[place].holder == BESIEGER else 0.0
        men += max(0.0, here - tied)
    return men


@kernel
def seen_men(state: State, side: int) -> float:
    """Return the fighters of a side that its enemy sees [persons]."""
    men = 0.0
    for place in range(len(state.place)):
        men += state.cell[place, side].seen
    return men


@kernel
def share_lost(world: World, state: State) -> float:
    """Return the share of the district centres inside the stronghold that the defender does not hold."""
    districts, lost = 0, 0
    for place in range(len(world.place)):
        if world.place[place].inside == 1 and world.place[place].district == 1:
            districts += 1
            if state.place[place].holder != DEFENDER:
                lost += 1
    return lost / districts if districts > 0 else 0.0


@kernel
def expected_shift(world: World, state: State, day: int, stream: Stream) -> float:
    """Return how p is expected to move within the horizon: snow on the passes, forces to come, aid just begun."""
    par = state.par[0]
    besiegers, defenders = 0, 0
    for a in range(len(world.arrival)):
        force = world.arrival[a]
        if day < state.arrival[a].day <= day + par.talks_horizon:
            if force.side == BESIEGER:
                besiegers += state.arrival[a].fighters
            else:
                defenders += state.arrival[a].fighters
    shift = -par.talks_winter_shift * winter_ahead(world, state, day)
    if besiegers + defenders > 0:
        shift += belief_with(world, state, stream, BESIEGER, besiegers, defenders)
        shift -= belief(world, state, stream, BESIEGER)
    for k in range(len(world.patron)):
        if state.patron[k].aiding == 1 and day - state.patron[k].since <= par.talks_horizon:
            shift += par.talks_aid_shift if world.patron[k].side == BESIEGER else -par.talks_aid_shift
    return shift


@kernel
def winter_ahead(world: World, state: State, day: int) -> float:
    """Return 1 if snow is to shut the first pass into the stronghold within the horizon, -1 if to open it, else 0."""
    today = world.day[day].winter_day
    horizon = state.par[0].talks_horizon
    for r in range(len(world.route)):
        facts = world.route[r]
        now = state.route[r]
        inside = world.place[facts.start].inside == 1 or world.place[facts.end].inside == 1
        if facts.season != WINTER or not inside or now.closes >= now.opens:
            continue
        if today < now.closes <= today + horizon:
            return 1.0
        if now.closes <= today < now.opens <= today + horizon:
            return -1.0
    return 0.0


@kernel
def enforceable(state: State) -> bool:
    """Whether a shared government could be enforced: e > e*, where a guarantor lowers e* (Walter 1997)."""
    par = state.par[0]
    needed = par.talks_enforcement_needed
    if state.affairs[0].guarantor != NOBODY:
        needed -= par.talks_guarantee
    return par.talks_enforcement > needed


@kernel
def gives_up(world: World, state: State, day: int, stream: Stream) -> bool:
    """Whether the defender asks for terms this week: its men have given up or its veto leaders are gone, p near 1.

    Guerrillas in hiding have not given up, and count among its men.
    """
    par = state.par[0]
    formed = float(total_fighters(state, DEFENDER))
    hiding = 0.0
    for place in range(len(world.place)):
        hiding += state.cell[place, DEFENDER].guerrillas
    given_up = state.side[DEFENDER].given_up * formed / max(1.0, formed + hiding)
    if given_up < par.terms_given_up and not without_veto(world, state, DEFENDER):
        return False
    fights_for = (
        1.0
        - bargaining_range(belief(world, state, stream, DEFENDER), par.talks_cost_besieger, par.talks_cost_defender)[1]
    )
    hit = uniform(stream, world.side[DEFENDER].entity, YIELDS) < weekly_chance(par.terms_rate)
    return hit and fights_for <= 0.0


@kernel
def conclude(world: World, state: State, day: int, stream: Stream, kind: int, share: float) -> None:
    """Settle: the defender's share of power and a cease-fire, or arms laid down on terms."""
    affairs = state.affairs[0]
    affairs.settled = kind
    affairs.settled_day = day
    affairs.talking = 0
    cease_fire(world, state)
    amount = share
    if kind == SHARED:
        come_out(world, state)
    else:
        amount = float(lay_down_arms(world, state, day, stream))
    event = note(state, day, SETTLEMENT, NOBODY, DEFENDER, amount, state.side[DEFENDER].cause)
    for side in range(len(world.side)):
        state.side[side].cause = event
        state.side[side].offensive = 0
