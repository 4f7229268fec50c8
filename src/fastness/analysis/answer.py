"""The answer of an ensemble: its questions, siege clocks, one sentence that answers, one on how far to trust it."""

import datetime
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from fastness.analysis.clocks import Clock, clocks, people_on_first_day
from fastness.analysis.estimate import day_quantiles, estimate
from fastness.analysis.inputs import features, measured_range
from fastness.analysis.words import likelihood_words, percent
from fastness.errors import AnalysisError

if TYPE_CHECKING:
    import pandas as pd

    from fastness.analysis.inputs import Floats
    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Question, Scenario

#: width of the range across inputs [1] up to which, and share of claims from which, confidence is high or moderate
HIGH: Final = (0.2, 0.75)
MODERATE: Final = (0.5, 0.4)
#: grades that say: rather reliable than not (fairly reliable source, possibly true item)
GRADES: Final = frozenset("ABC")
WORST_ITEM: Final = 3


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """What the campaigns say about one question.

    `standard_error` is the Monte Carlo error of `probability`; `low` and `high` are the range across inputs and models,
    `low_error` and `high_error` how well its ends are known from so many campaigns (None: the ends are bounds);
    the dates, as ISO text, tell when it happens in those of the `campaigns` in which it does.
    """

    id: str
    text: str
    probability: float
    standard_error: float
    low: float
    high: float
    words: str
    median_date: str | None
    p5_date: str | None
    p95_date: str | None
    campaigns: int
    low_error: float | None = None
    high_error: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of an ensemble, for the terminal, the report and programs."""

    scenario: str
    hash: str
    seed: int
    campaigns: int
    failed: int
    run: str
    questions: list[QuestionAnswer]
    clocks: list[Clock]
    headline: str
    confidence: str

    def document(self) -> dict[str, Any]:
        """Return the answer as plain data for `--json`."""
        questions = [asdict(question) for question in self.questions]
        for question in questions:
            del question["campaigns"]
        return {
            "scenario": self.scenario,
            "hash": self.hash,
            "seed": self.seed,
            "campaigns": self.campaigns,
            "failed": self.failed,
            "questions": questions,
            "clocks": [asdict(clock) for clock in self.clocks],
            "run": self.run,
        }


def answer(ensemble: "Ensemble") -> Answer:
    """Answer the questions of an ensemble's scenario.

    Raises
    ------
    AnalysisError
        FS402 if no campaign was completed.
    """
    scenario = ensemble.scenario
    fine = ensemble.outcomes["status"].to_numpy() == 0
    if not fine.any():
        message = f"{ensemble.path} has no campaign that was completed"
        raise AnalysisError(code="FS402", message=message, hint="replay one of the failed campaigns to see why")
    outcomes, draws = ensemble.outcomes[fine], ensemble.draws[fine]
    inputs = features(draws)
    with ThreadPoolExecutor(os.cpu_count() or 1) as beside:  # half of it is algebra, which runs side by side
        answered = [
            beside.submit(answer_question, name, question, outcomes[name], inputs, scenario.clock.start)
            for name, question in scenario.questions.items()
        ]
    questions = [each.result() for each in answered]
    return Answer(
        scenario=scenario.title,
        hash=ensemble.manifest["scenario"],
        seed=ensemble.manifest["seed"],
        campaigns=len(fine),
        failed=int((~fine).sum()),
        run=str(ensemble.path),
        questions=questions,
        clocks=clocks(scenario, outcomes, people_on_first_day(scenario, draws)),
        headline=headline(questions, next((each.statement for each in scenario.questions.values()), None)),
        confidence=confidence(questions, scenario),
    )


def answer_question(
    name: str, question: "Question", days: "pd.Series[int]", inputs: "Floats", start: datetime.date
) -> QuestionAnswer:
    """Answer one question.

    Parameters
    ----------
    name, question
        Its id and text.
    days : Series
        Day since the start on which it first held in each campaign, -1 never.
    inputs : array
        What the campaigns drew, from `features`, shape (campaigns, inputs).
    start : date
        First day of the campaigns.
    """
    held = days.to_numpy() >= 0
    share = estimate(int(held.sum()), len(held))
    span = measured_range(inputs, held)
    p5, median, p95 = (_date(start, day) for day in day_quantiles(days[held]))
    return QuestionAnswer(
        name, question.heading, share.probability, share.standard_error, span.low, span.high,
        likelihood_words(share.probability), median, p5, p95, share.campaigns, span.low_error, span.high_error,
    )  # fmt: skip


def _date(start: datetime.date, day: float | None) -> str | None:
    return None if day is None else (start + datetime.timedelta(days=day)).isoformat()


def headline(questions: Sequence[QuestionAnswer], statement: str | None = None) -> str:
    """Return one sentence that answers the first question, with its likelihood and range but without confidence.

    `statement` is the question as a statement, if the scenario gives one.
    """
    if not questions:
        return "This scenario asks no question."
    first = questions[0]
    number = percent(first.probability)
    span = f"{100 * first.low:.0f}–{100 * first.high:.0f} across inputs and models"
    answered = f"that {statement}." if statement else f'that the answer to "{first.text}" is yes.'
    if first.words == number:
        return f"There is a chance of {number} ({span}) {answered}"
    if first.words.endswith("chance"):
        chance = first.words if first.words.startswith("almost") else f"a {first.words}"
        return f"There is {chance} ({number}; {span}) {answered}"
    return f"It is {first.words} ({number}; {span}) {answered}"


def confidence(questions: Sequence[QuestionAnswer], scenario: "Scenario") -> str:
    """Return one sentence on how far the answer to the first question can be trusted, apart from its likelihood.

    ICD 203 rates confidence by the quality of the evidence and by how much hangs on assumptions. Here the first is the
    share of claims that are established or graded C3 or better on both axes of the Admiralty code, the second the
    width of the range across inputs and models. High: at most 20 points wide and at least 75 % of claims; moderate: at
    most 50 points and at least 40 %; low otherwise, and always without a claim.
    """
    if not questions:
        return "There is nothing to be confident about."
    first = questions[0]
    good, total = reliable_claims(scenario)
    level = confidence_level(first.high - first.low, good / total if total else 0.0)
    moves = f"the inputs in doubt move its probability between {percent(first.low)} and {percent(first.high)}"
    if not total:
        return f"Confidence in this judgement is {level}: {moves}, and no claim stands behind them."
    return (
        f"Confidence in this judgement is {level}: {moves}, and {good} of {total} claims are established or come "
        "from at least fairly reliable sources."
    )


def confidence_level(width: float, share: float) -> str:
    """Return high, moderate or low from the width of the range and the share of reliable claims, as in `confidence`."""
    for name, (widest, least) in (("high", HIGH), ("moderate", MODERATE)):
        if width <= widest and share >= least:
            return name
    return "low"


def reliable_claims(scenario: "Scenario") -> tuple[int, int]:
    """Count the claims that inform the model, and those among them that are more reliable than not."""
    grades = {source.id: source.grade for source in scenario.sources}
    informing = [claim for claim in scenario.claims if claim.binds in ("belief", "parameter", "entry")]
    good = [
        claim
        for claim in informing
        if claim.kind == "established" or (grades[claim.source] in GRADES and claim.item_grade <= WORST_ITEM)
    ]
    return len(good), len(informing)
