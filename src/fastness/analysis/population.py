"""Weighted campaigns that reports are held against, and new ones played where the old ones no longer carry the weight.

A campaign is its inputs (normal scores z of beliefs and parameters, standard normal a priori) and its luck. To weight
stored campaigns by the likelihood L of the reports is exact but rests, after a telling report, on few of them. Then new
campaigns are played by adaptive importance sampling (Cornuet et al. 2012, Scandinavian Journal of Statistics 39:798),
led there by tempering: with the newest report to the largest power t that enough campaigns can carry, the mean of z
under the weights shows where the reports point; a stage of new campaigns draws z around it, with luck of its own. All
campaigns of all stages count, each with L times prior over mixture of the stages' densities, so that the answer is that
of Bayes' rule whatever the stages were; only how many campaigns carry it depends on them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.likelihood import Heard, hyper_of, log_likelihoods
from fastness.analysis.reports import array_of, days_from_start
from fastness.ensemble.given import Inputs, play_at
from fastness.kernel.state import PLACE_SERIES
from fastness.parameters import Fixed, registry
from fastness.scenario.model import Question, Scenario

Floats = npt.NDArray[np.float64]
#: new campaigns of a stage, and campaigns that are kept to be played to the end of the clock
STAGE: Final = 1000
KEPT: Final = 500
#: effective campaigns that a power of the newest report has to leave, to tell where a stage should go
CARRIED: Final = 25
#: an input is moved if its mean is so many standard errors from 0; and no stage moves farther than this [sd]
CLEAR: Final = 2.5
FARTHEST: Final = 4.0
#: effective campaigns wanted before thinning, in multiples of those wanted after it
MARGIN: Final = 1.5
#: share of the effective campaigns that a report which cannot be taken in full leaves for those after it
SPENT: Final = 0.9
#: day of a question that is not known, as the campaign was not played to the end
UNKNOWN: Final = -2
#: halvings in which a power is found
HALVINGS: Final = 30

#: called with the number of campaigns played since the last call
Tick = Callable[[int], None]


@dataclass(frozen=True)
class Watch:
    """What campaigns are played for: the scenario with a question for each yes/no report, seed, reports."""

    scenario: Scenario
    document: str
    seed: int
    without: tuple[str, ...]
    given: tuple[Heard, ...]
    tick: Tick | None = None

    @property
    def until(self) -> int:
        """How many days have to be played to know all that the reports are about."""
        days = [each.report.day for each in self.given]
        return max(days_from_start(days, self.scenario), default=0) + 1


def watch(
    scenario: Scenario, seed: int, without: Sequence[str], given: Sequence[Heard], tick: Tick | None = None
) -> Watch:
    """Add to a scenario a question for each report on an observable: questions see the truth and change nothing."""
    asked: dict[str, Question] = dict(scenario.questions)
    for number, each in enumerate(given):
        if each.report.binds == "observable" and not each.report.gives_amount:
            asked[f"asked-by-report-{number}"] = Question(
                ask=each.report.statement, holds=each.report.target, on=each.report.day
            )
    document = scenario.model_copy(update={"questions": asked}).model_dump_json(by_alias=True)
    return Watch(scenario, document, seed, tuple(without), tuple(given), tick)


@dataclass(frozen=True)
class Population:
    """Campaigns with weights.

    `truth` has shape (campaigns, reports), what is true of each report's target; `likelihood` the same shape, ln P(said
    | campaign); `days` (campaigns, questions), the day on which each question first held, -1 never; `draws` (campaigns,
    beliefs and parameters); `log_weight` (campaigns,).
    """

    inputs: Inputs
    truth: Floats
    likelihood: Floats
    days: npt.NDArray[np.int64]
    draws: Floats
    log_weight: Floats

    @property
    def weight(self) -> Floats:
        """Weights that sum to 1."""
        return normal(self.log_weight)

    @property
    def effective(self) -> float:
        """Effective number of campaigns."""
        return effective(self.log_weight)

    def take(self, rows: npt.NDArray[np.int64], log_weight: Floats) -> "Population":
        """Return some campaigns with new weights."""
        return Population(
            self.inputs.take(rows), self.truth[rows], self.likelihood[rows], self.days[rows], self.draws[rows],
            log_weight,
        )  # fmt: skip


def normal(log_weight: Floats) -> Floats:
    """Return weights that sum to 1."""
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def effective(log_weight: Floats) -> float:
    """Return the effective sample size (Kish 1965): 1 / sum of squared weights."""
    return float(1.0 / np.sum(normal(log_weight) ** 2))


def play(watched: Watch, inputs: Inputs, *, whole: bool) -> Population:
    """Play campaigns as far as the reports reach, or to the end, and hold the reports against them."""
    numeric = {name for each in watched.given if (found := _kept(watched, each)) is not None for name in found[0]}
    days = None if whole else watched.until
    keep = ("question", "belief", "parameter", *sorted(numeric))
    played = play_at(
        watched.document, watched.seed, inputs, days=days, keep=keep, without=watched.without, progress=watched.tick
    )
    beliefs = list(watched.scenario.beliefs)
    truth = np.empty((len(inputs.luck), len(watched.given)))
    for number, each in enumerate(watched.given):
        truth[:, number] = _truth(watched, number, each, played, beliefs)
    hyper = hyper_of(list(registry()), played["parameter"])
    likelihood = log_likelihoods(watched.scenario, watched.given, truth, hyper)
    log_weight = np.where(played["status"] == 0, 0.0, -np.inf)
    questions = played["question"][:, : len(watched.scenario.questions)].astype(np.int64)
    draws = np.concatenate([played["belief"], played["parameter"]], axis=1)
    return Population(inputs, truth, likelihood, questions, draws, log_weight)


def _kept(watched: Watch, each: Heard) -> tuple[tuple[str, ...], str] | None:
    if each.report.binds != "observable" or not each.report.gives_amount:
        return None
    return array_of(each.report.target, watched.scenario)


def _truth(watched: Watch, number: int, each: Heard, played: dict[str, Any], beliefs: list[str]) -> Floats:
    """Return what is true of a report's target in each campaign."""
    report = each.report
    (day,) = days_from_start([report.day], watched.scenario)
    if report.binds == "belief":
        return np.asarray(played["belief"][:, beliefs.index(report.target)], dtype=np.float64)
    if report.binds == "question":
        first = played["question"][:, list(watched.scenario.questions).index(report.target)]
        return np.asarray((first >= 0) & (first <= day), dtype=np.float64)
    recorded = _kept(watched, each)
    if recorded is None:
        first = played["question"][:, len(watched.scenario.questions) + _asked(watched).index(number)]
        return np.asarray(first >= 0, dtype=np.float64)
    arrays, name = recorded
    places = sorted(place.id for place in watched.scenario.places)
    roles = sorted(watched.scenario.sides, key=lambda side: watched.scenario.sides[side].role != "defender")
    column = places.index(name) if arrays[0] in PLACE_SERIES else roles.index(name)
    return np.asarray(sum(played[array][day, column] for array in arrays), dtype=np.float64)


def _asked(watched: Watch) -> list[int]:
    """Return the numbers of the reports that have a question of their own, in order."""
    return [
        number
        for number, each in enumerate(watched.given)
        if each.report.binds == "observable" and not each.report.gives_amount
    ]


@dataclass
class Pool:
    """All campaigns played so far, stage by stage; the first stage is the run, drawn from the prior.

    `scores` holds the normal scores of the inputs that vary (`free`), shape (campaigns, inputs); `shift` each stage's
    mean of z, shape (stages, inputs); `sizes` how many campaigns it has.
    """

    watched: Watch
    population: Population
    scores: Floats
    shift: Floats
    sizes: list[int]
    free: npt.NDArray[np.int64]

    @classmethod
    def of_run(cls, watched: Watch, population: Population) -> "Pool":
        """Return the pool that holds a run's campaigns alone."""
        free = _free(watched, population.inputs.names)
        scores = scores_of(population.inputs.uniforms[:, free])
        return cls(watched, population, scores, np.zeros((1, len(free))), [len(population.log_weight)], free)

    def log_weight(self, powers: Floats) -> Floats:
        """Return the log of likelihood^powers times prior over mixture of stages, shape (campaigns,)."""
        density = self.scores @ self.shift.T - 0.5 * np.sum(self.shift**2, axis=1)
        share = np.log(np.array(self.sizes) / sum(self.sizes))
        mixture = np.logaddexp.reduce(density + share, axis=1)
        return np.asarray(self.population.log_weight + self.population.likelihood @ powers - mixture)

    def stage(self, powers: Floats, report: int, rng: np.random.Generator) -> None:
        """Play a stage of new campaigns towards the reports with these powers, and add them."""
        from scipy.special import ndtr

        shift = self._next_shift(powers, report)
        uniforms = rng.random((STAGE, len(self.population.inputs.names)))
        scores = scores_of(uniforms[:, self.free]) + shift
        uniforms[:, self.free] = ndtr(scores)
        first = int(self.population.inputs.luck.max()) + 1
        inputs = Inputs(self.population.inputs.names, uniforms, np.arange(first, first + STAGE, dtype=np.int64))
        new = play(self.watched, inputs, whole=False)
        self.population = both(self.population, replace(new, days=np.full_like(new.days, UNKNOWN)))
        self.scores = np.concatenate([self.scores, scores])
        self.shift = np.vstack([self.shift, shift])
        self.sizes.append(STAGE)

    def _next_shift(self, powers: Floats, report: int) -> Floats:
        """Return the mean of z under the weights, for the inputs whose mean is clear, shape (inputs,)."""
        without = self.log_weight(powers * (np.arange(len(powers)) != report))
        power = next_power(without, self.population.likelihood[:, report], CARRIED)
        log_weight = without + power * self.population.likelihood[:, report]
        mean = normal(log_weight) @ self.scores
        shift = np.where(np.abs(mean) > CLEAR / np.sqrt(effective(log_weight)), mean, 0.0)
        return np.asarray(shift * min(1.0, FARTHEST / max(float(np.linalg.norm(shift)), 1e-9)))

    def thinned(self, powers: Floats, size: int, rng: np.random.Generator) -> Population:
        """Return campaigns drawn by weight (systematic resampling), each played to the end; copies are joined."""
        edges = np.cumsum(normal(self.log_weight(powers)))
        points = (np.arange(size) + rng.random()) / size
        rows, copies = np.unique(np.minimum(np.searchsorted(edges, points), len(edges) - 1), return_counts=True)
        unknown = rows[self.population.days[rows, 0] == UNKNOWN]
        if len(unknown):
            whole = play(self.watched, self.population.inputs.take(unknown), whole=True)
            self.population.days[unknown] = whole.days
        return self.population.take(rows, np.log(copies))


def _free(watched: Watch, names: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the positions of the inputs that vary."""
    fixed = {f"parameter:{name}" for name, row in registry().items() if isinstance(row.prior, Fixed)}
    fixed |= {f"parameter:{name}" for name in watched.scenario.parameters}
    return np.array([k for k, name in enumerate(names) if name not in fixed], dtype=np.int64)


def scores_of(uniforms: Floats) -> Floats:
    """Return the normal scores of uniform numbers, all finite."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(uniforms, np.finfo(np.float64).tiny, 1 - np.finfo(np.float64).epsneg)))


def both(one: Population, other: Population) -> Population:
    """Return the campaigns of two populations."""
    inputs = Inputs(
        one.inputs.names,
        np.concatenate([one.inputs.uniforms, other.inputs.uniforms]),
        np.concatenate([one.inputs.luck, other.inputs.luck]),
    )
    fields = ("truth", "likelihood", "days", "draws", "log_weight")
    return Population(inputs, *(np.concatenate([getattr(one, name), getattr(other, name)]) for name in fields))


@dataclass(frozen=True)
class Tempered:
    """Campaigns after one more report: up to which power of its likelihood, and how many were played for it."""

    population: Population
    power: float
    played: int


def temper(pool: Pool, powers: Floats, report: int, least: float, budget: int, rng: np.random.Generator) -> Tempered:
    """Bring the campaigns to a report by playing more of them.

    Parameters
    ----------
    pool : Pool
        All campaigns so far; stages are added to it.
    powers : array
        Power of each report's likelihood, shape (reports,): 0 for those to come.
    report : int
        Number of the new one.
    least : float
        Effective campaigns wanted.
    budget : int
        Campaigns that may be played, each as far as the reports reach.
    rng
        Luck of the stages.

    Returns
    -------
    Tempered
        Its power is 1 unless the budget ran out.
    """
    target, played = powers.copy(), 0
    target[report] = 1.0
    # thinning costs some: what is kept has to be enough
    while effective(pool.log_weight(target)) < MARGIN * least and played + STAGE <= budget:
        pool.stage(target, report, rng)
        played += STAGE
    without = pool.log_weight(powers)
    leave = min(MARGIN * least, max(least, SPENT * effective(without)))
    target[report] = next_power(without, pool.population.likelihood[:, report], leave)
    return Tempered(pool.thinned(target, KEPT, rng), float(target[report]), played)


def next_power(log_weight: Floats, likelihood: Floats, least: float) -> float:
    """Return the largest power of a likelihood, up to 1, that leaves so many effective campaigns."""
    if effective(log_weight + likelihood) >= least:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(log_weight + middle * likelihood) >= least else (low, middle)
    return low
