"""Field types of the scenario that carry a unit, a range or a date, with their own wording of what is wrong.

`Annotated[float, Quantity("km", ge=0)]` takes a number in km, or text such as `"50 mi"`, which is converted and
dimension-checked by pint. Pint is imported only when a unit other than the field's own is met.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Annotated, Any, Final, NoReturn

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_UNIT: Final = re.compile(r"%|[A-Za-z°]+(\^-?[1-9])?(( *[/*] *| +)[A-Za-z°]+(\^-?[1-9])?){0,4}")
_OWN_UNITS: Final = (
    "person = [people] = persons = people = fighter = fighters",
    "thousand = 1000",
    "million = 1000000",
)


def refuse(code: str, message: str, hint: str = "", *, key: bool = False) -> NoReturn:
    """Raise what pydantic carries to the place of the value, with our code and words.

    `key` says that the fault lies in the key of a mapping and not in its value.
    """
    context = {"code": code, "message": message, "hint": hint, "key": key}
    fault = PydanticCustomError("fastness", "{message}", context)
    raise fault


def amount(value: float) -> str:
    """Return a number as a person would write it: 4, 0.25, 150000."""
    return format(value, ".10g") if abs(value) < 1e10 else format(value, "g")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Unit and range of a number; put into `Annotated[float, Quantity("km", ge=0)]`.

    `unit` "1" is a pure number. `ge` and `le` include the limit, `gt` does not.
    """

    unit: str
    ge: float | None = None
    le: float | None = None
    gt: float | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Read the value with `convert` before pydantic sees a float."""
        return core_schema.no_info_before_validator_function(self.convert, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe a number in the unit, or text with a unit of the same dimension."""
        limits = {"minimum": self.ge, "maximum": self.le, "exclusiveMinimum": self.gt}
        number = {"type": "number"} | {name: limit for name, limit in limits.items() if limit is not None}
        return {"anyOf": [number, {"type": "string", "pattern": "^[+-]?[0-9.]"}], "unit": self.unit}

    def convert(self, value: object) -> float:
        """Return the value in the field's unit, or raise the refusal that says what is wrong."""
        number, unit = _parts(value)
        if unit:
            number *= _factor(unit, self.unit)
        self.check(number)
        return number + 0.0

    def check(self, number: float) -> None:
        """Raise a refusal when a number is outside the range."""
        if not math.isfinite(number):
            refuse("FS133", f"must be a finite number, is {amount(number)}")
        if self.ge is not None and number < self.ge:
            refuse("FS131", f"must be {amount(self.ge)} or more, is {self._said(number)}")
        if self.gt is not None and number <= self.gt:
            refuse("FS131", f"must be more than {amount(self.gt)}, is {self._said(number)}")
        if self.le is not None and number > self.le:
            refuse("FS132", f"must be {amount(self.le)} or less, is {self._said(number)}")

    def _said(self, number: float) -> str:
        return amount(number) if self.unit == "1" else f"{amount(number)} [{self.unit}]"


def _parts(value: object) -> tuple[float, str]:
    """Split what was written into a number and a unit (empty: none given)."""
    if isinstance(value, float):
        return value, ""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        refuse("FS130", f"must be a number, is {shown(value)}")
    if not isinstance(value, str):
        try:
            return float(value), ""
        except OverflowError:
            refuse("FS133", "must be a finite number, is too large")
    return _read(value)


@lru_cache(maxsize=4096)  # a scenario's numbers are read again for each of its variants
def _read(text: str) -> tuple[float, str]:
    text = text.strip()
    found = _NUMBER.match(text)
    rest = text[found.end() :].strip() if found else text
    if found is None or (rest and not _UNIT.fullmatch(rest)):
        refuse(*_not_a_number(text))
    return float(found.group()), rest


def _not_a_number(text: str) -> tuple[str, str, str]:
    if text.lower().lstrip("+-.") in ("inf", "infinity", "nan"):
        return "FS133", f"must be a finite number, is {text}", ""
    grouped = re.fullmatch(r"[+-]?\d{1,3}([,_ ']\d{3})+(\.\d+)?.*", text)
    hint = f"write {re.sub(r'(?<=[0-9])[,_ ](?=[0-9])', '', text)}" if grouped else ""
    return "FS130", f"must be a number, is '{text}'", hint


@cache
def _registry() -> Any:  # noqa: ANN401  (pint is imported late and its registry is untyped)
    from pint import UnitRegistry

    registry: Any = UnitRegistry(cache_folder=None)
    for line in _OWN_UNITS:
        registry.define(line)
    return registry


def _factor(given: str, wanted: str) -> float:
    """Return what one `given` is in `wanted`; 1 without pint when the words are the same."""
    if given == wanted:
        return 1.0
    registry = _registry()
    try:
        one = registry.Quantity(1.0, registry.parse_units(re.sub(r"(?<=\w) +(?=\w)", "*", given)))
    except Exception:  # pint raises many kinds for one thing: it does not know this unit
        refuse("FS134", f"there is no unit '{given}'", f"the unit here is {_named(wanted)}")
    if not one.check("" if wanted == "1" else registry.parse_units(wanted).dimensionality):
        refuse("FS134", f"'{given}' does not measure the same as {_named(wanted)}")
    return float(one.to("" if wanted == "1" else wanted).magnitude)


def _named(unit: str) -> str:
    return "a pure number" if unit == "1" else f"'{unit}'"


def same_unit(one: str, other: str) -> bool:
    """Say whether two units are the same size and dimension, as 'day' and 'days' are."""
    try:
        return math.isclose(_factor(one, other), 1.0)
    except PydanticCustomError:
        return False


def shown(value: object) -> str:
    """Return a value as an error message shows it: `'text'`, `the number 3`, `a list`."""
    match value:
        case None:
            return "empty"
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            return f"the number {amount(value)}"
        case str():
            return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}…'"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"'{value}'"


def read_day(value: object) -> date:
    """Read a date written year-month-day; numbers and times of day are refused."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            refuse("FS136", f"there is no day {value.strip()}")
    refuse("FS136", f"must be a date, is {shown(value)}", "write it year-month-day: 2021-08-27")


def _yes_or_no(value: object) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    refuse("FS130", f"must be true or false, is {shown(value)}")


def _whole(value: object) -> int:
    number, unit = _parts(value)
    if unit or not number.is_integer():
        refuse("FS130", f"must be a whole number, is {shown(value)}")
    return int(number)


Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Whole = Annotated[int, BeforeValidator(_whole)]
