"""Rules on the clock, the sides, the map and what stands on it on the first day."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from fastness.errors import did_you_mean
from fastness.scenario.draft import Draft
from fastness.scenario.fields import TABLES
from fastness.scenario.positions import Finding

MAX_DAYS: Final = 3660
ROLES: Final = ("defender", "besieger")


def rules(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with clock, sides, places, routes, forces, windows and fixed parameters."""
    yield from _ids_once(draft)
    yield from _clock(draft)
    yield from _roles(draft)
    yield from _routes(draft)
    yield from _reached(draft)
    yield from _names_apart(draft)
    yield from _windows(draft)
    yield from _needs(draft)
    yield from _parameters(draft)
    yield from _calibration(draft)


def _ids_once(draft: Draft) -> Iterator[Finding]:
    for table, kind in TABLES.items():
        rows = draft.document.get(table)
        seen: set[str] = set()
        for number, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
            name = row.get("id") if isinstance(row, dict) else None
            if isinstance(name, str) and name in seen:
                yield Finding((table, number, "id"), "FS113", f"there are two {kind}s named '{name}'", "rename one")
            elif isinstance(name, str):
                seen.add(name)


def _clock(draft: Draft) -> Iterator[Finding]:
    known = draft.known
    if known.start is not None and known.end is not None:
        days = (known.end - known.start).days
        if days <= 0:
            message = f"the clock ends on {known.end}, not after its start {known.start}"
            yield Finding(("clock", "end"), "FS140", message)
        elif days > MAX_DAYS:
            yield Finding(("clock", "end"), "FS140", f"the clock has {days} days; at most {MAX_DAYS} can be run")
    if known.start is not None and known.as_of is not None and known.as_of > known.start:
        message = f"the last day of evidence, {known.as_of}, is after the start {known.start}"
        yield Finding(("clock", "as_of"), "FS140", message, "start the clock on it or later")


def _roles(draft: Draft) -> Iterator[Finding]:
    if "sides" not in draft.sound or not isinstance(draft.document.get("sides"), dict):
        return
    counts = Counter(side.role for side in draft.scenario.sides.values())
    for role in ROLES:
        if counts[role] != 1:
            found = f"there are {counts[role]}" if counts[role] else "there is none"
            hint = "this version plays two sides" if counts[role] else ""
            yield Finding(("sides",), "FS152", f"there has to be exactly one {role}, {found}", hint, on_key=True)


def _routes(draft: Draft) -> Iterator[Finding]:
    for route in draft.scenario.routes:
        if route.start == route.end:
            yield Finding(("routes", route.id, "to"), "FS151", f"route '{route.id}' leads from '{route.end}' to itself")


def _reached(draft: Draft) -> Iterator[Finding]:
    places = draft.scenario.places
    if draft.document.get("places") in ([], ()):
        yield Finding(("places",), "FS111", "there are no places", "a scenario has at least one")
    if "routes" not in draft.sound or len(draft.known.names.get("place", ())) < 2:
        return
    reached = {end for route in draft.scenario.routes for end in (route.start, route.end)}
    for place in places:
        if place.id not in reached:
            message = f"no route leads to place '{place.id}'"
            yield Finding(("places", place.id, "id"), "FS150", message, "add a route, or remove the place")


def _names_apart(draft: Draft) -> Iterator[Finding]:
    """Hold that no place has the id of a side: conditions and results name both in one breath."""
    for place in draft.scenario.places:
        if place.id in draft.scenario.sides:
            message = f"place '{place.id}' has the id of a side"
            yield Finding(("places", place.id, "id"), "FS113", message, "rename the place or the side")


def _windows(draft: Draft) -> Iterator[Finding]:
    for name, window in draft.scenario.windows.items():
        if window.start is not None and window.start > window.until:
            message = f"begins on {window.start}, after its last day {window.until}"
            yield Finding(("windows", name, "from"), "FS143", message)


def _needs(draft: Draft) -> Iterator[Finding]:
    for force in draft.scenario.forces:
        belief = draft.names.beliefs.get(force.needs or "")
        if belief is not None and belief.chance is None:
            message = f"belief '{force.needs}' is a quantity, not a yes/no fact"
            yield Finding(("forces", force.id, "needs"), "FS164", message, "name a belief that has a chance")


def _parameters(draft: Draft) -> Iterator[Finding]:
    if not draft.scenario.parameters:
        return
    from fastness.parameters import registry

    for name in draft.scenario.parameters:
        if name not in registry():
            hint = did_you_mean(name, registry())
            yield Finding(("parameters", name), "FS112", f"no parameter named '{name}'", hint, on_key=True)


def _calibration(draft: Draft) -> Iterator[Finding]:
    named = draft.scenario.calibration
    if named == "all":
        return
    from fastness.posteriors import PRIOR, folds

    known = (PRIOR, *folds())
    if named not in known:
        hint = did_you_mean(named, known) or f"there are {', '.join(known)}"
        yield Finding(("calibration",), "FS112", f"no posterior named '{named}'", hint)
