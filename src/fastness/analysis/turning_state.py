"""What an observer of a campaign knows on a day: what has happened so far, as numbers that a regression can use.

From the event log, which every campaign has: for each kind of event and side how often it has happened (the logarithm
of one more) and how lately (it fades by a factor e in 14 days); for each place who took it last, as falls to one side
less falls to the other; men who rose, came, fell in failed assaults. Not from what the campaign drew: no observer sees
that.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from fastness.ensemble import Ensemble

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: days in which the news of an event fades by a factor e
FADES: Final = 14.0
#: days between two looks at a campaign
STEP: Final = 7
#: kinds whose number is men, added up
MEN: Final = ("rising", "force-arrives", "assault-fails", "men-change-sides", "reprisals")
FALLS: Final = "place-falls"


@dataclass(frozen=True, slots=True)
class Watched:
    """The campaigns of a run, looked at on some days.

    Attributes
    ----------
    days : array (look,)
        Days since the start; what has happened before a day is known on it.
    state : array (look, campaign, feature)
        Standardised over campaigns and looks.
    happened : array (look, campaign, event)
        How often each event of `labels` happened from the look before until this one (none before the first).
    labels : list of (kind, place, side)
        What the events are; a place only where it falls.
    campaigns : array (campaign,)
        Numbers of the completed campaigns.
    """

    days: Ints
    state: Floats
    happened: npt.NDArray[np.int16]
    labels: list[tuple[str, str, str]]
    campaigns: Ints


def watch(ensemble: "Ensemble", last: int) -> Watched:
    """Look at all completed campaigns every seven days until a day, and once after it."""
    fine = ensemble.outcomes["status"].to_numpy() == 0
    campaigns = ensemble.outcomes["campaign"].to_numpy()[fine].astype(np.int64)
    days = np.append(np.arange(0, last + 1, STEP), last + STEP - last % STEP)
    log = ensemble.events
    events = log[(log["day"] < days[-1]) & log["campaign"].isin(campaigns)]
    row = np.searchsorted(campaigns, events["campaign"].to_numpy())
    look = np.searchsorted(days, events["day"].to_numpy(), side="right")
    code, labels = _coded(events)
    shape = (len(days), len(campaigns), len(labels))
    happened = _added(shape, look, row, code, np.ones(len(events), dtype=np.float32)).astype(np.int16)
    state = np.concatenate(
        [
            np.log1p(np.cumsum(happened, axis=0, dtype=np.float32)),
            _lately(happened),
            _holders(happened, labels, list(ensemble.scenario.sides)),
            np.log1p(_men(shape, look, row, code, labels, events["amount"].to_numpy())),
        ],
        axis=2,
    )
    return Watched(days, _standard(state), happened, labels, campaigns)


def _coded(events: "pd.DataFrame") -> tuple[Ints, list[tuple[str, str, str]]]:
    """Return a number for each event's kind and side, and place where one falls, and what each number means."""
    kinds, sides, places = (events[name].cat for name in ("kind", "side", "place"))
    falls = kinds.codes.to_numpy() == kinds.categories.get_loc(FALLS) if FALLS in kinds.categories else False
    where = np.where(falls, places.codes.to_numpy().astype(np.int64), 0)
    many_sides, many_places = len(sides.categories), len(places.categories)
    whole = (kinds.codes.to_numpy().astype(np.int64) * many_sides + sides.codes.to_numpy()) * many_places + where
    known, code = np.unique(whole, return_inverse=True)
    labels = [
        (
            str(kinds.categories[each // many_places // many_sides]),
            str(places.categories[each % many_places]),
            str(sides.categories[each // many_places % many_sides]),
        )
        for each in known
    ]
    return code, labels


def _added(shape: tuple[int, int, int], look: Ints, row: Ints, code: Ints, what: Floats) -> Floats:
    flat = (look * shape[1] + row) * shape[2] + code
    total = np.bincount(flat, weights=what, minlength=int(np.prod(shape)))
    return total.astype(np.float32).reshape(shape)


def _lately(happened: npt.NDArray[np.int16]) -> Floats:
    """Return how much news of each event is left, 1 for one of this week."""
    left = np.minimum(happened, 1).astype(np.float32)
    fades = np.float32(np.exp(-STEP / FADES))
    for look in range(1, len(left)):
        np.maximum(left[look], left[look - 1] * fades, out=left[look])
    return left


def _holders(happened: npt.NDArray[np.int16], labels: list[tuple[str, str, str]], sides: list[str]) -> Floats:
    """Return for each place that falls how often to the first side less how often to the others."""
    falls = [(k, label) for k, label in enumerate(labels) if label[0] == FALLS]
    places = sorted({place for _, (_, place, _) in falls})
    signed = np.zeros((len(labels), len(places)), dtype=np.float32)
    for k, (_, place, side) in falls:
        signed[k, places.index(place)] = 1.0 if side == sides[0] else -1.0
    codes = [k for k, _ in falls]
    total: Floats = np.cumsum(happened[..., codes].astype(np.float32) @ signed[codes], axis=0)
    return total


def _men(
    shape: tuple[int, int, int], look: Ints, row: Ints, code: Ints, labels: list[tuple[str, str, str]], amount: Floats
) -> Floats:
    """Return the men that events of the kinds of MEN have counted so far."""
    wanted = [k for k, (kind, _, _) in enumerate(labels) if kind in MEN]
    number = np.full(len(labels), -1)
    number[wanted] = np.arange(len(wanted))
    mine = number[code] >= 0
    size = (shape[0], shape[1], max(len(wanted), 1))
    added = _added(size, look[mine], row[mine], number[code[mine]], np.maximum(amount[mine], 0.0))
    return np.cumsum(added, axis=0)


def _standard(state: Floats) -> Floats:
    """Return features with mean 0 and standard deviation 1, 0 where they never vary."""
    middle, spread = state.mean(axis=(0, 1)), state.std(axis=(0, 1))
    state -= middle
    state /= np.maximum(spread, 1e-6)
    return state
