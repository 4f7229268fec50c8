"""Benchmarks of evidence, scores and the published win rates: fusion of reports, scoring rules, odds by force ratio."""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from benchmark_rows import CLOSED, Row, close

from fastness.analysis.scores import brier, crps, interval_score, log_score, ranked_probability
from fastness.kernel.ground import logistic
from fastness.scenario.pooling import update_odds

#: the published fit of 631 engagements of 1904-1991: log-odds of an attacker's win by the log of the force ratio
INTERCEPT, SLOPE = 0.012, 0.774
#: half a per cent: published to three digits
THREE_DIGITS = 5e-4


def b17() -> list[Row]:
    """Return the rows of fusion: prior odds times likelihood ratios, as facts are pooled."""
    both = float(update_odds(0.5, np.log([3.0, 0.5]).sum()))
    one = float(update_odds(0.3, np.array(math.log(4.0))))
    return [
        close("B17", "prior 0.5, likelihood ratios 3 and 0.5", 0.6, both, CLOSED),
        Row("B17", "prior 0.3, likelihood ratio 4", 0.631579, one, CLOSED),
    ]


def b19() -> list[Row]:
    """Return the rows of the scoring rules."""
    normal = np.array([NormalDist().inv_cdf((k + 0.5) / 20_001) for k in range(20_001)])
    return [
        close("B19", "Brier score of 0.8 that happened", 0.04, brier(0.8, True), CLOSED),
        close("B19", "log score of 0.8 that happened", 0.223144, log_score(0.8, True), 5e-6),
        close("B19", "RPS of (0.2, 0.5, 0.3), third class", 0.53, ranked_probability([0.2, 0.5, 0.3], 2), CLOSED),
        Row("B19", "CRPS of a standard normal at 0", 0.233695, crps(normal, 0.0), THREE_DIGITS),
        Row("B19", "CRPS of a standard normal at 1", 0.602441, crps(normal, 1.0), THREE_DIGITS),
        Row("B19", "CRPS of the sample 1, 3, 5 at 4", 0.777778, crps([1.0, 3.0, 5.0], 4.0), CLOSED),
        close("B19", "interval score of 10 to 30 at 90 %, 35", 120.0, interval_score(10.0, 30.0, 0.1, 35.0), CLOSED),
    ]


def b25() -> list[Row]:
    """Return the row of published win rates: the logistic curve that the kernel uses, with the published numbers."""
    at_three = logistic(INTERCEPT + SLOPE * math.log(3.0))
    return [Row("B25", "P(attacker wins) at 3:1, published fit", 0.703, at_three, THREE_DIGITS)]


EVIDENCE: dict[str, Callable[[], list[Row]]] = {"B17": b17, "B19": b19, "B25": b25}
