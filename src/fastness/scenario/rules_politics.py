"""Rules on groups of people, patrons, relief convoys, and chances behind which nobody stands."""

from collections.abc import Iterator
from typing import Final

from fastness.scenario.draft import Draft
from fastness.scenario.model import Patron
from fastness.scenario.positions import Finding
from fastness.scenario.rules_plans import ways_of
from fastness.units import amount

#: what rounding may add to the sum of shares
_ROUNDING: Final = 1e-9


def rules(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with groups, patrons, convoys and roadblocks."""
    sets = {path for belief in draft.scenario.beliefs.values() for path in belief.sets}
    yield from _shares(draft)
    for patron in draft.scenario.patrons:
        yield from _support(patron, sets)
    yield from _circles(draft)
    yield from _convoys(draft)
    yield from _roadblocks(draft)


def _shares(draft: Draft) -> Iterator[Finding]:
    """Hold that the groups are no more than the people, inside the stronghold and outside."""
    if "groups" not in draft.sound:
        return
    for field, where in (("share_inside", "inside"), ("share", "outside")):
        total = 0.0
        for group in draft.scenario.groups:
            before, total = total, total + float(getattr(group, field))
            if before <= 1 + _ROUNDING < total:
                message = f"the groups {where} the stronghold add up to {amount(round(100 * _sum(draft, field), 6))} %"
                hint = "shares of one people are 100 % at most; who is in no group needs no row"
                yield Finding(("groups", group.id, field), "FS155", message, hint)


def _sum(draft: Draft, field: str) -> float:
    return sum(float(getattr(group, field)) for group in draft.scenario.groups)


def _support(patron: Patron, sets: set[str]) -> Iterator[Finding]:
    """Hold that aid has somebody to go to and a way in, and that recognition recognises somebody."""
    here = ("patrons", patron.id)
    aids = patron.aid > 0 or f"patrons.{patron.id}.aid" in sets
    if aids and patron.favours is None:
        message = f"patron '{patron.id}' may send aid to nobody"
        yield Finding((*here, "favours"), "FS157", message, "say which side it favours", on_key=True)
    elif aids and patron.through is None and not patron.by_air:
        message = f"patron '{patron.id}' may send aid but has no corridor: neither through nor by_air"
        hint = "name the place through which aid enters, or let it come by air"
        yield Finding((*here, "through"), "FS156", message, hint, on_key=True)
    recognises = patron.recognition > 0 or f"patrons.{patron.id}.recognition" in sets
    if recognises and patron.recognises is None:
        message = f"patron '{patron.id}' may recognise nobody"
        yield Finding((*here, "recognises"), "FS157", message, "say which side it may recognise", on_key=True)


def _circles(draft: Draft) -> Iterator[Finding]:
    """Hold that the patrons who follow others end with one who follows nobody; each circle is told once."""
    follows = {patron.id: patron.follows for patron in draft.scenario.patrons}
    told: set[str] = set()
    for name in follows:
        chain: list[str] = []
        here: str | None = name
        while here is not None and here in follows and here not in chain:
            chain.append(here)
            here = follows[here]
        if here == name and name not in told:
            told |= set(chain)
            message = "patrons follow each other in a circle: " + " → ".join([*chain, name])
            yield Finding(("patrons", name, "follows"), "FS158", message, "let one of them follow nobody")


def _convoys(draft: Draft) -> Iterator[Finding]:
    """Hold that a way leads from where a convoy loads to whom it is for, and that it sets out at all."""
    ways = ways_of(draft) if {"routes", "places"} <= draft.sound else {}
    for convoy in draft.scenario.convoys:
        here = ("convoys", convoy.id)
        if convoy.start == convoy.end:
            message = f"convoy '{convoy.id}' leads from '{convoy.end}' to itself"
            yield Finding((*here, "to"), "FS159", message)
        elif convoy.start in ways and convoy.end in ways and convoy.end not in ways[convoy.start]:
            message = f"no way leads from '{convoy.start}' to '{convoy.end}'"
            yield Finding((*here, "to"), "FS159", message, "add the routes, or start the convoy elsewhere")
        if convoy.first is not None and convoy.last is not None and convoy.first > convoy.last:
            message = f"begins on {convoy.first}, after its last day {convoy.last}"
            yield Finding((*here, "first"), "FS143", message)


def _roadblocks(draft: Draft) -> Iterator[Finding]:
    """Hold that a roadblock, certain or believed in, has a side that mans it."""
    unmanned = {f"routes.{route.id}.blocked" for route in draft.scenario.routes if route.blocked_by is None}
    hint = "name the side that blocks it in blocked_by"
    for route in draft.scenario.routes:
        if route.blocked > 0 and route.blocked_by is None:
            message = f"route '{route.id}' is blocked by nobody"
            yield Finding(("routes", route.id, "blocked"), "FS157", message, hint)
    for name, belief in draft.scenario.beliefs.items():
        for number, path in enumerate(belief.sets):
            if path in unmanned:
                message = f"'{path}' does nothing: no side blocks that route"
                yield Finding(("beliefs", name, "sets", number), "FS157", message, hint)
