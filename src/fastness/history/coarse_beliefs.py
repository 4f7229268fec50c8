"""The beliefs of a coarse scenario: what a campaign draws of men, food, arms, relief and intent; unknown is wide."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from fastness.history.cases import Case
from fastness.history.coarse_sizes import (
    BESIEGER,
    FOOD_KG,
    KG,
    Sizes,
    Three,
    air_bridge,
    by,
    numbers,
    three,
    times,
    widened,
)
from fastness.posteriors import shifted


def _belief(case: Case, sets: Sequence[str], points: Three | tuple[date, date, date], unit: str) -> dict[str, Any]:
    return {
        "sets": list(sets),
        "unit": unit,
        "p5": points[0],
        "p50": points[1],
        "p95": points[2],
        "date": case.start,
        "source": "coarse mapping",
        "why": "coarse.toml says why",
    }


def _fact(case: Case, chance: float) -> dict[str, Any]:
    return {"chance": chance, "date": case.start, "source": "coarse mapping", "why": "coarse.toml says why"}


def _chances(case: Case, calibration: str) -> dict[str, float]:
    """Return the chances of the mapping, as past cases of a fold have moved them."""
    fronts, leave = case.attacker_other_fronts, numbers()["leave"]
    return {
        "relief-comes": shifted(calibration, "mapping.relief", by("relief", case.relief_force)),
        "means-to-storm": shifted(calibration, "mapping.storm", by("storm", case.attacker_intent)),
        "means-to-close": float(numbers()["storm"]["close_the_ring"]),
        "would-leave": shifted(
            calibration, "mapping.leave", float(leave["unknown"] if fronts is None else leave["by_fronts"][fronts])
        ),
    }


def beliefs_of(case: Case, sizes: Sizes, calibration: str) -> dict[str, Any]:
    """Return every belief by name; `calibration` is the fold of past cases that has moved the chances."""
    given = numbers()
    belts = range(sizes.count)
    attackers, defenders = sizes.attackers, sizes.defenders
    days = given["relief"]["days_near" if case.relief_force == "near" else "days_distant"]
    arrives = tuple(case.start + timedelta(days=int(day)) for day in days)
    rows = {
        "defenders": _belief(case, [f"forces.garrison-{k}.fighters" for k in belts], defenders, "persons"),
        "attackers": _belief(
            case, [f"forces.{name}.fighters" for name in ("army", "ring", "rearguard")], attackers, "persons"
        ),
        "people": _belief(case, [f"places.{belt}.population" for belt in sizes.belts], sizes.people, "persons"),
        "food": _belief(case, [f"places.{belt}.food_days" for belt in sizes.belts], _food_days(case), "days"),
        "soldiers-food": _belief(
            case,
            [f"stocks.store-{k}.food_t" for k in belts],
            times(_food_days(case), FOOD_KG * defenders[1] / KG),
            "t",
        ),
        "ammunition": _belief(
            case,
            [f"stocks.store-{k}.ammunition_t" for k in belts],
            times(given["stores"]["ammunition_kg"], defenders[1] / KG),
            "t",
        ),
        "bridge": _belief(
            case,
            ["stocks.store-" + str(sizes.count - 1) + ".supply_t_per_day"],
            times(air_bridge(case), given["stores"]["besieger_kg"] * defenders[1] / KG),
            "t/day",
        ),
        "works": _belief(case, ["parameters.defence.works"], three("works", case.fortification), "1"),
        "relief-size": _belief(
            case, ["forces.relief.fighters"], times(given["relief"]["size"], attackers[1]), "persons"
        ),
        "relief-day": _belief(case, ["forces.relief.arrives"], arrives, "1"),  # type: ignore[arg-type]
        "reserve": _belief(
            case, [f"sides.{BESIEGER}.reserve"], times(given["elsewhere"]["reserve"], attackers[1]), "persons"
        ),
        "unrest": _belief(case, ["places.rear.unrest"], _unrest(case.attacker_other_fronts), "1"),
    }
    facts = {name: _fact(case, chance) for name, chance in _chances(case, calibration).items()}
    return rows | facts | _arms(case, sizes)


def _food_days(case: Case) -> Three:
    return widened(case.food_days, 1.5) if case.food_days else three("food_days", None)


def _unrest(fronts: int | None) -> Three:
    found = numbers()["elsewhere"]
    centre = float(found["unknown"] if fronts is None else found["unrest"][fronts])
    spread = 1.5 if fronts is not None else 3.0
    return centre / spread, centre, min(0.95, centre * spread)


def _arms(case: Case, sizes: Sizes) -> dict[str, Any]:
    """Return guns and aircraft of both sides: none, some or many; where nobody could say, anything up to many."""
    rows: dict[str, Any] = {}
    last = sizes.count - 1
    for name, path, level, men in (
        ("siege-guns", "forces.army.artillery", case.heavy_weapons_attacker, sizes.attackers[1]),
        ("own-guns", f"forces.garrison-{last}.artillery", case.heavy_weapons_defender, sizes.defenders[1]),
        ("siege-aircraft", "forces.army.aircraft", case.air_attacker, math.inf),
        ("own-aircraft", f"forces.garrison-{last}.aircraft", case.air_support_defender, math.inf),
    ):
        table = numbers()["guns" if "guns" in name else "aircraft"]
        if level == 0:
            continue
        some, many = table["some"], table["many"]
        points = (some[0], some[1], many[1]) if level is None else (some if level == 1 else many)
        cap = min(1.0, men / numbers()["guns"]["men_for_each"] / points[1])
        rows[name] = _belief(case, [path], times(points, cap), "1")
    return rows
