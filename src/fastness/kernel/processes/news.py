"""News (M19): what the world hears of the siege through each side's reports, and the blackout that silences one."""

import math

from fastness.kernel.events import BLACKOUT, note
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, happens
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, World

CUT = 0


def news(world: World, state: State, day: int, stream: Stream) -> None:
    """Let yesterday's news fade, add what was reported of it, and cut or restore the stronghold's lines."""
    par = state.par[0]
    affairs = state.affairs[0]
    affairs.news *= math.exp(-1.0 / par.news_memory)
    for place in range(len(world.place)):
        affairs.news += told_of_place(state, day, place)
    for side in range(len(world.side)):
        affairs.news += told_of_losses(state, side)
    black_out(world, state, day, stream)


@kernel
def reach(state: State, side: int) -> float:
    """Return the share of a side's reports that get out: a blackout holds back the defender's only."""
    if side == DEFENDER and state.affairs[0].blackout == 1:
        return state.par[0].news_blackout_reach
    return 1.0


@kernel
def told_of_place(state: State, day: int, place: int) -> float:
    """Return the news of yesterday's assault on a place, told by both sides, and of its fall, told by the winner."""
    par = state.par[0]
    now = state.engagement[place]
    told = 0.0
    if now.days > 0 and now.start == day - 1:
        told += par.news_assault * 0.5 * (reach(state, DEFENDER) + reach(state, BESIEGER))
    if day > 0 and state.place[place].held_since == day - 1 and state.place[place].holder != NOBODY and now.days > 0:
        told += par.news_fall * reach(state, state.place[place].holder)
    return told


@kernel
def told_of_losses(state: State, side: int) -> float:
    """Return the news of a side's losses since yesterday, and add what the world hears to `reported_lost` [persons].

    The world takes the mean of what both sides say: a side understates its own losses and overstates the enemy's.
    """
    par = state.par[0]
    own = state.side[side]
    lost = float(own.lost - own.counted_lost)
    own.counted_lost = own.lost
    if lost <= 0.0:
        return 0.0
    says_side = reach(state, side) * math.exp(-par.news_own_understated)
    says_enemy = reach(state, 1 - side) * math.exp(par.news_enemy_overstated)
    heard = lost * 0.5 * (says_side + says_enemy)
    own.reported_lost += heard
    return par.news_losses * heard


@kernel
def black_out(world: World, state: State, day: int, stream: Stream) -> None:
    """Cut the stronghold's lines, sooner where the besieger's plan orders it, and restore them when it does not."""
    par = state.par[0]
    affairs = state.affairs[0]
    active = state.side[BESIEGER].active
    ordered = active != NOBODY and world.block[active].blackout == 1
    if affairs.blackout == 1:
        hazard = 0.0 if ordered else par.news_restored
    else:
        hazard = par.news_cut + (par.news_cut_ordered if ordered else 0.0)
    if happens(stream, world.side[BESIEGER].entity, CUT, hazard):
        affairs.blackout = 1 - affairs.blackout
        note(state, day, BLACKOUT, NOBODY, BESIEGER, float(affairs.blackout), state.side[BESIEGER].cause)
