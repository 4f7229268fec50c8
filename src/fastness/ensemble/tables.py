"""Parts to the finished tables and series of a run folder: Parquet for rows, Zarr for days."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastness.compile.names import Names
from fastness.compile.world import days_of
from fastness.ensemble.play import SIDE_CLOCKS
from fastness.ensemble.store import read_days, read_parts
from fastness.kernel.events import EVENTS
from fastness.kernel.state import PLACE_SERIES, SIDE_SERIES
from fastness.parameters import registry

#: numbers of a series that are sorted at a time, in whole days, so that memory stays small
AT_ONCE = 3_500_000
#: largest chunk of a series [bytes]; larger ones take five times as long to read, in memory that comes anew each time
CHUNK = 4 << 20
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: unit and long name of every series
LABELS = {
    "fighters": ("persons", "fighters on the map"),
    "guerrillas": ("persons", "guerrillas in the hills"),
    "food_days": ("days", "food of the side's fighters"),
    "fuel_days": ("days", "fuel of the side"),
    "ammunition_days": ("days", "ammunition of the side"),
    "civil_food_days": ("days", "food of the people of a place"),
    "kcal": ("kcal/person/day", "energy eaten"),
    "people": ("persons", "people at a place"),
    "hunger_deaths": ("persons", "deaths from hunger so far"),
    "holder": ("1", "index of the side in control, -1 nobody"),
    "held": ("1", "probability that a side holds a place"),
    "open": ("1", "probability that a route is open to civil traffic"),
}
Arrays = npt.NDArray[Any]


def load_ahead() -> None:
    """Import what `finish` and the reader of the results need, while the campaigns still play."""
    for name in ("fastparquet", "pandas", "zarr", "xarray", "pint"):  # xarray looks for pint with the first array
        import_module(name)


def finish(folder: Path, names: Names, done: list[list[int]], kept: int) -> None:
    """Write outcomes, draws, events and series of all finished batches; `kept` campaigns keep their daily course."""
    campaigns = np.concatenate([np.arange(first, first + count, dtype=np.int64) for first, count in sorted(done)])
    courses, summary = _open_series(folder, names, campaigns[:kept])
    with ThreadPoolExecutor(2) as beside:
        series = [
            beside.submit(_write_course, courses, summary, folder, names, done, name, kept)
            for name in (*PLACE_SERIES, *SIDE_SERIES)  # the long ones first
        ]
        series.append(beside.submit(_write_holders, courses, summary, folder, names, done, kept))
        _write_table(folder / "outcomes.parquet", _outcomes(folder, names, done, campaigns))
        _write_table(folder / "draws.parquet", _draws(folder, names, done, campaigns))
        _write_table(folder / "events.parquet", _events(folder, names, done, campaigns))
        for each in series:
            each.result()


def _write_table(path: Path, columns: Mapping[str, Any]) -> None:
    import fastparquet
    import pandas as pd

    temporary = path.with_name(path.name + ".part")
    frame = pd.DataFrame(dict(columns))
    # nothing is ever missing, and nobody searches four hundred columns by their least and largest values
    fastparquet.write(str(temporary), frame, compression="ZSTD", write_index=False, has_nulls=False, stats=False)
    temporary.replace(path)


def _outcomes(folder: Path, names: Names, done: list[list[int]], campaigns: Arrays) -> dict[str, Any]:
    question = read_parts(folder, done, "question")
    place_clock = read_parts(folder, done, "place_clock")
    side_clock = read_parts(folder, done, "side_clock")
    columns: dict[str, Any] = {
        "campaign": campaigns,
        "status": read_parts(folder, done, "status"),
        "failed_day": read_parts(folder, done, "failed_day"),
    }
    columns |= {name: question[:, index] for name, index in names.question.items()}
    columns |= {f"food_out:{name}": place_clock[:, index] for name, index in names.place.items()}
    for number, side in enumerate(names.side_ids):
        for offset, clock in enumerate(SIDE_CLOCKS):
            columns[f"{clock}:{side}"] = side_clock[:, number * len(SIDE_CLOCKS) + offset]
    first_days = read_parts(folder, done, "first_block_day")
    blocks = [f"block:{side}:{n}" for side in names.side_ids for n in range(len(names.scenario.plans.get(side, ())))]
    columns |= {name: first_days[:, index] for index, name in enumerate(blocks)}
    return columns


def _draws(folder: Path, names: Names, done: list[list[int]], campaigns: Arrays) -> dict[str, Any]:
    beliefs = read_parts(folder, done, "belief")
    parameters = read_parts(folder, done, "parameter")
    columns: dict[str, Any] = {"campaign": campaigns}
    columns |= {f"belief:{name}": beliefs[:, k] for k, name in enumerate(names.scenario.beliefs)}
    columns |= {f"parameter:{name}": parameters[:, k] for k, name in enumerate(registry())}
    return columns


def _events(folder: Path, names: Names, done: list[list[int]], campaigns: Arrays) -> dict[str, Any]:
    import pandas as pd

    events = read_parts(folder, done, "event")
    counts = read_parts(folder, done, "event_count")
    within = np.concatenate([np.arange(count) for count in counts]) if len(counts) else np.empty(0, dtype=np.int64)

    def named(index: Arrays, labels: tuple[str, ...]) -> Any:
        return pd.Categorical.from_codes(index + 1, categories=pd.Index(["", *labels]))

    return {
        "campaign": np.repeat(campaigns, counts),
        "event": within,
        "day": events["day"],
        "kind": named(events["kind"], EVENTS),
        "place": named(events["place"], tuple(names.place)),
        "side": named(events["side"], names.side_ids),
        "amount": events["amount"],
        "cause": events["cause"],
    }


def _open_series(folder: Path, names: Names, kept: Arrays) -> tuple[Any, Any]:
    """Make the store of daily series; return its groups of campaigns kept one by one and of summaries over all."""
    import zarr

    root = zarr.open_group(folder / "series.zarr", mode="w", zarr_format=3)
    root.attrs.update(
        start=names.scenario.clock.start.isoformat(),
        campaigns=kept.tolist(),
        side=list(names.side_ids),
        place=list(names.place),
        route=list(names.route),
        quantile=list(QUANTILES),
    )
    return root.create_group("campaigns"), root.create_group("summary")


def _write_holders(courses: Any, summary: Any, folder: Path, names: Names, done: list[list[int]], kept: int) -> None:
    holder = read_parts(folder, done, "holder")
    _put(courses, "holder", holder[:kept], ("campaign", "day", "place"))
    held = np.stack([(holder == side).mean(axis=0) for side in range(len(names.side_ids))], axis=-1)
    _put(summary, "held", held.astype(np.float32), ("day", "place", "side"))
    routes_open = read_parts(folder, done, "open").mean(axis=0)
    _put(summary, "open", routes_open.astype(np.float32), ("day", "route"))


def _write_course(
    courses: Any, summary: Any, folder: Path, names: Names, done: list[list[int]], name: str, kept: int
) -> None:
    axis, ids = ("side", names.side_ids) if name in SIDE_SERIES else ("place", names.place)
    first_parts = [part for part in sorted(done) if part[0] < kept]
    if first_parts:
        course = np.moveaxis(read_days(folder, first_parts, name, slice(None)), -1, 0)
        _put(courses, name, course[:kept], ("campaign", "day", axis))
    length = max(1, AT_ONCE // (len(ids) * sum(count for _, count in done)))
    quantiles = [
        quantiles_of(read_days(folder, done, name, slice(first, first + length)))
        for first in range(0, days_of(names), length)
    ]
    _put(summary, name, np.concatenate(quantiles, axis=1), ("quantile", "day", axis))


def quantiles_of(course: Arrays) -> Arrays:
    """Sort (in place) over the last axis, campaigns; return the nearest ranks of QUANTILES, shape (quantile, ...)."""
    course.sort(axis=-1)
    ranks = [round(q * (course.shape[-1] - 1)) for q in QUANTILES]
    return np.moveaxis(course[..., ranks], -1, 0)


def _put(group: Any, name: str, values: Arrays, dimensions: tuple[str, ...]) -> None:
    units, long_name = LABELS[name]
    values = np.ascontiguousarray(values)
    rows = max(1, CHUNK * len(values) // max(values.nbytes, 1))
    group.create_array(
        name,
        data=values,
        chunks=(min(rows, len(values)), *values.shape[1:]),
        dimension_names=dimensions,
        attributes={"units": units, "long_name": long_name},
    )
