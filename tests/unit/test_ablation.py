"""The ablation table: changes and intervals computed by hand, from outcomes made up."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from ablation import Ablation, Change, change, compared, page, summary, switched, table

from fastness.kernel.day import ALWAYS, DAY


def test_every_process_is_switched_off_but_those_that_keep_the_books() -> None:
    assert len(switched()) + len(ALWAYS) == len(DAY)
    assert "tally" not in switched()


def test_a_paired_change_by_hand() -> None:
    """Of 100 campaigns 10 turn from yes to no and 2 from no to yes: -8 points; the variance is 0.12 - 0.0064."""
    before = np.array([True] * 50 + [False] * 50)
    after = before.copy()
    after[:10], after[50:52] = False, True
    found = change("it", before, after)
    assert found.points == pytest.approx(-8)
    assert found.flipped == pytest.approx(0.12)
    assert found.half == pytest.approx(100 * 1.959964 * math.sqrt((0.12 - 0.0064) / 99), rel=1e-6)
    assert found.is_clear(1)  # 8 > 6.6
    assert not found.is_clear(20)  # 8 < 6.6 × 3.02 / 1.96


def test_where_nothing_differs_nothing_is_clear() -> None:
    same = np.zeros(400, dtype=bool)
    found = change("it", same, same)
    assert (found.points, found.flipped) == (0, 0)
    assert found.half > 0
    assert not found.is_clear(1)


def test_failed_campaigns_are_left_out_and_clocks_count_as_different() -> None:
    def run(**columns: list[int]) -> SimpleNamespace:
        plain = {"campaign": [0, 1, 2, 3], "status": [0] * 4, "failed_day": [-1] * 4, "q": [5, -1, 5, -1]}
        outcomes = pd.DataFrame(plain | {"food_out:a": [9, 9, 9, 9]} | columns)
        return SimpleNamespace(outcomes=outcomes, scenario=SimpleNamespace(questions={"q": None}))

    found = compared("s", "talks", run(), run(status=[0, 0, 0, 213], q=[-1, -1, 6, 3], **{"food_out:a": [9, 8, 9, 9]}))  # type: ignore[arg-type]
    assert found.failed == 1
    assert found.differing == 1.0  # the question, the clock, the question's day
    assert found.changes[0].points == pytest.approx(-100 / 3)


def test_the_page_names_the_dead_and_the_living() -> None:
    alive = Ablation("siege", "talks", (Change("q", -20.0, 2.0, 0.25),), 0.4, 0)
    quiet = Ablation("siege", "news", (Change("q", 0.1, 0.2, 0.01),), 0.02, 0)
    dead = Ablation("siege", "patrons", (Change("q", 0.0, 0.1, 0.0),), 0.0, 0)
    rows = [alive, quiet, dead]
    assert [line[-1] for line in summary(rows)] == ["yes", "yes", "NO"]
    assert summary(rows)[0][1:3] == ["1", "q (siege) -20.0 ± 2.0"]
    head, lines = table(rows, "siege")
    assert head == ["question", "talks", "news", "patrons"]
    assert lines[0] == ["q", "**-20.0 ± 2.0**", "+0.1 ± 0.2", "0"]
    assert "- `tally`: it keeps the books" in page(rows, 100)
