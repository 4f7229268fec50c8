"""What changed since an earlier forecast: inputs, the model, and which probabilities beyond their error."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

from fastness.analysis.register import read_registry, sources_hash
from fastness.analysis.reports import window_of
from fastness.analysis.words import likelihood_words
from fastness.errors import AnalysisError
from fastness.scenario import resolve

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

#: chance that any question is said to have changed where none has (Bonferroni)
ERROR: Final = 0.05
#: parts of a scenario that no number hangs on
UNFELT = frozenset({"title", "summary", "variants", "record", "layers", "missing"})


@dataclass(frozen=True, slots=True)
class InputChange:
    """One entry of the scenario that differs: its path, and what it was and is (None: it is not there)."""

    path: str
    before: object
    now: object


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One question: what was said and is said now, and whether that is more than the Monte Carlo error of the two."""

    question: str
    text: str
    before: float
    now: float
    words_before: str
    words_now: str
    beyond_error: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs between two forecasts.

    Questions that only one of them asks are named in `only_one`. `scenario` and `model` (code and priors) say whether
    these are others; `inputs` names the entries where both scenarios are known.
    """

    before: str
    answers: list[AnswerChange]
    only_one: list[str]
    scenario: bool
    inputs: list[InputChange]
    model: bool

    def document(self) -> dict[str, Any]:
        """Return the changes as plain data for `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a forecast said and rests on, as far as it takes to tell later what changed.

    `questions` are plain data with id, text, probability and standard_error; `scenario` and `model` are hashes,
    `document` the canonical scenario (empty where it was not kept).
    """

    name: str
    questions: Sequence[Mapping[str, Any]]
    scenario: str
    model: str
    document: Mapping[str, Any]


def forecast(ensemble: "Ensemble") -> Forecast:
    """Return what a run says and rests on."""
    said, manifest = ensemble.answer().document()["questions"], ensemble.manifest
    return Forecast(str(ensemble.path), said, manifest["scenario"], str(manifest["kernel"]), resolve(ensemble.scenario))


def since_registered(ensemble: "Ensemble", registry: str | Path) -> Changed:
    """Tell what changed since the last forecast of the same title in a registry; the run's own record does not count.

    Raises
    ------
    AnalysisError
        FS436 if it holds no earlier forecast of that title, FS451 or FS452 if it was altered or cannot be read.
    """
    title, now = ensemble.scenario.title, forecast(ensemble)
    mine = ensemble.manifest.get("registered", [])
    records = [each for each in read_registry(Path(registry)) if each["title"] == title and each["hash"] not in mine]
    if not records:
        message = f"{registry} holds no earlier forecast of '{title}'"
        raise AnalysisError(code="FS436", message=message, hint="register one first, or compare two runs")
    last, asked = records[-1], ensemble.scenario.questions
    same = [
        {**question, "text": asked[question["id"]].heading if question["id"] in asked else question["ask"]}
        for question in last["questions"]
        if question["id"] not in asked or _same_terms(question, ensemble)
    ]
    model = now.model if last["run"]["model"] == sources_hash("kernel", "compile") and _same_priors(last) else ""
    name = f"number {last['number']}, registered {last['time'][:10]}"
    return changed(Forecast(name, same, last["scenario"], model, {}), now)


def _same_terms(question: Mapping[str, Any], ensemble: "Ensemble") -> bool:
    window = [day.isoformat() for day in window_of(question["id"], ensemble.scenario)]
    return bool(question["holds"] == ensemble.scenario.questions[question["id"]].holds and question["window"] == window)


def _same_priors(record: Mapping[str, Any]) -> bool:
    return bool(record["run"]["priors"] == sources_hash("registry", "posterior"))


def changed(before: Forecast, now: Forecast) -> Changed:
    """Tell what changed between two forecasts, such as the last registered one and that of today.

    The probabilities are compared as those of independent runs, since a seed is drawn anew as a rule (`compare` pairs
    runs of one seed), and a change counts as more than error only if it is one among all questions at once.
    """
    old = {question["id"]: question for question in before.questions}
    new = {question["id"]: question for question in now.questions}
    shared = [name for name in new if name in old]
    level = NormalDist().inv_cdf(1 - ERROR / (2 * max(1, len(shared))))
    answers = [_answer(old[name], new[name], level) for name in shared]
    inputs = input_changes(before.document, now.document) if before.document and now.document else []
    only_one = sorted(old.keys() ^ new.keys())
    other = before.scenario != now.scenario
    return Changed(before.name, answers, only_one, other, inputs, before.model != now.model)


def _answer(before: Mapping[str, Any], now: Mapping[str, Any], level: float) -> AnswerChange:
    p, q = float(before["probability"]), float(now["probability"])
    error = math.hypot(before["standard_error"], now["standard_error"])
    words = likelihood_words(p), likelihood_words(q)
    return AnswerChange(now["id"], now["text"], p, q, *words, beyond_error=abs(q - p) > level * error)


def input_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[InputChange]:
    """Return the entries that differ between two canonical documents, in the order of their paths."""
    rows = _rows(before), _rows(now)
    alone = rows[0].keys() ^ rows[1].keys()
    changes = [InputChange(path, rows[0].get(path), rows[1].get(path)) for path in alone]
    old, new = dict(_entries(before)), dict(_entries(now))
    changes += [
        InputChange(path, old.get(path), new.get(path))
        for path in old.keys() | new.keys()
        if old.get(path) != new.get(path) and ".".join(path.split(".")[:2]) not in alone
    ]
    felt = (change for change in changes if change.path.partition(".")[0] not in UNFELT)
    return sorted(felt, key=lambda change: change.path)


def _rows(document: Mapping[str, Any]) -> dict[str, str]:
    """Return what every row of the tables is called, by path: a claim by what it says."""
    tables = {name: table for name, table in document.items() if isinstance(table, list)}
    there = ((name, row) for name, table in tables.items() for row in table if isinstance(row, Mapping))
    rows = ((f"{name}.{row['id']}", row) for name, row in there if "id" in row)
    return {path: str(row.get("statement") or row.get("name") or "there") for path, row in rows}


def _entries(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield path and value of every entry; rows of tables by their id, other lists whole."""
    if isinstance(value, Mapping) and value:
        for name, part in value.items():
            yield from _entries(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value and all(isinstance(row, Mapping) and "id" in row for row in value):
        for row in value:
            yield from _entries({name: part for name, part in row.items() if name != "id"}, f"{path}.{row['id']}")
    elif value not in (None, [], {}):
        yield path, value
