"""The page of all checks: results are kept and read back, misses and old code stay visible, pictures are sound."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import page as checks
import pytest
from campaigns import apart
from facts import Fact
from facts import page as facts_page
from record import code, met, read_found, record
from svg import Bar, Pair, _ticks, bars, curves, pairs
from variants import EXPECTED

from fastness.scenario import load

ROOT = Path(__file__).parents[2]


def test_a_result_is_kept_and_read_back(tmp_path: Path) -> None:
    drawn = bars([Bar("a", 1.0, 0.5, 2.0, 1.5)], title="t", axis="x")
    kept = record("sieges", "worse by 0.1", limit="better", verdict=met(False), picture=drawn, folder=tmp_path)
    assert read_found(tmp_path) == {"sieges": kept}
    assert (kept.kernel, kept.priors) == code()
    assert kept.current
    assert (tmp_path / "sieges.svg").read_text(encoding="utf-8") == drawn


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is not the result of a check"), ('{"check": "x"}', "is not the result of a check")],
)
def test_a_broken_result_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"x\.json {said}"):
        read_found(tmp_path)


def test_a_verdict_of_ones_own_is_refused(tmp_path: Path) -> None:
    record("x", "s", folder=tmp_path)
    row = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    (tmp_path / "x.json").write_text(json.dumps(row | {"verdict": "fine"}), encoding="utf-8")
    with pytest.raises(ValueError, match="has the verdict 'fine'"):
        read_found(tmp_path)


def test_misses_old_code_and_what_was_not_run_stay_visible(tmp_path: Path) -> None:
    missed = record("sieges", "worse by 0.1", limit="better", verdict="missed", folder=tmp_path)
    old = record("benchmarks", "all met", limit="all", verdict="met", folder=tmp_path)
    text = checks.page({"sieges": missed, "benchmarks": type(old)(**{**vars_of(old), "kernel": "00000000"})})
    assert "| [Sieges against history](#sieges-against-history) | **missed** |" in text
    assert "met (older code)" in text
    assert f"{len(checks.CHECKS) - 2} not yet run" in text
    assert "0 met their limit with this code and 1 missed it" in text
    assert "- statistic: worse by 0.1" in text
    assert text.count("*Not yet run with this code.*") == len(checks.CHECKS) - 2


def vars_of(found: object) -> dict[str, object]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}  # type: ignore[attr-defined]


def test_every_check_is_on_the_page_with_a_command_that_exists() -> None:
    text = checks.PAGE.read_text(encoding="utf-8")
    for check in checks.CHECKS:
        assert f"## {check.title}\n" in text
        assert (ROOT / check.command.split()[1]).is_file()
        assert check.page is None or (checks.PAGE.parent / check.page).is_file()
        source = (ROOT / check.command.split()[1]).read_text(encoding="utf-8")
        kept = f'record("{check.name}"'
        assert kept in source or kept in (ROOT / "validation" / "benchmark_page.py").read_text(encoding="utf-8")


def test_kept_results_are_of_known_checks() -> None:
    assert read_found().keys() <= {check.name for check in checks.CHECKS}


def test_a_heading_gets_the_anchor_that_renderers_make() -> None:
    assert checks.anchor("The library's history") == "the-librarys-history"
    assert checks.anchor("One run, played in many ways") == "one-run-played-in-many-ways"


def test_pictures_are_sound_and_to_scale() -> None:
    drawn = ElementTree.fromstring(bars([Bar("a < b", 0.0), Bar("c", 10.0, 5.0, 10.0)], title="t & u", axis="x"))
    dots = [float(each.attrib["cx"]) for each in drawn.iter() if each.tag.endswith("circle")]
    span = next(each.attrib["d"] for each in drawn.iter() if each.attrib.get("class") == "v")
    start = float(span[1:].split()[0])
    assert start == pytest.approx((dots[0] + dots[1]) / 2, abs=0.1)  # 5 lies half way from 0 to 10
    lines = ElementTree.fromstring(curves({"one": ([0, 1], [0, 0.5])}, title="t", axis="x", top=1.0))
    assert len([each for each in lines.iter() if each.attrib.get("stroke-width") == "2"]) == 1
    ElementTree.fromstring(bars([Bar("same", 1.0)], title="t", axis="x"))


def test_pairs_that_agree_lie_on_the_diagonal() -> None:
    rows = [Pair(0.1, 0.02, 0.1, 0.01, "a < b"), Pair(0.3, 0.02, 0.2, 0.01, "c")]
    drawn = ElementTree.fromstring(pairs({"one": rows, "two": rows[:1]}, title="t", across="x", up="y"))
    points = [each.attrib for each in drawn.iter() if each.tag.endswith("circle")]
    x, y = zip(*((float(each["cx"]), float(each["cy"])) for each in points[:2]), strict=True)
    start, end = next(each.attrib["d"] for each in drawn.iter() if each.attrib.get("class") == "z")[1:].split("L")
    left, base = map(float, start.split())
    right, top = map(float, end.split())
    assert (x[0] - left) / (right - left) == pytest.approx((base - y[0]) / (base - top), abs=0.001)
    assert (base - y[1]) / (base - top) == pytest.approx(0.2 / 0.32, abs=0.001)
    assert len(points) == 3


def test_numbers_that_differ_are_counted_by_their_bits() -> None:
    one = np.array([0.0, np.nan, 1.0])
    assert apart(one, one.copy()) == 0
    assert apart(one, np.array([-0.0, np.nan, 2.0])) == 2
    assert apart(one, one[:2]) == 3
    assert apart(one[:0], one[:0]) == 0


def test_every_variant_says_which_question_it_bears_on() -> None:
    scenario = load("panjshir-2021")
    assert EXPECTED.keys() == scenario.variants.keys()
    assert {question for question, _ in EXPECTED.values()} <= scenario.questions.keys()


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 365, [0, 100, 200, 300]),
        (-94, 98, [-50, 0, 50]),
        (0.87, 0.907, [0.87, 0.88, 0.89, 0.9]),
    ],
)
def test_axes_have_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert _ticks(low, high) == pytest.approx(ticks)


def test_facts_that_are_inputs_are_not_counted_as_tests() -> None:
    from datetime import date

    fact = Fact("a", "1", "press", 2.0, 1.5, 2.5, 1.0, "", "missed", "output")
    told = Fact("b", "1", "press", 1.0, None, None, 1.0, "", "met", "input")
    text = facts_page([fact, told], 44, date(2026, 1, 1), "abc")
    assert "Of 1 outputs 0 are met" in text
    assert "| a | press | 1 | 2 (1.5 to 2.5) | **missed** | output |" in text
    assert "| b | press | 1 | 1 | met | input |" in text
