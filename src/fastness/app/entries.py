"""What the files of a scenario say, value by value: looked up, written as it was typed, set, and rows of tables."""

import csv
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, cast, get_origin

from fastness.app import splice
from fastness.app.splice import Value
from fastness.errors import RunError
from fastness.scenario.fields import TABLES
from fastness.scenario.model import Part
from fastness.scenario.positions import Address, row_numbers
from fastness.scenario.schema import FieldRow, model_table
from fastness.scenario.tables import columns_of, read_table
from fastness.scenario.wording import model_at
from fastness.scenario.yaml_text import read_yaml

Texts = dict[str, str]
Rows = Sequence[Mapping[str, str]]

MAIN: Final = "scenario.yaml"
#: most rows that are pasted at once
MOST_ROWS: Final = 500
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BOM: Final = "\ufeff"


def value_at(document: Mapping[str, Any], path: Address) -> Any:  # noqa: ANN401 - plain data
    """Return what is written at a path, rows of tables by id; None where nothing is."""
    found: Any = document
    for part in _numbered(path, document):
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - plain data
    """Tell whether two values say the same: a table's text and a number are compared as they are shown."""
    return shown(one) == shown(other)


def shown(value: Any) -> str:  # noqa: ANN401 - plain data
    """Return a value as a person would type it; nothing for the default."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {shown(each)}" for key, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(shown(each) for each in value)
    return str(value)


def field_of(path: Address) -> FieldRow | None:
    """Return what the schema says of a value: kind, unit, range, default and help."""
    rows = model_table(model_at(path[:-1]))
    return next((row for row in rows if row.name == path[-1]), None)


def typed(path: Address, words: str) -> Value:
    """Turn what was typed into what is written; what does not fit stays text, for the check to complain of."""
    plain = words.strip()
    known = field_of(path)
    kind = known.kind if known else "text"
    if not plain:
        return None
    if known and _is_mapping(path):
        pairs = (each.strip().rsplit(" ", 1) for each in plain.split(",") if each.strip())
        return {pair[0]: _number(pair[-1]) for pair in pairs if len(pair) == 2}
    if path[0] == "parameters" or kind in ("number", "whole number") or _is_level(path):
        return _number(plain)
    if kind == "true | false" and plain.lower() in ("true", "false"):
        return plain.lower() == "true"
    if kind == "list":
        return [each.strip() for each in plain.split(",") if each.strip()]
    return plain


def _number(plain: str) -> float | str:
    """Read a number; text that is none, such as one with a unit, stays."""
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain) if _DECIMAL.fullmatch(plain) else plain


def _is_level(path: Address) -> bool:
    """Tell whether a value is a percentile: a number or a date."""
    return path[0] == "beliefs" and path[-1] in ("p5", "p50", "p95")


def _is_mapping(path: Address) -> bool:
    """Tell whether a value is made of names and numbers, as in `millford 2, ringstead 1`."""
    fields = model_at(path[:-1]).model_fields
    return any(path[-1] in (name, info.alias) and get_origin(info.annotation) is dict for name, info in fields.items())


def pasted_rows(table: str, pasted: str) -> list[dict[str, str]]:
    """Read rows as a spreadsheet copies them; the first may name the columns, else they are the table's own order.

    Raises
    ------
    RunError
        FS510 if there is none, if one has no id or too many cells, or if there are too many.
    """
    columns = list(columns_of(cast("type[Part]", model_at((table,)))))
    lines = list(csv.reader(pasted.strip("\r\n").splitlines(), delimiter="\t" if "\t" in pasted else ","))
    cells = [[each.strip() for each in line] for line in lines if any(each.strip() for each in line)]
    header = columns
    if cells and "id" in cells[0] and set(filter(None, cells[0])) <= set(columns):
        header, cells = cells[0], cells[1:]
    if not cells:
        raise RunError(code="FS510", message="there are no rows", hint="copy the cells in the spreadsheet, then paste")
    if len(cells) > MOST_ROWS:
        message = f"{len(cells)} rows are too many to paste; at most {MOST_ROWS}"
        raise RunError(
            code="FS510", message=message, hint="paste them in parts, or put the table's file into the folder"
        )
    for number, line in enumerate(cells, 1):
        if len(line) > len(header):
            message = f"row {number} has {len(line)} cells, the table has {len(header)} columns"
            raise RunError(code="FS510", message=message, hint=f"columns: {', '.join(header)}")
        if not dict(zip(header, line, strict=False)).get("id"):
            message = f"row {number} has no id"
            raise RunError(code="FS510", message=message, hint=f"columns: {', '.join(header)}")
    return [dict(zip(header, line, strict=False)) for line in cells]


def _file_of(path: Address, now: Mapping[str, str]) -> str:
    table = f"tables/{path[0]}.csv"
    return table if path[0] in TABLES and table in now else MAIN


def _numbered(path: Address, document: Mapping[str, Any]) -> Address:
    """Return a path with the number of a table's row for its id."""
    number = row_numbers(document).get(path[:2]) if len(path) > 1 and isinstance(path[1], str) else None
    return (path[0], number, *path[2:]) if number is not None else path


def _changed(text: str, name: str, path: Address, value: Value) -> str:
    """Return a file's text with one value set."""
    mark, text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    if name == MAIN:
        return mark + splice.set_value(text, path, value)
    if len(path) != 3 or not isinstance(path[1], int):
        raise RunError(code="FS508", message=f"{name} has no row '{path[1]}'", hint="somebody may have removed it")
    return mark + splice.set_cell(text, path[1], str(path[2]), shown(value))


def document_of(found: Mapping[str, str]) -> dict[str, Any]:
    """Return the scenario that texts say, without checking it."""
    document = dict(_main(found[MAIN].removeprefix(_BOM)))
    for table in TABLES:
        text = found.get(f"tables/{table}.csv")
        if text is not None and table not in document:
            rows = read_table(text.removeprefix(_BOM), table, table, cast("type[Part]", model_at((table,)))).rows
            document[table] = rows
    return document


def must_be_readable(found: Mapping[str, str]) -> None:
    """Refuse to change files while the main one cannot be read, for nothing can be compared then (FS508)."""
    faults = [fault for fault in read_yaml(found[MAIN].removeprefix(_BOM), MAIN)[2] if fault.code == "FS104"]
    if faults:
        message = f"{MAIN} cannot be changed here: line {faults[0].line}: {faults[0].message}"
        raise RunError(code="FS508", message=message, hint="mend it in the file")


@lru_cache(maxsize=8)
def _main(text: str) -> dict[str, Any]:
    data = read_yaml(text, MAIN)[0]
    return data if isinstance(data, dict) else {}


def with_values(found: Texts, wanted: Mapping[Address, Value]) -> Texts:
    """Return the texts with values set."""
    fresh = dict(found)
    for path, value in wanted.items():
        name = _file_of(path, fresh)
        fresh[name] = _changed(fresh[name], name, _numbered(path, document_of(fresh)), value)
    return fresh


def with_rows(found: Texts, table: str, rows: Sequence[Mapping[str, str]]) -> Texts:
    """Return the texts with rows at the end of a table."""
    name = _file_of((table,), found)
    mark, text = (_BOM, found[name][1:]) if found[name].startswith(_BOM) else ("", found[name])
    filled = [{column: words for column, words in row.items() if words.strip()} for row in rows]
    if name != MAIN:
        return {**found, name: mark + splice.add_records(text, filled)}
    values = [{column: typed((table, 0, column), words) for column, words in row.items()} for row in filled]
    return {**found, name: mark + splice.add_rows(text, table, values)}


def without_row(found: Texts, table: str, row: str) -> Texts:
    """Return the texts without a row of a table; FS508 if it has no such row."""
    number = row_numbers(document_of(found)).get((table, row))
    if number is None:
        raise RunError(code="FS508", message=f"{table} has no row '{row}'", hint="somebody may have removed it")
    name = _file_of((table,), found)
    mark, text = (_BOM, found[name][1:]) if found[name].startswith(_BOM) else ("", found[name])
    fresh = splice.set_value(text, (table, number), None) if name == MAIN else splice.remove_record(text, number)
    return {**found, name: mark + fresh}
