"""The validation page of the benchmarks: every number with a known answer, what the kernel computes, the verdict."""

from collections.abc import Sequence
from pathlib import Path

from benchmark_rows import Row
from record import met, record
from svg import Bar, bars

#: rows of the picture, and letters of their names
DRAWN, NAMED = 12, 38
PAGE = Path(__file__).parents[1] / "docs" / "validation" / "benchmarks.md"
INTRO = """# Benchmarks

Written by `python validation/benchmarks.py --write`. {passing} of {total} pass; seed of the random checks {seed}.

Components with known answers, computed by the functions that the kernel itself calls. The tolerance is absolute: a part
of the value for closed forms and integrations, three standard errors for random checks, the last printed digit for
rounded tables. The last column says where the equation or the number was quoted from memory ([M], with high, medium or
low confidence: H, M, L) and not from a copy of its source: the check then shows that the code does what is written,
and not that the literature says so.

"""
HEAD = ("id", "what", "value", "computed", "tolerance", "verdict", "equation quoted from memory")


def page(rows: Sequence[Row], seed: int) -> str:
    """Return the page of the documentation."""
    passing = sum(row.passes for row in rows)
    lines = [HEAD, ["---"] * len(HEAD), *(cells(row) for row in rows)]
    table = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    return INTRO.format(passing=passing, total=len(rows), seed=seed) + table


def picture(rows: Sequence[Row]) -> str:
    """Draw the numbers that come nearest to missing: their errors in tolerances."""
    errors = [Bar(f"{row.id} {row.what}"[:NAMED], (row.computed - row.published) / row.tolerance)
              for row in rows if row.tolerance > 0]  # fmt: skip
    nearest = sorted(errors, key=lambda bar: -abs(bar.value))[:DRAWN]
    return bars([*nearest, Bar("limits", -1.0, beside=1.0)], title="errors in tolerances", axis="error / tolerance")


def cells(row: Row) -> list[str]:
    """Return one row of the table."""
    verdict = "pass" if row.passes else "**FAIL**"
    numbers = [f"{row.published:.7g}", f"{row.computed:.7g}", f"{row.tolerance:.2g}"]
    return [row.id, row.what.replace("|", "\\|"), *numbers, verdict, row.quoted]


def write(rows: Sequence[Row], seed: int) -> None:
    """Write the page, and keep the result for the page of all checks."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(rows, seed), encoding="utf-8")
    passing = sum(row.passes for row in rows)
    said = f"{passing} of {len(rows)} numbers with known answers, B01 to B26, are met"
    record("benchmarks", said, limit="all of them", verdict=met(passing == len(rows)), picture=picture(rows))
