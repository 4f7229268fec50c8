"""CSV tables to rows of text with the line and column of every cell."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastness.errors import Problem, did_you_mean
from fastness.scenario.model import Part
from fastness.scenario.positions import Origins, Spot

MAX_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a CSV file without their empty cells, where they are written, and what is wrong with the form.

    `absent` are required columns that the header lacks, `ragged` the numbers of rows that do not fit the header:
    both are problems already, and what follows from them is not worth another message.
    """

    rows: list[dict[str, Any]]
    origins: Origins
    problems: list[Problem]
    absent: frozenset[str]
    ragged: set[int]


def columns_of(row: type[Part]) -> dict[str, bool]:
    """Return the columns of a table as written, and whether each has to be there."""
    return {info.alias or name: info.is_required() for name, info in row.model_fields.items()}


def read_table(text: str, file: str, name: str, row: type[Part]) -> Table:
    """Read a CSV file whose first line names the columns.

    Parameters
    ----------
    text : str
        The whole file.
    file : str
        Its name in messages.
    name : str
        The table's key in the scenario, such as `places`.
    row : type[Part]
        The model of one row: supplies the columns.

    Returns
    -------
    Table
        Cells are stripped of spaces; empty cells are left out, so that defaults apply.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, columns = _lines(reader), columns_of(row)
    table = Table([], Origins(), [], frozenset(), set())
    try:
        _, header = next(lines, (1, []))
        problems, absent = _header_problems(header, file, columns)
        table = Table([], Origins(), problems, absent, set())
        table.origins.values[name,] = Spot(file, 1, None)
        for line, cells in lines:
            if len(table.rows) == MAX_ROWS:
                table.problems.append(Problem("FS102", f"a table has at most {MAX_ROWS:,} rows", file, line))
                break
            _take_row(table, name, file, header, columns, line, cells)
    except csv.Error as fault:
        hint = "a quotation mark is not closed" if "unexpected end" in str(fault) else ""
        table.problems.append(Problem("FS104", f"cannot be read as CSV: {fault}", file, reader.line_num, hint=hint))
    return table


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401  (csv's reader type is private)
    """Yield the first line's number and the stripped cells of each row that is not blank."""
    first = 1
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield first, stripped
        first = reader.line_num + 1


def _header_problems(
    header: Sequence[str], file: str, columns: Mapping[str, bool]
) -> tuple[list[Problem], frozenset[str]]:
    problems = []
    for number, column in enumerate(header):
        if column in header[:number]:
            problems.append(Problem("FS107", f"column '{column}' is given twice", file, 1, column))
        elif column not in columns:
            hint = did_you_mean(column, set(columns) - set(header)) or "known: " + ", ".join(columns)
            said = f"unknown column '{column}'" if column else f"column {number + 1} has no name"
            problems.append(Problem("FS110", said, file, 1, column or number + 1, hint=hint))
    absent = [column for column, required in columns.items() if required and column not in header]
    problems += [Problem("FS111", f"column '{column}' is missing", file, 1) for column in absent]
    return problems, frozenset(absent)


def _take_row(
    table: Table, name: str, file: str, header: Sequence[str], columns: Collection[str], line: int, cells: list[str]
) -> None:
    number = len(table.rows)
    if len(cells) != len(header):
        message = f"the row has {len(cells)} cells, the header has {len(header)} columns"
        hint = "put text that contains a comma in double quotes" if len(cells) > len(header) else ""
        table.problems.append(Problem("FS115", message, file, line, hint=hint))
        table.ragged.add(number)
    table.origins.values[name, number] = Spot(file, line, None)
    table.origins.values.update(
        {(name, number, column): Spot(file, line, column) for column in header if column in columns}
    )
    pairs = reversed(list(zip(header, cells, strict=False)))
    table.rows.append({column: cell for column, cell in pairs if cell and column in columns})
