"""Beliefs to first days: the State of a batch of campaigns, one row of every table for each campaign."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from fastness.compile.names import Names
from fastness.compile.world import arriving, days_of
from fastness.kernel.empty import Sizes, empty_state
from fastness.kernel.state import State
from fastness.kernel.world import NOBODY, World
from fastness.parameters import registry

Floats = npt.NDArray[np.float64]

CELL_MEN = ("fighters", "vehicles", "armour", "artillery", "aircraft")
STOCKS = ("food_t", "fuel_t", "ammunition_t")
#: days to which the chances of a patron refer, and the largest chance that has a rate
HORIZON = 90.0
SURE = 0.999


#: fields that are not amounts: a belief on several rows is their mean, not their total
INTENSIVE = (
    "quality", "food_days", "unrest", "sympathy", "pilots", "blocked", "arrives", "until", "affinity", "aid",
    "recognition", "reservation", "standing", "open", "offer", "passes",
)  # fmt: skip


class Values:
    """The value of any path of the scenario in each campaign: as written, or as a belief sets it.

    A belief on several rows is their total (their mean for a field in INTENSIVE); rows keep their proportions.
    """

    def __init__(self, names: Names, beliefs: Mapping[str, Floats], count: int) -> None:
        self.count = count
        self._set: dict[str, Floats] = {}
        written = names.written
        for name, belief in names.scenario.beliefs.items():
            rows = np.array([written.get(path, 0.0) for path in belief.sets])
            total = rows.mean() if belief.sets and belief.sets[0].split(".")[-1] in INTENSIVE else rows.sum()
            for path, row in zip(belief.sets, rows, strict=True):
                share = row / total if len(belief.sets) > 1 and total > 0 else 1.0
                self._set[path] = beliefs[name] * share

    def of(self, path: str, default: float | Floats) -> Floats:
        """Return a path's value in each campaign, shape (count,)."""
        found = self._set.get(path)
        if found is None:
            return default if isinstance(default, np.ndarray) else np.full(self.count, float(default))
        return found

    def whole(self, path: str, default: float) -> npt.NDArray[np.int64]:
        """Return a path's value in each campaign rounded to whole numbers, shape (count,)."""
        return np.floor(self.of(path, default) + 0.5).astype(np.int64)


def start_state(
    names: Names, world: World, parameters: Mapping[str, Floats], beliefs: Mapping[str, Floats], count: int
) -> State:
    """Return the State of `count` campaigns on the morning of the first day."""
    state = empty_state(_sizes(names, world), count)
    values = Values(names, beliefs, count)
    tables: Any = state
    for name, parameter in registry().items():
        tables.par[parameter.field][:, 0] = values.of(f"parameters.{name}", parameters[name])
    for name, index in names.latent.items():
        tables.latent["true"][:, index] = beliefs[name]
    _start_places(names, values, tables)
    _start_forces(names, values, tables)
    _start_stocks(names, values, tables)
    _start_routes(names, values, tables)
    _start_dates(names, values, tables)
    _start_affairs(names, values, tables)
    for name, field in (("block", "since"), ("block", "first_day"), ("question", "day"), ("clock", "food_out")):
        getattr(tables, name)[field] = NOBODY
    return state


def _sizes(names: Names, world: World) -> Sizes:
    return Sizes(
        places=len(names.places),
        routes=len(names.routes),
        days=days_of(names),
        latents=len(names.latent),
        windows=len(names.window),
        arrivals=len(world.arrival),
        blocks=len(world.block),
        orders=len(world.order),
        questions=len(names.question),
        groups=len(names.groups),
        patrons=len(names.patrons),
        leaders=len(names.leader),
        convoys=len(names.convoys),
    )


def _start_places(names: Names, values: Values, tables: Any) -> None:
    kilograms = tables.par["stocks_food_kg"][:, 0]
    for index, place in enumerate(names.places):
        path = f"places.{place.id}"
        people = values.whole(f"{path}.population", place.population)
        here = tables.place[:, index]
        here["holder"] = names.side[place.holder] if place.holder else NOBODY
        here["people"] = people
        here["food_t"] = values.of(f"{path}.food_days", place.food_days) * people * kilograms / 1000
        here["unrest"] = here["unrest_own"] = np.clip(values.of(f"{path}.unrest", place.unrest), 0, 1)
        here["sympathy"] = np.clip(values.of(f"{path}.sympathy", place.sympathy), 0, 1)
        here["kcal"] = tables.par["hunger_need"][:, 0]


def _start_forces(names: Names, values: Values, tables: Any) -> None:
    tables.cell["quality"] = 1.0
    weighted = np.zeros(tables.cell.shape)
    for force in sorted(names.scenario.forces, key=lambda force: force.id):  # sums do not depend on the rows' order
        if force.arrives or force.needs:
            continue
        cell = tables.cell[:, names.place[force.place], names.side[force.side]]
        for field in CELL_MEN:
            cell[field] += values.whole(f"forces.{force.id}.{field}", getattr(force, field))
        men = values.whole(f"forces.{force.id}.fighters", force.fighters)
        quality = values.of(f"forces.{force.id}.quality", force.quality)
        weighted[:, names.place[force.place], names.side[force.side]] += men * quality
    manned = tables.cell["fighters"] > 0
    tables.cell["quality"][manned] = (weighted / np.maximum(tables.cell["fighters"], 1))[manned]
    for name in names.side_ids:
        own, side = tables.side[:, names.side[name]], names.scenario.sides[name]
        own["reserve"] = values.whole(f"sides.{name}.reserve", side.reserve)
        own["pilots"] = values.whole(f"sides.{name}.pilots", side.pilots)
        for field in ("active", "food_out", "fuel_out", "ammunition_out", "fronts_for", "cause"):
            own[field] = NOBODY


def _start_stocks(names: Names, values: Values, tables: Any) -> None:
    for stock in sorted(names.scenario.stocks, key=lambda stock: stock.id):
        cell = tables.cell[:, names.place[stock.place], names.side[stock.side]]
        for field in STOCKS:
            cell[field] += values.of(f"stocks.{stock.id}.{field}", getattr(stock, field))
        cell["depot_t"] += values.of(f"stocks.{stock.id}.supply_t_per_day", stock.supply_t_per_day)


def _start_routes(names: Names, values: Values, tables: Any) -> None:
    for index, route in enumerate(names.routes):
        blocked = values.of(f"routes.{route.id}.blocked", route.blocked) >= 0.5
        blocker = names.side[route.blocked_by] if route.blocked_by else NOBODY
        tables.route["blocker"][:, index] = np.where(blocked, blocker, NOBODY)


def _start_affairs(names: Names, values: Values, tables: Any) -> None:
    """Set groups, patrons, leaders, talks and convoys."""
    for index, group in enumerate(names.groups):
        tables.group["affinity"][:, index] = np.clip(values.of(f"groups.{group.id}.affinity", group.affinity), 0, 1)
    for index, patron in enumerate(names.patrons):
        row = tables.patron[:, index]
        row["aid_hazard"] = hazard(values.of(f"patrons.{patron.id}.aid", patron.aid))
        row["recognise_hazard"] = hazard(values.of(f"patrons.{patron.id}.recognition", patron.recognition))
        row["since"] = NOBODY
    for name, index in names.leader.items():
        leader, row = names.scenario.leaders[name], tables.leader[:, index]
        row["standing"] = np.clip(values.of(f"leaders.{name}.standing", leader.standing), 0, 1)
        row["reservation"] = np.clip(values.of(f"leaders.{name}.reservation", leader.reservation), 0, 1)
        row["since"] = NOBODY
    for index, convoy in enumerate(names.convoys):
        row = tables.convoy[:, index]
        row["passes"] = np.clip(values.of(f"convoys.{convoy.id}.passes", convoy.passes), 0, 1)
    talks = names.scenario.talks
    affairs = tables.affairs[:, 0]
    affairs["talking"] = values.of("talks.open", talks.open) >= 0.5
    affairs["offered"] = np.clip(values.of("talks.offer", talks.offer), 0, 1)
    affairs["settled_day"] = affairs["guarantor"] = NOBODY


def hazard(chance: Floats) -> Floats:
    """Return the rate [1/day] that gives this chance within `HORIZON` days."""
    rate: Floats = -np.log1p(-np.clip(chance, 0, SURE)) / HORIZON
    return rate


def _start_dates(names: Names, values: Values, tables: Any) -> None:
    first = names.scenario.clock.start.toordinal()
    for name, index in names.window.items():
        until = values.whole(f"windows.{name}.until", names.scenario.windows[name].until.toordinal())
        tables.window["until"][:, index] = until - first
    for index, force in enumerate(arriving(names)):
        arrives = (force.arrives or names.scenario.clock.start).toordinal()
        row = tables.arrival[:, index]
        row["day"] = np.maximum(values.whole(f"forces.{force.id}.arrives", arrives) - first, 0)
        row["quality"] = values.of(f"forces.{force.id}.quality", force.quality)
        for field in CELL_MEN:
            row[field] = values.whole(f"forces.{force.id}.{field}", getattr(force, field))
