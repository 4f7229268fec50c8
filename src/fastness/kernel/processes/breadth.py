"""Breadth and legitimacy (M20): whether groups see the movement as theirs, and whom people accept as ruler."""

from fastness.kernel.diversity import fractionalisation, polarisation
from fastness.kernel.groups import (
    THOUSAND,
    mean_affinity,
    people_of,
    renew_breadth,
    renew_legitimacy,
    share_out,
    strangeness,
)
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, World

WEEK = 7


def breadth(world: World, state: State, day: int, stream: Stream) -> None:
    """Once a week move the groups' affinity and with it the places' sympathy, then breadth and legitimacy."""
    if day % WEEK != 0:
        return
    if len(world.group) > 0:
        before_inside, before_outside = mean_affinity(world, state, 1), mean_affinity(world, state, 0)
        move_groups(world, state)
        inside = mean_affinity(world, state, 1) - before_inside
        outside = mean_affinity(world, state, 0) - before_outside
        for place in range(len(world.place)):
            here = state.place[place]
            moved = here.sympathy + (inside if world.place[place].inside == 1 else outside)
            here.sympathy = min(max(moved, 0.0), 1.0)
    renew_breadth(world, state)
    for place in range(len(world.place)):
        renew_legitimacy(state, place)


@kernel
def move_groups(world: World, state: State) -> None:
    """Move each group's affinity a week on: da = (gain (1 - a) - loss a) dt, by words, harm and recognition."""
    par = state.par[0]
    inside, outside = float(people_of(world, state, 1)), float(people_of(world, state, 0))
    words = par.breadth_unite * credibility(world, state, inside, outside) if united(world, state) else 0.0
    gain = words + (par.breadth_recognition if recognised(world, state, DEFENDER) else 0.0)
    loss = par.breadth_recognition if recognised(world, state, BESIEGER) else 0.0
    harm_inside, harm_outside = remembered(world, state, BESIEGER, 1), remembered(world, state, BESIEGER, 0)
    own_inside, own_outside = remembered(world, state, DEFENDER, 1), remembered(world, state, DEFENDER, 0)
    for g in range(len(world.group)):
        facts = world.group[g]
        people = facts.share_inside * inside + facts.share_outside * outside
        if people <= 0.0:
            continue
        suffered = THOUSAND * (facts.share_inside * harm_inside + facts.share_outside * harm_outside) / people
        from_own = THOUSAND * (facts.share_inside * own_inside + facts.share_outside * own_outside) / people
        driven = par.breadth_harm * suffered * strangeness(world, g, BESIEGER, par.backlash_ingroup)
        repelled = par.breadth_harm * from_own * strangeness(world, g, DEFENDER, par.backlash_ingroup)
        now = state.group[g]
        moved = now.affinity + WEEK * ((gain + driven) * (1.0 - now.affinity) - (loss + repelled) * now.affinity)
        now.affinity = min(max(moved, 0.0), 1.0)


@kernel
def united(world: World, state: State) -> bool:
    """Whether the defender's active block speaks for the whole people."""
    active = state.side[DEFENDER].active
    return active != NOBODY and world.block[active].unite == 1


@kernel
def credibility(world: World, state: State, inside: float, outside: float) -> float:
    """Return how far words of unity are believed: as those who joined are as mixed as all; less in a split people."""
    shares = state.shares[0]
    share_out(world, state, inside, outside, False, shares)
    mixed = fractionalisation(shares)
    if mixed <= 0.0:
        return 1.0
    seen = min(state.side[DEFENDER].diversity / mixed, 1.0)
    return seen * (1.0 - state.par[0].breadth_polarisation * polarisation(shares))


@kernel
def recognised(world: World, state: State, side: int) -> bool:
    """Whether an outside state has recognised a side."""
    for p in range(len(world.patron)):
        if state.patron[p].recognises == 1 and world.patron[p].recognised_side == side:
            return True
    return False


@kernel
def remembered(world: World, state: State, side: int, inside: int) -> float:
    """Return the civilians killed by a side that are remembered inside the stronghold, or outside it."""
    total = 0.0
    for place in range(len(world.place)):
        if world.place[place].inside == inside:
            total += state.cell[place, side].grievance
    return total
