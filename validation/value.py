"""Hold the value of information and the tips, both from stored draws, against brute force: runs with the fact fixed.

    python validation/value.py [campaigns of a run with something fixed] [campaigns of the base] [--write]

For `panjshir-2021` and `harrow-hold`: the base run's expected fall in p(1 - p) if a belief were known, against the
variance of P over runs in which it is fixed, a fact to true and to false, a quantity to the middles of six equally
likely parts of what the campaigns drew. And P from re-weighted campaigns if a source or a belief is wrong by a factor,
against a run of the scenario in which it is put right. Exit code 1 where they differ by more than three errors, which
chance does to one of nine comparisons once in forty times.
"""

import math
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
from record import met, record
from svg import Pair, pairs

from fastness.analysis.drivers import completed
from fastness.analysis.surrogate import bootstrap, first_order
from fastness.analysis.tip_weights import beliefs_wrong, moved_claim, sources_wrong
from fastness.ensemble import Ensemble, simulate
from fastness.parameters import Z95
from fastness.scenario import Scenario, load

SEED, PARTS, ERRORS = 7, 6, 3
BELIEFS = {
    "panjshir-2021": ("nrf-ammunition", "taliban-national-strength", "besieger-intends-to-crush", "salang-blocked"),
    "harrow-hold": ("ring-means-to-storm", "ring-strength"),
}


class Player:
    """Plays runs into a folder that goes away."""

    def __init__(self, folder: str) -> None:
        self._folder, self._number = Path(folder), count()

    def __call__(self, scenario: Scenario, campaigns: int) -> Ensemble:
        """Play campaigns of a scenario."""
        return simulate(scenario, campaigns=campaigns, seed=SEED, out=self._folder / str(next(self._number)))


def held(run: Ensemble) -> np.ndarray:
    """Return whether the first question held in each campaign; NaN in one that failed."""
    outcome = (run.outcomes[next(iter(run.scenario.questions))].to_numpy() >= 0).astype(float)
    return np.where(run.outcomes["status"] == 0, outcome, np.nan)


def share(run: Ensemble) -> tuple[float, float]:
    """Return P of the first question and its standard error."""
    known = held(run)[~np.isnan(held(run))]
    return float(known.mean()), math.sqrt(max(known.var(), 1 / len(known)) / len(known))


def fixed(scenario: Scenario, name: str, value: float) -> Scenario:
    """Return the scenario with a belief that everybody agrees on."""
    if scenario.beliefs[name].chance is not None:
        return scenario.replace(f"beliefs.{name}.chance", value)
    known = scenario.beliefs[name].model_copy(update={"p5": value, "p50": value, "p95": value})
    return scenario.model_copy(update={"beliefs": {**scenario.beliefs, name: known}})


def brute_force(play: Player, base: Ensemble, name: str, campaigns: int) -> tuple[float, float]:
    """Return Var P over runs with the belief fixed, less what their errors add, and its standard error.

    The runs share their luck, so that the errors are those of each campaign's departure from its mean over the runs.
    """
    drawn = base.draws[f"belief:{name}"].to_numpy()
    fact = base.scenario.beliefs[name].chance is not None
    points = [0.0, 1.0] if fact else np.quantile(drawn, (np.arange(PARTS) + 0.5) / PARTS).tolist()
    weight = np.array([1 - drawn.mean(), drawn.mean()]) if fact else np.full(PARTS, 1 / PARTS)
    found = np.stack([held(play(fixed(base.scenario, name, value), campaigns)) for value in points])
    found = found[:, ~np.isnan(found).any(axis=0)]
    p = found.mean(axis=1)
    print(
        "    P with it fixed: " + ", ".join(f"{v:.3g}: {100 * each:.0f} %" for v, each in zip(points, p, strict=True))
    )
    away = found - weight @ found
    mean, covariance = away.mean(axis=1), np.cov(away) / found.shape[1]
    slope = 2 * weight * mean
    spread = math.sqrt(float(slope @ covariance @ slope) + 2 * float(((weight[:, None] * covariance) ** 2).sum()))
    return float(weight @ mean**2) - float(weight @ np.diag(covariance)), spread


def errors_apart(row: Pair) -> float:
    """Return how far the two ways lie apart, in errors of their difference."""
    return abs(row.across - row.up) / math.hypot(row.across_half / Z95, row.up_half / Z95)


def values(play: Player, base: Ensemble, campaigns: int) -> Iterator[Pair]:
    """Yield the values of beliefs: by brute force, and from stored draws."""
    played = completed(base)
    y = played.happened[next(iter(base.scenario.questions))]
    for name in BELIEFS[base.scenario.origin.name if base.scenario.origin else base.path.name]:
        one = played.basis.of([played.names.index(f"belief:{name}")])
        stored = float(first_order(one, y)[0]) * y.var()
        low, high = (float(end[0]) * y.var() for end in bootstrap(one, y))
        brute, error = brute_force(play, base, name, campaigns)
        row = Pair(brute, Z95 * error, stored, (high - low) / 2, name)
        far = errors_apart(row)
        verdict = "FAIL" if far > ERRORS else "ok  "
        print(
            f"{verdict} {name}: {stored:.4f} from stored draws ({low:.4f} to {high:.4f}), "
            f"{brute:.4f} ± {error:.4f} by brute force, {far:.1f} errors apart, of p(1 - p) = {y.var():.3f}"
        )
        yield row


def tips(play: Player, base: Ensemble, campaigns: int) -> Iterator[Pair]:
    """Yield the changes of P: in runs where it is put right, and by re-weighting.

    Both are changes against the base, campaign by campaign: what they share of its luck says nothing about either.
    """
    scenario, played = base.scenario, completed(base)
    y = played.happened[next(iter(scenario.questions))]
    asked = {(subject, name, error): weigh for subject, name, error, _, weigh in
             (*sources_wrong(played), *beliefs_wrong(played))}  # fmt: skip
    for (subject, name, error), factor, changed in cases(scenario):
        log_weight = asked[(subject, name, error)](factor)
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.mean()
        p = float(weight @ y) / len(y)
        moved = (weight * (y - p) - (y - y.mean())).std() / math.sqrt(len(y))
        apart = held(play(changed, campaigns)) - held(base)[:campaigns]
        apart = apart[~np.isnan(apart)]
        brute, brute_se = apart.mean(), apart.std() / math.sqrt(len(apart))
        row = Pair(float(brute), Z95 * brute_se, p - y.mean(), Z95 * moved, f"{name}, {error} {factor:g} ×")
        far = errors_apart(row)
        verdict = "FAIL" if far > ERRORS else "ok  "
        print(
            f"{verdict} {subject} {name} {factor:g} times {error}: {100 * (p - y.mean()):+.1f} ± "
            f"{100 * moved:.1f} points from {len(y) ** 2 / (weight @ weight):.0f} effective campaigns, "
            f"{100 * brute:+.1f} ± {100 * brute_se:.1f} by a run of its own, {far:.1f} errors apart"
        )
        yield row


def cases(scenario: Scenario) -> list[tuple[tuple[str, str, str], float, Scenario]]:
    """Return what is wrong, by how much, and the scenario in which it is put right."""
    if "author" in {source.origin for source in scenario.sources}:
        mine = {source.id for source in scenario.sources if source.origin == "author"}
        claims = tuple(
            moved_claim(claim, scenario.beliefs[str(claim.target)], math.log(2.0))
            if claim.source in mine and claim.binds == "belief" and scenario.beliefs[str(claim.target)].chance is None
            and claim.kind in ("claim", "judgement") else claim
            for claim in scenario.claims
        )  # fmt: skip
        return [(("origin", "author", "too high"), 2.0, scenario.model_copy(update={"claims": claims}))]
    odds = scenario.beliefs["ring-means-to-storm"].chance or 0.0
    less, more = (odds / (1 - odds) * factor for factor in (1 / 3, 3))
    changed = [scenario.replace("beliefs.ring-means-to-storm.chance", each / (1 + each)) for each in (less, more)]
    return [
        (("belief", "ring-means-to-storm", error), 3.0, each)
        for error, each in zip(("too high", "too low"), changed, strict=True)
    ]


def main(campaigns: int, base_campaigns: int) -> dict[str, list[Pair]]:
    """Return what was compared: the values of each scenario's beliefs, and tips."""
    found: dict[str, list[Pair]] = {}
    for name in BELIEFS:
        print(f"\n{name}, {campaigns} campaigns with something fixed, {base_campaigns} of the base")
        with tempfile.TemporaryDirectory() as folder:
            play = Player(folder)
            base = play(load(name), base_campaigns)
            # the scenario with its origin, which the stored one does not keep
            base.__dict__["scenario"] = load(name)
            found[f"{name}: fall in p(1 − p)"] = list(values(play, base, campaigns))
            found.setdefault("tips: change of P", []).extend(tips(play, base, campaigns))
    return found


def keep(found: dict[str, list[Pair]], *, failed: bool) -> None:
    """Keep the result for the page of all checks."""
    said = "value of information and tips from stored draws, against runs with the fact fixed: "
    said += "apart in at least one comparison" if failed else "all within three errors"
    title, across = "from stored draws against brute force", "by brute force; 95 %"
    picture = pairs(found, title=title, across=across, up="from stored draws")
    record("value", said, limit=f"within {ERRORS} errors", verdict=met(not failed), picture=picture)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word != "--write"]
    compared = main(*(given + [500, 2000][len(given) :]))
    failed = any(errors_apart(row) > ERRORS for rows in compared.values() for row in rows)
    if "--write" in sys.argv:
        keep(compared, failed=failed)
    sys.exit(failed)
