"""The world: what does not change within a campaign, as tables; written by `fastness.compile`, read by processes."""

from typing import NamedTuple

from fastness.kernel.rows import Table

NOBODY = -1
DEFENDER, BESIEGER = 0, 1
FLAT, ROLLING, RUGGED, URBAN = 0, 1, 2, 3
ALL_YEAR, CLOSURES, WINTER = 0, 1, 2
UNSETTLED, SHARED, ON_TERMS = 0, 1, 2
HERE, DEAD, CAPTURED, ABROAD = 0, 1, 2, 3
HOLD, BLOCKADE, ASSAULT, AXIS, BLOCK, RAID = 0, 1, 2, 3, 4, 5


class Day(NamedTuple):
    """One day: its month, its winter (by the year in which that ends) and the day counted from that 1 January."""

    month: int
    winter: int
    winter_day: int
    century: float


class PlaceFacts(NamedTuple):
    """Ground, links and standing of a place; `entity` is its stable hash for random numbers."""

    entity: int
    elevation_m: float
    terrain: int
    first_holder: int
    district: int
    inside: int
    market_t: float
    airfield: int
    first_link: int
    end_link: int


class RouteFacts(NamedTuple):
    """A way between places `start` and `end`."""

    entity: int
    start: int
    end: int
    length_km: float
    capacity_t: float
    highest_m: float
    frontage_km: float
    road: int
    season: int


class Link(NamedTuple):
    """A route as seen from one of its ends."""

    route: int
    other: int


class SideFacts(NamedTuple):
    """A side: where its reserve arrives, and whom the reserve holds down."""

    entity: int
    home: int
    reserve_people: float
    helicopters: float
    first_block: int
    end_block: int


class Depot(NamedTuple):
    """A place where military supply of a side enters the map (`Cell.depot_t` says how much)."""

    side: int
    place: int


class WindowFacts(NamedTuple):
    """A dated episode; `restrains` is the side that it may hold back, or NOBODY."""

    start: int
    restrains: int


class Arrival(NamedTuple):
    """A force that arrives later, if the latent fact `needs` is true (NOBODY: in any case)."""

    side: int
    place: int
    needs: int


class Instruction(NamedTuple):
    """One step of a compiled expression (see `expression.py`)."""

    operation: int
    first: int
    second: int
    value: float


class BlockFacts(NamedTuple):
    """One block of a side's plan: its dates, condition (a span of the program) and orders."""

    entity: int
    start: int
    until: int
    first_step: int
    end_step: int
    delay_median: float
    delay_sigma: float
    first_order: int
    end_order: int
    target: int
    commit: float
    ration: float
    disperse: int
    harsh: float
    talk: int
    unite: int
    let_pass: float
    blackout: int


class Order(NamedTuple):
    """One order of a block: its kind, the place or route that it names, and a weight."""

    kind: int
    target: int
    weight: float


class QuestionFacts(NamedTuple):
    """When and by which span of the program a question is decided."""

    start: int
    until: int
    first_step: int
    end_step: int


class GroupFacts(NamedTuple):
    """A group of people: its shares inside and outside the stronghold, whether the besieger's men are strangers to it.

    `treatment` is its standing in the defenders' movement: 0 equal, 0.5 discriminated, 1 repressed (M20).
    """

    entity: int
    share_inside: float
    share_outside: float
    stranger: int
    treatment: float


class PatronFacts(NamedTuple):
    """An outside state: which side it favours, whom it follows, where its aid enters (NOBODY: no way in) (M16)."""

    entity: int
    side: int
    follows: int
    entry: int
    by_air: int
    aid_t: float
    recognised_side: int
    guarantor: int
    evacuates: int


class LeaderFacts(NamedTuple):
    """A leader as a role: side, whether its first, veto and skill in talks, the successor's standing (M21)."""

    entity: int
    side: int
    first: int
    veto: int
    bargaining: float
    successor: float


class ConvoyFacts(NamedTuple):
    """Relief on lorries from one place to another, every so many days, if the besieger lets it pass."""

    entity: int
    start: int
    goal: int
    lorries: int
    every: int
    first_day: int
    last_day: int
    evacuees: int


class World(NamedTuple):
    """All tables of the world."""

    day: Table[Day]
    place: Table[PlaceFacts]
    route: Table[RouteFacts]
    link: Table[Link]
    side: Table[SideFacts]
    depot: Table[Depot]
    window: Table[WindowFacts]
    arrival: Table[Arrival]
    program: Table[Instruction]
    block: Table[BlockFacts]
    order: Table[Order]
    question: Table[QuestionFacts]
    group: Table[GroupFacts]
    patron: Table[PatronFacts]
    leader: Table[LeaderFacts]
    convoy: Table[ConvoyFacts]
