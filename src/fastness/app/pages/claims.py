"""The ledger: what is claimed about each belief, how it is weighed, and the curve that comes out; to be tried out."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

from nicegui import ui

from fastness.analysis.value import BeliefValue, verify_next
from fastness.analysis.words import percent
from fastness.app.desk import Desk
from fastness.app.evidence import Trial, drawing, said
from fastness.app.figures import LiveChart
from fastness.app.frame import Page, run_path
from fastness.app.pages._scenario import Session, scenario_frame, scenario_path
from fastness.app.parts import block, button, link, text, value_of
from fastness.app.results import Result
from fastness.errors import FastnessError
from fastness.scenario import Scenario, load
from fastness.scenario.ledger import LedgerClaim, LedgerRow, ledger
from fastness.scenario.model import Claim
from fastness.scenario.pooling import GRADES, ITEMS

#: words for grades, as the Admiralty code has them
RELIABLE = dict(zip(GRADES, ("always", "usually", "fairly", "not usually", "never", "cannot be judged"), strict=True))
TRUE = dict(
    zip(ITEMS, ("confirmed", "probable", "possible", "doubtful", "improbable", "cannot be judged"), strict=True)
)


async def build(desk: Desk, where: str, name: str, belief: str = "") -> None:
    """Build the page; `belief` is the one that is shown."""
    session = Session(desk, f"{where}/{name}")
    scenario: Scenario | None = None
    with suppress(FastnessError):  # the list of problems says why
        scenario = await asyncio.to_thread(load, session.folder)
    with scenario_frame(session, "claims"):
        if scenario is None or not scenario.beliefs:
            words = "The scenario has no beliefs." if scenario else "The ledger is shown when the problems are solved."
            text("p", words, "empty")
            return
        rows = {row.belief: row for row in ledger(scenario)}
        shown = belief if belief in rows else max(rows, key=lambda each: len(rows[each].claims))
        with block("div", "watch ledger"):
            listed = _List(session, rows, shown)
            listed.build()
            _Belief(session, scenario, shown, listed).build()


class _List:
    """All beliefs, with what the claims made of them, and what each is worth knowing where a run can tell."""

    def __init__(self, session: Session, rows: dict[str, LedgerRow], shown: str) -> None:
        self.session, self.rows, self.shown = session, rows, shown
        self.worth: dict[str, Any] = {}
        self.moves: ui.element | None = None

    def build(self) -> None:
        """Build the list; what a run can tell comes when it is worked out."""
        with block("section", "panel", aria_label="Beliefs"):
            self.note = text("p", "", "note")
            with block("ul", "beliefs"):
                for row in self.rows.values():
                    self._item(row)
        ui.timer(0.2, self._ask, once=True)

    def _item(self, row: LedgerRow) -> None:
        with block("li"):
            current = {"aria-current": "true"} if row.belief == self.shown else {}
            link(row.belief, scenario_path(self.session.reference, "claims", belief=row.belief), **current)
            count = len(row.claims)
            text("span", f"{said(row)} · {count} claim{'' if count == 1 else 's'}", "note")
            self.worth[row.belief] = text("span", "", "note worth")

    async def _ask(self) -> None:
        """Ask the newest run of this scenario what each belief is worth knowing."""
        result = await asyncio.to_thread(newest_run, self.session.desk, self.session.reference)
        if result is None:
            self.note.set_text("Play the scenario, and this list says which beliefs its questions hang on.")
            return
        try:
            found = await asyncio.to_thread(_value, result)
        except FastnessError:
            return
        self.note.set_text(f"By the run {result.name}: how much of the doubt about “{found.text}” goes with each.")
        for value in found.beliefs:
            if value.id in self.worth and value.beyond_chance:
                self.worth[value.id].set_text(f"{percent(max(value.share.value, 0))} of the doubt")
        mine = next((value for value in found.beliefs if value.id == self.shown), None)
        if self.moves is not None and mine is not None:
            with self.moves:
                _touches(result, mine)


def _value(result: Result) -> Any:  # noqa: ANN401 - a VerifyNext
    with result.lock:
        return verify_next(result.ensemble)


def _touches(result: Result, value: BeliefValue) -> None:
    """Say which questions a belief moves."""
    questions = result.ensemble.scenario.questions
    named = [questions[name].heading for name in value.moves if name in questions]
    if not named:
        text("p", "In the newest run it moves no question beyond chance.", "note")
        return
    with text("p", "Questions that it moves, by ", "note"):
        link(result.name, run_path(result.name))
    with block("ul", "moves"):
        for words in named:
            text("li", words)


def newest_run(desk: Desk, reference: str) -> Result | None:
    """Return the newest finished run of a scenario; None where there is none."""
    for name in desk.folder.run_names():
        job = desk.jobs.get(name)
        if job is None or job.scenario != reference or job.variant is not None or desk.jobs.state(job) != "done":
            continue
        try:
            return desk.results.open(name)
        except FastnessError:
            continue
    return None


class _Belief:
    """One belief: its curve, and its claims with grades and values to try out."""

    def __init__(self, session: Session, scenario: Scenario, name: str, listed: _List) -> None:
        self.session, self.listed = session, listed
        self.trial = Trial(scenario, name)
        self.weights: dict[str, Any] = {}

    def build(self) -> None:
        """Build the section."""
        row, belief = self.trial.row(), self.trial.prior
        with block("section", id="belief", aria_labelledby="belief-title"):
            text("h2", row.belief, id="belief-title")
            sets = ", ".join(row.sets) or "nothing by itself; conditions can ask for it"
            text("p", f"Sets {sets}. Before any claim: {belief.source}. {belief.why}", "note")
            says = (
                "Curve of the belief before any claim and after all of them are pooled; below it what each claim says."
            )
            self.chart = LiveChart(says)
            self.numbers = text("p", said(row), "says", id="pooled", aria_live="polite")
            with block("div", "acts"):
                if self.session.mine:
                    self.keep = button("Keep these changes", self.save, "main", id="keep-claims", disabled=True)
                self.back = button("Put back", lambda: ui.navigate.reload(), disabled=True)
                text("span", "Nothing is saved until you keep it; no run is played.", "note")
            for line in row.claims:
                self._claim(line, self.trial.claims[line.id])
            if not row.claims:
                text("p", "No claim is bound to this belief.", "empty")
            self.listed.moves = block("div")
        self.chart.show(drawing(self.trial))

    def _claim(self, line: LedgerClaim, claim: Claim) -> None:
        with block("article", "claim tile"):
            with text("h3", ""):
                text("span", f"{line.id} ", "muted")
                text("span", line.statement)
            note = f"{line.source} · {line.kind}" + (f" · {line.note}" if line.note else "")
            text("p", f"{note} · origin {line.origin}" if line.origin != line.source else note, "facts")
            with block("div", "grades"):
                trial, source = self.trial, self.trial.sources[claim.source]
                grades = {grade: f"{grade} {words}" for grade, words in RELIABLE.items()}
                self._pick("Source", grades, source.grade, partial(trial.set_grade, source.id), f"grade-{line.id}")
                items = {str(item): f"{item} {words}" for item, words in TRUE.items()}
                item = str(claim.item_grade)
                self._pick("Item", items, item, partial(trial.set_item, line.id), f"item-{line.id}")
                if trial.prior.chance is not None:
                    stances = {"supports": "says yes", "denies": "says no"}
                    set_stance = partial(trial.set_claim, line.id, "stance")
                    self._pick("Says", stances, claim.stance, set_stance, f"stance-{line.id}")
                self.weights[line.id] = text("span", _weight(line), "weight")
            for name in ("value", "low", "high"):
                number = getattr(claim, name)
                if number is not None and self.trial.prior.chance is None:
                    self._slide(line, name, float(number))

    def _pick(self, words: str, options: dict[str, str], value: str, heard: Any, name: str) -> None:  # noqa: ANN401
        with block("label", "field"):
            text("span", words, "name")
            with block("select", value=value, id=name) as element:
                for each, shown in options.items():
                    text("option", shown, value=each)

        def hear(chosen: str) -> None:
            heard(chosen)
            self.again()

        value_of(element, hear, "change")

    def _slide(self, line: LedgerClaim, name: str, number: float) -> None:
        low, high = self.trial.span(self.trial.row())
        with block("label", "slide"):
            text("span", f"{name} ", "name")
            element = block("input", "", type="range", min=low, max=high, step=(high - low) / 400, value=number,
                            id=f"{name}-{line.id}")  # fmt: skip
            shown = text("output", f"{number:,.4g}")

        def hear(moved: str) -> None:
            value = float(f"{float(moved):.3g}")
            shown.set_text(f"{value:,.4g}")
            self.trial.set_claim(line.id, name, value)
            self.again()

        value_of(element, hear, "input")

    def again(self) -> None:
        """Pool again and show what comes out."""
        row = self.trial.row()
        self.chart.show(drawing(self.trial))
        self.numbers.set_text(said(row))
        for line in row.claims:
            self.weights[line.id].set_text(_weight(line))
        for act in [self.back, *([self.keep] if self.session.mine else [])]:
            act.props["disabled"] = False
            act.update()

    async def save(self) -> None:
        """Save what was tried out as one step."""
        wanted = dict(self.trial.wanted)
        if await self.session.do(lambda: self.session.editor.set_all(wanted, says=f"claims on {self.trial.belief}")):
            here = scenario_path(self.session.reference, "claims", belief=self.trial.belief)
            ui.navigate.to(here)


def _weight(line: LedgerClaim) -> str:
    """Say how much a claim counts."""
    if not line.counts:
        return "does not count"
    if line.ratio is not None:
        return f"odds × {line.ratio:.2g}"
    return "" if line.weight is None else f"keeps {percent(line.weight)} of its weight"


PAGE = Page("/scenarios/{where}/{name}/claims", build)
