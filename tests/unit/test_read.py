"""Reading files: sizes, encodings, paths that leave the folder, names of the library, positions of every node."""

import os
from pathlib import Path

import pytest
from scenarios.rewrite import source_of

from fastness.errors import ScenarioError
from fastness.scenario import load, locate, scenario_files
from fastness.scenario.positions import Finding, located
from fastness.scenario.read import MAX_FILE_BYTES, MAX_YAML_BYTES, read
from fastness.scenario.yaml_text import read_yaml

CORPUS = Path(__file__).parent.parent / "scenarios"
SMALLEST = (CORPUS / "valid" / "smallest" / "mine.yaml").read_text(encoding="utf-8")
FOLDER = CORPUS / "valid" / "folder"
HUNDRED_MB = 100 * 1024 * 1024


def copy_of_folder(target: Path) -> Path:
    (target / "tables").mkdir(parents=True)
    for name in ("scenario.yaml", "tables/places.csv", "tables/routes.csv"):
        (target / name).write_bytes((FOLDER / name).read_bytes())
    return target


def problems_of(source: Path | str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(source)
    return [str(problem) for problem in caught.value.problems]


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def test_a_hundred_megabytes_of_yaml_are_refused(tmp_path: Path) -> None:
    sparse(tmp_path / "big.yaml", HUNDRED_MB)
    said = f"{tmp_path}/big.yaml  FS102  the file has 104,857,600 bytes; at most 262,144 are read"
    assert problems_of(tmp_path / "big.yaml") == [said]


def test_a_hundred_megabytes_of_table_are_refused(tmp_path: Path) -> None:
    folder = copy_of_folder(tmp_path / "mine")
    sparse(folder / "tables" / "forces.csv", HUNDRED_MB)
    said = f"{folder}/tables/forces.csv  FS102  the file has 104,857,600 bytes; at most 16,777,216 are read"
    assert problems_of(folder) == [said]


def test_limits_are_those_of_the_format() -> None:
    assert MAX_YAML_BYTES == 256 * 1024
    assert MAX_FILE_BYTES == 16 * 1024 * 1024


def test_a_table_has_at_most_ten_thousand_rows(tmp_path: Path) -> None:
    folder = copy_of_folder(tmp_path / "mine")
    rows = "id,side,place,fighters\n" + "x,green,upper,1\n" * 10_001
    (folder / "tables" / "forces.csv").write_text(rows, encoding="utf-8")
    assert problems_of(folder) == [f"{folder}/tables/forces.csv:10002  FS102  a table has at most 10,000 rows"]


def test_latin_1_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(SMALLEST.replace("Upper,", "Oberdörfchen,").encode("latin-1"))
    assert problems_of(file) == [f"{file}:8  FS103  is not UTF-8 text: byte 0xf6; save the file as UTF-8"]


def test_utf_16_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(SMALLEST.encode("utf-16"))
    assert problems_of(file) == [f"{file}:1  FS103  is not UTF-8 text: byte 0xff; save the file as UTF-8"]


@pytest.mark.parametrize("name", ["tables/forces.csv", "geo/outline.geojson"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = copy_of_folder(tmp_path / "mine")
    (tmp_path / "secret").write_text("id,side,place,fighters\n", encoding="utf-8")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).symlink_to(tmp_path / "secret")
    layer = "layers:\n  - {file: geo/outline.geojson, kind: outline, licence: CC0-1.0, attribution: Nobody}\n"
    if name.startswith("geo"):
        with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
            file.write(layer)
    (said,) = problems_of(folder)
    assert "FS109" in said
    assert "lies outside the scenario's folder" in said


def test_a_linked_scenario_file_is_refused(tmp_path: Path) -> None:
    folder = copy_of_folder(tmp_path / "mine")
    (folder / "scenario.yaml").rename(tmp_path / "elsewhere.yaml")
    (folder / "scenario.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert any("FS109" in said for said in problems_of(folder))


def test_a_link_to_the_folder_itself_is_fine(tmp_path: Path) -> None:
    folder = copy_of_folder(tmp_path / "mine")
    (tmp_path / "link").symlink_to(folder)
    assert load(tmp_path / "link").title == "Two villages"


def test_a_table_that_is_no_file(tmp_path: Path) -> None:
    folder = copy_of_folder(tmp_path / "mine")
    os.mkfifo(folder / "tables" / "forces.csv")  # reading it would wait for ever
    assert problems_of(folder) == [f"{folder}/tables/forces.csv  FS101  there is no such file"]


def test_names_that_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = "FS101  no folder, file or scenario of the library is named 'panjshir-2012'; did you mean 'panjshir-2021'?"
    assert problems_of("panjshir-2012") == [said]
    (tmp_path / "empty").mkdir()
    assert problems_of("empty") == ["empty  FS101  the folder has no scenario.yaml"]


def test_a_folder_of_ones_own_wins_over_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    copy_of_folder(tmp_path / "panjshir-2021")
    assert load("panjshir-2021").title == "Two villages"
    assert load("panjshir-2021").origin == Path("panjshir-2021")


def test_the_scenario_file_of_a_folder_stands_for_the_folder() -> None:
    assert load(FOLDER / "scenario.yaml") == load(FOLDER)
    assert locate(FOLDER / "scenario.yaml") == FOLDER


def test_the_files_that_make_up_a_scenario() -> None:
    layers = CORPUS / "valid" / "layers"
    names = ["scenario.yaml", "tables/places.csv", "tables/routes.csv", "geo/outline.geojson"]
    assert scenario_files(layers) == [layers / name for name in names]
    single = CORPUS / "valid" / "smallest" / "mine.yaml"
    assert scenario_files(single) == [single]


def test_every_node_has_a_position() -> None:
    text = "a: {b: [1, 'two']}\nc:\n  - d: |\n      x y\n"
    data, origins, problems = read_yaml(text, "f")
    assert data == {"a": {"b": [1, "two"]}, "c": [{"d": "x y\n"}]}
    assert problems == []
    places = {path: (spot.line, spot.column) for path, spot in origins.values.items()}
    assert places == {
        (): (1, 1),
        ("a",): (1, 4),
        ("a", "b"): (1, 8),
        ("a", "b", 0): (1, 9),
        ("a", "b", 1): (1, 13),  # the first character inside the quotes
        ("c",): (3, 3),
        ("c", 0): (3, 5),
        ("c", 0, "d"): (3, 8),
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("e: one two", (1, 8)),
        ("e: 'one two'", (1, 9)),
        ("e: one\n   two", (2, 4)),
        ("e: >-\n  one\n  two", (3, 3)),
        ("e: |\n  one\n\n  two", (4, 3)),
    ],
)
def test_a_character_of_a_text_is_found_in_its_file(text: str, place: tuple[int, int]) -> None:
    data, origins, _ = read_yaml(text, "f")
    assert isinstance(data, dict)
    offset = data["e"].index("two")
    (problem,) = located([Finding(("e",), "FS121", "here", offset=offset)], data, origins)
    assert (problem.line, problem.column) == place


def test_yaml_1_2_has_few_magic_words() -> None:
    data, _, _ = read_yaml("[yes, no, on, off, 012, 0o7, 1_000, 2021-08-27, 1:30, .5, 5., 1e3, ~, TRUE, null]", "f")
    expected = ["yes", "no", "on", "off", 12, "0o7", "1_000", "2021-08-27", "1:30", 0.5, 5.0, 1000.0, None, True, None]
    assert data == expected


def test_an_enormous_whole_number_does_no_harm() -> None:
    data, _, _ = read_yaml("a: " + "9" * 5000, "f")
    assert data == {"a": float("inf")}


def test_cells_know_their_line_behind_a_line_break_in_a_cell() -> None:
    written = read(source_of(CORPUS / "valid" / "quoted-cells"))
    assert written.document["places"][1]["name"] == "Lower\nvillage"
    assert written.origins.values["places", 1, "name"].line == 3
