"""A document on its way to a scenario: its sound parts, so that they can be checked although others are broken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from fastness.scenario.fields import MAPPINGS, TABLES, Known
from fastness.scenario.model import Belief, Block, Orders, Place, Route, Scenario
from fastness.scenario.wording import model_at

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
    sound: frozenset[str]
    names: Scenario


def whole(document: Mapping[str, Any], known: Known, scenario: Scenario) -> Draft:
    """Return the draft of a document that is sound in all its parts."""
    return Draft(document, known, scenario, frozenset((*TABLES, *MAPPINGS, "plans")), scenario)


def salvage(document: Mapping[str, Any], known: Known) -> Draft:
    """Return the draft of a document some of whose parts are broken."""
    parts: dict[str, Any] = {}
    sound = set()
    for name in (*TABLES, *MAPPINGS):
        parts[name], complete = _parts(document.get(name), model_at((name,)))
        sound |= {name} if complete else set()
    parts["plans"], complete = _plans(document.get("plans"))
    sound |= {"plans"} if complete else set()
    numbers = document.get("parameters")
    parts["parameters"] = numbers if isinstance(numbers, dict) else {}
    for table in TABLES:
        parts[table] = tuple(parts[table].values())
    scenario = Scenario.model_construct(**parts)
    return Draft(document, known, scenario, frozenset(sound), _bare(known, parts["beliefs"], document))


def _parts(value: object, model: type[BaseModel]) -> tuple[dict[str, Any], bool]:
    """Return the sound parts of a table or mapping by id, and whether that is all of them."""
    if value is None:
        return {}, True
    if isinstance(value, dict):
        pairs = [(str(key), part) for key, part in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [(str(row.get("id", number)) if isinstance(row, dict) else "", row) for number, row in enumerate(value)]
    else:
        return {}, False
    read = {name: _read(part, model) for name, part in pairs}
    found = {name: part for name, part in read.items() if part is not None}
    return found, len(found) == len(pairs)


def _plans(value: object) -> tuple[dict[str, tuple[Block, ...]], bool]:
    """Return plans in which a broken block is replaced by one that orders nothing, so that numbers stay."""
    if value is None:
        return {}, True
    if not isinstance(value, dict):
        return {}, False
    plans, complete = {}, True
    for side, blocks in value.items():
        read = [_read(block, Block) for block in blocks] if isinstance(blocks, list | tuple) else [None]
        complete = complete and None not in read
        plans[str(side)] = tuple(block if isinstance(block, Block) else _UNKNOWN_BLOCK for block in read)
    return plans, complete


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
        sides=dict.fromkeys(known.names["side"]),
        windows=dict.fromkeys(known.names["window"]),
        places=tuple(Place.model_construct(id=name) for name in sorted(known.names["place"])),
        routes=tuple(Route.model_construct(id=name) for name in sorted(known.names["route"])),
        beliefs={name: beliefs.get(name) or _bare_belief(part) for name, part in entries.items()},
    )


def _bare_belief(written: object) -> Belief:
    is_fact = isinstance(written, dict) and written.get("chance") is not None
    return Belief.model_construct(chance=0.5 if is_fact else None)
