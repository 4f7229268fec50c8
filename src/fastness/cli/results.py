"""Verbs on run folders: show the answer, replay one campaign, write a report."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument

if TYPE_CHECKING:
    from fastness.ensemble import Campaign
    from fastness.scenario import Scenario


def show(run: RunArgument, *, as_json: Json = False) -> None:
    """Print the answer of a run again."""
    from fastness.ensemble import open_run

    ensemble = open_run(run)
    answer = ensemble.answer()
    if as_json:
        screen.print_json(answer.document())
        return
    variant = ensemble.manifest.get("variant")
    screen.console().print(screen.title(ensemble.scenario, answer.hash, variant), style="bold")
    screen.print_answer(ensemble, answer)


def replay_campaign(
    run: RunArgument,
    *,
    campaign: Annotated[int, typer.Option(min=0, help="Number of the campaign.")],
    tell: Annotated[bool, typer.Option("--tell", help="As a story, event by event.")] = False,
    as_json: Json = False,
) -> None:
    """Play one campaign of a run again: the same numbers, and what led to what."""
    from fastness.cli.story import tell as story
    from fastness.ensemble import open_run, replay

    ensemble = open_run(run)
    played = replay(ensemble, campaign)
    if as_json:
        screen.print_json(_document(played, ensemble.scenario))
        return
    typer.echo(f"Campaign {campaign} of {run}")
    if tell:
        for line in story(ensemble.scenario, played):
            typer.echo(line)
    else:
        _print_events(played, ensemble.scenario)
    typer.echo()
    for name, question in ensemble.scenario.questions.items():
        typer.echo(f"{_outcome(played.outcomes[name], ensemble.scenario)}  {question.ask}")


def _document(played: "Campaign", scenario: "Scenario") -> dict[str, Any]:
    events = [{**row, "date": _date(int(row["day"]), scenario).isoformat()} for row in played.events.to_dict("records")]
    return {"campaign": played.number, "outcomes": played.outcomes, "draws": played.draws, "events": events}


def _print_events(played: "Campaign", scenario: "Scenario") -> None:
    table = screen.grid("right", "left", "left", "left", "left", "right", "right",
                        header=("event", "date", "kind", "place", "side", "amount", "cause"))  # fmt: skip
    for row in played.events.to_dict("records"):
        cause = str(int(row["cause"]) + 1) if row["cause"] >= 0 else ""
        date = _date(int(row["day"]), scenario).isoformat()
        table.add_row(
            str(int(row["event"]) + 1), date, row["kind"], row["place"], row["side"], f"{row['amount']:,.0f}", cause
        )
    screen.console().print(table)


def _outcome(day: int, scenario: "Scenario") -> str:
    return f"yes {_date(day, scenario)}" if day >= 0 else "no            "


def _date(day: int, scenario: "Scenario") -> datetime.date:
    return scenario.clock.start + datetime.timedelta(days=day)


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
