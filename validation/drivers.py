"""Hold the shares of single inputs against toys whose indices are known exactly, and against SALib.

    python validation/drivers.py [data sets] [--write]

1. An additive toy among inputs without effect: P = 1/2 + a sum of five terms, 250 inputs, 2,000 campaigns with one
   outcome each. Exact: the variance of each term over p(1 - p) = 1/4. Mean estimate, how often the 5-95 % interval
   holds the exact share, how often an input without effect is said to be more than chance.
2. Two inputs that act together, for the surrogate's totals and pairs: P = 1/2 + 0.1 z1 z2 + 0.08 (z1 + z2).
3. Ishigami's function, no luck: first-order and total indices of the surrogate and of SALib's Saltelli design against
   the exact ones.
4. The Saltelli design with luck as a factor, on the additive toy.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from record import met, record
from svg import Bar, bars

from fastness.analysis.drivers_design import design, indices, problem_of
from fastness.analysis.shares import Share
from fastness.analysis.surrogate import basis, bootstrap, chance_level, first_order, surrogate

Floats = npt.NDArray[np.float64]
CAMPAIGNS, INPUTS, SEED = 2000, 250, 11
#: first-order and total indices of Ishigami's function with a = 7, b = 0.1 (Saltelli et al. 2008, p. 196)
ISHIGAMI = ((0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437))


class Toy(NamedTuple):
    """Whether a toy's indices are met, and what was found of each, with 5-95 % intervals, beside the exact ones."""

    fine: bool
    rows: list[Bar]


def additive(u: Floats) -> tuple[Floats, Floats]:
    """Return P and the exact shares of the first five inputs."""
    terms = [
        0.25 * (2 * u[:, 0] - 1),  # straight, variance 0.25² / 3
        0.15 * (1 - 3 * (2 * u[:, 1] - 1) ** 2) / 2,  # a hump: a Legendre polynomial, variance 0.15² / 5
        0.08 * np.where(u[:, 2] < 0.3, -np.sqrt(7 / 3), np.sqrt(3 / 7)),  # a fact with chance 0.7, variance 0.08²
        0.05 * np.sqrt(3) * (2 * u[:, 3] - 1),  # variance 0.05²
        0.03 * np.sqrt(3) * (2 * u[:, 4] - 1),  # variance 0.03²
    ]
    variances = np.array([0.25**2 / 3, 0.15**2 / 5, 0.08**2, 0.05**2, 0.03**2])
    return 0.5 + np.sum(terms, axis=0), variances / 0.25


def check(what: str, found: Floats, exact: Floats, tolerance: float) -> bool:
    fine = bool(np.all(np.abs(found - exact) <= tolerance))
    pairs = "  ".join(f"{a:.3f}/{b:.3f}" for a, b in zip(found, exact, strict=True))
    print(f"{'ok  ' if fine else 'FAIL'} {what}: found/exact {pairs} (tolerance {tolerance})")
    return fine


def rows_of(labels: Sequence[str], found: Sequence[Share], exact: Floats) -> list[Bar]:
    """Return rows of the picture."""
    return [
        Bar(label, share.value, share.low, share.high, float(known))
        for label, share, known in zip(labels, found, exact, strict=True)
    ]


def over_sets(found: Sequence[Sequence[float] | Floats]) -> list[Share]:
    """Return the mean over data sets of what each found, with the 5-95 % range of the sets."""
    return [
        Share(float(column.mean()), *(float(end) for end in np.quantile(column, (0.05, 0.95))))
        for column in np.array(found).T
    ]


def additive_toy(sets: int) -> Toy:
    random = np.random.default_rng(SEED)
    found, held, alarms = [], [], 0
    exact = additive(np.full((1, 5), 0.5))[1]
    for _ in range(sets):
        u = random.random((CAMPAIGNS, INPUTS))
        y = (random.random(CAMPAIGNS) < additive(u)[0]).astype(float)
        u[:, 2] = u[:, 2] >= 0.3
        made = basis(u)
        shares, (low, high) = first_order(made, y), bootstrap(made.of(range(5)), y)
        found.append(shares[:5])
        held.append((low <= exact) & (exact <= high))
        alarms += int(shares[5:].max() > chance_level(made, y))
    print(f"{sets} data sets: intervals hold the exact share in {np.round(100 * np.mean(held, axis=0))} % (nominal 90)")
    print(f"an input without effect is said to be more than chance in {alarms} of {sets} data sets (nominal 5 %)")
    fine = check("additive toy", np.mean(found, axis=0), exact, 0.012 / np.sqrt(sets / 10))
    fine &= bool(np.mean(held) > 0.8 and alarms <= 0.05 * sets + 3 * np.sqrt(0.0475 * sets))
    return Toy(fine, rows_of([f"additive, input {k + 1}, mean of {sets}" for k in range(5)], over_sets(found), exact))


def together() -> Toy:
    random = np.random.default_rng(SEED)
    rows = []
    for _ in range(10):
        z = random.uniform(-np.sqrt(3), np.sqrt(3), (CAMPAIGNS, 40))
        y = (random.random(CAMPAIGNS) < 0.5 + 0.1 * z[:, 0] * z[:, 1] + 0.08 * z[:, 0] + 0.08 * z[:, 1]).astype(float)
        found = surrogate(basis(z), y)
        total = dict(zip(found.inputs, found.total, strict=True))
        pair = next((pair for pair in found.pairs if {pair.first, pair.second} == {0, 1}), None)
        rows.append((total[0].value, total[1].value, pair.share.value if pair else 0.0))
    exact = np.array([0.08**2 + 0.1**2, 0.08**2 + 0.1**2, 0.1**2]) / 0.25
    labels = [f"{each}, mean of {len(rows)}" for each in ("pair, total 1", "pair, total 2", "pair, together")]
    fine = check("two inputs together: total, total, pair", np.mean(rows, axis=0), exact, 0.012)
    return Toy(fine, rows_of(labels, over_sets(rows), exact))


def ishigami(u: Floats) -> Floats:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def known_function() -> Toy:
    first, total = np.array(ISHIGAMI).T
    u = np.random.default_rng(SEED).random((CAMPAIGNS, 3))
    y = ishigami(u)
    made = basis(u, 8)
    fitted = surrogate(made, y, strongest=3, together=8)
    alone = [Share(*map(float, each)) for each in zip(first_order(made, y), *bootstrap(made, y), strict=True)]
    totals = [fitted.total[k] for k in np.argsort(fitted.inputs)]
    problem = problem_of(["a", "b", "c", "luck"], ["a", "b", "c", "luck"])
    points, luck = design(problem, 1024)
    found = indices(problem, ishigami(points[:, :3]), np.ones(len(luck), bool), 1024)
    fine, rows = True, list[Bar]()
    for what, shares, exact in (
        ("first order, campaigns", alone, first),
        ("total, surrogate", totals, total),
        ("first order, design", [found[k][0] for k in "abc"], first),
        ("total, design", [found[k][1] for k in "abc"], total),
    ):
        fine &= check(f"Ishigami, {what}", np.array([share.value for share in shares]), exact, 0.04)
        rows += rows_of([f"Ishigami {k}, {what}" for k in "abc"], shares, exact)
    print(f"     the surrogate's fit on points left out: {fitted.fit:.3f}")
    return Toy(fine, rows)


def design_with_luck(rows: int = 4096) -> Toy:
    names = [f"x{k}" for k in range(12)]
    problem = problem_of([*names, "luck"], [*names[:5], *["others"] * 7, "luck"])
    points, luck = design(problem, rows)
    y = (np.random.default_rng(SEED).random(2 * rows)[luck] < additive(points)[0]).astype(float)
    found = indices(problem, y, np.ones(len(y), bool), rows)
    exact = additive(np.full((1, 5), 0.5))[1]
    alone, totals = [found[k][0] for k in names[:5]], [found[k][1] for k in ("luck", "others")]
    fine = check("design with luck, first order", np.array([share.value for share in alone]), exact, 0.04)
    left = np.array([1 - exact.sum(), 0.0])
    what = "design with luck, total of luck and of inputs without effect"
    fine &= check(what, np.array([share.value for share in totals]), left, 0.05)
    labels = [*(f"design with luck, input {k + 1}" for k in range(5)), "design with luck, luck, total"]
    labels.append("design with luck, no effect, total")
    return Toy(fine, rows_of(labels, [*alone, *totals], np.append(exact, left)))


if __name__ == "__main__":
    write = "--write" in sys.argv
    given = [int(word) for word in sys.argv[1:] if word != "--write"]
    sets = given[0] if given else 40
    toys = [additive_toy(sets), together(), known_function(), design_with_luck()]
    met_all = all(toy.fine for toy in toys)
    if write:
        said = f"{sum(toy.fine for toy in toys)} of {len(toys)} toys with known indices are met: additive, pairs, "
        title = "shares found and known exactly"
        axis = "share of the variance, 5-95 %; open circle: exact"
        picture = bars([row for toy in toys for row in toy.rows], title=title, axis=axis, mark=0)
        record("drivers", said + "Ishigami, luck", limit="all of them", verdict=met(met_all), picture=picture)
    sys.exit(0 if met_all else 1)
