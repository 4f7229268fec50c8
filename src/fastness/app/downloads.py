"""What can be taken from a run: tables, map layers, figures, the map, the report, its scenario."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi import Path as UrlPath
from fastapi.responses import Response

from fastness import plot
from fastness.app import archive, tables
from fastness.app.desk import Desk
from fastness.app.results import Result, place_index
from fastness.errors import RunError
from fastness.plot.curves import fan, survival
from fastness.plot.style import template
from fastness.reporting.brief_files import brief as write_brief
from fastness.reporting.charts import plain_json

MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
}
BRIEF_MEDIA: Final = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
#: the report is a page of its own, without a right to anything of the workbench
SANDBOX: Final = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'none'"
)

Name = Annotated[str, UrlPath(description="name of the run")]


def attachment(content: bytes, name: str, media: str) -> Response:
    """Answer with a file to save; `name` holds letters, digits, dots and hyphens."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in name)
    return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="{plain}"'})


def figure_json(figure: dict[str, Any]) -> Response:
    """Answer with a figure as plotly.js takes it."""
    return _json({"template": template(), **figure})


def _json(document: object) -> Response:
    text = json.dumps(document, separators=(",", ":"), default=plain_json, allow_nan=False)
    return Response(text, media_type="application/json", headers={"cache-control": "no-cache"})


def figure(result: Result, name: str) -> dict[str, Any]:
    """Return a figure of a run as plain data: one of the report's, or the course of any place.

    Raises
    ------
    RunError
        FS506 if it has no such figure.
    """
    for part in result.sections:
        for card in part.cards:
            if card.id == name:
                found: dict[str, Any] = card.figure.document()
                return found
    kind, _, place = name.partition("-")
    with result.lock:
        if kind == "survival":
            place_index(result, place)
            spread = plot.held_ranges(result.ensemble, [place], [len(result.map["dates"]) - 1]).get(place)
            course: dict[str, Any] = survival(result.ensemble, place, ranges=spread).document()
            return course
        if kind == "people" and "people" in result.ensemble.summary:
            place_index(result, place)
            people: dict[str, Any] = fan(result.ensemble, "people", place=place).document()
            return people
    raise RunError(code="FS506", message=f"the run has no figure '{name}'", hint="its pages show all of them")


def add_downloads(router: APIRouter, desk: Desk) -> None:
    """Serve everything that can be taken from a run."""
    _add_figures(router, desk)
    _add_tables(router, desk)

    @router.get("/runs/{name}/report", tags=["results"], summary="The report, one HTML file")
    def report(name: Name, save: Annotated[bool, Query()] = False) -> Response:
        from fastness import report as write_report

        result = desk.results.open(name)
        file = result.ensemble.path / "report.html"
        if not file.is_file():
            with result.lock:
                write_report([result.ensemble], file)
        content = file.read_bytes()
        if save:
            return attachment(content, f"{name}.html", "text/html; charset=utf-8")
        return Response(content, media_type="text/html", headers={"content-security-policy": SANDBOX})

    @router.get("/runs/{name}/brief.{form}", tags=["results"], summary="The situation report: html, docx or md")
    def brief(name: Name, form: str) -> Response:
        result = desk.results.open(name)
        with tempfile.TemporaryDirectory(prefix="fastness-") as workshop, result.lock:
            content = write_brief(result.ensemble, Path(workshop) / f"brief.{form[:8]}").read_bytes()
        return attachment(content, f"{name}-brief.{form}", BRIEF_MEDIA[form])

    @router.get("/runs/{name}/scenario.zip", tags=["results"], summary="The scenario as it was run")
    def scenario(name: Name) -> Response:
        return attachment(archive.pack(desk.folder.as_run(name), name), f"{name}-scenario.zip", "application/zip")


def _add_figures(router: APIRouter, desk: Desk) -> None:
    @router.get("/runs/{name}/figures", tags=["results"], summary="Ids, titles and captions of the figures")
    def list_figures(name: Name) -> list[dict[str, str]]:
        sections = desk.results.open(name).sections
        return [{"id": card.id, "title": card.title, "says": card.says} for part in sections for card in part.cards]

    @router.get("/runs/{name}/figures/{figure_id}", tags=["results"], summary="A figure as plotly.js takes it")
    def one(name: Name, figure_id: str) -> Response:
        return figure_json(figure(desk.results.open(name), figure_id))

    @router.get("/runs/{name}/map", tags=["results"], summary="The map of every day, or of one campaign")
    def the_map(name: Name, campaign: Annotated[int | None, Query(ge=0)] = None) -> Response:
        result = desk.results.open(name)
        document = result.map if campaign is None else result.campaign_map(campaign)
        if document is None:
            raise RunError(
                code="FS506",
                message=f"the run did not keep the course of campaign {campaign}",
                hint="choose an earlier one",
            )
        return _json({"map": document, "template": template()})


def _add_tables(router: APIRouter, desk: Desk) -> None:
    @router.get("/runs/{name}/tables", tags=["results"], summary="Tables with a line on each")
    def list_tables(name: Name) -> dict[str, str]:
        return tables.table_names(desk.results.open(name).ensemble)

    @router.get("/runs/{name}/tables/{table}.{form}", tags=["results"], summary="A table: csv, parquet or gpkg")
    def one(name: Name, table: str, form: str) -> Response:
        result = desk.results.open(name)
        if form not in tables.FORMATS:
            known = ", ".join(tables.FORMATS)
            raise RunError(
                code="FS506", message=f"there is no format '{form}' for tables", hint=f"it is one of {known}"
            )
        content = tables.as_bytes(tables.table(result, table), table, form)
        return attachment(content, f"{name}-{table}.{form}", MEDIA[form])

    @router.get("/runs/{name}/layers.{form}", tags=["results"], summary="The map of one day: gpkg or geojson")
    def layers(name: Name, form: str, day: Annotated[int, Query(ge=0)] = 0) -> Response:
        content = tables.layers_as_bytes(tables.layers(desk.results.open(name), day), form)
        return attachment(content, f"{name}-day-{day}.{form}", MEDIA[form])
