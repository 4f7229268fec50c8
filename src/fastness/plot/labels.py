"""Greedy placement of place names, so that no label covers another, a marker, or the edge of the map."""

from collections.abc import Sequence
from dataclasses import dataclass

FONT_PX = 12.0
EM = 0.58  # mean width of a letter of a sans-serif face, on the safe side
LINE_PX = 15.0
SPOTS: tuple[tuple[str, int, int], ...] = (
    ("middle right", 1, 0),
    ("middle left", -1, 0),
    ("top center", 0, 1),
    ("bottom center", 0, -1),
    ("top right", 1, 1),
    ("bottom right", 1, -1),
    ("top left", -1, 1),
    ("bottom left", -1, -1),
)

Rectangle = tuple[float, float, float, float]
Segment = tuple[float, float, float, float]
CLEAR_PX = 4.0  # between a name and the markers of others, lest it seem to be theirs
LEFT_PX, BOTTOM_PX = 46.0, 16.0  # strips where the map writes its degrees


@dataclass(frozen=True)
class Label:
    """A name beside a marker: position from the lower left corner and radius [px]; higher rank is placed first."""

    text: str
    x: float
    y: float
    radius: float
    rank: float


def place_labels(
    labels: Sequence[Label], width: float, height: float, lines: Sequence[Segment] = ()
) -> list[str | None]:
    """Choose for each label one of plotly's eight positions around its marker, or none.

    Labels are taken by rank, and each gets the position that crosses the fewest lines among those where it fits: inside
    the frame, clear of all markers and of the labels already placed. One that fits nowhere is hidden (its name is still
    shown on hover).

    Parameters
    ----------
    labels : sequence of Label
        The labels, in any order.
    width, height : float
        Size of the frame [px].
    lines : sequence of tuple of float
        Straight lines that labels had better not cross: x, y of both ends [px].

    Returns
    -------
    list of (str or None)
        A plotly `textposition` per label, in the order given; None where hidden.
    """
    reach = [m.radius + CLEAR_PX for m in labels]
    markers = [(m.x - r, m.y - r, m.x + r, m.y + r) for m, r in zip(labels, reach, strict=True)]
    taken: list[Rectangle] = []
    chosen: list[str | None] = [None] * len(labels)
    for index in sorted(range(len(labels)), key=lambda i: (-labels[i].rank, labels[i].text)):
        label = labels[index]
        if not (0 <= label.x <= width and 0 <= label.y <= height):
            continue
        others = [*markers[:index], *markers[index + 1 :], *taken]
        boxes = ((spot, label_box(label, right, up)) for spot, right, up in SPOTS)
        fitting = [(spot, box) for spot, box in boxes if _fits(box, width, height, others)]
        if fitting:
            chosen[index], box = min(fitting, key=lambda f: sum(crosses(f[1], line) for line in lines))
            taken.append(box)
    return chosen


def _fits(box: Rectangle, width: float, height: float, others: Sequence[Rectangle]) -> bool:
    """Tell whether a label lies in the frame and clear of everything else."""
    inside = box[0] >= LEFT_PX and box[1] >= BOTTOM_PX and box[2] <= width - 2 and box[3] <= height - 2
    return inside and not any(overlap(box, other) for other in others)


def label_box(label: Label, right: int, up: int) -> Rectangle:
    """Give the rectangle that a label fills at one of the eight positions.

    Parameters
    ----------
    label : Label
        The label.
    right, up : {-1, 0, 1}
        Position relative to the marker.

    Returns
    -------
    tuple of float
        Left, bottom, right, top [px].
    """
    gap = label.radius / 0.8 + 1  # plotly's own distance between marker and text
    width = len(label.text) * EM * FONT_PX
    left = label.x + (gap if right == 1 else -gap - width if right == -1 else -width / 2)
    bottom = label.y + (gap if up == 1 else -gap - LINE_PX if up == -1 else -LINE_PX / 2)
    return (left, bottom, left + width, bottom + LINE_PX)


def overlap(a: Rectangle, b: Rectangle) -> bool:
    """Tell whether two rectangles overlap.

    Parameters
    ----------
    a, b : tuple of float
        Left, bottom, right, top, in one unit.

    Returns
    -------
    bool
        True if they share more than an edge.
    """
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def crosses(box: Rectangle, line: Segment) -> bool:
    """Tell whether a straight line passes through a rectangle (Liang and Barsky's clipping).

    Parameters
    ----------
    box : tuple of float
        Left, bottom, right, top.
    line : tuple of float
        x, y of both ends.

    Returns
    -------
    bool
        True if any point of the line is inside.
    """
    x, y, dx, dy = line[0], line[1], line[2] - line[0], line[3] - line[1]
    if max(x, x + dx) < box[0] or min(x, x + dx) > box[2] or max(y, y + dy) < box[1] or min(y, y + dy) > box[3]:
        return False  # as nearly all do: to one side
    enter, leave = 0.0, 1.0
    for step, distance in ((-dx, x - box[0]), (dx, box[2] - x), (-dy, y - box[1]), (dy, box[3] - y)):
        if step == 0:
            if distance < 0:
                return False
        elif step < 0:
            enter = max(enter, distance / step)
        else:
            leave = min(leave, distance / step)
    return enter <= leave
