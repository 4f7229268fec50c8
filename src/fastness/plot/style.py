"""What all figures share: colours that colour-blind readers tell apart, dates, plain text, and the plotly template.

Backgrounds are transparent and line colours sit in the middle of the scale, so that a figure reads on light and on dark
paper; text and grid colours are the light theme's, and the report's stylesheet overrides them in the dark.
"""

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastness.scenario.model import Scenario

BLUE, ORANGE, MIDDLE = "#2878b5", "#d9701a", "#efe9dc"
OTHERS = ("#8a6fb0", "#4d9a8a", "#b08a3e", "#7a7a7a")  # further sides; also told apart by colour-blind readers
INK, MUTED, GRID = "#1d2024", "#5a626c", "rgba(128,128,128,0.28)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
DAY_MS = 86_400_000  # plotly's unit of time on a date axis


def plain(text: str) -> str:
    """Make a text of the scenario safe for plotly, which reads a subset of HTML in labels.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text with `&`, `<`, `>` and quotes as entities, which plotly shows as the characters themselves.
    """
    return html.escape(text)


def side_colour(scenario: "Scenario", side: str) -> str:
    """Give a side's colour: its own if the scenario names one, else blue for defenders and orange for besiegers.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    side : str
        Id of a side in it.

    Returns
    -------
    str
        Colour as "#rrggbb".
    """
    own = scenario.sides[side].colour
    if own:
        return own
    first = {
        role: next((i for i, s in scenario.sides.items() if s.role == role), None) for role in ("defender", "besieger")
    }
    if side == first["defender"]:
        return BLUE
    if side == first["besieger"]:
        return ORANGE
    return OTHERS[list(scenario.sides).index(side) % len(OTHERS)]


def held_scale(scenario: "Scenario") -> list[tuple[float, str]]:
    """Give the diverging colour scale for P(held by the defender): besieger's colour at 0, defender's at 1.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of (float, str)
        A plotly colour scale over 0 to 1 [1].
    """
    defender = defending_side(scenario)
    rivals = [side for side, s in scenario.sides.items() if s.role == "besieger"]
    return [
        (0.0, side_colour(scenario, rivals[0]) if rivals else ORANGE),
        (0.5, MIDDLE),
        (1.0, side_colour(scenario, defender)),
    ]


def defending_side(scenario: "Scenario") -> str:
    """Give the id of the side whose stronghold it is: the first defender, else the first side.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    str
        Id of a side.
    """
    return next((side for side, s in scenario.sides.items() if s.role == "defender"), next(iter(scenario.sides)))


def faded(colour: str, alpha: float) -> str:
    """Give a colour with an opacity.

    Parameters
    ----------
    colour : str
        Colour as "#rrggbb".
    alpha : float
        Opacity, 0 to 1 [1].

    Returns
    -------
    str
        Colour as "rgba(r,g,b,a)".
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def template() -> dict[str, Any]:
    """Give the plotly template of every figure.

    Returns
    -------
    dict
        Fonts, axes, hover labels and margins, as plotly's plain data.
    """
    axis: dict[str, Any] = {
        "gridcolor": GRID,
        "linecolor": GRID,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": GRID,
        "title": {"standoff": 6, "font": {"size": 12}},
        "automargin": True,
    }
    layout = {
        "font": {"family": FONT, "size": 12, "color": MUTED},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": axis,
        "yaxis": axis,
        "margin": {"l": 48, "r": 10, "t": 8, "b": 32},
        "hoverlabel": {"bgcolor": "#23272d", "bordercolor": "#23272d", "font": {"color": "#ffffff", "size": 12}},
        "showlegend": False,
        "dragmode": False,
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": MUTED, "activecolor": BLUE},
    }
    return {"layout": layout}


def dates(scenario: "Scenario") -> dict[str, Any]:
    """Give plotly's short form of one date per day of the clock.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    dict
        Keywords of a scatter trace.
    """
    return {"x0": scenario.clock.start.isoformat(), "dx": DAY_MS}


def dated_axes(
    scenario: "Scenario", title: str, *, top: float | None = None, levels: Sequence[float] = (), hover: str = "x"
) -> dict[str, Any]:
    """Give a date axis over the whole clock and a vertical axis from zero, its unit written above it.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    title : str
        What the vertical axis counts, with its unit in brackets.
    top : float, optional
        Upper end of the vertical axis; absent, it is fitted to the data.
    levels : sequence of float
        Values that a dotted line marks.
    hover : str
        Plotly's mode of what is shown under the pointer.

    Returns
    -------
    dict
        Keywords of a layout.
    """
    above = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -38}
    above |= {"y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 5}
    return {
        # reads without turning the head
        "annotations": [{"text": title, "showarrow": False, "font": {"size": 11}, **above}],
        "shapes": [level_line(level) for level in levels],
        "xaxis": {
            "type": "date",
            "range": [scenario.clock.start.isoformat(), scenario.clock.end.isoformat()],
            "tickformat": "%b\n%Y",
            "hoverformat": "%-d %b %Y",
            "nticks": 6,
            "showgrid": False,
        },
        "yaxis": {
            **({"rangemode": "tozero"} if top is None else {"range": [0, 1.02 * top]}),
            "nticks": 5,
            "separatethousands": True,
            "exponentformat": "none",
        },
        "hovermode": hover,
        "height": 190,
        "margin": {"t": 28},
    }


def upright_line(at: float, colour: str, width: float) -> dict[str, Any]:
    """Give the shape of a dotted line up the figure at a value of the horizontal axis, `width` in px."""
    up = {"type": "line", "x0": at, "x1": at, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
    return up | {"line": {"color": colour, "width": width, "dash": "dot"}}


def level_line(level: float) -> dict[str, Any]:
    """Give the shape of a dotted line across the figure at a level of the vertical axis, in its unit."""
    across = {"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": level, "y1": level, "yref": "y"}
    return across | {"line": {"color": MUTED, "width": 1, "dash": "dot"}}
