"""The tables of a scenario, to be edited like a spreadsheet and pasted into, and all its other parts as forms."""

from typing import Any, Final

from nicegui import ui

from fastness.app.desk import Desk
from fastness.app.entries import shown
from fastness.app.figures import Grid
from fastness.app.frame import Page
from fastness.app.pages._scenario import REFERS, Session, ids, is_table, scenario_frame, scenario_path
from fastness.app.parts import block, button, choice, entry, text, value_of
from fastness.scenario.fields import MAPPINGS, TABLES
from fastness.scenario.positions import Address
from fastness.scenario.schema import field_table

FIRST: Final = "claims"
#: parts that are one mapping of fields
SINGLE: Final = ("clock", "talks", "likeness")
#: columns of long text
WIDE: Final = ("statement", "note", "reason", "name", "motive")


async def build(desk: Desk, where: str, name: str, at: str = FIRST) -> None:
    """Build the page; `at` is the part that is shown."""
    session = Session(desk, f"{where}/{name}")
    parts = [*TABLES, *SINGLE, *MAPPINGS]
    shown_part = at if at in parts else FIRST
    with scenario_frame(session, "tables"):
        with block("div", "form"):
            counts = {part: _count(session.document.get(part)) for part in parts}
            names = {part: f"{part} ({counts[part]})" if counts[part] else part for part in parts}
            choice("Part", names, lambda part: _switch(session, part), value=shown_part)
        if is_table(shown_part):
            _Table(session, shown_part).build()
        else:
            _forms(session, shown_part)


def _count(part: object) -> int:
    return len(part) if isinstance(part, list | dict) else 0


def _switch(session: Session, part: str) -> None:
    ui.navigate.to(scenario_path(session.reference, "tables", at=part))


class _Table:
    """One table as a grid, with rows to add and to paste."""

    def __init__(self, session: Session, name: str) -> None:
        self.session, self.name = session, name
        self.columns = [self._column(row.name, row.kind, row.unit, row.about) for row in field_table(name)]
        session.after.append(self.again)
        session.checked.append(self.mark)

    def _column(self, name: str, kind: str, unit: str, about: str) -> dict[str, Any]:
        refers = REFERS.get(name) if kind == "text" else None
        options = kind.split(" | ") if " | " in kind else ids(self.session.document, refers) if refers else None
        unit = "" if unit == "1" else unit
        return {"name": name, "unit": unit, "says": about, "options": options, "wide": name in WIDE}

    def rows(self) -> list[list[str]]:
        """Return the cells as they are written."""
        written = self.session.document.get(self.name) or []
        found = [row for row in written if isinstance(row, dict)]
        return [[shown(row.get(column["name"])) for column in self.columns] for row in found]

    def build(self) -> None:
        """Build the grid and what is below it."""
        self.grid = Grid(
            self.name, self.columns, self.rows(), editable=self.session.mine, heard=self.cells, gone=self.drop
        )
        if self.session.mine:
            self._below()

    def _below(self) -> None:
        fresh = {"id": ""}
        with block("div", "acts pick-campaign"):
            entry(
                "New row", lambda words: fresh.update(id=words.strip()), note="Its id, such as east-gate.", id="new-row"
            )
            button("Add", lambda: self.add(fresh["id"]), id="add-row")
        pasted = {"text": ""}
        with block("details"):
            text("summary", "Paste rows from a spreadsheet")
            with block("label", "field"):
                text("span", "Rows", "name")
                area = block("textarea", "", rows=5, id="paste-rows", wrap="off")
                note = (
                    "Tabs between cells. The first row may name the columns, in any order. A known id changes its row."
                )
                text("span", note, "note")
            value_of(area, lambda words: pasted.update(text=words), "change")
            with block("div", "acts"):
                button("Take the rows", lambda: self.take(pasted["text"]), "main", id="take-rows")

    async def cells(self, cells: list[list[str]]) -> None:
        """Set cells that were typed or pasted."""
        wanted: dict[Address, str] = {(self.name, one, column): words for one, column, words in cells if column != "id"}
        says = "" if len(wanted) < 2 else f"{self.name}: {len(wanted)} cells pasted"
        await self.session.do(lambda: self.session.editor.set_all(wanted, says=says))

    async def drop(self, one: str) -> None:
        """Remove a row."""
        await self.session.do(lambda: self.session.editor.remove_row(self.name, one))

    async def add(self, one: str) -> None:
        """Add a row that has only its id so far; the problems say what it lacks."""
        if one:
            await self.session.do(lambda: self.session.editor.add_row(self.name, {"id": one}))

    async def take(self, pasted: str) -> None:
        """Take rows from a spreadsheet."""
        await self.session.do(lambda: self.session.editor.paste(self.name, pasted))

    def again(self) -> None:
        """Show the cells as they are now."""
        self.grid.props["rows"] = self.rows()
        self.grid.update()

    def mark(self) -> None:
        """Mark the cells that have problems."""
        faults = {
            f"{path[1]}/{path[2]}": f"{problem.message}; {problem.hint}" if problem.hint else problem.message
            for problem, path in self.session.found
            if path is not None and len(path) == 3 and path[0] == self.name
        }
        self.grid.props["faults"] = faults
        self.grid.update()


def _forms(session: Session, part: str) -> None:
    """Show a part that is no table: its entries, each with its fields."""
    rows = field_table(part)
    if part in SINGLE:
        with block("div", "form"):
            for row in rows:
                session.field((part, row.name), row)
        return
    for one in ids(session.document, part):
        with block("details", "belief", open=len(ids(session.document, part)) < 5):
            text("summary", f"{one}: {_about(session, part, one)}")
            with block("div", "form"):
                for row in rows:
                    if row.kind != "mapping" or row.name == "changes":
                        session.field((part, one, row.name), row)


def _about(session: Session, part: str, one: str) -> str:
    """Return what tells an entry in a few words."""
    words = next((session.value((part, one, key)) for key in ("name", "title", "statement", "ask", "why")
                  if session.value((part, one, key))), "")  # fmt: skip
    return words if len(words) < 100 else words[:98] + " …"


PAGE = Page("/scenarios/{where}/{name}/tables", build)
