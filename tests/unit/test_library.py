"""The library, new folders made from it, the JSON Schema and the field tables."""

from pathlib import Path

import pytest

from fastness.errors import ScenarioError
from fastness.scenario import Scenario, field_table, identity, json_schema, library, load, write_new
from fastness.scenario.schema import STORED, schema_text

CORPUS = Path(__file__).parent.parent / "scenarios"


def test_the_library_lists_what_it_holds() -> None:
    entries = {entry.id: entry for entry in library()}
    panjshir = entries["panjshir-2021"]
    assert panjshir.title == "Panjshir 2021"
    assert panjshir.places >= 18
    assert panjshir.days == 247  # 27 August 2021 to 30 April 2022, both included
    assert identity(load(panjshir.path)) == identity(load("panjshir-2021"))


def test_a_new_folder_is_a_copy_that_loads(tmp_path: Path) -> None:
    folder = write_new(tmp_path / "deep" / "mine", "panjshir-2021")
    assert identity(load(folder)) == identity(load("panjshir-2021"))
    assert sorted(path.name for path in folder.iterdir()) == ["geo", "scenario.yaml", "tables"]
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]


def test_a_single_file_becomes_a_folder(tmp_path: Path) -> None:
    single = CORPUS / "valid" / "smallest" / "mine.yaml"
    (tmp_path / "mine").mkdir()
    assert identity(load(write_new(tmp_path / "mine", single))) == identity(load(single))


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ScenarioError, match="FS191  already exists and is not empty; nothing is overwritten"):
        write_new(tmp_path, "panjshir-2021")
    with pytest.raises(ScenarioError, match="FS191"):
        write_new(tmp_path / "notes.txt", "panjshir-2021")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_nothing_is_written_from_a_scenario_with_problems(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="FS112"):
        write_new(tmp_path / "mine", CORPUS / "invalid" / "no-such-place" / "mine.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ScenarioError, match="FS192  cannot be written"):
        write_new(tmp_path / "file" / "mine", "panjshir-2021")


def test_the_stored_schema_is_that_of_the_models() -> None:
    assert STORED.read_text(encoding="utf-8") == schema_text(), "run tests/scenarios/rewrite.py"


def test_the_schema_says_units_limits_and_choices() -> None:
    schema = json_schema()
    route = schema["$defs"]["Route"]["properties"]
    assert route["length_km"]["unit"] == "km"
    assert route["length_km"]["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 5000}
    assert "from" in route
    assert "start" not in route
    assert "places" not in schema["required"]
    assert schema["additionalProperties"] is False


def test_field_tables() -> None:
    rows = {row.name: row for row in field_table("force")}
    assert list(rows)[:4] == ["id", "side", "place", "fighters"]
    assert (rows["fighters"].kind, rows["fighters"].unit, rows["fighters"].range) == (
        "number",
        "persons",
        "≥ 0, ≤ 2000000000",
    )
    assert rows["fighters"].default == ""
    assert rows["quality"].range == "> 0, ≤ 10"
    assert rows["arrives"].kind == "date"
    assert {row.name: row.kind for row in field_table("routes")}["kind"] == "road | track"
    assert [row.name for row in field_table("scenario")] == list(Scenario.model_fields)


def test_every_field_says_what_it_is() -> None:
    parts = ["scenario", "sides", "places", "routes", "forces", "stocks", "sources", "claims", "beliefs", "windows"]
    parts += ["plans", "questions", "variants", "record", "layers", "clock"]
    assert [(part, row.name) for part in parts for row in field_table(part) if not row.about] == []


def test_a_part_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="did you mean 'forces'"):
        field_table("froces")
