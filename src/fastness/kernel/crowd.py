"""Who dares to be active in a crowd (M06, M18): Epstein's arrest risk, and his model's mean field in closed form.

Epstein 2002, PNAS 99(suppl 3):7243. A person's grievance is H (1 - L), hardship H and risk aversion R are uniform on
0 to 1, L is the ruler's legitimacy; who has H (1 - L) - R P > T is active, P the chance of arrest.
"""

import math

from fastness.kernel.jit import kernel

#: most steps of the fixed-point iteration; the map rises with x, so that the steps all go one way
STEPS = 12
#: holders for each of the active beyond which arrest is certain to the last bit
CERTAIN = 1e6


@kernel
def arrest_chance(holders: float, active: float, k: float) -> float:
    """Return the chance of arrest, 1 - exp(-k floor(C/A)): nobody is arrested where the active outnumber the holders.

    `holders` and `active` are persons; with nobody active a single holder makes arrest certain.
    """
    if holders <= 0.0:
        return 0.0
    if active <= 0.0:
        return 1.0
    return 1.0 - math.exp(-k * math.floor(min(holders / active, CERTAIN)))


@kernel
def smooth_arrest_chance(holders: float, active: float, k: float) -> float:
    """Return the chance of arrest without the rounding, 1 - exp(-k C/A): with it the model has no bursts."""
    if holders <= 0.0:
        return 0.0
    if active <= 0.0:
        return 1.0
    return 1.0 - math.exp(-k * holders / active)


@kernel
def daring_share(discontent: float, arrest: float, threshold: float) -> float:
    """Return Pr(H g - R P > T) for H, R uniform on 0 to 1: g = `discontent` = 1 - L, P = `arrest`, T = `threshold`.

    With y = H g - T uniform up to g - T it is the mean of min(1, y / P) over y > 0.
    """
    most = discontent - threshold
    if discontent <= 0.0 or most <= 0.0:
        return 0.0
    if arrest <= 0.0:
        return min(most / discontent, 1.0)
    if most <= arrest:
        return most * most / (2.0 * arrest * discontent)
    return min((most - 0.5 * arrest) / discontent, 1.0)


@kernel
def active_share(share: float, discontent: float, holders: float, threshold: float, k: float, bursts: bool) -> float:
    """Return the active share x of a crowd, x = Pr(H g - R P(C / (x N)) > T), reached from the present one.

    `holders` is C / N, holders as the crowd sees them per person. With `bursts` there may be two solutions, calm and
    revolt: the start decides.
    """
    x = share
    for _ in range(STEPS):
        before = x
        arrest = arrest_chance(holders, x, k) if bursts else smooth_arrest_chance(holders, x, k)
        x = daring_share(discontent, arrest, threshold)
        if x == before:
            break
    return x
