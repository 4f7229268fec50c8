"""How mixed, how split and how unequal a people or an army is (M20), from the shares of its groups."""

import numpy as np
import numpy.typing as npt

from fastness.kernel.jit import kernel

Shares = npt.NDArray[np.float64]


@kernel
def fractionalisation(shares: Shares) -> float:
    """Return 1 - sum s^2, the chance that two people taken at random belong to different groups (ELF)."""
    same = 0.0
    for k in range(len(shares)):
        same += shares[k] * shares[k]
    return 1.0 - same


@kernel
def polarisation(shares: Shares) -> float:
    """Return 4 sum s^2 (1 - s), highest with two equal camps (Montalvo and Reynal-Querol 2005)."""
    total = 0.0
    for k in range(len(shares)):
        total += shares[k] * shares[k] * (1.0 - shares[k])
    return 4.0 * total


@kernel
def military_inequality(shares: Shares, treatment: Shares) -> float:
    """Return sum s t: 0 where all groups of an army are equal, 1 where all are repressed (Lyall 2020).

    `treatment` is 0 for a group treated as equal, 0.5 discriminated, 1 repressed.
    """
    total = 0.0
    for k in range(len(shares)):
        total += shares[k] * treatment[k]
    return total
