"""What a question hangs on: bars of the shares of its drivers, and P along each of them."""

from fastness.analysis.drivers import Driver, QuestionDrivers
from fastness.plot.drawing import Drawing
from fastness.plot.style import BLUE, INK, MUTED, OTHERS, faded, plain, upright_line

#: colour of each kind of input
COLOURS = {"evidence": BLUE, "model": OTHERS[0]}
#: letters of a name that fit beside a bar
WIDEST = 34
#: an input that spans more than this factor is drawn on a logarithmic axis
WIDE = 20
ROW, FRAME = 20, 60


def driver_bars(question: QuestionDrivers) -> Drawing:
    """Draw the shares of a question's drivers with their intervals, and the chance level.

    Parameters
    ----------
    question : QuestionDrivers
        From `fastness.analysis.drivers`.

    Returns
    -------
    Drawing
        Shares of the variance [%], strongest on top; what is not more than chance is pale.
    """
    result, rows = Drawing(), question.drivers[::-1]
    shares = [100 * max(row.share.value, 0.0) for row in rows]
    names = [plain(row.name if len(row.name) <= WIDEST else row.name[: WIDEST - 1] + "…") for row in rows]
    result.add(
        "bar",
        x=shares,
        y=list(range(len(rows))),
        orientation="h",
        marker={"color": [faded(COLOURS[row.kind], 1.0 if row.beyond_chance else 0.35) for row in rows]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [100 * max(row.share.high, 0.0) - share for row, share in zip(rows, shares, strict=True)],
            "arrayminus": [share - 100 * max(row.share.low, 0.0) for row, share in zip(rows, shares, strict=True)],
            "thickness": 1,
            "width": 2,
            "color": MUTED,
        },
        customdata=[plain(row.name) for row in rows],
        hovertemplate="%{customdata}: %{x:.1f} %<extra></extra>",
    )
    result.layout.update(
        shapes=[upright_line(100 * question.chance, INK, 1)],
        xaxis={"rangemode": "tozero", "title": {"text": "share of the variance [%]"}},
        yaxis={"tickmode": "array", "tickvals": list(range(len(rows))), "ticktext": names, "ticks": ""},
        height=FRAME + ROW * len(rows),
        bargap=0.35,
    )
    return result


def driver_curve(driver: Driver) -> Drawing:
    """Draw P along an input: dots are groups of campaigns, bars their 5-95 % Jeffreys intervals.

    Parameters
    ----------
    driver : Driver
        From `fastness.analysis.drivers`.

    Returns
    -------
    Drawing
        P [%] over the input in its unit.
    """
    drawn, result = driver.curve, Drawing()
    p = [100 * each for each in drawn.probability]
    two = len(drawn.at) == 2 and drawn.at == (0.0, 1.0)
    result.add(
        "scatter",
        x=["no", "yes"] if two else list(drawn.at),
        y=p,
        mode="markers" if two else "lines+markers",
        line={"color": COLOURS[driver.kind], "width": 1.5},
        marker={"color": COLOURS[driver.kind], "size": 6},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [100 * high - each for high, each in zip(drawn.high, p, strict=True)],
            "arrayminus": [each - 100 * low for low, each in zip(drawn.low, p, strict=True)],
            "thickness": 1,
            "width": 0,
            "color": MUTED,
        },
        hovertemplate="%{y:.0f} %<extra></extra>",
    )
    wide = not two and drawn.at[0] > 0 and drawn.at[-1] > WIDE * drawn.at[0]
    unit = "" if two or driver.unit == "1" else plain(driver.unit)
    result.layout.update(
        xaxis={"title": {"text": unit}, "nticks": 5, **({"type": "log", "dtick": 1} if wide else {})},
        yaxis={"range": [0, 102], "nticks": 5, "title": {"text": "P [%]"}},
        height=190,
    )
    return result
