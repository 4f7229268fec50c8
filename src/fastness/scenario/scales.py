"""On what scale a belief is pooled, and how a claim reads there: numbers, ranges, words.

Positive quantities live on ln, shares on logit, dates (as day numbers) and the rest on a linear scale. A prior whose
percentiles are lopsided there is straightened: each half keeps its own width, so p5, p50 and p95 come out as written.
"""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fastness.parameters import Z95, Floats

if TYPE_CHECKING:
    from fastness.scenario.model import Belief, Claim

Kind = Literal["ln", "logit", "linear"]
#: a percentile as written
Point = float | datetime.date | None


@dataclass(frozen=True)
class Scale:
    """The scale of one belief; `centre`, `left` and `right` are the prior's median and half-widths (sd) on it.

    A half of no width gives no values beyond the centre; claims that lie there are measured by the other half.
    """

    kind: Kind
    centre: float
    left: float
    right: float

    @property
    def sd(self) -> float:
        """Standard deviation of the prior on the straightened scale."""
        return (self.left + self.right) / 2

    def to(self, values: ArrayLike) -> Floats:
        """Take values in the belief's unit to the straightened scale."""
        return self.straighten(forward(self.kind, values))

    def back(self, scaled: ArrayLike) -> Floats:
        """Take points of the straightened scale to values in the belief's unit; the inverse of `to`."""
        away = np.asarray(scaled, dtype=np.float64) - self.centre
        return backward(self.kind, self.centre + away * np.where(away < 0, self.left, self.right) / (self.sd or 1))

    def straighten(self, plain: ArrayLike) -> Floats:
        """Take points of the plain ln, logit or linear scale to the straightened one."""
        away = np.asarray(plain, dtype=np.float64) - self.centre
        left, right = self.left or self.right or 1, self.right or self.left or 1
        return np.asarray(self.centre + away * self.sd / np.where(away < 0, left, right))


def forward(kind: Kind, values: ArrayLike) -> Floats:
    """Take values to the plain scale; the ends of the range go to minus or plus infinity."""
    array = np.asarray(values, dtype=np.float64)
    with np.errstate(divide="ignore"):
        match kind:
            case "ln":
                return np.asarray(np.log(array))
            case "logit":
                return np.asarray(np.log(array) - np.log1p(-array))
            case "linear":
                return array


def backward(kind: Kind, scaled: ArrayLike) -> Floats:
    """Take points of the plain scale to values."""
    array = np.asarray(scaled, dtype=np.float64)
    match kind:
        case "ln":
            return np.asarray(np.exp(array))
        case "logit":
            return np.asarray((1 + np.tanh(array / 2)) / 2)
        case "linear":
            return array


def day_number(value: float | datetime.date) -> float:
    """Return a number as it is and a date as its day number (proleptic Gregorian ordinal)."""
    return float(value.toordinal()) if isinstance(value, datetime.date) else float(value)


def day_of(number: float) -> datetime.date:
    """Return the date of a day number, rounded to the day."""
    return datetime.date.fromordinal(round(number))


def holds_date(belief: "Belief") -> bool:
    """Return whether the percentiles of a belief are dates."""
    return isinstance(belief.p5, datetime.date)


def percentiles(belief: "Belief") -> tuple[float, float, float]:
    """Return p5, p50, p95 of the prior as numbers (dates as day numbers); p50 is the middle of the scale if left out.

    Raises
    ------
    ValueError
        If p5 or p95 is missing, the three fall, or they lie off the scale.
    """
    return _percentiles(belief.unit, belief.scale, belief.p5, belief.p50, belief.p95)


def _percentiles(unit: str, scale: Kind | None, p5: Point, p50: Point, p95: Point) -> tuple[float, float, float]:
    if p5 is None or p95 is None:
        message = "a quantity needs p5 and p95"
        raise ValueError(message)
    low, high = day_number(p5), day_number(p95)
    kind = scale or _usual(unit, low, high, isinstance(p5, datetime.date))
    if kind == "ln" and low <= 0:
        message = f"percentiles on the ln scale must be more than 0, p5 is {low:g}"
        raise ValueError(message)
    if kind == "logit" and not 0 < low <= high < 1:
        message = f"percentiles on the logit scale must be between 0 and 1, are {low:g} and {high:g}"
        raise ValueError(message)
    ends = forward(kind, [low, high])
    middle = float(backward(kind, ends.mean())) if p50 is None else day_number(p50)
    if not low <= middle <= high:
        message = f"percentiles must not fall, are {low:g}, {middle:g}, {high:g}"
        raise ValueError(message)
    return low, middle, high


def _usual(unit: str, low: float, high: float, dated: bool) -> Kind:
    if dated or low <= 0:
        return "linear"
    return "logit" if unit == "1" and high < 1 else "ln"


def scale_of(belief: "Belief") -> Scale:
    """Return the scale of a quantity from its prior percentiles; errors as `percentiles`."""
    return _scale(belief.unit, belief.scale, belief.p5, belief.p50, belief.p95)


@lru_cache(maxsize=1024)  # asked for each claim, in each batch
def _scale(unit: str, scale: Kind | None, p5: Point, p50: Point, p95: Point) -> Scale:
    written = _percentiles(unit, scale, p5, p50, p95)
    kind = scale or _usual(unit, written[0], written[2], isinstance(p5, datetime.date))
    low, centre, high = (float(point) for point in forward(kind, written))
    return Scale(kind, centre, (centre - low) / Z95, (high - centre) / Z95)


class Reading(NamedTuple):
    """What a claim says as numbers in the belief's unit: 5 %, 95 %, and whether it is one value only."""

    low: float
    high: float
    single: bool


def read_claim(claim: "Claim", belief: "Belief") -> Reading | str:
    """Read the quantity in a claim, or say why there is none.

    Parameters
    ----------
    claim : Claim
        Its `value`, `low` and `high`, or `words`, the first that is there.
    belief : Belief
        The belief that it bears on, for scale and unit.

    Returns
    -------
    Reading or str
        The numbers; or a phrase for the ledger, such as "a bound alone is not pooled".
    """
    if holds_date(belief):
        return "a number says no date"
    kind = scale_of(belief).kind
    if claim.value is not None:
        return _on_scale(Reading(claim.value, claim.value, single=True), kind, claim.kind == "established")
    if claim.low is not None and claim.high is not None:
        return _on_scale(Reading(claim.low, claim.high, single=False), kind, established=False)
    if claim.low is not None or claim.high is not None:
        return "a bound alone is not pooled"
    if claim.words is None:
        return "gives no quantity"
    found = meaning(claim.words, kind, belief.unit)
    if found is None:
        return f"no table has the words '{claim.words}'"
    return _on_scale(Reading(*found, single=False), kind, established=False)


def _on_scale(reading: Reading, kind: Kind, established: bool) -> Reading | str:
    """Return the reading if the scale has it; an established 0 or 1 may stand at the very end."""
    lowest, highest = {"ln": (0.0, np.inf), "logit": (0.0, 1.0), "linear": (-np.inf, np.inf)}[kind]
    inside = lowest < reading.low and reading.high < highest
    at_end = established and lowest <= reading.low and reading.high <= highest
    return reading if inside or at_end else f"{reading.low:g} lies off the {kind} scale"


def meaning(words: str, kind: Kind, unit: str) -> tuple[float, float] | None:
    """Return 5 % and 95 % of a quantity in words, or None if the table for that scale and unit has no such words."""
    table = "shares" if kind == "logit" else "days" if unit == "days" else "counts"
    return word_tables()[table].get(" ".join(words.lower().split()))


@cache
def word_tables() -> Mapping[str, Mapping[str, tuple[float, float]]]:
    """Return what words mean as numbers: counts, shares and days, each words -> (5 %, 95 %)."""
    text = Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    return {
        table: {words: (float(low), float(high)) for words, (low, high) in rows.items()}
        for table, rows in tomllib.loads(text).items()
    }
