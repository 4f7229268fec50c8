"""The run folder: manifest, parts while it runs, tables and series at the end; nothing half-written is read."""

import json
import math
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from fastness.errors import StoreError

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Part:
    """What is kept of a batch: named arrays whose first axis is the campaign.

    Two kinds differ: the flat list of events, and the daily series of numbers, of shape (day, place or side, campaign),
    so that the campaigns of a few days lie together, to be sorted for quantiles.
    """

    first: int
    count: int
    arrays: dict[str, npt.NDArray[Any]]


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def create(folder: Path, manifest: dict[str, Any], document: str, files: Iterable[tuple[str, Path]]) -> None:
    """Make a new run folder with its manifest, the resolved scenario and the scenario as written.

    Raises
    ------
    StoreError
        FS301 if the folder exists and is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"{folder} exists; nothing was overwritten"
        raise StoreError(
            code="FS301", message=message, hint="continue it with --resume, or choose another folder with -o"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in files:
        target = folder / "scenario" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    write_text(folder / "scenario.resolved.json", document)
    write_manifest(folder, manifest)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Replace the manifest in one step."""
    write_text(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run folder.

    Raises
    ------
    StoreError
        FS302 if it is not a run folder, FS303 if its manifest is unreadable, FS304 if its format is another.
    """
    path = folder / MANIFEST
    if not path.is_file():
        message = f"{folder} is not a run folder: it has no {MANIFEST}"
        raise StoreError(code="FS302", message=message, hint="name a folder that `fastness run` wrote")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found = manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} cannot be read: {error}"
        raise StoreError(
            code="FS303", message=message, hint="the folder was edited or cut short; run the scenario again"
        ) from error
    if found != FORMAT:
        message = f"{folder} has format {found}, this version reads {FORMAT}"
        raise StoreError(code="FS304", message=message, hint="run the scenario again with this version")
    return dict(manifest)


def write_part(folder: Path, part: Part) -> None:
    """Write a batch as a folder of plain arrays, whole or not at all."""
    target = part_folder(folder, part.first)
    temporary = target.with_name(target.name + ".part")
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    temporary.mkdir(parents=True)
    for name, array in part.arrays.items():
        np.save(temporary / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
    os.rename(temporary, target)  # noqa: PTH104 - a folder is renamed in one step


def part_folder(folder: Path, first: int) -> Path:
    """Return the folder of the batch that begins with campaign `first`."""
    return folder / "parts" / f"{first:07d}"


def read_parts(folder: Path, done: list[list[int]], name: str) -> npt.NDArray[Any]:
    """Return one array of all finished batches, joined in the order of campaigns."""
    return np.concatenate([np.load(path, allow_pickle=False) for path in _files(folder, done, name)])


def read_days(folder: Path, done: list[list[int]], name: str, days: slice) -> npt.NDArray[Any]:
    """Return some days of a daily series, joined in the order of campaigns, shape (day, place or side, campaign)."""
    return np.concatenate([_days_of(path, days) for path in _files(folder, done, name)], axis=-1)


def _days_of(path: Path, days: slice) -> npt.NDArray[Any]:
    """Read some days of a part: what is mapped instead would count as memory used, and take four times as long."""
    with path.open("rb") as file:
        npy.read_magic(file)
        shape, _, dtype = npy.read_array_header_1_0(file)
        first, last, _ = days.indices(shape[0])
        numbers = math.prod(shape[1:])
        file.seek(first * numbers * dtype.itemsize, os.SEEK_CUR)
        return np.fromfile(file, dtype, (last - first) * numbers).reshape(last - first, *shape[1:])


def _files(folder: Path, done: list[list[int]], name: str) -> list[Path]:
    return [part_folder(folder, first) / f"{name}.npy" for first, _ in sorted(done)]


def drop_parts(folder: Path) -> None:
    """Remove the parts of a finished run."""
    shutil.rmtree(folder / "parts", ignore_errors=True)
