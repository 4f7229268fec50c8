"""The same forecast without an assumption, a source or a process, so that a sceptic can try.

- An assumption is a belief. Without it nothing is known: its claims count no more, a fact is even odds, and a quantity
  keeps its median with a range so much wider that what it said with 90 % it says with 50 % (`WIDER`).
- A source is an origin: every claim of that origin goes, whoever passed it on. Claims can also go one by one.
- A process of the model stands idle, while all others draw the random numbers that they draw with it.

The campaigns of the run are played again with its seed, so that each pairs with what it was before (`compare`). This is
exact; weighing the stored campaigns anew would leave few of them where a belief becomes wide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastness.ensemble import simulate
from fastness.errors import AnalysisError, RunError, ScenarioError, StoreError, did_you_mean
from fastness.parameters import Z95
from fastness.scenario import restore
from fastness.scenario.model import Belief, Claim, Scenario
from fastness.scenario.scales import backward, day_of, holds_date, percentiles, scale_of

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble
    from fastness.ensemble.run import Report

#: how much wider a 5-95 % range becomes: 1.645 / 0.674, so that what it said with 90 % it says with 50 %. People's 90 %
#: ranges hold the truth about that often (Alpert and Raiffa 1982, in Kahneman, Slovic and Tversky, Judgment under
#: Uncertainty, ch. 21; quoted from memory)
WIDER: Final = Z95 / 0.6744897501960817
#: what an analyst who knows nothing gives a fact
EVEN: Final = 0.5
UNKNOWN, NOTHING = "FS437", "FS438"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a forecast is to be made without."""

    assumptions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything dropped, by name."""
        return (*self.assumptions, *self.sources, *self.claims, *self.processes)

    def __str__(self) -> str:
        return "without " + ", ".join(self.names)


def dropped(scenario: Scenario, what: Dropped) -> Scenario:
    """Return a scenario without assumptions, sources or claims, checked again; processes are for the run to drop.

    Parameters
    ----------
    scenario : Scenario
        Stays as it is.
    what : Dropped
        Ids of beliefs, origins and claims.

    Raises
    ------
    AnalysisError
        FS437 for names that the scenario does not have, FS438 for what nothing hangs on, or cannot be left open: all of
        them at once.
    """
    _refuse(UNKNOWN, _unknown(scenario, what))
    going = {claim.id for claim in scenario.claims if _goes(claim, scenario, what)}
    _refuse(NOTHING, [*_idle_claims(scenario, what, going), *_fixed(scenario, what.assumptions)])
    document = scenario.model_dump(mode="json", by_alias=True)
    document["claims"] = [row for row in document["claims"] if row["id"] not in going]
    for name in what.assumptions:
        document["beliefs"][name] |= _ignorance(scenario.beliefs[name])
    try:
        result = restore(document)
    except ScenarioError as fault:
        message = f"{what} the scenario does not hold together: {fault.problems[0].message}"
        raise AnalysisError(code=NOTHING, message=message, hint="write a variant that says what to believe") from fault
    result._origin = scenario.origin
    return result


def _refuse(code: str, reasons: Sequence[str]) -> None:
    if reasons:
        raise AnalysisError(code=code, message="; ".join(reasons))


def _unknown(scenario: Scenario, what: Dropped) -> list[str]:
    """Say which names the scenario does not have."""
    origins = {source.id: source.origin for source in scenario.sources}
    known: list[tuple[str, Sequence[str], Iterable[str]]] = [
        ("belief", what.assumptions, scenario.beliefs),
        ("origin", what.sources, set(origins.values())),
        ("claim", what.claims, [claim.id for claim in scenario.claims]),
    ]
    said = []
    for noun, names, there in known:
        for name in names:
            if name in there:
                continue
            hint = did_you_mean(name, there)
            if noun == "origin" and name in origins:
                hint = f"the origin of source '{name}' is '{origins[name]}'"
            said.append(f"the scenario has no {noun} named '{name}'" + (f" ({hint})" if hint else ""))
    return said


def _goes(claim: Claim, scenario: Scenario, what: Dropped) -> bool:
    """Tell whether a claim goes: itself, its origin or its belief is dropped; what informs no belief stays."""
    origin = next(source.origin for source in scenario.sources if source.id == claim.source)
    chosen = claim.id in what.claims or origin in what.sources or claim.target in what.assumptions
    return claim.binds == "belief" and chosen


def _idle_claims(scenario: Scenario, what: Dropped, going: set[str]) -> list[str]:
    """Say of which claims and origins nothing goes, and why."""
    origins = {source.id: source.origin for source in scenario.sources}
    rows = {claim.id: claim for claim in scenario.claims}
    said = [
        f"no number of the model hangs on {name}: {_binding(rows[name])}" for name in what.claims if name not in going
    ]
    for name in what.sources:
        mine = [claim for claim in scenario.claims if origins[claim.source] == name]
        if not any(claim.id in going for claim in mine):
            said.append(f"no number of the model hangs on '{name}': none of its {len(mine)} claims informs a belief")
    return said


def _binding(claim: Claim) -> str:
    """Say what a claim that informs no belief is for."""
    if claim.binds in ("entry", "parameter"):
        return f"it explains {claim.target}, whose value stands in the scenario itself and can be changed by a variant"
    return "it is context"


def _fixed(scenario: Scenario, names: Iterable[str]) -> list[str]:
    """Say which beliefs cannot become wider, or are as open as can be."""
    said = []
    for name in names:
        belief = scenario.beliefs[name]
        claimed = any(claim.binds == "belief" and claim.target == name for claim in scenario.claims)
        if belief.chance is None and scale_of(belief).sd == 0:
            said.append(f"belief '{name}' is a single value without a range that could become wider")
        elif belief.chance == EVEN and not claimed:
            said.append(f"belief '{name}' is even odds without any claim already")
    return said


def _ignorance(belief: Belief) -> dict[str, Any]:
    """Return what a belief says when nothing is known of it."""
    if belief.chance is not None:
        return {"chance": EVEN}
    scale = scale_of(belief)
    ends = [scale.centre - WIDER * Z95 * scale.left, scale.centre + WIDER * Z95 * scale.right]
    low, high = (float(value) for value in backward(scale.kind, ends))
    values = [low, percentiles(belief)[1], high]
    levels = [day_of(value).isoformat() for value in values] if holds_date(belief) else values
    return dict(zip(("p5", "p50", "p95"), levels, strict=True))


def drop(
    run: "Ensemble",
    *,
    assumptions: Sequence[str] = (),
    sources: Sequence[str] = (),
    claims: Sequence[str] = (),
    processes: Sequence[str] = (),
    campaigns: int | None = None,
    out: str | Path | None = None,
    progress: "Report | None" = None,
) -> "Ensemble":
    """Play the campaigns of a run again without something; the run itself stays as it is.

    Parameters
    ----------
    run : Ensemble
        A run.
    assumptions, sources, claims, processes : sequence of str
        Beliefs, origins, claims and processes of the model that it is played without.
    campaigns : int, optional
        How many of its campaigns, from the first; None: as many as it has.
    out : str or Path, optional
        Run folder to make; None: beside the run, `<run>-without-<names>`.
    progress : callable, optional
        As for `simulate`.

    Returns
    -------
    Ensemble
        The new run; `fastness.compare(run, new)` pairs the two campaign by campaign.

    Raises
    ------
    AnalysisError
        FS437 or FS438 where something cannot be dropped, FS439 if nothing is to be.
    RunError
        FS203 if the model has changed since the run, FS206 if it had processes of a user's own, FS207 for a process
        that the model does not have or cannot do without.
    StoreError
        FS301 if the folder exists.
    """
    what = Dropped(tuple(assumptions), tuple(sources), tuple(claims), tuple(processes))
    if not what.names:
        hint = "name a belief, an origin, a claim or a process"
        raise AnalysisError(code="FS439", message="nothing is to be dropped", hint=hint)
    manifest = run.manifest
    _check_playable(run)
    before = tuple(manifest.get("without", ()))
    _refuse(NOTHING, [f"the run was played without '{name}' already" for name in what.processes if name in before])
    place = run.path if run.path.name not in ("", "..") else run.path.resolve()
    folder = Path(out) if out is not None else place.with_name("-".join([place.name, "without", *what.names]))
    if folder.exists():
        hint = f"compare the two: fastness compare {run.path} {folder}; or choose another folder"
        raise StoreError(code="FS301", message=f"{folder} exists; nothing was overwritten", hint=hint)
    done = sum(count for _, count in manifest["done"])
    label = ", ".join(filter(None, (manifest.get("variant"), str(what))))
    return simulate(
        dropped(_as_written(run), what),
        campaigns=done if campaigns is None else min(campaigns, done),
        seed=manifest["seed"],
        out=folder,
        variant=label,
        progress=progress,
        without=(*before, *what.processes),
    )


def _check_playable(run: "Ensemble") -> None:
    """Refuse what would not pair with the run because something else differs as well."""
    if run.manifest.get("processes"):
        message = f"{run.path} has processes of yours: {', '.join(run.manifest['processes'])}"
        hint = "they are not stored; run the scenario with and without it yourself, and compare"
        raise RunError(code="FS206", message=message, hint=hint)
    if not run.playable:
        message = f"{run.path} was run with another version of the model or on another kind of processor"
        raise RunError(code="FS203", message=message, hint="run the scenario again, then drop")


def _as_written(run: "Ensemble") -> Scenario:
    """Return the run's scenario with the files that it was written in, so that the new folder keeps them too."""
    scenario = run.scenario.model_copy()
    files = run.path / "scenario"
    written = [files] if (files / "scenario.yaml").is_file() else sorted(files.glob("*.y*ml"))
    scenario._origin = written[0] if written else None
    return scenario
