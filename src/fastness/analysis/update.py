"""What later reports do to a forecast: report by report, the campaigns that fit are given more weight.

Each report has a likelihood in every campaign (`likelihood`). Where the weight comes to rest on too few campaigns, new
ones are played by tempering (`population`). A report that the forecast gave less than `SURPRISE` is said to be one: the
model is then asked about a corner of itself, and what it says from there on is worth less than its numbers look.
"""

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.inputs import features, input_range
from fastness.analysis.likelihood import Heard, heard, hyper_of, is_quantity, predictive
from fastness.analysis.population import Pool, Population, Watch, normal, play, temper, watch
from fastness.analysis.reports import read_reports
from fastness.analysis.words import likelihood_words
from fastness.errors import AnalysisError, RunError, StoreError
from fastness.parameters import registry

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

Floats = npt.NDArray[np.float64]
Range = tuple[float | None, float | None]
#: a report that was given less than this was not expected by the model
SURPRISE: Final = 0.01
#: effective campaigns wanted: a share of those played, and never fewer than this
SHARE: Final = 0.05
FEWEST: Final = 100
#: campaigns that may be played in addition, each as far as the reports reach: some ten seconds
BUDGET: Final = 6000
#: campaigns below which a range across inputs is not estimated
RANGED: Final = 50


@dataclass(frozen=True, slots=True)
class Step:
    """What one report did.

    `expected` is the probability that its statement is true before it came (None for a quantity), `predictive` that it
    would be made, `told` what it told about the campaigns [bits], `power` how much of it was taken (1: all),
    `effective` the effective number of campaigns after it, `played` those that were played for it. `before` and `after`
    are the probabilities of the questions, `bits` what it told about each.
    """

    id: str
    date: str
    about: str
    statement: str
    source: str
    kind: str
    expected: float | None
    predictive: float
    surprise: bool
    told: float
    power: float
    effective: float
    played: int
    before: dict[str, float]
    after: dict[str, float]
    bits: dict[str, float]


@dataclass(frozen=True, slots=True)
class Changed:
    """A question before and after all reports: probability, range across inputs and models, word; Monte Carlo error.

    The range is None where too few campaigns are left to tell it.
    """

    id: str
    text: str
    before: float
    before_low: float
    before_high: float
    before_words: str
    after: float
    low: float | None
    high: float | None
    words: str
    standard_error: float
    bits: float


@dataclass(frozen=True, slots=True)
class Day:
    """The forecast on the evening of a date: probabilities, and the range of the first question."""

    date: str
    probabilities: dict[str, float]
    low: float | None
    high: float | None
    effective: float


@dataclass(frozen=True, slots=True)
class Update:
    """A forecast updated by reports: day by day, question by question, report by report."""

    scenario: str
    hash: str
    seed: int
    run: str
    reports: str
    campaigns: int
    least: float
    questions: list[Changed]
    steps: list[Step]
    days: list[Day]

    @property
    def surprises(self) -> list[Step]:
        """Reports that the model did not expect."""
        return [step for step in self.steps if step.surprise]

    @property
    def warning(self) -> str:
        """One sentence where the model was surprised or a report could not be taken in full; else empty."""
        held = [step for step in self.steps if step.power < 1]
        said = []
        if self.surprises:
            first = self.surprises[0]
            said.append(
                f"{len(self.surprises)} of {len(self.steps)} reports surprised the model, first {first.id} on "
                f"{first.date} (given {100 * first.predictive:.2g} %): from then on the forecast describes a corner of "
                "the model, and the first thing to doubt is the model."
            )
        if held:
            said.append(
                f"{', '.join(step.id for step in held)} could not be taken in full: too few campaigns agree, and the "
                "rest of the weight is held back."
            )
        return " ".join(said)

    def document(self) -> dict[str, Any]:
        """Return the update as plain data for `--json`."""
        return {**asdict(self), "warning": self.warning}


def update(
    run: "Ensemble",
    reports: str | Path,
    *,
    least: float | None = None,
    budget: int = BUDGET,
    progress: Callable[[int], None] | None = None,
) -> Update:
    """Update a forecast by later reports.

    Parameters
    ----------
    run : Ensemble
        A finished run.
    reports : str or Path
        CSV file of reports (`docs/methods/updating.md`).
    least : float, optional
        Effective campaigns wanted; None: 5 % of the campaigns, at least 100.
    budget : int
        Campaigns that may be played in addition.
    progress : callable, optional
        Called with the number of campaigns played since the last call.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the reports.
    RunError
        FS203 if the run was played with another version of the model, FS206 if it has processes of a user's own.
    StoreError
        FS303 or FS305 if its folder was edited or cut short.
    AnalysisError
        FS402 if no campaign was completed.
    """
    read = read_reports(Path(reports), run.scenario)
    _refuse(run)
    given = heard(read)
    watched = watch(run.scenario, run.manifest["seed"], run.manifest.get("without", ()), given, progress)
    population = stored(run, watched)
    campaigns = len(population.log_weight)
    wanted = max(FEWEST, SHARE * campaigns) if least is None else least
    rng = np.random.default_rng([run.manifest["seed"], len(given)])
    course = list(_course(watched, population, wanted, budget, rng))
    return Update(
        scenario=run.scenario.title,
        hash=run.manifest["scenario"],
        seed=run.manifest["seed"],
        run=str(run.path),
        reports=str(reports),
        campaigns=campaigns,
        least=wanted,
        questions=_changed(run, watched, course[-1][1] if course else population),
        steps=[step for step, _ in course],
        days=_days(watched, population, course),
    )


def _refuse(run: "Ensemble") -> None:
    """Refuse a run that cannot be played on."""
    if not run.playable:
        message = f"{run.path} was run with another version of the model or on another kind of processor"
        raise RunError(code="FS203", message=message, hint="run the scenario again, then update")
    if run.manifest["processes"]:
        message = f"{run.path} was run with processes of yours: {', '.join(run.manifest['processes'])}"
        raise RunError(code="FS206", message=message, hint="they are not stored; update needs them to play on")


def stored(run: "Ensemble", watched: Watch) -> Population:
    """Return the completed campaigns of a run with equal weights, all reports held against them.

    They are played again as far as the reports reach, which gives the same campaigns, and that is checked.
    """
    from fastness.ensemble.given import inputs_of

    fine = np.flatnonzero(run.outcomes["status"].to_numpy() == 0)
    if not len(fine):
        message = f"{run.path} has no campaign that was completed"
        raise AnalysisError(code="FS402", message=message, hint="replay one of the failed campaigns to see why")
    numbers = run.outcomes["campaign"].to_numpy()
    inputs = inputs_of(watched.document, watched.seed, int(numbers.max()) + 1).take(numbers[fine])
    found = play(watched, inputs, whole=False)
    missing = [name for name in run.scenario.questions if name not in run.outcomes]
    if missing:
        message = f"{run.path} has no outcomes of {', '.join(missing)}"
        raise StoreError(code="FS303", message=message, hint="the folder was edited; run the scenario again")
    drawn = run.draws[[name for name in run.draws.columns if name != "campaign"]].to_numpy()[fine]
    days = run.outcomes[list(run.scenario.questions)].to_numpy(dtype=np.int64)[fine]
    same_days = np.where(days < watched.until, days, -1)
    if drawn.shape != found.draws.shape or not np.allclose(drawn, found.draws) or not (same_days == found.days).all():
        message = f"{run.path} cannot be played again: its campaigns were drawn with other numbers"
        raise RunError(code="FS203", message=message, hint="run the scenario again, then update")
    return replace(found, days=days)


def _course(
    watched: Watch, population: Population, least: float, budget: int, rng: np.random.Generator
) -> "Sequence[tuple[Step, Population]]":
    """Take one report after the other; return what each did and the population after it."""
    pool, powers, course = Pool.of_run(watched, population), np.zeros(len(watched.given)), []
    for number, each in enumerate(watched.given):
        before = population
        taken, power, played = replace(before, log_weight=before.log_weight + before.likelihood[:, number]), 1.0, 0
        judged = before
        if taken.effective < least:
            done = temper(pool, powers, number, least, budget - sum(pool.sizes[1:]), rng)
            taken, power, played = done.population, done.power, done.played
            judged = replace(pool.population, log_weight=pool.log_weight(powers))  # more campaigns tell more surely
        powers[number] = power
        heard_as = _heard(watched, each, number, judged)
        course.append((_step(watched, each, heard_as, before, taken, power, played), taken))
        population = taken
    return course


@dataclass(frozen=True, slots=True)
class _Heard:
    """How a report looked before it was taken: P(it is true), P(it is said), and what it tells [bits]."""

    expected: float | None
    predictive: float
    told: float


def _heard(watched: Watch, each: Heard, number: int, before: Population) -> _Heard:
    scenario, report, truth = watched.scenario, each.report, before.truth[:, number]
    hyper = hyper_of(list(registry()), before.draws[:, len(scenario.beliefs) :])
    is_fact = report.kind != "unknown" and not is_quantity(scenario, report)
    held = truth > 0.5 if report.stance == "supports" else truth <= 0.5
    return _Heard(
        expected=min(1.0, float(before.weight @ held)) if is_fact else None,
        predictive=predictive(scenario, each, truth, hyper, before.weight),
        told=_told(before, number),
    )


def _step(
    watched: Watch, each: Heard, looked: _Heard, before: Population, after: Population, power: float, played: int
) -> Step:
    report = each.report
    old, new = _probabilities(watched, before), _probabilities(watched, after)
    return Step(
        id=report.id,
        date=report.date.isoformat(),
        about=report.day.isoformat(),
        statement=report.statement,
        source=each.source.id,
        kind=report.kind,
        expected=looked.expected,
        predictive=looked.predictive,
        surprise=looked.predictive < SURPRISE,
        told=looked.told,
        power=power,
        effective=after.effective,
        played=played,
        before=old,
        after=new,
        bits={name: divergence(new[name], old[name], before.effective) for name in new},
    )


def _told(before: Population, number: int) -> float:
    """Return the Kullback-Leibler divergence of the campaigns' weights after a report from those before [bits]."""
    likelihood = before.likelihood[:, number]
    after = normal(before.log_weight + likelihood)
    level = math.log(float(before.weight @ np.exp(likelihood - likelihood.max()))) + float(likelihood.max())
    return max(0.0, float(after @ (likelihood - level)) / math.log(2))


def _probabilities(watched: Watch, population: Population) -> dict[str, float]:
    held = population.weight @ (population.days >= 0)
    return {name: float(min(1.0, p)) for name, p in zip(watched.scenario.questions, held, strict=True)}


def divergence(after: float, before: float, campaigns: float) -> float:
    """Return what was learnt about a yes/no question, the Kullback-Leibler divergence of its probabilities [bits].

    Probabilities are kept half a campaign away from 0 and 1.
    """
    edge = 0.5 / (campaigns + 1)
    new, old = (min(max(p, edge), 1 - edge) for p in (after, before))
    return max(0.0, new * math.log2(new / old) + (1 - new) * math.log2((1 - new) / (1 - old)))


def standard_error(p: float, campaigns: float) -> float:
    """Return the Monte Carlo error of a weighted share from its effective campaigns, never below that of one hit."""
    smooth = (p * campaigns + 0.5) / (campaigns + 1)
    return math.sqrt(smooth * (1 - smooth) / campaigns)


def _changed(run: "Ensemble", watched: Watch, population: Population) -> list[Changed]:
    after = _probabilities(watched, population)
    spans = ranges(watched, population, list(after))
    found = []
    for asked in run.answer().questions:
        p, (low, high) = after[asked.id], spans[asked.id]
        found.append(
            Changed(
                asked.id, asked.text, asked.probability, asked.low, asked.high, asked.words, p, low, high,
                likelihood_words(p), standard_error(p, population.effective),
                divergence(p, asked.probability, float(len(population.log_weight))),
            )
        )  # fmt: skip
    return found


def ranges(watched: Watch, population: Population, questions: Sequence[str]) -> dict[str, Range]:
    """Return the range across inputs and models of questions after re-weighting, None where it cannot be told.

    From a sample drawn by weight (rejection): the method of the answer needs campaigns that count alike.
    """
    import pandas as pd

    weight, p = population.weight, _probabilities(watched, population)
    rng = np.random.default_rng(len(weight))
    kept = np.flatnonzero(rng.random(len(weight)) * weight.max() < weight)
    if len(kept) < RANGED:
        return dict.fromkeys(questions, (None, None))
    names = [*(f"belief:{name}" for name in watched.scenario.beliefs), *(f"parameter:{name}" for name in registry())]
    inputs = features(pd.DataFrame(population.draws[kept], columns=names))
    order = list(watched.scenario.questions)
    return {
        name: _beside(input_range(inputs, population.days[kept, order.index(name)] >= 0), p[name]) for name in questions
    }


def _beside(span: tuple[float, float], p: float) -> Range:
    """Return a range with the estimate in it, which another sample of the campaigns gave."""
    return min(span[0], p), max(span[1], p)


def _days(watched: Watch, start: Population, course: "Sequence[tuple[Step, Population]]") -> list[Day]:
    """Return the forecast on every date from the clock's start to the last report."""
    lead = next(iter(watched.scenario.questions))
    dates = [datetime.date.fromisoformat(step.date) for step, _ in course]
    first = watched.scenario.clock.start
    last = max(dates, default=first)
    days: list[Day] = []
    population, fresh = start, True
    for ahead in range((last - first).days + 1):
        date = first + datetime.timedelta(days=ahead)
        for when, (_, after) in zip(dates, course, strict=True):
            if when == date:
                population, fresh = after, True
        if fresh:
            (low, high), fresh = ranges(watched, population, [lead])[lead], False
        days.append(Day(date.isoformat(), _probabilities(watched, population), low, high, population.effective))
    return days
