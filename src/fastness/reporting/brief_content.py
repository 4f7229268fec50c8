"""What a brief says: each sentence from a template and the run's own numbers, with references to where they stand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from fastness.analysis.answer import confidence_level, reliable_claims
from fastness.analysis.assumptions import Assumption, assumptions
from fastness.analysis.turning import Turning, indicators, tellable, turning
from fastness.analysis.words import percent
from fastness.history.outside import headline, outside_views
from fastness.reporting.brief_parts import Book, Brief, Line, Section, Table
from fastness.reporting.brief_people import people
from fastness.reporting.texts import count, day_text, figures, interval, when_text
from fastness.scenario.ledger import ledger

if TYPE_CHECKING:
    from fastness.analysis.answer import Answer, QuestionAnswer
    from fastness.ensemble import Ensemble
    from fastness.scenario import Scenario

OUTCOMES, DRAWS, EVENTS, RESOLVED, MANIFEST = (
    "outcomes.parquet", "draws.parquet", "events.parquet", "scenario.resolved.json", "manifest.json",
)  # fmt: skip
#: how many of each fit on one to two pages
JUDGEMENTS, KNOWN, UNKNOWN, WATCHED, SOURCES = 8, 5, 4, 5, 8
#: what an established claim must be about to open a brief: the situation, not biographies
SITUATION: Final = ("places.", "sides.", "forces.", "routes.", "windows.", "patrons.")
FOOTER: Final = (
    "Likelihood words as in ICD 203 (ODNI 2015): almost no chance 1–5 %, very unlikely 5–20 %, unlikely 20–45 %, "
    "roughly even 45–55 %, likely 55–80 %, very likely 80–95 %, almost certain 95–99 %. Confidence is about the "
    "evidence and is kept apart from likelihood. Range: how P moves between 5 % and 95 % of the inputs in doubt; more "
    "campaigns do not narrow it."
)


def content(ensemble: "Ensemble") -> Brief:
    """Write the brief of a run.

    Parameters
    ----------
    ensemble : Ensemble
        A run with at least one completed campaign.

    Returns
    -------
    Brief
        Every number in it stands in the values of a reference of its line.

    Raises
    ------
    AnalysisError
        FS402 if no campaign was completed.
    """
    book, scenario, answer = Book(), ensemble.scenario, ensemble.answer()
    turned, assumed = _turned(ensemble), _assumed(ensemble)
    basis = _basis(book, ensemble, answer)
    sections = [
        _bottom_line(book, ensemble, answer),
        _judgements(book, answer, scenario),
        _known(book, scenario),
        _unknown(book, scenario, assumed),
        _watch(book, turned),
        people(book, ensemble, answer),
        _verify(book, ensemble),
        _outside(book, scenario, answer),
        _sources(book, scenario),
    ]
    as_of = day_text(scenario.clock.as_of)
    kept = tuple(each for each in sections if each is not None)
    return Brief(scenario.title, f"Situation report as of {as_of}", basis, kept, book.references(), FOOTER)


def _basis(book: Book, ensemble: "Ensemble", answer: "Answer") -> Line:
    scenario, manifest = ensemble.scenario, ensemble.manifest
    completed, seed = count(answer.campaigns - answer.failed), str(manifest["seed"])
    claims, end, mark = str(len(scenario.claims)), day_text(scenario.clock.end), str(manifest["scenario"])[:8]
    made = book.cite(MANIFEST, "campaigns, seed, scenario", "as written", [completed, seed, mark, manifest["fastness"]])
    told = book.cite(RESOLVED, "claims, clock", "counted", [claims, end])
    played = f"{claims} claims · {completed} simulated campaigns to {end}"
    text = f"{played} · seed {seed} · scenario {mark} · fastness {manifest['fastness']}"
    variant = manifest.get("variant")
    return Line(text + (f" · variant {variant}" if variant else ""), (made, told))


def _outcome(book: Book, q: "QuestionAnswer", *values: str) -> int:
    return book.cite(
        OUTCOMES, q.id, f"share of {count(q.campaigns)} campaigns in which it is not -1", [q.text, *values]
    )


def _bottom_line(book: Book, ensemble: "Ensemble", answer: "Answer") -> Section:
    scenario, lines = ensemble.scenario, []
    if answer.questions:
        first = answer.questions[0]
        number, span = percent(first.probability), interval(first.low, first.high)
        views = outside_views(scenario)
        said = headline(answer, views)
        refs = [_outcome(book, first, number, answer.headline), _span(book, first, span)]
        if first.id in views:
            refs.append(_cases(book, percent(views[first.id].share)))
        lines.append(Line(said, tuple(refs)))
        if first.median_date and first.p5_date != first.p95_date:
            when = when_text(first.p5_date, first.median_date, first.p95_date, scenario.clock.start.year)
            dates = _outcome(book, first, when)
            lines.append(
                Line(f"Where it happens, it happens around {when}: median and 5–95 % of those campaigns.", (dates,))
            )
        good, total = reliable_claims(scenario)
        graded = book.cite(RESOLVED, "claims, sources", "counted by grade", [f"{good} of {total}", answer.confidence])
        lines.append(Line(answer.confidence, (_span(book, first, span), graded)))
    return Section("bottom-line", "Bottom line", tuple(lines))


def _span(book: Book, q: "QuestionAnswer", span: str) -> int:
    values = [span, percent(q.low), percent(q.high)]
    return book.cite(DRAWS, "all columns", "5–95 % of P given the inputs, cross-fitted on each question", values)


def _judgements(book: Book, answer: "Answer", scenario: "Scenario") -> Section | None:
    good, total = reliable_claims(scenario)
    year, rows, refs, bars = scenario.clock.start.year, [], [], []
    for q in _asked(answer):
        number, span = percent(q.probability), interval(q.low, q.high)
        when = when_text(q.p5_date, q.median_date, q.p95_date, year) if q.p5_date != q.p95_date else ""
        level = confidence_level(q.high - q.low, good / total if total else 0.0)
        rows.append((q.text, q.words, number, span, level, when))
        refs.append((_outcome(book, q, number, q.words, *([when] if when else [])), _span(book, q, span)))
        bars.append((100 * q.low, 100 * q.probability, 100 * q.high))
    if not rows:
        return None
    header = ("Judgement", "Likelihood", "P", "Range %", "Confidence", "If so, when")
    error = f"{100 * max(q.standard_error for q in answer.questions):.1f}"
    made = book.cite(OUTCOMES, "all questions", "largest standard error of a share", [error])
    note = Line(f"Monte Carlo error at most ±{error} points.", (made,))
    table = Table(header, tuple(rows), tuple(refs), tuple(bars))
    return Section("judgements", "Key judgements", (), table, note)


def _asked(answer: "Answer") -> "list[QuestionAnswer]":
    """Return the questions of a brief: the first, then those that are not all but settled, as far as there is room."""
    open_ones = [q for q in answer.questions[1:] if 0.01 <= q.probability <= 0.99]
    settled = [q for q in answer.questions[1:] if q not in open_ones]
    chosen = [*answer.questions[:1], *open_ones, *settled][:JUDGEMENTS]
    return [q for q in answer.questions if q in chosen]


def _known(book: Book, scenario: "Scenario") -> Section | None:
    grades = {source.id: source.grade for source in scenario.sources}
    claims = [
        claim for claim in scenario.claims
        if claim.kind == "established" and (claim.binds == "belief" or (claim.target or "").startswith(SITUATION))
    ]  # fmt: skip
    lines = []
    for claim in sorted(claims, key=lambda claim: claim.binds != "belief")[:KNOWN]:
        text = f"{claim.statement} ({claim.id}, {grades[claim.source]}{claim.item_grade})."
        lines.append(Line(text, (book.cite(RESOLVED, "claims", "statement and grade as written", [text]),)))
    return Section("known", "What we know", tuple(lines)) if lines else None


def _assumed(ensemble: "Ensemble") -> tuple[Assumption, ...]:
    first, fine = next(iter(ensemble.scenario.questions), None), ensemble.outcomes["status"] == 0
    if first is None:
        return ()
    return assumptions(ensemble.scenario, ensemble.outcomes[fine], ensemble.draws[fine], first)


def _unknown(book: Book, scenario: "Scenario", assumed: tuple[Assumption, ...]) -> Section | None:
    """Return the beliefs that are not well supported and move the first question beyond Monte Carlo error."""
    rows = {row.belief: row for row in ledger(scenario)}
    lines = []
    open_ones = [each for each in assumed if each.kind != "parameter" and each.clear and each.confidence != "high"]
    for each in open_ones[:UNKNOWN]:
        row, points = rows[each.id], f"{abs(100 * each.move):.0f}"
        if row.pooled is None:
            level, ends = percent(row.pooled_chance or 0.0), "if true than if false"
        else:
            low, middle, high = (_level(value) for value in row.pooled)
            unit = "" if row.unit == "1" else f" {row.unit}"
            level, ends = f"{middle} ({low} – {high}){unit}", "at its high end than at its low end"
        text = (
            f"{level}. P is {points} points {'higher' if each.move > 0 else 'lower'} {ends}. "
            f"Rests on {each.support}; confidence {each.confidence}."
        )
        moved = book.cite(DRAWS, "belief:<name>", "slope or difference of the first question on it", [points])
        pooled = book.cite(RESOLVED, "beliefs, claims", "pooled: median, 5–95 %", [level, each.support])
        lines.append(Line(text, (pooled, moved), f"{each.text}: "))
    unsaid = [claim for claim in scenario.claims if claim.kind == "unknown"]
    for claim in unsaid[:1]:
        text = f"{claim.statement} ({claim.id})."
        lines.append(Line(text, (book.cite(RESOLVED, "claims", "statement and grade as written", [text]),)))
    return Section("unknown", "What we do not know", tuple(lines)) if lines else None


def _level(value: object) -> str:
    return figures(value, 2) if isinstance(value, int | float) else day_text(str(value))


def _turned(ensemble: "Ensemble") -> Turning | None:
    first, fine = next(iter(ensemble.scenario.questions), None), ensemble.outcomes["status"] == 0
    if first is None or not tellable(ensemble.outcomes.loc[fine, first].to_numpy()):
        return None
    return turning(ensemble, [first])[0]


def _watch(book: Book, found: Turning | None) -> Section | None:
    """Return the events to watch for, and from when the matter is likely decided."""
    watched = indicators(found)[:WATCHED] if found else []
    if found is None or not watched:
        return None
    rows, refs = [], []
    for move in watched:
        cells = (percent(move.before), percent(move.after), percent(move.share))
        rows.append((move.text[:1].upper() + move.text[1:], *cells))
        refs.append(
            (book.cite(EVENTS, "kind, place, side", "P given all events so far, before and after its week", cells),)
        )
    header = ("If this happens", "P before", "P after", "In campaigns")
    dates = [("inevitable", "yes", found.yes_sure), ("out of reach", "no", found.no_sure)]
    said = [
        f"{word} from {day_text(day)} in half of the campaigns that end with {end}" for word, end, day in dates if day
    ]
    note = None
    if said:
        shown = ["90 %", "10 %", *(day_text(day) for _, _, day in dates if day)]
        made = book.cite(EVENTS, "all", "first date from which P stays above 90 % or below 10 % for good", shown)
        text = f"The matter is {' and '.join(said)}: P stays above 90 % or below 10 %."
        note = Line(text, (made,))
    table = Table(header, tuple(rows), tuple(refs))
    lead = Line(f"What moves the probability that {_statement(found)} most, before it is decided:", ())
    return Section("watch", "Indicators to watch", (lead,), table, note)


def _statement(found: Turning) -> str:
    return "the first question is answered yes" if found.text.endswith("?") else "the first judgement comes true"


def _verify(book: Book, ensemble: "Ensemble") -> Section | None:
    from fastness.analysis.value import lines, verify_next
    from fastness.errors import AnalysisError

    try:
        said = lines(verify_next(ensemble, overall=False))
    except AnalysisError:
        return None  # too few campaigns one way: nothing to tell apart
    made = book.cite(DRAWS, "beliefs → first question", "share of the variance; P given the claim true or not", said)
    return Section("verify", "What to verify next", tuple(Line(each, (made,)) for each in said))


def _outside(book: Book, scenario: "Scenario", answer: "Answer") -> Section | None:
    first = answer.questions[0].id if answer.questions else ""
    found = outside_views(scenario).get(first)
    if found is None:
        return None
    return Section("outside", "Outside view", (Line(found.says(), (_cases(book, found.says()),)),))


def _cases(book: Book, value: str) -> int:
    return book.cite("fastness/history/comparable.csv", "outcome, days", "share, weighted by likeness", [value])


def _sources(book: Book, scenario: "Scenario") -> Section | None:
    numbers: dict[str, int] = {}
    for claim in scenario.claims:
        numbers[claim.source] = numbers.get(claim.source, 0) + 1
    ranked = sorted((each for each in scenario.sources if each.id in numbers), key=lambda each: -numbers[each.id])
    if not ranked:
        return None
    said = [f"{_named(each.id)} {each.grade} ({numbers[each.id]})" for each in ranked[:SOURCES]]
    others = len(ranked) - len(said)
    text = "; ".join(said) + (f"; and {others} more" if others else "") + "."
    good, total = reliable_claims(scenario)
    share = f"{good} of {total} claims that inform the model are established or graded C3 or better."
    made = book.cite(RESOLVED, "sources, claims", "counted", [*said, str(others), share])
    lead = "Grade A (reliable) to F (cannot be judged), number of claims. "
    return Section("sources", "Sources", (Line(f"{text} {share}", (made,), lead),))


def _named(source: str) -> str:
    return source.replace("-", " ")


def paragraphs(found: Brief) -> Iterator[Line]:
    """Yield every line of a brief, those of tables as one line a row."""
    yield found.basis
    for section in found.sections:
        yield from section.lines
        if section.table is not None:
            for row, refs in zip(section.table.rows, section.table.references, strict=True):
                yield Line(" | ".join(row), refs)
        if section.note is not None:
            yield section.note
