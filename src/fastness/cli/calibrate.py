"""The verb `calibrate`: what past sieges say about the parameters that the literature leaves open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json
from fastness.cli.running import INTERRUPTED

if TYPE_CHECKING:
    from fastness.history.calibrate import Calibration

ROWS, SEED = 8192, 4


def calibrate_to_cases(
    predictors: Annotated[
        Path, typer.Argument(metavar="PREDICTORS", help="Table of cases: what could be known on the third day.")
    ],
    outcomes: Annotated[Path, typer.Argument(metavar="OUTCOMES", help="Table of the same cases: how they ended.")],
    *,
    rows: Annotated[int, typer.Option("--rows", "-n", min=64, help="Points at which each case is played.")] = ROWS,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="Seed of the points.")] = SEED,
    table: Annotated[
        Path | None, typer.Option(help="Table of campaigns; played and written if it is not there. Default: the cache.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write the posteriors into, one file for each fold.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fit the calibrated parameters to past sieges: plays each many times once (10 minutes of one processor)."""
    from fastness.history.calibrate import calibrate, write

    try:
        with _progress() as progress:
            found = calibrate(predictors, outcomes, table=table, rows=rows, seed=seed, progress=progress)
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing was written", err=True)
        raise typer.Exit(INTERRUPTED) from None
    for problem in found.problems:
        typer.echo(str(problem), err=True)
    written = write(found.posteriors, out) if out else []
    if as_json:
        screen.print_json(found.document())
        return
    _print(found)
    if written:
        screen.console().print(f"→ {out}   {len(written)} posteriors", soft_wrap=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show what is being done on standard error, if somebody looks."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    err = screen.console(stderr=True)
    with Progress(
        BarColumn(26), TextColumn("{task.description}"), TimeRemainingColumn(), console=err, disable=not err.is_terminal
    ) as bar:
        task = bar.add_task("starting", total=None)

        def update(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what} {done}/{total}", completed=done, total=total)

        yield update


def _print(found: "Calibration") -> None:
    """Print the posterior of all cases beside the prior, and what it is worth."""
    from rich.table import Table

    from fastness.parameters import describe, registry
    from fastness.posteriors import ALL

    known = next(row for row in found.posteriors if row.fold.name == ALL)
    console = screen.console()
    table = Table("parameter", "prior", f"after {known.cases} cases", box=None, pad_edge=False)
    for name, after in known.priors().items():
        table.add_row(name, describe(registry()[name].prior), describe(after))
    console.print(table)
    difference, low, high = found.score.difference()
    before, after_score = found.score.prior.mean(), found.score.posterior.mean()
    console.print(
        f"\nConflicts left out in turn, Brier score over a year: prior {before:.4f}, posterior {after_score:.4f}, "
        f"difference {difference:+.4f} (5–95 % {low:+.4f} to {high:+.4f}; lower is better)"
    )
    console.print(
        f"{known.rows} rows, worth {known.ess:.0f} after weighting; power of the likelihood {known.tempering:.2f}"
    )
    console.print(f"Table: {found.table}", soft_wrap=True)
