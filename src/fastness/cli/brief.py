"""The verb `brief`: a situation report of one to two pages."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument


def write_brief(
    run: RunArgument,
    *,
    form: Annotated[
        Literal["md", "html", "docx"] | None, typer.Option("--format", help="Default: by the file's ending, else html.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="New file. Default: brief.html in RUN.")] = None,
    open_brief: Annotated[bool, typer.Option("--open", help="Open it.")] = False,
    as_json: Json = False,
) -> None:
    """Write a dated situation report: bottom line, judgements, what to watch and verify, sources."""
    from fastness.ensemble import open_run

    if out is not None and out.exists():
        message = f"{out} exists; nothing is overwritten"
        raise typer.BadParameter(message, param_hint="--out")
    if out is not None and form is not None and out.suffix != f".{form}":
        message = f"{out} does not end in .{form}"
        raise typer.BadParameter(message, param_hint="--format")
    if out is not None and not out.parent.is_dir():
        message = f"there is no folder {out.parent}"
        raise typer.BadParameter(message, param_hint="--out")
    ensemble = open_run(run)
    from fastness.reporting.brief_content import content
    from fastness.reporting.brief_files import brief

    with screen.console(stderr=True).status("writing the brief"):
        found = content(ensemble)
        if not as_json or out is not None:
            target = brief(ensemble, out or run / f"brief.{form or 'html'}", found=found)
    if as_json:
        screen.print_json(found.document())
        return
    typer.echo(f"→ {target}")
    if open_brief:
        typer.launch(target.resolve().as_uri())
