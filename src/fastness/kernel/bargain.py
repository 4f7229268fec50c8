"""Bargaining under arms (M15): the range of deals that both sides prefer to fighting, and what keeps them from one."""

import math

from fastness.kernel.ground import logistic
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.world import HERE, World


@kernel
def bargaining_range(p: float, cost_a: float, cost_b: float) -> tuple[float, float]:
    """Return the shares of A, from least to most, that both sides prefer to war: [p - c_A, p + c_B] (Fearon 1995).

    Parameters
    ----------
    p : float
        Chance that A wins by force, 0 to 1.
    cost_a, cost_b : float
        What war costs each side, as a share of what is at stake.
    """
    return p - cost_a, p + cost_b


@kernel
def commitment_problem(shift: float, cost_a: float, cost_b: float) -> bool:
    """Whether a shift of p to come is larger than all that a deal saves, so that no deal holds (Powell 2006)."""
    return abs(shift) > cost_a + cost_b


@kernel
def chance_by_force(attackers: float, defenders: float, decisive: float, ground: float, leaning: float) -> float:
    """Return the chance that the attackers win by force: a ratio contest, A^m / (A^m + (g D)^m).

    Parameters
    ----------
    attackers, defenders : float
        Men of each side that the beholder counts on [persons].
    decisive : float
        Exponent m: how far numbers decide.
    ground : float
        What the ground multiplies the defenders by, g.
    leaning : float
        Log odds that the beholder adds for other reasons.
    """
    if attackers <= 0.0:
        return 0.0
    if defenders <= 0.0:
        return 1.0
    return logistic(decisive * math.log(attackers / (ground * defenders)) + leaning)


@kernel
def skill(world: World, state: State, side: int) -> float:
    """Return the best skill in talks and abroad among the leaders of a side who are there, 0 with none (M21)."""
    best = 0.0
    for k in range(len(world.leader)):
        if world.leader[k].side == side and state.leader[k].status == HERE:
            best = max(best, world.leader[k].bargaining)
    return best


@kernel
def least_share(world: World, state: State, side: int) -> float:
    """Return the largest reservation among the leaders of a side with a veto who are there: nobody imposes less."""
    least = 0.0
    for k in range(len(world.leader)):
        facts = world.leader[k]
        if facts.side == side and facts.veto == 1 and state.leader[k].status == HERE:
            least = max(least, state.leader[k].reservation)
    return least


@kernel
def without_veto(world: World, state: State, side: int) -> bool:
    """Whether a side had leaders with a veto and none of them is there any more."""
    had = False
    for k in range(len(world.leader)):
        facts = world.leader[k]
        if facts.side == side and facts.veto == 1:
            if state.leader[k].status == HERE:
                return False
            had = True
    return had
