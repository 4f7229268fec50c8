"""How a probability moved as reports came in: a step line by date with its range, and what each report did to it."""

from typing import TYPE_CHECKING

from fastness.plot.drawing import Drawing
from fastness.plot.style import BLUE, MUTED, ORANGE, faded, plain

if TYPE_CHECKING:
    from fastness.analysis.update import Update


def updated(update: "Update") -> Drawing:
    """Draw the first question's probability by date.

    Parameters
    ----------
    update : Update
        The updated forecast.

    Returns
    -------
    Drawing
        A step line with the range across inputs and models; a mark on each report, open where it was not expected.
    """
    lead = update.questions[0]
    dates = [day.date for day in update.days]
    drawn = Drawing()
    low = [None if day.low is None else 100 * day.low for day in update.days]
    high = [None if day.high is None else 100 * day.high for day in update.days]
    for level, fill in ((high, None), (low, "tonexty")):
        drawn.add(
            "scatter",
            x=dates, y=level, mode="lines", line={"width": 0, "shape": "hv"}, fill=fill,
            fillcolor=faded(BLUE, 0.22), hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    drawn.add(
        "scatter",
        x=dates,
        y=[100 * day.probabilities[lead.id] for day in update.days],
        mode="lines",
        line={"color": BLUE, "width": 2.5, "shape": "hv"},
        name=plain(lead.text),
        showlegend=False,
        hovertemplate="%{x|%-d %b}: %{y:.0f} %<extra></extra>",
    )
    _marks(drawn, update, lead.id)
    drawn.layout["yaxis"] = {"title": {"text": "probability [%]"}, "range": [0, 100]}
    drawn.layout["xaxis"] = {"type": "date", "tickformat": "%-d %b"}
    return drawn


def _marks(drawn: Drawing, update: "Update", lead: str) -> None:
    """Mark each report where it left the probability."""
    for surprise, colour, symbol in ((False, MUTED, "circle"), (True, ORANGE, "diamond-open")):
        steps = [step for step in update.steps if step.surprise == surprise]
        drawn.add(
            "scatter",
            x=[step.date for step in steps],
            y=[100 * step.after[lead] for step in steps],
            mode="markers",
            marker={"color": colour, "size": 8, "symbol": symbol},
            text=[
                f"{plain(step.id)}: {plain(step.statement)}<br>{100 * step.before[lead]:.0f} → "
                f"{100 * step.after[lead]:.0f} %"
                for step in steps
            ],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
