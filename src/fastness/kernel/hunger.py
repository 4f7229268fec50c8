"""Hunger (M10): food eaten to kilocalories, unequal shares, body weight lost, deaths.

People live on body reserves first and die steeply when these are spent. Each third of the people (poor, middle, better
off) carries one number, its *deficit*: the share of normal body weight lost. Energy spent falls as weight is lost, so
that a moderate shortage settles at a lower weight (Keys 1950) and a severe one does not settle at all.

An upper-middle scenario: fitted to Leningrad 1941-42 by `validation/fit_hunger.py`; the Dutch winter of 1944-45 lies
far below it. `hunger.scale`, lognormal with a log sd of 0.7, carries that doubt. `par` holds `hunger.*` and `stocks.*`.
"""

import math

from fastness.kernel.jit import kernel
from fastness.kernel.state import Parameters
from fastness.kernel.stocks import food_need_t

THIRD = 1.0 / 3.0
POOR, MIDDLE, BETTER = -1.0, 0.0, 1.0


@kernel
def kcal_eaten(eaten_t: float, people: float, par: Parameters) -> float:
    """Return the mean energy eaten, kcal/person/day, from the food eaten in a day, t.

    A full ration (`stocks.food_kg`) holds the full need, whatever it weighs, and to the last bit: the well fed are not
    a rounding error short.
    """
    if people <= 0.0:
        return par.hunger_need
    return par.hunger_need * (eaten_t / food_need_t(people, par.stocks_food_kg))


@kernel
def third_kcal(kcal: float, standing: float, par: Parameters) -> float:
    """Return what a third of the people eats, kcal/person/day, when the mean is `kcal`.

    `standing` is POOR, MIDDLE or BETTER. Shares part company as food runs short; at full need all eat alike, and the
    better off never eat above it. The three means add up.
    """
    met = min(kcal / par.hunger_need, 1.0)
    return kcal * (1.0 + standing * par.hunger_inequality * (1.0 - met))


@kernel
def spent_share(deficit: float, par: Parameters) -> float:
    """Return the energy a body spends, as a share of normal need, after losing a share of its weight."""
    return max(1.0 - par.hunger_adaptation * deficit, par.hunger_resting)


@kernel
def next_deficit(deficit: float, kcal: float, par: Parameters) -> float:
    """Return the share of body weight lost after one more day on `kcal`."""
    balance = spent_share(deficit, par) - kcal / par.hunger_need
    return min(max(deficit + balance / par.hunger_body_days, 0.0), 1.0)


@kernel
def spent_body(deficit: float, par: Parameters) -> float:
    """Return how far a body is spent, 0 to 1, logistic in the deficit."""
    return 1.0 / (1.0 + math.exp((par.hunger_lethal - deficit) / par.hunger_spread))


@kernel
def death_hazard(deficit: float, cold: float, well_fed: float, par: Parameters) -> float:
    """Return the excess deaths from hunger per person and day; `cold` from 0 (mild) to 1 (a hard winter unheated).

    As far as a body is spent, less what a well-fed one is, `spent_body(0)`, so that nobody dies of hunger without
    hunger.
    """
    if deficit <= 0.0:
        return 0.0
    colder = 1.0 + min(max(cold, 0.0), 1.0) * (par.hunger_cold - 1.0)
    return par.hunger_scale * colder * par.hunger_top_hazard * (spent_body(deficit, par) - well_fed)


@kernel
def recut(
    poor: float, middle: float, better: float, dead_poor: float, dead_middle: float, dead_better: float
) -> tuple[float, float, float]:
    """Return the deficits of the three new thirds when some of each have died: survivors move down, none up."""
    left_poor, left_middle, left_better = 1.0 - dead_poor, 1.0 - dead_middle, 1.0 - dead_better
    third = THIRD * (left_poor + left_middle + left_better)
    if third <= 0.0:
        return poor, middle, better
    to_poor = min(max(third - left_poor, 0.0), left_middle)
    to_middle = min(max(third - (left_middle - to_poor), 0.0), left_better)
    stay = left_middle - to_poor
    if left_poor + to_poor <= 0.0 or stay + to_middle <= 0.0:
        return better, better, better
    new_poor = (left_poor * poor + to_poor * middle) / (left_poor + to_poor)
    return new_poor, (stay * middle + to_middle * better) / (stay + to_middle), better


@kernel
def hunger_day(
    poor: float, middle: float, better: float, kcal: float, cold: float, par: Parameters
) -> tuple[float, float, float, float]:
    """Return the three deficits after a day on `kcal` kcal/person, and the share of the people who die of hunger today.

    Parameters
    ----------
    poor, middle, better
        Share of body weight lost by each third, 0 when well fed.
    kcal
        Mean energy eaten, kcal/person/day.
    cold
        0 mild to 1 hard winter without heating.
    par
        `hunger.*` of the registry.
    """
    poor = next_deficit(poor, third_kcal(kcal, POOR, par), par)
    middle = next_deficit(middle, third_kcal(kcal, MIDDLE, par), par)
    better = next_deficit(better, third_kcal(kcal, BETTER, par), par)
    well_fed = spent_body(0.0, par)
    dead_poor = 1.0 - math.exp(-death_hazard(poor, cold, well_fed, par))
    dead_middle = 1.0 - math.exp(-death_hazard(middle, cold, well_fed, par))
    dead_better = 1.0 - math.exp(-death_hazard(better, cold, well_fed, par))
    poor, middle, better = recut(poor, middle, better, dead_poor, dead_middle, dead_better)
    return poor, middle, better, THIRD * (dead_poor + dead_middle + dead_better)


@kernel
def fed_effectiveness(kcal: float, par: Parameters) -> float:
    """Return the fighting effectiveness left by hunger: kcal over a fighter's need, between a floor and 1."""
    return max(par.hunger_fighter_floor, min(kcal / par.hunger_fighter_need, 1.0))
