"""What if: runs side by side with paired differences, and the strongest inputs as levers, played again when moved."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from nicegui import ui

from fastness.analysis.compare import Comparison, Difference, compare
from fastness.analysis.words import percent
from fastness.app.desk import Desk
from fastness.app.frame import Page, run_path
from fastness.app.jobs import Job
from fastness.app.levers import CAMPAIGNS, STEPS, Lever, ask, levers, partners, shown
from fastness.app.pages._run import opened, run_frame
from fastness.app.parts import block, button, link, problems, say, text, tick, value_of
from fastness.app.progress import progress
from fastness.app.results import Result
from fastness.errors import FastnessError

#: runs beside the base, as many as can be read at once
MOST: Final = 3
#: seconds between looks at a what-if that plays
EVERY: Final = 0.5
#: verdicts that say that something differs
TOLD: Final = ("clear", "not beyond chance")
VERDICTS: Final = {
    "same": "no campaign differs",
    "indistinguishable": "cannot be told apart",
    "not beyond chance": "within chance among so many",
    "clear": "clear",
}


async def build(desk: Desk, name: str, beside: str = "") -> None:
    """Build the page of the run `name`; `beside` names the runs to show beside it, with commas between them."""
    result = await opened(desk, name)
    known = await asyncio.to_thread(partners, desk, result)
    chosen = [each for each in beside.split(",") if each in known][:MOST]
    with run_frame(desk, result, "what-if"):
        with block("section", aria_labelledby="levers-title"):
            with block("div", "head"):
                text("h2", "Levers", id="levers-title")
                note = (
                    f"Move one: {CAMPAIGNS} campaigns are played with the same luck, and paired with this run’s first."
                )
                text("span", note, "note")
            _Levers(desk, result).build()
        with block("section", aria_labelledby="beside-title"):
            text("h2", "Side by side", id="beside-title")
            _choose(desk, result, known, chosen)
            if chosen:
                await _compared(desk, result, chosen, known)


def _choose(desk: Desk, result: Result, known: dict[str, str], chosen: list[str]) -> None:
    """Show the runs that pair with this one, and the variants that could be played."""
    picked = list(chosen)

    def pick(name: str, on: bool) -> None:
        if on and name not in picked:
            picked.append(name)
        elif not on and name in picked:
            picked.remove(name)
        here = run_path(result.name, "what-if")
        ui.navigate.to(f"{here}?beside={quote(','.join(picked[-MOST:]), safe='')}")

    if known:
        text("p", f"Runs of the same scenario with the same seed pair campaign by campaign. Up to {MOST}.", "note")
        with block("div", "ticks"):
            for name, says in known.items():
                tick(name, partial(pick, name), on=name in chosen, note=says)
    else:
        text("p", "No other run has this scenario and this seed yet.", "empty")
    played = {says.partition(",")[0] for says in known.values()}
    variants = result.ensemble.scenario.variants
    free = [name for name in variants if name not in played and name != result.ensemble.manifest["variant"]]
    if not free or desk.jobs.get(result.name) is None:
        return
    with block("div", "acts"):
        text("span", "Play a variant with this run’s seed:", "note")
        for name in free[:8]:
            button(variants[name].title, partial(_play, desk, result, name))


def _play(desk: Desk, result: Result, variant: str) -> None:
    """Play a variant as the run was played, from the run's own scenario."""
    job = desk.jobs.get(result.name)
    manifest, source = result.ensemble.manifest, result.ensemble.path / "scenario"
    try:
        campaigns, seed = int(manifest["campaigns"]), int(manifest["seed"])
        scenario = job.scenario if job else ""
        made = desk.jobs.ask(scenario, campaigns=campaigns, seed=seed, variants=[variant], source=source)
    except FastnessError as fault:
        say(str(fault), bad=True)
        return
    ui.navigate.to(run_path(made[0].run))


async def _compared(desk: Desk, result: Result, chosen: list[str], known: dict[str, str]) -> None:
    try:
        found = await asyncio.to_thread(_compare, desk, result, chosen)
    except FastnessError as fault:
        problems(fault)
        return
    titles = dict(zip([other.name for other in found.others], chosen, strict=True))
    side_by_side(found, {name: f"{run} ({known[run].partition(',')[0]})" for name, run in titles.items()})


def _compare(desk: Desk, result: Result, names: list[str]) -> Comparison:
    others = [desk.results.open(name).ensemble for name in names]
    with result.lock:
        return compare(result.ensemble, *others)


def side_by_side(found: Comparison, titles: dict[str, str]) -> None:
    """Show what differs between the base and the others, and behind a fold what cannot be told apart."""
    for note in found.notes:
        text("p", note, "note")
    rows: dict[str, dict[str, Difference]] = {}
    for row in found.differences:
        rows.setdefault(row.id, {})[row.other] = row
    differ = [each for each in rows.values() if any(row.verdict in TOLD for row in each.values())]
    alike = [each for each in rows.values() if each not in differ]
    if differ:
        _table(found, differ, titles)
    else:
        text("p", "Nothing can be told apart.", "empty")
    if alike:
        with block("details"):
            text("summary", f"{len(alike)} questions and clocks that cannot be told apart")
            _table(found, alike, titles)
    note = "Intervals: 95 %, from Monte Carlo error alone; how far the model can be trusted is another matter."
    text("p", note, "note")


def _table(found: Comparison, rows: list[dict[str, Difference]], titles: dict[str, str]) -> None:
    with block("div", "wide", tabindex="0", role="region", aria_label="Differences"), block("table", "compared"):
        with block("thead"), block("tr"):
            text("th", "Question or clock", scope="col")
            text("th", "This run", "number", scope="col")
            for other in found.others:
                text("th", titles.get(other.name, other.name), "number", scope="col")
        with block("tbody"):
            for each in rows:
                _row(each, [other.name for other in found.others])


def _row(each: dict[str, Difference], others: list[str]) -> None:
    first = next(iter(each.values()))
    with block("tr"):
        text("th", first.text, scope="row")
        text("td", _value(first, first.base_value), "number")
        for other in others:
            with block("td", "number"):
                row = each.get(other)
                if row is None:
                    text("span", "not asked alike", "note")
                    continue
                text("b", _value(row, row.value))
                text("span", f" {difference(row)}", "range")
                text("span", VERDICTS[row.verdict], f"verdict {row.verdict.split()[0]}")


def _value(row: Difference, value: float) -> str:
    return percent(value) if row.kind == "question" else f"{value:.0f} days"


def difference(row: Difference) -> str:
    """Write a difference with its interval, in points or days."""
    scale, unit = (100, "points") if row.kind == "question" else (1, "days")
    return f"{scale * row.difference:+.1f} {unit} ({scale * row.low:+.1f} to {scale * row.high:+.1f})"


class _Levers:
    """The ten levers; a move asks for a what-if, and its result is shown when it is played."""

    def __init__(self, desk: Desk, result: Result) -> None:
        self.desk, self.result = desk, result
        self.wanted: dict[str, float] = {}
        self.job: Job | None = None
        self.told = ""
        self.dropped: list[str] = []

    def build(self) -> None:
        """Build the panel; what the run hangs on is worked out after the page is there."""
        self.spot = block("div", "levers")
        with self.spot:
            text("p", "Looking for what the first question hangs on …", "note")
        self.state = text("p", "", "note", id="lever-state", aria_live="polite")
        self.outcome = block("div", id="lever-outcome")
        ui.timer(0.1, self._begin, once=True)
        ui.timer(EVERY, self._look)

    async def _begin(self) -> None:
        self.spot.clear()
        try:
            question, found = await asyncio.to_thread(levers, self.result)
        except FastnessError as fault:
            with self.spot:
                problems(fault)
            return
        with self.spot:
            if not found:
                text("p", "All campaigns decide the first question alike, so it hangs on nothing that varies.", "empty")
                return
            text("p", f"What “{question}” hangs on most, strongest first.", "note")
            for lever in found:
                self._lever(lever)
            with block("div", "acts"):
                button("Put all back", lambda: ui.navigate.reload())

    def _lever(self, lever: Lever) -> None:
        scenario = self.result.ensemble.scenario
        with block("div", "lever"):
            with block("div"):
                text("span", lever.name, "name", title=lever.direction)
                words = f" explains {percent(max(lever.share, 0))} alone"
                text("span", words if lever.beyond_chance else f"{words}, which may be chance", "note")
            if lever.fact:
                with block("select", value="", aria_label=lever.name) as element:
                    for value, words in (("", "open"), ("1", "it is so"), ("0", "it is not")):
                        text("option", words, value=value)
                shown_at = text("output", "as drawn")
                value_of(element, partial(self._moved, lever, shown_at), "change")
                return
            step = (lever.high - lever.low) / STEPS
            element = block("input", "", type="range", min=lever.low, max=lever.high, step=step, value=lever.middle,
                            aria_label=f"{lever.name}, {lever.unit}")  # fmt: skip
            shown_at = text("output", "as drawn")
            element.props["title"] = (
                f"{shown(scenario, lever.id, lever.low)} to {shown(scenario, lever.id, lever.high)}"
            )
            value_of(element, partial(self._moved, lever, shown_at), "change")

    def _moved(self, lever: Lever, shown_at: Any, moved: str) -> None:  # noqa: ANN401 - NiceGUI's text element
        """Take a lever's new place and play."""
        if moved == "":
            self.wanted.pop(lever.id, None)
            shown_at.set_text("as drawn")
        else:
            self.wanted[lever.id] = float(moved)
            shown_at.set_text(shown(self.result.ensemble.scenario, lever.id, float(moved)))
        self._drop()
        if not self.wanted:
            self.outcome.clear()
            self.state.set_text("")
            return
        try:
            self.job = ask(self.desk, self.result, self.wanted)
        except FastnessError as fault:
            say(str(fault), bad=True)
            return
        self.state.set_text("Playing …")

    def _drop(self) -> None:
        """Stop the what-if before this one; a run that was only tried out is not kept."""
        if self.job is not None:
            self.dropped.append(self.job.run)
            self.desk.jobs.stop(self.job.run)
            self.job = None

    def _sweep(self) -> None:
        """Remove the runs that were only tried out, as soon as they have ended."""
        for run in list(self.dropped):
            with suppress(FastnessError):  # it still plays; the next look removes it
                self.desk.jobs.forget(run)
                self.dropped.remove(run)

    async def _look(self) -> None:
        """Show how far the what-if is, then what it says."""
        self._sweep()
        job = self.job
        if job is None or job.run == self.told:
            return
        state = self.desk.jobs.state(job)
        far = progress(self.desk.folder.runs / job.run)
        if state == "failed":
            self.told = job.run
            self.state.set_text("It came to a bad end: " + self.desk.jobs.log(job.run)[-300:])
        elif state != "done":
            self.state.set_text(f"Playing {far.done} of {far.total} campaigns …" if far else "Starting …")
        else:
            self.told = job.run
            await self._tell(job)

    async def _tell(self, job: Job) -> None:
        try:
            found = await asyncio.to_thread(_compare, self.desk, self.result, [job.run])
        except FastnessError as fault:
            self.state.set_text(str(fault))
            return
        self.state.set_text("")
        self.outcome.clear()
        with self.outcome:
            side_by_side(found, {found.others[0].name: "With the levers moved"})
            with block("div", "acts"):
                link("Open this run", run_path(job.run), "act")
                button("Keep it", self._keep)

    def _keep(self) -> None:
        """Keep the run when the next lever is moved."""
        self.job = None
        say("Kept among the runs")


PAGE = Page("/runs/{name}/what-if", build)
