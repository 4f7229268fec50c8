"""A run that plays: its bar, its running estimates with their Monte Carlo error, and a way to stop it."""

from typing import Any

from nicegui import ui

from fastness.analysis.words import percent
from fastness.app.desk import Desk
from fastness.app.figures import LiveChart
from fastness.app.frame import frame
from fastness.app.jobs import Job, State
from fastness.app.parts import bar, block, button, say, text
from fastness.app.progress import Progress, progress
from fastness.errors import FastnessError
from fastness.plot.drawing import Drawing
from fastness.plot.style import BLUE, faded, template
from fastness.reporting.texts import count, interval

#: seconds between looks at the run folder
EVERY = 0.6
#: standard errors on each side of a share within which it lies nine times out of ten
NINE_TENTHS = 1.645
SAYS: dict[State, str] = {
    "waiting": "Waiting for the run before it.",
    "playing": "Playing.",
    "stopping": "Stopping; the campaigns that are done stay.",
    "stopped": "Stopped.",
    "failed": "This run came to a bad end.",
    "done": "Done.",
}


def playing_page(desk: Desk, job: Job) -> None:
    """Build the page; it becomes that of the results when the run ends."""
    with frame(desk, job.title):
        text("h1", job.title + (f" · {job.variant}" if job.variant else ""))
        text("p", f"{count(job.campaigns)} campaigns · seed {job.seed} · {job.scenario or 'begun elsewhere'}", "lead")
        look = _Look(desk, job)
        ui.timer(EVERY, look.again)


class _Look:
    """What changes on the page while the run plays; everything is read from disk, so that all tabs show the same."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk, self._job = desk, job
        self._shown: tuple[Any, ...] = ()
        with block("div", "run-bar"):
            self._bar = block("progress", value=0, max=job.campaigns, id="run-progress", aria_label="Campaigns played")
            with block("div", "counts"):
                self._state = text("span", "", id="run-state", aria_live="polite")
                self._done = text("span", "", id="run-done")
        with block("div", "acts"):
            self._stop = button("Stop", self._do_stop, id="stop-run")
            self._resume = button("Go on", self._do_resume, "main", id="resume-run")
        self._log = text("pre", "", "problems")
        with block("section", "so-far") as self._so_far:
            with block("div", "head"):
                text("h2", "So far")
                text("span", "Shares of the campaigns played, with their Monte Carlo error (5–95 %).", "note")
            self._first = text("h3", "")
            self._chart = LiveChart("Running estimate of the first question, with its Monte Carlo error.")
            self._table = block("div")
        self.again()

    def _do_stop(self) -> None:
        self._do(self._desk.jobs.stop)

    def _do_resume(self) -> None:
        self._do(self._desk.jobs.go_on)

    def _do(self, what: Any) -> None:  # noqa: ANN401 - stop and go_on give different things
        try:
            what(self._job.run)
        except FastnessError as fault:
            say(str(fault), bad=True)
        self.again()

    def again(self) -> None:
        """Look again; show what changed."""
        job = self._desk.jobs.get(self._job.run)
        if job is None:
            return
        state, far = self._desk.jobs.state(job), progress(self._desk.folder.runs / job.run)
        now = (state, far.done if far else -1, bool(far and far.running))
        if now == self._shown:
            return
        self._shown = now
        over = state in ("done", "stopped") and far is not None
        if over and (self._desk.folder.runs / job.run / "outcomes.parquet").is_file():
            ui.navigate.reload()  # to the results
            return
        self._show(job, state, far)

    def _show(self, job: Job, state: State, far: Progress | None) -> None:
        done = far.done if far else 0
        says = SAYS[state]
        if state == "playing" and not done:
            says = "Starting; the first run on a machine compiles the model, which takes half a minute."
        elif state == "playing" and far is not None and done >= far.total:
            says = "All campaigns are played; writing the results."
        self._bar.props["value"] = done
        self._state.set_text(says)
        self._done.set_text(f"{done:,} of {job.campaigns:,} campaigns")
        self._stop.set_visibility(state in ("waiting", "playing"))
        self._resume.set_visibility(state in ("stopped", "failed"))
        self._log.set_visibility(state == "failed")
        if state == "failed":
            self._log.set_text(self._desk.jobs.log(job.run))
        self._so_far.set_visibility(bool(far and far.running))
        if far and far.running:
            self._estimates(far)

    def _estimates(self, far: Progress) -> None:
        self._first.set_text(far.running[0].text)
        self._chart.show(_trail(far))
        self._table.clear()
        with self._table, block("table", "questions", id="running"):
            with block("thead"), block("tr"):
                text("th", "Question", scope="col")
                text("th", "Share of campaigns so far", "number", scope="col")
            with block("tbody"):
                for each in far.running:
                    with block("tr"):
                        text("th", each.text, scope="row")
                        with block("td", "number"):
                            text("b", percent(each.probability))
                            text("span", f" {interval(each.low, each.high)}", "range")
                            bar(100 * each.probability, 100 * each.low, 100 * each.high)


def _trail(far: Progress) -> dict[str, Any]:
    """Draw how the estimate of the first question settles."""
    campaigns = [n for n, _, _ in far.trail]
    share = [100 * p for _, p, _ in far.trail]
    error = [100 * NINE_TENTHS * e for _, _, e in far.trail]
    hidden = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn = Drawing()
    drawn.add("scatter", x=campaigns, y=[max(s - e, 0) for s, e in zip(share, error, strict=True)], **hidden)
    drawn.add("scatter", x=campaigns, y=[min(s + e, 100) for s, e in zip(share, error, strict=True)], fill="tonexty",
                      fillcolor=faded(BLUE, 0.2), **hidden)  # fmt: skip
    drawn.add(
        "scatter",
        x=campaigns,
        y=share,
        customdata=error,
        mode="lines+markers",
        line={"color": BLUE, "width": 2.5},
        marker={"size": 5},
        hovertemplate="%{y:.0f} ± %{customdata:.0f} % of %{x:,} campaigns<extra></extra>",
    )
    drawn.layout.update(
        height=190,
        template=template(),
        xaxis={"title": {"text": "campaigns"}, "range": [0, far.total], "showgrid": False},
        yaxis={"range": [0, 102], "ticksuffix": " %", "nticks": 5},
        margin={"t": 10, "b": 44, "l": 48, "r": 10},
    )
    return drawn.document()
