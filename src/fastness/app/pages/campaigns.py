"""Single campaigns of a run: the typical ones, any one, and one watched on the map while its story is told."""

import asyncio
import random
from datetime import date
from typing import Any

from nicegui import ui

from fastness.analysis.story import Phase, Story, tell
from fastness.analysis.story_typical import Typical, typical
from fastness.analysis.words import percent
from fastness.app.desk import Desk
from fastness.app.figures import Map
from fastness.app.frame import Page, api_path, run_path
from fastness.app.pages._run import opened, run_frame
from fastness.app.parts import block, button, entry, link, table, text
from fastness.app.results import Result
from fastness.errors import AnalysisError, RunError
from fastness.reporting.map_data import clock_days
from fastness.reporting.texts import day_text, interval


async def build(desk: Desk, name: str, campaign: int | None = None) -> None:
    """Build the page of the run `name`; `campaign` is the one to watch, by default the commonest typical one."""
    result = await opened(desk, name)
    kinds = await asyncio.to_thread(_typical, result)
    shown = campaign if campaign is not None else kinds.kinds[0].story.campaign if kinds else 0
    story = await asyncio.to_thread(_story, result, shown)
    kept = await asyncio.to_thread(result.campaign_map, shown) is not None
    with run_frame(desk, result, "campaigns"):
        _choose(result, kinds, shown)
        _watch(result, story, kept=kept)
        _decided(result, shown)


def _typical(result: Result) -> Typical | None:
    """Return the typical campaigns; None where the run is too small or too uniform to have any."""
    with result.lock:
        try:
            return typical(result.ensemble)
        except AnalysisError:
            return None


def _story(result: Result, campaign: int) -> Story:
    with result.lock:
        total = result.ensemble.outcomes["campaign"].to_numpy()
        if campaign not in total:
            message = f"no campaign {campaign}; the run has {total.min()} to {total.max()}"
            raise RunError(code="FS506", message=message, hint="name one of them")
        events = result.ensemble.events
        return tell(result.ensemble.scenario, campaign, events[events["campaign"] == campaign])


def _choose(result: Result, kinds: Typical | None, shown: int) -> None:
    """Show the typical campaigns and a way to any other."""
    path = run_path(result.name, "campaigns")
    last = int(result.ensemble.outcomes["campaign"].max())
    with block("section", aria_labelledby="kinds"):
        with block("div", "head"):
            text("h2", "Kinds of history", id="kinds")
            if kinds:
                note = (
                    f"They tell {percent(kinds.told_apart)} of the campaigns’ differences; the rest blurs between them."
                )
                text("span", note, "note")
        if kinds:
            with block("ul", "tiles"):
                for kind in kinds.kinds:
                    _kind(path, kind, shown)
        with block("div", "acts pick-campaign"):
            asked: dict[str, str] = {"number": str(shown)}
            entry(
                "Campaign", lambda value: asked.update(number=value), value=str(shown), type="number", min=0, max=last
            )
            button("Watch", lambda: ui.navigate.to(f"{path}?campaign={_number(asked['number'], last)}"), "main")
            button("Any", lambda: ui.navigate.to(f"{path}?campaign={random.randint(0, last)}"))


def _number(written: str, last: int) -> int:
    return min(int(written), last) if written.isdecimal() else 0


def _kind(path: str, kind: Any, shown: int) -> None:  # noqa: ANN401 - a Kind of analysis.story_typical
    number = kind.story.campaign
    with block("li", "tile"):
        with text("h3", ""):
            link(f"Like campaign {number}", f"{path}?campaign={number}")
        text("p", f"{percent(kind.share)} of campaigns ({interval(kind.low, kind.high)}, Monte Carlo)", "facts")
        for mark in kind.marks:
            text("p", f"{mark.text}: in {percent(mark.within)} of these, {percent(mark.overall)} of all.")
        if number == shown:
            text("p", "shown below", "state playing")


def _watch(result: Result, story: Story, *, kept: bool) -> None:
    """Show a campaign: its map, and beside it its story, which the slider and the play button move along."""
    scenario = result.ensemble.scenario
    with block("section", aria_labelledby="watch"):
        with block("div", "head"):
            text("h2", f"Campaign {story.campaign}", id="watch")
            text("span", "One simulated history, not a forecast.", "note")
        with block("div", "watch" if kept else ""):
            if kept:
                source = f"{api_path(result.name, 'map')}?campaign={story.campaign}"
                says = "Map of who holds which place in this campaign on the chosen day; the story says it in words."
                Map(source, day=0, days=clock_days(scenario) + 1, says=says, follows="#story")
            else:
                kept_last = (
                    int(result.ensemble.series["campaign"].max()) if result.ensemble.series.sizes["campaign"] else -1
                )
                text(
                    "p",
                    f"The run kept the daily course of campaigns 0 to {kept_last}; of this one only its events.",
                    "note",
                )
            with block("div", "story", id="story", tabindex="0", role="region", aria_label="Story of the campaign"):
                for phase in story.phases:
                    _phase(phase, scenario.clock.start)


def _phase(phase: Phase, start: date) -> None:
    with text("h3", "", data_day=_day(phase.first, start)):
        text("span", phase.title)
        text("span", f"  {day_text(phase.first)} – {day_text(phase.last)}", "muted")
    with block("ol"):
        for said in phase.sentences:
            with block("li", data_day=_day(said.first, start)):
                first = day_text(said.first, date.fromisoformat(said.first).year)
                last = day_text(said.last, date.fromisoformat(said.last).year)
                text("span", first if said.first == said.last else f"{first} – {last}", "when")
                text("span", said.text)


def _day(iso: str, start: date) -> int:
    return (date.fromisoformat(iso) - start).days


def _decided(result: Result, campaign: int) -> None:
    """Show how the campaign decided the questions."""
    scenario, outcomes = result.ensemble.scenario, result.ensemble.outcomes
    row = outcomes[outcomes["campaign"] == campaign].iloc[0]
    start = scenario.clock.start.toordinal()
    with block("section", aria_labelledby="decided"):
        text("h2", "How it decides the questions", id="decided")
        rows = []
        for name, question in scenario.questions.items():
            day = int(row[name])
            rows.append((question.heading, "no" if day < 0 else f"yes, {day_text(date.fromordinal(start + day))}"))
        table(("Question", "In this campaign"), rows, numbers=(1,))


PAGE = Page("/runs/{name}/campaigns", build)
