"""The canonical JSON document of a scenario, and the hash that is its identity."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from fastness.errors import ScenarioError
from fastness.scenario.check import examine
from fastness.scenario.fields import TABLES
from fastness.scenario.model import Scenario
from fastness.scenario.positions import Origins, located


def resolve(scenario: Scenario) -> dict[str, Any]:
    """Return the document with units converted, defaults filled, keys sorted and rows sorted by id.

    It does not depend on the order of rows and keys, nor on how the scenario was split into files.
    """
    document = scenario.model_dump(mode="json", by_alias=True)
    for table in TABLES:
        document[table].sort(key=lambda row: str(row["id"]))
    ordered: dict[str, Any] = json.loads(json.dumps(document, sort_keys=True, allow_nan=False))
    return ordered


def identity(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical document, 64 hexadecimal digits."""
    text = json.dumps(resolve(scenario), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def restore(document: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a canonical document, checked again.

    Raises
    ------
    ScenarioError
        If the document is not sound.
    """
    draft, findings = examine(document)
    if findings:
        raise ScenarioError(located(findings, document, Origins()))
    return draft.scenario
