"""Read a file of battles in the format of CDB90: what could be known before, how it ended, and what is wrong with it.

Only the columns of `COLUMNS` are read. Judgements made after the event (`j_*`), surprise, air superiority and how far
the attacker advanced are never looked at.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fastness.errors import AnalysisError, Problem

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Ints = NDArray[np.int64]

UNREADABLE: Final = "FS421"
NO_COLUMN: Final = "FS422"
BAD_CELL: Final = "FS423"
NO_BATTLE: Final = "FS424"

MAX_BYTES: Final = 16_000_000
MAX_BATTLES: Final = 5_000
#: columns without which nothing can be played
NEEDED: Final = ("str_a", "str_d")
#: columns that a file may lack, and what is then not done
OPTIONAL: Final = {
    "wina": "who won is not scored",
    "cas_a": "the attacker's losses are not scored",
    "cas_d": "the defender's losses are not scored",
    "days": "lengths and daily losses are not scored",
    "war": "all battles count as one war",
    "year": "the year is taken from 'start'",
    "start": "the year is taken from 'year'",
    "parent": "no row is taken for part of another",
    "post1": "no position counts as fortified",
    "post2": "no second posture is read",
    "terr_relief": "no ground counts as rugged",
}
COLUMNS: Final = (*NEEDED, *OPTIONAL)
#: years that a battle can be of; later ones have not happened
FIRST_YEAR, LAST_YEAR = -3000, 2100
FORTIFIED, RUGGED, DELAYING = "FD", "G", frozenset({"DL", "WD"})
_DATE: Final = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")


@dataclass(frozen=True)
class Battles:
    """One entry per battle, NaN where a cell is empty; wars and battles are numbered from 0.

    Strengths and losses in persons, length in calendar days; `wins` is 1 where the attacker won, 0 where he lost;
    `fortified` and `rugged` are 1 where the defender's posture and the ground say so.
    """

    attacker: Floats
    defender: Floats
    days: Floats
    year: Floats
    lost_attacker: Floats
    lost_defender: Floats
    wins: Floats
    fortified: Floats
    rugged: Floats
    war: Ints
    number: Ints

    def __len__(self) -> int:
        return len(self.war)

    def __getitem__(self, chosen: Ints | Truths) -> "Battles":
        return Battles(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @property
    def log_ratio(self) -> Floats:
        """Attacker to defender, natural logarithm."""
        return np.asarray(np.log(self.attacker / self.defender))

    @property
    def log_size(self) -> Floats:
        """Natural logarithm of the geometric mean of both strengths."""
        return np.asarray(0.5 * np.log(self.attacker * self.defender))

    @property
    def century(self) -> Floats:
        """Centuries since 1946; an unknown year counts as 1946, the era that the model speaks for."""
        return np.where(np.isnan(self.year), 0.0, (self.year - 1946) / 100)

    @property
    def labelled(self) -> Truths:
        """Whether it is known who won."""
        return ~np.isnan(self.wins)

    def daily_loss(self, side: str) -> Floats:
        """Return log10 of the share of its strength that a side lost a day; no loss at all counts as half a man."""
        lost, strength = getattr(self, f"lost_{side}"), getattr(self, side)
        return np.asarray(np.log10(np.maximum(lost, 0.5) / strength / self.days))


@dataclass(frozen=True)
class BattleFile:
    """The battles of a file that can be played, the names of their wars, and what was not used.

    `left_out` says how many rows were not used for what reason, `problems` which cells and columns need a correction;
    of all `rows`, `small` have fewer than 5,000 men on both sides together.
    """

    battles: Battles
    wars: tuple[str, ...]
    left_out: dict[str, int]
    problems: tuple[Problem, ...]
    rows: int
    small: int


@dataclass
class _Reading:
    """Where the reader is, and all that it found wrong."""

    file: str
    problems: list[Problem]
    line: int = 1

    def fault(self, column: str | None, message: str, hint: str = "", code: str = BAD_CELL) -> None:
        self.problems.append(Problem(code, message, self.file, self.line, column, hint=hint))


def read_battles(path: str | Path) -> BattleFile:
    """Read a file of battles.

    Parameters
    ----------
    path : str or Path
        A CSV file whose first line names the columns; see `COLUMNS` for those that are read.

    Returns
    -------
    BattleFile
        Rows that are part of another battle (`parent`), drawn (`wina` 0) or without a strength are left out and
        counted. Rows with an impossible cell are left out with a problem each; the other rows stay.

    Raises
    ------
    AnalysisError
        FS421 if the file cannot be read; FS422 if it lacks a strength column; FS424 if no battle is left.
    """
    place = Path(path)
    reading = _Reading(str(path), [])
    rows = list(_rows(_text(place), reading))
    kept: list[dict[str, float | str]] = []
    left_out: dict[str, int] = {}
    small = 0
    for line, cells in rows:
        reading.line = line
        before = len(reading.problems)
        values = _values(cells, reading)
        reason = "an impossible cell" if len(reading.problems) > before else _left_out(cells, values)
        small += _number_of(values, "str_a") + _number_of(values, "str_d") < 5000
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
        else:
            kept.append(values)
    if not kept:
        said = "\n".join(str(problem) for problem in reading.problems[:20])
        message = f"{place}: no battle can be played" + (f"\n{said}\n" if said else "")
        raise AnalysisError(NO_BATTLE, message, "each needs a positive strength on both sides, str_a and str_d")
    if len(kept) > MAX_BATTLES:
        message = f"{place} holds {len(kept):,} battles, at most {MAX_BATTLES:,} are played"
        raise AnalysisError(UNREADABLE, message, "split the file by wars")
    battles, wars = _battles(kept)
    in_order = sorted(reading.problems, key=lambda problem: problem.line or 0)
    return BattleFile(battles, wars, left_out, tuple(in_order), len(rows), small)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AnalysisError(UNREADABLE, f"{path} is larger than 16 MB", "give a file of battles, one a row")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        hint = "save the file as UTF-8; spreadsheets offer 'CSV UTF-8' when saving"
        raise AnalysisError(UNREADABLE, f"{path} is not UTF-8 text", hint) from fault
    except OSError as fault:
        message = f"{path} cannot be read: {fault.strerror or fault}"
        raise AnalysisError(UNREADABLE, message, "name a CSV file of battles") from fault


def _rows(text: str, reading: _Reading) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of every row that fits the header."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, reading)
        first = reader.line_num + 1
        for cells in reader:
            reading.line, first = first, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                reading.fault(None, f"the row has {len(cells)} cells, the header has {len(header)} columns")
                continue
            yield reading.line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except csv.Error as fault:
        message = f"{reading.file}:{reader.line_num} cannot be read as CSV: {fault}"
        raise AnalysisError(UNREADABLE, message, "check the quotation marks near that line") from fault


def _check_header(header: Sequence[str], reading: _Reading) -> None:
    absent = [name for name in NEEDED if name not in header]
    if absent:
        columns = " and ".join(f"'{name}'" for name in absent)
        verb = "columns {} are" if len(absent) > 1 else "column {} is"
        message = f"{reading.file}:1 {verb.format(columns)} missing: nothing can be played without both strengths"
        raise AnalysisError(NO_COLUMN, message, "the first line of the file names its columns")
    for name, follows in OPTIONAL.items():
        if name in header:
            if header.count(name) > 1:
                reading.fault(name, f"column '{name}' is given twice; the last counts", code=NO_COLUMN)
        elif not (name in {"year", "start"} and {"year", "start"} & set(header)):
            reading.fault(None, f"column '{name}' is missing: {follows}", code=NO_COLUMN)


def _left_out(cells: dict[str, str], values: dict[str, float | str]) -> str:
    """Return why a sound row is not played, or nothing."""
    if cells.get("parent"):
        return "part of another battle"
    if np.isnan(_number_of(values, "str_a")) or np.isnan(_number_of(values, "str_d")):
        return "a strength unknown"
    return "drawn" if values["wina"] == 0 else ""


def _number_of(values: dict[str, float | str], name: str) -> float:
    value = values.get(name, np.nan)
    return value if isinstance(value, float) else np.nan


def _values(cells: dict[str, str], reading: _Reading) -> dict[str, float | str]:
    """Return the checked values of one row; each fault becomes a problem."""
    values: dict[str, float | str] = {name: _number(cells, name, reading, *rule) for name, rule in _RULES.items()}
    values["year"] = _year(cells, reading)
    posture = {cells.get("post1", ""), cells.get("post2", "")}
    values["fortified"] = float(FORTIFIED in posture)
    values["rugged"] = float(cells.get("terr_relief") == RUGGED)
    values["war"] = cells.get("war", "")
    return values


_RULES: Final[dict[str, tuple[Callable[[float], bool], str]]] = {
    "str_a": (lambda value: value > 0, "must be more than 0 persons"),
    "str_d": (lambda value: value > 0, "must be more than 0 persons"),
    "cas_a": (lambda value: value >= 0, "must be 0 persons or more"),
    "cas_d": (lambda value: value >= 0, "must be 0 persons or more"),
    "days": (lambda value: value >= 1, "must be 1 day or more: both ends count"),
    "wina": (lambda value: value in (-1, 0, 1), "must be 1 (attacker won), 0 (draw) or -1 (attacker lost)"),
}


def _number(cells: dict[str, str], name: str, reading: _Reading, fits: Callable[[float], bool], rule: str) -> float:
    written = cells.get(name, "")
    if not written:
        return np.nan
    try:
        value = float(written)
    except ValueError:
        reading.fault(name, f"'{written}' is not a number", _range_hint(written))
        return np.nan
    if not np.isfinite(value) or not fits(value):
        reading.fault(name, f"{rule}, is {written}")
        return np.nan
    return value


def _range_hint(written: str) -> str:
    """Return what to do about a range in a cell that holds one number."""
    ends = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?)", written)
    if not ends:
        return "" if "," not in written else "write thousands without commas"
    if float(ends[1]) > float(ends[2]):
        return f"a range the wrong way round, {ends[1]} is over {ends[2]}; and a cell holds one number"
    return "a cell holds one number, not a range"


def _year(cells: dict[str, str], reading: _Reading) -> float:
    """Return the year from `year` or `start`; where both are given they must agree, NaN if neither is."""
    between = (lambda value: FIRST_YEAR <= value <= LAST_YEAR and value == int(value), "must be a year")
    year = _number(cells, "year", reading, *between)
    written = cells.get("start", "")
    if not written:
        return year
    found = _DATE.fullmatch(written)
    try:
        if not found:
            reading.fault("start", f"'{written}' is not a date", "write 1944-06-06 or 1944-06-06 05:30:00")
            return np.nan
        begun = datetime.date(*(int(part) for part in found.groups()))
    except ValueError as fault:
        reading.fault("start", f"'{written}' is an impossible date: {fault}")
        return np.nan
    if not np.isnan(year) and begun.year != year:
        reading.fault("start", f"begins in {begun.year}, while year says {year:.0f}")
    return float(begun.year)


def _battles(kept: Sequence[dict[str, float | str]]) -> tuple[Battles, tuple[str, ...]]:
    wars = tuple(sorted({str(row["war"]) for row in kept}))
    numbers = {war: number for number, war in enumerate(wars)}

    def column(name: str) -> Floats:
        return np.array([_number_of(row, name) for row in kept], dtype=np.float64)

    battles = Battles(
        attacker=column("str_a"),
        defender=column("str_d"),
        days=column("days"),
        year=column("year"),
        lost_attacker=column("cas_a"),
        lost_defender=column("cas_d"),
        wins=(column("wina") + 1) / 2,
        fortified=column("fortified"),
        rugged=column("rugged"),
        war=np.array([numbers[str(row["war"])] for row in kept], dtype=np.int64),
        number=np.arange(len(kept)),
    )
    return battles, wars
