"""The verbs `register` and `score`: freeze a forecast, and hold it against what happened."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument

if TYPE_CHECKING:
    from fastness.analysis.score import Score


def register_run(
    run: RunArgument,
    *,
    registry: Annotated[
        Path, typer.Option("--registry", help="Append-only file of forecasts; made where there is none.")
    ] = Path("forecasts.jsonl"),
    note: Annotated[str, typer.Option("--note", help="Anything to keep with it.")] = "",
    as_json: Json = False,
) -> None:
    """Freeze a forecast, with hashes of scenario, code and priors and the time, in a file that others can verify."""
    from fastness.analysis.register import register
    from fastness.ensemble import open_run

    record = register(open_run(run), registry, note=note)
    if as_json:
        screen.print_json(record)
        return
    count = len(record["questions"])
    typer.echo(f"Registered as number {record['number']} at {record['time']}: {count} questions of {record['title']}")
    typer.echo(f"→ {registry}      {record['hash']}")
    typer.echo("Publish the file or at least this hash now: only what others have seen cannot be altered later.")


def score_registry(
    registry: Annotated[Path, typer.Argument(metavar="REGISTRY", help="File that 'fastness register' wrote.")],
    outcomes: Annotated[
        Path, typer.Argument(metavar="OUTCOMES", help="CSV: question, resolved (yes, no, void), date, source.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Verify a registry and score its resolved questions against climatology, coin and status quo."""
    from fastness.analysis.score import score

    found = score(registry, outcomes)
    if as_json:
        screen.print_json(found.document())
        return
    print_score(found)


def print_score(found: "Score") -> None:
    """Print each question, the mean scores with the baselines', the reliability table, and what it can show."""
    from fastness.analysis.words import percent

    show = screen.console()
    records = "1 record" if found.records == 1 else f"{found.records} records"
    show.print(f"{found.registry}: {records}, every hash in order; last {found.last_hash[:16]}", soft_wrap=True)
    table = screen.grid("left", "right", "left", "right", "right", "right",
                        header=("resolved", "P", "came out", "Brier", "log", "CRPS days"))  # fmt: skip
    for row in found.questions:
        late = " (hindsight)" if row.hindsight else ""
        days = "" if row.crps is None else f"{row.crps:.1f}"
        came = ("yes" if row.happened else "no") + late
        table.add_row(row.ask, percent(row.probability), came, f"{row.brier:.3f}", f"{row.log:.3f}", days)
    show.print(table)
    means = screen.grid("left", "right", "right", "left", header=("mean (lower is better)", "Brier", "log", "skill"))
    means.add_row("forecast", _number(found.brier), _number(found.log), "")
    for skill in found.skills:
        span = "" if skill.low is None or skill.high is None else f" ({skill.low:+.2f} to {skill.high:+.2f})"
        said = "" if skill.skill is None else f"{skill.skill:+.2f}{span}"
        means.add_row(skill.baseline.replace("_", " "), f"{skill.brier:.3f}", f"{skill.log:.3f}", said)
    show.print(means)
    bins = screen.grid("left", "right", "right", "right", header=("reliability", "n", "mean P", "came out (5–95 %)"))
    for each in found.reliability:
        share = f"{percent(each.share)} ({100 * each.share_low:.0f}–{100 * each.share_high:.0f})"
        bins.add_row(f"{100 * each.low:.0f}–{100 * each.high:.0f} %", str(each.n), percent(each.mean), share)
    show.print(bins)
    show.print(f"{found.unresolved} not resolved, {found.void} void: left out.")
    show.print(found.verdict)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
