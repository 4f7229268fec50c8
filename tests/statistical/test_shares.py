"""Is the split into evidence, model and luck the right one? Toys whose shares are known.

Each case plays 40 data sets of fixed seeds and looks at the mean share, whose standard error is below 0.003: a method
without bias misses a tolerance of 0.012 less than once in 10,000. The known shares of the toys that are not linear come
from 200,000 campaigns played inside and out.
"""

import numpy as np
import numpy.typing as npt
import pytest

from fastness.analysis.shares import Share, Shares, split

Floats = npt.NDArray[np.float64]
CAMPAIGNS, BELIEFS, PARAMETERS, SETS = 2000, 35, 90, 40


def mean_shares(p_of: object, seed: int) -> tuple[Floats, Floats]:
    """Return the mean of (evidence, model, known) over the data sets, and how often each interval holds that mean."""
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(SETS):
        e, m = generator.normal(size=(CAMPAIGNS, BELIEFS)), generator.normal(size=(CAMPAIGNS, PARAMETERS))
        happened = (generator.random(CAMPAIGNS) < p_of(e, m)).astype(float)  # type: ignore[operator]
        row = split(e, m, {"it": happened})["it"]
        found.append([(share.value, share.low, share.high) for share in (row.evidence, row.model, row.known)])
    value, low, high = np.moveaxis(np.array(found), -1, 0)
    mean = value.mean(axis=0)
    return mean, ((low <= mean) & (mean <= high)).mean(axis=0)


@pytest.mark.parametrize("p", [0.5, 0.03])
def test_pure_luck_has_no_share_of_evidence_or_model(p: float) -> None:
    mean, held = mean_shares(lambda e, _: np.full(len(e), p), 1)
    assert mean == pytest.approx([0, 0, 0], abs=0.006)
    assert held.min() >= 0.75  # of 40 intervals that each hold it with 0.9, 30 or fewer hold it once in 300 or less


def test_shares_that_are_known_exactly() -> None:
    """P = 0.5 + 0.1 e + 0.2 m cut to 0-1 (once in 40): variances 0.01 and 0.04 of 0.25, so 4 % and 16 %."""
    mean, held = mean_shares(lambda e, m: np.clip(0.5 + 0.1 * e[:, 0] + 0.2 * m[:, 0], 0, 1), 2)
    assert mean == pytest.approx([0.04, 0.16, 0.2], abs=0.012)
    assert held.min() >= 0.75


def test_a_curved_effect_is_found() -> None:
    """A logistic effect of one belief and one parameter, from a nested design: 19.4 %, 7.6 % and 27.1 %."""
    mean, _ = mean_shares(lambda e, m: 1 / (1 + np.exp(0.5 - 1.2 * e[:, 0] - 0.8 * m[:, 0])), 3)
    assert mean == pytest.approx([0.194, 0.076, 0.271], abs=0.015)


def test_what_inputs_do_only_together_counts_as_luck() -> None:
    """The page says so: the sign of a product cannot be seen from a sum."""
    mean, _ = mean_shares(lambda e, m: 0.5 + 0.4 * np.sign(e[:, 0] * m[:, 0]), 4)
    assert mean == pytest.approx([0, 0, 0], abs=0.012)


def test_too_few_campaigns_tell_nothing() -> None:
    inputs, happened = np.random.default_rng(5).normal(size=(60, 30)), np.arange(60) % 2
    assert split(inputs, inputs[:, :0], {"it": happened.astype(float)}) == {}
    assert split(inputs[:, :3], inputs[:, :0], {"never": np.zeros(60)}) == {}


def test_without_parameters_all_that_is_known_is_evidence() -> None:
    inputs = np.random.default_rng(6).normal(size=(500, 3))
    happened = (inputs[:, 0] > 0).astype(float)
    row = split(inputs, inputs[:, :0], {"it": happened})["it"]
    assert row.model == Share(0, 0, 0)
    assert row.evidence == row.known
    assert row.luck.value == pytest.approx(1 - 2 / np.pi, abs=0.1)  # R² of a step on its normal score is 2/π or more


def test_parts_are_never_negative_and_add_up() -> None:
    def row(evidence: float, model: float, known: float) -> tuple[float, float, float, float]:
        return Shares(*(Share(value, value, value) for value in (evidence, model, known))).parts()

    assert row(0.1, 0.2, 0.4) == pytest.approx((0.1, 0.2, 0.1, 0.6))
    assert row(0.3, 0.3, 0.4) == pytest.approx((0.2, 0.2, 0.0, 0.6))
    assert row(-0.01, 0.2, 0.19) == pytest.approx((0.0, 0.19, 0.0, 0.81))
    assert row(-0.01, -0.02, -0.01) == (0, 0, 0, 1)
