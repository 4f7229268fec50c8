"""The eight questions of the quick start, and reading what people answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from fastness.errors import Problem, ScenarioError

#: days of a scenario whose end is not said
LENGTH: Final = 120
METRES: Final = 1000  # height of a stronghold of which none is said
SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}  # first month, northern hemisphere
THINGS: Final = {
    "fighters inside": "fighters-inside",
    "fighters outside": "fighters-outside",
    "food": "food",
    "roadblock": "roadblock",
    "storm": "storm",
}
FACTS: Final = ("roadblock", "storm")


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the eight questions: its id, what is asked, an example that is also the default, and how to write it."""

    id: str
    ask: str
    example: str
    note: str


QUESTIONS: Final = (
    Asked("who", "Who is enclosed, and who encloses them?", "Valley Front / Army", "Both, with a slash between them."),
    Asked("where", "Where is the stronghold?", "Stone Valley, 35.3, 69.5, 2100 m",
          "Its name, latitude, longitude, and its height if you know it."),
    Asked("fighters", "How many fighters are inside, and how many outside?", "400 / 1000-4000",
          "One number or a range each; a range is 5 to 95 %."),
    Asked("roads", "What ways lead to it?", "road to Millford 20 km; track to Saltmarket 30 km over 3000 m",
          "Each road or track with its other end and its length. The besieger stands at the end of the first."),
    Asked("food", "For how many days have households food?", "20-60", "One number or a range."),
    Asked("help", "Who outside might help the enclosed?", "nobody", "Nobody, or names with a chance: Neighbour 20 %."),
    Asked("season", "When does it begin?", "2001-09-01 to 2001-12-31",
          "First day, and last if you like; or a season and a year: autumn 2001."),
    Asked("disputed", "What is disputed, and who says what?",
          "fighters outside: 4000 says Army, 1200 says a villager; roadblock: yes says Army",
          "Of fighters inside, fighters outside, food, roadblock, storm; or nothing."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or a range of 5 to 95 %."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The geometric mean of the ends."""
        return self.low if self.low == self.high else (self.low * self.high) ** 0.5


@dataclass(frozen=True, slots=True)
class Road:
    """One way to the stronghold; `metres` is its highest point, None where it was not said."""

    kind: Literal["road", "track"]
    end: str
    end_name: str
    km: float
    metres: float | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who says something."""

    id: str
    name: str
    grade: str
    interest: str


@dataclass(frozen=True, slots=True)
class Said:
    """One claim: `value` for a quantity, `yes` for a fact."""

    thing: str
    belief: str
    source: str
    words: str
    value: float | None = None
    yes: bool = True


@dataclass
class Answers:
    """Eight answers, understood."""

    defender: str = ""
    defender_name: str = ""
    besieger: str = ""
    besieger_name: str = ""
    place: str = ""
    place_name: str = ""
    lat: float = 0.0
    lon: float = 0.0
    metres: float = METRES
    metres_assumed: bool = True
    inside: Amount = Amount(1, 1)
    outside: Amount = Amount(1, 1)
    roads: list[Road] = field(default_factory=list)
    food: Amount = Amount(30, 30)
    patrons: list[tuple[str, str, float]] = field(default_factory=list)
    start: date = date.min
    end: date = date.min
    disputed: list[str] = field(default_factory=list)
    sources: list[Speaker] = field(default_factory=list)
    claims: list[Said] = field(default_factory=list)


def read_answers(answers: Mapping[str, str]) -> Answers:
    """Understand eight answers; an empty one means the example.

    Raises
    ------
    ScenarioError
        FS193 for each answer that cannot be understood.
    """
    made, problems = Answers(), []
    for asked in QUESTIONS:
        words = " ".join(answers.get(asked.id, "").split()) or asked.example
        try:
            _READ[asked.id](made, words)
        except ValueError as fault:
            problems.append(Problem("FS193", f"{fault}, is '{words[:100]}'", asked.id, hint=f"such as {asked.example}"))
    if problems:
        raise ScenarioError(problems)
    return made


def check_answer(question: str, words: str) -> str:
    """Return what is wrong with one answer by itself, or nothing."""
    try:
        _READ[question](Answers(), " ".join(words.split()))
    except ValueError as fault:
        return str(fault)
    return ""


def slug(words: str) -> str:
    """Return an id for a name."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:50]


def _named(words: str) -> tuple[str, str]:
    name = words.strip()
    if not slug(name):
        message = "a name has to have letters of the Latin alphabet or digits"
        raise ValueError(message)
    return slug(name), name


def _who(made: Answers, words: str) -> None:
    parts = [part for part in words.split("/") if part.strip()]
    if len(parts) != 2:
        message = "must be two names with a slash between them"
        raise ValueError(message)
    made.defender, made.defender_name = _named(parts[0])
    made.besieger, made.besieger_name = _named(parts[1])
    if made.defender == made.besieger:
        message = "must be two different names"
        raise ValueError(message)


def _where(made: Answers, words: str) -> None:
    found = re.fullmatch(r"(.+?)[, ]+(-?\d+(?:\.\d+)?)[, ]+(-?\d+(?:\.\d+)?)(?:[, ]+(-?\d+(?:\.\d+)?) ?m)?", words)
    if found is None or abs(float(found[2])) > 85 or abs(float(found[3])) > 180:
        message = "must be a name, a latitude and a longitude"
        raise ValueError(message)
    made.place, made.place_name = _named(found[1])
    made.lat, made.lon = float(found[2]), float(found[3])
    if found[4] is not None:
        made.metres, made.metres_assumed = float(found[4]), False


def _amount(words: str) -> Amount:
    plain = re.sub(r"(?<=\d)[, ](?=\d{3})", "", words.strip())
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?: ?(?:-|–|to) ?(\d+(?:\.\d+)?))?(?: days| fighters| men)?", plain)
    low, high = (float(found[1]), float(found[2] or found[1])) if found else (0.0, 0.0)
    if not 0 < low <= high <= 1e7:
        message = "must be a number above 0 or a rising range"
        raise ValueError(message)
    return Amount(low, high)


def _fighters(made: Answers, words: str) -> None:
    parts = words.split("/")
    if len(parts) != 2:
        message = "must be two numbers with a slash between them"
        raise ValueError(message)
    made.inside, made.outside = _amount(parts[0]), _amount(parts[1])


def _roads(made: Answers, words: str) -> None:
    for part in filter(str.strip, words.split(";")):
        found = re.fullmatch(
            r"(road|track) (?:to )?(.+?),? (\d+(?:\.\d+)?) ?km(?:,? over (\d+) ?m)?", part.strip(), re.IGNORECASE
        )
        if found is None or not 0 < float(found[3]) <= 1000:
            message = "each way must be road or track, its other end, and its length in km"
            raise ValueError(message)
        end, name = _named(found[2])
        kind: Literal["road", "track"] = "road" if found[1].lower() == "road" else "track"
        made.roads.append(Road(kind, end, name, float(found[3]), float(found[4]) if found[4] else None))
    names = [road.end for road in made.roads]
    if not names or len(set(names)) < len(names) or made.place in names:
        message = "must be at least one way, each to another place"
        raise ValueError(message)


def _food(made: Answers, words: str) -> None:
    made.food = _amount(words)
    if made.food.high > 1000:
        message = "must be at most 1000 days"
        raise ValueError(message)


def _help(made: Answers, words: str) -> None:
    if words.lower() in ("nobody", "none", "no one", "nothing"):
        return
    for part in re.split(r"[;,]", words):
        found = re.fullmatch(r"(.+?),? (\d+(?:\.\d+)?) ?%", part.strip())
        if found is None or float(found[2]) > 100:
            message = "must be nobody, or names with a chance in %"
            raise ValueError(message)
        made.patrons.append((*_named(found[1]), float(found[2]) / 100))


def _season(made: Answers, words: str) -> None:
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?: ?(?:to|-|–) ?(\d{4}-\d{2}-\d{2}))?", words)
    season = re.fullmatch(r"(spring|summer|autumn|winter) (\d{4})", words.lower())
    if found:
        made.start = date.fromisoformat(found[1])
        made.end = date.fromisoformat(found[2]) if found[2] else made.start + timedelta(days=LENGTH)
    elif season:
        made.start = date(int(season[2]), SEASONS[season[1]], 1)
        made.end = made.start + timedelta(days=LENGTH)
    if not made.start < made.end <= made.start + timedelta(days=1500):
        message = "must be a first day and a later last day, or a season and a year"
        raise ValueError(message)


def _disputed(made: Answers, words: str) -> None:
    if words.lower() in ("nothing", "none", "nobody"):
        return
    for part in filter(str.strip, words.split(";")):
        thing, _, claims = (each.strip() for each in part.partition(":"))
        if thing.lower() not in THINGS:
            message = f"must be about {', '.join(THINGS)}, or nothing"
            raise ValueError(message)
        made.disputed.append(THINGS[thing.lower()])
        for claim in filter(str.strip, re.split(r",(?!\d{3})", claims)):
            _claim(made, thing.lower(), claim.strip())


def _claim(made: Answers, thing: str, words: str) -> None:
    found = re.fullmatch(r"(.+?),? says (.+)", words)
    if found is None:
        message = "each claim must say what and who, as in '4000 says Army'"
        raise ValueError(message)
    name, title = _named(found[2])
    if name not in [source.id for source in made.sources]:
        interest = {made.defender: "defender", made.besieger: "besieger"}.get(name, "unknown")
        made.sources.append(Speaker(name, title, "C" if interest == "unknown" else "D", interest))
    said = found[1].strip()
    if thing in FACTS:
        if said.lower() not in ("yes", "no"):
            message = f"of {thing} one can say yes or no"
            raise ValueError(message)
        made.claims.append(Said(thing, THINGS[thing], name, f"{said}, says {title}", yes=said.lower() == "yes"))
    else:
        value = _amount(said).middle
        made.claims.append(Said(thing, THINGS[thing], name, f"{said}, says {title}", value=value))


_READ: Final[Mapping[str, Callable[[Answers, str], None]]] = {
    "who": _who, "where": _where, "fighters": _fighters, "roads": _roads, "food": _food, "help": _help,
    "season": _season, "disputed": _disputed,
}  # fmt: skip
