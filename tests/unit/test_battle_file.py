"""Reading files of battles: what is kept, what is left out, and what is said about what is wrong."""

from pathlib import Path

import numpy as np
import pytest

from fastness.errors import AnalysisError
from fastness.history.battle_file import COLUMNS, read_battles

HEADER = "war,year,start,days,parent,str_a,str_d,cas_a,cas_d,wina,post1,post2,terr_relief,j_morala"
GOOD = "A,1944,1944-06-06 05:30:00,2,,20000,10000,400,500,1,HD,FD,G,1"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "battles.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def said(path: Path) -> list[str]:
    return [str(problem).replace(f"{path.parent}/", "") for problem in read_battles(path).problems]


def test_a_row_becomes_a_battle(tmp_path: Path) -> None:
    file = read_battles(write(tmp_path, GOOD, "B,1815,,1,,100,200,0,,-1,HD,,,0"))
    battles = file.battles
    assert file.wars == ("A", "B")
    assert battles.log_ratio == pytest.approx([np.log(2), -np.log(2)])
    assert battles.century == pytest.approx([-0.02, -1.31])
    assert list(battles.wins) == [1, 0]
    assert list(battles.fortified) == [1, 0]
    assert list(battles.rugged) == [1, 0]
    # 400 of 20,000 in two days; no loss is half a man of a hundred; an empty cell is unknown
    assert battles.daily_loss("attacker") == pytest.approx([-2, np.log10(0.005)])
    assert np.isnan(battles.daily_loss("defender")[1])
    assert file.problems == ()


def test_parts_draws_and_unknown_strengths_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = ("A,1944,,1,7,10,10,1,1,1,,,,", "A,1944,,1,,10,10,1,1,0,,,,", "A,1944,,1,,,10,1,1,1,,,,")
    file = read_battles(write(tmp_path, GOOD, *rows))
    assert file.left_out == {"part of another battle": 1, "drawn": 1, "a strength unknown": 1}
    assert (len(file.battles), file.rows, file.small) == (1, 4, 2)


def test_an_unlabelled_battle_is_kept(tmp_path: Path) -> None:
    file = read_battles(write(tmp_path, "A,1944,,1,,10,10,1,1,,,,,"))
    assert not file.battles.labelled.any()


def test_all_that_is_wrong_is_said_by_line_and_column_and_the_other_rows_stay(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "A,1944,1944-02-30,2,,20000,10000,400,500,1,,,,",
        "A,1944,,2,,ten,10000,400,500,1,,,,",
        "A,1944,,2,,20000,9000-200,400,500,1,,,,",
        "A,1944,,2,,20000,200-9000,400,500,1,,,,",
        "A,1944,,0,,20000,10000,400,500,1,,,,",
        "A,1944,,2,,20000,10000,-4,500,1,,,,",
        "A,1944,,2,,20000,10000,400,500,2,,,,",
        "A,1650,1944-06-06,2,,20000,10000,400,500,1,,,,",
        "A,1944,6 June,2,,20000,10000,400,500,1,,,,",
        "A,1944,,2,,0,10000,400,500,1,,,,",
        "A,1944,,2",
        GOOD,
    )
    assert said(path) == [
        "battles.csv:2:start  FS423  '1944-02-30' is an impossible date: day is out of range for month",
        "battles.csv:3:str_a  FS423  'ten' is not a number",
        "battles.csv:4:str_d  FS423  '9000-200' is not a number; a range the wrong way round, 9000 is over 200; "
        "and a cell holds one number",
        "battles.csv:5:str_d  FS423  '200-9000' is not a number; a cell holds one number, not a range",
        "battles.csv:6:days  FS423  must be 1 day or more: both ends count, is 0",
        "battles.csv:7:cas_a  FS423  must be 0 persons or more, is -4",
        "battles.csv:8:wina  FS423  must be 1 (attacker won), 0 (draw) or -1 (attacker lost), is 2",
        "battles.csv:9:start  FS423  begins in 1944, while year says 1650",
        "battles.csv:10:start  FS423  '6 June' is not a date; write 1944-06-06 or 1944-06-06 05:30:00",
        "battles.csv:11:str_a  FS423  must be more than 0 persons, is 0",
        "battles.csv:12  FS423  the row has 4 cells, the header has 14 columns",
    ]
    assert len(read_battles(path).battles) == 1


def test_a_missing_column_is_said_with_what_is_then_not_done(tmp_path: Path) -> None:
    path = write(tmp_path, "A,1944,10,20", header="war,year,str_a,str_d")
    assert said(path)[:2] == [
        "battles.csv:1  FS422  column 'wina' is missing: who won is not scored",
        "battles.csv:1  FS422  column 'cas_a' is missing: the attacker's losses are not scored",
    ]
    assert len(read_battles(path).battles) == 1


def test_files_that_cannot_be_played(tmp_path: Path) -> None:
    cases = {
        "FS421": tmp_path / "absent.csv",
        "FS422": write(tmp_path, "A", header="war"),
    }
    for code, path in cases.items():
        with pytest.raises(AnalysisError) as fault:
            read_battles(path)
        assert fault.value.code == code
    path = write(tmp_path, "A,1944,,2,,x,10000,400,500,1,,,,")
    with pytest.raises(AnalysisError, match="no battle can be played") as fault:
        read_battles(path)
    assert fault.value.code == "FS424"
    assert ":2:str_a  FS423  'x' is not a number" in fault.value.message


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "battles.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AnalysisError, match="is not UTF-8 text"):
        read_battles(path)


def test_judgements_made_afterwards_are_never_read(tmp_path: Path) -> None:
    assert not [name for name in COLUMNS if name.startswith("j_")]
    assert read_battles(write(tmp_path, GOOD[:-1] + "nonsense")).problems == ()
