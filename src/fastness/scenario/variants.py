"""Scenarios with something changed: one path, or the changes of a named variant."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastness.errors import Problem, ScenarioError
from fastness.scenario.draft import Draft
from fastness.scenario.fields import TABLES, Known, gather, no_such
from fastness.scenario.model import Scenario, Variant
from fastness.scenario.paths import Target, Wrong, find
from fastness.scenario.positions import Finding, Origins, dotted, located
from fastness.scenario.understand import understand

Changes = Mapping[str, Any]


def replace(scenario: Scenario, path: str, value: object) -> Scenario:
    """Return the scenario with one value changed, checked again.

    Parameters
    ----------
    scenario : Scenario
        Stays as it is.
    path : str
        Such as `routes.salang.blocked`, `beliefs.salang-blocked.chance`, `parameters.<name>` or `clock.end`.
    value : object
        In the unit of the field, or text with a unit.

    Returns
    -------
    Scenario
        A new scenario.

    Raises
    ------
    ScenarioError
        If the path leads nowhere, a belief sets it, or the value does not fit.
    """
    return _changed(scenario, {path: value})


def apply_variant(scenario: Scenario, name: str) -> Scenario:
    """Return the scenario with the changes of a variant, and before them of those that it extends.

    Raises
    ------
    ScenarioError
        If there is no such variant, if variants extend each other in a circle, or the result is not sound.
    """
    if name not in scenario.variants:
        message, hint = no_such("variant", name, scenario.variants)
        raise ScenarioError([Problem("FS112", message, "variants", hint=hint)])
    circle = _circle(name, scenario.variants)
    if circle:
        raise ScenarioError([Problem("FS180", _circle_said(circle), f"variants.{name}.extends")])
    return _changed(scenario, _all_changes(name, scenario.variants))


def _changed(scenario: Scenario, changes: Changes) -> Scenario:
    document = scenario.model_dump(mode="json", by_alias=True)
    findings = [_at_change(wrong, path) for path, wrong in _conflicts(changes, gather(document), scenario)]
    if not findings:
        document = _edited(document, changes)
        draft, findings = understand(document)
    if findings:
        raise ScenarioError(located(findings, document, Origins()))
    result: Scenario = draft.scenario
    result._origin = scenario.origin
    return result


def _at_change(wrong: Wrong, path: str) -> Finding:
    return Finding((path,), wrong.code, wrong.message, wrong.hint)


def rules(draft: Draft, *, sound: bool) -> Iterator[Finding]:
    """Yield what is wrong with variants; their results are looked at only when the scenario itself is sound."""
    variants = draft.scenario.variants
    told: set[str] = set()
    for name, variant in variants.items():
        circle = _circle(name, variants)
        if circle:
            if not told & set(circle):
                yield Finding(("variants", name, "extends"), "FS180", _circle_said(circle), "let one extend none")
            told |= set(circle)
            continue
        wrongs = list(_conflicts(variant.changes, draft.known, draft.scenario))
        for path, wrong in wrongs:
            yield Finding(("variants", name, "changes", path), wrong.code, wrong.message, wrong.hint, on_key=True)
        if sound and not wrongs:
            yield from _result(name, draft)


def _result(name: str, draft: Draft) -> Iterator[Finding]:
    """Yield what becomes wrong in a sound scenario through a variant."""
    variants = draft.scenario.variants
    changes = _all_changes(name, variants)
    if any(isinstance(find(path, draft.known), Wrong) for path in changes):
        return
    document = _edited(draft.document, changes)
    for finding in understand(document)[1]:
        path = dotted(finding.path, document)
        if path in variants[name].changes:
            yield Finding(("variants", name, "changes", path), finding.code, finding.message, finding.hint)
        elif path not in changes:
            message = f"with variant '{name}', at {path}: {finding.message}"
            yield Finding(("variants", name), finding.code, message, finding.hint, on_key=True)


def _conflicts(changes: Changes, known: Known, scenario: Scenario) -> Iterator[tuple[str, Wrong]]:
    """Yield the paths that lead nowhere, or that a belief would overwrite.

    A belief on a total shares it as the tables do, so that its entries can be changed.
    """
    setters = {belief.sets[0]: name for name, belief in scenario.beliefs.items() if len(belief.sets) == 1}
    for path in changes:
        target = find(path, known)
        if isinstance(target, Wrong):
            yield path, target
        elif path in setters:
            name = setters[path]
            key = "chance" if scenario.beliefs[name].chance is not None else "p50"
            message = f"'{path}' is set by belief '{name}', which would overwrite the change"
            yield path, Wrong("FS181", message, f"change beliefs.{name}.{key}")


def _circle(name: str, variants: Mapping[str, Variant]) -> list[str]:
    """Return the variants that lead back to `name`; empty when none does."""
    chain: list[str] = []
    here: str | None = name
    while here is not None and here in variants and here not in chain:
        chain.append(here)
        here = variants[here].extends
    return chain if here in chain else []


def _circle_said(circle: list[str]) -> str:
    return "variants extend each other in a circle: " + " → ".join([*circle, circle[0]])


def _all_changes(name: str, variants: Mapping[str, Variant]) -> dict[str, Any]:
    """Return the changes of a variant over those of the variants that it extends."""
    variant = variants.get(name)
    if variant is None:
        return {}
    inherited = _all_changes(variant.extends, variants) if variant.extends else {}
    return inherited | variant.changes


def _edited(document: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """Return a copy of a document with values set; what is not changed is shared with the old one."""
    edited = dict(document)
    known = gather(document)
    for path, value in changes.items():
        target = find(path, known)
        if isinstance(target, Target):
            _set(edited, target, value)
    return edited


def _set(document: dict[str, Any], target: Target, value: object) -> None:
    first, *rest = target.address
    if first in TABLES:
        rows = list(document[str(first)])
        number = next(number for number, row in enumerate(rows) if row.get("id") == rest[0])
        rows[number] = {**rows[number], rest[1]: value}
        document[str(first)] = rows
    elif len(rest) == 1:
        document[str(first)] = {**(document.get(str(first)) or {}), rest[0]: value}
    else:
        entries = document[str(first)]
        document[str(first)] = {**entries, rest[0]: {**entries[rest[0]], rest[1]: value}}
