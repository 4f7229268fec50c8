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

import numpy as np
import numpy.typing as npt
from record import met, record

from fastness.analysis.drivers_design import design, indices, problem_of
from fastness.analysis.surrogate import basis, bootstrap, chance_level, first_order, surrogate

Floats = npt.NDArray[np.float64]
CAMPAIGNS, INPUTS, SEED = 2000, 250, 11
#: first-order and total indices of Ishigami's function with a = 7, b = 0.1 (Saltelli et al. 2008, p. 196)
ISHIGAMI = ((0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437))


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


def additive_toy(sets: int) -> bool:
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
    return fine and np.mean(held) > 0.8 and alarms <= 0.05 * sets + 3 * np.sqrt(0.0475 * sets)


def together() -> bool:
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
    return check("two inputs together: total, total, pair", np.mean(rows, axis=0), exact, 0.012)


def ishigami(u: Floats) -> Floats:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def known_function() -> bool:
    first, total = np.array(ISHIGAMI).T
    u = np.random.default_rng(SEED).random((CAMPAIGNS, 3))
    made = basis(u, 8)
    fitted = surrogate(made, ishigami(u), strongest=3, together=8)
    order = np.argsort(fitted.inputs)
    fine = check("Ishigami, first order, campaigns", first_order(made, ishigami(u)), first, 0.04)
    fine &= check("Ishigami, total, surrogate", np.array([share.value for share in fitted.total])[order], total, 0.04)
    print(f"     its fit on points left out: {fitted.fit:.3f}")
    problem = problem_of(["a", "b", "c", "luck"], ["a", "b", "c", "luck"])
    points, luck = design(problem, 1024)
    found = indices(problem, ishigami(points[:, :3]), np.ones(len(luck), bool), 1024)
    fine &= check("Ishigami, first order, design", np.array([found[k][0].value for k in "abc"]), first, 0.04)
    return fine & check("Ishigami, total, design", np.array([found[k][1].value for k in "abc"]), total, 0.04)


def design_with_luck(rows: int = 4096) -> bool:
    names = [f"x{k}" for k in range(12)]
    problem = problem_of([*names, "luck"], [*names[:5], *["others"] * 7, "luck"])
    points, luck = design(problem, rows)
    y = (np.random.default_rng(SEED).random(2 * rows)[luck] < additive(points)[0]).astype(float)
    found = indices(problem, y, np.ones(len(y), bool), rows)
    exact = additive(np.full((1, 5), 0.5))[1]
    fine = check("design with luck, first order", np.array([found[k][0].value for k in names[:5]]), exact, 0.04)
    left = np.array([1 - exact.sum(), 0.0])
    return fine & check(
        "design with luck, total of luck and of inputs without effect",
        np.array([found["luck"][1].value, found["others"][1].value]), left, 0.05,
    )  # fmt: skip


if __name__ == "__main__":
    write = "--write" in sys.argv
    given = [int(word) for word in sys.argv[1:] if word != "--write"]
    sets = given[0] if given else 40
    results = [additive_toy(sets), together(), known_function(), design_with_luck()]
    if write:
        said = f"{sum(results)} of {len(results)} toys with known indices are met: additive, pairs, Ishigami, luck"
        record("drivers", said, limit="all of them", verdict=met(all(results)))
    sys.exit(0 if all(results) else 1)
