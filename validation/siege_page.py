"""The page that tells how forecasts of sieges did, from their scores."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from fastness.history.cases import Case
from fastness.history.courses import CLASSES
from fastness.history.outcomes import Outcome
from fastness.history.siege_scores import Difference, SiegeScores, power
from fastness.history.sieges import ASKED
from fastness.kernel.cache import kernel_hash

NAMES = {
    "model": "model and climatology pooled: what users get",
    "raw": "model alone",
    "climatology": "climatology (Aalen–Johansen)",
    "logistic": "logistic regression on ln strength ratio and corridor",
    "three_to_one": "“three to one wins”",
}
#: cases that are told as the best and the worst
TOLD = 6


def page(
    scores: SiegeScores,
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    time: tuple[int, int, float, Difference],
    ablated: Sequence[tuple[str, float, float, float]],
    calibration: str,
) -> str:
    """Return the page as Markdown."""
    conflicts = len({case.conflict for case in cases})
    lines = [
        "# Sieges: forecasts held against how they ended",
        "",
        f"Written by `python validation/sieges.py --ablation --write` on {datetime.now(UTC).date()}: {scores.n} sieges "
        f"of {conflicts} conflicts, kernel {kernel_hash()[:8]}, {scores.forecasts[0].campaigns} campaigns each. Drawn "
        "from: " + ("the priors, which saw no siege." if calibration == "prior" else f"posteriors {calibration}."),
        "[How it is done](../methods/sieges.md).",
        "",
        verdict(scores),
        "",
        "## Scores",
        "",
        *score_table(scores),
        "",
        "Brier score of “fell by day t”, mean over days 1 to 365; lower is better; the primary score, fixed "
        "beforehand. Less climatology: mean difference with its 95 % interval from resampling whole conflicts. "
        "Everything that is "
        "fitted leaves out the conflict of the case.",
        "",
        *power_lines(scores),
        "",
        weight_line(scores),
        "",
        *secondary_lines(scores),
        "",
        *time_lines(time),
        "",
        "## Average curve",
        "",
        *level_table(scores),
        "",
        *(ablation_lines(ablated) if ablated else []),
        "## Where it does well and where it fails",
        "",
        *case_table(scores, outcomes),
        "",
        *POPULATION,
    ]
    return "\n".join(lines) + "\n"


def verdict(scores: SiegeScores) -> str:
    """Return the first sentence: better, worse, or not to be told apart."""
    raw, pooled = scores.difference["raw"], scores.difference["model"]
    return f"**The model alone {said(raw)}. Pooled with climatology, as users get it, it {said(pooled)}.**"


def said(apart: Difference) -> str:
    """Return how a difference reads."""
    amount = f"{abs(apart.mean):.3f} ({apart.low:+.3f} to {apart.high:+.3f})"
    if apart.low > 0:
        return f"is worse than climatology by {amount}"
    if apart.high < 0:
        return f"beats climatology by {amount}, an interval that excludes zero"
    way = "better" if apart.mean < 0 else "worse"
    return f"cannot be told from climatology on these cases: {way} by {amount}"


def score_table(scores: SiegeScores) -> Iterator[str]:
    """Yield the rows of the table of scores."""
    yield "| forecaster | primary | less climatology | by day 30 | 120 | 365 |"
    yield "|---|---|---|---|---|---|"
    days = [scores.by_day(day) for day in ASKED]
    for name, text in NAMES.items():
        if name not in scores.primary:
            continue
        apart = scores.difference.get(name)
        less = f"{apart.mean:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})" if apart else ""
        by_day = " | ".join(f"{day[name]:.3f}" for day in days)
        yield f"| {text} | {scores.primary[name].mean():.4f} | {less} | {by_day} |"


def power_lines(scores: SiegeScores) -> Iterator[str]:
    """Yield what a sample of this size can show."""
    yield "**Power.** What a sample of this size could show:"
    yield ""
    for name in ("model", "raw"):
        apart = scores.difference[name]
        if apart.mean >= 0 or apart.standard_error <= 0:
            yield f"- {NAMES[name]}: no better than climatology here; no number of such cases would show it to be."
            continue
        found = power(apart, scores.n)
        yield (
            f"- {NAMES[name]}: if the observed difference were the truth, {scores.n} cases would clear zero with a "
            f"chance of {found['clears_zero']:.0%}; {found['cases_for_80']} would with 80 %."
        )


def weight_line(scores: SiegeScores) -> str:
    """Return what the weight of the pool is held against."""
    found = scores.best_weight()
    return (
        f"**Pool.** The model has half the weight. The weight that would have served best here is {found['best']:.2f} "
        f"({found['low']:.2f} to {found['high']:.2f} by resampling conflicts): too few conflicts to "
        "choose one better."
    )


def secondary_lines(scores: SiegeScores) -> Iterator[str]:
    """Yield the other scores."""
    yield "| secondary | pooled | model alone | climatology |"
    yield "|---|---|---|---|"
    rows = {
        "log score of “fell by day t”": "log",
        "RPS of the outcome class": "rps",
        "log score of the outcome class": "class_log",
        "Brier score of “the force survived”": "survived_brier",
    }
    for text, key in rows.items():
        cells = (scores.secondary[f"{key}_{name}"] for name in ("model", "raw", "climatology"))
        yield f"| {text} | " + " | ".join("" if cell is None else f"{cell:.3f}" for cell in cells) + " |"


def time_lines(time: tuple[int, int, float, Difference]) -> Iterator[str]:
    """Yield the split by time."""
    early, late, base, apart = time
    yield (
        f"**Split by time.** Climatology of the {early} sieges that were over before 1990, for the {late} that began "
        f"later: {base:.4f}; the model alone, knowing no more, less that {apart.mean:+.4f} ({apart.low:+.4f} to "
        f"{apart.high:+.4f})."
    )


def level_table(scores: SiegeScores) -> Iterator[str]:
    """Yield mean forecasts beside how many fell."""
    yield "| by day | fell | model alone, mean | smallest | largest |"
    yield "|---|---|---|---|---|"
    for day in ASKED:
        raw = scores.curves["raw"][:, day]
        fell = scores.observed[:, day].mean()
        yield f"| {day} | {fell:.2f} | {raw.mean():.2f} | {raw.min():.2f} | {raw.max():.2f} |"


def ablation_lines(ablated: Sequence[tuple[str, float, float, float]]) -> list[str]:
    """Return what the model's score does without each process."""
    rows = [f"| {name} | {mean:+.4f} ({low:+.4f} to {high:+.4f}) |" for name, mean, low, high in ablated]
    return [
        "## Which process helps, which harms",
        "",
        "Primary score of the model alone without a process, less that with it, same seeds. Above zero: the process "
        "helps. Below zero: it makes these forecasts worse, and is to be looked at first.",
        "",
        "| without | change |",
        "|---|---|",
        *rows,
        "",
        blame(ablated),
        "",
    ]


def blame(ablated: Sequence[tuple[str, float, float, float]]) -> str:
    """Return which process the forecasts would do without most gladly."""
    name, mean, low, high = min(ablated, key=lambda row: row[1])
    if mean >= 0:
        return "None of them makes the forecasts worse."
    sure = "beyond its interval" if high < 0 else f"though its interval ({low:+.3f} to {high:+.3f}) holds zero"
    return f"Most to blame: `{name}`, {-mean:.3f}, {sure}."


def case_table(scores: SiegeScores, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the cases on which the model alone gains and loses most against climatology."""
    gain = scores.primary["raw"] - scores.primary["climatology"]
    order = np.argsort(gain)
    yield "| case | how it ended | model alone: by day 30, 120, 365 | less climatology |"
    yield "|---|---|---|---|"
    for k in (*order[:TOLD], *order[-TOLD:]):
        made, row = scores.forecasts[k], outcomes[k]
        said_by = ", ".join(f"{made.raw[day]:.2f}" for day in ASKED)
        yield f"| {made.id} | {CLASSES[row.ending]} on day {row.days} | {said_by} | {gain[k]:+.3f} |"


POPULATION = [
    "## Whom it speaks for",
    "",
    "Sieges, enclaves and mountain redoubts that somebody wrote about. They run long. In the summer of 2021 "
    "thirty-three "
    "Afghan provinces fell without a siege, most in days; none of them is a case. A place about to be besieged is more "
    "likely to fall at once than this page says: its numbers speak for places still held on the third day of a siege "
    "worth the name.",
    "",
    "The coder of the cases knew, from memory, how they ended, and some of that will have coloured what “could be "
    "known "
    "on the third day”. The author of the mapping had seen the endings, too. The mapping was written before the first "
    "score was looked at; every look is in [looks.csv](looks.csv).",
]
