"""GeoPackages written by the standard library: OGC 12-128r18, the tables that it requires and nothing else.

Points and lines in longitude and latitude (WGS 84, EPSG:4326), and plain tables as `attributes`. QGIS, GDAL and ArcGIS
open them.
"""

import re
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

APPLICATION_ID: Final = 0x47504B47  # "GPKG"
VERSION: Final = 10300  # 1.3.0
WGS84: Final = 4326
_WKT: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
)
_UNDEFINED: Final = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
)
_CORE: Final = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Table:
    """A table to write: columns of equal length; `shapes` one list of (lon, lat) [degrees] per row, or none at all.

    A shape of one point is a point, of more a line.
    """

    name: str
    columns: Mapping[str, Sequence[Any]]
    description: str = ""
    shapes: Sequence[Points] = field(default=())


def write(path: Path, tables: Sequence[Table]) -> Path:
    """Write tables as a new GeoPackage.

    Parameters
    ----------
    path : Path
        A file that is not there yet.
    tables : sequence of Table
        With different names.
    """
    with closing(sqlite3.connect(path)) as base:
        base.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; {_CORE}")
        system = ("WGS 84 geodetic", WGS84, "EPSG", WGS84, _WKT, "longitude and latitude in degrees")
        base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", (*_UNDEFINED, system))
        for table in tables:
            _write_table(base, table)
        base.commit()
    return path


def _write_table(base: sqlite3.Connection, table: Table) -> None:
    name = _quoted(table.name)
    rows = [list(map(_plain, row)) for row in zip(*table.columns.values(), strict=True)]
    kinds = [f"{_quoted(column)} {_kind([row[k] for row in rows])}" for k, column in enumerate(table.columns)]
    geometry = ["geom " + _geometry_name(table)] if table.shapes else []
    base.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {', '.join(geometry + kinds)})")
    _register(base, table)
    if table.shapes:
        rows = [[_binary(shape), *row] for shape, row in zip(table.shapes, rows, strict=True)]
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        base.executemany(f"INSERT INTO {name} VALUES (NULL, {marks})", rows)


def _register(base: sqlite3.Connection, table: Table) -> None:
    """Enter a table into the contents, with its extent where it has shapes."""
    box: tuple[float | None, ...] = (None, None, None, None)
    if table.shapes:
        xs, ys = zip(*(point for shape in table.shapes for point in shape), strict=True)
        box = (min(xs), min(ys), max(xs), max(ys))
    kind, system = ("features", WGS84) if table.shapes else ("attributes", None)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, "
        "srs_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (table.name, kind, table.name, table.description, *box, system),
    )
    if table.shapes:
        row = (table.name, "geom", _geometry_name(table), WGS84, 0, 0)
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", row)


def _geometry_name(table: Table) -> str:
    return "POINT" if all(len(shape) == 1 for shape in table.shapes) else "LINESTRING"


def _quoted(name: str) -> str:
    """Quote a name of a table or column, which may hold anything but a zero byte."""
    return '"' + re.sub("\0", "", name).replace('"', '""') + '"'


def _plain(value: Any) -> Any:  # noqa: ANN401 - cells hold anything
    """Turn numpy's numbers into Python's and what is not finite into nothing."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not -1.8e308 < value < 1.8e308:
        return None
    return value if isinstance(value, int | float | str | None) else str(value)


def _kind(values: Sequence[Any]) -> str:
    known = {type(value) for value in values if value is not None}
    if known <= {int, bool}:
        return "INTEGER"
    return "REAL" if known <= {int, bool, float} else "TEXT"


def _binary(shape: Points) -> bytes:
    """Write a shape as a GeoPackage blob: header without envelope, little endian, then well-known binary."""
    header = b"GP" + struct.pack("<BBi", 0, 1, WGS84)
    if len(shape) == 1:
        return header + struct.pack("<BIdd", 1, 1, *shape[0])
    return header + struct.pack("<BII", 1, 2, len(shape)) + b"".join(struct.pack("<dd", *point) for point in shape)
