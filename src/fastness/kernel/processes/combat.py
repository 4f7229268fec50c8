"""Combat (M01, M07): engagements along the axes that the ground leaves open."""

from fastness.kernel.attrition import MOST_DRAWS, whole_losses
from fastness.kernel.engagement import (
    attacker_favoured,
    defence,
    draw_days,
    latent_result,
    log_ratio,
    loss_noise,
    loss_rates,
)
from fastness.kernel.events import ASSAULT_BEGINS, note
from fastness.kernel.forces import air_power, bear, power
from fastness.kernel.ground import leads_there_first
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream
from fastness.kernel.world import RUGGED, URBAN, World

#: draw numbers of a place's entity; the first ones belong to `engagement.py`
LOSSES = 8
DEFENDER_KIT = LOSSES + MOST_DRAWS
ATTACKER_KIT = DEFENDER_KIT + 4


def combat(world: World, state: State, day: int, stream: Stream) -> None:
    """Begin the assaults that were ordered, and fight the day in all that are on."""
    for place in range(len(world.place)):
        for side in range(len(world.side)):
            state.cell[place, side].engaged = 0
    count_fights(state)
    for place in range(len(world.place)):
        if state.engagement[place].ordered == 1:
            begin(world, state, day, stream, place)
        if state.engagement[place].active == 1:
            fight(world, state, day, stream, place)


@kernel
def count_fights(state: State) -> None:
    """Count today's engagements: each is a fight of both sides."""
    fights = 0
    for place in range(len(state.engagement)):
        if state.engagement[place].active == 1 or state.engagement[place].ordered == 1:
            fights += 1
    for side in range(len(state.side)):
        state.side[side].fights = fights


@kernel
def begin(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """Open an engagement: draw its one latent result, its length and the noise of its losses."""
    par = state.par[0]
    now = state.engagement[place]
    attacker = now.attacker
    entity = world.place[place].entity
    now.ordered = 0
    now.active = 1
    now.start = day
    now.z = latent_result(stream, entity)
    now.days = draw_days(stream, entity, par.defence_works, world.day[day].century, par)
    now.noise_attacker, now.noise_defender = loss_noise(stream, entity, par)
    now.lost_attacker = 0
    now.lost_defender = 0
    now.start_attacker = committed(world, state, place, attacker)
    now.start_defender = state.cell[place, 1 - attacker].fighters
    state.side[attacker].assaults += 1
    now.event = note(state, day, ASSAULT_BEGINS, place, attacker, float(now.start_attacker), now.event)


@kernel
def axis_men(world: World, state: State, place: int, k: int, side: int) -> int:
    """Return the men that can deploy from the front at link `k`: A_eff = min(A, w delta e), none through snow (M07).

    Parallel routes from one front add their widths; the first of their links speaks for all.
    """
    par = state.par[0]
    front = world.link[k].other
    cell = state.cell[front, side]
    if cell.fighters == 0 or state.place[front].holder == 1 - side or not leads_there_first(world, place, k):
        return 0
    width = 0.0
    for j in range(k, world.place[place].end_link):
        link = world.link[j]
        if link.other == front and state.route[link.route].shut == 0:
            width += world.route[link.route].frontage_km
    return max(0, min(cell.fighters - cell.engaged, int(width * par.frontage_density * par.frontage_echelons)))


@kernel
def committed(world: World, state: State, place: int, side: int) -> int:
    """Return all men a side can bring against a place today: those within it and those that each axis lets deploy."""
    men = state.cell[place, side].fighters
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        men += axis_men(world, state, place, k, side)
    return men


@kernel
def attack_power(world: World, state: State, place: int, side: int) -> float:
    """Return the power of all men that `committed` counts."""
    total = power(state, place, side, state.cell[place, side].fighters)
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        total += power(state, world.link[k].other, side, axis_men(world, state, place, k, side))
    return total


@kernel
def ground_defence(world: World, state: State, place: int) -> float:
    """Return what a place's ground and works take off the attacker's log ratio (M07)."""
    terrain = world.place[place].terrain
    rugged = 1.0 if terrain == RUGGED else (0.5 if terrain == URBAN else 0.0)
    return defence(state.par[0].defence_works, rugged, state.par[0])


@kernel
def fight(world: World, state: State, day: int, stream: Stream, place: int) -> None:
    """Fight one day for a place: today's ratio, the loss rates of this engagement, whole losses on both sides."""
    par = state.par[0]
    now = state.engagement[place]
    attacker, defender = now.attacker, 1 - now.attacker
    entity = world.place[place].entity
    men = committed(world, state, place, attacker)
    holding = state.cell[place, defender].fighters
    if men == 0 or holding == 0:
        return
    against = power(state, place, defender, holding) + air_power(state, defender)
    attack = attack_power(world, state, place, attacker) + air_power(state, attacker)
    now.log_ratio = log_ratio(attack, against, par)
    now.log_ratio -= ground_defence(world, state, place)
    quality = state.side[attacker].quality - state.side[defender].quality
    now.favoured = 1 if attacker_favoured(now.log_ratio, quality, now.z, par) else 0
    rate_attacker, rate_defender = loss_rates(
        log_ratio(float(men), float(holding), par),
        now.days,
        now.favoured == 1,
        now.noise_attacker,
        now.noise_defender,
        world.day[day].century,
        par,
    )
    lost_attacker, lost_defender = whole_losses(
        stream,
        entity,
        LOSSES,
        rate_attacker * men,
        rate_defender * holding,
        men,
        holding,
        par.attrition_jump_chain_below,
    )
    state.cell[place, defender].engaged = holding
    bear(state, stream, entity, DEFENDER_KIT, place, defender, lost_defender)
    now.lost_defender += lost_defender
    share_losses(world, state, stream, place, attacker, men, lost_attacker)
    now.lost_attacker += lost_attacker


@kernel
def share_losses(world: World, state: State, stream: Stream, place: int, side: int, men: int, lost: int) -> None:
    """Share an attacker's losses over those within the place and its axes, in proportion to the men each sent."""
    entity = world.place[place].entity
    left_men, left_lost = men, lost
    within = state.cell[place, side].fighters
    if within > 0:
        part = left_lost * within // left_men
        state.cell[place, side].engaged += within
        bear(state, stream, entity, ATTACKER_KIT, place, side, part)
        left_men -= within
        left_lost -= part
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        link = world.link[k]
        sent = axis_men(world, state, place, k, side)
        if sent == 0:
            continue
        part = left_lost * sent // left_men
        state.cell[link.other, side].engaged += sent
        bear(state, stream, entity, ATTACKER_KIT + 4 * (1 + k - facts.first_link), link.other, side, part)
        left_men -= sent
        left_lost -= part
