"""Tip: how wrong a source must be to flip a call, by re-weighting the campaigns already played.

Suppose that all numbers of an origin are f times too high. Its claims are divided by f, the beliefs that they bear on
are pooled anew (`scenario.pooling`, with each campaign's own trust in sources), and every campaign is weighted by what
the new curves say of the values that it drew over what the old ones said (importance sampling, Owen 2013, ch. 9). The
weighted share of campaigns is P if the source is that wrong. On shares f is a factor of the odds; of facts, f is by how
much the likelihood ratios of its word are too strong. The smallest f at which the call changes is what is told.

Few campaigns drew what a very different curve makes likely: the effective sample size (Kish 1965) of the weights says
how many they are worth. Where it falls under 100 the search ends, and no more is said than "no factor up to that".
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from fastness.analysis.drivers import Played, completed
from fastness.analysis.tip_weights import Asked, Error, Subject, beliefs_wrong, sources_wrong
from fastness.analysis.value import one_question, told
from fastness.analysis.words import BANDS, likelihood_words, percent
from fastness.parameters import Z95

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

Floats = npt.NDArray[np.float64]
Call = Literal["half", "word"]

#: factors looked at; a source that is more than ten times wrong is not wrong by a factor
FACTORS: Final = (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0)
#: fewest effective campaigns: with fewer P is known to worse than 5 points
FEWEST_EFFECTIVE: Final = 100


@dataclass(frozen=True, slots=True)
class Tip:
    """How wrong one source, group of sources or belief must be to flip a call.

    `factor` is None where no factor up to `up_to` does. `low` and `high` are its 5-95 % interval from Monte Carlo
    error, None where that lies beyond `up_to`. `probability` and `effective` are P and the effective sample size at the
    factor, or at `up_to`, and `claims` those that are in question.
    """

    subject: Subject
    id: str
    error: Error
    claims: tuple[str, ...]
    factor: float | None
    low: float | None
    high: float | None
    up_to: float
    probability: float
    effective: float
    says: str


@dataclass(frozen=True, slots=True)
class Tips:
    """What would flip the call on one question, the least wrong first."""

    run: str
    question: str
    text: str
    probability: float
    campaigns: int
    call: Call
    said: str
    tips: tuple[Tip, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data for `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Point:
    """P at a factor, its Monte Carlo error and the effective sample size."""

    factor: float
    probability: float
    error: float
    effective: float


def tip(ensemble: "Ensemble", *, question: str | None = None, call: Call = "half", beliefs: bool = True) -> Tips:
    """Say how wrong each origin, each group of sources of one interest, and each belief must be to flip the call.

    Parameters
    ----------
    ensemble : Ensemble
        A run; campaigns that failed are left out.
    question : str, optional
        Id; None: the scenario's first question.
    call : {"half", "word"}
        What is to flip: whether P is above 50 %, or the likelihood word of ICD 203.
    beliefs : bool
        Whether to look at every belief too, whoever informs it.

    Raises
    ------
    AnalysisError
        FS401 for a question that the run does not have, FS402 where no campaign was completed, FS440 where too few
        campaigns decide the question one way.
    """
    name = one_question(ensemble.scenario, question)
    return tips_of(completed(ensemble), name, call=call, beliefs=beliefs)


def tips_of(played: Played, name: str, *, call: Call = "half", beliefs: bool = True) -> Tips:
    """As `tip`, for campaigns that have been read already."""
    y = told(played, name)
    p = float(y.mean())
    band = _band(p, call)
    asked = (*sources_wrong(played), *(beliefs_wrong(played) if beliefs else ()))
    found = [_search(each, y, band, _pattern(played, *each[:3])) for each in asked]
    found.sort(key=lambda each: (each.factor is None, each.factor or 0.0))
    said = likelihood_words(p) if call == "word" else ("more likely than not" if p >= 1 / 2 else "less likely than not")
    text = played.scenario.questions[name].heading
    return Tips(played.run, name, text, p, len(y), call, said, tuple(found))


def _band(p: float, call: Call) -> tuple[float, float]:
    """Return from where to where P leaves the call as it is."""
    if call == "half":
        return (0.5, np.inf) if p >= 1 / 2 else (-np.inf, 0.5)
    lowest, highest = BANDS[0][0], BANDS[-1][1]
    inside = next(((low, high) for low, high, _ in BANDS if low <= p < high), None)
    return inside or ((-np.inf, lowest) if p < lowest else (highest, np.inf))


def _pattern(played: Played, subject: Subject, name: str, error: Error) -> str:
    if subject != "belief":
        return SAID[error]
    return (QUANTITY if played.scenario.beliefs[name].chance is None else FACT)[error]


def _search(asked: Asked, y: Floats, band: tuple[float, float], pattern: str) -> Tip:
    """Find the smallest factor at which P leaves the band."""
    subject, name, error, claims, weigh = asked
    points = [_point(1.0, np.zeros(len(y)), y)]
    for wrong in FACTORS:
        here = _point(wrong, weigh(wrong), y)
        if here.effective < FEWEST_EFFECTIVE:
            break
        points.append(here)
        if _slack(here, band) + Z95 * here.error <= 0:
            break
    slack = np.array([_slack(point, band) for point in points])
    spread = Z95 * np.array([point.error for point in points])
    steps = np.log([point.factor for point in points])
    factor, low, high = (_crossing(steps, slack + side * spread) for side in (0, -1, 1))
    there = float(steps[-1] if factor is None else np.log(factor))
    p, effective = (float(np.interp(there, steps, row)) for row in _told(points))
    up_to = points[-1].factor
    found = Tip(subject, name, error, claims, factor, low, high, up_to, p, effective, "")
    return replace(found, says=_says(found, pattern, points[0].probability))


def _slack(point: _Point, band: tuple[float, float]) -> float:
    """Return how far inside the band P is, below 0 outside."""
    return min(point.probability - band[0], band[1] - point.probability)


def _told(points: Sequence[_Point]) -> tuple[list[float], list[float]]:
    return [point.probability for point in points], [point.effective for point in points]


def _crossing(steps: Floats, slack: Floats) -> float | None:
    """Return the factor at which the slack is used up, straight between two points; None if it never is."""
    gone = np.flatnonzero(slack <= 0)
    if len(gone) == 0:
        return None
    k = int(gone[0])
    if k == 0:
        return 1.0
    part = slack[k - 1] / (slack[k - 1] - slack[k])
    return float(np.exp(steps[k - 1] + part * (steps[k] - steps[k - 1])))


def _point(factor: float, log_weight: Floats, y: Floats) -> _Point:
    weight = np.exp(log_weight - log_weight.max())
    total = weight.sum()
    p = float(weight @ y / total)
    error = float(np.sqrt((weight**2) @ (y - p) ** 2) / total)
    return _Point(factor, p, error, float(total**2 / (weight @ weight)))


#: how each error is said; {who} is the source or the belief
SAID: Final = {
    "too high": "the numbers of {who} are {f} times too high",
    "too low": "the numbers of {who} are {f} times too low",
    "leaning": "{who} inflate their own side's numbers and belittle the other's {f} times",
    "too sure": "the word of {who} on facts counts {f} times too much",
}
QUANTITY: Final = {
    "too high": "{who} is {f} times lower than thought",
    "too low": "{who} is {f} times higher than thought",
}
FACT: Final = {
    "too high": "the odds of {who} are {f} times lower than thought",
    "too low": "the odds of {who} are {f} times higher than thought",
}


def _says(tip: Tip, pattern: str, start: float) -> str:
    """Say in a sentence what it takes to flip the call, `start` being P if nobody is wrong."""
    who = tip.id
    if tip.subject == "interest":
        sided = tip.id in ("defender", "besieger")
        who = f"sources that gain with the {tip.id}" if sided else f"sources of interest {tip.id}"
    if tip.factor is not None:
        span = f"{tip.low or 1:.1f} to {f'{tip.high:.1f}' if tip.high else f'over {tip.up_to:g}'}"
        return f"The call flips if {pattern.format(who=who, f=f'{tip.factor:.1f}')} or more ({span})."
    if tip.up_to < FACTORS[0]:
        return f"Too few campaigns are left to say what follows if {pattern.format(who=who, f=FACTORS[0])}."
    ends = f"{percent(start)} becomes {percent(tip.probability)}"
    beyond = "" if tip.up_to == FACTORS[-1] else "; beyond that too few campaigns are left to say"
    return f"No flip even if {pattern.format(who=who, f=f'{tip.up_to:g}')}: {ends}{beyond}."
