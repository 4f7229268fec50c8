"""Runs compared, one small panel per question or clock: how far each run moves it from the base."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from fastness.plot.drawing import Drawing
from fastness.plot.style import BLUE, MUTED, ORANGE, plain, upright_line

if TYPE_CHECKING:
    from fastness.analysis.compare import Difference

#: height of a panel's frame and of each of its runs [px]
FRAME_PX, RUN_PX = 70, 26
#: longest name of a run that is written out beside its panel
LONGEST = 22
COLOURS: Mapping[str, str] = {"clear": ORANGE, "not beyond chance": BLUE, "indistinguishable": MUTED, "same": MUTED}
"""Colour of a run by the verdict on it; the verdict stands in words in the table."""


def reach(rows: "Iterable[Difference]") -> float:
    """Give how far the scale of panels has to reach to either side so that all of them fit [points or days]."""
    return 1.08 * max((_scale(row) * max(abs(row.low), abs(row.high)) for row in rows), default=1.0)


def panel(rows: "Sequence[Difference]", titles: Mapping[str, str], furthest: float) -> Drawing:
    """Draw one question or clock of several runs against the base.

    Parameters
    ----------
    rows : sequence of Difference
        One per run, all of the same question or clock.
    titles : mapping
        Title of each run by its name.
    furthest : float
        How far the scale goes to either side, the same for all panels that are to be read together (`reach`).

    Returns
    -------
    Drawing
        Per run a dot at its difference from the base [points or days] with the 95 % interval; a line at none.
    """
    unit = "points" if rows[0].kind == "question" else "days"
    result = Drawing()
    for row in rows:
        at, low, high = (round(_scale(row) * value, 2) for value in (row.difference, row.low, row.high))
        result.add(
            "scatter",
            x=[at],
            y=[plain(_short(titles[row.other]))],
            mode="markers",
            marker={"color": COLOURS[row.verdict], "size": 9},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [round(high - at, 2)],
                "arrayminus": [round(at - low, 2)],
                "color": COLOURS[row.verdict],
                "thickness": 1.5,
                "width": 4,
            },
            hovertemplate=f"{plain(titles[row.other])}: %{{x:+.1f}} {unit} ({low:+.1f} to {high:+.1f})<extra></extra>",
        )
    result.layout.update(
        shapes=[upright_line(0, MUTED, 1.5)],
        height=FRAME_PX + RUN_PX * len(rows),
        xaxis={"range": [-furthest, furthest], "nticks": 5, "tickformat": "+", "title": {"text": unit}},
        yaxis={"autorange": "reversed", "showgrid": False, "ticks": ""},
        margin={"l": 10, "r": 14, "t": 6, "b": 40},
        hovermode="closest",
    )
    return result


def _scale(row: "Difference") -> float:
    return 100.0 if row.kind == "question" else 1.0


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip() + "…"
