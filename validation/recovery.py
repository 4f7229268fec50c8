"""Does calibration recover what is known? Histories made up from the table of campaigns, calibrated to in turn.

    python validation/recovery.py PREDICTORS [--table FILE] [--tests 400] [--seed 1] [--write]

PREDICTORS is a file of cases as `fastness calibrate` takes it; the outcomes are made up and no file of outcomes is
opened. The table is that of `fastness calibrate` and is played first if it is not in the cache (10 minutes of one
processor); the tests take one minute. Exits with 1 if the ranks of the true values are not uniform (error rate 1 %
over all parameters and the test of spread together), or if posteriors at twice the power pass as well.
"""

import argparse
import sys
from pathlib import Path

from record import met, record
from svg import Bar, bars

from fastness.history.calibrate import ROWS, SEED, cached_table, table_of
from fastness.history.cases import read_cases
from fastness.history.likelihood import POWER
from fastness.history.recovery import Recovery, recover

#: a power that makes posteriors too narrow; too wide ones would not be noticed, as little is learned
WRONG = (2 * POWER,)


def said(found: Recovery) -> None:
    """Print a table."""
    print(f"{'parameter':24} {'KS p':>7} {'5-95 % holds':>13} {'r(truth, mean)':>15} {'sd left':>8}")
    for row in found.document()["parameters"]:
        numbers = f"{row['p']:7.3f} {row['within_90']:13.2f} {row['correlation']:15.2f} {row['shrinkage']:8.2f}"
        print(f"{row['name']:24} {numbers}")
    print(f"spread of ranks: p = {found.p_spread:.3f}; 5-95 % intervals hold {100 * found.within_90.mean():.1f} %")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("predictors", type=Path)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--tests", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the result for the page of all checks")
    given = parser.parse_args()
    path = given.table or cached_table(given.predictors, ROWS, SEED)
    played = table_of(read_cases(given.predictors).rows, given.predictors, path)
    print(f"{given.tests} made-up histories of {len(played.cases)} cases, table of {len(played.uniforms)} rows\n")
    found, *others = recover(played, given.tests, given.seed, (POWER, *WRONG))
    said(found)
    noticed = [not other.passed for other in others]
    for power, seen in zip(WRONG, noticed, strict=True):
        print(f"likelihood to the power {power:g}: {'noticed' if seen else 'NOT noticed'}")
    good = found.passed and all(noticed)
    print("recovered" if good else "NOT recovered")
    if given.write:
        told = found.document()
        text = f"5–95 % intervals hold the truth in {100 * told['within_90']:.1f} % of {given.tests} histories; "
        text += f"smallest p of uniform ranks {found.p_values.min():.3f} of {len(found.names)}, of their spread "
        text += f"{found.p_spread:.3f}; wrong likelihoods {'are noticed' if all(noticed) else 'pass unnoticed'}"
        limit = "ranks uniform at 1 % over all parameters, wrong likelihoods noticed"
        rows = [Bar(row["name"], row["within_90"]) for row in told["parameters"]]
        drawn = bars(rows, title="share of histories whose 5-95 % interval holds the truth", axis="share", mark=0.9)
        record("recovery", text, limit=limit, verdict=met(good), picture=drawn)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
