"""Tables and map layers of a run to take away: CSV, Parquet, GeoPackage, GeoJSON."""

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fastness.app import geopackage
from fastness.errors import RunError, did_you_mean
from fastness.plot.maps import map_days

if TYPE_CHECKING:
    import pandas as pd

    from fastness.app.results import Result
    from fastness.ensemble import Ensemble
    from fastness.plot.maps import MapDays
    from fastness.scenario import Scenario

FORMATS: Final = ("csv", "parquet", "gpkg")
LAYER_FORMATS: Final = ("gpkg", "geojson")
#: first letters of a cell that a spreadsheet would take for a formula
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table_names(ensemble: "Ensemble") -> dict[str, str]:
    """Return the tables of a run with a line on each."""
    series = {
        f"daily-{name.replace('_', '-')}": f"every day: {data.attrs.get('long_name', name)} [{data.attrs['units']}]"
        for name, data in ensemble.summary.data_vars.items()
        if isinstance(name, str)
    }
    return {
        "questions": "probability of each question, range across inputs, Monte Carlo error, dates",
        "clocks": "how long each stock lasts [days], and for how many people",
        "outcomes": "each campaign: day on which each question first held, clocks",
        "draws": "each campaign: every belief and parameter drawn",
        "events": "each campaign: what happened, with its cause",
    } | series


def table(result: "Result", name: str) -> "pd.DataFrame":
    """Return a table of a run.

    Raises
    ------
    RunError
        FS506 if the run has no such table.
    """
    import pandas as pd

    known = table_names(result.ensemble)
    if name not in known:
        hint = did_you_mean(name, known) or f"it has {', '.join(known)}"
        raise RunError(code="FS506", message=f"the run has no table '{name}'", hint=hint)
    with result.lock:
        ensemble = result.ensemble
        made: dict[str, Callable[[], pd.DataFrame]] = {
            "questions": lambda: pd.DataFrame(result.answer.document()["questions"]),
            "clocks": lambda: pd.DataFrame(result.answer.document()["clocks"]),
            "outcomes": lambda: ensemble.outcomes,
            "draws": lambda: ensemble.draws,
            "events": lambda: ensemble.events,
        }
        return made[name]() if name in made else _daily(ensemble, name.removeprefix("daily-").replace("-", "_"))


def _daily(ensemble: "Ensemble", variable: str) -> "pd.DataFrame":
    """Return a daily quantity as one row per day and place, side or route; quantiles as columns."""
    data = ensemble.summary[variable].drop_vars("date", errors="ignore").transpose("day", ..., missing_dims="ignore")
    if "quantile" in data.dims:
        found = data.to_series().unstack("quantile")
        found.columns = [f"p{100 * float(q):g}" for q in found.columns]
    else:
        found = data.to_series().rename(variable).to_frame()
    found = found.reset_index()
    start = ensemble.scenario.clock.start
    found.insert(1, "date", [(start + timedelta(days=int(day))).isoformat() for day in found["day"]])
    return found


def as_bytes(frame: "pd.DataFrame", name: str, form: str) -> bytes:
    """Write a table.

    Raises
    ------
    RunError
        FS506 for a format that there is not.
    """
    if form == "csv":
        return _harmless(frame).to_csv(index=False, lineterminator="\n").encode()
    with tempfile.TemporaryDirectory(prefix="fastness-") as workshop:
        file = Path(workshop) / f"table.{form}"
        if form == "parquet":
            import fastparquet

            fastparquet.write(str(file), frame, compression="ZSTD", write_index=False)
        elif form == "gpkg":
            columns = {str(column): frame[column].tolist() for column in frame.columns}
            geopackage.write(file, [geopackage.Table(name.replace("-", "_"), columns, name)])
        else:
            raise RunError(
                code="FS506",
                message=f"there is no format '{form}' for tables",
                hint=f"it is one of {', '.join(FORMATS)}",
            )
        return file.read_bytes()


def _harmless(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    text = frame.select_dtypes(exclude=["number", "bool"]).columns
    return frame.assign(**{c: [f"'{v}" if str(v).startswith(_FORMULA) else v for v in frame[c]] for c in text})


def layers(result: "Result", day: int) -> list[geopackage.Table]:
    """Return the map of one day: places with who holds them and their food, routes with how often they are open.

    Parameters
    ----------
    result : Result
        An opened run.
    day : int
        Index of a day on the clock.

    Raises
    ------
    RunError
        FS506 for a day outside the clock.
    """
    with result.lock:
        scenario, days = result.ensemble.scenario, map_days(result.ensemble)
        if not 0 <= day < len(days.dates):
            raise RunError(code="FS506", message=f"the run has no day {day}", hint=f"it has 0 to {len(days.dates) - 1}")
        return [_places_layer(result.ensemble, days, day), _routes_layer(scenario, days, day)]


def _places_layer(ensemble: "Ensemble", days: "MapDays", day: int) -> geopackage.Table:
    places = ensemble.scenario.places
    columns: dict[str, list[Any]] = {
        "id": [p.id for p in places],
        "name": [p.name for p in places],
        "date": [days.dates[day].isoformat()] * len(places),
        "population": [p.population for p in places],
        "inside": [int(p.inside) for p in places],
    }
    for k, side in enumerate(days.sides):
        columns[f"held_by_{side}_percent"] = days.held[day, :, k].tolist()
    says = f"who holds each place on {days.dates[day].isoformat()}, percent of campaigns"
    return geopackage.Table("places", columns | _food(ensemble, day), says, [[(p.lon, p.lat)] for p in places])


def _routes_layer(scenario: "Scenario", days: "MapDays", day: int) -> geopackage.Table:
    routes = scenario.routes
    columns = {
        "id": [r.id for r in routes],
        "name": [r.name for r in routes],
        "date": [days.dates[day].isoformat()] * len(routes),
        "kind": [r.kind for r in routes],
        "length_km": [r.length_km for r in routes],
        "open_percent": days.open[day].tolist(),
    }
    at = {p.id: (p.lon, p.lat) for p in scenario.places}
    says = f"open to civil traffic on {days.dates[day].isoformat()}, percent of campaigns"
    return geopackage.Table("routes", columns, says, [[at[r.start], at[r.end]] for r in routes])


def _food(ensemble: "Ensemble", day: int) -> dict[str, list[float]]:
    if "civil_food_days" not in ensemble.summary:
        return {}
    places = [place.id for place in ensemble.scenario.places]
    data = ensemble.summary["civil_food_days"].sel(place=places, day=day)
    levels = {"p5": 0.05, "p50": 0.5, "p95": 0.95}
    return {
        f"food_days_{name}": np.asarray(data.sel(quantile=q, method="nearest").values, float).round(1).tolist()
        for name, q in levels.items()
    }


def layers_as_bytes(tables: list[geopackage.Table], form: str) -> bytes:
    """Write map layers.

    Raises
    ------
    RunError
        FS506 for a format that there is not.
    """
    if form == "geojson":
        return json.dumps(_geojson(tables), ensure_ascii=False, allow_nan=False).encode()
    if form != "gpkg":
        raise RunError(
            code="FS506",
            message=f"there is no format '{form}' for layers",
            hint=f"it is one of {', '.join(LAYER_FORMATS)}",
        )
    with tempfile.TemporaryDirectory(prefix="fastness-") as workshop:
        return geopackage.write(Path(workshop) / "layers.gpkg", tables).read_bytes()


def _geojson(tables: list[geopackage.Table]) -> dict[str, Any]:
    """Write all layers as one collection of features (RFC 7946); `layer` says which one a feature is of."""
    features = []
    for each in tables:
        for k, shape in enumerate(each.shapes):
            kind, at = ("Point", list(shape[0])) if len(shape) == 1 else ("LineString", [list(p) for p in shape])
            cells = {column: _finite(values[k]) for column, values in each.columns.items()}
            properties = {"layer": each.name, **cells}
            geometry = {"type": kind, "coordinates": at}
            features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not np.isfinite(value) else value
