"""Dated events (M17): windows that close, forces that arrive on their day."""

from fastness.kernel.events import FORCE_ARRIVES, WINDOW_CLOSES, note
from fastness.kernel.forces import join
from fastness.kernel.state import State
from fastness.kernel.streams import Stream
from fastness.kernel.world import NOBODY, World


def calendar(world: World, state: State, day: int, stream: Stream) -> None:
    """Close windows whose last day was yesterday, and bring in the forces due today."""
    for w in range(len(world.window)):
        if state.window[w].until == day - 1:
            note(state, day, WINDOW_CLOSES, NOBODY, world.window[w].restrains, float(w), NOBODY)
    for a in range(len(world.arrival)):
        force = state.arrival[a]
        due = world.arrival[a]
        if force.day != day or (due.needs != NOBODY and state.latent[due.needs].true == 0):
            continue
        side = state.side[due.side]
        place = due.place
        if state.place[place].holder != due.side:
            place = world.side[due.side].home
        cell = state.cell[place, due.side]
        if state.place[place].holder == 1 - due.side:
            cell.guerrillas += force.fighters
        else:
            join(cell, force.fighters, force.quality)
        cell.vehicles += force.vehicles
        cell.armour += force.armour
        cell.artillery += force.artillery
        cell.aircraft += force.aircraft
        side.arrived += force.fighters
        state.tally[0].equipment += force.vehicles + force.armour + force.artillery + force.aircraft
        note(state, day, FORCE_ARRIVES, place, due.side, float(force.fighters), NOBODY)
