"""How the probability of an outcome moved along campaigns, and which events it moved with."""

from typing import TYPE_CHECKING

from fastness.analysis.turning import SURE
from fastness.plot.drawing import Drawing
from fastness.plot.style import BLUE, MUTED, ORANGE, dated_axes, faded, plain

if TYPE_CHECKING:
    from fastness.analysis.turning import Turning
    from fastness.scenario.model import Scenario

#: height of one event's row, and of what is around them [px]
ROW, AROUND = 26, 60


def courses(scenario: "Scenario", found: "Turning") -> Drawing:
    """Draw P(outcome | events so far) along single campaigns, and the median of all.

    Parameters
    ----------
    scenario : Scenario
        For the clock.
    found : Turning
        The turning points of one question.

    Returns
    -------
    Drawing
        P [%] over the date: orange where the campaign ends with yes, blue where with no.
    """
    dates, levels = list(found.dates), (100 - 100 * SURE, 100 * SURE)
    result = Drawing(dated_axes(scenario, "P given what has happened [%]", top=100, levels=levels))
    for course in found.courses:
        colour = ORANGE if course.yes else BLUE
        result.add(
            "scatter",
            x=dates,
            y=[100 * p for p in course.p],
            mode="lines",
            line={"color": faded(colour, 0.35), "width": 1},
            hoverinfo="skip",
        )
    result.add(
        "scatter",
        x=dates,
        y=[round(100 * p, 1) for p in found.middle],
        customdata=[[round(100 * low), round(100 * high)] for low, high in zip(found.low, found.high, strict=True)],
        mode="lines",
        line={"color": MUTED, "width": 2.5},
        hovertemplate="median %{y:.0f} %<br>5–95 % of campaigns: %{customdata[0]}–%{customdata[1]} %<extra></extra>",
    )
    result.layout["xaxis"]["range"] = [dates[0], dates[-1]]
    return result


def sure(scenario: "Scenario", found: "Turning") -> Drawing:
    """Draw the share of campaigns in which the outcome is inevitable, or out of reach, from each date on.

    Parameters
    ----------
    scenario : Scenario
        For the clock.
    found : Turning
        The turning points of one question.

    Returns
    -------
    Drawing
        Stacked shares of campaigns [%] over the date: yes at the bottom, then open, then no.
    """
    result = Drawing(dated_axes(scenario, "share of campaigns [%]", top=100, hover="x unified"))
    open_now = [1 - yes - no for yes, no in zip(found.sure_yes, found.sure_no, strict=True)]
    for name, shares, colour in (
        ("inevitable", found.sure_yes, faded(ORANGE, 0.75)),
        ("open", open_now, "rgba(128,128,128,0.18)"),
        ("out of reach", found.sure_no, faded(BLUE, 0.75)),
    ):
        result.add(
            "scatter",
            x=list(found.dates),
            y=[round(100 * share, 1) for share in shares],
            name=name,
            mode="lines",
            line={"width": 0},
            fillcolor=colour,
            stackgroup="sure",
            hovertemplate="%{y:.0f} %",
        )
    result.layout["xaxis"]["range"] = [found.dates[0], found.dates[-1]]
    return result


def moves(found: "Turning") -> Drawing:
    """Draw for each kind of event the mean P before and after the week in which it happens.

    Parameters
    ----------
    found : Turning
        The turning points of one question.

    Returns
    -------
    Drawing
        One row for each event, the strongest at the top: a line from before to after [%].
    """
    result = Drawing()
    for number, move in enumerate(found.moves):
        colour = ORANGE if move.change > 0 else BLUE
        result.add(
            "scatter",
            x=[100 * move.before, 100 * move.after],
            y=[-number, -number],
            mode="lines+markers",
            line={"color": faded(colour, 0.5), "width": 4},
            marker={"size": [7, 11], "color": [MUTED, colour]},
            hovertemplate=f"{plain(move.text)}: %{{x:.0f}} %<br>in {100 * move.share:.0f} % of campaigns"
            "<extra></extra>",
        )
    result.layout.update(
        height=AROUND + ROW * max(len(found.moves), 1),
        xaxis={"range": [0, 100], "title": {"text": "P before and after [%]"}, "showgrid": True},
        yaxis={
            "tickvals": [-number for number in range(len(found.moves))],
            "ticktext": [plain(move.text) for move in found.moves],
            "showgrid": False,
            "range": [-len(found.moves) + 0.4, 0.6],
        },
        margin={"t": 10},
    )
    return result
