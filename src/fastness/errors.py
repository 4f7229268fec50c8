"""Everything that can go wrong, said in one form: what, where, the line itself with a caret, a code and a hint.

Codes: FS1xx scenario, FS2xx run, FS3xx store, FS4xx analysis, FS5xx workbench. What each means is written once, in
`codes.toml`, for `fastness explain FS112` and the documentation.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

_BEFORE: Final = 70
_WIDTH: Final = 110
_MOST_WORDS: Final = 1000  # beyond that, looking for the nearest takes longer than it helps


@dataclass(frozen=True, slots=True)
class Code:
    """What an error code means: one line, why it is an error, what to do."""

    title: str
    explanation: str
    what_to_do: str


def _read_codes() -> dict[str, Code]:
    rows = tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))
    return {code: Code(**row) for code, row in sorted(rows.items())}


CODES: Final[dict[str, Code]] = _read_codes()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what a person wrote.

    `line` and `column` count from 1; in a table `column` is the column's name; `text` is the line as written.
    Without a file (a scenario changed in memory) `file` names the entry, such as `places.kabul.population`.
    """

    code: str
    message: str
    file: str = ""
    line: int | None = None
    column: int | str | None = None
    text: str | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part not in (None, ""))
        said = f"{self.message}; {self.hint}" if self.hint else self.message
        head = "  ".join(part for part in (where, self.code, said) if part)
        if self.text is None or self.line is None or not isinstance(self.column, int):
            return head
        return f"{head}\n{_pointed(self.text, self.line, self.column)}"


def _pointed(text: str, line: int, column: int) -> str:
    """Return the line with a caret under the column; of a long line, the part around it."""
    first = max(0, min(column - _BEFORE, len(text) - _WIDTH)) if len(text) > _WIDTH else 0
    shown = text[first : first + _WIDTH].replace("\t", " ").rstrip()
    return f"{line:>7} | {shown}\n{'':>7} | {' ' * (column - 1 - first)}^"


class FastnessError(Exception):
    """Base of everything that fastness raises on purpose: a code, a message and a hint."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return str(Problem(self.code, self.message, hint=self.hint))


class ScenarioError(FastnessError):
    """A scenario that cannot be used, with all its problems (FS1xx), in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.code, first.message, first.hint)
        self.args = (problems,)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class RunError(FastnessError):
    """A run that cannot start or go on (FS2xx)."""


class StoreError(FastnessError):
    """A run folder that cannot be read or written (FS3xx)."""


class AnalysisError(FastnessError):
    """An analysis that its inputs do not allow (FS4xx)."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'gulbahar'?` for the nearest known word, or nothing when none is near."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1) if len(words) <= _MOST_WORDS else []
    return f"did you mean '{near[0]}'?" if near else ""


def explain(code: str) -> str:
    """Return the page of an error code as text.

    Raises
    ------
    KeyError
        If there is no such code.
    """
    page = CODES[code]
    return f"{code}  {page.title}\n\n{page.explanation}\n\nWhat to do: {page.what_to_do}\n"
