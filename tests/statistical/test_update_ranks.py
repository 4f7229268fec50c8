"""`update` gets back what it was told about: the fast version of `validation/update.py`.

Errors of these tests when all is well: 1 in 1,000 for the ranks (chi-square of each input, Bonferroni over all of
them), about 1 in 1,000 for the probabilities after tempering (3.5 standard errors of both).
"""

from pathlib import Path

import numpy as np
import update

LEVEL = 0.001


def test_ranks_of_the_truth_are_uniform(tmp_path: Path) -> None:
    watched, _ = update.watched_lesson(tmp_path)
    names, ranked = update.ranks(watched, truths=150, campaigns=500)
    p = update.chi_square(ranked[:, update.informed(names)])
    assert p.min() >= LEVEL / len(p)


def test_ranks_tell_when_reports_are_believed_too_much(tmp_path: Path) -> None:
    """The test can fail: with reports taken ten times over, the truth falls outside far too often."""
    watched, _ = update.watched_lesson(tmp_path)
    names, ranked = update.ranks(watched, truths=150, campaigns=500, power=10.0)
    p = update.chi_square(ranked[:, update.informed(names)])
    assert p.min() < LEVEL / len(p)


def test_tempering_finds_what_a_large_run_finds(tmp_path: Path) -> None:
    after, direct, own, other = update.tempered(tmp_path, 200, 2000)
    assert own >= 100
    error = np.sqrt(after * (1 - after) / own + direct * (1 - direct) / other)
    assert (np.abs(after - direct) <= 3.5 * error + 0.5 / own).all()
