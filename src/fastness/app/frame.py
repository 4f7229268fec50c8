"""The frame of every page: masthead, way around, what is playing now, and the registry's way to add a page.

A page is one file in `pages/` with a `PAGE`; `pages/__init__.py` lists them. Its `build` gets the desk and what its
path names, and fills the frame:

    async def build(desk: Desk, name: str) -> None:
        with frame(desk, "Claims", here="/claims"):
            …
    PAGE = Page("/claims/{name}", build)
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from nicegui import ui

from fastness.app.desk import Desk
from fastness.app.parts import block, link, problems, text
from fastness.app.progress import progress
from fastness.errors import FastnessError

#: seconds that a page may take to be built: the first look at a run works out its answer
PATIENCE = 60.0
#: seconds between looks at what is playing
EVERY = 1.0


@dataclass(frozen=True)
class Page:
    """One page: its path with names in braces, what builds it, and its place in the masthead, if any."""

    path: str
    build: Callable[..., Any]
    nav: str = ""


def add_page(desk: Desk, page: Page) -> None:
    """Serve a page; what goes wrong while it is built is shown on it."""

    async def shown(**names: object) -> None:
        try:
            made = page.build(desk, **names)
            if inspect.isawaitable(made):
                await made
        except FastnessError as fault:
            with frame(desk, "Not possible"):
                problems(fault)

    signature = inspect.signature(page.build)
    wanted = list(signature.parameters.values())[1:]
    shown.__signature__ = signature.replace(parameters=wanted)  # type: ignore[attr-defined] # what FastAPI reads
    ui.page(page.path, response_timeout=PATIENCE)(shown)


@contextmanager
def frame(desk: Desk, title: str, *, here: str = "", wide: bool = False) -> Iterator[None]:
    """Fill a page: `with frame(desk, "Runs", here="/"): …`."""
    from fastness.app.pages import PAGES

    ui.page_title(f"{title} · fastness")
    ui.context.client.page_container.default_slot.children[0].tag = "div"  # the page's main element is ours
    link("Skip to the content", "#content", "skip")
    with block("header", "masthead"):
        link("fastness", "/", "brand")
        with block("nav", aria_label="Workbench"):
            for page in PAGES:
                if page.nav:
                    current = {"aria-current": "page"} if page.path == here else {}
                    link(page.nav, page.path, **current)
        _playing(desk)
    with block("main", "wide-page" if wide else "", id="content", tabindex="-1"):
        yield
    with block("footer", "foot"):
        text("span", f"fastness {version('fastness')}")
        text("span", str(desk.folder.root))
        link("Interface for programs", "/api/openapi.json")


def _playing(desk: Desk) -> None:
    """Show what plays now, on every page, with a link to it."""
    spot = text("a", "", "playing", href="/")
    spot.set_visibility(False)

    def look() -> None:
        active = desk.jobs.active()
        spot.set_visibility(bool(active))
        if not active:
            return
        job = next((each for each in active if desk.jobs.state(each) != "waiting"), active[0])
        far = progress(desk.folder.runs / job.run)
        done = f"{far.done}/{far.total}" if far else "starting"
        more = f", {len(active) - 1} waiting" if len(active) > 1 else ""
        spot.props["href"] = run_path(job.run)
        spot.set_text(f"Playing {job.title} {done}{more}")

    look()
    ui.timer(EVERY, look)


def run_path(run: str, part: str = "") -> str:
    """Return the path of a run's page."""
    return f"/runs/{quote(run)}" + (f"/{part}" if part else "")


def api_path(run: str, rest: str) -> str:
    """Return the path of something of a run for programs."""
    return f"/api/runs/{quote(run)}/{rest}"
