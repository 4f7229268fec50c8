"""What can happen in a campaign, and the log that keeps it with its cause."""

from fastness.kernel.jit import kernel
from fastness.kernel.state import State

#: event kinds; an event's `kind` is the index in this list
EVENTS = (
    "plan-changes",
    "window-closes",
    "force-arrives",
    "pass-closes",
    "pass-opens",
    "roadblock-set",
    "roadblock-cleared",
    "rising",
    "offensive-begins",
    "assault-begins",
    "place-falls",
    "assault-fails",
    "dispersal",
    "food-used-up",
    "fuel-used-up",
    "ammunition-used-up",
    "breaks-cut-off",
    "breaks-unarmed",
    "talks-open",
    "offer-refused",
    "talks-break",
    "settlement",
    "patron-aids",
    "patron-stops",
    "patron-recognises",
    "retaliation",
    "leader-lost",
    "leader-leaves",
    "succession",
    "reprisals",
    "men-change-sides",
    "side-dissolves",
    "people-flee",
    "convoy-arrives",
    "convoy-refused",
    "blackout",
    "aircraft-strike",
)
(
    PLAN_CHANGES,
    WINDOW_CLOSES,
    FORCE_ARRIVES,
    PASS_CLOSES,
    PASS_OPENS,
    ROADBLOCK_SET,
    ROADBLOCK_CLEARED,
    RISING,
    OFFENSIVE_BEGINS,
    ASSAULT_BEGINS,
    PLACE_FALLS,
    ASSAULT_FAILS,
    DISPERSAL,
    FOOD_USED_UP,
    FUEL_USED_UP,
    AMMUNITION_USED_UP,
    BREAKS_CUT_OFF,
    BREAKS_UNARMED,
    TALKS_OPEN,
    OFFER_REFUSED,
    TALKS_BREAK,
    SETTLEMENT,
    PATRON_AIDS,
    PATRON_STOPS,
    PATRON_RECOGNISES,
    RETALIATION,
    LEADER_LOST,
    LEADER_LEAVES,
    SUCCESSION,
    REPRISALS,
    MEN_CHANGE_SIDES,
    SIDE_DISSOLVES,
    PEOPLE_FLEE,
    CONVOY_ARRIVES,
    CONVOY_REFUSED,
    BLACKOUT,
    AIRCRAFT_STRIKE,
) = range(37)


@kernel
def note(state: State, day: int, kind: int, place: int, side: int, amount: float, cause: int) -> int:
    """Append an event and return its index, or -1 when the log is full (the campaign goes on)."""
    tally = state.tally[0]
    index = tally.events
    if index >= len(state.event):
        return -1
    tally.events = index + 1
    event = state.event[index]
    event.day = day
    event.kind = kind
    event.place = place
    event.side = side
    event.amount = amount
    event.cause = cause
    return index
