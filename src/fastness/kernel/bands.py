"""Bands of guerrillas (M12): units join and scatter, so that the sizes of what they do are heavy-tailed.

Each of a side's units carries the label of its band; a band's label is the index of one of its units. A unit is picked
at random: with a small chance its band scatters into single units, else it joins the band of a second unit (Eguiluz &
Zimmermann 2000; Bohorquez et al. 2009). The numbers of bands fall off with their size with an exponent near 5/2.
"""

from fastness.kernel.jit import kernel
from fastness.kernel.rows import Table
from fastness.kernel.state import Band
from fastness.kernel.streams import Stream, uniform

#: draw numbers that one step uses
PER_STEP = 3
FIRST, SCATTERS, SECOND = 0, 1, 2


@kernel
def stand_alone(band: Table[Band], side: int, units: int) -> None:
    """Make each unit a band of its own."""
    for unit in range(units):
        band[side, unit].label = unit


@kernel
def mix_bands(band: Table[Band], side: int, units: int, scatter: float, stream: Stream, entity: int, draw: int) -> None:
    """Play one step of joining and scattering; uses PER_STEP draw numbers."""
    first = band[side, int(uniform(stream, entity, draw + FIRST) * units)].label
    if uniform(stream, entity, draw + SCATTERS) < scatter:
        for unit in range(units):
            if band[side, unit].label == first:
                band[side, unit].label = unit
        return
    second = band[side, int(uniform(stream, entity, draw + SECOND) * units)].label
    if second == first:
        return
    for unit in range(units):
        if band[side, unit].label == second:
            band[side, unit].label = first


@kernel
def count_bands(band: Table[Band], side: int, units: int) -> int:
    """Return the number of bands."""
    bands = 0
    for unit in range(units):
        if band[side, unit].label == unit:
            bands += 1
    return bands


@kernel
def pick_band(band: Table[Band], side: int, units: int, u: float) -> int:
    """Return the size in units of a band, each band as likely as any other; `u` is uniform in (0, 1)."""
    left = int(u * count_bands(band, side, units))
    label = 0
    for unit in range(units):
        if band[side, unit].label == unit:
            label = unit
            if left == 0:
                break
            left -= 1
    size = 0
    for unit in range(units):
        if band[side, unit].label == label:
            size += 1
    return size
