"""Runs compared: small panels of what moves, and a table of every difference with its interval and its flips."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastness.analysis.compare import Comparison, Difference, compare, would_change_the_call
from fastness.analysis.words import likelihood_words, percent
from fastness.plot.compare import panel, reach
from fastness.reporting.charts import Card, Section
from fastness.reporting.texts import DASH, figures

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

SECTION = "comparison"
TITLE = "Variants side by side"
INTRO = (
    "Each panel is a question or a clock that moves: the dotted line is the base, a dot another run’s difference with "
    "its 95 % interval, on one scale for questions and one for clocks. That is Monte Carlo error alone, and small "
    "where campaigns are paired: it says how well the model’s difference is known, not how far to trust the model. "
    "Orange: clear among all comparisons made at once; blue: such a difference would come by chance among so many; "
    "grey: statistically indistinguishable."
)
#: panels drawn; the table has all
MOST_PANELS = 12
VERDICTS = {
    "same": "no campaign differs",
    "indistinguishable": "statistically indistinguishable",
    "not beyond chance": "within chance among so many",
    "clear": "clear",
}


@dataclass(frozen=True)
class ComparedCell:
    """One run's difference from the base in one question or clock, as text."""

    value: str
    difference: str
    flips: str
    verdict: str
    more: str


@dataclass(frozen=True)
class ComparedRow:
    """One question or clock: its text, the base's value, and a cell per other run; None where it has no such row."""

    text: str
    base: str
    cells: list[ComparedCell | None]


@dataclass(frozen=True)
class ComparedTable:
    """Every difference of several runs from the first, what was left out, and what would change the call."""

    titles: list[str]
    rows: list[ComparedRow]
    alike: list[str]
    notes: list[str]
    changing: list[str]
    comparisons: int


def compared(ensembles: Sequence["Ensemble"]) -> tuple[Section | None, ComparedTable | None]:
    """Draw the panels and write the table of several runs.

    Parameters
    ----------
    ensembles : sequence of Ensemble
        The base first.

    Returns
    -------
    (Section or None, ComparedTable or None)
        Nothing for a single run.
    """
    if len(ensembles) < 2:
        return None, None
    found = compare(ensembles[0], *ensembles[1:])
    named = {run.name: _title(each, ensembles[0]) for run, each in zip(found.others, ensembles[1:], strict=True)}
    return _section(found, named), _table(found, [ensembles[0].scenario.title, *named.values()], named)


def _title(ensemble: "Ensemble", base: "Ensemble") -> str:
    """Name a run by what its variant is called, or what it was played without, else by its folder."""
    variant = ensemble.manifest.get("variant")
    if variant in base.scenario.variants:
        return base.scenario.variants[variant].title
    return variant or Path(ensemble.path).name


def _grouped(found: Comparison) -> dict[str, list[Difference]]:
    groups: dict[str, list[Difference]] = {}
    for row in found.differences:
        groups.setdefault(row.id, []).append(row)
    return groups


def _moves(rows: Sequence[Difference]) -> bool:
    return any(row.verdict in ("clear", "not beyond chance") for row in rows)


def _section(found: Comparison, named: dict[str, str]) -> Section:
    """Draw what moves, what is clear before what is not, questions before clocks."""
    moving = [rows for rows in _grouped(found).values() if _moves(rows)]
    moving.sort(key=lambda rows: (all(row.verdict != "clear" for row in rows), rows[0].kind == "clock"))
    shown = moving[:MOST_PANELS]
    furthest = {
        kind: reach(row for rows in shown for row in rows if row.kind == kind) for kind in ("question", "clock")
    }
    cards = [
        Card(f"compared-{number}", rows[0].text, _says(rows, named), panel(rows, named, furthest[rows[0].kind]))
        for number, rows in enumerate(shown)
    ]
    return Section(SECTION, TITLE, INTRO, cards, [], [])


def _says(rows: Sequence[Difference], named: dict[str, str]) -> str:
    """Say in words what a panel shows."""
    return "; ".join(f"{named[row.other]}: {_difference(row)}, {VERDICTS[row.verdict]}" for row in rows) + "."


def _table(found: Comparison, titles: list[str], named: dict[str, str]) -> ComparedTable:
    rows, alike = [], []
    for group in _grouped(found).values():
        if not any(row.difference or row.verdict != "same" for row in group):
            alike.append(group[0].text)
            continue
        cells = {row.other: _cell(row) for row in group}
        rows.append(ComparedRow(group[0].text, _value(group[0], group[0].base_value), [cells.get(i) for i in named]))
    changing = [
        f"{row.text}: {likelihood_words(row.base_value)} → {likelihood_words(row.value)} ({named[row.other]})"
        for row in would_change_the_call(found)
    ]
    return ComparedTable(titles, rows, alike, found.notes, changing, len(found.differences))


def _cell(row: Difference) -> ComparedCell:
    flips = DASH if row.to_yes is None or row.to_no is None else f"{100 * row.to_yes:.1f} / {100 * row.to_no:.1f} %"
    more = figures(row.more_campaigns, 2) if row.more_campaigns else DASH
    return ComparedCell(_value(row, row.value), _difference(row), flips, VERDICTS[row.verdict], more)


def _value(row: Difference, value: float) -> str:
    return percent(value) if row.kind == "question" else f"{value:.0f} days"


def _difference(row: Difference) -> str:
    """Write a difference with its interval."""
    scale, unit = (100, "points") if row.kind == "question" else (1, "days")
    return f"{scale * row.difference:+.1f} {unit} ({scale * row.low:+.1f} to {scale * row.high:+.1f})"
