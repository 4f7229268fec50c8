"""What people would need: food in days, energy, lorries a day, Sphere's minimum, and an IPC-compatible indication.

The indication is no IPC classification: that takes surveys, wasting and a panel of analysts. A model of stocks and
rations knows energy and deaths from hunger, no more (`docs/methods/relief.md`).
"""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from fastness.ensemble import Ensemble

Floats = npt.NDArray[np.float64]
Phases = npt.NDArray[np.int64]

#: least energy of a relief ration [kcal/person/day] (Sphere Handbook 2018)
SPHERE_KCAL: Final = 2100.0
#: days over which energy is averaged and deaths are counted
WINDOW: Final = 30
#: an adequate diet, down to this share of Sphere's minimum, counts as phases 1 and 2 together
ADEQUATE: Final = 0.95
#: gap in the energy needed from which it is large (phase 4) and extreme (phase 5): the survival deficits of 20 and 50 %
#: of household-economy analysis in IPC 3.1, quoted from memory
LARGE, EXTREME = 0.2, 0.5
#: deaths per 10,000 people and day from which phase 3, 4 and 5 begin (IPC 3.1)
DEATHS: Final = (0.5, 1.0, 2.0)
PER: Final = 10_000.0
#: what an indication can be: the model cannot tell phase 1 from 2
PHASES: Final = ("1 or 2", "3", "4", "5")
#: variables and draws without which nothing can be said
SERIES: Final = ("civil_food_days", "kcal", "people", "hunger_deaths")
DRAWS: Final = ("stocks.food_kg", "convoy.payload_t", "hunger.inequality")
KG_PER_TONNE: Final = 1000.0
WEEK: Final = 7.0


def known(ensemble: "Ensemble") -> bool:
    """Tell whether a run kept what the outlook needs: the daily course of some campaigns, and their parameters."""
    kept = ensemble.series.sizes.get("campaign", 0) > 0 and all(name in ensemble.series for name in SERIES)
    return kept and all(f"parameter:{name}" in ensemble.draws for name in DRAWS)


def trailing_mean(values: Floats, window: int) -> Floats:
    """Return the mean over the last `window` days, fewer at the start.

    Parameters
    ----------
    values : array (campaign, day)
        Any daily course.
    window : int
        Days [days].
    """
    total = np.cumsum(values, axis=1)
    days = np.arange(1, values.shape[1] + 1)
    before = np.zeros_like(total)
    before[:, window:] = total[:, :-window]
    mean: Floats = (total - before) / np.minimum(days, window)
    return mean


def poor_third_kcal(kcal: Floats, inequality: Floats) -> Floats:
    """Return what the poorest third eats, as in the model: the shorter food is, the further it falls below the mean.

    Parameters
    ----------
    kcal : array (campaign, day)
        Mean energy eaten [kcal/person/day].
    inequality : array (campaign,)
        `hunger.inequality` of each campaign [1].
    """
    met = np.minimum(kcal / SPHERE_KCAL, 1.0)
    poor: Floats = kcal * (1.0 - inequality[:, None] * (1.0 - met))
    return poor


def death_rate(deaths: Floats, people: Floats) -> Floats:
    """Return deaths from hunger per 10,000 people and day over the last WINDOW days, fewer at the start.

    Parameters
    ----------
    deaths : array (campaign, day)
        Deaths so far [persons].
    people : array (campaign, day)
        People there [persons].
    """
    new = np.diff(deaths, axis=1, prepend=0.0)
    living = trailing_mean(people, WINDOW)
    rate: Floats = PER * trailing_mean(new, WINDOW) / np.maximum(living, 1.0)
    return rate


def indication(kcal: Floats, deaths: Floats) -> Phases:
    """Return the IPC-compatible indication as an index of PHASES.

    Energy and deaths each point to a phase, and the worse one counts. Phase 5 needs both, for neither alone tells
    catastrophe; famine it never says, because wasting is not in the model.

    Parameters
    ----------
    kcal : array
        Energy eaten by the poorest third, mean of WINDOW days [kcal/person/day]; a third is more than the fifth of the
        people who make an area's phase.
    deaths : array
        Deaths from hunger per 10,000 people and day, mean of WINDOW days.
    """
    steps = [ADEQUATE * SPHERE_KCAL, (1.0 - LARGE) * SPHERE_KCAL, (1.0 - EXTREME) * SPHERE_KCAL]
    by_energy = sum((kcal < step for step in steps), np.zeros(np.shape(kcal), dtype=np.int64))
    by_deaths = np.digitize(deaths, DEATHS)
    both = np.maximum(by_energy, by_deaths)
    worst = len(PHASES) - 1
    return np.where((both == worst) & (np.minimum(by_energy, by_deaths) < worst), worst - 1, both).astype(np.int64)


def phase_shares(kcal: Floats, people: Floats, deaths: Floats, inequality: Floats) -> Floats:
    """Return the share of campaigns in each of PHASES by day, shape (phase, day), adding up to 1 [1].

    Parameters
    ----------
    kcal, people, deaths : array (campaign, day)
        Energy eaten [kcal/person/day], people and deaths from hunger so far [persons] at a place.
    inequality : array (campaign,)
        `hunger.inequality` of each campaign [1].
    """
    poor = trailing_mean(poor_third_kcal(kcal, inequality), WINDOW)
    found = indication(poor, death_rate(deaths, people))
    return np.stack([(found == phase).mean(axis=0) for phase in range(len(PHASES))])


def lorries_a_day(people: Floats, food_kg: Floats, payload_t: Floats) -> Floats:
    """Return the lorries a day that feed everybody fully if nothing else comes in (B24: 172,895 at 0.6 kg: 6.92).

    Parameters
    ----------
    people : array
        People [persons].
    food_kg : array
        Food of a full ration [kg/person/day].
    payload_t : array
        Load of a lorry [t].
    """
    lorries: Floats = people * food_kg / KG_PER_TONNE / payload_t
    return lorries


def outlook(ensemble: "Ensemble") -> "pd.DataFrame":
    """Tell for every peopled place inside and every day what people there have and what they would need.

    Parameters
    ----------
    ensemble : Ensemble
        A run that kept the daily course of some campaigns (`known`).

    Returns
    -------
    DataFrame
        One row per place and day (index of the day from the start). `people` is the median; `food_days`, `kcal`
        (of the day) and `lorries` come as `_p5`, `_p50`, `_p95` over the kept campaigns. Shares of campaigns:
        `under_week`, less than a week of food; `below_sphere`, the mean of WINDOW days is below Sphere's 2,100 kcal by
        more than one part in twenty; `phase_1_2`, `phase_3`, `phase_4`, `phase_5` by indication.
    """
    import pandas as pd

    places = [p.id for p in ensemble.scenario.places if p.inside] or [p.id for p in ensemble.scenario.places]
    drawn = [_drawn(ensemble, name) for name in DRAWS]
    rows = [list(ensemble.series["place"].values).index(place) for place in places]
    # read whole, then picked and turned: to do so while reading takes ten times as long, and much memory
    courses = [np.moveaxis(np.asarray(ensemble.series[name])[:, :, rows], -1, 0) for name in SERIES]
    frames = [
        _of_place(place, [np.asarray(course[k], dtype=np.float64) for course in courses], drawn)
        for k, place in enumerate(places)
        if courses[SERIES.index("people")][k].any()
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _of_place(place: str, courses: list[Floats], drawn: list[Floats]) -> "pd.DataFrame":
    """Return the rows of one place from its courses, in the order of SERIES, and what was drawn, in that of DRAWS."""
    import pandas as pd

    food, kcal, people, deaths = courses
    food_kg, payload, inequality = drawn
    columns = {"place": place, "day": np.arange(food.shape[1]), "people": np.median(people, axis=0)}
    told = {"food_days": food, "kcal": kcal, "lorries": lorries_a_day(people, food_kg[:, None], payload[:, None])}
    for name, course in told.items():
        for label, row in zip(("p5", "p50", "p95"), np.quantile(course, [0.05, 0.5, 0.95], axis=0), strict=True):
            columns[f"{name}_{label}"] = row
    columns["under_week"] = (food < WEEK).mean(axis=0)
    columns["below_sphere"] = (trailing_mean(kcal, WINDOW) < ADEQUATE * SPHERE_KCAL).mean(axis=0)
    shares = phase_shares(kcal, people, deaths, inequality)
    columns |= dict(zip(("phase_1_2", "phase_3", "phase_4", "phase_5"), shares, strict=True))
    return pd.DataFrame(columns)


def _drawn(ensemble: "Ensemble", parameter: str) -> Floats:
    """Return what the kept campaigns drew for a parameter, shape (campaign,)."""
    draws = ensemble.draws.set_index("campaign")[f"parameter:{parameter}"]
    return np.asarray(draws.loc[np.asarray(ensemble.series["campaign"].values)], dtype=np.float64)
