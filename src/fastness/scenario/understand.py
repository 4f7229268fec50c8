"""From a document of plain data to a scenario, or to everything that is wrong with it."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from pydantic import ValidationError

from fastness.scenario import rules_evidence, rules_map, rules_plans, rules_politics
from fastness.scenario.draft import Draft, salvage, whole
from fastness.scenario.fields import gather
from fastness.scenario.model import Scenario
from fastness.scenario.positions import Finding
from fastness.scenario.wording import findings_of


def understand(document: Mapping[str, Any]) -> tuple[Draft, list[Finding]]:
    """Validate a document and check all rules but those on variants.

    Parameters
    ----------
    document : mapping
        As written: names of fields as in files, text or numbers for values.

    Returns
    -------
    tuple of Draft and list of Finding
        Without findings the draft's scenario is complete.
    """
    known = gather(document)
    findings: list[Finding] = []
    try:
        scenario = Scenario.model_validate(document, context=known, by_alias=True, by_name=False)
        draft = whole(document, known, scenario)
    except ValidationError as fault:
        findings = findings_of(fault)
        draft = salvage(document, known, findings)
    modules = (rules_map, rules_evidence, rules_plans, rules_politics)
    findings += chain.from_iterable(module.rules(draft) for module in modules)
    return draft, findings
