"""Types of the scenario's fields that refer to something else in it: ids, days of the clock, dates of evidence.

The reader passes a `Known` as pydantic's validation context, so that a wrong id or date is found together with
everything else that is wrong in the same pass. Without a context (models built in Python) only the form is checked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

from fastness.errors import did_you_mean
from fastness.units import Day, Quantity, read_day, refuse, shown

Kind = Literal[
    "place",
    "route",
    "side",
    "force",
    "stock",
    "group",
    "patron",
    "convoy",
    "source",
    "claim",
    "leader",
    "belief",
    "window",
    "question",
    "variant",
]
TABLES: Final[Mapping[str, Kind]] = {
    "places": "place",
    "routes": "route",
    "forces": "force",
    "stocks": "stock",
    "groups": "group",
    "patrons": "patron",
    "convoys": "convoy",
    "sources": "source",
    "claims": "claim",
}
MAPPINGS: Final[Mapping[str, Kind]] = {
    "sides": "side",
    "leaders": "leader",
    "beliefs": "belief",
    "windows": "window",
    "questions": "question",
    "variants": "variant",
}
_REQUIRED: Final = ("places", "sides", "questions")


@dataclass(frozen=True, slots=True)
class Known:
    """What a field can be held against: the ids of each kind, and the clock where it could be read.

    A kind whose table is missing or broken as a whole has no names: nothing can be said of references to it.
    """

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    as_of: date | None = None

    def lacks(self, kind: str, name: str) -> bool:
        """Say whether there is certainly no such name."""
        return kind in self.names and name not in self.names[kind]


def gather(document: Mapping[str, Any]) -> Known:
    """Collect ids and clock from a document as written, valid or not."""
    names: dict[str, frozenset[str]] = {}
    for table, kind in (*TABLES.items(), *MAPPINGS.items()):
        written = document.get(table)
        found = _ids(written)
        if found or (written in (None, [], (), {}) and table not in _REQUIRED):
            names[kind] = found
    clock = document.get("clock")
    if not isinstance(clock, dict):
        return Known(names)
    return Known(names, *(_day_or_none(clock.get(name)) for name in ("start", "end", "as_of")))


def _ids(written: object) -> frozenset[str]:
    if isinstance(written, dict):
        return frozenset(written)
    rows = written if isinstance(written, list | tuple) else ()
    found = [row.get("id") for row in rows if isinstance(row, dict)]
    return frozenset(name for name in found if isinstance(name, str))


def _day_or_none(value: object) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None


def no_such(kind: str, name: str, names: Iterable[str]) -> tuple[str, str]:
    """Return message and hint for an id that names nothing."""
    known = sorted(names)
    hint = did_you_mean(name, known)
    if not hint and not known:
        hint = f"the scenario has no {kind}s"
    elif not hint and len(known) <= 8:
        hint = "known: " + ", ".join(known)
    return f"no {kind} named '{name}'", hint


def _reference(kind: Kind) -> AfterValidator:
    def check(name: str, info: ValidationInfo) -> str:
        if isinstance(info.context, Known) and info.context.lacks(kind, name):
            refuse("FS112", *no_such(kind, name, info.context.names[kind]))
        return name

    return AfterValidator(check)


def _within_clock(day: date, info: ValidationInfo) -> date:
    known = info.context
    if not isinstance(known, Known) or known.start is None or known.end is None:
        return day
    if known.start > known.end:
        return day
    latest = known.end + timedelta(days=1) if info.field_name == "before" else known.end
    if day < known.start:
        refuse("FS141", f"{day} is before the clock starts on {known.start}")
    if day > latest:
        refuse("FS141", f"{day} is after the clock ends on {known.end}")
    return day


def _not_after_evidence(day: date, info: ValidationInfo) -> date:
    known = info.context
    if isinstance(known, Known) and known.as_of is not None and day > known.as_of:
        hint = "evidence from later would be hindsight"
        refuse("FS142", f"{day} is after the last day of evidence, {known.as_of}", hint)
    return day


def _level(value: object, info: ValidationInfo) -> float | date:
    """Read a percentile: a date, or a number in the unit of the belief (converted where it names another)."""
    if isinstance(value, date) or (isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-"):
        return read_day(value)
    return Quantity(info.data.get("unit", "1")).convert(value)


def _scalar(value: object) -> float | str | bool | None:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return Quantity("1").convert(value)
    refuse("FS130", f"must be a number, text or a truth value, is {shown(value)}")


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


ID_PATTERN: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
CLAIM_ID_PATTERN: Final = r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$"

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=60)]
ClaimId = Annotated[str, StringConstraints(pattern=CLAIM_ID_PATTERN, max_length=60)]
PlaceId = Annotated[Id, _reference("place")]
RouteId = Annotated[Id, _reference("route")]
SideId = Annotated[Id, _reference("side")]
SourceId = Annotated[Id, _reference("source")]
BeliefId = Annotated[Id, _reference("belief")]
PatronId = Annotated[Id, _reference("patron")]
VariantId = Annotated[Id, _reference("variant")]
ClockDay = Annotated[Day, AfterValidator(_within_clock)]
EvidenceDay = Annotated[Day, AfterValidator(_not_after_evidence)]
Number = Annotated[float, Quantity("1")]
Level = Annotated[float | date, BeforeValidator(_level)]
Scalar = Annotated[float | str | bool | None, BeforeValidator(_scalar)]
Paths = Annotated[tuple[str, ...], BeforeValidator(_listed)]
