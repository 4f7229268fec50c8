"""Quantities, dates and truths: what is read, what is converted, what is refused and in which words."""

import subprocess
import sys
from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ValidationError

from fastness.units import Day, Quantity, Whole, YesNo, amount, same_unit, shown


class Sample(BaseModel):
    km: Annotated[float, Quantity("km", ge=0, le=500)] = 0
    persons: Annotated[float, Quantity("persons", ge=0)] = 0
    days: Annotated[float, Quantity("days", ge=0)] = 0
    share: Annotated[float, Quantity("1", ge=0, le=1)] = 0
    quality: Annotated[float, Quantity("1", gt=0)] = 1
    rate: Annotated[float, Quantity("t/day", ge=0)] = 0
    day: Day | None = None
    truth: YesNo = False
    whole: Whole = 0


def refusal(field: str, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Sample(**{field: value})
    context: dict[str, Any] = caught.value.errors()[0]["ctx"]
    return f"{context['code']} {context['message']}" + (f"; {context['hint']}" if context["hint"] else "")


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("km", 20, 20),
        ("km", "20", 20),
        ("km", " 2e1 km ", 20),
        ("km", "50 mi", 80.4672),  # a mile has 1.609344 km
        ("km", "12,5", None),
        ("days", "3 weeks", 21),
        ("days", "12 hours", 0.5),
        ("persons", "12 thousand persons", 12_000),
        ("persons", "1.5 million people", 1_500_000),
        ("persons", "20 fighters", 20),
        ("share", "20 %", 0.2),
        ("share", ".5", 0.5),
        ("rate", "50 kg/hour", 1.2),  # 50 × 24 / 1000
        ("rate", "12 t / day", 12),
        ("quality", 1, 1),
    ],
)
def test_numbers_and_numbers_with_units(field: str, written: object, read: float | None) -> None:
    if read is None:
        assert refusal(field, written).startswith("FS130")
    else:
        value = getattr(Sample(**{field: written}), field)
        assert value == pytest.approx(read, rel=1e-12)
        assert isinstance(value, float)


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("persons", -5, "FS131 must be 0 or more, is -5 [persons]"),
        ("share", 1.5, "FS132 must be 1 or less, is 1.5"),
        ("share", "120 %", "FS132 must be 1 or less, is 1.2"),
        ("quality", 0, "FS131 must be more than 0, is 0"),
        ("km", "400 mi", "FS132 must be 500 or less, is 643.7376 [km]"),
        ("km", "3 weeks", "FS134 'weeks' does not measure the same as 'km'"),
        ("km", "3 leguas", "FS134 there is no unit 'leguas'; the unit here is 'km'"),
        ("share", "0.2 m", "FS134 'm' does not measure the same as a pure number"),
        ("persons", "12 thousand", "FS134 'thousand' does not measure the same as 'persons'"),
        ("km", "1,000 km", "FS130 must be a number, is '1,000 km'; write 1000 km"),
        ("km", "1_000", "FS130 must be a number, is '1_000'; write 1000"),
        ("km", "far", "FS130 must be a number, is 'far'"),
        ("km", "", "FS130 must be a number, is ''"),
        ("km", True, "FS130 must be a number, is the truth value true"),
        ("km", [1], "FS130 must be a number, is a list"),
        ("km", None, "FS130 must be a number, is empty"),
        ("km", float("nan"), "FS133 must be a finite number, is nan"),
        ("km", "-.inf", "FS133 must be a finite number, is -.inf"),
        ("km", "1e999", "FS133 must be a finite number, is inf"),
        ("km", 10**400, "FS133 must be a finite number, is too large"),
        ("km", "5 km^9^9^9^9", "FS130 must be a number, is '5 km^9^9^9^9'"),
        ("km", "5 __import__('os')", "FS130 must be a number, is '5 __import__('os')'"),
        ("day", "2021-02-30", "FS136 there is no day 2021-02-30"),
        ("day", 20210827, "FS136 must be a date, is the number 20210827; write it year-month-day: 2021-08-27"),
        ("day", "27.8.2021", "FS136 must be a date, is '27.8.2021'; write it year-month-day: 2021-08-27"),
        ("truth", "perhaps", "FS130 must be true or false, is 'perhaps'"),
        ("truth", 1, "FS130 must be true or false, is the number 1"),
        ("whole", 1.5, "FS130 must be a whole number, is the number 1.5"),
    ],
)
def test_what_is_refused_and_how(field: str, written: object, said: str) -> None:
    assert refusal(field, written) == said


def test_dates_truths_and_whole_numbers() -> None:
    sample = Sample(day="2021-08-27", truth="yes", whole="7")
    assert (sample.day, sample.truth, sample.whole) == (date(2021, 8, 27), True, 7)
    assert Sample(day=date(2021, 8, 27)).day == date(2021, 8, 27)


def test_there_is_no_negative_zero() -> None:
    assert str(Sample(km="-0").km) == "0.0"


def test_the_schema_carries_unit_and_limits() -> None:
    described = Sample.model_json_schema()["properties"]["km"]
    assert described["unit"] == "km"
    assert described["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 500}


def test_words_for_one_unit() -> None:
    assert same_unit("days", "days")
    assert same_unit("day", "days")
    assert same_unit("people", "persons")
    assert not same_unit("hours", "days")
    assert not same_unit("days", "km")
    assert not same_unit("nonsense", "km")


def test_values_as_messages_show_them() -> None:
    assert [amount(number) for number in (4.0, 0.25, 150000, 1e12)] == ["4", "0.25", "150000", "1e+12"]
    assert shown("x" * 80) == "'" + "x" * 57 + "…'"
    assert shown({}) == "a mapping"


def test_pint_waits_until_a_unit_is_met() -> None:
    code = (
        "import sys; from fastness.units import Quantity; Quantity('km').convert('20 km');"
        "assert 'pint' not in sys.modules; Quantity('km').convert('20 mi'); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
