"""The verbs `verify-next` and `tip`: which public claim to check next, how wrong a source must be to flip a call."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, RunArgument
from fastness.cli.drivers import QuestionArgument, share_text

if TYPE_CHECKING:
    from fastness.analysis.tip import Tips
    from fastness.analysis.value import VerifyNext

#: beliefs in the table
ROWS: Final = 12
FOOTNOTE: Final = (
    "Doubt: the variance p(1 - p), which is the expected Brier score; the share of it, and the bits, that would go if "
    "the belief were known exactly. Mean: share over all questions. To verify is to check a public claim, never to aim "
    "at anything."
)
TIP_FOOTNOTE: Final = (
    "From the campaigns already played, re-weighted; in brackets 5–95 % from Monte Carlo error. Factors of shares and "
    "of facts are factors of the odds."
)


def verify_next_of(run: RunArgument, question: QuestionArgument = None, *, as_json: Json = False) -> None:
    """Say which claim is most worth verifying next: how far each question's uncertainty would fall."""
    from fastness.analysis.value import verify_next
    from fastness.ensemble import open_run

    with screen.console(stderr=True).status("looking at every belief and question"):
        found = verify_next(open_run(run), question=question)
    if as_json:
        screen.print_json(found.document())
        return
    _print_value(found)


def _print_value(found: "VerifyNext") -> None:
    from fastness.analysis.value import lines
    from fastness.analysis.words import percent

    show = screen.console()
    doubt = f"doubt {found.uncertainty:.3f} (Brier), {found.entropy:.2f} bits"
    show.print(f"{found.text}: {percent(found.probability)}, {doubt}", style="bold")
    for number, line in enumerate(lines(found), 1):
        show.print(f"{number}. {line}")
    show.print()
    header = ("if known exactly", "doubt %", "bits", "mean %", "questions", "claims")
    table = screen.grid("left", "right", "right", "right", "right", "left", wraps=5, header=header)
    for belief in found.beliefs[:ROWS]:
        claims = ", ".join(claim.id for claim in belief.claims) or "none public"
        bits = f"{max(belief.bits.value, 0):.3f}"
        mean, moves = f"{100 * max(belief.mean_share, 0):.1f}", str(len(belief.moves))
        style = None if belief.beyond_chance else "dim"
        table.add_row(belief.id, share_text(belief.share), bits, mean, moves, claims, style=style)
    show.print(table)
    show.print(f"Over all questions: {', '.join(found.overall[:5])}. Dim: not more than chance.")
    show.print(FOOTNOTE, style="dim")


def tip_of(
    run: RunArgument,
    question: QuestionArgument = None,
    *,
    call: Annotated[
        str, typer.Option("--call", metavar="half|word", help="What is to flip: above 50 %, or the likelihood word.")
    ] = "half",
    everything: Annotated[bool, typer.Option("--all", help="Show also beliefs that flip nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Say how wrong each source, interest and belief must be to flip the call."""
    from fastness.analysis.tip import tip
    from fastness.ensemble import open_run

    if call not in ("half", "word"):
        message = f"a call is 'half' or 'word', not '{call}'"
        raise typer.BadParameter(message, param_hint="--call")
    found = tip(open_run(run), question=question, call="half" if call == "half" else "word")
    if as_json:
        screen.print_json(found.document())
        return
    _print_tips(found, everything=everything)


def _print_tips(found: "Tips", *, everything: bool) -> None:
    from fastness.analysis.words import percent

    show = screen.console()
    show.print(f"{found.text}: {percent(found.probability)}, {found.said}", style="bold")
    table = screen.grid("left", "right", wraps=0, header=("", "effective campaigns"))
    for each in found.tips:
        if each.factor is not None or each.subject != "belief" or everything:
            table.add_row(each.says, f"{each.effective:,.0f}")
    show.print(table)
    show.print(TIP_FOOTNOTE, style="dim")
