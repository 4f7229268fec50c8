"""The report in a real browser: opened from a file, it asks nothing of anybody, and the slider moves the map."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import synthetic

from fastness import report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    base = synthetic.ensemble(folder / "base")
    other = synthetic.ensemble(folder / "other", variant="salang-open", shift=0.1)
    return report([base, other], folder / "report.html", answers=[base.answer(), other.answer()])


class Visit:
    """One opened page, what it requested and what it complained of."""

    def __init__(self, browser: "Browser", file: Path, **context: object) -> None:
        self.page = browser.new_context(**context).new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("html[data-ready=true]", timeout=20_000)


@pytest.fixture
def laptop(browser: "Browser", page_file: Path) -> Iterator[Visit]:
    visit = Visit(browser, page_file, viewport=LAPTOP)
    yield visit
    visit.page.context.close()


def set_slider(page: "Page", day: int) -> None:
    page.locator("#day-slider").evaluate("(s, day) => { s.value = day; s.dispatchEvent(new Event('input')); }", day)


def marker_colours(page: "Page") -> list[str]:
    return page.evaluate("[...document.querySelectorAll('#map .place .point')].map(p => p.style.fill)")


def test_the_report_asks_nothing_and_complains_of_nothing(laptop: Visit, page_file: Path) -> None:
    laptop.page.click("#play")
    laptop.page.wait_for_timeout(300)
    laptop.page.click("#play")
    laptop.page.hover("#map")
    laptop.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert laptop.requests == [page_file.as_uri()]
    assert laptop.complaints == []


def test_the_policy_stops_a_request_that_slips_in(laptop: Visit) -> None:
    blocked = laptop.page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'blocked')")
    assert blocked == "blocked"


def test_the_slider_changes_the_map(laptop: Visit) -> None:
    page = laptop.page
    set_slider(page, 0)
    first, label = marker_colours(page), page.inner_text("#day-label")
    assert label == "27 Aug 2021"
    set_slider(page, 60)
    assert page.inner_text("#day-label") == "26 Oct 2021"
    later = marker_colours(page)
    assert len(first) == len(later) == len(synthetic.PLACES)
    names = [row[0] for row in synthetic.PLACES]
    bazarak, kabul = names.index("bazarak"), names.index("kabul")
    assert first[bazarak] != later[bazarak]
    assert first[kabul] == later[kabul]


def test_the_slider_works_from_the_keyboard(laptop: Visit) -> None:
    page = laptop.page
    set_slider(page, 10)
    page.focus("#day-slider")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#day-label") == "7 Sep 2021"
    assert page.get_attribute("#day-slider", "aria-valuetext") == "7 Sep 2021"


def test_play_moves_the_days(laptop: Visit) -> None:
    page = laptop.page
    set_slider(page, 5)
    page.click("#play")
    page.wait_for_timeout(700)
    page.click("#play")
    assert int(page.input_value("#day-slider")) > 5


def test_the_first_screen_answers(laptop: Visit) -> None:
    page = laptop.page
    for element in ("#headline", "#confidence", "#map", "#day-slider", "#questions"):
        box = page.locator(element).bounding_box()
        assert box["y"] >= 0, element
        assert box["y"] + box["height"] <= LAPTOP["height"], element
    assert "likely" in page.inner_text("#headline")
    assert "onfidence" not in page.inner_text("#headline")
    assert page.locator("#questions tbody tr").count() == len(synthetic.QUESTIONS)


def test_every_question_shows_word_probability_and_range(laptop: Visit) -> None:
    row = laptop.page.inner_text("#question-bazarak-falls-december")
    for part in ("likely", "62 %", "38–81", "24 Sep", "8 Sep – 15 Nov"):
        assert part in row


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_labels_never_overlap(browser: "Browser", page_file: Path, viewport: dict[str, int]) -> None:
    visit = Visit(browser, page_file, viewport=viewport)
    frame = visit.page.locator("#map").bounding_box()
    for view in ("near", "far"):
        visit.page.click(f"#view-{view}")
        labels = visit.page.evaluate(
            "[...document.querySelectorAll('#map .place text')].filter(t => t.textContent.trim())"
            ".map(t => [t.textContent, t.getBoundingClientRect().toJSON()])"
        )
        assert len(labels) >= 6
        for (name, a), (other, b) in itertools.combinations(labels, 2):
            beside = a["right"] <= b["left"] or b["right"] <= a["left"]
            assert beside or a["bottom"] <= b["top"] or b["bottom"] <= a["top"], (name, other)
        for name, a in labels:
            assert a["left"] >= frame["x"], name
            assert a["right"] <= frame["x"] + frame["width"], name
    visit.page.context.close()


def test_the_phone_shows_everything_without_sideways_scrolling(browser: "Browser", page_file: Path) -> None:
    visit = Visit(browser, page_file, viewport=PHONE, is_mobile=True, has_touch=True)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visit.complaints == []
    visit.page.context.close()


def test_dark_and_light_both_read(browser: "Browser", page_file: Path) -> None:
    lightness = {}
    for scheme in ("light", "dark"):
        visit = Visit(browser, page_file, viewport=LAPTOP, color_scheme=scheme)
        colours = visit.page.evaluate(
            "['body', '#map .place text'].map(q => getComputedStyle(document.querySelector(q)))"
            ".map((s, i) => i ? s.fill : s.backgroundColor)"
        )
        lightness[scheme] = [sum(int(c) for c in colour[4:-1].split(",")) / 765 for colour in colours]
        visit.page.context.close()
    assert lightness["light"][0] > 0.9 > 0.3 > lightness["light"][1]
    assert lightness["dark"][0] < 0.2 < 0.8 < lightness["dark"][1]


def test_scenario_text_stays_text(laptop: Visit) -> None:
    page = laptop.page
    assert page.locator("img").count() == 0
    assert synthetic.HOSTILE in page.inner_text("h1")
    assert synthetic.HOSTILE in page.inner_text("#limits")


def test_variants_stand_side_by_side(laptop: Visit) -> None:
    cells = laptop.page.inner_text("#comparison tbody tr >> nth=0")
    assert "62 %" in cells
    assert "72 %" in cells
    assert "The Salang road is open" in laptop.page.inner_text("#comparison thead")


def test_every_figure_is_described(laptop: Visit) -> None:
    figures = laptop.page.evaluate(
        "[...document.querySelectorAll('figure')].map(f => ["
        " f.querySelector('.plot[aria-label]').getAttribute('aria-label'),"
        " f.querySelector('figcaption').textContent.trim(), f.querySelectorAll('.main-svg').length])"
    )
    assert len(figures) > 10
    assert all(label and caption and drawn for label, caption, drawn in figures)
