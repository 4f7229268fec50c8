"""The command itself: its verbs, its exit codes, and how anything that goes wrong is said."""

import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Annotated, Final

import typer

from fastness.cli import ach, brief, results, running, scenarios, story, turning
from fastness.cli.backtest import backtest
from fastness.cli.calibrate import calibrate_to_cases
from fastness.cli.compare import compare_runs
from fastness.cli.drivers import drivers_of
from fastness.cli.drop import drop_from_run
from fastness.cli.machine import settle_in
from fastness.cli.register import register_run, score_registry
from fastness.cli.serve import serve
from fastness.cli.update import update_run
from fastness.cli.verify import tip_of, verify_next_of
from fastness.errors import AnalysisError, FastnessError, Problem, RunError, ScenarioError, StoreError

PROBLEMS, USAGE, FAILED, UNREADABLE, FAULT = 1, 2, 3, 4, 70
EPILOG: Final = (
    "Exit codes: 0 fine, 1 the scenario has problems, 2 wrong usage, 3 more than 1 % of the campaigns failed, "
    "4 the run folder cannot be read, 70 a fault of fastness itself, 130 interrupted (what is done stays)."
)

app = typer.Typer(
    name="fastness",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)
#: verbs by what they are about, in the order of the help
VERBS: Final[dict[str, dict[str, Callable[..., None]]]] = {
    "Scenarios": {
        "list": scenarios.list_library,
        "new": scenarios.new,
        "check": scenarios.check,
        "schema": scenarios.schema,
        "explain": scenarios.explain,
    },
    "Forecasts": {
        "run": running.run,
        "show": results.show,
        "report": results.report_runs,
        "brief": brief.write_brief,
        "replay": story.replay_campaign,
        "serve": serve,
    },
    "Why, what if, what next": {
        "compare": compare_runs,
        "drop": drop_from_run,
        "drivers": drivers_of,
        "verify-next": verify_next_of,
        "tip": tip_of,
        "turning": turning.turning_points,
        "ach": ach.competing_hypotheses,
        "update": update_run,
    },
    "Were we right": {
        "register": register_run,
        "score": score_registry,
        "calibrate": calibrate_to_cases,
    },
}
for panel, verbs in VERBS.items():
    for name, verb in verbs.items():
        app.command(name, rich_help_panel=panel)(verb)
app.add_typer(backtest, name="backtest", rich_help_panel="Were we right")


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"fastness {version('fastness')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="On a fault of fastness itself, show where it happened.")
    ] = False,
) -> None:
    """Contested reports about a besieged stronghold, turned into a forecast that can be argued with."""


def main() -> None:
    """Run the command and exit with its code; nothing but a fault under --debug shows a traceback."""
    settle_in()
    warnings.filterwarnings("ignore", "First-class function type feature is experimental")  # Numba's, not the user's
    try:
        app()
    except FastnessError as fault:
        sys.exit(_tell(fault))
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone, as in `fastness list | head -1`
    except Exception as fault:
        if "--debug" in sys.argv:
            traceback.print_exc()
        typer.echo(f"fault in fastness: {type(fault).__name__}: {fault}", err=True)
        typer.echo("Please report it on the project's issue tracker, with what 'fastness --debug …' prints.", err=True)
        sys.exit(FAULT)


def _tell(fault: FastnessError) -> int:
    """Print all that is wrong to standard error and return the exit code."""
    problems = fault.problems if isinstance(fault, ScenarioError) else (_problem(fault),)
    for problem in problems:
        typer.echo(str(problem), err=True)
    count = "1 problem." if len(problems) == 1 else f"{len(problems)} problems."
    nothing = " Nothing was run." if isinstance(fault, ScenarioError) else ""
    typer.echo(f"{count}{nothing}   Explained: fastness explain {problems[0].code}", err=True)
    return exit_code(fault)


def _problem(fault: FastnessError) -> Problem:
    return Problem(fault.code, fault.message, hint=fault.hint)


def exit_code(fault: FastnessError) -> int:
    """Return the exit code of an error."""
    if isinstance(fault, ScenarioError):
        return PROBLEMS
    if isinstance(fault, StoreError) and fault.code != running.EXISTS:
        return UNREADABLE
    if isinstance(fault, AnalysisError) and fault.code == running.NONE_COMPLETED:
        return FAILED
    return USAGE if isinstance(fault, RunError | StoreError | AnalysisError) else FAULT
