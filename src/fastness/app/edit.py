"""Editing a scenario of the user's folder: each change is saved at once, whole or not at all, and can be undone.

What a tab has seen of the files is remembered by their hashes. A change made elsewhere meanwhile stays: where both
changed the same value, nothing is written until a person has chosen between the two.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from fastness.app.entries import (
    MAIN,
    Rows,
    Texts,
    document_of,
    must_be_readable,
    pasted_rows,
    same,
    shown,
    typed,
    value_at,
    with_rows,
    with_values,
    without_row,
)
from fastness.app.splice import Value
from fastness.errors import Problem, RunError, ScenarioError
from fastness.scenario import load
from fastness.scenario.fields import TABLES
from fastness.scenario.positions import Address, row_numbers
from fastness.scenario.read import MAX_FILE_BYTES, MAX_YAML_BYTES, Written, read

#: most steps that can be undone
MOST_STEPS: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One value set: what it was and what it became; None where nothing is written and the default applies.

    `path` names rows of tables by id: `("forces", "gate-watch", "fighters")`.
    """

    path: Address
    before: Value
    after: Value

    @property
    def says(self) -> str:
        """The change in words."""
        where = " ".join(str(part) for part in self.path[1:]) or str(self.path[0])
        return f"{where}: {shown(self.before)} → {shown(self.after)}"


@dataclass(frozen=True, slots=True)
class Step:
    """What one act of a person did to the files: the texts before and after, and the values that it set.

    `changes` is empty where rows came or went.
    """

    says: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """One value that two people changed: as this one saw it, as it is now, and as this one wants it."""

    path: Address
    seen: Value
    theirs: Value
    mine: Value


class Conflict(RunError):
    """FS509: somebody else changed the same values; nothing was written."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        first = clashes[0]
        where = ".".join(str(part) for part in first.path)
        message = f"'{where}' was {shown(first.seen)}, is now {shown(first.theirs)}, and you want {shown(first.mine)}"
        super().__init__(code="FS509", message=message, hint="choose one of them")
        self.clashes = tuple(clashes)


@dataclass
class Editor:
    """One person's view of a scenario, and what this person did to it.

    Attributes
    ----------
    folder
        The scenario's folder, inside the user's.
    lock
        File that all who write scenarios of this user's folder lock meanwhile.
    seen
        The files as the person saw them, with the person's own changes.
    done, undone
        Steps to take back and to do again.
    """

    folder: Path
    lock: Path
    seen: Texts = field(default_factory=dict)
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> None:
        """Take in the files as they are now."""
        self.seen = texts(self.folder)

    def is_behind(self) -> bool:
        """Tell whether somebody else changed the files since this person looked."""
        return hashes(texts(self.folder)) != hashes(self.seen)

    @property
    def document(self) -> dict[str, Any]:
        """The scenario as this person sees it, problems or not."""
        return document_of(self.seen)

    def set(self, path: Address, words: str, *, over: Sequence[Clash] = ()) -> Step | None:
        """Set one value to what was typed; empty means the default. None if it was that already.

        `over` are the clashes that a person has seen and decided in favour of this value.

        Raises
        ------
        RunError
            FS508 if it cannot be changed, FS509 (`Conflict`) if somebody else changed it meanwhile.
        """
        return self.set_all({path: words}, over=over)

    def set_all(self, wanted: Mapping[Address, str], *, over: Sequence[Clash] = (), says: str = "") -> Step | None:
        """Set several values in one step; see `set`."""
        return self._apply({path: typed(path, words) for path, words in wanted.items()}, {}, over, says)

    def paste(self, table: str, pasted: str) -> Step | None:
        """Take rows from a spreadsheet: those whose id is known are changed, the others added. None if all was so.

        Raises
        ------
        RunError
            FS510 if they cannot be read; FS508 or FS509 as `set`.
        """
        rows = pasted_rows(table, pasted)
        known = {name for kind, name in row_numbers(self.document) if kind == table}
        wanted: dict[Address, Value] = {
            (table, row["id"], column): typed((table, row["id"], column), words)
            for row in rows
            for column, words in row.items()
            if row["id"] in known and column != "id"
        }
        fresh = {table: [row for row in rows if row["id"] not in known]}
        return self._apply(wanted, fresh, (), f"{table}: {len(rows)} rows pasted")

    def add_row(self, table: str, row: Mapping[str, str]) -> Step:
        """Add a row to a table; FS508 as `set`."""

        def edit(found: Texts) -> Texts:
            return with_rows(found, table, [row])

        with self._locked() as now:
            return self._do(now, edit, f"{table}: {row.get('id', 'a row')} added")

    def remove_row(self, table: str, name: str) -> Step:
        """Remove a row of a table; FS509 if somebody else changed the row since this person saw it."""

        def edit(found: Texts) -> Texts:
            return without_row(found, table, name)

        with self._locked() as now:
            mine, theirs = (value_at(each, (table, name)) for each in (self.document, document_of(now)))
            if not same(theirs, mine):
                raise Conflict([Clash((table, name), mine, theirs, None)])
            return self._do(now, edit, f"{table}: {name} removed")

    def undo(self) -> Step | None:
        """Take back this person's last step; FS508 or FS509 where somebody else changed the same since."""
        return self._back(self.done, self.undone, [(s.after, s.before) for s in self.done[-1:]], forward=False)

    def redo(self) -> Step | None:
        """Do again what was taken back; errors as `undo`."""
        return self._back(self.undone, self.done, [(s.before, s.after) for s in self.undone[-1:]], forward=True)

    def _apply(
        self, wanted: Mapping[Address, Value], rows: Mapping[str, Rows], over: Sequence[Clash], says: str
    ) -> Step | None:
        """Set values and add rows, unless somebody else set one of the values otherwise."""
        with self._locked() as now:
            must_be_readable(now)
            mine, theirs = self.document, document_of(now)
            agreed = {(clash.path, shown(clash.theirs)) for clash in over}
            changes = [Change(path, value_at(theirs, path), value) for path, value in wanted.items()]
            changes = [change for change in changes if not same(change.before, change.after)]
            clashes = [
                Clash(change.path, value_at(mine, change.path), change.before, change.after)
                for change in changes
                if not same(change.before, value_at(mine, change.path))
                and (change.path, shown(change.before)) not in agreed
            ]
            if clashes:
                raise Conflict(clashes)
            added = any(rows.values())
            if not changes and not added:
                return None

            def edit(found: Texts) -> Texts:
                found = with_values(found, {change.path: change.after for change in changes})
                for table, fresh in rows.items():
                    found = with_rows(found, table, fresh) if fresh else found
                return found

            said = says or "; ".join(change.says for change in changes[:3])
            return self._do(now, edit, said, () if added else tuple(changes))

    def _do(self, now: Texts, edit: Callable[[Texts], Texts], says: str, changes: tuple[Change, ...] = ()) -> Step:
        """Save what an edit makes of the files, and remember the step."""
        fresh = edit(now)
        write(self.folder, now, fresh)
        self.seen = fresh if self.seen == now else edit(self.seen)
        differ = [name for name in fresh if fresh[name] != now.get(name)]
        step = Step(says, {name: now[name] for name in differ}, {name: fresh[name] for name in differ}, changes)
        self.done[:] = [*self.done, step][-MOST_STEPS:]
        self.undone.clear()
        return step

    def _back(
        self, taken: list[Step], kept: list[Step], ends: Sequence[tuple[Mapping[str, str], Mapping[str, str]]], *,
        forward: bool,
    ) -> Step | None:  # fmt: skip
        """Move one step back or forth, exactly where the files are as the step left them, else value by value."""
        if not ends:
            return None
        (source, target), step = ends[0], taken[-1]
        with self._locked() as now:
            if all(now.get(name) == text for name, text in source.items()):
                write(self.folder, now, {**now, **target})
                self.seen = {**self.seen, **target}
            else:
                self._merge(now, step, forward=forward)
        taken.pop()
        kept.append(step)
        return step

    def _merge(self, now: Texts, step: Step, *, forward: bool) -> None:
        """Set the values of a step back, or forth, in files that somebody else has changed in other places."""
        if not step.changes:
            message = f"'{step.says}' cannot be taken back: the file was changed elsewhere since"
            raise RunError(code="FS508", message=message, hint="change it by hand; nothing was written")
        ends = {c.path: (c.before, c.after) if forward else (c.after, c.before) for c in step.changes}
        theirs = {path: value_at(document_of(now), path) for path in ends}
        clashes = [
            Clash(path, source, theirs[path], target)
            for path, (source, target) in ends.items()
            if not same(theirs[path], source)
        ]
        if clashes:
            raise Conflict(clashes)
        wanted = {path: target for path, (_, target) in ends.items()}
        write(self.folder, now, with_values(now, wanted))
        self.seen = with_values(self.seen, wanted)

    @contextmanager
    def _locked(self) -> Iterator[Texts]:
        """Keep others from writing, and give the files as they are now."""
        with self.lock.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield texts(self.folder)


def write(folder: Path, now: Mapping[str, str], fresh: Mapping[str, str]) -> None:
    """Save the files that differ, each whole or not at all; FS508 if one would be too large."""
    differ = {name: text for name, text in fresh.items() if text != now.get(name)}
    for name, text in differ.items():
        most = MAX_YAML_BYTES if name == MAIN else MAX_FILE_BYTES
        if len(text.encode()) > most:
            message = f"{name} would have more than {most:,} bytes"
            raise RunError(code="FS508", message=message, hint="nothing was written")
    for name, text in differ.items():
        save(folder / name, text)


def texts(folder: Path) -> dict[str, str]:
    """Return the text of each file of a scenario that can be edited.

    Raises
    ------
    RunError
        FS508 for a file that is too large, a link, or no text.
    """
    files = [folder / MAIN, *(folder / "tables" / f"{table}.csv" for table in TABLES)]
    found = {}
    for file in files:
        if not file.is_file():
            continue
        name = file.relative_to(folder).as_posix()
        if file.is_symlink() or file.parent.is_symlink():
            raise RunError(code="FS508", message=f"{name} is a link", hint="put a copy of the file into the folder")
        if file.stat().st_size > (MAX_YAML_BYTES if name == MAIN else MAX_FILE_BYTES):
            raise RunError(code="FS508", message=f"{name} is too large to be edited", hint="edit it in the file")
        try:
            found[name] = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as fault:
            raise RunError(code="FS508", message=f"{name} is not UTF-8 text", hint="save it as UTF-8") from fault
    return found


def hashes(found: Mapping[str, str]) -> dict[str, str]:
    """Return the SHA-256 of each text."""
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in found.items()}


def save(file: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all, with its line ends as they are."""
    temporary = file.with_name(f".{file.name}.part")
    with temporary.open("wb") as out:
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(file)


def problems(folder: Path) -> list[tuple[Problem, Address | None]]:
    """Return everything that is wrong with a scenario, and for each the path of the value that it points at.

    Files are named from the scenario's folder on; the path is None where a problem points at nothing that is written.
    """
    try:
        load(folder)
    except ScenarioError as fault:
        written = read(folder)
        found = [(problem, _place_of(problem, written)) for problem in fault.problems]
        return [(replace(problem, file=_below(problem.file, folder)), path) for problem, path in found]
    return []


def _below(file: str, folder: Path) -> str:
    return Path(file).relative_to(folder).as_posix() if Path(file).is_relative_to(folder) else file


def _place_of(problem: Problem, written: Written) -> Address | None:
    """Return the path of the value at a problem's line and column, or of the last one above it."""
    spots = {path: spot for path, spot in written.origins.values.items() if spot.file == problem.file and path}
    exact = [path for path, spot in spots.items() if (spot.line, spot.column) == (problem.line, problem.column)]
    above = [path for path, spot in spots.items() if spot.line <= (problem.line or 0)]
    path = max(exact, key=len) if exact else max(above, key=lambda each: spots[each].line, default=None)
    if path is None or len(path) < 2 or path[0] not in TABLES:
        return path
    row = value_at(written.document, path[:2])
    return (path[0], str(row.get("id", path[1])), *path[2:]) if isinstance(row, dict) else path
