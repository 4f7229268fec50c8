"""Contested reports about a besieged stronghold, turned into a forecast that can be argued with.

The front doors are loaded when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fastness import errors
    from fastness.ensemble import Ensemble, open_run, simulate
    from fastness.reporting import report
    from fastness.scenario import Scenario, load

__all__ = ["Ensemble", "Scenario", "errors", "load", "open_run", "report", "simulate"]

#: front door and the module behind it
_DOORS: Final = {
    "Ensemble": "fastness.ensemble",
    "open_run": "fastness.ensemble",
    "simulate": "fastness.ensemble",
    "report": "fastness.reporting",
    "Scenario": "fastness.scenario",
    "load": "fastness.scenario",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a door leads to anything
    if name in _DOORS:
        return getattr(import_module(_DOORS[name]), name)
    if name in __all__:
        return import_module(f"fastness.{name}")
    message = f"module 'fastness' has no attribute '{name}'"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
