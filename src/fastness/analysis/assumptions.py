"""Key assumptions: what each belief rests on, and how far the answer moves if it is wrong.

How far: P(yes) where a fact is true less P(yes) where it is false; for a quantity or a model parameter, the slope of
the outcome on its normal score, from its 5 % to its 95 % quantile. Both from campaigns already played, each with the
5-95 % Monte Carlo interval; of the model's hundreds of parameters only those are told whose interval still leaves out 0
when it is widened for their number (Bonferroni). A slope misses effects that rise and fall again.

Confidence is how well the belief is supported, apart from how much hangs on it: high if it is established or two
independent origins of at least grade C3 speak on it, moderate with one, low where it rests on its prior alone.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.answer import GRADES, WORST_ITEM
from fastness.analysis.estimate import TAIL
from fastness.analysis.inputs import normal_scores
from fastness.parameters import EVIDENCE, Z95, registry
from fastness.scenario.pooling import claims_on, settles

if TYPE_CHECKING:
    import pandas as pd

    from fastness.scenario import Scenario

Floats = npt.NDArray[np.float64]

#: confidence in a parameter by the tag of its evidence; a choice of the model is low
SEEN: Final = {"V": "high", "D": "high", "M,H": "moderate", "M,M": "moderate"}
#: fewest campaigns with a fact true, or false, from which a difference is told
FEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Assumption:
    """A belief or parameter that the answer rests on.

    `move` is P(yes) at its high end (or true) less P(yes) at its low end (or false), with its Monte Carlo interval;
    `claims` are the ids of those that inform it, `support` says what it rests on, in words.
    """

    id: str
    kind: str
    text: str
    support: str
    claims: tuple[str, ...]
    confidence: str
    move: float
    low: float
    high: float
    clear: bool


def assumptions(
    scenario: "Scenario", outcomes: "pd.DataFrame", draws: "pd.DataFrame", question: str
) -> tuple[Assumption, ...]:
    """Return the assumptions behind the answer to a question, those that move it most first.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    outcomes, draws : DataFrame
        Of the completed campaigns, in the same order.
    question : str
        Id of the question.

    Returns
    -------
    tuple of Assumption
        Every belief that varies, and the parameters whose effect is clear among so many.
    """
    yes = (outcomes[question].to_numpy() >= 0).astype(np.float64)
    beliefs = [
        _belief(scenario, name, draws[f"belief:{name}"].to_numpy(dtype=np.float64), yes) for name in scenario.beliefs
    ]
    names = [name for name in registry() if f"parameter:{name}" in draws]
    parameters = [
        _parameter(name, draws[f"parameter:{name}"].to_numpy(dtype=np.float64), yes, len(names)) for name in names
    ]
    found = [*beliefs, *(each for each in parameters if each is not None and each.clear)]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: -abs(each.move)))


def _belief(scenario: "Scenario", name: str, drawn: Floats, yes: Floats) -> Assumption | None:
    belief = scenario.beliefs[name]
    if np.ptp(drawn) == 0.0:
        return None
    fact = belief.chance is not None
    moved = difference(drawn > 0.5, yes) if fact else slope(drawn, yes)
    if moved is None:
        return None
    move, error = moved
    claims = [claim for claim in claims_on(scenario, name) if claim.kind != "unknown"]
    support, confidence = _support(scenario, name)
    low, high = move - Z95 * error, move + Z95 * error
    return Assumption(
        name, "fact" if fact else "quantity", name.replace("-", " "), support, tuple(claim.id for claim in claims),
        confidence, move, low, high, low > 0 or high < 0,
    )  # fmt: skip


def _support(scenario: "Scenario", name: str) -> tuple[str, str]:
    """Return what a belief rests on in words, and how confident one can be of it."""
    belief, grades = scenario.beliefs[name], {source.id: source for source in scenario.sources}
    claims = [claim for claim in claims_on(scenario, name) if claim.kind != "unknown"]
    if any(settles(claim, belief) for claim in claims):
        return "established", "high"
    if not claims:
        return "prior alone", "low"
    good = {
        grades[claim.source].origin
        for claim in claims
        if grades[claim.source].grade in GRADES and claim.item_grade <= WORST_ITEM
    }
    origins = len({grades[claim.source].origin for claim in claims})
    one = "1 claim" if len(claims) == 1 else f"{len(claims)} claims"
    support = f"{one} of {origins} origin{'s' * (origins > 1)}, {len(good)} of them C3 or better"
    return support, "high" if len(good) > 1 else "moderate" if good else "low"


def _parameter(name: str, drawn: Floats, yes: Floats, many: int) -> Assumption | None:
    moved = slope(drawn, yes)
    if moved is None:
        return None
    from scipy.special import ndtri

    row, (move, error) = registry()[name], moved
    wide = float(ndtri(1.0 - TAIL / many)) * error
    return Assumption(
        name, "parameter", row.about, EVIDENCE[row.evidence], (), SEEN.get(row.evidence, "low"),
        move, move - Z95 * error, move + Z95 * error, abs(move) > wide,
    )  # fmt: skip


def difference(true: npt.NDArray[np.bool_], yes: Floats) -> tuple[float, float] | None:
    """Return P(yes | true) - P(yes | false) and its standard error, None with too few campaigns on a side."""
    n, m = int(true.sum()), int((~true).sum())
    if min(n, m) < FEWEST:
        return None
    # half a campaign is added to each count, so that agreement of all does not look certain
    p, q = (yes[true].sum() + 0.5) / (n + 1), (yes[~true].sum() + 0.5) / (m + 1)
    return float(yes[true].mean() - yes[~true].mean()), float(np.sqrt(p * (1 - p) / n + q * (1 - q) / m))


def slope(drawn: Floats, yes: Floats) -> tuple[float, float] | None:
    """Return by how much P(yes) rises from the 5 % to the 95 % quantile of an input, and its standard error."""
    if np.ptp(drawn) == 0.0:
        return None
    scores = normal_scores(drawn)
    centred = yes - yes.mean()
    per_sd = float(scores @ centred / (scores @ scores))
    left = centred - per_sd * scores
    error = float(np.sqrt((left**2).mean() / (scores @ scores)))
    return 2 * Z95 * per_sd, 2 * Z95 * error
