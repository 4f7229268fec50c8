"""Figures and the map on a page: elements that fetch their data from our own address and draw it with plotly.js."""

from collections.abc import Callable
from typing import Any

from nicegui import ui


class Chart(ui.element, component="static/chart.js"):
    """A figure with its caption and buttons that save it as SVG or PNG, drawn when it comes into view.

    Parameters
    ----------
    source
        Path of its JSON, `/api/runs/<run>/figures/<id>`.
    title, says
        Heading, and a sentence that says what it shows.
    """

    def __init__(self, source: str, title: str, says: str) -> None:
        super().__init__()
        self._props |= {"source": source, "title": title, "says": says}


class LiveChart(ui.element, component="static/live.js"):
    """A figure that changes while it is looked at; given as plotly's plain data."""

    def __init__(self, says: str) -> None:
        super().__init__()
        self._props |= {"says": says, "figure": None}

    def show(self, figure: dict[str, Any]) -> None:
        """Show other data."""
        self.props["figure"] = figure
        self.update()


class Map(ui.element, component="static/mapview.js"):
    """The map with its slider, windows and layers.

    Parameters
    ----------
    source
        Path of its document.
    day
        Index of the day shown first.
    days
        How many days the clock has.
    says
        What it shows, for those who cannot see it.
    heard
        Told the id of a place that was clicked.
    follows
        Selector of a list whose entries have `data-day`: those of days to come are dimmed.
    """

    def __init__(
        self,
        source: str,
        *,
        day: int,
        days: int,
        says: str,
        heard: Callable[[str], Any] | None = None,
        follows: str = "",
    ) -> None:
        super().__init__()
        self._props |= {"source": source, "day": day, "days": days, "says": says, "follows": follows}
        if heard is not None:
            self.on("place", lambda happened: heard(happened.args))


class Sketch(ui.element, component="static/sketch.js"):
    """The map of a scenario that is edited; `version` counts what was changed, `chosen` is marked.

    Parameters
    ----------
    source
        Path of its document.
    says
        What it shows, for those who cannot see it.
    heard
        Told the table and the id of what was clicked.
    """

    def __init__(self, source: str, *, says: str, heard: Callable[[list[str]], Any]) -> None:
        super().__init__()
        self._props |= {"source": source, "says": says, "version": 0, "chosen": ""}
        self.on("pick", lambda happened: heard(happened.args))


class Grid(ui.element, component="static/grid.js"):
    """A table to edit; `faults` are messages by `id/column`.

    Parameters
    ----------
    name
        What it is a table of.
    columns
        Each with `name`, `unit`, `says`, `options` (or None) and `wide`; the first is the id.
    rows
        Cells as text.
    editable
        Whether cells can be changed.
    heard
        Told `[id, column, text]` of each cell that was changed or pasted.
    gone
        Told the id of a row that is to be removed.
    """

    def __init__(
        self,
        name: str,
        columns: list[dict[str, Any]],
        rows: list[list[str]],
        *,
        editable: bool,
        heard: Callable[[list[list[str]]], Any],
        gone: Callable[[str], Any],
    ) -> None:
        super().__init__()
        self._props |= {"name": name, "columns": columns, "rows": rows, "editable": editable, "faults": {}}
        self.on("cells", lambda happened: heard(happened.args))
        self.on("remove", lambda happened: gone(happened.args))
