"""Marching times (M08): Tobler 1993 or Naismith 1892 with Langmuir on foot, vehicles on roads, altitude and snow.

A route is one climb and one descent whose shares of the length are those of the metres climbed and descended; its real
ups and downs in between are not seen. `par` holds the registry parameters `march.*`.
"""

import math

from fastness.kernel.jit import kernel
from fastness.kernel.state import Parameters

METRES_PER_KM = 1000.0


@kernel
def tobler_speed(slope: float, par: Parameters) -> float:
    """Return the walking speed on a path, km/h, at a slope (rise over run, negative downhill)."""
    return par.march_tobler_speed * math.exp(-par.march_tobler_decay * abs(slope - par.march_tobler_best_slope))


@kernel
def tobler_hours(length_km: float, rise_m: float, par: Parameters) -> float:
    """Return the hours of one even slope; a path winds rather than be steeper than `march.steepest`."""
    path_km = max(length_km, abs(rise_m) / (par.march_steepest * METRES_PER_KM))
    if path_km <= 0.0:
        return 0.0
    return path_km / tobler_speed(rise_m / (path_km * METRES_PER_KM), par)


@kernel
def langmuir_hours(length_km: float, descent_m: float, par: Parameters) -> float:
    """Return Langmuir's correction for a descent, h: a gentle one saves time, a steep one costs it."""
    if length_km <= 0.0 or descent_m <= 0.0:
        return 0.0
    slope = descent_m / (length_km * METRES_PER_KM)
    if slope > par.march_langmuir_steep:
        return descent_m / par.march_langmuir_rate
    if slope >= par.march_langmuir_gentle:
        return -descent_m / par.march_langmuir_rate
    return 0.0


@kernel
def naismith_hours(length_km: float, ascent_m: float, par: Parameters) -> float:
    """Return Naismith's walking time, h: level distance plus climb (1 h per 5 km, 1 h per 600 m)."""
    return length_km / par.march_naismith_speed + ascent_m / par.march_naismith_climb


@kernel
def walking_hours(length_km: float, ascent_m: float, descent_m: float, par: Parameters) -> float:
    """Return the hours of a walker on a path by the campaign's rule (`march.rule`: 0 Tobler, 1 Naismith)."""
    climb = ascent_m + descent_m
    up_km = 0.5 * length_km
    if climb > 0.0:
        up_km = length_km * ascent_m / climb
    down_km = length_km - up_km
    if par.march_rule > 0.5:
        return naismith_hours(length_km, ascent_m, par) + langmuir_hours(down_km, descent_m, par)
    return tobler_hours(up_km, ascent_m, par) + tobler_hours(down_km, -descent_m, par)


@kernel
def altitude_factor(altitude_m: float, par: Parameters) -> float:
    """Return the share of speed left at an altitude: -10 % per 1,000 m above 2,500 m, never below a floor."""
    lost = par.march_altitude_loss * max(altitude_m - par.march_altitude_from, 0.0) / METRES_PER_KM
    return max(1.0 - lost, par.march_altitude_floor)


@kernel
def march_hours(
    length_km: float,
    ascent_m: float,
    descent_m: float,
    altitude_m: float,
    is_road: bool,
    has_vehicles: bool,
    snow: float,
    par: Parameters,
) -> float:
    """Return the hours on the move of a body of troops along a route.

    Vehicles ride on a road and walk with the rest on a track. `snow` is the share of the route under snow, 0 to 1;
    `altitude_m` is the mean altitude of the route, which slows those on foot.
    """
    slowed = 1.0 + min(max(snow, 0.0), 1.0) * (par.march_snow_delay - 1.0)
    if is_road and has_vehicles:
        return slowed * length_km / par.march_road_speed
    ground = par.march_column_factor * altitude_factor(altitude_m, par)
    if not is_road:
        ground *= par.march_track_factor
    return slowed * walking_hours(length_km, ascent_m, descent_m, par) / ground


@kernel
def march_days(
    length_km: float,
    ascent_m: float,
    descent_m: float,
    altitude_m: float,
    is_road: bool,
    has_vehicles: bool,
    snow: float,
    par: Parameters,
) -> int:
    """Return the whole days of a march, rounded up and at least 1: who leaves today is there tomorrow at the earliest.

    Arguments as in `march_hours`; a day has `march.hours_per_day` hours of movement.
    """
    hours = march_hours(length_km, ascent_m, descent_m, altitude_m, is_road, has_vehicles, snow, par)
    return max(1, math.ceil(hours / par.march_hours_per_day))
