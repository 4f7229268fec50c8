"""Fit three numbers of the hunger hazard (M10) to dated rations and deaths, and show what it then says elsewhere.

    python validation/fit_hunger.py

Fitted: `hunger.lethal`, `hunger.spread` and `hunger.resting`. Targets: deaths in Leningrad (2.3 million people) in
November 1941 and in January and February 1942 at the nominal rations of 20 November; the median survival without any
food, 61 days (ten men died after 46 to 73 days in 1981, from memory); no death among Keys's 36 men in 24 weeks.
Everything else printed is a check, not a target.

What is assumed about Leningrad: full rations until the ring closed on 8 September 1941, a straight fall to the nominal
rations of 20 November (1,087, 581, 466 and 684 kcal for workers, employees, dependants and children), and no real gain
from the bread added on 25 December until the second rise of 24 January, because the other coupons went unfilled.
"""

from datetime import date

import numpy as np
from medians import medians
from scipy.optimize import least_squares

from fastness.kernel.hunger import hunger_day
from fastness.kernel.state import Parameters

#: nominal kcal of workers, employees, dependants and children, 20 November 1941 [V]; shares of the cards [M,M]
RATIONS, CARDS = (1087.0, 581.0, 466.0, 684.0), (0.344, 0.175, 0.295, 0.186)
LENINGRAD = sum(ration * share for ration, share in zip(RATIONS, CARDS, strict=True))
#: kcal of the bread added by card on 25 December and on 24 January, at 2 kcal per gram [M,M]
RISE = 2.0 * (50.0 * 0.344 + 100.0 * 0.175 + 50.0 * 0.295 + 50.0 * 0.186)
PEOPLE = 2.3e6
RING_CLOSED, RATION_CUT, RATION_RISE = date(1941, 9, 8), date(1941, 11, 20), date(1942, 1, 24)


def parameters(**changed: float) -> Parameters:
    """Return the medians of the `hunger.*` parameters, some of them changed."""
    return medians("hunger", **changed)


def deaths(kcal: np.ndarray, par: Parameters, cold: np.ndarray | float = 0.0) -> np.ndarray:
    """Return the cumulative share dead after each day, and feed `hunger_day` with the rations of the days."""
    cold = np.broadcast_to(cold, kcal.shape)
    poor = middle = better = 0.0
    alive, dead = 1.0, np.zeros(len(kcal))
    for day in range(len(kcal)):
        poor, middle, better, dying = hunger_day(poor, middle, better, float(kcal[day]), float(cold[day]), par)
        alive *= 1.0 - dying
        dead[day] = 1.0 - alive
    return dead


def leningrad(par: Parameters) -> dict[str, float]:
    """Return deaths per 10,000 people and day by month, from 8 September 1941."""
    days = [date.fromordinal(RING_CLOSED.toordinal() + k) for k in range(203)]
    fall = (RATION_CUT - RING_CLOSED).days
    kcal = np.array([2100.0 + (LENINGRAD - 2100.0) * min(k / fall, 1.0) for k in range(len(days))])
    kcal[[day >= RATION_RISE for day in days]] += 2.0 * RISE
    cold = np.array([float(day.month in (11, 12, 1, 2, 3)) for day in days])
    dead = deaths(kcal, par, cold)
    months = {"Nov": (11,), "Dec": (12,), "Jan-Feb": (1, 2), "Mar": (3,)}
    rates = {}
    for name, numbers in months.items():
        inside = [k for k, day in enumerate(days) if day.month in numbers]
        rates[name] = (dead[inside[-1]] - dead[inside[0] - 1]) / len(inside) * 1e4
    return rates


def starving_median(par: Parameters) -> float:
    """Return the day by which half of the people without any food have died, interpolated."""
    dead = deaths(np.zeros(150), par)
    return float(np.interp(0.5, dead, np.arange(1, 151)))


TARGETS = {"Nov": 11000.0 / PEOPLE / 30 * 1e4, "Jan-Feb": 200000.0 / PEOPLE / 59 * 1e4, "zero food": 61.0}
#: Keys's men: their need, one table for all, and more energy in a heavier, fatter body (69.4 kg, 6,000 kcal per kg)
KEYS = {"hunger_need": 3492.0, "hunger_inequality": 0.0, "hunger_body_days": 119.0}


def fitted(free: np.ndarray) -> dict[str, float]:
    """Return the fitted parameters by field; the spread is searched by its logarithm."""
    found = {"hunger_lethal": free[0], "hunger_spread": np.exp(free[1]), "hunger_resting": free[2]}
    return {name: float(value) for name, value in found.items()}


def keys_deaths(values: dict[str, float]) -> float:
    """Return the expected deaths of 36 men on 1,570 kcal in 24 weeks."""
    return 36.0 * float(deaths(np.full(168, 1570.0), parameters(**values, **KEYS))[-1])


def misfit(free: np.ndarray) -> list[float]:
    """Return log ratios of model to target, total starvation counting double, and a penalty on Keys's deaths."""
    values = fitted(free)
    par = parameters(**values)
    rates = leningrad(par)
    return [
        np.log(rates["Nov"] / TARGETS["Nov"]),
        np.log(rates["Jan-Feb"] / TARGETS["Jan-Feb"]),
        2.0 * np.log(starving_median(par) / TARGETS["zero food"]),
        0.5 * np.log1p(2.0 * keys_deaths(values)),
    ]


def row(text: str, model: float, seen: float | None, note: str = "check") -> None:
    """Print one row of the table."""
    print(f"{text:46}{model:9.2f}{'' if seen is None else format(seen, '9.2f'):>9}   {note}")


def main() -> None:
    """Fit, and print the table."""
    fit = least_squares(misfit, [0.4, np.log(0.035), 0.35], bounds=([0.2, -6.0, 0.2], [0.6, -1.0, 0.55]))
    values = {name: round(value, 4) for name, value in fitted(fit.x).items()}
    print("   ".join(f"{name.replace('_', '.', 1)} {value}" for name, value in values.items()))
    par = parameters(**values)
    print(f"\n{'deaths per 10,000 a day':46}{'model':>9}{'seen':>9}")
    seen = TARGETS | {"Dec": 53000.0 / PEOPLE / 31 * 1e4, "Mar": 90000.0 / PEOPLE / 31 * 1e4}
    for name, rate in leningrad(par).items():
        row(f"Leningrad 1941-42, {name}", rate, seen[name], "fitted" if name in TARGETS else "check, seen [M,M]")
    warsaw = deaths(np.full(270, 1125.0), par)
    row("Warsaw ghetto, July 1941, 1,125 kcal [M,M]", (warsaw[269] - warsaw[239]) / 30 * 1e4, 4.1)
    winter = np.concatenate([np.linspace(1400.0, 600.0, 120), np.full(60, 600.0)])
    row("Dutch winter 1944-45 on official rations", deaths(winter, par, 0.5)[-1] / 180 * 1e4, 0.26, "known failure")
    row("  the same if 500 kcal more were found", deaths(winter + 500.0, par, 0.5)[-1] / 180 * 1e4, 0.26)
    print()
    row("no food: median survival, days", starving_median(par), 61.0, "fitted")
    zero = deaths(np.zeros(120), par)
    for day in (30, 60, 90):
        row(f"no food: dead by day {day}, %", 100 * zero[day - 1], None, "most within about three months")
    row("Keys 1950: expected deaths of 36 men, 24 weeks", keys_deaths(values), 0.0, "fitted")


if __name__ == "__main__":
    main()
