"""A first scenario from eight answers: what was said, what was assumed instead of asking, and a file that says both.

Nothing is invented about evidence: a claim is in the scenario only if an answer says who makes it.
"""

import json
import math
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastness.scenario.library import write_new
from fastness.scenario.quick_answers import Answers, Road, Said, read_answers
from fastness.scenario.schema import field_table

#: what is assumed where nothing was asked; every one is listed beside the scenario
PEOPLE_PER_FIGHTER: Final = 10
FOOD_KG, AMMUNITION_KG = 45, 55  # lying ready for each fighter
SUPPLY_KG: Final = 4  # military supply that reaches the besieger, for each fighter and day
TIMES: Final = 2  # a disputed single number is undercut or exceeded by this factor in one case of twenty each
EVEN: Final = 0.5  # chance of a fact on which nothing is known
CAPACITY: Final = {"road": 120, "track": 3}  # t/day
FRONTAGE_KM: Final = {"road": 0.8, "track": 0.2}
SNOW_M: Final = 2500  # routes that go higher are shut by snow once a year
MARKET_T: Final = {"road": 20, "track": 5}  # food that traders at a way's other end can send, t/day
DIRECTNESS: Final = 0.8  # distance as the crow flies, for each km of the way
CAMP_PEOPLE: Final = 5000
SYMPATHY: Final = 0.6
AID_T: Final = 2
KM_PER_DEGREE: Final = 111.32


@dataclass(frozen=True, slots=True)
class Default:
    """A value that nobody was asked for: where it stands, what it is, and why it is that."""

    path: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Quick:
    """A scenario made of eight answers: the text of its file, and every default in it."""

    text: str
    defaults: tuple[Default, ...]


def quick(answers: Mapping[str, str]) -> Quick:
    """Make a scenario of eight answers.

    Parameters
    ----------
    answers : mapping
        What was typed, by the ids of `quick_answers.QUESTIONS`; an empty answer means the example.

    Raises
    ------
    ScenarioError
        FS193 for each answer that cannot be understood.
    """
    return _Maker(read_answers(answers)).make()


def write_quick(folder: str | Path, answers: Mapping[str, str]) -> Quick:
    """Make a scenario of eight answers and write it into a new folder; errors as `quick` and `write_new`."""
    made = quick(answers)
    with tempfile.TemporaryDirectory(prefix="fastness-quick-") as workshop:
        file = Path(workshop) / "quick.yaml"
        file.write_text(made.text, encoding="utf-8")
        write_new(folder, file)
    return made


class _Maker:
    """Writes the scenario, and notes each default as it is used."""

    def __init__(self, answers: Answers) -> None:
        self.said = answers
        self.defaults: list[Default] = []
        self.written: dict[str, set[str]] = {}
        self.ends = [_apart(road.end, (answers.defender, answers.besieger)) for road in answers.roads]
        self.home = _apart(answers.place, (answers.defender, answers.besieger))

    def default(self, path: str, value: object, why: str) -> object:
        """Note a default and return it."""
        self.defaults.append(Default(path, str(value), why))
        return value

    def make(self) -> Quick:
        """Write all parts."""
        parts = [
            self._head(), self._sides(), self._places(), self._routes(), self._forces(), self._stocks(),
            self._patrons(), self._evidence(), self._plans(), self._questions(),
        ]  # fmt: skip
        text = "\n".join(part for part in parts if part)
        return Quick(text, (*self.defaults, *self._unwritten()))

    def _head(self) -> str:
        said = self.said
        title = f"{said.place_name}, {said.start.isoformat()}"
        summary = (
            f"{said.defender_name} holds {said.place_name}; {said.besieger_name} encloses it. "
            "A first draft made of eight answers; the list of its defaults says what nobody was asked."
        )
        why = "nothing later may be used; the day before anything happens is the best there is"
        self.default("clock.as_of", said.start.isoformat(), why)
        return (
            "# A first draft, made of eight answers. `fastness new` listed what was not asked for: change that first.\n"
            f"fastness: 1\ntitle: {_text(title)}\nsummary: {_text(summary)}\n"
            f"clock: {{start: {said.start}, end: {said.end}, as_of: {said.start}}}\n"
        )

    def _sides(self) -> str:
        said = self.said
        self.written["sides"] = {"name", "role", "home"}
        return (
            "sides:\n"
            f"  {said.defender}: {{name: {_text(said.defender_name)}, role: defender, home: {self.home}}}\n"
            f"  {said.besieger}: {{name: {_text(said.besieger_name)}, role: besieger, home: {self.ends[0]}}}\n"
        )

    def _places(self) -> str:
        said = self.said
        people = self.default(
            f"places.{self.home}.population", round(PEOPLE_PER_FIGHTER * said.inside.middle),
            f"{PEOPLE_PER_FIGHTER} people for each fighter",
        )  # fmt: skip
        rows = [
            {"id": self.home, "name": said.place_name, "lon": said.lon, "lat": said.lat, "elevation_m": said.metres,
             "population": people, "terrain": "rugged", "holder": said.defender, "inside": True,
             "food_days": round(said.food.middle), "sympathy": SYMPATHY}
        ]  # fmt: skip
        self.default(f"places.{self.home}.sympathy", SYMPATHY, "most people of a stronghold side with it")
        self.default(f"places.{self.home}.terrain", "rugged", "strongholds mostly are")
        if said.metres_assumed:
            self.default(f"places.{self.home}.elevation_m", said.metres, "no height was given")
        for number, (road, end) in enumerate(zip(said.roads, self.ends, strict=True)):
            rows.append(self._end(number, road, end))
        self.written["places"] = set(rows[0]) | {"market_t_per_day"}
        return "# The stronghold, and a place at the other end of each way.\nplaces:\n" + _rows(rows)

    def _end(self, number: int, road: Road, end: str) -> dict[str, object]:
        said = self.said
        bearing = math.radians(180 + 360 * number / len(said.roads))
        away = DIRECTNESS * road.km / KM_PER_DEGREE
        lat = round(said.lat + away * math.cos(bearing), 3)
        lon = round(said.lon + away * math.sin(bearing) / max(math.cos(math.radians(said.lat)), 0.1), 3)
        self.default(f"places.{end}.lon, lat", f"{lon}, {lat}", "as far as the way is long, directions spread evenly")
        row: dict[str, object] = {"id": end, "name": road.end_name, "lon": lon, "lat": lat}
        row["elevation_m"] = self.default(f"places.{end}.elevation_m", said.metres, "as high as the stronghold")
        if number == 0:
            row["population"] = self.default(f"places.{end}.population", CAMP_PEOPLE, "a small town")
            row["holder"] = said.besieger
            self.default(f"places.{end}.holder", said.besieger, "the besieger stands at the end of the first way")
        market = MARKET_T[road.kind]
        row["market_t_per_day"] = self.default(f"places.{end}.market_t_per_day", market, "what traders there can send")
        return row

    def _routes(self) -> str:
        rows = []
        for number, (road, end) in enumerate(zip(self.said.roads, self.ends, strict=True)):
            name = f"{self.home}-{end}"
            row: dict[str, object] = {
                "id": name, "name": f"{self.said.place_name} to {road.end_name}", "from": self.home, "to": end,
                "length_km": road.km, "kind": road.kind, "highest_point_m": road.metres or self.said.metres,
            }  # fmt: skip
            if road.metres is None:
                self.default(f"routes.{name}.highest_point_m", self.said.metres, "no height was given")
            what = {"capacity_t_per_day": CAPACITY[road.kind], "frontage_km": FRONTAGE_KM[road.kind]}
            for field, value in what.items():
                row[field] = self.default(f"routes.{name}.{field}", value, f"usual for a {road.kind}")
            high = (road.metres or 0) >= SNOW_M
            row["season"] = self.default(
                f"routes.{name}.season", "winter" if high else "open", f"snow shuts what goes over {SNOW_M} m"
            )
            if number == len(self.said.roads) - 1:
                row |= {"blocked_by": self.said.besieger, "blocked": 0}
            rows.append(row)
        self.written["routes"] = set(rows[-1])
        return "routes:\n" + _rows(rows)

    def _forces(self) -> str:
        said = self.said
        rows = [
            {"id": "defenders", "side": said.defender, "place": self.home, "fighters": round(said.inside.middle)},
            {"id": "besiegers", "side": said.besieger, "place": self.ends[0], "fighters": round(said.outside.middle)},
        ]
        self.written["forces"] = set(rows[0])
        self.default("forces.besiegers.place", self.ends[0], "all of them stand at the end of the first way")
        return "forces:\n" + _rows(rows)

    def _stocks(self) -> str:
        said, rows = self.said, []
        for name, side, place, men in (
            ("defenders-store", said.defender, self.home, said.inside.middle),
            ("besiegers-store", said.besieger, self.ends[0], said.outside.middle),
        ):
            row: dict[str, object] = {"id": name, "side": side, "place": place}
            for field, kilograms in (("food_t", FOOD_KG), ("ammunition_t", AMMUNITION_KG)):
                tonnes = round(men * kilograms / 1000, 1)
                row[field] = self.default(f"stocks.{name}.{field}", tonnes, f"{kilograms} kg for each fighter")
            if side == said.besieger:
                tonnes = round(men * SUPPLY_KG / 1000, 1)
                row["supply_t_per_day"] = self.default(
                    f"stocks.{name}.supply_t_per_day", tonnes, f"{SUPPLY_KG} kg a day for each fighter"
                )
            rows.append(row)
        self.written["stocks"] = set(rows[-1])
        return "stocks:\n" + _rows(rows)

    def _patrons(self) -> str:
        rows: list[dict[str, object]] = []
        for name, title, chance in self.said.patrons:
            row: dict[str, object] = {
                "id": name, "name": title, "motive": "not said", "favours": self.said.defender, "aid": chance,
            }  # fmt: skip
            if len(self.ends) > 1:
                row["through"] = self.default(f"patrons.{name}.through", self.ends[-1], "the last way that was named")
            else:
                row["by_air"] = self.default(f"patrons.{name}.by_air", True, "the besieger stands on the only way")
            row["aid_t_per_day"] = self.default(f"patrons.{name}.aid_t_per_day", AID_T, "some lorries a week")
            rows.append(row)
        if rows:
            self.written["patrons"] = set(rows[0])
        return "patrons:\n" + _rows(rows) if rows else ""

    def _evidence(self) -> str:
        """Write sources, claims and beliefs: what is disputed, what was given as a range, and whether they storm."""
        said = self.said
        sources: list[dict[str, object]] = [
            {
                "id": s.id,
                "grade": s.grade,
                "interest": s.interest,
                "origin": s.id,
                "date": str(said.start),
                "note": s.name,
            }
            for s in said.sources
        ]
        for source in said.sources:
            why = "speaks for a side" if source.grade == "D" else "nothing is known of it"
            self.default(f"sources.{source.id}.grade", source.grade, why)
        claims = [self._claim(number, each) for number, each in enumerate(said.claims, 1)]
        parts = ["sources:\n" + _rows(sources) + "claims:\n" + _rows(claims)] if claims else []
        return "".join([*parts, "# What is not known, before any claim is weighed in.\nbeliefs:\n", *self._beliefs()])

    def _claim(self, number: int, claim: Said) -> dict[str, object]:
        grade = self.default(f"claims.Q{number:02}.item_grade", 3, "possibly true: nothing else is known")
        row: dict[str, object] = {
            "id": f"Q{number:02}", "date": str(self.said.start), "kind": "claim", "source": claim.source,
            "statement": f"{claim.thing}: {claim.words}", "item_grade": grade, "binds": "belief",
            "target": claim.belief,
        }  # fmt: skip
        if claim.value is None:
            return row | {"stance": "supports" if claim.yes else "denies"}
        return row | {"value": claim.value}

    def _beliefs(self) -> list[str]:
        said, parts = self.said, []
        disputed = {claim.belief for claim in said.claims} | set(said.disputed)
        for name, path, unit, amount in (
            ("fighters-inside", "forces.defenders.fighters", "persons", said.inside),
            ("fighters-outside", "forces.besiegers.fighters", "persons", said.outside),
            ("food", f"places.{self.home}.food_days", "days", said.food),
        ):
            if amount.low < amount.high:
                parts.append(
                    _quantity(name, path, unit, (amount.low, amount.middle, amount.high), "the answer's range")
                )
            elif name in disputed:
                levels = (amount.middle / TIMES, amount.middle, amount.middle * TIMES)
                why = f"disputed, and given as one number: a factor of {TIMES} either way"
                self.default(f"beliefs.{name}", f"{_round(levels[0])} to {_round(levels[2])}", why)
                parts.append(_quantity(name, path, unit, levels, why))
        if "roadblock" in disputed:
            self.default("beliefs.roadblock.chance", EVEN, "even odds before any claim")
            parts.append(_fact("roadblock", f"routes.{self.home}-{self.ends[-1]}.blocked"))
        self.default("beliefs.storm.chance", EVEN, "even odds before any claim")
        return [*parts, _fact("storm", "")]

    def _plans(self) -> str:
        said, camp = self.said, self.ends[0]
        delay = self.default("plans: days from wanting to storm to doing it", "3, 12, 40", "5, 50 and 95 %")
        self.default("plans: share that is sent", "0.8 to storm, 0.6 to wait, all to defend", "usual orders")
        held = f'holder({json.dumps(self.home)}) == "{said.besieger}"'
        p5, p50, p95 = str(delay).split(", ")
        return f"""# The first block whose condition holds is in force.
plans:
  {said.besieger}:
    - intent: hold what was taken
      if: {held}
      orders: {{hold: {{{self.home}: 2, {camp}: 1}}, commit: 0.6}}
    - intent: storm the stronghold
      if: truth("storm")
      delay: {{p5: {p5}, p50: {p50}, p95: {p95}}}
      orders: {{hold: {{{camp}: 1}}, blockade: [{camp}], assault: {self.home}, axes: [{camp}], commit: 0.8}}
    - intent: wait before it
      orders: {{hold: {{{camp}: 1}}, blockade: [{camp}], commit: 0.6}}
  {said.defender}:
    - intent: keep the stronghold
      orders: {{hold: {{{self.home}: 1}}, commit: 1}}
"""

    def _questions(self) -> str:
        said = self.said
        where, last = json.dumps(self.home), said.end
        name = said.place_name
        return f"""questions:
  stands:
    ask: {_text(f"Does {said.defender_name} still hold {name} on {last}?")}
    statement: {_text(f"{said.defender_name} still holds {name} on {last}")}
    holds: holder({where}) == "{said.defender}"
    on: {last}
  bread-short:
    ask: {_text(f"Have the households of {name} less than a week's bread left on a day up to {last}?")}
    statement: {_text(f"less than a week's bread is left in {name}")}
    holds: food_days({where}) < 7
    by: {last}
    people: {self.home}
missing:
  - Everything that eight answers do not say.
"""

    def _unwritten(self) -> list[Default]:
        """Return the defaults of fields that the scenario does not write at all, from the schema."""
        found = []
        for part, written in self.written.items():
            found += [
                Default(f"{part}.*.{row.name}", row.default.strip('"'), row.about)
                for row in field_table(part)
                if row.name not in written and row.default not in ("", "null", "empty")
            ]
        from fastness.parameters import registry

        found.append(
            Default("parameters", f"{len(registry())} priors", "numbers of the model, drawn for each campaign")
        )
        return found


def _apart(name: str, sides: tuple[str, str]) -> str:
    """Return an id that is none of the sides'."""
    return f"{name}-place" if name in sides else name


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _round(value: float) -> float:
    return int(value) if value == int(value) else round(value, 1)


def _rows(rows: list[dict[str, object]]) -> str:
    return "".join("  - {" + ", ".join(f"{key}: {_value(each)}" for key, each in row.items()) + "}\n" for row in rows)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = isinstance(value, str) and not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9-]*", value)
    dated = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    return _text(str(value)) if plain and not dated else str(value)


def _quantity(name: str, path: str, unit: str, levels: tuple[float, float, float], why: str) -> str:
    p5, p50, p95 = (_round(level) for level in levels)
    return (
        f"  {name}:\n    sets: {path}\n    p5: {p5}\n    p50: {p50}\n    p95: {p95}\n    unit: {unit}\n"
        f"    source: quick start\n    why: {_text(why)}\n"
    )


def _fact(name: str, path: str) -> str:
    sets = f"    sets: {path}\n" if path else ""
    return (
        f"  {name}:\n{sets}    chance: {EVEN} # default\n    source: quick start\n    why: nothing was asked about it\n"
    )
