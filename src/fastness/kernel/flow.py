"""Supply as the largest flow over routes (M09): how many tonnes a day can reach a place through what is open.

Dinitz 1970: the shortest ways first, all of one length at a time. Arcs are directed; a two-way route is given as two
arcs. The total does not depend on the order of the arcs (but for the last bits of a sum); how it is split between
routes of equal use does, so give arcs in an order that a renamed place does not change.
"""

import math

from fastness.kernel.jit import kernel
from fastness.kernel.rows import Table
from fastness.kernel.state import Arc, Node

NOT_REACHED = -1
#: an arc with less than this left, in t/day, counts as full: it only stops rounding errors from being shipped
FULL = 1e-9
#: a step is an arc's number, or this much more for a step against its flow
BACK = 1 << 40


@kernel
def list_arcs(arc: Table[Arc], node: Table[Node]) -> None:
    """Chain each node's outgoing and incoming arcs that carry anything, the lowest arc first."""
    for n in range(len(node)):
        node[n].first_out = NOT_REACHED
        node[n].first_in = NOT_REACHED
    for a in range(len(arc) - 1, -1, -1):
        if arc[a].capacity > FULL:
            start, end = node[arc[a].start], node[arc[a].end]
            arc[a].next_out = start.first_out
            start.first_out = a
            arc[a].next_in = end.first_in
            end.first_in = a


@kernel
def set_levels(arc: Table[Arc], node: Table[Node], source: int, sink: int) -> bool:
    """Set each node's level, its steps to the sink, breadth first from there; return whether the source is reached.

    A step goes along an arc that can carry more, or back along one that carries something. Counting from the sink
    visits only the places that lack something and their surroundings. Nodes beyond the source's level may be left out.
    """
    for n in range(len(node)):
        node[n].level = NOT_REACHED
        node[n].next_out = node[n].first_out
        node[n].next_in = node[n].first_in
    node[sink].level = 0
    node[0].queued = sink
    head, tail = 0, 1
    while head < tail and node[source].level == NOT_REACHED:
        here = node[node[head].queued]
        head += 1
        a = here.first_in
        while a != NOT_REACHED:
            if node[arc[a].start].level == NOT_REACHED and arc[a].capacity - arc[a].flow > FULL:
                node[arc[a].start].level = here.level + 1
                node[tail].queued = arc[a].start
                tail += 1
            a = arc[a].next_in
        a = here.first_out
        while a != NOT_REACHED:
            if node[arc[a].end].level == NOT_REACHED and arc[a].flow > FULL:
                node[arc[a].end].level = here.level + 1
                node[tail].queued = arc[a].end
                tail += 1
            a = arc[a].next_out
    return node[source].level != NOT_REACHED


@kernel
def step_ahead(arc: Table[Arc], node: Table[Node], n: int) -> int:
    """Return the next step from a node to one a level nearer to the sink, NOT_REACHED if none is left."""
    here = node[n]
    ahead = here.level - 1
    a = here.next_out
    while a != NOT_REACHED and (node[arc[a].end].level != ahead or arc[a].capacity - arc[a].flow <= FULL):
        a = arc[a].next_out
    here.next_out = a
    if a != NOT_REACHED:
        return a
    a = here.next_in
    while a != NOT_REACHED and (node[arc[a].start].level != ahead or arc[a].flow <= FULL):
        a = arc[a].next_in
    here.next_in = a
    return a + BACK if a != NOT_REACHED else NOT_REACHED


@kernel
def push(arc: Table[Arc], node: Table[Node], steps: int) -> tuple[float, int]:
    """Send along the path what it can still carry; return that, t/day, and which step is the first that is full."""
    room = math.inf
    full = 0
    for k in range(steps - 1, -1, -1):
        step = node[k].step
        left = arc[step].capacity - arc[step].flow if step < BACK else arc[step - BACK].flow
        if left <= room:
            room = left
            full = k
    for k in range(steps):
        step = node[k].step
        if step < BACK:
            arc[step].flow += room
        else:
            arc[step - BACK].flow -= room
    return room, full


@kernel
def fill_level(arc: Table[Arc], node: Table[Node], source: int, sink: int) -> float:
    """Send all that fits along the shortest paths, depth first; return how much, t/day."""
    total = 0.0
    steps, here = 0, source
    while True:
        if here == sink:
            room, steps = push(arc, node, steps)
            total += room
            here = step_from(arc, node[steps].step)
        step = step_ahead(arc, node, here)
        if step != NOT_REACHED:
            node[steps].step = step
            steps += 1
            here = arc[step].end if step < BACK else arc[step - BACK].start
        elif steps == 0:
            return total
        else:
            node[here].level = NOT_REACHED
            steps -= 1
            here = step_from(arc, node[steps].step)


@kernel
def step_from(arc: Table[Arc], step: int) -> int:
    """Return the node from which a step leads."""
    return arc[step].start if step < BACK else arc[step - BACK].end


@kernel
def augment(arc: Table[Arc], node: Table[Node], source: int, sink: int) -> float:
    """Add to a valid flow all that still fits, and return the addition, t/day; arguments as in `max_flow`.

    What already enters the sink by an arc stays: raising the capacities of the sink's arcs in steps, with a call each,
    serves everybody a first share before anybody a second.
    """
    total = 0.0
    if source == sink:
        return total
    list_arcs(arc, node)
    while set_levels(arc, node, source, sink):
        total += fill_level(arc, node, source, sink)
    return total


@kernel
def max_flow(arc: Table[Arc], node: Table[Node], source: int, sink: int) -> float:
    """Return the largest flow from source to sink, t/day, and set the `flow` of each arc.

    Parameters
    ----------
    arc
        Directed arcs: `start` and `end` nodes, `capacity`, what it can carry, t/day, 0 when closed, finite.
    node
        Work space, one row for each node. Afterwards `level != NOT_REACHED` marks the nodes beyond a smallest cut.
    source, sink
        Different nodes; equal ones give 0.
    """
    for a in range(len(arc)):
        arc[a].flow = 0.0
    return augment(arc, node, source, sink)
