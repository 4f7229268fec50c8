"""Play one run in many ways and show that its results are the same in every bit.

    python validation/identity.py [panjshir-2021] [--campaigns 300] [--seed 1] [--write]

One thread or two, batches of any size, interrupted and resumed, killed and resumed, one campaign replayed alone, tables
in another order, places added that play no part, a further process that does nothing. Exits with 1 if anything differs.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from campaigns import Array, arrays, differing, play
from record import met, record
from svg import Bar, bars

from fastness.compile import Compiled, compile_scenario
from fastness.ensemble import Ensemble, Progress, open_run, replay, resume, run, simulate
from fastness.kernel.state import State
from fastness.kernel.streams import Stream
from fastness.kernel.world import World
from fastness.scenario import load
from fastness.scenario.model import Place, Route, Scenario

TABLES = ("outcomes", "draws", "events")
#: fields that hold the number of a place, a route or a part of the network, which added places shift
LABELS = ("network", "fronts_for", "hop", "route", "front", "objective", "origin", "place", "goal")
#: how far the axis of the picture goes where nothing differs
FEW = 5


def results(ensemble: Ensemble) -> dict[str, Array]:
    """Return everything that a run found, as arrays by name."""
    found: dict[str, Array] = {}
    for table in TABLES:
        frame: pd.DataFrame = getattr(ensemble, table)
        found |= {f"{table}: {name}": column.to_numpy() for name, column in frame.items()}
    for name, dataset in (("series", ensemble.series), ("summary", ensemble.summary)):
        held: xr.Dataset = dataset
        found |= {f"{name}: {variable}": values.to_numpy() for variable, values in held.items()}
    return {name: array.astype(str) if array.dtype == object else array for name, array in found.items()}


def interrupted(scenario: Scenario, folder: Path, seed: int, campaigns: int) -> Ensemble:
    """Run, stop as Ctrl-C does after a third of the campaigns, and resume."""

    def stop(progress: Progress) -> None:
        if progress.done >= campaigns / 3:
            raise KeyboardInterrupt

    try:
        simulate(scenario, campaigns=campaigns, seed=seed, out=folder, progress=stop)
    except KeyboardInterrupt:
        print(f"    interrupted after {done(folder)} campaigns")
    return resume(folder)


def killed(scenario: Scenario, folder: Path, seed: int, campaigns: int) -> Ensemble:
    """Run in a child process, kill it without warning once its first batches are done, and resume."""
    code = "import sys; from pathlib import Path; from fastness.ensemble import simulate\n"
    code += "from fastness.scenario.model import Scenario\n"
    code += "scenario = Scenario.model_validate_json(sys.stdin.read())\n"
    code += f"simulate(scenario, campaigns={campaigns}, seed={seed}, threads=1, out=Path(sys.argv[1]))\n"
    child = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, text=True)
    assert child.stdin is not None
    child.stdin.write(scenario.model_dump_json(by_alias=True))
    child.stdin.close()
    while child.poll() is None and done(folder) < campaigns / 4:
        time.sleep(0.002)
    child.kill()
    child.wait()
    print(f"    killed after {done(folder)} campaigns")
    return resume(folder)


def done(folder: Path) -> int:
    """Return the campaigns that a run folder holds."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return 0
    return sum(count for _, count in json.loads(manifest.read_text(encoding="utf-8"))["done"])


def in_batches(scenario: Scenario, folder: Path, seed: int, campaigns: int, size: int) -> Ensemble:
    """Run in batches of another size than the usual one."""
    usual, run.BATCH = run.BATCH, size
    try:
        return simulate(scenario, campaigns=campaigns, seed=seed, out=folder)
    finally:
        run.BATCH = usual


def replayed(ensemble: Ensemble, numbers: list[int]) -> list[str]:
    """Return what differs when some campaigns are played again, each alone."""
    different = []
    for number in numbers:
        alone = replay(ensemble, number)
        events = ensemble.events[ensemble.events["campaign"] == number].drop(columns="campaign").reset_index(drop=True)
        row = ensemble.outcomes.set_index("campaign").loc[number]
        drawn = ensemble.draws.set_index("campaign").loc[number]
        if not all((alone.events[name].to_numpy() == events[name].to_numpy()).all() for name in events):
            different.append(f"events of {number}")
        if any(row[question] != day for question, day in alone.outcomes.items()):
            different.append(f"outcomes of {number}")
        if any(drawn[f"belief:{name}"] != value for name, value in alone.draws.items()):
            different.append(f"draws of {number}")
    return different


def turned(scenario: Scenario) -> Scenario:
    """Return the scenario with the rows of its tables in the opposite order."""
    rows = {table: tuple(reversed(getattr(scenario, table))) for table in ("places", "routes", "forces", "stocks")}
    return scenario.model_copy(update=rows)


def with_far_places(scenario: Scenario) -> Scenario:
    """Return the scenario with two more places and a road between them, far from everything."""
    spot = {"name": "far", "lon": 0, "lat": 0, "elevation_m": 0}
    places = [Place.model_validate(spot | {"id": name}) for name in ("aa-far", "zz-far")]
    road = {"id": "mm-far", "name": "far", "from": "aa-far", "to": "zz-far", "length_km": 5, "capacity_t_per_day": 50}
    routes = [Route.model_validate(road | {"highest_point_m": 0, "frontage_km": 1, "season": "closures"})]
    return scenario.model_copy(update={"places": (*scenario.places, *places), "routes": (*scenario.routes, *routes)})


def of_the_others(compiled: Compiled, state: State, scenario: Scenario) -> dict[str, Array]:
    """Return the history of the places and routes of a scenario, in a state that may hold more of them."""
    places = [compiled.names.place[name] for name in sorted(place.id for place in scenario.places)]
    routes = [compiled.names.route[name] for name in sorted(route.id for route in scenario.routes)]
    found = {}
    for name, array in arrays(state).items():
        table, _, field = name.partition(".")
        if field in LABELS or table in ("scratch", "arc", "node", "order") or name == "event.amount":
            continue
        if table in ("place", "cell", "clock", "engagement"):
            found[name] = np.ascontiguousarray(array[:, places])
        elif table == "route":
            found[name] = np.ascontiguousarray(array[:, routes])
        elif table in ("place_series", "holder_series"):
            found[name] = np.ascontiguousarray(array[..., places])
        else:
            found[name] = np.ascontiguousarray(array[..., routes]) if table == "open_series" else array
    return found


def idle(world: World, state: State, day: int, stream: Stream) -> None:
    """Do nothing, as a user's own process may."""


def runs(scenario: Scenario, folder: Path, seed: int, campaigns: int) -> Iterator[tuple[str, list[str]]]:
    """Yield each way to make the same run, and what differs from the plain one."""
    simulate(scenario, campaigns=campaigns, seed=seed, threads=1, out=folder / "plain")
    plain = results(open_run(folder / "plain"))
    two = simulate(scenario, campaigns=campaigns, seed=seed, threads=2, out=folder / "two")
    yield "two threads", differing(plain, results(two), ())
    for size in (7, campaigns):
        found = in_batches(scenario, folder / f"batches-{size}", seed, campaigns, size)
        yield f"batches of {size}", differing(plain, results(found), ())
    yield (
        "interrupted and resumed",
        differing(plain, results(interrupted(scenario, folder / "interrupted", seed, campaigns)), ()),
    )
    yield "killed and resumed", differing(plain, results(killed(scenario, folder / "killed", seed, campaigns)), ())
    numbers = [0, campaigns // 2, campaigns - 1]
    yield f"campaigns {numbers} replayed alone", replayed(open_run(folder / "plain"), numbers)


def states(scenario: Scenario, seed: int, campaigns: int) -> Iterator[tuple[str, list[str]]]:
    """Yield each change that must change nobody's history, and what it changes."""
    compiled = compile_scenario(scenario)
    plain = play(compiled, seed, 0, campaigns)
    yield (
        "rows in the opposite order",
        differing(arrays(plain), arrays(play(compile_scenario(turned(scenario)), seed, 0, campaigns))),
    )
    larger = compile_scenario(with_far_places(scenario))
    yield (
        "two places that play no part",
        differing(
            of_the_others(compiled, plain, scenario),
            of_the_others(larger, play(larger, seed, 0, campaigns), scenario),
        ),
    )
    yield (
        "a process that does nothing",
        differing(arrays(plain), arrays(play(compiled, seed, 0, campaigns, extra=(idle,)))),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="panjshir-2021")
    parser.add_argument("--campaigns", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the result for the page of all checks")
    arguments = parser.parse_args()
    scenario = load(arguments.scenario)
    rows: list[Bar] = []
    with tempfile.TemporaryDirectory() as folder:
        print(f"{arguments.scenario}, {arguments.campaigns} campaigns, seed {arguments.seed}; against one thread:")
        for title, different in runs(scenario, Path(folder), arguments.seed, arguments.campaigns):
            rows.append(say(title, different))
    print("state of the kernel, array by array, first 50 campaigns:")
    for title, different in states(scenario, arguments.seed, min(arguments.campaigns, 50)):
        rows.append(say(title, different))
    failures = sum(row.value > 0 for row in rows)
    if arguments.write:
        said = f"{arguments.scenario}, {arguments.campaigns} campaigns: "
        said += (
            f"{failures} ways of playing differ" if failures else "the same in every bit, whichever way it is played"
        )
        title = "arrays that differ from the plain run, by way of playing"
        drawn = bars(rows, title=title, axis="arrays that differ from the plain run", mark=0, left=270, to=FEW)
        record("identity", said, limit="no bit differs", verdict=met(not failures), picture=drawn)
    sys.exit(failures > 0)


def say(title: str, different: list[str]) -> Bar:
    """Print one line; return how much differs."""
    print(f"  {title}: " + (f"DIFFERENT {', '.join(different[:6])}" if different else "the same in every bit"))
    return Bar(title, len(different))


if __name__ == "__main__":
    main()
