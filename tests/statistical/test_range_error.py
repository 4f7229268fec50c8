"""Are the errors of the range's ends as large as its ends vary? Toys played again and again.

30 data sets of each of five toys, 300 ends. An end counts as covered when the mean over data sets lies within 1.645
stated errors: nominally 90 %. Ends of one data set go together, so that as few as 82 % by chance happens about once in
1,000 tries; the bound stands at 0.8. Twice too large an error would cover over 99 %.
"""

import numpy as np
import pytest
from test_input_range import CASES, toy

from fastness.analysis.inputs import input_range, measured_range

SETS = 30


def test_the_ends_of_the_range_vary_as_much_as_is_said() -> None:
    covered = []
    for odds_of, _ in CASES.values():
        found = [measured_range(inputs, happened) for inputs, _, happened in (toy(odds_of, k) for k in range(SETS))]
        ends = np.array([(each.low, each.high) for each in found])
        errors = np.array([(each.low_error, each.high_error) for each in found], dtype=float)
        covered.append(np.abs(ends - ends.mean(axis=0)) <= 1.645 * errors)
    share = np.mean(covered)
    assert 0.8 < share < 0.99


def test_more_campaigns_make_the_ends_better_known() -> None:
    inputs, _, happened = toy(lambda x: 1.5 * x[:, 0], 2)
    few, many = measured_range(inputs[:500], happened[:500]), measured_range(inputs, happened)
    assert few.high_error is not None
    assert many.high_error is not None
    assert few.high_error / many.high_error == pytest.approx(2, rel=0.5)


def test_bounds_have_no_error() -> None:
    inputs, _, happened = toy(lambda x: 0 * x[:, 0], 1)
    rare = np.zeros(len(inputs))
    rare[:3] = 1
    for case in (measured_range(inputs, rare), measured_range(inputs[:, :0], happened)):
        assert (case.low_error, case.high_error) == (None, None)


def test_the_range_is_the_same_with_and_without_its_errors() -> None:
    inputs, _, happened = toy(lambda x: 1.5 * x[:, 0], 2)
    found = measured_range(inputs, happened)
    assert input_range(inputs, happened) == (found.low, found.high)
