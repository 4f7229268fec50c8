"""The model as it is understood: what `fastness check` prints of a scenario without problems."""

from typing import TYPE_CHECKING, Any

from fastness.cli import screen

if TYPE_CHECKING:
    from rich.table import Table

    from fastness.scenario import Scenario
    from fastness.scenario.ledger import Curve, LedgerRow

#: campaigns that the estimate of size is for, the default of `run`
CAMPAIGNS = 2000
NUMBER_BYTES = 4


def document(scenario: "Scenario") -> dict[str, Any]:
    """Return what is understood as plain data."""
    from fastness.scenario import coverage, identity

    return {
        "scenario": scenario.title,
        "hash": identity(scenario),
        "start": scenario.clock.start.isoformat(),
        "end": scenario.clock.end.isoformat(),
        "as_of": scenario.clock.as_of.isoformat(),
        "sides": list(scenario.sides),
        "places": len(scenario.places),
        "inside": [place.id for place in scenario.places if place.inside],
        "routes": len(scenario.routes),
        "beliefs": list(scenario.beliefs),
        "claims": coverage(scenario),
        "questions": {name: question.ask for name, question in scenario.questions.items()},
        "variants": {name: variant.title for name, variant in scenario.variants.items()},
        "size": size(scenario),
    }


def size(scenario: "Scenario") -> dict[str, int]:
    """Estimate a run of 2,000 campaigns: campaign-days to play, and bytes of daily series that it keeps."""
    from fastness.kernel.state import PLACE_SERIES, SIDE_SERIES

    days = (scenario.clock.end - scenario.clock.start).days + 1
    kept = min(scenario.record.campaigns, CAMPAIGNS)
    numbers = len(scenario.places) * len(PLACE_SERIES) + len(scenario.sides) * len(SIDE_SERIES)
    return {
        "campaign_days": CAMPAIGNS * days,
        "series_bytes": kept * days * (numbers * NUMBER_BYTES + len(scenario.places)),
    }


def print_model(scenario: "Scenario") -> None:
    """Print the model: sides, places, beliefs with what the claims made of them, plans, questions, size."""
    from fastness.scenario import coverage, identity

    show = screen.console()
    show.print(screen.title(scenario, identity(scenario)), style="bold")
    show.print()
    show.print(_sides(scenario))
    show.print()
    show.print(_places(scenario))
    show.print()
    show.print(_beliefs(scenario))
    counts = ", ".join(f"{number} {name}" for name, number in coverage(scenario).items())
    show.print(f"\n{len(scenario.claims)} claims inform: {counts}")
    for side, blocks in scenario.plans.items():
        show.print(f"\nPlan of {scenario.sides[side].name}: the first of these that its condition and dates allow")
        for number, block in enumerate(blocks, 1):
            show.print(f"{number:>4}  {block.intent}")
    variants = f": {', '.join(scenario.variants)}" if scenario.variants else ""
    show.print(f"\n{len(scenario.questions)} questions, {len(scenario.variants)} variants{variants}")
    estimate = size(scenario)
    show.print(
        f"A run of {CAMPAIGNS:,} campaigns plays {estimate['campaign_days']:,} campaign-days "
        f"and keeps up to {estimate['series_bytes'] / 1e6:,.0f} MB of daily series.\n"
        "No problems."
    )


def _sides(scenario: "Scenario") -> "Table":
    table = screen.grid("left", "left", "right", "right", header=("side", "role", "fighters on the map", "reserve"))
    for name, side in scenario.sides.items():
        fighters = sum(force.fighters for force in scenario.forces if force.side == name)
        table.add_row(side.name, side.role, f"{fighters:,.0f}", f"{side.reserve:,.0f}")
    return table


def _places(scenario: "Scenario") -> "Table":
    header = ("places held on the first day by", "inside", "people inside", "outside", "people outside")
    table = screen.grid("left", *["right"] * 4, header=header)
    for holder in (*scenario.sides, None):
        held = [place for place in scenario.places if place.holder == holder]
        inside = [place.population for place in held if place.inside]
        outside = [place.population for place in held if not place.inside]
        if held:
            name = scenario.sides[holder].name if holder else "nobody"
            numbers = (len(inside), sum(inside), len(outside), sum(outside))
            table.add_row(name, *(f"{number:,.0f}" for number in numbers))
    return table


def _beliefs(scenario: "Scenario") -> "Table":
    """Return per belief its 5, 50 and 95 % or its chance, and below what its claims made of that."""
    from fastness.scenario.ledger import ledger

    table = screen.grid("left", "left", "right", header=("belief", "5 – 50 – 95 %, or chance", "claims"))
    for row in ledger(scenario):
        before, after = _curves(row)
        claims = sum(claim.counts for claim in row.claims)
        table.add_row(row.belief, before, str(claims))
        if claims:
            table.add_row("", f"→ {after}")
    return table


def _curves(row: "LedgerRow") -> tuple[str, str]:
    """Return the belief before and after its claims in words."""
    from fastness.analysis.words import percent

    if row.prior is None or row.pooled is None:
        return percent(row.chance or 0.0), percent(row.pooled_chance or 0.0)
    return _curve(row.prior, row.unit), _curve(row.pooled, row.unit)


def _curve(levels: "Curve", unit: str) -> str:
    from fastness.reporting.texts import day_text, figures

    shown = [figures(level) if isinstance(level, int | float) else day_text(level) for level in levels]
    return " – ".join(shown) + (f" {unit}" if unit != "1" else "")
