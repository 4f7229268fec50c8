"""What groups of people mean for a place and a side (M04, M20): breadth, anger, legitimacy; neutral without groups.

Groups are large shares inside and outside the stronghold, never place by place.
"""

import math

from fastness.kernel.diversity import Shares, fractionalisation, military_inequality
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, World

#: harm and recruits are counted per this many people
THOUSAND = 1000.0


@kernel
def share_of(world: World, group: int, inside: int) -> float:
    """Return a group's share of the people inside the stronghold, or of those outside."""
    facts = world.group[group]
    return facts.share_inside if inside == 1 else facts.share_outside


@kernel
def mean_affinity(world: World, state: State, inside: int) -> float:
    """Return the share of the people inside, or outside, who see the movement as theirs; 1 without groups (M20)."""
    named, total = 0.0, 0.0
    for g in range(len(world.group)):
        share = share_of(world, g, inside)
        named += share
        total += share * state.group[g].affinity
    return total / named if named > 0.0 else 1.0


@kernel
def strangeness(world: World, group: int, perpetrator: int, ingroup: float) -> float:
    """Return how much harm by a side moves a group: 1 from strangers, `ingroup` from its own (Lyall et al. 2013).

    Where the besieger's men are no strangers, the defender's are.
    """
    stranger = float(world.group[group].stranger)
    if perpetrator == DEFENDER:
        stranger = 1.0 - stranger
    return stranger + ingroup * (1.0 - stranger)


@kernel
def anger(world: World, inside: int, perpetrator: int, ingroup: float) -> float:
    """Return the weight of a side's harm over all people there, sum of shares times strangeness; 1 without groups."""
    named, total = 0.0, 0.0
    for g in range(len(world.group)):
        share = share_of(world, g, inside)
        named += share
        total += share * strangeness(world, g, perpetrator, ingroup)
    return total / named if named > 0.0 else 1.0


@kernel
def hungry_share(state: State, place: int) -> float:
    """Return what the people of a place lack of the energy that they need, 0 to 1."""
    need = state.par[0].hunger_need
    if need <= 0.0:
        return 0.0
    return min(max(1.0 - state.place[place].kcal / need, 0.0), 1.0)


@kernel
def renew_legitimacy(state: State, place: int) -> None:
    """Set the legitimacy of a place's holder: its support there, less what harm and hunger cost it (M20)."""
    par = state.par[0]
    here = state.place[place]
    if here.holder == NOBODY or here.people == 0:
        here.legitimacy = 0.0
        return
    support = here.sympathy if here.holder == DEFENDER else 1.0 - here.sympathy
    killed = THOUSAND * state.cell[place, here.holder].grievance / here.people
    hunger = par.legitimacy_hunger * hungry_share(state, place)
    here.legitimacy = support * math.exp(-par.legitimacy_grievance * killed) * (1.0 - hunger)


@kernel
def share_out(world: World, state: State, inside: float, outside: float, joined: bool, shares: Shares) -> None:
    """Fill `shares` with each group's part of a body that is drawn from `inside` and `outside` people; they add to 1.

    With `joined` only those count who see the movement as theirs. All 0 where the body is empty.
    """
    total = 0.0
    for g in range(len(world.group)):
        shares[g] = inside * world.group[g].share_inside + outside * world.group[g].share_outside
        if joined:
            shares[g] *= state.group[g].affinity
        total += shares[g]
    for g in range(len(world.group)):
        shares[g] = shares[g] / total if total > 0.0 else 0.0


@kernel
def people_of(world: World, state: State, inside: int) -> int:
    """Return the people inside the stronghold, or outside it [persons]."""
    people = 0
    for place in range(len(world.place)):
        if world.place[place].inside == inside:
            people += state.place[place].people
    return people


@kernel
def raised_in(world: World, state: State, inside: int) -> int:
    """Return the defender's fighters and guerrillas inside the stronghold, or outside it [persons]."""
    men = 0
    for place in range(len(world.place)):
        if world.place[place].inside == inside:
            men += state.cell[place, DEFENDER].fighters + state.cell[place, DEFENDER].guerrillas
    return men


@kernel
def renew_breadth(world: World, state: State) -> None:
    """Set how broad each side is, and how mixed and unequal the defenders' force is (M20)."""
    count = len(world.group)
    own = state.side[DEFENDER]
    other = state.side[BESIEGER]
    own.diversity = 0.0
    own.inequality = 0.0
    if count == 0:
        own.breadth = 1.0
        other.breadth = 1.0
        return
    shares, treatment = state.shares[0], state.shares[1]
    inside, outside = float(people_of(world, state, 1)), float(people_of(world, state, 0))
    share_out(world, state, inside, outside, False, shares)
    own.breadth = 0.0
    other.breadth = 0.0
    for g in range(count):
        affinity = state.group[g].affinity
        own.breadth += shares[g] * affinity
        other.breadth += shares[g] * (1.0 - affinity) * (1.0 - world.group[g].stranger)
        treatment[g] = world.group[g].treatment
    share_out(world, state, float(raised_in(world, state, 1)), float(raised_in(world, state, 0)), True, shares)
    own.inequality = military_inequality(shares, treatment)
    joined = 0.0
    for g in range(count):
        joined += shares[g]
    if joined > 0.0:
        own.diversity = fractionalisation(shares)
