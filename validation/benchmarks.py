"""Components with known answers: the kernel's own functions against closed forms and exact recursions.

    python validation/benchmarks.py [--write]

Prints one table: id, what, published value, computed value, tolerance, verdict. Published values are those of the
project's benchmark list; the last column says where the equation itself was quoted from memory and not from a copy of
the source. Random checks use the seed below and pass within three standard errors. `--write` writes the same table to
docs/validation/benchmarks.md.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from benchmark_page import write
from benchmark_rows import CLOSED, ODE, SEED, SHARES, Row, chance, close
from benchmarks_evidence import EVIDENCE
from benchmarks_people import PEOPLE
from event_sizes import alpha_continuous, alpha_whole, stationary_sizes
from medians import medians
from networks import network

from fastness.kernel.attrition import attrition_rate, attrition_step, next_loss
from fastness.kernel.bargain import bargaining_range, commitment_problem
from fastness.kernel.flow import NOT_REACHED, max_flow
from fastness.kernel.jit import kernel
from fastness.kernel.march import naismith_hours, tobler_speed
from fastness.kernel.mixed import mixed_rates, mixed_step
from fastness.kernel.risks import weibull_quantile, which_ends
from fastness.kernel.season import first_harmonic, season_multiplier
from fastness.kernel.stocks import draw_down, endurance_days, food_need_t, truckloads
from fastness.kernel.streams import Stream, normal, uniform
from fastness.kernel.threshold import threshold_share, tipping_mean

#: the months are published to two digits, their wave from unrounded ones
TWO_DIGITS = 5e-3


@dataclass(frozen=True)
class Law:
    """Coefficient and exponents of the losses of one force."""

    coefficient: float
    own: float
    enemy: float


def forces_after(x: float, y: float, law_x: Law, law_y: Law, days: float, dt: float) -> tuple[float, float]:
    """Return both forces after some days of the kernel's attrition step."""
    for _ in range(round(days / dt)):
        x, y = attrition_step(
            x, y, law_x.coefficient, law_x.own, law_x.enemy, law_y.coefficient, law_y.own, law_y.enemy, dt
        )
    return x, y


def fight_out(x: float, y: float, law_x: Law, law_y: Law, dt: float) -> tuple[float, float]:
    """Return what the winner keeps and when the loser is gone, the last step in proportion."""
    time = 0.0
    while True:
        before_x, before_y = x, y
        x, y = forces_after(x, y, law_x, law_y, dt, dt)
        if min(x, y) <= 0.0:
            winner, before, law = (before_x, before_y, law_y) if y <= 0.0 else (before_y, before_x, law_x)
            return max(x, y), time + before / attrition_rate(law.coefficient, before, winner, law.own, law.enemy)
        time += dt


def order(exact: float, solve: Callable[[float], float], coarse: float) -> float:
    """Return the observed order of convergence when the step is halved."""
    return math.log2(abs(solve(coarse) - exact) / abs(solve(coarse / 2.0) - exact))


def b01() -> list[Row]:
    """Return the square law's rows."""
    law = Law(0.05, 0.0, 1.0)
    kept, days = fight_out(2000.0, 1000.0, law, law, 0.01)
    exact = 2000.0 * math.cosh(0.25) - 1000.0 * math.sinh(0.25)
    seen = order(exact, lambda dt: forces_after(2000.0, 1000.0, law, law, 5.0, dt)[0], 0.5)
    x, y = forces_after(1000.0, 2000.0, Law(0.02, 0.0, 1.0), Law(0.08, 0.0, 1.0), 50.0, 0.01)
    return [
        close("B01", "square law: winner keeps", 1732.0508075688772, kept, ODE),
        close("B01", "square law: days to the end", 10.986122886681095, days, ODE),
        Row("B01", "square law: order of convergence", 2.0, seen, 0.2),
        Row("B01", "square law at parity: (b x² - a y²)/(b x₀²)", 0.0, (0.08 * x * x - 0.02 * y * y) / 8e4, ODE),
    ]


def b02() -> list[Row]:
    """Return the linear law's rows."""
    law = Law(1e-5, 1.0, 1.0)
    x, y = forces_after(2000.0, 1000.0, law, law, 100.0, 0.01)
    seen = order(1225.399673560564, lambda dt: forces_after(2000.0, 1000.0, law, law, 100.0, dt)[0], 10.0)
    return [
        close("B02", "linear law: x after 100 days", 1225.399673560564, x, ODE),
        close("B02", "linear law: y after 100 days", 225.39967356056405, y, ODE),
        Row("B02", "linear law: order of convergence", 2.0, seen, 0.2),
    ]


def guerrilla_war(
    c: float, r: float, people: float, alpha: float, beta: float, mu: float, days: float, dt: float
) -> tuple[float, float]:
    """Return regulars and guerrillas after some days of the kernel's mixed law, without recruits."""
    for _ in range(round(days / dt)):
        c, r, _ = mixed_step(c, r, people, alpha, beta, mu, 0.0, people, dt)
    return c, r


def guerrilla_war_to(
    least: float, c: float, r: float, people: float, alpha: float, beta: float, mu: float, dt: float
) -> tuple[float, float, float]:
    """Return both sides and the day when the first is down to `least`, the last step in proportion."""
    days = 0.0
    while True:
        next_c, next_r, _ = mixed_step(c, r, people, alpha, beta, mu, 0.0, people, dt)
        if min(next_c, next_r) <= least:
            part = (c - least) / (c - next_c) if next_c <= least else (r - least) / (r - next_r)
            return c + part * (next_c - c), r + part * (next_r - r), days + part * dt
        c, r, days = next_c, next_r, days + dt


def b03() -> list[Row]:
    """Return the guerrilla law's rows: the mixed law with no fire aimed, beta P = 0.2 among P = 100,000."""
    people, alpha, beta = 1e5, 0.02, 0.2
    c, r = guerrilla_war(10000.0, 5000.0, people, alpha, beta, 0.0, 100.0, 0.01)
    seen = order(5000.0, lambda dt: guerrilla_war(10000.0, 5000.0, people, alpha, beta, 0.0, 100.0, dt)[0], 10.0)
    won = guerrilla_war(10000.0, 4000.0, people, alpha, beta, 0.0, 3000.0, 0.05)[0]
    _, lost, days = guerrilla_war_to(0.0, 10000.0, 6000.0, people, alpha, beta, 0.0, 0.01)
    memory = "[M,H]"
    return [
        close("B03", "Deitchman at parity: regulars after 100 days", 5000.0, c, ODE, memory),
        close("B03", "Deitchman at parity: guerrillas after 100 days", 1250.0, r, ODE, memory),
        close("B03", "Deitchman, 4,000 guerrillas: regulars left", 4472.13595499958, won, ODE, memory),
        close("B03", "Deitchman, 6,000 guerrillas: guerrillas left", 1000.0, lost, ODE, memory),
        close("B03", "Deitchman, 6,000 guerrillas: days to the end", 257.206400497376, days, ODE, memory),
        Row("B03", "Deitchman: order of convergence", 2.0, seen, 0.2, memory),
    ]


def parity_force(r: float, people: float, mu: float) -> float:
    """Return F(R) = R/k - mu/k^2 ln(1 + k R/mu), k = (1 - mu)/P: beta C^2/2 = alpha F(R) at parity."""
    k = (1.0 - mu) / people
    if k * r < 1e-3 * mu:  # the two terms cancel: use the series
        u = k * r / mu
        return r * r / mu * (1.0 / 2.0 - u / 3.0 + u * u / 4.0 - u * u * u / 5.0)
    return r / k - (mu / (k * k) * math.log1p(k * r / mu) if mu > 0.0 else 0.0)


def b04() -> list[Row]:
    """Return the rows of the mixed law at and beside parity, alpha = beta = 0.05, 5,000 guerrillas among 100,000."""
    people, rate, r0, memory = 1e5, 0.05, 5000.0, "[M; parity derived]"
    rows = []
    for mu, parity in ((0.0, 31622.8), (0.01, 25420.1), (0.1, 13916.5), (0.5, 6956.5), (1.0, 5000.0)):
        force = math.sqrt(2.0 * parity_force(r0, people, mu))
        rows.append(Row("B04", f"parity force at mu = {mu:g}", parity, force, 0.06, memory))
        c, r = guerrilla_war(force, r0, people, rate, rate, mu, 30.0, 0.01)
        kept = (c * c / 2.0 - parity_force(r, people, mu)) / (force * force / 2.0)
        rows.append(Row("B04", f"invariant after 30 days at mu = {mu:g}", 0.0, kept, ODE, memory))
    force = math.sqrt(2.0 * parity_force(r0, people, 0.1))
    above = guerrilla_war_to(1.0, 1.05 * force, r0, people, rate, rate, 0.1, 0.01)[0]
    below = guerrilla_war_to(1.0, 0.95 * force, r0, people, rate, rate, 0.1, 0.01)[1]
    return [
        *rows,
        close("B04", "5 % above parity at mu = 0.1: regulars left", 4455.5, above, ODE, memory),
        close("B04", "5 % below parity at mu = 0.1: guerrillas left", 1431.4, below, ODE, memory),
    ]


def b05() -> list[Row]:
    """Return the rows of recruits from stray fire without a ceiling: where guerrillas settle, when they can die out."""
    people, mu, theta, memory = 1e5, 0.3, 0.8, "[M,M]"
    rows = []
    for start in (100.0, 60000.0):
        r = start
        for _ in range(4000):
            _, r, _ = mixed_step(1e4, r, people, 0.0, 1.0, mu, theta, math.inf, 0.1)
        rows.append(close("B05", f"guerrillas settle at, from {start:,.0f}", 20634.92063492063, r, CLOSED, memory))
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        grows = mixed_rates(1e4, 1e-6, people, 0.0, 1.0, middle, theta, math.inf)[1] < 0.0
        low, high = (middle, high) if grows else (low, middle)
    return [*rows, close("B05", "least mu with which they can die out", 0.4444444444444444, low, CLOSED, memory)]


@kernel
def ruin(stream: Stream, trial: int, stake: int, goal: int, p: float) -> tuple[bool, int]:
    """Play rounds decided by the jump chain, one unit each, until all is won or lost."""
    rounds = 0
    while 0 < stake < goal:
        _, loses = next_loss(1.0 - p, p, 0.5, uniform(stream, trial, rounds))
        stake += -1 if loses else 1
        rounds += 1
    return stake == goal, rounds


def b07() -> list[Row]:
    """Return the gambler's ruin rows."""
    stream, trials = Stream(SEED, 0, 7, 0), 4000
    biased = [ruin(stream, trial, 30, 60, 0.52) for trial in range(trials)]
    fair = [ruin(stream, trials + trial, 20, 100, 0.5) for trial in range(trials)]
    rows = []
    known = (("p = 0.52", biased, 0.9169249515517628, 625.3874273276435), ("fair", fair, 0.2, 1600.0))
    for what, played, wins, rounds in known:
        lengths = np.array([length for _, length in played])
        rows.append(chance("B07", f"gambler's ruin, {what}: P(win)", wins, sum(won for won, _ in played), trials))
        error = 3.0 * float(lengths.std()) / math.sqrt(trials)
        rows.append(Row("B07", f"gambler's ruin, {what}: rounds", rounds, float(lengths.mean()), error))
    return rows


@kernel
def duel(stream: Stream, trial: int, x: int, y: int, share_x: float, power: float) -> bool:
    """Play single losses until one force is gone; rates share enemy^power. Return whether x wins."""
    draw = 0
    while x > 0 and y > 0:
        rate_x = attrition_rate(share_x, float(x), float(y), 0.0, power)
        rate_y = attrition_rate(1.0 - share_x, float(y), float(x), 0.0, power)
        _, x_loses = next_loss(rate_x, rate_y, 0.5, uniform(stream, trial, draw))
        if x_loses:
            x -= 1
        else:
            y -= 1
        draw += 1
    return x > 0


def duels(id: str, law: str, power: float, cases: tuple[tuple[int, int, float, float], ...]) -> list[Row]:
    """Return the shares of single-loss fights that x wins: men of x and y, share of losses on x, published chance."""
    trials, rows = 20000, []
    for number, (x, y, share_x, published) in enumerate(cases):
        stream = Stream(SEED, int(power), 8, number)
        wins = sum(duel(stream, trial, x, y, share_x, power) for trial in range(trials))
        rows.append(chance(id, f"stochastic {law} law, {x} v {y}: P(x wins)", published, wins, trials))
    return rows


def b08() -> list[Row]:
    """Return the rows of single losses under the linear law: y loses with p = 0.5 and 0.55."""
    return duels("B08", "linear", 0.0, ((10, 8, 0.5, 0.6854705810546875), (20, 20, 0.45, 0.735684967742508)))


def b08b() -> list[Row]:
    """Return the rows of single losses under the square law at equal rates."""
    return duels("B08b", "square", 1.0, ((10, 8, 0.5, 0.7913584466510833), (10, 5, 0.5, 0.9878385794551263)))


PLACES = ("S", "Gate", "Andarab", "Badakhshan", "Lower", "Khawak", "Upper", "Anjuman", "T")
ARCS = (
    ("S", "Gate", 120), ("S", "Andarab", 40), ("S", "Badakhshan", 30), ("Gate", "Lower", 100),
    ("Andarab", "Khawak", 25), ("Khawak", "Upper", 15), ("Badakhshan", "Anjuman", 20), ("Anjuman", "Upper", 10),
    ("Upper", "Lower", 60), ("Lower", "T", 90), ("Upper", "T", 35),
)  # fmt: skip


def supplied(*closed: str) -> tuple[float, set[str]]:
    """Return the largest flow with some places closed, and the arcs of the smallest cut."""
    ends = [(PLACES.index(a), PLACES.index(b)) for a, b, _ in ARCS]
    capacity = [0.0 if {a, b} & set(closed) else float(t) for a, b, t in ARCS]
    arc, node = network(len(PLACES), ends, capacity)
    total = max_flow(arc, node, 0, len(PLACES) - 1)
    inside = [node[n].level == NOT_REACHED for n in range(len(PLACES))]
    cut = {f"{a}→{b}" for (a, b, _), (i, j) in zip(ARCS, ends, strict=True) if inside[i] and not inside[j]}
    return total, cut


def b09() -> list[Row]:
    """Return the flow rows: all open, both passes snowed in, passes and gate closed."""
    total, cut = supplied()
    found = len(cut ^ {"Lower→T", "Khawak→Upper", "Anjuman→Upper"})
    return [
        Row("B09", "largest flow, all open, t/day", 115.0, total, CLOSED),
        Row("B09", "arcs that differ from the published smallest cut", 0.0, float(found), 0.0),
        Row("B09", "passes snowed in, t/day", 90.0, supplied("Khawak", "Anjuman")[0], CLOSED),
        Row("B09", "passes and gate closed, t/day", 0.0, supplied("Khawak", "Anjuman", "Gate")[0], CLOSED),
    ]


def joined(thresholds: list[float]) -> float:
    """Return how many join in the end, each when as many have as its threshold says."""
    x = -1.0
    after = 0.0
    while after > x:
        x = after
        after = sum(threshold_share(x, threshold, 0.0) for threshold in thresholds)
    return x


def settled(mean: float, sd: float) -> float:
    """Return the share at which x = F(x) settles from 0."""
    x = 0.0
    for _ in range(5000):
        x = threshold_share(x, mean, sd)
    return x


def b10() -> list[Row]:
    """Return the cascade rows."""
    ladder = [float(k) for k in range(100)]
    low, high = 0.05, 0.3
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if tipping_mean(middle) < 0.25 else (low, middle)
    return [
        Row("B10", "thresholds 0 to 99: join", 100.0, joined(ladder), 0.0),
        Row("B10", "threshold 1 is 2: join", 1.0, joined([2.0 if k == 1.0 else k for k in ladder]), 0.0),
        Row("B10", "normal, mean 0.25: sd at which it runs through", 0.12222, low, 5e-6),
        Row("B10", "share at sd 0.12", 0.0402, settled(0.25, 0.12), 5e-5),
        Row("B10", "share at sd 0.13", 1.0, settled(0.25, 0.13), 0.03),
    ]


def b12() -> list[Row]:
    """Return the power-law rows: facts of alpha = 2.5 seen by the fit, and the exponent that bands settle at."""
    trials, stream = 40000, Stream(SEED, 0, 12, 0)
    sizes = np.array([math.pow(uniform(stream, k, 0), -1.0 / 1.5) for k in range(trials)])
    alpha, error = alpha_continuous(sizes, 1.0)
    few = alpha_continuous(sizes[:1000], 1.0)
    bands = stationary_sizes(1000, 0.05, 400, 500, SEED)
    published = "[V] 2.5"
    return [
        Row("B12", "fitted exponent of 40,000 sizes", 2.5, alpha, 3.0 * error),
        Row("B12", "its standard error with 1,000", 0.0474, few[1], 3.0 * 0.0474 * 0.0316),
        chance("B12", "share of sizes of at least 100", 0.001, int((sizes >= 100.0).sum()), trials),
        chance("B12", "share of sizes up to the median", 0.5, int((sizes <= 1.5874010519681994).sum()), trials),
        Row("B12", "exponent of bands of 3 units or more of 1,000", 2.5, alpha_whole(bands, 3)[0], 0.2, published),
    ]


@kernel
def noisy_stock(stream: Stream, trial: int, stock: float, drift: float, sd: float, dt: float, days: float) -> float:
    """Return the day on which a stock with a random balance first cannot meet the use, or -1 within `days`."""
    steps = int(days / dt)
    for step in range(steps):
        balance = drift * dt + sd * math.sqrt(dt) * normal(stream, trial, step)
        stock, used = draw_down(stock, max(balance, 0.0), max(-balance, 0.0))
        if used < -balance:
            return (step + 1) * dt
    return -1.0


#: a walk looked at in steps meets a barrier as if it stood farther off by this many step deviations (Siegmund 1979)
SIEGMUND = 0.5825971579390106


def b15() -> list[Row]:
    """Return the endurance rows; the noisy ones allow for looking at the stock in steps only."""
    trials, fine, wide = 10000, 0.05, 0.25
    lasts = endurance_days(3000.0, 20.0, 104.0, 1e4)
    ends = np.array([noisy_stock(Stream(SEED, 0, 15, 0), k, 3000.0, -84.0, 40.0, fine, 100.0) for k in range(trials)])
    mean = float(ends.mean()) - SIEGMUND * 40.0 * math.sqrt(fine) / 84.0
    sd = float(ends.std())
    lost = sum(noisy_stock(Stream(SEED, 0, 15, 1), k, 300.0, 5.0, 40.0, wide, 1500.0) >= 0.0 for k in range(trials))
    nearer = math.exp(2.0 * 5.0 * SIEGMUND * 40.0 * math.sqrt(wide) / 1600.0)
    ruin = 0.15335496684492847
    error = 3.0 * math.sqrt(ruin * (1.0 - ruin) / trials) * nearer
    return [
        close("B15", "days of 3,000 t, use 104, in 20", 35.714285714285715, lasts, CLOSED),
        Row("B15", "noisy balance: mean days", 35.714285714285715, mean, 3.0 * sd / math.sqrt(trials)),
        Row("B15", "noisy balance: sd of days", 2.8457824031771275, sd, 3.0 * sd / math.sqrt(2.0 * trials)),
        Row("B15", "P(ever used up), balance +5 ± 40 t, 300 t", ruin, lost / trials * nearer, error),
    ]


def b16() -> list[Row]:
    """Return the bargaining rows: p = 0.6, costs 0.1 and 0.15."""
    low, high = bargaining_range(0.6, 0.1, 0.15)
    war = sum(commitment_problem(shift, 0.1, 0.15) for shift in (0.3, 0.2))
    return [
        close("B16", "bargaining range: least share of A", 0.5, low, CLOSED),
        close("B16", "bargaining range: largest share of A", 0.75, high, CLOSED),
        close("B16", "shift of 0.3 means war, of 0.2 does not", 1.0, float(war), CLOSED),
    ]


def b18() -> list[Row]:
    """Return the marching rows."""
    par = medians("march")
    speeds = {0.0: 5.036742124615245, 0.1: 3.54933218620089, 0.3: 1.7625462019411973, -0.05: 6.0}
    rows = [
        close("B18", f"Tobler at slope {slope:g}, km/h", speed, tobler_speed(slope, par), CLOSED)
        for slope, speed in speeds.items()
    ]
    hours = naismith_hours(20.0, 1000.0, par)
    return [*rows, close("B18", "Naismith, 20 km and 1,000 m up, h", 5.666666666666667, hours, CLOSED)]


def b20() -> list[Row]:
    """Return the competing-risk rows: exact over a grid of uniforms, and day by day at random."""
    hazards = (0.02, 0.005)
    grid = [which_ends(hazards, 30.0, (k + 0.5) / 100000) for k in range(100000)]
    trials, ended = 4000, [0, 0]
    for trial in range(trials):
        for day in range(30):
            cause = which_ends(hazards, 1.0, uniform(Stream(SEED, 0, 20, day), trial, 0))
            if cause >= 0:
                ended[cause] += 1
                break
    return [
        Row("B20", "two hazards, 30 days: P(first ends it)", 0.4221067578071882, grid.count(0) / 1e5, 2e-5),
        Row("B20", "two hazards, 30 days: P(neither)", 0.4723665527410147, grid.count(-1) / 1e5, 2e-5),
        chance("B20", "the same day by day: P(first ends it)", 0.4221067578071882, ended[0], trials),
        close("B20", "Weibull median, days", 59.23901129521337, weibull_quantile(0.5, 100.0, 0.7), CLOSED),
    ]


def b24() -> list[Row]:
    """Return the food-lift rows."""
    memory = "ration [M,H]"
    rows = []
    for people, tonnes, trucks in ((172895.0, 103.737, 6.9158), (250000.0, 150.0, 10.0)):
        need = food_need_t(people, 0.6)
        rows.append(close("B24", f"food for {people:,.0f} people, t/day", tonnes, need, CLOSED, memory))
        rows.append(close("B24", f"lorries of 15 t for {people:,.0f}", trucks, truckloads(need, 15.0), CLOSED, memory))
    return rows


def b26() -> list[Row]:
    """Return the season rows: the published months, unstretched, against the published quarters."""
    plain = medians("season")
    par = plain._replace(season_amplitude=first_harmonic(plain))
    months = [season_multiplier(month, par) for month in range(1, 13)]
    memory = "months [M,H]"
    rows = [Row("B26", "sum of monthly multipliers", 12.0, sum(months), CLOSED, memory)]
    for quarter, share in enumerate((0.188, 0.272, 0.337, 0.203)):
        computed = sum(months[3 * quarter : 3 * quarter + 3]) / 12.0
        rows.append(Row("B26", f"share of quarter {quarter + 1}", share, computed, SHARES, memory))
    rows.append(
        Row("B26", "amplitude of the yearly wave", 0.3967340080274808, first_harmonic(plain), TWO_DIGITS, memory)
    )
    return rows


CHECKS = {
    "B01": b01, "B02": b02, "B03": b03, "B04": b04, "B05": b05, "B07": b07, "B08": b08, "B08b": b08b, "B09": b09,
    "B10": b10, "B12": b12, "B15": b15, "B16": b16, "B18": b18, "B20": b20, "B24": b24, "B26": b26, **PEOPLE,
    **EVIDENCE,
}  # fmt: skip


def main() -> int:
    """Print the table; return 1 if anything fails."""
    rows = [row for check in CHECKS.values() for row in check()]
    print(f"{'id':6}{'what':50}{'published':>14}{'computed':>14}{'tolerance':>11}  {'verdict':8}equation from memory")
    for row in rows:
        verdict = "pass" if row.passes else "FAIL"
        numbers = f"{row.published:14.6f}{row.computed:14.6f}{row.tolerance:11.2g}"
        print(f"{row.id:6}{row.what:50}{numbers}  {verdict:8}{row.quoted}")
    if "--write" in sys.argv:
        write(rows, SEED)
    failed = sum(not row.passes for row in rows)
    print(f"\n{len(rows) - failed} of {len(rows)} pass. Seed of the random checks: {SEED}; three standard errors each.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
