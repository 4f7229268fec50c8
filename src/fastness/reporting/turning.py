"""The report's section on turning points: when the first question is decided, what moves it, typical campaigns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastness.analysis.story import Sentence, dated
from fastness.analysis.story_typical import Kind, typical
from fastness.analysis.turning import Move, Turning, indicators, tellable, turning
from fastness.analysis.words import percent, points
from fastness.errors import AnalysisError
from fastness.plot.turning import courses, sure
from fastness.reporting.charts import Card, Section
from fastness.reporting.texts import DASH, day_text

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

SECTION = "turning"
TITLE = "Turning points"
INTRO = (
    "The probability of the first question’s outcome for an observer who knows the model and everything that has "
    "happened until then, but not the hidden truths: week by week along campaigns. A change is what an event goes "
    "with, not what it causes."
)


@dataclass(frozen=True)
class Told:
    """A typical campaign: its heading, what marks its kind off, and its phases with their sentences."""

    heading: str
    marks: list[tuple[str, str, str]]
    phases: list[tuple[str, str, list[str]]]


@dataclass(frozen=True)
class MoveRow:
    """An event that P moves with, as text; `bar` is where P was and came to [%], the lower first, and the latter."""

    text: str
    share: str
    before: str
    after: str
    change: str
    bar: tuple[float, float, float]


def turning_section(ensemble: "Ensemble") -> tuple[Section | None, list[MoveRow], list[Told]]:
    """Draw the section, list what P moves with, and write the three stories.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    (Section or None, list of MoveRow, list of Told)
        No figures and events where the first question has too few campaigns for or against; no stories where campaigns
        are few.
    """
    section, rows = _figures(ensemble)
    return section, rows, _stories(ensemble)


def _figures(ensemble: "Ensemble") -> tuple[Section | None, list[MoveRow]]:
    first = next(iter(ensemble.scenario.questions), None)
    fine = ensemble.outcomes["status"] == 0
    if first is None or not tellable(ensemble.outcomes.loc[fine, first].to_numpy()):
        return None, []
    found = turning(ensemble, [first])[0]
    cards = [
        Card("turning-courses", "Along single campaigns", _says(found), courses(ensemble.scenario, found)),
        Card("turning-sure", "Inevitable, open, out of reach", _says_sure(found), sure(ensemble.scenario, found)),
    ]
    return Section(SECTION, TITLE, INTRO, cards, [], []), [_move(move) for move in indicators(found)]


def _move(move: Move) -> MoveRow:
    change = points(move.change, move.low, move.high)
    ends = sorted((100 * move.before, 100 * move.after))
    text = move.text[:1].upper() + move.text[1:]
    bar = (round(ends[0], 1), round(ends[1], 1), round(100 * move.after, 1))
    return MoveRow(text, percent(move.share), percent(move.before), percent(move.after), change, bar)


def _says(found: Turning) -> str:
    return (
        f"{found.text}: grey the median, orange campaigns that end with yes, blue with no ({len(found.courses)} shown)."
    )


def _says_sure(found: Turning) -> str:
    return (
        f"Above 90 % for good from {_date(found.yes_sure)} in half of the campaigns that end with yes; below 10 % for "
        f"good from {_date(found.no_sure)} in half of those that end with no."
    )


def _date(iso: str | None) -> str:
    return day_text(iso) if iso else DASH


def _stories(ensemble: "Ensemble") -> list[Told]:
    try:
        return [_told(kind) for kind in typical(ensemble).kinds]
    except AnalysisError:
        return []  # too few or too alike: the report goes without


def _told(kind: Kind) -> Told:
    phases = [
        (phase.title, f"{day_text(phase.first)} – {day_text(phase.last)}", [_line(each) for each in phase.sentences])
        for phase in kind.story.phases
    ]
    marks = [(mark.text, percent(mark.within), percent(mark.overall)) for mark in kind.marks]
    return Told(f"Like {percent(kind.share)} of campaigns: campaign {kind.story.campaign}", marks, phases)


def _line(said: Sentence) -> str:
    return dated(said)
