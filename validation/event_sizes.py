"""How heavy-tailed is the model's violence? Fits a power law to the sizes of raids and of failed assaults.

    python validation/event_sizes.py [panjshir-2021 ...] [--campaigns 400] [--seed 1] [--write]

Sizes are an output of the model: of raids the men of the band that makes one, from the bands as they stand at the end
of each campaign; of failed assaults the attacker's losses. Each is fitted by maximum likelihood above the x_min that
leaves the smallest Kolmogorov-Smirnov distance (Clauset, Shalizi & Newman 2009), and printed beside the exponent 2.5
of nine wars (Bohorquez et al. 2009). The last line is the band process alone, from its stationary state.
"""

import argparse
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from campaigns import play
from record import met, record
from scipy.optimize import minimize_scalar
from scipy.special import zeta
from svg import Bar, bars

from fastness.compile import compile_scenario
from fastness.kernel.bands import PER_STEP, mix_bands, stand_alone
from fastness.kernel.empty import UNITS
from fastness.kernel.events import ASSAULT_FAILS
from fastness.kernel.jit import COMPILED, kernel
from fastness.kernel.rows import Table, dtype_of
from fastness.kernel.state import Band
from fastness.kernel.streams import Stream
from fastness.scenario import load

Sizes = npt.NDArray[np.int64]
PUBLISHED = 2.5
#: how far exponents of single wars lie from it
BETWEEN_WARS = 0.5
Z95 = 1.96
#: letters of a name in the picture
NAMED = 38
#: fewer sizes than this above x_min say nothing
LEAST = 50
SMALLEST, LARGEST = 1.05, 8.0


class Fit(NamedTuple):
    """Exponent of a power law with its standard error, the size from which it holds, and the sizes above that."""

    alpha: float
    error: float
    x_min: float
    count: int


def alpha_continuous(sizes: npt.NDArray[np.float64], x_min: float) -> tuple[float, float]:
    """Return the exponent of continuous sizes from `x_min` on and its standard error (alpha - 1)/sqrt(n)."""
    above = sizes[sizes >= x_min]
    alpha = 1.0 + len(above) / float(np.log(above / x_min).sum())
    return alpha, (alpha - 1.0) / math.sqrt(len(above))


def alpha_whole(sizes: Sizes, x_min: int) -> tuple[float, float]:
    """Return the exponent of whole sizes from `x_min` on, by maximum likelihood with the zeta function, and its s.e."""
    above = sizes[sizes >= x_min]
    logs = float(np.log(above).mean())
    found = minimize_scalar(lambda a: a * logs + math.log(zeta(a, x_min)), bounds=(SMALLEST, LARGEST), method="bounded")
    alpha = float(found.x)
    return alpha, (alpha - 1.0) / math.sqrt(len(above))


def distance(sizes: Sizes, alpha: float, x_min: int) -> float:
    """Return the Kolmogorov-Smirnov distance of sizes from `x_min` on to a power law."""
    above = np.sort(sizes[sizes >= x_min])
    values, counts = np.unique(above, return_counts=True)
    seen = np.cumsum(counts) / len(above)
    fitted = 1.0 - zeta(alpha, values + 1) / zeta(alpha, x_min)
    return float(np.abs(seen - fitted).max())


def fit(sizes: Sizes) -> Fit | None:
    """Return the power law from the x_min with the smallest distance, or None with too few sizes."""
    best, least = None, math.inf
    for x_min in np.unique(sizes[sizes > 0]):
        count = int((sizes >= x_min).sum())
        if count < LEAST:
            break
        alpha, error = alpha_whole(sizes, int(x_min))
        gap = distance(sizes, alpha, int(x_min))
        if gap < least:
            best, least = Fit(alpha, error, float(x_min), count), gap
    return best


@kernel
def churn(band: Table[Band], units: int, scatter: float, steps: int, stream: Stream) -> None:
    """Play steps of the band process on one side's units."""
    for step in range(steps):
        mix_bands(band, 0, units, scatter, stream, 0, PER_STEP * step)


def stationary_sizes(units: int, scatter: float, looks: int, every: int, seed: int) -> Sizes:
    """Return the sizes of all bands at `looks` moments of the stationary process, `every` steps apart."""
    records = np.zeros((1, units), dtype=dtype_of(Band))
    band: Table[Band] = records if COMPILED else Table(records)  # type: ignore[assignment]
    stand_alone(band, 0, units)
    churn(band, units, scatter, 20 * units, Stream(seed, 0, 0, 0))
    found = []
    for look in range(looks):
        churn(band, units, scatter, every, Stream(seed, 0, 0, look + 1))
        found.append(band_sizes(labels_of(band)))
    return np.concatenate(found)


def labels_of(band: Table[Band]) -> npt.ArrayLike:
    """Return the label of each unit of the first side, from records (compiled) or plain rows."""
    if isinstance(band, np.ndarray):
        return band["label"][0]
    return [band[0, unit].label for unit in range(band.shape[1])]


def band_sizes(labels: npt.ArrayLike) -> Sizes:
    """Return the sizes of all bands in units, from each unit's label."""
    return np.unique(np.asarray(labels, dtype=np.int64), return_counts=True)[1]


def raids_and_assaults(name: str, seed: int, campaigns: int) -> tuple[Sizes, Sizes]:
    """Play campaigns; return the bands' sizes in men where a side has guerrillas, and losses of failed assaults."""
    state = play(compile_scenario(load(name)), seed, 0, campaigns)
    cell, band, par, event = (np.asarray(table) for table in (state.cell, state.band, state.par, state.event))
    hidden = cell["guerrillas"].sum(axis=1)
    raids = [
        np.floor(par["band_party"][c, 0] * band_sizes(band["label"][c, side])).astype(np.int64)
        for c, side in zip(*np.nonzero(hidden > 0), strict=True)
    ]
    told = np.arange(event.shape[1])[None, :] < np.asarray(state.tally)["events"]
    failed = event["amount"][told & (event["kind"] == ASSAULT_FAILS)].astype(np.int64)
    return np.concatenate([np.zeros(0, np.int64), *raids]), failed[failed > 0]


def say(what: str, sizes: Sizes) -> Fit | None:
    """Print one line: what, how many, the fitted exponent beside the published one; return the fit."""
    found = fit(sizes)
    if found is None:
        print(f"{what:44}{len(sizes):8}  too few")
        return None
    print(f"{what:44}{len(sizes):8}{found.alpha:8.2f} ± {found.error:.2f} from {found.x_min:g} on ({found.count})")
    return found


def keep(fits: dict[str, Fit]) -> None:
    """Keep the result for the page of all checks."""
    said = "; ".join(f"{what}: {found.alpha:.2f} ± {found.error:.2f}" for what, found in fits.items())
    raids = [found for what, found in fits.items() if "raids" in what]
    fine = all(abs(found.alpha - PUBLISHED) <= BETWEEN_WARS for found in raids)
    rows = [
        Bar(what[:NAMED], found.alpha, found.alpha - Z95 * found.error, found.alpha + Z95 * found.error)
        for what, found in fits.items()
    ]
    drawn = bars(rows, title="exponents of event sizes with 95 % intervals", axis="exponent", mark=PUBLISHED)
    limit = f"raids: {PUBLISHED} ± {BETWEEN_WARS}, as between wars"
    record("event-sizes", said, limit=limit, verdict=met(fine), picture=drawn)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", default=["panjshir-2021"], help="library names, folders or files")
    parser.add_argument("--campaigns", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the result for the page of all checks")
    arguments = parser.parse_args()
    fits = {}
    print(f"{'sizes of':44}{'events':>8}   alpha (published: {PUBLISHED} ± 0.1 to 0.5 between wars)")
    for name in arguments.scenarios:
        raids, assaults = raids_and_assaults(name, arguments.seed, arguments.campaigns)
        fits[f"{name}: raids"] = say(f"{name}: raids, men of the band", raids)
        fits[f"{name}: failed assaults"] = say(f"{name}: failed assaults, attacker's losses", assaults)
    alone = stationary_sizes(UNITS, 0.14, 4000, 16, arguments.seed)
    fits["bands alone"] = say(f"bands of {UNITS} units alone, scatter 0.14", alone)
    if arguments.write:
        keep({what: found for what, found in fits.items() if found is not None})


if __name__ == "__main__":
    main()
