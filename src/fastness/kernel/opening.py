"""The first morning of a campaign: what is drawn once, and the books that must balance ever after."""

import math

from fastness.kernel.bands import stand_alone
from fastness.kernel.engagement import side_quality
from fastness.kernel.ground import renew_density
from fastness.kernel.jit import kernel
from fastness.kernel.processes.defection import take_heart
from fastness.kernel.processes.materiel import find_crews
from fastness.kernel.processes.patrons import draw_leanings
from fastness.kernel.processes.population import open_people
from fastness.kernel.processes.supply import lay_out
from fastness.kernel.processes.tally import count_all
from fastness.kernel.season import season_multiplier
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, normal
from fastness.kernel.world import NOBODY, World

QUALITY, DELAY = 0, 0


@kernel
def open_campaign(world: World, state: State, stream: Stream) -> None:
    """Draw the sides' unobserved quality and the plans' delays, and open the books."""
    for side in range(len(world.side)):
        state.side[side].quality = side_quality(stream, world.side[side].entity, QUALITY, state.par[0])
        state.side[side].cohesion = 1.0
        stand_alone(state.band, side, state.band.shape[1])
    for b in range(len(world.block)):
        block = world.block[b]
        if block.delay_median > 0.0:
            state.block[b].delay = block.delay_median * math.exp(
                block.delay_sigma * normal(stream, block.entity, DELAY)
            )
    draw_leanings(world, state, stream)
    for month in range(len(state.month)):
        state.month[month].fighting = season_multiplier(month + 1, state.par[0])
    book = state.tally[0]
    book.network = NOBODY
    book.men, book.equipment = count_all(world, state)
    book.stock_in = 0.0
    lay_out(world, state)
    open_people(world, state)
    for place in range(len(world.place)):
        renew_density(state, place)
        book.stock_in += state.place[place].food_t
        for side in range(len(world.side)):
            cell = state.cell[place, side]
            cell.network = NOBODY
            cell.fed = 1.0
            cell.armed = 1.0
            book.stock_in += cell.food_t + cell.fuel_t + cell.ammunition_t
    for side in range(len(world.side)):
        find_crews(world, state, side, stream)
        take_heart(world, state, side)
