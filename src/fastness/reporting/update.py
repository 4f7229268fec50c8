"""The report's section on what later reports did to the forecast, from the `update.json` of a run folder."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastness.analysis.update import Changed, Day, Step, Update
from fastness.analysis.words import percent
from fastness.errors import StoreError
from fastness.plot.update import updated
from fastness.reporting.charts import Card, Section
from fastness.reporting.texts import DASH, day_text, interval

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

FILE = "update.json"
SECTION = "update"
TITLE = "What later reports did to the forecast"
INTRO = (
    "Each report gives more weight to the campaigns in which it would have been made. A report that the forecast "
    "hardly expected is called a surprise: it says that the model is in doubt, and not only its inputs."
)


@dataclass(frozen=True)
class Told:
    """One row of the table of reports."""

    date: str
    id: str
    statement: str
    source: str
    given: str
    before: str
    after: str
    bits: str
    effective: str
    surprise: bool
    taken: str


def update_section(ensemble: "Ensemble") -> tuple[Section | None, list[Told], str]:
    """Draw the section: the picture, a row for each report, and the warning; nothing for a run without an update.

    Raises
    ------
    StoreError
        FS303 if the file was edited.
    """
    path = ensemble.path / FILE
    if not path.exists():
        return None, [], ""
    try:
        found = read_update(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError) as fault:
        message = f"{path} cannot be read: {fault}"
        raise StoreError(code="FS303", message=message, hint="remove it, or update the run again") from fault
    lead = found.questions[0]
    says = f"Probability by date: {lead.text[:1].lower() + lead.text[1:]}. Band: range across inputs and models."
    card = Card("update-lead", lead.text, says, updated(found))
    dates = [day_text(day.date) for day in found.days]
    cells = [percent(day.probabilities[lead.id]) for day in found.days]
    spans = [DASH if day.low is None or day.high is None else interval(day.low, day.high) for day in found.days]
    numbers = [(lead.text, cells), ("range across inputs and models [%]", spans)]
    section = Section(SECTION, TITLE, INTRO, [card], dates, numbers)
    return section, [_told(step, lead.id) for step in found.steps], found.warning


def read_update(document: dict[str, Any]) -> Update:
    """Return an update from its document."""
    rest = {key: value for key, value in document.items() if key != "warning"}
    rest["questions"] = [Changed(**row) for row in rest["questions"]]
    rest["steps"] = [Step(**row) for row in rest["steps"]]
    rest["days"] = [Day(**row) for row in rest["days"]]
    return Update(**rest)


def _told(step: Step, lead: str) -> Told:
    return Told(
        date=day_text(step.date),
        id=step.id,
        statement=step.statement,
        source=step.source,
        given=percent(step.predictive),
        before=percent(step.before[lead]),
        after=percent(step.after[lead]),
        bits=f"{step.bits[lead]:.2f}",
        effective=f"{step.effective:.0f}",
        surprise=step.surprise,
        taken="" if step.power >= 1 else percent(step.power),
    )
