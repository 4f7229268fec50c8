"""The verb `turning`: when outcomes became inevitable along campaigns, and what moved their probability."""

from typing import TYPE_CHECKING, Annotated

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument

if TYPE_CHECKING:
    from fastness.analysis.turning import Turning

FOOTNOTE = (
    "P: of an observer who knows the model and all events so far, not the hidden truths. A change is what an event "
    "goes with, not what it causes."
)
DASH = "—"


def turning_points(
    run: RunArgument,
    question: Annotated[str | None, typer.Argument(help="Question id. Default: all, the first in detail.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Tell when each outcome became inevitable along the campaigns, and which events its probability moved with."""
    from fastness.analysis.turning import turning
    from fastness.ensemble import open_run

    ensemble = open_run(run)
    with screen.console(stderr=True).status("following campaigns week by week") as status:
        found = turning(ensemble, [question] if question else None, progress=lambda name: status.update(name))
    if as_json:
        screen.print_json([each.document() for each in found])
        return
    if not found:
        screen.console().print("Every question is decided the same way in nearly all campaigns: nothing turns.")
        return
    if question is None:
        _print_all(found)
    _print_one(found[0])


def _print_all(found: "list[Turning]") -> None:
    from fastness.analysis.words import percent

    header = ("Half of these campaigns are sure from", "P", "with yes", "with no", "all")
    table = screen.grid("left", "right", "left", "left", "left", header=header)
    for each in found:
        table.add_row(each.text, percent(each.probability), *map(_day, (each.yes_sure, each.no_sure, each.half_sure)))
    screen.console().print(table)
    screen.console().print()


def _print_one(found: "Turning") -> None:
    from fastness.analysis.turning import indicators
    from fastness.analysis.words import percent, points

    show = screen.console()
    show.print(f"{found.text}: {percent(found.probability)} of {found.campaigns:,} campaigns", style="bold")
    show.print(f"  inevitable (stays above 90 %) in half of those that end with yes from {_day(found.yes_sure)}")
    show.print(f"  out of reach (stays below 10 %) in half of those that end with no from {_day(found.no_sure)}")
    weeks = ", ".join(f"{_day(week.date)} ({100 * week.moved:.0f} points)" for week in found.weeks[:3])
    show.print(f"  it moves most in the weeks from {weeks}\n")
    header = ("Event, in the week of which P moves", "campaigns", "before", "after", "points (5–95 %)")
    table = screen.grid("left", "right", "right", "right", "right", header=header)
    watched = indicators(found)
    for move in found.moves:
        mark = "" if move in watched else " *"
        change = points(move.change, move.low, move.high)
        table.add_row(move.text + mark, percent(move.share), percent(move.before), percent(move.after), change)
    show.print(table)
    show.print("* is the outcome itself in most of these weeks", style="dim")
    better = 1.0 - found.brier / found.brier_base if found.brier_base else 0.0
    show.print(f"Brier score {found.brier:.3f}, {percent(max(better, 0.0))} better than the first day's forecast.")
    show.print(FOOTNOTE, style="dim")


def _day(iso: str | None) -> str:
    from fastness.reporting.texts import day_text

    return day_text(iso) if iso else DASH
