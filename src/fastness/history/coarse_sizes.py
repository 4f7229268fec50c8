"""What the coarse mapping rests on: its numbers, and the middles and ranges of a case that several parts share."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastness.history.cases import Case, Range

#: days that are played from the start of a case
DAYS: Final = 365
DEFENDER: Final = "defenders"
BESIEGER: Final = "besiegers"
KG: Final = 1000.0
#: food that feeds a person for a day [kg], to turn days of food into tonnes
FOOD_KG: Final = 0.6
#: narrowest ratio of the middle to the 5 % point of an estimate, squared
_LEAST_SPREAD: Final = 1.05

Three = tuple[float, float, float]


@cache
def numbers() -> Mapping[str, Mapping[str, Any]]:
    """Return the numbers of the mapping, by table."""
    return tomllib.loads(Path(__file__).with_name("coarse.toml").read_text(encoding="utf-8"))


class Sizes:
    """Middle values and ranges that several parts of the mapping share."""

    def __init__(self, case: Case) -> None:
        self.case = case
        given = numbers()["strength"]
        self.defenders = _strength(case, case.defenders, case.attackers, given["defenders"], given["ratio"], -1)
        self.attackers = _strength(case, case.attackers, case.defenders, given["attackers"], given["ratio"], 1)
        self.people = widened(case.population, 1.0) if case.population else three("population", case.setting)
        area = case.area_km2
        ground = numbers()["area_km2"]
        self.area = middle(area) if area else float(ground[case.setting or "unknown"])
        self.count = 2 if self.area < ground["belts_two_below"] else 3 if self.area < ground["belts_three_below"] else 4
        self.belts = [f"belt-{k}" for k in range(1, self.count)] + ["core"]
        self.front_km = min(100.0, max(0.5, ground["half_front"] * 2 * math.sqrt(math.pi * self.area)))
        self.need_t = FOOD_KG * (self.people[1] + self.defenders[1]) / KG
        self.friends = case.relief_force not in ("none", None) or case.sponsor == "active"


def middle(estimate: Range) -> float:
    """Return the geometric middle of a range; of one that begins at 0, of 1 and its high end."""
    return math.sqrt(max(estimate.low, 1.0) * max(estimate.high, 1.0))


def widened(estimate: Range, factor: float) -> Three:
    """Return the 5, 50 and 95 % points of an estimate, its range on the log scale multiplied by `factor`."""
    centre = middle(estimate)
    half = max(math.sqrt(max(estimate.high, 1.0) / max(estimate.low, 1.0)) ** factor, math.sqrt(_LEAST_SPREAD))
    return centre / half, centre, centre * half


def _strength(
    case: Case, own: Range | None, other: Range | None, prior: Sequence[float], ratio: Sequence[float], sign: int
) -> Three:
    """Return a side's men: as estimated, else by the usual ratio to the other side, else anything a siege has seen."""
    spread = float(numbers()["estimates"][case.strength_confidence or "unknown"])
    if own is not None:
        return widened(own, spread)
    if other is None:
        return float(prior[0]), float(prior[1]), float(prior[2])
    low, centre, high = widened(other, spread)
    if sign > 0:
        return low * ratio[0], centre * ratio[1], high * ratio[2]
    return low / ratio[2], centre / ratio[1], high / ratio[0]


def three(table: str, key: str | None) -> Three:
    """Return three numbers of a table, those of `unknown` without a key."""
    low, centre, high = numbers()[table][key or "unknown"]
    return float(low), float(centre), float(high)


def by(table: str, key: str | None) -> float:
    """Return a number of a table, that of `unknown` without a key."""
    return float(numbers()[table][key or "unknown"])


def air_bridge(case: Case) -> Three:
    """Return the share of full need that comes by air, by sea or over a border in a day: 5, 50 and 95 % points."""
    low, centre, high = three("air_bridge", case.air_or_sea_corridor)
    border = by("air_bridge", "border") if case.external_border == "yes" else 0.0
    perhaps = by("air_bridge", "border") if case.external_border is None else border
    return low + border / 4, centre + border, high + perhaps


def times(points: Sequence[float], factor: float) -> Three:
    """Return three points multiplied by a factor."""
    return points[0] * factor, points[1] * factor, points[2] * factor
