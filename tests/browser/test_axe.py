"""No barrier that axe-core finds, in the report and on every page of the workbench, light and dark."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import synthetic
import test_app
from test_app import LAPTOP, Server

from fastness.reporting.build import report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
server, run = test_app.server, test_app.run
PAGES = ("", "/course", "/campaigns?campaign=3", "/what-if", "/export")
SCENARIO = "/scenarios/library/harrow-hold"


def barriers(page: "Page") -> list[str]:
    """Return what axe-core objects to: rule, and the first place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report(browser: "Browser", tmp_path: Path, scheme: str) -> None:
    base = synthetic.ensemble(tmp_path)
    path = report([base], tmp_path / "report.html", answers=[base.answer()])
    page = browser.new_context(viewport=LAPTOP, color_scheme=scheme).new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("#map .main-svg")
    assert barriers(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_workbench(browser: "Browser", server: Server, run: str, scheme: str) -> None:
    page = browser.new_context(viewport=LAPTOP, color_scheme=scheme).new_page()
    found = {}
    paths = ["/", "/run", "/quick", *(f"/runs/{run}{part}" for part in PAGES)]
    paths += [f"{SCENARIO}{part}" for part in ("", "/tables", "/plans", "/claims")]
    for path in paths:
        answered = page.goto(server.address + path)
        assert answered is not None
        assert answered.ok, path
        page.wait_for_load_state("networkidle")
        if said := barriers(page):
            found[path] = said
    assert found == {}
