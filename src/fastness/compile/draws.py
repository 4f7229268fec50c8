"""What each campaign draws before its first day: the model's parameters and the beliefs, addressed by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from fastness.compile.names import Names, entity
from fastness.kernel.jit import kernel, word
from fastness.kernel.streams import Stream, at, uniform
from fastness.parameters import Fixed, quantile, registry
from fastness.posteriors import distributions
from fastness.scenario.pooling import PoolingHyper, draw_belief

Floats = npt.NDArray[np.float64]

#: process number of the draws before the first day
BEFORE = 4095
#: uniform numbers that replace those drawn, by name (`parameter:<name>`, `belief:<id>`), each of shape (campaigns,)
Given = Mapping[str, Floats]
NOTHING: Final[Given] = MappingProxyType({})


@kernel
def fill_uniform(key_0: int, key_1: int, first: int, entity_hash: int, out: Floats) -> None:
    """Fill `out` with the uniform numbers of campaigns `first`, `first + 1`, ... for one name."""
    for k in range(len(out)):
        seed_stream = Stream(word(key_0), word(key_1), word(first + k), word(0))
        out[k] = uniform(at(seed_stream, 0, BEFORE), entity_hash, 0)


def key_words(seed: int) -> tuple[int, int]:
    """Return the low and the high 32 bits of a 64-bit seed."""
    return seed & 0xFFFFFFFF, seed >> 32


def uniforms(seed: int, name: str, first: int, count: int) -> Floats:
    """Return the uniform numbers that `name` draws in campaigns first to first + count - 1, shape (count,)."""
    out = np.empty(count)
    key_0, key_1 = key_words(seed)
    fill_uniform(key_0, key_1, first, entity(name), out)
    return out


def inputs(names: Names, seed: int, first: int, count: int) -> dict[str, Floats]:
    """Return the uniform numbers behind every parameter and belief of some campaigns, by name, shape (count,)."""
    wanted = (*(f"parameter:{name}" for name in registry()), *(f"belief:{name}" for name in names.scenario.beliefs))
    return {name: uniforms(seed, name, first, count) for name in wanted}


def _uniforms(given: Given, seed: int, name: str, first: int, count: int) -> Floats:
    return given[name] if name in given else uniforms(seed, name, first, count)


def draw_parameters(names: Names, seed: int, first: int, count: int, given: Given = NOTHING) -> dict[str, Floats]:
    """Return every registry parameter's values, shape (count,); a value that the scenario fixes stays fixed.

    The others follow their priors or, if they are calibrated, the posterior that the scenario names.
    """
    priors = distributions(names.scenario.calibration)
    priors |= {name: Fixed(float(value)) for name, value in names.scenario.parameters.items()}
    return {
        name: np.full(count, prior.value)
        if isinstance(prior, Fixed)
        else quantile(prior, _uniforms(given, seed, f"parameter:{name}", first, count))
        for name, prior in priors.items()
    }


def draw_beliefs(
    names: Names, parameters: dict[str, Floats], seed: int, first: int, count: int, given: Given = NOTHING
) -> dict[str, Floats]:
    """Return every belief's values after pooling, shape (count,): dates as day numbers, facts as 1 or 0."""
    hyper = PoolingHyper.from_draws(parameters)
    return {
        name: draw_belief(names.scenario, name, hyper, _uniforms(given, seed, f"belief:{name}", first, count))
        for name in names.scenario.beliefs
    }
