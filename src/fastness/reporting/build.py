"""Builds the report: tables, figures and texts go through one autoescaping template into one HTML file."""

import base64
import hashlib
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

from fastness.analysis.answer import Answer
from fastness.analysis.shares import Shares, shares
from fastness.history.outside import headline, outside_views
from fastness.reporting.charts import Section, figures_json, sections
from fastness.reporting.compare import compared
from fastness.reporting.drivers import Hangs, hangs_on
from fastness.reporting.evidence import bound_groups, ledger_cards
from fastness.reporting.hypotheses import hypotheses_section
from fastness.reporting.map_data import map_numbers, shown_day
from fastness.reporting.outside import outside
from fastness.reporting.relief import placed, relief
from fastness.reporting.tables import (
    clock_rows,
    monte_carlo_points,
    plan_rows,
    provenance,
    question_rows,
    range_points,
    share_rows,
)
from fastness.reporting.templating import environment
from fastness.reporting.texts import count, day_text
from fastness.reporting.turning import turning_section
from fastness.reporting.update import update_section

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble


#: questions on the first screen; the others are folded away below them
FIRST_QUESTIONS = 12


def report(ensembles: Sequence["Ensemble"], path: Path, *, answers: Sequence[Answer] | None = None) -> Path:
    """Write the report of one ensemble, or of several side by side, as one HTML file that works offline.

    Parameters
    ----------
    ensembles : sequence of Ensemble
        At least one; the first is the base, shown in full, the others are compared with it.
    path : Path
        The file to write. It appears whole or not at all.
    answers : sequence of Answer, optional
        The ensembles' answers, where they have been worked out before.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    ValueError
        If there is no ensemble.
    """
    if not ensembles:
        msg = "a report needs at least one ensemble"
        raise ValueError(msg)
    text = (
        _environment()
        .get_template("report.html.j2")
        .render(context(ensembles, answers or [each.answer() for each in ensembles]))
    )
    path = Path(path)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(0o644)  # temporary files are for their owner alone, reports are for sharing
    return Path(file.name).replace(path)


def _environment() -> Environment:
    """Make the template environment, with its filters."""
    made = environment(escape=True)
    made.filters["day"] = day_text
    made.filters["count"] = count
    return made


def context(ensembles: Sequence["Ensemble"], answers: Sequence[Answer]) -> dict[str, Any]:
    """Collect what the template shows.

    Parameters
    ----------
    ensembles : sequence of Ensemble
        At least one; the first is the base.
    answers : sequence of Answer
        Theirs.

    Returns
    -------
    dict
        The template's variables.
    """
    base = ensembles[0]
    scenario = base.scenario
    with ThreadPoolExecutor(2) as beside:  # what reads and calculates goes on side by side, the rest takes turns
        hanging, turns = beside.submit(_hangs_on, base), beside.submit(turning_section, base)
        needed, courses = beside.submit(relief, base), beside.submit(sections, base)
        updated, told, update_warning = update_section(base)
        differences, differing = compared(ensembles)
        matrices, assumptions = hypotheses_section(base)
    split, drivers, hangs = hanging.result()
    turning, moves, stories = turns.result()
    need, needs = needed.result()
    reasons = [part for part in (updated, differences, drivers, turning) if part]
    parts = [*reasons, *placed(courses.result(), need)]
    plotly_js, report_js = _plotly_js(), _template_file("map.js") + _template_file("report.js")
    return {
        "scenario": scenario,
        "answer": answers[0],
        "headline": headline(answers[0], outside_views(scenario)),
        "questions": question_rows(answers[0], scenario),
        "first_questions": FIRST_QUESTIONS,
        "clocks": clock_rows(answers[0], scenario),
        "shares": share_rows(split, answers[0]),
        "error_points": monte_carlo_points(answers[0]),
        "range_points": range_points(answers[0]),
        "campaigns": max((q.campaigns for q in answers[0].questions), default=0),
        "failed": base.manifest.get("failed", 0),
        "told": told,
        "update_warning": update_warning,
        "compared": differing,
        "hangs": hangs,
        "moves": moves,
        "stories": stories,
        "matrices": matrices,
        "assumptions": assumptions,
        "outside": outside(scenario, answers[0]),
        "sections": parts,
        "needs": needs,
        "map": map_numbers(base),
        "shown_day": shown_day(scenario),
        "ledger": ledger_cards(scenario),
        "bound": bound_groups(scenario),
        "plans": {scenario.sides[side].name: plan_rows(blocks) for side, blocks in scenario.plans.items()},
        "provenance": provenance(base),
        "figures": Markup(figures_json(base, parts)),  # JSON with <, > and & escaped
        "style": Markup(_template_file("report.css")),
        "plotly_js": Markup(plotly_js),
        "report_js": Markup(report_js),
        "policy": content_policy([plotly_js, report_js]),
    }


def _hangs_on(ensemble: "Ensemble") -> tuple[dict[str, Shares], Section | None, Hangs | None]:
    """Return what the uncertainty is made of, and what the answer hangs on."""
    split = shares(ensemble)
    return split, *hangs_on(ensemble, split)


def content_policy(scripts: Sequence[str]) -> str:
    """Write the page's content security policy: no request to anywhere, and no script but ours.

    Parameters
    ----------
    scripts : sequence of str
        The text of each inline script, byte for byte as it stands in the page.

    Returns
    -------
    str
        A policy for a `meta` element.
    """
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:"


def _plotly_js() -> str:
    """Read plotly.js from plotly's wheel."""
    import plotly

    text = (files(plotly) / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def _template_file(name: str) -> str:
    """Read a file that goes into the page as it is."""
    return (files("fastness.reporting") / "templates" / name).read_text(encoding="utf-8")
