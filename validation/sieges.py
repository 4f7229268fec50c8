"""Forecast the sieges of the training set, each without its conflict, score them, and write the page and the figures.

    python validation/sieges.py [--campaigns 500] [--seed 1] [--write] [--ablation] [--note TEXT]

Reads data/siege_predictors.csv and data/siege_outcomes.csv of the folder that FASTNESS_SHARED names; without it there
is nothing to do. It adds a line to docs/validation/looks.csv: every look at a score is on record. With --write it
renews docs/validation/sieges.md and the training figures that the package ships.
"""

import argparse
import csv
import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from record import met, record
from siege_page import page, verdict
from svg import curves

from fastness.history.cases import Case, read_cases
from fastness.history.coarse import DAYS
from fastness.history.courses import FELL
from fastness.history.outcomes import Outcome, read_outcomes
from fastness.history.siege_backtest import matched
from fastness.history.siege_scores import (
    Difference,
    SiegeScores,
    difference,
    integrated_brier,
    observed_curves,
    score,
)
from fastness.history.sieges import CAMPAIGNS, TRAINING, Training, forecast_cases
from fastness.kernel.cache import kernel_hash
from fastness.posteriors import PRIOR, posterior

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validation" / "sieges.md"
LOOKS = ROOT / "docs" / "validation" / "looks.csv"
#: a look at the primary scores: of the pool that users get, its model, climatology; the interval is the pool's less it
COLUMNS = (
    "when",
    "kernel",
    "calibration",
    "campaigns",
    "seed",
    "n",
    "model",
    "raw",
    "climatology",
    "low",
    "high",
    "what",
)
#: cases before this day inform, cases from it on are forecast, in the split by time
SPLIT, EARLY_FOLD = date(1990, 1, 1), "before-1990"
#: processes whose absence is told, and how many campaigns are enough for that
ABLATED = ("talks", "patrons", "defection", "supply", "manpower", "materiel", "population")
ABLATION_CAMPAIGNS = 150


def folder() -> Path:
    """Return the folder of the data."""
    return Path(os.environ.get("FASTNESS_SHARED", ROOT.parent / "shared")) / "data"


def endings(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Training:
    """Return the outcomes as training figures."""
    kept = np.array([row.survived for row in outcomes], dtype=float)
    days, ended = (np.array([getattr(row, name) for row in outcomes], dtype=np.int64) for name in ("days", "ending"))
    return Training(tuple(case.conflict for case in cases), days, ended, kept)


def write_training(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> None:
    """Write what the package ships of how sieges ended: conflict, days, class and survival, no names."""
    rows = [[case.conflict, row.days, row.ending, row.survived] for case, row in zip(cases, outcomes, strict=True)]
    lines = ",\n  ".join(json.dumps(row) for row in rows)
    TRAINING.write_text(f'{{"cases": [\n  {lines}\n]}}\n', encoding="utf-8")


def by_time(
    cases: Sequence[Case], outcomes: Sequence[Outcome], campaigns: int, seed: int
) -> tuple[int, int, float, Difference]:
    """Return how many cases inform and are forecast, climatology's score, and the model's less it, split by time."""
    early = [k for k, row in enumerate(outcomes) if row.end < SPLIT]
    late = [k for k, case in enumerate(cases) if case.start >= SPLIT]
    past = endings([cases[k] for k in early], [outcomes[k] for k in early]).incidence()[FELL]
    observed = observed_curves([outcomes[k] for k in late])
    base = integrated_brier(np.tile(past, (len(late), 1)), observed)
    fold = EARLY_FOLD if posterior(EARLY_FOLD) else PRIOR
    made = forecast_cases([cases[k] for k in late], campaigns=campaigns, seed=seed, calibration=fold)
    raw = integrated_brier(np.array([row.raw for row in made]), observed)
    apart = difference(raw, base, [cases[k].conflict for k in late])
    return len(early), len(late), float(base.mean()), apart


def ablation(cases: Sequence[Case], outcomes: Sequence[Outcome], seed: int) -> list[tuple[str, float, float, float]]:
    """Return for each process: the model's score without it less that with it, and the interval."""
    observed = observed_curves(outcomes)
    conflicts = [case.conflict for case in cases]

    def scored(without: Sequence[str]) -> np.ndarray:
        made = forecast_cases(cases, campaigns=ABLATION_CAMPAIGNS, seed=seed, without=without)
        return integrated_brier(np.array([row.raw for row in made]), observed)

    base = scored(())
    found = []
    for name in ABLATED:
        apart = difference(scored((name,)), base, conflicts)
        found.append((name, apart.mean, apart.low, apart.high))
    return found


def look(scores: SiegeScores, campaigns: int, seed: int, calibration: str, note: str) -> None:
    """Add a line to the log of looks at a score."""
    fresh = not LOOKS.exists()
    with LOOKS.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if fresh:
            writer.writerow(COLUMNS)
        apart = scores.difference["model"]
        means = [f"{scores.primary[name].mean():.4f}" for name in ("model", "raw", "climatology")]
        when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
        bounds = [f"{apart.low:.4f}", f"{apart.high:.4f}"]
        writer.writerow([when, kernel_hash()[:8], calibration, campaigns, seed, scores.n, *means, *bounds, note])


def main() -> int:
    """Do it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--campaigns", type=int, default=CAMPAIGNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--note", default="", help="what has changed since the last look, for the log")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    given = parser.parse_args()
    if not (folder() / "siege_outcomes.csv").exists():
        print("siege_outcomes.csv is absent: set FASTNESS_SHARED to the folder that holds data/siege_outcomes.csv")
        return 0
    ended = read_outcomes(folder() / "siege_outcomes.csv").rows
    pairs = matched(read_cases(folder() / "siege_predictors.csv").rows, ended)
    cases, outcomes = [case for case, _ in pairs], [outcome for _, outcome in pairs]
    if given.write:  # forecasts pool with these figures
        write_training(cases, outcomes)
    made = forecast_cases(cases, campaigns=given.campaigns, seed=given.seed)
    scores = score(made, cases, outcomes)
    calibration = "without the case's conflict" if made[0].calibration != "prior" else "prior"
    look(scores, given.campaigns, given.seed, calibration, given.note)
    ablated = ablation(cases, outcomes, given.seed) if given.ablation else []
    text = page(scores, cases, outcomes, by_time(cases, outcomes, given.campaigns, given.seed), ablated, calibration)
    print(text)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
        keep(scores)
    return 0


def keep(scores: SiegeScores) -> None:
    """Keep the result for the page of all checks."""
    limit = "Brier score of “fell by day t” below climatology, 95 % interval clear of zero"
    days = list(range(0, DAYS + 1, 5))
    lines = {"history": scores.observed, "model": scores.curves["raw"], "climatology": scores.curves["climatology"]}
    drawn = curves(
        {name: (days, np.asarray(table)[:, days].mean(axis=0).tolist()) for name, table in lines.items()},
        title="share of sieges that fell by day", axis="days since the start", top=1.0,
    )  # fmt: skip
    fine = scores.difference["model"].high < 0
    record("sieges", verdict(scores).replace("*", ""), limit=limit, verdict=met(fine), picture=drawn)


if __name__ == "__main__":
    raise SystemExit(main())
