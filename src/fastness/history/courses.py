"""Plays a case: how and when its siege ends in each campaign, in memory, without a run folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fastness.ensemble.play import play_batch
from fastness.history.cases import Case
from fastness.history.coarse import DAYS, DEFENDER, ENDINGS, LIFT_BLOCK, coarse
from fastness.kernel.world import DEFENDER as DEFENDER_INDEX
from fastness.scenario.model import Scenario

#: how a siege ends, in the order of the codes; `LASTS` goes on beyond the last day
CLASSES: Final = ("fell", "relieved", "held", "negotiated")
FELL, RELIEVED, HELD, NEGOTIATED = range(4)
LASTS: Final = -1
#: share of the garrison that has to be under arms for the force to count as having survived
SURVIVES: Final = 0.3
_NEVER: Final = 10**6
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Courses:
    """How a case's siege ended in each campaign that did not fail.

    Attributes
    ----------
    day
        Day of the ending after the start, `DAYS` where it lasts, shape (campaigns,).
    ending
        Index into `CLASSES`, or `LASTS`, shape (campaigns,).
    survived
        1 where the force was still there at the ending, shape (campaigns,).
    failed
        Campaigns that failed; they are left out.
    """

    day: Ints
    ending: Ints
    survived: Floats
    failed: int


def play_case(
    case: Case,
    seed: int,
    first: int,
    count: int,
    *,
    calibration: str = "prior",
    without: Sequence[str] = (),
) -> Courses:
    """Play campaigns first to first + count - 1 of a case.

    Parameters
    ----------
    case
        What was known on the third day.
    seed
        64-bit seed. With one seed, a campaign draws the same parameters and, by name, the same beliefs in every case.
    calibration
        Which cases inform the parameters: `prior` (none), or the name of a fold.
    without
        Names of processes that are switched off.
    """
    scenario = coarse(case, calibration=calibration)
    part = play_batch(scenario.model_dump_json(by_alias=True), seed, first, count, without=without)
    return endings(case, scenario, part.arrays)


def endings(case: Case, scenario: Scenario, arrays: dict[str, Any]) -> Courses:
    """Return the endings of a batch from the arrays that were kept of it (`fastness.ensemble.play.pack`)."""
    asked = list(scenario.questions)
    found = {name: _first(arrays["question"][:, asked.index(name)]) for name in ENDINGS}
    lifted = _first(arrays["first_block_day"][:, _block(scenario, LIFT_BLOCK)])
    days = np.stack([found["fell"], found["relieved"], lifted, found["settled"]])
    # a place that is handed over on terms has fallen, and both are told of the same day: the first row wins
    ending = days.argmin(axis=0)
    day = days.min(axis=0)
    ending = np.where(day > DAYS, LASTS, ending)
    day = np.minimum(day, DAYS)
    kept = _men_left(case, scenario, arrays, day) >= SURVIVES
    fine = arrays["status"] == 0
    return Courses(day[fine], ending[fine], kept[fine].astype(float), int((~fine).sum()))


def _first(days: Ints) -> Ints:
    return np.where(days < 0, _NEVER, days.astype(np.int64))


def _block(scenario: Scenario, number: int) -> int:
    """Return the row of a besieger's plan block: sides follow one another, the defender first."""
    return len(scenario.plans[DEFENDER]) + number


def _men_left(case: Case, scenario: Scenario, arrays: dict[str, Any], day: Ints) -> Floats:
    """Return the garrison's men at the ending as a share of those of the first day; relief from outside not counted.

    Men who went to ground are still a force in an irregular war, and prisoners to be in a regular one.
    """
    men = arrays["fighters"][:, DEFENDER_INDEX].astype(float)
    if case.front != "regular-vs-regular":
        men = men + arrays["guerrillas"][:, DEFENDER_INDEX]
    names = list(scenario.beliefs)

    def drawn(name: str) -> Floats:
        column: Floats = arrays["belief"][:, names.index(name)]
        return column

    start = scenario.clock.start.toordinal()
    arrived = (drawn("relief-comes") > 0.5) & (drawn("relief-day") - start <= day)
    relief = np.where(arrived, drawn("relief-size"), 0.0)
    left = men[np.minimum(day, len(men) - 1), np.arange(len(day))] - relief
    share: Floats = left / np.maximum(drawn("defenders"), 1.0)
    return share
