"""Paths such as `routes.salang.blocked`: what a belief may set, a variant change and a claim inform."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from fastness.errors import did_you_mean
from fastness.scenario.fields import Known, no_such
from fastness.scenario.model import (
    Belief,
    Clock,
    Convoy,
    Force,
    Group,
    Leader,
    Part,
    Patron,
    Place,
    Route,
    Side,
    Stock,
    Talks,
    Window,
)
from fastness.scenario.positions import Address
from fastness.units import Quantity

Sort = Literal["number", "date", "truth", "text"]
_ENTRIES: Final[Mapping[str, type[Part]]] = {
    "sides": Side,
    "places": Place,
    "routes": Route,
    "forces": Force,
    "stocks": Stock,
    "groups": Group,
    "patrons": Patron,
    "convoys": Convoy,
    "leaders": Leader,
    "windows": Window,
    "beliefs": Belief,
}
_FIRST_WORDS: Final = (*_ENTRIES, "clock", "talks", "parameters")
_PATHS_BEGIN: Final = "a path begins with one of " + ", ".join(_FIRST_WORDS)


@dataclass(frozen=True, slots=True)
class Target:
    """One value that can be set: where it is, of what sort, and its unit and range if it is a number."""

    address: Address
    sort: Sort
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a path leads nowhere."""

    code: str
    message: str
    hint: str


def find(path: str, known: Known) -> Target | Wrong:
    """Follow a path; entries of a table are named by id.

    Parameters
    ----------
    path : str
        `<table>.<id>.<field>`, `clock.<field>`, `talks.<field>` or `parameters.<name>`.
    known : Known
        Ids of the scenario.

    Returns
    -------
    Target or Wrong
        The value, or the reason why there is none.
    """
    first, _, rest = path.partition(".")
    if first == "parameters":
        return _parameter(path, rest)
    if first == "clock":
        return _field(path, ("clock",), Clock, rest)
    if first == "talks":
        return _field(path, ("talks",), Talks, rest)
    if first not in _ENTRIES:
        return Wrong("FS117", f"no path '{path}'", did_you_mean(first, _FIRST_WORDS) or _PATHS_BEGIN)
    entry, _, field = rest.partition(".")
    kind = _ENTRIES[first].__name__.lower()
    if known.lacks(kind, entry):
        return Wrong("FS112", *no_such(kind, entry, known.names[kind]))
    return _field(path, (first, entry), _ENTRIES[first], field)


def _parameter(path: str, name: str) -> Target | Wrong:
    from fastness.parameters import registry

    parameter = registry().get(name)
    if parameter is None:
        return Wrong("FS112", f"no parameter named '{name}'", did_you_mean(name, registry()))
    return Target(("parameters", name), "number", Quantity(parameter.unit))


def _field(path: str, parent: Address, model: type[Part], field: str) -> Target | Wrong:
    fields = settable(model)
    if field not in fields:
        hint = did_you_mean(field, fields) or "known: " + ", ".join(fields)
        return Wrong("FS117", f"no path '{path}'", hint)
    sort, quantity = fields[field]
    return Target((*parent, field), sort, quantity)


@cache
def settable(model: type[Part]) -> dict[str, tuple[Sort, Quantity | None]]:
    """Return the fields of a model that a path may end in, by their written names."""
    found = {}
    for name, info in model.model_fields.items():
        sort = _sort(info.annotation, info)
        if sort is not None and name != "id":
            found[info.alias or name] = (sort, quantity_of(info))
    return found


def _sort(annotation: Any, info: FieldInfo) -> Sort | None:  # noqa: ANN401  (any type expression)
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return "text"
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if parts and get_origin(annotation) in (dict, tuple):
        return None
    if parts:
        return _sort(parts[0], info)
    sorts: dict[Any, Sort] = {float: "number", int: "number", date: "date", bool: "truth", str: "text"}
    return sorts.get(annotation)


def quantity_of(info: FieldInfo) -> Quantity | None:
    """Return unit and range of a field, looking into `Share | None` as well."""
    waiting: list[Any] = [*info.metadata, info.annotation]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Quantity):
            return item
        waiting.extend(get_args(item))
    return None
