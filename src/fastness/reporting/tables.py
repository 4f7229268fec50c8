"""The report's tables as plain rows of text, ready for the templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastness.analysis.words import percent
from fastness.reporting.texts import DASH, day_text, days_text, figures, interval, when_text
from fastness.scenario import apply_variant, identity

if TYPE_CHECKING:
    from fastness.analysis.answer import Answer, QuestionAnswer
    from fastness.analysis.shares import Share, Shares
    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Block, Scenario

LABELS = {
    "as_of": "as of",
    "done": "batches played",
    "failed": "campaigns failed",
    "format": "format of the run folder",
    "kernel": "hash of the model",
    "scenario": "hash of the scenario",
    "seconds": "seconds of play",
    "without": "processes switched off",
}


@dataclass(frozen=True)
class QuestionRow:
    """One question: its text, the likelihood in words and numbers, and the bar's geometry in percent."""

    id: str
    text: str
    words: str
    probability: str
    interval: str
    when: str
    at: float
    low: float
    high: float


@dataclass(frozen=True)
class ClockRow:
    """One siege clock: what runs out where, after how many days, for how many people."""

    id: str
    text: str
    days: str
    people: str
    never: str


@dataclass(frozen=True)
class ShareRow:
    """What a question's uncertainty is made of: its text, cells (evidence, model, together, luck), the bar's parts.

    `parts` are (kind, where it begins, how wide it is), in percent.
    """

    text: str
    cells: tuple[str, str, str, str]
    parts: list[tuple[str, float, float]]


@dataclass(frozen=True)
class Comparison:
    """The questions of several ensembles side by side: per row the question and one (probability, interval) each."""

    titles: list[str]
    rows: list[tuple[str, list[tuple[str, str]]]]


def question_rows(answer: "Answer", scenario: "Scenario") -> list[QuestionRow]:
    """Write the questions.

    Parameters
    ----------
    answer : Answer
        The ensemble's answer.
    scenario : Scenario
        Its scenario, for the year that goes without saying.

    Returns
    -------
    list of QuestionRow
        In the answer's order.
    """
    return [_question_row(q, scenario.clock.start.year) for q in answer.questions]


def _question_row(q: "QuestionAnswer", year: int) -> QuestionRow:
    """Write one question."""
    return QuestionRow(
        id=q.id,
        text=q.text,
        words=q.words,
        probability=percent(q.probability),
        interval=interval(q.low, q.high),
        when=when_text(q.p5_date, q.median_date, q.p95_date, year),
        at=round(100 * q.probability, 1),
        low=round(100 * q.low, 1),
        high=round(100 * q.high, 1),
    )


def share_rows(shares: Mapping[str, "Shares"], answer: "Answer") -> list[ShareRow]:
    """Write what the uncertainty of each question is made of.

    Parameters
    ----------
    shares : mapping
        From `analysis.shares`, by question.
    answer : Answer
        The ensemble's answer, for the texts.

    Returns
    -------
    list of ShareRow
        In the answer's order, without the questions whose shares cannot be told.
    """
    return [_share_row(q.text, shares[q.id]) for q in answer.questions if q.id in shares]


KINDS = ("evidence", "model", "together", "luck")


def _share_row(text: str, row: "Shares") -> ShareRow:
    """Write one question's shares; the parts of the bar begin where the one before ends."""
    widths = [round(100 * part, 1) for part in row.parts()]
    parts = [(kind, round(sum(widths[:k]), 1), widths[k]) for k, kind in enumerate(KINDS)]
    together = f"{widths[2]:.0f} %" if widths[2] >= 1 else DASH
    return ShareRow(text, (_share(row.evidence), _share(row.model), together, _share(row.luck)), parts)


def _share(share: "Share") -> str:
    """Write a share with its interval, both within 0 to 100 %."""
    value, low, high = (round(100 * min(max(each, 0.0), 1.0)) for each in (share.value, share.low, share.high))
    return f"{value} % ({low}–{high})"


def clock_rows(answer: "Answer", scenario: "Scenario") -> list[ClockRow]:
    """Write the siege clocks.

    Parameters
    ----------
    answer : Answer
        The ensemble's answer.
    scenario : Scenario
        Its scenario, for the length of the clock.

    Returns
    -------
    list of ClockRow
        In the answer's order.
    """
    length = (scenario.clock.end - scenario.clock.start).days
    return [
        ClockRow(
            id=c.id,
            text=c.text,
            days=days_text(c.p5, c.p50, c.p95, length),
            people=figures(c.people) if c.people else DASH,
            never=percent(c.share_never),
        )
        for c in answer.clocks
    ]


def comparison(ensembles: Sequence["Ensemble"], answers: Sequence["Answer"]) -> Comparison | None:
    """Set the probabilities of several ensembles side by side.

    Parameters
    ----------
    ensembles : sequence of Ensemble
        The base first.
    answers : sequence of Answer
        Theirs.

    Returns
    -------
    Comparison or None
        None for a single ensemble. A question that an ensemble does not ask gets dashes.
    """
    if len(ensembles) < 2:
        return None
    asked: dict[str, str] = {}
    for answer in answers:
        for q in answer.questions:
            asked.setdefault(q.id, q.text)
    found = [{q.id: (percent(q.probability), interval(q.low, q.high)) for q in a.questions} for a in answers]
    rows = [(text, [cells.get(i, (DASH, "")) for cells in found]) for i, text in asked.items()]
    return Comparison(ensemble_titles(ensembles), rows)


def ensemble_titles(ensembles: Sequence["Ensemble"]) -> list[str]:
    """Name ensembles that stand side by side.

    Parameters
    ----------
    ensembles : sequence of Ensemble
        The base first.

    Returns
    -------
    list of str
        The base's scenario title; for the others the title of the base's variant whose scenario they played, else the
        name of their run folder.
    """
    base = ensembles[0].scenario
    others = [str(e.manifest["scenario"]) for e in ensembles[1:]]
    titles = {identity(apply_variant(base, name)): variant.title for name, variant in base.variants.items()}
    found = [titles.get(played, Path(e.path).name) for played, e in zip(others, ensembles[1:], strict=True)]
    return [base.title, *found]


def monte_carlo_points(answer: "Answer") -> str:
    """Write the largest Monte Carlo standard error of the questions in percentage points."""
    return f"{100 * max((q.standard_error for q in answer.questions), default=0.0):.1f}"


def range_points(answer: "Answer") -> str | None:
    """Write the largest standard error of an end of a range in percentage points; None where all ends are bounds."""
    errors = [error for q in answer.questions for error in (q.low_error, q.high_error) if error is not None]
    return f"{100 * max(errors):.0f}" if errors else None


def plan_rows(blocks: Sequence["Block"]) -> list[dict[str, str]]:
    """Write a side's plan, block by block.

    Parameters
    ----------
    blocks : sequence of Block
        In order of priority.

    Returns
    -------
    list of dict
        Keys intent, dates, condition, delay, orders.
    """
    return [
        {
            "intent": b.intent,
            "dates": _dates(b),
            "condition": b.condition or "always",
            "delay": f"{b.delay.p50:g} days ({b.delay.p5:g}–{b.delay.p95:g})" if b.delay else "none",
            "orders": "; ".join(_order(k, v) for k, v in b.orders.model_dump(exclude_defaults=True).items()),
        }
        for b in blocks
    ]


def _dates(block: "Block") -> str:
    """Write the dates within which a block may be in force."""
    parts = [
        f"from {day_text(block.start)}" if block.start else "",
        f"until {day_text(block.until)}" if block.until else "",
    ]
    return " ".join(part for part in parts if part)


def _order(name: str, value: Any) -> str:  # noqa: ANN401 - orders hold numbers, texts, lists and weights
    """Write one order."""
    if isinstance(value, Mapping):
        return f"{name} " + ", ".join(f"{k} ({v:g})" for k, v in value.items())
    if isinstance(value, bool):
        return name
    if isinstance(value, list | tuple):
        return f"{name} " + ", ".join(value)
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"


def provenance(ensemble: "Ensemble") -> list[tuple[str, str]]:
    """Write where a result comes from: everything in the manifest that is a number or a text.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    list of (str, str)
        Name and value; nested names joined by a space.
    """
    clock = ensemble.scenario.clock
    return [("clock", f"{day_text(clock.start)} – {day_text(clock.end)}"), *_flat(ensemble.manifest, "")]


def _listed(values: list[Any]) -> str:
    """Write names one by one, of other things how many there are."""
    return ", ".join(values) if values and all(isinstance(each, str) for each in values) else str(len(values))


def _flat(values: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    """Flatten a document to its scalars and lists."""
    rows: list[tuple[str, str]] = []
    for key, value in values.items():
        name = LABELS.get(key, f"{prefix} {key}".strip().replace("_", " "))
        if isinstance(value, Mapping):
            rows += _flat(value, name)
        elif isinstance(value, list):
            rows.append((name, _listed(value)))
        elif isinstance(value, bool):
            rows.append((name, "yes" if value else "no"))
        elif value is not None:
            rows.append((name, str(value)))
    return rows
