"""Recruitment as a contagion (M04): who joins draws others, until the pool is used up or those who left outnumber them.

The epidemic of Kermack and McKendrick 1927: dS/dt = -b S R / P, dR/dt = b S R / P - g R. It dies out unless b > g and
ends with a share z = 1 - exp(-z b / g) of the pool having joined.
"""

from fastness.kernel.jit import kernel


@kernel
def contagion_step(
    pool: float, joined: float, people: float, rate: float, leaving: float, days: float
) -> tuple[float, float]:
    """Return the pool and those who are in after some days (Heun's second-order step), neither below 0.

    `pool` has not joined yet [persons], `joined` is in, `people` is all who could ever join, `rate` b and `leaving` g
    are per day.
    """
    if people <= 0.0:
        return pool, joined
    join = days * rate * pool * joined / people
    leave = days * leaving * joined
    ahead_pool = max(pool - join, 0.0)
    ahead_joined = max(joined + join - leave, 0.0)
    join = 0.5 * (join + days * rate * ahead_pool * ahead_joined / people)
    leave = 0.5 * (leave + days * leaving * ahead_joined)
    join = min(join, pool)
    return pool - join, max(joined + join - leave, 0.0)
