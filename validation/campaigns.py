"""Plays campaigns without a run folder, and compares their states bit by bit."""

from typing import Any

import numpy as np
import numpy.typing as npt

from fastness.compile import Compiled
from fastness.compile.draws import key_words
from fastness.kernel import backends
from fastness.kernel.day import Process
from fastness.kernel.state import State

Array = npt.NDArray[Any]

#: tables of the state that hold nothing of a campaign's history, only work in progress
WORK = ("scratch", "arc", "node")


def play(scenario: Compiled, seed: int, first: int, count: int, extra: tuple[Process, ...] = ()) -> State:
    """Play campaigns first to first + count - 1 and return their last state, one row of every table for each."""
    state = scenario.batch(seed, first, count).state
    backends.player(scenario.world, state, extra)(scenario.world, state, scenario.days, *key_words(seed), first)
    return state


def arrays(state: State) -> dict[str, Array]:
    """Return every table of the state as plain arrays by `table.field`: bits without padding between them."""
    found = {}
    for name, table in zip(State._fields, state, strict=True):
        records = np.asarray(table)
        for field in records.dtype.names or ():
            found[f"{name}.{field}"] = np.ascontiguousarray(records[field])
        if records.dtype.names is None:
            found[name] = np.ascontiguousarray(records)
    return found


def same(one: Array, other: Array) -> bool:
    """Whether two arrays of one kind hold the same bits (a NaN equals itself, 0 differs from -0)."""
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


def differing(one: dict[str, Array], other: dict[str, Array], apart: tuple[str, ...] = WORK) -> list[str]:
    """Return the names of the arrays in which two states differ, but for the tables named."""
    return [
        name
        for name in sorted(one.keys() | other.keys())
        if name.split(".")[0] not in apart and not (name in one and name in other and same(one[name], other[name]))
    ]


def apart(one: Array, other: Array) -> int:
    """Return how many numbers of two arrays have different bits; all of them if the arrays are of different kinds."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return max(one.size, other.size)
    bits = [np.frombuffer(array.tobytes(), np.uint8).reshape(array.size, -1) for array in (one, other) if array.size]
    return int((bits[0] != bits[1]).any(axis=1).sum()) if bits else 0
