"""Turning points: what the probability of an outcome was, given what had happened, week by week along every campaign.

Every seven days a ridge logistic regression of the outcome on what had happened until then (`turning_state`) is fitted
to the campaigns that are still open, on four fifths of them, and applied to the fifth left out, in turn. A campaign
whose question is decided has probability 1 or 0 from then on. The result is P(outcome | events so far) of an observer
who knows the model and the log, not the hidden truths: on the first day it is the forecast itself.

What moved it: the change of P over the seven days in which an event of a kind happened, averaged over campaigns. Events
come together, so this is what an event goes with, not what it causes. Calibration (does it happen as often as P says?)
and the Brier score are reported with every answer, because a badly fitted P turns too early.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.story_words import Known
from fastness.analysis.turning_state import FALLS, Watched, watch
from fastness.errors import AnalysisError, did_you_mean
from fastness.parameters import Z95

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Question

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FOLDS: Final = 5
#: features kept of those that go with the outcome most, ridge penalty: few, for few campaigns are open late
KEPT: Final = 24
PENALTY: Final = 10.0
#: campaigns of the rarer outcome for each feature (Peduzzi et al. 1996, Journal of Clinical Epidemiology 49:1373)
EACH: Final = 10
#: a feature that varies less than this among the open campaigns is measured as if it varied so much
LEAST: Final = 0.05
STEPS: Final = 8
ENOUGH: Final = 0.05
LARGEST: Final = 30.0
#: with fewer campaigns on either side nothing can be told
FEWEST: Final = 20
#: an outcome is inevitable while P is above, and out of reach while it is below 1 less this
SURE: Final = 0.9
#: fewest campaigns in which an event must move P to be reported
TOLD: Final = 40
#: an event in whose week so many of the campaigns are decided is the outcome itself, not a sign of it
DECIDES: Final = 0.8
#: events and weeks reported
MOST: Final = 12
BINS: Final = 10
#: campaigns whose course is given as an example
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Move:
    """What a kind of event does to P: its mean before and after the week of the event, and the mean change.

    `low` and `high` are the 5-95 % Monte Carlo interval of the mean change; `share` is the share of campaigns in which
    the event happens while the question is open, `decides` that of these weeks that end with the question decided.
    """

    text: str
    kind: str
    place: str
    side: str
    campaigns: int
    share: float
    before: float
    after: float
    change: float
    low: float
    high: float
    decides: float


@dataclass(frozen=True, slots=True)
class Week:
    """What P did in one week: mean absolute change over all campaigns, and the share of campaigns still open."""

    date: str
    moved: float
    open: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Calibration: campaign-weeks whose P lay in a tenth, their mean P, and how often the outcome came."""

    weeks: int
    mean: float
    observed: float


@dataclass(frozen=True, slots=True)
class Course:
    """P along one campaign, at the dates of the looks."""

    campaign: int
    yes: bool
    p: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Turning:
    """The turning points of one question.

    Attributes
    ----------
    yes_sure, no_sure
        Date from which P stays above 90 % in half of the campaigns that end with yes, below 10 % in half of those that
        end with no: a median; None where it comes only with the end of the clock.
    half_sure
        Date by which half of all campaigns are sure, either way.
    dates, low, middle, high
        Looks as ISO dates, and the 5, 50 and 95 % quantile of P over the campaigns.
    sure_yes, sure_no
        Share of campaigns that stay above 90 % and below 10 % from each date on [1].
    courses
        The first campaigns one by one, as examples.
    brier, brier_base
        Mean squared error of P over the weeks in which campaigns are open, and that of the forecast of the first day.
    """

    question: str
    text: str
    campaigns: int
    probability: float
    yes_sure: str | None
    no_sure: str | None
    half_sure: str | None
    dates: tuple[str, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    sure_yes: tuple[float, ...]
    sure_no: tuple[float, ...]
    weeks: tuple[Week, ...]
    moves: tuple[Move, ...]
    calibration: tuple[Bin, ...]
    brier: float
    brier_base: float
    courses: tuple[Course, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data for `--json`."""
        return asdict(self)


def turning(
    ensemble: "Ensemble", questions: Sequence[str] | None = None, *, progress: Callable[[str], None] | None = None
) -> list[Turning]:
    """Find when each question was decided and what moved its probability.

    Parameters
    ----------
    ensemble : Ensemble
        A run.
    questions : sequence of str, optional
        Ids of questions; None: all that have at least 20 completed campaigns for and against.
    progress : callable, optional
        Called with each question's id before it is worked on.

    Raises
    ------
    AnalysisError
        FS401 for a question that the run does not have, FS455 for one with too few campaigns for or against.
    """
    asked = ensemble.scenario.questions
    for name in questions or ():
        if name not in asked:
            raise AnalysisError(code="FS401", message=f"no question '{name}'", hint=did_you_mean(name, asked))
    fine = ensemble.outcomes[ensemble.outcomes["status"] == 0]
    days = {name: fine[name].to_numpy() for name in (asked if questions is None else questions)}
    told = {name: held for name, held in days.items() if tellable(held)}
    if questions is not None and len(told) < len(days):
        name = next(name for name in days if name not in told)
        raise _untellable(name, days[name])
    start, end = ensemble.scenario.clock.start, ensemble.scenario.clock.end
    last = max((last_day(asked[name], start, (end - start).days) for name in told), default=0)
    watched = watch(ensemble, last) if told else None
    found = []
    for name, held in told.items():
        if progress is not None:
            progress(name)
        if watched is not None:
            found.append(_turning(ensemble, name, asked[name], held, watched))
    return found


def tellable(held: npt.NDArray[np.int64]) -> bool:
    """Tell whether enough campaigns end with yes and with no."""
    yes = int((held >= 0).sum())
    return min(yes, len(held) - yes) >= FEWEST


def _untellable(name: str, held: npt.NDArray[np.int64]) -> AnalysisError:
    yes = int((held >= 0).sum())
    message = (
        f"'{name}' has {yes} campaigns with yes and {len(held) - yes} with no; turning points need {FEWEST} of each"
    )
    return AnalysisError(code="FS455", message=message, hint="run more campaigns, or ask of another question")


def _turning(
    ensemble: "Ensemble", name: str, question: "Question", held: npt.NDArray[np.int64], watched: Watched
) -> Turning:
    start, yes = ensemble.scenario.clock.start, held >= 0
    last = last_day(question, start, (ensemble.scenario.clock.end - start).days)
    looks = watched.days[: int(np.searchsorted(watched.days, last + 1)) + 1]
    settled = np.stack([(yes & (held < day)) | (day > last) for day in looks])
    path = sequential(watched.state[: len(looks)], yes, settled)
    sure_yes, sure_no = stays(path >= SURE), stays(path <= 1.0 - SURE)
    dates = [start + timedelta(days=int(day)) for day in looks]
    low, middle, high = np.quantile(path, [0.05, 0.5, 0.95], axis=1)
    moved = np.abs(np.diff(path, axis=0)).mean(axis=1)
    weeks = [
        Week(dates[k].isoformat(), float(moved[k]), float(1.0 - settled[k].mean())) for k in np.argsort(-moved)[:MOST]
    ]
    open_now = ~settled
    return Turning(
        name, question.heading, len(yes), float(yes.mean()),
        _half(sure_yes[:, yes], dates), _half(sure_no[:, ~yes], dates), _half(sure_yes | sure_no, dates),
        tuple(each.isoformat() for each in dates), _floats(low), _floats(middle), _floats(high),
        _floats(sure_yes.mean(axis=1)), _floats(sure_no.mean(axis=1)), tuple(weeks),
        _moves(Known(ensemble.scenario), watched, path, settled), _calibration(path, settled, yes),
        float(((path - yes) ** 2)[open_now].mean()), float(((yes.mean() - yes) ** 2 * open_now).sum() / open_now.sum()),
        tuple(_course(watched, yes, path, k) for k in range(min(SHOWN, len(yes)))),
    )  # fmt: skip


def _course(watched: Watched, yes: Bools, path: Floats, k: int) -> Course:
    return Course(int(watched.campaigns[k]), bool(yes[k]), _floats(path[:, k]))


def last_day(question: "Question", start: date, length: int) -> int:
    """Return the last day, counted from the start, on which a question can still become true."""
    if question.on is not None:
        return (question.on - start).days
    if question.before is not None:
        return (question.before - start).days - 1
    return length if question.by is None else (question.by - start).days


def sequential(state: npt.NDArray[np.floating], yes: Bools, settled: Bools) -> Floats:
    """Return P(yes | state) of every look and campaign, cross-fitted, shape (look, campaign) [1].

    Parameters
    ----------
    state : array (look, campaign, feature)
        What is known, standardised.
    yes : array (campaign,)
        How it ends.
    settled : array (look, campaign)
        Whether it has ended; such a campaign has its outcome as probability.
    """
    path = np.where(settled, yes[None, :], yes.mean()).astype(np.float64)
    folds = np.arange(len(yes)) % FOLDS
    for look in range(1, len(state)):
        live = ~settled[look]
        for fold in range(FOLDS):
            within, out = live & (folds != fold), live & (folds == fold)
            if out.any() and within.any():
                path[look, out] = _predict(state[look, within], yes[within], state[look, out])
    return path


def _predict(known: npt.NDArray[np.floating], yes: Bools, new: npt.NDArray[np.floating]) -> Floats:
    """Fit a ridge logistic regression on the features that go with the outcome most, and apply it."""
    y = yes.astype(np.float64)
    level = float(np.log((y.sum() + 0.5) / (len(y) - y.sum() + 0.5)))
    link = np.abs((y - y.mean()).astype(known.dtype) @ known)
    spread = np.maximum(known.std(axis=0), LEAST)
    rarer = int(min(y.sum(), len(y) - y.sum()))
    kept = np.argsort(-link / spread, kind="stable")[: min(KEPT, rarer // EACH)]
    middle, spread = known[:, kept].mean(axis=0), spread[kept]
    columns = np.column_stack([np.ones(len(y)), (known[:, kept] - middle) / spread])
    ridge = np.full(columns.shape[1], PENALTY)
    ridge[0] = 1e-9
    weights = np.zeros(columns.shape[1])
    weights[0] = level
    for _ in range(STEPS):
        p = _logistic(columns @ weights)
        curvature = (columns * np.maximum(p * (1.0 - p), 1e-6)[:, None]).T @ columns + np.diag(ridge)
        step = np.clip(np.linalg.solve(curvature, columns.T @ (y - p) - ridge * weights), -1.0, 1.0)
        weights += step
        if np.abs(step).max() < ENOUGH:
            break
    return _logistic(weights[0] + (new[:, kept] - middle) / spread @ weights[1:])


def _logistic(odds: Floats) -> Floats:
    p: Floats = 1.0 / (1.0 + np.exp(-np.clip(odds, -LARGEST, LARGEST)))
    return p


def stays(above: Bools) -> Bools:
    """Return, for each look and campaign, whether a condition holds then and at all later looks."""
    return np.flip(np.logical_and.accumulate(np.flip(above, axis=0), axis=0), axis=0)


def _half(sure: Bools, dates: Sequence[date]) -> str | None:
    """Return the first date on which at least half of the campaigns are sure; None where it is the last one."""
    reached = np.flatnonzero(sure.mean(axis=1) >= 0.5)
    return dates[int(reached[0])].isoformat() if len(reached) and reached[0] < len(dates) - 1 else None


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)


def _moves(known: Known, watched: Watched, path: Floats, settled: Bools) -> tuple[Move, ...]:
    """Return the events in whose weeks P moved most on average, with the Monte Carlo interval of the mean."""
    change, live = np.diff(path, axis=0), ~settled[:-1]
    found = []
    for k, (kind, place, side) in enumerate(watched.labels):
        weeks = (watched.happened[1 : len(path), :, k] > 0) & live
        count = weeks.sum(axis=0)
        hit = count > 0
        if hit.sum() < TOLD:
            continue
        mine = (change * weeks).sum(axis=0)[hit] / count[hit]
        mean, error = float(mine.mean()), Z95 * float(mine.std(ddof=1)) / float(np.sqrt(hit.sum()))
        before, after = float(path[:-1][weeks].mean()), float(path[1:][weeks].mean())
        decides = float(settled[1:][weeks].mean())
        text = describe(known, kind, place, side)
        found.append(
            Move(text, kind, place, side, int(hit.sum()), float(hit.mean()), before, after, mean, mean - error,
                 mean + error, decides)
        )  # fmt: skip
    clear = [move for move in found if move.low > 0 or move.high < 0]
    return tuple(sorted(clear, key=lambda move: -abs(move.change))[:MOST])


def indicators(found: Turning) -> list[Move]:
    """Return the events to watch for: those that move P without being the outcome itself."""
    return [move for move in found.moves if move.decides < DECIDES]


def describe(known: Known, kind: str, place: str, side: str) -> str:
    """Write what kind of event it is."""
    who, where = known.sides.get(side, ""), known.places.get(place, "")
    if kind == FALLS:
        return f"{where} falls to {who}"
    if kind == "food-used-up" and not who:
        return "the people of a place use up their food"
    return WORDS[kind].format(side=who) if kind in WORDS else f"{kind.replace('-', ' ')} ({who})".replace(" ()", "")


#: kinds of event, wherever they happen
WORDS: Final = {
    "plan-changes": "{side} change their plan",
    "window-closes": "a window closes",
    "force-arrives": "reinforcements join {side}",
    "pass-closes": "snow or storm shuts a pass",
    "pass-opens": "a pass opens again",
    "roadblock-set": "{side} block a road",
    "roadblock-cleared": "{side} clear a block",
    "rising": "a rising that joins {side}",
    "offensive-begins": "{side} begin an offensive",
    "assault-begins": "{side} assault a place",
    "assault-fails": "an assault of {side} fails",
    "dispersal": "men of {side} take to the hills",
    "food-used-up": "{side} use up their food",
    "fuel-used-up": "{side} use up their fuel",
    "ammunition-used-up": "{side} use up their ammunition",
    "breaks-cut-off": "men of {side} give up a place, cut off",
    "breaks-unarmed": "men of {side} give up a place, short of ammunition",
    "talks-open": "talks open",
    "offer-refused": "{side} refuse an offer",
    "talks-break": "talks end",
    "settlement": "the sides settle",
    "patron-aids": "a patron begins to supply {side}",
    "patron-stops": "a patron stops supplying {side}",
    "patron-recognises": "a state recognises {side}",
    "retaliation": "{side} strike back because of arms from outside",
    "leader-lost": "a leader of {side} is killed or captured",
    "leader-leaves": "a leader of {side} goes abroad",
    "succession": "{side} have a new leader",
    "reprisals": "{side} kill civilians in reprisals",
    "men-change-sides": "men of {side} change sides",
    "side-dissolves": "{side} begin to dissolve",
    "people-flee": "people flee in numbers",
    "convoy-arrives": "a relief convoy arrives",
    "convoy-refused": "{side} turn a relief convoy back",
    "blackout": "{side} cut or restore the lines",
    "aircraft-strike": "{side} fly aircraft in combat",
}


def _calibration(path: Floats, settled: Bools, yes: Bools) -> tuple[Bin, ...]:
    """Return, for open campaigns and looks after the first, how often the outcome came by tenths of P."""
    live = ~settled[1:]
    p, came = path[1:][live], np.broadcast_to(yes, settled[1:].shape)[live]
    which = np.minimum((p * BINS).astype(int), BINS - 1)
    bins = [(int((which == k).sum()), p[which == k], came[which == k]) for k in range(BINS)]
    return tuple(Bin(n, float(mean.mean()), float(seen.mean())) for n, mean, seen in bins if n)
