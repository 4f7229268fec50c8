"""Recruits and deserters (M04 and M13 in simple form): people become fighters and fighters go home, none appear or vanish."""

from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, poisson, whole
from fastness.kernel.world import DEFENDER, World

JOIN, LEAVE = 0, 400


def manpower(world: World, state: State, day: int, stream: Stream) -> None:
    """Recruit for the defender where it holds ground, and let fighters of both sides desert."""
    for place in range(len(world.place)):
        entity = world.place[place].entity
        if state.place[place].holder == DEFENDER:
            recruit(state, place, poisson(stream, entity, JOIN, recruits_expected(state, place)))
        for side in range(len(world.side)):
            if state.cell[place, side].fighters > 0:
                expected = state.cell[place, side].fighters * desertion_rate(state, place, side)
                desert(state, place, side, whole(stream, entity, LEAVE + side, expected))


@kernel
def recruits_expected(state: State, place: int) -> float:
    """Return the recruits expected today: r S (1 - R/K), S sympathisers, R fighters raised, K the ceiling (M04)."""
    par = state.par[0]
    here = state.place[place]
    ceiling = par.recruit_ceiling_share * here.people
    raised = float(state.cell[place, DEFENDER].fighters)
    if ceiling <= 0.0 or raised >= ceiling:
        return 0.0
    return par.recruit_rate * here.sympathy * here.people * (1.0 - raised / ceiling)


@kernel
def recruit(state: State, place: int, men: int) -> None:
    """Move men from the people of a place to the defender's fighters there."""
    here = state.place[place]
    joined = min(men, here.people)
    here.people -= joined
    state.cell[place, DEFENDER].fighters += joined
    state.side[DEFENDER].recruited += joined


@kernel
def desertion_rate(state: State, place: int, side: int) -> float:
    """Return the share of a side's fighters at a place who go home today: more when hungry and when cohesion is low."""
    par = state.par[0]
    hunger = 1.0 - state.cell[place, side].fed
    despair = 1.0 - state.side[side].cohesion
    return min(1.0, par.desertion_rate * (1.0 + par.desertion_hunger * hunger + par.desertion_despair * despair))


@kernel
def desert(state: State, place: int, side: int, men: int) -> None:
    """Move men from a side's fighters back to the people of the place."""
    left = min(men, state.cell[place, side].fighters)
    state.cell[place, side].fighters -= left
    state.place[place].people += left
    state.side[side].deserted += left
