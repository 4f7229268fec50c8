"""Engagements in the mass: draws against their distributions, and played battles against 461 real ones."""

import math

import numpy as np
import pytest
from battles import NOTHING_TO_READ, load
from engagements import statistics, win_rates
from medians import medians
from scipy import stats

from fastness.kernel.engagement import attacker_favoured, draw_days, latent_result, loss_noise
from fastness.kernel.streams import Stream

PAR = medians("engagement")
MANY = 20_000
STREAMS = [Stream(1, 2, campaign, 0) for campaign in range(MANY)]
ALARM_Z = 3.9  # two-sided 1e-4


def test_attackers_win_as_often_as_their_log_odds_say() -> None:
    ratio, quality = math.log(3), 0.4
    wins = sum(attacker_favoured(ratio, quality, latent_result(stream, 7), PAR) for stream in STREAMS)
    chance = 1 / (1 + math.exp(-(PAR.engagement_intercept + PAR.engagement_slope * ratio + quality)))
    assert abs(wins - MANY * chance) < ALARM_Z * math.sqrt(MANY * chance * (1 - chance))


def test_lengths_are_a_lognormal_rounded_up() -> None:
    days = np.array([draw_days(stream, 7, 0.0, 0.75, PAR) for stream in STREAMS])
    for limit in (1, 2, 8, 34):
        chance = stats.lognorm(PAR.engagement_days_spread, scale=PAR.engagement_days).cdf(limit)
        assert abs((days <= limit).sum() - MANY * chance) < ALARM_Z * math.sqrt(MANY * chance * (1 - chance))


def test_noise_of_the_sides_has_its_spread_and_correlation() -> None:
    noise = np.array([loss_noise(stream, 7, PAR) for stream in STREAMS])
    spread = noise.std(axis=0) / (PAR.engagement_noise_attacker, PAR.engagement_noise_defender)
    assert spread == pytest.approx(1, abs=ALARM_Z / math.sqrt(2 * MANY))
    rho = PAR.engagement_noise_correlation
    found = np.arctanh(np.corrcoef(noise.T)[0, 1])
    assert abs(found - np.arctanh(rho)) < ALARM_Z / math.sqrt(MANY)


def test_played_win_rates_lie_in_the_intervals_of_the_battles() -> None:
    """The nearest limit is 0.04 off, 7 standard errors of 8,000 played battles: no seed in 1e10 should fail."""
    battles = load()
    if battles is None:
        pytest.skip(NOTHING_TO_READ)
    rows = win_rates(battles[~np.isnan(battles.days)], 8000, np.random.default_rng(20210827))
    assert len(rows) == 7
    assert [row.name for row in rows if not row.inside] == []


def test_the_statistics_see_what_they_say() -> None:
    battles = load()
    if battles is None:
        pytest.skip(NOTHING_TO_READ)
    found = statistics(battles)
    assert found["loser's total loss, median [%]"] == pytest.approx(17.3, abs=0.05)
    assert found["winner's total loss, median [%]"] == pytest.approx(6.2, abs=0.15)
    assert found["days, median"] == 2
