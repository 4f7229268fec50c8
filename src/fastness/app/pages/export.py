"""What can be taken from a run: report, scenario, tables, map layers."""

from nicegui import ui

from fastness.app.desk import Desk
from fastness.app.frame import Page, api_path
from fastness.app.pages._run import opened, run_frame
from fastness.app.parts import block, entry, link, text
from fastness.app.results import Result
from fastness.app.tables import FORMATS, LAYER_FORMATS, table_names
from fastness.reporting.map_data import clock_days, shown_day
from fastness.reporting.tables import provenance

#: what people call the formats
CALLED = {"csv": "CSV", "parquet": "Parquet", "gpkg": "GeoPackage", "geojson": "GeoJSON"}


async def build(desk: Desk, name: str) -> None:
    """Build the page of the run `name`."""
    result = await opened(desk, name)
    with run_frame(desk, result, "export"):
        _documents(result)
        _tables(result)
        _layers(result)
        _provenance(result)


def _documents(result: Result) -> None:
    with block("section", aria_labelledby="documents"):
        text("h2", "To read and to pass on", id="documents")
        with block("ul", "tiles"):
            with block("li", "tile"):
                text("h3", "Report")
                text("p", "One HTML file that works offline: answer, map, figures, claims, plans, limits.")
                with block("div", "acts"):
                    link("Open", api_path(result.name, "report"), "act main", target="_blank", id="open-report")
                    save = api_path(result.name, "report?save=true")
                    link("Save", save, "act", download=True, id="save-report")
            with block("li", "tile"):
                text("h3", "Brief")
                text("p", "A situation report of one to two pages: bottom line, judgements, what to watch and verify.")
                with block("div", "acts"):
                    for form, words in {"docx": "Word", "html": "HTML", "md": "Markdown"}.items():
                        link(words, api_path(result.name, f"brief.{form}"), "act", download=True)
            with block("li", "tile"):
                text("h3", "Scenario")
                text(
                    "p", "The scenario as it was run, as a zip that the workbench and the command line open elsewhere."
                )
                with block("div", "acts"):
                    link("Save", api_path(result.name, "scenario.zip"), "act main", download=True, id="save-scenario")
        text("p", "Figures and maps are saved as SVG or PNG by the buttons below them.", "note")


def _tables(result: Result) -> None:
    with block("section", aria_labelledby="tables"):
        text("h2", "Tables", id="tables")
        with block("table", "plain downloads"):
            with block("thead"), block("tr"):
                for words in ("Table", "What is in it", "Save as"):
                    text("th", words, scope="col")
            with block("tbody"):
                for name, says in table_names(result.ensemble).items():
                    with block("tr"):
                        text("th", name, scope="row")
                        text("td", says)
                        with block("td", "number"):
                            for form in FORMATS:
                                label = f"{name} as {CALLED[form]}"
                                target = api_path(result.name, f"tables/{name}.{form}")
                                link(CALLED[form], target, download=True, aria_label=label)


def _layers(result: Result) -> None:
    """Offer the map of one day for a GIS."""
    scenario = result.ensemble.scenario
    links: list[tuple[str, ui.element]] = []

    def choose(value: str) -> None:
        day = min(max(int(value or 0), 0), clock_days(scenario))
        for form, element in links:
            element.props["href"] = api_path(result.name, f"layers.{form}?day={day}")

    with block("section", aria_labelledby="layers"):
        text("h2", "Map layers", id="layers")
        text("p", "Places with who holds them and their food, routes with how often they are open, on one day.")
        with block("div", "acts"):
            note = f"0 is {scenario.clock.start:%Y-%m-%d}"
            entry(
                "Day", choose, value=str(shown_day(scenario)), note=note, type="number", min=0, max=clock_days(scenario)
            )
            links += [(form, link(CALLED[form], "", "act", download=True)) for form in LAYER_FORMATS]
        choose(str(shown_day(scenario)))


def _provenance(result: Result) -> None:
    with block("details", "numbers"):
        text("summary", "Where these numbers come from")
        with block("dl", "provenance"):
            for name, value in provenance(result.ensemble):
                with block("div"):
                    text("dt", name)
                    text("dd", value)


PAGE = Page("/runs/{name}/export", build)
