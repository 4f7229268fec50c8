"""Where things are written: from the path of a value to file, line and column, and from a finding to a `Problem`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastness.errors import Problem
from fastness.scenario.fields import TABLES

Address = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a path of the document: `("places", 3, "lon")`, or with the id for the row's number.

    `on_key` points at the key and not at its value; `offset` counts characters into a text value from 0.
    """

    path: Address
    code: str
    message: str
    hint: str = ""
    on_key: bool = False
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file; `column` counts from 1, or names the column of a table."""

    file: str
    line: int
    column: int | str | None
    text: str | None = None
    body: "Body | None" = None

    def at(self, offset: int | None) -> "Spot":
        """Return where a character of a text value is written; the value's own place when that cannot be told."""
        if offset is None or self.body is None:
            return self
        row, column = self.body.find(offset)
        return Spot(self.file, row + 1, column + 1, self.body.lines[row])


@dataclass(frozen=True, slots=True)
class Body:
    """A text value as read, and the part of the file (rows and columns from 0) in which it is written."""

    value: str
    lines: list[str]
    first: tuple[int, int]

    def find(self, offset: int) -> tuple[int, int]:
        """Return row and column of a character: folding changes only blanks, so that the others can be counted."""
        left = sum(not character.isspace() for character in self.value[:offset])
        row, column = self.first
        for number in range(row, len(self.lines)):
            for place in range(column if number == row else 0, len(self.lines[number])):
                if self.lines[number][place].isspace():
                    continue
                if left == 0:
                    return number, place
                left -= 1
        return self.first


@dataclass(slots=True)
class Origins:
    """Where each value and each key of a document is written."""

    values: dict[Address, Spot] = field(default_factory=dict)
    keys: dict[Address, Spot] = field(default_factory=dict)

    def spot(self, path: Address, *, on_key: bool = False) -> Spot | None:
        """Return where a path is written; for what is not written, where its nearest parent is."""
        exact = self.keys.get(path) if on_key else None
        found = exact or self.values.get(path)
        while found is None and path:
            path = path[:-1]
            found = self.keys.get(path) or self.values.get(path)
        return found


def row_numbers(document: Mapping[str, Any]) -> dict[Address, int]:
    """Return the row number of each (table, id); the first where an id comes twice."""
    numbers: dict[Address, int] = {}
    for table in TABLES:
        rows = document.get(table)
        for number, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                numbers.setdefault((table, row["id"]), number)
    return numbers


def located(findings: Iterable[Finding], document: Mapping[str, Any], origins: Origins) -> list[Problem]:
    """Turn findings into problems with file, line, column and the line itself."""
    numbers = row_numbers(document)
    return [_problem(finding, numbers, document, origins) for finding in findings]


def _problem(
    finding: Finding, numbers: Mapping[Address, int], document: Mapping[str, Any], origins: Origins
) -> Problem:
    path = finding.path
    if path[:2] in numbers:
        path = (path[0], numbers[path[:2]], *path[2:])
    spot = origins.spot(path, on_key=finding.on_key)
    if spot is None:
        return Problem(finding.code, finding.message, dotted(path, document), hint=finding.hint)
    spot = spot.at(finding.offset)
    return Problem(finding.code, finding.message, spot.file, spot.line, spot.column, spot.text, finding.hint)


def dotted(path: Address, document: Mapping[str, Any]) -> str:
    """Return a path as people write it: `places.kabul.population`, with the id for the number of a row."""
    parts = list(path)
    if len(parts) > 1 and parts[0] in TABLES and isinstance(parts[1], int):
        row = document[str(parts[0])][parts[1]]
        parts[1] = str(row.get("id", parts[1])) if isinstance(row, dict) else parts[1]
    return ".".join(str(part) for part in parts)
