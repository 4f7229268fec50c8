"""Raids (M02, M03, M12): bands of guerrillas strike as well as hidden men can, men sent from beside by the general law.

A raid is made by one band, so its size is heavy-tailed. Fire that regulars cannot aim falls on the people.
"""

import math

from fastness.kernel.attrition import MOST_DRAWS, attrition_step, whole_losses
from fastness.kernel.bands import PER_STEP, mix_bands, pick_band
from fastness.kernel.excitation import escalation_interval
from fastness.kernel.forces import bear
from fastness.kernel.intelligence import intelligence
from fastness.kernel.jit import kernel
from fastness.kernel.mixed import mixed_step
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, happens, uniform, whole
from fastness.kernel.world import World

#: draw numbers of a place's entity; each side has its own span of them
PER_SIDE = 2048
STRIKES, BAND, STRAYS, KIT = 0, 1, 2, 3
HITS = 8
SKIRMISH_KIT = HITS + MOST_DRAWS
SKIRMISH_HITS = SKIRMISH_KIT + 4
SENT_KIT = SKIRMISH_HITS + MOST_DRAWS
#: recruits whom stray fire makes come later, by way of grievance (population, manpower), not within the raid
RECRUITS_AT_ONCE = 0.0


def raids(world: World, state: State, day: int, stream: Stream) -> None:
    """Let each side's guerrillas, and men whom its plan sends, raid enemy fighters; then bands join and scatter."""
    season = state.month[world.day[day].month - 1].fighting
    for side in range(len(world.side)):
        hidden = 0
        for place in range(len(world.place)):
            cell = state.cell[place, side]
            hidden += cell.guerrillas
            if cell.guerrillas + cell.raided > 0 and state.cell[place, 1 - side].fighters > 0:
                raid(world, state, stream, place, side, season)
        if hidden > 0:
            entity = world.side[side].entity
            for step in range(int(state.par[0].band_steps)):
                units = state.band.shape[1]
                mix_bands(state.band, side, units, state.par[0].band_scatter, stream, entity, PER_STEP * step)


@kernel
def raid(world: World, state: State, stream: Stream, place: int, side: int, season: float) -> None:
    """Decide whether a side raids a place today, the sooner the more it raided there, and let band and sent strike."""
    cell = state.cell[place, side]
    hidden = cell.guerrillas
    sent = sent_to_raid(world, state, place, side)
    learnt = escalation_interval(1.0, cell.raids + 1.0, state.par[0].raid_escalation)
    rate = state.par[0].raid_rate * season * (hidden + sent) / 100.0 / learnt
    if rate <= 0.0 or not happens(stream, world.place[place].entity, side * PER_SIDE + STRIKES, rate):
        return
    cell.raids += 1
    state.side[side].week_attacks += 1
    if hidden > 0:
        strike(world, state, stream, place, side)
    if sent > 0:
        skirmish(world, state, stream, place, side, sent)


@kernel
def strike(world: World, state: State, stream: Stream, place: int, side: int) -> None:
    """Let one band strike a part of the garrison (mixed law); what the regulars fire unaimed kills people."""
    par = state.par[0]
    entity = world.place[place].entity
    draw = side * PER_SIDE
    cell = state.cell[place, side]
    enemy = state.cell[place, 1 - side]
    here = state.place[place]
    units = pick_band(state.band, side, state.band.shape[1], uniform(stream, entity, draw + BAND))
    party = max(1, min(cell.guerrillas, int(par.band_party * units)))
    exposed = max(1, min(enemy.fighters, int(par.raid_exposed * party)))
    among = float(party) * (here.people + cell.guerrillas) / cell.guerrillas
    mu = aimed_share(state, place, 1 - side)
    regulars, guerrillas, strays = mixed_step(
        float(exposed), float(party), among, par.raid_aimed, par.raid_returned, mu, RECRUITS_AT_ONCE, among, 1.0
    )
    lost_enemy, lost_own = whole_losses(
        stream,
        entity,
        draw + HITS,
        exposed - regulars,
        party - guerrillas,
        exposed,
        party,
        par.attrition_jump_chain_below,
    )
    bear(state, stream, entity, draw + KIT, place, 1 - side, lost_enemy)
    cell.guerrillas -= lost_own
    state.side[side].lost += lost_own
    killed = min(whole(stream, entity, draw + STRAYS, par.raid_strays * strays), here.people)
    here.people -= killed
    here.killed += killed
    enemy.harm += killed


@kernel
def aimed_share(state: State, place: int, side: int) -> float:
    """Return the share of a side's fire that is aimed: its intelligence, less for men in vehicles (M03, M14)."""
    cell = state.cell[place, side]
    machines = float(cell.vehicles + cell.armour) / max(1, cell.fighters)
    known = intelligence(state.place[place].zone, side, state.par[0])
    return known * math.exp(-state.par[0].raid_mechanised * min(machines, 1.0))


@kernel
def skirmish(world: World, state: State, stream: Stream, place: int, side: int, sent: int) -> None:
    """Let men sent from beside fight a part of the garrison by the general law, its exponents drawn per campaign (M01).

    coefficient = rate * scale^(1 - p - q), so that at the scale all laws cost the same.
    """
    par = state.par[0]
    entity = world.place[place].entity
    draw = side * PER_SIDE
    p, q = par.skirmish_own_exponent, par.skirmish_enemy_exponent
    coefficient = par.skirmish_rate * math.pow(par.skirmish_scale, 1.0 - p - q)
    enemy = state.cell[place, 1 - side]
    exposed = min(enemy.fighters, int(math.ceil(par.raid_exposed * sent)))
    if exposed == 0:
        return
    own, theirs = attrition_step(
        float(sent), float(exposed), par.skirmish_surprise * coefficient, p, q, coefficient, p, q, 1.0
    )
    lost_enemy, lost_own = whole_losses(
        stream,
        entity,
        draw + SKIRMISH_HITS,
        exposed - theirs,
        sent - own,
        exposed,
        sent,
        par.attrition_jump_chain_below,
    )
    bear(state, stream, entity, draw + SKIRMISH_KIT, place, 1 - side, lost_enemy)
    left_men, left_lost = sent, lost_own
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        men = sent_along(world, state, place, k, side)
        if men > 0:
            part = left_lost * men // left_men
            bear(state, stream, entity, draw + SENT_KIT + 4 * (k - facts.first_link), world.link[k].other, side, part)
            left_men -= men
            left_lost -= part


@kernel
def sent_to_raid(world: World, state: State, place: int, side: int) -> int:
    """Return the men beside a place whom the side's active block sends to raid it."""
    if state.cell[place, side].raided == 0:
        return 0
    men = 0
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        men += sent_along(world, state, place, k, side)
    return men


@kernel
def sent_along(world: World, state: State, place: int, k: int, side: int) -> int:
    """Return the men sent along link `k`: the first open way from a neighbour speaks for all of them."""
    link = world.link[k]
    if state.route[link.route].shut == 1:
        return 0
    for j in range(world.place[place].first_link, k):
        if world.link[j].other == link.other and state.route[world.link[j].route].shut == 0:
            return 0
    return int(state.par[0].raid_sent * state.cell[link.other, side].fighters)
