"""The verb `replay`: one campaign again, event by event or as a story; or the typical campaigns of a run."""

import datetime
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument

if TYPE_CHECKING:
    from fastness.analysis.story import Story
    from fastness.analysis.story_typical import Kind
    from fastness.ensemble import Campaign
    from fastness.scenario import Scenario

WIDTH: Final = 100


def replay_campaign(
    run: RunArgument,
    *,
    campaign: Annotated[int | None, typer.Option(min=0, help="Number of the campaign.")] = None,
    tell: Annotated[bool, typer.Option("--tell", help="As a story, phase by phase.")] = False,
    typical: Annotated[bool, typer.Option("--typical", help="Tell three typical campaigns of the run.")] = False,
    as_json: Json = False,
) -> None:
    """Play one campaign of a run again: the same numbers, and what led to what. Or tell its typical campaigns."""
    if (campaign is None) != typical:
        message = "name one campaign (--campaign 3) or ask for the typical ones (--typical)"
        raise typer.BadParameter(message, param_hint="--campaign")
    if campaign is None:
        _typical(run, as_json=as_json)
    else:
        _one(run, campaign, tell=tell, as_json=as_json)


def _one(run: Path, campaign: int, *, tell: bool, as_json: bool) -> None:
    from fastness.analysis.story import tell as story_of
    from fastness.ensemble import open_run, replay

    ensemble = open_run(run)
    played = replay(ensemble, campaign)
    if as_json:
        document = _document(played, ensemble.scenario)
        if tell:
            document["story"] = story_of(ensemble.scenario, campaign, played.events).document()
        screen.print_json(document)
        return
    typer.echo(f"Campaign {campaign} of {run}")
    if tell:
        _print_story(story_of(ensemble.scenario, campaign, played.events))
    else:
        _print_events(played, ensemble.scenario)
    typer.echo()
    for name, question in ensemble.scenario.questions.items():
        typer.echo(f"{_outcome(played.outcomes[name], ensemble.scenario)}  {question.ask}")


def _typical(run: Path, *, as_json: bool) -> None:
    from fastness.analysis.story_typical import typical
    from fastness.analysis.words import percent
    from fastness.ensemble import open_run

    found = typical(open_run(run))
    if as_json:
        screen.print_json(found.document())
        return
    typer.echo(
        f"{found.campaigns:,} campaigns fall into {len(found.kinds)} kinds that blur into each other: the kind "
        f"explains {percent(found.told_apart)} of how their answers and dates differ."
    )
    for number, kind in enumerate(found.kinds, 1):
        typer.echo(f"\n{_heading(number, kind)}")
        _print_story(kind.story)
    typer.echo("Each is one campaign that was played, the middle one of its kind; none of it is likely in detail.")


def _heading(number: int, kind: "Kind") -> str:
    from fastness.analysis.words import percent

    lines = [f"{number}. Like {percent(kind.share)} of campaigns: campaign {kind.story.campaign}"]
    lines += [f"   {percent(each.within):>7} (all {percent(each.overall)})  {each.text}" for each in kind.marks]
    return "\n".join(lines)


def _print_story(story: "Story") -> None:
    from fastness.analysis.story import lines

    for line in lines(story):
        typer.echo(textwrap.fill(line, WIDTH, break_on_hyphens=False))


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
