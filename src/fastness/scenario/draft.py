"""A document on its way to a scenario: its sound parts, so that they can be checked although others are broken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from fastness.scenario.fields import MAPPINGS, TABLES, Known
from fastness.scenario.model import Belief, Block, Convoy, Orders, Patron, Place, Route, Scenario
from fastness.scenario.positions import Finding
from fastness.scenario.wording import model_at

_ALL: Final[frozenset[str | int]] = frozenset((*TABLES, *MAPPINGS, "plans"))
_UNKNOWN_BLOCK: Final = Block.model_construct(intent="", orders=Orders())


@dataclass(frozen=True, slots=True)
class Draft:
    """What can be known of a document.

    `scenario` holds only the parts that are sound, and lacks `clock` or `title` where these are not; `sound` names the
    tables and mappings all of whose parts are; `names` is a scenario of bare ids, for what only looks up names.
    """

    document: Mapping[str, Any]
    known: Known
    scenario: Scenario
    sound: frozenset[str | int]
    names: Scenario

    @property
    def names_known(self) -> bool:
        """Say whether every table and mapping could be read, so that a name that is not found does not exist."""
        return len(self.known.names) == len(TABLES) + len(MAPPINGS)


def whole(document: Mapping[str, Any], known: Known, scenario: Scenario) -> Draft:
    """Return the draft of a document that is sound in all its parts."""
    return Draft(document, known, scenario, _ALL, scenario)


def salvage(document: Mapping[str, Any], known: Known, findings: Iterable[Finding]) -> Draft:
    """Return the draft of a document in which validation found something."""
    parts: dict[str, Any] = {name: _parts(document.get(name), model_at((name,))) for name in (*TABLES, *MAPPINGS)}
    parts["plans"] = _plans(document.get("plans"))
    numbers = document.get("parameters")
    parts["parameters"] = numbers if isinstance(numbers, dict) else {}
    for table in TABLES:
        parts[table] = tuple(parts[table].values())
    scenario = Scenario.model_construct(**parts)
    sound = _ALL - {finding.path[0] for finding in findings if finding.path}
    return Draft(document, known, scenario, sound, _bare(known, parts["beliefs"], document))


def _parts(value: object, model: type[BaseModel]) -> dict[str, Any]:
    """Return the sound parts of a table or mapping by id."""
    pairs: list[tuple[object, object]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list | tuple):
        pairs = [(row.get("id"), row) for row in value if isinstance(row, dict)]
    read = {str(name): _read(part, model) for name, part in pairs}
    return {name: part for name, part in read.items() if part is not None}


def _plans(value: object) -> dict[str, tuple[Block, ...]]:
    """Return plans in which a broken block is replaced by one that orders nothing, so that numbers stay."""
    plans = {}
    for side, blocks in value.items() if isinstance(value, dict) else ():
        read = [_read(block, Block) for block in blocks] if isinstance(blocks, list | tuple) else []
        plans[str(side)] = tuple(block if isinstance(block, Block) else _UNKNOWN_BLOCK for block in read)
    return plans


def _read(value: object, model: type[BaseModel]) -> BaseModel | None:
    try:
        return model.model_validate(value, by_alias=True, by_name=False)
    except ValidationError:
        return None


def _bare(known: Known, beliefs: Mapping[str, Belief], document: Mapping[str, Any]) -> Scenario:
    """Return a scenario of ids alone; a broken belief is still yes/no or a quantity."""
    written = document.get("beliefs")
    entries = written if isinstance(written, dict) else {}
    return Scenario.model_construct(
        sides=dict.fromkeys(known.names.get("side", ())),
        windows=dict.fromkeys(known.names.get("window", ())),
        places=tuple(Place.model_construct(id=name) for name in sorted(known.names.get("place", ()))),
        routes=tuple(Route.model_construct(id=name) for name in sorted(known.names.get("route", ()))),
        leaders=dict.fromkeys(known.names.get("leader", ())),
        patrons=tuple(Patron.model_construct(id=name) for name in sorted(known.names.get("patron", ()))),
        convoys=tuple(Convoy.model_construct(id=name) for name in sorted(known.names.get("convoy", ()))),
        beliefs={name: beliefs.get(name) or _bare_belief(part) for name, part in entries.items()},
    )


def _bare_belief(written: object) -> Belief:
    is_fact = isinstance(written, dict) and written.get("chance") is not None
    return Belief.model_construct(chance=0.5 if is_fact else None)
