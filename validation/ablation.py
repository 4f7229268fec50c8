"""Switch off each process of the day in turn, same seeds: what it changes, and whether it is alive.

    python validation/ablation.py [campaigns] [--scenario ID ...] [--write]

Runs every scenario of the library whole and once without each process, paired by common random numbers. Prints for each
process and scenario the paired change of every question in points with its 95 % interval; `--write` writes the same as
`docs/validation/ablation.md`. Exits with 1 if a process changes nothing anywhere: it is then not alive.

A change is called clear when it lies beyond its interval widened for all the comparisons made (Bonferroni), so that
with no effect at all one table in twenty shows one clear change. A process may change campaigns without moving a
question: the share of campaigns whose outcomes (questions or siege clocks) differ at all is given as well.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
from record import met, record
from svg import Bar, bars

from fastness.ensemble import Ensemble, simulate
from fastness.kernel.day import ALWAYS, DAY
from fastness.scenario import load
from fastness.scenario.library import library

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validation" / "ablation.md"
SEED = 7
CAMPAIGNS = 1000
Z95 = NormalDist().inv_cdf(0.975)
ERROR = 0.05


@dataclass(frozen=True)
class Change:
    """How one question moves when a process is switched off: in points, half its 95 % interval, share that flips."""

    question: str
    points: float
    half: float
    flipped: float

    def is_clear(self, comparisons: int) -> bool:
        """Whether the change lies beyond the interval that holds for so many comparisons at once."""
        return abs(self.points) > self.half * NormalDist().inv_cdf(1 - ERROR / (2 * comparisons)) / Z95


@dataclass(frozen=True)
class Ablation:
    """One process switched off in one scenario."""

    scenario: str
    process: str
    changes: tuple[Change, ...]
    differing: float
    failed: int


def switched() -> list[str]:
    """Return the names of the processes that can be switched off, in the order of the day."""
    return [process.__name__ for process in DAY if process.__name__ not in ALWAYS]


def ablations(name: str, campaigns: int, scratch: Path) -> Iterator[Ablation]:
    """Run one scenario whole and without each process in turn."""
    scenario = load(name)

    def run(folder: str, without: tuple[str, ...]) -> Ensemble:
        return simulate(scenario, campaigns=campaigns, seed=SEED, out=scratch / name / folder, without=without)

    base = run("whole", ())
    for process in switched():
        yield compared(name, process, base, run(process, (process,)))


def compared(name: str, process: str, base: Ensemble, other: Ensemble) -> Ablation:
    """Compare a run with its whole twin, campaign by campaign."""
    before, after = base.outcomes, other.outcomes
    fine = ((before["status"] == 0) & (after["status"] == 0)).to_numpy()
    changes = []
    for question in base.scenario.questions:
        yes, no = before[question].to_numpy()[fine] >= 0, after[question].to_numpy()[fine] >= 0
        changes.append(change(question, yes, no))
    told = [column for column in before.columns if column not in ("campaign", "status", "failed_day")]
    differs = (before[told].to_numpy()[fine] != after[told].to_numpy()[fine]).any(axis=1)
    return Ablation(name, process, tuple(changes), float(differs.mean()), int((after["status"] != 0).sum()))


def change(question: str, before: np.ndarray, after: np.ndarray) -> Change:
    """Return the paired change of a yes or no; where nothing differs, the error is that of one campaign that did."""
    moved = after.astype(float) - before.astype(float)
    n = len(moved)
    error = max(float(moved.std(ddof=1)), 1 / math.sqrt(n)) / math.sqrt(n)
    return Change(question, 100 * float(moved.mean()), 100 * Z95 * error, float(np.abs(moved).mean()))


def table(rows: Sequence[Ablation], scenario: str) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of one scenario's table: a question a row, a process a column; clear changes in bold."""
    here = [row for row in rows if row.scenario == scenario]
    comparisons = sum(len(row.changes) for row in rows)
    lines = []
    for number, first in enumerate(here[0].changes):
        cells = []
        for row in here:
            moved = row.changes[number]
            text = f"{moved.points:+.1f} ± {moved.half:.1f}" if moved.flipped else "0"
            cells.append(f"**{text}**" if moved.is_clear(comparisons) else text)
        lines.append([first.question, *cells])
    lines.append(["*campaigns that differ*", *(f"{row.differing:.0%}" for row in here)])
    return ["question", *(row.process for row in here)], lines


def summary(rows: Sequence[Ablation]) -> list[list[str]]:
    """Return one row per process: its clear changes by scenario, the largest, and whether it is alive."""
    comparisons = sum(len(row.changes) for row in rows)
    lines = []
    for process in dict.fromkeys(row.process for row in rows):
        mine = [row for row in rows if row.process == process]
        clear = [(row.scenario, each) for row in mine for each in row.changes if each.is_clear(comparisons)]
        differing = ", ".join(f"{row.scenario} {row.differing:.0%}" for row in mine if row.differing)
        scenario, most = max(clear, key=lambda pair: abs(pair[1].points), default=("", None))
        largest = f"{most.question} ({scenario}) {most.points:+.1f} ± {most.half:.1f}" if most else "none"
        lines.append([process, str(len(clear)), largest, differing or "nothing", "yes" if differing else "NO"])
    return lines


def picture(rows: Sequence[Ablation]) -> str:
    """Draw for each process the question that it moves most, in points, with its 95 % interval."""
    most = {}
    for row in rows:
        for each in row.changes:
            if row.process not in most or abs(each.points) > abs(most[row.process].points):
                most[row.process] = each
    drawn = [Bar(name, each.points, each.points - each.half, each.points + each.half) for name, each in most.items()]
    return bars(drawn, title="largest change without a process", axis="points, without less with it", mark=0.0)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(head), ["---"] * len(head), *(list(row) for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


HEAD = ("process", "clear changes", "largest, in points", "campaigns that differ", "alive")


INTRO = """# Ablation: each process switched off in turn

Written by `python validation/ablation.py {campaigns} --write`: {campaigns} campaigns each, seed {seed}.

The same seeds with and without a process, so that campaigns pair: change of the probability in points when the process
is *switched off*, with its 95 % interval. Bold, or a clear change: beyond the interval widened for all {comparisons}
comparisons on this page (Bonferroni). 0: no campaign answers otherwise. A process without which no campaign of any
scenario changes would be dead weight. One that changes campaigns but moves no question clearly may be small, or the
questions look elsewhere.

Never switched off:

{left_out}
## Which processes are alive

{summary}"""


def page(rows: Sequence[Ablation], campaigns: int) -> str:
    """Return the page of the documentation."""
    intro = INTRO.format(
        campaigns=campaigns,
        seed=SEED,
        comparisons=sum(len(row.changes) for row in rows),
        left_out="".join(f"- `{name}`: {why}\n" for name, why in ALWAYS.items()),
        summary=markdown(HEAD, summary(rows)),
    )
    scenarios = dict.fromkeys(row.scenario for row in rows)
    return "\n".join([intro, *(f"## {name}\n\n{markdown(*table(rows, name))}" for name in scenarios)])


def show(row: Ablation) -> None:
    """Print what one process changes in one scenario, largest first."""
    moved = sorted((each for each in row.changes if each.flipped), key=lambda each: -abs(each.points))
    failed = f", {row.failed} campaigns failed" if row.failed else ""
    print(f"\n{row.scenario} without {row.process}: {row.differing:.0%} of campaigns differ{failed}")
    for each in moved:
        print(f"  {each.question:40s} {each.points:+6.1f} points ± {each.half:.1f}   {100 * each.flipped:5.1f} % flip")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("campaigns", type=int, nargs="?", default=CAMPAIGNS)
    parser.add_argument("--scenario", action="append", help="only this one of the library; may be repeated")
    parser.add_argument("--write", action="store_true", help="write docs/validation/ablation.md")
    wishes = parser.parse_args(arguments)
    rows: list[Ablation] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in wishes.scenario or [entry.id for entry in library()]:
            for row in ablations(name, wishes.campaigns, Path(scratch)):
                show(row)
                rows.append(row)
    for name, why in ALWAYS.items():
        print(f"\nnever switched off: {name} ({why})")
    print("\n" + markdown(HEAD, summary(rows)))
    if wishes.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(rows, wishes.campaigns), encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")
    dead = [line[0] for line in summary(rows) if line[-1] == "NO"]
    if wishes.write and not wishes.scenario:
        alive = len(summary(rows)) - len(dead)
        said = f"{alive} of {len(summary(rows))} processes change campaigns somewhere when they are switched off"
        limit = "each changes something, and no campaign fails"
        fine = not dead and not any(row.failed for row in rows)
        record("ablation", said, limit=limit, verdict=met(fine), picture=picture(rows))
    return 1 if dead or any(row.failed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
