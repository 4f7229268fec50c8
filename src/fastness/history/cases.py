"""Cases: what an observer could know of a siege on its third day, read from a table, one row a case.

An empty cell is unknown and stays unknown. Every problem is told with file, line and column; the other rows are kept.
This file knows nothing of how a siege ended: `outcomes.py` does, and no forecaster imports it.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from fastness.errors import AnalysisError, Problem, did_you_mean


class Range(NamedTuple):
    """A low and a high estimate of one amount, in the unit of its column."""

    low: float
    high: float


@dataclass(frozen=True)
class Case:
    """A siege, as it looked on its third day; None is unknown.

    Strengths and people in persons, area in km2, food in days. Levels (heavy weapons, air, other fronts, season) are 0
    none, 1 some, 2 much, as the coding rules say.
    """

    id: str
    conflict: str
    start: date
    setting: str | None = None
    front: str | None = None
    defenders: Range | None = None
    attackers: Range | None = None
    strength_confidence: str | None = None
    population: Range | None = None
    area_km2: Range | None = None
    road_corridor: str | None = None
    air_or_sea_corridor: str | None = None
    external_border: str | None = None
    food_days: Range | None = None
    heavy_weapons_attacker: int | None = None
    air_attacker: int | None = None
    heavy_weapons_defender: int | None = None
    air_support_defender: int | None = None
    relief_force: str | None = None
    sponsor: str | None = None
    attacker_intent: str | None = None
    attacker_other_fronts: int | None = None
    fortification: str | None = None
    season_hinders: int | None = None
    talks: str | None = None
    guarantor: int | None = None


#: words that a column may hold
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "setting": ("city", "town", "rural", "mountain", "coast"),
    "front": ("regular-vs-regular", "state-vs-irregular", "irregular-vs-irregular", "mixed"),
    "strength_confidence": ("H", "M", "L"),
    "road_corridor": ("open", "contested", "closed"),
    "air_or_sea_corridor": ("open", "contested", "none"),
    "external_border": ("yes", "no"),
    "relief_force": ("near", "distant", "none"),
    "sponsor": ("active", "promised", "none"),
    "attacker_intent": ("assault", "blockade", "mixed", "unclear"),
    "fortification": ("none", "hasty", "prepared", "fortified"),
    "talks": ("open", "none"),
}
#: columns of levels, and the highest
LEVELS: Final[Mapping[str, int]] = {
    "heavy_weapons_attacker": 2,
    "air_attacker": 2,
    "heavy_weapons_defender": 2,
    "air_support_defender": 2,
    "attacker_other_fronts": 2,
    "season_hinders": 2,
    "guarantor": 1,
}
#: amounts that are given as two columns, low and high, and the largest that makes sense
RANGES: Final[Mapping[str, float]] = {
    "defenders": 1e7,
    "attackers": 1e7,
    "population": 1e9,
    "area_km2": 1e7,
    "food_days": 1000,
}
#: first and last year in which a case may start
YEARS: Final = (1500, 2200)
COLUMNS: Final = tuple(
    column
    for part in fields(Case)
    for column in ((f"{part.name}_low", f"{part.name}_high") if part.name in RANGES else (part.name,))
)
_MOST_BYTES: Final = 4 * 1024 * 1024


@dataclass
class Reading:
    """The rows of one file that could be understood, and everything that is wrong with the others."""

    rows: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Row:
    """One line of a table: its cells by column, and where to say that one of them is wrong."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], problems: list[Problem]) -> None:
        self.file = file
        self.line = line
        self.cells = cells
        self.problems = problems
        self.sound = True

    def wrong(self, code: str, message: str, column: str | None = None, hint: str = "") -> None:
        """Note a problem of this line."""
        self.problems.append(Problem(code, message, self.file, self.line, column, hint=hint))
        self.sound = False

    def text(self, column: str) -> str | None:
        """Return a cell that has to be there, or None after noting that it is empty."""
        found = self.cells.get(column, "")
        if not found:
            self.wrong("FS426", "is empty", column, "every case needs it")
        return found or None

    def word(self, column: str, known: Sequence[str]) -> str | None:
        """Return a cell that holds one of some words; None if it is empty or wrong."""
        found = self.cells.get(column, "")
        if not found or found in known:
            return found or None
        hint = did_you_mean(found, known) or "known: " + ", ".join(known)
        self.wrong("FS426", f"'{found}' is not one of its words", column, hint)
        return None

    def number(self, column: str, most: float, *, whole: bool = False) -> float | None:
        """Return a cell that holds a number from 0 to `most`; None if it is empty or wrong."""
        found = self.cells.get(column, "")
        if not found:
            return None
        try:
            value = float(found)
        except ValueError:
            self.wrong("FS426", f"'{found}' is not a number", column)
            return None
        if not 0 <= value <= most or (whole and value != int(value)):
            kind = "whole number" if whole else "number"
            self.wrong("FS426", f"must be a {kind} from 0 to {most:g}, is {found}", column)
            return None
        return value

    def range(self, name: str) -> Range | None:
        """Return a low and a high cell as a range; None if both are empty or one is wrong."""
        low, high = (self.number(f"{name}_{end}", RANGES[name]) for end in ("low", "high"))
        if not self.sound or (low is None and high is None):
            return None
        if low is None or high is None:
            missing = f"{name}_{'low' if low is None else 'high'}"
            self.wrong("FS427", "one end of the range is missing", missing, "give both, or leave both empty")
            return None
        if low > high:
            self.wrong("FS427", f"the range runs the wrong way, from {low:g} to {high:g}", f"{name}_low", "swap them")
            return None
        return Range(low, high)

    def day(self, column: str) -> date | None:
        """Return a cell that holds a date; None after noting that it does not."""
        found = self.text(column)
        if found is None:
            return None
        try:
            day = date.fromisoformat(found)
        except ValueError:
            self.wrong("FS428", f"'{found}' is no date of the calendar", column, "write 1941-04-11")
            return None
        if not YEARS[0] <= day.year <= YEARS[1]:
            self.wrong("FS428", f"is in the year {day.year}; cases are of {YEARS[0]} to {YEARS[1]}", column)
            return None
        return day


def read_cases(path: str | Path) -> Reading:
    """Read a table of predictors.

    Returns
    -------
    Reading
        `rows` holds the cases in the order of the file.

    Raises
    ------
    AnalysisError
        FS425 if the file cannot be read, lacks columns or has no sound row.
    """
    return read_rows(path, COLUMNS, _case)


def read_rows(path: str | Path, columns: Sequence[str], make: Callable[[Row], Any]) -> Reading:
    """Read a CSV file whose every row `make` turns into an object with an `id`, or None after noting why not."""
    file = str(path)
    reading = Reading()
    header, lines = _lines(Path(path))
    missing = [column for column in columns if column not in header]
    if missing:
        message = f"{file}:1  has no column {', '.join(missing)}"
        raise AnalysisError(
            code="FS425", message=message, hint="docs/methods/sieges.md lists the columns of both files"
        )
    seen: dict[str, int] = {}
    for line, cells in lines:
        row = Row(file, line, dict(zip(header, cells, strict=False)), reading.problems)
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells, the header has {len(header)} columns"
            row.wrong("FS426", message, hint="put text that contains a comma in double quotes")
            continue
        made = make(row)
        if made is None or not row.sound:
            continue
        if made.id in seen:
            row.wrong("FS429", f"there are two rows '{made.id}', the first in line {seen[made.id]}", "id", "rename one")
            continue
        seen[made.id] = line
        reading.rows.append(made)
        reading.lines.append(line)
    if not reading.rows:
        said = "\n".join(str(problem) for problem in reading.problems)
        message = f"{file} has no row that can be used" + (f":\n{said}" if said else "")
        raise AnalysisError(code="FS425", message=message)
    return reading


def _lines(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the header and an iterator of line numbers and stripped cells; blank lines are left out."""
    try:
        raw = path.read_bytes()
        if len(raw) > _MOST_BYTES:
            message = f"{path} is larger than {_MOST_BYTES // 2**20} MB"
            raise AnalysisError(code="FS425", message=message, hint="give a table of cases, one row for each")
        text = raw.decode("utf-8-sig")
        rows = list(_numbered(text))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        said = fault.strerror if isinstance(fault, OSError) else str(fault)
        message = f"{path} cannot be read as a table: {said}"
        raise AnalysisError(code="FS425", message=message, hint="give a CSV file in UTF-8") from fault
    if not rows:
        message = f"{path} is empty"
        raise AnalysisError(code="FS425", message=message, hint="give a CSV file with a header")
    return rows[0][1], iter(rows[1:])


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text), strict=True)
    first = 1
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield first, stripped
        first = reader.line_num + 1


def _case(row: Row) -> Case | None:
    name, conflict, start = row.text("id"), row.text("conflict"), row.day("start")
    found: dict[str, Any] = {column: row.word(column, known) for column, known in WORDS.items()}
    for column, most in LEVELS.items():
        level = row.number(column, most, whole=True)
        found[column] = None if level is None else int(level)
    found |= {column: row.range(column) for column in RANGES}
    if name is None or conflict is None or start is None or not row.sound:
        return None
    return Case(id=name, conflict=conflict, start=start, **found)
