"""Competing hazards over a step, and waiting times from one uniform number."""

import math

from fastness.kernel.jit import kernel

NOTHING = -1


@kernel
def which_ends(hazards: tuple[float, ...], days: float, u: float) -> int:
    """Return the index of the hazard (rate per day) that strikes first within a step of `days`, or NOTHING.

    One uniform `u` decides both: P(any) = 1 - exp(-H days), and each hazard has its share h/H of that, so that
    CIF_i = h_i/H (1 - exp(-H days)) for constant hazards. Hazards below 0 count as 0.
    """
    total = 0.0
    for hazard in hazards:
        total += max(hazard, 0.0)
    chance = 1.0 - math.exp(-total * days)
    if u >= chance:
        return NOTHING
    passed = u / chance * total
    last = NOTHING
    for index in range(len(hazards)):
        if hazards[index] > 0.0:
            last = index
            passed -= hazards[index]
            if passed < 0.0:
                return index
    return last


@kernel
def weibull_quantile(u: float, scale: float, shape: float) -> float:
    """Return the Weibull quantile scale (-ln(1 - u))^(1/shape), in the unit of `scale`."""
    return scale * math.pow(-math.log(1.0 - u), 1.0 / shape)
