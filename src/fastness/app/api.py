"""The interface for programs, under `/api`: scenarios, runs, progress, results. Described in `/api/openapi.json`."""

import json
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi import Path as UrlPath
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError

from fastness.app import archive, downloads
from fastness.app.desk import Desk
from fastness.app.jobs import MOST_CAMPAIGNS, Job
from fastness.app.progress import progress
from fastness.errors import FastnessError, Problem, ScenarioError
from fastness.plot.sketch import sketch
from fastness.reporting.charts import plain_json
from fastness.scenario import Scenario, identity, load
from fastness.scenario.check import examine
from fastness.scenario.model import Layer
from fastness.scenario.read import peek

NOT_FOUND: Final = frozenset({"FS302", "FS504", "FS506"})
TAKEN: Final = frozenset({"FS191", "FS301"})

Where = Annotated[str, UrlPath(description="library or mine")]
Name = Annotated[str, UrlPath(description="name of the folder")]


class Wanted(BaseModel):
    """A run to play."""

    scenario: str = Field(description="library/NAME or mine/NAME")
    campaigns: int = Field(2000, ge=1, le=MOST_CAMPAIGNS)
    seed: int | None = Field(None, ge=0, description="same seed, same campaigns; left out: one is drawn")
    precision: float | None = Field(None, gt=0, le=0.5, description="stop at this Monte Carlo error of question one")
    variants: list[str | None] = Field([None], min_length=1, max_length=20, description="null: the scenario as written")


class Copy(BaseModel):
    """A new scenario from another."""

    source: str = Field(description="library/NAME or mine/NAME")
    name: str = Field(description="name of the new folder")


def add_api(app: FastAPI, desk: Desk) -> None:
    """Serve the interface for programs."""
    router = APIRouter(prefix="/api")
    _add_scenarios(router, desk)
    _add_runs(router, desk)
    downloads.add_downloads(router, desk)
    app.include_router(router)
    app.add_exception_handler(FastnessError, _tell)


def _tell(_: Request, fault: Exception) -> JSONResponse:
    """Answer a fault of ours with everything that is wrong."""
    if not isinstance(fault, FastnessError):
        raise fault
    status = 404 if fault.code in NOT_FOUND else 409 if fault.code in TAKEN else 422
    return JSONResponse({"problems": _problems(fault)}, status)


def _problems(fault: FastnessError) -> list[dict[str, Any]]:
    found = (
        fault.problems if isinstance(fault, ScenarioError) else (Problem(fault.code, fault.message, hint=fault.hint),)
    )
    return [asdict(problem) for problem in found]


def scenario_rows(desk: Desk) -> list[dict[str, Any]]:
    """Return what the first page and programs are told of each scenario; one that cannot be read has no title."""
    return [_row(desk, reference) for reference in desk.folder.references()]


def _row(desk: Desk, reference: str) -> dict[str, Any]:
    try:
        document = peek(desk.folder.scenario(reference))
        clock = document["clock"]
        return {
            "scenario": reference,
            "title": str(document["title"]),
            "summary": str(document.get("summary", "")),
            "as_of": str(clock["as_of"]),
            "start": str(clock["start"]),
            "end": str(clock["end"]),
            "places": len(document["places"]),
            "variants": list(document.get("variants") or {}),
        }
    except (FastnessError, KeyError, TypeError, ValueError, OSError):
        return {"scenario": reference, "title": None}


def _add_scenarios(router: APIRouter, desk: Desk) -> None:
    @router.get("/scenarios", tags=["scenarios"], summary="All scenarios, the user's own first")
    def list_scenarios() -> list[dict[str, Any]]:
        return scenario_rows(desk)

    @router.get("/scenarios/{where}/{name}/check", tags=["scenarios"], summary="All problems of a scenario")
    def check(where: Where, name: Name) -> dict[str, Any]:
        path = desk.folder.scenario(f"{where}/{name}")
        try:
            scenario = load(path)
        except ScenarioError as fault:
            return {"problems": _problems(fault)}
        return {
            "problems": [],
            "title": scenario.title,
            "hash": identity(scenario),
            "questions": {name: question.heading for name, question in scenario.questions.items()},
            "variants": {name: variant.title for name, variant in scenario.variants.items()},
        }

    @router.get("/scenarios/{where}/{name}/map", tags=["scenarios"], include_in_schema=False)
    def draw(where: Where, name: Name) -> Response:
        folder = desk.folder.scenario(f"{where}/{name}")
        document = sketch(readable(folder), folder)
        return Response(json.dumps(document, default=plain_json), media_type="application/json")

    @router.get("/scenarios/{where}/{name}.zip", tags=["scenarios"], summary="A scenario to take along")
    def download(where: Where, name: Name) -> Response:
        content = archive.pack(desk.folder.scenario(f"{where}/{name}"), name)
        return downloads.attachment(content, f"{name}.zip", "application/zip")

    @router.post("/scenarios", tags=["scenarios"], status_code=201, summary="Copy a scenario")
    def copy(wanted: Copy) -> dict[str, str]:
        return {"scenario": desk.folder.copy(wanted.source, wanted.name)}

    @router.put("/scenarios/mine/{name}.zip", tags=["scenarios"], status_code=201, summary="A scenario from a zip")
    async def upload(name: Name, request: Request) -> dict[str, str]:
        return {"scenario": take_zip(desk, await request.body(), name)}


def readable(folder: Path) -> Scenario:
    """Return as much of a scenario as can be read, for its map."""
    document = peek(folder)
    scenario = examine(document)[0].scenario
    if not scenario.layers and isinstance(document.get("layers"), list):
        with suppress(ValidationError):
            layers = tuple(Layer.model_validate(layer) for layer in document["layers"])
            return scenario.model_copy(update={"layers": layers})
    return scenario


def take_zip(desk: Desk, content: bytes, name: str = "") -> str:
    """Keep the scenario of a zip file as the user's and return its reference; sound or not, it can be looked at.

    Raises
    ------
    RunError
        FS505 if the zip is refused, FS504 for a name that cannot be.
    ScenarioError
        FS191 if the name is taken.
    """
    with tempfile.TemporaryDirectory(dir=desk.folder.notes, prefix="zip-") as workshop:
        unpacked = Path(workshop) / "new"
        found = archive.unpack(content, unpacked)
        return desk.folder.take(unpacked, name or desk.folder.free_name(found))


def run_row(desk: Desk, name: str) -> dict[str, Any]:
    """Return what programs are told of a run: what it is, what it does now, and how far it is."""
    job = desk.jobs.get(name)
    path = desk.folder.inside(desk.folder.runs, name)
    far = progress(path)
    if job is None and far is None:
        desk.folder.run(name)  # says that there is none
    if job is not None:
        state: str = desk.jobs.state(job)
    else:
        state = "done" if far is not None and far.complete else "elsewhere"
    return {
        "run": name,
        "state": state,
        "job": job.document() if job else None,
        "progress": far.document() if far else None,
        "log": desk.jobs.log(name) if state == "failed" else "",
    }


def _add_runs(router: APIRouter, desk: Desk) -> None:
    @router.get("/runs", tags=["runs"], summary="All runs, with their headlines")
    def list_runs() -> list[dict[str, Any]]:
        waiting = [job.run for job in desk.jobs.active() if not (desk.folder.runs / job.run).exists()]
        found = {name: desk.results.headline(name) for name in desk.folder.run_names()}
        rows: list[dict[str, Any]] = [{"run": name, "headline": None} for name in waiting]
        return rows + [asdict(head) if head else {"run": name, "headline": None} for name, head in found.items()]

    @router.post("/runs", tags=["runs"], status_code=202, summary="Play runs; several variants are paired by the seed")
    def play(wanted: Wanted) -> list[dict[str, Any]]:
        jobs: list[Job] = desk.jobs.ask(
            wanted.scenario,
            campaigns=wanted.campaigns,
            seed=wanted.seed,
            precision=wanted.precision,
            variants=wanted.variants,
        )
        return [run_row(desk, job.run) for job in jobs]

    @router.get("/runs/{name}", tags=["runs"], summary="How far a run is, with running estimates")
    def look(name: Name) -> dict[str, Any]:
        return run_row(desk, name)

    @router.post("/runs/{name}/stop", tags=["runs"], summary="Stop a run; what is done stays")
    def stop(name: Name) -> dict[str, Any]:
        desk.jobs.stop(name)
        return run_row(desk, name)

    @router.post("/runs/{name}/resume", tags=["runs"], summary="Go on with a run")
    def go_on(name: Name) -> dict[str, Any]:
        desk.jobs.go_on(name)
        return run_row(desk, name)

    @router.get("/runs/{name}/answer", tags=["results"], summary="Questions, clocks, headline")
    def answer(name: Name) -> dict[str, Any]:
        result = desk.results.open(name)
        found = result.answer
        document: dict[str, Any] = json.loads(json.dumps(found.document()))
        return document | {"headline": result.headline, "confidence": found.confidence}
