"""Contested reports about a besieged stronghold, turned into a forecast that can be argued with.

The front doors are loaded when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fastness import errors
    from fastness.analysis.compare import compare
    from fastness.analysis.drivers import drivers
    from fastness.analysis.drop import drop
    from fastness.analysis.register import register
    from fastness.analysis.score import score
    from fastness.analysis.tip import tip
    from fastness.analysis.update import update
    from fastness.analysis.value import verify_next
    from fastness.ensemble import Ensemble, open_run, simulate
    from fastness.history import backtests as backtest
    from fastness.reporting.brief_files import brief
    from fastness.reporting.build import report
    from fastness.scenario import Scenario, load

__all__ = [
    "Ensemble",
    "Scenario",
    "backtest",
    "brief",
    "compare",
    "drivers",
    "drop",
    "errors",
    "load",
    "open_run",
    "register",
    "report",
    "score",
    "simulate",
    "tip",
    "update",
    "verify_next",
]

#: front door and the module behind it
_DOORS: Final = {
    "Ensemble": "fastness.ensemble",
    "open_run": "fastness.ensemble",
    "simulate": "fastness.ensemble",
    "report": "fastness.reporting.build",
    "brief": "fastness.reporting.brief_files",
    "compare": "fastness.analysis.compare",
    "drivers": "fastness.analysis.drivers",
    "drop": "fastness.analysis.drop",
    "register": "fastness.analysis.register",
    "score": "fastness.analysis.score",
    "tip": "fastness.analysis.tip",
    "update": "fastness.analysis.update",
    "verify_next": "fastness.analysis.value",
    "Scenario": "fastness.scenario",
    "load": "fastness.scenario",
}
#: front door that is a module, and where it is
_ROOMS: Final = {"backtest": "fastness.history.backtests", "errors": "fastness.errors"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a door leads to anything
    if name in _DOORS:
        return getattr(import_module(_DOORS[name]), name)
    if name in _ROOMS:
        return import_module(_ROOMS[name])
    message = f"module 'fastness' has no attribute '{name}'"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
