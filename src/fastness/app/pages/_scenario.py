"""What the pages of one scenario share: its title and parts, fields to edit, problems as they come, undo and redo."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import KeyEventArguments

from fastness.app.desk import Desk
from fastness.app.edit import Clash, Conflict, Editor, Step, problems
from fastness.app.entries import field_of, shown, value_at
from fastness.app.folder import LIBRARY
from fastness.app.frame import frame
from fastness.app.parts import block, button, link, say, text, value_of
from fastness.errors import FastnessError, Problem
from fastness.scenario.fields import TABLES
from fastness.scenario.positions import Address
from fastness.scenario.schema import FieldRow

PARTS: Final = {"": "Map", "tables": "Tables", "plans": "Plans", "claims": "Claims"}
#: seconds between looks for changes that somebody else makes
EVERY: Final = 2.0
#: tabs whose steps are remembered
MOST_TABS: Final = 64
#: fields that name something else in the scenario
REFERS: Final[Mapping[str, str]] = {
    "side": "sides", "holder": "sides", "blocked_by": "sides", "kin": "sides", "favours": "sides",
    "recognises": "sides", "restrains": "sides", "place": "places", "home": "places", "from": "places",
    "to": "places", "through": "places", "people": "places", "assault": "places", "source": "sources",
    "needs": "beliefs", "follows": "patrons", "extends": "variants",
}  # fmt: skip
#: outside a field Ctrl+Z is ours; the browser's would change a field behind our back, and go to it
OWN_UNDO: Final = """
document.addEventListener("keydown", (e) => {
  const field = e.target.closest?.("input, textarea, select");
  if ((e.ctrlKey || e.metaKey) && /^[zy]$/i.test(e.key) && !field) e.preventDefault();
});
"""
_STEPS: OrderedDict[tuple[str, str], Editor] = OrderedDict()


def scenario_path(reference: str, part: str = "", **asked: str) -> str:
    """Return the path of a scenario's page."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
    return f"/scenarios/{quote(reference)}" + (f"/{part}" if part else "") + (f"?{query}" if query else "")


class Session:
    """One tab's view of one scenario: what it shows follows from the files, and each change is saved at once."""

    def __init__(self, desk: Desk, reference: str) -> None:
        self.desk, self.reference = desk, reference
        self.folder = desk.folder.scenario(reference)
        self.mine = not reference.startswith(f"{LIBRARY}/")
        self.editor = Editor(self.folder, desk.folder.notes / "edit.lock")
        self.document = self.editor.document
        self.found: list[tuple[Problem, Address | None]] = []
        self.after: list[Callable[[], Any]] = []
        self.checked: list[Callable[[], None]] = []
        self.go: Callable[[Address], None] | None = None
        self._notes: dict[Address, tuple[ui.element, TextElement]] = {}
        self._acts: dict[str, TextElement] = {}

    @property
    def title(self) -> str:
        """The scenario's title as it is written."""
        return str(self.document.get("title") or self.reference)

    def value(self, path: Address) -> str:
        """Return what is written at a path, as a person would type it."""
        return shown(value_at(self.document, path))

    def build_bar(self) -> None:
        """Build the buttons, the notes on conflicts and the list of problems."""
        with block("div", "acts edit-bar"):
            if self.mine:
                self._acts["undo"] = button("Undo", self.undo, id="undo", disabled=True)
                self._acts["redo"] = button("Redo", self.redo, id="redo", disabled=True)
                text("span", "Saved as you go.", "note", id="saved", aria_live="polite")
            else:
                button("Edit a copy", self._copy, "main", id="edit-copy")
                text("span", "This is the library's. A copy in your folder can be changed.", "note")
            link("Play", f"/run?scenario={quote(self.reference, safe='')}", "act")
        self._clash = block("div", id="clash")
        self._panel = block("div", id="problems")
        if self.mine:
            ui.keyboard(on_key=self._key, repeating=False)
            ui.timer(EVERY, self._look)
        ui.timer(0.05, self._begin, once=True)

    async def _begin(self) -> None:
        """Take up the steps of this tab, and check."""
        key = (str(ui.context.client.tab_id), self.reference)
        known = _STEPS.setdefault(key, self.editor)
        self.editor.done, self.editor.undone = known.done, known.undone
        _STEPS.move_to_end(key)
        while len(_STEPS) > MOST_TABS:
            _STEPS.popitem(last=False)
        ui.run_javascript(OWN_UNDO)
        self._dress()
        await self._check()

    def _copy(self) -> None:
        try:
            name = self.desk.folder.free_name(f"my-{self.reference.partition('/')[2]}")
            ui.navigate.to(scenario_path(self.desk.folder.copy(self.reference, name)))
        except FastnessError as fault:
            say(str(fault), bad=True)

    async def do(self, act: Callable[[], Step | None]) -> bool:
        """Do something to the files; what stands in its way is shown, and nothing is lost. True if it was done."""
        try:
            step = act()
        except Conflict as conflict:
            self._choose(conflict.clashes)
            return False
        except FastnessError as fault:
            say(str(fault), bad=True)
            return False
        if step is not None:
            await self.changed()
        return True

    async def changed(self) -> None:
        """Show what the files say now."""
        self.document = self.editor.document
        self._dress()
        for tell in self.after:
            made = tell()
            if asyncio.iscoroutine(made):
                await made
        await self._check()

    async def put(self, path: Address, words: str) -> bool:
        """Set one value."""
        return await self.do(lambda: self.editor.set(path, words))

    async def undo(self) -> None:
        """Take back this tab's last step."""
        await self._back(self.editor.undo)

    async def redo(self) -> None:
        """Do again what was taken back."""
        await self._back(self.editor.redo)

    async def _back(self, act: Callable[[], Step | None]) -> None:
        if await self.do(act):
            self._refill()

    async def _key(self, happened: KeyEventArguments) -> None:
        pressed = happened.modifiers.ctrl or happened.modifiers.meta
        if happened.action.keydown and pressed and happened.key.name.lower() in ("z", "y"):
            again = happened.modifiers.shift or happened.key.name.lower() == "y"
            await (self.redo() if again else self.undo())

    def _look(self) -> None:
        """Say so when somebody else changed the scenario; what is typed here at the moment stays."""
        if not self.editor.is_behind() or self._clash.default_slot.children:
            return
        with self._clash, block("section", "empty acts", role="status"):
            text("span", "This scenario was changed in another tab or program.")
            button("Show the changes", lambda: ui.navigate.reload(), id="show-changes")

    def _choose(self, clashes: Sequence[Clash]) -> None:
        """Show both values, and let the person choose."""
        self._clash.clear()
        with self._clash, block("section", "problems", role="alert"):
            text("h2", "Somebody else changed the same")
            for clash in clashes:
                where = ".".join(str(part) for part in clash.path)
                text("p", f"{where} was {shown(clash.seen) or 'empty'} when you opened it.")
            text("p", "Nothing is written yet. Which one is to stand?")
            with block("div", "acts"):
                theirs, mine = (", ".join(shown(each) or "empty" for each in part) for part in (
                    [clash.theirs for clash in clashes], [clash.mine for clash in clashes]))  # fmt: skip
                button(f"Theirs: {theirs}", lambda: ui.navigate.reload(), id="take-theirs")
                button(f"Mine: {mine}", lambda: self._insist(clashes), "main", id="take-mine")

    async def _insist(self, clashes: Sequence[Clash]) -> None:
        wanted = {clash.path: shown(clash.mine) for clash in clashes}
        self._clash.clear()
        await self.do(lambda: self.editor.set_all(wanted, over=clashes))

    def _dress(self) -> None:
        for name, steps in (("undo", self.editor.done), ("redo", self.editor.undone)):
            if name in self._acts:
                act = self._acts[name]
                act.props["disabled"] = not steps
                act.props["title"] = steps[-1].says if steps else "Nothing"
                act.update()

    async def _check(self) -> None:
        """Check the scenario and list its problems, each with a way to it."""
        self.found = await asyncio.to_thread(problems, self.folder)
        self._panel.clear()
        for element, note in self._notes.values():
            element.props.pop("aria-invalid", None)
            element.update()
            note.set_text("")
        for problem, path in self.found:
            if path in self._notes:
                element, note = self._notes[path]
                element.props["aria-invalid"] = "true"
                element.update()
                note.set_text(f"{problem.message}; {problem.hint}" if problem.hint else problem.message)
        with self._panel:
            self._list()
        for tell in self.checked:
            tell()

    def _list(self) -> None:
        if not self.found:
            text("p", "No problems.", "note", role="status")
            return
        with block("section", "problems", role="status", aria_label="Problems"):
            text("h2", "1 problem" if len(self.found) == 1 else f"{len(self.found)} problems")
            for problem, path in self.found[:30]:
                with block("div", "problem"):
                    text("pre", str(problem))
                    if path is not None:
                        button("Go there", lambda path=path: self._go(path), "quiet")  # type: ignore[misc]

    def _go(self, path: Address) -> None:
        if path in self._notes:
            element = self._notes[path][0]
            ui.run_javascript(f"getElement({element.id}).focus()")
        elif self.go is not None and path[0] in ("places", "routes", "forces", "stocks"):
            self.go(path)
        else:
            part = path_part(path)
            ui.navigate.to(scenario_path(self.reference, part, at=str(path[0])))

    def field(self, path: Address, known: FieldRow | None = None) -> None:
        """Show one value with its unit, range and help, to be changed where the scenario is the user's."""
        known = known or field_of(path)
        if known is None:
            return
        name = str(path[-1]) + (f" [{known.unit}]" if known.unit not in ("", "1") else "")
        with block("label", "field"):
            text("span", name, "name")
            element = self._input(path, known)
            note = text("span", "", "fault", role="alert")
            text("span", _help(known), "note")
        self._notes[path] = (element, note)

    def _input(self, path: Address, known: FieldRow) -> ui.element:
        value, options, default = self.value(path), self._options(path, known), default_of(known)
        fixed: dict[str, Any] = {} if self.mine else {"disabled": True}
        if options is not None:
            with block("select", value=value, **fixed) as element:
                for each in dict.fromkeys(["", *options, value]):
                    text("option", each or (f"default: {default}" if default else "–"), value=each)
        elif known.kind == "text" and len(value) > 60:
            element = block("textarea", "", value=value, rows=3, **fixed)
        else:
            mode = {"inputmode": "decimal"} if known.kind == "number" else {}
            element = block("input", "", value=value, placeholder=default, autocomplete="off", **mode, **fixed)
        element.props["data-path"] = "/".join(str(part) for part in path)
        return value_of(element, lambda words: self.put(path, str(words)), "change")

    def _options(self, path: Address, known: FieldRow) -> list[str] | None:
        """Return what a field can be, where that can be listed."""
        if known.kind == "true | false" or " | " in known.kind:
            return known.kind.split(" | ")
        kind = REFERS.get(str(path[-1]))
        if kind is None or known.kind != "text" or (path[0], path[-1]) == ("beliefs", "source"):
            return None
        return ids(self.document, kind)

    def forget_fields(self) -> None:
        """Forget the fields that are no longer shown."""
        self._notes.clear()

    def _refill(self) -> None:
        """Show the values of the fields again, after a step back."""
        for path, (element, _) in self._notes.items():
            element.props["value"] = self.value(path)
            element.update()


def _help(known: FieldRow) -> str:
    """Say what a field is, its range and its default."""
    span = re.sub(r"\d{5,}", lambda found: f"{int(found.group()):,}", known.range)
    default = default_of(known)
    return " · ".join(filter(None, (known.about, span, f"default {default}" if default else "")))


def default_of(known: FieldRow) -> str:
    """Return what holds where nothing is written, as a person would type it."""
    return "" if known.default in ("", "empty", "null", "{}") else known.default.strip('"')


def ids(document: Mapping[str, Any], kind: str) -> list[str]:
    """Return the ids of a table or mapping as written."""
    found = document.get(kind) or ()
    if isinstance(found, Mapping):
        return [str(name) for name in found]
    return [str(row["id"]) for row in found if isinstance(row, dict) and "id" in row]


def path_part(path: Address) -> str:
    """Return the part of the pages that shows a value."""
    if path[0] == "plans":
        return "plans"
    return "" if path[0] in ("places", "routes", "forces") else "tables"


@contextmanager
def scenario_frame(session: Session, part: str) -> Iterator[None]:
    """Fill a page of a scenario."""
    with frame(session.desk, session.title, wide=True):
        with block("div", "run-title"):
            text("h1", session.title)
            text("p", session.reference)
        with block("nav", "tabs", aria_label="Parts of the scenario"):
            for path, words in PARTS.items():
                current = {"aria-current": "page"} if path == part else {}
                link(words, scenario_path(session.reference, path), **current)
        session.build_bar()
        yield


def is_table(name: str) -> bool:
    """Tell whether a part of a scenario is a table."""
    return name in TABLES
