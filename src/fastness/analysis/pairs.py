"""Differences of two shares, paired or not: score intervals, exact tests, and what the next digit would take."""

import math
from typing import Final

Interval = tuple[float, float]

#: the normal's 97.5 % point: differences have 95 % intervals
Z: Final = 1.959963984540054
#: steps of bisection: intervals to 2^-50
HALVINGS: Final = 50
#: a digit is known when the half-width of the interval is at most this part of its unit
HALF: Final = 0.5


def tango(gained: int, lost: int, n: int) -> Interval:
    """Return Tango's 95 % score interval of the difference of two shares from matched pairs.

    Parameters
    ----------
    gained, lost : int
        Pairs that turn from no to yes, and from yes to no.
    n : int
        All pairs.

    Returns
    -------
    tuple of float
        Ends of the interval of (gained - lost) / n [1].
    """
    at = (gained - lost) / n
    return _root(gained, lost, n, -1.0, at, Z), _root(gained, lost, n, at, 1.0, -Z)


def _root(gained: int, lost: int, n: int, low: float, high: float, level: float) -> float:
    """Return where the score falls through `level`, by bisection; it falls as the difference supposed rises."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if score(gained, lost, n, middle) > level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def score(gained: int, lost: int, n: int, supposed: float) -> float:
    """Return Tango's score of matched pairs if the true difference were `supposed` (-1 to 1): about standard normal."""
    a = 2.0 * n
    b = -gained - lost + (2 * n - gained + lost) * supposed
    c = -lost * supposed * (1 - supposed)
    other_way = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    variance = n * (2 * other_way + supposed * (1 - supposed))
    away = gained - lost - n * supposed
    return away / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, away) if away else 0.0


def mcnemar(gained: int, lost: int) -> float:
    """Return the exact two-sided chance of flips so uneven if either way were as likely (McNemar's test)."""
    from scipy.special import bdtr

    flips = gained + lost
    return min(1.0, 2 * float(bdtr(min(gained, lost), flips, 0.5))) if flips else 1.0


def newcombe(hits: int, n: int, base_hits: int, base_n: int) -> Interval:
    """Return Newcombe's 95 % interval of the difference of two independent shares, hits / n - base_hits / base_n."""
    p, q = hits / n, base_hits / base_n
    (p_low, p_high), (q_low, q_high) = wilson(hits, n), wilson(base_hits, base_n)
    return p - q - math.hypot(p - p_low, q_high - q), p - q + math.hypot(p_high - p, q - q_low)


def wilson(hits: int, n: int) -> Interval:
    """Return Wilson's 95 % score interval of a share."""
    p, weight = hits / n, Z * Z / n
    half = Z * math.sqrt(p * (1 - p) / n + weight / (4 * n))
    return (p + weight / 2 - half) / (1 + weight), (p + weight / 2 + half) / (1 + weight)


def pooled_chance(p: float, q: float, n: int, m: int) -> float:
    """Return the two-sided chance of two independent shares so far apart if they were one (pooled z test)."""
    from scipy.special import ndtr

    pooled = (p * n + q * m) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return 2 * float(ndtr(-abs(q - p) / error)) if error else 1.0


def for_next_digit(half_width: float, n: int, unit: float) -> int:
    """Return how many campaigns more bring the interval's half-width to half a unit of the next digit.

    A digit is known when the half-width is at most half a unit of it; errors fall with the root of the campaigns.
    """
    digit = 10.0 ** (math.ceil(math.log10(half_width / (HALF * unit))) - 1)
    wanted = n * (half_width / (HALF * unit * digit)) ** 2
    return max(1, math.ceil(wanted - n))
