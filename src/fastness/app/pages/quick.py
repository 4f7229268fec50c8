"""Quick start: eight questions, a scenario that runs, and every default that it uses."""

from functools import partial
from typing import Any

from nicegui import ui

from fastness.app.desk import Desk
from fastness.app.folder import MINE
from fastness.app.frame import Page, frame
from fastness.app.pages._scenario import scenario_path
from fastness.app.parts import block, button, problems, table, text, value_of
from fastness.errors import FastnessError
from fastness.scenario.quick import Quick, quick, write_quick
from fastness.scenario.quick_answers import QUESTIONS, check_answer, read_answers


async def build(desk: Desk) -> None:
    """Build the page."""
    with frame(desk, "Quick start", here="/quick"):
        text("h1", "Quick start")
        text("p", "Eight answers make a scenario that runs. An empty answer takes the example.", "lead")
        _Form(desk).build()


class _Form:
    """The answers so far, what is wrong with them, and what they make."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.answers: dict[str, str] = {}
        self.faults: dict[str, Any] = {}

    def build(self) -> None:
        """Build the eight fields, and the list of defaults below."""
        with block("div", "form quick"):
            for number, asked in enumerate(QUESTIONS, 1):
                with block("label", "field"):
                    text("span", f"{number}. {asked.ask}", "name")
                    element = block("input", "", placeholder=asked.example, id=f"quick-{asked.id}", autocomplete="off")
                    self.faults[asked.id] = text("span", "", "fault", role="alert")
                    text("span", asked.note, "note")
                value_of(element, partial(self.heard, asked.id), "change")
        with block("div", "acts"):
            button("Make the scenario", self.make, "main", id="quick-make")
            text("span", "It is checked first; all of it can be changed afterwards.", "note")
        self.wrong = block("div")
        self.spot = block("section", id="defaults", aria_live="polite")
        self.show()

    def heard(self, name: str, words: str) -> None:
        """Take an answer, say what is wrong with it, and show what the answers make so far."""
        self.answers[name] = words
        self.faults[name].set_text(check_answer(name, words) if words.strip() else "")
        self.show()

    def show(self) -> None:
        """Show the defaults as they are with the answers so far."""
        self.spot.clear()
        try:
            made = quick(self.answers)
        except FastnessError:
            return
        with self.spot:
            _defaults(made)

    def make(self) -> None:
        """Write the scenario and go to it."""
        self.wrong.clear()
        try:
            folder = self.desk.folder
            name = folder.free_name(read_answers(self.answers).place_name)
            write_quick(folder.inside(folder.scenarios, name), self.answers)
        except FastnessError as fault:
            with self.wrong:
                problems(fault)
            return
        ui.navigate.to(scenario_path(f"{MINE}/{name}"))


def _defaults(made: Quick) -> None:
    with block("div", "head"):
        text("h2", f"{len(made.defaults)} defaults")
        text("span", "Values that nobody was asked for. Each can be changed on the scenario’s pages.", "note")
    rows = [(each.path, each.value, each.why) for each in made.defaults]
    table(("What", "Value", "Why"), rows, name="Defaults of the quick start")


PAGE = Page("/quick", build, "Quick start")
