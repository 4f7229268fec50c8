"""The observables: everything that a condition of a plan or a question can look at.

One row each: how it is called, what it gives, in which unit. The parser and the type checker (`expressions`), the
compiler and the documentation all read this table.
"""

from dataclasses import dataclass
from typing import Literal

Type = Literal["number", "truth", "side"]
Kind = Literal[
    "side", "place", "route", "window", "belief", "stock", "side or place", "date", "patron", "leader", "convoy"
]


@dataclass(frozen=True)
class Observable:
    """One thing that a condition can look at; the last `optional` arguments may be left out."""

    name: str
    arguments: tuple[Kind, ...]
    result: Type
    unit: str
    about: str
    optional: int = 0

    def usage(self) -> str:
        """Return how it is written, optional arguments in brackets: `fighters("side" [, "place"])`."""
        required = len(self.arguments) - self.optional
        shown = ", ".join(f'"{kind}"' for kind in self.arguments[:required])
        more = "".join(f' [, "{kind}"]' for kind in self.arguments[required:])
        return f"{self.name}({shown}{more})"


_ROWS = (
    Observable("holder", ("place",), "side", "1", 'side in control of a place, or "nobody"'),
    Observable(
        "fighters",
        ("side", "place"),
        "number",
        "persons",
        "fighters of a side, in all or at a place; a plan sees enemy numbers late and with error",
        optional=1,
    ),
    Observable("strength", ("side",), "number", "persons", "fighters of a side on the map, guerrillas included"),
    Observable(
        "deployable",
        ("side",),
        "number",
        "persons",
        "fighters of the reserve that are not tied down; a plan sees the enemy's late and with error",
    ),
    Observable("food_days", ("place",), "number", "days", "days that the civil food at a place lasts"),
    Observable(
        "days_of",
        ("stock", "side or place"),
        "number",
        "days",
        "days that a stock of a side, or of the defenders at a place, lasts at present use",
    ),
    Observable("open", ("route",), "truth", "1", "a route is passable for civil traffic today"),
    Observable(
        "closed_days",
        ("route",),
        "number",
        "days",
        "days in a row up to today that a route was closed to civil traffic",
    ),
    Observable("axes_open", (), "number", "1", "axes of the active assault passable into the stronghold"),
    Observable("window", ("window",), "truth", "1", "a dated window is running"),
    Observable("truth", ("belief",), "truth", "1", "a yes/no belief is true in this campaign"),
    Observable("unrest", ("place",), "number", "1", "unrest at a place, 0 calm to 1 revolt"),
    Observable("assaulted", ("place",), "truth", "1", "a place is under assault today"),
    Observable("assaults", ("side",), "number", "1", "assaults that a side has begun so far"),
    Observable(
        "attack_weeks",
        ("side",),
        "number",
        "1",
        "consecutive 7-day periods up to today with at least one guerrilla attack by a side",
    ),
    Observable("hungry", (), "number", "persons", "people inside the stronghold whose food is used up"),
    Observable("district_held", ("side",), "number", "1", "district centres inside the stronghold that a side holds"),
    Observable(
        "lost_outside",
        ("side",),
        "number",
        "1",
        "places outside the stronghold that a side held on the first day and holds no more",
    ),
    Observable("day", (), "number", "days", "days since the start"),
    Observable("month", (), "number", "1", "month of the year, 1 to 12"),
    Observable("date", ("date",), "number", "days", "day number of a date, to compare with day()"),
    Observable("held_days", ("place",), "number", "days", "days since the holder of a place last changed"),
    Observable("settled", (), "truth", "1", "the sides have agreed on a shared government"),
    Observable("terms", (), "truth", "1", "the defenders have laid down arms on terms"),
    Observable("talking", (), "truth", "1", "the sides are talking"),
    Observable("aided", ("side",), "truth", "1", "a patron openly supplies arms to a side"),
    Observable("aids", ("patron",), "truth", "1", "this patron supplies arms"),
    Observable("recognised", ("patron",), "truth", "1", "this patron has recognised the side that it may recognise"),
    Observable("leader_lost", ("leader",), "truth", "1", "a leader is dead or captured"),
    Observable("leader_abroad", ("leader",), "truth", "1", "a leader has gone abroad"),
    Observable(
        "leadership_lost",
        ("side",),
        "truth",
        "1",
        "the first leader of a side is dead or captured",
    ),
    Observable("flying", ("side",), "number", "1", "aircraft of a side that can fly today"),
    Observable("flown_days", ("side",), "number", "days", "days on which aircraft of a side have fought"),
    Observable("blackout", (), "truth", "1", "telephone and internet to the stronghold are cut"),
    Observable("disrupted", (), "truth", "1", "the evacuation was disrupted by retaliation"),
    Observable("displaced", ("place",), "number", "persons", "displaced people at a place"),
    Observable("people", ("place",), "number", "persons", "people at a place"),
    Observable("kcal", ("place",), "number", "kcal/person/day", "energy that people at a place eat"),
    Observable("zone", ("place",), "number", "1", "zone of control, 1 all the besieger's to 5 all the defender's"),
    Observable("incidents", ("place",), "number", "1", "incidents of unrest at a place so far"),
    Observable("killed", ("place",), "number", "persons", "civilians killed at a place so far, by either side"),
    Observable("legitimacy", ("place",), "number", "1", "share of a place's people to whom its holder is rightful"),
    Observable("given_up", ("side",), "number", "1", "share of a side's men who have given up inwardly"),
    Observable("defected", ("side",), "number", "persons", "men of a side who have gone over to the enemy"),
    Observable("convoys", ("convoy",), "number", "1", "relief convoys of a row that came through"),
)
OBSERVABLES: dict[str, Observable] = {row.name: row for row in _ROWS}
