"""The verb `backtest sieges`: cases forecast from what was known on the third day, scored by how they ended."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json

if TYPE_CHECKING:
    from fastness.history.siege_scores import SiegeScores


def sieges_of(
    predictors: Annotated[
        Path, typer.Argument(metavar="PREDICTORS.csv", help="Cases, one a row: what was known on the third day.")
    ],
    outcomes: Annotated[Path, typer.Argument(metavar="OUTCOMES.csv", help="How they ended; opened after forecasting.")],
    *,
    campaigns: Annotated[int, typer.Option("--campaigns", "-n", min=20, max=100_000, help="Campaigns a case.")] = 500,
    seed: Annotated[int, typer.Option(min=0, max=(1 << 64) - 1, help="Same seed, same campaigns.")] = 1,
    as_json: Json = False,
) -> None:
    """Forecast sieges whose end is known, and score the forecasts beside baselines."""
    from fastness.history.siege_backtest import sieges

    with screen.counting("cases") as progress:
        found = sieges(predictors, outcomes, campaigns=campaigns, seed=seed, progress=progress)
    screen.print_left_out(found.problems, f"{found.n} cases were scored without", "FS426")
    if as_json:
        screen.print_json(found.document())
    else:
        _print(found)


def _print(found: "SiegeScores") -> None:
    from fastness.history.sieges import ASKED

    out = screen.console()
    conflicts = len({made.conflict for made in found.forecasts})
    out.print(f"{found.n} sieges of {conflicts} conflicts, forecast from what was known on the third day")
    out.print("Brier score of “fell by day t”, mean over days 1 to 365; lower is better.")
    out.print(
        "Pooled: half model, half climatology; this is what users get. Intervals: 95 %, by conflict.", style="dim"
    )
    out.print()
    header = ("", "score", "less climatology", *(f"by {day}" for day in ASKED))
    table = screen.grid("left", "right", "left", *("right" for _ in ASKED), header=header)
    days = {day: found.by_day(day) for day in ASKED}
    for name, text in (
        ("model", "pooled"),
        ("raw", "model alone"),
        ("climatology", "climatology"),
        ("logistic", "regression"),
        ("three_to_one", "three to one"),
    ):
        if name not in found.primary:
            continue
        apart = found.difference.get(name)
        less = f"{apart.mean:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})" if apart else ""
        table.add_row(text, f"{found.primary[name].mean():.4f}", less, *(f"{days[day][name]:.3f}" for day in ASKED))
    out.print(table)
    out.print()
    out.print(_verdict(found))
    out.print(f"Climatology: {found.climatology_from}.", style="dim")


def _verdict(found: "SiegeScores") -> str:
    """Return in a sentence whether the sample tells the forecasts from climatology, and how many cases would."""
    apart, power = found.difference["model"], found.power()
    if apart.high < 0:
        return "The forecasts beat climatology; the interval excludes zero."
    if apart.low > 0:
        return "The forecasts are worse than climatology; the interval excludes zero."
    if power["clears_zero"] is None:
        return "The forecasts are no better than climatology."
    return (
        f"This sample cannot tell the forecasts from climatology: were the difference real, one like it would show "
        f"that with a chance of {power['clears_zero']:.0%}; {power['cases_for_80']} cases would with 80 %."
    )
