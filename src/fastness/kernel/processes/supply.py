"""Supply as flow (M09): trade brings food to people, depots supply the sides, over routes that are open to them."""

from fastness.kernel.cover import AMMUNITION, FOOD, FUEL, cell_use
from fastness.kernel.flow import augment, max_flow
from fastness.kernel.jit import kernel
from fastness.kernel.state import State
from fastness.kernel.stocks import food_need_t
from fastness.kernel.streams import Stream
from fastness.kernel.world import BESIEGER, NOBODY, WINTER, World

TRADE = NOBODY
#: a shortfall below this share is not worth sharing out
EVEN = 1e-6
#: keeps the fingerprint of the network a small number
LOW_BITS = 0x3FFFFFFF


def supply(world: World, state: State, day: int, stream: Stream) -> None:
    """Mark the routes that are open to trade, and renew the flows when the network changed or a while has passed."""
    network = mark_open(world, state)
    changed = network != state.tally[0].network
    state.tally[0].network = network
    if changed:
        for side in range(len(world.side)):
            connect(world, state, side)
    if changed or day % max(1, int(state.par[0].supply_every)) == 0:
        trade(world, state)
        for side in range(len(world.side)):
            provision(world, state, side)


@kernel
def mark_open(world: World, state: State) -> int:
    """Mark each route open or closed to civil traffic, count days closed, and return a fingerprint of the network.

    Storms last a day or so and are bridged by what is in store: flows are not renewed for them.
    """
    fingerprint = 17
    for r in range(len(world.route)):
        now = state.route[r]
        stopped = 1 if now.blocker != NOBODY or blockaded(world, state, r) else 0
        now.open = 0 if stopped == 1 or now.shut == 1 else 1
        now.closed_days = 0 if now.open == 1 else now.closed_days + 1
        snow = 1 if snowed_under(world, state, r) else 0
        fingerprint = (fingerprint * 31 + 4 * snow + 8 * stopped + now.blocker + 1) & LOW_BITS
    for place in range(len(world.place)):
        fingerprint = (fingerprint * 31 + state.place[place].holder + 2) & LOW_BITS
    return fingerprint


@kernel
def snowed_under(world: World, state: State, route: int) -> bool:
    """Whether snow shuts a route for the winter."""
    return world.route[route].season == WINTER and state.route[route].shut == 1


@kernel
def blockaded(world: World, state: State, route: int) -> bool:
    """Whether the besieger stops trade on a route: from a place it blockades to one it does not hold."""
    start = state.place[world.route[route].start]
    end = state.place[world.route[route].end]
    from_start = start.blockading == 1 and end.holder != BESIEGER
    from_end = end.blockading == 1 and start.holder != BESIEGER
    return from_start or from_end


@kernel
def set_capacities(world: World, state: State, side: int) -> None:
    """Set what each route carries for a side, or for TRADE, there and back [t/day].

    A roadblock stops all. A blockade leaks: over all its routes together a share of what the people inside eat.
    """
    leak = leak_of_capacity(world, state) if side == TRADE else 0.0
    for r in range(len(world.route)):
        facts = world.route[r]
        blocker = state.route[r].blocker
        carries = facts.capacity_t
        if snowed_under(world, state, r):
            carries = 0.0
        elif side == TRADE:
            if blocker != NOBODY:
                carries = 0.0
            elif blockaded(world, state, r):
                carries *= leak
        elif (
            blocker == 1 - side
            or state.place[facts.start].holder == 1 - side
            or state.place[facts.end].holder == 1 - side
        ):
            carries = 0.0
        state.arc[2 * r].capacity = carries
        state.arc[2 * r + 1].capacity = carries


@kernel
def leak_of_capacity(world: World, state: State) -> float:
    """Return the share of capacity that blockaded routes carry, so that they leak `blockade.porosity` of the need."""
    people = 0
    for place in range(len(world.place)):
        if world.place[place].inside == 1:
            people += state.place[place].people
    need = food_need_t(float(people), state.par[0].stocks_food_kg)
    capacity = 0.0
    for r in range(len(world.route)):
        if blockaded(world, state, r) and not snowed_under(world, state, r):
            capacity += world.route[r].capacity_t
    return min(1.0, state.par[0].blockade_porosity * need / capacity) if capacity > 0.0 else 0.0


@kernel
def lay_out(world: World, state: State) -> None:
    """Lay out the network: arcs there and back for each route, from the source to each place, from it to the sink."""
    places = len(world.place)
    source, sink = places, places + 1
    for r in range(len(world.route)):
        there, back = state.arc[2 * r], state.arc[2 * r + 1]
        there.start, there.end = world.route[r].start, world.route[r].end
        back.start, back.end = world.route[r].end, world.route[r].start
    first = 2 * len(world.route)
    for place in range(places):
        state.arc[first + place].start, state.arc[first + place].end = source, place
        state.arc[first + places + place].start, state.arc[first + places + place].end = place, sink


@kernel
def flows(world: World, state: State) -> float:
    """Run the flow from source to sink with the capacities set; return the total [t/day]."""
    places = len(world.place)
    return max_flow(state.arc, state.node, places, places + 1)


@kernel
def trade(world: World, state: State) -> None:
    """Let markets send food to all places, as much as people eat and routes carry; inside, short food is shared."""
    places = len(world.place)
    first = 2 * len(world.route)
    set_capacities(world, state, TRADE)
    for place in range(places):
        state.arc[first + place].capacity = world.place[place].market_t
    ask(world, state, 1.0)
    flows(world, state)
    met = share_met_inside(world, state)
    if met < 1.0:
        ask(world, state, met)
        flows(world, state)
        ask(world, state, 1.0)
        augment(state.arc, state.node, places, places + 1)
    for place in range(places):
        state.place[place].market_inflow_t = state.arc[first + places + place].flow


@kernel
def ask(world: World, state: State, share_inside: float) -> None:
    """Set what each place takes from trade: its need and a little to refill stores, inside only a share of that."""
    first = 2 * len(world.route) + len(world.place)
    for place in range(len(world.place)):
        need = food_need_t(float(state.place[place].people), state.par[0].stocks_food_kg)
        share = share_inside if world.place[place].inside == 1 else 1.0
        state.arc[first + place].capacity = share * need * state.par[0].supply_refill


@kernel
def share_met_inside(world: World, state: State) -> float:
    """Return the share of what the places inside asked for that the flow brings them."""
    first = 2 * len(world.route) + len(world.place)
    asked = 0.0
    brought = 0.0
    for place in range(len(world.place)):
        if world.place[place].inside == 1:
            asked += state.arc[first + place].capacity
            brought += state.arc[first + place].flow
    return brought / asked if brought < asked * (1.0 - EVEN) else 1.0


@kernel
def provision(world: World, state: State, side: int) -> None:
    """Let a side's depots send food, fuel and ammunition to its men, up to a multiple of their use."""
    places = len(world.place)
    first = 2 * len(world.route)
    if set_sources(world, state, side) <= 0.0:
        return
    set_capacities(world, state, side)
    for place in range(places):
        use = cell_use(state, place, side, FOOD) + cell_use(state, place, side, FUEL)
        use += cell_use(state, place, side, AMMUNITION)
        state.arc[first + places + place].capacity = use * state.par[0].supply_refill
    flows(world, state)
    for place in range(places):
        state.cell[place, side].inflow_t = state.arc[first + places + place].flow


@kernel
def set_sources(world: World, state: State, side: int) -> float:
    """Let the depots that the other side does not hold send their supply; return the total [t/day], no inflow yet."""
    first = 2 * len(world.route)
    for place in range(len(world.place)):
        state.arc[first + place].capacity = 0.0
        state.cell[place, side].inflow_t = 0.0
    total = 0.0
    for d in range(len(world.depot)):
        depot = world.depot[d]
        if depot.side == side and state.place[depot.place].holder != 1 - side:
            state.arc[first + depot.place].capacity = state.cell[depot.place, side].depot_t
            total += state.cell[depot.place, side].depot_t
    return total


@kernel
def connect(world: World, state: State, side: int) -> None:
    """Label the places between which a side can share its stocks: one label per connected part of its network.

    Labels last until the network changes, so storms, which do not count as a change, do not cut it.
    """
    for place in range(len(world.place)):
        held = state.place[place].holder == side
        state.cell[place, side].network = place if held else NOBODY
    changed = True
    while changed:
        changed = False
        for r in range(len(world.route)):
            if snowed_under(world, state, r) or state.route[r].blocker == 1 - side:
                continue
            start = state.cell[world.route[r].start, side]
            end = state.cell[world.route[r].end, side]
            if start.network == NOBODY or end.network == NOBODY or start.network == end.network:
                continue
            lowest = min(start.network, end.network)
            start.network = lowest
            end.network = lowest
            changed = True
