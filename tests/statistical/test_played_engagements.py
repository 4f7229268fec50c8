"""Engagements in the mass: draws against their distributions, and played battles against 461 real ones."""

import math

import numpy as np
import pytest
from battles import NOTHING_TO_READ, battle_file
from engagements import win_rates
from medians import medians
from scipy import stats

from fastness.history.battle_file import read_battles
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
    """The nearest limit is 0.04 off; the plays' error, mostly that of the drawn parameters, is below 0.01."""
    path = battle_file()
    if path is None:
        pytest.skip(NOTHING_TO_READ)
    rates = win_rates(read_battles(path).battles, 2000)
    assert len(rates) == 7
    assert [rate.ratio for rate in rates if not rate.inside] == []
