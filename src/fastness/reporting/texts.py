"""How the report writes probabilities, ranges, dates and counts."""

import math
from datetime import date

DASH = "—"


def interval(low: float, high: float) -> str:
    """Write a range of probabilities.

    Parameters
    ----------
    low, high : float
        Probabilities, 0 to 1 [1].

    Returns
    -------
    str
        Whole percents such as "38–81"; "<1" or ">99" where rounding would leave no range.
    """
    if high < 0.005:
        return "<1"
    return ">99" if low > 0.995 else f"{100 * low:.0f}–{100 * high:.0f}"


def day_text(day: date | str | None, year: int | None = None) -> str:
    """Write a date, without its year where that is understood.

    Parameters
    ----------
    day : date or str or None
        A date, or one in ISO form.
    year : int, optional
        The year that goes without saying.

    Returns
    -------
    str
        Such as "24 Sep" or "24 Sep 2021"; a dash for None.
    """
    if day is None:
        return DASH
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{when.day} {when:%b}" if when.year == year else f"{when.day} {when:%b %Y}"


def when_text(p5: str | None, median: str | None, p95: str | None, year: int) -> str:
    """Write when something happens if it happens: the median date and the 5-95 % interval.

    Parameters
    ----------
    p5, median, p95 : str or None
        ISO dates; None where it never happened.
    year : int
        The year that goes without saying.

    Returns
    -------
    str
        Such as "24 Sep (8 Sep – 15 Nov)", a single date where they agree, or a dash.
    """
    if median is None:
        return DASH
    if p5 == p95:
        return day_text(median, year)
    return f"{day_text(median, year)} ({day_text(p5, year)} – {day_text(p95, year)})"


def days_text(p5: float | None, median: float | None, p95: float | None, clock_days: int) -> str:
    """Write how many days something lasts: the median and the 5-95 % interval.

    Parameters
    ----------
    p5, median, p95 : float or None
        Days; None where it lasts beyond the clock.
    clock_days : int
        Length of the clock [days].

    Returns
    -------
    str
        Such as "19 (9–41)", "71 (30 to over 246)" or "over 246".
    """
    beyond = f"over {clock_days}"
    if p5 is None:
        return beyond
    early = f"{p5:.0f}"
    if median is None:
        return f"{beyond} (from {early})"
    return f"{median:.0f} ({early}–{p95:.0f})" if p95 is not None else f"{median:.0f} ({early} to {beyond})"


def count(value: float | None) -> str:
    """Write a count of people or things in thousands, a dash for None."""
    return DASH if value is None else f"{value:,.0f}"


def figures(value: float, digits: int = 3) -> str:
    """Write a quantity with so many significant figures and no more.

    Parameters
    ----------
    value : float
        Any finite quantity.
    digits : int
        Significant figures.

    Returns
    -------
    str
        Such as "12,300" or "0.45".
    """
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
