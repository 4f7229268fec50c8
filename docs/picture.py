"""Take the README's picture of a real report: first screen, on a laptop.

`fastness run panjshir-2021 --seed 7 && python docs/picture.py runs/panjshir-2021-7`
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent / "pictures" / "report.png"
SIZE = {"width": 1366, "height": 770}
#: the day whose map is shown: far enough into the story to say something
SHOWN_DAY = 60


def take(run: Path) -> None:
    """Open the report of a run in headless Chromium and write the picture."""
    chromium = os.environ.get("FASTNESS_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE)
        page.goto((run / "report.html").resolve().as_uri())
        page.wait_for_selector("html[data-ready=true]", timeout=20_000)
        page.locator("#day-slider").evaluate(
            "(slider, day) => { slider.value = day; slider.dispatchEvent(new Event('input')); }", SHOWN_DAY
        )
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
