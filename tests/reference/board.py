"""A small map on which one process is played by hand: home - a - b - target in a row, every number known."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fastness.compile import Compiled, compile_scenario
from fastness.compile.expressions import Program
from fastness.kernel.expression import evaluate
from fastness.kernel.opening import open_campaign
from fastness.kernel.rows import Table
from fastness.kernel.state import State
from fastness.kernel.streams import Stream, at
from fastness.kernel.world import NOBODY, World
from fastness.scenario.model import Scenario

GREEN, BLUE = 0, 1
ROW = ("home", "a", "b", "target")

#: parameters that tests rely on, at round values
ROUND = {
    "stocks.food_kg": 0.5,
    "stocks.ration_below": 10,
    "stocks.ration_floor": 0.5,
    "stocks.ammunition_quiet": 1.0,
    "stocks.ammunition_combat": 4.0,
    "stocks.fuel_idle": 0.02,
    "stocks.fuel_moving": 0.05,
    "supply.refill": 1.5,
    "supply.cover": 30,
    "blockade.porosity": 0.1,
    "frontage.density": 500,
    "frontage.echelons": 2,
    "power.vehicle": 3,
    "power.armour": 20,
    "power.artillery": 30,
    "power.aircraft": 100,
    "power.unarmed": 0.2,
    "losses.equipment": 1.0,
    "retreat.taken": 0.0,
    "retreat.taken_cut_off": 0.5,
    "retreat.hides": 0.0,
    "retreat.kit_lost": 0.4,
    "retreat.stock_seized": 0.25,
    "advance.share": 0.5,
    "cohesion.loss": 0.1,
    "cohesion.repulse": 0.05,
    "perception.every": 7,
    "perception.error": 0.0,
    "reserve.release_per_day": 400,
    "assault.ratio": 2.0,
    "assault.tempo": 1000.0,
    "assault.least": 100,
    "assault.pause": 10.0,
    "movement.least": 30,
    "roadblock.men": 50,
    "roadblock.set": 1000.0,
    "tie_down.density_min": 0.001,
    "desertion.rate": 0.01,
    "desertion.hunger": 5,
    "desertion.despair": 10,
    "recruit.ceiling_share": 0.05,
    "recruit.rate": 0.001,
    "recruit.contagion": 0.0,
}


class Board(NamedTuple):
    """World and State tables of one campaign before its first day, and its random numbers."""

    compiled: Compiled
    world: World
    state: State
    seed: Stream

    def stream(self, day: int = 0) -> Stream:
        """Return the stream of some process on a day."""
        return at(self.seed, day, 77)

    def place(self, name: str) -> int:
        """Return the index of a place."""
        return self.compiled.names.place[name]

    def route(self, name: str) -> int:
        """Return the index of a route."""
        return self.compiled.names.route[name]

    def cell(self, name: str, side: int) -> Any:  # noqa: ANN401 a row of a table
        """Return one side's row at a place."""
        return self.state.cell[self.place(name), side]

    def value(self, text: str, day: int = 0, viewer: int = NOBODY) -> float:
        """Return the value of an expression today."""
        program = Program(self.compiled.names)
        span = program.add(text)
        steps = [Step(*step) for step in program.steps]
        world = self.world._replace(program=steps)  # type: ignore[arg-type]
        return evaluate(world, self.state, day, viewer, span.first, span.end)


class Step(NamedTuple):
    """One instruction of a program."""

    operation: int
    first: int
    second: int
    value: float


def place(name: str, holder: str | None, **fields: object) -> dict[str, object]:
    """Write a place at sea level without people."""
    spot = {"id": name, "name": name, "lon": 0, "lat": 0, "elevation_m": 0, "holder": holder, "terrain": "flat"}
    return spot | {"sympathy": 0, "unrest": 0} | fields


def route(start: str, end: str, **fields: object) -> dict[str, object]:
    """Write a road of 10 km, 100 t/day and 0.2 km of frontage."""
    way: dict[str, object] = {"id": f"{start}-{end}", "name": f"{start}-{end}", "from": start, "to": end}
    return way | {"length_km": 10, "capacity_t_per_day": 100, "highest_point_m": 0, "frontage_km": 0.2} | fields


def document(**changes: object) -> dict[str, object]:
    """Write the row of four places: besieger at home, defender at the target, nobody between."""
    return {
        "fastness": 1,
        "title": "Board",
        "clock": {"start": "2001-05-01", "end": "2001-06-30", "as_of": "2001-05-01"},
        "sides": {
            "green": {"name": "Green", "role": "defender", "home": "target"},
            "blue": {"name": "Blue", "role": "besieger", "home": "home"},
        },
        "places": [
            place("home", "blue"),
            place("a", None),
            place("b", None),
            place("target", "green", inside=True, district_of="Far"),
        ],
        "routes": [route("home", "a"), route("a", "b"), route("b", "target")],
        "questions": {},
    } | changes


def board(parameters: Mapping[str, float] | None = None, **changes: object) -> Board:
    """Return the first morning of one campaign on the board, its books open."""
    written = document(**changes) | {"parameters": ROUND | dict(parameters or {})}
    compiled = compile_scenario(Scenario.model_validate(written))
    arrays = compiled.batch(1, 0, 1).state
    state = State(*(Table(array[0]) if array.dtype.names else array[0] for array in arrays))  # type: ignore[attr-defined, index, arg-type]
    world = World(*(Table(array) if array.dtype.names else array for array in compiled.world))  # type: ignore[attr-defined, arg-type]
    seed = Stream(1, 0, 0, 0)
    open_campaign(world, state, at(seed, 0, 0))
    return Board(compiled, world, state, seed)
