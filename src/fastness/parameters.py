"""The registry: every number that the model rests on, once, with its unit, prior, mechanism, source and evidence.

The files of `registry/` beside this one hold one table per parameter. A campaign draws each from its prior through one
uniform number, so that variants with one seed are paired. What past sieges make of some of them is kept apart, in
`posterior/` (see `posteriors.py`).
"""

import datetime
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

EVIDENCE = {
    "V": "seen in a stored copy of the source",
    "D": "derived by calculation",
    "M,H": "quoted from memory, high confidence",
    "M,M": "quoted from memory, medium confidence",
    "M,L": "quoted from memory, low confidence",
    "prior": "a modelling choice, not a published value",
}
Z95 = 1.6448536269514722
"""The standard normal's 95 % point: a 5-95 % interval is 2 Z95 standard deviations wide."""

Floats = NDArray[np.float64]


class ParameterError(ValueError):
    """The registry is not sound; the message lists everything that is wrong with it, one line each."""


@dataclass(frozen=True)
class Fixed:
    """One value, no uncertainty."""

    value: float


@dataclass(frozen=True)
class Uniform:
    """Anything between `low` and `high`, equally."""

    low: float
    high: float


@dataclass(frozen=True)
class Normal:
    """Mean and standard deviation."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Lognormal:
    """Median and standard deviation of the natural logarithm."""

    p50: float
    log_sd: float


@dataclass(frozen=True)
class Beta:
    """A share, with the two counts of the beta distribution."""

    a: float
    b: float


@dataclass(frozen=True)
class Mixture:
    """`then` with probability `chance`, else `otherwise`."""

    chance: float
    then: "Prior"
    otherwise: "Prior"


@dataclass(frozen=True)
class Choice:
    """One of some values, with probabilities in proportion to the weights."""

    values: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Learned:
    """A prior after data: its normal scores have this mean and standard deviation, no longer 0 and 1."""

    prior: "Prior"
    mean: float
    sd: float


Prior = Fixed | Uniform | Normal | Lognormal | Beta | Mixture | Choice | Learned
#: families with one normal score for each value, which a calibration can move
SMOOTH = (Uniform, Normal, Lognormal, Beta)


@dataclass(frozen=True)
class Parameter:
    """One number of the model, and why it is believed.

    `source` is a reference or a reason, `evidence` one of the tags of `EVIDENCE`, `date` that of the newest evidence.
    `calibrated` says that the literature leaves it open and that past sieges are asked about it.
    """

    name: str
    unit: str
    prior: Prior
    mechanism: str
    source: str
    evidence: str
    about: str
    date: datetime.date | None = None
    calibrated: bool = False

    @cached_property
    def field(self) -> str:
        """Name as a field of the kernel's parameter record."""
        return re.sub(r"[.-]", "_", self.name)


@cache
def registry() -> Mapping[str, Parameter]:
    """Return every parameter of the model by name, in alphabetical order; read once, never changed."""
    files = sorted((Path(__file__).parent / "registry").glob("*.toml"))
    return MappingProxyType(read("\n".join(file.read_text(encoding="utf-8") for file in files)))


def read(text: str) -> dict[str, Parameter]:
    """Read a registry from TOML.

    Parameters
    ----------
    text : str
        One table per parameter, its dotted name as the key.

    Returns
    -------
    dict
        Parameters by name, in alphabetical order.

    Raises
    ------
    ParameterError
        With one line for everything that is wrong.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"registry: {error}"
        raise ParameterError(message) from error
    found: dict[str, Parameter] = {}
    faults: list[str] = []
    for name, table in sorted(_tables(document, "")):
        try:
            found[name] = _parameter(name, table)
        except ParameterError as error:
            faults.append(f"registry: {name}: {error}")
    faults.extend(_same_field(found))
    if faults:
        raise ParameterError("\n".join(faults))
    return found


def _tables(document: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Yield dotted names with their tables: a table of tables is a part of the name."""
    for key, value in document.items():
        name = prefix + key
        is_group = isinstance(value, dict) and value and all(isinstance(part, dict) for part in value.values())
        if is_group:
            yield from _tables(value, name + ".")
        else:
            yield name, value


def _same_field(found: Mapping[str, Parameter]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for parameter in found.values():
        if parameter.field in seen:
            twin = seen[parameter.field]
            yield f"registry: {parameter.name}: too like {twin}; the kernel calls both {parameter.field}"
        seen[parameter.field] = parameter.name


_TEXTS = ("unit", "mechanism", "source", "evidence", "about")


def _parameter(name: str, table: object) -> Parameter:
    if not isinstance(table, dict):
        _fault("is not a table")
    if not re.fullmatch(r"[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)+", name):
        _fault("names are lower-case words joined by dots: combat.daily_loss")
    _keys(table, required=(*_TEXTS, "prior"), optional=("date", "calibrated"))
    for key in _TEXTS:
        if not isinstance(table[key], str) or not table[key].strip():
            _fault(f"{key} must be text, is {table[key]!r}")
    if table["evidence"] not in EVIDENCE:
        _fault(f"evidence must be one of {', '.join(EVIDENCE)}; is {table['evidence']}")
    if not re.fullmatch(r"M\d\d(, M\d\d)*", table["mechanism"]):
        _fault(f"mechanism must be an M-number such as M19, is {table['mechanism']}")
    newest = table.get("date")
    if newest is not None and type(newest) is not datetime.date:
        _fault(f"date must be written 2021-08-27 without quotes, is {newest!r}")
    prior, calibrated = prior_from(table["prior"]), table.get("calibrated", False)
    if type(calibrated) is not bool:
        _fault(f"calibrated must be true or false, is {calibrated!r}")
    if calibrated and not isinstance(prior, SMOOTH):
        _fault("calibrated needs a uniform, normal, lognormal or beta prior")
    texts = {key: table[key] for key in _TEXTS}
    return Parameter(name=name, prior=prior, date=newest, calibrated=calibrated, **texts)


def _fault(message: str) -> NoReturn:
    raise ParameterError(message)


def _keys(table: Mapping[str, Any], required: Sequence[str], optional: Sequence[str] = ()) -> None:
    missing = [key for key in required if key not in table]
    unknown = [key for key in table if key not in (*required, *optional)]
    if missing:
        _fault(f"lacks {', '.join(missing)}")
    if unknown:
        _fault(f"has {', '.join(unknown)}, which nothing reads")


def prior_from(table: Mapping[str, Any]) -> Prior:
    """Build a prior from its table, such as `{kind = "lognormal", p50 = 8, p95 = 20}`.

    Raises
    ------
    ParameterError
        If the kind is unknown, a number is missing or the numbers make no distribution.
    """
    if not isinstance(table, dict) or table.get("kind") not in _KINDS:
        _fault(f"prior needs a kind, one of {', '.join(_KINDS)}")
    rest = {key: value for key, value in table.items() if key != "kind"}
    return _KINDS[table["kind"]](rest)


def _numbers(table: Mapping[str, Any], *names: str) -> list[float]:
    _keys(table, names)
    return [_finite(name, table[name]) for name in names]


def _finite(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _fault(f"{name} must be a finite number, is {value!r}")
    return float(cast(float, value))


def _need(condition: bool, message: str) -> None:
    if not condition:
        _fault(message)


def _fixed(table: Mapping[str, Any]) -> Prior:
    (value,) = _numbers(table, "value")
    return Fixed(value)


def _uniform(table: Mapping[str, Any]) -> Prior:
    low, high = _numbers(table, "low", "high")
    _need(low < high, f"low must be under high, is {low:g} to {high:g}")
    return Uniform(low, high)


def _normal(table: Mapping[str, Any]) -> Prior:
    mean, sd = _numbers(table, "mean", "sd")
    _need(sd > 0, f"sd must be more than 0, is {sd:g}")
    return Normal(mean, sd)


def _lognormal(table: Mapping[str, Any]) -> Prior:
    if "p5" in table:
        p5, p95 = _numbers(table, "p5", "p95")
        _need(0 < p5 < p95, f"p5 and p95 must be positive and rise, are {p5:g} and {p95:g}")
        return Lognormal(math.sqrt(p5 * p95), math.log(p95 / p5) / (2 * Z95))
    p50, p95 = _numbers(table, "p50", "p95")
    _need(0 < p50 < p95, f"p50 and p95 must be positive and rise, are {p50:g} and {p95:g}")
    return Lognormal(p50, math.log(p95 / p50) / Z95)


def _beta(table: Mapping[str, Any]) -> Prior:
    a, b = _numbers(table, "a", "b")
    _need(a > 0 and b > 0, f"a and b must be more than 0, are {a:g} and {b:g}")
    return Beta(a, b)


def _mixture(table: Mapping[str, Any]) -> Prior:
    _keys(table, ("chance", "then", "otherwise"))
    chance = _finite("chance", table["chance"])
    _need(0 <= chance <= 1, f"chance must be 0 to 1, is {chance:g}")
    return Mixture(chance, prior_from(table["then"]), prior_from(table["otherwise"]))


def _choice(table: Mapping[str, Any]) -> Prior:
    _keys(table, ("values", "weights"))
    for key in ("values", "weights"):
        _need(isinstance(table[key], list), f"{key} must be a list, is {table[key]!r}")
    values, weights = (tuple(_finite(key, value) for value in table[key]) for key in ("values", "weights"))
    _need(len(values) == len(weights) > 0, "values and weights must be as many, and at least one")
    _need(min(weights) >= 0 and sum(weights) > 0, "weights must be 0 or more, and not all 0")
    return Choice(values, weights)


_KINDS: dict[str, Callable[[Mapping[str, Any]], Prior]] = {
    "fixed": _fixed,
    "uniform": _uniform,
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "mixture": _mixture,
    "choice": _choice,
}


def quantile(prior: Prior, u: ArrayLike) -> Floats:
    """Turn uniform numbers into values of a prior.

    Parameters
    ----------
    prior : Prior
        The distribution.
    u : array_like
        Uniform numbers in [0, 1], of any shape. 0 and 1 are moved inwards by one rounding step: all values are finite.

    Returns
    -------
    numpy.ndarray
        The inverse distribution function at `u`, of the same shape. A mixture spends one uniform on both the
        branch and the value in it: it is monotone within each branch only.
    """
    from scipy.special import betaincinv, ndtr, ndtri

    uniform = np.clip(np.asarray(u, dtype=np.float64), np.finfo(np.float64).tiny, 1 - np.finfo(np.float64).epsneg)
    match prior:
        case Fixed(value):
            return np.full(uniform.shape, value)
        case Uniform(low, high):
            return np.asarray(low + (high - low) * uniform)
        case Normal(mean, sd):
            return np.asarray(mean + sd * ndtri(uniform))
        case Lognormal(p50, log_sd):
            return np.asarray(p50 * np.exp(log_sd * ndtri(uniform)))
        case Beta(a, b):
            return np.asarray(betaincinv(a, b, uniform))
        case Choice(values, weights):
            steps = np.cumsum(weights) / np.sum(weights)
            return np.asarray(values)[np.minimum(np.searchsorted(steps, uniform, side="right"), len(values) - 1)]
        case Learned(before, mean, sd):
            return quantile(before, ndtr(mean + sd * ndtri(uniform)))
        case Mixture(chance, then, otherwise):
            first = uniform < chance
            inside = np.where(first, uniform / max(chance, 1e-300), (uniform - chance) / max(1 - chance, 1e-300))
            inside = np.clip(inside, 0, 1)
            return np.where(first, quantile(then, inside), quantile(otherwise, inside))


def describe(prior: Prior) -> str:
    """Return a prior as a reader would say it, such as `median 8, 5–95 % 3.2–20`."""
    match prior:
        case Fixed(value):
            return f"{value:g}"
        case Uniform(low, high):
            return f"{low:g} to {high:g}, equally"
        case Choice(values, weights):
            total = sum(weights)
            return ", ".join(f"{value:g} ({weight / total:.0%})" for value, weight in zip(values, weights, strict=True))
        case Mixture(chance, then, otherwise):
            return f"{chance:.0%}: {describe(then)}; else: {describe(otherwise)}"
        case _:
            p5, p50, p95 = (f"{value:.3g}" for value in quantile(prior, [0.05, 0.5, 0.95]))
            return f"median {p50}, 5–95 % {p5}–{p95}"


def markdown_table(learned: Mapping[str, Prior] = MappingProxyType({})) -> str:
    """Return the registry as a Markdown table for the documentation, one row per parameter.

    Parameters
    ----------
    learned : mapping
        What past sieges made of some of the priors, by name; shown beside them.
    """
    head = ("parameter", "value", "unit", "what it is", "mechanism", "evidence", "source")
    rows = [head, tuple("---" for _ in head)]
    rows.extend(
        (f"`{row.name}`", _said(row, learned), row.unit, row.about, row.mechanism, row.evidence, row.source)
        for row in registry().values()
    )
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows) + "\n"


def _said(row: Parameter, learned: Mapping[str, Prior]) -> str:
    """Return a parameter's prior in words, and what it became if that differs."""
    after = learned.get(row.name, row.prior)
    before = describe(row.prior)
    return before if after == row.prior else f"prior: {before}; after past sieges: {describe(after)}"
