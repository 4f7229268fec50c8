"""Evaluates the compiled expressions of plans and questions: a small stack machine over named observables.

`fastness.compile` turns a checked expression into instructions. A plan sees enemy numbers late and with error
(`viewer` is its side); a question sees the truth (`viewer` is NOBODY).
"""

from fastness.kernel.ground import passable, total_fighters
from fastness.kernel.jit import kernel
from fastness.kernel.sight import deployable_for, food_days_for, place_days_for, side_days_for
from fastness.kernel.state import State
from fastness.kernel.world import (
    ABROAD,
    AXIS,
    BESIEGER,
    CAPTURED,
    DEAD,
    DEFENDER,
    NOBODY,
    ON_TERMS,
    SHARED,
    World,
)

OPERATIONS = (
    "constant", "observable", "not", "negative", "and", "or", "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=",
)  # fmt: skip
(CONSTANT, OBSERVABLE, NOT, NEGATIVE, AND, OR, ADD, SUBTRACT, MULTIPLY, DIVIDE,
 LESS, AT_MOST, MORE, AT_LEAST, EQUAL, UNEQUAL) = range(16)  # fmt: skip

#: observables by name; an instruction's `first` packs the index here, `second` its arguments (see `compile.py`)
OBSERVABLES = (
    "holder", "fighters_side", "fighters_at", "strength", "deployable", "food_days", "days_of_side", "days_of_place",
    "open", "closed_days", "axes_open", "window", "truth", "unrest", "assaulted", "assaults", "attack_weeks",
    "hungry", "district_held", "lost_outside", "day", "month", "held_days",
    "settled", "terms", "talking", "aided", "aids", "recognised",
    "leader_lost", "leader_abroad", "leadership_lost", "flying", "flown_days", "blackout",
    "disrupted", "displaced", "people", "kcal", "zone", "incidents", "killed", "legitimacy",
    "given_up", "defected", "convoys",
)  # fmt: skip
(HOLDER, FIGHTERS_SIDE, FIGHTERS_AT, STRENGTH, DEPLOYABLE, FOOD_DAYS, DAYS_OF_SIDE, DAYS_OF_PLACE,
 OPEN, CLOSED_DAYS, AXES_OPEN, WINDOW, TRUTH, UNREST, ASSAULTED, ASSAULTS, ATTACK_WEEKS,
 HUNGRY, DISTRICT_HELD, LOST_OUTSIDE, DAY, MONTH, HELD_DAYS,
 SETTLED, TERMS, TALKING, AIDED, AIDS, RECOGNISED,
 LEADER_LOST, LEADER_ABROAD, LEADERSHIP_LOST, FLYING, FLOWN_DAYS, BLACKED_OUT,
 DISRUPTED, DISPLACED, PEOPLE, KCAL, ZONE, INCIDENTS, KILLED, LEGITIMACY,
 GIVEN_UP, DEFECTED, CONVOYS) = range(46)  # fmt: skip
STACK = 64


@kernel
def evaluate(world: World, state: State, day: int, viewer: int, first_step: int, end_step: int) -> float:
    """Return the value of an expression (truth is 1 or 0); its stack is a column of the scratch table."""
    top = 0
    for step in range(first_step, end_step):
        instruction = world.program[step]
        operation = instruction.operation
        if operation == CONSTANT:
            state.scratch[2, top].distance = instruction.value
            top += 1
        elif operation == OBSERVABLE:
            state.scratch[2, top].distance = observe(
                world, state, day, viewer, instruction.first, instruction.second, instruction.value
            )
            top += 1
        elif operation == NOT:
            state.scratch[2, top - 1].distance = 1.0 - state.scratch[2, top - 1].distance
        elif operation == NEGATIVE:
            state.scratch[2, top - 1].distance = -state.scratch[2, top - 1].distance
        else:
            top -= 1
            state.scratch[2, top - 1].distance = combine(
                operation, state.scratch[2, top - 1].distance, state.scratch[2, top].distance
            )
    return state.scratch[2, 0].distance


@kernel
def truth(holds: bool) -> float:
    """Return 1 for true, 0 for false."""
    return 1.0 if holds else 0.0


@kernel
def combine(operation: int, left: float, right: float) -> float:
    """Return the result of a binary operation; a division by zero gives 0."""
    if operation == AND:
        return left * right
    if operation == OR:
        return max(left, right)
    if operation == ADD:
        return left + right
    if operation == SUBTRACT:
        return left - right
    if operation == MULTIPLY:
        return left * right
    if operation == DIVIDE:
        return left / right if right != 0.0 else 0.0
    if operation == LESS:
        return truth(left < right)
    if operation == AT_MOST:
        return truth(left <= right)
    if operation == MORE:
        return truth(left > right)
    if operation == AT_LEAST:
        return truth(left >= right)
    if operation == EQUAL:
        return truth(left == right)
    return truth(left != right)


@kernel
def observe(world: World, state: State, day: int, viewer: int, name: int, one: int, two: float) -> float:
    """Return an observable; `one` and `two` are its arguments as indices."""
    if name <= DAYS_OF_PLACE:
        return observe_strength(world, state, viewer, name, one, int(two))
    if name <= TRUTH:
        return observe_routes(world, state, day, viewer, name, one)
    if name == UNREST:
        return state.place[one].unrest
    if name == ASSAULTED:
        return truth(state.engagement[one].active == 1)
    if name == ASSAULTS:
        return float(state.side[one].assaults)
    if name == ATTACK_WEEKS:
        return float(state.side[one].attack_weeks)
    if name == DAY:
        return float(day)
    if name == MONTH:
        return float(world.day[day].month)
    if name == HELD_DAYS:
        return float(day - state.place[one].held_since)
    if name >= DISPLACED:
        return observe_people(state, name, one)
    if name >= SETTLED:
        return observe_affairs(world, state, name, one)
    return observe_count(world, state, name, one)


@kernel
def observe_affairs(world: World, state: State, name: int, one: int) -> float:
    """Return an observable about talks, patrons, leaders, aircraft and news."""
    affairs = state.affairs[0]
    if name == SETTLED:
        return truth(affairs.settled == SHARED)
    if name == TERMS:
        return truth(affairs.settled == ON_TERMS)
    if name == TALKING:
        return truth(affairs.talking == 1)
    if name == AIDED:
        for k in range(len(world.patron)):
            if world.patron[k].side == one and state.patron[k].aiding == 1:
                return 1.0
        return 0.0
    if name == AIDS:
        return truth(state.patron[one].aiding == 1)
    if name == RECOGNISED:
        return truth(state.patron[one].recognises == 1)
    if name == LEADER_LOST:
        return truth(state.leader[one].status == DEAD or state.leader[one].status == CAPTURED)
    if name == LEADER_ABROAD:
        return truth(state.leader[one].status == ABROAD)
    if name == LEADERSHIP_LOST:
        return truth(first_leader_lost(world, state, one))
    if name == FLYING:
        return float(state.side[one].flying)
    if name == FLOWN_DAYS:
        return float(state.side[one].flown_days)
    if name == BLACKED_OUT:
        return truth(affairs.blackout == 1)
    return truth(affairs.disrupted == 1)


@kernel
def first_leader_lost(world: World, state: State, side: int) -> bool:
    """Whether the leader whom a side's scenario names first (`LeaderFacts.first`) is dead or captured."""
    for k in range(len(world.leader)):
        if world.leader[k].side == side and world.leader[k].first == 1:
            return state.leader[k].status == DEAD or state.leader[k].status == CAPTURED
    return False


@kernel
def observe_people(state: State, name: int, one: int) -> float:
    """Return an observable about people, control, unrest and those who leave a side."""
    if name == DISPLACED:
        return float(state.place[one].guests)
    if name == PEOPLE:
        return float(state.place[one].people)
    if name == KCAL:
        return state.place[one].kcal
    if name == ZONE:
        return float(state.place[one].zone)
    if name == INCIDENTS:
        return float(state.place[one].incidents)
    if name == KILLED:
        return float(state.place[one].killed)
    if name == LEGITIMACY:
        return state.place[one].legitimacy
    if name == GIVEN_UP:
        return state.side[one].given_up
    if name == DEFECTED:
        return float(state.side[one].defected)
    return float(state.convoy[one].arrived)


@kernel
def observe_strength(world: World, state: State, viewer: int, name: int, one: int, two: int) -> float:
    """Return an observable about holders, men and stocks."""
    if name == HOLDER:
        return float(state.place[one].holder)
    if name == FIGHTERS_SIDE:
        if viewer == NOBODY or viewer == one:
            return float(total_fighters(state, one))
        return seen_everywhere(world, state, one)
    if name == FIGHTERS_AT:
        cell = state.cell[two, one]
        return float(cell.fighters) if viewer == NOBODY or viewer == one else cell.seen
    if name == STRENGTH and viewer not in (NOBODY, one):
        return seen_everywhere(world, state, one)
    if name == STRENGTH:
        men = float(total_fighters(state, one))
        for place in range(len(world.place)):
            men += float(state.cell[place, one].guerrillas)
        return men
    if name == DEPLOYABLE:
        return deployable_for(state, viewer, one)
    if name == FOOD_DAYS:
        return food_days_for(state, viewer, one)
    if name == DAYS_OF_SIDE:
        return side_days_for(state, viewer, one, two)
    return place_days_for(state, viewer, one, DEFENDER, two)


@kernel
def seen_everywhere(world: World, state: State, side: int) -> float:
    """Return how many fighters of a side its enemy believes there are [persons]."""
    seen = 0.0
    for place in range(len(world.place)):
        seen += state.cell[place, side].seen
    return seen


@kernel
def observe_routes(world: World, state: State, day: int, viewer: int, name: int, one: int) -> float:
    """Return an observable about routes, windows and contested facts."""
    if name == OPEN:
        return truth(state.route[one].open == 1)
    if name == CLOSED_DAYS:
        return float(state.route[one].closed_days)
    if name == AXES_OPEN:
        return float(axes_open(world, state, BESIEGER if viewer == NOBODY else viewer))
    if name == WINDOW:
        return truth(world.window[one].start <= day <= state.window[one].until)
    return float(state.latent[one].true)


@kernel
def observe_count(world: World, state: State, name: int, one: int) -> float:
    """Return an observable that counts people or places."""
    count = 0
    for place in range(len(world.place)):
        facts = world.place[place]
        here = state.place[place]
        if name == HUNGRY:
            if facts.inside == 1 and here.food_t <= 0.0:
                count += here.people
        elif name == DISTRICT_HELD:
            if facts.inside == 1 and facts.district == 1 and here.holder == one:
                count += 1
        elif facts.inside == 0 and facts.first_holder == one and here.holder != one:
            count += 1
    return float(count)


@kernel
def axes_open(world: World, state: State, side: int) -> int:
    """Return how many assembly places of a side's active assault have a passable route into the stronghold."""
    active = state.side[side].active
    if active < 0:
        return 0
    count = 0
    for o in range(world.block[active].first_order, world.block[active].end_order):
        order = world.order[o]
        if order.kind == AXIS and leads_inside(world, state, order.target, side):
            count += 1
    return count


@kernel
def leads_inside(world: World, state: State, place: int, side: int) -> bool:
    """Whether a passable route leads from a place to one inside the stronghold."""
    facts = world.place[place]
    for k in range(facts.first_link, facts.end_link):
        link = world.link[k]
        if world.place[link.other].inside == 1 and passable(state, link.route, side):
            return True
    return False
