"""The server of the workbench: NiceGUI's pages, the interface for programs and our files, behind the guard."""

import asyncio
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response

from fastness.app.desk import Desk, open_desk
from fastness.app.folder import Folder
from fastness.app.guard import Guard, is_loopback
from fastness.errors import RunError

TITLE: Final = "fastness workbench"
#: most bytes of a message on the websocket; the largest that a page sends is a pasted table
MOST_MESSAGE: Final = 1_000_000
#: a tower on a hill, drawn here so that nothing is fetched
ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<path fill="#1f669f" d="M2 30 12 15h8l10 15zM11 13V4h2v2h2V4h2v2h2V4h2v9z"/></svg>'
)
HEAD: Final = """
<meta name="referrer" content="same-origin">
<link rel="stylesheet" href="/assets/report.css">
<link rel="stylesheet" href="/assets/app.css">
<link rel="stylesheet" href="/assets/edit.css">
<script defer src="/assets/plotly.min.js"></script>
<script defer src="/assets/map.js"></script>
"""


def make_app(desk: Desk) -> FastAPI:
    """Build the application of a desk; one for each process, for NiceGUI's pages are global.

    Parameters
    ----------
    desk
        The user's folder and what is open of it.
    """
    os.environ["NICEGUI_STORAGE_PATH"] = str(desk.folder.notes / "nicegui")  # else it looks into the working folder
    from nicegui import ui

    from fastness.app.api import add_api
    from fastness.app.frame import add_page
    from fastness.app.pages import PAGES

    app = FastAPI(
        title=TITLE,
        description="List and check scenarios, play runs, read progress and results.",
        docs_url=None,  # these two would ask a content network for their scripts
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan(desk),
    )
    add_api(app, desk)
    _add_assets(app)
    for page in PAGES:
        add_page(desk, page)
    ui.add_head_html(HEAD, shared=True)
    ui.run_with(app, title=TITLE, favicon=ICON, dark=None, language="en-GB", tailwind=False, show_welcome_message=False)
    return app


def _lifespan(desk: Desk) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Look after the runs while the server lives, and interrupt them when it ends: the next one goes on."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=import_module, args=("fastness.reporting.build",), daemon=True).start()
        pumping = asyncio.create_task(desk.jobs.keep_pumping())
        yield
        pumping.cancel()
        with suppress(asyncio.CancelledError):
            await pumping
        await asyncio.to_thread(desk.jobs.interrupt_all)

    return lifespan


def _add_assets(app: FastAPI) -> None:
    """Serve the report's style and script, plotly's own plotly.js, and what only the workbench has."""
    import plotly

    templates = files("fastness.reporting") / "templates"
    assets = {
        "report.css": (templates / "report.css", "text/css"),
        "app.css": (files("fastness.app") / "static" / "app.css", "text/css"),
        "edit.css": (files("fastness.app") / "static" / "edit.css", "text/css"),
        "map.js": (templates / "map.js", "text/javascript"),
        "plotly.min.js": (files(plotly) / "package_data" / "plotly.min.js", "text/javascript"),
    }
    contents = {name: (file.read_bytes(), media) for name, (file, media) in assets.items()}

    @app.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> Response:
        if name not in contents:
            return Response("there is no such file", 404, media_type="text/plain")
        content, media = contents[name]
        return Response(content, media_type=media, headers={"cache-control": "max-age=300"})


def serve(folder: Folder, *, host: str, port: int, browser: bool, tell: Callable[[str], None]) -> None:
    """Serve the workbench until it is interrupted.

    Parameters
    ----------
    folder
        The user's folder.
    host, port
        Where to listen. Anything but this machine's own address asks visitors for a token, which is told once.
    browser
        Whether to open a browser.
    tell
        Told the address.

    Raises
    ------
    RunError
        FS502 if the port is in use or the address is not this machine's.
    """
    listening = _listen(host, port)
    token = None if is_loopback(host) else secrets.token_urlsafe(24)
    entry = _entry(host, port, token)
    guard = Guard(make_app(open_desk(folder)), host=host, port=port, token=token)
    tell(f"fastness workbench of {folder.root}")
    tell(f"→ {entry}      stop it with Ctrl+C")
    config = uvicorn.Config(
        guard,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws_max_size=MOST_MESSAGE,
        timeout_graceful_shutdown=2,
    )
    if browser:
        threading.Timer(1.0, webbrowser.open, [entry]).start()
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _entry(host: str, port: int, token: str | None) -> str:
    """Return the address to open; the token is behind the #, which no browser sends to anybody, so no log has it."""
    shown = socket.gethostname() if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    return f"{address}login#token={token}" if token else address


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done, so that what is wrong with it is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as fault:
        listening.close()
        reason = getattr(fault, "strerror", None) or str(fault)
        message = f"cannot listen on {host}, port {port}: {reason}"
        hint = "choose another with --port, or look at the workbench that already runs there"
        raise RunError(code="FS502", message=message, hint=hint) from fault
    return listening


def default_folder() -> Path:
    """Return the folder that is served when none is named: in the user's documents, where people look for files."""
    from platformdirs import user_documents_path

    return user_documents_path() / "fastness"
