"""Paths: steps from point to point, as SVG names them."""

from __future__ import annotations

from collections.abc import Iterable

Point = tuple[float, float]
#: a path: ("M", 1 point), ("L", 1 point), ("C", 3 points) or ("Z", none)
Step = tuple[str, tuple[Point, ...]]

#: between the lines of a hatching, in px
_HATCH = 4.0


def polyline(points: Iterable[Point], *, is_closed: bool = False) -> tuple[Step, ...]:
    """Return straight steps from point to point, and back to the first if closed."""
    first, *rest = points
    steps: list[Step] = [("M", (first,)), *(("L", (point,)) for point in rest)]
    return (*steps, ("Z", ())) if is_closed else tuple(steps)


def rectangle(x: float, y: float, width: float, height: float) -> tuple[Step, ...]:
    """Return the path of a rectangle by its upper left corner."""
    right, bottom = x + width, y + height
    return polyline(((x, y), (right, y), (right, bottom), (x, bottom)), is_closed=True)


def circle(x: float, y: float, radius: float) -> tuple[Step, ...]:
    """Return the path of a circle: four curves, within 0.03 % of its radius."""
    k = 0.5522847498 * radius
    left, right, top, bottom = x - radius, x + radius, y - radius, y + radius
    return (
        ("M", ((right, y),)),
        ("C", ((right, y + k), (x + k, bottom), (x, bottom))),
        ("C", ((x - k, bottom), (left, y + k), (left, y))),
        ("C", ((left, y - k), (x - k, top), (x, top))),
        ("C", ((x + k, top), (right, y - k), (right, y))),
        ("Z", ()),
    )


def way_back(
    starts: Point, ends: Point, below: float, width: float, bulge: float
) -> tuple[Step, ...]:
    """Return the outline of a way that turns downward, runs back level below all, and turns up.

    Parameters
    ----------
    starts, ends : tuple of float
        Upper corner of the way where it begins to turn, and where it has turned up again.
    below, width : float
        Height of its upper edge on the way back, and its width, points.
    bulge : float
        How far it reaches where it turns, points.
    """
    (x0, y0), (x1, y1) = starts, ends
    outer, low = 4 / 3 * bulge, below + width
    inner = outer * max(below - y0 - width, 1.0) / (low - y0)
    return (
        ("M", ((x0, y0),)),
        ("C", ((x0 + outer, y0), (x0 + outer, low), (x0, low))),
        ("L", ((x1, low),)),
        ("C", ((x1 - outer, low), (x1 - outer, y1), (x1, y1))),
        ("L", ((x1, y1 + width),)),
        ("C", ((x1 - inner, y1 + width), (x1 - inner, below), (x1, below))),
        ("L", ((x0, below),)),
        ("C", ((x0 + inner, below), (x0 + inner, y0 + width), (x0, y0 + width))),
        ("Z", ()),
    )


def hatching(x: float, y: float, width: float, height: float) -> tuple[Step, ...]:
    """Return slanted lines that fill a rectangle, with its edge around them.

    Examples
    --------
    >>> len(hatching(0.0, 0.0, 8.0, 4.0)) > 5
    True
    """
    found = list(rectangle(x, y, width, height))
    start = _HATCH
    while start < width + height:
        # from the upper or right edge down to the left or lower one
        up, down = min(start, width), min(start, height)
        ends = (x + up, y + start - up), (x + start - down, y + down)
        found += polyline(ends)
        start += _HATCH
    return tuple(found)
