"""Plays campaigns at given inputs and with given luck, as far as a given day, without a run folder.

A campaign is its inputs (one uniform number for each belief and parameter) and its luck (the campaign number by which
every other random number is addressed). A run takes both from its seed; whoever moves through the inputs (tempering)
brings their own.
"""

import functools
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from fastness.compile.draws import inputs, key_words
from fastness.ensemble.play import compiled_of, pack, player_of
from fastness.kernel.backends import Player, compile_process, process_signature
from fastness.kernel.borrow import borrow
from fastness.kernel.day import DAY, Process, idle, play, process_number
from fastness.kernel.jit import COMPILED, kernel, word
from fastness.kernel.state import PLACE_SERIES, SIDE_SERIES, State, campaign_of
from fastness.kernel.streams import Stream
from fastness.kernel.world import World

Arrays = npt.NDArray[Any]
#: most campaigns that one thread plays at a time
TOGETHER = 250


@kernel
def play_lucky(
    world: World,
    batch: State,
    processes: tuple[Process, ...],
    numbers: tuple[int, ...],
    days: int,
    key_0: int,
    key_1: int,
    luck: npt.NDArray[np.int64],
) -> None:
    """Play all campaigns of a batch, each with its own luck: `fastness.kernel.day.play_batch` for any numbers."""
    facts = borrow(world)
    for index in range(len(luck)):
        seed_stream = Stream(word(key_0), word(key_1), word(luck[index]), word(0))
        play(facts, borrow(campaign_of(batch, index)), processes, numbers, days, seed_stream)


@functools.lru_cache(maxsize=4)
def _lucky_player(document: str, without: tuple[str, ...]) -> Callable[..., None]:
    """Return the function that plays a batch with the luck given: world, batch, days, key words, luck."""
    compiled = compiled_of(document)
    if not COMPILED:
        return _one_by_one(player_of(document, (), without))
    signature = process_signature(compiled.world, compiled.batch(0, 0, 1).state)
    processes = tuple(compile_process(idle if each.__name__ in without else each, signature) for each in DAY)
    numbers = tuple(process_number(each.__name__) for each in DAY)

    def play_all(world: World, batch: State, days: int, key_0: int, key_1: int, luck: Arrays) -> None:
        play_lucky(world, batch, processes, numbers, days, key_0, key_1, luck)

    return play_all


def _one_by_one(play_batch: Player) -> Callable[..., None]:
    """Return the same for the reference backend, which plays a stretch of campaign numbers at a time."""

    def play_all(world: World, batch: Any, days: int, key_0: int, key_1: int, luck: Arrays) -> None:
        for k, number in enumerate(luck):
            one = type(batch)(*(array[k : k + 1] for array in batch))
            play_batch(world, one, days, key_0, key_1, int(number))

    return play_all


@dataclass(frozen=True)
class Inputs:
    """What makes campaigns: uniform numbers by `names`, shape (campaigns, inputs), and luck, shape (campaigns,)."""

    names: tuple[str, ...]
    uniforms: npt.NDArray[np.float64]
    luck: npt.NDArray[np.int64]

    def take(self, rows: Arrays | slice) -> "Inputs":
        """Return some of the campaigns."""
        return Inputs(self.names, self.uniforms[rows], self.luck[rows])


def inputs_of(document: str, seed: int, campaigns: int) -> Inputs:
    """Return inputs and luck of campaigns 0 to campaigns - 1 of a run of a scenario (JSON) with this seed."""
    drawn = inputs(compiled_of(document).names, seed, 0, campaigns)
    return Inputs(tuple(drawn), np.stack(list(drawn.values()), axis=1), np.arange(campaigns, dtype=np.int64))


def play_at(
    document: str,
    seed: int,
    given: Inputs,
    *,
    days: int | None = None,
    keep: Sequence[str] = ("status", "question", "belief", "parameter"),
    without: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> dict[str, Arrays]:
    """Play campaigns at given inputs.

    Parameters
    ----------
    document
        The scenario as JSON.
    seed
        64-bit seed that, with a campaign's luck, addresses its random numbers.
    given
        The campaigns.
    days
        Days to play from the start; None: to the end of the clock. Later days of series stay 0, and a question that
        has not held by then has day -1.
    keep
        Names of the arrays to return, as in `fastness.ensemble.play`.
    without
        Processes that are switched off.
    progress
        Called with the number of campaigns played since the last call.

    Returns
    -------
    dict
        Arrays whose first axis is the campaign, but for daily series, where it is the last.
    """
    threads = os.cpu_count() or 1
    step = max(1, min(TOGETHER, math.ceil(len(given.luck) / threads)))
    firsts = range(0, len(given.luck), step)
    task = partial(_play_some, document, seed, days=days, keep=tuple(keep), without=tuple(without))
    parts = []
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(task, (given.take(slice(first, first + step)) for first in firsts)):
            parts.append(part)
            if progress is not None:
                progress(len(part["status"]))
    return {name: np.concatenate([part[name] for part in parts], axis=_axis(name)) for name in parts[0]}


def _axis(name: str) -> int:
    return -1 if name in (*SIDE_SERIES, *PLACE_SERIES) else 0


def _play_some(
    document: str, seed: int, given: Inputs, *, days: int | None, keep: tuple[str, ...], without: tuple[str, ...]
) -> dict[str, Arrays]:
    compiled = compiled_of(document)
    uniforms = {name: np.ascontiguousarray(given.uniforms[:, k]) for k, name in enumerate(given.names)}
    batch = compiled.batch(seed, 0, len(given.luck), uniforms)
    until = compiled.days if days is None else min(days, compiled.days)
    player = _lucky_player(document, without)
    player(compiled.world, batch.state, until, *key_words(seed), given.luck)
    packed = pack(compiled, batch)
    return {name: packed[name] for name in ("status", *keep)}
