"""Zones of control and the violence that follows from them (M05): 1 all the besieger's to 5 all the defender's.

Kalyvas 2006, The Logic of Violence in Civil War: whoever rules with a rival about kills selectively, since people tell
him whom; where he rules alone there is no need, where he does not rule nobody tells, and violence is indiscriminate.
"""

import math

from fastness.kernel.ground import garrison_needed, logistic
from fastness.kernel.intelligence import ZONES, own_control
from fastness.kernel.jit import kernel
from fastness.kernel.state import Parameters, State
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY

CONTESTED = 3


@kernel
def opening_zone(holder: int, sympathy: float) -> int:
    """Return a place's zone on the first day: the holder's own half, or contested where people lean the other way."""
    lowest = 1.0 if holder == BESIEGER else 2.0
    if holder == DEFENDER:
        lowest = float(CONTESTED)
    return int(math.floor(lowest + 2.0 * sympathy + 0.5))


@kernel
def selective(zone: int, side: int, par: Parameters) -> float:
    """Return the intensity of a side's selective violence in a zone, 0 to 1; the besieger is the incumbent."""
    if side == BESIEGER:
        if zone <= 2:
            return par.violence_incumbent_zone_1 if zone == 1 else par.violence_incumbent_zone_2
        if zone == CONTESTED:
            return par.violence_incumbent_zone_3
        return par.violence_incumbent_zone_4 if zone < ZONES else par.violence_incumbent_zone_5
    if zone <= 2:
        return par.violence_insurgent_zone_1 if zone == 1 else par.violence_insurgent_zone_2
    if zone == CONTESTED:
        return par.violence_insurgent_zone_3
    return par.violence_insurgent_zone_4 if zone < ZONES else par.violence_insurgent_zone_5


@kernel
def indiscriminate(zone: int, side: int, par: Parameters) -> float:
    """Return the intensity of a side's indiscriminate violence in a zone: it grows as control is lacking."""
    return par.violence_indiscriminate * (1.0 - own_control(zone, side))


@kernel
def lean(state: State, place: int, fighting: float) -> float:
    """Return how strongly control of a place leans to the defender [logits]: force, legitimacy, season.

    Force is the log ratio of armed men, each side's raised by a presence that nobody feels; legitimacy works for the
    holder, a high fighting season against it.
    """
    par = state.par[0]
    here = state.place[place]
    unfelt = max(par.control_presence * here.people, 1.0)
    own = state.cell[place, DEFENDER]
    enemy = state.cell[place, BESIEGER]
    ratio = math.log((own.fighters + own.guerrillas + unfelt) / (enemy.fighters + enemy.guerrillas + unfelt))
    if here.holder == NOBODY:
        return par.control_force * ratio
    hold = par.control_legitimacy * (2.0 * here.legitimacy - 1.0) - par.control_season * (fighting - 1.0)
    return par.control_force * ratio + (hold if here.holder == DEFENDER else -hold)


@kernel
def step_zone(zone: int, tendency: float, chance: float, u: float) -> int:
    """Return next week's zone: up with `chance` times logistic(tendency), down with `chance` times the rest, or same.

    `u` is uniform in (0, 1).
    """
    up = chance * logistic(tendency)
    if u < up:
        return min(zone + 1, ZONES)
    if u < chance:
        return max(zone - 1, 1)
    return zone


@kernel
def bounded_zone(state: State, place: int, zone: int) -> int:
    """Return the zone kept to what the holder can claim: its own half, one more to lose where its men are too few."""
    here = state.place[place]
    if here.holder == NOBODY:
        return zone
    slack = 1 if state.cell[place, here.holder].fighters < garrison_needed(state, place) else 0
    if here.holder == DEFENDER:
        return max(zone, CONTESTED - slack)
    return min(zone, CONTESTED + slack)
