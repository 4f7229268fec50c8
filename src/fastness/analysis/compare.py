"""Runs compared, campaign by campaign where they share a seed: what differs, how surely, and in how many campaigns.

With one seed campaign 417 of a variant meets the same weather, the same luck and the same draws as campaign 417 of the
base (common random numbers), so most of the Monte Carlo error of the two cancels in the difference. What is left is
Monte Carlo error still: it says how well *this model's* difference is known, not whether the model is right about it.

- Questions: the difference of two shares from matched pairs, with Tango's score interval (Tango 1998, Statistics in
  Medicine 17:891), which keeps its 95 % where only a handful of campaigns flip or none does. With different seeds the
  runs are independent: Newcombe's hybrid of two Wilson intervals (1998, Statistics in Medicine 17:873, method 10).
- Clocks: the difference of mean days within the clock, where a stock that lasts to the end counts with the clock's
  length (restricted mean), because a median is beyond the clock as often as not. Matched pairs, or Welch's error.
- Many comparisons: a difference is called clear only if it is one among all that are made at once (Holm 1979), with
  McNemar's exact test for questions. Where the 95 % interval of a single difference holds 0 the runs are statistically
  indistinguishable in it, and between the two it is said that chance among so many would do.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from fastness.analysis.changed import InputChange, input_changes
from fastness.analysis.clocks import STRONGHOLD, clocks, middle_day, people_on_first_day
from fastness.analysis.pairs import Z, for_next_digit, mcnemar, newcombe, pooled_chance, tango
from fastness.analysis.words import likelihood_words
from fastness.errors import AnalysisError
from fastness.scenario import resolve

if TYPE_CHECKING:
    import pandas as pd

    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Question

Verdict = Literal["same", "indistinguishable", "not beyond chance", "clear"]
Days = npt.NDArray[np.float64]
Yes = npt.NDArray[np.bool_]

#: chance, over all comparisons made at once, of calling any difference clear where there is none
ERROR: Final = 0.05


@dataclass(frozen=True, slots=True)
class Compared:
    """One run of a comparison: its name, where it lies, and what of its inputs is not as in the base."""

    name: str
    run: str
    scenario: str
    seed: int
    campaigns: int
    changes: list[InputChange]


@dataclass(frozen=True, slots=True)
class Difference:
    """How one question or clock differs between the base and another run.

    A question is in probabilities [1], a clock in days; `difference` is other minus base, `low` and `high` its 95 %
    interval from Monte Carlo error alone. `to_yes` and `to_no` are the shares of paired campaigns whose outcome flips
    (a question comes true or no longer does; a stock runs out or no longer does), None without pairs.
    `more_campaigns` is what the next digit of the difference would take, None where nothing flips.
    """

    other: str
    id: str
    text: str
    kind: Literal["question", "clock"]
    unit: str
    base_value: float
    value: float
    difference: float
    low: float
    high: float
    to_yes: float | None
    to_no: float | None
    chance: float
    verdict: Verdict
    more_campaigns: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several runs against the first: every difference, what stands in the way of pairing, what is left out."""

    base: Compared
    others: list[Compared]
    differences: list[Difference]
    notes: list[str]

    def document(self) -> dict[str, Any]:
        """Return the comparison as plain data for `--json`."""
        return asdict(self) | {"comparisons": len(self.differences), "interval": 0.95, "error_of_all": ERROR}

    def of(self, other: str) -> list[Difference]:
        """Return the differences of one run."""
        return [row for row in self.differences if row.other == other]


def compare(base: "Ensemble", *others: "Ensemble") -> Comparison:
    """Compare runs with a base.

    Parameters
    ----------
    base : Ensemble
        What the others are compared with.
    *others : Ensemble
        At least one. Paired with the base by the number of the campaign where the seed is the same.

    Returns
    -------
    Comparison
        One row per run and question or clock that both have, with the same meaning in both.

    Raises
    ------
    AnalysisError
        FS435 without a second run, FS436 where two runs have nothing in common, FS402 where no campaign was completed.
    """
    if not others:
        message = f"there is nothing to compare {base.path} with"
        raise AnalysisError(code="FS435", message=message, hint="name two run folders or more; the first is the base")
    names = _names([base, *others])
    rows: list[Difference] = []
    notes: list[str] = []
    for name, other in zip(names[1:], others, strict=True):
        pair = _Pair(base, other, name)
        found = pair.questions() + pair.clocks()
        if all(row.id.endswith(f":{STRONGHOLD}") for row in found):  # every scenario has that one
            message = f"{base.path} and {other.path} have no question and no clock in common"
            raise AnalysisError(code="FS436", message=message, hint="compare runs of one scenario and its variants")
        rows += found
        notes += pair.notes
    written = resolve(base.scenario)
    runs = [_compared(name, each, written) for name, each in zip(names, [base, *others], strict=True)]
    return Comparison(runs[0], runs[1:], judged(rows), notes)


def _names(ensembles: Sequence["Ensemble"]) -> list[str]:
    """Name runs by their variant where that tells them apart, else by their folder, else by that with a number."""
    for names in (
        [str(each.manifest.get("variant") or "base") for each in ensembles],
        [Path(each.path).name for each in ensembles],
    ):
        if len(set(names)) == len(names):
            return names
    return [f"{Path(each.path).name} ({number})" for number, each in enumerate(ensembles, 1)]


def _compared(name: str, ensemble: "Ensemble", base: Mapping[str, Any]) -> Compared:
    manifest = ensemble.manifest
    changes = input_changes(base, resolve(ensemble.scenario))
    return Compared(name, str(ensemble.path), manifest["scenario"], manifest["seed"], len(ensemble.outcomes), changes)


class _Pair:
    """Two runs on the campaigns that can be compared."""

    def __init__(self, base: "Ensemble", other: "Ensemble", name: str) -> None:
        self.base, self.other, self.name = base, other, name
        self.paired = base.manifest["seed"] == other.manifest["seed"]
        self.notes: list[str] = []
        mine, theirs = _fine(base), _fine(other)
        if self.paired:
            common = mine.index.intersection(theirs.index)
            self._tell_left_out(len(common), len(base.outcomes), len(other.outcomes))
            mine, theirs = mine.loc[common], theirs.loc[common]
        else:
            self.notes.append(
                f"{name}: the seeds differ ({base.manifest['seed']} and {other.manifest['seed']}), so no campaign "
                "pairs; intervals are those of independent runs, several times as wide"
            )
        if mine.empty or theirs.empty:
            message = f"{base.path} and {other.path} have no campaign in common that was completed"
            raise AnalysisError(
                code="FS402", message=message, hint="run both with one seed, and replay a failed campaign to see why"
            )
        if base.manifest["kernel"] != other.manifest["kernel"]:
            self.notes.append(f"{name}: played by another version of the model, which is part of the difference")
        if base.scenario.title != other.scenario.title:
            self.notes.append(f"{name}: another scenario ('{other.scenario.title}'); pairs share luck, not a cause")
        self.mine, self.theirs = mine, theirs

    def _tell_left_out(self, common: int, mine: int, theirs: int) -> None:
        if common < max(mine, theirs):
            self.notes.append(f"{self.name}: paired on the {common} campaigns that both have completed")

    def questions(self) -> list[Difference]:
        """Compare the questions that both ask in the same terms."""
        rows, other = [], self.other.scenario.questions
        for name, question in self.base.scenario.questions.items():
            if name in other and _terms(question) == _terms(other[name]):
                before, after = (run[name].to_numpy() >= 0 for run in (self.mine, self.theirs))
                rows.append(question_difference(self.name, name, question.heading, before, after, paired=self.paired))
        unlike = [name for name in self.base.scenario.questions if name not in {row.id for row in rows}]
        if unlike:
            self.notes.append(f"{self.name}: not asked in the same terms, so left out: {', '.join(unlike)}")
        return rows

    def clocks(self) -> list[Difference]:
        """Compare the siege clocks that both have, over the shorter of the two clocks."""
        ends = [(each.scenario.clock.end - each.scenario.clock.start).days for each in (self.base, self.other)]
        length = float(min(ends))
        mine, texts = _clock_days(self.base, self.mine, length)
        theirs, _ = _clock_days(self.other, self.theirs, length)
        return [
            clock_difference(self.name, name, texts[name], mine[name], theirs[name], length, paired=self.paired)
            for name in mine
            if name in theirs
        ]


def _fine(ensemble: "Ensemble") -> "pd.DataFrame":
    outcomes = ensemble.outcomes
    return outcomes[outcomes["status"] == 0].set_index("campaign")


def _terms(question: "Question") -> tuple[object, ...]:
    return question.holds, question.by, question.before, question.on, question.start


def _clock_days(
    ensemble: "Ensemble", outcomes: "pd.DataFrame", length: float
) -> tuple[dict[str, Days], dict[str, str]]:
    """Return per clock the day on which it runs out, at most `length`, and its text."""
    scenario = ensemble.scenario
    people = people_on_first_day(scenario, ensemble.draws)
    texts = {clock.id: clock.text for clock in clocks(scenario, outcomes, people)}
    days: dict[str, Days] = {}
    for name in texts:
        if name.endswith(f":{STRONGHOLD}"):
            inside = [place.id for place in scenario.places if place.inside and people[f"places.{place.id}"] > 0]
            each = np.stack([outcomes[f"food_out:{place}"].to_numpy() for place in inside], axis=1)
            found = middle_day(each, np.array([people[f"places.{place}"] for place in inside]))
        else:
            found = outcomes[name].to_numpy()
        days[name] = np.where((found < 0) | (found > length), length, found).astype(np.float64)
    return days, texts


def question_difference(other: str, name: str, text: str, before: Yes, after: Yes, *, paired: bool) -> Difference:
    """Compare one question.

    Parameters
    ----------
    other, name, text : str
        The other run, the question's id and text.
    before, after : array of bool
        Whether it came true in each campaign of the base and of the other run; matched where `paired`.
    paired : bool
        Whether campaigns match.
    """
    p, q = float(before.mean()), float(after.mean())
    if not paired:
        low, high = newcombe(int(after.sum()), len(after), int(before.sum()), len(before))
        chance = pooled_chance(p, q, len(before), len(after))
        digit = for_next_digit((high - low) / 2, min(len(before), len(after)), 0.01)
        return Difference(
            other, name, text, "question", "1", p, q, q - p, low, high, None, None, chance, _first(low, high), digit
        )
    n = len(before)
    gained, lost = int((~before & after).sum()), int((before & ~after).sum())
    low, high = tango(gained, lost, n)
    verdict: Verdict = "same" if gained + lost == 0 else _first(low, high)
    more = None if verdict == "same" else for_next_digit((high - low) / 2, n, 0.01)
    return Difference(
        other, name, text, "question", "1", p, q, (gained - lost) / n, low, high, gained / n, lost / n,
        mcnemar(gained, lost), verdict, more,
    )  # fmt: skip


def clock_difference(
    other: str, name: str, text: str, before: Days, after: Days, length: float, *, paired: bool
) -> Difference:
    """Compare one clock by its mean days within the clock.

    Where few campaigns differ their spread says little: the error is then no smaller than if one campaign more differed
    by as much as any does, and the chance no smaller than the sign test of so few could give.

    Parameters
    ----------
    other, name, text : str
        The other run, the clock's id and text.
    before, after : array
        Day on which the stock runs out in each campaign, `length` where it lasts [days]; matched where `paired`.
    length : float
        Length of the clock [days].
    paired : bool
        Whether campaigns match.
    """
    from scipy.special import ndtr

    moved = after - before if paired else np.array([after.mean() - before.mean()])
    differing = int((moved != 0).sum())
    if paired:
        n = len(moved)
        widest = float(np.abs(moved).max()) if differing else length
        error = math.sqrt((float(moved.var()) + widest**2 / n) / n)
        floor = 2.0 ** (1 - differing)
    else:
        n = min(len(before), len(after))
        error = math.sqrt(float(before.var()) / len(before) + float(after.var()) / len(after) + (length / n**2) ** 2)
        floor = 0.0
    mean = float(moved.mean())
    chance = min(1.0, max(2 * float(ndtr(-abs(mean) / error)), floor))
    low, high = mean - Z * error, mean + Z * error
    out = (before < length, after < length)
    to_yes = float((~out[0] & out[1]).mean()) if paired else None
    to_no = float((out[0] & ~out[1]).mean()) if paired else None
    verdict: Verdict = "same" if paired and not differing else _first(low, high)
    more = None if verdict == "same" else for_next_digit(Z * error, n, 1.0)
    return Difference(
        other, name, text, "clock", "days", float(before.mean()), float(after.mean()), mean, low, high, to_yes, to_no,
        chance, verdict, more,
    )  # fmt: skip


def _first(low: float, high: float) -> Verdict:
    """Return the verdict on one difference alone."""
    return "indistinguishable" if low <= 0 <= high else "not beyond chance"


def judged(rows: Sequence[Difference]) -> list[Difference]:
    """Return differences with those called clear that stay so among all of them (Holm's step-down)."""
    order = sorted(range(len(rows)), key=lambda number: rows[number].chance)
    result = list(rows)
    for rank, number in enumerate(order):
        if rows[number].chance > ERROR / (len(rows) - rank):
            break
        if rows[number].verdict == "not beyond chance":
            result[number] = replace(rows[number], verdict="clear")
    return result


def would_change_the_call(comparison: Comparison) -> list[Difference]:
    """Return the differences that would change the call on a question: clear, and with another likelihood word.

    Parameters
    ----------
    comparison : Comparison
        Of a forecast with variants of it, or with itself without an assumption, source or process.

    Returns
    -------
    list of Difference
        Largest first.
    """
    changing = [
        row
        for row in comparison.differences
        if row.kind == "question"
        and row.verdict == "clear"
        and likelihood_words(row.base_value) != likelihood_words(row.value)
    ]
    return sorted(changing, key=lambda row: -abs(row.difference))
