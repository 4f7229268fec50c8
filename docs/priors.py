"""Draws the priors of parameters as one small SVG: a strip per parameter, the same on any machine."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np

from fastness.parameters import Choice, Lognormal, Parameter, Prior, describe, quantile

WIDTH, LEFT, RIGHT, ROW, STRIP = 760, 230, 190, 34, 22
BINS = 48
#: uniform numbers through which a density is seen, and the part of them that a strip shows
SEEN = (np.arange(20_000) + 0.5) / 20_000
EDGE = 0.005
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#5a626c}.n{font-family:ui-monospace,monospace;fill:#2878b5}"
    ".d{fill:#2878b5;fill-opacity:.45}.m{stroke:#d9701a;stroke-width:2}.a{stroke:#8a8f96;stroke-width:1}"
)


def picture(parameters: Sequence[Parameter]) -> str:
    """Return an SVG with the density of each parameter's prior.

    Each strip runs over the middle 99 % of its prior, on a logarithmic scale where it is lognormal; the bar marks
    the median, the numbers on the right are median and 5-95 % range; the values of a choice stand alone.
    """
    height = ROW * len(parameters) + 8
    rows = "".join(_row(row, 4 + ROW * k) for k, row in enumerate(parameters))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
    return f"{head}<title>Densities of the priors</title><style>{STYLE}</style>{rows}</svg>\n"


def _row(parameter: Parameter, top: int) -> str:
    base = top + STRIP
    prior = parameter.prior
    p5, p50, p95 = np.quantile(quantile(prior, SEEN), [0.05, 0.5, 0.95], method="inverted_cdf")
    said = describe(prior) if isinstance(prior, Choice) else f"{p50:.3g} ({p5:.3g} – {p95:.3g})"
    name = f'<text class="n" x="0" y="{base - 6}">{escape(parameter.name)}</text>'
    unit = f'<text x="0" y="{base + 7}" font-size="10">{escape(parameter.unit)}</text>'
    axis = f'<path class="a" d="M{LEFT} {base}H{WIDTH - RIGHT - 10}"/>'
    numbers = f'<text x="{WIDTH - RIGHT}" y="{base - 6}">{escape(said)}</text>'
    return f"<g>{name}{unit}{_density(prior, base)}{axis}{numbers}</g>"


def _density(prior: Prior, base: int) -> str:
    """Return the shape of a prior and the bar at its median."""
    values = np.sort(quantile(prior, SEEN))
    width = WIDTH - RIGHT - 10 - LEFT
    low, high = values[round(EDGE * len(values))], values[round((1 - EDGE) * len(values)) - 1]
    if isinstance(prior, Lognormal):
        values, low, high = np.log(values), math.log(low), math.log(high)
    if isinstance(prior, Choice):
        low, high = min(prior.values), max(prior.values)
        span = (high - low) or 1.0
        low, high = low - 0.1 * span, high + 0.1 * span
    span = (high - low) or 1.0
    counts = np.histogram(values, bins=BINS, range=(low, low + span))[0]
    shares = counts / counts.max()
    step = width / BINS
    bars = "".join(
        f"M{LEFT + k * step:.1f} {base}V{base - STRIP * share:.1f}h{step:.1f}V{base}z"
        for k, share in enumerate(shares)
        if share > 0
    )
    middle = LEFT + width * (values[len(values) // 2] - low) / span
    median = "" if isinstance(prior, Choice) else f'<path class="m" d="M{middle:.1f} {base}v-{STRIP}"/>'
    return f'<path class="d" d="{bars}"/>{median}'
