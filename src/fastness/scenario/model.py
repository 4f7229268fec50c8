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
    PatronId,
    PlaceId,
    RouteId,
    Scalar,
    SideId,
    SourceId,
    Text,
    VariantId,
)
from fastness.units import Day, Quantity, Whole, YesNo

LAYER_PATTERN = r"^geo/[a-z0-9-]+\.(geo)?json$"
CALIBRATION_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

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

    name: Text = Field(description="name shown")
    role: Literal["defender", "besieger"] = Field(description="who is enclosed, who encloses")
    home: PlaceId = Field(description="place where its reserve and recruits arrive, and where it retreats to last")
    reserve: Persons = Field(default=0, description="fighters elsewhere in the country, off the map")
    reserve_population: Persons = Field(
        default=0, description="people elsewhere in the country whom the reserve has to hold"
    )
    helicopters: Share = Field(
        default=0.5, description="share of its aircraft that are helicopters and need no airfield"
    )
    pilots: Share = Field(default=1, description="trained crews for its aircraft: 1 yes, 0 no (a belief may set it)")
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = Field(
        default=None, description="colour in figures; empty: given by the report"
    )


class Place(Part):
    """A node of the map: a town, a valley, a pass, a border crossing."""

    id: Id = Field(description="how it is referred to")
    name: Text = Field(description="name shown")
    lon: Annotated[float, Quantity("deg", ge=-180, le=180)] = Field(description="longitude, WGS 84")
    lat: Annotated[float, Quantity("deg", ge=-90, le=90)] = Field(description="latitude, WGS 84")
    elevation_m: Metres = Field(description="height of the valley floor or of the pass")
    population: Persons = Field(default=0, description="people on the first day")
    terrain: Literal["flat", "rolling", "rugged", "urban"] = Field(
        default="rolling", description="ground that a defender of it stands on"
    )
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
    airfield: YesNo = Field(default=False, description="aeroplanes can use it; helicopters need none")
    unrest: Share = Field(default=0.05, description="unrest against the holder on the first day, 0 calm to 1 revolt")
    sympathy: Share = Field(default=0.1, description="share of people who would side with the defenders")


class Route(Part):
    """A way between two places."""

    id: Id = Field(description="how it is referred to")
    name: Text = Field(description="name shown")
    start: PlaceId = Field(alias="from", description="place at one end")
    end: PlaceId = Field(alias="to", description="place at the other end")
    length_km: Kilometres = Field(description="length along the way")
    capacity_t_per_day: TonnesPerDay = Field(
        description="what lorries or animals can carry along it, both directions together"
    )
    highest_point_m: Metres = Field(description="height of its highest point, where snow shuts it")
    frontage_km: Annotated[float, Quantity("km", ge=0, le=100)] = Field(
        description="width on which an assault along it can deploy"
    )
    kind: Literal["road", "track"] = Field(default="road", description="whether lorries can use it")
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

    id: Id = Field(description="how it is referred to")
    side: SideId = Field(description="side that it belongs to")
    place: PlaceId = Field(description="where it stands")
    fighters: Persons = Field(description="men and women under arms")
    quality: Annotated[float, Quantity("1", gt=0, le=10)] = Field(
        default=1, description="fighting power per fighter relative to the campaign's draw"
    )
    vehicles: Count = Field(default=0, description="lorries, pick-ups and armoured cars")
    armour: Count = Field(default=0, description="tanks and infantry fighting vehicles")
    artillery: Count = Field(default=0, description="guns, mortars and rocket launchers")
    aircraft: Count = Field(default=0, description="aeroplanes and helicopters")
    arrives: ClockDay | None = Field(default=None, description="first day at the place; empty: there at the start")
    needs: BeliefId | None = Field(default=None, description="yes/no belief that must be true for it to arrive")


class Stock(Part):
    """What a side's fighters live and shoot from at a place."""

    id: Id = Field(description="how it is referred to")
    side: SideId = Field(description="side that owns it")
    place: PlaceId = Field(description="where it lies")
    food_t: Tonnes = Field(default=0, description="food for fighters on the first day")
    fuel_t: Tonnes = Field(default=0, description="fuel on the first day")
    ammunition_t: Tonnes = Field(default=0, description="ammunition on the first day")
    supply_t_per_day: TonnesPerDay = Field(
        default=0, description="military supply that enters the map here for this side"
    )


class Group(Part):
    """A part of the people: an ethnic or political community, as large shares, never place by place."""

    id: Id = Field(description="how it is referred to")
    name: Text = Field(description="name shown")
    share: Share = Field(description="share of the people outside the stronghold")
    share_inside: Share = Field(description="share of the people inside the stronghold")
    affinity: Share = Field(description="how far it sees the defenders' movement as its own, on the first day")
    kin: SideId | None = Field(default=None, description="side whose men are mostly of this group; empty: neither")
    treatment: Literal["equal", "discriminated", "repressed"] = Field(
        default="equal", description="its standing within the defenders' movement"
    )


class Patron(Part):
    """An outside state that may support a side, recognise one, or guarantee a settlement."""

    id: Id = Field(description="how it is referred to")
    name: Text = Field(description="name shown")
    motive: Text = Field(description="what moves it, in a sentence")
    favours: SideId | None = Field(default=None, description="side that it might supply; empty: neither")
    aid: Share = Field(default=0, description="chance that it supplies that side within 90 days, in itself")
    through: PlaceId | None = Field(
        default=None, description="place where its aid enters the map; empty: it has no way in"
    )
    by_air: YesNo = Field(default=False, description="its aid can also come by helicopter where no road is open")
    aid_t_per_day: TonnesPerDay = Field(default=0, description="arms, fuel and food that it would send")
    recognises: SideId | None = Field(default=None, description="side that it might recognise; empty: neither")
    recognition: Share = Field(default=0, description="chance that it recognises that side within 90 days, in itself")
    follows: PatronId | None = Field(default=None, description="patron from whom it takes its cue; empty: none")
    guarantor: YesNo = Field(default=False, description="could guarantee a settlement between the sides")
    evacuates: YesNo = Field(default=False, description="has people in the evacuation, and waits for its end")


class Leader(Part):
    """A leader, as a role with traits; never an aim."""

    name: Text = Field(description="name shown")
    side: SideId = Field(description="side that is led; the first leader of a side stands for its leadership")
    standing: Share = Field(default=0.5, description="how much the side's cohesion rests on this leader")
    bargaining: Share = Field(default=0.5, description="skill in talks and abroad")
    reservation: Share = Field(default=0.5, description="least share of power accepted in talks")
    veto: YesNo = Field(default=True, description="no settlement against this leader's will")
    successor: Share = Field(default=0.3, description="standing of whoever would follow, as a share of the leader's")


class Talks(Part):
    """Talks between the sides on the first day."""

    open: Share = Field(default=0, description="talks on the first day: 1 yes, 0 no (a belief may set it)")
    offer: Share = Field(default=0.05, description="share of power that the besieger would concede on the first day")


class Convoy(Part):
    """Relief for people on lorries, from one place to another, if the besieger lets it pass."""

    id: Id = Field(description="how it is referred to")
    name: Text = Field(description="name shown")
    start: PlaceId = Field(alias="from", description="where it loads")
    end: PlaceId = Field(alias="to", description="whom it is for")
    lorries: Annotated[float, Quantity("1", ge=0, le=10_000)] = Field(description="lorries in one convoy")
    every_days: Annotated[float, Quantity("days", ge=1, le=365)] = Field(description="days between two convoys")
    first: ClockDay | None = Field(default=None, description="day of the first; empty: the clock's start")
    last: ClockDay | None = Field(default=None, description="last day on which one sets out; empty: the clock's end")
    passes: Share = Field(default=0.5, description="chance that the besieger lets one through (a belief may set it)")
    evacuees: Persons = Field(default=0, description="people whom one convoy takes out on its way back")


class Source(Part):
    """Who says something, how reliable, and with what interest."""

    id: Id = Field(description="how it is referred to")
    grade: Literal["A", "B", "C", "D", "E", "F"] = Field(
        description="reliability of the source: A always, E never, F cannot be judged"
    )
    interest: Literal["none", "unknown", "defender", "besieger", "withdrawing"] = Field(
        default="none", description="side that gains when it is believed"
    )
    origin: Id = Field(description="claims of one origin are not independent")
    date: EvidenceDay = Field(description="day of its newest statement used here")
    note: str = Field(default="", description="what it is")


class Claim(Part):
    """One sourced statement, and what it informs."""

    id: ClaimId = Field(description="how it is referred to")
    date: EvidenceDay = Field(description="day on which it was made")
    statement: Text = Field(description="what was said")
    binds: Literal["belief", "parameter", "entry", "context", "awaits"] = Field(description="what it informs")
    target: str | None = Field(
        default=None,
        description="belief id, parameter name, entry path (places.kabul.population) or mechanism that awaits it (M15)",
    )
    stance: Literal["supports", "denies"] = Field(
        default="supports", description="whether it speaks for or against its target"
    )
    value: Number | None = Field(default=None, description="a single value, in the unit of the target")
    low: Number | None = Field(default=None, description="lower end (5 %) of a range")
    high: Number | None = Field(default=None, description="upper end (95 %) of a range")
    words: str | None = Field(
        default=None, description="a quantity in words ('a few thousand'), mapped by the table that the report shows"
    )
    kind: Literal["established", "claim", "judgement", "unknown"] = Field(
        description="established facts bypass pooling"
    )
    source: SourceId = Field(description="who says it")
    item_grade: Annotated[Whole, Field(ge=1, le=6)] = Field(description="1 confirmed by others, 6 cannot be judged")
    reason: str = Field(default="", description="why it is context, or what it awaits; any note on how it is read")


class Belief(Part):
    """An uncertain quantity (p5/p50/p95) or fact (chance) before the claims on it are pooled in."""

    sets: Paths = Field(
        default=(), description="path(s) of the scenario that it sets; several: their total, shared as in the tables"
    )
    unit: str = Field(default="1", description="unit of the percentiles, that of the field it sets")
    p5: Level | None = Field(default=None, description="value that is undercut with 5 %: a number or a date")
    p50: Level | None = Field(default=None, description="median")
    p95: Level | None = Field(default=None, description="value that is exceeded with 5 %")
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
    source: Text = Field(description="what the prior rests on")
    why: Text = Field(description="why the prior is as it is")


class Window(Part):
    """A dated episode outside the fighting, such as an evacuation, that holds a side back while it lasts."""

    name: Text = Field(description="name shown")
    start: Day | None = Field(default=None, alias="from", description="first day; empty: running at the start")
    until: ClockDay = Field(description="last day")
    restrains: SideId | None = Field(
        default=None, description="side whose assaults it may hold back (M17, a rival hypothesis)"
    )
    why: Text = Field(description="why it matters")


class Delay(Part):
    """How long a side takes from seeing a condition to acting on it."""

    p5: Days = Field(description="undercut in one case of twenty")
    p50: Days = Field(description="median")
    p95: Days = Field(description="exceeded in one case of twenty")


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
    harsh: Annotated[float, Quantity("1", ge=0, le=10)] = Field(
        default=1, description="reprisals against people, relative to what the side is used to"
    )
    talk: YesNo = Field(default=False, description="seek talks and go on with them")
    unite: YesNo = Field(default=False, description="speak for the whole people, and mean it: win other groups over")
    let_pass: Share = Field(default=1, description="share of relief convoys let through, of those it would let through")
    blackout: YesNo = Field(default=False, description="cut telephone and internet to the stronghold")
    ration: Share = Field(default=1, description="share of the full ration that fighters and people eat")
    disperse: YesNo = Field(default=False, description="leave the ground and fight on as guerrillas")


class Block(Part):
    """One block of a plan: the first whose dates and condition hold is in force."""

    intent: Text = Field(description="what the side wants, in a sentence")
    start: ClockDay | None = Field(default=None, alias="from", description="first day on which it may come into force")
    until: ClockDay | None = Field(default=None, description="last day on which it may be in force")
    condition: str | None = Field(default=None, alias="if", description="expression that must be true; empty: always")
    delay: Delay | None = Field(default=None, description="time from seeing the condition to acting; empty: none")
    orders: Orders = Field(description="what the side does meanwhile")


class Question(Part):
    """A resolvable statement. Exactly one of by (inclusive), before (exclusive) or on says when."""

    ask: Text = Field(description="the question as people ask it")
    statement: Text | None = Field(
        default=None,
        description="the question as a statement ('Bazarak falls by 1 December'), for headlines and tables",
    )
    holds: str = Field(description="expression that is true or false on a day")
    by: ClockDay | None = Field(default=None, description="last day that counts")
    before: ClockDay | None = Field(default=None, description="first day that no longer counts")
    on: ClockDay | None = Field(default=None, description="the one day that counts")
    start: ClockDay | None = Field(
        default=None, alias="from", description="first day that counts, with by or before; empty: the clock's start"
    )
    people: PlaceId | None = Field(default=None, description="place whose people the question counts")
    compare: Literal["fell", "relieved", "settled", "survived", "nothing"] | None = Field(
        default=None, description="event of historical sieges that it is compared with; empty: read from `holds`"
    )

    @property
    def heading(self) -> str:
        """The statement with a capital, or else the question: what tables show."""
        return self.statement[0].upper() + self.statement[1:] if self.statement else self.ask


class Variant(Part):
    """A scenario with something changed: paths and their new values."""

    title: Text = Field(description="what is changed, in a few words")
    extends: VariantId | None = Field(default=None, description="variant whose changes come first")
    changes: dict[str, Scalar] = Field(
        default_factory=dict, description="path (routes.salang.blocked) and its new value"
    )
    why: str = Field(default="", description="why it is worth asking, and what one would expect")


class Record(Part):
    """What a run keeps of each campaign's course."""

    campaigns: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=500, description="campaigns whose daily series are kept"
    )


class Likeness(Part):
    """What was known of the stronghold on the first day, to find sieges of the past that were like it."""

    conflicts: tuple[Id, ...] = Field(default=(), description="its own conflicts, whose cases are left out")
    setting: Literal["mountain", "rural", "town", "city", "coast"] | None = Field(
        default=None, description="the ground; empty, here and below: unknown"
    )
    strength_ratio: Annotated[float, Quantity("1", gt=0, le=1000)] | None = Field(
        default=None, description="besiegers at the place for each defender"
    )
    corridor: Literal["closed", "contested", "open"] | None = Field(
        default=None, description="the best way in and out, by road, air or sea"
    )
    sponsor: Literal["none", "promised", "active"] | None = Field(default=None, description="help from outside")
    relief: Literal["none", "distant", "near"] | None = Field(
        default=None, description="a friendly force that could break through to it"
    )
    season: Literal["none", "some", "much"] | None = Field(
        default=None, description="how far the season hinders the besieger"
    )


class Layer(Part):
    """A file of `geo/` drawn under the map."""

    file: Annotated[str, StringConstraints(pattern=LAYER_PATTERN)] = Field(description="file in geo/")
    kind: Literal["outline", "relief"] = Field(description="outlines of areas, or heights for the shading")
    licence: Text = Field(description="licence of the data")
    attribution: Text = Field(description="who made it")


class Scenario(Part):
    """Everything a person writes, checked and frozen; `fastness.load` makes one."""

    fastness: Literal[1] = Field(description="number of the format")
    title: Text = Field(description="name shown")
    summary: str = Field(default="", description="what it is about, in a few sentences")
    clock: Clock = Field(description="first and last day, last day of evidence")
    sides: dict[Id, Side] = Field(description="who fights")
    places: tuple[Place, ...] = Field(description="nodes of the map")
    routes: tuple[Route, ...] = Field(default=(), description="ways between places")
    forces: tuple[Force, ...] = Field(default=(), description="fighters and equipment")
    stocks: tuple[Stock, ...] = Field(default=(), description="what fighters live and shoot from")
    groups: tuple[Group, ...] = Field(default=(), description="parts of the people")
    patrons: tuple[Patron, ...] = Field(default=(), description="outside states")
    convoys: tuple[Convoy, ...] = Field(default=(), description="relief for people")
    leaders: dict[Id, Leader] = Field(default_factory=dict, description="leaders of the sides, as roles")
    talks: Talks = Field(default=Talks(), description="talks between the sides")
    sources: tuple[Source, ...] = Field(default=(), description="who says something")
    claims: tuple[Claim, ...] = Field(default=(), description="what is said")
    beliefs: dict[Id, Belief] = Field(
        default_factory=dict, description="uncertain quantities and facts before the claims are pooled in"
    )
    windows: dict[Id, Window] = Field(default_factory=dict, description="dated episodes outside the fighting")
    plans: dict[SideId, tuple[Block, ...]] = Field(
        default_factory=dict, description="behaviour of each side: blocks, the first that holds is in force"
    )
    parameters: dict[str, Number] = Field(
        default_factory=dict, description="parameters of the model fixed to a value, in the registry's unit"
    )
    calibration: Annotated[str, StringConstraints(pattern=CALIBRATION_PATTERN)] = Field(
        default="all",
        description="cases that inform the parameters left open: all, prior (none), or the name of a shipped fold",
    )
    questions: dict[Id, Question] = Field(description="what is asked")
    likeness: Likeness | None = Field(default=None, description="what sieges of the past are compared with")
    variants: dict[Id, Variant] = Field(default_factory=dict, description="what-ifs")
    record: Record = Field(default=Record(), description="what a run keeps")
    layers: tuple[Layer, ...] = Field(default=(), description="files drawn under the map")
    missing: tuple[Text, ...] = Field(default=(), description="what this scenario leaves out, said in the report")

    _origin: Path | None = PrivateAttr(None)

    @property
    def origin(self) -> Path | None:
        """Folder or file that it was read from; None when it was built in Python."""
        return self._origin

    def variant(self, name: str) -> "Scenario":
        """Return the scenario with the changes of one of its variants; see `fastness.scenario.apply_variant`."""
        from fastness.scenario.variants import apply_variant

        return apply_variant(self, name)

    def replace(self, path: str, value: object) -> "Scenario":
        """Return the scenario with one value changed; see `fastness.scenario.replace`."""
        from fastness.scenario.variants import replace

        return replace(self, path, value)
