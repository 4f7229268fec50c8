"""The verb `update`: a forecast report by report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument

if TYPE_CHECKING:
    from fastness.analysis.update import Update

#: file that the verb adds to a run folder, and what it adds to a folder of its own
ADDED: Final = "update.json"
PICTURE: Final = "update.html"
FOOTNOTE: Final = (
    "P given: probability that the report would be made, before it was. Bits: what it told about the first question. "
    "Effective: campaigns that carry the forecast after it."
)


def update_run(
    run: RunArgument,
    reports: Annotated[
        Path, typer.Argument(metavar="REPORTS", help="CSV of later reports, or the name of a scenario that ships some.")
    ],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="New folder for update.json and a picture. Default: RUN.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Re-weight a forecast by later reports, one after the other, and say what each did to it."""
    from fastness.analysis.update import update
    from fastness.ensemble import open_run

    if out is not None and out.exists():
        message = f"{out} exists; nothing is overwritten"
        raise typer.BadParameter(message, param_hint="--out")
    ensemble = open_run(run)
    with _bar() as tick:
        found = update(ensemble, shipped(reports), progress=tick)
    _write(found, run if out is None else out, picture=out is not None)
    if as_json:
        screen.print_json(found.document())
        return
    print_update(found)
    typer.echo(f"→ {(run if out is None else out) / ADDED}")


def shipped(reports: Path) -> Path:
    """Return the file of reports, or the one that a scenario of the library ships."""
    from fastness.scenario.read import library_folders

    folder = library_folders().get(str(reports))
    if reports.exists() or folder is None:
        return reports
    return next(iter(sorted((folder / "reports").glob("*.csv"))), reports)


def _write(found: "Update", folder: Path, *, picture: bool) -> None:
    """Write the result into a folder, each file whole or not at all."""
    import json

    from fastness.ensemble.store import write_text

    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / ADDED, json.dumps(found.document(), indent=1, ensure_ascii=False) + "\n")
    if picture:
        from fastness.plot.update import updated

        write_text(folder / PICTURE, updated(found).figure().to_html(include_plotlyjs=True, full_html=True))


@contextmanager
def _bar() -> "Iterator[Callable[[int], None] | None]":
    """Show how many campaigns were played, on standard error."""
    from rich.progress import BarColumn, Progress, TextColumn

    err = screen.console(stderr=True)
    if not err.is_terminal:
        yield None
        return
    with Progress(BarColumn(26), TextColumn("{task.description}"), console=err, transient=True) as bar:
        task = bar.add_task("playing campaigns to where the reports reach", total=None)

        def tick(campaigns: int) -> None:
            bar.update(task, advance=campaigns)
            done = bar.tasks[0].completed
            bar.update(task, description=f"{done:,.0f} campaigns played to where the reports reach")

        yield tick


def print_update(found: "Update") -> None:
    """Print what each report did, the first question day by day, every question before and after, and surprises."""
    from fastness.analysis.words import percent

    show = screen.console()
    lead = found.questions[0]
    show.print(f"{found.scenario}: {lead.text}", style="bold")
    table = screen.grid("left", "left", "left", "right", "right", "right", "right", wraps=2,
                        header=("date", "report", "", "P given", "P after", "bits", "effective"))  # fmt: skip
    for step in found.steps:
        said = step.statement + (" (surprise)" if step.surprise else "")
        said += f" (taken to {100 * step.power:.0f} %)" if step.power < 1 else ""
        table.add_row(step.date, step.id, said, percent(step.predictive), percent(step.after[lead.id]),
                      f"{step.bits[lead.id]:.2f}", f"{step.effective:.0f}")  # fmt: skip
    show.print(table)
    days = screen.grid("left", "right", "right", header=("day by day", "P", "range %"))
    for day in found.days:
        days.add_row(day.date, percent(day.probabilities[lead.id]), _span(day.low, day.high))
    show.print(days)
    changes = screen.grid("left", "right", "right", "right", "left", header=("", "before", "after", "range %", ""))
    for each in found.questions:
        changes.add_row(each.text, percent(each.before), percent(each.after), _span(each.low, each.high), each.words)
    show.print(changes)
    if found.warning:
        show.print(found.warning, style="yellow")
    show.print(FOOTNOTE, style="dim")


def _span(low: float | None, high: float | None) -> str:
    from fastness.reporting.texts import DASH, interval

    return DASH if low is None or high is None else interval(low, high)
