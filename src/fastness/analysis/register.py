"""Freezes a forecast before its outcome: an append-only file of records, each with the hash of the one before.

A record says what was forecast, from which scenario, with which code and priors, and when. Its hash covers all of it
and the hash of the record before, so that whoever has seen one hash can tell whether anything up to it was altered.
"""

import datetime
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fastness.analysis.reports import window_of
from fastness.ensemble import store
from fastness.ensemble.given import inputs_of, play_at
from fastness.errors import AnalysisError

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

FORMAT: Final = 1
#: hash before the first record
ORIGIN: Final = "0" * 64
#: levels at which the day of a question is kept, for CRPS
LEVELS: Final = tuple(round(0.05 * k, 2) for k in range(1, 20))
#: campaigns in which it is looked up whether a question holds on the first day
LOOKED_AT: Final = 20
#: endings of the files that make up code and priors
KEPT: Final = (".py", ".toml", ".json", ".csv")
BROKEN, UNREADABLE, REFUSED = "FS451", "FS452", "FS454"


def register(run: "Ensemble", registry: str | Path = "forecasts.jsonl", *, note: str = "") -> dict[str, Any]:
    """Freeze a run's forecast in a registry and note the record's hash in the run's manifest.

    Parameters
    ----------
    run : Ensemble
        A finished run of this version of fastness.
    registry : str or Path
        JSON-lines file to append to; it is made where there is none.
    note : str
        Anything to keep with it.

    Returns
    -------
    dict
        The record.

    Raises
    ------
    AnalysisError
        FS454 if the run cannot be registered, FS451 or FS452 if the registry was altered or cannot be read.
    """
    path = Path(registry)
    records = read_registry(path) if path.exists() else []
    _refuse(run, records)
    record = {
        "format": FORMAT,
        "number": len(records),
        "previous": records[-1]["hash"] if records else ORIGIN,
        "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        **_forecast(run),
        "note": note,
    }
    record["hash"] = hash_of(record)
    line = json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    manifest = store.read_manifest(run.path)
    manifest["registered"] = [*manifest.get("registered", []), record["hash"]]
    store.write_manifest(run.path, manifest)
    return record


def hash_of(record: dict[str, Any]) -> str:
    """Return the SHA-256 of a record without its hash, as JSON with sorted keys and no spaces."""
    rest = {key: value for key, value in record.items() if key != "hash"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read_registry(path: Path) -> list[dict[str, Any]]:
    """Return the records of a registry after checking every hash and the chain.

    Raises
    ------
    AnalysisError
        FS452 if it cannot be read, FS451 at the first line that was altered, taken out or put in.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        message = f"{path} cannot be read: {fault}"
        hint = "name a file that 'fastness register' wrote"
        raise AnalysisError(code=UNREADABLE, message=message, hint=hint) from fault
    records: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        record = _record(path, number, line)
        before = records[-1]["hash"] if records else ORIGIN
        if record["hash"] != hash_of(record):
            message = f"{path}:{number} was altered: what it says does not have the hash that it names"
            raise AnalysisError(code=BROKEN, message=message, hint="nothing from this line on can be trusted")
        if record["previous"] != before or record["number"] != number - 1:
            message = f"{path}:{number} does not follow the line before it: a line was taken out, put in or moved"
            raise AnalysisError(code=BROKEN, message=message, hint="nothing from this line on can be trusted")
        records.append(record)
    return records


def _record(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
        known = {"format", "number", "previous", "time", "scenario", "questions", "hash"} <= record.keys()
    except (ValueError, AttributeError):
        known = False
    if not known:
        message = f"{path}:{number} is not a record of a forecast"
        raise AnalysisError(code=UNREADABLE, message=message, hint="name a file that 'fastness register' wrote")
    if record["format"] != FORMAT:
        message = f"{path}:{number} has format {record['format']}, this version reads {FORMAT}"
        raise AnalysisError(code=UNREADABLE, message=message, hint="read it with the version that wrote it")
    return dict(record)


def _refuse(run: "Ensemble", records: Sequence[dict[str, Any]]) -> None:
    """Refuse a run that is not finished, not of this code, or registered already."""
    manifest = run.manifest
    if not manifest["complete"]:
        message = f"{run.path} is not finished"
        raise AnalysisError(code=REFUSED, message=message, hint="continue it with --resume first")
    if not run.playable or manifest["processes"]:
        message = f"{run.path} was not run with this version of the model alone, so the code cannot be named"
        raise AnalysisError(code=REFUSED, message=message, hint="run the scenario again, then register")
    for record in records:
        if record["run"] == _run(run):
            message = f"{run.path} is registered already, as number {record['number']} on {record['time']}"
            raise AnalysisError(code=REFUSED, message=message, hint="a new forecast needs a new run")


def _run(run: "Ensemble") -> dict[str, Any]:
    manifest = run.manifest
    return {
        "seed": manifest["seed"],
        "campaigns": manifest["campaigns"],
        "failed": manifest["failed"],
        "without": manifest.get("without", []),
        "scenario": manifest["scenario"],
        "model": sources_hash("kernel", "compile"),
        "priors": sources_hash("registry", "posterior"),
    }


def sources_hash(*folders: str) -> str:
    """Return the SHA-256 of the files in folders of the package, names and contents, in order."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(path for path in (root / folder).rglob("*") if path.suffix in KEPT):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _forecast(run: "Ensemble") -> dict[str, Any]:
    """Return what is forecast and from what."""
    scenario, answer = run.scenario, run.answer()
    clock = scenario.clock
    now = _held_at_start(run)
    questions = [
        {
            "id": each.id,
            "ask": scenario.questions[each.id].ask,
            "holds": scenario.questions[each.id].holds,
            "window": [day.isoformat() for day in window_of(each.id, scenario)],
            "probability": each.probability,
            "standard_error": each.standard_error,
            "low": each.low,
            "high": each.high,
            "days": _days(run, each.id),
            "status_quo": now[each.id],
        }
        for each in answer.questions
    ]
    return {
        "fastness": run.manifest["fastness"],
        "title": scenario.title,
        "variant": run.manifest.get("variant"),
        "scenario": run.manifest["scenario"],
        "clock": [clock.start.isoformat(), clock.end.isoformat()],
        "as_of": clock.as_of.isoformat(),
        "run": _run(run),
        "questions": questions,
        "clocks": [{"id": c.id, "text": c.text, "p5": c.p5, "p50": c.p50, "p95": c.p95} for c in answer.clocks],
    }


def _days(run: "Ensemble", question: str) -> list[float] | None:
    """Return quantiles of the day on which it happens, the day after its last where it does not; None for one day."""
    first, last = window_of(question, run.scenario)
    if first == last:
        return None
    fine = run.outcomes["status"].to_numpy() == 0
    days = run.outcomes[question].to_numpy(dtype=np.float64)[fine]
    never = float((last - run.scenario.clock.start).days + 1)
    return [float(day) for day in np.quantile(np.where(days < 0, never, days), LEVELS, method="inverted_cdf")]


def _held_at_start(run: "Ensemble") -> dict[str, bool]:
    """Return for each question whether what it asks about is so on the first day, in most campaigns."""
    scenario, start = run.scenario, run.scenario.clock.start
    dates = {"by": None, "before": None, "start": None, "on": start}
    asked = {name: each.model_copy(update=dates) for name, each in scenario.questions.items()}
    document = scenario.model_copy(update={"questions": asked}).model_dump_json(by_alias=True)
    seed, without = run.manifest["seed"], tuple(run.manifest.get("without", ()))
    played = play_at(document, seed, inputs_of(document, seed, LOOKED_AT), days=1, without=without)
    share = (played["question"] >= 0).mean(axis=0)
    return {name: bool(held > 0.5) for name, held in zip(scenario.questions, share, strict=True)}
