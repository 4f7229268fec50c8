"""The verb `run`: plays the ensemble, prints the answer, writes the report."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fastness.cli import screen
from fastness.cli.arguments import Json, ScenarioArgument
from fastness.errors import RunError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastness.analysis.answer import Answer
    from fastness.ensemble import Ensemble, Progress
    from fastness.scenario import Scenario

EXISTS: Final = "FS301"
NONE_COMPLETED: Final = "FS402"
OTHER_SCENARIO: Final = "FS205"
INTERRUPTED: Final = 130
TOO_MANY_FAILED: Final = 3
#: share of campaigns that may fail
MAY_FAIL: Final = 0.01


@dataclass(frozen=True, slots=True)
class Play:
    """One ensemble to play: a scenario, as written or as a variant, and its run folder."""

    variant: str | None
    scenario: "Scenario"
    folder: Path


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to play: what the options say."""

    campaigns: int
    seed: int
    stop: float | None
    threads: int | None
    resume: bool
    titles: bool
    bar: bool


def run(
    scenario: ScenarioArgument,
    *,
    campaigns: Annotated[int, typer.Option("--campaigns", "-n", min=1, help="How many campaigns to play.")] = 2000,
    seed: Annotated[int | None, typer.Option(min=0, help="Same seed, same campaigns. Default: draw one.")] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(help="Play this variant; several: the scenario and each of them, with one seed."),
    ] = None,
    until: Annotated[
        float | None,
        typer.Option(min=0, max=0.5, help="Stop at this Monte Carlo error of the first question, such as 0.005."),
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads. Default: one per processor.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="New run folder. Default: runs/SCENARIO-SEED[-VARIANT].")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the run folder.")] = False,
) -> None:
    """Play the ensemble: the answer here, the report in the run folder."""
    chosen = seed if seed is not None else _seed_of(out, resume=resume)
    plays = _plan(scenario, variant or [], chosen, out)
    wishes = Wishes(campaigns, chosen, until, threads, resume, titles=not (quiet or as_json), bar=not quiet)
    if not resume:
        _refuse_existing(plays)
    ensembles = [_play(play, wishes) for play in plays]
    answers = [ensemble.answer() for ensemble in ensembles]
    if not (as_json or quiet):
        _print(plays, ensembles, answers)  # people read it while the report is drawn
    _write_reports(ensembles)
    if as_json:
        documents = [screen.document(each, its) for each, its in zip(ensembles, answers, strict=True)]
        document = documents[0]
        others = [{"variant": p.variant, **its} for p, its in zip(plays[1:], documents[1:], strict=True)]
        screen.print_json(document | ({"variants": others} if others else {}))
    elif quiet:
        for play in plays:
            typer.echo(play.folder)
    if open_report:
        typer.launch((plays[0].folder / "report.html").resolve().as_uri())
    fail_if_many(answers)


def _seed_of(out: Path | None, *, resume: bool) -> int:
    """Return a new seed; to go on, that of the run folder."""
    if not resume:
        return secrets.randbits(32)
    if out is None:
        message = "to go on with a run, name its folder with -o, or its --seed"
        raise typer.BadParameter(message, param_hint="--resume")
    from fastness.ensemble import open_run

    return int(open_run(out).manifest["seed"])


def _plan(source: str, variants: Sequence[str], seed: int, out: Path | None) -> list[Play]:
    """Return what to play: one variant alone, or the scenario and several variants."""
    from fastness.scenario import apply_variant, load, locate

    base = load(source)
    place = locate(source).resolve()
    name = place.name if place.is_dir() else place.stem
    several = len(variants) > 1
    plays = []
    for variant in dict.fromkeys([None, *variants] if several or not variants else variants):
        made = base if variant is None else apply_variant(base, variant)
        default = Path("runs") / "-".join(filter(None, (name, str(seed), variant)))
        folder = default if out is None else out / (variant or "base") if several else out
        plays.append(Play(variant, made, folder))
    return plays


def _refuse_existing(plays: Sequence[Play]) -> None:
    """Refuse before anything is run what would be refused after the first of several runs."""
    for play in plays:
        if play.folder.exists() and (not play.folder.is_dir() or any(play.folder.iterdir())):
            message = f"{play.folder} exists; nothing was overwritten"
            raise StoreError(code=EXISTS, message=message, hint="go on with --resume, or choose another folder with -o")


def _play(play: Play, wishes: Wishes) -> "Ensemble":
    from fastness.ensemble import resume, simulate
    from fastness.scenario import identity

    hashed = identity(play.scenario)
    if wishes.titles:
        screen.console().print(screen.title(play.scenario, hashed, play.variant), style="bold")
    try:
        with progress_bar(wanted=wishes.bar) as progress:
            progress = _loading_ahead(progress)
            if wishes.resume and play.folder.exists():
                _check_same(play.folder, hashed, wishes.seed)
                return resume(play.folder, threads=wishes.threads, stop=wishes.stop, progress=progress)
            return simulate(
                play.scenario,
                campaigns=wishes.campaigns,
                seed=wishes.seed,
                threads=wishes.threads,
                stop=wishes.stop,
                out=play.folder,
                variant=play.variant,
                progress=progress,
            )
    except KeyboardInterrupt:
        _tell_interrupted(play, wishes.seed)
        raise typer.Exit(INTERRUPTED) from None


def _check_same(folder: Path, hashed: str, seed: int) -> None:
    """Refuse to go on with a run of something else."""
    from fastness.ensemble import open_run

    manifest = open_run(folder).manifest
    if manifest["scenario"] != hashed or manifest["seed"] != seed:
        message = f"{folder} holds a run of another scenario, variant or seed"
        raise RunError(code=OTHER_SCENARIO, message=message, hint="start a new run in another folder")


def _tell_interrupted(play: Play, seed: int) -> None:
    from fastness.ensemble import open_run

    done = sum(count for _, count in open_run(play.folder).manifest["done"]) if play.folder.exists() else 0
    typer.echo(f"interrupted; {done} campaigns are kept in {play.folder}", err=True)
    typer.echo(f"Go on: the same command with --resume --seed {seed}", err=True)


@contextmanager
def progress_bar(*, wanted: bool) -> "Iterator[Callable[[Progress], None] | None]":
    """Show a bar with the time left and the first question's running estimate, on standard error."""
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from fastness.analysis.words import percent

    err = screen.console(stderr=True)
    if not wanted or not err.is_terminal:
        yield _say_compiling if wanted else None
        return
    columns = (BarColumn(26), TextColumn("{task.description}"), TimeRemainingColumn(), TextColumn("{task.fields[p]}"))
    with Bar(*columns, console=err) as bar:
        task = bar.add_task("starting", total=None, p="")

        def update(now: "Progress") -> None:
            if now.compiling:
                bar.update(task, description="compiling the model, once on this machine (half a minute)")
                return
            estimate = f"first question {percent(now.probability)} ± {100 * now.standard_error:.1f}" if now.done else ""
            text = f"{now.done}/{now.total} campaigns"
            bar.update(task, description=text, completed=now.done, total=now.total, p=estimate)

        yield update


def _loading_ahead(progress: "Callable[[Progress], None] | None") -> "Callable[[Progress], None]":
    """Load what draws the report beside the first campaigns: afterwards nothing else would run beside it."""
    loading = Thread(target=import_module, args=("fastness.reporting.build",))

    def update(now: "Progress") -> None:
        if now.done and loading.ident is None:
            loading.start()
        if progress is not None:
            progress(now)

    return update


def _say_compiling(now: "Progress") -> None:
    """Say into a log why nothing happens for a while."""
    if now.compiling:
        typer.echo("compiling the model, once on this machine (half a minute)", err=True)


def _write_reports(ensembles: "Sequence[Ensemble]") -> None:
    """Write every run's report; that of the first run shows the others beside it."""
    from fastness import report

    report(ensembles, ensembles[0].path / "report.html")
    for ensemble in ensembles[1:]:
        report([ensemble], ensemble.path / "report.html")


def _print(plays: Sequence[Play], ensembles: "Sequence[Ensemble]", answers: "Sequence[Answer]") -> None:
    screen.print_answer(ensembles[0], answers[0])
    if len(plays) > 1:
        for ensemble, answer in zip(ensembles[1:], answers[1:], strict=True):
            screen.print_place(ensemble, answer)
        screen.console().print()
        screen.print_side_by_side([play.variant or "base" for play in plays], ensembles, answers)


def fail_if_many(answers: "Sequence[Answer]") -> None:
    """Exit with 3 where more than 1 % of a run's campaigns failed."""
    if any(answer.failed > MAY_FAIL * answer.campaigns for answer in answers):
        typer.echo("More than 1 % of the campaigns failed: an estimate from the rest could be biased.", err=True)
        typer.echo("Replay one and report it: fastness replay RUN --campaign N", err=True)
        raise typer.Exit(TOO_MANY_FAILED)
