"""Giving up and going over (M13): men give up when enough others have, go home or change sides, with their weapons."""

import math

from fastness.kernel.events import MEN_CHANGE_SIDES, SIDE_DISSOLVES, note
from fastness.kernel.forces import join
from fastness.kernel.ground import passable, total_fighters
from fastness.kernel.jit import kernel
from fastness.kernel.processes.manpower import desert
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, whole
from fastness.kernel.threshold import giving_up, standing, switch_share, tipping_mean, willing
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, World

#: draw numbers of a place's entity; each side has its own span of them
PER_SIDE = 8
LEAVE, OVER, KIT = 0, 1, 2


def defection(world: World, state: State, day: int, stream: Stream) -> None:
    """Every few days, for each side: how many have given up by now, x(t+1) = F(x(t) + p - b); they slowly recover."""
    par = state.par[0]
    every = max(1, int(par.defection_step))
    for side in range(len(world.side)):
        if (day + world.side[side].entity) % every != 0:
            continue
        own = state.side[side]
        own.pressure = pressure_on(world, state, side)
        more = own.pressure - own.borne
        goal = giving_up(own.given_up, more, own.stood, threshold_mean(state), par.defection_sd)
        if goal > own.given_up + par.defection_least:
            give_up(world, state, day, stream, side, goal)
        elif own.given_up >= par.defection_dissolved:
            begin_anew(world, state, stream, side)
        elif goal < own.given_up:
            own.given_up += (1.0 - math.exp(-par.defection_recovery * every)) * (goal - own.given_up)


@kernel
def threshold_mean(state: State) -> float:
    """Return the mean threshold of men whose side still stood on the first day: above the tipping point by a margin."""
    return tipping_mean(state.par[0].defection_sd) + state.par[0].defection_margin


@kernel
def take_heart(world: World, state: State, side: int) -> None:
    """Let a side's men be used to what presses on them on the first day: who would give up at that has done so."""
    own = state.side[side]
    own.pressure = pressure_on(world, state, side)
    own.borne = own.pressure
    own.stood = standing(threshold_mean(state), state.par[0].defection_sd)


@kernel
def begin_anew(world: World, state: State, stream: Stream, side: int) -> None:
    """After a cascade, send home those who stayed without fighting; who is left, or comes later, has borne it."""
    idle = 1.0 - willing(state.side[side].given_up, state.par[0].defection_idle)
    for place in range(len(world.place)):
        men = state.cell[place, side].fighters
        if men > 0:
            entity = world.place[place].entity
            desert(world, state, place, side, whole(stream, entity, side * PER_SIDE + LEAVE, idle * men))
    own = state.side[side]
    own.borne = max(own.borne, own.pressure)
    own.given_up = 0.0


@kernel
def pressure_on(world: World, state: State, side: int) -> float:
    """Return what drives a side's men to give up, in units of the share of others who have.

    Lost places, repulses and leaders (by way of cohesion), hunger, the enemy's numbers, his offers, a cause that is not
    theirs; fear of reprisals holds them together.
    """
    par = state.par[0]
    return (
        par.defection_despair * (1.0 - state.side[side].cohesion)
        + par.defection_hunger * unfed(state, side)
        + par.defection_outnumbered * outnumbered(state, side)
        + par.defection_offer * offer(state, side)
        + par.defection_estranged * estranged(world, state, side)
        - par.defection_reprisal * harshness(world, state, 1 - side)
    )


@kernel
def unfed(state: State, side: int) -> float:
    """Return the share of their food that a side's fighters went without yesterday, 0 to 1."""
    men = 0
    fed = 0.0
    for place in range(len(state.place)):
        cell = state.cell[place, side]
        men += cell.fighters
        fed += cell.fighters * cell.fed
    return 1.0 - fed / men if men > 0 else 0.0


@kernel
def outnumbered(state: State, side: int) -> float:
    """Return the enemy's share of all fighters on the map: who seems to be winning (Christia 2012)."""
    own = total_fighters(state, side)
    enemy = total_fighters(state, 1 - side)
    return enemy / (own + enemy) if own + enemy > 0 else 0.5


@kernel
def offer(state: State, side: int) -> float:
    """Return what is offered to a side's men while the sides talk, 0 to 1; only the defender's are offered anything."""
    affairs = state.affairs[0]
    return affairs.offered if side == DEFENDER and affairs.talking == 1 else 0.0


@kernel
def estranged(world: World, state: State, side: int) -> float:
    """Return how far the people whom a side's men come from are not with it, 0 to 1: 0 where no groups are given."""
    away = 0.0
    everybody = 0.0
    for g in range(len(world.group)):
        share = world.group[g].share_outside if side == BESIEGER else world.group[g].share_inside
        everybody += share
        away += share * (state.group[g].affinity if side == BESIEGER else 1.0 - state.group[g].affinity)
    return away / everybody if everybody > 0.0 else 0.0


@kernel
def harshness(world: World, state: State, side: int) -> float:
    """Return a side's reprisals relative to what it is used to: those who expect to be killed do not give up."""
    active = state.side[side].active
    return world.block[active].harsh if active != NOBODY else 1.0


@kernel
def give_up(world: World, state: State, day: int, stream: Stream, side: int, goal: float) -> None:
    """Raise the share that has given up to `goal`: some of the new ones stay idle, the rest go home or over."""
    par = state.par[0]
    own = state.side[side]
    share = (goal - own.given_up) / (1.0 - own.given_up)
    leaving = share * willing(own.given_up, par.defection_idle) * (1.0 - par.defection_idle)
    over = switch_share(gain(world, state, side), par.switch_cost, par.switch_scale, par.switch_most)
    changed = 0
    most = 0
    where = NOBODY
    for place in range(len(world.place)):
        cell = state.cell[place, side]
        if cell.fighters == 0:
            continue
        entity = world.place[place].entity
        draw = side * PER_SIDE
        men = min(whole(stream, entity, draw + LEAVE, leaving * cell.fighters), cell.fighters)
        goal_place = enemy_in_reach(world, state, place, side)
        if goal_place != NOBODY:
            gone = min(whole(stream, entity, draw + OVER, over * men), men)
            change_sides(state, stream, entity, draw + KIT, place, goal_place, side, gone)
            men -= gone
            changed += gone
            if gone > most:
                most = gone
                where = place
        desert(world, state, place, side, men)
    if changed >= par.defection_told:
        note(state, day, MEN_CHANGE_SIDES, where, side, float(changed), own.cause)
    if own.given_up < par.defection_dissolved <= goal:
        own.cause = note(state, day, SIDE_DISSOLVES, NOBODY, side, float(total_fighters(state, side)), own.cause)
    own.given_up = goal


@kernel
def gain(world: World, state: State, side: int) -> float:
    """Return what a man gains by going over, U_enemy - U_own: the stronger side, kin, what is offered, no revenge."""
    par = state.par[0]
    stronger = 2.0 * outnumbered(state, side) - 1.0
    kin = par.switch_kin * (2.0 * estranged(world, state, side) - 1.0) if len(world.group) > 0 else 0.0
    return stronger + kin + offer(state, side) - par.switch_reprisal * harshness(world, state, 1 - side)


@kernel
def enemy_in_reach(world: World, state: State, place: int, side: int) -> int:
    """Return where a side's men at a place could go over: there, or the enemy's largest garrison next door (NOBODY)."""
    enemy = 1 - side
    if state.cell[place, enemy].fighters > 0:
        return place
    best = NOBODY
    most = 0
    for k in range(world.place[place].first_link, world.place[place].end_link):
        link = world.link[k]
        men = state.cell[link.other, enemy].fighters
        if men > most and state.place[link.other].holder == enemy and passable(state, link.route, side):
            best = link.other
            most = men
    return best


@kernel
def change_sides(
    state: State, stream: Stream, entity: int, draw: int, place: int, goal: int, side: int, men: int
) -> None:
    """Move men to the enemy with their share of vehicles, armour and guns, as far as these survive the crossing.

    What does not arrive stays with the side that they leave. Uses three draw numbers.
    """
    if men == 0:
        return
    out = state.cell[place, side]
    into = state.cell[goal, 1 - side]
    share = state.par[0].switch_survival * men / out.fighters
    vehicles = min(whole(stream, entity, draw, share * out.vehicles), out.vehicles)
    armour = min(whole(stream, entity, draw + 1, share * out.armour), out.armour)
    artillery = min(whole(stream, entity, draw + 2, share * out.artillery), out.artillery)
    out.vehicles -= vehicles
    out.armour -= armour
    out.artillery -= artillery
    into.vehicles += vehicles
    into.armour += armour
    into.artillery += artillery
    out.fighters -= men
    join(into, men, out.quality)
    state.side[side].defected += men
