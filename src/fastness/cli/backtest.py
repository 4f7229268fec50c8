"""The verb `backtest`: forecasts of battles and sieges whose end is known, scored."""

import typer

from fastness.cli.engagements import engagements_of
from fastness.cli.sieges import sieges_of

backtest = typer.Typer(no_args_is_help=True, help="Score forecasts of battles or sieges whose end is known.")


@backtest.callback()
def _group() -> None:
    """Score forecasts of battles or sieges whose end is known."""


backtest.command("engagements")(engagements_of)
backtest.command("sieges")(sieges_of)
