"""What a person writes: the frozen pydantic models of a scenario, one class per noun of the vocabulary.

Field types carry their unit (`fastness.units.Quantity`), so `"50 mi"` is converted and dimension-checked, and the JSON
Schema and the field tables of the documentation are generated from here. Cross-references are checked in `check.py`.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

from fastness.scenario.fields import (
    BeliefId,
    ClaimId,
    ClockDay,
    EvidenceDay,
    Id,
    Level,
    Number,
    Paths,
    PlaceId,
    RouteId,
    Scalar,
    SideId,
    SourceId,
    Text,
    VariantId,
)
from fastness.units import Day, Quantity, Whole, YesNo

Share = Annotated[float, Quantity("1", ge=0, le=1)]
Persons = Annotated[float, Quantity("persons", ge=0, le=2e9)]
Count = Annotated[float, Quantity("1", ge=0, le=1e6)]
Tonnes = Annotated[float, Quantity("t", ge=0, le=1e9)]
TonnesPerDay = Annotated[float, Quantity("t/day", ge=0, le=1e7)]
Metres = Annotated[float, Quantity("m", ge=-500, le=9000)]
Kilometres = Annotated[float, Quantity("km", ge=0, le=5000)]
Days = Annotated[float, Quantity("days", ge=0, le=365)]


class Part(BaseModel):
    """Base of every part of a scenario: frozen, and an unknown key is an error.

    Python code names fields by attribute (`start`); files only by the written name (`from`).
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True, populate_by_name=True
    )


class Clock(Part):
    """When the campaigns start and end, and the last day of evidence."""

    start: Day = Field(description="first day of the campaigns")
    end: Day = Field(description="last day of the campaigns")
    as_of: Day = Field(description="last day of evidence: nothing later may inform the scenario; not after the start")


class Side(Part):
    """A party that holds ground and fights."""

    name: Text
    role: Literal["defender", "besieger"] = Field(description="who is enclosed, who encloses")
    home: PlaceId = Field(description="place where its reserve and recruits arrive, and where it retreats to last")
    reserve: Persons = Field(default=0, description="fighters elsewhere in the country, off the map")
    reserve_population: Persons = Field(
        default=0, description="people elsewhere in the country whom the reserve has to hold"
    )
    pilots: Share = Field(1, description="trained crews for its aircraft: 1 yes, 0 no (a belief may set it)")
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None


class Place(Part):
    """A node of the map: a town, a valley, a pass, a border crossing."""

    id: Id
    name: Text
    lon: Annotated[float, Quantity("deg", ge=-180, le=180)]
    lat: Annotated[float, Quantity("deg", ge=-90, le=90)]
    elevation_m: Metres
    population: Persons = 0
    terrain: Literal["flat", "rolling", "rugged", "urban"] = "rolling"
    holder: SideId | None = Field(default=None, description="side in control on the first day; empty: nobody")
    district_of: Text | None = Field(
        default=None, description="province whose district centre this is; empty: not a district centre"
    )
    inside: YesNo = Field(default=False, description="part of the stronghold whose prospects are asked about")
    food_days: Annotated[float, Quantity("days", ge=0, le=1000)] = Field(
        default=30, description="household food on the first day"
    )
    market_t_per_day: TonnesPerDay = Field(
        default=0, description="food that traders can send out from here, a source of civil supply"
    )
    unrest: Share = Field(default=0.05, description="unrest against the holder on the first day, 0 calm to 1 revolt")
    sympathy: Share = Field(default=0.1, description="share of people who would side with the defenders")


class Route(Part):
    """A way between two places."""

    id: Id
    name: Text
    start: PlaceId = Field(alias="from", description="place at one end")
    end: PlaceId = Field(alias="to", description="place at the other end")
    length_km: Kilometres
    capacity_t_per_day: TonnesPerDay
    highest_point_m: Metres
    frontage_km: Annotated[float, Quantity("km", ge=0, le=100)] = Field(
        description="width on which an assault along it can deploy"
    )
    kind: Literal["road", "track"] = "road"
    season: Literal["open", "closures", "winter"] = Field(
        default="open",
        description="open: all year; closures: storms close it for hours to days; winter: snow shuts it once a year",
    )
    blocked_by: SideId | None = Field(
        default=None, description="side whose roadblock stops the other side on the first day"
    )
    blocked: Share = Field(
        default=0, description="chance or state of that roadblock on the first day (a belief may set it)"
    )


class Force(Part):
    """Fighters of a side at a place on the first day, or arriving later."""

    id: Id
    side: SideId
    place: PlaceId
    fighters: Persons
    quality: Annotated[float, Quantity("1", gt=0, le=10)] = Field(
        default=1, description="fighting power per fighter relative to the campaign's draw"
    )
    vehicles: Count = 0
    armour: Count = 0
    artillery: Count = 0
    aircraft: Count = 0
    arrives: ClockDay | None = Field(default=None, description="first day at the place; empty: there at the start")
    needs: BeliefId | None = Field(default=None, description="yes/no belief that must be true for it to arrive")


class Stock(Part):
    """What a side's fighters live and shoot from at a place."""

    id: Id
    side: SideId
    place: PlaceId
    food_t: Tonnes = 0
    fuel_t: Tonnes = 0
    ammunition_t: Tonnes = 0
    supply_t_per_day: TonnesPerDay = Field(
        default=0, description="military supply that enters the map here for this side"
    )


class Source(Part):
    """Who says something, how reliable, and with what interest."""

    id: Id
    grade: Literal["A", "B", "C", "D", "E", "F"]
    interest: Literal["none", "unknown", "defender", "besieger", "withdrawing"] = "none"
    origin: Id = Field(description="claims of one origin are not independent")
    date: EvidenceDay
    note: str = ""


class Claim(Part):
    """One sourced statement, and what it informs."""

    id: ClaimId
    date: EvidenceDay
    statement: Text
    binds: Literal["belief", "parameter", "entry", "context", "awaits"]
    target: str | None = Field(
        default=None,
        description="belief id, parameter name, entry path (places.kabul.population) or mechanism that awaits it (M15)",
    )
    stance: Literal["supports", "denies"] = "supports"
    value: Number | None = Field(default=None, description="a single value, in the unit of the target")
    low: Number | None = Field(default=None, description="lower end (5 %) of a range")
    high: Number | None = Field(default=None, description="upper end (95 %) of a range")
    words: str | None = Field(
        default=None, description="a quantity in words ('a few thousand'), mapped by the table that the report shows"
    )
    kind: Literal["established", "claim", "judgement", "unknown"]
    source: SourceId
    item_grade: Annotated[Whole, Field(ge=1, le=6)] = Field(description="1 confirmed by others, 6 cannot be judged")
    reason: str = Field(default="", description="why it is context, or what it awaits; any note on how it is read")


class Belief(Part):
    """An uncertain quantity (p5/p50/p95) or fact (chance) before the claims on it are pooled in."""

    sets: Paths = Field(
        default=(), description="path(s) of the scenario that it sets; several: their total, shared as in the tables"
    )
    unit: str = Field(default="1", description="unit of the percentiles, that of the field it sets")
    p5: Level | None = None
    p50: Level | None = None
    p95: Level | None = None
    chance: Share | None = Field(default=None, description="prior probability that the fact is true")
    scale: Literal["ln", "logit", "linear"] | None = Field(
        default=None, description="empty: ln for positive quantities, logit for shares"
    )
    said_if_true: dict[SourceId, Share] = Field(
        default_factory=dict, description="per source: P(it says so | true), where elicited"
    )
    said_if_false: dict[SourceId, Share] = Field(
        default_factory=dict, description="per source: P(it says so | false), where elicited"
    )
    date: EvidenceDay | None = Field(
        default=None, description="date of the newest evidence behind the prior; not after as_of"
    )
    source: Text
    why: Text


class Window(Part):
    """A dated episode outside the fighting, such as an evacuation, that holds a side back while it lasts."""

    name: Text
    start: Day | None = Field(default=None, alias="from", description="first day; empty: running at the start")
    until: ClockDay = Field(description="last day")
    restrains: SideId | None = Field(
        default=None, description="side whose assaults it may hold back (M17, a rival hypothesis)"
    )
    why: Text


class Delay(Part):
    """How long a side takes from seeing a condition to acting on it."""

    p5: Days
    p50: Days
    p95: Days


class Orders(Part):
    """What a plan block tells a side to do while it is active."""

    hold: dict[PlaceId, Annotated[float, Quantity("1", gt=0)]] = Field(
        default_factory=dict, description="places to garrison, with weights"
    )
    blockade: tuple[PlaceId, ...] = Field(
        default=(), description="places to garrison from which enemy and civil traffic of the stronghold is stopped"
    )
    assault: PlaceId | None = Field(default=None, description="place to take; places on the way are taken first")
    axes: tuple[PlaceId, ...] = Field(default=(), description="places where the assault assembles; one axis each")
    block: tuple[RouteId, ...] = Field(default=(), description="routes to close with roadblocks")
    raid: tuple[PlaceId, ...] = Field(default=(), description="places whose enemy garrison guerrillas raid")
    commit: Share = Field(default=0.5, description="share of what is deployable that is sent")
    ration: Share = Field(default=1, description="share of the full ration that fighters and people eat")
    disperse: YesNo = Field(default=False, description="leave the ground and fight on as guerrillas")


class Block(Part):
    """One block of a plan: the first whose dates and condition hold is in force."""

    intent: Text
    start: ClockDay | None = Field(default=None, alias="from", description="first day on which it may come into force")
    until: ClockDay | None = Field(default=None, description="last day on which it may be in force")
    condition: str | None = Field(default=None, alias="if", description="expression that must be true; empty: always")
    delay: Delay | None = None
    orders: Orders


class Question(Part):
    """A resolvable statement. Exactly one of by (inclusive), before (exclusive) or on says when."""

    ask: Text
    holds: str = Field(description="expression that is true or false on a day")
    by: ClockDay | None = Field(default=None, description="last day that counts")
    before: ClockDay | None = Field(default=None, description="first day that no longer counts")
    on: ClockDay | None = Field(default=None, description="the one day that counts")
    start: ClockDay | None = Field(
        default=None, alias="from", description="first day that counts, with by or before; empty: the clock's start"
    )
    people: Text | None = Field(default=None, description="place whose people the question counts")


class Variant(Part):
    """A scenario with something changed: paths and their new values."""

    title: Text
    extends: VariantId | None = None
    changes: dict[str, Scalar] = Field(
        default_factory=dict, description="path (routes.salang.blocked) and its new value"
    )
    why: str = ""


class Record(Part):
    """What a run keeps of each campaign's course."""

    campaigns: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=500, description="campaigns whose daily series are kept"
    )


class Layer(Part):
    """A file of `geo/` drawn under the map."""

    file: Annotated[str, StringConstraints(pattern=r"^geo/[a-z0-9-]+\.(geo)?json$")]
    kind: Literal["outline", "relief"]
    licence: Text
    attribution: Text


class Scenario(Part):
    """Everything a person writes, checked and frozen; `fastness.load` makes one."""

    fastness: Literal[1]
    title: Text
    summary: str = ""
    clock: Clock
    sides: dict[Id, Side]
    places: tuple[Place, ...]
    routes: tuple[Route, ...] = ()
    forces: tuple[Force, ...] = ()
    stocks: tuple[Stock, ...] = ()
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    beliefs: dict[Id, Belief] = Field(default_factory=dict)
    windows: dict[Id, Window] = Field(default_factory=dict)
    plans: dict[SideId, tuple[Block, ...]] = Field(default_factory=dict)
    parameters: dict[str, Number] = Field(
        default_factory=dict, description="parameters of the model fixed to a value, in the registry's unit"
    )
    questions: dict[Id, Question]
    variants: dict[Id, Variant] = Field(default_factory=dict)
    record: Record = Record()
    layers: tuple[Layer, ...] = ()
    missing: tuple[Text, ...] = Field(default=(), description="what this scenario leaves out, said in the report")

    _origin: Path | None = PrivateAttr(None)

    @property
    def origin(self) -> Path | None:
        """Folder or file that it was read from; None when it was built in Python."""
        return self._origin
