"""Plays campaigns: compiled by Numba, or as plain Python when the compiler is off (the reference backend)."""

import functools
from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

import numba
import numpy as np

from fastness.kernel import day as day_module
from fastness.kernel.cache import KernelCache, kept
from fastness.kernel.day import DAY, Process, idle, process_number
from fastness.kernel.indexing import count_from_the_start
from fastness.kernel.inner import Borrowed
from fastness.kernel.jit import COMPILED, COMPILING, OPTIONS, kernel
from fastness.kernel.rows import Table
from fastness.kernel.state import State
from fastness.kernel.streams import Stream
from fastness.kernel.world import World

#: plays every campaign of a batch: world, batch, days, key words, number of the first campaign
Player = Callable[[World, State, int, int, int, int], None]


def compiled_before() -> bool:
    """Whether this machine already holds the compiled kernel, so that a run starts at once."""
    return COMPILED and kept(day_module.play_batch)


def player(world: World, batch: State, extra: Sequence[Process] = (), without: Collection[str] = ()) -> Player:
    """Return the function that plays a batch of campaigns, for arrays of the types given.

    `extra` are a user's own processes; they run after the model's, in the order given. `without` names processes of the
    model that stand idle; all others draw the same random numbers as with them.
    """
    numbers = tuple(process_number(process.__name__) for process in (*DAY, *extra))
    processes = (*(idle if process.__name__ in without else process for process in DAY), *extra)
    if len(set(numbers)) < len(numbers):
        message = "two processes have the same number in the random-number counter; rename one"
        raise ValueError(message)
    if not COMPILED:
        return _reference_player(processes, numbers)
    signature = process_signature(world, batch)
    with COMPILING:
        compiled = tuple(compile_process(process, signature) for process in processes)
        play_batch = _batch_player()

    def play(world: World, batch: State, days: int, key_0: int, key_1: int, first: int) -> None:
        play_batch(world, batch, compiled, numbers, days, key_0, key_1, first)

    return play


@functools.cache
def _batch_player() -> Callable[..., None]:
    return kernel(day_module.play_batch)


def compile_batch_player(world: World, batch: State, signature: Any) -> None:
    """Compile the loop over campaigns and days for the model's own processes, without playing anything."""
    pointers = numba.types.UniTuple(numba.types.FunctionType(signature), len(DAY))
    numbers = numba.types.UniTuple(numba.int64, len(DAY))
    loop: Any = _batch_player()
    loop.compile((numba.typeof(world), numba.typeof(batch), pointers, numbers, *(numba.int64,) * 4))


def process_signature(world: World, batch: State) -> Any:
    """Return the compiled signature that all processes share."""
    state = State(*(array[0] for array in cast(Any, batch)))
    count_from_the_start(world)
    count_from_the_start(state)
    words = Stream(*(np.uint64(0),) * 4)  # type: ignore[arg-type]
    return numba.void(Borrowed(numba.typeof(world)), Borrowed(numba.typeof(state)), numba.int64, numba.typeof(words))


@functools.cache
def compile_process(process: Process, signature: Any) -> Process:
    """Compile one process for a signature, or load it from the cache.

    A user's own process is compiled each time: the cache would not notice that a constant of its module, such as the
    index of a place, has changed. It may make arrays.
    """
    ours = process in (*DAY, idle)
    options: dict[str, Any] = dict(OPTIONS, no_cpython_wrapper=True) if ours else dict(OPTIONS, _nrt=True)
    compiled: Any = numba.njit(**options)(process)
    if ours:
        compiled._cache = KernelCache(process)
    with COMPILING:
        compiled.compile(signature)
    compiled.disable_compile()
    return cast(Process, compiled)


def _reference_player(processes: tuple[Process, ...], numbers: tuple[int, ...]) -> Player:
    def play(world: World, batch: State, days: int, key_0: int, key_1: int, first: int) -> None:
        facts = World(*(_table(array) for array in world))
        for index in range(len(batch.par)):
            state = State(*(array[index] for array in cast(Any, batch)))
            tables = State(*(_table(array) for array in state))
            day_module.play(facts, tables, processes, numbers, days, Stream(key_0, key_1, first + index, 0))
            for table, array in zip(tables, state, strict=True):
                if isinstance(table, Table):
                    table.write_to(cast(Any, array))

    return play


def _table(array: Any) -> Any:
    return Table(array) if array.dtype.names else array
