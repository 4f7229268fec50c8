"""The user's folder: `scenarios/` and `runs/`, and nothing outside them is ever read or written for a page."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastness.errors import Problem, RunError, ScenarioError
from fastness.scenario import library, write_new
from fastness.scenario.read import library_folders

LIBRARY, MINE = "library", "mine"
#: names of folders that a page, a zip or a program may give
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,98}")


@dataclass(frozen=True)
class Folder:
    """The user's folder.

    Attributes
    ----------
    root
        Resolved path. `scenarios/<name>` are scenarios to edit, `runs/<name>` run folders, `.workbench/` notes of the
        workbench itself: the runs that it started, and their answers.
    """

    root: Path

    @property
    def scenarios(self) -> Path:
        """Where the user's scenarios are."""
        return self.root / "scenarios"

    @property
    def runs(self) -> Path:
        """Where run folders are."""
        return self.root / "runs"

    @property
    def notes(self) -> Path:
        """Where the workbench keeps what it has to remember."""
        return self.root / ".workbench"

    def scenario(self, reference: str) -> Path:
        """Return the folder of a scenario: `library/<name>` or `mine/<name>`.

        Raises
        ------
        RunError
            FS504 if the name leads elsewhere, FS506 if there is no such scenario.
        """
        where, _, name = reference.partition("/")
        if where == LIBRARY and name in library_folders():
            return library_folders()[name]
        path = self.inside(self.scenarios, name) if where == MINE else None
        if path is None or not (path / "scenario.yaml").is_file():
            message = f"there is no scenario '{reference}'"
            raise RunError(
                code="FS506", message=message, hint="the first page lists all scenarios, as library/NAME or mine/NAME"
            )
        return path

    def run(self, name: str) -> Path:
        """Return an existing run folder, none of whose files is a link.

        Raises
        ------
        RunError
            FS504 if the name or a link in it leads elsewhere, FS506 if there is no such run.
        """
        path = self.inside(self.runs, name)
        if not path.is_dir():
            message = f"there is no run '{name}'"
            raise RunError(code="FS506", message=message, hint="the first page lists all runs")
        return path

    def as_run(self, run: str) -> Path:
        """Return the scenario of a run as it was written: a folder, or one file.

        Raises
        ------
        RunError
            FS504 or FS506 as for `run`, FS506 if the run keeps no scenario.
        """
        folder = self.run(run) / "scenario"
        if (folder / "scenario.yaml").is_file():
            return folder
        files = sorted(folder.glob("*.yaml"))
        if not files:
            message = f"the run '{run}' keeps no scenario as written"
            raise RunError(
                code="FS506", message=message, hint="it was built in Python; its resolved form is in the run"
            )
        return files[0]

    def inside(self, parent: Path, name: str) -> Path:
        """Return `parent/name`, sure that it is one folder in there and that no link leads out.

        Raises
        ------
        RunError
            FS504 otherwise.
        """
        path = parent / name
        fine = _NAME.fullmatch(name) and not name.endswith((".", " ")) and path.resolve().is_relative_to(self.root)
        if not fine or (path.is_dir() and _has_links(path)):
            message = f"'{name[:100]}' does not name a folder of the workbench"
            raise RunError(
                code="FS504",
                message=message,
                hint="names are letters, digits, dots, hyphens and spaces; links are not followed",
            )
        return path

    def run_names(self) -> list[str]:
        """Return the names of all run folders, the newest first."""
        found = [path.parent for path in self.runs.glob("*/manifest.json") if _NAME.fullmatch(path.parent.name)]
        return [path.name for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)]

    def references(self) -> list[str]:
        """Return references to all scenarios, the user's own first."""
        own = sorted(path.parent.name for path in self.scenarios.glob("*/scenario.yaml"))
        return [*(f"{MINE}/{name}" for name in own if _NAME.fullmatch(name)), *(f"{LIBRARY}/{e.id}" for e in library())]

    def copy(self, reference: str, name: str) -> str:
        """Copy a scenario to a new one of the user's and return its reference.

        Raises
        ------
        RunError
            FS504 or FS506 for a name that cannot be.
        ScenarioError
            FS191 if the name is taken, or what is wrong with the scenario.
        """
        write_new(self.inside(self.scenarios, name), self.scenario(reference))
        return f"{MINE}/{name}"

    def free_name(self, wanted: str) -> str:
        """Return a name for a new scenario: as wanted, or with the first number that is free."""
        plain = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:60] or "scenario"
        names = (plain if n == 1 else f"{plain}-{n}" for n in range(1, 10_000))
        return next(name for name in names if not (self.scenarios / name).exists())

    def take(self, unpacked: Path, name: str) -> str:
        """Move an unpacked scenario to a new one of the user's and return its reference.

        Raises
        ------
        ScenarioError
            FS191 if the name is taken.
        """
        target = self.inside(self.scenarios, name)
        if target.exists():
            hint = "nothing is overwritten; choose another name"
            raise ScenarioError([Problem("FS191", "already exists and is not empty", name, hint=hint)])
        shutil.move(unpacked, target)
        return f"{MINE}/{name}"


def _has_links(path: Path) -> bool:
    """Look for links; what vanishes meanwhile, as in a run that plays, is passed over."""
    walked = os.walk(path)  # it does not follow links, and forgives folders that are gone
    return path.is_symlink() or any(
        Path(at, name).is_symlink() for at, folders, names in walked for name in (*folders, *names)
    )


def open_folder(path: Path) -> Folder:
    """Make the user's folder where it is not there yet.

    Raises
    ------
    RunError
        FS503 if it cannot be written.
    """
    folder = Folder(path.expanduser().resolve())
    try:
        for each in (folder.scenarios, folder.runs, folder.notes / "jobs", folder.notes / "answers"):
            each.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=each):
                pass
    except OSError as fault:
        message = f"{path} cannot be written: {fault.strerror}"
        raise RunError(code="FS503", message=message, hint="name a folder of yours: fastness serve DIR") from fault
    return folder
