"""The verb `drivers`: what a question hangs on, input by input, with the direction of each and what acts together."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastness.analysis.drivers import Drivers, QuestionDrivers
    from fastness.analysis.drivers_design import Design
    from fastness.analysis.shares import Share

QuestionArgument = Annotated[
    str | None, typer.Argument(metavar="[QUESTION]", help="Id of a question. Default: the scenario's first.")
]
ROWS: Final = 256
FOOTNOTE: Final = (
    "Share: of the variance p(1 - p) that the input explains alone, 5–95 % by bootstrap; total: all that it has a part "
    "in, by the surrogate. Chance: what the strongest of so many inputs would reach in one run of twenty."
)
DESIGN_FOOTNOTE: Final = (
    "First: what the factor explains alone; total: all that it has a part in, also together with luck; 5–95 % by "
    "bootstrap. Luck's total is what would be left if every input were known."
)


def drivers_of(
    run: RunArgument,
    question: QuestionArgument = None,
    *,
    design: Annotated[
        str | None, typer.Option("--design", metavar="sobol", help="Play new runs by a Saltelli design (extra: sobol).")
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows", "-n", help="Rows of the design, a power of 2; 13 campaigns each.")
    ] = ROWS,
    as_json: Json = False,
) -> None:
    """Say what a question hangs on: evidence, model or luck, and which of them most."""
    from fastness.ensemble import open_run

    if design not in (None, "sobol"):
        message = f"there is no design '{design}'; there is 'sobol'"
        raise typer.BadParameter(message, param_hint="--design")
    ensemble = open_run(run)
    if design is None:
        from fastness.analysis.drivers import drivers

        found = drivers(ensemble, questions=None if question is None else [question])
        screen.print_json(found.document()) if as_json else _print(found)
        return
    from fastness.analysis.drivers_design import drivers_by_design

    with _bar() as progress:
        played = drivers_by_design(ensemble, question=question, rows=rows, progress=progress)
    screen.print_json(played.document()) if as_json else _print_design(played)


@contextmanager
def _bar() -> "Iterator[Callable[[int, int], None]]":
    """Show on standard error how many of the campaigns are done."""
    from rich.progress import Progress

    with Progress(console=screen.console(stderr=True), transient=True) as bar:
        task = bar.add_task("campaigns", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(found: "Drivers") -> None:
    show = screen.console()
    for question in found.questions:
        _print_question(question)
    for name in found.left_out:
        show.print(f"{name}: fewer than 10 campaigns on one side, so nothing can be told.", style="yellow")
    show.print(FOOTNOTE, style="dim")


def _print_question(question: "QuestionDrivers") -> None:
    from fastness.analysis.words import percent

    show = screen.console()
    show.print(f"{question.text}: {percent(question.probability)}", style="bold")
    if question.groups is not None:
        groups = question.groups
        parts = (("evidence", groups.evidence), ("model", groups.model), ("luck", groups.luck))
        show.print("  " + screen.SEPARATOR.join(f"{name} {share_text(share)}" for name, share in parts))
    table = screen.grid("left", "right", "right", header=("", "share %", "total %"))
    for driver in question.drivers:
        if driver.beyond_chance:
            total = share_text(driver.total) if driver.total else ""
            table.add_row(driver.name, share_text(driver.share), total)
            table.add_row(f"  P {driver.direction}", style="dim")
    if table.row_count:
        show.print(table)
    else:
        show.print("  No single input is more than chance.")
    for pair in question.interactions:
        show.print(f"  Together: {pair.says}.")
    show.print(
        f"  Chance {100 * question.chance:.1f} %. The surrogate predicts {100 * question.fit:.0f} % of the variance of "
        f"campaigns that it has not seen."
    )


def share_text(share: "Share") -> str:
    """Write a share of the variance in percent with its interval, none below 0."""
    value, low, high = (100 * max(each, 0.0) for each in (share.value, share.low, share.high))
    return f"{value:.1f} ({low:.1f}–{high:.1f})" if high < 10 else f"{value:.0f} ({low:.0f}–{min(high, 100):.0f})"


def _print_design(found: "Design") -> None:
    from fastness.analysis.words import percent

    show = screen.console()
    show.print(f"{found.text}: {percent(found.probability)} of {found.campaigns:,} new campaigns", style="bold")
    table = screen.grid("left", "right", "right", "right", header=("", "inputs", "first %", "total %"))
    for factor in found.factors:
        table.add_row(factor.name, str(factor.inputs), share_text(factor.share), share_text(factor.total))
    show.print(table)
    show.print(DESIGN_FOOTNOTE, style="dim")
