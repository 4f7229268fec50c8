"""What lies under the map: shaded relief and outlines, read from the `geo/` layers that a run folder carries along."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from fastness.ensemble import Ensemble
    from fastness.scenario.model import Scenario

Floats = npt.NDArray[np.floating[Any]]
SUN_AZIMUTH_DEG, SUN_HEIGHT_DEG = 315.0, 40.0  # cartographers' convention: light from the north-west
EXAGGERATION = 3.0  # coarse cells flatten slopes; this restores what the eye expects of mountains
LEVEL = float(np.sin(np.radians(SUN_HEIGHT_DEG)))  # shade of level ground
CELLS = 220  # resolution of the shaded picture along its longer edge
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Relief:
    """Shaded relief on a regular grid: `shade` 0 (dark) to 100 (light), row 0 = south, level where nothing is known."""

    lon: Floats
    lat: Floats
    shade: npt.NDArray[np.int8]


@dataclass(frozen=True)
class Box:
    """A window in degrees."""

    west: float
    east: float
    south: float
    north: float


def layers(ensemble: "Ensemble", kind: str) -> list[dict[str, Any]]:
    """Read the layers of one kind that the run folder carries.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble, whose folder holds the scenario as written.
    kind : {"outline", "relief"}
        Which layers.

    Returns
    -------
    list of dict
        The JSON document of each layer; layers whose file is absent are left out, for a map without them still serves.
    """
    return drawn(Path(ensemble.path) / "scenario", ensemble.scenario, kind)


def drawn(folder: Path, scenario: "Scenario", kind: str) -> list[dict[str, Any]]:
    """Read the layers of one kind of a scenario from its folder; those whose file is absent are left out."""
    files = [folder / layer.file for layer in scenario.layers if layer.kind == kind]
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.is_file()]


def hillshade(elevation: Floats, dx: float, dy: float) -> Floats:
    """Shade a surface lit from the north-west (Horn 1981, Proc. IEEE 69:14, with plain central differences).

    Parameters
    ----------
    elevation : array (lat, lon)
        Heights [m], row 0 = south.
    dx, dy : float
        Spacing of columns and rows [m].

    Returns
    -------
    array (lat, lon)
        Cosine of the angle between the light and the surface, 0 (in shadow) to 1 (facing the sun) [1].
    """
    slope_y, slope_x = np.gradient(elevation * EXAGGERATION, dy, dx)
    azimuth, height = np.radians(SUN_AZIMUTH_DEG), np.radians(SUN_HEIGHT_DEG)
    east, north, up = np.sin(azimuth) * np.cos(height), np.cos(azimuth) * np.cos(height), np.sin(height)
    length = np.sqrt(slope_x**2 + slope_y**2 + 1)
    lit: Floats = np.clip((-slope_x * east - slope_y * north + up) / length, 0, 1)
    return lit


def shaded(document: dict[str, Any], box: Box) -> Relief:
    """Cut a relief layer to a window, smooth it to a picture's resolution and shade it.

    Parameters
    ----------
    document : dict
        `lon`, `lat` [deg] ascending and `elevation_m` [m] with row 0 = south; `null` where there are no data.
    box : Box
        The window [deg].

    Returns
    -------
    Relief
        Shade in hundredths, at most `CELLS` cells along the longer edge.
    """
    from scipy.ndimage import zoom

    lon, lat = np.array(document["lon"], float), np.array(document["lat"], float)
    elevation = np.array(document["elevation_m"], float)  # null becomes nan
    columns, rows = _within(lon, box.west, box.east), _within(lat, box.south, box.north)
    lon, lat, elevation = lon[columns], lat[rows], elevation[rows, columns]
    known = np.isfinite(elevation)
    factor = max(1.0, CELLS / max(elevation.shape))
    fine = zoom(_filled(elevation, known), factor, order=3, mode="nearest")
    clear = zoom(known.astype(float), factor, order=1, mode="nearest") > 0.5
    fine_lon = np.linspace(lon[0], lon[-1], fine.shape[1])
    fine_lat = np.linspace(lat[0], lat[-1], fine.shape[0])
    dy = (fine_lat[1] - fine_lat[0]) * METRES_PER_DEGREE
    dx = (fine_lon[1] - fine_lon[0]) * METRES_PER_DEGREE * np.cos(np.radians(fine_lat.mean()))
    shade = np.rint(100 * np.where(clear, hillshade(fine, dx, dy), LEVEL)).astype(np.int8)
    return Relief(fine_lon, fine_lat, shade)


def _filled(elevation: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Fill cells without data with the nearest known height, so that no false cliff is shaded at their edge."""
    from scipy.ndimage import distance_transform_edt

    if not known.any():
        return np.zeros_like(elevation)
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    filled: Floats = elevation[tuple(nearest)]
    return filled


def _within(values: Floats, low: float, high: float) -> slice:
    """Give the slice of ascending values that covers a range, one cell more on each side."""
    first, last = np.searchsorted(values, [low, high])
    return slice(max(0, int(first) - 1), min(len(values), int(last) + 2))


def outline(document: dict[str, Any], box: Box, *, areas: bool) -> tuple[list[float | None], list[float | None]]:
    """Turn the polygons or the lines of a GeoJSON layer into one broken line, cut to a window.

    Parameters
    ----------
    document : dict
        A GeoJSON FeatureCollection.
    box : Box
        The window [deg].
    areas : bool
        Whether to take the rings of polygons, or the lines.

    Returns
    -------
    lon, lat : list of (float or None)
        Points [deg], with None between pieces. Coordinates are rounded to 0.001 degree, about 100 m.
    """
    lons: list[float | None] = []
    lats: list[float | None] = []
    for feature in document["features"]:
        if feature["geometry"]["type"].endswith("Polygon") != areas:
            continue
        for ring in _rings(feature["geometry"]):
            points = np.round(np.array(ring, float)[:, :2], 3)
            near = (points[:, 0] >= box.west) & (points[:, 0] <= box.east)
            near &= (points[:, 1] >= box.south) & (points[:, 1] <= box.north)
            keep = near | np.roll(near, 1) | np.roll(near, -1)  # one point beyond the edge, so that lines reach it
            pieces = np.split(np.arange(len(points)), np.flatnonzero(np.diff(keep.astype(int))) + 1)
            for piece in pieces:
                if keep[piece[0]]:
                    lons += [*points[piece, 0].tolist(), None]
                    lats += [*points[piece, 1].tolist(), None]
    return lons, lats


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """Give all rings and lines of a GeoJSON geometry; points have none."""
    coordinates = geometry["coordinates"]
    match geometry["type"]:
        case "Polygon" | "MultiLineString":
            return list(coordinates)
        case "MultiPolygon":
            return [ring for polygon in coordinates for ring in polygon]
        case "LineString":
            return [coordinates]
        case _:
            return []
