"""The humanitarian part of a brief: how long food lasts, for how many, and what that points to."""

from datetime import timedelta
from typing import TYPE_CHECKING

from fastness.analysis.clocks import STRONGHOLD
from fastness.analysis.relief import known, outlook
from fastness.analysis.words import percent
from fastness.reporting.brief_parts import Book, Line, Section
from fastness.reporting.texts import count, day_text, days_text, figures

if TYPE_CHECKING:
    import pandas as pd

    from fastness.analysis.answer import Answer
    from fastness.ensemble import Ensemble

OUTCOMES, SERIES = "outcomes.parquet", "series.zarr"
#: places named, the most peopled first
PLACES = 3
PHASES = ("phase_1_2", "phase_3", "phase_4", "phase_5")
CAVEAT = "An IPC-compatible indication from energy and deaths alone, not an IPC classification."


def people(book: Book, ensemble: "Ensemble", answer: "Answer") -> Section | None:
    """Write the section on people; None where nobody lives inside."""
    lines = [*_clocks(book, ensemble, answer), *_places(book, ensemble)]
    if not lines:
        return None
    return Section("people", "Humanitarian outlook", tuple(lines), None, Line(CAVEAT, ()) if len(lines) > 1 else None)


def _clocks(book: Book, ensemble: "Ensemble", answer: "Answer") -> list[Line]:
    length = (ensemble.scenario.clock.end - ensemble.scenario.clock.start).days
    food = [clock for clock in answer.clocks if clock.kind == "food" and clock.side is None and clock.people]
    whole = next((clock for clock in food if clock.id.endswith(STRONGHOLD)), next(iter(food), None))
    if whole is None:
        return []
    days, who, never = (
        days_text(whole.p5, whole.p50, whole.p95, length),
        figures(whole.people),
        percent(whole.share_never),
    )
    made = book.cite(
        OUTCOMES, "food_out of the places inside", "5, 50 and 95 % of days; people: draws.parquet", [days, who, never]
    )
    text = f"{whole.text} lasts {days} days, for {who} people; in {never} of campaigns it is never used up."
    return [Line(text, (made,))]


def _places(book: Book, ensemble: "Ensemble") -> list[Line]:
    """Return a line for each of the most peopled places: its worst day, what it points to, lorries needed."""
    if not known(ensemble):
        return []
    rows = outlook(ensemble)
    if rows.empty:
        return []
    names = {place.id: place.name for place in ensemble.scenario.places}
    most = rows[rows["day"] == 0].nlargest(PLACES, "people")["place"]
    kept = count(ensemble.series.sizes["campaign"])
    lines = []
    for place in most:
        course = rows[rows["place"] == place].reset_index(drop=True)
        day = worst_day(course)
        hungry, severe = percent(1 - course["phase_1_2"][day]), percent(course["phase_4"][day] + course["phase_5"][day])
        date = day_text(ensemble.scenario.clock.start + timedelta(days=day))
        lorries, there = figures(float(course["lorries_p50"][day]), 2), figures(float(course["people"][day]), 2)
        text = (
            f"worst on {date}: phase 3 or worse indicated in {hungry} of campaigns, 4 or 5 in {severe}; "
            f"{lorries} lorries a day would feed all {there} people then there."
        )
        made = book.cite(SERIES, "campaigns: kcal, hunger_deaths, people", f"shares of {kept} kept campaigns",
                         [date, hungry, severe, lorries, there, "phase 3", "4 or 5"])  # fmt: skip
        lines.append(Line(text, (made,), f"{names[str(place)]}: "))
    return lines


def worst_day(course: "pd.DataFrame") -> int:
    """Return the day with the highest mean phase, the first of several."""
    return int((course[list(PHASES)].to_numpy() @ range(len(PHASES))).argmax())
