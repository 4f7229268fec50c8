"""What-ifs of a run: its strongest inputs as levers, a variant that fixes some of them, runs to compare with."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastness.analysis.drivers import drivers, level
from fastness.app.desk import Desk
from fastness.app.jobs import Job
from fastness.app.results import Result
from fastness.app.splice import set_value
from fastness.errors import RunError
from fastness.scenario import write_new
from fastness.scenario.scales import day_of, holds_date

if TYPE_CHECKING:
    from fastness.scenario import Scenario

#: levers shown, campaigns of a quick what-if, and the variant's name in its scenario
LEVERS, CAMPAIGNS, VARIANT = 10, 300, "what-if"
#: a lever moves in so many steps
STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Lever:
    """One input that the first question hangs on.

    `low` and `high` are where it lay in the campaigns (5 to 95 %), `middle` its median; a fact has 0 and 1. `share` is
    the share of the question's variance that it explains alone [1].
    """

    id: str
    name: str
    unit: str
    fact: bool
    low: float
    middle: float
    high: float
    share: float
    beyond_chance: bool
    direction: str


def levers(result: Result) -> tuple[str, list[Lever]]:
    """Return the first question, and the inputs that it hangs on most; AnalysisError as `drivers`."""
    with result.lock:
        found = drivers(result.ensemble)
        draws = result.ensemble.draws
    scenario = result.ensemble.scenario
    if not found.questions:
        return next(iter(scenario.questions.values())).heading, []
    told = found.questions[0]
    made = []
    for driver in told.drivers[:LEVERS]:
        low, middle, high = (float(each) for each in draws[driver.id].quantile([0.05, 0.5, 0.95]))
        fact = is_fact(scenario, driver.id)
        if fact or low < high:
            ends = (0.0, middle, 1.0) if fact else (low, middle, high)
            made.append(
                Lever(
                    driver.id,
                    driver.name,
                    driver.unit,
                    fact,
                    *ends,
                    driver.share.value,
                    driver.beyond_chance,
                    driver.direction,
                )
            )
    return told.text, made


def is_fact(scenario: "Scenario", lever: str) -> bool:
    """Tell whether an input is a yes/no belief."""
    kind, _, name = lever.partition(":")
    return kind == "belief" and scenario.beliefs[name].chance is not None


def shown(scenario: "Scenario", lever: str, value: float) -> str:
    """Write where a lever stands."""
    return level(scenario, lever, value)


def changes(scenario: "Scenario", wanted: Mapping[str, float]) -> dict[str, Any]:
    """Return the changes of a variant that fixes inputs, by path."""
    found: dict[str, Any] = {}
    for lever, value in wanted.items():
        kind, _, name = lever.partition(":")
        if kind == "parameter":
            found[f"parameters.{name}"] = float(f"{value:.6g}")
        elif is_fact(scenario, lever):
            found[f"beliefs.{name}.chance"] = round(value)
        else:
            at = day_of(value).isoformat() if holds_date(scenario.beliefs[name]) else float(f"{value:.6g}")
            found |= {f"beliefs.{name}.{key}": at for key in ("p5", "p50", "p95")}
    return found


def ask(desk: Desk, result: Result, wanted: Mapping[str, float]) -> Job:
    """Ask for a quick run of a what-if, with the run's own scenario and seed, so that campaigns pair.

    Raises
    ------
    RunError
        FS506 if the run keeps no scenario.
    ScenarioError
        What is wrong with the scenario that comes out.
    """
    ensemble = result.ensemble
    known, folder = desk.jobs.get(result.name), ensemble.path / "scenario"
    if not (folder / "scenario.yaml").is_file():
        raise RunError(
            code="FS506", message=f"the run '{result.name}' keeps no scenario.yaml", hint="play it again here"
        )
    variant = ensemble.manifest["variant"]
    says = "; ".join(f"{lever.partition(':')[2]} {shown(ensemble.scenario, lever, v)}" for lever, v in wanted.items())
    written: dict[str, Any] = {"title": says[:200] or "as it was"}
    written |= {"extends": variant} if variant else {}
    with tempfile.TemporaryDirectory(dir=desk.folder.notes, prefix="what-if-") as workshop:
        called = (known.scenario if known else "").rpartition("/")[2] or result.name
        source = Path(workshop) / called
        write_new(source, folder)
        file = source / "scenario.yaml"
        text = file.read_text(encoding="utf-8")
        if VARIANT in ensemble.scenario.variants:
            text = set_value(text, ("variants", VARIANT), None)
        made = written | {"changes": changes(ensemble.scenario, wanted)}
        file.write_text(set_value(text, ("variants", VARIANT), made), encoding="utf-8")
        campaigns = min(CAMPAIGNS, int(ensemble.manifest["campaigns"]))
        seed = int(ensemble.manifest["seed"])
        scenario = known.scenario if known else ""
        return desk.jobs.ask(scenario, campaigns=campaigns, seed=seed, variants=[VARIANT], source=source)[0]


def partners(desk: Desk, result: Result) -> dict[str, str]:
    """Return the runs that pair with a run, by name, with what tells them apart: same scenario, same seed."""
    manifest, found = result.ensemble.manifest, {}
    for name in desk.folder.run_names():
        head = desk.results.headline(name) if name != result.name else None
        if head is not None and head.title == manifest["title"] and head.seed == manifest["seed"] and head.headline:
            found[name] = f"{head.variant or 'as written'}, {head.campaigns:,} campaigns"
    return found
