"""Scores of forecasts against what happened: lower is better (Gneiting & Raftery 2007, JASA 102:359)."""

import math

import numpy as np
import numpy.typing as npt


def brier(p: float, happened: bool) -> float:
    """Return the Brier score (p - o)^2 of a probability."""
    return (p - float(happened)) ** 2


def log_score(p: float, happened: bool) -> float:
    """Return the log score, -ln of the probability given to what happened; infinite where that was 0."""
    given = p if happened else 1.0 - p
    return -math.log(given) if given > 0.0 else math.inf


def ranked_probability(p: npt.ArrayLike, happened: int) -> float:
    """Return the ranked probability score of ordered classes, shape (classes,), not normalised."""
    forecast = np.cumsum(np.asarray(p, dtype=np.float64))
    outcome = np.arange(len(forecast)) >= happened
    return float(np.sum((forecast - outcome) ** 2))


def crps(sample: npt.ArrayLike, value: float) -> float:
    """Return the continuous ranked probability score of a sample, E|X - y| - E|X - X'| / 2, in the sample's unit."""
    drawn = np.sort(np.asarray(sample, dtype=np.float64))
    count = len(drawn)
    spread = np.sum((2.0 * np.arange(count) - count + 1.0) * drawn) / (count * count)
    return float(np.mean(np.abs(drawn - value)) - spread)


def interval_score(low: float, high: float, alpha: float, value: float) -> float:
    """Return the score of a central 1 - alpha interval: its width, and 2/alpha times the miss."""
    return high - low + 2.0 / alpha * (max(0.0, low - value) + max(0.0, value - high))
