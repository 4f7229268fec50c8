"""The state of one campaign: what changes from day to day, as tables. Men and equipment are whole numbers."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastness.kernel.jit import kernel
from fastness.kernel.rows import Table

#: kinds of the daily series, in their order in `side_series` and `place_series`
SIDE_SERIES = ("fighters", "guerrillas", "food_days", "fuel_days", "ammunition_days")
PLACE_SERIES = ("civil_food_days", "kcal", "people", "hunger_deaths")


class Parameters:
    """One value per registry parameter, `assault.tempo` as `assault_tempo`; drawn once per campaign."""

    def __getattr__(self, name: str) -> float:
        """Say to the type checker that every parameter is a float."""
        raise AttributeError(name)


class Latent:
    """Whether a contested fact is true (1) or not (0) in this campaign."""

    true: int


class PlaceState:
    """A place: who holds it, its people, their food and hunger, unrest.

    `unrest_own` is what the place itself adds to the unrest that its crowd gives, so that it starts as written (M18).
    `zone` is the zone of control, 1 all the besieger's to 5 all the defender's (M05); `heat` what past incidents add to
    the rate of new ones [1/day] (M18); `guests` the displaced among its people, `absent` its people who are guests
    elsewhere; `legitimacy` that of its holder (M20); `seen_food_days` its people's food as the other side sees it
    (M19).
    """

    holder: int
    held_since: int
    people: int
    food_t: float
    market_inflow_t: float
    kcal: float
    deficit_poor: float
    deficit_middle: float
    deficit_better: float
    hunger_deaths: int
    blockading: int
    unrest: float
    unrest_own: float
    holders_per_person: float
    sympathy: float
    zone: int
    heat: float
    incidents: int
    guests: int
    absent: int
    killed: int
    legitimacy: float
    seen_food_days: float


class Cell:
    """One side at one place; `harm` is the civilians it killed there today, `grievance` the memory of it (M04).

    `singled` is the part of that memory that belongs to those killed because of who they were; `raids` counts the raids
    it made there (M12); `flying` are its aircraft that can fly from there today (M14).
    """

    fighters: int
    guerrillas: int
    vehicles: int
    armour: int
    artillery: int
    aircraft: int
    quality: float
    food_t: float
    fuel_t: float
    ammunition_t: float
    depot_t: float
    inflow_t: float
    fed: float
    armed: float
    shot: float
    engaged: int
    seen: float
    seen_food_days: float
    seen_fuel_days: float
    seen_ammunition_days: float
    wanted: float
    raided: int
    raids: int
    network: int
    harm: int
    grievance: float
    flying: float
    singled: float


class RouteState:
    """A route: shut by snow or storm, who blocks it, how long it has been closed to civil traffic."""

    shut: int
    closes: int
    opens: int
    storm_until: float
    blocker: int
    open: int
    closed_days: int


class SideState:
    """A side as a whole.

    `serviceable` is the share of its aircraft that parts keep fit to fly, `crews` those trained for them, `flying` the
    aircraft that can fly today, `flown_days` the days on which they fought (M14); `given_up` the share of its men who
    have given up inwardly, `pressure` what drives them, `borne` and `stood` what they are used to (M13). What begins
    with `seen` is the enemy's picture of it; `reported_lost` are its losses as the world hears of them (M19).
    """

    reserve: int
    deployable: float
    recruited: int
    deserted: int
    lost: int
    captured: int
    arrived: int
    quality: float
    cohesion: float
    pilots: int
    active: int
    offensive: int
    pause_until: float
    assaults: int
    attack_weeks: int
    week_attacks: int
    food_out: int
    fuel_out: int
    ammunition_out: int
    food_days: float
    fuel_days: float
    ammunition_days: float
    fronts_for: int
    cause: int
    crews: int
    serviceable: float
    flying: int
    fights: int
    flown_days: int
    given_up: float
    pressure: float
    borne: float
    stood: float
    defected: int
    breadth: float
    diversity: float
    inequality: float
    seen_food_days: float
    seen_fuel_days: float
    seen_ammunition_days: float
    seen_deployable: float
    counted_lost: int
    reported_lost: float


class Column:
    """Men and equipment on the march along a route, due at a place on the way to their goal."""

    active: int
    side: int
    origin: int
    place: int
    goal: int
    due: int
    quality: float
    fighters: int
    vehicles: int
    armour: int
    artillery: int
    aircraft: int


class Engagement:
    """The fight for a place (one at most): its single latent result, its drawn length and its losses so far."""

    active: int
    ordered: int
    attacker: int
    start: int
    days: int
    z: float
    noise_attacker: float
    noise_defender: float
    start_attacker: int
    start_defender: int
    lost_attacker: int
    lost_defender: int
    log_ratio: float
    favoured: int
    event: int


class WindowState:
    """Last day of a window."""

    until: int


class ArrivalState:
    """A force under way: day of arrival and what it brings."""

    day: int
    quality: float
    fighters: int
    vehicles: int
    armour: int
    artillery: int
    aircraft: int


class BlockState:
    """A plan block: since when its condition holds (-1: not), the last day it held, drawn delay, days in force."""

    since: int
    held: int
    delay: float
    first_day: int
    days: int


class QuestionState:
    """Day on which a question's statement first held (-1: not yet)."""

    day: int


class PlaceClock:
    """Day on which a place's civil food was first used up (-1: not yet)."""

    food_out: int


class OrderState:
    """Where an axis stands: the front place where its men assemble, and the next objective (NOBODY: none in reach)."""

    front: int
    objective: int


class Event:
    """Something that happened, with the event behind it (-1: none)."""

    day: int
    kind: int
    place: int
    side: int
    amount: float
    cause: int


class Tally:
    """Book-keeping: events, failure, all men and equipment that ever were, columns on the march, tonnes in and out."""

    events: int
    status: int
    failed_day: int
    men: int
    equipment: int
    equipment_lost: int
    marching: int
    stock_in: float
    stock_out: float
    network: int


class GroupState:
    """How far a group sees the defenders' movement as its own, 0 to 1 (M20)."""

    affinity: float


class PatronState:
    """An outside state: its leaning in this campaign, whether it sends arms or has recognised (M16).

    `aid_hazard` and `recognise_hazard` are its rates [1/day] before what the campaign adds.
    """

    aid_hazard: float
    recognise_hazard: float
    leaning: float
    aiding: int
    since: int
    recognises: int
    sent_t: float


class LeaderState:
    """A leader: there (0), dead (1), captured (2) or abroad (3), since when, and what is asked for in talks (M21)."""

    status: int
    since: int
    standing: float
    reservation: float


class ConvoyState:
    """A relief convoy: the chance that it passes, the day of the next, how many came through, or were turned back."""

    passes: float
    next_day: int
    arrived: int
    refused: int


class Affairs:
    """What is between and beyond the sides: talks (M15), the evacuation (M17), news and blackout (M19).

    `settled` is 0, or 1 for a shared government, 2 for terms by which the defenders lay down arms.
    """

    talking: int
    talked_days: int
    offered: float
    refusals: int
    settled: int
    settled_day: int
    guarantor: int
    disrupted: int
    blackout: int
    news: float


class Band:
    """One unit of a side's guerrillas, and the band that it is in; bands merge and scatter (M12)."""

    label: int


class Month:
    """Intensity of fighting in a month of the year, mean 1 (M11)."""

    fighting: float


class Scratch:
    """Work space of one place or arc; nothing in it outlives a process."""

    distance: float
    hop: int
    route: int
    need: float
    supply: float
    queued: int
    waits: int


class Arc:
    """A directed arc of the supply network: what it can carry and carries [t/day]; then the next of its nodes' arcs."""

    start: int
    end: int
    capacity: float
    flow: float
    next_out: int
    next_in: int


class Node:
    """Work space of the flow routine for a node: level, first arcs, those where the search stands, queue, path."""

    level: int
    first_out: int
    first_in: int
    next_out: int
    next_in: int
    queued: int
    step: int


class State(NamedTuple):
    """All tables of one campaign's state, its supply network, and the daily series.

    Nodes of the network are the places, then the source, then the sink; arcs are each route there and back, then source
    to each place, then each place to the sink.

    `shares` is work space: each group's share of a body, and how groups are treated, [2, group].

    The series are [kind, day, side], [kind, day, place], [day, place] and [day, route].
    """

    par: Table[Parameters]
    latent: Table[Latent]
    place: Table[PlaceState]
    cell: Table[Cell]
    route: Table[RouteState]
    side: Table[SideState]
    column: Table[Column]
    engagement: Table[Engagement]
    window: Table[WindowState]
    arrival: Table[ArrivalState]
    block: Table[BlockState]
    order: Table[OrderState]
    question: Table[QuestionState]
    clock: Table[PlaceClock]
    event: Table[Event]
    tally: Table[Tally]
    group: Table[GroupState]
    patron: Table[PatronState]
    leader: Table[LeaderState]
    convoy: Table[ConvoyState]
    affairs: Table[Affairs]
    band: Table[Band]
    month: Table[Month]
    scratch: Table[Scratch]
    arc: Table[Arc]
    node: Table[Node]
    shares: npt.NDArray[np.float64]
    side_series: npt.NDArray[np.float32]
    place_series: npt.NDArray[np.float32]
    holder_series: npt.NDArray[np.int8]
    open_series: npt.NDArray[np.int8]


@kernel
def campaign_of(batch: Any, index: int) -> State:
    """Return the State of one campaign of a batch, as views: the first axis of every array is the campaign."""
    return State(
        batch.par[index],
        batch.latent[index],
        batch.place[index],
        batch.cell[index],
        batch.route[index],
        batch.side[index],
        batch.column[index],
        batch.engagement[index],
        batch.window[index],
        batch.arrival[index],
        batch.block[index],
        batch.order[index],
        batch.question[index],
        batch.clock[index],
        batch.event[index],
        batch.tally[index],
        batch.group[index],
        batch.patron[index],
        batch.leader[index],
        batch.convoy[index],
        batch.affairs[index],
        batch.band[index],
        batch.month[index],
        batch.scratch[index],
        batch.arc[index],
        batch.node[index],
        batch.shares[index],
        batch.side_series[index],
        batch.place_series[index],
        batch.holder_series[index],
        batch.open_series[index],
    )
