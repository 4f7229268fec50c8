"""Three typical campaigns: how a run's histories fall into kinds, and the one in the middle of each.

Campaigns are alike when they decide the questions alike. Each question is one coordinate, 1 for yes and 0 for no; a
second, weighted by half, is how early the yes came. Three medoids (Kaufman and Rousseeuw 1990: the campaigns with the
least sum of squared distances to those nearest to them, by alternation from a greedy start) are the typical campaigns:
each is a campaign that was played, not a mean of several. The kinds blur into each other; `told_apart` says how much of
the spread they explain.
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.estimate import jeffreys
from fastness.analysis.story import Story, tell
from fastness.errors import AnalysisError

if TYPE_CHECKING:
    import pandas as pd

    from fastness.ensemble import Ensemble

Floats = npt.NDArray[np.float64]

#: how many kinds are told: the issue asks for three, and three can be kept in mind
KINDS: Final = 3
#: fewest campaigns from which kinds are told
FEWEST: Final = 30
#: weight of when a question became true against whether it did
EARLY: Final = 0.5
#: questions that mark a kind off from the rest, at most, and by how many points at least
MARKS: Final = 4
APART: Final = 0.15
STEPS: Final = 20
#: campaigns among which the middles are looked for: all distances between more take seconds, and move a share by points
SEARCHED: Final = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """A question that marks a kind off: its share of yes [1] in the kind and in all campaigns."""

    question: str
    text: str
    within: float
    overall: float


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of history: its share of the campaigns with 5-95 % interval, what marks it, its typical campaign."""

    share: float
    low: float
    high: float
    campaigns: int
    marks: tuple[Mark, ...]
    story: Story


@dataclass(frozen=True, slots=True)
class Typical:
    """The kinds, the commonest first; `told_apart` is the share of the campaigns' spread that they explain [1]."""

    campaigns: int
    told_apart: float
    kinds: tuple[Kind, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data for `--json`."""
        return asdict(self)


def typical(ensemble: "Ensemble") -> Typical:
    """Find three kinds of history among the completed campaigns, and tell the campaign in the middle of each.

    Raises
    ------
    AnalysisError
        FS456 for fewer than 30 completed campaigns, or where no question has been decided in two ways.
    """
    outcomes = ensemble.outcomes[ensemble.outcomes["status"] == 0]
    points = _points(ensemble, outcomes)
    if len(outcomes) < FEWEST or not points.std(axis=0).any():
        message = f"{ensemble.path} has {len(outcomes)} completed campaigns, too few or too alike for typical ones"
        hint = f"run at least {FEWEST} campaigns of a scenario whose questions are not all settled"
        raise AnalysisError(code="FS456", message=message, hint=hint)
    middles = medoids(points[:SEARCHED], KINDS)
    nearest = _squared(points, points[middles]).argmin(axis=1)
    spread = sum(_spread(points[nearest == k]) for k in range(len(middles)))
    found = [_kind(ensemble, outcomes, nearest == k, middle) for k, middle in enumerate(middles)]
    kinds = tuple(sorted(found, key=lambda kind: -kind.campaigns))
    return Typical(len(outcomes), 1.0 - spread / _spread(points), kinds)


def medoids(points: Floats, count: int) -> list[int]:
    """Return the rows that are medoids of the points, shape (campaigns, coordinates), at most `count` of them."""
    apart = _squared(points, points).astype(np.float32)  # half the memory to walk through
    chosen = [int(apart.sum(axis=1).argmin())]
    nearest = apart[chosen[0]]
    while len(chosen) < count and nearest.any():
        gain = np.maximum(nearest[None, :] - apart, 0.0).sum(axis=1)
        chosen.append(int(gain.argmax()))
        nearest = np.minimum(nearest, apart[chosen[-1]])
    for _ in range(STEPS):
        owner = apart[chosen].argmin(axis=0)
        better = []
        for k in range(len(chosen)):
            mine = np.flatnonzero(owner == k)
            better.append(int(mine[apart[np.ix_(mine, mine)].sum(axis=1).argmin()]))
        if better == chosen:
            break
        chosen = better
    return chosen


def _points(ensemble: "Ensemble", outcomes: "pd.DataFrame") -> Floats:
    length = float((ensemble.scenario.clock.end - ensemble.scenario.clock.start).days or 1)
    days = outcomes[list(ensemble.scenario.questions)].to_numpy(dtype=np.float64)
    early = np.where(days >= 0, 1.0 - days / length, 0.0)
    return np.hstack([(days >= 0).astype(np.float64), EARLY * early])


def _squared(a: Floats, b: Floats) -> Floats:
    squares: Floats = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * a @ b.T
    return np.maximum(squares, 0.0)


def _spread(points: Floats) -> float:
    """Return the sum of squared distances to the mean."""
    return float(((points - points.mean(axis=0)) ** 2).sum())


def _kind(ensemble: "Ensemble", outcomes: "pd.DataFrame", mine: npt.NDArray[np.bool_], middle: int) -> Kind:
    count = int(mine.sum())
    low, high = jeffreys(count, len(outcomes))
    number = int(outcomes["campaign"].iloc[middle])
    events = ensemble.events
    story = tell(ensemble.scenario, number, events[events["campaign"] == number])
    return Kind(count / len(outcomes), low, high, count, _marks(ensemble, outcomes, mine), story)


def _marks(ensemble: "Ensemble", outcomes: "pd.DataFrame", mine: npt.NDArray[np.bool_]) -> tuple[Mark, ...]:
    """Return the questions by which a kind differs most from all campaigns."""
    marks = []
    for name, question in ensemble.scenario.questions.items():
        held = outcomes[name].to_numpy() >= 0
        marks.append(Mark(name, question.heading, float(held[mine].mean()), float(held.mean())))
    marks = [mark for mark in marks if abs(mark.within - mark.overall) >= APART]
    return tuple(sorted(marks, key=lambda mark: -abs(mark.within - mark.overall))[:MARKS])
