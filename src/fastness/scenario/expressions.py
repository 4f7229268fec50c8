"""The closed language of conditions and questions: `food_days("bazarak") < 10 and not open("khawak")`.

Text becomes frozen nodes by a tokenizer and a Pratt parser, then names, ids and types are checked against a scenario.
Nothing is ever handed to Python's own evaluator. What an observable gives during a campaign is the kernel's business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from fastness.errors import did_you_mean
from fastness.scenario.observables import OBSERVABLES, Kind, Type

if TYPE_CHECKING:
    from fastness.scenario.model import Scenario

MAX_LENGTH = 1000
MAX_DEPTH = 40
NOBODY = "nobody"
STOCK_KINDS = ("food", "fuel", "ammunition")


class ExpressionProblem(NamedTuple):
    """What is wrong with an expression, and at which character (from 0)."""

    offset: int
    code: str
    message: str
    hint: str


class ExpressionError(ValueError):
    """Text that is not an expression: `offset` (characters from 0), `code`, `message`, `hint`."""

    def __init__(self, offset: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.code = code
        self.message = message
        self.hint = hint

    def problem(self) -> ExpressionProblem:
        """Return the same as a row, to stand in one list with what `check_expression` finds."""
        return ExpressionProblem(self.offset, self.code, self.message, self.hint)


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: float
    offset: int


@dataclass(frozen=True)
class Text:
    """A quoted id."""

    value: str
    offset: int


@dataclass(frozen=True)
class Truth:
    """`true` or `false`."""

    value: bool
    offset: int


@dataclass(frozen=True)
class Call:
    """An observable with its arguments."""

    name: str
    arguments: tuple["Node", ...]
    offset: int


@dataclass(frozen=True)
class Unary:
    """`not x` or `-x`."""

    operator: str
    operand: "Node"
    offset: int


@dataclass(frozen=True)
class Binary:
    """Two operands; `offset` is the operator's."""

    operator: str
    left: "Node"
    right: "Node"
    offset: int


Node = Number | Text | Truth | Call | Unary | Binary


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_.]*)
      | (?P<text>"[^"\n]*"|'[^'\n]*')
      | (?P<sign><=|>=|==|!=|[<>+\-*/(),])""",
    re.VERBOSE | re.ASCII,
)
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_POWER = {"or": 1, "and": 2} | dict.fromkeys(_COMPARISONS, 4) | {"+": 5, "-": 5, "*": 6, "/": 6}
_NOT_POWER, _MINUS_POWER = 3, 7
_SLIPS = {"=": "write == for equals", "&": "write and", "|": "write or", "!": "write not, or !="}
_QUOTES = "\"'\u201c\u201d\u2018\u2019"


@lru_cache(maxsize=4096)  # each variant of a scenario brings all its expressions again
def parse(text: str) -> Node:
    """Parse one expression.

    Parameters
    ----------
    text : str
        At most 1000 characters.

    Returns
    -------
    Node
        The outermost operation; `holder("kabul") == "taliban"` gives `Binary("==", Call(...), Text(...), 16)`.

    Raises
    ------
    ExpressionError
        With the column and an FS120, FS121 or FS122 code, at the first thing that is wrong.
    """
    if len(text) > MAX_LENGTH:
        message = f"an expression has at most {MAX_LENGTH} characters, this one has {len(text)}"
        raise ExpressionError(MAX_LENGTH, "FS122", message, "split it")
    parser = _Parser(list(_tokens(text)))
    node = parser.expression(0, 1)
    parser.finish()
    for part, depth in walk(node):
        if depth > MAX_DEPTH:
            _too_deep(part.offset)
    return node


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth (the outermost is 1), parents first."""
    waiting = [(node, 1)]
    while waiting:
        here, depth = waiting.pop()
        yield here, depth
        waiting.extend((child, depth + 1) for child in reversed(_children(here)))


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Call(arguments=arguments):
            return arguments
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case _:
            return ()


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            _bad_character(text[position], position)
        kind = found.lastgroup or ""
        if kind != "space":
            yield _Token(kind, found.group(), position)
        position = found.end()
    yield _Token("end", "", len(text))


def _bad_character(character: str, offset: int) -> NoReturn:
    if character in _QUOTES:
        message, hint = f"no closing quotation mark for {character}", 'ids stand in straight quotes: "kabul"'
    else:
        message, hint = f"{character!r} has no meaning here", _SLIPS.get(character, "")
    raise ExpressionError(offset, "FS120", message, hint)


def _too_deep(offset: int) -> NoReturn:
    raise ExpressionError(offset, "FS122", f"an expression has at most {MAX_DEPTH} levels", "split it")


class _Parser:
    """A Pratt parser: an operator takes everything to its right that binds more tightly than itself."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.next
        self.position += 1
        return token

    def expect(self, sign: str, hint: str) -> None:
        if self.next.kind != "sign" or self.next.text != sign:
            _unexpected(self.next, f"expected {sign!r}", hint)
        self.take()

    def finish(self) -> None:
        if self.next.kind != "end":
            _unexpected(self.next, "expected the end, or an operator such as and", _leftover_hint(self.next))

    def expression(self, power: int, depth: int) -> Node:
        """Parse operators that bind more tightly than `power`."""
        if depth > MAX_DEPTH:
            _too_deep(self.next.offset)
        left = self.operand(depth)
        while (binding := _POWER.get(self.next.text, 0)) > power and self.next.kind in ("sign", "name"):
            operator = self.take()
            right = self.expression(binding, depth + 1)
            left = Binary(operator.text, left, right, operator.offset)
            if operator.text in _COMPARISONS and self.next.text in _COMPARISONS:
                _unexpected(self.next, "comparisons cannot be chained", "write a < b and b < c")
        return left

    def operand(self, depth: int) -> Node:
        token = self.take()
        if token.kind == "number":
            return _number(token)
        if token.kind == "text":
            return Text(token.text[1:-1], token.offset)
        if token.kind == "name":
            return self.named(token, depth)
        if token.text == "-":
            return Unary("-", self.expression(_MINUS_POWER, depth + 1), token.offset)
        if token.text == "(":
            inner = self.expression(0, depth + 1)
            self.expect(")", "every ( needs its )")
            return inner
        _unexpected(token, "expected a number, a quoted id or an observable", "")

    def named(self, token: _Token, depth: int) -> Node:
        if token.text in ("true", "false"):
            return Truth(token.text == "true", token.offset)
        if token.text == "not":
            return Unary("not", self.expression(_NOT_POWER, depth + 1), token.offset)
        if token.text in _POWER:
            _unexpected(token, "expected something before it", "")
        if self.next.text == "(":
            return Call(token.text, self.arguments(depth), token.offset)
        if token.text in OBSERVABLES:
            _unexpected(self.next, f"an observable is a call: {OBSERVABLES[token.text].usage()}", "")
        hint = did_you_mean(token.text, OBSERVABLES) or 'ids stand in quotes: "kabul"; an observable is a call: day()'
        raise ExpressionError(token.offset, "FS123", f"'{token.text}' has no meaning here", hint)

    def arguments(self, depth: int) -> tuple[Node, ...]:
        self.expect("(", "")
        found: list[Node] = []
        while self.next.text != ")":
            if found:
                self.expect(",", "arguments are separated by commas")
            found.append(self.expression(0, depth + 1))
        self.take()
        return tuple(found)


def _number(token: _Token) -> Number:
    value = float(token.text)
    if value == float("inf"):
        raise ExpressionError(token.offset, "FS120", f"{token.text} is too large a number", "")
    return Number(value, token.offset)


def _unexpected(token: _Token, message: str, hint: str) -> NoReturn:
    found = f"found {token.text}" if token.text else "the expression ends"
    raise ExpressionError(token.offset, "FS121", f"{message}; {found}", hint)


def _leftover_hint(token: _Token) -> str:
    if token.text == ",":
        return "write 4000, not 4,000"
    return "numbers have no units here: the observable's unit is meant" if token.kind == "name" else ""


def check_expression(node: Node, scenario: "Scenario", want: Type = "truth") -> list[ExpressionProblem]:
    """Check names, ids and types of a parsed expression against a scenario.

    Parameters
    ----------
    node : Node
        What `parse` returned.
    scenario : Scenario
        Supplies the ids of sides, places, routes, windows and beliefs.
    want : {"truth", "number", "side"}
        What the whole has to give.

    Returns
    -------
    list of ExpressionProblem
        All that is wrong, from left to right; empty when the expression is sound.
    """
    checker = _Checker(scenario)
    found = checker.type_of(node)
    if found is not None and found != want:
        hint = 'compare it: food_days("kabul") < 10' if want == "truth" else ""
        checker.note(node, "FS129", f"gives {_A[found]} where {_A[want]} is needed", hint)
    return sorted(checker.problems)


_A: dict[Type, str] = {"number": "a number", "truth": "a truth", "side": "a side"}


class _Checker:
    """Finds the type of every node and notes what does not fit; None is the type of what has been noted already."""

    def __init__(self, scenario: "Scenario") -> None:
        self.scenario = scenario
        self.problems: list[ExpressionProblem] = []

    def note(self, node: Node, code: str, message: str, hint: str = "") -> None:
        self.problems.append(ExpressionProblem(node.offset, code, message, hint))

    def type_of(self, node: Node) -> Type | None:
        match node:
            case Number():
                return "number"
            case Truth():
                return "truth"
            case Text(value=value):
                hint = "a quoted id stands in an observable, or beside holder(...) =="
                self.note(node, "FS127", f'"{value}" alone says nothing', hint)
                return None
            case Call():
                return self.call(node)
            case Unary(operator=operator, operand=operand):
                return self.need("truth" if operator == "not" else "number", operator, operand)
            case Binary(operator="==" | "!="):
                return self.equality(node)
            case Binary(operator=operator, left=left, right=right):
                needed = self.need("truth" if operator in ("and", "or") else "number", operator, left, right)
                return "truth" if operator in _COMPARISONS else needed

    def need(self, needed: Type, operator: str, *operands: Node) -> Type:
        for operand in operands:
            found = self.type_of(operand)
            if found is not None and found != needed:
                hint = "a side is compared by == or !=" if found == "side" else ""
                self.note(operand, "FS127", f"{operator} needs {_A[needed]}, this gives {_A[found]}", hint)
        return needed

    def equality(self, node: Binary) -> Type:
        texts = [part for part in (node.left, node.right) if isinstance(part, Text)]
        others = [part for part in (node.left, node.right) if not isinstance(part, Text)]
        types = [found for found in map(self.type_of, others) if found is not None]
        if len(texts) == 2:
            self.note(node, "FS127", "two quoted ids are compared with each other")
        elif texts and types == ["side"]:
            self.look_up(texts[0], "side", also=(NOBODY,))
        elif texts and types:
            self.note(node, "FS127", f"{_A[types[0]]} is compared with a quoted id")
        elif len(set(types)) == 2:
            self.note(node, "FS127", f"{_A[types[0]]} is compared with {_A[types[1]]}")
        return "truth"

    def call(self, node: Call) -> Type | None:
        observable = OBSERVABLES.get(node.name)
        if observable is None:
            hint = did_you_mean(node.name, OBSERVABLES) or "known: " + ", ".join(sorted(OBSERVABLES))
            self.note(node, "FS123", f"no observable named '{node.name}'", hint)
            return None
        most = len(observable.arguments)
        if not most - observable.optional <= len(node.arguments) <= most:
            self.note(node, "FS124", f"{observable.usage()} has {len(node.arguments)} arguments here")
            return observable.result
        for argument, kind in zip(node.arguments, observable.arguments, strict=False):
            if isinstance(argument, Text):
                self.look_up(argument, kind)
            else:
                self.note(argument, "FS125", f"{observable.usage()} needs a quoted {_noun(kind)} here")
        return observable.result

    def look_up(self, text: Text, kind: Kind, also: tuple[str, ...] = ()) -> None:
        known = (*_ids(kind, self.scenario), *also)
        if kind == "date":
            if not _is_date(text.value):
                self.note(text, "FS128", f"'{text.value}' is not a date", 'write date("2021-12-01")')
        elif text.value not in known:
            few = "known: " + ", ".join(known) if 0 < len(known) <= 8 else ""
            hint = did_you_mean(text.value, known) or few
            self.note(text, "FS126", f"no {_noun(kind)} named '{text.value}'", hint)
        elif kind == "belief" and self.scenario.beliefs[text.value].chance is None:
            message = f"belief '{text.value}' is a quantity, not a yes/no fact"
            self.note(text, "FS127", message, "truth() looks at beliefs that have a chance")


def _noun(kind: Kind) -> str:
    return "kind of stock" if kind == "stock" else kind


def _ids(kind: Kind, scenario: "Scenario") -> tuple[str, ...]:
    match kind:
        case "side":
            return tuple(scenario.sides)
        case "place":
            return tuple(place.id for place in scenario.places)
        case "route":
            return tuple(route.id for route in scenario.routes)
        case "window":
            return tuple(scenario.windows)
        case "belief":
            return tuple(scenario.beliefs)
        case "patron":
            return tuple(patron.id for patron in scenario.patrons)
        case "leader":
            return tuple(scenario.leaders)
        case "convoy":
            return tuple(convoy.id for convoy in scenario.convoys)
        case "stock":
            return STOCK_KINDS
        case "side or place":
            return (*scenario.sides, *(place.id for place in scenario.places))
        case "date":
            return ()


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
