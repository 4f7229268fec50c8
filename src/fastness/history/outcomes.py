"""How sieges ended, read from a table: for scoring alone. No forecaster imports this file, which a test proves."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from fastness.history.cases import Reading, Row, read_rows
from fastness.history.courses import CLASSES

COLUMNS: Final = ("id", "start", "end", "days", "outcome", "force_survived")
_SURVIVED: Final = {"yes": 1.0, "no": 0.0, "partial": None}
#: the first or the last day may or may not be counted, and months are known better than days
_SLACK_DAYS: Final = 3
_MOST_DAYS: Final = 36_600


@dataclass(frozen=True)
class Outcome:
    """How a siege ended: day of the ending after the start, index into `CLASSES`, and whether the force survived.

    `survived` is 1 yes, 0 no, None where it did in part or nobody knows.
    """

    id: str
    start: date
    end: date
    days: int
    ending: int
    survived: float | None


def read_outcomes(path: str | Path) -> Reading:
    """Read a table of outcomes; see `fastness.history.cases.read_cases` for errors."""
    return read_rows(path, COLUMNS, _outcome)


def _outcome(row: Row) -> Outcome | None:
    name, start, end = row.text("id"), row.day("start"), row.day("end")
    days = row.number("days", _MOST_DAYS, whole=True)
    ending = row.word("outcome", CLASSES) if row.text("outcome") else None
    survived = row.word("force_survived", tuple(_SURVIVED))
    if name is None or start is None or end is None or not row.sound or ending is None:
        return None
    between = (end - start).days
    if between < 0:
        row.wrong("FS428", f"ends on {end}, before its start {start}", "end", "swap them, or correct one")
        return None
    if days is not None and abs(between - days) > _SLACK_DAYS:
        row.wrong("FS428", f"has {days:g} days, but its dates are {between} days apart", "days", "correct one")
        return None
    return Outcome(name, start, end, between, CLASSES.index(ending), _SURVIVED.get(survived or "partial"))
