"""A scenario, map first: click a place, a route or a force, and see and change its fields."""

from typing import Any, Final

from nicegui import ui

from fastness.app.desk import Desk
from fastness.app.figures import Sketch
from fastness.app.frame import Page
from fastness.app.pages._scenario import Session, ids, scenario_frame
from fastness.app.parts import block, button, choice, link, text
from fastness.scenario.positions import Address
from fastness.scenario.schema import field_table

KINDS: Final = {"places": "Places", "routes": "Routes", "forces": "Forces"}
ONE: Final = {"places": "place", "routes": "route", "forces": "force", "stocks": "stock"}


async def build(desk: Desk, where: str, name: str, at: str = "") -> None:
    """Build the page; `at` is what is shown first, such as `forces/gate-watch`."""
    session = Session(desk, f"{where}/{name}")
    with scenario_frame(session, ""), block("div", "watch scenario-map"):
        _Map(session, at).build()


class _Map:
    """The map, and beside it the fields of what was clicked."""

    def __init__(self, session: Session, at: str) -> None:
        self.session = session
        kind, _, one = at.partition("/")
        known = ids(session.document, kind) if kind in KINDS else []
        first = ids(session.document, "places")[:1]
        self.kind, self.one = (kind, one) if one in known else ("places", first[0] if first else "")
        session.go = self.go
        session.after.append(self.again)

    def build(self) -> None:
        """Build both halves."""
        source = f"/api/scenarios/{self.session.reference}/map"
        says = "Map of the places, routes and forces of the scenario; each can also be chosen from the lists beside it."
        self.map = Sketch(source, says=says, heard=self.picked)
        with block("div"):
            with block("div", "form pickers"):
                self.pickers = {kind: self._picker(kind) for kind in KINDS}
            self.panel = block("section", "panel", id="fields", aria_live="polite")
        self.show()

    def _picker(self, kind: str) -> ui.element:
        names = {"": "–"} | {one: self._name(kind, one) for one in ids(self.session.document, kind)}
        return choice(KINDS[kind], names, lambda one: self.pick(kind, one) if one else None)

    def _name(self, kind: str, one: str) -> str:
        return self.session.value((kind, one, "name")) or one

    def picked(self, what: list[str]) -> None:
        """Show what was clicked on the map."""
        self.pick(what[0], what[1])

    def go(self, path: Address) -> None:
        """Show the value that a problem points at."""
        kind, one = str(path[0]), str(path[1]) if len(path) > 1 else ""
        if kind == "stocks":
            kind, one = "places", self.session.value((kind, one, "place"))
        self.pick(kind, one)

    def pick(self, kind: str, one: str) -> None:
        """Show another thing."""
        self.kind, self.one = kind, one
        self.show()

    def again(self) -> None:
        """Draw the map again after a change."""
        self.map.props["version"] = self.map.props["version"] + 1
        self.map.update()

    def show(self) -> None:
        """Show the fields of the chosen thing."""
        self.session.forget_fields()
        for kind, picker in self.pickers.items():
            picker.props["value"] = self.one if kind == self.kind else ""
            picker.update()
        self.map.props["chosen"] = f"{self.kind}/{self.one}"
        self.map.update()
        self.panel.clear()
        with self.panel:
            text("h2", self._name(self.kind, self.one))
            text("p", f"{ONE[self.kind]} · {self.one}", "note")
            self._sets()
            with block("div", "form"):
                self._fields(self.kind, self.one)
            if self.kind == "places":
                self._standing()

    def _fields(self, kind: str, one: str) -> None:
        for row in field_table(kind):
            if row.name != "id":
                self.session.field((kind, one, row.name), row)

    def _sets(self) -> None:
        """Say which beliefs set fields of the thing, for what is written there does not count then."""
        here = f"{self.kind}.{self.one}."
        for name, belief in _beliefs(self.session.document):
            sets = belief.get("sets") or ()
            paths = [sets] if isinstance(sets, str) else list(sets)
            for path in paths:
                if str(path).startswith(here):
                    with text("p", f"{str(path).removeprefix(here)} is drawn from the belief ", "note"):
                        link(name, f"/scenarios/{self.session.reference}/claims?belief={name}")

    def _standing(self) -> None:
        """List the forces and stocks of a place."""
        document = self.session.document
        for kind in ("forces", "stocks"):
            mine = [one for one in ids(document, kind) if self.session.value((kind, one, "place")) == self.one]
            if not mine:
                continue
            text("h3", kind.capitalize())
            if kind == "forces":
                with block("div", "acts"):
                    for one in mine:
                        says = f"{one}: {self.session.value((kind, one, 'fighters'))} fighters"
                        button(says, lambda one=one: self.pick("forces", one))  # type: ignore[misc]
                continue
            for one in mine:
                with block("details"):
                    text("summary", one)
                    with block("div", "form"):
                        self._fields(kind, one)


def _beliefs(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = document.get("beliefs")
    return [(name, each) for name, each in found.items() if isinstance(each, dict)] if isinstance(found, dict) else []


PAGE = Page("/scenarios/{where}/{name}", build)
