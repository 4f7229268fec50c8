"""What a settlement does (M15): assaults end and roads open; on terms the defenders' places and arms change hands."""

from fastness.kernel.forces import carry, join, unload
from fastness.kernel.ground import forget_fronts
from fastness.kernel.jit import kernel
from fastness.kernel.state import Column, State
from fastness.kernel.streams import Stream, whole
from fastness.kernel.world import BESIEGER, DEFENDER, NOBODY, World

#: draw numbers of a place's entity
HIDE = 0


@kernel
def cease_fire(world: World, state: State) -> None:
    """End all assaults, open all roadblocks and blockades; assault troops in a place of the others stay in hiding."""
    for place in range(len(world.place)):
        now = state.engagement[place]
        if now.active == 1:
            within = state.cell[place, now.attacker]
            within.guerrillas += within.fighters
            within.fighters = 0
        now.active = 0
        now.ordered = 0
        state.place[place].blockading = 0
    for r in range(len(world.route)):
        state.route[r].blocker = NOBODY
    forget_fronts(state)


@kernel
def come_out(world: World, state: State) -> None:
    """Let both sides' guerrillas come out: to their own side's men where that holds the place, else home."""
    for place in range(len(world.place)):
        for side in range(len(world.side)):
            cell = state.cell[place, side]
            if state.place[place].holder == side:
                cell.fighters += cell.guerrillas
            else:
                state.place[home_of(world, state, place, side)].people += cell.guerrillas
            cell.guerrillas = 0


@kernel
def home_of(world: World, state: State, place: int, side: int) -> int:
    """Return where men who leave a side at a place live: there, or at the side's home if nobody lives there."""
    return place if state.place[place].people > 0 else world.side[side].home


@kernel
def lay_down_arms(world: World, state: State, day: int, stream: Stream) -> int:
    """Hand all places, arms and stores of the defender to the besieger; return the men who laid down arms.

    The share `terms.hide` of the men hides as guerrillas, the others go home.
    """
    men = 0
    for c in range(len(state.column)):
        column = state.column[c]
        if column.active == 1 and column.side == DEFENDER:
            halt(state, column)
    for place in range(len(world.place)):
        cell = state.cell[place, DEFENDER]
        hiding = min(
            whole(stream, world.place[place].entity, HIDE, state.par[0].terms_hide * cell.fighters), cell.fighters
        )
        going = cell.fighters - hiding
        carry(state, place, place, DEFENDER, BESIEGER, 1.0)
        cell.fighters = 0
        cell.guerrillas += hiding
        state.place[home_of(world, state, place, DEFENDER)].people += going
        men += going
        surrender_stocks(state, place)
        if state.place[place].holder == DEFENDER:
            state.place[place].holder = BESIEGER
            state.place[place].held_since = day
            besieger = state.cell[place, BESIEGER]
            besieger.fighters += besieger.guerrillas
            besieger.guerrillas = 0
    forget_fronts(state)
    return men


@kernel
def halt(state: State, column: Column) -> None:
    """Put a column's men and kit back where it set out."""
    cell = state.cell[column.origin, column.side]
    join(cell, column.fighters, column.quality)
    unload(state, column, cell)


@kernel
def surrender_stocks(state: State, place: int) -> None:
    """Give the defender's military stores at a place to the besieger."""
    given = state.cell[place, DEFENDER]
    taken = state.cell[place, BESIEGER]
    taken.food_t += given.food_t
    taken.fuel_t += given.fuel_t
    taken.ammunition_t += given.ammunition_t
    given.food_t = 0.0
    given.fuel_t = 0.0
    given.ammunition_t = 0.0
