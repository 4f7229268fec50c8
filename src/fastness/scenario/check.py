"""All rules of a scenario at once, for the reader and for scenarios built in Python."""

from collections.abc import Mapping
from typing import Any

from fastness.errors import Problem
from fastness.scenario import variants
from fastness.scenario.draft import Draft
from fastness.scenario.model import Scenario
from fastness.scenario.positions import Finding, Origins, located
from fastness.scenario.understand import understand


def examine(document: Mapping[str, Any]) -> tuple[Draft, list[Finding]]:
    """Check everything; without findings the draft's scenario is complete."""
    draft, findings = understand(document)
    return draft, findings + list(variants.rules(draft, sound=not findings))


def check(scenario: Scenario) -> list[Problem]:
    """Return all problems of a scenario, each with the path of its entry; an empty list says that it can be run."""
    document = scenario.model_dump(mode="json", by_alias=True)
    return located(examine(document)[1], document, Origins())


def coverage(scenario: Scenario) -> dict[str, int]:
    """Return how many claims bind to what: belief, parameter, entry, context or awaits."""
    counts = dict.fromkeys(("belief", "parameter", "entry", "context", "awaits"), 0)
    for claim in scenario.claims:
        counts[claim.binds] += 1
    return counts
