"""What a person writes: reading, checking, changing and describing scenarios."""

from fastness.scenario.check import check, coverage
from fastness.scenario.library import LibraryEntry, library, write_new
from fastness.scenario.model import Scenario
from fastness.scenario.read import load, locate, scenario_files
from fastness.scenario.resolve import identity, resolve, restore
from fastness.scenario.schema import field_table, json_schema
from fastness.scenario.variants import apply_variant, replace

__all__ = [
    "LibraryEntry",
    "Scenario",
    "apply_variant",
    "check",
    "coverage",
    "field_table",
    "identity",
    "json_schema",
    "library",
    "load",
    "locate",
    "replace",
    "resolve",
    "restore",
    "scenario_files",
    "write_new",
]
