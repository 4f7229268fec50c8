"""Draws from priors have the distribution that they claim (stated error rate: 1 in 10,000 per prior)."""

import numpy as np
import pytest
from scipy import stats

from fastness.parameters import Beta, Lognormal, Mixture, Normal, Prior, Uniform, quantile

CASES: list[tuple[Prior, object]] = [
    (Uniform(2, 5), stats.uniform(2, 3).cdf),
    (Normal(1, 2), stats.norm(1, 2).cdf),
    (Lognormal(3, 0.5), stats.lognorm(0.5, scale=3).cdf),
    (Beta(2, 3), stats.beta(2, 3).cdf),
    (
        Mixture(0.3, Normal(0, 1), Uniform(-1, 4)),
        lambda x: 0.3 * stats.norm(0, 1).cdf(x) + 0.7 * stats.uniform(-1, 5).cdf(x),
    ),
]


@pytest.mark.parametrize(("prior", "cdf"), CASES, ids=lambda case: type(case).__name__)
def test_draws_follow_their_prior(prior: Prior, cdf: object) -> None:
    draws = quantile(prior, np.random.default_rng(20210827).uniform(size=20_000))
    assert stats.kstest(draws, cdf).pvalue > 1e-4
