"""The verb `backtest engagements`: a file of battles played, scored, and shown beside baselines."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json

if TYPE_CHECKING:
    from fastness.history.battle_scores import Score
    from fastness.history.engagements import Bar, Engagements

_WINS: Final = ("model", "base_rate", "logit_ratio", "regression")
#: tables: heads, and rows of a text with the dotted names of its scores
TABLES: Final = (
    (
        ("Who wins", "model", "base rate", "logit: ratio", "+ size, year"),
        (
            ("Brier score", *(f"brier.{name}" for name in _WINS)),
            ("  less the base rate's", "brier.less_base_rate"),
            ("  each war alike", "brier_by_war.model", "brier_by_war.base_rate"),
            ("log loss", *(f"log_loss.{name}" for name in _WINS)),
            ("  less the base rate's", "log_loss.less_base_rate"),
            ("AUC", "auc", "", "auc_baselines.logit_ratio", "auc_baselines.regression"),
        ),
    ),
    (
        ("Daily losses, log10", "model", "regression", "mean"),
        tuple(
            (f"{side}: {text}", f"{score}.{side}", *(f"{score}_baselines.{name}.{side}" for name in beside))
            for side in ("attacker", "defender")
            for score, text, beside in (
                ("loss_rmse", "RMSE", ("regression", "mean")),
                ("coverage90", "90 % covers", ("regression",)),
                ("coverage50", "50 % covers", ("regression",)),
            )
        ),
    ),
    (
        ("In the plays and in fact", "model", "battles"),
        (
            ("slope on ln ratio, within wars", "slope", "slope_battles"),
            *(
                (text, f"{name}.model{part}", f"{name}.battles{part}")
                for text, name, part in (
                    ("exchange exponent", "exchange_exponent", ""),
                    ("share of one day", "days", ".one_day"),
                    ("days, median", "days", ".p50"),
                    ("days, 90 %", "days", ".p90"),
                    ("days, 99 %", "days", ".p99"),
                    ("loser's total loss, 10 %", "loser_loss", ".p10"),
                    ("loser's total loss, median", "loser_loss", ".p50"),
                    ("loser's total loss, 90 %", "loser_loss", ".p90"),
                    ("winner's total loss, median", "winner_loss", ".p50"),
                )
            ),
        ),
    ),
)
BAR_TEXTS: Final = {
    "brier.model": "Brier score against the base rate",
    "log_loss.model": "log loss against the base rate",
    "loss_rmse.attacker": "RMSE of the attacker's losses",
    "loss_rmse.defender": "RMSE of the defender's losses",
    "coverage90.attacker": "90 % coverage, attacker",
    "coverage90.defender": "90 % coverage, defender",
    "slope": "slope within wars",
}
MODES: Final = {
    "as-shipped": "Parameters as shipped",
    "leave-one-war-out": "Each war with parameters refitted to the other wars of the file",
    "mixed": "Wars that the parameters were fitted to: refitted without them; the others as shipped",
}


def engagements_of(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Battles, one a row, in the format of CDB90.")],
    *,
    leave_one_war_out: Annotated[
        bool | None,
        typer.Option(
            "--leave-one-war-out/--as-shipped",
            help="Refit without each war, or play all with the shipped parameters. Default: refit where a war is one "
            "that the shipped parameters were fitted to.",
        ),
    ] = None,
    plays: Annotated[int, typer.Option(min=200, max=100_000, help="How often each battle is played.")] = 1000,
    as_json: Json = False,
) -> None:
    """Play battles whose end is known through the combat of the model, and score it beside baselines."""
    from fastness.history.engagements import engagements

    with screen.counting("wars") as progress:
        found = engagements(file, leave_one_war_out=leave_one_war_out, plays=plays, progress=progress)
    code = found.problems[0].code if found.problems else ""
    screen.print_left_out(found.problems, f"{found.played} battles were played without", code)
    if as_json:
        screen.print_json(found.document())
    else:
        _print(found)


def _print(found: "Engagements") -> None:
    out = screen.console()
    wars = "1 war" if found.wars == 1 else f"{found.wars} wars"
    out.print(f"{found.played} battles of {wars}, {found.n} with a known winner; each played {found.plays} times")
    out.print(MODES[found.mode] + ".")
    if found.small:
        out.print(f"{found.small} of the file's {found.rows} rows have under 5,000 men on both sides together.")
    if found.in_sample:
        out.print(f"{found.in_sample} battles are of wars that the shipped parameters were fitted to: no test.")
    left_out = ", ".join(f"{count} {reason}" for reason, count in found.left_out.items())
    if left_out:
        out.print(f"Left out: {left_out}.", style="dim")
    out.print()
    for head, rows in TABLES:
        table = screen.grid("left", *("right" for _ in head[1:]), header=head)
        for text, *names in rows:
            scores = [found.scores.get(name) for name in names]
            table.add_row(text, *(_value(score) for score in scores))
            if any(score and score.low is not None for score in scores):
                table.add_row("", *(_interval(score) for score in scores), style="dim")
        out.print(table)
        out.print()
    if found.resamples:
        out.print("Below each: 95 % interval by resampling whole wars.", style="dim")
    else:
        out.print("No intervals: too few wars to resample.", style="dim")
    for bar in found.bars():
        out.print(f"{verdict_of(bar):8}{BAR_TEXTS[bar.name]}: {_value(found.scores[bar.name])}, bar {limit_of(bar)}")


def _value(score: "Score | None") -> str:
    if score is None:
        return ""
    return "unknown" if score.value is None else _number(score.value)


def _interval(score: "Score | None") -> str:
    if score is None or score.low is None or score.high is None:
        return ""
    between = "–" if score.low >= 0 else " to "
    return f"{_number(score.low)}{between}{_number(score.high)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) and abs(value) >= 1 else f"{value:.3f}"


def limit_of(bar: "Bar") -> str:
    """Return the limits of a bar as text."""
    high = "unknown" if bar.high is None else f"{bar.high:.3g}"
    return f"at most {high}" if bar.low is None else f"{bar.low:.3g} to {high}"


def verdict_of(bar: "Bar") -> str:
    """Return whether a bar is met as one word."""
    return "unknown" if bar.met is None else "met" if bar.met else "MISSED"
