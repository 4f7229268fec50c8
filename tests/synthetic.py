"""A made-up ensemble for the figures and the report: real place names on a map, invented results, no run needed."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from fastness.parameters import quantile, registry
from fastness.scenario import Scenario, apply_variant, identity

# id, name, lon, lat, elevation, population, inside, day by which half of the campaigns have lost it (0: never held)
PLACES = [
    ("gulbahar", "Gulbahar", 69.29, 35.15, 1600, 12000, False, 6),
    ("shutul", "Shutul", 69.35, 35.25, 2400, 12000, True, 30),
    ("anaba", "Anaba", 69.38, 35.23, 1900, 20000, True, 12),
    ("rukha", "Rukha", 69.46, 35.28, 2050, 26000, True, 18),
    ("bazarak", "Bazarak", 69.52, 35.31, 2200, 21000, True, 24),
    ("dara", "Dara", 69.68, 35.30, 2600, 17000, True, 60),
    ("khenj", "Khenj", 69.73, 35.43, 2500, 46000, True, 75),
    ("paryan", "Paryan", 70.00, 35.62, 3100, 17000, True, 140),
    ("khawak", "Khawak Pass", 69.88, 35.66, 3848, 0, False, 50),
    ("anjuman", "Anjuman Pass", 70.36, 35.95, 4422, 0, False, 220),
    ("jabal-saraj", "Jabal Saraj", 69.24, 35.12, 1735, 15000, False, 0),
    ("charikar", "Charikar", 69.17, 35.01, 1600, 54000, False, 0),
    ("bagram", "Bagram", 69.26, 34.95, 1490, 30000, False, 0),
    ("kabul", "Kabul", 69.17, 34.53, 1790, 4400000, False, 0),
    ("paghman", "Paghman", 68.95, 34.59, 2250, 49000, False, 0),
    ("salang", "Salang Tunnel", 69.03, 35.31, 3200, 0, False, 0),
    ("banu", "Banu (Andarab)", 69.29, 35.63, 1700, 20000, False, 10),
    ("deh-salah", "Deh Salah", 69.40, 35.66, 1900, 15000, False, 9),
    ("pul-e-hesar", "Pul-e-Hesar", 69.55, 35.69, 2100, 14000, False, 11),
    ("pul-e-khumri", "Pul-e-Khumri", 68.71, 35.95, 640, 221000, False, 0),
    ("keran", "Keran wa Munjan", 70.78, 36.02, 2600, 10000, False, 0),
    ("hairatan", "Hairatan", 67.42, 37.22, 300, 8000, False, 0),
    ("sher-khan", "Sher Khan Bandar", 68.60, 37.18, 340, 4000, False, 0),
]
ROUTES = [
    ("kabul", "charikar", "road"),
    ("kabul", "paghman", "road"),
    ("kabul", "bagram", "road"),
    ("bagram", "charikar", "road"),
    ("charikar", "jabal-saraj", "road"),
    ("jabal-saraj", "gulbahar", "road"),
    ("gulbahar", "anaba", "road"),
    ("anaba", "shutul", "track"),
    ("anaba", "rukha", "road"),
    ("rukha", "bazarak", "road"),
    ("bazarak", "dara", "track"),
    ("bazarak", "khenj", "road"),
    ("khenj", "paryan", "road"),
    ("paryan", "anjuman", "track"),
    ("paryan", "khawak", "track"),
    ("khawak", "pul-e-hesar", "track"),
    ("pul-e-hesar", "deh-salah", "road"),
    ("deh-salah", "banu", "road"),
    ("banu", "pul-e-khumri", "road"),
    ("jabal-saraj", "salang", "road"),
    ("salang", "pul-e-khumri", "road"),
    ("pul-e-khumri", "hairatan", "road"),
    ("pul-e-khumri", "sher-khan", "road"),
    ("anjuman", "keran", "track"),
]
HOSTILE = "<img src=x onerror=alert(1)> & <b>bold</b>"
DAYS = 247


def scenario(**changes: object) -> Scenario:
    """Build the scenario; its texts carry markup that the report must show as text."""
    return Scenario.model_validate(document() | changes)


def document() -> dict[str, Any]:
    """Write the scenario as a person would."""
    names = {i: name for i, name, *_ in PLACES}
    return {
        "fastness": 1,
        "title": "Panjshir, made up " + HOSTILE,
        "summary": "A made-up forecast for looking at the report.",
        "clock": {"start": "2021-08-27", "end": "2022-04-30", "as_of": "2021-08-27"},
        "sides": {
            "nrf": {"name": "National Resistance Front", "role": "defender", "home": "paryan"},
            "taliban": {"name": "Taliban", "role": "besieger", "home": "kabul", "reserve": 60000},
        },
        "places": [
            {
                "id": i,
                "name": name,
                "lon": lon,
                "lat": lat,
                "elevation_m": height,
                "population": people,
                "inside": inside,
                "holder": "nrf" if half else "taliban",
                "district_of": "Panjshir" if inside else None,
            }
            for i, name, lon, lat, height, people, inside, half in PLACES
        ],
        "routes": [
            {
                "id": f"{a}-{b}",
                "name": f"{names[a]} to {names[b]}",
                "from": a,
                "to": b,
                "length_km": 20,
                "capacity_t_per_day": 400 if kind == "road" else 30,
                "highest_point_m": 2500,
                "frontage_km": 1,
                "kind": kind,
            }
            for a, b, kind in ROUTES
        ],
        "forces": [{"id": "nrf", "side": "nrf", "place": "bazarak", "fighters": 6000}],
        "sources": [
            {"id": "article", "grade": "C", "origin": "article", "date": "2021-08-27"},
            {"id": "nrf-says", "grade": "C", "interest": "defender", "origin": "nrf", "date": "2021-08-25"},
        ],
        "claims": [
            claim("C001", "The front has more than 6,000 fighters " + HOSTILE, "nrf-strength", value=6000),
            claim("C002", "A few thousand militia and soldiers have gathered", "nrf-strength", low=2000, high=9000),
            claim("C003", "The Salang road is blocked", "salang-blocked", stance="supports"),
        ],
        "beliefs": {
            "nrf-strength": {
                "sets": "forces.nrf.fighters",
                "p5": 2000,
                "p50": 6000,
                "p95": 12000,
                "unit": "persons",
                "source": "past mobilisation",
                "why": "The front's own number is an upper guess.",
            },
            "salang-blocked": {"chance": 0.5, "source": "none", "why": "Reported both ways."},
        },
        "plans": {
            "taliban": [
                {
                    "intent": "cut the valley off and wait for winter",
                    "if": 'days_of("food", "bazarak") < 20',
                    "orders": {"blockade": ["gulbahar", "khawak"]},
                },
                {
                    "intent": "crush it",
                    "if": 'deployable("taliban") > 4000 and axes_open() >= 2',
                    "delay": {"p5": 1, "p50": 3, "p95": 10},
                    "orders": {"assault": "bazarak", "axes": ["gulbahar", "khawak"]},
                },
            ],
            "nrf": [{"intent": "hold the mouth of the valley", "orders": {"hold": {"anaba": 2, "bazarak": 1}}}],
        },
        "questions": {
            q: {"ask": ask, "holds": 'holder("bazarak") == "taliban"', when: day} for q, ask, when, day, _ in QUESTIONS
        },
        "variants": {
            "salang-open": {"title": "The Salang road is open", "changes": {"beliefs.salang-blocked.chance": 0}},
            "early-winter": {
                "title": "Winter comes three weeks early",
                "changes": {"parameters.weather.winter_shift": -21},
            },
        },
        "layers": [
            {"file": "geo/relief.json", "kind": "relief", "licence": "CC0", "attribution": "made up"},
            {"file": "geo/provinces.geojson", "kind": "outline", "licence": "CC0", "attribution": "made up"},
        ],
        "missing": ["Talks and defections are not played out.", "Air power is left out. " + HOSTILE],
    }


def claim(i: str, statement: str, target: str, **more: object) -> dict[str, Any]:
    """Write one claim on a belief."""
    return {
        "id": i,
        "date": "2021-08-25",
        "statement": statement,
        "binds": "belief",
        "target": target,
        "kind": "claim",
        "source": "nrf-says",
        "item_grade": 3,
    } | more


QUESTIONS = [
    ("bazarak-falls-december", "Does Bazarak fall before 1 December 2021?", "before", "2021-12-01", 0.62),
    ("bazarak-falls-week", "Does Bazarak fall by 6 September 2021?", "by", "2021-09-06", 0.17),
    ("assault-august", "Does the general assault begin before 29 August 2021?", "before", "2021-08-29", 0.04),
    ("floor-at-closing", "Is the valley floor held when the Khawak pass closes for winter?", "by", "2022-01-31", 0.36),
    ("food-out", "Does food run out in the valley?", "by", "2022-04-30", 0.48),
    ("district-outside", "Does a district outside Panjshir leave Taliban control?", "by", "2021-12-31", 0.83),
    ("attacks-december", "Is there at least one attack in every week of December 2021?", "on", "2021-12-31", 0.97),
    ("district-held", "Does the resistance hold a district centre on 31 December 2021?", "on", "2021-12-31", 0.41),
    (
        "salang-closed",
        "Is the Salang road closed for 7 days or more before 6 September 2021?",
        "before",
        "2021-09-06",
        0.0,
    ),
    ("gulbahar-falls", "Does Gulbahar fall by 31 August 2021?", "by", "2021-08-31", 0.52),
]


def ensemble(folder: Path, *, variant: str | None = None, shift: float = 0.0) -> SimpleNamespace:
    """Make the ensemble, its map layers written into `folder`; `shift` moves every probability."""
    made = apply_variant(scenario(), variant) if variant else scenario()
    write_layers(folder / "scenario" / "geo")
    return SimpleNamespace(
        path=folder,
        scenario=made,
        manifest={
            "scenario": identity(made),
            "seed": 7,
            "kernel": "made-up",
            "variant": variant,
            "campaigns": 2000,
            "failed": 3,
            "versions": {"fastness": "0.1.0", "python": "3.11", "numpy": "2.4"},
        },
        outcomes=outcomes(shift),
        summary=summary(made),
        series=series(made),
        draws=draws(),
        events=events(),
        answer=lambda: answer(made, shift),
    )


def draws() -> pd.DataFrame:
    """Invent what 2,000 campaigns drew: a belief in four steps, and a parameter that runs through each of them."""
    number = np.arange(2000)
    trust = {name: row.prior for name, row in registry().items() if name.startswith("information.")}
    return pd.DataFrame(
        {
            "campaign": number,
            "belief:nrf-strength": 2000.0 * (1 + number % 4),
            "parameter:unrest.volatility": 0.001 * (number // 4 % 25),
        }
        | {f"belief:{name}": 1.0 for name in scenario().beliefs if name != "nrf-strength"}
        | {f"parameter:{name}": float(quantile(prior, [0.5])[0]) for name, prior in trust.items()}
    )


def events() -> pd.DataFrame:
    """Invent what was logged: an offensive in every campaign, and the fall of Bazarak in each that has it."""
    fell = outcomes()[QUESTIONS[0][0]].to_numpy() >= 0
    log = pd.DataFrame({"campaign": np.arange(2000), "event": 0, "day": 5, "kind": "offensive-begins"})
    falls = log[fell].assign(event=1, day=10, kind="place-falls")
    both = pd.concat([log, falls]).sort_values(["campaign", "event"], ignore_index=True)
    both = both.assign(place="bazarak", side="taliban", amount=100.0, cause=both["event"] - 1)
    return both.astype({"kind": "category", "place": "category", "side": "category"})


def outcomes(shift: float = 0.0) -> pd.DataFrame:
    """Invent what happened: the defender has few men, the parameter is small, luck is bad."""
    drawn, number = draws(), np.arange(2000)
    weighed = 2 * (number % 4) / 4 + (number // 4 % 25) / 25 + number * 0.618034 % 1
    happens = {
        name: np.where(weighed < np.quantile(weighed, np.clip(base + shift, 0, 1)), 10, -1)
        for name, _, _, _, base in QUESTIONS
    }
    spent = np.where(number % 3 == 0, -1, 20 + number % 90)
    places = {f"food_out:{row[0]}": spent for row in PLACES}
    sides = {f"{kind}_out:{side}": spent for kind in ("food", "fuel", "ammunition") for side in ("nrf", "taliban")}
    return pd.DataFrame({"campaign": drawn["campaign"], "status": 0} | happens | places | sides)


def summary(made: Scenario) -> xr.Dataset:
    """Invent the daily summaries: places fall along logistic curves, stocks run down."""
    day = np.arange(DAYS)
    places, sides, routes = [p.id for p in made.places], list(made.sides), [r.id for r in made.routes]
    days_held = {row[0]: row[7] for row in PLACES}
    half = np.array([days_held.get(p.id, 40 if p.holder == "nrf" else 0) for p in made.places], float)
    held = np.where(half > 0, 1 / (1 + np.exp((day[:, None] - half) / (3 + half / 6))), 0.0)
    winter = np.clip((day - 70) / 40, 0, 1)[:, None]
    passes = np.array([0.9 if r.kind == "track" else 0.1 for r in made.routes])
    spread = np.array([0.4, 0.75, 1, 1.3, 1.9])
    coords = {"day": day, "place": places, "side": sides, "route": routes, "quantile": [0.05, 0.25, 0.5, 0.75, 0.95]}
    fighters = np.stack([6000 * np.exp(-day / 120), 9000 + 4000 * (1 - np.exp(-day / 30))], axis=-1)
    food = np.maximum(0, 60 - day[:, None] * np.linspace(0.3, 1.1, len(places)))
    shot = np.stack([np.maximum(0, 40 - day / 3), np.full(DAYS, 90.0)], axis=-1)

    def spreading(values: np.ndarray, units: str, name: str, last: str) -> tuple[tuple[str, ...], np.ndarray, dict]:
        data = (spread[:, None, None] * values[None]).astype(float)
        return ("quantile", "day", last), data, {"units": units, "long_name": name}

    return xr.Dataset(
        {
            "held": (("day", "place", "side"), np.stack([held, 1 - held], axis=-1), {"units": "1"}),
            "open": (("day", "route"), 1 - winter * passes, {"units": "1"}),
            "fighters": spreading(fighters, "persons", "fighters", "side"),
            "ammunition_days": spreading(shot, "days", "days of ammunition", "side"),
            "kcal": spreading(20 * food, "kcal/person/day", "energy eaten", "place"),
        },
        coords=coords,
    )


def series(made: Scenario) -> xr.Dataset:
    """Invent three campaigns: food plenty, running down and supplied; all held, lost on day 100, lost at once."""
    day, places = np.arange(DAYS), [p.id for p in made.places]
    courses = np.stack([np.full(DAYS, 50.0), np.maximum(0.0, 40 - day), np.full(DAYS, 365.0)])
    food = np.repeat(courses[:, :, None], len(places), axis=2)
    holder = np.zeros(food.shape, np.int8)
    holder[1, 100:] = holder[2] = 1
    return xr.Dataset(
        {
            "civil_food_days": (("campaign", "day", "place"), food, {"units": "days"}),
            "holder": (("campaign", "day", "place"), holder, {"units": "1"}),
        },
        coords={"campaign": [0, 1, 2], "day": day, "place": places},
    )


def answer(made: Scenario, shift: float) -> SimpleNamespace:
    """Invent the answer."""
    from fastness.analysis.words import likelihood_words

    questions = []
    for q, ask, when, last, base in QUESTIONS:
        p = min(1.0, max(0.0, base + shift))
        dates = ("2021-09-24", "2021-09-08", "2021-11-15") if when != "on" else (last, last, last)
        questions.append(
            SimpleNamespace(
                id=q,
                text=ask,
                probability=p,
                standard_error=0.011,
                low=max(0.0, p - 0.24),
                high=min(1.0, p + 0.19),
                low_error=0.03,
                high_error=0.04,
                words=likelihood_words(p),
                median_date=dates[0] if p else None,
                p5_date=dates[1] if p else None,
                p95_date=dates[2] if p else None,
                campaigns=2000,
            )
        )
    return SimpleNamespace(
        questions=questions,
        clocks=[
            clock("food_out:bazarak", "Civil food in Bazarak", 9, 19, 41, 21000, "food", place="bazarak"),
            clock("food_out:paryan", "Civil food in Paryan", 30, 71, None, 17000, "food", place="paryan"),
            clock("ammunition_out:nrf", "Ammunition of the National Resistance Front", 14, 38, 120, 6000, "ammunition"),
            clock("fuel_out:nrf", "Fuel of the National Resistance Front", 12, None, None, 6000, "fuel"),
        ],
        headline="Bazarak will likely fall before 1 December 2021 (62 %; 38–81 across inputs and models).",
        confidence="Confidence in these judgements is low: most claims come from the parties themselves.",
    )


def clock(
    i: str,
    text: str,
    p5: int,
    p50: int | None,
    p95: int | None,
    people: int,
    kind: str,
    place: str | None = None,
) -> SimpleNamespace:
    """Invent one siege clock."""
    share = 0.08 if p95 else 0.3 if p50 else 0.7
    return SimpleNamespace(
        id=i,
        text=text,
        place=place,
        side="nrf",
        kind=kind,
        p5=p5,
        p50=p50,
        p95=p95,
        unit="days",
        people=people,
        share_never=share,
    )


def write_layers(folder: Path) -> None:
    """Write a made-up relief with a corner missing, and two provinces."""
    folder.mkdir(parents=True)
    lon, lat = np.arange(66.5, 72.0, 0.0833), np.arange(33.8, 37.8, 0.0833)
    x, y = np.meshgrid(lon, lat)
    ridges = np.sin(9 * (x - y)) * np.cos(7 * (x + 0.4 * y)) + 0.5 * np.sin(23 * x + 11 * y)
    height = 1500 + 900 * ridges + 1800 * np.exp(-(((y - 35.6) / 0.5) ** 2))
    rows = [
        [None if v > 71.2 and w > 37.2 else round(float(h)) for v, h in zip(lon, r, strict=True)]
        for w, r in zip(lat, height, strict=True)
    ]
    relief = {"lon": lon.tolist(), "lat": lat.tolist(), "elevation_m": rows}
    (folder / "relief.json").write_text(json.dumps(relief))
    rings = [
        [[69.25, 35.15], [69.6, 35.15], [70.2, 35.5], [70.45, 36.0], [70.0, 35.8], [69.4, 35.45], [69.25, 35.15]],
        [[67.0, 35.3], [69.25, 35.15], [69.6, 34.9], [69.3, 34.2], [67.0, 34.4], [67.0, 35.3]],
    ]
    features = [
        {"type": "Feature", "properties": {"name": f"p{i}"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for i, ring in enumerate(rings)
    ]
    (folder / "provinces.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
