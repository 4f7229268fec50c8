"""A figure as plotly.js takes it: traces and a layout as plain data; plotly in Python looks at it only for its users.

A report draws some forty figures. Checking every key of each takes plotly half a second, and the tests do that once.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import plotly.graph_objects as go

#: kinds of numbers that plotly.js unpacks from bytes
PACKED: Final = frozenset(("f4", "f8", "i1", "i2", "i4", "u1", "u2", "u4"))
#: what users of the package get, as docstrings name it
FIGURE: Final = "plotly.graph_objects.Figure"
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Drawing:
    """Traces, each with its `type`, and a layout without its template; keys and values are plotly's."""

    layout: dict[str, Any] = field(default_factory=dict)
    traces: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, **trace: Any) -> None:  # noqa: ANN401 - plotly's own kinds of values
        """Add a trace; what is None is left to the default."""
        self.traces.append({"type": kind, **{key: value for key, value in trace.items() if value is not None}})

    def document(self) -> dict[str, Any]:
        """Return it as plotly.js takes it, arrays as bytes; the template is left to the page."""
        return {"data": [_packed(trace) for trace in self.traces], "layout": self.layout}

    def figure(self) -> "go.Figure":
        """Return it as a figure of plotly's, in the house style.

        Raises
        ------
        ValueError
            For a key or a value that plotly does not know.
        """
        import plotly.graph_objects as go

        from fastness.plot.style import template

        return go.Figure({"data": self.traces, "layout": {"template": template(), **self.layout}})


def shown(draw: Callable[Arguments, Drawing]) -> "Callable[Arguments, go.Figure]":
    """Return what draws the same as a figure of plotly's, for notebooks; its docstring and signature say so."""

    @wraps(draw)
    def figure(*arguments: Arguments.args, **named: Arguments.kwargs) -> "go.Figure":
        return draw(*arguments, **named).figure()

    figure.__doc__ = (draw.__doc__ or "").replace("\n    Drawing\n", f"\n    {FIGURE}\n")
    figure.__signature__ = signature(draw).replace(return_annotation=FIGURE)  # type: ignore[attr-defined]
    return figure


def _packed(value: Any) -> Any:  # noqa: ANN401 - as it comes, with bytes for arrays
    if isinstance(value, dict):
        return {key: _packed(each) for key, each in value.items()}
    return _bytes(value) if isinstance(value, np.ndarray) else value


def _bytes(values: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - a list of what cannot be packed
    kind = values.dtype.str[1:]
    if kind not in PACKED:
        return values.tolist()
    shape = {"shape": ", ".join(map(str, values.shape))} if values.ndim > 1 else {}
    flat = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    return {"dtype": kind, "bdata": base64.b64encode(flat.tobytes()).decode("ascii"), **shape}
