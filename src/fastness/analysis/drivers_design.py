"""Drivers from new runs: a Saltelli design over the strongest inputs, the other evidence, the other model, and luck.

Sobol's indices by brute force, for whoever doubts the surrogate: SALib's Saltelli design (Saltelli et al. 2010,
Computer Physics Communications 181:259) of n rows plays each of n campaigns again once for every factor, with that
factor's inputs exchanged for those of a second campaign and everything else as it was, and once with all exchanged.
Luck is a factor like any other: the campaign's number, by which its random numbers are addressed. With all inputs kept
and luck exchanged, what changes is due to luck alone, so that luck's total index is the luck of `analysis.shares`,
without that one's blind spots.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.drivers import Played, asked, called, completed, kind_of
from fastness.analysis.shares import Share
from fastness.analysis.surrogate import RESAMPLES, SEED, STRONGEST, first_order
from fastness.errors import AnalysisError, RunError

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

Floats = npt.NDArray[np.float64]

LUCK: Final = "luck"
#: fewest rows: below that the bootstrap of the indices has too little to resample
LEAST: Final = 16
CONFIDENCE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Factor:
    """One input, all other inputs of one kind, or luck: what it explains alone and all that it has a part in [1]."""

    id: str
    name: str
    inputs: int
    share: Share
    total: Share


@dataclass(frozen=True, slots=True)
class Design:
    """What one question hangs on by new runs: `rows` of the design, `campaigns` played for it, factors by total."""

    run: str
    question: str
    text: str
    probability: float
    rows: int
    campaigns: int
    factors: tuple[Factor, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data for `--json`."""
        return asdict(self)


def drivers_by_design(
    ensemble: "Ensemble",
    *,
    question: str | None = None,
    rows: int = 256,
    progress: Callable[[int, int], None] | None = None,
) -> Design:
    """Play a Saltelli design and return its indices.

    Parameters
    ----------
    ensemble : Ensemble
        A finished run; it stays as it is. Its campaigns choose the strongest inputs.
    question : str, optional
        Id; None: the scenario's first question.
    rows : int
        Rows of the design, a power of 2; there are 13 campaigns to each.
    progress : callable, optional
        Called with the campaigns done and all of them.

    Raises
    ------
    AnalysisError
        FS401 for a question that the run does not have, FS402 where no campaign was completed, FS441 where SALib is not
        installed, FS442 where the rows are no power of 2 from 16.
    RunError
        FS203 if the kernel has changed since the run.
    """
    if rows < LEAST or rows & (rows - 1):
        message = f"rows of a Sobol design must be a power of 2 from {LEAST}, are {rows}"
        raise AnalysisError(code="FS442", message=message, hint="256 takes about as long as a run of 3,300 campaigns")
    _salib()
    name = asked(ensemble.scenario, None if question is None else [question])[0]
    if not ensemble.playable:
        message = f"{ensemble.path} was run with another version of the model or on another kind of processor"
        raise RunError(code="FS203", message=message, hint="run the scenario again, then ask for its drivers")
    return _played(ensemble, completed(ensemble), name, rows, progress)


def _salib() -> Any:  # noqa: ANN401 - a module without types
    try:
        from SALib.analyze import sobol as analyse
        from SALib.sample import sobol as sample
    except ImportError as error:
        hint = "pip install 'fastness[sobol]'"
        raise AnalysisError(code="FS441", message="a Sobol design needs SALib, which is not here", hint=hint) from error
    return sample, analyse


def _played(
    ensemble: "Ensemble", played: Played, name: str, rows: int, progress: Callable[[int, int], None] | None
) -> Design:
    from fastness.ensemble.given import Inputs, play_at

    groups = _groups(played, name)
    problem = problem_of([*played.names, LUCK], [*groups, LUCK])
    uniforms, luck = design(problem, rows)
    first = int(ensemble.manifest["campaigns"])  # luck that the run has not had
    document = (ensemble.path / "scenario.resolved.json").read_text(encoding="utf-8")
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, len(luck))

    given = Inputs(played.names, uniforms[:, :-1], first + luck)
    found = play_at(
        document, ensemble.manifest["seed"], given, keep=("status", "question"),
        without=ensemble.manifest.get("without", ()), progress=tell,
    )  # fmt: skip
    column = list(ensemble.scenario.questions).index(name)
    held, fine = (found["question"][:, column] >= 0).astype(np.float64), found["status"] == 0
    factors = indices(problem, held, fine, rows)
    text = ensemble.scenario.questions[name].heading
    named = tuple(
        Factor(each, _title(each), groups.count(each) or 1, share, total) for each, (share, total) in factors.items()
    )
    named = tuple(sorted(named, key=lambda factor: -factor.total.value))
    return Design(played.run, name, text, float(held[fine].mean()), rows, len(luck), named)


def _groups(played: Played, name: str) -> list[str]:
    """Return the factor of each input: itself for the strongest, else the others of its kind."""
    strongest = set(np.argsort(-first_order(played.basis, played.happened[name]), kind="stable")[:STRONGEST].tolist())
    return [each if k in strongest else f"other {kind_of(each)}" for k, each in enumerate(played.names)]


def _title(factor: str) -> str:
    return called(factor) if ":" in factor else factor


def problem_of(names: list[str], groups: list[str]) -> dict[str, Any]:
    """Return SALib's description of inputs that are uniform numbers, in groups."""
    return {"num_vars": len(names), "names": names, "groups": groups, "bounds": [[0.0, 1.0]] * len(names)}


def design(problem: dict[str, Any], rows: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the uniform numbers of a Saltelli design and the luck of each campaign, one block after the other.

    The last input is luck's place: where a row has there what the first of its campaigns has, its luck is that one's
    number, else the number of the campaign that is exchanged for it.
    """
    sample, _ = _salib()
    table = sample.sample(problem, rows, calc_second_order=False, seed=SEED).reshape(rows, -1, problem["num_vars"])
    own = table[:, :, -1] == table[:, :1, -1]
    number = np.arange(rows)[:, None]
    luck = np.where(own, number, rows + number)
    # block by block: the luck of neighbours then follows one on the other, and they are played in one call
    return np.ascontiguousarray(table.swapaxes(0, 1).reshape(-1, problem["num_vars"])), luck.T.reshape(-1)


def indices(
    problem: dict[str, Any], y: Floats, fine: npt.NDArray[np.bool_], rows: int
) -> dict[str, tuple[Share, Share]]:
    """Return first-order and total index of each factor with 5-95 % intervals, from outcomes in the design's order.

    Rows of the design of which a campaign failed are left out whole. Where nothing varies all indices are 0.
    """
    _, analyse = _salib()
    table, whole = y.reshape(-1, rows).T, fine.reshape(-1, rows).all(axis=0)
    factors = list(dict.fromkeys(problem["groups"]))
    kept = table[whole]
    if len(kept) < LEAST or kept.std() == 0:
        return {each: (Share(0.0, 0.0, 0.0), Share(0.0, 0.0, 0.0)) for each in factors}
    found = analyse.analyze(
        problem, kept.reshape(-1), calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=SEED
    )
    return {each: (_index(found, "S1", k), _index(found, "ST", k)) for k, each in enumerate(factors)}


def _index(found: dict[str, Any], name: str, k: int) -> Share:
    value, half = float(found[name][k]), float(found[f"{name}_conf"][k])
    return Share(value, value - half, value + half)
