"""Posteriors: what past sieges say about the parameters that the literature leaves open, kept apart from the priors.

The files of `posterior/` beside this one are written by `fastness calibrate`, one for each fold: all cases, or those
that a forecast of the past may know. In each, a calibrated parameter is normal in the normal scores of its prior, so
that one uniform number per parameter and campaign still draws it.
"""

import datetime
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from fastness.parameters import Floats, Learned, Prior, registry

FOLDER: Final = Path(__file__).parent / "posterior"
PLANNED: Final = "folds.toml"
#: what a scenario says that wants the priors as they are, and the fold that is drawn from unless it says otherwise
PRIOR, ALL = "prior", "all"
#: how far one standard deviation of its score moves the probit of a chance of the coarse mapping of cases: a judged
#: chance of one in three may as well be one in nine or two in three (5-95 %)
SHIFT_SD: Final = 0.5


@dataclass(frozen=True)
class Fold:
    """Which cases a posterior may know: `without` some conflicts, and none that ended after `as_of`."""

    name: str
    why: str
    without: tuple[str, ...] = ()
    as_of: datetime.date | None = None


@dataclass(frozen=True)
class Posterior:
    """The calibrated parameters after the cases of one fold.

    Attributes
    ----------
    fold
        Which cases were known.
    made
        Day on which it was fitted.
    predictors, outcomes
        SHA-256 of the two files of cases.
    kernel
        Hash of the model that played them.
    cases
        How many cases were known.
    newest
        Day on which the last of them ended.
    rows, ess
        Rows of the table of campaigns, and how many independent ones they are worth after weighting.
    tempering
        Power of the likelihood [1]; less than 1 because what learns it is not exact and the table finite.
    names
        The calibrated parameters, and after them the chances of the coarse mapping (`mapping.*`).
    mean, sd
        Of their normal scores [1], shape (parameters,); 0 and 1 before the data.
    dependence
        Largest correlation between two scores in the posterior [1], either sign; the draws leave it out.
    """

    fold: Fold
    made: datetime.date
    predictors: str
    outcomes: str
    kernel: str
    cases: int
    newest: datetime.date
    rows: int
    ess: float
    tempering: float
    names: tuple[str, ...]
    mean: Floats
    sd: Floats
    dependence: float

    def priors(self) -> dict[str, Prior]:
        """Return the calibrated parameters' distributions, by name."""
        return {
            name: Learned(registry()[name].prior, float(mean), float(sd))
            for name, mean, sd in zip(self.names, self.mean, self.sd, strict=True)
            if name in registry()
        }

    def document(self) -> dict[str, Any]:
        """Return it as plain data, as its file holds it."""
        known = {"as_of": self.fold.as_of} if self.fold.as_of else {}
        plain = (
            "made",
            "predictors",
            "outcomes",
            "kernel",
            "cases",
            "newest",
            "rows",
            "ess",
            "tempering",
            "dependence",
        )
        return {
            "why": self.fold.why,
            "without": list(self.fold.without),
            **known,
            **{key: getattr(self, key) for key in plain},
            "names": list(self.names),
            "mean": self.mean.tolist(),
            "sd": self.sd.tolist(),
        }


@cache
def folds() -> Mapping[str, Fold]:
    """Return the folds that a scenario may name: those that are planned and those that have been fitted."""
    rows = tomllib.loads((FOLDER / PLANNED).read_text(encoding="utf-8"))
    fitted = {path.stem: path for path in sorted(FOLDER.glob("*.toml")) if path.name != PLANNED}
    rows |= {name: tomllib.loads(path.read_text(encoding="utf-8")) for name, path in fitted.items()}
    made = {name: Fold(name, row["why"], tuple(row.get("without", ())), row.get("as_of")) for name, row in rows.items()}
    return MappingProxyType(made)


@cache
def posterior(name: str) -> Posterior | None:
    """Return the posterior of a fold; None for the prior, or while that fold has not been fitted."""
    path = FOLDER / f"{name}.toml"
    if name == PRIOR or f"{name}.toml" == PLANNED or not path.is_file():
        return None
    return from_document(name, tomllib.loads(path.read_text(encoding="utf-8")))


def from_document(name: str, document: Mapping[str, Any]) -> Posterior:
    """Return the posterior of a fold from plain data, as `Posterior.document` writes it."""
    row: dict[str, Any] = dict(document)
    row |= {key: np.array(row[key], dtype=np.float64) for key in ("mean", "sd")}
    fold = Fold(name, row.pop("why"), tuple(row.pop("without")), row.pop("as_of", None))
    return Posterior(fold=fold, **row | {"names": tuple(row["names"])})


def calibrated() -> tuple[str, ...]:
    """Return the names of the parameters that calibration may move, in alphabetical order."""
    return tuple(name for name, row in registry().items() if row.calibrated)


def distributions(calibration: str) -> dict[str, Prior]:
    """Return the distribution that each parameter is drawn from under a fold, or under `prior`, by name."""
    known = posterior(calibration)
    learned = known.priors() if known else {}
    return {name: learned.get(name, row.prior) for name, row in registry().items()}


def drawn_hash(calibration: str) -> str:
    """Return the hash of all distributions that parameters are drawn from under a fold, or under `prior`."""
    return hashlib.sha256(repr(sorted(distributions(calibration).items())).encode()).hexdigest()[:16]


def shifted(calibration: str, name: str, chance: float) -> float:
    """Return a chance of the coarse mapping as a fold has moved it.

    Parameters
    ----------
    calibration : str
        A fold, or `prior`.
    name : str
        The chance, such as `mapping.relief`.
    chance : float
        As the mapping judges it before the data.
    """
    from scipy.special import ndtr, ndtri

    known = posterior(calibration)
    if known is None or name not in known.names:
        return chance
    k = known.names.index(name)
    spread = SHIFT_SD * known.sd[k]
    return float(ndtr((ndtri(chance) + SHIFT_SD * known.mean[k]) / np.sqrt(1 + spread**2)))
