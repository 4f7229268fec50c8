"""What stands behind the pages of the workbench: jobs, progress, tables, map layers, the interface for programs."""

import asyncio
import fcntl
import io
import json
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import fastparquet
import numpy as np
import pandas as pd
import pytest

from fastness.app import geopackage, tables
from fastness.app.desk import Desk, open_desk
from fastness.app.folder import open_folder
from fastness.app.jobs import Job
from fastness.app.progress import progress
from fastness.ensemble import simulate
from fastness.ensemble.store import Part, write_manifest, write_part, write_text
from fastness.errors import FastnessError, RunError
from fastness.scenario import load

fastapi = pytest.importorskip("fastapi", reason="the extra 'app' is not installed")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Make a folder with one run of 60 campaigns."""
    made = open_desk(open_folder(tmp_path_factory.mktemp("work")))
    simulate(load("harrow-hold"), campaigns=60, seed=4, out=made.folder.runs / "hold")
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    return open_desk(open_folder(tmp_path))


def ask(desk: Desk, path: str, *, method: str = "GET", document: object = None) -> tuple[int, bytes]:
    """Ask the interface for programs."""
    from fastness.app.api import add_api

    app = fastapi.FastAPI()
    add_api(app, desk)
    plain, _, query = path.partition("?")
    scope = {
        "type": "http", "method": method, "path": plain, "raw_path": plain.encode(), "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http", "root_path": "",
        "server": ("127.0.0.1", 8642), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(document).encode() if document is not None else b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def test_the_headline_is_worked_out_once_and_remembered(desk: Desk) -> None:
    found = desk.results.headline("hold")
    assert found is not None
    assert found.headline == desk.results.open("hold").answer.headline
    notes = desk.folder.notes / "answers" / "hold.json"
    known = json.loads(notes.read_text(encoding="utf-8"))
    notes.write_text(json.dumps(known | {"headline": "as noted"}), encoding="utf-8")
    again = desk.results.headline("hold")
    assert again is not None
    assert again.headline == "as noted"
    notes.write_text(json.dumps(known | {"headline": "as noted", "written": 0}), encoding="utf-8")
    fresh = desk.results.headline("hold")
    assert fresh == found


def test_every_table_can_be_read_back(desk: Desk, tmp_path: Path) -> None:
    result = desk.results.open("hold")
    names = tables.table_names(result.ensemble)
    assert {"questions", "clocks", "outcomes", "draws", "events", "daily-held", "daily-open"} <= set(names)
    for name in names:
        frame = tables.table(result, name)
        assert len(pd.read_csv(io.BytesIO(tables.as_bytes(frame, name, "csv")))) == len(frame)
        file = tmp_path / f"{name}.parquet"
        file.write_bytes(tables.as_bytes(frame, name, "parquet"))
        with file.open("rb") as opened:
            assert fastparquet.ParquetFile(opened).to_pandas().shape == frame.shape


def test_a_daily_table_says_what_the_run_says(desk: Desk) -> None:
    result = desk.results.open("hold")
    frame = tables.table(result, "daily-civil-food-days")
    row = frame[(frame["day"] == 10) & (frame["place"] == "harrow-hold")].iloc[0]
    days = result.ensemble.summary["civil_food_days"].sel(day=10, place="harrow-hold")
    expected = days.sel(quantile=0.5, method="nearest")
    assert row["p50"] == pytest.approx(float(expected))
    assert row["date"] == "2001-09-11"


def test_text_that_a_spreadsheet_would_run_is_defused() -> None:
    frame = pd.DataFrame({"text": ["=1+1", "plain", "@x", "-y"], "number": [-1.0, 2.0, 3.0, 4.0]})
    lines = tables.as_bytes(frame, "t", "csv").decode().splitlines()
    assert lines == ["text,number", "'=1+1,-1.0", "plain,2.0", "'@x,3.0", "'-y,4.0"]


def test_a_geopackage_has_what_the_standard_asks_for(tmp_path: Path) -> None:
    shapes = [[(69.5, 35.3)], [(69.3, 35.1)]]
    points = geopackage.Table(
        "places", {"name": ["a", 'quo"te'], "share": [1, 2.5], "none": [None, np.nan]}, "x", shapes
    )
    line = geopackage.Table("routes", {"id": ["r"]}, shapes=[[(0.0, 1.0), (2.0, 3.0)]])
    plain = geopackage.Table("list", {"day": np.array([1, 2])})
    file = geopackage.write(tmp_path / "x.gpkg", [points, line, plain])
    head = file.read_bytes()[:100]
    assert head[:16] == b"SQLite format 3\0"
    assert struct.unpack(">I", head[68:72])[0] == 0x47504B47
    assert struct.unpack(">I", head[60:64])[0] == 10300
    with closing(sqlite3.connect(file)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {row[0] for row in base.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")} == {-1, 0, 4326}
        found = base.execute("SELECT table_name, data_type, min_x, max_y, srs_id FROM gpkg_contents").fetchall()
        assert found == [
            ("places", "features", 69.3, 35.3, 4326),
            ("routes", "features", 0.0, 3.0, 4326),
            ("list", "attributes", None, None, None),
        ]
        kinds = base.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns").fetchall()
        assert kinds == [("places", "POINT"), ("routes", "LINESTRING")]
        rows = base.execute("SELECT fid, geom, name, share, none FROM places").fetchall()
        assert [row[2:] for row in rows] == [("a", 1.0, None), ('quo"te', 2.5, None)]
        blob = rows[0][1]
        assert blob[:2] == b"GP"
        assert struct.unpack("<BBiBIdd", blob[2:]) == (0, 1, 4326, 1, 1, 69.5, 35.3)
        (blob,) = base.execute("SELECT geom FROM routes").fetchone()
        assert struct.unpack("<BII4d", blob[8:]) == (1, 2, 2, 0.0, 1.0, 2.0, 3.0)


def test_map_layers_agree_in_both_formats(desk: Desk, tmp_path: Path) -> None:
    result = desk.results.open("hold")
    made = tables.layers(result, 30)
    collection = json.loads(tables.layers_as_bytes(made, "geojson"))
    places = [f for f in collection["features"] if f["properties"]["layer"] == "places"]
    assert len(places) == len(result.ensemble.scenario.places)
    (tmp_path / "x.gpkg").write_bytes(tables.layers_as_bytes(made, "gpkg"))
    with closing(sqlite3.connect(tmp_path / "x.gpkg")) as base:
        rows = dict(base.execute('SELECT id, "held_by_hold_percent" FROM places').fetchall())
    assert rows == {f["properties"]["id"]: f["properties"]["held_by_hold_percent"] for f in places}
    held = result.ensemble.summary["held"].sel(place="harrow-hold", side="hold", day=30)
    assert rows["harrow-hold"] == round(100 * float(held))
    with pytest.raises(RunError):
        tables.layers(result, 10_000)


def test_the_map_of_a_campaign_is_certain(desk: Desk) -> None:
    document = desk.results.open("hold").campaign_map(7)
    assert document is not None
    held = np.asarray(document["held"])
    assert set(np.unique(held)) <= {0, 100}
    assert (held.sum(axis=2) <= 100).all()
    front = document["front"][0]
    routes = desk.results.open("hold").ensemble.scenario.routes
    ids = document["ids"]
    for k, route in enumerate(routes):
        sides = {int(held[0, ids.index(end)].argmax()) for end in (route.start, route.end)}
        assert (len(sides) == 2) == (k in front)


def estimates(path: Path, held: list[list[int]]) -> None:
    """Write batches of a run by hand: which question held on which day in each campaign."""
    scenario = load("harrow-hold")
    path.mkdir(parents=True)
    write_text(path / "scenario.resolved.json", scenario.model_dump_json(by_alias=True))
    done = []
    for k, days in enumerate(held):
        questions = np.full((len(days), len(scenario.questions)), -1, np.int32)
        questions[:, 0] = days
        status = np.zeros(len(days), np.int32)
        write_part(path, Part(50 * k, len(days), {"question": questions, "status": status}))
        done.append([50 * k, len(days)])
    write_manifest(path, {"format": 1, "campaigns": 100, "failed": 0, "complete": False, "seconds": 1.0, "done": done})


def test_running_estimates_are_shares_of_what_is_played(tmp_path: Path) -> None:
    estimates(tmp_path / "run", [[3] * 20 + [-1] * 30, [5] * 10 + [-1] * 15])
    found = progress(tmp_path / "run")
    assert found is not None
    assert (found.done, found.total, found.complete) == (75, 100, False)
    assert found.running[0].probability == pytest.approx(30 / 75)
    assert found.running[0].low < 0.4 < found.running[0].high
    assert found.running[1].probability == 0
    assert found.running[1].low == 0 < found.running[1].high
    assert [n for n, _, _ in found.trail] == [50, 75]
    assert found.trail[0][1:] == pytest.approx((0.4, (0.4 * 0.6 / 50) ** 0.5))


def test_a_run_without_folder_or_batch_has_no_estimates(tmp_path: Path) -> None:
    assert progress(tmp_path / "none") is None
    estimates(tmp_path / "run", [])
    found = progress(tmp_path / "run")
    assert found is not None
    assert (found.done, found.running, found.trail) == (0, (), ())


def test_variants_are_asked_for_as_a_pair(empty: Desk) -> None:
    jobs = empty.jobs.ask("library/harrow-hold", campaigns=100, seed=9, variants=[None, "storm"])
    assert [(job.run, job.variant, job.seed) for job in jobs] == [
        ("harrow-hold-9", None, 9),
        ("harrow-hold-9-storm", "storm", 9),
    ]
    assert [empty.jobs.state(job) for job in jobs] == ["waiting", "waiting"]
    again = empty.jobs.ask("library/harrow-hold", campaigns=100, seed=9)
    assert again[0].run == "harrow-hold-9-2"
    assert empty.jobs.get("harrow-hold-9") == jobs[0]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"campaigns": 0}, "FS507"),
        ({"campaigns": 10, "seed": -1}, "FS507"),
        ({"campaigns": 10, "precision": 0.9}, "FS507"),
        ({"campaigns": 10, "variants": ["nonsense"]}, "FS117"),
    ],
)
def test_what_cannot_be_played_is_refused_at_once(empty: Desk, asked: dict[str, Any], code: str) -> None:
    with pytest.raises(FastnessError) as caught:
        empty.jobs.ask("library/harrow-hold", **asked)
    assert caught.value.code == code or code == "FS117"
    assert empty.jobs.all() == []


@pytest.fixture
def held_lock(empty: Desk) -> Iterator[Job]:
    """Ask for a job whose child lives: here this test, which holds the lock."""
    job = empty.jobs.ask("library/harrow-hold", campaigns=100, seed=9)[0]
    with (empty.folder.notes / "jobs" / job.run / "alive").open("ab") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        yield job


def test_a_job_plays_for_as_long_as_its_child_holds_the_lock(empty: Desk, held_lock: Job) -> None:
    other = open_desk(empty.folder)  # another server of the same folder
    assert other.jobs.state(held_lock) == "playing"
    assert other.jobs.state(replace(held_lock, wish="stop")) == "stopping"
    other.jobs.pump()  # begins nothing beside it
    assert other.jobs._children == {}
    with pytest.raises(RunError):
        other.jobs.forget(held_lock.run)


def test_a_run_is_forgotten_with_its_folder(empty: Desk) -> None:
    job = empty.jobs.ask("library/harrow-hold", campaigns=100, seed=9)[0]
    (empty.folder.runs / job.run).mkdir()
    empty.jobs.forget(job.run)
    assert empty.jobs.all() == []
    assert list(empty.folder.runs.iterdir()) == []


def test_what_a_job_is_without_a_child(empty: Desk) -> None:
    job = empty.jobs.ask("library/harrow-hold", campaigns=100, seed=9)[0]
    assert empty.jobs.state(replace(job, wish="stop")) == "stopped"
    assert empty.jobs.state(replace(job, failed=70)) == "failed"
    folder = empty.folder.runs / job.run
    folder.mkdir()
    write_manifest(folder, {"complete": True})
    assert empty.jobs.state(job) == "done"


def test_programs_see_scenarios_runs_and_results(desk: Desk) -> None:
    status, body = ask(desk, "/api/scenarios")
    assert status == 200
    assert "library/harrow-hold" in {row["scenario"] for row in json.loads(body)}
    assert json.loads(ask(desk, "/api/runs")[1])[0]["run"] == "hold"
    look = json.loads(ask(desk, "/api/runs/hold")[1])
    assert look["state"] == "done"
    answer = json.loads(ask(desk, "/api/runs/hold/answer")[1])
    assert answer["questions"][0]["id"] == "hold-stands"
    assert answer["headline"] == desk.results.open("hold").answer.headline
    figures = json.loads(ask(desk, "/api/runs/hold/figures")[1])
    for each in [*(f["id"] for f in figures), "people-harrow-hold", "survival-harrow-hold"]:
        status, body = ask(desk, f"/api/runs/hold/figures/{each}")
        assert status == 200, each
        assert {"data", "layout", "template"} <= set(json.loads(body))
    assert json.loads(ask(desk, "/api/scenarios/library/harrow-hold/check")[1])["problems"] == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/runs/none", 404, "FS506"),
        ("/api/runs/../x", 404, ""),
        ("/api/runs/%2e%2e", 404, "FS504"),
        ("/api/scenarios/mine/none/check", 404, "FS506"),
        ("/api/runs/hold/tables/nothing.csv", 404, "FS506"),
        ("/api/runs/hold/tables/questions.exe", 404, "FS506"),
        ("/api/runs/hold/figures/survival-nowhere", 404, "FS506"),
        ("/api/runs/hold/layers.shp", 404, "FS506"),
    ],
)
def test_programs_are_told_what_is_not_there(desk: Desk, path: str, status: int, code: str) -> None:
    found, body = ask(desk, path.replace("%2e", "."))
    assert found == status
    if code:
        assert json.loads(body)["problems"][0]["code"] == code


def test_programs_may_not_overwrite(empty: Desk) -> None:
    wanted = {"source": "library/harrow-hold", "name": "mine-now"}
    assert ask(empty, "/api/scenarios", method="POST", document=wanted)[0] == 201
    assert ask(empty, "/api/scenarios", method="POST", document=wanted)[0] == 409
    wanted["name"] = "../out"
    assert ask(empty, "/api/scenarios", method="POST", document=wanted)[0] == 404


def test_serving_without_the_extra_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['nicegui'] = None; from fastness.cli import main; sys.argv[0] = 'fastness'; main()"
    words = [sys.executable, "-c", code, "serve", str(tmp_path)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 2
    assert 'FS501  the workbench is an extra that is not installed; pip install "fastness[app]"' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    words = [sys.executable, "-m", "fastness", "serve", str(tmp_path / "file"), "--no-browser"]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 2
    assert f"FS503  {tmp_path}/file cannot be written" in ended.stderr
