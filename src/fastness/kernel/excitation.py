"""Arrivals that excite each other (M12, M18): a Hawkes process in steps, and the curve of escalation.

Hawkes 1971, Biometrika 58:83; branching ratios of 0.3 to 0.7 for incidents in Iraq (Lewis et al. 2012). Johnson et al.
2011, Science 333:81, for escalation.
"""

import math

from fastness.kernel.jit import kernel


@kernel
def excite(heat: float, count: int, branching: float, decay: float, days: float) -> float:
    """Return what past incidents add to the rate [1/day] after a step of some days in which `count` happened.

    Each incident brings `branching` more on average, at a rate that falls by exp(-decay t). With steps of any length
    the mean rate is mu / (1 - n) and the long-run Fano factor 1 / (1 - n)^2.
    """
    kept = math.exp(-decay * days)
    return heat * kept + branching * (1.0 - kept) / days * count


@kernel
def escalation_interval(first: float, number: float, progress: float) -> float:
    """Return the interval before the n-th attack, tau_n = tau_1 n^-b: it shortens as attackers learn (b > 0)."""
    if number <= 1.0:
        return first
    return first * math.pow(number, -progress)
