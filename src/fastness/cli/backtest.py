"""The verb `backtest`: forecasts of battles and sieges whose end is known, scored."""

import typer

backtest = typer.Typer(no_args_is_help=True, help="Score forecasts of battles or sieges whose end is known.")


@backtest.callback()
def _group() -> None:
    """Score forecasts of battles or sieges whose end is known."""
