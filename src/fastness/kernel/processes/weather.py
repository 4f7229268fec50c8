"""Weather and passes (M11): snow shuts a pass once a winter, storms close a maintained road for hours to days."""

from fastness.kernel.events import PASS_CLOSES, PASS_OPENS, note
from fastness.kernel.ground import forget_fronts
from fastness.kernel.jit import kernel
from fastness.kernel.season import pass_winter, snowed_in, storm_today
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, at
from fastness.kernel.world import CLOSURES, NOBODY, WINTER, World

#: process numbers of the winter's own stream, so that its snow does not depend on the day on which a campaign starts
SNOW = 4000
STORM = 8
MOSTLY_SHUT = 0.5


def weather(world: World, state: State, day: int, stream: Stream) -> None:
    """Say which routes snow or storm shuts today."""
    today = world.day[day]
    for r in range(len(world.route)):
        route = world.route[r]
        now = state.route[r]
        before = now.shut
        if route.season == WINTER:
            if day == 0 or world.day[day - 1].winter != today.winter:
                draw_winter(world, state, stream, r, today.winter)
            shut = 1 if snowed_in(today.winter_day, now.closes, now.opens) else 0
            if shut != now.shut and day > 0:
                kind = PASS_CLOSES if shut == 1 else PASS_OPENS
                note(state, day, kind, route.start, NOBODY, float(r), NOBODY)
            now.shut = shut
        elif route.season == CLOSURES:
            now.storm_until, open_share = storm_today(
                stream, route.entity, STORM, day, today.month, now.storm_until, state.par[0]
            )
            now.shut = 1 if open_share < MOSTLY_SHUT else 0
        if now.shut != before:
            forget_fronts(state)


@kernel
def draw_winter(world: World, state: State, stream: Stream, route: int, winter: int) -> None:
    """Draw the days on which this winter's snow shuts and opens a pass; all passes share the winter's stream."""
    facts = world.route[route]
    snow = at(stream, winter, SNOW)
    closes, opens = pass_winter(snow, facts.entity, facts.highest_m, state.par[0])
    state.route[route].closes = closes
    state.route[route].opens = opens
