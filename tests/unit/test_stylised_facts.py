"""Stylised facts by hand: rates by age, resampling, seasons, and famine at known rations."""

import numpy as np
import pytest
from stylised_facts import aided, cap, hungry
from stylised_sieges import assaults_by, by_cases, drawn, interval, mean, rate, rates, told

from fastness.kernel.events import ASSAULT_BEGINS


def test_the_rate_at_which_sieges_end_by_hand() -> None:
    """Endings on days 10, 50 and never (365): up to day 30 one in three ends, after 10 + 30 + 30 days lived."""
    day, ended = np.array([10, 50, 365]), np.array([True, True, False])
    assert rate(day, ended, 0, 30) == pytest.approx((1 / 3, 70 / 3))
    assert rate(day, ended, 30, 120) == pytest.approx((1 / 3, (0 + 20 + 90) / 3))
    table = np.array([rate(day, ended, 0, 30)])
    found = rates("r", table, table, [np.array([0])] * 3, "s")
    assert found.model == pytest.approx(100 / 70)
    assert found.verdict == "met"


def test_a_fact_is_met_inside_historys_interval() -> None:
    assert told("a", (0.5, (0.4, 0.6)), (0.2, (0.1, 0.5)), source="s").verdict == "met"
    assert told("a", (0.51, (0.4, 0.6)), (0.2, (0.1, 0.5)), source="s").verdict == "missed"


def test_conflicts_are_drawn_whole() -> None:
    for rows in drawn(["a", "b", "a", "c"])[:50]:
        counts = np.bincount(rows, minlength=4)
        assert counts[0] == counts[2]
        assert counts.sum() - counts[0] == 3


def test_what_is_unknown_does_not_count() -> None:
    class Cases:
        conflicts = ("a", "b", "c")

    found = by_cases("x", np.array([0.2, 0.4, np.nan]), np.array([0.0, 1.0, np.nan]), Cases(), source="s")  # type: ignore[arg-type]
    assert found.model == pytest.approx(0.3)
    assert found.seen == pytest.approx(0.5)
    assert np.isnan(mean(np.array([np.nan])))
    assert interval([1.0, float("nan"), 1.0]) == (1.0, 1.0)


def test_assaults_count_by_quarter_until_the_siege_ends() -> None:
    """The second campaign failed: none of its assaults counts. The first ends on day 5, before its assault of day 9."""
    log = np.zeros(5, dtype=[("kind", int), ("day", int)])
    log["kind"] = [ASSAULT_BEGINS, ASSAULT_BEGINS, ASSAULT_BEGINS + 1, ASSAULT_BEGINS, ASSAULT_BEGINS]
    log["day"] = [2, 9, 2, 2, 3]
    arrays = {"event": log, "status": np.array([0, 1]), "event_count": np.array([3, 2])}
    quarter = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    assert assaults_by(quarter, arrays, np.array([5])).tolist() == [0, 1, 0, 0]


def test_deaths_are_met_within_a_factor_of_two() -> None:
    assert hungry("a", 2.0, [1.0, 3.0], 1.0, "s", "output").verdict == "met"
    assert hungry("a", 2.1, [1.0, 3.0], 1.0, "s", "output").verdict == "missed"
    assert cap(9.0, 1.0) == 4.0


def test_aid_that_has_no_way_in_differs_in_its_entry_alone() -> None:
    shut, free = aided("kabul"), aided("bazarak")
    friends = [each for each in shut.patrons if each.favours == "nrf"]
    assert friends
    assert all(each.through == "kabul" and not each.by_air for each in friends)
    assert shut.model_copy(update={"patrons": free.patrons}) == free
