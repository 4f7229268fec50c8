"""The outside view as a table: how often what a question asks happened in comparable cases, and which they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastness.analysis.words import percent
from fastness.history.outside import HAPPENED, OutsideView, outside_views
from fastness.reporting.texts import interval

if TYPE_CHECKING:
    from fastness.analysis.answer import Answer, QuestionAnswer
    from fastness.scenario.model import Scenario


@dataclass(frozen=True)
class OutsideRow:
    """One question: the inside view, the outside view with its interval, of how many cases, and counted how.

    `cases_range` is empty where `cases` is an interval itself, as no case, or every case, showed it.
    """

    text: str
    inside: str
    inside_range: str
    cases: str
    cases_range: str
    counted: str
    weighed: str


@dataclass(frozen=True)
class OutsideTable:
    """The questions that history can be asked, and the cases most alike: name and year, days, outcome, steps away."""

    rows: list[OutsideRow]
    nearest: list[tuple[str, str, str, str]]


def outside(scenario: "Scenario", answer: "Answer") -> OutsideTable | None:
    """Write the outside view of an answer's questions; None where no question has one."""
    views = outside_views(scenario)
    rows = [_row(question, views[question.id]) for question in answer.questions if question.id in views]
    if not rows:
        return None
    nearest: list[tuple[str, str, str, str]] = [
        (f"{case.case}, {case.start[:4]}", f"{case.days:,}", case.outcome, f"{case.steps:.1f}")
        for case in next(iter(views.values())).nearest
    ]
    return OutsideTable(rows, nearest)


def _row(question: "QuestionAnswer", view: OutsideView) -> OutsideRow:
    return OutsideRow(
        text=question.text,
        inside=percent(question.probability),
        inside_range=interval(question.low, question.high),
        cases=view.brief(),
        cases_range=f"{100 * view.low:.0f}–{100 * view.high:.0f}" if view.mixed else "",
        counted=f"{view.happened} of {view.cases} {HAPPENED[view.event]} within {view.horizon} days",
        weighed=f"{'by likeness' if view.sharpness else 'all alike'}; worth {view.effective:.0f} cases",
    )
