"""Benchmarks of the processes about people: growth, contagion, escalation, excitation, crowds, diversity, tie-down."""

import math

import numpy as np
from benchmark_rows import CLOSED, ODE, SEED, Row, close

from fastness.kernel.attrition import attrition_step
from fastness.kernel.contagion import contagion_step
from fastness.kernel.crowd import arrest_chance
from fastness.kernel.diversity import fractionalisation, military_inequality, polarisation
from fastness.kernel.excitation import escalation_interval, excite
from fastness.kernel.ground import density_needed
from fastness.kernel.jit import kernel
from fastness.kernel.streams import Stream, poisson

#: published to two digits
TWO_DIGITS = 5e-3


def grown(x: float, y: float, growth_x: float, growth_y: float, days: float, dt: float) -> tuple[float, float]:
    """Return two forces of which each makes the other grow: the attrition step with negative losses."""
    for _ in range(round(days / dt)):
        x, y = attrition_step(x, y, -growth_x, 0.0, 1.0, -growth_y, 0.0, 1.0, dt)
    return x, y


def b06() -> list[Row]:
    """Return the rows of coupled growth, dI/dt = d_i C and dC/dt = d_c I (Blank et al. 2008)."""
    rebels, regulars, dt = 200.0, 100.0, 0.02
    up, _ = grown(rebels, regulars, 0.04, 0.01, 50.0, dt)
    down, _ = grown(rebels, regulars, -0.04, -0.01, 50.0, dt)
    # growth against decay circles round: from equal phase an eighth of a turn until the first is gone
    days, x, y = 0.0, rebels, regulars
    while x > 0.0:
        before = x
        x, y = grown(x, y, -0.04, 0.01, dt, dt)
        days += dt if x > 0.0 else before / (0.04 * y)
    return [
        close("B06", "coupled growth, same sign: larger eigenvalue", 0.02, math.log(up / rebels) / 50.0, ODE),
        close("B06", "coupled growth, same sign: smaller eigenvalue", -0.02, math.log(down / rebels) / 50.0, ODE),
        close("B06", "coupled growth, opposite sign: period, days", 314.1592653589793, 8.0 * days, ODE),
    ]


def joined_in_the_end(ratio: float) -> float:
    """Return the share of a pool that a contagion of this R0 takes, begun by one in a million."""
    pool, joined, dt = 1.0 - 1e-6, 1e-6, 0.05
    for _ in range(round(400.0 / dt)):
        pool, joined = contagion_step(pool, joined, 1.0, ratio, 1.0, dt)
    return 1.0 - pool


def b11() -> list[Row]:
    """Return the rows of recruitment by contagion."""
    known = {1.5: 0.582812, 2.0: 0.796812, 3.0: 0.940480}
    rows = [
        close("B11", f"contagion, R0 = {r:g}: share in the end", z, joined_in_the_end(r), ODE) for r, z in known.items()
    ]
    return [*rows, Row("B11", "contagion, R0 = 0.9: share in the end", 0.0, joined_in_the_end(0.9), 2e-5)]


def b13() -> list[Row]:
    """Return the rows of the curve of escalation."""
    intervals = [escalation_interval(100.0, float(n), 0.7) for n in range(1, 11)]
    memory = "[M,H]"
    return [
        close("B13", "escalation: tenth interval, days", 19.952623149688797, intervals[-1], CLOSED, memory),
        close("B13", "escalation: first ten intervals, days", 397.109, sum(intervals), 1e-5, memory),
    ]


@kernel
def counted(stream: Stream, base: float, branching: float, decay: float, days: int, entity: int) -> int:
    """Return the incidents within some days, begun at the mean excitement."""
    heat, total = base * branching / (1.0 - branching), 0
    for day in range(days):
        count = poisson(stream, entity, 200 * day, base + heat)
        heat = excite(heat, count, branching, decay, 1.0)
        total += count
    return total


def b14() -> list[Row]:
    """Return the rows of self-exciting arrivals: mean rate and long-run Fano factor, by simulation."""
    windows, days = 2000, 500
    stream = Stream(SEED, 0, 14, 0)
    counts = np.array([counted(stream, 0.5, 0.6, 0.5, days, window) for window in range(windows)], dtype=float)
    rate = float(counts.mean()) / days
    fano = float(counts.var(ddof=1) / counts.mean())
    rate_error = 3.0 * float(counts.std()) / days / math.sqrt(windows)
    return [
        Row("B14", "self-exciting arrivals: rate, 1/day", 1.25, rate, rate_error),
        Row("B14", "self-exciting arrivals: long-run Fano factor", 6.25, fano, 3.0 * 6.25 * math.sqrt(2.0 / windows)),
    ]


def b21() -> list[Row]:
    """Return the rows of the chance of arrest."""
    known = ((1.0, 0.899741), (0.5, 0.0), (3.0, 0.998992))
    return [
        Row(
            "B21",
            f"chance of arrest at C/A = {ratio:g}",
            published,
            arrest_chance(ratio * 20.0, 20.0, 2.3),
            1e-6,
            "[M,M]",
        )
        for ratio, published in known
    ]


def b22() -> list[Row]:
    """Return the rows of diversity, with rough shares of eight groups."""
    shares = np.array([0.42, 0.27, 0.09, 0.09, 0.04, 0.03, 0.02, 0.04])
    army, treatment = np.array([0.6, 0.3, 0.1]), np.array([0.0, 0.5, 1.0])
    memory = "shares [M]"
    return [
        Row("B22", "fractionalisation", 0.73, fractionalisation(shares), TWO_DIGITS, memory),
        close("B22", "polarisation", 0.698432, polarisation(shares), CLOSED, memory),
        close("B22", "military inequality", 0.25, military_inequality(army, treatment), CLOSED),
    ]


def b23() -> list[Row]:
    """Return the rows of tie-down: the density function with its ends equal is the planners' plain rule."""
    force, country, kabul = 75_000.0, 38_000_000.0, 4_500_000.0

    def rule(density: float) -> float:
        return density_needed(0.5, density, density, 0.5, 0.1)

    return [
        close("B23", "holders per 1,000 people", 1.973684, 1000.0 * rule(force / country), CLOSED),
        close("B23", "holders of a country of 38 million at 20 per 1,000", 760_000.0, country * rule(0.02), CLOSED),
        close("B23", "holders of 4.5 million people at 20 per 1,000", 90_000.0, kabul * rule(0.02), CLOSED),
    ]


PEOPLE = {"B06": b06, "B11": b11, "B13": b13, "B14": b14, "B21": b21, "B22": b22, "B23": b23}
