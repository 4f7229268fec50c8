"""Writes a brief as Markdown, as one HTML file that works offline, or as DOCX."""

import re
import tempfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from jinja2 import Environment
from markupsafe import Markup

from fastness.errors import AnalysisError
from fastness.reporting.brief_content import content
from fastness.reporting.brief_parts import Brief, Table
from fastness.reporting.templating import environment

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

Form = Literal["md", "html", "docx"]
FORMS: Final[tuple[Form, ...]] = ("md", "html", "docx")


def brief(ensemble: "Ensemble", path: str | Path, *, found: Brief | None = None) -> Path:
    """Write the situation report of a run.

    Parameters
    ----------
    ensemble : Ensemble
        A run with at least one completed campaign.
    path : str or Path
        The file to write, ending in .md, .html or .docx. It appears whole or not at all.
    found : Brief, optional
        The brief, where it has been written before.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    AnalysisError
        FS458 for another ending, FS402 if no campaign was completed.
    """
    target = Path(path)
    form = target.suffix.removeprefix(".")
    if form not in FORMS:
        message = f"{target.name} does not end in .md, .html or .docx"
        raise AnalysisError(code="FS458", message=message, hint="name the file with one of these endings")
    data = RENDERED[form](content(ensemble) if found is None else found)
    with tempfile.NamedTemporaryFile("wb", dir=target.parent, delete=False) as file:
        file.write(data)
    Path(file.name).chmod(0o644)  # temporary files are for their owner alone, briefs are for sharing
    return Path(file.name).replace(target)


def markdown(found: Brief) -> bytes:
    """Render a brief as Markdown with footnotes."""
    text = _environment(escape=False).get_template("brief.md.j2").render(brief=found)
    return re.sub(r"\n{3,}", "\n\n", text).lstrip().encode()


def html(found: Brief) -> bytes:
    """Render a brief as one HTML file without a script."""
    style = (files("fastness.reporting") / "templates" / "brief.css").read_text(encoding="utf-8")
    return _environment(escape=True).get_template("brief.html.j2").render(brief=found, style=Markup(style)).encode()


def _docx(found: Brief) -> bytes:
    from fastness.reporting.brief_docx import docx

    return docx(found)


RENDERED: Final[dict[str, Callable[[Brief], bytes]]] = {"md": markdown, "html": html, "docx": _docx}


def _environment(*, escape: bool) -> Environment:
    made = environment(escape=escape)
    made.filters["md"] = plain_markdown
    made.filters["notes"] = _notes
    made.filters["rows"] = _rows
    return made


def plain_markdown(text: str) -> str:
    """Escape what Markdown would read as formatting; line breaks become spaces."""
    return re.sub(r"([\\`*_\[\]<>|#~$])", r"\\\1", " ".join(text.split()))


def _notes(references: Sequence[int]) -> str:
    return "".join(f"[^{number}]" for number in references)


def _rows(table: Table) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    return list(zip(table.rows, table.references, strict=True))
