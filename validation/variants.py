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

from fastness.ensemble import Ensemble, simulate
from fastness.scenario import load

SEED = 7
Z95 = 1.96


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


def main(campaigns: int, *, write: bool = False) -> int:
    moved = 0
    with tempfile.TemporaryDirectory() as scratch:
        base = run(None, campaigns, Path(scratch))
        variants = base.scenario.variants
        for name, variant in variants.items():
            rows = paired(base, run(name, campaigns, Path(scratch)))
            clear = [row for row in rows if abs(row[1]) > row[2]]
            moved += bool(clear)
            print(f"\n{name}: {variant.title}\n  expected: {variant.why}")
            if not clear:
                print("  moves no question beyond its interval: statistically indistinguishable from the base")
            for question, change, half, flipped in clear[:4]:
                print(f"  {question:32s} {100 * change:+6.1f} points ± {100 * half:.1f}   {100 * flipped:4.1f} % flip")
    print(f"\n{moved} of {len(variants)} variants move at least one question; {campaigns} campaigns each, seed {SEED}")
    if write:
        said = f"{moved} of {len(variants)} variants of panjshir-2021 move at least one question beyond its interval"
        record("variants", said, limit="all of them", verdict=met(moved == len(variants)))
    return 0 if moved == len(variants) else 1


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word != "--write"]
    sys.exit(main(given[0] if given else 2000, write="--write" in sys.argv))
