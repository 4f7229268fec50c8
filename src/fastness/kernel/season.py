"""Season (M11): fighting by month, snow that shuts a pass once a winter, storms that close a maintained road for hours.

Days of a winter are counted from its 1 January (negative: before). `par` holds `season.*` and `weather.*`.
"""

import math

from fastness.kernel.jit import kernel
from fastness.kernel.state import Parameters
from fastness.kernel.streams import Stream, normal, uniform

MONTHS = 12
#: entity of what all passes share; passes have the hash of their route
WHOLE_COUNTRY = 0
HOURS_PER_DAY = 24.0
FIRST_STORM_MONTH, LAST_STORM_MONTH, STORM_SEASON_DAYS = 11, 3, 151.0


@kernel
def raw_multiplier(month: int, par: Parameters) -> float:
    """Return the published intensity of fighting of a month (1 to 12), before scaling."""
    if month <= 3:
        return par.season_month_01 if month == 1 else (par.season_month_02 if month == 2 else par.season_month_03)
    if month <= 6:
        return par.season_month_04 if month == 4 else (par.season_month_05 if month == 5 else par.season_month_06)
    if month <= 9:
        return par.season_month_07 if month == 7 else (par.season_month_08 if month == 8 else par.season_month_09)
    return par.season_month_10 if month == 10 else (par.season_month_11 if month == 11 else par.season_month_12)


@kernel
def first_harmonic(par: Parameters) -> float:
    """Return the amplitude of the yearly wave in the published months, relative to their mean (about 0.40)."""
    total, cosine, sine = 0.0, 0.0, 0.0
    for month in range(1, MONTHS + 1):
        angle = 2.0 * math.pi * (month - 0.5) / MONTHS
        value = raw_multiplier(month, par)
        total += value
        cosine += value * math.cos(angle)
        sine += value * math.sin(angle)
    return 2.0 * math.sqrt(cosine * cosine + sine * sine) / total


@kernel
def scaled_multiplier(month: int, mean: float, stretch: float, par: Parameters) -> float:
    """Return a month's multiplier with its distance from 1 stretched, never below 0."""
    return max(1.0 + stretch * (raw_multiplier(month, par) / mean - 1.0), 0.0)


@kernel
def season_multiplier(month: int, par: Parameters) -> float:
    """Return the intensity of fighting in a month (1 to 12), mean 1 over the year.

    The published shape is stretched so that its yearly wave has the amplitude `season.amplitude`, and renormalised.
    """
    mean = 0.0
    for each in range(1, MONTHS + 1):
        mean += raw_multiplier(each, par) / MONTHS
    stretch = par.season_amplitude / first_harmonic(par)
    total = 0.0
    for each in range(1, MONTHS + 1):
        total += scaled_multiplier(each, mean, stretch, par)
    return MONTHS * scaled_multiplier(month, mean, stretch, par) / total


@kernel
def mean_closing(height_m: float, par: Parameters) -> float:
    """Return the mean day on which snow shuts a pass of this height, days from 1 January."""
    return par.weather_close_day - par.weather_close_per_100m * (height_m - par.weather_pass_height) / 100.0


@kernel
def mean_opening(height_m: float, par: Parameters) -> float:
    """Return the mean day on which a pass of this height reopens, days from 1 January."""
    return par.weather_open_day + par.weather_open_per_100m * (height_m - par.weather_pass_height) / 100.0


@kernel
def pass_winter(stream: Stream, entity: int, height_m: float, par: Parameters) -> tuple[int, int]:
    """Draw the day on which a pass shuts this winter and the day on which it reopens; equal: it stays open.

    `stream` must be one and the same for all passes of a winter. An early onset comes with much snow and so with a
    late thaw (`weather.melt_link`). Draws 0 and 1 of WHOLE_COUNTRY are shared; 0 and 1 of `entity` are the pass's own.
    """
    onset = normal(stream, WHOLE_COUNTRY, 0)
    link = par.weather_melt_link
    melt = math.sqrt(1.0 - link * link) * normal(stream, WHOLE_COUNTRY, 1) - link * onset
    closing = mean_closing(height_m, par) + par.weather_winter_shift + par.weather_winter_sd * onset
    opening = mean_opening(height_m, par) + par.weather_thaw_shift + par.weather_thaw_sd * melt
    closes = math.floor(closing + par.weather_pass_sd * normal(stream, entity, 0) + 0.5)
    opens = math.floor(opening + par.weather_pass_sd * normal(stream, entity, 1) + 0.5)
    return closes, max(closes, opens)


@kernel
def snowed_in(day: int, closes: int, opens: int) -> bool:
    """Whether a pass is shut on a day (all counted alike): from its closing day to the day before it opens."""
    return closes <= day < opens


@kernel
def storm_chance(month: int, par: Parameters) -> float:
    """Return the expected number of storms that begin on a day and close a maintained road (November to March)."""
    if LAST_STORM_MONTH < month < FIRST_STORM_MONTH:
        return 0.0
    return par.weather_storms / STORM_SEASON_DAYS


@kernel
def storm_today(
    stream: Stream, entity: int, draw: int, day: int, month: int, storm_until: float, par: Parameters
) -> tuple[float, float]:
    """Return until when a maintained road is closed by storm (in days, as `day`), and the share of today it is open.

    At most one storm begins in a day; a longer one that is still on is not cut short. Uses draw numbers `draw` to
    `draw + 2`.
    """
    begins = float(day) + 1.0
    until = storm_until
    if uniform(stream, entity, draw) < storm_chance(month, par):
        begins = float(day) + uniform(stream, entity, draw + 1)
        hours = par.weather_storm_hours * math.exp(par.weather_storm_sigma * normal(stream, entity, draw + 2))
        until = max(storm_until, begins + hours / HOURS_PER_DAY)
    shut_before = min(max(storm_until - day, 0.0), 1.0)
    open_from = max(begins - day, shut_before)
    open_share = open_from - shut_before + max(0.0, 1.0 - max(until - day, open_from))
    return until, open_share
