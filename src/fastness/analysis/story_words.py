"""What each event of the log says in a sentence: no more than its day, kind, place, side, number and cause."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fastness.scenario import Scenario

Row = Mapping[Any, Any]
Words = Callable[["Known", Row], str]

#: how a settlement tells its two kinds apart: a share of power is below 1, men who lay down their arms are counted
WHOLE: Final = 1.0


class Known:
    """Names by id, and by the numbers that events carry."""

    def __init__(self, scenario: "Scenario") -> None:
        self.places = {place.id: place.name for place in scenario.places}
        self.sides = {name: side.name for name, side in scenario.sides.items()}
        self.routes = [route.name for route in sorted(scenario.routes, key=lambda route: route.id)]
        self.windows = [scenario.windows[name].name for name in sorted(scenario.windows)]
        self.patrons = [patron.name for patron in sorted(scenario.patrons, key=lambda patron: patron.id)]
        self.leaders = [scenario.leaders[name].name for name in sorted(scenario.leaders)]
        self.intents = {side: [block.intent for block in blocks] for side, blocks in scenario.plans.items()}
        self.roles = {side.role: side.name for side in scenario.sides.values()}

    def side(self, row: Row) -> str:
        """Return the name of the event's side."""
        return self.sides.get(row["side"], "nobody")

    def other(self, row: Row) -> str:
        """Return the name of the side that is not the event's."""
        return next((name for key, name in self.sides.items() if key != row["side"]), "nobody")

    def place(self, row: Row) -> str:
        """Return the name of the event's place."""
        return self.places.get(row["place"], "the field")

    def named(self, names: list[str], row: Row) -> str:
        """Return the name that the event's number stands for."""
        number = int(row["amount"])
        return names[number] if 0 <= number < len(names) else "one that is not named"


def number(amount: float) -> str:
    """Write a count of people or things."""
    return f"{amount:,.0f}"


def _plan(known: Known, row: Row) -> str:
    intents, which = known.intents.get(row["side"], []), int(row["amount"])
    if not 0 <= which < len(intents):
        return f"{known.side(row)} have no plan that applies"
    return f"{known.side(row)} turn to another plan: {intents[which]}"


def _settlement(known: Known, row: Row) -> str:
    if row["amount"] < WHOLE:
        return f"the sides settle: {known.side(row)} get {100 * row['amount']:.0f} % of power"
    return f"the sides settle: {number(row['amount'])} men of {known.side(row)} lay down their arms on terms"


def _used_up(stock: str) -> Words:
    def words(known: Known, row: Row) -> str:
        if row["place"]:
            return f"the {stock} of the people of {known.place(row)}, {number(row['amount'])} of them, is used up"
        return f"the {stock} of {known.side(row)} is used up"

    return words


#: a sentence for each kind of event
SENTENCES: Final[dict[str, Words]] = {
    "plan-changes": _plan,
    "window-closes": lambda known, row: f"{known.named(known.windows, row)} is over",
    "force-arrives": lambda known, row: f"{number(row['amount'])} men join {known.side(row)} at {known.place(row)}",
    "pass-closes": lambda known, row: f"{known.named(known.routes, row)} is shut by weather",
    "pass-opens": lambda known, row: f"{known.named(known.routes, row)} is open again",
    "roadblock-set": lambda known, row: f"{known.side(row)} block {known.named(known.routes, row)}",
    "roadblock-cleared": lambda known, row: f"{known.side(row)} clear the block of {known.named(known.routes, row)}",
    "rising": lambda known, row: f"{number(row['amount'])} men of {known.place(row)} rise and join {known.side(row)}",
    "offensive-begins": lambda known, row: f"{known.side(row)} begin an offensive on {known.place(row)}",
    "assault-begins": lambda known, row: (
        f"{known.side(row)} assault {known.place(row)} with {number(row['amount'])} men"
    ),
    "place-falls": lambda known, row: f"{known.place(row)} falls to {known.side(row)}",
    "assault-fails": lambda known, row: (
        f"the assault of {known.side(row)} on {known.place(row)} fails and costs them {number(row['amount'])} men"
    ),
    "dispersal": lambda known, row: f"{number(row['amount'])} men of {known.side(row)} take to the hills",
    "food-used-up": _used_up("food"),
    "fuel-used-up": _used_up("fuel"),
    "ammunition-used-up": _used_up("ammunition"),
    "breaks-cut-off": lambda known, row: (
        f"{number(row['amount'])} men of {known.side(row)} give up {known.place(row)}, cut off"
    ),
    "breaks-unarmed": lambda known, row: (
        f"{number(row['amount'])} men of {known.side(row)} give up {known.place(row)}, short of ammunition"
    ),
    "talks-open": lambda known, row: f"talks open, with {100 * row['amount']:.0f} % of power on offer",
    "offer-refused": lambda known, row: f"{known.side(row)} refuse {100 * row['amount']:.0f} % of power",
    "talks-break": lambda known, row: "talks end" + (f" over the fighting at {known.place(row)}" * bool(row["place"])),
    "settlement": _settlement,
    "patron-aids": lambda known, row: f"{known.named(known.patrons, row)} begins to supply {known.side(row)}",
    "patron-stops": lambda known, row: f"{known.named(known.patrons, row)} stops supplying {known.side(row)}",
    "patron-recognises": lambda known, row: f"{known.named(known.patrons, row)} recognises {known.side(row)}",
    "retaliation": lambda known, row: (
        f"{known.side(row)} strike back because of arms from {known.named(known.patrons, row)}"
    ),
    "leader-lost": lambda known, row: f"{known.named(known.leaders, row)} of {known.side(row)} is killed or captured",
    "leader-leaves": lambda known, row: f"{known.named(known.leaders, row)} of {known.side(row)} goes abroad",
    "succession": lambda known, row: (
        f"somebody takes the place of {known.named(known.leaders, row)} among {known.side(row)}"
    ),
    "reprisals": lambda known, row: f"{known.side(row)} kill {number(row['amount'])} civilians at {known.place(row)}",
    "men-change-sides": lambda known, row: (
        f"{number(row['amount'])} men of {known.side(row)} go over to {known.other(row)}"
    ),
    "side-dissolves": lambda known, row: (
        f"{known.side(row)} begin to dissolve, with {number(row['amount'])} men on the ground"
    ),
    "people-flee": lambda known, row: f"{number(row['amount'])} people of {known.place(row)} are now away from home",
    "convoy-arrives": lambda known, row: f"a convoy brings {number(row['amount'])} t of food to {known.place(row)}",
    "convoy-refused": lambda known, row: f"a convoy to {known.place(row)} is turned back",
    "blackout": lambda known, row: (
        f"{known.side(row)} {'cut' if row['amount'] else 'restore'} the lines to the stronghold"
    ),
    "aircraft-strike": lambda known, row: f"{known.side(row)} fly {max(row['amount'], 1):.0f} aircraft in combat",
}


#: what an event is called where it is the cause of another
CAUSES: Final[dict[str, Words]] = {
    "plan-changes": lambda known, row: f"the change of plan of {known.side(row)}",
    "rising": lambda known, row: f"the rising at {known.place(row)}",
    "offensive-begins": lambda known, row: f"the beginning of the offensive on {known.place(row)}",
    "assault-begins": lambda known, row: f"the assault on {known.place(row)}",
    "place-falls": lambda known, row: f"the fall of {known.place(row)}",
    "assault-fails": lambda known, row: f"the failed assault on {known.place(row)}",
    "dispersal": lambda known, row: f"the dispersal of {known.side(row)}",
    "breaks-cut-off": lambda known, row: f"the giving up of {known.place(row)} by men who were cut off",
    "breaks-unarmed": lambda known, row: f"the giving up of {known.place(row)} by men short of ammunition",
    "settlement": lambda known, row: "the settlement",
    "leader-lost": lambda known, row: f"the loss of {known.named(known.leaders, row)}",
    "side-dissolves": lambda known, row: f"the dissolution of {known.side(row)}",
}


def sentence(known: Known, row: Row) -> str:
    """Return an event in words, without its date and a full stop; a kind of a user's own process by its name."""
    words = SENTENCES.get(row["kind"])
    if words is None:
        return f"{row['kind'].replace('-', ' ')} {known.places.get(row['place'], '')}".strip()
    return words(known, row)


def cause(known: Known, row: Row) -> str:
    """Return an event as a noun, to stand after `after`."""
    words = CAUSES.get(row["kind"])
    return row["kind"].replace("-", " ") if words is None else words(known, row)


def several(known: Known, rows: list[Row]) -> str:
    """Return events of one kind and side in one sentence: how often, where, and the total where that has a meaning."""
    first, kind = rows[0], rows[0]["kind"]
    total, side, where = sum(row["amount"] for row in rows), known.side(first), places(known, rows)
    routes = listed(sorted({known.named(known.routes, row) for row in rows})) if kind in ROUTED else ""
    most = max(row["amount"] for row in rows)
    return {
        "reprisals": f"{side} kill {number(total)} civilians {where}, counted in {len(rows)} bad weeks",
        "people-flee": f"people flee {where}; the largest number away from one place is {number(most)}",
        "roadblock-set": f"{side} block {routes} {times(len(rows))}",
        "roadblock-cleared": f"{side} clear the block of {routes} {times(len(rows))}",
        "pass-closes": f"weather shuts {_ways(known, rows)}",
        "pass-opens": f"after the snow these are open again: {_ways(known, rows)}",
        "rising": f"{number(total)} men rise {where} and join {side}",
        "assault-begins": f"{side} assault {where.removeprefix('at ')}, {len(rows)} assaults in all",
        "assault-fails": f"{len(rows)} assaults of {side} fail, {where}, and cost them {number(total)} men",
        "place-falls": f"{where.removeprefix('at ')} fall to {side}",
        "offer-refused": f"{side} refuse {len(rows)} offers, the best of {100 * most:.0f} % of power",
        "aircraft-strike": f"{side} fly aircraft in combat, up to {max(most, 1):.0f} a day",
        "blackout": f"{side} cut or restore the lines to the stronghold {times(len(rows))}",
        "force-arrives": f"{number(total)} men in {len(rows)} groups join {side} {where}",
        "convoy-refused": f"convoys {where.replace('at ', 'to ', 1)} are turned back",
        "convoy-arrives": f"convoys bring food {where.replace('at ', 'to ', 1)}",
        "men-change-sides": f"{number(total)} men of {side} go over to {known.other(first)}",
        "dispersal": f"{number(total)} men of {side} take to the hills",
        "food-used-up": f"the food of the people is used up {where}",
        "patron-recognises": f"{side} are recognised by {listed([known.named(known.patrons, row) for row in rows])}",
        "patron-aids": f"supplies to {side} begin from {listed([known.named(known.patrons, row) for row in rows])}",
        "patron-stops": f"supplies to {side} stop from {listed([known.named(known.patrons, row) for row in rows])}",
        "talks-open": f"talks open {times(len(rows))}",
        "talks-break": f"talks end {times(len(rows))}",
        "plan-changes": f"{side} change plans {times(len(rows))}, in the end to this: {_last_plan(known, rows)}",
    }.get(kind, f"{kind.replace('-', ' ')} {times(len(rows))}")


def _last_plan(known: Known, rows: list[Row]) -> str:
    intents, which = known.intents.get(rows[-1]["side"], []), int(rows[-1]["amount"])
    return intents[which] if 0 <= which < len(intents) else "none that applies"


def _ways(known: Known, rows: list[Row]) -> str:
    """Return the routes of events, or how many there are where a list would be long."""
    names = list(dict.fromkeys(known.named(known.routes, row) for row in rows))
    return listed(names) if len(names) <= MOST_WAYS else f"{len(names)} ways, {names[0]} first and {names[-1]} last"


#: more routes than these are counted, not listed
MOST_WAYS: Final = 2
#: kinds whose number is a route
ROUTED: Final = frozenset({"roadblock-set", "roadblock-cleared", "pass-closes", "pass-opens"})
#: words for small counts
OFTEN: Final = {1: "once", 2: "twice"}


def times(count: int) -> str:
    """Write how often."""
    return OFTEN.get(count, f"{count} times")


def places(known: Known, rows: list[Row]) -> str:
    """Return where events were, in the order in which they were, with `at`."""
    names = list(dict.fromkeys(known.place(row) for row in rows))
    return f"at {listed(names)}"


def listed(names: list[str]) -> str:
    """Return a list in words: a, b and c; without repetition."""
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
