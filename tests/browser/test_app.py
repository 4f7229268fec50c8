"""The workbench in a real browser: play a run, watch it, read it, take it along; and a server that is killed."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PATIENCE = 240.0  # seconds: the first run on a machine compiles the model


class Server:
    """`fastness serve` as a child, as a user starts it."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.address = f"http://127.0.0.1:{self.port}"
        words = [sys.executable, "-m", "fastness", "serve", str(folder), "--no-browser", "--port", str(self.port)]
        self.child = subprocess.Popen([*words, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        wait_for(lambda: self._answers() or self.child.poll() is not None)
        assert self.child.poll() is None, self.child.stdout.read() if self.child.stdout else ""

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                pass
            with urllib.request.urlopen(f"{self.address}/assets/app.css", timeout=10):
                return True
        except urllib.error.HTTPError:
            return True  # it asks for a token
        except OSError:
            return False

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        with urllib.request.urlopen(f"{self.address}{path}", timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, document: object = None) -> Any:  # noqa: ANN401 - JSON
        body = json.dumps(document).encode()
        asked = urllib.request.Request(f"{self.address}{path}", body, {"content-type": "application/json"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        self.child.send_signal(how)
        self.child.wait(60)
        if self.child.stdout:
            self.child.stdout.close()


def wait_for(fine: Callable[[], bool], patience: float = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not fine():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("nicegui", reason="the extra 'app' is not installed")
    started = Server(tmp_path_factory.mktemp("work"))
    yield started
    started.end()


class Visit:
    """One tab, what it requested and what it complained of."""

    def __init__(self, browser: "Browser", address: str, **context: object) -> None:
        self.page: Page = browser.new_context(**({"viewport": LAPTOP} | context)).new_page()
        self.page.set_default_timeout(60_000)
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda r: self._note(r.url, address))
        self.page.on("websocket", lambda w: self._note(w.url.replace("ws:", "http:", 1), address))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)

    def _note(self, url: str, address: str) -> None:
        if not url.startswith((f"{address}/", "data:", "blob:")):
            self.foreign.append(url)


@pytest.fixture
def visit(browser: "Browser", server: Server) -> Iterator[Visit]:
    made = Visit(browser, server.address)
    yield made
    assert made.foreign == []
    assert made.complaints == []
    made.page.context.close()


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    """Play 300 campaigns once, for the tests that only look."""
    asked = {"scenario": "library/harrow-hold", "campaigns": 300, "seed": 5}
    name: str = server.post("/api/runs", asked)[0]["run"]
    wait_for(lambda: server.get(f"/api/runs/{name}")["state"] == "done")
    return name


def open_run(visit: Visit, server: Server, run: str, part: str = "") -> "Page":
    visit.page.goto(f"{server.address}/runs/{run}{part}")
    return visit.page


def test_a_run_is_asked_for_watched_and_read(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(server.address)
    page.click("li:has-text('library/harrow-hold') >> text=Run")
    page.fill("#campaigns", "300")
    page.fill("#seed", "11")
    page.click("#play-run")
    page.wait_for_url("**/runs/harrow-hold-11")
    page.wait_for_selector("#run-progress, #headline")
    assert page.title().startswith("Harrow Hold")
    page.wait_for_selector("#headline", timeout=PATIENCE * 1000)
    assert "the Hold" in page.inner_text("#headline")
    assert page.locator("#questions tbody tr").count() >= 3
    manifest = json.loads((server.folder / "runs" / "harrow-hold-11" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["campaigns"], manifest["seed"], manifest["complete"]) == (300, 11, True)
    page.goto(server.address)
    page.wait_for_selector(".tile:has-text('seed 11') .says")


def test_two_tabs_see_the_bar_move_and_either_stops_it(browser: "Browser", server: Server, run: str) -> None:
    asked = {"scenario": "library/harrow-hold", "campaigns": 20_000, "seed": 12}
    name = server.post("/api/runs", asked)[0]["run"]
    tabs = [Visit(browser, server.address) for _ in range(2)]
    for tab in tabs:
        tab.page.goto(f"{server.address}/runs/{name}")
        tab.page.wait_for_selector("#running tbody tr")
    values = [int(tab.page.get_attribute("#run-progress", "value") or 0) for tab in tabs]
    for tab, value in zip(tabs, values, strict=True):
        tab.page.wait_for_function(f"document.querySelector('#run-progress').value > {value}")
        assert "%" in tab.page.inner_text("#running tbody tr")
    tabs[0].page.click("#stop-run")
    for tab in tabs:
        tab.page.wait_for_selector("#headline", timeout=PATIENCE * 1000)
        assert "Stopped after" in tab.page.inner_text(".notice")
        assert tab.complaints == []
        assert tab.foreign == []
        tab.page.context.close()
    far = server.get(f"/api/runs/{name}")
    assert far["state"] == "stopped"
    assert 0 < far["progress"]["done"] < 20_000


def test_a_bad_number_is_said_beside_the_form(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"{server.address}/run?scenario=library%2Fharrow-hold")
    page.fill("#campaigns", "0")
    page.click("#play-run")
    assert "campaigns must be 1 to 200,000, is 0" in page.inner_text(".problems")
    page.fill("#campaigns", "10")
    page.fill("#seed", "seven")
    page.click("#play-run")
    page.wait_for_selector(".problems:has-text(\"seed must be a whole number, is 'seven'\")")


def colours(page: "Page") -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('#map .place .point')].map(p => p.style.fill)")
    return found


def test_the_slider_and_the_layers_change_the_map(visit: Visit, server: Server, run: str) -> None:
    page = open_run(visit, server, run)
    page.wait_for_selector(".map-figure[data-ready=true]")
    page.locator("#day-slider").fill("0")
    first, label = colours(page), page.inner_text("#day-label")
    page.locator("#day-slider").fill("100")
    assert page.inner_text("#day-label") != label
    assert colours(page) != first
    page.focus("#day-slider")
    page.keyboard.press("ArrowLeft")
    assert page.input_value("#day-slider") == "99"
    held = colours(page)
    page.click("text=Days of food")
    assert colours(page) != held
    page.click("#play")
    page.wait_for_function("Number(document.querySelector('#day-slider').value) > 103")
    page.click("#play")


def test_a_place_is_clicked_or_chosen_for_its_own_charts(visit: Visit, server: Server, run: str) -> None:
    page = open_run(visit, server, run)
    page.wait_for_selector(".map-figure[data-ready=true]")
    page.locator("#place .card").first.scroll_into_view_if_needed()  # figures are drawn when they are seen
    page.wait_for_selector("#place .chart .main-svg", state="attached")
    shown = page.inner_text("#place .card h3")
    other = page.evaluate("[...document.querySelectorAll('#place option')].map(o => o.value)")
    names = page.evaluate("[...document.querySelectorAll('#place option')].map(o => o.textContent)")
    new = next(k for k, name in enumerate(names) if name not in shown)
    page.select_option("#place select", other[new])
    page.wait_for_selector(f"#place .card h3:has-text('{names[new]}')")
    page.locator("#map").scroll_into_view_if_needed()
    ids = server.get(f"/api/runs/{run}/map")["map"]["ids"]
    clicked = "upperdale" if other[new] != "upperdale" else "harrow-gate"
    point = page.locator("#map .place .point").nth(ids.index(clicked)).bounding_box()
    assert point
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    page.wait_for_selector("#map .hovertext")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_selector(f"#place .card h3:has-text('{names[other.index(clicked)]}')")
    assert page.input_value("#place select") == clicked


def test_one_campaign_is_watched_as_a_story(visit: Visit, server: Server, run: str) -> None:
    page = open_run(visit, server, run, "/campaigns?campaign=3")
    page.wait_for_selector(".map-figure[data-ready=true]")
    entries = page.locator("#story li").count()
    assert entries > 3
    to_come = page.locator("#story li.to-come").count()
    assert 0 < to_come <= entries
    page.locator("#day-slider").fill(page.get_attribute("#day-slider", "max") or "0")
    page.wait_for_function("document.querySelectorAll('#story li.to-come').length === 0")


def test_the_course_draws_every_figure(visit: Visit, server: Server, run: str) -> None:
    page = open_run(visit, server, run, "/course")
    page.wait_for_selector(".card .main-svg", state="attached")
    count = page.locator(".card").count()
    assert count >= 5
    for k in range(count):
        page.locator(".card").nth(k).scroll_into_view_if_needed()
        page.wait_for_selector(f":nth-match(.card, {k + 1}) .main-svg", state="attached")
    with page.expect_download() as saved:
        page.locator(".card .saves button").first.click()
    assert Path(saved.value.path()).read_text(encoding="utf-8").startswith("<svg")


def test_everything_can_be_taken_along(visit: Visit, server: Server, run: str, tmp_path: Path) -> None:
    page = open_run(visit, server, run, "/export")
    hrefs = page.evaluate("[...document.querySelectorAll('main a[download]')].map(a => a.getAttribute('href'))")
    assert len(hrefs) > 30
    kinds = {
        "csv": b"", "parquet": b"PAR1", "gpkg": b"SQLite format 3", "geojson": b"{", "zip": b"PK",
        "save=true": b"<!DOC", "docx": b"PK", "html": b"<!", "md": b"#",
    }  # fmt: skip
    for href in hrefs:
        with urllib.request.urlopen(f"{server.address}{href}", timeout=60) as answer:
            head = answer.read()[:40]
        plain = href.partition("?day")[0]
        kind = next(start for end, start in kinds.items() if plain.endswith(end))
        assert head.lstrip().startswith(kind), href
    with page.expect_popup() as popup:
        page.click("#open-report")
    popup.value.wait_for_selector("html[data-ready=true]")
    assert "the Hold" in popup.value.inner_text("#headline")
    with page.expect_download() as saved:
        page.click("#save-scenario")
    assert saved.value.suggested_filename == f"{run}-scenario.zip"


def test_a_scenario_is_copied_zipped_and_opened_again(visit: Visit, server: Server, tmp_path: Path) -> None:
    page = visit.page
    page.goto(server.address)
    page.click("li:has-text('library/harrow-hold') >> text=New from this")
    page.wait_for_selector("li:has-text('mine/my-harrow-hold')")
    with page.expect_download() as saved:
        page.click("li:has-text('mine/my-harrow-hold') >> text=Zip")
    file = tmp_path / "elsewhere.zip"
    saved.value.save_as(file)
    with page.expect_file_chooser() as chosen:
        page.click("text=Open a zip")
    chosen.value.set_files(file)
    page.wait_for_selector("li:has-text('mine/my-harrow-hold-2')")
    assert server.get("/api/scenarios/mine/my-harrow-hold-2/check")["problems"] == []
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"no zip")
    with page.expect_file_chooser() as chosen:
        page.click("text=Open a zip")
    chosen.value.set_files(bad)
    page.wait_for_selector(".problems:has-text('FS505')")


def test_text_of_a_scenario_stays_text(visit: Visit, server: Server) -> None:
    hostile = "<img src=x onerror=alert(1)> {{ 7*7 }} ${1}`"
    server.post("/api/scenarios", {"source": "library/harrow-hold", "name": "hostile"})
    file = server.folder / "scenarios" / "hostile" / "scenario.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    k = next(k for k, line in enumerate(lines) if line.startswith("title:"))
    lines[k] = f"title: '{hostile}'"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    visit.page.goto(server.address)
    visit.page.wait_for_selector("li:has-text('mine/hostile')")
    assert hostile in visit.page.inner_text("li:has-text('mine/hostile') h3")
    name = server.post("/api/runs", {"scenario": "mine/hostile", "campaigns": 50, "seed": 1})[0]["run"]
    wait_for(lambda: server.get(f"/api/runs/{name}")["state"] == "done")
    for part in ("", "/course", "/campaigns", "/export"):
        page = open_run(visit, server, name, part)
        page.wait_for_selector("h1")
        assert hostile in page.inner_text("h1")
        assert page.locator("main img").count() == 0


@pytest.mark.parametrize(
    "path", ["/", "/run", "/runs/{run}", "/runs/{run}/course", "/runs/{run}/campaigns", "/runs/{run}/export"]
)
def test_the_phone_needs_no_sideways_scrolling(browser: "Browser", server: Server, run: str, path: str) -> None:
    visit = Visit(browser, server.address, viewport=PHONE, is_mobile=True, has_touch=True)
    visit.page.goto(server.address + path.format(run=run))
    visit.page.wait_for_selector("h1")
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visit.complaints == []
    visit.page.context.close()


def test_dark_and_light_both_read(browser: "Browser", server: Server, run: str) -> None:
    lightness = {}
    for scheme in ("light", "dark"):
        visit = Visit(browser, server.address, color_scheme=scheme)
        visit.page.goto(f"{server.address}/runs/{run}")
        visit.page.wait_for_selector(".map-figure[data-ready=true]")
        found = visit.page.evaluate(
            "['body', '#map .place text'].map(q => getComputedStyle(document.querySelector(q)))"
            ".map((s, i) => i ? s.fill : s.backgroundColor)"
        )
        lightness[scheme] = [sum(int(c) for c in colour[4:-1].split(",")) / 765 for colour in found]
        visit.page.context.close()
    assert lightness["light"][0] > 0.9 > 0.3 > lightness["light"][1]
    assert lightness["dark"][0] < 0.2 < 0.8 < lightness["dark"][1]


def test_labels_of_the_map_never_overlap(visit: Visit, server: Server, run: str) -> None:
    page = open_run(visit, server, run)
    page.wait_for_selector(".map-figure[data-ready=true]")
    labels = page.evaluate(
        "[...document.querySelectorAll('#map .place text')].filter(t => t.textContent.trim())"
        ".map(t => [t.textContent, t.getBoundingClientRect().toJSON()])"
    )
    assert len(labels) >= 3
    for (name, a), (other, b) in itertools.combinations(labels, 2):
        beside = a["right"] <= b["left"] or b["right"] <= a["left"]
        assert beside or a["bottom"] <= b["top"] or b["bottom"] <= a["top"], (name, other)


@pytest.mark.parametrize("end", ["killed", "killed-with-child", "asked"])
def test_a_run_outlives_its_server(tmp_path: Path, run: str, end: str) -> None:
    first = Server(tmp_path)
    notes = tmp_path / ".workbench" / "jobs"
    try:
        name = first.post("/api/runs", {"scenario": "library/harrow-hold", "campaigns": 6_000, "seed": 3})[0]["run"]
        wait_for(lambda: (first.get(f"/api/runs/{name}")["progress"] or {"done": 0})["done"] > 0)
        pid = int((notes / name / "alive").read_text(encoding="ascii").split()[-1])
    finally:
        first.end(signal.SIGINT if end == "asked" else signal.SIGKILL)
    if end == "killed-with-child":
        os.killpg(pid, signal.SIGKILL)
    if end != "killed":
        manifest = json.loads((tmp_path / "runs" / name / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["done"]
        assert not manifest["complete"]
    second = Server(tmp_path)
    try:
        wait_for(lambda: second.get(f"/api/runs/{name}")["state"] == "done")
        assert second.get(f"/api/runs/{name}")["progress"]["done"] == 6_000
        pids = (notes / name / "alive").read_text(encoding="ascii").split()
        assert len(pids) == (1 if end == "killed" else 2)
    finally:
        second.end()


def test_a_stranger_needs_the_token_and_no_address_keeps_it(browser: "Browser", tmp_path: Path) -> None:
    pytest.importorskip("nicegui", reason="the extra 'app' is not installed")
    server = Server(tmp_path, "--host", "0.0.0.0")
    try:
        assert server.child.stdout
        server.child.stdout.readline()
        token = server.child.stdout.readline().partition("#token=")[2].split()[0]
        page = browser.new_context().new_page()
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        page.goto(server.address)
        assert page.url.endswith("/login")
        page.fill("input", "wrong")
        page.click("button")
        page.wait_for_selector("text=That was not the token")
        page.goto("about:blank")
        page.goto(f"{server.address}/login#token={token}")
        page.wait_for_selector(".masthead")
        assert page.url == f"{server.address}/"
        assert not any(token in url.partition("#")[0] for url in asked)
        assert page.evaluate("document.cookie") == ""
        page.context.close()
        with pytest.raises(urllib.error.HTTPError, match="401"):
            server.get("/api/runs")
        known = urllib.request.Request(f"{server.address}/api/runs", headers={"authorization": f"Bearer {token}"})
        with urllib.request.urlopen(known, timeout=10) as answer:
            assert json.load(answer) == []
    finally:
        server.end()


def test_the_policy_stops_a_request_that_slips_in(browser: "Browser", server: Server) -> None:
    page = browser.new_context().new_page()
    page.goto(server.address)
    assert page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'blocked')") == "blocked"
    page.context.close()


def test_a_port_in_use_is_said(server: Server, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "fastness", "serve", str(tmp_path), "--no-browser", "--port", str(server.port)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"FS502  cannot listen on 127.0.0.1, port {server.port}: Address already in use" in ended.stderr
