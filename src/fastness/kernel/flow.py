"""Supply as the largest flow over routes (M09): how many tonnes a day can reach a place through what is open.

Ford and Fulkerson 1956 with the shortest augmenting path first (Edmonds and Karp 1972). Arcs are directed; a two-way
route is given as two arcs. The total does not depend on the order of the arcs (but for the last bits of a sum); how it
is split between routes of equal use does, so give arcs in an order that a renamed place does not change.
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
    return 4 * nodes + 2 * arcs + 1


@kernel
def list_arcs(nodes: int, start: NDArray[np.int64], end: NDArray[np.int64], work: NDArray[np.int64]) -> None:
    """Chain each node's outgoing and incoming arcs in `work`, the lowest arc first (layout: see `max_flow`)."""
    arcs = len(start)
    first_out, first_in = work[2 * nodes : 3 * nodes], work[3 * nodes : 4 * nodes]
    next_out, next_in = work[4 * nodes : 4 * nodes + arcs], work[4 * nodes + arcs : 4 * nodes + 2 * arcs]
    for node in range(nodes):
        first_out[node] = NOT_REACHED
        first_in[node] = NOT_REACHED
    for arc in range(arcs - 1, -1, -1):
        next_out[arc] = first_out[start[arc]]
        first_out[start[arc]] = arc
        next_in[arc] = first_in[end[arc]]
        first_in[end[arc]] = arc


@kernel
def shortest_path(
    nodes: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    source: int,
    sink: int,
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
) -> bool:
    """Search breadth first for a path that can carry more; `work[node]` becomes the step by which a node is reached.

    A step is the arc itself forwards, `arcs + arc` against the flow of an arc, `2 * arcs` at the source, NOT_REACHED.
    """
    arcs = len(start)
    reached_by, queue = work[:nodes], work[nodes : 2 * nodes]
    first_out, first_in = work[2 * nodes : 3 * nodes], work[3 * nodes : 4 * nodes]
    next_out, next_in = work[4 * nodes : 4 * nodes + arcs], work[4 * nodes + arcs : 4 * nodes + 2 * arcs]
    for node in range(nodes):
        reached_by[node] = NOT_REACHED
    reached_by[source] = 2 * arcs
    queue[0] = source
    head, tail = 0, 1
    while head < tail and reached_by[sink] == NOT_REACHED:
        node = queue[head]
        head += 1
        arc = first_out[node]
        while arc != NOT_REACHED:
            if reached_by[end[arc]] == NOT_REACHED and capacity[arc] - flow[arc] > FULL:
                reached_by[end[arc]] = arc
                queue[tail] = end[arc]
                tail += 1
            arc = next_out[arc]
        arc = first_in[node]
        while arc != NOT_REACHED:
            if reached_by[start[arc]] == NOT_REACHED and flow[arc] > FULL:
                reached_by[start[arc]] = arcs + arc
                queue[tail] = start[arc]
                tail += 1
            arc = next_in[arc]
    return bool(reached_by[sink] != NOT_REACHED)


@kernel
def room_on_path(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    capacity: NDArray[np.float64],
    source: int,
    sink: int,
    flow: NDArray[np.float64],
    work: NDArray[np.int64],
) -> float:
    """Return what the path just found can still carry, t/day."""
    arcs = len(start)
    room = np.inf
    node = sink
    while node != source:
        step = work[node]
        if step < arcs:
            room = min(room, capacity[step] - flow[step])
            node = start[step]
        else:
            room = min(room, flow[step - arcs])
            node = end[step - arcs]
    return float(room)


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
    arcs = len(start)
    total = 0.0
    if source == sink:
        return total
    list_arcs(nodes, start, end, work)
    while shortest_path(nodes, start, end, capacity, source, sink, flow, work):
        room = room_on_path(start, end, capacity, source, sink, flow, work)
        node = sink
        while node != source:
            step = work[node]
            if step < arcs:
                flow[step] += room
                node = start[step]
            else:
                flow[step - arcs] -= room
                node = end[step - arcs]
        total += room
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
        Integers, at least `work_size(nodes, arcs)`: step by which each node is reached, queue, first arcs out and in,
        next arcs out and in. Afterwards `work[node] == NOT_REACHED` marks the nodes beyond the smallest cut.
    """
    for arc in range(len(start)):
        flow[arc] = 0.0
    return augment(nodes, start, end, capacity, source, sink, flow, work)
