"""Scenario to arrays: the only package that knows both what a person writes and what the kernel reads."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fastness.compile.draws import NOTHING, Given, draw_beliefs, draw_parameters
from fastness.compile.names import Names
from fastness.compile.start import start_state
from fastness.compile.world import build_world, days_of
from fastness.kernel.state import State
from fastness.kernel.world import World
from fastness.scenario.model import Scenario

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Batch:
    """Campaigns `first` to `first + count - 1`, ready to play: their draws by name and their State arrays."""

    first: int
    count: int
    parameters: dict[str, Floats]
    beliefs: dict[str, Floats]
    state: State


@dataclass(frozen=True)
class Compiled:
    """A scenario as arrays."""

    names: Names
    world: World
    days: int

    def batch(self, seed: int, first: int, count: int, given: Given = NOTHING) -> Batch:
        """Draw campaigns first to first + count - 1 of a run with this seed; any batch gives the same campaigns.

        Inputs whose uniform numbers are `given` (`fastness.compile.draws.inputs`) take those instead.
        """
        parameters = draw_parameters(self.names, seed, first, count, given)
        beliefs = draw_beliefs(self.names, parameters, seed, first, count, given)
        state = start_state(self.names, self.world, parameters, beliefs, count)
        return Batch(first, count, parameters, beliefs, state)


def compile_scenario(scenario: Scenario) -> Compiled:
    """Return a checked scenario as arrays."""
    names = Names(scenario)
    return Compiled(names, build_world(names), days_of(names))


__all__ = ["Any", "Batch", "Compiled", "Names", "compile_scenario"]
