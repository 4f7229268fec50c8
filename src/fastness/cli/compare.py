"""The verb `compare`: runs against the first of them, with what differs and how surely."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fastness.analysis.words import likelihood_words, percent
from fastness.cli import screen
from fastness.cli.arguments import Json

if TYPE_CHECKING:
    from rich.table import Table

    from fastness.analysis.compare import Compared, Comparison, Difference
    from fastness.ensemble import Ensemble

CHANGED: Final = {True: "changed", False: "the same"}
#: changes of inputs named one by one, and most letters of a value
MOST_CHANGES, LONGEST = 4, 30
#: what a verdict is called on the screen
VERDICTS: Final = {
    "same": "no campaign differs",
    "indistinguishable": "statistically indistinguishable",
    "not beyond chance": "within chance among so many",
    "clear": "clear",
}
HEADERS: Final = {
    "question": ("", "base", "other", "points (95 %)"),
    "clock": ("How long it lasts within the clock, on average", "base", "other", "days (95 %)"),
}
FOOTNOTE: Final = (
    "Difference: other less base, with its 95 % interval from Monte Carlo error alone; how far the model can be "
    "trusted is another matter. Clear: beyond chance among all {count} comparisons at once (Holm, 5 %)."
)


def compare_runs(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN RUN...", help="Two run folders or more; the first is the base.")
    ],
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Also write a report of all runs here.")] = None,
    since: Annotated[
        Path | None,
        typer.Option(metavar="REGISTRY", help="Tell what changed since the last forecast in this registry."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show also what does not differ.")] = False,
    as_json: Json = False,
) -> None:
    """Compare runs, campaign by campaign where they share a seed: what differs, and how surely."""
    from fastness.analysis.compare import compare
    from fastness.ensemble import open_run

    refuse_existing(out)
    ensembles = [open_run(run) for run in runs]
    if since is not None:
        tell_since(ensembles[0], since, as_json=as_json)
        return
    with screen.console(stderr=True).status("comparing campaign by campaign"):
        found = compare(*ensembles)
    if out is not None:
        from fastness import report

        report(ensembles, out)
    if as_json:
        screen.print_json(found.document())
        return
    print_comparison(found, everything=everything)
    if out is not None:
        typer.echo(f"→ {out}")


def tell_since(run: "Ensemble", registry: Path, *, as_json: bool) -> None:
    """Print what changed in a run since the last registered forecast of the same title."""
    from fastness.analysis.changed import since_registered

    found = since_registered(run, registry)
    if as_json:
        screen.print_json(found.document())
        return
    show = screen.console()
    show.print(f"Since {found.before}", style="bold")
    show.print(f"scenario: {CHANGED[found.scenario]}; model and priors: {CHANGED[found.model]}")
    table = screen.grid("left", "right", "right", "left", header=("", "then", "now", ""))
    for row in sorted(found.answers, key=lambda row: -abs(row.now - row.before)):
        words = "" if row.words_before == row.words_now else f"{row.words_before} → {row.words_now}"
        if row.beyond_error:
            table.add_row(row.text, percent(row.before), percent(row.now), words)
    show.print(table if table.row_count else "No probability moved by more than Monte Carlo error.")
    if found.only_one:
        show.print(f"Asked in other terms, or by one of them only: {', '.join(found.only_one)}")


def refuse_existing(out: Path | None) -> None:
    """Refuse to overwrite a file, or to write where there is no folder."""
    if out is not None and out.exists():
        message = f"{out} exists; nothing is overwritten"
        raise typer.BadParameter(message, param_hint="--out")
    if out is not None and not out.parent.is_dir():
        message = f"there is no folder {out.parent}"
        raise typer.BadParameter(message, param_hint="--out")


def print_comparison(found: "Comparison", *, everything: bool = False) -> None:
    """Print one table per run: what differs, largest first among questions and clocks, then what does not."""
    from fastness.analysis.compare import would_change_the_call

    show = screen.console()
    for note in found.notes:
        show.print(note, style="yellow")
    for other in found.others:
        rows = found.of(other.name)
        show.print(f"\n{other.name} against {found.base.name}", style="bold")
        show.print(_changes(other), style="dim")
        shown = rows if everything else [row for row in rows if row.verdict in ("clear", "not beyond chance")]
        for kind, header in HEADERS.items():
            mine = sorted((row for row in shown if row.kind == kind), key=lambda row: -abs(row.difference))
            if mine:
                show.print(_table(mine, header))
        show.print(_rest(rows, shown))
    changing = would_change_the_call(found)
    if changing:
        show.print("\nThe call would change: " + "; ".join(_change(row) for row in changing))
    show.print("\n" + FOOTNOTE.format(count=len(found.differences)), style="dim")


def _table(rows: "list[Difference]", header: tuple[str, ...]) -> "Table":
    table = screen.grid("left", "right", "right", "right", header=header)
    for row in rows:
        table.add_row(row.text, _value(row, row.base_value), _value(row, row.value), difference_text(row))
        table.add_row(f"  {told(row)}", style="dim")
    return table


def told(row: "Difference") -> str:
    """Say what a difference amounts to: the verdict, the flips each way, and what the next digit would take."""
    from fastness.reporting.texts import figures

    parts = [VERDICTS[row.verdict]]
    if row.to_yes is not None and row.to_no is not None and row.verdict != "same":
        parts.append(f"flips: {100 * row.to_yes:.1f} % to yes, {100 * row.to_no:.1f} % to no")
    if row.more_campaigns:
        parts.append(f"next digit: {figures(row.more_campaigns, 2)} more campaigns")
    return "; ".join(parts)


def _value(row: "Difference", value: float) -> str:
    return percent(value) if row.kind == "question" else f"{value:.0f}"


def difference_text(row: "Difference") -> str:
    """Write a difference with its interval, in points or days."""
    scale = 100 if row.kind == "question" else 1
    return f"{scale * row.difference:+.1f} ({scale * row.low:+.1f} to {scale * row.high:+.1f})"


def _changes(other: "Compared") -> str:
    """Say what of the inputs differs, the first few one by one."""
    if not other.changes:
        return "the same inputs"
    shown = [f"{each.path}: {_entry(each.before)} → {_entry(each.now)}" for each in other.changes[:MOST_CHANGES]]
    left = len(other.changes) - len(shown)
    return "; ".join(shown) + (f"; and {left} more" if left else "")


def _entry(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _rest(rows: "list[Difference]", shown: "list[Difference]") -> str:
    """Say of how many questions and clocks nothing can be told apart, and of how many no campaign differs."""
    hidden = [row for row in rows if row not in shown]
    alike = sum(row.verdict == "indistinguishable" for row in hidden)
    same = sum(row.verdict == "same" for row in hidden)
    parts = [f"{alike} of {len(rows)} questions and clocks are statistically indistinguishable"] if alike else []
    parts += [f"in {same} no campaign differs"] if same else []
    if not parts:
        return ""
    return "; ".join(parts)[:1].upper() + "; ".join(parts)[1:] + " (--all shows them)."


def _change(row: "Difference") -> str:
    before, after = likelihood_words(row.base_value), likelihood_words(row.value)
    return f"{row.text}: {before} → {after} ({row.other})"
