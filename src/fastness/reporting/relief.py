"""The report's section on relief: what people have, what they would need, and what their hunger points to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from fastness.analysis.relief import known, outlook
from fastness.analysis.words import percent
from fastness.plot.shares import INDICATED, indications
from fastness.reporting.charts import Card, Section
from fastness.reporting.map_data import month_starts
from fastness.reporting.texts import day_text, figures

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble

SECTION = "relief"
TITLE = "What the people would need"
INTRO = (
    "Share of the kept campaigns by what the energy eaten and the deaths from hunger of the last 30 days point to, on "
    "the IPC’s scale of acute food insecurity. This is an IPC-compatible indication and not an IPC classification, "
    "which takes surveys, measured wasting and a panel of analysts: the model knows energy and deaths. The poorest "
    "third of a place sets it. Phases 1 and 2 cannot be told apart, and famine is never said."
)
PHASES = ("phase_1_2", "phase_3", "phase_4", "phase_5")


@dataclass(frozen=True)
class Need:
    """One place on the worst day of its outlook: what is there, what would be needed, what it points to."""

    place: str
    when: str
    people: str
    under_week: str
    kcal: str
    lorries: str
    below_sphere: str
    shares: tuple[str, ...]


def relief(ensemble: "Ensemble") -> tuple[Section | None, list[Need]]:
    """Draw the section and write its table.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.

    Returns
    -------
    (Section or None, list of Need)
        Nothing for a run that did not keep what it takes, or where nobody lives inside.
    """
    rows = outlook(ensemble) if known(ensemble) else pd.DataFrame()
    if rows.empty:
        return None, []
    names = {place.id: place.name for place in ensemble.scenario.places}
    start, columns = ensemble.scenario.clock.start, month_starts(ensemble.scenario)
    cards, numbers, needs = [], [], []
    for place in rows["place"].unique():
        name, course = names[str(place)], rows[rows["place"] == place].reset_index(drop=True)
        day = _worst(course)
        worst, when = {key: float(course[key][day]) for key in course if key != "place"}, _date(ensemble, day)
        needs.append(_need(name, when, worst))
        says = f"{name}: {_points(worst)} on {when}, the worst day."
        cards.append(Card(f"relief-{place}", name, says, indications(ensemble, course[list(PHASES)].to_numpy().T)))
        severe, lorries = 1.0 - course["phase_1_2"], course["lorries_p50"]
        numbers.append((f"{name}: phase 3 or worse", [percent(float(severe[(d - start).days])) for d in columns]))
        numbers.append((f"{name}: lorries a day", [figures(float(lorries[(d - start).days]), 2) for d in columns]))
    legend = tuple((colour, f"phase {phase}") for phase, colour in INDICATED)
    return Section(SECTION, TITLE, INTRO, cards, [day_text(d) for d in columns], numbers, legend), needs


def _worst(course: pd.DataFrame) -> int:
    """Return the day with the highest mean phase, the first of several; the last day where nobody goes short."""
    mean = course[list(PHASES)] @ pd.Series(range(len(PHASES)), index=list(PHASES))
    return int(mean.to_numpy().argmax()) if mean.max() > 0 else len(mean) - 1


def _date(ensemble: "Ensemble", day: int) -> str:
    """Write the date of a day index."""
    return day_text(ensemble.scenario.clock.start + timedelta(days=day))


def _points(worst: Mapping[str, float]) -> str:
    """Write what the worst day points to."""
    hungry, severe = 1.0 - worst["phase_1_2"], worst["phase_4"] + worst["phase_5"]
    return f"phase 3 or worse in {percent(hungry)} of campaigns, phase 4 or 5 in {percent(severe)},"


def _need(name: str, when: str, worst: Mapping[str, float]) -> Need:
    """Write one row of the table."""
    return Need(
        place=name,
        when=when,
        people=figures(worst["people"]),
        under_week=percent(worst["under_week"]),
        kcal=_spread(worst, "kcal"),
        lorries=_spread(worst, "lorries"),
        below_sphere=percent(worst["below_sphere"]),
        shares=tuple(percent(worst[phase]) for phase in PHASES),
    )


def _spread(worst: Mapping[str, float], name: str) -> str:
    """Write a median and its 5-95 % interval."""
    low, middle, high = (figures(worst[f"{name}_{q}"], 2) for q in ("p5", "p50", "p95"))
    return middle if low == high else f"{middle} ({low}–{high})"


def placed(parts: list[Section], part: Section | None) -> list[Section]:
    """Return the report's sections with one more, after that on what people eat, else at the end."""
    if part is None:
        return parts
    after = next((number + 1 for number, other in enumerate(parts) if other.id == "rations"), len(parts))
    return [*parts[:after], part, *parts[after:]]
