"""Later reports: read from a CSV file, checked against the scenario of a run, all problems at once.

Two forms. A *list of reports* has the columns of the claims table, but `binds` says what the report can be held
against: a `belief` (a fact now known), an `observable` (an expression, true or not on a day, or a number that the daily
series keep), or a `question` (resolved). A *series* has a row for each date and place (who holds it) or side (how
strong it is); each row becomes a report. Sources are those of the scenario, or new ones that give their grade.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from fastness.errors import Problem, ScenarioError
from fastness.scenario.expressions import Call, ExpressionError, Text, check_expression, parse
from fastness.scenario.fields import ClaimId, Id, Number, no_such
from fastness.scenario.fields import Text as Words
from fastness.scenario.model import Claim, Part, Scenario, Share, Source
from fastness.scenario.positions import Finding, located
from fastness.scenario.scales import read_claim
from fastness.scenario.tables import Table, read_table
from fastness.scenario.wording import findings_of
from fastness.units import Day, Whole

OUTSIDE, ABOUT, UNRESOLVED, AMOUNT, SOURCE = "FS445", "FS446", "FS447", "FS448", "FS449"
LARGEST_FILE: Final = 4 * 1024 * 1024
#: observables that are kept day by day, with the array in which they are found
RECORDED: Final[Mapping[str, str]] = {
    "strength": "fighters",
    "fighters": "fighters",
    "food_days": "civil_food_days",
    "people": "people",
    "kcal": "kcal",
    "days_of": "",
}
Grade = Literal["A", "B", "C", "D", "E", "F"]
Interest = Literal["none", "unknown", "defender", "besieger", "withdrawing"]
Kind = Literal["established", "claim", "judgement", "unknown"]


class Report(Part):
    """One later report."""

    id: ClaimId = Field(description="how it is referred to")
    date: Day = Field(description="day on which it was made")
    about: Day | None = Field(default=None, description="day that it is about; empty: its date")
    statement: Words = Field(description="what was said")
    binds: Literal["belief", "observable", "question"] = Field(description="what it is held against")
    target: Words = Field(description="belief id, expression or question id")
    stance: Literal["supports", "denies"] = Field(default="supports", description="whether it says so or denies it")
    value: Number | None = Field(default=None, description="a single value, in the unit of the target")
    low: Number | None = Field(default=None, description="lower end (5 %) of a range")
    high: Number | None = Field(default=None, description="upper end (95 %) of a range")
    kind: Kind = Field(description="established: beyond dispute, but for a floor")
    source: Id = Field(description="who says it")
    item_grade: Annotated[Whole, Field(ge=1, le=6)] = Field(description="1 confirmed by others, 6 cannot be judged")
    said_if_true: Share | None = Field(default=None, description="P(it says so | it is so), where judged")
    said_if_false: Share | None = Field(default=None, description="P(it says so | it is not so), where judged")
    grade: Grade | None = Field(default=None, description="reliability of a source that the scenario does not have")
    interest: Interest = Field(default="none", description="interest of such a source")
    origin: Id | None = Field(default=None, description="origin of such a source; empty: the source itself")
    reason: str = Field(default="", description="why it is read so")

    @property
    def day(self) -> datetime.date:
        """The day that it is about."""
        return self.about or self.date

    @property
    def gives_amount(self) -> bool:
        """Whether it says how much."""
        return self.value is not None or self.low is not None or self.high is not None


class SeriesRow(Part):
    """One row of a series: who holds a place on a day, or how strong a side is."""

    date: Day = Field(description="day of the state")
    place: Id | None = Field(default=None, description="place that is held")
    holder: Id | None = Field(default=None, description="side that holds it, or nobody")
    side: Id | None = Field(default=None, description="side whose fighters, guerrillas included, are counted")
    value: Number | None = Field(default=None, description="its fighters [persons]")
    low: Number | None = Field(default=None, description="lower end (5 %) of a range")
    high: Number | None = Field(default=None, description="upper end (95 %) of a range")
    kind: Kind = Field(default="claim", description="as of a report")
    source: Id = Field(description="who says it")
    item_grade: Annotated[Whole, Field(ge=1, le=6)] = Field(description="1 confirmed by others, 6 cannot be judged")
    grade: Grade | None = Field(default=None, description="reliability of a source that the scenario does not have")
    interest: Interest = Field(default="none", description="interest of such a source")
    origin: Id | None = Field(default=None, description="origin of such a source; empty: the source itself")


@dataclass(frozen=True)
class Reports:
    """Checked reports in the order of their dates, and the sources they name by id."""

    rows: tuple[Report, ...]
    sources: Mapping[str, Source]


def read_reports(path: Path, scenario: Scenario) -> Reports:
    """Read and check a file of reports.

    Raises
    ------
    ScenarioError
        With all problems by file, line and column: FS101 to FS137 for form and values, FS12x for expressions, FS445 to
        FS449 for what does not fit the run.
    """
    header = {cell.strip() for cell in _text(path).partition("\n")[0].split(",")}
    is_series = "binds" not in header and bool(header & {"place", "holder", "side"})
    table, rows, findings = read_rows(path, "reports", SeriesRow if is_series else Report)
    problems = list(table.problems)
    if not table.rows and not problems:
        problems.append(Problem("FS104", "there is no report in it", str(path)))
    reports = {number: _of_series(row, table, number) if isinstance(row, SeriesRow) else row for number, row in rows}
    sources, more = _sources(reports, scenario)
    findings += more
    for number, report in reports.items():
        findings += _check(number, report, scenario, is_series)
    findings += _twice(reports)
    problems += located(findings, {"reports": table.rows}, table.origins)
    if problems:
        raise ScenarioError(sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0))
    return Reports(tuple(sorted(reports.values(), key=lambda report: report.date)), sources)


def _text(path: Path) -> str:
    if not path.is_file():
        raise ScenarioError([Problem("FS101", "there is no such file", str(path))])
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise ScenarioError(
            [Problem("FS102", f"the file has {size:,} bytes; at most {LARGEST_FILE:,} are read", str(path))]
        )
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        message = f"is not UTF-8 text: byte 0x{fault.object[fault.start]:02x}"
        raise ScenarioError([Problem("FS103", message, str(path), line, hint="save the file as UTF-8")]) from fault


def read_rows(path: Path, name: str, model: type[Part]) -> tuple[Table, list[tuple[int, Any]], list[Finding]]:
    """Read a CSV file of rows of a model: the table, the sound rows by number, and what is wrong with the others.

    Raises
    ------
    ScenarioError
        FS101 to FS103 if the file cannot be read.
    """
    table = read_table(_text(path), str(path), name, model)
    rows: list[tuple[int, Any]] = []
    findings: list[Finding] = []
    for number, row in enumerate(table.rows):
        try:
            rows.append((number, model.model_validate(row, by_alias=True, by_name=False)))
        except ValidationError as fault:
            findings += [
                Finding((name, number, *found.path), found.code, found.message, found.hint)
                for found in findings_of(fault)
                if not (number in table.ragged or (found.path and found.path[0] in table.absent))
            ]
    return table, rows, findings


def _of_series(row: SeriesRow, table: Table, number: int) -> Report:
    """Return a row of a series as a report; what it lacks is found by `_check`."""
    spot = table.origins.values["reports", number]
    if row.place is not None:
        target, said = f'holder("{row.place}") == "{row.holder}"', f"{row.place} is held by {row.holder}"
    else:
        said = f"fighters of {row.side}: {row.value if row.value is not None else f'{row.low} to {row.high}'}"
        target = f'strength("{row.side}")'
    return Report(
        id=f"row-{spot.line}", date=row.date, statement=said, binds="observable", target=target, value=row.value,
        low=row.low, high=row.high, kind=row.kind, source=row.source, item_grade=row.item_grade, grade=row.grade,
        interest=row.interest, origin=row.origin,
    )  # fmt: skip


def _sources(reports: Mapping[int, Report], scenario: Scenario) -> tuple[dict[str, Source], list[Finding]]:
    """Return the sources by id: the scenario's, and those that reports bring with their grade."""
    sources = {source.id: source for source in scenario.sources}
    findings = []
    for number, report in reports.items():
        if report.source in sources:
            continue
        if report.grade is None:
            message, hint = no_such("source", report.source, sources)
            findings.append(
                Finding(("reports", number, "source"), SOURCE, message, hint or "give a new source its grade, A to F")
            )
            continue
        sources[report.source] = Source(
            id=report.source,
            grade=report.grade,
            interest=report.interest,
            origin=report.origin or report.source,
            date=report.date,
        )
    return sources, findings


def _twice(reports: Mapping[int, Report]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, report in reports.items():
        if report.id in seen:
            yield Finding(("reports", number, "id"), "FS113", f"the id '{report.id}' is given twice")
        seen.add(report.id)


def _check(number: int, report: Report, scenario: Scenario, is_series: bool) -> list[Finding]:
    def here(column: str) -> tuple[str, int, str]:
        return "reports", number, column

    findings = list(_dates(report, scenario, here))
    match report.binds:
        case "observable":
            findings += _observable(report, scenario, here, is_series)
        case "belief":
            findings += _belief(report, scenario, here)
        case "question":
            findings += _question(report, scenario, here)
    if (report.said_if_true is None) != (report.said_if_false is None):
        findings.append(Finding(here("said_if_true"), AMOUNT, "said_if_true and said_if_false come together"))
    if report.low is not None and report.high is not None and report.low > report.high:
        findings.append(Finding(here("low"), "FS161", f"a range has to rise, it is {report.low:g} to {report.high:g}"))
    return findings


Here = Any


def _dates(report: Report, scenario: Scenario, here: Here) -> Iterator[Finding]:
    clock = scenario.clock
    if report.date <= clock.as_of:
        message = f"{report.date} is not after the last day of evidence, {clock.as_of}"
        yield Finding(here("date"), OUTSIDE, message, "what was known by then belongs to the claims of the scenario")
    elif report.date > clock.end:
        yield Finding(here("date"), OUTSIDE, f"{report.date} is after the clock ends on {clock.end}")
    if report.about is not None and not clock.start <= report.about <= report.date:
        message = f"{report.about} is not between the clock's start on {clock.start} and the report's date"
        yield Finding(here("about"), OUTSIDE, message)


def _observable(report: Report, scenario: Scenario, here: Here, is_series: bool) -> Iterator[Finding]:
    want: Literal["number", "truth"] = "number" if report.gives_amount else "truth"
    try:
        node = parse(report.target)
        found = check_expression(node, scenario, want)
    except ExpressionError as fault:
        yield Finding(here("target"), fault.code, str(fault), fault.hint)
        return
    for problem in found:
        column = "place" if "place" in problem.message else "holder" if "==" in report.target else "side"
        code = AMOUNT if problem.code == "FS129" else problem.code
        hint = "give value, or low and high" if want == "truth" and code == AMOUNT else problem.hint
        yield Finding(here(column if is_series else "target"), code, problem.message, hint)
    if not found and want == "number":
        yield from _amount(report, here)
        if array_of(report.target, scenario) is None:
            message = f"'{report.target}' is not kept day by day"
            hint = (
                "a quantity can be strength, fighters of a side, days_of a side, food_days, people or kcal of a place"
            )
            yield Finding(here("target"), ABOUT, message, hint)
        if report.stance == "denies":
            yield Finding(here("stance"), AMOUNT, "denies a number without giving another", "say what it says instead")


def _amount(report: Report, here: Here) -> Iterator[Finding]:
    if report.value is None and (report.low is None or report.high is None):
        missing = "high" if report.high is None else "low"
        yield Finding(here(missing), AMOUNT, "a bound alone says too little", "give low and high, or a value")
    for column in ("value", "low"):
        given = getattr(report, column)
        if given is not None and given <= 0:
            yield Finding(here(column), AMOUNT, f"a quantity reported must be more than 0, is {given:g}")


def array_of(target: str, scenario: Scenario) -> tuple[tuple[str, ...], str] | None:
    """Return the arrays (summed) and the side or place in which a numeric observable is kept; None if it is not."""
    node = parse(target)
    if not isinstance(node, Call) or node.name not in RECORDED:
        return None
    ids = [argument.value for argument in node.arguments if isinstance(argument, Text)]
    match node.name, ids:
        case "strength", [side]:
            return ("fighters", "guerrillas"), side
        case "days_of", [stock, side] if side in scenario.sides:
            return (f"{stock}_days",), side
        case "fighters" | "food_days" | "people" | "kcal", [one]:
            return (RECORDED[node.name],), one
    return None


def _belief(report: Report, scenario: Scenario, here: Here) -> Iterator[Finding]:
    belief = scenario.beliefs.get(report.target)
    if belief is None:
        yield Finding(here("target"), ABOUT, *no_such("belief", report.target, scenario.beliefs))
    elif belief.chance is not None:
        if report.gives_amount:
            yield Finding(
                here("target"), AMOUNT, f"'{report.target}' is a yes/no fact", "leave value, low and high empty"
            )
    elif report.stance == "denies":
        yield Finding(here("stance"), AMOUNT, "denies a number without giving another", "say what it says instead")
    else:
        reading = read_claim(claim_of(report), belief)
        if isinstance(reading, str):
            yield Finding(here("target"), AMOUNT, reading, "give value, or low and high, in the belief's unit")


def claim_of(report: Report) -> Claim:
    """Return a report on a belief as a claim on it."""
    return Claim.model_construct(
        id=report.id, date=report.date, statement=report.statement, binds="belief", target=report.target,
        stance=report.stance, value=report.value, low=report.low, high=report.high, words=None, kind=report.kind,
        source=report.source, item_grade=report.item_grade, reason=report.reason,
    )  # fmt: skip


def _question(report: Report, scenario: Scenario, here: Here) -> Iterator[Finding]:
    question = scenario.questions.get(report.target)
    if question is None:
        yield Finding(here("target"), ABOUT, *no_such("question", report.target, scenario.questions))
        return
    first, last = window_of(report.target, scenario)
    if report.stance == "supports" and report.day < first:
        message = f"'{report.target}' cannot be resolved on {report.day}: the first day that counts is {first}"
        yield Finding(here("target"), UNRESOLVED, message)
    if report.stance == "denies" and report.day < last:
        message = f"'{report.target}' cannot be resolved with no on {report.day}: its last day is {last}"
        yield Finding(here("target"), UNRESOLVED, message, "report what was seen, as an observable")


def window_of(name: str, scenario: Scenario) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day that count for a question."""
    question = scenario.questions[name]
    if question.on is not None:
        return question.on, question.on
    before = None if question.before is None else question.before - datetime.timedelta(days=1)
    last = question.by or before or scenario.clock.end
    return question.start or scenario.clock.start, last


def days_from_start(days: Sequence[datetime.date], scenario: Scenario) -> list[int]:
    """Return dates as days since the clock's start."""
    return [(day - scenario.clock.start).days for day in days]
