"""The order of a simulated day, and the play of a batch of campaigns.

Each process is compiled on its own and called through a pointer, so that a user's own process runs at full speed in the
same loop.
"""

import zlib
from collections.abc import Callable

from fastness.kernel.borrow import borrow
from fastness.kernel.jit import kernel, word
from fastness.kernel.opening import open_campaign
from fastness.kernel.processes.breadth import breadth
from fastness.kernel.processes.calendar import calendar
from fastness.kernel.processes.combat import combat
from fastness.kernel.processes.command import command
from fastness.kernel.processes.control import control
from fastness.kernel.processes.convoys import convoys
from fastness.kernel.processes.defection import defection
from fastness.kernel.processes.displacement import displacement
from fastness.kernel.processes.leaders import leaders
from fastness.kernel.processes.manpower import manpower
from fastness.kernel.processes.materiel import materiel
from fastness.kernel.processes.movement import movement
from fastness.kernel.processes.news import news
from fastness.kernel.processes.patrons import patrons
from fastness.kernel.processes.population import population
from fastness.kernel.processes.raids import raids
from fastness.kernel.processes.rations import rations
from fastness.kernel.processes.resolve import resolve
from fastness.kernel.processes.supply import supply
from fastness.kernel.processes.talks import talks
from fastness.kernel.processes.tally import tally
from fastness.kernel.processes.weather import weather
from fastness.kernel.state import State, campaign_of
from fastness.kernel.streams import Stream, at
from fastness.kernel.world import World

Process = Callable[[World, State, int, Stream], None]

#: the processes of a day, in their order
DAY: tuple[Process, ...] = (
    weather,  # which passes and roads are open
    calendar,  # dated events and arrivals
    news,  # what the world hears, blackouts
    talks,  # offers, deals, surrenders on terms
    patrons,  # arms from outside, recognition, retaliation
    leaders,  # who is lost, leaves, follows
    population,  # unrest, incidents and risings
    control,  # who rules, and whom rulers kill
    breadth,  # whom people see as theirs, whom they accept
    displacement,  # people flee and come home
    manpower,  # recruits and deserters
    defection,  # who gives up, who goes over
    command,  # plans become posture and assaults
    supply,  # trade and provisions flow
    convoys,  # relief on lorries
    rations,  # everybody eats, shoots and drives
    materiel,  # what can fly
    movement,  # columns march
    combat,  # engagements
    raids,  # guerrillas and men sent strike
    resolve,  # who breaks, what falls
    tally,  # questions, series, books
)

OPENING = 0

#: processes without which a campaign tells nothing, and why
ALWAYS = {"tally": "it keeps the books and answers the questions"}


def idle(world: World, state: State, day: int, stream: Stream) -> None:
    """Do nothing: stands in for a process that is switched off."""


def process_number(name: str) -> int:
    """Return the stable number (1 to 3,999) of a process in the random-number counter, from its name alone."""
    return 1 + zlib.crc32(name.encode()) % 3999


@kernel
def play(
    world: World, state: State, processes: tuple[Process, ...], numbers: tuple[int, ...], days: int, seed_stream: Stream
) -> None:
    """Play one campaign, its tables borrowed, to its last day, or to the day on which its books no longer balance."""
    open_campaign(world, state, at(seed_stream, 0, OPENING))
    for day in range(days):
        k = 0
        for process in processes:
            process(world, state, day, at(seed_stream, day, numbers[k]))
            k += 1
        if state.tally[0].status != 0:
            return


def play_batch(
    world: World,
    batch: State,
    processes: tuple[Process, ...],
    numbers: tuple[int, ...],
    days: int,
    key_0: int,
    key_1: int,
    first: int,
) -> None:
    """Play all campaigns of a batch, one after the other; the first of them is campaign `first` of the run."""
    facts = borrow(world)
    for index in range(len(batch.par)):
        seed_stream = Stream(word(key_0), word(key_1), word(first + index), word(0))
        play(facts, borrow(campaign_of(batch, index)), processes, numbers, days, seed_stream)
