"""The verb `serve`: the workbench in the browser."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from fastness.errors import RunError

PORT = 8642


def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Folder for your scenarios and runs. Default: fastness in your documents."),
    ] = None,
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Any but this machine's own asks visitors for a token.")
    ] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
) -> None:
    """Open the workbench: scenarios, runs and results in the browser, on this machine only."""
    if find_spec("nicegui") is None:
        message = "the workbench is an extra that is not installed"
        raise RunError(code="FS501", message=message, hint='pip install "fastness[app]"')
    if find_spec("fcntl") is None:
        message = "the workbench needs locks and signals that this system does not have"
        raise RunError(code="FS519", message=message, hint="use Linux, macOS, or the Windows Subsystem for Linux")
    from fastness.app.folder import open_folder
    from fastness.app.server import default_folder
    from fastness.app.server import serve as start
    from fastness.cli.machine import stay

    stay()
    start(open_folder(folder or default_folder()), host=host, port=port, browser=not no_browser, tell=typer.echo)
