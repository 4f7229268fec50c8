"""What the terminal shows: titles, tables of answers, side-by-side tables, JSON."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from fastness.analysis.answer import Answer, QuestionAnswer
    from fastness.analysis.clocks import Clock
    from fastness.ensemble import Ensemble
    from fastness.scenario import Scenario

SEPARATOR = " · "
#: most runs that are set side by side with their ranges
WITH_RANGES = 3
FOOTNOTE = "Range: how P moves between 5 % and 95 % of the inputs and models in doubt; more campaigns do not narrow it."


def console(*, stderr: bool = False) -> "Console":
    """Return a console on which text from scenarios is shown as it is, never read as markup."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def print_json(document: object) -> None:
    """Print plain data as one JSON document."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


@contextmanager
def counting(noun: str) -> "Iterator[Callable[[int, int], None] | None]":
    """Show a bar on standard error with how many of `noun` are done, and the time left; None where nobody looks."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    err = console(stderr=True)
    if not err.is_terminal:
        yield None
        return
    with Progress(BarColumn(26), TextColumn("{task.description}"), TimeRemainingColumn(), console=err) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, description=f"{done}/{total} {noun}", completed=done, total=total)


def print_left_out(problems: Sequence[object], went_on: str, code: str) -> None:
    """Say on standard error what of a file could not be used, and what was done with the rest."""
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        count = _count(len(problems), "problem")
        typer.echo(f"{count}; {went_on}.   Explained: fastness explain {code}", err=True)


def grid(*justify: str, wraps: int = 0, header: Sequence[str] = ()) -> "Table":
    """Return an empty table without lines, one column for each `justify`; only column `wraps` breaks its lines."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=bool(header), header_style="dim", padding=(0, 2, 0, 0))
    for number, side in enumerate(justify):
        name = header[number] if header else ""
        table.add_column(name, justify=side, no_wrap=number != wraps)  # type: ignore[arg-type]
    return table


def title(scenario: "Scenario", identity: str, variant: str | None = None) -> str:
    """Return the line that says which scenario this is, in numbers, and as of when."""
    from fastness.reporting.texts import day_text

    clock = scenario.clock
    parts = [
        scenario.title,
        *([f"variant {variant}"] if variant else []),
        _count(len(scenario.sides), "side"),
        _count(len(scenario.places), "place"),
        _count((clock.end - clock.start).days + 1, "day"),
        f"{_count(len(scenario.beliefs), 'belief')} from {_count(len(scenario.claims), 'claim')}",
        identity[:8],
        f"as of {day_text(clock.as_of)}",
    ]
    return SEPARATOR.join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_answer(ensemble: "Ensemble", answer: "Answer") -> None:
    """Print the questions, the siege clocks, the confidence, and where everything lies."""
    from fastness.history.outside import outside_views
    from fastness.reporting.tables import range_points

    screen = console()
    year = ensemble.scenario.clock.start.year
    views = outside_views(ensemble.scenario)
    more = ("cases",) if views else ()
    table = grid("left", "left", *["right"] * (2 + len(more)), header=("", "likelihood", "P", "range %", *more))
    for question in answer.questions:
        _add_question(table, question, year, views[question.id].brief() if question.id in views else "")
    screen.print(table)
    screen.print()
    screen.print(_clock_table(answer.clocks, (ensemble.scenario.clock.end - ensemble.scenario.clock.start).days))
    screen.print()
    screen.print(answer.confidence)
    points = range_points(answer)
    screen.print(FOOTNOTE + (f" Its ends are known to ±{points} points or better." if points else ""), style="dim")
    for view in list(views.values())[:1]:
        screen.print(f"Cases: how often it happened in comparable ones. First question: {view.says()}", style="dim")
    print_place(ensemble, answer)


def print_place(ensemble: "Ensemble", answer: "Answer") -> None:
    """Print the last line: the run folder and the Monte Carlo error; and before it how many campaigns failed."""
    from fastness.reporting.tables import monte_carlo_points

    screen = console()
    if answer.failed:
        screen.print(f"{answer.failed} of {answer.campaigns} campaigns failed and are left out.", style="yellow")
    error = f"Monte Carlo error ±{monte_carlo_points(answer)} points"
    screen.print(f"→ {ensemble.path}      {error}", soft_wrap=True)


def document(ensemble: "Ensemble", answer: "Answer") -> dict[str, Any]:
    """Return an answer as plain data, with the outside view of the questions that have one."""
    from fastness.history.outside import outside_views

    return answer.document() | {"outside": [view.document() for view in outside_views(ensemble.scenario).values()]}


def _add_question(table: "Table", question: "QuestionAnswer", year: int, cases: str) -> None:
    from fastness.analysis.words import percent
    from fastness.reporting.texts import interval, when_text

    number = percent(question.probability)
    words = "" if question.words == number else question.words
    table.add_row(question.text, words, number, interval(question.low, question.high), *([cases] if cases else []))
    if question.median_date and question.p5_date != question.p95_date:
        when = when_text(question.p5_date, question.median_date, question.p95_date, year)
        table.add_row(f"  if so: {when}", style="dim")


def _clock_table(clocks: "Sequence[Clock]", days: int) -> "Table":
    from fastness.reporting.texts import days_text, figures

    table = grid("left", "left", "right", header=("How long it lasts (5–95 %)", "days", "people"))
    for clock in clocks:
        table.add_row(clock.text, days_text(clock.p5, clock.p50, clock.p95, days), figures(clock.people))
    return table


def print_side_by_side(names: Sequence[str], ensembles: "Sequence[Ensemble]", answers: "Sequence[Answer]") -> None:
    """Print the probabilities of runs with the same seed beside each other, and which variants change nothing."""
    from fastness.reporting.tables import comparison

    found = comparison(ensembles, answers)
    if found is None:
        return
    screen = console()
    ranges = len(names) <= WITH_RANGES
    table = grid("left", *("right" for _ in names), header=("P (range %)" if ranges else "P", *names))
    for text, cells in found.rows:
        table.add_row(text, *(f"{number} ({span})" if span and ranges else number for number, span in cells))
    screen.print(table)
    for name, ensemble in zip(names[1:], ensembles[1:], strict=True):
        if _same_outcomes(ensembles[0], ensemble):
            screen.print(f"{name} changes nothing: every campaign decides every question as it does without it.")


def _same_outcomes(base: "Ensemble", other: "Ensemble") -> bool:
    shared = [name for name in base.scenario.questions if name in other.scenario.questions]
    return bool(base.outcomes[shared].equals(other.outcomes[shared]))
