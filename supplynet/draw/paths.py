"""Paths: steps from point to point, as SVG names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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


def way(points: Sequence[Point], width: float, *, is_loop: bool = False) -> tuple[Step, ...]:
    """Return the outline of a way of a width through some points, level at each of them.

    Parameters
    ----------
    points : sequence of (float, float)
        Its middle.
    width : float
    is_loop : bool
        Whether it leads back, bulging to the right.
    """
    half = width / 2
    if is_loop:
        return _loop(points, half)
    upper = [(x, y - half) for x, y in points]
    lower = [(x, y + half) for x, y in reversed(points)]
    return (
        ("M", (upper[0],)),
        *_curves(upper),
        ("L", (lower[0],)),
        *_curves(lower),
        ("Z", ()),
    )


def _curves(points: list[Point]) -> Iterator[Step]:
    """Curves that leave and enter every point level."""
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if y0 == y1:
            yield ("L", ((x1, y1),))
        else:
            middle = (x0 + x1) / 2
            yield ("C", ((middle, y0), (middle, y1), (x1, y1)))


def _loop(points: Sequence[Point], half: float) -> tuple[Step, ...]:
    """A way back within a column: level to where it turns, bulging to the right.

    With five points, the middle one is how far it may reach, and it turns at those beside it.
    """
    ends = sorted((points[0], points[-1]), key=lambda point: point[1])
    (left, top), (_, bottom) = ends
    reach, x = min(34.0, 12.0 + (bottom - top) / 4), left
    if len(points) > 2:
        x = points[1][0]
        reach = max(0.0, min(reach, points[2][0] - x - 2 * half))
    outer, inner = x + (reach + 2 * half) * 4 / 3, x + reach * 4 / 3
    return (
        ("M", ((left, top - half),)),
        ("L", ((x, top - half),)),
        ("C", ((outer, top - half), (outer, bottom + half), (x, bottom + half))),
        ("L", ((left, bottom + half),)),
        ("L", ((left, bottom - half),)),
        ("L", ((x, bottom - half),)),
        ("C", ((inner, bottom - half), (inner, top + half), (x, top + half))),
        ("L", ((left, top + half),)),
        ("Z", ()),
    )
