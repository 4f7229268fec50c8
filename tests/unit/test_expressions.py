"""The expression language: what parses to what, what is refused and where, what the type checker says."""

from types import SimpleNamespace

import pytest

from fastness.errors import CODES
from fastness.scenario.expressions import (
    OBSERVABLES,
    Binary,
    Call,
    ExpressionError,
    Number,
    Text,
    Truth,
    Unary,
    check_expression,
    parse,
)


@pytest.fixture
def scenario() -> SimpleNamespace:
    return SimpleNamespace(
        sides={"nrf": None, "taliban": None},
        places=[SimpleNamespace(id="gulbahar"), SimpleNamespace(id="bazarak")],
        routes=[SimpleNamespace(id="khawak-west")],
        windows={"airlift": None},
        beliefs={"salang-blocked": SimpleNamespace(chance=0.5), "strength": SimpleNamespace(chance=None)},
    )


def test_comparison_of_a_holder() -> None:
    expected = Binary("==", Call("holder", (Text("kabul", 7),), 0), Text("taliban", 19), 16)
    assert parse('holder("kabul") == "taliban"') == expected


def test_products_bind_before_sums_and_minus_before_products() -> None:
    expected = Binary("+", Number(1, 0), Binary("*", Number(2, 4), Unary("-", Number(3, 9), 8), 6), 2)
    assert parse("1 + 2 * -3") == expected


def test_differences_group_from_the_left() -> None:
    assert parse("9-4-3") == Binary("-", Binary("-", Number(9, 0), Number(4, 2), 1), Number(3, 4), 3)


def test_not_takes_the_comparison_and_and_binds_before_or() -> None:
    expected = Binary(
        "or",
        Binary("and", Unary("not", Binary("<", Number(1, 4), Number(2, 8), 6), 0), Truth(True, 14), 10),
        Truth(False, 22),
        19,
    )
    assert parse("not 1 < 2 and true or false") == expected


def test_brackets_and_single_quotes() -> None:
    assert parse("(1 + 2) * 3") == Binary("*", Binary("+", Number(1, 1), Number(2, 5), 3), Number(3, 10), 8)
    assert parse("open('salang')") == Call("open", (Text("salang", 5),), 0)


@pytest.mark.parametrize(
    ("text", "offset", "code"),
    [
        ("", 0, "FS121"),
        ("   ", 3, "FS121"),
        ("1 +", 3, "FS121"),
        ("1 < 2 < 3", 6, "FS121"),
        ('holder("kabul" "x")', 15, "FS121"),
        ('holder("kabul"', 14, "FS121"),
        ("(1 + 2", 6, "FS121"),
        ("1 + 2)", 5, "FS121"),
        ("day() > 4,000", 9, "FS121"),
        ("day() > 4 days", 10, "FS121"),
        ("and 1", 0, "FS121"),
        ("day > 3", 4, "FS121"),
        ("day(,)", 4, "FS121"),
        ("1 = 2", 2, "FS120"),
        ('holder("kabul) == 1', 7, "FS120"),
        ("day() > 3; import os", 9, "FS120"),
        ("__import__", 0, "FS123"),
        ("talks.open", 0, "FS123"),
        ("1e999 > 2", 0, "FS120"),
        ("x" * 1001, 1000, "FS122"),
        ("(" * 50 + "1" + ")" * 50, 40, "FS122"),
        ("not " * 45 + "true", 160, "FS122"),
        ("1" + "+1" * 45, 0, "FS122"),
    ],
)
def test_what_is_no_expression_is_refused_at_its_column(text: str, offset: int, code: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.offset if code != "FS122" else offset) == (code, offset)
    assert caught.value.message


def test_depth_of_forty_is_allowed() -> None:
    parse("1" + "+1" * 39)
    with pytest.raises(ExpressionError):
        parse("1" + "+1" * 40)


@pytest.mark.parametrize(
    "text",
    [
        'holder("bazarak") == "taliban"',
        'holder("bazarak") != "nobody"',
        'holder("bazarak") == holder("gulbahar")',
        'days_of("food", "nrf") < 20 or days_of("ammunition", "bazarak") < 5',
        'fighters("nrf") * 3 < fighters("taliban", "gulbahar")',
        'day() >= date("2021-12-01") and not open("khawak-west")',
        'truth("salang-blocked") == true',
        'window("airlift") and axes_open() >= 2',
    ],
)
def test_sound_expressions_have_no_problems(text: str, scenario: SimpleNamespace) -> None:
    assert check_expression(parse(text), scenario) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('holder("gulbahr") == "taliban"', [(7, "FS126", "no place named 'gulbahr'")]),
        ('holder("bazarak") == "talban"', [(21, "FS126", "no side named 'talban'")]),
        ('holdr("bazarak") == "nrf"', [(0, "FS123", "no observable named 'holdr'")]),
        ("open()", [(0, "FS124", 'open("route") has 0 arguments here')]),
        ('fighters("nrf", "bazarak", 3) > 1', [(0, "FS124", 'fighters("side" [, "place"]) has 3 arguments here')]),
        ("unrest(3) > 1", [(7, "FS125", 'unrest("place") needs a quoted place here')]),
        ('days_of("water", "nrf") < 1', [(8, "FS126", "no kind of stock named 'water'")]),
        (
            'holder("bazarak") < "nrf"',
            [(0, "FS127", "< needs a number, this gives a side"), (20, "FS127", '"nrf" alone says nothing')],
        ),
        ('day() == "nrf"', [(6, "FS127", "a number is compared with a quoted id")]),
        ('open("khawak-west") + 1 > 2', [(0, "FS127", "+ needs a number, this gives a truth")]),
        ("not day()", [(4, "FS127", "not needs a truth, this gives a number")]),
        ("true == 1", [(5, "FS127", "a truth is compared with a number")]),
        ('truth("strength")', [(6, "FS127", "belief 'strength' is a quantity, not a yes/no fact")]),
        ('day() > date("1 December")', [(13, "FS128", "'1 December' is not a date")]),
        ("day()", [(0, "FS129", "gives a number where a truth is needed")]),
        ('holder("bazarak")', [(0, "FS129", "gives a side where a truth is needed")]),
        ('"nrf" == "taliban"', [(6, "FS127", "two quoted ids are compared with each other")]),
    ],
)
def test_problems_are_named_and_placed(text: str, found: list[tuple[int, str, str]], scenario: SimpleNamespace) -> None:
    assert [problem[:3] for problem in check_expression(parse(text), scenario)] == found


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('holder("gulbahr") == "nrf"', "did you mean 'gulbahar'?"),
        ('holder("bazarak") == "nobdy"', "did you mean 'nobody'?"),
        ('days_of("water", "nrf") < 1', "known: food, fuel, ammunition"),
        ('holdr("bazarak") == "nrf"', "did you mean 'holder'?"),
    ],
)
def test_hints_help(text: str, hint: str, scenario: SimpleNamespace) -> None:
    assert [problem.hint for problem in check_expression(parse(text), scenario)] == [hint]


def test_all_problems_are_found_at_once(scenario: SimpleNamespace) -> None:
    problems = check_expression(parse('holder("x") == "y" and open("z") and dya() > 1'), scenario)
    assert [problem.code for problem in problems] == ["FS126", "FS126", "FS126", "FS123"]


def test_a_number_may_be_wanted(scenario: SimpleNamespace) -> None:
    assert check_expression(parse("day() / 7"), scenario, want="number") == []


def test_every_code_is_explained() -> None:
    assert {f"FS12{digit}" for digit in range(10)} <= set(CODES)


def test_usage_of_every_observable_names_its_arguments() -> None:
    assert OBSERVABLES["days_of"].usage() == 'days_of("stock", "side or place")'
    assert all(name == row.name and row.about for name, row in OBSERVABLES.items())
