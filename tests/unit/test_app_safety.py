"""The workbench keeps others out: foreign pages, strangers on the network, names and zips that lead elsewhere."""

import asyncio
import io
import stat
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fastness.app.archive import MOST_FILES, MOST_PACKED, MOST_UNPACKED, pack, unpack
from fastness.app.folder import Folder, open_folder
from fastness.app.guard import MOST_BYTES, Guard, Message, Receive, Scope, Send
from fastness.errors import RunError, ScenarioError
from fastness.scenario import identity, load
from fastness.scenario.read import library_folders

PORT = 8642
OURS = {"host": f"127.0.0.1:{PORT}"}


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """Take the whole body and say how long it was."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def ask(
    guard: Callable[[Any, Any, Any], Awaitable[None]],
    path: str = "/",
    *,
    kind: str = "http",
    method: str = "GET",
    body: list[bytes] | None = None,
    headers: dict[str, str] | None = None,
    pairs: list[tuple[bytes, bytes]] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Send one request and return status, headers and body; of a websocket 101 or 403."""
    given = pairs or [(name.encode(), value.encode()) for name, value in (headers or OURS).items()]
    scope = {"type": kind, "path": path, "method": method, "headers": given, "query_string": b""}
    chunks = body or [b""]
    coming = [
        {"type": "http.request", "body": chunk, "more_body": k + 1 < len(chunks)} for k, chunk in enumerate(chunks)
    ]
    sent: list[Any] = []

    async def receive() -> Message:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(guard(scope, receive, send))
    if kind == "websocket":
        return (101 if sent[0]["type"] == "websocket.accept" else 403), {}, b""
    if not sent:
        return 0, {}, b""
    found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(message["body"] for message in sent[1:])


@pytest.fixture
def guard() -> Guard:
    return Guard(inner, host="127.0.0.1", port=PORT)


@pytest.fixture
def locked() -> Guard:
    return Guard(inner, host="0.0.0.0", port=PORT, token="right-token")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_our_own_names_are_served(guard: Guard, host: str) -> None:
    assert ask(guard, headers={"host": f"{host}:{PORT}"})[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8642",  # a name that was made to point here
        "127.0.0.1:9999",
        "127.0.0.1",
        "localhost.evil.example:8642",
        "user@127.0.0.1:8642",
        "127.0.0.1:8642/x",
        "127.0.0.1:port",
        "10.1.2.3:8642",
        "",
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_other_hosts_are_refused(guard: Guard, host: str, kind: str) -> None:
    assert ask(guard, kind=kind, headers={"host": host})[0] == 403


def test_a_request_without_host_or_with_two_is_refused(guard: Guard) -> None:
    assert ask(guard, pairs=[(b"accept", b"*/*")])[0] == 403
    own = f"127.0.0.1:{PORT}".encode()
    assert ask(guard, pairs=[(b"host", own), (b"host", b"evil.example")])[0] == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8642", "https://127.0.0.1"]
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_pages_of_others_are_refused(guard: Guard, origin: str, kind: str) -> None:
    assert ask(guard, kind=kind, headers=OURS | {"origin": origin})[0] == 403


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_our_own_page_is_served(guard: Guard, kind: str) -> None:
    assert ask(guard, kind=kind, headers=OURS | {"origin": f"http://127.0.0.1:{PORT}"})[0] in (200, 101)


def test_another_site_may_link_to_us_but_not_fetch(guard: Guard) -> None:
    fetched = OURS | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert ask(guard, headers=fetched)[0] == 403
    assert ask(guard, headers=fetched | {"sec-fetch-mode": "navigate"})[0] == 200


def test_every_answer_is_told_to_ask_nobody_else(guard: Guard) -> None:
    headers = ask(guard)[1]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "connect-src 'self'" in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_large_bodies_are_refused_whether_they_say_so_or_not(guard: Guard) -> None:
    said = OURS | {"content-length": str(MOST_BYTES + 1)}
    assert ask(guard, method="POST", headers=said)[0] == 413
    chunk = b"x" * 1_000_000
    fits, too_many = [chunk] * 3, [chunk] * (MOST_BYTES // len(chunk) + 1)
    assert ask(guard, method="POST", body=fits)[2] == b"3000000"
    assert ask(guard, method="POST", body=too_many)[0] == 0  # as if the other side had hung up
    assert ask(guard, method="POST", headers=OURS | {"content-length": "-1"})[0] == 413


def test_a_stranger_is_asked_for_the_token(locked: Guard) -> None:
    page = ask(locked, headers=OURS | {"accept": "text/html"})
    assert (page[0], page[1]["location"]) == (303, "/login")
    assert ask(locked, "/api/runs")[0] == 401
    assert ask(locked, kind="websocket")[0] == 403
    assert ask(locked, headers={"host": f"192.168.1.7:{PORT}"})[0] == 401
    assert ask(locked, headers={"host": f"evil.example:{PORT}"})[0] == 403


def test_a_program_gives_the_token_in_a_header(locked: Guard) -> None:
    assert ask(locked, headers=OURS | {"authorization": "Bearer right-token"})[0] == 200
    assert ask(locked, headers=OURS | {"authorization": "Bearer wrong"})[0] == 401
    assert ask(locked, headers=OURS | {"authorization": "right-token"})[0] == 401
    assert ask(locked, "/?token=right-token", headers=OURS)[0] == 401


def test_a_person_exchanges_the_token_for_a_cookie(locked: Guard) -> None:
    status, headers, _ = ask(locked, "/login", method="POST", body=[b"token=right-token"])
    assert (status, headers["location"]) == (303, "/")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "right-token" not in cookie
    known = OURS | {"cookie": cookie.split(";")[0]}
    assert ask(locked, headers=known)[0] == 200
    assert ask(locked, kind="websocket", headers=known)[0] == 101
    assert ask(locked, headers=OURS | {"cookie": f"fastness-{PORT}=guessed"})[0] == 401


def test_a_wrong_token_gives_nothing(locked: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastness.app.guard.PENALTY", 0.0)
    for body in (b"token=wrong", b"token=", b"", b"token=right-token" + b" " * 9000):
        status, headers, page = ask(locked, "/login", method="POST", body=[body])
        assert status == 401
        assert "set-cookie" not in headers
        assert b"right-token" not in page


def test_the_login_form_runs_only_its_own_script(locked: Guard) -> None:
    status, headers, page = ask(locked, "/login")
    assert status == 200
    assert "script-src 'unsafe" not in headers["content-security-policy"]
    assert "script-src 'sha256-" in headers["content-security-policy"]
    assert b'name="token"' in page


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return open_folder(tmp_path / "work")


@pytest.mark.parametrize(
    "name", ["..", ".", "", "../x", "a/b", "/etc", "a\\b", "x\0y", "-rf", ".hidden", "a" * 100, "ends.", "a\n"]
)
def test_no_name_leads_out_of_the_folder(folder: Folder, name: str) -> None:
    with pytest.raises(RunError) as caught:
        folder.run(name)
    assert caught.value.code == "FS504"
    with pytest.raises(RunError):
        folder.scenario(f"mine/{name}")
    with pytest.raises(RunError):
        folder.scenario(f"library/{name}")


def test_links_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "manifest.json").write_text("{}", encoding="utf-8")
    (folder.runs / "out").symlink_to(tmp_path / "secret")
    (folder.runs / "inner").mkdir()
    (folder.runs / "inner" / "report.html").symlink_to(tmp_path / "secret" / "manifest.json")
    for name in ("out", "inner"):
        with pytest.raises(RunError) as caught:
            folder.run(name)
        assert caught.value.code == "FS504"


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        open_folder(tmp_path / "file")
    assert caught.value.code == "FS503"
    assert str(tmp_path / "file") in caught.value.message


def zipped(entries: dict[str, bytes], *, level: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", level) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def refused(content: bytes, tmp_path: Path) -> str:
    with pytest.raises(RunError) as caught:
        unpack(content, tmp_path / "new")
    assert caught.value.code == "FS505"
    return caught.value.message


def test_a_scenario_goes_through_a_zip_unchanged(tmp_path: Path) -> None:
    source = library_folders()["harrow-hold"]
    content = pack(source, "harrow-hold")
    assert content == pack(source, "harrow-hold")
    assert unpack(content, tmp_path / "new") == "harrow-hold"
    assert identity(load(tmp_path / "new")) == identity(load(source))


@pytest.mark.parametrize(
    "name",
    ["../scenario.yaml", "/etc/scenario.yaml", "a/../../x.csv", "..\\x.csv", "C:/x.csv", "a/../scenario.yaml"],
)
def test_entries_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    assert "leads elsewhere" in refused(zipped({"scenario.yaml": b"", name: b"x"}), tmp_path)
    assert not (tmp_path.parent / "x.csv").exists()


def test_links_in_a_zip_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("scenario.yaml", b"")
        link = zipfile.ZipInfo("tables/places.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    assert "link or device" in refused(buffer.getvalue(), tmp_path)


def test_bombs_are_refused(tmp_path: Path) -> None:
    assert "suspiciously small" in refused(
        zipped({"scenario.yaml": b"", "tables/places.csv": bytes(5_000_000)}), tmp_path
    )
    many = {"scenario.yaml": b""} | {f"geo/{k}.json": b"" for k in range(MOST_FILES)}
    assert f"at most {MOST_FILES}" in refused(zipped(many), tmp_path)
    assert "MB" in refused(b"P" * (MOST_PACKED + 1), tmp_path)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastness.app.archive.MOST_UNPACKED", 1_000)
    content = bytearray(zipped({"scenario.yaml": b"a: 1\n" * 400}))
    assert "unpacked" in refused(bytes(content), tmp_path)
    size = (2000).to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (20).to_bytes(4, "little")
    refused(bytes(content), tmp_path)
    assert sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file()) <= MOST_UNPACKED


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        (["tables/places.csv"], "exactly one scenario.yaml"),
        (["a/b/scenario.yaml"], "exactly one scenario.yaml"),
        (["a/scenario.yaml", "b/scenario.yaml"], "exactly one scenario.yaml"),
        (["a/scenario.yaml", "run.sh"], "beside the scenario"),
    ],
)
def test_what_holds_no_scenario_is_refused(tmp_path: Path, entries: list[str], says: str) -> None:
    assert says in refused(zipped(dict.fromkeys(entries, b"")), tmp_path)


def test_what_is_no_zip_file_is_refused(tmp_path: Path) -> None:
    assert "no zip file" in refused(b"no zip", tmp_path)
    assert "no zip file" in refused(zipped({"scenario.yaml": b"a: 1"})[:-30], tmp_path)


def test_only_files_of_a_scenario_are_kept(tmp_path: Path) -> None:
    content = zipped({"s/scenario.yaml": b"", "s/run.sh": b"", "s/tables/evil.py": b"", "s/geo/a.json": b"{}"})
    assert unpack(content, tmp_path / "new") == "s"
    kept = sorted(
        file.relative_to(tmp_path / "new").as_posix() for file in (tmp_path / "new").rglob("*") if file.is_file()
    )
    assert kept == ["geo/a.json", "scenario.yaml"]


def test_nothing_is_overwritten(folder: Folder) -> None:
    folder.copy("library/harrow-hold", "mine-now")
    with pytest.raises(ScenarioError) as caught:
        folder.copy("library/harrow-hold", "mine-now")
    assert caught.value.code == "FS191"
    assert folder.free_name("mine-now") == "mine-now-2"
