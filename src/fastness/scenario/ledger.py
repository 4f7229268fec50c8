"""The claims ledger: per belief the prior, every claim with its weight, and the curve that they became (M19).

Shown at the medians of the pooling parameters; campaigns draw those parameters too.
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from fastness.parameters import Z95
from fastness.scenario.pooling import (
    PoolingHyper,
    claims_on,
    corroborated_by,
    effective_number,
    favoured,
    log_ratio,
    pool_fact,
    pool_quantity,
    readable,
    settles,
)
from fastness.scenario.scales import day_of, holds_date, percentiles, scale_of

if TYPE_CHECKING:
    from fastness.scenario.model import Belief, Claim, Scenario, Source

Level = float | datetime.date
Curve = tuple[Level, Level, Level]
"""5 %, 50 % and 95 %."""


@dataclass(frozen=True)
class LedgerClaim:
    """One claim on a belief.

    `low` and `high` (5-95 %, or one value twice) are as read, in the belief's unit, and `weight` is the share of its
    information that is kept; for a fact `ratio` is its likelihood ratio. A claim that does not count has a `note` that
    says why; words have one that quotes them.
    """

    id: str
    statement: str
    source: str
    origin: str
    grade: str
    kind: str
    stance: str
    counts: bool
    low: float | None = None
    high: float | None = None
    weight: float | None = None
    ratio: float | None = None
    note: str = ""


@dataclass(frozen=True)
class LedgerOrigin:
    """How many claims share one origin, and as how many they count."""

    origin: str
    claims: int
    effective: float


@dataclass(frozen=True)
class LedgerRow:
    """One belief: a quantity has `prior` and `pooled`, a fact `chance` and `pooled_chance`."""

    belief: str
    sets: tuple[str, ...]
    unit: str
    source: str
    why: str
    claims: tuple[LedgerClaim, ...]
    origins: tuple[LedgerOrigin, ...]
    prior: Curve | None = None
    pooled: Curve | None = None
    chance: float | None = None
    pooled_chance: float | None = None


@dataclass(frozen=True)
class BoundClaim:
    """A claim that informs something other than a belief, or nothing yet, and why."""

    id: str
    statement: str
    binds: str
    target: str | None
    reason: str


def ledger(scenario: "Scenario") -> list[LedgerRow]:
    """Return one row per belief, in the order of the scenario."""
    hyper = PoolingHyper.typical()
    sources = {source.id: source for source in scenario.sources}
    return [_row(scenario, name, belief, sources, hyper) for name, belief in scenario.beliefs.items()]


def elsewhere(scenario: "Scenario") -> dict[str, list[BoundClaim]]:
    """Return the claims that are not pooled, by what they bind to: parameter, entry, context, awaits."""
    return {
        binds: [
            BoundClaim(claim.id, claim.statement, binds, claim.target, claim.reason)
            for claim in scenario.claims
            if claim.binds == binds
        ]
        for binds in ("parameter", "entry", "context", "awaits")
    }


def _row(
    scenario: "Scenario", name: str, belief: "Belief", sources: Mapping[str, "Source"], hyper: PoolingHyper
) -> LedgerRow:
    claims = sorted(claims_on(scenario, name), key=lambda claim: claim.id)
    lines = tuple(_line(belief, claim, claims, sources[claim.source], hyper) for claim in claims)
    row = LedgerRow(name, belief.sets, belief.unit, belief.source, belief.why, lines, _origins(lines, hyper))
    if belief.chance is not None:
        pooled_chance = float(pool_fact(belief, claims, sources, hyper)[0])
        return replace(row, chance=belief.chance, pooled_chance=pooled_chance)
    mean, sd = pool_quantity(belief, claims, sources, hyper, favoured(scenario, belief))
    pooled = scale_of(belief).back(mean + sd * np.array([-Z95, 0, Z95])).tolist()
    return replace(row, prior=_curve(belief, percentiles(belief)), pooled=_curve(belief, pooled))


def _curve(belief: "Belief", values: Sequence[float]) -> Curve:
    low, middle, high = (day_of(value) if holds_date(belief) else value for value in values)
    return low, middle, high


def _origins(lines: Sequence[LedgerClaim], hyper: PoolingHyper) -> tuple[LedgerOrigin, ...]:
    numbers = Counter(line.origin for line in lines if line.counts)
    return tuple(
        LedgerOrigin(origin, number, float(effective_number(number, hyper.correlation)[0]))
        for origin, number in sorted(numbers.items())
    )


def _line(
    belief: "Belief", claim: "Claim", claims: Sequence["Claim"], source: "Source", hyper: PoolingHyper
) -> LedgerClaim:
    line = LedgerClaim(
        claim.id, claim.statement, source.id, source.origin, f"{source.grade}{claim.item_grade}",
        claim.kind, claim.stance, counts=True,
    )  # fmt: skip
    settled = next((other.id for other in claims if settles(other, belief)), claim.id)
    if claim.kind == "unknown":
        return replace(line, counts=False, note="says that it is unknown")
    if settled != claim.id:
        return replace(line, counts=False, note=f"{settled} settles it")
    if belief.chance is None:
        return _quantity_line(line, belief, claim, hyper)
    if (whole := corroborated_by(claim, claims)) is not None and claim.kind != "established":
        return replace(line, counts=False, note=f"contained in {whole}, which is confirmed")
    if claim.kind == "established":
        return line
    return replace(line, ratio=float(np.exp(log_ratio(belief, claim, source, hyper)[0])))


def _quantity_line(line: LedgerClaim, belief: "Belief", claim: "Claim", hyper: PoolingHyper) -> LedgerClaim:
    reading = readable(claim, belief)
    if isinstance(reading, str):
        return replace(line, counts=False, note=reading)
    weight = hyper.source_weight[line.grade[0]] * hyper.item_weight[claim.item_grade]
    kept = 1.0 if claim.kind == "established" else float(weight[0])
    note = f"'{claim.words}'" if claim.value is None and claim.low is None and claim.words else ""
    return replace(line, low=reading.low, high=reading.high, weight=kept, note=note)
