"""One mapping from what an observer could know of a siege on its third day to a coarse scenario of 365 days.

Places: the besieger's rear and camp, the gap through which relief comes, the world outside, and two to four belts of
the stronghold, the last its core. What a row leaves empty gets a wide prior. Beliefs bear the same names in every case,
so that with one seed a campaign has the same temper in all of them: that is what calibration re-weights. The numbers,
each with its reason, are in `coarse.toml`; nothing here knows a case by name.
"""

import math
from datetime import timedelta
from typing import Any, Final

from fastness.history.cases import Case
from fastness.history.coarse_beliefs import beliefs_of
from fastness.history.coarse_plans import LIFT_BLOCK, plans_of
from fastness.history.coarse_sizes import BESIEGER, DAYS, DEFENDER, KG, Sizes, air_bridge, by, numbers
from fastness.scenario.model import Scenario

#: questions of every coarse scenario; the first of them to come true ends a siege
ENDINGS: Final = ("fell", "relieved", "settled")
_TERRAIN: Final = {"city": "urban", "town": "urban", "mountain": "rugged"}

__all__ = ["BESIEGER", "DAYS", "DEFENDER", "ENDINGS", "LIFT_BLOCK", "coarse"]


def coarse(case: Case, *, calibration: str = "prior") -> Scenario:
    """Return the coarse scenario of a case.

    Parameters
    ----------
    case
        What could be known on the third day. An empty field widens what a campaign draws, it is never filled in.
    calibration
        Which cases inform the model's parameters: `prior` (none), or the name of a fold that leaves this case out.

    Returns
    -------
    Scenario
        365 days from the start of the case; questions `fell`, `relieved` and `settled`.
    """
    sizes = Sizes(case)
    document = {
        "fastness": 1,
        "title": f"Siege {case.id}",
        "clock": {"start": case.start, "end": case.start + timedelta(days=DAYS), "as_of": case.start},
        "sides": _sides(sizes),
        "places": _places(case, sizes),
        "routes": _routes(case, sizes),
        "forces": _forces(case, sizes),
        "stocks": _stocks(sizes),
        "patrons": _patrons(case, sizes),
        "talks": {"open": 1 if case.talks == "open" else 0},
        "beliefs": beliefs_of(case, sizes, calibration),
        "plans": plans_of(case, sizes),
        "calibration": calibration,
        "parameters": {"talks.guarantor": numbers()["talks"]["guarantor_rate"]} if case.guarantor else {},
        "questions": _questions(case),
        "record": {"campaigns": 0},
    }
    return Scenario.model_validate(document)


def _sides(sizes: Sizes) -> dict[str, Any]:
    reserve = sizes.attackers[1] * numbers()["elsewhere"]["reserve"][1]
    return {
        DEFENDER: {"name": "Defenders", "role": "defender", "home": "core"},
        BESIEGER: {
            "name": "Besiegers",
            "role": "besieger",
            "home": "rear",
            "reserve": round(reserve),
            "reserve_population": round(reserve * numbers()["elsewhere"]["people_for_each"]),
        },
    }


def _places(case: Case, sizes: Sizes) -> list[dict[str, Any]]:
    open_road = case.road_corridor == "open"
    holders = {"rear": BESIEGER, "camp": BESIEGER, "gap": DEFENDER if open_road else BESIEGER}
    market = {"outside": sizes.need_t, "rear": 1000.0}
    rows: list[dict[str, Any]] = [
        {
            "id": name,
            "name": name.capitalize(),
            "lon": 0.1 * k,
            "lat": 0,
            "elevation_m": 200,
            "population": 1000 if name in ("rear", "outside") else 0,
            "holder": holders.get(name, DEFENDER if sizes.friends else None),
            "market_t_per_day": market.get(name, 0),
            "sympathy": 0.1 if name == "rear" else 0.5,
        }
        for k, name in enumerate(("rear", "camp", "gap", "outside"))
    ]
    bridge = air_bridge(case)[1] * sizes.need_t
    for k, name in enumerate(sizes.belts):
        core = name == "core"
        rows.append(
            {
                "id": name,
                "name": "Core" if core else f"Belt {k + 1}",
                "lon": 0.1 * k,
                "lat": 0.1,
                "elevation_m": 1500 if case.setting == "mountain" else 200,
                "population": round(sizes.people[1] * (0.5 if core else 0.5 / (sizes.count - 1))),
                "terrain": _TERRAIN.get(case.setting or "", "rolling"),
                "holder": DEFENDER,
                "district_of": "Stronghold",
                "inside": True,
                "market_t_per_day": bridge if core else 0,
                "sympathy": 0.6,
            }
        )
    return rows


def _routes(case: Case, sizes: Sizes) -> list[dict[str, Any]]:
    depth = max(1.0, math.sqrt(sizes.area / math.pi) / sizes.count)
    neck = max(0.5, numbers()["area_km2"]["neck"] * sizes.front_km)
    far = 30.0 if case.relief_force == "near" else 150.0
    tonnes = max(50.0, 2 * sizes.need_t) * (1.0 if case.road_corridor == "open" else 0.3)
    rows = [
        ("rear", "camp", 40.0, 1e5, 20.0),
        ("camp", "gap", 10.0, 1e5, neck),
        ("gap", "outside", far, tonnes, neck),
        ("gap", sizes.belts[0], 5.0, tonnes, neck),
        ("camp", sizes.belts[0], 5.0, 1e4, sizes.front_km),
    ]
    rows += [
        (outer, inner, depth, 1e5, max(0.5, sizes.front_km * (1 - (k + 1) / sizes.count)))
        for k, (outer, inner) in enumerate(zip(sizes.belts, sizes.belts[1:], strict=False))
    ]
    return [
        {
            "id": f"{start}-to-{end}",
            "name": f"{start} to {end}",
            "from": start,
            "to": end,
            "length_km": length,
            "capacity_t_per_day": capacity,
            "highest_point_m": 1500 if case.setting == "mountain" else 200,
            "frontage_km": frontage,
        }
        for start, end, length, capacity, frontage in rows
    ]


def _forces(case: Case, sizes: Sizes) -> list[dict[str, Any]]:
    ways = [2.0, *[1.0] * (sizes.count - 1)]
    rows: list[dict[str, Any]] = [
        {"id": f"garrison-{k}", "side": DEFENDER, "place": belt, "fighters": round(sizes.defenders[1] * w / sum(ways))}
        for k, (belt, w) in enumerate(zip(sizes.belts, ways, strict=True))
    ]
    rows += [
        {"id": "army", "side": BESIEGER, "place": "camp", "fighters": round(0.75 * sizes.attackers[1])},
        {"id": "rearguard", "side": BESIEGER, "place": "rear", "fighters": round(0.05 * sizes.attackers[1])},
        {
            "id": "ring",
            "side": BESIEGER,
            "place": "camp" if case.road_corridor == "open" else "gap",
            "fighters": round(0.2 * sizes.attackers[1]),
        },
        {
            "id": "relief",
            "side": DEFENDER,
            "place": "outside",
            "fighters": round(sizes.attackers[1] * numbers()["relief"]["size"][1]),
            "arrives": case.start + timedelta(days=60),
            "needs": "relief-comes",
        },
    ]
    if case.road_corridor == "open":
        rows.append({"id": "corridor", "side": DEFENDER, "place": "gap", "fighters": round(0.1 * sizes.defenders[1])})
    return rows


def _stocks(sizes: Sizes) -> list[dict[str, Any]]:
    """Return the stores of the belts, which beliefs fill, of the besieger, and of the relief force.

    There is a base behind the relief force only where friends are known to stand.
    """
    kilos = numbers()["stores"]
    reach = kilos["besieger_days"]
    siege = sizes.attackers[1] * kilos["besieger_kg"] / KG
    relief = siege * numbers()["relief"]["size"][1]
    rows = [
        _stock(f"store-{k}", DEFENDER, belt, (1, 1, 1), 0.001 if belt == "core" else 0)
        for k, belt in enumerate(sizes.belts)
    ]
    return [
        *rows,
        _stock("depot", BESIEGER, "rear", (siege * 5, siege * 5, siege * reach), siege),
        _stock("camp-store", BESIEGER, "camp", (siege * 5, siege * 5, siege * reach), 0),
        _stock(
            "base",
            DEFENDER,
            "outside",
            (relief * reach, relief * 5, relief * reach),
            2 * relief if sizes.friends else 0,
        ),
    ]


def _stock(name: str, side: str, place: str, tonnes: tuple[float, float, float], supply: float) -> dict[str, Any]:
    """Return a row of stocks: tonnes of food, fuel and ammunition, and what comes in each day."""
    kinds = dict(zip(("food_t", "fuel_t", "ammunition_t"), tonnes, strict=True))
    return {"id": name, "side": side, "place": place, **kinds, "supply_t_per_day": supply}


def _patrons(case: Case, sizes: Sizes) -> list[dict[str, Any]]:
    return [
        {
            "id": "sponsor",
            "name": "Sponsor",
            "motive": "an outside backer of the defenders, if there is one",
            "favours": DEFENDER,
            "aid": by("sponsor", case.sponsor),
            "through": "outside",
            "by_air": case.air_or_sea_corridor in ("open", "contested") or bool(case.air_support_defender),
            "aid_t_per_day": max(1.0, sizes.defenders[1] * numbers()["sponsor"]["aid_kg"] / KG),
        },
        {
            "id": "mediator",
            "name": "Mediator",
            "motive": "a third party that could answer for a settlement",
            "guarantor": True,
        },
    ]


def _questions(case: Case) -> dict[str, Any]:
    """Return the endings: the core taken, the ring broken from outside, a settlement."""
    last = case.start + timedelta(days=DAYS)
    broken = "camp" if case.road_corridor == "open" else "gap"
    return {
        "fell": {"ask": "Does the core fall?", "holds": f'holder("core") == "{BESIEGER}"', "by": last},
        "relieved": {"ask": "Is the ring broken?", "holds": f'holder("{broken}") == "{DEFENDER}"', "by": last},
        "settled": {"ask": "Do the sides settle?", "holds": "settled()", "by": last},
    }
