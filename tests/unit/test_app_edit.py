"""Editing scenarios in the workbench: comments stay, edits are minimal, and nobody's work is lost."""

import difflib
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastness.app import splice
from fastness.app.edit import Conflict, Editor, Step, hashes, problems, texts
from fastness.app.entries import document_of, field_of, pasted_rows, shown, typed, value_at
from fastness.errors import RunError
from fastness.scenario import load, write_new
from fastness.scenario.read import library_folders
from fastness.scenario.yaml_text import read_yaml

HARROW = (library_folders()["harrow-hold"] / "scenario.yaml").read_text(encoding="utf-8")
GATE = ("forces", "gate-watch", "fighters")


@pytest.fixture
def harrow(tmp_path: Path) -> Path:
    return write_new(tmp_path / "harrow", "harrow-hold")


@pytest.fixture
def panjshir(tmp_path: Path) -> Path:
    return write_new(tmp_path / "panjshir", "panjshir-2021")


def editor(folder: Path) -> Editor:
    return Editor(folder, folder.parent / "edit.lock")


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line.startswith(("+", "-"))]


def test_one_value_changes_one_line_and_comments_stay(harrow: Path) -> None:
    step = editor(harrow).set(GATE, "300")
    assert step is not None
    assert step.says == "gate-watch fighters: 250 → 300"
    assert changed_lines(HARROW, (harrow / "scenario.yaml").read_text(encoding="utf-8")) == [
        "-   - {id: gate-watch, side: hold, place: harrow-gate, fighters: 250}",
        "+   - {id: gate-watch, side: hold, place: harrow-gate, fighters: 300}",
    ]
    assert load(harrow).forces[0].fighters == 300


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("forces", 1, "vehicles"), 3, ["-   - {id: hold-levy, side: hold, place: harrow-hold, fighters: 200, "
         "quality: 0.8} # militia: less power for each man", "+   - {id: hold-levy, side: hold, place: harrow-hold, "
         "fighters: 200, quality: 0.8, vehicles: 3} # militia: less power for each man"]),
        (("plans", "ring", 1, "until"), None, ["-       until: 2001-11-15"]),
        (("sides", "hold", "reserve"), 5, ["+     reserve: 5"]),
        (("talks", "open"), 1, ["+ talks: {open: 1}"]),
        (("title",), "Sun: rise # two", ["- title: Harrow Hold", '+ title: "Sun: rise # two"']),
        (("title",), "2001", ["- title: Harrow Hold", '+ title: "2001"']),
        (("beliefs", "pass-watched", "said_if_false", "herb-woman"), 0.1, [
            "-     said_if_false: {ring-herald: 0.8}", "+     said_if_false: {ring-herald: 0.8, herb-woman: 0.1}"]),
        (("plans", "ring", 2, "orders", "blockade"), ["millford", "ringstead"], [
            "-       orders: {hold: {ringstead: 1}, blockade: [millford], commit: 0.6}",
            "+       orders: {hold: {ringstead: 1}, blockade: [millford, ringstead], commit: 0.6}"]),
        (("missing", 1), None, [
            "-   - Leaders, neighbours who might help, and parts of the people who see things differently."]),
    ],
)  # fmt: skip
def test_yaml_is_changed_where_it_has_to_be(path: tuple[str | int, ...], value: splice.Value, lines: list[str]) -> None:
    assert changed_lines(HARROW, splice.set_value(HARROW, path, value)) == lines


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200).filter(str.strip))
def test_any_text_comes_back_as_it_was_typed(words: str) -> None:
    for path in (("title",), ("summary",), ("forces", 0, "side"), ("beliefs", "pass-watched", "why")):
        short = "# top\ntitle: a # end\nsummary: >-\n  b\n  c\n# next\nforces:\n  - {id: x, side: y} # z\n" \
                "beliefs:\n  pass-watched:\n    why: plain\n    # last\n"  # fmt: skip
        fresh = splice.set_value(short, path, words)
        found = read_yaml(fresh, "x")[0]
        for part in path:
            found = found[part]  # type: ignore[index]
        assert found == words
        assert all(comment in fresh for comment in ("# top", "# end", "# next", "# z", "# last"))


def test_line_ends_and_a_byte_order_mark_stay(harrow: Path) -> None:
    file = harrow / "scenario.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + HARROW.replace("\n", "\r\n").encode())
    mine = editor(harrow)
    mine.set(GATE, "300")
    mine.set(("sides", "hold", "reserve"), "5")
    text = file.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf#")
    assert text.count(b"\n") == text.count(b"\r\n") == HARROW.count("\n") + 1
    assert problems(harrow) == []


def test_a_cell_of_a_table_changes_only_itself(panjshir: Path) -> None:
    file = panjshir / "tables" / "forces.csv"
    before = file.read_text(encoding="utf-8")
    editor(panjshir).set(("forces", "nrf-core-bazarak", "fighters"), "700")
    assert changed_lines(before, file.read_text(encoding="utf-8")) == [
        "- nrf-core-bazarak,nrf,bazarak,600,1,0,0,0,0,,",
        "+ nrf-core-bazarak,nrf,bazarak,700,1,0,0,0,0,,",
    ]


def test_cells_with_quotes_and_line_breaks() -> None:
    table = 'id,a,b\r\n"x",1,"p, ""q""\r\nr"\r\n\r\ny,2,\r\n'
    assert splice.set_cell(table, 0, "a", "9") == table.replace(",1,", ",9,")
    assert splice.set_cell(table, 1, "b", 'n, "m"') == table.replace("y,2,", 'y,2,"n, ""m"""')
    assert splice.set_cell(table, 1, "c", "z") == 'id,a,b,c\r\n"x",1,"p, ""q""\r\nr",\r\n\r\ny,2,,z\r\n'
    assert splice.remove_record(table, 0) == "id,a,b\r\n\r\ny,2,\r\n"
    assert splice.add_records("id,a", [{"id": "w", "b": "1"}]) == "id,a,b\nw,,1\n"


def test_a_bad_value_is_kept_and_said_with_its_place(panjshir: Path) -> None:
    mine = editor(panjshir)
    mine.set(("forces", "nrf-core-bazarak", "fighters"), "lots")
    [(problem, path)] = problems(panjshir)
    assert str(problem) == "tables/forces.csv:2:fighters  FS130  must be a number, is 'lots'"
    assert path == ("forces", "nrf-core-bazarak", "fighters")
    mine.undo()
    assert problems(panjshir) == []


def test_a_problem_in_yaml_leads_to_its_row(harrow: Path) -> None:
    editor(harrow).set(("forces", "ring-camp", "place"), "milford")
    [(problem, path)] = problems(harrow)
    assert (problem.code, problem.line, path) == ("FS112", 80, ("forces", "ring-camp", "place"))


def test_undo_and_redo_are_exact(harrow: Path) -> None:
    mine, file = editor(harrow), harrow / "scenario.yaml"
    mine.set(GATE, "300")
    mine.add_row("stocks", {"id": "east-store", "side": "hold", "place": "upperdale"})
    mine.remove_row("forces", "ring-town")
    mine.set(("beliefs", "pass-watched", "why"), "Nobody lives up there.")
    last = file.read_bytes()
    for _ in range(4):
        assert mine.undo() is not None
    assert mine.undo() is None
    assert file.read_bytes() == HARROW.encode()
    for _ in range(4):
        mine.redo()
    assert file.read_bytes() == last
    mine.undo()
    mine.set(GATE, "310")
    assert mine.redo() is None  # what was taken back is gone once something else is done


def test_the_same_value_again_is_no_step(harrow: Path) -> None:
    mine = editor(harrow)
    assert mine.set(GATE, " 250 ") is None
    assert mine.done == []


def test_two_people_change_different_things_and_both_stay(harrow: Path) -> None:
    one, other = editor(harrow), editor(harrow)
    one.set(GATE, "300")
    assert other.is_behind()
    other.set(("forces", "ring-camp", "fighters"), "950")
    found = {force.id: force.fighters for force in load(harrow).forces}
    assert (found["gate-watch"], found["ring-camp"]) == (300, 950)
    assert other.is_behind()  # and still does not know of the other change
    one.undo()
    assert {force.id: force.fighters for force in load(harrow).forces}["ring-camp"] == 950


def test_two_people_change_the_same_and_one_chooses(harrow: Path) -> None:
    one, other = editor(harrow), editor(harrow)
    one.set(GATE, "300")
    saved = hashes(texts(harrow))
    with pytest.raises(Conflict) as caught:
        other.set(GATE, "400")
    assert hashes(texts(harrow)) == saved
    assert str(caught.value) == (
        "FS509  'forces.gate-watch.fighters' was 250, is now 300, and you want 400; choose one of them"
    )
    [clash] = caught.value.clashes
    assert (clash.seen, clash.theirs, clash.mine) == (250, 300, 400)
    one.set(GATE, "310")
    with pytest.raises(Conflict):  # what was agreed to was 300
        other.set(GATE, "400", over=caught.value.clashes)
    with pytest.raises(Conflict) as again:
        other.set(GATE, "400")
    other.set(GATE, "400", over=again.value.clashes)
    assert load(harrow).forces[0].fighters == 400


def test_two_who_want_the_same_agree(harrow: Path) -> None:
    one, other = editor(harrow), editor(harrow)
    one.set(GATE, "300")
    assert other.set(GATE, "300") is None


def test_undo_does_not_take_back_what_somebody_else_did(harrow: Path) -> None:
    one, other = editor(harrow), editor(harrow)
    one.set(GATE, "300")
    other.look()
    other.set(GATE, "350")
    with pytest.raises(Conflict):
        one.undo()
    assert load(harrow).forces[0].fighters == 350
    one.add_row("stocks", {"id": "east-store", "side": "hold", "place": "upperdale"})
    other.look()
    other.set(GATE, "360")
    with pytest.raises(RunError, match="FS508  'stocks: east-store added' cannot be taken back"):
        one.undo()


def test_a_row_that_somebody_changed_is_not_removed(harrow: Path) -> None:
    one, other = editor(harrow), editor(harrow)
    one.set(GATE, "300")
    with pytest.raises(Conflict):
        other.remove_row("forces", "gate-watch")


def test_no_change_of_many_at_once_is_lost(panjshir: Path) -> None:
    names = [force.id for force in load(panjshir).forces][:8]

    def work(name: str) -> None:
        mine = editor(panjshir)
        mine.set(("forces", name, "vehicles"), "7")

    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [force.vehicles for force in load(panjshir).forces][:8] == [7] * 8


def test_rows_are_pasted_from_a_spreadsheet(panjshir: Path) -> None:
    mine = editor(panjshir)
    before = texts(panjshir)
    pasted = "fighters\tid\tside\tplace\n650\tnrf-core-bazarak\tnrf\tbazarak\n40\teast-watch\tnrf\tkhenj\n"
    step = mine.paste("forces", pasted)
    assert isinstance(step, Step)
    assert step.says == "forces: 2 rows pasted"
    found = {force.id: force for force in load(panjshir).forces}
    assert (found["nrf-core-bazarak"].fighters, found["east-watch"].place) == (650, "khenj")
    assert found["nrf-core-bazarak"].quality == 1  # columns that were not pasted stay
    mine.undo()
    assert texts(panjshir) == before


def test_pasted_rows_that_cannot_be_read() -> None:
    for pasted, message in (
        ("", "FS510  there are no rows; copy the cells in the spreadsheet, then paste"),
        ("\n".join(f"f{n}" for n in range(501)), "FS510  501 rows are too many to paste; at most 500; paste them in "
         "parts, or put the table's file into the folder"),
        ("a\tb\tc\td\te\tf\tg\th\n", "FS510  row 1 has 8 cells, the table has 7 columns; columns: id, side, place, "
         "food_t, fuel_t, ammunition_t, supply_t_per_day"),
        ("\thold\tharrow-gate\n", "FS510  row 1 has no id; columns: id, side, place, food_t, fuel_t, ammunition_t, "
         "supply_t_per_day"),
    ):  # fmt: skip
        with pytest.raises(RunError) as caught:
            pasted_rows("stocks", pasted)
        assert str(caught.value) == message


def test_what_is_typed_becomes_what_the_field_is() -> None:
    assert typed(("forces", "x", "fighters"), "1200") == 1200
    assert typed(("forces", "x", "fighters"), "1.5 thousand") == "1.5 thousand"
    assert typed(("places", "x", "inside"), "TRUE") is True
    assert typed(("places", "x", "name"), "1200") == "1200"
    assert typed(("beliefs", "x", "p50"), "2001-10-01") == "2001-10-01"
    assert typed(("beliefs", "x", "p50"), "12.5") == 12.5
    assert typed(("plans", "ring", 0, "orders", "hold"), "millford 2, ringstead 1") == {"millford": 2, "ringstead": 1}
    assert typed(("plans", "ring", 0, "orders", "axes"), "a, b") == ["a", "b"]
    assert typed(("forces", "x", "arrives"), " ") is None
    field = field_of(("routes", "x", "length_km"))
    assert field is not None
    assert (field.unit, field.range) == ("km", "≥ 0, ≤ 5000")


def test_what_is_shown_can_be_typed_again() -> None:
    document = document_of({"scenario.yaml": HARROW})
    for path in (GATE, ("places", "millford", "lat"), ("plans", "ring", 1, "orders", "hold"), ("title",),
                 ("places", "harrow-gate", "inside"), ("beliefs", "ring-strength", "sets")):  # fmt: skip
        value = value_at(document, path)
        assert typed(path, shown(value)) == value


def test_files_that_are_not_changed(harrow: Path, tmp_path: Path) -> None:
    mine = editor(harrow)
    with pytest.raises(RunError, match=r"FS508  scenario.yaml would have more than 262,144 bytes; nothing was written"):
        mine.set(("summary",), "x" * 300_000)
    assert (harrow / "scenario.yaml").read_bytes() == HARROW.encode()
    (harrow / "scenario.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(RunError, match=r"FS508  scenario.yaml cannot be changed here: line 1: cannot be read as YAML"):
        mine.set(("title",), "x")
    (harrow / "tables").mkdir()
    (tmp_path / "outside.csv").write_text("id\n", encoding="utf-8")
    (harrow / "tables" / "forces.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(RunError, match=r"FS508  tables/forces.csv is a link"):
        editor(harrow)
