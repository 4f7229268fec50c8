"""Supply as the largest flow over routes (M09): how many tonnes a day can reach a place through what is open.

Dinitz 1970: the shortest ways first, all of one length at a time. Arcs are directed; a two-way route is given as two
arcs. The total does not depend on the order of the arcs (but for the last bits of a sum); how it is split between
routes of equal use does, so give arcs in an order that a renamed place does not change.
"""

import numpy as np
from numpy.typing import NDArray

from fastness.kernel.jit import kernel

NOT_REACHED = -1
#: a route with less than this left, in t/day, counts as full: it only stops rounding errors from being shipped
FULL = 1e-9


@kernel
def work_size(nodes: int, arcs: int) -> int:
    """Return the length of the integer work array that `max_flow` needs."""
    return 6 * nodes + 2 * arcs


@kernel
def list_arcs(
    nodes: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    work: NDArray[np.int64],
) -> None:
    """Chain each node's outgoing and incoming arcs that carry anything, the lowest arc first (layout: `max_flow`)."""
    arcs = len(start)
    first_out, first_in, next_out, next_in = 2 * nodes, 3 * nodes, 6 * nodes, 6 * nodes + arcs
    for node in range(nodes):
        work[first_out + node] = NOT_REACHED
        work[first_in + node] = NOT_REACHED
    for arc in range(arcs - 1, -1, -1):
        if capacity[arc] <= FULL:
            continue
        work[next_out + arc] = work[first_out + start[arc]]
        work[first_out + start[arc]] = arc
        work[next_in + arc] = work[first_in + end[arc]]
        work[first_in + end[arc]] = arc


@kernel
def set_levels(
    nodes: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    source: int,
    sink: int,
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
) -> bool:
    """Set each node's level, how many steps it is from the source, breadth first; return whether the sink is reached.

    A step goes along an arc that can carry more, or back along one that carries something. Nodes beyond the sink's
    level may be left out.
    """
    queue, next_out, next_in = nodes, 6 * nodes, 6 * nodes + len(start)
    for node in range(nodes):
        work[node] = NOT_REACHED
        work[4 * nodes + node] = work[2 * nodes + node]
        work[5 * nodes + node] = work[3 * nodes + node]
    work[source] = 0
    work[queue] = source
    head, tail = queue, queue + 1
    while head < tail and work[sink] == NOT_REACHED:
        node = work[head]
        head += 1
        arc = work[2 * nodes + node]
        while arc != NOT_REACHED:
            if work[end[arc]] == NOT_REACHED and capacity[arc] - flow[arc] > FULL:
                work[end[arc]] = work[node] + 1
                work[tail] = end[arc]
                tail += 1
            arc = work[next_out + arc]
        arc = work[3 * nodes + node]
        while arc != NOT_REACHED:
            if work[start[arc]] == NOT_REACHED and flow[arc] > FULL:
                work[start[arc]] = work[node] + 1
                work[tail] = start[arc]
                tail += 1
            arc = work[next_in + arc]
    return bool(work[sink] != NOT_REACHED)


@kernel
def step_ahead(
    nodes: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
    node: int,
) -> int:
    """Return the next step from a node to one of the next level, NOT_REACHED if none is left.

    A step is the arc itself forwards, `arcs + arc` against the flow of an arc.
    """
    arcs = len(start)
    next_out, next_in, ahead = 6 * nodes, 6 * nodes + arcs, work[node] + 1
    arc = work[4 * nodes + node]
    while arc != NOT_REACHED and (work[end[arc]] != ahead or capacity[arc] - flow[arc] <= FULL):
        arc = work[next_out + arc]
    work[4 * nodes + node] = arc
    if arc != NOT_REACHED:
        return arc
    arc = work[5 * nodes + node]
    while arc != NOT_REACHED and (work[start[arc]] != ahead or flow[arc] <= FULL):
        arc = work[next_in + arc]
    work[5 * nodes + node] = arc
    return arcs + arc if arc != NOT_REACHED else NOT_REACHED


@kernel
def push(
    start: NDArray[np.int64],
    capacity: NDArray[np.float64],
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
    path: int,
    steps: int,
) -> tuple[float, int]:
    """Send along a path what it can still carry; return that, t/day, and the number of the first step that is full.

    The steps of the path begin at `work[path]`.
    """
    arcs = len(start)
    room = np.inf
    full = 0
    for k in range(steps - 1, -1, -1):
        step = work[path + k]
        left = capacity[step] - flow[step] if step < arcs else flow[step - arcs]
        if left <= room:
            room = left
            full = k
    for k in range(steps):
        step = work[path + k]
        if step < arcs:
            flow[step] += room
        else:
            flow[step - arcs] -= room
    return float(room), full


@kernel
def fill_level(
    nodes: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    source: int,
    sink: int,
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
) -> float:
    """Send all that fits along paths of the sink's level, depth first; return how much, t/day."""
    arcs = len(start)
    path = nodes
    total = 0.0
    steps, node = 0, source
    while True:
        if node == sink:
            room, steps = push(start, capacity, flow, work, path, steps)
            total += room
            node = tail_of(start, end, work[path + steps])
        step = step_ahead(nodes, start, end, capacity, flow, work, node)
        if step != NOT_REACHED:
            work[path + steps] = step
            steps += 1
            node = end[step] if step < arcs else start[step - arcs]
        elif steps == 0:
            return total
        else:
            work[node] = NOT_REACHED
            steps -= 1
            node = tail_of(start, end, work[path + steps])


@kernel
def tail_of(start: NDArray[np.int64], end: NDArray[np.int64], step: int) -> int:
    """Return the node from which a step leads."""
    arcs = len(start)
    return int(start[step] if step < arcs else end[step - arcs])


@kernel
def augment(
    nodes: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    source: int,
    sink: int,
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
) -> float:
    """Add to a valid `flow` all that still fits, and return the addition, t/day; arguments as in `max_flow`.

    What already enters the sink by an arc stays: raising the capacities of the sink's arcs in steps, with a call each,
    serves everybody a first share before anybody a second.
    """
    total = 0.0
    if source == sink:
        return total
    list_arcs(nodes, start, end, capacity, work)
    while set_levels(nodes, start, end, capacity, source, sink, flow, work):
        total += fill_level(nodes, start, end, capacity, source, sink, flow, work)
    return total


@kernel
def max_flow(
    nodes: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    source: int,
    sink: int,
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
) -> float:
    """Return the largest flow from source to sink, t/day, and fill `flow` per arc.

    Parameters
    ----------
    nodes
        Number of nodes, numbered from 0.
    start, end
        Nodes of each directed arc, shape (arcs,).
    capacity
        What an arc can carry, t/day, 0 when closed, shape (arcs,); must be finite.
    source, sink
        Different nodes; equal ones give 0.
    flow
        Filled with the flow of each arc, t/day, shape (arcs,).
    work
        Integers, exactly `work_size(nodes, arcs)`: level of each node, queue or path, first arcs out and in, those at
        which the search stands, next arcs out and in. Afterwards `work[node] == NOT_REACHED` marks the nodes beyond the
        smallest cut.
    """
    for arc in range(len(start)):
        flow[arc] = 0.0
    return augment(nodes, start, end, capacity, source, sink, flow, work)
