"""The first page: runs with their headlines, scenarios of the user and of the library, a zip to open."""

import asyncio
from typing import Any
from urllib.parse import quote

from nicegui import events, ui

from fastness.analysis.words import percent
from fastness.app.api import scenario_rows, take_zip
from fastness.app.archive import MOST_PACKED
from fastness.app.desk import Desk
from fastness.app.folder import LIBRARY
from fastness.app.frame import Page, frame, run_path
from fastness.app.jobs import Job
from fastness.app.parts import bar, block, button, link, problems, say, text
from fastness.app.progress import progress
from fastness.app.results import Headline
from fastness.errors import FastnessError
from fastness.reporting.texts import count, day_text, interval

#: runs shown at first; the others behind a button
FIRST = 12


async def build(desk: Desk) -> None:
    """Build the page."""
    names = await asyncio.to_thread(desk.folder.run_names)
    rows = await asyncio.to_thread(scenario_rows, desk)
    with frame(desk, "Home", here="/"):
        text("h1", "What are the prospects, and what do they hang on?")
        text("p", "Contested reports, turned into a forecast that can be argued with.", "lead")
        _runs(desk, names)
        mine = [row for row in rows if not row["scenario"].startswith(LIBRARY)]
        shipped = [row for row in rows if row["scenario"].startswith(LIBRARY)]
        _mine(desk, mine)
        with block("section", aria_labelledby="library"):
            with block("div", "head"):
                text("h2", "Library", id="library")
            _scenarios(desk, shipped)


def _runs(desk: Desk, names: list[str]) -> None:
    """Show the runs, those that play first."""
    active = [job for job in desk.jobs.all() if not _readable(desk, job)]
    others = [name for name in names if name not in {job.run for job in active}]
    with block("section", aria_labelledby="runs"):
        with block("div", "head"):
            text("h2", "Runs", id="runs")
            link("New run", "/run", "act main")
        if not active and not others:
            text("p", "No run yet. Choose a scenario below and play it.", "empty")
            return
        with block("ul", "tiles"):
            for job in reversed(active):
                _active_tile(desk, job)
            for name in others[:FIRST]:
                _tile(desk, name)
        if len(others) > FIRST:
            rest = block("ul", "tiles")

            def more() -> None:
                shown.set_visibility(False)
                with rest:
                    for name in others[FIRST:]:
                        _tile(desk, name)

            shown = button(f"{len(others) - FIRST} more runs", more, "quiet")


def _readable(desk: Desk, job: Job) -> bool:
    """Tell whether a run has results and does not play."""
    rests = desk.jobs.state(job) in ("done", "stopped")
    return rests and (desk.folder.runs / job.run / "outcomes.parquet").is_file()


def _active_tile(desk: Desk, job: Job) -> None:
    """Show a run that plays, waits, was stopped or failed."""
    with block("li", "tile"):
        with text("h3", ""):
            link(job.title + (f" · {job.variant}" if job.variant else ""), run_path(job.run))
        state = text("p", "")
        line = block("progress", value=0, max=job.campaigns, aria_label="Campaigns played")
        facts = text("p", "", "facts")

    def look() -> None:
        now = desk.jobs.state(job)
        far = progress(desk.folder.runs / job.run)
        state.set_text(now)
        state.classes(replace=f"state {now}")
        done = f"{far.done:,} of {far.total:,} campaigns" if far else f"{job.campaigns:,} campaigns"
        line.props["value"] = far.done if far else 0
        facts.set_text(f"{done} · seed {job.seed}")

    look()
    ui.timer(1.0, look)


def _tile(desk: Desk, name: str) -> None:
    """Show a run with its headline; where it is not known yet it is worked out after the page is there."""
    with block("li", "tile") as tile:
        known = desk.results.noted(name)
        if known is not None:
            _headline(known)
            return
        with text("h3", ""):
            link(name, run_path(name))
        text("p", "Working out the answer …", "facts")

    async def work() -> None:
        head = await asyncio.to_thread(desk.results.headline, name)
        tile.clear()
        with tile:
            if head is not None:
                _headline(head)
                return
            text("h3", name)
            text("p", "This run cannot be read.", "state failed")

    ui.timer(0.1, work, once=True)


def _headline(head: Headline) -> None:
    with text("h3", ""):
        link(head.title + (f" · {head.variant}" if head.variant else ""), run_path(head.run))
    if head.headline:
        text("p", head.headline, "says")
    if head.probability is not None and head.low is not None and head.high is not None:
        bar(100 * head.probability, 100 * head.low, 100 * head.high)
        text("p", f"{percent(head.probability)}, range {interval(head.low, head.high)}", "vh")
    unfinished = "" if head.complete else " · unfinished"
    facts = f"as of {day_text(head.as_of)} · {count(head.campaigns)} campaigns · seed {head.seed}{unfinished}"
    text("p", facts, "facts")


def _mine(desk: Desk, rows: list[dict[str, Any]]) -> None:
    """Show the user's scenarios, and a way to open a zip."""
    with block("section", aria_labelledby="mine"):
        with block("div", "head"):
            text("h2", "My scenarios", id="mine")
            _upload(desk)
        if rows:
            _scenarios(desk, rows)
        else:
            text("p", "None yet. “New from this” copies one of the library, to be changed.", "empty")


def _upload(desk: Desk) -> None:
    async def take(happened: events.UploadEventArguments) -> None:
        upload.reset()
        try:
            reference = take_zip(desk, await happened.file.read())
        except FastnessError as fault:
            with wrong:
                wrong.clear()
                problems(fault)
            return
        say(f"Kept as {reference}")
        ui.navigate.reload()

    with block("div", "acts"):
        upload = ui.upload(on_upload=take, auto_upload=True, max_file_size=MOST_PACKED, max_files=1).style(
            "display: none"
        )
        upload.on("rejected", lambda _: say(f"A zip may have at most {MOST_PACKED // 1_000_000} MB", bad=True), args=[])
        upload.props('accept=".zip"')
        button("Open a zip …", lambda: upload.run_method("pickFiles"))
    wrong = block("div", "wrong")


def _scenarios(desk: Desk, rows: list[dict[str, Any]]) -> None:
    with block("ul", "tiles"):
        for row in rows:
            _scenario(desk, row)


def _scenario(desk: Desk, row: dict[str, Any]) -> None:
    reference = row["scenario"]
    with block("li", "tile"):
        with text("h3", ""):
            link(row["title"] or reference.partition("/")[2], f"/scenarios/{quote(reference)}")
        if row["title"] is None:
            text("p", "This scenario has problems.", "state failed")
        else:
            if row["summary"]:
                text("p", _short(row["summary"]))
            span = f"{day_text(row['start'])} – {day_text(row['end'])}"
            text("p", f"{reference} · {span} · {row['places']} places", "facts")
        with block("div", "acts"):
            link("Run", f"/run?scenario={quote(reference, safe='')}", "act main")
            button("New from this", lambda: _copy(desk, reference))
            link("Zip", f"/api/scenarios/{quote(reference)}.zip", "act quiet", download=True)


def _short(words: str, most: int = 150) -> str:
    """Return the beginning of a text, up to a word."""
    plain = " ".join(words.split())
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + " …"


def _copy(desk: Desk, reference: str) -> None:
    """Copy a scenario to the user's, under the first name that is free."""
    try:
        made = desk.folder.copy(reference, desk.folder.free_name(f"my-{reference.partition('/')[2]}"))
    except FastnessError as fault:
        say(str(fault), bad=True)
        return
    say(f"Copied to {made}")
    ui.navigate.reload()


PAGE = Page("/", build, "Home")
