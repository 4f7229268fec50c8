"""The outside view: which cases may be known, how alike they are, how often it happened, and what a question asks."""

from datetime import date
from types import SimpleNamespace

import pytest
import synthetic

from fastness.history.outside import (
    Comparable,
    OutsideView,
    asks,
    comparables,
    headline,
    outside_views,
    sharpness,
    steps,
    usable,
    view,
)
from fastness.scenario import library, load
from fastness.scenario.model import Likeness, Question


def case(name: str = "x", conflict: str = "war", days: int = 50, outcome: str = "fell", **known: object) -> Comparable:
    whole = dict.fromkeys(("setting", "strength_ratio", "corridor", "sponsor", "relief", "season")) | known
    return Comparable(name, conflict, date(1950, 1, 1), days, outcome, **whole)  # type: ignore[arg-type]


MOUNTAIN = Likeness(
    setting="mountain", strength_ratio=2, corridor="closed", sponsor="none", relief="none", season="none"
)


def test_the_table_is_whole() -> None:
    cases = comparables()
    assert len(cases) == 44
    assert len({each.case for each in cases}) == 44
    assert next(each for each in cases if each.case == "Dien Bien Phu").end == date(1954, 5, 7)
    for each in cases:
        assert each.days > 0
        assert each.strength_ratio is None or 0.1 < each.strength_ratio < 20


@pytest.mark.parametrize("name", [entry.id for entry in library()])
def test_no_forecast_knows_its_own_conflict_or_what_ended_later(name: str) -> None:
    scenario = load(name)
    if scenario.likeness is None:
        assert outside_views(scenario) == {}
        return
    known = usable(comparables(), scenario.clock.as_of, scenario.likeness.conflicts)
    assert known
    assert max(each.end for each in known) <= scenario.clock.as_of
    assert not {each.conflict for each in known} & set(scenario.likeness.conflicts)
    by_name = {each.case: each for each in known}
    for found in outside_views(scenario).values():
        assert found.cases == len(known)
        assert {near.case for near in found.nearest} <= by_name.keys()


def test_a_case_that_ends_a_day_later_is_not_known() -> None:
    one = case(days=50)
    assert usable([one], date(1950, 2, 20), []) == [one]
    assert usable([one], date(1950, 2, 19), []) == []
    assert usable([one], date(1950, 2, 20), ["war"]) == []


def test_steps_by_hand() -> None:
    alike = case(
        setting="mountain", strength_ratio=2.0, corridor="closed", sponsor="none", relief="none", season="none"
    )
    assert steps(alike, MOUNTAIN) == 0
    other = case(setting="city", strength_ratio=8.0, corridor="open", sponsor="active", relief="near", season="some")
    assert steps(other, MOUNTAIN) == 1 + 2 + 2 + 2 + 2 + 1
    assert steps(case(), MOUNTAIN) == 6 * 0.5  # all unknown


def test_relief_and_settlement_compete_with_falling() -> None:
    """Of four cases one fell in time, one later, one was relieved, one settled: fallen by day 60 is one in four."""
    cases = [
        case("a", "1", 50),
        case("b", "2", 90),
        case("c", "3", 40, "relieved"),
        case("d", "4", 55, "settled"),
    ]
    fallen, held = (view("q", event, 60, cases, Likeness()) for event in ("fell", "survived"))  # type: ignore[arg-type]
    assert (fallen.share, held.share) == (pytest.approx(0.25), pytest.approx(0.75))
    assert (fallen.happened, fallen.cases, fallen.effective) == (1, 4, pytest.approx(4))
    assert (held.low, held.high) == (pytest.approx(1 - fallen.high), pytest.approx(1 - fallen.low))
    assert view("q", "relieved", 60, cases, Likeness()).share == pytest.approx(0.25)


def test_cases_of_one_war_count_as_one_when_it_comes_to_certainty() -> None:
    apart = [case(str(k), f"war {k}", 50 if k % 2 else 500) for k in range(10)]
    together = [case(str(k), "one war", 50 if k % 2 else 500) for k in range(10)]
    wide, narrow = (view("q", "fell", 100, cases, Likeness()) for cases in (together, apart))
    assert wide.share == narrow.share == 0.5
    assert (wide.effective, narrow.effective) == (pytest.approx(1), pytest.approx(10))
    assert wide.high - wide.low > 1.8 * (narrow.high - narrow.low)


def test_likeness_counts_only_where_it_foretells() -> None:
    """Mountains fall and towns do not: likeness tells. Where all fall it tells nothing."""
    told = [
        case(f"{ground}{k}", f"war {ground}{k}", 20, outcome, setting=ground)
        for ground, outcome in (("mountain", "fell"), ("town", "relieved"))
        for k in range(12)
    ]
    assert sharpness(tuple(told), "fell") == 1.0
    alike = [case(f"{k}", f"war {k}", 20, "fell", setting="town") for k in range(12)]
    assert sharpness(tuple(alike), "fell") == 0.0
    assert view("q", "fell", 30, told, Likeness(setting="mountain")).share > 0.6


def test_never_seen_is_not_impossible() -> None:
    found = view("q", "fell", 3, [case(str(k), f"war {k}") for k in range(10)], Likeness())
    assert (found.share, found.low) == (0, 0)
    assert 0.1 < found.high < 0.25
    assert found.brief() == f"0–{100 * found.high:.0f} %"


def ask(holds: str, **when: object) -> Question:
    return Question.model_validate({"ask": "?", "holds": holds} | when)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (ask('holder("paryan") == "taliban"', by="2021-09-06"), ("fell", 10)),
        (ask('holder("paryan") == "taliban"', before="2021-09-06"), ("fell", 9)),
        (ask('holder("paryan") == "nrf"', on="2021-12-15"), ("survived", 110)),
        (ask('holder("paryan") == "taliban" and holder("anaba") == "taliban"', by="2021-09-06"), ("fell", 10)),
        (ask("settled()", by="2021-12-31"), ("settled", 126)),
        (ask('holder("anaba") == "taliban"', by="2021-09-06"), None),  # not the defender's home
        (ask('holder("anaba") == "taliban"', by="2021-09-06", compare="fell"), ("fell", 10)),
        (ask('holder("paryan") == "taliban"', by="2021-09-06", compare="nothing"), None),
        (ask('holder("paryan") == "taliban" or unrest("kabul") > 0.5', by="2021-09-06"), None),
        (ask('food_days("paryan") < 1', by="2021-09-06"), None),
        (ask('holder("paryan") == "taliban"', by="2021-09-06", **{"from": "2021-09-01"}), None),
    ],
)
def test_what_a_question_asks_of_history(question: Question, expected: tuple[str, int] | None) -> None:
    assert asks(question, synthetic.scenario()) == expected


def test_the_headline_names_the_comparable_cases() -> None:
    found: OutsideView = view("q", "fell", 60, [case(str(k), f"w{k}", 50 + k) for k in range(20)], Likeness())
    said = "It is likely (62 %; 38–81 across inputs and models) that it falls."
    answer = SimpleNamespace(headline=said, questions=[SimpleNamespace(id="q")])
    assert headline(answer, {"q": found}) == (  # type: ignore[arg-type]
        "It is likely (62 %; 38–81 across inputs and models; comparable cases 55 %) that it falls."
    )
    assert headline(answer, {}) == said  # type: ignore[arg-type]


def test_ten_cases_are_called_ten_cases() -> None:
    cases = [case(f"Place {k}", f"w{k}", 50) for k in range(10)]
    said = view("q", "fell", 60, cases, Likeness()).says()
    assert said.startswith("Of 10 sieges, 10 fell within 60 days: 83–100 %, all counting alike (worth 10 ind")


def test_a_scenario_that_does_not_say_what_it_is_like_has_no_outside_view() -> None:
    assert outside_views(synthetic.scenario()) == {}


def test_the_report_sets_both_views_side_by_side() -> None:
    from fastness.reporting.build import _environment
    from fastness.reporting.outside import outside

    scenario = load("panjshir-2021")
    asked = [
        SimpleNamespace(id=name, text=question.heading, probability=0.62, low=0.38, high=0.81)
        for name, question in scenario.questions.items()
    ]
    table = outside(scenario, SimpleNamespace(questions=asked))  # type: ignore[arg-type]
    assert table is not None
    assert table.rows[0].text == "Bazarak falls to the Taliban before 1 December"
    assert table.rows[0].counted.endswith("fell within 95 days")
    seldom = next(row for row in table.rows if row.text == "Bazarak falls by 31 August")
    assert (seldom.cases, seldom.cases_range) == ("0–13 %", "")  # no case: the interval, and not twice
    assert table.rows[0].cases_range == "12–49"
    page = _environment().get_template("outside.html.j2").render(outside=table, scenario=scenario)
    assert "38–81" in page
    assert table.nearest[0][0] in page


def test_what_the_page_says_of_likeness() -> None:
    """On all cases likeness foretells relief and not falling: docs/methods/outside-view.md says so first."""
    assert sharpness(comparables(), "fell") == 0.0
    assert sharpness(comparables(), "relieved") == 1.0
