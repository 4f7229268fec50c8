"""Scores registered forecasts by what happened: Brier, log score, CRPS, against climatology, coin and status quo.

A question counts once, with the last forecast registered before it was resolved. Climatology knows only how often the
*other* resolved questions came out yes; the coin says one half; the status quo says that what was so on the first day
stays so. Questions that are not resolved, or void, are left out and counted.
"""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import Field

from fastness.analysis.estimate import TAIL, jeffreys
from fastness.analysis.register import read_registry
from fastness.analysis.reports import read_rows
from fastness.analysis.scores import brier, crps, log_score
from fastness.errors import ScenarioError, did_you_mean
from fastness.scenario.fields import Id
from fastness.scenario.model import Part
from fastness.scenario.positions import Finding, located
from fastness.units import Day

OUTCOME: Final = "FS453"
#: probability with which the status quo says that nothing changes: nineteen to one, as sure as one may well be unasked
STATUS_QUO: Final = 0.95
COIN: Final = 0.5
#: bootstrap samples of the questions for the intervals of skill, and their seed
SAMPLES: Final = 2000
SEED: Final = 1
#: edges of the reliability table
EDGES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
#: resolved questions below which calibration is not spoken of: a standard error of 0.05
FEW: Final = 100
BASELINES: Final = ("climatology", "coin", "status_quo")


class Outcome(Part):
    """How a question came out."""

    question: Id = Field(description="id of the question")
    resolved: Literal["yes", "no", "void"] = Field(description="whether it came out so; void: cannot be told")
    date: Day | None = Field(default=None, description="day on which it happened, or on which it was settled")
    source: str = Field(default="", description="who says so")


@dataclass(frozen=True, slots=True)
class Scored:
    """One resolved question: the forecast, what happened, its scores and those of the baselines (lower is better).

    `crps` is in days and None for a question about one day. `hindsight`: it was resolved before it was registered.
    """

    question: str
    ask: str
    record: int
    registered: str
    probability: float
    happened: bool
    date: str | None
    hindsight: bool
    brier: float
    log: float
    crps: float | None
    baselines: dict[str, float]


@dataclass(frozen=True, slots=True)
class Skill:
    """1 - score / score of a baseline, with a 5-95 % interval from resampling the questions; above 0 is better."""

    baseline: str
    brier: float
    log: float
    skill: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts in a band of probability: how many, their mean, and how often it happened (5-95 % Jeffreys)."""

    low: float
    high: float
    n: int
    mean: float
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True, slots=True)
class Score:
    """All that a registry and its outcomes say about how good the forecasts were."""

    registry: str
    last_hash: str
    records: int
    n: int
    void: int
    unresolved: int
    hindsight: int
    brier: float | None
    log: float | None
    crps: float | None
    crps_n: int
    skills: list[Skill]
    reliability: list[Bin]
    questions: list[Scored]
    verdict: str

    def document(self) -> dict[str, Any]:
        """Return the scores as plain data for `--json`."""
        return asdict(self)


def score(registry: str | Path, outcomes: str | Path) -> Score:
    """Verify a registry and score what of it is resolved.

    Parameters
    ----------
    registry : str or Path
        File that `register` wrote.
    outcomes : str or Path
        CSV file with the columns question, resolved (yes, no, void), date, source.

    Raises
    ------
    AnalysisError
        FS451 or FS452 if the registry was altered or cannot be read.
    ScenarioError
        With everything that is wrong with the outcomes (FS453 for what does not fit the registry).
    """
    records = read_registry(Path(registry))
    found = _outcomes(Path(outcomes), records)
    pairs = _forecasts(records)
    resolved = {name: each for name, each in found.items() if each.resolved != "void"}
    base = [each.resolved == "yes" for each in resolved.values()]
    rows = [_scored(_last_before(pairs[name], each), each, base) for name, each in resolved.items()]
    dated = [row.crps for row in rows if row.crps is not None]
    return Score(
        registry=str(registry),
        last_hash=records[-1]["hash"] if records else "",
        records=len(records),
        n=len(rows),
        void=len(found) - len(resolved),
        unresolved=len(pairs) - len(found),
        hindsight=sum(row.hindsight for row in rows),
        brier=_mean([row.brier for row in rows]),
        log=_mean([row.log for row in rows]),
        crps=_mean(dated),
        crps_n=len(dated),
        skills=[_skill(name, rows) for name in BASELINES] if rows else [],
        reliability=reliability([row.probability for row in rows], [row.happened for row in rows]),
        questions=rows,
        verdict=verdict(rows),
    )


Forecast = tuple[dict[str, Any], dict[str, Any]]


def _forecasts(records: Sequence[dict[str, Any]]) -> dict[str, list[Forecast]]:
    """Return for each question the records that forecast it, in their order."""
    found: dict[str, list[Forecast]] = {}
    for record in records:
        for question in record["questions"]:
            found.setdefault(question["id"], []).append((record, question))
    return found


def _outcomes(path: Path, records: Sequence[dict[str, Any]]) -> dict[str, Outcome]:
    table, rows, findings = read_rows(path, "outcomes", Outcome)
    known = _forecasts(records)
    found: dict[str, Outcome] = {}
    for number, each in rows:
        if each.question not in known:
            message = f"no question '{each.question}' is registered"
            hint = did_you_mean(each.question, known)
            findings.append(Finding(("outcomes", number, "question"), OUTCOME, message, hint))
        elif each.question in found:
            message = f"'{each.question}' is resolved twice"
            findings.append(Finding(("outcomes", number, "question"), OUTCOME, message, "keep one of them"))
        else:
            findings += _fits(number, each, known[each.question][-1][1])
            found[each.question] = each
    problems = [*table.problems, *located(findings, {"outcomes": table.rows}, table.origins)]
    if problems:
        raise ScenarioError(sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0))
    return found


def _fits(number: int, each: Outcome, question: Mapping[str, Any]) -> list[Finding]:
    """Return why a question cannot have come out so."""
    first, last = (datetime.date.fromisoformat(day) for day in question["window"])
    here = ("outcomes", number, "date")
    if each.resolved == "void":
        return []
    if each.date is None:
        message = f"'{each.question}' is resolved without a date"
        return [Finding(here, OUTCOME, message, "say when it happened or was settled")]
    if each.resolved == "yes" and not first <= each.date <= last:
        days = f"the days that count are {first} to {last}" if first < last else f"the one day that counts is {first}"
        message = f"'{each.question}' cannot have come out yes on {each.date}: {days}"
        return [Finding(here, OUTCOME, message, "resolve it with no, or correct the date")]
    if each.resolved == "no" and each.date < last:
        message = f"'{each.question}' cannot be resolved with no on {each.date}: its last day is {last}"
        return [Finding(here, OUTCOME, message, "leave it out until then")]
    return []


def _last_before(forecasts: Sequence[Forecast], each: Outcome) -> Forecast:
    """Return the last forecast registered before a question was resolved; without one, the last."""
    early = [pair for pair in forecasts if each.date is not None and _registered(pair[0]) <= each.date]
    return (early or list(forecasts))[-1]


def _registered(record: Mapping[str, Any]) -> datetime.date:
    return datetime.datetime.fromisoformat(record["time"]).date()


def _scored(pair: Forecast, each: Outcome, base: Sequence[bool]) -> Scored:
    record, question = pair
    happened, day = each.resolved == "yes", each.date
    edge = 0.5 / (record["run"]["campaigns"] + 1)  # no number of campaigns makes an event impossible
    p = min(max(question["probability"], edge), 1 - edge)
    yes, others = sum(base) - happened, len(base) - 1
    status_quo = STATUS_QUO if question["status_quo"] else 1 - STATUS_QUO
    given = {"climatology": (yes + 1) / (others + 2), "coin": COIN, "status_quo": status_quo}
    return Scored(
        question=question["id"],
        ask=question["ask"],
        record=record["number"],
        registered=record["time"],
        probability=question["probability"],
        happened=happened,
        date=None if day is None else day.isoformat(),
        hindsight=day is not None and _registered(record) > day,
        brier=brier(question["probability"], happened),
        log=log_score(p, happened),
        crps=_days_score(record, question, each),
        baselines=given,
    )


def _days_score(record: Mapping[str, Any], question: Mapping[str, Any], each: Outcome) -> float | None:
    """Return the CRPS of the day on which it happened [days]; where it did not, that is the day after its last."""
    if question["days"] is None or each.date is None:
        return None
    start = datetime.date.fromisoformat(record["clock"][0])
    last = datetime.date.fromisoformat(question["window"][1])
    day = each.date if each.resolved == "yes" else last + datetime.timedelta(days=1)
    return crps(question["days"], float((day - start).days))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _skill(baseline: str, rows: Sequence[Scored]) -> Skill:
    own = np.array([row.brier for row in rows])
    other = np.array([brier(row.baselines[baseline], row.happened) for row in rows])
    logs = [log_score(row.baselines[baseline], row.happened) for row in rows]
    drawn = np.random.default_rng(SEED).integers(0, len(rows), size=(SAMPLES, len(rows)))
    below = other[drawn].sum(axis=1)
    ratios = 1 - own[drawn].sum(axis=1)[below > 0] / below[below > 0]
    told = len(rows) > 1 and len(ratios) > 0
    low, high = (float(q) for q in np.quantile(ratios, [TAIL, 1 - TAIL])) if told else (None, None)
    skill = float(1 - own.sum() / other.sum()) if other.sum() > 0 else None
    return Skill(baseline, float(other.mean()), float(np.mean(logs)), skill, low, high)


def reliability(probabilities: Sequence[float], happened: Sequence[bool]) -> list[Bin]:
    """Return how often it happened, by bands of probability; empty bands are left out."""
    p, y = np.asarray(probabilities, dtype=np.float64), np.asarray(happened, dtype=bool)
    bins = []
    for low, high in pairwise(EDGES):
        inside = (p >= low) & ((p < high) | (high == EDGES[-1]))
        n, hits = int(inside.sum()), int(y[inside].sum())
        if n:
            bins.append(Bin(low, high, n, float(p[inside].mean()), hits / n, *jeffreys(hits, n)))
    return bins


def verdict(rows: Sequence[Scored]) -> str:
    """Return in a sentence or two what so many cases can show."""
    n = len(rows)
    if n == 0:
        return "No question is resolved, so nothing can be said."
    said = f"{n} resolved question{'s are' if n > 1 else ' is'} {n} case{'s' if n > 1 else ''}"
    said += f": the standard error of a frequency of one half is {0.5 / math.sqrt(n):.2f}"
    said += ", too wide to show calibration." if n < FEW else "."
    records = {row.record for row in rows}
    if len(records) < n:
        forecasts = "one forecast" if len(records) == 1 else f"{len(records)} forecasts"
        said += f" They come from {forecasts} and rise and fall together: they count for fewer than {n}."
    late = sum(row.hindsight for row in rows)
    if late:
        said += f" {late} of them {'were' if late > 1 else 'was'} resolved before the forecast was registered: no test."
    return said
