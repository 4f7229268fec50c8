"""Shares of the variance of an outcome by single inputs and by pairs of them, from campaigns already played.

Every input is turned into polynomials of its rank that are orthonormal over the campaigns (Legendre; a yes/no input has
one, its two levels): a polynomial chaos expansion (Sudret 2008, Reliability Engineering & System Safety 93:964). The
share of the variance of an outcome that an input explains alone is its first-order index (Sobol 2001), here an adjusted
R² (Ezekiel 1930): 0 on average for an input without effect. All that it does, alone or with others, is its total index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fastness.analysis.inputs import FOLDS
from fastness.analysis.shares import Share
from fastness.parameters import Z95

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

#: polynomials of an input: what rises, bends, and levels off at both ends; more would fit chance
DEGREE: Final = 3
#: a polynomial that the lower ones leave less of than this has no campaigns of its own to be told by
LEFT: Final = 1e-6
#: inputs of which the surrogate takes all pairs; each adds as many terms as there are others, and each term some chance
STRONGEST: Final = 8
#: resamples and permutations: enough for a 5 or 95 % point within a few percent of its own width
RESAMPLES: Final = 200
#: seed of resamples and permutations, so that an analysis gives the same numbers twice
SEED: Final = 20211201
#: permutations that are multiplied at once, for memory
AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Basis:
    """Orthonormal polynomials of inputs: `columns` (campaigns, inputs, degree), 0 above the input's own `degrees`."""

    columns: Floats
    degrees: Whole

    def of(self, which: Sequence[int] | Whole) -> "Basis":
        """Return that of some inputs."""
        return Basis(self.columns[:, which], self.degrees[which])


def basis(values: Floats, degree: int = DEGREE) -> Basis:
    """Turn inputs into orthonormal polynomials of their ranks.

    Parameters
    ----------
    values : array
        Shape (campaigns, inputs), any unit; only the order within an input counts.
    degree : int
        Polynomials for each input; one that takes k values has at most k - 1.
    """
    ranked = np.empty_like(values)
    degrees = np.empty(values.shape[1], dtype=np.int64)
    for j, column in enumerate(values.T):
        _, which, counts = np.unique(column, return_inverse=True, return_counts=True)
        ranked[:, j] = (2 * (np.cumsum(counts) - counts / 2) / len(values) - 1)[which]
        degrees[j] = min(degree, len(counts) - 1)
    columns = np.zeros((*values.shape, degree))
    lower, here = np.zeros_like(ranked), np.ones_like(ranked)
    for d in range(degree):  # Bonnet's recursion, then what the sample itself makes of it
        lower, here = here, ((2 * d + 1) * ranked * here - d * lower) / (d + 1)
        rest = here - here.mean(axis=0)
        for other in range(d):
            rest = rest - columns[:, :, other] * (columns[:, :, other] * rest).mean(axis=0)
        size = np.sqrt((rest**2).mean(axis=0))
        fine = (degrees > d) & (size > LEFT)
        columns[:, :, d] = np.where(fine, rest / np.where(fine, size, 1), 0)
        degrees = np.where((degrees > d) & ~fine, d, degrees)
    return Basis(columns, degrees)


def first_order(made: Basis, y: Floats) -> Floats:
    """Return the share of the variance of y that each input explains alone, adjusted for chance.

    Parameters
    ----------
    made : Basis
        Inputs.
    y : array
        Outcomes, shape (campaigns,) or (campaigns, outcomes); an outcome that never varies has shares of 0.

    Returns
    -------
    array
        Shape (inputs,) or (inputs, outcomes) [1]; chance can take a share below 0.
    """
    found = _adjusted(_explained(made, y), made.degrees, len(y))
    return np.asarray(np.where(np.var(y, axis=0) > 0, found, 0.0), dtype=np.float64)


def chance_level(made: Basis, y: Floats) -> float:
    """Return the share that the strongest of these inputs would reach by chance in one run of twenty.

    From permutations of the outcomes, so that it counts how many inputs there are and how rare the outcome is.
    """
    if not len(made.degrees):
        return 0.0
    random = np.random.default_rng(SEED)
    highest: list[Floats] = []
    for _ in range(RESAMPLES // AT_ONCE):
        shuffled = random.permuted(np.repeat(y[None], AT_ONCE, axis=0), axis=1).T
        highest.append(first_order(made, shuffled).max(axis=0))
    return float(np.quantile(np.concatenate(highest), 0.95))


def bootstrap(made: Basis, y: Floats) -> tuple[Floats, Floats]:
    """Return the 5-95 % bootstrap interval of each input's share, shape (inputs,) each.

    A resample repeats campaigns, so its R² is too high once more by what chance fits; each share's resamples are
    therefore moved to have the share itself as their mean.
    """
    weights = np.random.default_rng(SEED).multinomial(len(y), np.full(len(y), 1 / len(y)), size=RESAMPLES)
    shares = first_order(made, y)
    moved = np.empty((len(shares), RESAMPLES))
    weight, total = weights.astype(np.float64), weights @ (y - y.mean()) ** 2
    total = total - (weight @ (y - y.mean())) ** 2 / len(y)
    for j, degree in enumerate(made.degrees):
        x = np.column_stack([np.ones(len(y)), made.columns[:, j, :degree]])
        rows, cols = np.triu_indices(degree + 1)
        gram = np.empty((RESAMPLES, degree + 1, degree + 1))
        gram[:, rows, cols] = gram[:, cols, rows] = weight @ (x[:, rows] * x[:, cols])
        link = weight @ (x * (y - y.mean())[:, None])
        gram[:, np.arange(degree + 1), np.arange(degree + 1)] += LEFT
        fitted = np.einsum("bi,bi->b", link, np.linalg.solve(gram, link[:, :, None])[:, :, 0])
        moved[j] = (fitted - link[:, 0] ** 2 / len(y)) / np.maximum(total, LEFT)
    moved += (shares - moved.mean(axis=1))[:, None]
    low, high = np.quantile(moved, [0.05, 0.95], axis=1)
    return low, high


def _explained(made: Basis, y: Floats) -> Floats:
    """Return the plain R² of each input, shape (inputs,) or (inputs, outcomes)."""
    campaigns, inputs, degree = made.columns.shape
    centred = y - y.mean(axis=0)
    weights = made.columns.reshape(campaigns, -1).T @ centred / campaigns
    variance = np.maximum((centred**2).mean(axis=0), np.finfo(np.float64).tiny)
    return np.asarray((weights.reshape(inputs, degree, *y.shape[1:]) ** 2).sum(axis=1) / variance, dtype=np.float64)


def _adjusted(explained: Floats, degrees: Whole, campaigns: int) -> Floats:
    used = degrees.reshape(-1, *(1,) * (explained.ndim - 1))
    return np.asarray(1 - (1 - explained) * (campaigns - 1) / (campaigns - used - 1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two inputs, the share of the variance that only both together explain [1], and by how many errors it is not 0."""

    first: int
    second: int
    share: Share
    errors: float


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A polynomial of the strongest inputs in place of the model.

    `inputs` are numbers of inputs, `total` their total indices, `pairs` how two act together, strongest first, and
    `fit` the share of the variance of campaigns left out that it predicts, screening included [1].
    """

    inputs: tuple[int, ...]
    total: tuple[Share, ...]
    pairs: tuple[Pair, ...]
    fit: float


def surrogate(made: Basis, y: Floats, *, strongest: int = STRONGEST, together: int = 2) -> Surrogate:
    """Fit the surrogate.

    Parameters
    ----------
    made : Basis
        All inputs; the strongest by first order are kept.
    y : array
        Outcomes, shape (campaigns,), of which some differ.
    strongest : int
        Inputs kept.
    together : int
        Highest sum of degrees in a product of two inputs.

    Returns
    -------
    Surrogate
        Shares are squared coefficients less what chance adds to a square, its sampling variance (sandwich estimator:
        the variance of a yes/no outcome changes with its inputs).
    """
    kept = _strongest(first_order(made, y), strongest)
    columns, terms = _terms(made.of(kept), together)
    weights, covariance = _least_squares(columns, y)
    noise = np.diag(covariance)[1:]
    parts = (weights[1:] ** 2 - noise) / y.var()
    spread = (4 * weights[1:] ** 2 * noise + 2 * noise**2) / y.var() ** 2
    with_input = np.array([[k in (a, b) for a, _, b, _ in terms] for k in range(len(kept))])
    total = tuple(_share(float(parts[mine].sum()), float(spread[mine].sum())) for mine in with_input)
    pairs = [
        _pair(kept, a, b, [t for t, term in enumerate(terms) if (term[0], term[2]) == (a, b)], weights[1:],
              covariance[1:, 1:], parts, spread)
        for a in range(len(kept))
        for b in range(a + 1, len(kept))
    ]  # fmt: skip
    pairs.sort(key=lambda pair: -pair.errors)
    return Surrogate(tuple(int(k) for k in kept), total, tuple(pairs), _out_of_fold(made, y, strongest, together))


def _share(value: float, variance: float) -> Share:
    error = float(np.sqrt(variance))
    return Share(value, value - Z95 * error, value + Z95 * error)


def _pair(
    kept: Whole, a: int, b: int, mine: list[int], weights: Floats, covariance: Floats, parts: Floats, spread: Floats
) -> Pair:
    """Return how two inputs act together; its errors are those of a chi-squared of its terms, as of a single one."""
    from scipy.special import chdtrc, ndtri

    found = weights[mine]
    squared = float(found @ np.linalg.solve(covariance[np.ix_(mine, mine)], found)) if mine else 0.0
    by_chance = float(chdtrc(len(mine), squared)) if mine else 1.0
    errors = float(-ndtri(max(by_chance / 2, np.finfo(np.float64).tiny)))
    share = _share(float(parts[mine].sum()), float(spread[mine].sum()))
    return Pair(int(kept[a]), int(kept[b]), share, errors)


def _strongest(shares: Floats, most: int) -> Whole:
    return np.argsort(-shares, kind="stable")[:most]


def _terms(made: Basis, together: int) -> tuple[Floats, list[tuple[int, int, int, int]]]:
    """Return the columns of the regression (constant first) and each other one's (input, degree, input, degree).

    A polynomial of one input alone has itself for both, and the degree 0.
    """
    alone = [(j, d, j, 0) for j, most in enumerate(made.degrees) for d in range(1, most + 1)]
    pairs = [
        (a, d, b, e)
        for a in range(len(made.degrees))
        for b in range(a + 1, len(made.degrees))
        for d in range(1, made.degrees[a] + 1)
        for e in range(1, made.degrees[b] + 1)
        if d + e <= together
    ]
    columns = [made.columns[:, a, d - 1] * (made.columns[:, b, e - 1] if e else 1) for a, d, b, e in (*alone, *pairs)]
    return np.column_stack([np.ones(len(made.columns)), *columns]), [*alone, *pairs]


def _least_squares(columns: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return weights and their covariance, from the squared residuals of each campaign (White 1980, HC1)."""
    inverse = np.linalg.inv(columns.T @ columns + LEFT * np.eye(columns.shape[1]))
    weights = inverse @ (columns.T @ y)
    bent = columns * (y - columns @ weights)[:, None]
    few = len(y) / max(len(y) - columns.shape[1], 1)
    return weights, np.asarray(few * inverse @ (bent.T @ bent) @ inverse, dtype=np.float64)


def _out_of_fold(made: Basis, y: Floats, strongest: int, together: int) -> float:
    """Return the share of the variance of the fold left out that the surrogate of the others predicts."""
    folds = np.arange(len(y)) % FOLDS
    missed, spread = 0.0, 0.0
    for fold in range(FOLDS):
        out, known = folds == fold, folds != fold
        kept = _strongest(first_order(Basis(made.columns[known], made.degrees), y[known]), strongest)
        columns, _ = _terms(made.of(kept), together)
        inside = columns[known]
        weights = np.linalg.solve(inside.T @ inside + LEFT * np.eye(columns.shape[1]), inside.T @ y[known])
        missed += float(((y[out] - columns[out] @ weights) ** 2).sum())
        spread += float(((y[out] - y[known].mean()) ** 2).sum())
    return 1 - missed / spread if spread else 0.0
