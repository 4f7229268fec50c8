"""Cascades of giving up (M13): who gives up when so many others have (Granovetter 1978), and who then goes over."""

import math

from fastness.kernel.ground import logistic
from fastness.kernel.jit import kernel

#: rounds of word of mouth after which a side has settled
SETTLES = 30


@kernel
def threshold_share(x: float, mean: float, sd: float) -> float:
    """Return the share of men whose threshold lies at or below `x`: the normal F of Granovetter, a step for sd = 0."""
    if sd <= 0.0:
        return 1.0 if x >= mean else 0.0
    return 0.5 * (1.0 + math.erf((x - mean) / (sd * math.sqrt(2.0))))


@kernel
def tipping_mean(sd: float) -> float:
    """Return the mean threshold below which a cascade runs through: there the low fixed point of F vanishes.

    At it F(x) = x and F'(x) = 1: z = -sqrt(-2 ln(sd sqrt(2 pi))), mean = Phi(z) - sd z; from sd = 0.4 on there is none.
    """
    steepness = sd * math.sqrt(2.0 * math.pi)
    if steepness <= 0.0 or steepness >= 1.0:
        return 0.0
    z = -math.sqrt(-2.0 * math.log(steepness))
    return threshold_share(z, 0.0, 1.0) - sd * z


@kernel
def standing(mean: float, sd: float) -> float:
    """Return the lowest fixed point of x = F(x): who has given up while a side still stands."""
    x = 0.0
    for _ in range(SETTLES):
        x = threshold_share(x, mean, sd)
    return x


@kernel
def giving_up(given_up: float, more: float, stood: float, mean: float, sd: float) -> float:
    """Return who gives up next of those who stood on the first day, when `given_up` of them have and pressure is more.

    `stood` is the share who had given up before (`standing`); with no more pressure nobody else does.
    """
    if stood >= 1.0:
        return 0.0
    everybody = stood + (1.0 - stood) * given_up
    return max((threshold_share(everybody + more, mean, sd) - stood) / (1.0 - stood), 0.0)


@kernel
def willing(given_up: float, idle: float) -> float:
    """Return the share of the men present who still fight when the share `idle` of those who gave up has stayed."""
    present = 1.0 - (1.0 - idle) * given_up
    return (1.0 - given_up) / present if present > 0.0 else 0.0


@kernel
def switch_share(gain: float, cost: float, scale: float, most: float) -> float:
    """Return the share of those who give up who change sides, most * logistic((gain - cost) / scale)."""
    return most * logistic((gain - cost) / scale)
