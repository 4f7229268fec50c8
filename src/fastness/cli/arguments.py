"""Arguments and options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer


def _complete_scenario(incomplete: str) -> list[str]:
    """Return the scenarios of the library and the folders here that hold one, for the shell."""
    from fastness.scenario.read import library_folders

    here = sorted(path.parent.name for path in Path().glob("*/scenario.yaml"))
    return [name for name in (*library_folders(), *here) if name.startswith(incomplete)]


ScenarioArgument = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="Name in the library, folder with scenario.yaml, or one YAML file.",
        autocompletion=_complete_scenario,
    ),
]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="Run folder that 'fastness run' wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
