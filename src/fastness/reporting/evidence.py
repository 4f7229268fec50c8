"""The claims ledger of the report: per belief the prior, who said what with which weight, and what came of it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fastness.analysis.words import percent
from fastness.reporting.texts import day_text, figures
from fastness.scenario.ledger import LedgerClaim, LedgerOrigin, LedgerRow, elsewhere, ledger

if TYPE_CHECKING:
    from fastness.scenario.model import Scenario

Level = float | date
Axis = Callable[[Level], float]
SETS = 3  # how many of the paths that a belief sets are named
BOUND = {
    "parameter": "Inform a model parameter",
    "entry": "Written straight into the scenario's tables",
    "context": "Context",
    "awaits": "Await a process that is not modelled yet",
}


@dataclass(frozen=True)
class Strip:
    """A range and its middle on the belief's axis, in percent of its width; no middle, no mark."""

    low: float
    high: float
    at: float | None = None


@dataclass(frozen=True)
class ClaimLine:
    """One claim: who says what, how much of it is kept, and where it lies on the belief's axis."""

    id: str
    statement: str
    source: str
    grade: str
    says: str
    weight: str
    strip: Strip | None


@dataclass(frozen=True)
class BeliefCard:
    """One belief: what it was and became, in words and on one axis, and the claims that moved it."""

    id: str
    name: str
    sets: str
    prior: str
    pooled: str
    prior_strip: Strip
    pooled_strip: Strip
    why: str
    source: str
    lines: list[ClaimLine]
    company: str


@dataclass(frozen=True)
class BoundGroup:
    """Claims that inform something other than a belief: a heading and (id, statement, what it informs and why) each."""

    title: str
    rows: list[tuple[str, str, str]]


def ledger_cards(scenario: "Scenario") -> list[BeliefCard]:
    """Write the claims ledger.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of BeliefCard
        One per belief: those with claims first, then those that rest on their prior alone.
    """
    cards = [_fact(row) if row.chance is not None else _quantity(row) for row in ledger(scenario)]
    return sorted(cards, key=lambda card: not card.lines)


def bound_groups(scenario: "Scenario") -> list[BoundGroup]:
    """List the claims that are not pooled, by what they inform.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of BoundGroup
        Groups without claims are left out.
    """
    groups = elsewhere(scenario)
    return [
        BoundGroup(title, [(c.id, c.statement, ": ".join(t for t in (c.target, c.reason) if t)) for c in groups[binds]])
        for binds, title in BOUND.items()
        if groups.get(binds)
    ]


def _fact(row: LedgerRow) -> BeliefCard:
    """Write a yes/no belief: the axis is its probability."""
    before, after = row.chance or 0.0, row.pooled_chance or 0.0
    lines = [_line(c, c.stance, "" if c.ratio is None else f"×{c.ratio:.2g}", None) for c in row.claims]
    return _card(
        row,
        (percent(before), Strip(0, 100 * before, 100 * before)),
        (percent(after), Strip(0, 100 * after, 100 * after)),
        lines,
    )


def _quantity(row: LedgerRow) -> BeliefCard:
    """Write a quantity: the axis spans prior, result and all claims that give a number."""
    prior, pooled = row.prior, row.pooled
    if prior is None or pooled is None:
        msg = f"the ledger gives no curve for {row.belief}"
        raise ValueError(msg)
    said = {c.id: (c.low, c.high) for c in row.claims if c.low is not None and c.high is not None}
    axis = _axis([*prior, *pooled, *(end for ends in said.values() for end in ends)])
    lines = []
    for c in row.claims:
        ends = said.get(c.id)
        says = _range(*ends, row.unit) if ends else c.stance
        strip = Strip(axis(ends[0]), axis(ends[1])) if ends else None
        lines.append(_line(c, says, "" if c.weight is None else percent(c.weight), strip))
    return _card(row, _curve(prior, row.unit, axis, 3), _curve(pooled, row.unit, axis, 2), lines)


def _card(
    row: LedgerRow, prior: tuple[str, Strip], pooled: tuple[str, Strip], lines: Sequence[ClaimLine]
) -> BeliefCard:
    """Put a belief together."""
    return BeliefCard(
        id=row.belief,
        name=row.belief.replace("-", " "),
        sets=", ".join(row.sets[:SETS]) + (f" and {len(row.sets) - SETS} more" if len(row.sets) > SETS else ""),
        prior=prior[0],
        pooled=pooled[0],
        prior_strip=prior[1],
        pooled_strip=pooled[1],
        why=row.why,
        source=row.source,
        lines=list(lines),
        company=_company(row.origins),
    )


def _line(claim: LedgerClaim, says: str, weight: str, strip: Strip | None) -> ClaimLine:
    """Write one claim; one that does not count says why instead of its weight."""
    note = f" ({claim.note})" if claim.note and claim.counts else ""
    kept = weight or ("established" if claim.kind == "established" else "")
    return ClaimLine(
        id=claim.id,
        statement=claim.statement,
        source=claim.source,
        grade=claim.grade,
        says=says + note,
        weight=kept if claim.counts else f"not counted: {claim.note}",
        strip=strip if claim.counts else None,
    )


def _company(origins: Sequence[LedgerOrigin]) -> str:
    """Say which origins speak more than once, and as how many they count."""
    several = [o for o in origins if o.claims > 1]
    return "; ".join(f"{o.claims} claims of {o.origin} count as {o.effective:.2g}" for o in several)


def _axis(values: Sequence[Level]) -> Axis:
    """Make an axis from 0 to 100 over some values: by factors where all are positive, else by differences."""
    numbers = [_number(v) for v in values]
    dated = any(isinstance(v, date) for v in values)
    scale: Callable[[float], float] = float if dated or min(numbers) <= 0 else math.log
    low, high = scale(min(numbers)), scale(max(numbers))
    width = (high - low) or 1.0
    return lambda v: round(100 * (scale(_number(v)) - low) / width, 1)


def _number(value: Level) -> float:
    """Give a quantity, or a date as its day number."""
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def _curve(curve: tuple[Level, Level, Level], unit: str, axis: Axis, digits: int) -> tuple[str, Strip]:
    """Write a curve as its median and 5-95 % interval to so many figures, and as a strip."""
    low, middle, high = curve
    if low == high:
        text = f"{_level(middle, digits)}{_unit(unit, middle)}"
    else:
        text = f"{_level(middle, digits)} ({_level(low, digits)} – {_level(high, digits)}){_unit(unit, middle)}"
    return text, Strip(axis(low), axis(high), axis(middle))


def _range(low: Level, high: Level, unit: str) -> str:
    """Write what a claim says: one value, or a range."""
    ends = _level(low) if low == high else f"{_level(low)} – {_level(high)}"
    return ends + _unit(unit, low)


def _level(value: Level, digits: int = 3) -> str:
    """Write a quantity to so many figures, or a date."""
    return day_text(value) if isinstance(value, date) else figures(value, digits)


def _unit(unit: str, value: Level) -> str:
    """Write a unit after a quantity; counts, shares and dates have none."""
    return "" if unit == "1" or isinstance(value, date) else f" {unit}"
