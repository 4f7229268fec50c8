"""The quick start: eight answers become a scenario that checks clean, and every default is named."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fastness.cli.command import app
from fastness.errors import ScenarioError
from fastness.scenario import check, load
from fastness.scenario.quick import quick, write_quick
from fastness.scenario.quick_answers import QUESTIONS, check_answer, read_answers

ANSWERS = {
    "who": "Valley Men / Crown",
    "where": "Bird Rock, 46.5, 8.3, 1400 m",
    "fighters": "300-500 / 2,500",
    "roads": "road to Lower Town 12 km; track to Far Side 30 km over 2700 m",
    "food": "40",
    "help": "Canton 15 %",
    "season": "autumn 1799",
    "disputed": "fighters outside: 4,000 says Crown, 1200 says a pedlar; roadblock: no says Valley Men",
}


def test_there_are_eight_questions_and_their_examples_make_a_sound_scenario(tmp_path: Path) -> None:
    assert len(QUESTIONS) == 8
    write_quick(tmp_path / "new", {})
    assert check(load(tmp_path / "new")) == []


def test_what_was_answered_stands_in_the_scenario(tmp_path: Path) -> None:
    write_quick(tmp_path / "new", ANSWERS)
    made = load(tmp_path / "new")
    assert {side.name: side.role for side in made.sides.values()} == {"Valley Men": "defender", "Crown": "besieger"}
    places = {place.id: place for place in made.places}
    assert (places["bird-rock"].lat, places["bird-rock"].elevation_m, places["bird-rock"].food_days) == (46.5, 1400, 40)
    assert places["lower-town"].holder == "crown"
    assert [route.season for route in made.routes] == ["open", "winter"]
    assert [route.kind for route in made.routes] == ["road", "track"]
    assert (made.clock.start, made.clock.end) == (date(1799, 9, 1), date(1799, 12, 30))
    assert made.patrons[0].aid == 0.15
    assert made.patrons[0].through == "far-side"
    beliefs = made.beliefs
    assert (beliefs["fighters-inside"].p5, beliefs["fighters-inside"].p95) == (300, 500)
    assert (beliefs["fighters-outside"].p5, beliefs["fighters-outside"].p95) == (1250, 5000)  # disputed: half, double
    assert set(beliefs) == {"fighters-inside", "fighters-outside", "roadblock", "storm"}
    said = [(claim.target, claim.source, claim.value, claim.stance) for claim in made.claims]
    assert said == [
        ("fighters-outside", "crown", 4000, "supports"),
        ("fighters-outside", "a-pedlar", 1200, "supports"),
        ("roadblock", "valley-men", None, "denies"),
    ]
    interests = {source.id: source.interest for source in made.sources}
    assert interests == {"crown": "besieger", "a-pedlar": "unknown", "valley-men": "defender"}


def test_a_place_may_have_the_name_of_a_side(tmp_path: Path) -> None:
    write_quick(tmp_path / "new", {"who": "Rock / Crown", "where": "Rock, 1, 2", "roads": "road to Crown 5 km"})
    assert [place.id for place in load(tmp_path / "new").places] == ["rock-place", "crown-place"]


def test_every_default_is_named_and_none_that_was_answered() -> None:
    named = {default.path: default for default in quick(ANSWERS).defaults}
    assert named["places.bird-rock.population"].value == "3873"  # 10 x sqrt(300 x 500)
    assert "places.bird-rock.elevation_m" not in named  # was answered
    assert "places.x.elevation_m" in {default.path for default in quick({**ANSWERS, "where": "X, 1, 2"}).defaults}
    assert named["forces.*.quality"].value == "1"
    assert "beliefs.storm.chance" in named
    assert named["parameters"].value.endswith("priors")


def test_all_wrong_answers_are_said_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        quick({"who": "only one", "where": "nowhere", "food": "much"})
    assert [str(problem) for problem in caught.value.problems] == [
        "who  FS193  must be two names with a slash between them, is 'only one'; such as Valley Front / Army",
        "where  FS193  must be a name, a latitude and a longitude, is 'nowhere'; "
        "such as Stone Valley, 35.3, 69.5, 2100 m",
        "food  FS193  must be a number above 0 or a rising range, is 'much'; such as 20-60",
    ]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who", "a / a"), ("who", "/ b"), ("who", "§ / b"), ("where", "X, 99, 0"), ("fighters", "300"),
        ("fighters", "0 / 5"), ("fighters", "9-3 / 5"), ("roads", "a road"), ("roads", "road to A 0 km"),
        ("roads", "road to A 5 km; track to A 6 km"), ("food", "2000"), ("help", "somebody"), ("help", "X 120 %"),
        ("season", "soon"), ("season", "2001-13-01"), ("season", "2001-02-01 to 2001-01-01"), ("disputed", "all"),
        ("disputed", "storm: maybe says X"), ("disputed", "food: 30"),
    ],
)  # fmt: skip
def test_answers_that_are_not_understood(question: str, words: str) -> None:
    assert check_answer(question, words)


def test_text_stays_text() -> None:
    hostile = {"who": 'a": {b / c\n#d', "help": "nobody"}
    made = quick(hostile)
    assert read_answers(hostile).defender_name == 'a": {b'
    assert made.text.count("role: defender") == 1


def test_the_command_asks_the_same_eight(tmp_path: Path) -> None:
    typed = "\n".join(ANSWERS[asked.id] for asked in QUESTIONS) + "\n"
    done = CliRunner().invoke(app, ["new", str(tmp_path / "new"), "--quick"], input=typed)
    assert done.exit_code == 0, done.output
    assert "places.bird-rock.population: " in done.output
    assert all(asked.ask in done.output for asked in QUESTIONS)
    assert load(tmp_path / "new").sides["crown"].role == "besieger"


def test_the_command_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    done = CliRunner().invoke(app, ["new", str(tmp_path), "--quick"], input="\n" * 8)
    assert done.exit_code != 0
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
