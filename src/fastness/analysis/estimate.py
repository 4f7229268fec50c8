"""Estimates from finitely many campaigns, with the error that comes from their number alone (Monte Carlo error)."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: intervals are from the 5 % to the 95 % quantile
TAIL = 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of campaigns, its standard error, and how many campaigns it comes from."""

    probability: float
    standard_error: float
    campaigns: int


def estimate(hits: int, campaigns: int) -> Estimate:
    """Estimate a probability from the campaigns in which something happened.

    The standard error is that of a binomial share. Where all campaigns agree that would be zero, so it is then the
    standard deviation of the Jeffreys posterior Beta(hits + 1/2, misses + 1/2).

    Parameters
    ----------
    hits : int
        Campaigns in which it happened.
    campaigns : int
        Campaigns that count, at least 1.

    Returns
    -------
    Estimate
        Probability and standard error [1].

    Raises
    ------
    ValueError
        If the numbers do not fit together.
    """
    if not 0 <= hits <= campaigns or campaigns < 1:
        message = f"{hits} of {campaigns} campaigns is no share"
        raise ValueError(message)
    p = hits / campaigns
    if 0 < hits < campaigns:
        return Estimate(p, math.sqrt(p * (1 - p) / campaigns), campaigns)
    total = campaigns + 1.0
    return Estimate(p, math.sqrt(0.5 * (campaigns + 0.5) / (total + 1.0)) / total, campaigns)


def jeffreys(hits: int, campaigns: int) -> tuple[float, float]:
    """Return the 5-95 % Jeffreys interval of a share (Brown, Cai and DasGupta 2001, Statistical Science 16:101).

    Parameters
    ----------
    hits : int
        Campaigns in which it happened.
    campaigns : int
        Campaigns that count.

    Returns
    -------
    tuple of float
        Lower and upper end [1]; the lower end is 0 for no hits and the upper end 1 for no misses.
    """
    from scipy.special import betaincinv

    misses = campaigns - hits
    low = float(betaincinv(hits + 0.5, misses + 0.5, TAIL)) if hits else 0.0
    high = float(betaincinv(hits + 0.5, misses + 0.5, 1 - TAIL)) if misses else 1.0
    return low, high


def day_quantiles(days: npt.ArrayLike) -> tuple[float | None, float | None, float | None]:
    """Return the 5 %, 50 % and 95 % quantiles of days, some of which may never come.

    Each is a day that occurred in some campaign. A campaign in which the day never comes counts as later than any
    other: something else ended the story first or the clock ran out, and that does not make the day come sooner.

    Parameters
    ----------
    days : array_like
        Days since the start; negative: never.

    Returns
    -------
    tuple of (float or None)
        None where so many campaigns never see the day, or where there are no campaigns.
    """
    known = np.asarray(days, dtype=np.float64)
    if known.size == 0:
        return None, None, None
    ordered = np.where(known < 0, np.inf, known)
    found = np.quantile(ordered, [TAIL, 0.5, 1 - TAIL], method="inverted_cdf")
    low, middle, high = (float(day) if math.isfinite(day) else None for day in found)
    return low, middle, high
