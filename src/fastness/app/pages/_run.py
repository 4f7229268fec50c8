"""What the pages of one run share: its title, its parts, and the figures of a place."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from fastness.app.desk import Desk
from fastness.app.figures import Chart
from fastness.app.frame import api_path, frame, run_path
from fastness.app.parts import block, link, text
from fastness.app.results import Result
from fastness.reporting.charts import Card
from fastness.reporting.tables import monte_carlo_points
from fastness.reporting.texts import count, day_text

PARTS = {"": "Answer", "course": "Course", "campaigns": "Campaigns", "what-if": "What if", "export": "Take along"}


async def opened(desk: Desk, name: str) -> Result:
    """Open a run and work out its answer, beside the other pages."""
    result = desk.results.open(name)
    await asyncio.to_thread(lambda: result.answer)
    return result


@contextmanager
def run_frame(desk: Desk, result: Result, part: str) -> Iterator[None]:
    """Fill a page of a run."""
    manifest, scenario = result.ensemble.manifest, result.ensemble.scenario
    variant = manifest["variant"]
    title = scenario.title + (f" · {scenario_variant(result, variant)}" if variant else "")
    with frame(desk, scenario.title, wide=True):
        with block("div", "run-title"):
            text("h1", title)
            text("p", _facts(result))
        with block("nav", "tabs", aria_label="Parts of the run"):
            for path, words in PARTS.items():
                current = {"aria-current": "page"} if path == part else {}
                link(words, run_path(result.name, path), **current)
            link("Report", api_path(result.name, "report"), target="_blank")
        yield


def scenario_variant(result: Result, variant: str) -> str:
    """Return the title of the variant that was run, or its id."""
    known = result.ensemble.scenario.variants.get(variant)
    return known.title if known else variant


def _facts(result: Result) -> str:
    answer, clock = result.answer, result.ensemble.scenario.clock
    parts = [
        f"As of {day_text(clock.as_of)}",
        f"to {day_text(clock.end)}",
        f"{count(answer.campaigns)} campaigns",
        *([f"{answer.failed} failed"] if answer.failed else []),
        f"seed {answer.seed}",
        f"Monte Carlo error ±{monte_carlo_points(answer)} points",
    ]
    return " · ".join(parts)


def charts(result: Result, cards: list[Card]) -> None:
    """Show figures side by side."""
    with block("div", "cards"):
        for card in cards:
            Chart(figure_path(result.name, card.id), card.title, card.says)


def figure_path(run: str, figure: str) -> str:
    """Return the path of a figure's data."""
    return api_path(run, f"figures/{quote(figure)}")
