"""Plays one batch of campaigns and packs what is kept of it."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastness.compile import Batch, Compiled, compile_scenario
from fastness.compile.draws import key_words
from fastness.ensemble.store import Part, write_part
from fastness.kernel import backends
from fastness.kernel.day import Process
from fastness.kernel.state import PLACE_SERIES, SIDE_SERIES
from fastness.scenario.model import Scenario

#: side clocks (fields of SideState) and the stock each is about
SIDE_CLOCKS = ("food_out", "fuel_out", "ammunition_out")
#: arrays from which the progress of a run is told
TOLD = ("status", "question")


@functools.lru_cache(maxsize=4)
def compiled_of(document: str) -> Compiled:
    """Return a scenario (JSON) as arrays."""
    return compile_scenario(Scenario.model_validate_json(document))


@functools.lru_cache(maxsize=4)
def player_of(document: str, processes: tuple[Process, ...], without: tuple[str, ...]) -> backends.Player:
    """Return the function that plays batches of a scenario (JSON)."""
    compiled = compiled_of(document)
    return backends.player(compiled.world, compiled.batch(0, 0, 1).state, processes, without)


def play_batch(
    document: str,
    seed: int,
    first: int,
    count: int,
    processes: Sequence[Process] = (),
    folder: Path | None = None,
    without: Sequence[str] = (),
) -> Part:
    """Play campaigns first to first + count - 1 of a run.

    Parameters
    ----------
    document
        The scenario as JSON; a text, so that a batch can be sent to another process or machine.
    seed
        64-bit seed of the run.
    processes
        A user's own processes, played after the model's.
    folder
        Run folder to write the batch into; the Part returned then holds only what `TOLD` names. None: all is returned,
        as from another machine.
    without
        Names of the model's processes that are switched off.
    """
    compiled = compiled_of(document)
    batch = compiled.batch(seed, first, count)
    play = player_of(document, tuple(processes), tuple(without))
    play(compiled.world, batch.state, compiled.days, *key_words(seed), first)
    part = Part(first, count, pack(compiled, batch))
    if folder is None:
        return part
    write_part(folder, part)
    return Part(first, count, {name: part.arrays[name] for name in TOLD})


def pack(compiled: Compiled, batch: Batch) -> dict[str, npt.NDArray[Any]]:
    """Return what is kept of a batch that was played: named arrays as in `Part`."""
    state: Any = batch.state
    log = np.concatenate([state.event[k, : state.tally["events"][k, 0]] for k in range(batch.count)])
    counts = state.tally["events"][:, 0]
    sides = [state.side[:, side][clock] for side in range(state.side.shape[1]) for clock in SIDE_CLOCKS]
    return {
        "status": state.tally["status"][:, 0].astype(np.int32),
        "failed_day": state.tally["failed_day"][:, 0].astype(np.int32),
        "question": state.question["day"].astype(np.int32),
        "place_clock": state.clock["food_out"].astype(np.int32),
        "side_clock": np.stack(sides, axis=1).astype(np.int32),
        "first_block_day": state.block["first_day"].astype(np.int32),
        "belief": _columns(batch.beliefs, batch.count),
        "parameter": _columns(batch.parameters, batch.count),
        "event": log,
        "event_count": counts.astype(np.int32),
        **{name: np.moveaxis(state.side_series[:, k], 0, -1) for k, name in enumerate(SIDE_SERIES)},
        **{name: np.moveaxis(state.place_series[:, k], 0, -1) for k, name in enumerate(PLACE_SERIES)},
        "holder": state.holder_series,
        "open": state.open_series,
    }


def _columns(values: dict[str, npt.NDArray[np.float64]], count: int) -> npt.NDArray[np.float64]:
    return np.stack(list(values.values()), axis=1) if values else np.empty((count, 0))
