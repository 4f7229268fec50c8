"""How likely each way in which a case can end is at a point of the calibrated parameters, learned from the table.

For every case a ridge multinomial logistic regression of class and day bin on the normal scores of the calibrated
parameters and their squares, mixed with a share of chance that no model of a siege should deny itself.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fastness.history.played import CATEGORIES, Played
from fastness.parameters import Floats

#: share of cases that end in a way of which the coarse model knows nothing: any category is then as likely
CHANCE: Final = 0.1
#: power of the likelihood: surrogates are learned from few rows and know no products, and at power 1 the intervals of
#: validation/recovery.py that should hold in 90 % of made-up histories held in 87 %
POWER: Final = 0.8
#: ridge penalties on standardised features that compete
PENALTIES: Final = (10.0, 100.0, 1000.0)
#: every fifth row is held out while they do
HELD_OUT: Final = 5
STEPS: Final = 200


@dataclass(frozen=True)
class Surrogate:
    """One case: categories that occur in its campaigns, and a row of weights for each, shape (categories, features)."""

    seen: npt.NDArray[np.int64]
    weights: Floats

    def log_likelihood(self, scores: Floats) -> Floats:
        """Return the log probability of every category at every point, shape (points, CATEGORIES)."""
        likely = np.zeros((len(scores), CATEGORIES))
        likely[:, self.seen] = _softmax(_features(scores) @ self.weights.T)
        return np.log((1 - CHANCE) * likely + CHANCE / CATEGORIES)


def fit(
    played: Played, rows: npt.NDArray[np.bool_] | None = None, done: Callable[[int, int], None] | None = None
) -> list[Surrogate]:
    """Fit the surrogate of every case.

    Parameters
    ----------
    played : Played
        The table.
    rows : array of bool, optional
        Rows to learn from; all by default.
    done : callable, optional
        Told how many of how many fits are done.

    Returns
    -------
    list of Surrogate
        In the order of the cases, with the penalty that predicts held-out rows best over all cases.
    """
    use = np.ones(len(played.uniforms), dtype=bool) if rows is None else rows
    features, categories = _features(played.scores[use]), played.categories[use]
    total = categories.shape[1] * (len(PENALTIES) + 1)
    count = itertools.count(1)

    def tell() -> None:
        if done is not None:
            done(next(count), total)

    penalty = _best_penalty(features, categories, tell)
    fitted = []
    for column in categories.T:
        fitted.append(_fit(features, column, penalty))
        tell()
    return fitted


def _best_penalty(features: Floats, categories: npt.NDArray[np.int64], tell: Callable[[], None]) -> float:
    out = np.arange(len(features)) % HELD_OUT == 0

    def score(penalty: float) -> float:
        total = 0.0
        for column in categories.T:
            fitted = _fit(features[~out], column[~out], penalty)
            likely = np.full((int(out.sum()), CATEGORIES), 0.0)
            likely[:, fitted.seen] = _softmax(features[out] @ fitted.weights.T)
            mixed = (1 - CHANCE) * likely + CHANCE / CATEGORIES
            sound = column[out] >= 0
            total += float(np.log(mixed[sound, column[out][sound]]).sum())
            tell()
        return total

    return max(PENALTIES, key=score)


def _features(scores: Floats) -> Floats:
    """Return a constant, the scores and their squares less the mean, scaled to variance 1."""
    return np.hstack([np.ones((len(scores), 1)), scores, (scores**2 - 1) / np.sqrt(2)])


def _softmax(odds: Floats) -> Floats:
    grown = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


def _fit(features: Floats, column: npt.NDArray[np.int64], penalty: float) -> Surrogate:
    """Fit one case by penalised maximum likelihood; the constant is not penalised."""
    from scipy.optimize import minimize

    sound = column >= 0
    seen, which, counts = np.unique(column[sound], return_inverse=True, return_counts=True)
    x, rows = features[sound], np.arange(int(sound.sum()))
    hit = np.zeros((len(rows), len(seen)))
    hit[rows, which] = 1
    shape = (len(seen), x.shape[1])
    start = np.zeros(shape)
    start[:, 0] = np.log(counts)
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 0

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        likely = _softmax(x @ weights.T)
        value = -np.log(np.maximum(likely[rows, which], 1e-300)).sum() + 0.5 * (ridge * weights**2).sum()
        slope = (likely - hit).T @ x + ridge * weights
        return float(value) / len(rows), slope.ravel() / len(rows)

    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return Surrogate(seen, found.x.reshape(shape))
