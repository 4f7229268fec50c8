"""Take pictures of the workbench: serves a new folder, plays a run, opens its pages in headless Chromium.

`python docs/screenshots.py [CAMPAIGNS]`
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
SIZE = {"width": 1366, "height": 770}
PORT = 8643
ADDRESS = f"http://127.0.0.1:{PORT}"
#: picture and the page that it shows
PAGES = {
    "workbench-home": "/",
    "workbench-run": "/run?scenario=library%2Fpanjshir-2021",
    "workbench-answer": "/runs/panjshir-2021-7",
    "workbench-campaign": "/runs/panjshir-2021-7/campaigns?campaign=3",
    "workbench-what-if": "/runs/panjshir-2021-7/what-if",
    "workbench-scenario": "/scenarios/library/panjshir-2021",
    "workbench-claims": "/scenarios/library/panjshir-2021/claims",
}
SHOWN_DAY = 60
PATIENCE = 600  # seconds: the first run on a machine compiles the model


def ask(path: str, document: object = None) -> dict[str, object]:
    """Ask the server's interface for programs."""
    body = None if document is None else json.dumps(document).encode()
    asked = urllib.request.Request(ADDRESS + path, body, {"content-type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def play(campaigns: int) -> None:
    """Wait for the server, play a run, wait for its end."""
    for _ in range(PATIENCE):
        try:
            ask("/api/scenarios")
            break
        except OSError:
            time.sleep(1)
    ask("/api/runs", {"scenario": "library/panjshir-2021", "campaigns": campaigns, "seed": 7})
    for _ in range(PATIENCE):
        if ask("/api/runs/panjshir-2021-7")["state"] == "done":
            return
        time.sleep(1)


def take(page: Page, name: str, path: str) -> None:
    """Open one page and take its picture."""
    page.goto(ADDRESS + path)
    page.wait_for_load_state("networkidle")
    if page.locator("#day-slider").count():
        page.wait_for_selector(".map-figure[data-ready=true]")
        page.locator("#day-slider").fill(str(SHOWN_DAY))
    if "campaign=" in path:
        page.locator("#watch").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('#watch').scrollIntoView()")
    page.wait_for_timeout(1_000)
    page.screenshot(path=PICTURES / f"{name}.png")


def main(campaigns: int) -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "fastness", "serve", folder, "--no-browser", "--port", str(PORT)]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            play(campaigns)
            with sync_playwright() as driver:
                chromium = os.environ.get("FASTNESS_CHROMIUM") or shutil.which("chromium")
                browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                page = browser.new_page(viewport=SIZE)
                for name, path in PAGES.items():
                    take(page, name, path)
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
