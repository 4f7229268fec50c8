"""Score the historical scenarios of the library by how they came out: a retrodiction by people who know the end.

    python validation/retrodiction.py [--runs FOLDER] [--campaigns 2000] [--write]

Plays panjshir-2021, panjshir-1984 and lachin-2023, or takes finished runs of this code from FOLDER/NAME. Refuses a
scenario whose posterior could know its end. Scores each question that is resolved against coin, status quo and
climatology; questions about one event count as one. Outcomes: `outcomes/*.csv` beside this file, and those that
ship with panjshir-2021.
"""

import argparse
import csv
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from record import code, met, record
from retrodiction_page import page
from svg import Bar, bars

from fastness.analysis.register import read_registry, register
from fastness.analysis.score import COIN, STATUS_QUO
from fastness.analysis.scores import brier, crps, log_score
from fastness.compile import compile_scenario
from fastness.ensemble import Ensemble, open_run, simulate
from fastness.history.outside import asks, comparables, outside_views, usable
from fastness.posteriors import folds, posterior
from fastness.scenario import identity, load
from fastness.scenario.model import Scenario

HERE = Path(__file__).parent
LIBRARY = HERE.parent / "src" / "fastness" / "library"
PAGE = HERE.parent / "docs" / "validation" / "retrodiction.md"
CAMPAIGNS, SEED = 2000, 7
#: resamples of the pooled questions for the intervals, and their seed
SAMPLES, SAMPLE_SEED = 4000, 1
#: campaigns whose draws are looked at, to see that a run that is there is of these priors
LOOKED_AT = 20
#: pooled questions below which resampling them says nothing
FEWEST = 6
BASELINES = ("coin", "status quo", "climatology")
OUTCOMES = {
    "panjshir-2021": LIBRARY / "panjshir-2021" / "outcomes" / "outcomes.csv",
    "panjshir-1984": HERE / "outcomes" / "panjshir-1984.csv",
    "lachin-2023": HERE / "outcomes" / "lachin-2023.csv",
}
#: questions about one event, which rise and fall together: each line counts as one question
TOGETHER = {
    "panjshir-2021": (
        (
            "bazarak-falls-by-august-31",
            "bazarak-falls-by-september-6",
            "bazarak-falls-by-december",
            "district-centre-held",
        ),
    ),
    "panjshir-1984": (
        (
            "offensive-by-may",
            "floor-falls",
            "floor-lost-force-survives",
            "force-survives",
            "garrison-in-rokha",
            "upper-valley-held",
        ),
    ),
    "lachin-2023": (
        ("convoys-in-february", "convoys-until-may", "red-cross-until-august"),
        ("road-opens-by-may", "road-closed-throughout"),
    ),
}


@dataclass(frozen=True)
class Resolved:
    """How a question came out; `day` is None where the day is not on record."""

    happened: bool
    day: date | None
    source: str


@dataclass(frozen=True)
class Row:
    """One question: the forecast, what happened, and scores of the model and the baselines (lower is better).

    `unit` names the question as which it counts. `given` and the Brier and log scores are by `model` and baseline;
    `days` are CRPS [days], of those that say when.
    """

    question: str
    ask: str
    unit: str
    outcome: Resolved
    given: dict[str, float]
    brier: dict[str, float]
    log: dict[str, float]
    days: dict[str, float]
    climatology: str


@dataclass(frozen=True)
class Compared:
    """Mean scores over pooled questions: the model's, a baseline's, and the difference with its 95 % interval."""

    model: float
    other: float
    low: float
    high: float
    units: int

    @property
    def difference(self) -> float:
        """The model's score less the baseline's; negative: the model is better."""
        return self.model - self.other


@dataclass(frozen=True)
class Retrodiction:
    """All of one scenario."""

    name: str
    title: str
    as_of: date
    drawn_from: str
    campaigns: int
    rows: list[Row]
    void: int

    def units(self) -> dict[str, list[Row]]:
        """Return the questions by what they count as."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.unit, []).append(row)
        return found

    def compared(self, score: str, baseline: str) -> Compared | None:
        """Compare a score (`brier`, `log`, `days`) over pooled questions; None where no question has both."""
        pairs = []
        for rows in self.units().values():
            both = [
                (s["model"], s[baseline])
                for s in (getattr(row, score) for row in rows)
                if {"model", baseline} <= s.keys()
            ]
            if both:
                pairs.append(np.mean(both, axis=0))
        if not pairs:
            return None
        model, other = np.array(pairs).T
        drawn = np.random.default_rng(SAMPLE_SEED).integers(0, len(pairs), size=(SAMPLES, len(pairs)))
        low, high = np.quantile((model - other)[drawn].mean(axis=1), [0.025, 0.975])
        return Compared(float(model.mean()), float(other.mean()), float(low), float(high), len(pairs))


def blind(scenario: Scenario) -> str:
    """Return what a scenario's parameters are drawn from, in words.

    Raises
    ------
    ValueError
        If that could know how the scenario ended: a case of its conflict, or one that ended after the last evidence.
    """
    name, as_of = scenario.calibration, scenario.clock.as_of
    fold = folds().get(name)
    if fold is None:
        if name == "prior":
            return "the priors, which saw no siege"
        raise ValueError(f"{scenario.title}: no fold '{name}'")
    own = set(scenario.likeness.conflicts) if scenario.likeness else set()
    if fold.as_of is None or fold.as_of > as_of or not own <= set(fold.without):
        raise ValueError(f"{scenario.title}: the fold '{name}' may know how it ended")
    known = posterior(name)
    if known is None:
        return f"the priors, because the posterior {name} has not been fitted"
    if known.newest > as_of or known.fold != fold:
        raise ValueError(f"{scenario.title}: the posterior '{name}' knows a case that ended on {known.newest}")
    return f"the posterior {name}: {known.cases} sieges, the last of which ended on {known.newest}"


def read_resolved(path: Path, scenario: Scenario) -> tuple[dict[str, Resolved], int]:
    """Return how questions came out, and how many cannot be told.

    Raises
    ------
    ValueError
        If a row is about no question of the scenario, or says neither yes, no nor void.
    """
    found, void = {}, 0
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if row["question"] not in scenario.questions or row["resolved"] not in ("yes", "no", "void"):
                raise ValueError(f"{path}:{number}: {row['question']}, {row['resolved']}")
            if row["resolved"] == "void":
                void += 1
                continue
            day = date.fromisoformat(row["date"]) if row["date"] else None
            found[row["question"]] = Resolved(row["resolved"] == "yes", day, row["source"])
    return found, void


def frozen(run: Ensemble) -> dict[str, Any]:
    """Return the forecast of a run as `register` would freeze it, without touching the run."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "run"
        shutil.copytree(run.path, copy, ignore=shutil.ignore_patterns("*.html", "series.zarr"))
        register(open_run(copy), Path(scratch) / "forecasts.jsonl")
        return read_registry(Path(scratch) / "forecasts.jsonl")[0]


def retrodict(run: Ensemble, name: str) -> Retrodiction:
    """Score a run of a scenario of the library by what happened."""
    scenario = run.scenario
    forecast, (resolved, void) = frozen(run), read_resolved(OUTCOMES[name], scenario)
    units = {question: f"together {k + 1}" for k, line in enumerate(TOGETHER[name]) for question in line}
    units |= {question: question for question in resolved if question not in units}
    rates = base_rates(scenario, {q: each.happened for q, each in resolved.items()}, units)
    asked = {row["id"]: row for row in forecast["questions"]}
    edge = 0.5 / (forecast["run"]["campaigns"] + 1)  # no number of campaigns makes an event impossible
    rows = []
    for question, outcome in resolved.items():
        row = asked[question]
        rate, why = rates[question]
        given = {
            "model": row["probability"],
            "coin": COIN,
            "status quo": STATUS_QUO if row["status_quo"] else 1 - STATUS_QUO,
            "climatology": rate,
        }
        rows.append(
            Row(
                question=question,
                ask=row["ask"],
                unit=units[question],
                outcome=outcome,
                given=given,
                brier={who: brier(p, outcome.happened) for who, p in given.items()},
                log={who: log_score(min(max(p, edge), 1 - edge), outcome.happened) for who, p in given.items()},
                days=day_scores(row, outcome, scenario),
                climatology=why,
            )
        )
    told = blind(scenario)
    return Retrodiction(name, scenario.title, scenario.clock.as_of, told, run.manifest["campaigns"], rows, void)


def base_rates(
    scenario: Scenario, happened: Mapping[str, bool], units: Mapping[str, str]
) -> dict[str, tuple[float, str]]:
    """Return what climatology gives for each question, and where it has that from.

    Where past sieges can be asked, the share in comparable cases that were over by then (half a case added to either
    side); elsewhere the share of the scenario's pooled questions that came out yes.
    """
    views = outside_views(scenario)
    pooled: dict[str, list[bool]] = {}
    for question, yes in happened.items():
        pooled.setdefault(units[question], []).append(yes)
    constant = (float(np.mean([np.mean(each) for each in pooled.values()])), "all its questions")
    found = dict.fromkeys(happened, constant)
    for question in happened.keys() & views.keys():
        view = views[question]
        rate = (view.effective * view.share + 0.5) / (view.effective + 1)
        found[question] = (rate, f"{view.happened} of {view.cases} sieges")
    return found


def day_scores(row: Mapping[str, Any], outcome: Resolved, scenario: Scenario) -> dict[str, float]:
    """Return the CRPS of the day on which it happens [days] of model, status quo and climatology.

    What does not happen happens on the day after the last that counts. Empty for questions about one day, and where the
    day is not on record.
    """
    first, last = (date.fromisoformat(day) for day in row["window"])
    if row["days"] is None or first == last or (outcome.happened and outcome.day is None):
        return {}
    start = scenario.clock.start
    never = (last + timedelta(days=1) - start).days
    truth = float((outcome.day - start).days) if outcome.happened and outcome.day else float(never)
    usual = [0.0 if row["status_quo"] else float(never)]
    scores = {"model": crps(row["days"], truth), "status quo": crps(usual, truth)}
    asked = asks(scenario.questions[row["id"]], scenario)
    if scenario.likeness and asked and asked[0] != "survived":
        event, horizon = asked
        cases = usable(comparables(), scenario.clock.as_of, scenario.likeness.conflicts)
        days = [case.days if case.shows(event, horizon) else never for case in cases]
        scores["climatology"] = crps(days, truth)
    return scores


def run_of(name: str, runs: Path, campaigns: int) -> Ensemble:
    """Return a finished run of a scenario, played now unless there is one.

    Raises
    ------
    ValueError
        If the run that is there is of another scenario, or of other priors.
    """
    scenario = load(name)
    blind(scenario)
    if not (runs / name / "manifest.json").exists():
        return simulate(scenario, campaigns=campaigns, seed=SEED, out=runs / name)
    run = open_run(runs / name)
    if run.manifest["scenario"] != identity(scenario):
        raise ValueError(f"{run.path} was played from another scenario than the library's {name}")
    if not same_draws(run):
        raise ValueError(f"{run.path} was drawn from other priors than this version's")
    return run


def same_draws(run: Ensemble) -> bool:
    """Whether a run's first campaigns drew the parameters that this version would draw."""
    drawn = compile_scenario(run.scenario).batch(run.manifest["seed"], 0, LOOKED_AT).parameters
    return all(np.allclose(run.draws[f"parameter:{name}"][:LOOKED_AT], values) for name, values in drawn.items())


def picture(found: Retrodiction) -> str:
    """Draw forecasts beside what happened."""
    rows = [Bar(row.question, row.given["model"], beside=float(row.outcome.happened)) for row in found.rows]
    title = f"{found.title}: probability given (dot) and what happened (ring at 1: yes, at 0: no)"
    return bars(rows, title=title, axis="probability (dot); what happened (ring)", mark=0.5)


def line(found: Retrodiction) -> str:
    """Return the one honest line."""
    scores = {name: each for name in BASELINES if (each := found.compared("brier", name)) is not None}
    against = ", ".join(f"{name} {each.other:.2f}" for name, each in scores.items())
    model, units = next((each.model, each.units) for each in scores.values())
    told = {row.question: row.given["model"] for row in found.rows}.get("bazarak-falls-by-september-6")
    fall = "" if told is None else f" To the fall of Bazarak by 6 September, which happened, it gave {chance(told)}."
    return (
        f"{found.title}, a retrodiction by people who know the end: Brier score {model:.2f} over {units} questions "
        f"that stand apart (lower is better; {against}); {beaten(scores)}.{fall}"
    )


def beaten(scores: Mapping[str, Compared]) -> str:
    """Say which baselines the model beats, and which beat it, beyond what resampling the questions gives."""
    if any(each.units < FEWEST for each in scores.values()):
        return "too few to tell it from any of them"
    better = [name for name, each in scores.items() if each.high < 0]
    worse = [name for name, each in scores.items() if each.low > 0]
    said = [f"better than {' and '.join(better)}"] if better else []
    said += [f"worse than {' and '.join(worse)}"] if worse else []
    open_ = [name for name in scores if name not in better + worse]
    return ", ".join(said + ([f"not to be told from {' and '.join(open_)}"] if open_ else []))


def chance(p: float) -> str:
    """Return a probability in per cent, without false precision."""
    return "less than 1 %" if p < 0.01 else f"{100 * p:.0f} %"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=Path, help="folder with finished runs, or for new ones; by default they go away")
    parser.add_argument("--campaigns", type=int, default=CAMPAIGNS)
    parser.add_argument("--write", action="store_true", help="renew docs/validation/retrodiction.md")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        found = [retrodict(run_of(name, given.runs or Path(scratch), given.campaigns), name) for name in OUTCOMES]
    text = page(found, [line(each) for each in found], datetime.now(UTC).date(), code()[0])
    print(text)
    scores = [found[0].compared("brier", name) for name in BASELINES]
    fine = all(each is not None and each.difference <= 0 for each in scores)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
        limit = "Brier score of Panjshir 2021 not above coin, status quo and climatology"
        drawn = picture(found[0])
        record("retrodiction", " ".join(line(each) for each in found), limit=limit, verdict=met(fine), picture=drawn)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
