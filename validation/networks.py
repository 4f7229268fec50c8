"""A small supply network for the kernel's flow routine, written as pairs of nodes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fastness.kernel.rows import Table, dtype_of
from fastness.kernel.state import Arc, Node


def network(nodes: int, ends: Sequence[tuple[int, int]], capacity: npt.ArrayLike) -> tuple[Table[Arc], Table[Node]]:
    """Return the arcs, which carry `capacity` [t/day] from the first to the second of each pair, and the nodes."""
    arc = np.zeros(len(ends), dtype_of(Arc)).view(np.recarray)
    arc["start"], arc["end"] = np.array(ends).reshape(-1, 2).T
    arc["capacity"] = capacity
    return arc, np.zeros(nodes, dtype_of(Node)).view(np.recarray)  # type: ignore[return-value]
