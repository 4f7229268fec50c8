"""Calibration: plays the table once, weighs it by how the sieges ended, and writes the posterior of every fold."""

import datetime
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import platformdirs

from fastness.ensemble.given import Inputs, inputs_of, play_at
from fastness.ensemble.store import write_text
from fastness.errors import AnalysisError, Problem
from fastness.history.cases import Case, read_cases
from fastness.history.coarse import coarse
from fastness.history.courses import endings
from fastness.history.held_out import HeldOut, held_out
from fastness.history.outcomes import read_outcomes
from fastness.history.played import FAILED, Played, file_hash, open_table, points, save
from fastness.history.posterior import Ended, Likelihood
from fastness.kernel.cache import kernel_hash
from fastness.parameters import Floats, registry
from fastness.posteriors import PLANNED, SHIFT_SD, Fold, Posterior, calibrated, folds

#: chances of the coarse mapping that are calibrated too, and the belief of each
SHIFTS: Final = {"mapping.leave": "would-leave", "mapping.relief": "relief-comes", "mapping.storm": "means-to-storm"}
#: arrays from which the end of a siege is told
KEEP: Final = ("status", "question", "first_block_day", "fighters", "guerrillas", "belief")
#: rows of the table; two thirds of half an hour of one processor for 44 cases
ROWS: Final = 8192
SEED: Final = 4

#: told what is being done, how much of it is done, and how much there is
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Calibration:
    """Posteriors of all folds, what they are worth on conflicts that they do not know, and rows that were left out."""

    posteriors: tuple[Posterior, ...]
    score: HeldOut
    table: Path
    problems: tuple[Problem, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "table": str(self.table),
            "folds": {row.fold.name: _dates_as_text(row.document()) for row in self.posteriors},
            "held_out": self.score.document(),
            "problems": [str(problem) for problem in self.problems],
        }


def calibrate(
    predictors: str | Path,
    outcomes: str | Path,
    *,
    table: Path | None = None,
    rows: int = ROWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Calibration:
    """Fit the calibrated parameters to past sieges.

    Parameters
    ----------
    predictors, outcomes : str or Path
        Files of cases: what could be known on the third day, and how they ended.
    table : Path, optional
        Table of campaigns, played and written if it is not there; by default in the user's cache.
    rows, seed : int
        Points to play each case at, and what they are drawn from.
    progress : callable, optional
        Told how far it is.

    Raises
    ------
    AnalysisError
        FS425 if a file cannot be read, FS430 if the table is none, FS431 if no case has an outcome, FS432 if the table
        belongs to other cases or another version of the model.
    """
    tell = progress or _silent
    read, known = read_cases(predictors), read_outcomes(outcomes)
    path = table or cached_table(predictors, rows, seed)
    played = table_of(read.rows, predictors, path, rows, seed, tell)
    likelihood = Likelihood(played, ends(read.rows, known.rows), lambda k, n: tell("learning from them", k, n))
    wanted = all_folds(likelihood.ended)
    made, outcomes_hash = datetime.datetime.now(datetime.UTC).date(), file_hash(outcomes)
    posteriors = []
    for k, fold in enumerate(wanted, 1):
        posteriors.append(likelihood.posterior(fold, made, outcomes_hash))
        tell("weighing", k, len(wanted))
    problems = (*read.problems, *known.problems)
    return Calibration(tuple(posteriors), held_out(likelihood), path, problems)


def _dates_as_text(row: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, datetime.date) else value for key, value in row.items()}


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def ends(cases: Sequence[Case], known: Sequence[Any]) -> list[Ended]:
    """Return how the cases ended, of those of which it is known."""
    found = {row.id: row for row in known}
    return [
        Ended(case.id, case.conflict, found[case.id].ending, found[case.id].days, found[case.id].end)
        for case in cases
        if case.id in found
    ]


def all_folds(ended: Sequence[Ended]) -> list[Fold]:
    """Return the folds that are planned, and one without each conflict."""
    conflicts = sorted({row.conflict for row in ended})
    planned = {name: fold for name, fold in folds().items() if not name.startswith("without-")}
    without = [Fold(f"without-{name}", "every case but those of one conflict", (name,)) for name in conflicts]
    return [*planned.values(), *without]


def cached_table(predictors: str | Path, rows: int, seed: int) -> Path:
    """Return where the table of these cases and this model is kept; its name covers all that it depends on."""
    digest = hashlib.sha256(f"{file_hash(predictors)} {model_hash()} {rows} {seed}".encode())
    return Path(platformdirs.user_cache_dir("fastness")) / f"calibration-{digest.hexdigest()[:16]}.npz"


def model_hash() -> str:
    """Return the hash of what plays a case: kernel, priors, coarse mapping and what counts as an end."""
    here = Path(__file__).parent
    digest = hashlib.sha256(kernel_hash().encode() + repr(sorted(registry().items())).encode())
    for file in sorted((*here.glob("coarse*"), here / "courses.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def table_of(
    cases: Sequence[Case],
    predictors: str | Path,
    path: Path,
    rows: int = ROWS,
    seed: int = SEED,
    tell: Progress = _silent,
) -> Played:
    """Open the table of a file of cases, or play and save it if it is not there."""
    if path.exists():
        played = open_table(path)
        _check(played, predictors, path)
        return played
    played = play_table(cases, rows, seed, file_hash(predictors), tell)
    save(played, path)
    return played


def _check(played: Played, predictors: str | Path, path: Path) -> None:
    """Refuse a table of other cases or of another model."""
    if played.predictors == file_hash(predictors) and played.kernel == model_hash():
        return
    what = "other cases" if played.predictors != file_hash(predictors) else "another version of the model"
    message = f"{path} was played with {what}"
    raise AnalysisError(code="FS432", message=message, hint="name another file: it is played and written")


def play_table(cases: Sequence[Case], rows: int, seed: int, predictors: str, tell: Progress) -> Played:
    """Play every case at the same points of the calibrated parameters, and all else anew for each."""
    names, model = (*calibrated(), *SHIFTS), model_hash()
    uniforms = points(len(names), rows, seed)
    tell("playing the cases", 0, len(cases))
    columns = []
    for k, case in enumerate(cases, 1):
        columns.append(play_rows(case, names, uniforms, seed))
        tell("playing the cases", k, len(cases))
    outcome, day = (np.stack(arrays, axis=1) for arrays in zip(*columns, strict=True))
    ids = tuple(case.id for case in cases)
    return Played(names, ids, uniforms, outcome.astype(np.int8), day.astype(np.int16), seed, model, predictors)


def play_rows(
    case: Case, names: Sequence[str], uniforms: Floats, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Play one case once at every point; return number and day of the end, shape (rows,) each."""
    scenario = coarse(case, calibration="prior")
    document = scenario.model_dump_json(by_alias=True)
    own_seed = (seed << 32) + zlib.crc32(case.id.encode())
    drawn = inputs_of(document, own_seed, len(uniforms))
    given = Inputs(drawn.names, _moved(drawn, names, uniforms), drawn.luck)
    arrays = play_at(document, own_seed, given, keep=KEEP)
    found, fine = endings(case, scenario, arrays), arrays["status"] == 0
    outcome, day = np.full(len(fine), FAILED), np.zeros(len(fine), dtype=np.int64)
    outcome[fine], day[fine] = found.ending, found.day
    return outcome, day


def _moved(drawn: Inputs, names: Sequence[str], uniforms: Floats) -> Floats:
    """Return a case's inputs at the points: parameters replaced, chances shifted on the probit scale."""
    from scipy.special import ndtr, ndtri

    moved = drawn.uniforms.copy()
    for name, column in zip(names, uniforms.T, strict=True):
        if name in SHIFTS:
            k = drawn.names.index(f"belief:{SHIFTS[name]}")
            moved[:, k] = ndtr(ndtri(moved[:, k]) - SHIFT_SD * ndtri(column))
        else:
            moved[:, drawn.names.index(f"parameter:{name}")] = column
    return moved


def write(posteriors: Sequence[Posterior], folder: Path) -> list[Path]:
    """Write each posterior into a folder, as the package ships them."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{row.fold.name}.toml" for row in posteriors]
    for row, path in zip(posteriors, paths, strict=True):
        head = f"# Posterior of the calibrated parameters, written by `fastness calibrate`; see {PLANNED}.\n"
        write_text(path, head + "".join(f"{key} = {_toml(value)}\n" for key, value in row.document().items()))
    return paths


def _toml(value: object) -> str:
    """Write a value as TOML: a table of numbers one row to a line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + "".join(f"    {_toml(row)},\n" for row in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return str(value)
