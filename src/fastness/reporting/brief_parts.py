"""What a brief is made of: sentences with references, tables, sections, and where every number came from."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """Where numbers and quotations came from: a file of the run folder (or of the package), a field in it, how.

    `values` are the texts that stand on it, as they stand in the brief.
    """

    number: int
    file: str
    field: str
    how: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or a few, and the numbers of its references; `lead` is set in bold before it."""

    text: str
    references: tuple[int, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a header, each with its references; `bars` are (low, at, high) in percent for each row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    references: tuple[tuple[int, ...], ...]
    bars: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its sentences, then a table, then a note."""

    id: str
    title: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    note: Line | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A situation report: title, what it is dated and based on, sections in order, references by number."""

    title: str
    dated: str
    basis: Line
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    footer: str

    def document(self) -> dict[str, Any]:
        """Return the brief as plain data for `--json`."""
        return asdict(self)


@dataclass
class Book:
    """Collects references while a brief is written: one number for each file and field."""

    found: dict[tuple[str, str], tuple[str, list[str]]] = field(default_factory=dict)

    def cite(self, file: str, name: str, how: str, values: Iterable[str]) -> int:
        """Return the number of a reference, and note what stands on it."""
        _, known = self.found.setdefault((file, name), (how, []))
        known.extend(value for value in values if value not in known)
        return 1 + list(self.found).index((file, name))

    def references(self) -> tuple[Reference, ...]:
        """Return all references in the order of their numbers."""
        return tuple(
            Reference(number, file, name, how, tuple(values))
            for number, ((file, name), (how, values)) in enumerate(self.found.items(), 1)
        )
