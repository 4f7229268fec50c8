"""A run's first page: while it plays, how far it is and what it says so far; then the answer, the map, any place."""

import asyncio
from dataclasses import dataclass

from nicegui import ui

from fastness.app.desk import Desk
from fastness.app.figures import Chart, Map
from fastness.app.frame import Page, api_path, run_path
from fastness.app.pages._playing import playing_page
from fastness.app.pages._run import figure_path, opened, run_frame
from fastness.app.parts import block, button, choice, questions_table, say, table, text
from fastness.app.progress import progress
from fastness.app.results import Result, place_index
from fastness.errors import FastnessError
from fastness.plot.style import defending_side
from fastness.reporting.build import FIRST_QUESTIONS
from fastness.reporting.map_data import clock_days, map_numbers, shown_day
from fastness.reporting.tables import monte_carlo_points, question_rows
from fastness.reporting.texts import count


async def build(desk: Desk, name: str) -> None:
    """Build the page of the run `name`."""
    job = desk.jobs.get(name)
    state = desk.jobs.state(job) if job else "done"
    whole = (desk.folder.inside(desk.folder.runs, name) / "outcomes.parquet").is_file()
    if job is not None and (state in ("playing", "waiting", "stopping") or not whole):
        playing_page(desk, job)
        return
    result = await opened(desk, name)
    with run_frame(desk, result, ""):
        _unfinished(desk, result)
        places = _Places(result)
        with block("section", id="answer", aria_labelledby="headline"):
            text("p", result.headline, id="headline")
            text("p", result.answer.confidence, id="confidence")
            with block("div", "first"):
                _map(result, places)
                _questions(result)
        places.build()
        _numbers(result)


def _unfinished(desk: Desk, result: Result) -> None:
    """Offer to go on with a run that was stopped."""
    far = progress(result.ensemble.path)
    if far is None or far.complete:
        return

    def go_on() -> None:
        try:
            desk.jobs.go_on(result.name)
        except FastnessError as fault:
            say(str(fault), bad=True)
            return
        ui.navigate.to(run_path(result.name))

    with block("div", "notice acts"):
        text("span", f"Stopped after {far.done:,} of {far.total:,} campaigns; what follows comes from these.")
        button("Play the others", go_on)


@dataclass
class _Places:
    """The figures of one place: the one clicked on the map, or chosen from the list."""

    result: Result
    chooser: ui.element | None = None
    spot: ui.element | None = None

    def build(self) -> None:
        """Build the section below the first screen, with the stronghold's home in it."""
        scenario = self.result.ensemble.scenario
        home = scenario.sides[defending_side(scenario)].home
        first = next((place.id for place in scenario.places if place.id == home), scenario.places[0].id)
        with block("section", id="place", aria_labelledby="place-title"):
            with block("div", "head"):
                text("h2", "One place", id="place-title")
            with block("div", "pick"):
                names = {place.id: place.name for place in sorted(scenario.places, key=lambda place: place.name)}
                self.chooser = choice("Place", names, self.show, value=first, note="Or click one on the map.")
            self.spot = block("div")

        async def begin() -> None:
            await asyncio.to_thread(
                lambda: self.result.sections
            )  # takes a second, which the first screen need not wait
            self.show(first)

        ui.timer(0.1, begin, once=True)

    def click(self, place: str) -> None:
        """Show the place that was clicked, and go to it."""
        self.show(place)
        ui.run_javascript('document.getElementById("place").scrollIntoView({block: "nearest", behavior: "smooth"})')

    def show(self, place: str) -> None:
        """Show the figures of a place."""
        if self.spot is None or self.chooser is None:
            return
        scenario = self.result.ensemble.scenario
        name = scenario.places[place_index(self.result, place)].name
        if self.chooser.props.get("value") != place:
            self.chooser.props["value"] = place
        self.spot.clear()
        with self.spot:
            cards = self.result.cards(place)
            with block("div", "cards"):
                if not any(card.id == f"survival-{place}" for card in cards):
                    source = figure_path(self.result.name, f"survival-{place}")
                    Chart(
                        source, f"{name}: who holds it", f"{name}: share of campaigns in which its first holder has it."
                    )
                for card in cards:
                    title = f"{card.title}: {_WHAT.get(card.id.partition('-')[0], card.id.partition('-')[0])}"
                    Chart(figure_path(self.result.name, card.id), title, card.says)
                source = figure_path(self.result.name, f"people-{place}")
                Chart(
                    source,
                    f"{name}: people",
                    f"People at {name}, those who fled there included; median, 25–75 %, 5–95 %.",
                )


_WHAT = {"survival": "who holds it", "food": "days of food", "rations": "what people eat", "relief": "relief"}


def _map(result: Result, places: _Places) -> None:
    scenario = result.ensemble.scenario
    defender = scenario.sides[defending_side(scenario)].name
    says = (
        f"Map of the places and routes. Colour: share of campaigns in which {defender} holds the place on the chosen "
        "day. The numbers are in the table below, and places can be chosen from the list."
    )
    source, days = api_path(result.name, "map"), clock_days(scenario) + 1
    Map(source, day=shown_day(scenario), days=days, says=says, heard=places.click)


def _questions(result: Result) -> None:
    answer = result.answer
    rows = question_rows(answer, result.ensemble.scenario)
    with block("div", "asked"):
        questions_table(rows[:FIRST_QUESTIONS])
        if len(rows) > FIRST_QUESTIONS:
            with block("details", id="more-questions"):
                text("summary", f"{len(rows) - FIRST_QUESTIONS} more questions")
                questions_table(rows[FIRST_QUESTIONS:])
        text(
            "p",
            "Range: how far the probability moves across inputs and models; more campaigns do not narrow it. Monte "
            f"Carlo error, which they do: ±{monte_carlo_points(answer)} points or less from "
            f"{count(answer.campaigns)} campaigns. Words follow ICD 203.",
            "footnote",
        )


def _numbers(result: Result) -> None:
    numbers = map_numbers(result.ensemble)
    with block("details", "numbers"):
        text("summary", "The numbers behind the map")
        text("p", f"Share of campaigns in which {numbers.defender} holds each place.", "note")
        rows = [(name, *cells) for name, cells in numbers.rows]
        table(
            ("Place", *numbers.dates), rows, numbers=range(1, len(numbers.dates) + 1), name="The numbers behind the map"
        )


PAGE = Page("/runs/{name}", build)
