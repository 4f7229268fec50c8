"""Checked expressions to instructions of the kernel's stack machine."""

from datetime import date
from typing import NamedTuple

from fastness.compile.names import Names
from fastness.kernel.cover import KINDS
from fastness.kernel.expression import OBSERVABLES, OPERATIONS
from fastness.kernel.world import NOBODY
from fastness.scenario.expressions import Binary, Call, Node, Number, Text, Truth, Unary, parse
from fastness.scenario.observables import OBSERVABLES as OBSERVABLE_ROWS

Step = tuple[int, int, int, float]


class Span(NamedTuple):
    """First and end step of an expression in the program."""

    first: int
    end: int


class Program:
    """The instructions of all expressions of a scenario, one after the other."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.steps: list[Step] = []

    def add(self, text: str | None) -> Span:
        """Compile an expression; None gives an empty span."""
        first = len(self.steps)
        if text is not None:
            self._emit(parse(text))
        return Span(first, len(self.steps))

    def _emit(self, node: Node) -> None:
        match node:
            case Number(value=value):
                self._constant(value)
            case Truth(value=value):
                self._constant(float(value))
            case Text(value=value):
                self._constant(float(self.names.side.get(value, NOBODY)))
            case Unary(operator=operator, operand=operand):
                self._emit(operand)
                self.steps.append((OPERATIONS.index("not" if operator == "not" else "negative"), 0, 0, 0.0))
            case Binary(operator=operator, left=left, right=right):
                self._emit(left)
                self._emit(right)
                self.steps.append((OPERATIONS.index(operator), 0, 0, 0.0))
            case Call(name=name, arguments=arguments):
                self._call(name, [argument.value for argument in arguments if isinstance(argument, Text)])

    def _constant(self, value: float) -> None:
        self.steps.append((OPERATIONS.index("constant"), 0, 0, value))

    def _call(self, name: str, ids: list[str]) -> None:
        names = self.names
        if name == "date":
            start = names.scenario.clock.start.toordinal()
            self._constant(float(date.fromisoformat(ids[0]).toordinal() - start))
            return
        second = 0
        match name, ids:
            case "fighters", [side]:
                name, first = "fighters_side", names.side[side]
            case "fighters", [side, place]:
                name, first, second = "fighters_at", names.side[side], names.place[place]
            case "days_of", [kind, side] if side in names.side:
                name, first, second = "days_of_side", KINDS.index(kind), names.side[side]
            case "days_of", [kind, place]:
                name, first, second = "days_of_place", KINDS.index(kind), names.place[place]
            case _, []:
                first = 0
            case _, [one]:
                first = self._index(name, one)
        self.steps.append((OPERATIONS.index("observable"), OBSERVABLES.index(name), first, float(second)))

    def _index(self, observable: str, name: str) -> int:
        names = self.names
        match observable:
            case "open" | "closed_days":
                return names.route[name]
            case "window":
                return names.window[name]
            case "truth":
                return names.latent[name]
            case "aids" | "recognised":
                return names.patron[name]
            case "leader_lost" | "leader_abroad":
                return names.leader[name]
            case "convoys":
                return names.convoy[name]
            case _ if OBSERVABLE_ROWS[observable].arguments == ("place",):
                return names.place[name]
            case _:
                return names.side[name]
