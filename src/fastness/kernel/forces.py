"""What a force is worth and what it loses: fighters with their equipment, fed and armed; losses in whole men."""

from fastness.kernel.hunger import fed_effectiveness
from fastness.kernel.jit import kernel
from fastness.kernel.state import Cell, Column, State
from fastness.kernel.streams import Stream, whole
from fastness.kernel.threshold import willing


@kernel
def power(state: State, place: int, side: int, men: int) -> float:
    """Return the power of `men` of a side at a place, in fighters (M07): quality, equipment, ammunition, food."""
    par = state.par[0]
    cell = state.cell[place, side]
    if men <= 0 or cell.fighters <= 0:
        return 0.0
    share = men / cell.fighters
    heavy = par.power_vehicle * cell.vehicles + par.power_armour * cell.armour + par.power_artillery * cell.artillery
    fire = par.power_unarmed + (1.0 - par.power_unarmed) * cell.armed
    fed = fed_effectiveness(cell.fed * par.hunger_fighter_need, par)
    will = willing(state.side[side].given_up, par.defection_idle)
    return (men + share * heavy) * cell.quality * fire * fed * will


@kernel
def air_power(state: State, side: int) -> float:
    """Return what a side's aircraft add to each of today's fights, in fighters: from wherever they stand (M14).

    A province is within an hour's flight of its bases; the aircraft that can fly share the day's fights evenly.
    """
    own = state.side[side]
    return state.par[0].power_aircraft * own.flying / max(1, own.fights)


@kernel
def join(cell: Cell, men: int, quality: float) -> None:
    """Add fighters to those at a place; the quality there becomes the mean of all men."""
    if men <= 0:
        return
    cell.quality = (cell.fighters * cell.quality + men * quality) / (cell.fighters + men)
    cell.fighters += men


@kernel
def unload(state: State, column: Column, cell: Cell) -> None:
    """Add a column's kit to that of a place, and take the column off the road; its men are the caller's to place."""
    cell.vehicles += column.vehicles
    cell.armour += column.armour
    cell.artillery += column.artillery
    cell.aircraft += column.aircraft
    column.active = 0
    state.tally[0].marching -= 1


@kernel
def bear(state: State, stream: Stream, entity: int, draw: int, place: int, side: int, men: int) -> None:
    """Take dead and disabled men, and equipment in proportion, from a side at a place; uses four draw numbers."""
    cell = state.cell[place, side]
    if men <= 0:
        return
    share = state.par[0].losses_equipment * men / cell.fighters
    cell.fighters -= men
    state.side[side].lost += men
    vehicles = min(whole(stream, entity, draw, share * cell.vehicles), cell.vehicles)
    armour = min(whole(stream, entity, draw + 1, share * cell.armour), cell.armour)
    artillery = min(whole(stream, entity, draw + 2, share * cell.artillery), cell.artillery)
    cell.vehicles -= vehicles
    cell.armour -= armour
    cell.artillery -= artillery
    state.tally[0].equipment_lost += vehicles + armour + artillery


@kernel
def carry(state: State, origin: int, goal: int, giver: int, taker: int, share: float) -> None:
    """Move a share of a side's equipment at a place to a side at a place (the same side's, or a captor's)."""
    out = state.cell[origin, giver]
    into = state.cell[goal, taker]
    vehicles = int(share * out.vehicles)
    armour = int(share * out.armour)
    artillery = int(share * out.artillery)
    aircraft = int(share * out.aircraft)
    out.vehicles -= vehicles
    out.armour -= armour
    out.artillery -= artillery
    out.aircraft -= aircraft
    into.vehicles += vehicles
    into.armour += armour
    into.artillery += artillery
    into.aircraft += aircraft
