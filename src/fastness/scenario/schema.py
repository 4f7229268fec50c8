"""The JSON Schema for editors and the field tables of the documentation, both generated from the models."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fastness.errors import did_you_mean
from fastness.scenario.fields import TABLES
from fastness.scenario.model import Scenario
from fastness.scenario.paths import quantity_of
from fastness.scenario.wording import model_at, written_names
from fastness.units import amount

STORED: Final = Path(__file__).with_name("schema.json")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of a field table; `default` is empty where the field has to be given."""

    name: str
    kind: str
    unit: str
    range: str
    default: str
    about: str


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `scenario.yaml`; tables may be files of their own and are not required."""
    schema = Scenario.model_json_schema(by_alias=True)
    schema["required"] = [name for name in schema["required"] if name not in TABLES]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Return the JSON Schema as it is stored beside this file."""
    return json.dumps(json_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def field_table(name: str) -> list[FieldRow]:
    """Return the fields of a part of the scenario.

    Parameters
    ----------
    name : str
        A table or mapping, such as `forces` or `force`, or `scenario` for the whole.

    Returns
    -------
    list of FieldRow
        In the order of the model.

    Raises
    ------
    KeyError
        If there is no such part; the message names the nearest.
    """
    known = {"scenario", *(field for field in written_names(Scenario) if model_at((field,)) is not Scenario)}
    full = name if name in known else f"{name}s"
    if full not in known:
        message = f"no part of a scenario is named '{name}'; {did_you_mean(name, known) or ', '.join(sorted(known))}"
        raise KeyError(message)
    return model_table(model_at(() if full == "scenario" else (full,)))


@cache
def model_table(model: type[BaseModel]) -> list[FieldRow]:
    """Return the fields of a model, in its order."""
    described = model.model_json_schema(by_alias=True)["properties"]
    return [_row(info.alias or field, info, described) for field, info in model.model_fields.items()]


def _row(name: str, info: FieldInfo, described: dict[str, Any]) -> FieldRow:
    quantity = quantity_of(info)
    written = described[name].get("default")
    default = "" if info.is_required() else "empty" if written in (None, []) else json.dumps(written)
    if quantity is None:
        return FieldRow(name, _kind(described[name]), "", "", default, info.description or "")
    limits = [("≥", quantity.ge), (">", quantity.gt), ("≤", quantity.le)]
    span = ", ".join(f"{sign} {amount(limit)}" for sign, limit in limits if limit is not None)
    return FieldRow(name, "number", quantity.unit, span, default, info.description or "")


def _kind(described: dict[str, Any]) -> str:
    """Return the sort of a field in a word or its choices."""
    options = [option for option in described.get("anyOf", [described]) if option.get("type") != "null"]
    first = options[0]
    if "enum" in first:
        return " | ".join(str(choice) for choice in first["enum"])
    if "const" in first:
        return str(first["const"])
    if first.get("format") == "date":
        return "date"
    words = {"string": "text", "boolean": "true | false", "integer": "whole number", "array": "list"}
    return words.get(first.get("type", "object"), "mapping")
