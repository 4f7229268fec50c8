"""Rewrites what the corpus expects after a deliberate change of format or wording: look at every difference.

Run it in this folder: `python rewrite.py`. Each folder of `valid` gets its `resolved.json`, each of `invalid` its
`message.txt`, and the JSON Schema is stored anew.
"""

import json
from pathlib import Path

from fastness.errors import ScenarioError
from fastness.scenario import load, resolve
from fastness.scenario.schema import STORED, schema_text


def source_of(case: Path) -> Path:
    """Return what is loaded of a case: the folder, or the one YAML file in it."""
    return case if (case / "scenario.yaml").exists() else next(case.glob("*.yaml"))


def resolved(source: Path) -> str:
    """Return the canonical document as the corpus stores it."""
    return json.dumps(resolve(load(source)), indent=1, ensure_ascii=False) + "\n"


def message(source: Path) -> str:
    """Return everything that is wrong with a scenario, as the corpus stores it; empty when nothing is."""
    try:
        load(source)
    except ScenarioError as error:
        return f"{error}\n"
    return ""


if __name__ == "__main__":
    STORED.write_text(schema_text(), encoding="utf-8")
    for case in sorted(Path("valid").iterdir()):
        (case / "resolved.json").write_text(resolved(source_of(case)), encoding="utf-8")
    for case in sorted(Path("invalid").iterdir()):
        (case / "message.txt").write_text(message(source_of(case)), encoding="utf-8")
