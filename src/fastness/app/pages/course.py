"""The course of a run: siege clocks and every figure of the report's, in its sections."""

import asyncio

from fastness.app.desk import Desk
from fastness.app.frame import Page
from fastness.app.pages._run import charts, opened, run_frame
from fastness.app.parts import block, table, text
from fastness.app.results import Result
from fastness.reporting.charts import Section
from fastness.reporting.tables import clock_rows
from fastness.reporting.texts import day_text


async def build(desk: Desk, name: str) -> None:
    """Build the page of the run `name`."""
    result = await opened(desk, name)
    await asyncio.to_thread(lambda: result.sections)
    with run_frame(desk, result, "course"):
        _clocks(result)
        for part in result.sections:
            _section(result, part)


def _clocks(result: Result) -> None:
    clock = result.ensemble.scenario.clock
    with block("section", id="clocks", aria_labelledby="clocks-title"):
        text("h2", "Siege clocks", id="clocks-title")
        text(
            "p",
            f"Days from {day_text(clock.start)} until supplies are used up for the first time: median over all "
            f"campaigns, 5–95 % in brackets, “over” where they last past {day_text(clock.end)}.",
        )
        header = ("What runs out", "After [days]", "People affected", "Lasts to the end [share of campaigns]")
        rows = [
            (row.text, row.days, row.people, row.never) for row in clock_rows(result.answer, result.ensemble.scenario)
        ]
        table(header, rows, numbers=(1, 2, 3), name="Siege clocks")


def _section(result: Result, part: Section) -> None:
    with block("section", id=part.id, aria_labelledby=f"{part.id}-title"):
        text("h2", part.title, id=f"{part.id}-title")
        text("p", part.intro)
        if part.legend:
            with block("p", "keys"):
                for colour, words in part.legend:
                    with block("span", "key"):
                        with block("svg", viewBox="0 0 10 10", aria_hidden="true", focusable="false"):
                            block("rect", width=10, height=10, fill=colour)
                        text("span", f" {words}")
        charts(result, part.cards)
        with block("details", "numbers"):
            text("summary", "The numbers behind these figures")
            rows = [(name, *cells) for name, cells in part.numbers]
            table(("", *part.dates), rows, numbers=range(1, len(part.dates) + 1), name=part.title)


PAGE = Page("/runs/{name}/course", build)
