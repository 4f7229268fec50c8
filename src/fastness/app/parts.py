"""Pieces of pages: plain HTML elements in the report's style. Text is always text; nothing here can become markup."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from fastness.errors import FastnessError, Problem, ScenarioError
from fastness.reporting.tables import QuestionRow

Heard = Callable[[Any], Any]


def block(tag: str = "div", classes: str = "", **attributes: object) -> ui.element:
    """Make an element to put others into: `with block("section"): …`."""
    element = ui.element(tag).classes(classes)
    for name, value in attributes.items():
        element.props[name.rstrip("_").replace("_", "-")] = value
    return element


def text(tag: str, words: str, classes: str = "", **attributes: object) -> TextElement:
    """Make an element that holds text."""
    element = TextElement(tag=tag, text=words)
    element.classes(classes)
    for name, value in attributes.items():
        element.props[name.rstrip("_").replace("_", "-")] = value
    return element


def link(words: str, to: str, classes: str = "", /, **attributes: object) -> TextElement:
    """Make a link to a page or a file of ours; `download=True` saves it."""
    return text("a", words, classes, href=to, **attributes)


def button(words: str, do: Callable[[], Any], classes: str = "", **attributes: object) -> TextElement:
    """Make a button."""
    element = text("button", words, classes, type="button", **attributes)
    element.on("click", lambda _: do(), args=[])
    return element


def value_of(element: ui.element, heard: Heard, event: str) -> ui.element:
    """Tell `heard` the value of an input, and remember it without sending it back, which would undo faster fingers.

    The browser remembers it too, as it is typed: whatever else changes on the page draws all inputs again.
    """

    def hear(happened: GenericEventArguments) -> object:
        with element.props.suspend_updates():
            element.props["value"] = happened.args
        return heard(happened.args)

    remember = "element.props.value = e.target.value"  # NiceGUI's record of the element, which it draws from
    if event != "input":
        element.on("input", js_handler=f"(e) => {{ {remember}; }}")
    return element.on(event, hear, js_handler=f"(e) => {{ {remember}; emit(e.target.value); }}")


def entry(words: str, heard: Heard, *, value: str = "", note: str = "", **attributes: object) -> ui.element:
    """Make a labelled input; attributes as in HTML, such as `type="number"`."""
    with block("label", "field"):
        text("span", words, "name")
        element = block("input", "", value=value, **attributes)
        if note:
            text("span", note, "note")
    return value_of(element, heard, "input")


def choice(
    words: str, options: Mapping[str, str], heard: Heard, *, value: str = "", note: str = "", classes: str = ""
) -> ui.element:
    """Make a labelled list to choose from; `options` are values and their texts."""
    with block("label", f"field {classes}"):
        text("span", words, "name")
        with block("select", value=value) as element:
            for each, shown in options.items():
                text("option", shown, value=each)
        if note:
            text("span", note, "note")
    return value_of(element, heard, "change")


def tick(words: str, heard: Callable[[bool], Any], *, on: bool = False, note: str = "") -> ui.element:
    """Make a labelled box to tick."""
    with block("label", "tick"):
        checked: dict[str, Any] = {"checked": True} if on else {}
        element = block("input", type="checkbox", **checked)
        with block("span"):
            text("span", words)
            if note:
                text("span", note, "note")
    return element.on("change", lambda e: heard(bool(e.args)), js_handler="(e) => emit(e.target.checked)")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = (), name: str = "") -> None:
    """Make a table of text whose first column names the rows; columns in `numbers` are set flush right."""
    with (
        block("div", "wide", tabindex="0", role="region", aria_label=f"Table: {name or header[0]}"),
        block("table", "plain"),
    ):
        with block("thead"), block("tr"):
            for k, words in enumerate(header):
                text("th", words, "number" if k in numbers else "", scope="col")
        with block("tbody"):
            for row in rows:
                with block("tr"):
                    text("th", row[0], scope="row")
                    for k, cell in enumerate(row[1:], 1):
                        text("td", cell, "number" if k in numbers else "", data_label=header[k])


def questions_table(rows: Sequence[QuestionRow]) -> None:
    """Make the table of questions with likelihood, probability, range and dates, as the report has it."""
    with block("table", "questions", id="questions"):
        text("caption", "The questions and their forecasts", "vh")
        with block("thead"), block("tr"):
            text("th", "Question", scope="col")
            text("th", "Likelihood", scope="col")
            text("th", "Probability and range", "number", scope="col")
            text("th", "When, if it happens", scope="col")
        with block("tbody"):
            for row in rows:
                _question(row)


def _question(row: QuestionRow) -> None:
    with block("tr", id=f"question-{row.id}"):
        text("th", row.text, scope="row")
        text("td", row.words, "words")
        with block("td", "number"):
            text("b", row.probability)
            text("span", f" {row.interval}", "range")
            bar(row.at, row.low, row.high)
        text("td", row.when, "when")


def bar(at: float, low: float, high: float) -> None:
    """Draw a probability and its range, in percent, on a line from 0 to 100."""
    frame = {"viewBox": "0 0 100 12", "preserveAspectRatio": "none", "aria-hidden": "true", "focusable": "false"}
    with block("svg", "bar", **frame):
        block("rect", "track", x=0, y=5, width=100, height=2)
        block("rect", "range", x=low, y=3, width=max(high - low, 0.8), height=6)
        block("rect", "point", x=min(max(at - 0.9, 0), 98.2), y=0, width=1.8, height=12)


def problems(fault: FastnessError) -> None:
    """Show what is wrong, each with its code and what to do."""
    found = (
        fault.problems if isinstance(fault, ScenarioError) else (Problem(fault.code, fault.message, hint=fault.hint),)
    )
    with block("section", "problems", role="alert"):
        text("h2", "1 problem" if len(found) == 1 else f"{len(found)} problems")
        for problem in found:
            text("pre", str(problem))


def say(words: str, *, bad: bool = False) -> None:
    """Show a short message that goes away by itself."""
    ui.notify(words, position="bottom", color="negative" if bad else "dark", close_button="OK" if bad else False)
