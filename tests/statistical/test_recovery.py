"""Calibration recovers what it is given on a made-up table, and the test of that notices when it does not.

Stated error rate: 1 in 100 for the sound procedure (`recovery.ERROR_RATE`); the seed is fixed.
"""

import numpy as np
import pytest

from fastness.history.courses import FELL, LASTS, RELIEVED
from fastness.history.played import Played
from fastness.history.recovery import recover

ROWS, CASES, TESTS = 4000, 30, 200


@pytest.fixture(scope="module")
def table() -> Played:
    """Sieges that fall or are relieved at competing rates: one parameter drives each, the third does nothing."""
    rng = np.random.default_rng(20210827)
    uniforms = rng.uniform(0.001, 0.999, size=(ROWS, 3))
    played = Played(("falls", "relieved", "idle"), (), uniforms, np.empty((0, 0)), np.empty((0, 0)))  # type: ignore[arg-type]
    scores = played.scores
    hardness = rng.normal(size=CASES)
    falls = rng.exponential(size=(ROWS, CASES)) * 200 * np.exp(hardness - 0.7 * scores[:, :1])
    relief = rng.exponential(size=(ROWS, CASES)) * 300 * np.exp(-0.7 * scores[:, 1:2])
    day = np.minimum(np.minimum(falls, relief), 365)
    outcome = np.where(day >= 365, LASTS, np.where(falls < relief, FELL, RELIEVED))
    cases = tuple(f"case-{k}" for k in range(CASES))
    return Played(played.names, cases, uniforms, outcome.astype(np.int8), np.ceil(day).astype(np.int16))


def test_known_parameters_are_recovered_and_wrong_posteriors_noticed(table: Played) -> None:
    found, narrow, wide = recover(table, TESTS, 3, (1, 3, 0.25))
    assert found.passed, found.document()
    falls, relieved, idle = found.correlation
    assert falls > 0.6
    assert relieved > 0.6
    assert abs(idle) < 0.25
    assert found.shrinkage[2] > 0.9
    assert found.within_90 == pytest.approx(0.9, abs=0.07)
    assert not narrow.passed
    assert not wide.passed
