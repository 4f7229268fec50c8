"""The door `fastness.backtest`: forecasts of battles and of sieges whose end is known, scored.

Each is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fastness.history.engagements import engagements
    from fastness.history.siege_backtest import sieges

__all__ = ["engagements", "sieges"]

_DOORS: Final = {"engagements": "fastness.history.engagements", "sieges": "fastness.history.siege_backtest"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a door leads to anything
    if name in _DOORS:
        return getattr(import_module(_DOORS[name]), name)
    message = f"module 'fastness.backtest' has no attribute '{name}'"
    raise AttributeError(message)
