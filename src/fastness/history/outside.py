"""The outside view: what became of comparable sieges, beside what the model says.

A question that asks whether the stronghold falls, holds or is settled by a date is compared with how often that
happened within as many days in history. The cases are a small table of facts (`comparable.csv`): sieges, enclaves and
mountain redoubts since 1941, compiled from public histories and mostly from memory; what an observer could know of each
on its third day, and how and when it ended. Cases of the scenario's own conflict are
left out, and so is every case that ended after the scenario's last day of evidence: nobody knew then how it would end.

The more a case is like the scenario, the more it may count: a step of difference (`steps`) halves its weight, fully, by
half, by a quarter, or not at all, whichever foretells the cases best when each conflict in turn is foretold from the
others (`sharpness`). Where likeness foretells nothing all cases count alike, and that is said. All cases left are over,
so the Aalen-Johansen estimate of the share that fell by a day, while relief and settlement compete with falling, is the
weighted share that did. Its interval is Jeffreys' with the effective number of *conflicts*, since cases of one war are
not independent. Ten cases are called ten cases.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from math import log2
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from fastness.analysis.estimate import TAIL
from fastness.analysis.words import percent
from fastness.scenario.expressions import Binary, Call, Node, Text, parse
from fastness.scenario.model import Likeness, Question, Scenario

if TYPE_CHECKING:
    from fastness.analysis.answer import Answer

Event = Literal["fell", "relieved", "settled", "survived"]

#: attributes with an order: one step from each to the next; settings have none and are one step apart
ORDERED: Final[Mapping[str, tuple[str, ...]]] = {
    "corridor": ("closed", "contested", "open"),
    "sponsor": ("none", "promised", "active"),
    "relief": ("none", "distant", "near"),
    "season": ("none", "some", "much"),
}
#: a ratio of strengths counts one step for each factor of two, up to this many
MOST_STEPS: Final = 3.0
#: what is unknown of either is between alike and one step apart
UNKNOWN: Final = 0.5
#: halvings of a case's weight for each step of difference, of which the cases choose
SHARPNESS: Final = (0.0, 0.25, 0.5, 1.0)
#: days by which they choose
HORIZONS: Final = (30, 90, 180, 365)
#: cases named one by one
NAMED: Final = 5
#: the end of the headline's range, behind which the outside view goes
AFTER: Final = " across inputs and models)"
#: what happened, in words
HAPPENED: Final[Mapping[Event, str]] = {
    "fell": "fell",
    "relieved": "were relieved",
    "settled": "were settled by agreement",
    "survived": "had not fallen",
}


@dataclass(frozen=True, slots=True)
class Comparable:
    """A siege of the past: what could be known of it on its third day (None: unknown), and how it ended when."""

    case: str
    conflict: str
    start: date
    days: int
    outcome: Event
    setting: str | None
    strength_ratio: float | None
    corridor: str | None
    sponsor: str | None
    relief: str | None
    season: str | None

    @property
    def end(self) -> date:
        """The day on which it ended."""
        return self.start + timedelta(days=self.days)

    def shows(self, event: Event, horizon: int) -> bool:
        """Tell whether the event had happened after so many days; survived: it had not fallen by then."""
        if event == "survived":
            return not self.shows("fell", horizon)
        return self.outcome == event and self.days <= horizon


@dataclass(frozen=True, slots=True)
class Named:
    """A comparable case by name: when it began, how it ended after how many days, and by how many steps it differs."""

    case: str
    start: str
    days: int
    outcome: Event
    steps: float


@dataclass(frozen=True, slots=True)
class OutsideView:
    """How often what a question asks happened in comparable cases.

    `share` is the weighted share [1] of `cases` in which `event` had happened within `horizon` days, `low` and `high`
    its 5-95 % interval, `effective` as how many independent cases they count, `happened` how many of them it was.
    `sharpness` is how often each step of difference halves a case's weight; 0: likeness foretold nothing, so that all
    count alike.
    """

    question: str
    event: Event
    horizon: int
    share: float
    low: float
    high: float
    cases: int
    happened: int
    effective: float
    sharpness: float
    nearest: list[Named]

    def document(self) -> dict[str, Any]:
        """Return the view as plain data for `--json`."""
        return asdict(self)

    @property
    def mixed(self) -> bool:
        """Whether some cases showed it and others did not."""
        return 0 < self.happened < self.cases

    def brief(self) -> str:
        """Write the share for a headline: its interval where no case, or every case, showed it."""
        if self.mixed:
            return percent(self.share)
        return f"{100 * self.low:.0f}–{100 * self.high:.0f} %"

    def says(self) -> str:
        """Say it in a sentence that hides neither the number of cases nor how few they amount to."""
        counted = "weighted by likeness" if self.sharpness else "all counting alike"
        alike = ", ".join(f"{near.case} {near.start[:4]}" for near in self.nearest[:3])
        span = f"{100 * self.low:.0f}–{100 * self.high:.0f}; " if self.mixed else ""
        return (
            f"Of {self.cases} sieges, {self.happened} {HAPPENED[self.event]} within {self.horizon} days: "
            f"{self.brief()}, {counted} ({span}worth {self.effective:.0f} independent cases; most alike: {alike})."
        )


@cache
def comparables() -> tuple[Comparable, ...]:
    """Return the cases of the table, in its order."""
    text = (files("fastness.history") / "comparable.csv").read_text(encoding="utf-8")
    return tuple(_case(row) for row in csv.DictReader(text.splitlines()))


def _case(row: Mapping[str, str]) -> Comparable:
    outcome: Event = next(event for event in get_args(Event) if event == row["outcome"])
    ratio = float(row["strength_ratio"]) if row["strength_ratio"] else None
    known = {name: row[name] or None for name in ("setting", *ORDERED)}
    start = date.fromisoformat(row["start"])
    return Comparable(row["case"], row["conflict"], start, int(row["days"]), outcome, strength_ratio=ratio, **known)


def usable(cases: Sequence[Comparable], as_of: date, conflicts: Sequence[str]) -> list[Comparable]:
    """Return the cases that a forecast may know: over by its last day of evidence, and of no conflict of its own."""
    return [case for case in cases if case.end <= as_of and case.conflict not in conflicts]


def steps(case: Comparable, likeness: Likeness | Comparable) -> float:
    """Return how unlike a case is to a scenario: steps of difference, summed over all attributes.

    Another setting is one step; corridor, sponsor, relief and season count the steps between them; strengths one step
    for each factor of two between the ratios of attackers to defenders, at most `MOST_STEPS`. What is unknown of either
    counts `UNKNOWN`. Chosen beforehand, fitted to nothing.
    """
    total = UNKNOWN
    if case.setting is not None and likeness.setting is not None:
        total = float(case.setting != likeness.setting)
    if case.strength_ratio is None or likeness.strength_ratio is None:
        total += UNKNOWN
    else:
        total += min(abs(log2(case.strength_ratio / likeness.strength_ratio)), MOST_STEPS)
    for name, order in ORDERED.items():
        mine, theirs = getattr(case, name), getattr(likeness, name)
        total += UNKNOWN if mine is None or theirs is None else abs(order.index(mine) - order.index(theirs))
    return total


@lru_cache(maxsize=4)
def _apart(cases: tuple[Comparable, ...]) -> npt.NDArray[np.float64]:
    """Return how unlike each case is to each other, in steps, shape (cases, cases)."""
    return np.array([[steps(case, other) for other in cases] for case in cases])


@lru_cache(maxsize=32)
def sharpness(cases: tuple[Comparable, ...], event: Event) -> float:
    """Return which of `SHARPNESS` foretells an event best, each conflict from all others; of equals, the least sharp.

    Judged by the Brier score over `HORIZONS`, on the same cases that a forecast may know.
    """
    away = _apart(cases)
    foreign = np.array([[case.conflict != other.conflict for other in cases] for case in cases])
    if not foreign.any(axis=1).all():
        return SHARPNESS[0]
    shown = np.array([[case.shows(event, day) for day in HORIZONS] for case in cases], float)
    scores = []
    for halvings in SHARPNESS:
        weights = foreign * 2.0 ** (-halvings * away)
        foretold = weights @ shown / weights.sum(axis=1, keepdims=True)
        scores.append(float(((foretold - shown) ** 2).mean()))
    return SHARPNESS[int(np.argmin(scores))]


def outside_views(scenario: Scenario) -> dict[str, OutsideView]:
    """Return the outside view of every question that history can be asked, in the order of the questions.

    Parameters
    ----------
    scenario : Scenario
        With `likeness`, what was known of the stronghold on the first day; without it there is no view.

    Returns
    -------
    dict
        By question; empty without usable cases.
    """
    likeness = scenario.likeness
    if likeness is None:
        return {}
    cases = usable(comparables(), scenario.clock.as_of, likeness.conflicts)
    if not cases:
        return {}
    asked = {name: asks(question, scenario) for name, question in scenario.questions.items()}
    return {name: view(name, *found, cases, likeness) for name, found in asked.items() if found is not None}


def view(question: str, event: Event, horizon: int, cases: Sequence[Comparable], likeness: Likeness) -> OutsideView:
    """Return how often an event happened within so many days, more alike cases counting more.

    Parameters
    ----------
    question : str
        Id of the question.
    event, horizon : Event, int
        What it asks, and within how many days.
    cases : sequence of Comparable
        At least one; all over.
    likeness : Likeness
        What the cases are compared with.
    """
    from scipy.special import betaincinv

    halvings = sharpness(tuple(cases), event)
    away = [steps(case, likeness) for case in cases]
    weights = [2.0 ** (-halvings * step) for step in away]
    total = sum(weights)
    shown = [case.shows(event, horizon) for case in cases]
    share = sum(weight for weight, yes in zip(weights, shown, strict=True) if yes) / total
    wars: dict[str, float] = {}
    for case, weight in zip(cases, weights, strict=True):
        wars[case.conflict] = wars.get(case.conflict, 0.0) + weight
    effective = total**2 / sum(weight**2 for weight in wars.values())
    yes, no = effective * share + 0.5, effective * (1 - share) + 0.5
    low = float(betaincinv(yes, no, TAIL)) if any(shown) else 0.0
    high = float(betaincinv(yes, no, 1 - TAIL)) if not all(shown) else 1.0
    nearest = sorted(zip(cases, away, strict=True), key=lambda pair: pair[1])[:NAMED]
    named = [Named(case.case, case.start.isoformat(), case.days, case.outcome, step) for case, step in nearest]
    return OutsideView(question, event, horizon, share, low, high, len(cases), sum(shown), effective, halvings, named)


def asks(question: Question, scenario: Scenario) -> tuple[Event, int] | None:
    """Return which event of the table a question asks for, and within how many days of the start; None: none of them.

    `compare` of the question says so; else it is read from the expression: the defender's home in the besieger's hands
    is fallen, in the defender's own it has survived, and `settled()` is settled.
    """
    if question.start is not None or question.compare == "nothing":
        return None
    event = question.compare or _event(parse(question.holds), scenario)
    last = question.by or question.on or (question.before - timedelta(days=1) if question.before else None)
    if event is None or last is None or last < scenario.clock.start:
        return None
    return event, (last - scenario.clock.start).days


def _event(node: Node, scenario: Scenario) -> Event | None:
    if isinstance(node, Call) and node.name == "settled":
        return "settled"
    held = _held(node)
    homes = {side.home for side in scenario.sides.values() if side.role == "defender"}
    if not homes & held.keys() or len(set(held.values())) != 1:
        return None
    holder = next(iter(held.values()))
    if holder not in scenario.sides:
        return None
    return "fell" if scenario.sides[holder].role == "besieger" else "survived"


def _held(node: Node) -> dict[str, str]:
    """Return who is to hold which place, where an expression says that and nothing else."""
    match node:
        case Binary(operator="==", left=Call(name="holder", arguments=(Text(value=place),)), right=Text(value=side)):
            return {place: side}
        case Binary(operator="and", left=left, right=right):
            first, second = _held(left), _held(right)
            return first | second if first and second else {}
        case _:
            return {}


def headline(answer: "Answer", views: Mapping[str, OutsideView]) -> str:
    """Return an answer's headline with the comparable cases in its brackets, where there are any for its question."""
    first = answer.questions[0].id if answer.questions else ""
    if first not in views:
        return answer.headline
    cases = f" across inputs and models; comparable cases {views[first].brief()})"
    return answer.headline.replace(AFTER, cases, 1)
