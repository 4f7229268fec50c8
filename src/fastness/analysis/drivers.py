"""Drivers: what the answer to a question hangs on, input by input, from the campaigns already played.

Each belief and each parameter gets the share of the question's variance p(1 - p) that it explains alone (first-order
index, `analysis.surrogate`), with a bootstrap interval, beside the groups of `analysis.shares`: evidence, model, luck.
Among hundreds of inputs some look strong by chance: the chance level is what the strongest of them would reach in one
run of twenty if none mattered, and only shares above it are said to be more than chance.

Totals and interactions come from a polynomial surrogate of the strongest inputs, whose fit on campaigns that it has not
seen is shown, or from new runs (`analysis.drivers_design`). The curve of an input is P in equal shares of campaigns
along it, counted and not fitted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from fastness.analysis.estimate import estimate, jeffreys
from fastness.analysis.inputs import FEWEST
from fastness.analysis.shares import TRUST, Share, Shares, grouped, split
from fastness.analysis.surrogate import Basis, Surrogate, basis, bootstrap, chance_level, first_order, surrogate
from fastness.analysis.words import percent
from fastness.errors import AnalysisError, did_you_mean
from fastness.parameters import registry
from fastness.scenario.scales import day_of, holds_date

if TYPE_CHECKING:
    import pandas as pd

    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
Kind = Literal["evidence", "model"]

#: drivers told of each question
TOLD: Final = 10
#: points of a curve: with 2,000 campaigns each stands for 250 and is known to about five points
POINTS: Final = 8
#: numbers from here on are written with separators and without decimals
LARGE: Final = 10
#: family-wise error rate at which an interaction is named
RATE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Curve:
    """P along an input: median `at` of each group of campaigns in the input's unit, P in it and its 5-95 % interval."""

    at: tuple[float, ...]
    probability: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Driver:
    """One input: `share` of the variance that it explains alone and `total` that it has a part in [1], and its curve.

    `beyond_chance` says whether the share is more than the strongest of inputs without effect would reach.
    """

    id: str
    name: str
    kind: Kind
    unit: str
    share: Share
    total: Share | None
    beyond_chance: bool
    direction: str
    curve: Curve


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two inputs that act together: the share of the variance that only both explain [1], and what that looks like."""

    first: str
    second: str
    share: Share
    says: str


@dataclass(frozen=True, slots=True)
class QuestionDrivers:
    """What one question hangs on.

    `groups` is None where too few campaigns tell them. `chance` is the chance level of a share, `fit` the share of the
    variance of unseen campaigns that the surrogate predicts [1].
    """

    id: str
    text: str
    probability: float
    campaigns: int
    groups: Shares | None
    chance: float
    drivers: tuple[Driver, ...]
    fit: float
    interactions: tuple[Interaction, ...]


@dataclass(frozen=True, slots=True)
class Drivers:
    """What the questions of a run hang on; `left_out` are questions that too few campaigns decide one way."""

    run: str
    questions: tuple[QuestionDrivers, ...]
    left_out: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain data for `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Played:
    """The completed campaigns of a run: inputs that vary with their polynomials, and which questions held."""

    scenario: "Scenario"
    run: str
    names: tuple[str, ...]
    values: Floats
    basis: Basis
    draws: "pd.DataFrame"
    happened: Mapping[str, Floats]


def drivers(ensemble: "Ensemble", *, questions: Sequence[str] | None = None) -> Drivers:
    """Say what questions hang on.

    Parameters
    ----------
    ensemble : Ensemble
        A run; campaigns that failed are left out.
    questions : sequence of str, optional
        Ids; None: the scenario's first question.

    Raises
    ------
    AnalysisError
        FS401 for a question that the run does not have, FS402 where no campaign was completed.
    """
    names = asked(ensemble.scenario, questions)
    played = completed(ensemble)
    told = [name for name in names if can_tell(played.happened[name])]
    groups = split(*grouped(played.draws), {name: played.happened[name] for name in told})
    found = tuple(question_drivers(played, name, groups.get(name)) for name in told)
    return Drivers(str(ensemble.path), found, tuple(name for name in names if name not in told))


def asked(scenario: "Scenario", questions: Sequence[str] | None) -> list[str]:
    """Return the questions meant, the first of the scenario where none is named; FS401 if there is no such one."""
    known = list(scenario.questions)
    for name in questions or ():
        if name not in known:
            hint = did_you_mean(name, known) or f"it asks {', '.join(known[:6])}"
            raise AnalysisError(code="FS401", message=f"the run has no question '{name}'", hint=hint)
    return known[:1] if questions is None else list(questions)


def completed(ensemble: "Ensemble") -> Played:
    """Return the completed campaigns of a run; FS402 where there are none."""
    fine = ensemble.outcomes["status"].to_numpy() == 0
    if not fine.any():
        message = f"{ensemble.path} has no campaign that was completed"
        raise AnalysisError(code="FS402", message=message, hint="replay one of the failed campaigns to see why")
    draws, outcomes = ensemble.draws[fine], ensemble.outcomes[fine]
    inputs = [name for name in draws.columns if name.startswith(("belief:", "parameter:"))]
    values = draws[inputs].to_numpy(dtype=np.float64)
    vary = (values != values[:1]).any(axis=0)
    happened = {name: (outcomes[name].to_numpy() >= 0).astype(np.float64) for name in ensemble.scenario.questions}
    names = tuple(name for name, kept in zip(inputs, vary, strict=True) if kept)
    values = np.ascontiguousarray(values[:, vary])
    return Played(ensemble.scenario, str(ensemble.path), names, values, basis(values), draws, happened)


def can_tell(happened: Floats) -> bool:
    """Return whether at least 10 campaigns decide a question either way: with fewer nothing can be told."""
    return bool(FEWEST <= happened.sum() <= len(happened) - FEWEST)


def kind_of(name: str) -> Kind:
    """Return whether an input is evidence or model: trust in sources (M19) is evidence, as in `analysis.shares`."""
    if name.startswith("belief:"):
        return "evidence"
    return "evidence" if TRUST in registry()[name.removeprefix("parameter:")].mechanism else "model"


def called(name: str) -> str:
    """Return what an input is called: a belief by its id, a parameter by what it is."""
    kind, _, rest = name.partition(":")
    return rest if kind == "belief" else registry()[rest].about


def question_drivers(played: Played, name: str, groups: Shares | None) -> QuestionDrivers:
    """Say what one question hangs on, from shares that are known already."""
    y = played.happened[name]
    shares = first_order(played.basis, y)
    order = np.argsort(-shares, kind="stable")[:TOLD]
    low, high = bootstrap(played.basis.of(order), y)
    chance = chance_level(played.basis, y)
    fitted = surrogate(played.basis, y)
    total = dict(zip(fitted.inputs, fitted.total, strict=True))
    found = tuple(
        _driver(played, int(k), y, Share(float(shares[k]), float(a), float(b)), total.get(int(k)), chance)
        for k, a, b in zip(order, low, high, strict=True)
    )
    share = estimate(int(y.sum()), len(y)).probability
    text = played.scenario.questions[name].heading
    return QuestionDrivers(
        name, text, share, len(y), groups, chance, found, fitted.fit, interactions(played, y, fitted)
    )


def _driver(played: Played, k: int, y: Floats, share: Share, total: Share | None, chance: float) -> Driver:
    name = played.names[k]
    drawn = curve(played.values[:, k], y)
    return Driver(
        name, called(name), kind_of(name), unit_of(played.scenario, name), share, total, share.value > chance,
        _direction(played.scenario, name, drawn), drawn,
    )  # fmt: skip


def curve(values: Floats, y: Floats) -> Curve:
    """Return P along an input: in as many equal groups of campaigns as there are points, or at each of few values."""
    levels, which = np.unique(values, return_inverse=True)
    if len(levels) > POINTS:
        order = np.argsort(values, kind="stable")
        which = np.empty(len(values), dtype=np.int64)
        which[order] = np.arange(len(values)) * POINTS // len(values)
    groups = [which == group for group in range(which.max() + 1)]
    hits = [(int(y[group].sum()), int(group.sum())) for group in groups]
    ends = [jeffreys(*pair) for pair in hits]
    return Curve(
        tuple(float(np.median(values[group])) for group in groups),
        tuple(hit / count for hit, count in hits),
        tuple(low for low, _ in ends),
        tuple(high for _, high in ends),
    )


def _direction(scenario: "Scenario", name: str, drawn: Curve) -> str:
    """Say in words where P goes along an input."""
    p, at = drawn.probability, drawn.at
    ends, last = (f"{percent(p[k])} {level(scenario, name, at[k])}" for k in (0, -1))
    top, bottom = int(np.argmax(p)), int(np.argmin(p))
    inner = range(1, len(p) - 1)
    if top in inner and drawn.low[top] > max(drawn.high[0], drawn.high[-1]):
        return f"highest in between: {ends}, {percent(p[top])} {level(scenario, name, at[top])}, {last}"
    if bottom in inner and drawn.high[bottom] < min(drawn.low[0], drawn.low[-1]):
        return f"lowest in between: {ends}, {percent(p[bottom])} {level(scenario, name, at[bottom])}, {last}"
    return f"{'rises' if p[-1] > p[0] else 'falls'} from {ends} to {last}"


def unit_of(scenario: "Scenario", name: str) -> str:
    """Return the unit of an input: that of the belief or of the registry."""
    kind, _, rest = name.partition(":")
    return scenario.beliefs[rest].unit if kind == "belief" else registry()[rest].unit


def level(scenario: "Scenario", name: str, value: float) -> str:
    """Write where an input is: "at 100 t", "on 2021-08-31", "if it is so"."""
    kind, _, rest = name.partition(":")
    if kind == "belief" and scenario.beliefs[rest].chance is not None:
        return "if it is so" if value else "if it is not"
    if kind == "belief" and holds_date(scenario.beliefs[rest]):
        return f"on {day_of(value).isoformat()}"
    unit = unit_of(scenario, name)
    rounded = float(f"{value:.2g}")
    number = f"{rounded:,.0f}" if abs(rounded) >= LARGE else f"{rounded:g}"
    return f"at {number}{'' if unit == '1' else ' ' + unit}"


def interactions(played: Played, y: Floats, fitted: Surrogate) -> tuple[Interaction, ...]:
    """Name the pairs among the strongest inputs whose joint effect is more than chance (Šidák over all pairs)."""
    from scipy.special import ndtri

    if not fitted.pairs:
        return ()
    needed = -ndtri((1 - (1 - RATE) ** (1 / len(fitted.pairs))) / 2)
    return tuple(
        Interaction(
            played.names[pair.first],
            played.names[pair.second],
            pair.share,
            _together(played, y, pair.first, pair.second),
        )
        for pair in fitted.pairs
        if pair.errors > needed
    )


def _together(played: Played, y: Floats, first: int, second: int) -> str:
    """Say what the first input does where the second is low, and where it is high: shares of campaigns by halves."""
    a, b = (_upper(played.values[:, k]) for k in (first, second))
    p = np.array([[y[(a == i) & (b == j)].mean() for i in (False, True)] for j in (False, True)])
    low, high = (f"{100 * (row[1] - row[0]):+.0f} points" for row in p)
    one, other = called(played.names[first]), called(played.names[second])
    where = ("is not so", "is so") if len(np.unique(played.values[:, second])) == 2 else ("is low", "is high")
    said = "from no to yes" if len(np.unique(played.values[:, first])) == 2 else "from its lower to its upper half"
    return f"{one}, {said}: {low} where {other} {where[0]}, {high} where it {where[1]}"


def _upper(values: Floats) -> npt.NDArray[np.bool_]:
    levels = np.unique(values)
    return values == levels[-1] if len(levels) == 2 else values > np.median(values)
