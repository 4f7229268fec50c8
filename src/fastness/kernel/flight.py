"""People who move (M17, M18): those who flee become guests elsewhere, guests go home; nobody appears or vanishes."""

from fastness.kernel.ground import FAR
from fastness.kernel.jit import kernel
from fastness.kernel.processes.supply import blockaded
from fastness.kernel.state import State
from fastness.kernel.world import BESIEGER, NOBODY, World

#: row of the scratch table that holds the ways to a place
WAY = 0


@kernel
def reachable(state: State, place: int) -> bool:
    """Whether a way leads from a place to the one for which `ways_to` filled the scratch row."""
    return state.scratch[WAY, place].distance < FAR


@kernel
def asks_besieger(world: World, state: State, place: int) -> bool:
    """Whether the shortest way from a place passes a roadblock or a blockade of the besieger."""
    while state.scratch[WAY, place].hop != NOBODY:
        route = state.scratch[WAY, place].route
        if state.route[route].blocker == BESIEGER or blockaded(world, state, route):
            return True
        place = state.scratch[WAY, place].hop
    return False


@kernel
def leave(state: State, origin: int, goal: int, people: int) -> None:
    """Move people of a place to another, where they are guests; guests of the origin go in proportion."""
    here = state.place[origin]
    there = state.place[goal]
    guests = min(here.guests, here.people)
    moved_on = guests * people // here.people
    share_hunger(state, origin, goal, people)
    here.people -= people
    here.guests = guests - moved_on
    here.absent += people - moved_on
    there.guests = min(there.guests, there.people) + people
    there.people += people


@kernel
def go_home(state: State, host: int, home: int, people: int) -> None:
    """Move guests of a place back to a place whose people are away."""
    share_hunger(state, host, home, people)
    state.place[host].people -= people
    state.place[host].guests -= people
    state.place[home].people += people
    state.place[home].absent -= people


@kernel
def share_hunger(state: State, origin: int, goal: int, people: int) -> None:
    """Let those who arrive bring the weight they have lost: the deficits of the goal become the mean of both."""
    here = state.place[origin]
    there = state.place[goal]
    share = people / max(1, there.people + people)
    there.deficit_poor += share * (here.deficit_poor - there.deficit_poor)
    there.deficit_middle += share * (here.deficit_middle - there.deficit_middle)
    there.deficit_better += share * (here.deficit_better - there.deficit_better)


@kernel
def doublings(amount: int, unit: float) -> int:
    """Return how often `unit` has been doubled within an amount: 0 below it, 1 from it on, 2 from twice it on.

    An event is told each time this grows, so that a process that never ends does not fill the log.
    """
    count = 0
    level = max(unit, 1.0)
    while level <= amount:
        count += 1
        level *= 2.0
    return count
