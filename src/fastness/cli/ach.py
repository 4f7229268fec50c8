"""The verb `ach`: claims against competing hypotheses, and the assumptions that the answer rests on."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument

if TYPE_CHECKING:
    from fastness.analysis.assumptions import Assumption
    from fastness.analysis.hypotheses import Cell, Matrix

#: rows shown of a matrix and of the assumptions; --json has all
ROWS, ASSUMPTIONS = 10, 15
FOOTNOTE: Final = (
    "Number: how many times likelier the claim is under the hypothesis than overall, all other claims being known. "
    "CC, C consistent; I, II inconsistent; N tells nothing. Rank 1: least speaks against it (Heuer). Posterior: share "
    "of campaigns."
)


def competing_hypotheses(
    run: RunArgument,
    about: Annotated[
        str | None, typer.Argument(help="Question or belief. Default: the first question and every fact.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Weigh the claims under competing hypotheses (ACH), and list the key assumptions."""
    from fastness.analysis.hypotheses import hypotheses
    from fastness.ensemble import open_run

    with screen.console(stderr=True).status("weighing claims"):
        found = hypotheses(open_run(run), about=about)
    if as_json:
        screen.print_json(found.document())
        return
    for matrix in found.matrices:
        _print_matrix(matrix)
    _print_assumptions(found.assumptions)
    screen.console().print(FOOTNOTE, style="dim")


def _print_matrix(matrix: "Matrix") -> None:
    from fastness.analysis.words import percent

    show = screen.console()
    show.print(matrix.text, style="bold")
    table = screen.grid("left", "left", *("right" for _ in matrix.hypotheses), wraps=1,
                        header=("", "", *(each.text for each in matrix.hypotheses)))  # fmt: skip
    table.add_row("", "posterior", *(percent(each.posterior) for each in matrix.hypotheses))
    table.add_row("", "rank", *(f"{each.rank} ({each.against:.2f} against)" for each in matrix.hypotheses))
    telling = [row for row in matrix.rows if any(cell.mark != "N" for cell in row.cells)]
    for row in telling[:ROWS]:
        table.add_row(f"{row.claim} {row.grade}", row.statement, *map(_cell, row.cells))
    show.print(table)
    if len(matrix.rows) > len(telling):
        show.print(f"{len(matrix.rows) - len(telling)} more claims do not tell the hypotheses apart.", style="dim")
    if matrix.settled:
        show.print(f"Established or not counted: {', '.join(matrix.settled)}.", style="dim")
    show.print()


def _cell(cell: "Cell") -> str:
    return f"{cell.mark} {cell.ratio:.2f}"


def _print_assumptions(rows: "tuple[Assumption, ...]") -> None:
    from fastness.analysis.words import points

    if not rows:
        return
    header = ("Key assumptions", "rests on", "confidence", "points (5–95 %)")
    table = screen.grid("left", "left", "left", "right", header=header)
    table.columns[1].no_wrap, table.columns[1].max_width = False, 40
    for each in rows[:ASSUMPTIONS]:
        moved = points(each.move, each.low, each.high)
        table.add_row(each.text, each.support, each.confidence, moved)
    show = screen.console()
    show.print(table)
    show.print("Points: how far P moves from its low end (or false) to its high end (or true).", style="dim")
