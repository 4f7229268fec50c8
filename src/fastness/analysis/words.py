"""Likelihood words of ICD 203 (ODNI, 2015): one word per band of probability, the same everywhere."""

BANDS: tuple[tuple[float, float, str], ...] = (
    (0.01, 0.05, "almost no chance"),
    (0.05, 0.20, "very unlikely"),
    (0.20, 0.45, "unlikely"),
    (0.45, 0.55, "roughly even chance"),
    (0.55, 0.80, "likely"),
    (0.80, 0.95, "very likely"),
    (0.95, 0.99, "almost certain"),
)


def likelihood_words(p: float) -> str:
    """Give the ICD 203 word for a probability, or the number itself where the standard has no word.

    The standard's bands share their end points; here each is half-open, [low, high), so that 0.20 is "unlikely" and
    0.55 is "likely". Below 1 % and from 99 % on the standard defines no word, so the number is given.

    Parameters
    ----------
    p : float
        Probability, 0 to 1 [1].

    Returns
    -------
    str
        A likelihood word of the first row of ICD 203's table, or a percentage such as "0.4 %".

    Raises
    ------
    ValueError
        If `p` is not a number from 0 to 1.
    """
    if not 0.0 <= p <= 1.0:
        msg = f"a probability is a number from 0 to 1, not {p}"
        raise ValueError(msg)
    for low, high, words in BANDS:
        if low <= p < high:
            return words
    return percent(p)


def percent(p: float) -> str:
    """Write a probability as a percentage no more precise than thousands of campaigns can support.

    Parameters
    ----------
    p : float
        Probability, 0 to 1 [1].

    Returns
    -------
    str
        Whole percents from 1 to 99; one decimal nearer to the ends; "<0.1 %" and ">99.9 %" beyond that, since no
        number of campaigns makes an event impossible or certain.
    """
    if p < 0.0005:
        return "<0.1 %"
    if p >= 0.9995:
        return ">99.9 %"
    if p < 0.01 or p > 0.99:
        return f"{100 * p:.1f} %"
    return f"{100 * p:.0f} %"


def points(change: float, low: float, high: float) -> str:
    """Write a change of a probability with its interval in whole points, such as "+6 (0 to +12)".

    Parameters
    ----------
    change, low, high : float
        The change and its interval, -1 to 1 [1].

    Returns
    -------
    str
        Each with its sign; what rounds to nothing has none.
    """
    signed = [f"{moved:+d}" if moved else "0" for moved in (round(100 * each) for each in (change, low, high))]
    return f"{signed[0]} ({signed[1]} to {signed[2]})"
