"""YAML 1.2 text to plain data with the position of every node; only the plain part of YAML is let in.

The parser's events are scanned one by one: anchors, aliases, merges, tags, duplicate keys, depth and non-finite numbers
are refused before anything is built.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from fastness.errors import Problem
from fastness.scenario.positions import Address, Body, Origins, Spot

MAX_DEPTH: Final = 50
_LINE_END: Final = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_NULL: Final = re.compile(r"|~|null|Null|NULL")
_TRUTH: Final = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_HINTS: Final = {
    "mapping values are not allowed here": "put text that contains ': ' in quotes, and check the indentation",
    "could not find expected ':'": "a key is followed by ': ' and its value",
    "found character '\\t' that cannot start any token": "indent with spaces, not tabs",
    "found unexpected end of stream": "a quotation mark is not closed",
    "expected <block end>": "check the indentation, and the quotation marks above",
    "expected ',' or": "a bracket or quotation mark above is not closed, or a comma is missing",
}


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being filled."""

    path: Address
    content: dict[str, Any] | list[Any]
    key: str | None = None
    repeated: bool = False


@dataclass(slots=True)
class _Builder:
    """What has been read so far: data, positions, problems."""

    file: str
    lines: list[str]
    origins: Origins = field(default_factory=Origins)
    problems: list[Problem] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    root: object = None

    def refuse(self, code: str, message: str, event: Event, hint: str = "") -> None:
        spot = self.spot(event)
        self.problems.append(Problem(code, message, self.file, spot.line, spot.column, spot.text, hint))

    def spot(self, event: Event) -> Spot:
        line, column = event.start_mark.line, event.start_mark.column
        text = self.lines[line] if line < len(self.lines) else ""
        if not isinstance(event, ScalarEvent):
            return Spot(self.file, line + 1, column + 1, text)
        column += event.style in ("'", '"')
        if event.style is not None and event.style in event.value:
            return Spot(self.file, line + 1, column + 1, text)
        first = (line + 1, 0) if event.style in ("|", ">") else (line, column)
        return Spot(self.file, line + 1, column + 1, text, Body(event.value, self.lines, first))


def read_yaml(text: str, file: str) -> tuple[object, Origins, list[Problem]]:
    """Read one YAML document.

    Parameters
    ----------
    text : str
        The whole file.
    file : str
        Its name in messages.

    Returns
    -------
    tuple
        Data of dicts, lists, text, numbers, truths and None; where each node is written; all problems. With problems
        the data may be incomplete.
    """
    builder = _Builder(file, _LINE_END.split(text))
    try:
        _build(builder, YAML(typ="safe", pure=True).parse(text))
    except YAMLError as fault:
        builder.problems.append(_syntax_problem(fault, builder))
    return builder.root, builder.origins, builder.problems


def _build(builder: _Builder, events: Iterator[Event]) -> None:
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                builder.refuse("FS104", "a scenario is one document", event, "remove the line ---")
                return
        elif isinstance(event, NodeEvent):
            _scan(builder, event)
            if len(builder.frames) >= MAX_DEPTH and not isinstance(event, ScalarEvent | AliasEvent):
                builder.refuse("FS108", f"nested more than {MAX_DEPTH} levels deep", event)
                return
            if not _take(builder, event):
                return
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            builder.frames.pop()


def _scan(builder: _Builder, event: NodeEvent) -> None:
    """Refuse the parts of YAML that a scenario does not need."""
    if isinstance(event, AliasEvent):
        builder.refuse("FS105", f"alias *{event.anchor} is not allowed", event, "write the value again")
        return
    if event.anchor is not None:
        builder.refuse("FS105", f"anchor &{event.anchor} is not allowed", event, "remove it")
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        builder.refuse("FS106", f"tag {tag} is not allowed", event, "remove it")


def _take(builder: _Builder, event: NodeEvent) -> bool:
    """Put one node where it belongs; return False when reading cannot go on."""
    frame = builder.frames[-1] if builder.frames else None
    if frame is not None and isinstance(frame.content, dict) and frame.key is None:
        return _take_key(builder, frame, event)
    path = _next_path(frame)
    builder.origins.values.setdefault(path, builder.spot(event))
    value = _value(builder, event)
    _store(builder, frame, value)
    if isinstance(value, dict | list):
        builder.frames.append(_Frame(path, value))
    return True


def _take_key(builder: _Builder, frame: _Frame, event: NodeEvent) -> bool:
    if not isinstance(event, ScalarEvent):
        builder.refuse("FS104", "a key must be a word", event, "quote text that begins with { or [")
        return False
    if event.value == "<<" and event.style is None:
        builder.refuse("FS105", "merge key << is not allowed", event, "write the entries again")
    frame.repeated = event.value in frame.content
    if frame.repeated:
        first = builder.origins.keys[*frame.path, event.value]
        builder.refuse("FS107", f"'{event.value}' is given twice", event, f"the first is on line {first.line}")
    builder.origins.keys.setdefault((*frame.path, event.value), builder.spot(event))
    frame.key = event.value
    return True


def _next_path(frame: _Frame | None) -> Address:
    if frame is None:
        return ()
    return (*frame.path, len(frame.content) if isinstance(frame.content, list) else frame.key or "")


def _store(builder: _Builder, frame: _Frame | None, value: object) -> None:
    if frame is None:
        builder.root = value
    elif isinstance(frame.content, list):
        frame.content.append(value)
    else:
        if not frame.repeated:
            frame.content[frame.key or ""] = value
        frame.key = None


def _value(builder: _Builder, event: NodeEvent) -> object:
    if isinstance(event, MappingStartEvent):
        return {}
    if isinstance(event, SequenceStartEvent):
        return []
    if not isinstance(event, ScalarEvent):
        return None
    if event.style is not None:
        return event.value
    if _NOT_FINITE.fullmatch(event.value):
        builder.refuse("FS133", f"must be a finite number, is {event.value}", event)
    return _scalar(event.value)


def _scalar(text: str) -> object:
    """Read a plain scalar by the core schema of YAML 1.2; dates stay text."""
    if _NULL.fullmatch(text):
        return None
    if _TRUTH.fullmatch(text):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _syntax_problem(fault: YAMLError, builder: _Builder) -> Problem:
    mark = fault.problem_mark if isinstance(fault, MarkedYAMLError) else None
    said = (fault.problem if isinstance(fault, MarkedYAMLError) else None) or "it contains a control character"
    message = f"cannot be read as YAML: {said}"
    hint = next((hint for start, hint in _HINTS.items() if said.startswith(start)), "")
    if mark is None:
        return Problem("FS104", message, builder.file, hint=hint)
    text = builder.lines[mark.line] if mark.line < len(builder.lines) else ""
    return Problem("FS104", message, builder.file, mark.line + 1, mark.column + 1, text, hint)
