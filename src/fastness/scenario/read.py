"""Reading a scenario: a folder, one YAML file, or a name of the library; all problems at once, and nothing outside."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from fastness.errors import Problem, ScenarioError, did_you_mean
from fastness.scenario.check import examine
from fastness.scenario.fields import TABLES
from fastness.scenario.model import LAYER_PATTERN, Part, Scenario
from fastness.scenario.positions import Finding, Origins, Spot, located
from fastness.scenario.tables import read_table
from fastness.scenario.wording import model_at
from fastness.scenario.yaml_text import read_yaml

MAX_YAML_BYTES: Final = 256 * 1024
MAX_FILE_BYTES: Final = 16 * 1024 * 1024
_LIBRARY: Final = Path(__file__).parent.parent / "library"
_FATAL: Final = frozenset({"FS101", "FS102", "FS103", "FS104", "FS105", "FS106", "FS108", "FS109"})


@dataclass(slots=True)
class Written:
    """A scenario as read from its files, before anything is understood."""

    folder: Path
    shown: Path
    document: dict[str, Any] = field(default_factory=dict)
    origins: Origins = field(default_factory=Origins)
    problems: list[Problem] = field(default_factory=list)
    said: set[tuple[str | int, ...]] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)

    def text(self, relative: str, limit: int) -> str | None:
        """Return the text of a file of the folder; None after noting why it cannot be had."""
        text = _text(self.folder, relative, limit, str(self.shown / relative))
        if isinstance(text, Problem):
            self.problems.append(text)
            return None
        self.files.append(self.folder / relative)
        return text


def load(source: str | Path) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    source : str or Path
        A folder with `scenario.yaml`, one YAML file, or the name of a scenario of the library.

    Returns
    -------
    Scenario
        Frozen and checked.

    Raises
    ------
    ScenarioError
        With all problems, in the order of files and lines.
    """
    written = read(source)
    if any(problem.code in _FATAL for problem in written.problems):
        raise ScenarioError(_in_order(written.problems, written))
    draft, findings = examine(written.document)
    kept = [finding for finding in findings if not _already_said(finding, written)]
    problems = written.problems + located(kept, written.document, written.origins)
    problems += _layer_problems(written)
    if problems:
        raise ScenarioError(_in_order(problems, written))
    scenario = draft.scenario
    scenario._origin = locate(source)
    return scenario


def locate(source: str | Path) -> Path:
    """Return the folder or file that a name or path stands for; a path wins over a name of the library.

    Raises
    ------
    ScenarioError
        If there is none (FS101).
    """
    path = Path(source)
    if path.is_dir() and (path / "scenario.yaml").exists():
        return path
    if path.is_file():
        return path.parent if path.name == "scenario.yaml" else path
    shipped = library_folders()
    if str(source) in shipped:
        return shipped[str(source)]
    if path.is_dir():
        raise ScenarioError([Problem("FS101", "the folder has no scenario.yaml", str(source))])
    hint = did_you_mean(str(source), shipped) or "'fastness list' shows the library"
    message = f"no folder, file or scenario of the library is named '{source}'"
    raise ScenarioError([Problem("FS101", message, hint=hint)])


def library_folders() -> dict[str, Path]:
    """Return the folders of the scenarios that are shipped, by name."""
    return {path.parent.name: path.parent for path in sorted(_LIBRARY.glob("*/scenario.yaml"))}


def scenario_files(source: str | Path) -> list[Path]:
    """Return the files that make up a scenario as written, so that a run can keep a copy."""
    path = locate(source)
    folder = path if path.is_dir() else path.parent
    tables = [folder / "tables" / f"{table}.csv" for table in TABLES] if path.is_dir() else []
    drawn = sorted(file for file in (folder / "geo").glob("*") if file.suffix in (".json", ".geojson"))
    first = path / "scenario.yaml" if path.is_dir() else path
    return [file for file in (first, *tables, *drawn) if file.is_file()]


def read(source: str | Path) -> Written:
    """Read the files of a scenario without understanding them."""
    path = locate(source)
    folder = path if path.is_dir() else path.parent
    written = Written(folder.resolve(), folder)
    name = "scenario.yaml" if path.is_dir() else path.name
    text = written.text(name, MAX_YAML_BYTES)
    if text is not None:
        _take_yaml(written, text, str(written.shown / name))
    if path.is_dir():
        _take_tables(written)
    return written


def _take_yaml(written: Written, text: str, file: str) -> None:
    data, written.origins, problems = read_yaml(text, file)
    written.problems += problems
    written.origins.keys.setdefault((), Spot(file, 1, 1, text.split("\n", 1)[0].rstrip("\r")))
    if isinstance(data, dict):
        written.document = data
    elif not problems:
        written.problems.append(Problem("FS104", "a scenario is a mapping of names to values, this is none", file, 1))


def _take_tables(written: Written) -> None:
    for path in sorted((written.folder / "tables").glob("*.csv")):
        name, relative = path.stem, f"tables/{path.name}"
        if name not in TABLES:
            hint = did_you_mean(name, TABLES) or "known: " + ", ".join(TABLES)
            problem = Problem("FS110", f"unknown table '{name}'", str(written.shown / relative), hint=hint)
            written.problems.append(problem)
            continue
        text = written.text(relative, MAX_FILE_BYTES)
        if text is not None:
            _take_table(written, name, text, str(written.shown / relative))


def _take_table(written: Written, name: str, text: str, file: str) -> None:
    if name in written.document:
        spot = written.origins.keys[name,]
        message = f"table '{name}' is given here and in {file}"
        hint = "keep one of them"
        written.problems.append(Problem("FS114", message, spot.file, spot.line, spot.column, spot.text, hint))
        return
    table = read_table(text, file, name, cast("type[Part]", model_at((name,))))
    written.document[name] = table.rows
    written.origins.values |= table.origins.values
    written.problems += table.problems
    written.said |= {(name, number) for number in table.ragged}
    written.said |= {(name, number, column) for number in range(len(table.rows)) for column in table.absent}


def _already_said(finding: Finding, written: Written) -> bool:
    return finding.path[:2] in written.said or finding.path[:3] in written.said


def _text(folder: Path, relative: str, limit: int, file: str) -> str | Problem:
    """Read a file inside the folder, or say why not; its size is looked at before it is opened."""
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder):
        return Problem("FS109", "the file lies outside the scenario's folder", file, hint="put a copy into the folder")
    if not path.is_file():
        return Problem("FS101", "there is no such file", file)
    size = path.stat().st_size
    if size > limit:
        message = f"the file has {size:,} bytes; at most {limit:,} are read"
        return Problem("FS102", message, file)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        message = f"is not UTF-8 text: byte 0x{fault.object[fault.start]:02x}"
        return Problem("FS103", message, file, line, hint="save the file as UTF-8")
    except OSError as fault:
        return Problem("FS101", f"cannot be read: {fault.strerror}", file)


def _layer_problems(written: Written) -> list[Problem]:
    """Return what is wrong with the files that are drawn under the map."""
    layers = written.document.get("layers")
    findings = []
    for number, layer in enumerate(layers if isinstance(layers, list) else ()):
        name = layer.get("file") if isinstance(layer, dict) else None
        if isinstance(name, str) and re.fullmatch(LAYER_PATTERN, name):
            findings += _layer_findings(written.folder, name, number)
    return located(findings, written.document, written.origins)


def _layer_findings(folder: Path, name: str, number: int) -> list[Finding]:
    text = _text(folder, name, MAX_FILE_BYTES, name)
    here = ("layers", number, "file")
    if isinstance(text, Problem):
        return [Finding(here, text.code, f"'{name}': {text.message}", text.hint)]
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        return [Finding(here, "FS190", f"'{name}' is not JSON: {fault}")]
    return []


def _refuse_constant(name: str) -> None:
    message = f"{name} is not a number"
    raise ValueError(message)


def _in_order(problems: Iterable[Problem], written: Written) -> list[Problem]:
    """Return each problem once, in the order of files, lines and columns."""
    unique = list(dict.fromkeys(problems))
    main = str(written.shown)

    def order(problem: Problem) -> tuple[bool, str, int, int]:
        is_table = problem.file.endswith(".csv") and problem.file.startswith(main)
        column = problem.column if isinstance(problem.column, int) else 0
        return is_table, problem.file, problem.line or 0, column

    return sorted(unique, key=order)


def peek(folder: Path) -> Mapping[str, Any]:
    """Return the document of a scenario without checking it, for lists."""
    return read(folder).document
