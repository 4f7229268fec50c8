"""Scenarios as zip files: packed for others, unpacked with suspicion."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NoReturn

from fastness.errors import RunError
from fastness.scenario.fields import TABLES
from fastness.scenario.read import scenario_files

#: most bytes of an uploaded file; the largest scenario of the library takes a tenth of it
MOST_PACKED: Final = 16_000_000
MOST_FILES: Final = 200
MOST_UNPACKED: Final = 64_000_000
#: most that a file may be larger than what it is packed into; text and coordinates reach about 20
MOST_RATIO: Final = 100
#: files smaller than this may shrink as they like: a table of equal rows packs well
SMALL: Final = 100_000
_CHUNK: Final = 1 << 16


def pack(path: Path, name: str) -> bytes:
    """Return a scenario's files as a zip with one folder, `name`; equal files give equal bytes."""
    root = path if path.is_dir() else path.parent
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in scenario_files(path):
            place = "scenario.yaml" if file == path else file.relative_to(root).as_posix()
            entry = zipfile.ZipInfo(f"{name}/{place}")
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def unpack(content: bytes, target: Path) -> str:
    """Write the scenario of a zip into a new folder and return the name of the folder that it had in the zip.

    Only `scenario.yaml`, `tables/*.csv` and `geo/*.json` or `*.geojson` are written, at the top or in one folder.

    Parameters
    ----------
    content : bytes
        The zip file.
    target : Path
        Folder to make.

    Raises
    ------
    RunError
        FS505 if it is too large, no zip, encrypted, damaged, a bomb, or has entries that lead elsewhere or are links.
    """
    if len(content) > MOST_PACKED:
        _refuse(f"is larger than {MOST_PACKED // 1_000_000} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = _entries(packed)
            top = _top(entries)
            left = MOST_UNPACKED
            for entry in entries:
                place = PurePosixPath(entry.filename).relative_to(top)
                if not _belongs(place):
                    continue
                file = target.joinpath(*place.parts)
                file.parent.mkdir(parents=True, exist_ok=True)
                left -= _write(packed, entry, file, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as fault:
        _refuse("is no zip file, or damaged", fault)
    return str(top) if top.parts else ""


def _refuse(why: str, cause: Exception | None = None) -> NoReturn:
    hint = "nothing was kept; pack the scenario's folder again, and nothing else"
    raise RunError(code="FS505", message=f"the zip file {why}", hint=hint) from cause


def _entries(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of a zip, after looking at every entry of it."""
    entries = packed.infolist()
    if len(entries) > MOST_FILES:
        _refuse(f"has {len(entries)} entries; a scenario has at most {MOST_FILES}")
    for entry in entries:
        _check(entry)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        _refuse(f"would take more than {MOST_UNPACKED // 1_000_000} MB unpacked")
    return [entry for entry in entries if not entry.is_dir() and "__MACOSX" not in entry.filename]


def _check(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that is not a plain file or folder at a place below."""
    shown = entry.filename[:80]
    path = PurePosixPath(entry.filename)
    # orig_filename: zipfile cuts names at a zero byte
    if path.is_absolute() or ".." in path.parts or "\\" in entry.orig_filename or "\0" in entry.orig_filename:
        _refuse(f"has an entry that leads elsewhere, '{shown}'")
    if path.parts and ":" in path.parts[0]:
        _refuse(f"has an entry that leads elsewhere, '{shown}'")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        _refuse(f"has a link or device, '{shown}'")
    if entry.flag_bits & 1:
        _refuse("is encrypted")
    if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        _refuse(f"has an entry that is packed suspiciously small, '{shown}'")


def _top(entries: list[zipfile.ZipInfo]) -> PurePosixPath:
    """Return the folder of the zip that holds scenario.yaml."""
    found = [PurePosixPath(e.filename).parent for e in entries if PurePosixPath(e.filename).name == "scenario.yaml"]
    if len(found) != 1 or len(found[0].parts) > 1:
        _refuse("does not hold exactly one scenario.yaml, at the top or in one folder")
    top = found[0]
    if any(not PurePosixPath(entry.filename).is_relative_to(top) for entry in entries):
        _refuse("holds files beside the scenario's folder")
    return top


def _belongs(place: PurePosixPath) -> bool:
    """Tell whether a file is one that a scenario has."""
    if place == PurePosixPath("scenario.yaml"):
        return True
    if len(place.parts) != 2:
        return False
    folder, name = place.parts
    tables = folder == "tables" and name in {f"{table}.csv" for table in TABLES}
    return tables or (folder == "geo" and place.suffix in (".json", ".geojson"))


def _write(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Path, left: int) -> int:
    """Write one entry, counting what really comes out rather than what the zip says, and return its size."""
    size = 0
    with file.open("xb") as out:
        for chunk in _chunks(packed, entry):
            size += len(chunk)
            if size > left:
                _refuse(f"takes more than {MOST_UNPACKED // 1_000_000} MB unpacked")
            out.write(chunk)
    return size


def _chunks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with packed.open(entry) as source:
        while chunk := source.read(_CHUNK):
            yield chunk
