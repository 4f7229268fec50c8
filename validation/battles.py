"""Read the battle file for fitting and validation: decided whole battles of 1600-1982, and resampling of whole wars."""

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Ints = NDArray[np.int64]

NOTHING_TO_READ = "battles_cdb90.csv is absent: set FASTNESS_SHARED to the folder that holds data/battles_cdb90.csv"


@dataclass(frozen=True)
class Battles:
    """One entry per battle: strengths [persons], days, year, losses as shares of the strengths (NaN unknown)."""

    attacker: Floats
    defender: Floats
    days: Floats
    year: Floats
    loss_attacker: Floats
    loss_defender: Floats
    attacker_wins: Truths
    fortified: Truths
    rugged: Truths
    delaying: Truths
    war: Ints

    def __len__(self) -> int:
        return len(self.war)

    def __getitem__(self, chosen: Ints | Truths) -> "Battles":
        return Battles(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @property
    def log_ratio(self) -> Floats:
        """Attacker to defender, natural logarithm."""
        return np.log(self.attacker / self.defender)

    @property
    def century(self) -> Floats:
        """Centuries since 1946."""
        return (self.year - 1946) / 100


def shared_folder() -> Path:
    """Return the folder of shared data, which may be absent."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("FASTNESS_SHARED", beside))


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a shared data file; none if it is absent."""
    path = shared_folder() / "data" / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(row: dict[str, str], key: str) -> float:
    return float(row[key]) if row[key] else np.nan


def load() -> Battles | None:
    """Return the decided battles that are not parts of others; None if the file is absent."""
    kept = [row for row in rows("battles_cdb90.csv") if not row["parent"] and _number(row, "wina") in (1.0, -1.0)]
    kept = [row for row in kept if _number(row, "str_a") > 0 and _number(row, "str_d") > 0]
    if not kept:
        return None
    column = {
        key: np.array([_number(row, key) for row in kept])
        for key in ("str_a", "str_d", "days", "year", "cas_a", "cas_d", "wina")
    }
    posture = [{row["post1"], row["post2"]} for row in kept]
    wars = {war: number for number, war in enumerate(sorted({row["war"] for row in kept}))}
    return Battles(
        attacker=column["str_a"],
        defender=column["str_d"],
        days=column["days"],
        year=column["year"],
        loss_attacker=column["cas_a"] / column["str_a"],
        loss_defender=column["cas_d"] / column["str_d"],
        attacker_wins=column["wina"] == 1,
        fortified=np.array(["FD" in codes for codes in posture]),
        rugged=np.array([row["terr_relief"] == "G" for row in kept]),
        delaying=np.array([bool(codes & {"DL", "WD"}) for codes in posture]),
        war=np.array([wars[row["war"]] for row in kept]),
    )


def count_small() -> tuple[int, int]:
    """Return how many rows of the whole file have under 5,000 men, both sides together, and how many rows it has."""
    every = rows("battles_cdb90.csv")
    return sum(_number(row, "str_a") + _number(row, "str_d") < 5000 for row in every), len(every)


def resample_wars(battles: Battles, generator: np.random.Generator) -> Battles:
    """Return the battles of as many wars as there are, drawn with replacement; a war drawn twice counts as two."""
    wars = np.unique(battles.war)
    chosen = generator.choice(wars, len(wars))
    parts = [np.flatnonzero(battles.war == war) for war in chosen]
    drawn = battles[np.concatenate(parts)]
    drawn.war[:] = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return drawn


def war_bootstrap(
    battles: Battles, statistic: Callable[[Battles], Floats], times: int, generator: np.random.Generator
) -> Floats:
    """Return a statistic of `times` resamples of whole wars, shape (times, size of the statistic)."""
    return np.array([statistic(resample_wars(battles, generator)) for _ in range(times)])
