"""Shapes cut to a frame: what lies outside the map is not drawn, and not merely hidden.

A page and a file must show the same, and a writer that knows no clipping must not paint over
the title.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle; ``top`` is the smaller y, as on a canvas, but any order of axes will do."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: Point) -> bool:
        """Whether a point lies inside or on the edge."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


def clip_ring(ring: Sequence[Point], window: Window) -> list[Point]:
    """Return the part of a filled ring that lies in a window (Sutherland and Hodgman, 1974).

    Parameters
    ----------
    ring : sequence of (float, float)
        Closed or not. A ring that leaves the window several times comes back as one, its parts
        joined along the edge of the window: fills are right, outlines run along the edge there.

    Returns
    -------
    list of (float, float)
        Not closed; empty where nothing lies in the window.

    Examples
    --------
    >>> clip_ring([(-1, -1), (1, -1), (1, 1), (-1, 1)], Window(0, 0, 5, 5))
    [(0.0, 0.0), (1.0, 0.0), (1, 1), (0.0, 1.0)]
    """
    found = list(ring)
    if len(found) > 1 and found[0] == found[-1]:
        found.pop()
    if all(window.holds(point) for point in found):
        return found
    for axis, limit, is_upper in (
        (0, window.left, False),
        (0, window.right, True),
        (1, window.top, False),
        (1, window.bottom, True),
    ):
        found = _half(found, axis, limit, is_upper=is_upper)
    return found


def clip_meridian(ring: Sequence[Point], longitude: float) -> list[list[Point]]:
    """Cut a ring of longitudes and latitudes along a meridian.

    Returns
    -------
    list of list of (float, float)
        What lies west of it and what lies east of it, not closed, those that are not empty.
    """
    points = list(ring[:-1] if ring[0] == ring[-1] else ring)
    sides = (_half(points, 0, longitude, is_upper=upper) for upper in (True, False))
    return [side for side in sides if len({x for x, _ in side}) > 1]


def _half(points: list[Point], axis: int, limit: float, *, is_upper: bool) -> list[Point]:
    inside: Callable[[Point], bool] = (
        (lambda point: point[axis] <= limit) if is_upper else (lambda point: point[axis] >= limit)
    )
    found: list[Point] = []
    for before, point in zip([points[-1], *points[:-1]] if points else [], points, strict=True):
        if inside(point) != inside(before):
            share = (limit - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
            crossing = (float(limit), float(other))
            found.append(crossing if axis == 0 else (crossing[1], crossing[0]))
        if inside(point):
            found.append(point)
    return found


def clip_line(line: Sequence[Point], window: Window) -> list[list[Point]]:
    """Return the pieces of a line that lie in a window, in order.

    Examples
    --------
    >>> clip_line([(-1, 1), (1, 1), (1, 9)], Window(0, 0, 5, 5))
    [[(0.0, 1.0), (1, 1), (1.0, 5.0)]]
    """
    pieces: list[list[Point]] = []
    open_piece = False
    for start, end in zip(line, line[1:], strict=False):
        part = _segment(start, end, window)
        if part is None:
            open_piece = False
            continue
        first, last = part
        if open_piece and first == start:
            pieces[-1].append(last)
        else:
            pieces.append([first, last])
        open_piece = last == end
    return pieces


def _segment(start: Point, end: Point, window: Window) -> tuple[Point, Point] | None:
    """The part of a segment in a window (Liang and Barsky, 1984)."""
    enter, leave = 0.0, 1.0
    step = (end[0] - start[0], end[1] - start[1])
    for axis, low, high in ((0, window.left, window.right), (1, window.top, window.bottom)):
        if step[axis] == 0:
            if not low <= start[axis] <= high:
                return None
            continue
        near, far = sorted(((low - start[axis]) / step[axis], (high - start[axis]) / step[axis]))
        enter, leave = max(enter, near), min(leave, far)
    if enter >= leave:
        return None
    first = start if enter == 0 else (start[0] + enter * step[0], start[1] + enter * step[1])
    last = end if leave == 1 else (start[0] + leave * step[0], start[1] + leave * step[1])
    return first, last
