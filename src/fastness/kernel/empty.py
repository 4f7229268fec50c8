"""Empty tables of a given size: the memory of a batch of campaigns, and the types that the compiler works with."""

from typing import Any, NamedTuple, get_args, get_type_hints

import numpy as np

from fastness.kernel import state as rows
from fastness.kernel.rows import dtype_of
from fastness.kernel.state import PLACE_SERIES, SIDE_SERIES, State
from fastness.kernel.world import World
from fastness.parameters import registry

SIDES = 2
MONTHS = 12
#: most columns on the march, and most events kept, in one campaign
COLUMNS = 48
EVENTS = 400
#: units into which a side's guerrillas are divided to form bands
UNITS = 64
#: rows of the scratch table, and their least length (the stack of an expression)
FIELDS = 3
STACK = 64


class Sizes(NamedTuple):
    """How many of each thing a scenario has."""

    places: int = 1
    routes: int = 1
    days: int = 1
    latents: int = 1
    windows: int = 1
    arrivals: int = 1
    blocks: int = 1
    orders: int = 1
    questions: int = 1
    groups: int = 1
    patrons: int = 1
    leaders: int = 1
    convoys: int = 1


def parameter_dtype() -> np.dtype[np.void]:
    """Return the record type of one campaign's parameters."""
    return np.dtype([(parameter.field, np.float64) for parameter in registry().values()], align=True)


def empty_state(sizes: Sizes, count: int) -> State:
    """Return the State arrays of `count` campaigns, all zero; the first axis of each is the campaign."""
    places, routes, days = sizes.places, sizes.routes, sizes.days
    shapes: dict[str, tuple[type, tuple[int, ...]]] = {
        "latent": (rows.Latent, (sizes.latents,)),
        "place": (rows.PlaceState, (places,)),
        "cell": (rows.Cell, (places, SIDES)),
        "route": (rows.RouteState, (routes,)),
        "side": (rows.SideState, (SIDES,)),
        "column": (rows.Column, (COLUMNS,)),
        "engagement": (rows.Engagement, (places,)),
        "window": (rows.WindowState, (sizes.windows,)),
        "arrival": (rows.ArrivalState, (sizes.arrivals,)),
        "block": (rows.BlockState, (sizes.blocks,)),
        "order": (rows.OrderState, (sizes.orders,)),
        "question": (rows.QuestionState, (sizes.questions,)),
        "clock": (rows.PlaceClock, (places,)),
        "event": (rows.Event, (EVENTS,)),
        "tally": (rows.Tally, (1,)),
        "group": (rows.GroupState, (sizes.groups,)),
        "patron": (rows.PatronState, (sizes.patrons,)),
        "leader": (rows.LeaderState, (sizes.leaders,)),
        "convoy": (rows.ConvoyState, (sizes.convoys,)),
        "affairs": (rows.Affairs, (1,)),
        "band": (rows.Band, (SIDES, UNITS)),
        "month": (rows.Month, (MONTHS,)),
        "scratch": (rows.Scratch, (FIELDS, max(places, STACK))),
        "arc": (rows.Arc, (2 * routes + 2 * places,)),
        "node": (rows.Node, (places + 2,)),
    }
    tables: dict[str, Any] = {
        name: np.zeros((count, *shape), dtype=dtype_of(row)) for name, (row, shape) in shapes.items()
    }
    arrays: dict[str, Any] = {
        "par": np.zeros((count, 1), dtype=parameter_dtype()),
        "shares": np.zeros((count, 2, sizes.groups)),
        "side_series": np.zeros((count, len(SIDE_SERIES), days, SIDES), dtype=np.float32),
        "place_series": np.zeros((count, len(PLACE_SERIES), days, places), dtype=np.float32),
        "holder_series": np.zeros((count, days, places), dtype=np.int8),
        "open_series": np.zeros((count, days, routes), dtype=np.int8),
    }
    return State(**tables, **arrays)


def empty_world() -> World:
    """Return a World of one row in every table, for its types."""
    tables: Any = {name: np.zeros(1, dtype_of(get_args(kind)[0])) for name, kind in get_type_hints(World).items()}
    return World(**tables)
