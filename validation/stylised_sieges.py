"""Stylised facts of sieges: what coarse campaigns of the training cases do, beside what those sieges did.

Each case is played from what was known on its third day, with parameters drawn without its conflict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from facts import Fact, Kind, text
from record import met

from fastness.ensemble.play import play_batch
from fastness.history.cases import Case
from fastness.history.climatology import CENSORED, aalen_johansen
from fastness.history.coarse import DAYS, coarse
from fastness.history.courses import FELL, LASTS, Courses, endings
from fastness.history.outcomes import Outcome
from fastness.history.sieges import calibration_of
from fastness.kernel.events import ASSAULT_BEGINS

Floats = npt.NDArray[np.float64]
SEED, SAMPLES = 1, 2000
#: ages between which the rate of ending is told [days]
AGES = (0, 30, 120, 365)
#: shares of the year's coalition deaths by quarter, Afghanistan 2001-14
QUARTERS = (0.188, 0.272, 0.337, 0.203)


@dataclass(frozen=True)
class Sieges:
    """Cases, how they ended, and their campaigns; `assaults` and `exposed` by case and quarter of the year."""

    cases: Sequence[Case]
    outcomes: Sequence[Outcome]
    played: Sequence[Courses]
    shut: Sequence[Courses]
    open: Sequence[Courses]
    assaults: Floats
    exposed: Floats

    @property
    def conflicts(self) -> list[str]:
        """The conflict of each case."""
        return [case.conflict for case in self.cases]


def play_sieges(cases: Sequence[Case], outcomes: Sequence[Outcome], campaigns: int) -> Sieges:
    """Play every case as it is, with its road closed, and with its road open."""
    plain = [play(case, campaigns) for case in cases]
    shut, free = ([play(replace(case, road_corridor=road), campaigns)[0] for case in cases] for road in ROADS)
    return Sieges(
        cases,
        outcomes,
        [courses for courses, *_ in plain],
        shut,
        free,
        np.array([assaults for _, assaults, _ in plain]),
        np.array([exposed for *_, exposed in plain]),
    )


ROADS = ("closed", "open")


def play(case: Case, campaigns: int) -> tuple[Courses, Floats, Floats]:
    """Return the courses of a case, and its assaults and siege-days by quarter of the year, shape (4,)."""
    scenario = coarse(case, calibration=calibration_of(case.conflict))
    arrays = play_batch(scenario.model_dump_json(by_alias=True), SEED, 0, campaigns).arrays
    courses = endings(case, scenario, arrays)
    quarter = np.array([((case.start + timedelta(days=day)).month - 1) // 3 for day in range(DAYS + 1)])
    lasting = (courses.day[:, None] >= np.arange(DAYS + 1)).sum(axis=0)
    exposed = np.bincount(quarter, weights=lasting, minlength=4)
    return courses, assaults_by(quarter, arrays, courses.day), exposed


def assaults_by(quarter: npt.NDArray[np.int64], arrays: dict[str, Any], until: npt.NDArray[np.int64]) -> Floats:
    """Return the assaults of all campaigns that did not fail, before their ending, by quarter, shape (4,)."""
    log, fine = arrays["event"], arrays["status"] == 0
    campaign = np.repeat(np.arange(len(fine)), arrays["event_count"])
    last = np.full(len(fine), -1)
    last[fine] = until
    counted = (log["kind"] == ASSAULT_BEGINS) & (log["day"] <= last[campaign])
    found: Floats = np.bincount(quarter[log["day"][counted]], minlength=4).astype(float)
    return found


def drawn(conflicts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """Return resamples of the cases, whole conflicts at a time."""
    names = sorted(set(conflicts))
    rows = {name: np.flatnonzero(np.array(conflicts) == name) for name in names}
    rng = np.random.default_rng(SEED)
    return [np.concatenate([rows[names[k]] for k in rng.integers(0, len(names), len(names))]) for _ in range(SAMPLES)]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of resampled values; what could not be computed in a resample is left out."""
    known = np.array(values)[~np.isnan(values)]
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def by_cases(
    name: str, model: Floats, seen: Floats, sieges: Sieges, *, source: str, unit: str = "", kind: Kind = "output"
) -> Fact:
    """Return a fact whose value is a mean over cases (NaN: does not count), intervals by resampling conflicts."""
    draws = drawn(sieges.conflicts)
    return told(
        name,
        (mean(model), interval([mean(model[k]) for k in draws])),
        (mean(seen), interval([mean(seen[k]) for k in draws])),
        source=source,
        unit=unit,
        kind=kind,
    )


def mean(values: Floats) -> float:
    """Return the mean of what is known, NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def told(
    name: str,
    model: tuple[float, tuple[float, float]],
    seen: tuple[float, tuple[float, float]],
    *,
    source: str,
    unit: str = "",
    kind: Kind = "output",
) -> Fact:
    """Return a fact that is met if the model's value lies in the data's 95 % interval."""
    fine = seen[1][0] <= model[0] <= seen[1][1]
    return Fact(name, text(seen, unit), source, model[0], *model[1], seen[0], unit, met(fine), kind)


def duration(sieges: Sieges) -> list[Fact]:
    """Return the median length of sieges, the rate at which they end by age, and how they end within a year."""
    source = f"{len(sieges.cases)} sieges; Aalen–Johansen and rates by age"
    days = np.array([row.days for row in sieges.outcomes])
    draws = drawn(sieges.conflicts)
    ages = [row.day for row in sieges.played]

    def middle(k: npt.NDArray[np.int64]) -> float:
        return float(np.median(np.concatenate([ages[case] for case in k])))

    every = np.arange(len(days))
    found = [
        told(
            "median length of a siege",
            (middle(every), interval([middle(k) for k in draws[:SHORT]])),
            (float(np.median(days)), interval([float(np.median(days[k])) for k in draws])),
            source=source,
            unit="days",
        )
    ]
    bands = []
    for low, high in pairwise(AGES):
        model = np.array([rate(row.day, row.ending != LASTS, low, high) for row in sieges.played])
        seen = np.array([rate(days[k : k + 1], np.ones(1, bool), low, high) for k in every])
        found.append(rates(f"sieges that end, per 100 siege-days, day {low} to {high}", model, seen, draws, source))
        bands.append((model, seen))
    return [*found, falling(bands[0], bands[-1], draws, source)]


#: resamples of pooled campaigns, which are many
SHORT = 200


def rate(day: npt.NDArray[np.int64], ended: npt.NDArray[np.bool_], low: int, high: int) -> tuple[float, float]:
    """Return how many sieges end at an age above `low` up to `high`, and the siege-days lived there, per siege."""
    ending = float((ended & (day > low) & (day <= high)).mean())
    lived = float(np.clip(day - low, 0, high - low).mean())
    return ending, lived


def rates(name: str, model: Floats, seen: Floats, draws: list[npt.NDArray[np.int64]], source: str) -> Fact:
    """Return a rate per 100 siege-days; `model` and `seen` hold endings and days, shape (cases, 2)."""
    values = ((per(table), interval([per(table[k]) for k in draws])) for table in (model, seen))
    return told(name, *values, source=source)


def per(table: Floats) -> float:
    """Return endings per 100 siege-days of endings and days, shape (cases, 2); NaN without days."""
    total = table.sum(axis=0)
    return float(100 * total[0] / total[1]) if total[1] else float("nan")


def falling(
    first: tuple[Floats, Floats], last: tuple[Floats, Floats], draws: list[npt.NDArray[np.int64]], source: str
) -> Fact:
    """Return how the rate of ending changes with age: the oldest age's over the youngest's, model and history."""

    def ratio(young: Floats, old: Floats) -> float:
        return per(old) / per(young) if per(young) > 0 else float("nan")

    values = (
        (ratio(young, old), interval([ratio(young[k], old[k]) for k in draws]))
        for young, old in zip(first, last, strict=True)
    )
    return told("the last of these rates over the first", *values, source=source)


def ground_and_force(sieges: Sieges) -> list[Fact]:
    """Return how often the force lives on where the place falls."""
    kept = np.array([mean(row.survived[row.ending == FELL]) for row in sieges.played])
    was = np.array(
        [row.survived if row.ending == FELL and row.survived is not None else np.nan for row in sieges.outcomes],
        dtype=float,
    )
    source = f"{int((~np.isnan(was)).sum())} sieges that fell; M22 (Sutjeska, Grammos, Panjshir VII)"
    return [by_cases("the place falls and the force lives on", kept, was, sieges, source=source)]


def corridors(sieges: Sieges) -> list[Fact]:
    """Return what an open road does to the chance of falling in a year: paired in the model, compared in the data."""
    less = np.array([fell(a) - fell(b) for a, b in zip(sieges.open, sieges.shut, strict=True)])
    fallen = np.array([row.ending == FELL and row.days <= DAYS for row in sieges.outcomes], dtype=float)
    road = np.array([case.road_corridor or "" for case in sieges.cases])
    draws = drawn(sieges.conflicts)

    def apart(k: npt.NDArray[np.int64]) -> float:
        return mean(fallen[k][road[k] == "open"]) - mean(fallen[k][road[k] == "closed"])

    every = np.arange(len(road))
    count = {name: int((road == name).sum()) for name in ROADS}
    seen = (apart(every), interval([apart(k) for k in draws]))
    model = (float(less.mean()), interval([float(less[k].mean()) for k in draws]))
    source = f"{count['open']} sieges with an open road, {count['closed']} closed; not paired, so no effect by itself"
    return [told("fallen in a year, open road less closed", model, seen, source=source)]


def fell(courses: Courses) -> float:
    """Return the share of campaigns in which the place fell within the year."""
    return float((courses.ending == FELL).mean())


def seasons(sieges: Sieges) -> list[Fact]:
    """Return the share of assaults by quarter, siege-days of all quarters alike. The season is an input."""
    draws = drawn(sieges.conflicts)

    def shares(k: npt.NDArray[np.int64]) -> Floats:
        rate = sieges.assaults[k].sum(axis=0) / np.maximum(sieges.exposed[k].sum(axis=0), 1)
        found: Floats = rate / rate.sum()
        return found

    every = shares(np.arange(len(sieges.cases)))
    spread = np.array([shares(k) for k in draws])
    low, high = np.quantile(spread, [0.025, 0.975], axis=0)
    return [
        Fact(
            f"share of assaults in quarter {quarter + 1}",
            f"{QUARTERS[quarter]:.3f}",
            "coalition deaths, Afghanistan 2001–14",
            float(every[quarter]),
            float(low[quarter]),
            float(high[quarter]),
            QUARTERS[quarter],
            "",
            met(bool(low[quarter] <= QUARTERS[quarter] <= high[quarter])),
            "input",
        )
        for quarter in range(4)
    ]


def incidence(sieges: Sieges) -> dict[str, tuple[list[float], list[float]]]:
    """Return P(fell by day t) and P(ended by day t) of model and history, for the picture."""
    days = np.array([row.days for row in sieges.outcomes])
    ended = np.where(days > DAYS, CENSORED, np.array([row.ending for row in sieges.outcomes]))
    history = aalen_johansen(np.minimum(days, DAYS + 1), ended, count=4, horizon=DAYS)
    day = np.arange(0, DAYS + 1, 5)
    model = np.mean([[(row.day <= d) & (row.ending == FELL) for d in day] for row in sieges.played], axis=(0, 2))
    over = np.mean([[(row.day <= d) & (row.ending != LASTS) for d in day] for row in sieges.played], axis=(0, 2))
    xs = [float(d) for d in day]
    return {
        "fell: model": (xs, model.tolist()),
        "fell: history": (xs, history[FELL, day].tolist()),
        "ended: model": (xs, over.tolist()),
        "ended: history": (xs, history.sum(axis=0)[day].tolist()),
    }
