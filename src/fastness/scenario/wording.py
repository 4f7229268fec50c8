"""What pydantic finds, in our own words: each error becomes a finding with a code, a message and a hint."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fastness.errors import did_you_mean
from fastness.scenario.fields import CLAIM_ID_PATTERN, ID_PATTERN
from fastness.scenario.model import Scenario
from fastness.scenario.positions import Address, Finding
from fastness.units import amount, shown

_PATTERNS: Final = {
    ID_PATTERN: ("FS116", "is not an id", "lower-case words and digits joined by hyphens, such as pul-e-khumri"),
    CLAIM_ID_PATTERN: ("FS116", "is not an id", "letters and digits joined by hyphens, such as C044"),
    "colour": ("FS137", "is not a colour", "write it #rrggbb, such as #2a6f4d"),
    "file": ("FS137", "is not a file of the scenario", "write it geo/name.geojson"),
}
_KEY_MARK: Final = "[key]"


def findings_of(fault: ValidationError) -> list[Finding]:
    """Return one finding for each error of a failed validation."""
    return [_finding(error) for error in fault.errors(include_url=False)]


def _finding(error: ErrorDetails) -> Finding:
    path: Address = tuple(error["loc"])
    on_key = bool(path) and path[-1] == _KEY_MARK
    path = path[:-1] if on_key else path
    if error["type"] == "fastness":
        context = error["ctx"]
        return Finding(path, context["code"], context["message"], context["hint"], on_key=on_key or context["key"])
    code, message, hint, key = _TRANSLATIONS.get(error["type"], _other)(path, error)
    return Finding(path, code, message, hint, on_key=on_key or key)


_Words = tuple[str, str, str, bool]


def _missing(path: Address, error: ErrorDetails) -> _Words:
    hint = _about(path)
    return "FS111", f"'{path[-1]}' is missing", hint, False


def _unknown(path: Address, error: ErrorDetails) -> _Words:
    known = written_names(model_at(path[:-1]))
    hint = did_you_mean(str(path[-1]), known) or "known: " + ", ".join(known)
    return "FS110", f"unknown key '{path[-1]}'", hint, True


def _choice(path: Address, error: ErrorDetails) -> _Words:
    expected = str(error["ctx"]["expected"]).replace("'", "")
    value = error["input"]
    hint = did_you_mean(value, expected.replace(" or ", ", ").split(", ")) if isinstance(value, str) else ""
    return "FS135", f"must be {expected}, is {shown(value)}", hint, False


def _text(path: Address, error: ErrorDetails) -> _Words:
    value = error["input"]
    hint = "put it in quotes" if isinstance(value, bool | int | float) else ""
    return "FS130", f"must be text, is {shown(value)}", hint, False


def _short(path: Address, error: ErrorDetails) -> _Words:
    return "FS137", "must not be empty", "", False


def _long(path: Address, error: ErrorDetails) -> _Words:
    return "FS137", f"must have at most {error['ctx']['max_length']} characters, has {len(error['input'])}", "", False


def _pattern(path: Address, error: ErrorDetails) -> _Words:
    key = error["ctx"]["pattern"] if error["ctx"]["pattern"] in _PATTERNS else str(path[-1])
    code, said, hint = _PATTERNS[key]
    if key == "file" and (".." in error["input"] or error["input"].startswith("/")):
        code, said = "FS109", "lies outside the scenario's folder"
    return code, f"{shown(error['input'])} {said}", hint, False


def _kind_of(noun: str) -> Callable[[Address, ErrorDetails], _Words]:
    def words(path: Address, error: ErrorDetails) -> _Words:
        return "FS130", f"must be {noun}, is {shown(error['input'])}", "", False

    return words


def _low(path: Address, error: ErrorDetails) -> _Words:
    return "FS131", f"must be {amount(error['ctx']['ge'])} or more, is {error['input']}", "", False


def _high(path: Address, error: ErrorDetails) -> _Words:
    return "FS132", f"must be {amount(error['ctx']['le'])} or less, is {error['input']}", "", False


def _other(path: Address, error: ErrorDetails) -> _Words:
    return "FS130", f"cannot be {shown(error['input'])}", "", False


_TRANSLATIONS: Final[Mapping[str, Callable[[Address, ErrorDetails], _Words]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _choice,
    "string_type": _text,
    "string_too_short": _short,
    "string_too_long": _long,
    "string_pattern_mismatch": _pattern,
    "model_type": _kind_of("a mapping of names to values"),
    "model_attributes_type": _kind_of("a mapping of names to values"),
    "dict_type": _kind_of("a mapping of names to values"),
    "tuple_type": _kind_of("a list"),
    "greater_than_equal": _low,
    "less_than_equal": _high,
}


def written_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the names of a model's fields as they are written in files."""
    return tuple(info.alias or name for name, info in model.model_fields.items())


def model_at(path: Address) -> type[BaseModel]:
    """Return the model that describes the mapping at a path of the document."""
    model: type[BaseModel] = Scenario
    for part in path:
        info = next((one for name, one in model.model_fields.items() if part in (name, one.alias)), None)
        if info is not None:
            model = _inner(info.annotation) or model
    return model


def _inner(annotation: object) -> type[BaseModel] | None:
    """Return the model inside an annotation such as `dict[Id, tuple[Block, ...]]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner(part))), None)


def _about(path: Address) -> str:
    """Return what a field is, from its description."""
    model = cast("Any", model_at(path[:-1]))
    for name, info in model.model_fields.items():
        if path[-1] in (name, info.alias) and info.description:
            return str(info.description)
    return ""
