"""The scenarios that are shipped, and new folders made from them."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastness.errors import Problem, ScenarioError
from fastness.scenario.read import library_folders, load, locate, peek, scenario_files


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One scenario of the library; `days` is the length of its clock."""

    id: str
    title: str
    places: int
    days: int
    path: Path


def library() -> list[LibraryEntry]:
    """Return the scenarios that are shipped, in the order of their names."""
    return [_entry(name, path) for name, path in library_folders().items()]


def _entry(name: str, path: Path) -> LibraryEntry:
    document = peek(path)
    clock = document["clock"]
    days = (date.fromisoformat(clock["end"]) - date.fromisoformat(clock["start"])).days + 1
    return LibraryEntry(name, document["title"], len(document["places"]), days, path)


def write_new(folder: str | Path, source: str | Path) -> Path:
    """Copy a scenario into a new folder, whole or not at all.

    Parameters
    ----------
    folder : str or Path
        Where to; must not exist yet, or be empty.
    source : str or Path
        What `load` takes; it is checked first.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    ScenarioError
        If the folder is in use (FS191), cannot be written (FS192), or the source is not sound.
    """
    target = Path(folder)
    load(source)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        hint = "nothing is overwritten; choose another name"
        raise ScenarioError([Problem("FS191", "already exists and is not empty", str(target), hint=hint)])
    try:
        _copy(source, target)
    except OSError as fault:
        raise ScenarioError([Problem("FS192", f"cannot be written: {fault.strerror}", str(target))]) from fault
    return target


def _copy(source: str | Path, target: Path) -> None:
    origin = locate(source)
    root = origin if origin.is_dir() else origin.parent
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fastness-") as workshop:
        fresh = Path(workshop) / "new"
        for file in scenario_files(source):
            name = file.relative_to(root) if origin.is_dir() or file != origin else Path("scenario.yaml")
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, fresh / name)
        if target.exists():
            target.rmdir()
        fresh.rename(target)
