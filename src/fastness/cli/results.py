"""Verbs on run folders: show the answer, write a report."""

from pathlib import Path
from typing import Annotated

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument


def show(run: RunArgument, *, as_json: Json = False) -> None:
    """Print the answer of a run again."""
    from fastness.ensemble import open_run

    ensemble = open_run(run)
    answer = ensemble.answer()
    if as_json:
        screen.print_json(screen.document(ensemble, answer))
        return
    variant = ensemble.manifest.get("variant")
    screen.console().print(screen.title(ensemble.scenario, answer.hash, variant), style="bold")
    screen.print_answer(ensemble, answer)


def report_runs(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders; the first is the base.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="New file. Default: report.html in RUN.")] = None,
    open_report: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write one HTML file that works offline, for one run or several side by side."""
    from fastness import report
    from fastness.ensemble import open_run

    target = out or runs[0] / "report.html"
    if out is not None and out.exists():
        message = f"{out} exists; nothing is overwritten"
        raise typer.BadParameter(message, param_hint="--out")
    if not target.parent.is_dir():
        message = f"there is no folder {target.parent}"
        raise typer.BadParameter(message, param_hint="--out" if out else "RUN")
    report([open_run(run) for run in runs], target)
    typer.echo(f"→ {target}")
    if open_report:
        typer.launch(target.resolve().as_uri())
