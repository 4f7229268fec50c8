"""Changes of one value or row in the text of a scenario's file; every other character stays as a person wrote it.

YAML is taken apart by ruamel only to learn where things stand, and the text itself is changed there: comments, quotes,
line breaks and the order of keys stay. What comes out is read again and has to say exactly what was meant.
"""

import copy
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn, cast

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, ScalarNode, SequenceNode

from fastness.errors import RunError
from fastness.scenario.positions import Address
from fastness.scenario.yaml_text import read_yaml

Value = str | float | bool | Sequence[str] | Mapping[str, "str | float | bool"] | None
Span = tuple[int, int]
Node = ScalarNode | CollectionNode

#: a line of text that is longer is folded
LONG: Final = 90
#: text that YAML reads as it stands, outside and inside of brackets
_PLAIN: Final = re.compile(r"[^\W_][^\n:#\[\]{},\"'`|>&*!%@]*", re.ASCII)
_PLAIN_OUTSIDE: Final = re.compile(r"[^\W_][^\n:#\"'`]*", re.ASCII)


def set_value(text: str, path: Address, value: Value) -> str:
    """Return the text with one value set; what is not there yet is put in.

    Parameters
    ----------
    text : str
        A YAML file.
    path : tuple
        Keys and numbers of entries.
    value : str, number, truth, list of str, mapping or None
        None takes the entry out.

    Raises
    ------
    RunError
        FS508 if the file cannot be changed there without changing more than was meant.
    """
    if value is None:
        return _checked(text, path, _removed(text, path), lambda data: _take_out(data, path))
    node, rest = _deepest(_compose(text), path)
    if rest:
        wrapped: Any = value
        for part in reversed(rest[1:]):
            wrapped = {part: wrapped}
        fresh = _inserted(text, node, rest[0], wrapped)
    else:
        fresh = _replaced(text, node, value)
    return _checked(text, path, fresh, lambda data: _put_in(data, path, value))


def add_rows(text: str, table: str, rows: Sequence[Mapping[str, Value]]) -> str:
    """Return the text with rows added to the end of a list, which is made where there is none; FS508 as `set_value`."""
    node, rest = _deepest(_compose(text), (table,))
    lines = [_flow(dict(row)) for row in rows]
    if rest or isinstance(node, ScalarNode):
        body = "".join(f"{_newline(text)}  - {line}" for line in lines)
        cleared = text if rest else _removed(text, (table,))
        end = cleared.rstrip()
        fresh = f"{end}{_newline(text)}{table}:{body}{_newline(text)}"
    elif node.flow_style or not node.value:
        at = node.end_mark.index - 1
        glue = ", " if node.value else ""
        fresh = text[:at] + glue + ", ".join(lines) + text[at:]
    else:
        last = node.value[-1]
        indent = _dash(text, last) - _line_start(text, _dash(text, last))
        at = _line_end(text, _tail(text, last))
        fresh = text[:at] + "".join(f"{_newline(text)}{' ' * indent}- {line}" for line in lines) + text[at:]

    def meant(data: Any) -> None:  # noqa: ANN401 - plain data
        data[table] = [*(data.get(table) or []), *(dict(row) for row in rows)]

    return _checked(text, (table,), fresh, meant)


def _refuse(path: Address, why: str) -> NoReturn:
    where = ".".join(str(part) for part in path)
    raise RunError(code="FS508", message=f"'{where}' cannot be changed here: {why}", hint="change it in the file")


def _compose(text: str) -> Node:
    problems = read_yaml(text, "scenario.yaml")[2]
    if problems:
        _refuse(("scenario.yaml",), f"line {problems[0].line}: {problems[0].message}")
    return cast("Node", YAML(typ="safe", pure=True).compose(text))


def _checked(text: str, path: Address, fresh: str, meant: Callable[[Any], None]) -> str:
    """Return the new text if it says what was meant and nothing else."""
    wanted: Any = copy.deepcopy(read_yaml(text, "")[0])
    meant(wanted)
    found, _, problems = read_yaml(fresh, "")
    if problems or json.dumps(found) != json.dumps(wanted):
        _refuse(path, "the file is written in a way that the workbench does not change")
    return fresh


def _put_in(data: Any, path: Address, value: Value) -> None:  # noqa: ANN401 - plain data
    for part in path[:-1]:
        if isinstance(data, dict) and data.get(part) is None:
            data[part] = {}
        data = data[part]
    data[path[-1]] = value


def _take_out(data: Any, path: Address) -> None:  # noqa: ANN401 - plain data
    for part in path[:-1]:
        data = data[part]
    del data[path[-1]]


def _deepest(node: Node, path: Address) -> tuple[Node, Address]:
    """Follow a path as far as it is there, and return the node with what is left of the path."""
    for depth, part in enumerate(path):
        found = _child(node, part)
        if found is None or (isinstance(found, ScalarNode) and not found.value and depth + 1 < len(path)):
            return node, path[depth:]
        node = found
    return node, ()


def _child(node: Node, part: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return cast("Node", node.value[part])
    return None


def _tail(text: str, node: Node) -> int:
    """Return where what a node says ends; the parser's own mark of a block lies at whatever follows it."""
    if isinstance(node, ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        return int(start + len(text[start:end].rstrip()) if node.style in ("|", ">") else end)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _tail(text, last[1] if isinstance(node, MappingNode) else last)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _dash(text: str, item: Node) -> int:
    return text.rfind("-", 0, item.start_mark.index)


def _replaced(text: str, node: Node, value: Value) -> str:
    start, end = node.start_mark.index, _tail(text, node)
    if not isinstance(node, ScalarNode) or _in_brackets(text, node):
        written = _flow(value)
    else:
        line = text[_line_start(text, start) : start]
        written = _block(value, len(line) - len(line.lstrip(" -")) + 2, _newline(text))
    return text[:start] + (" " if start == end and text[start - 1] == ":" else "") + written + text[end:]


def _in_brackets(text: str, node: Node) -> bool:
    """Tell whether a value stands inside { } or [ ]."""
    root = YAML(typ="safe", pure=True).compose(text)
    at = node.start_mark.index
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ScalarNode):
            continue
        if each.flow_style and each.start_mark.index < at < each.end_mark.index:
            return True
        children = [value for _, value in each.value] if isinstance(each, MappingNode) else each.value
        waiting += [child for child in children if child.start_mark.index <= at]
    return False


def _inserted(text: str, node: Node, key: str | int, value: Any) -> str:  # noqa: ANN401 - a value, perhaps wrapped
    """Put a new entry behind the last one of a mapping."""
    if not isinstance(node, MappingNode) or not isinstance(key, str):
        _refuse((key,), "there is nothing to put it into")
    if node.flow_style or not node.value:
        at = _tail(text, node.value[-1][1]) if node.value else node.end_mark.index - 1
        return text[:at] + (", " if node.value else "") + f"{_flow(key)}: {_flow(value)}" + text[at:]
    empty = next((k for k, v in node.value if k.value == key and isinstance(v, ScalarNode) and not v.value), None)
    if empty is not None:
        at = text.index(":", empty.end_mark.index) + 1
        return f"{text[:at]} {_flow(value)}{text[at:]}"
    indent = node.value[0][0].start_mark.column
    at = _line_end(text, _tail(text, node.value[-1][1]))
    return (
        f"{text[:at]}{_newline(text)}{' ' * indent}{_flow(key)}: {_block(value, indent + 2, _newline(text))}{text[at:]}"
    )


def _removed(text: str, path: Address) -> str:
    """Take an entry out, with its line where it has one; comments above it stay."""
    parent, rest = _deepest(_compose(text), path[:-1])
    if rest or isinstance(parent, ScalarNode) or _child(parent, path[-1]) is None:
        _refuse(path, "it is not there")
    if isinstance(parent, MappingNode):
        spans = [(key.start_mark.index, max(key.end_mark.index, _tail(text, value))) for key, value in parent.value]
        number = [key.value for key, _ in parent.value].index(path[-1])
    else:
        spans = [(each.start_mark.index, _tail(text, each)) for each in parent.value]
        number = int(path[-1])
    if parent.flow_style:
        return _cut(text, spans, number)
    if isinstance(parent, SequenceNode):
        spans = [(_dash(text, each), tail) for each, (_, tail) in zip(parent.value, spans, strict=True)]
    start, end = spans[number]
    if len(spans) == 1:
        return text[:start] + ("{}" if isinstance(parent, MappingNode) else "[]") + text[end:]
    first = _line_start(text, start)
    if text[first:start].strip():  # behind a dash
        return text[:start] + text[spans[number + 1][0] :]
    after = text.find("\n", end)
    return text[:first] + (text[after + 1 :] if after >= 0 else "")


def _cut(text: str, spans: Sequence[Span], number: int) -> str:
    """Take one entry out of brackets, with one of the commas beside it."""
    start, end = spans[number]
    if number:
        start = spans[number - 1][1]
    elif len(spans) > 1:
        end = spans[1][0]
    return text[:start] + text[end:]


def _flow(value: Any) -> str:  # noqa: ANN401 - plain data
    """Write a value in one line, as it may stand inside brackets."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return _words(value, _PLAIN)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(_flow(each) for each in value) + "]"


def _block(value: Any, indent: int, newline: str) -> str:  # noqa: ANN401 - plain data
    """Write a value behind a key on a line of its own; long text is folded below it."""
    if not isinstance(value, str):
        return _flow(value)
    if len(value) <= LONG or value != " ".join(value.split()):
        return _words(value, _PLAIN_OUTSIDE)
    lines = textwrap.wrap(value, 120 - indent, break_long_words=False, break_on_hyphens=False)
    return ">-" + "".join(f"{newline}{' ' * indent}{line}" for line in lines)


def _words(value: str, plain: re.Pattern[str]) -> str:
    """Write text plainly where YAML reads it back as that text, else in quotes."""
    if plain.fullmatch(value) and value == value.strip() and read_yaml(value, "")[0] == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else str(int(value)) if value == int(value) else repr(value)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a CSV file: where it stands with its line end, and where its cells do, quotes included."""

    start: int
    end: int
    cells: tuple[Span, ...]


def records(text: str) -> list[Record]:
    """Return the records of a CSV file that are not blank, the header first."""
    found, at = [], 0
    while at < len(text):
        start, cells = at, []
        while True:
            end = _cell_end(text, at)
            cells.append((at, end))
            at = end + 1
            if end >= len(text) or text[end] != ",":
                break
        at = end + 2 if text[end : end + 2] == "\r\n" else end + 1
        if any(text[a:b].strip() for a, b in cells):
            found.append(Record(start, min(at, len(text)), tuple(cells)))
    return found


def _cell_end(text: str, at: int) -> int:
    """Return where a cell ends: at a comma, a line's end, or the end of the text."""
    if text[at : at + 1] == '"':
        at += 1
        while at < len(text) and (text[at] != '"' or text[at + 1 : at + 2] == '"'):
            at += 2 if text[at] == '"' else 1
        at += 1
    while at < len(text) and text[at] not in ",\r\n":
        at += 1
    return min(at, len(text))


def cell(words: str) -> str:
    """Write a cell, in quotes where it needs them."""
    return '"' + words.replace('"', '""') + '"' if re.search(r'[,"\r\n]', words) else words


def header_of(text: str) -> list[str]:
    """Return the names of the columns."""
    rows = records(text)
    return [text[a:b].strip().strip('"') for a, b in rows[0].cells] if rows else []


def set_cell(text: str, row: int, column: str, words: str) -> str:
    """Return a CSV text with one cell set; `row` counts from 0 behind the header. A column that is missing is added."""
    header = header_of(text)
    if column not in header:
        text, header = _with_column(text, column), [*header, column]
    record, number = records(text)[row + 1], header.index(column)
    if number >= len(record.cells):
        end = record.cells[-1][1]
        return text[:end] + "," * (number - len(record.cells) + 1) + cell(words) + text[end:]
    start, end = record.cells[number]
    return text[:start] + cell(words) + text[end:]


def _with_column(text: str, column: str) -> str:
    for number, record in reversed(list(enumerate(records(text)))):
        end = record.cells[-1][1]
        text = text[:end] + "," + (column if number == 0 else "") + text[end:]
    return text


def add_records(text: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Return a CSV text with rows added at its end; columns that it lacks are added."""
    for column in dict.fromkeys(column for row in rows for column in row):
        if column not in header_of(text):
            text = _with_column(text, column)
    newline, header = _newline(text), header_of(text)
    text = text if not text or text.endswith("\n") else text + newline
    return text + "".join(",".join(cell(row.get(column, "")) for column in header) + newline for row in rows)


def remove_record(text: str, row: int) -> str:
    """Return a CSV text without one row."""
    record = records(text)[row + 1]
    return text[: record.start] + text[record.end :]
