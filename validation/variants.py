"""Hold every variant against the base, paired by common random numbers: which questions move beyond the interval.

    python validation/variants.py [campaigns] [--write]

Prints for each variant the two questions that move most: difference in points with its 95 % interval, and the share of
campaigns whose answer flips. A variant that moves nothing says so.
"""

import math
import sys
import tempfile
from pathlib import Path

import numpy as np
from record import met, record
from svg import Bar, bars

from fastness.ensemble import Ensemble, simulate
from fastness.scenario import load

SEED = 7
Z95 = 1.96
#: of each variant the question that it says it bears on and which way (its `why`): more, less, or hardly at all
EXPECTED = {
    "salang-open": ("salang-closed-a-week", -1),
    "salang-blocked": ("salang-closed-a-week", 1),
    "late-assault": ("bazarak-falls-by-december", -1),
    "double-stockpile": ("ammunition-out", -1),
    "early-winter": ("food-out-in-bazarak", 1),
    "anjuman-corridor": ("floor-held-after-winter", 1),
    "khawak-axis-closed": ("bazarak-falls-by-december", -1),
    "weak-besieger": ("bazarak-falls-by-december", -1),
    "weak-defender": ("bazarak-falls-by-december", 1),
    "crush": ("bazarak-falls-by-december", 1),
    "wait": ("assault-before-august-29", -1),
    "wait-early-winter": ("floor-held-after-winter", 1),
    "guarantor-steps-in": ("power-sharing-agreed", 1),
    "patron-opens-corridor": ("state-supplies-arms", 1),
    "harsh-reprisals": ("recruits-driven-in", 1),
    "amnesty-kept": ("recruits-driven-in", -1),
    "unity-message": ("district-lost-outside", 1),
    "hostile-to-pashtuns": ("recruits-driven-in", -1),
    "pilots-found": ("taliban-aircraft-in-combat", 1),
    "no-pilots": ("taliban-aircraft-in-combat", -1),
    "lines-cut": ("district-lost-outside", -1),
    "dostum-joins": ("bazarak-falls-by-december", 0),
    "aircraft-return": ("bazarak-falls-by-december", 0),
    "floor-given-up": ("resistance-persists", 1),
}
SIGNS = {1: "↑", -1: "↓", 0: "≈"}


def run(name: str | None, campaigns: int, folder: Path) -> Ensemble:
    scenario = load("panjshir-2021")
    scenario = scenario.variant(name) if name else scenario
    return simulate(scenario, campaigns=campaigns, seed=SEED, out=folder / (name or "base"))


def paired(base: Ensemble, other: Ensemble) -> list[tuple[str, float, float, float]]:
    """Return (question, difference, half width of its 95 % interval, share flipped), largest difference first."""
    fine = ((base.outcomes["status"] == 0) & (other.outcomes["status"] == 0)).to_numpy()
    rows = []
    for name in base.scenario.questions:
        before = (base.outcomes[name].to_numpy()[fine] >= 0).astype(float)
        after = (other.outcomes[name].to_numpy()[fine] >= 0).astype(float)
        change = after - before
        half = Z95 * change.std(ddof=1) / math.sqrt(len(change))
        rows.append((name, change.mean(), half, float(np.abs(change).mean())))
    return sorted(rows, key=lambda row: -abs(row[1]))


def expected(variant: str, rows: list[tuple[str, float, float, float]]) -> Bar:
    """Return the change of the question that a variant bears on, in points: positive where it goes as expected."""
    question, sign = EXPECTED[variant]
    change, half = next((100 * change, 100 * half) for name, change, half, _ in rows if name == question)
    change *= sign or 1
    return Bar(f"{variant}: {SIGNS[sign]} {question}", change, change - half, change + half)


def main(campaigns: int, *, write: bool = False) -> int:
    moved, drawn = 0, list[Bar]()
    with tempfile.TemporaryDirectory() as scratch:
        base = run(None, campaigns, Path(scratch))
        variants = base.scenario.variants
        for name, variant in variants.items():
            rows = paired(base, run(name, campaigns, Path(scratch)))
            clear = [row for row in rows if abs(row[1]) > row[2]]
            moved += bool(clear)
            drawn.append(expected(name, rows))
            print(f"\n{name}: {variant.title}\n  expected: {variant.why}")
            if not clear:
                print("  moves no question beyond its interval: statistically indistinguishable from the base")
            for question, change, half, flipped in clear[:4]:
                print(f"  {question:32s} {100 * change:+6.1f} points ± {100 * half:.1f}   {100 * flipped:4.1f} % flip")
    print(f"\n{moved} of {len(variants)} variants move at least one question; {campaigns} campaigns each, seed {SEED}")
    if write:
        said = f"{moved} of {len(variants)} variants of panjshir-2021 move at least one question beyond its interval"
        keep(said, drawn, fine=moved == len(variants))
    return 0 if moved == len(variants) else 1


def keep(said: str, drawn: list[Bar], *, fine: bool) -> None:
    """Keep the result for the page of all checks."""
    axis = "change in points, positive: as expected; 95 % intervals"
    picture = bars(drawn, title="paired change of the question each variant bears on", axis=axis, mark=0, left=330)
    record("variants", said, limit="all of them", verdict=met(fine), picture=picture)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word != "--write"]
    sys.exit(main(given[0] if given else 2000, write="--write" in sys.argv))
