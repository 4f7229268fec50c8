"""The verb `drop`: the same forecast without an assumption, a source, a claim or a process, beside the first."""

from pathlib import Path
from typing import Annotated

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument
from fastness.cli.compare import print_comparison
from fastness.cli.running import INTERRUPTED, progress_bar


def drop_from_run(
    run: RunArgument,
    *,
    assumption: Annotated[
        list[str] | None, typer.Option(metavar="BELIEF", help="Know nothing of this belief: wide, or even odds.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="ORIGIN", help="Without all claims of this origin.")
    ] = None,
    claim: Annotated[list[str] | None, typer.Option(metavar="ID", help="Without this claim.")] = None,
    process: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Without this process of the model, such as talks.")
    ] = None,
    campaigns: Annotated[
        int | None, typer.Option("--campaigns", "-n", min=1, help="Only so many of its campaigns. Default: all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="New run folder. Default: RUN-without-NAMES, beside RUN.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show also what does not differ.")] = False,
    as_json: Json = False,
) -> None:
    """Play a run again without something, with the same luck, and show what of the forecast hangs on it."""
    from fastness.analysis.compare import compare
    from fastness.analysis.drop import drop
    from fastness.ensemble import open_run

    what = {"assumptions": assumption, "sources": source, "claims": claim, "processes": process}
    without = {kind: names for kind, names in what.items() if names}
    base = open_run(run)
    try:
        with progress_bar(wanted=True) as progress:
            other = drop(base, **without, campaigns=campaigns, out=out, progress=progress)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; {run} is as it was", err=True)
        raise typer.Exit(INTERRUPTED) from None
    found = compare(base, other)
    if as_json:
        screen.print_json(found.document() | {"without": without, "run": str(other.path)})
        return
    print_comparison(found, everything=everything)
    screen.console().print(f"→ {other.path}", soft_wrap=True)
