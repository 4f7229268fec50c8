"""Opened runs, kept while pages look at them: answer, sections of figures, map; each worked out once."""

import json
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from fastness.analysis.answer import Answer
from fastness.app.folder import Folder
from fastness.app.layers import campaign_document, workbench_map
from fastness.ensemble import Ensemble, open_run
from fastness.ensemble.store import MANIFEST, write_text
from fastness.errors import FastnessError, RunError
from fastness.history.outside import headline, outside_views
from fastness.reporting.charts import Card, Section, sections

#: runs that are kept open; each may hold a hundred megabytes of daily series
KEPT: Final = 4


@dataclass(frozen=True)
class Headline:
    """What the first page shows of a run."""

    run: str
    title: str
    variant: str | None
    campaigns: int
    seed: int
    as_of: str
    complete: bool
    headline: str
    probability: float | None
    low: float | None
    high: float | None


class Result:
    """One opened run. Its parts may be asked for from several threads; one at a time works."""

    def __init__(self, name: str, ensemble: Ensemble) -> None:
        self.name = name
        self.ensemble = ensemble
        self.lock = threading.RLock()

    @property
    def answer(self) -> Answer:
        """Questions, clocks, headline."""
        with self.lock:
            return self.ensemble.answer()

    @property
    def headline(self) -> str:
        """The answer in one sentence, with the comparable cases where there are any."""
        return headline(self.answer, outside_views(self.ensemble.scenario))

    @property
    def sections(self) -> list[Section]:
        """The report's figures of the course of things."""
        with self.lock:
            return self._sections

    @cached_property
    def _sections(self) -> list[Section]:
        return sections(self.ensemble)

    @property
    def map(self) -> dict[str, Any]:
        """What the page's script draws the map from, with the workbench's layers."""
        with self.lock:
            return self._map

    @cached_property
    def _map(self) -> dict[str, Any]:
        return workbench_map(self.ensemble)

    def campaign_map(self, campaign: int) -> dict[str, Any] | None:
        """Return the map of one campaign; None where the run did not keep its course."""
        with self.lock:
            return campaign_document(self.ensemble, self._map, campaign)

    def cards(self, thing: str) -> list[Card]:
        """Return the figures of one place, or of one side."""
        return [card for part in self.sections for card in part.cards if card.id == f"{part.id}-{thing}"]


class Results:
    """The runs of a user's folder, opened when somebody looks."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._open: OrderedDict[tuple[str, int], Result] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, name: str) -> Result:
        """Open a run that has results.

        Raises
        ------
        RunError
            FS504 or FS506 if there is no such run.
        StoreError
            FS302 to FS305 if it cannot be read.
        """
        path = self._folder.run(name)
        ensemble = open_run(path)
        key = (name, (path / MANIFEST).stat().st_mtime_ns)
        with self._lock:
            if key not in self._open:
                self._open[key] = Result(name, ensemble)
                while len(self._open) > KEPT:
                    self._open.popitem(last=False)
            self._open.move_to_end(key)
            return self._open[key]

    def headline(self, name: str) -> Headline | None:
        """Return what the first page shows of a run, from notes where it was worked out before; None if unreadable."""
        known = self.noted(name)
        if known is not None:
            return known
        try:
            written = self._written(name)
            found = self._headline(name)
            if found.headline:
                write_text(self._notes(name), json.dumps(asdict(found) | {"written": written}))
        except (FastnessError, OSError, ValueError, TypeError, KeyError):
            return None
        return found

    def noted(self, name: str) -> Headline | None:
        """Return the headline of a run if it was worked out before; that takes no time."""
        try:
            known = json.loads(self._notes(name).read_text(encoding="utf-8"))
            return Headline(**known) if known.pop("written", None) == self._written(name) else None
        except (FastnessError, OSError, ValueError, TypeError):
            return None

    def _written(self, name: str) -> int:
        return (self._folder.run(name) / MANIFEST).stat().st_mtime_ns

    def _notes(self, name: str) -> Path:
        return self._folder.notes / "answers" / f"{name}.json"

    def _headline(self, name: str) -> Headline:
        """Work the headline out; without one where a run has no tables yet."""
        result = self.open(name)
        manifest = result.ensemble.manifest
        head = (name, manifest["title"], manifest["variant"], sum(count for _, count in manifest["done"]))
        head_and_more = (*head, manifest["seed"], manifest["as_of"], manifest["complete"])
        if not (result.ensemble.path / "outcomes.parquet").is_file():
            return Headline(*head_and_more, "", None, None, None)
        answer = result.answer
        if not answer.questions:
            return Headline(*head_and_more, result.headline, None, None, None)
        first = answer.questions[0]
        return Headline(*head_and_more, result.headline, first.probability, first.low, first.high)


def place_index(result: Result, place: str) -> int:
    """Return the index of a place in the scenario.

    Raises
    ------
    RunError
        FS506 if it has no such place.
    """
    for index, each in enumerate(result.ensemble.scenario.places):
        if each.id == place:
            return index
    raise RunError(
        code="FS506", message=f"the run has no place '{place}'", hint="the table of the map lists its places"
    )
