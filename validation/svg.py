"""Draws what checks found as small SVGs by hand: the same file from the same numbers on any machine."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, ROW, TOP, FOOT = 680, 250, 24, 22, 8, 40
HEIGHT = 240
#: a panel of a picture of pairs: side of the square, room to its left
SIDE, BESIDE = 160, 60
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#5a626c}.g{stroke:#8a8f96;stroke-width:1;fill:none}"
    ".z{stroke:#8a8f96;stroke-dasharray:4 3}.v{stroke:#2878b5;stroke-width:2;fill:none}.p{fill:#2878b5}"
    ".o{fill:none;stroke:#d9701a;stroke-width:2}"
)
#: lines of a picture of curves, in order
LINES = ("#2878b5", "#d9701a", "#3a8f5c", "#8a8f96")
TICKS = 4
#: of a step: ends that are round but for the last bit count as round
SLACK = 1e-9


class Bar(NamedTuple):
    """One row: the value with its interval, and what it is held beside (an open circle)."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    beside: float | None = None


class Pair(NamedTuple):
    """One quantity found in two ways, with half the width of the interval of each, and a word for what it is."""

    across: float
    across_half: float
    up: float
    up_half: float
    label: str


def bars(
    rows: Sequence[Bar], *, title: str, axis: str, mark: float | None = None, left: int = LEFT, to: float | None = None
) -> str:
    """Return points with their intervals, one row each; a broken line at `mark`.

    Labels have `left` pixels, and the axis goes to `to` at least.
    """
    seen = [x for row in rows for x in (*row[1:], mark, to) if x is not None]
    low, high = _span(seen)
    height = TOP + ROW * len(rows) + FOOT
    base = height - FOOT

    def at(x: float) -> float:
        return left + (WIDTH - left - RIGHT) * (x - low) / (high - low)

    parts = [] if mark is None else [f'<path class="z" d="M{at(mark):.1f} {TOP}V{base}"/>']
    for k, row in enumerate(rows):
        y = TOP + ROW * k + ROW // 2
        parts.append(f'<text x="{left - 10}" y="{y + 4}" text-anchor="end">{escape(row.label)}</text>')
        if row.low is not None and row.high is not None:
            parts.append(f'<path class="v" d="M{at(row.low):.1f} {y}H{at(row.high):.1f}"/>')
        parts.append(f'<circle class="p" cx="{at(row.value):.1f}" cy="{y}" r="4"/>')
        if row.beside is not None:
            parts.append(f'<circle class="o" cx="{at(row.beside):.1f}" cy="{y}" r="5"/>')
    ticks = [(at(x), f"{x:.3g}") for x in _ticks(low, high)]
    return _svg(title, height, "".join(parts) + _axis(ticks, base, axis, left))


def curves(lines: Mapping[str, tuple[Sequence[float], Sequence[float]]], *, title: str, axis: str, top: float) -> str:
    """Return lines over one axis, each by its name: where it goes and how high, from 0 to `top`."""
    low, high = _span([x for xs, _ in lines.values() for x in xs])
    base = HEIGHT - FOOT
    left = LEFT // 5

    def point(x: float, y: float) -> str:
        across = left + (WIDTH - left - RIGHT) * (x - low) / (high - low)
        return f"{across:.1f} {base - (base - TOP) * min(y / top, 1.0):.1f}"

    parts = []
    for k, (name, (xs, ys)) in enumerate(lines.items()):
        colour = LINES[k % len(LINES)]
        path = "M" + "L".join(point(x, y) for x, y in zip(xs, ys, strict=True))
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        where = f'x="{left + 12}" y="{TOP + 16 + 16 * k}"'
        parts.append(f'<text {where} style="fill:{colour}">{escape(name)}</text>')
    parts.append(f'<path class="g" d="M{left} {TOP}V{base}"/><text x="2" y="{TOP + 10}">{top:g}</text>')
    ticks = [(float(point(x, 0).split()[0]), f"{x:.3g}") for x in _ticks(low, high)]
    return _svg(title, HEIGHT, "".join(parts) + _axis(ticks, base, axis, left))


def pairs(panels: Mapping[str, Sequence[Pair]], *, title: str, across: str, up: str) -> str:
    """Return square panels side by side, each by its name: one way against the other, crosses of intervals, diagonal.

    Points have numbers, from left to right, whose labels are told below.
    """
    most = max(len(rows) for rows in panels.values())
    parts = [_panel(rows, LEFT // 5 + k * (SIDE + BESIDE)) for k, rows in enumerate(panels.values())]
    base = TOP + 2 * ROW + SIDE
    for k, (name, rows) in enumerate(panels.items()):
        left = LEFT // 5 + k * (SIDE + BESIDE)
        said = [(left, TOP + 12, name), (left, base + 34, f"across: {across}"), (left, TOP + ROW + 8, f"up: {up}")]
        ordered = sorted(rows, key=lambda row: row.across)
        said += [(left, base + FOOT + 16 * (j + 1), f"{j + 1} {row.label}") for j, row in enumerate(ordered)]
        parts += [f'<text x="{x}" y="{y}">{escape(text)}</text>' for x, y, text in said]
    return _svg(title, base + FOOT + 16 * (most + 1), "".join(parts))


def _panel(rows: Sequence[Pair], left: int) -> str:
    ends = [end for a, da, b, db, _ in rows for end in (a - da, a + da, b - db, b + db)]
    low, high = _span([*ends, 0.0])
    base = TOP + 2 * ROW + SIDE

    def at(value: float) -> float:
        return SIDE * (value - low) / (high - low)

    parts = [f'<path class="z" d="M{left} {base}L{left + SIDE} {base - SIDE}"/>']
    parts.append(f'<path class="g" d="M{left} {base - SIDE}V{base}H{left + SIDE}"/>')
    for x in _ticks(low, high):
        parts.append(f'<text x="{left + at(x):.1f}" y="{base + 16}" text-anchor="middle">{x:.3g}</text>')
        parts.append(f'<text x="{left - 4}" y="{base - at(x) + 4:.1f}" text-anchor="end">{x:.3g}</text>')
    for number, (a, da, b, db, _) in enumerate(sorted(rows, key=lambda row: row.across), 1):
        x, y = left + at(a), base - at(b)
        cross = f"M{left + at(a - da):.1f} {y:.1f}H{left + at(a + da):.1f}"
        cross += f"M{x:.1f} {base - at(b - db):.1f}V{base - at(b + db):.1f}"
        parts.append(f'<path class="v" d="{cross}"/><circle class="p" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        parts.append(f'<text x="{x + 5:.1f}" y="{y - 5:.1f}">{number}</text>')
    return "".join(parts)


def _span(seen: Sequence[float]) -> tuple[float, float]:
    low, high = min(seen), max(seen)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers between two ends, about `TICKS` of them."""
    power = 10.0 ** math.floor(math.log10((high - low) / TICKS))
    step = next(each * power for each in (1.0, 2.0, 2.5, 5.0, 10.0) if (high - low) / (each * power) <= TICKS + 1)
    first, last = math.ceil(low / step - SLACK), math.floor(high / step + SLACK)
    return [step * k for k in range(first, last + 1)]


def _axis(ticks: Sequence[tuple[float, str]], base: int, axis: str, left: int = LEFT) -> str:
    said = "".join(f'<text x="{x:.1f}" y="{base + 16}" text-anchor="middle">{text}</text>' for x, text in ticks)
    name = f'<text x="{(left + WIDTH - RIGHT) / 2:.1f}" y="{base + 34}" text-anchor="middle">{escape(axis)}</text>'
    return f'<path class="g" d="M{left} {base}H{WIDTH - RIGHT}"/>{said}{name}'


def _svg(title: str, height: int, parts: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
    return f"{head}<title>{escape(title)}</title><style>{STYLE}</style>{parts}</svg>\n"
