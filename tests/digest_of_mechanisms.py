"""Print a digest of each mechanism's results over many inputs, for comparing the compiled and the plain backend."""

import hashlib
import sys
from typing import Any

import numpy as np
from benchmarks import supplied
from medians import medians

from fastness.kernel.attrition import attrition_step, whole_losses
from fastness.kernel.contagion import contagion_step
from fastness.kernel.crowd import active_share
from fastness.kernel.diversity import fractionalisation, polarisation
from fastness.kernel.excitation import escalation_interval, excite
from fastness.kernel.hunger import hunger_day
from fastness.kernel.march import march_hours
from fastness.kernel.mixed import mixed_step
from fastness.kernel.risks import weibull_quantile, which_ends
from fastness.kernel.season import pass_winter, season_multiplier, storm_today
from fastness.kernel.stocks import draw_down, endurance_days
from fastness.kernel.streams import Stream, exponential, normal, poisson
from fastness.kernel.threshold import giving_up, tipping_mean

PAR = medians("hunger", "stocks", "season", "weather", "march")
INPUTS = np.random.default_rng(1).random((300, 4)).tolist()


def show(name: str, values: list[Any]) -> None:
    """Print one line: name and digest of the values written out exactly."""
    text = repr([[float(part).hex() for part in np.atleast_1d(value)] for value in values])
    sys.stdout.write(f"{name} {hashlib.sha256(text.encode()).hexdigest()[:16]}\n")


def stream(k: int) -> Stream:
    """Return the stream of the k-th input."""
    return Stream(1, 2, 3, k)


def stretched(k: int, amplitude: float) -> float:
    """Return the multiplier of a month at some amplitude."""
    return season_multiplier(1 + k % 12, PAR._replace(season_amplitude=amplitude))


for name, results in {
    "attrition": [attrition_step(1e3 * a, 8e2 * b, 0.1 * c, 0.3, 0.7, 0.1 * d, 1.0, 0.1, 0.7) for a, b, c, d in INPUTS],
    "losses": [whole_losses(stream(k), 4, 0, 30 * a, 9 * b, 20, 40, 20.0) for k, (a, b, _, _) in enumerate(INPUTS)],
    "normal": [(normal(stream(k), 4, 0), exponential(stream(k), 4, 1)) for k in range(300)],
    "poisson": [poisson(stream(k), 4, 2, 40 * a) for k, (a, _, _, _) in enumerate(INPUTS)],
    "flow": [supplied()[0], supplied("Gate")[0]],
    "march": [march_hours(90 * a, 2e3 * b, 2e3 * c, 5e3 * d, a < b, c < d, b, PAR) for a, b, c, d in INPUTS],
    "stocks": [(*draw_down(a, b, c), endurance_days(9 * a, b, c, 50 * d)) for a, b, c, d in INPUTS],
    "hunger": [hunger_day(0.5 * a, 0.4 * b, 0.3 * c, 2100 * d, a, PAR) for a, b, c, d in INPUTS],
    "season": [stretched(k, a) for k, (a, _, _, _) in enumerate(INPUTS)],
    "passes": [pass_winter(stream(k), 4, 5000 * a, PAR) for k, (a, _, _, _) in enumerate(INPUTS)],
    "storms": [storm_today(stream(k), 4, 0, k, 1, k + b, PAR) for k, (_, b, _, _) in enumerate(INPUTS)],
    "risks": [weibull_quantile(b, 9.0, c) for _, b, c, _ in INPUTS],
    "mixed": [mixed_step(1e3 * a, 3e2 * b, 1e4 * c, 0.1, 0.3, d, 0.2, 5e2, 1.0) for a, b, c, d in INPUTS],
    "thresholds": [(tipping_mean(0.3 * a), giving_up(b, c, 0.1 * d, 0.4, 0.1)) for a, b, c, d in INPUTS],
    "crowds": [active_share(a, b, 0.3 * c, 0.1, 2.3, d < 0.5) for a, b, c, d in INPUTS],
    "excitement": [(excite(a, 3, b, c, 7.0), escalation_interval(100.0, 9.0 * d, a)) for a, b, c, d in INPUTS],
    "contagion": [contagion_step(900.0 * a, 90.0 * b, 1000.0, c, 0.1 * d, 7.0) for a, b, c, d in INPUTS],
    "diversity": [(fractionalisation(np.array(row)), polarisation(np.array(row))) for row in INPUTS],
    "ends": [which_ends((a, b, c), d, a) for a, b, c, d in INPUTS],
}.items():
    show(name, results)
