"""The page that asks for a run: scenario, campaigns, seed, precision, variants."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from nicegui import ui

from fastness.app.api import scenario_rows
from fastness.app.desk import Desk
from fastness.app.frame import Page, frame, run_path
from fastness.app.parts import block, button, choice, entry, problems, text, tick
from fastness.errors import FastnessError, RunError
from fastness.scenario import Scenario, load

CAMPAIGNS = 2000


@dataclass
class _Wish:
    """What the form says so far, as it was typed."""

    scenario: str
    campaigns: str = str(CAMPAIGNS)
    seed: str = ""
    precision: str = ""
    base: bool = True
    variants: dict[str, bool] = field(default_factory=dict)


async def build(desk: Desk, scenario: str = "") -> None:
    """Build the page; `scenario` is the one to begin with."""
    rows = await asyncio.to_thread(scenario_rows, desk)
    known = {row["scenario"]: row["title"] or row["scenario"] for row in rows}
    wish = _Wish(scenario if scenario in known else next(iter(known)))
    loaded: Scenario | None = None
    fault: FastnessError | None = None
    try:
        loaded = await asyncio.to_thread(load, desk.folder.scenario(wish.scenario))
    except FastnessError as found:
        fault = found
    with frame(desk, "New run", here="/run"):
        text("h1", "New run")
        text("p", "Plays many campaigns of one scenario, and keeps them in a folder of their own.", "lead")
        with block("div", "form"):
            shown = {reference: f"{title} ({reference})" for reference, title in known.items()}
            choice("Scenario", shown, _switch, value=wish.scenario, classes="whole")
            if loaded is not None:
                _numbers(wish)
                _variants(wish, loaded)
        wrong = block("div", "wrong")
        if fault is not None:
            with wrong:
                problems(fault)
            return
        with block("div", "acts"):
            button("Play", lambda: _play(desk, wish, wrong), "main", id="play-run")


def _switch(reference: str) -> None:
    """Begin again with another scenario."""
    ui.navigate.to(f"/run?scenario={quote(reference, safe='')}")


def _numbers(wish: _Wish) -> None:
    def keep(name: str) -> Callable[[str], None]:
        return lambda value: setattr(wish, name, value)

    note = "2,000 give an error of about one point."
    entry("Campaigns", keep("campaigns"), value=wish.campaigns, note=note, type="number", min=1, step=1, id="campaigns")
    note = "The same seed plays the same campaigns. Empty: one is drawn."
    entry("Seed", keep("seed"), note=note, inputmode="numeric", id="seed")
    note = "Stop when the Monte Carlo error of the first question is this many points. Empty: play all."
    entry(
        "Precision [points]", keep("precision"), note=note, type="number", min=0.1, max=50, step="any", id="precision"
    )


def _variants(wish: _Wish, scenario: Scenario) -> None:
    if not scenario.variants:
        return
    with block("fieldset"):
        text("legend", "Variants")
        text("p", "Runs with one seed are paired, campaign by campaign, so that their differences are sharp.", "note")
        with block("div", "ticks"):
            tick("As written", lambda on: setattr(wish, "base", on), on=True)
            for name, variant in scenario.variants.items():
                tick(variant.title, lambda on, name=name: wish.variants.update({name: on}), note=name)  # type: ignore[misc]


async def _play(desk: Desk, wish: _Wish, wrong: ui.element) -> None:
    """Ask for the runs and go to the first."""
    wrong.clear()
    try:
        chosen = [None] if wish.base else []
        jobs = await asyncio.to_thread(
            desk.jobs.ask,
            wish.scenario,
            campaigns=_whole(wish.campaigns, "campaigns"),
            seed=_whole(wish.seed, "seed") if wish.seed.strip() else None,
            precision=_points(wish.precision) if wish.precision.strip() else None,
            variants=[*chosen, *(name for name, on in wish.variants.items() if on)],
        )
    except FastnessError as fault:
        with wrong:
            problems(fault)
        return
    ui.navigate.to(run_path(jobs[0].run))


def _whole(written: str, name: str) -> int:
    """Read a whole number; thousands may be set apart."""
    plain = written.replace(",", "").replace(" ", "").strip()
    if not plain.isdecimal():
        raise RunError(
            code="FS507", message=f"{name} must be a whole number, is '{written}'", hint="write it in digits"
        )
    return int(plain)


def _points(written: str) -> float:
    """Read percentage points as a probability."""
    try:
        return float(written) / 100
    except ValueError:
        raise RunError(
            code="FS507", message=f"precision must be a number of points, is '{written}'", hint="such as 0.5"
        ) from None


PAGE = Page("/run", build, "New run")
