"""Verbs on scenarios: check, new, list, schema, explain."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, ScenarioArgument
from fastness.errors import CODES, ScenarioError, did_you_mean
from fastness.errors import explain as page


def check(
    scenario: ScenarioArgument,
    *,
    resolved: Annotated[bool, typer.Option("--resolved", help="Print the resolved document.")] = False,
    as_json: Json = False,
) -> None:
    """Check a scenario and print the model as it is understood."""
    from fastness.scenario import load, resolve

    try:
        loaded = load(scenario)
    except ScenarioError as fault:
        if not as_json:
            raise
        problems = [asdict(problem) for problem in fault.problems]
        screen.print_json({"problems": problems})
        raise typer.Exit(1) from None
    if resolved:
        screen.print_json(resolve(loaded))
    elif as_json:
        from fastness.cli.understood import document

        screen.print_json({"problems": [], **document(loaded)})
    else:
        from fastness.cli.understood import print_model

        print_model(loaded)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    *,
    source: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="Scenario to start from.")
    ] = "panjshir-2021",
    quick: Annotated[
        bool, typer.Option("--quick", help="Ask eight questions and make a scenario of the answers.")
    ] = False,
) -> None:
    """Make a folder with a scenario that runs, to be changed."""
    if quick:
        _new_quick(folder)
        return
    from fastness.scenario import write_new

    made = write_new(folder, source)
    typer.echo(f"→ {made}      Look: fastness check {made}   Run: fastness run {made}")


def _new_quick(folder: Path) -> None:
    """Ask the eight questions of the quick start, and list every default that the scenario uses."""
    from fastness.scenario.quick import write_quick
    from fastness.scenario.quick_answers import QUESTIONS

    answers = {}
    for asked in QUESTIONS:
        typer.echo(asked.note)
        answers[asked.id] = typer.prompt(asked.ask, default=asked.example)
    made = write_quick(folder, answers)
    typer.echo("\nDefaults, of which nobody was asked:")
    for default in made.defaults:
        typer.echo(f"  {default.path}: {default.value}  ({default.why})")
    typer.echo(f"→ {folder}      Look: fastness check {folder}   Run: fastness run {folder}")


def list_library(*, as_json: Json = False) -> None:
    """List the scenarios that are shipped."""
    from fastness.scenario import library

    entries = library()
    if as_json:
        rows = [{"id": e.id, "title": e.title, "places": e.places, "days": e.days} for e in entries]
        screen.print_json(rows)
        return
    table = screen.grid("left", "left", "right", "right", wraps=1, header=("id", "title", "places", "days"))
    for entry in entries:
        table.add_row(entry.id, entry.title, str(entry.places), str(entry.days))
    screen.console().print(table)


def schema(
    *,
    table: Annotated[
        str | None, typer.Option(metavar="NAME", help="Print the fields of one part, such as force.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the JSON Schema of scenario.yaml, or the fields of one part of it."""
    from fastness.scenario import field_table, json_schema

    if table is None:
        screen.print_json(json_schema())
        return
    try:
        rows = field_table(table)
    except KeyError as fault:
        raise typer.BadParameter(str(fault.args[0]), param_hint="--table") from None
    if as_json:
        screen.print_json([asdict(row) for row in rows])
        return
    shown = screen.grid(*["left"] * 6, wraps=5, header=("name", "kind", "unit", "range", "default", "about"))
    for row in rows:
        shown.add_row(row.name, row.kind, row.unit, row.range, row.default, row.about)
    screen.console().print(shown)


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Such as FS112.")], *, as_json: Json = False
) -> None:
    """Explain an error code."""
    known = code.upper()
    if known not in CODES:
        hint = did_you_mean(known, CODES)
        message = f"no error has the code {code}" + (f"; {hint}" if hint else "")
        raise typer.BadParameter(message, param_hint="CODE")
    if as_json:
        screen.print_json({"code": known, **asdict(CODES[known])})
    else:
        typer.echo(page(known), nl=False)
