"""The axes of a chart's field: ticks, grid and names."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from supplynet.draw.scene import (
    Axis,
    Label,
    Plot,
    Point,
    Scene,
    Shape,
    bracket,
    circle,
    polyline,
    rectangle,
)
from supplynet.draw.sheet import Entry, Words, chart, frame
from supplynet.draw.style import FAINT, INK, MUTED, Size
from supplynet.draw.words import ELLIPSIS, wrap

_STEPS = (1, 2, 2.5, 5, 10)
#: height of a row over the size of its letters
_ROW = 1.5
#: height of a line of a name of several over the size of its letters, and lines at the most
TIGHT, _MOST_LINES = 1.1, 4


def rows_between(top: float, bottom: float, n: int, most: float) -> float:
    """Return the height of each of some rows, at most a height, that fill a field."""
    return min((bottom - top) / max(n, 1), most)


class Drawing:
    """A chart on its way to a scene, drawn from the paper up in the frame of its words.

    Parameters
    ----------
    words : Words
    size : Size
    entries : sequence of Entry
        Of its legend.
    """

    def __init__(self, texts: Words, size: Size, entries: Sequence[Entry] = ()) -> None:
        self.size, self.around = size, frame(texts, size, entries)
        self.top, self.bottom = self.around.top, self.around.bottom
        self.plots: list[Plot] = []
        self.shapes: list[Shape] = []
        self.labels: list[Label] = []

    @property
    def plot(self) -> Plot:
        """The field that is drawn in."""
        return self.plots[-1]

    def bar(
        self,
        name: str,
        span: tuple[float, float],
        y: float,
        tall: float,
        fill: str,
        *,
        least: float = 0.0,
        role: str = "bar",
        **look: Any,
    ) -> None:
        """Draw a bar from figure to figure about a height, so many points long at the least."""
        first, last = map(self.plot.x, span)
        box = rectangle(first, y - tall / 2, max(last - first, least), tall)
        self.shapes.append(Shape(name, box, role, fill=fill, **look))

    def line(self, name: str, points: Sequence[Point], color: str, **look: Any) -> None:
        """Draw a line through some points."""
        self.shapes.append(line(name, points, color, **look))

    def dot(self, name: str, x: float, y: float, radius: float, **look: Any) -> None:
        """Draw a dot above bars and lines."""
        look = {"role": "dot", "layer": "above", **look}
        self.shapes.append(Shape(name, circle(x, y, radius), **look))

    def whisker(self, name: str, span: tuple[float, float], y: float, tall: float) -> None:
        """Draw the data range of a bar of a height about `y`: a line with ends."""
        first, last = map(self.plot.x, span)
        path = bracket((first, last), y, 0.22 * tall)
        self.shapes.append(Shape(name, path, "mark", stroke=INK, width=1.2, layer="above"))

    def write(
        self, text: str, x: float, y: float, letters: float, color: str = INK, **look: Any
    ) -> None:
        """Write a line."""
        self.labels.append(Label(text, x, y, letters, color, **look))

    def scene(self, what: str) -> Scene:
        """Return what is drawn, in a sentence too."""
        return chart(self.around, what, self.plots, self.shapes, self.labels)


def rows_read(top: float, bottom: float, size: Size) -> int:
    """Return how many rows a field holds in letters that can be read."""
    return max(1, int((bottom - top) / (_ROW * size.letters(0.0))) - 2)


def name_lines(
    name: str, letters: float, room: float, pitch: float, least: float, *, is_bold: bool = False
) -> tuple[list[str], float]:
    """Return the name of a row in as many lines as leave it whole, and the size of its letters.

    Parameters
    ----------
    name : str
    letters : float
        Size that is wished for, points.
    room, pitch : float
        Width of the lines and height of the row, points.
    least : float
        Size below which no letter can be read: lines that would need smaller ones are not made.
    is_bold : bool

    Examples
    --------
    >>> name_lines("Metal of toll makers", 14.0, 90.0, 34.0, 12.0)
    (['Metal of toll', 'makers'], 14.0)
    """
    size, lines = letters, [name]
    for limit in range(1, _MOST_LINES + 1):
        high = pitch / (limit * TIGHT)
        if limit > 1 and high < min(letters, least):
            break
        size = min(letters, max(high, least))
        lines = wrap(name, size, room, is_bold=is_bold, limit=limit)
        if not lines[-1].endswith(ELLIPSIS):
            break
    return lines, size


def is_whole(name: str, letters: float, room: float, pitch: float, least: float) -> bool:
    """Return whether the name of a row has room, in bold letters too."""
    lines, _ = name_lines(name, letters, room, pitch, least, is_bold=True)
    return not lines[-1].endswith(ELLIPSIS)


def name_beside(
    name: str,
    x: float,
    middle: float,
    letters: float,
    room: float,
    pitch: float,
    least: float,
    *,
    is_bold: bool = False,
    **look: Any,
) -> list[Label]:
    """Return the name of a row at `x`, about its middle; as :func:`name_lines`."""
    lines, size = name_lines(name, letters, room, pitch, least, is_bold=is_bold)
    return stacked(lines, x, middle, size, is_bold=is_bold, **look)


def stacked(lines: Sequence[str], x: float, middle: float, size: float, **look: Any) -> list[Label]:
    """Return lines at `x`, one below the other about a middle."""
    first = middle - (len(lines) - 1) / 2 * TIGHT * size
    return [
        Label(line, x, first + index * TIGHT * size, size, INK, **look)
        for index, line in enumerate(lines)
    ]


def letters_for(top: float, bottom: float, n: int, size: Size) -> float:
    """Return the size of letters of some rows in a field, with an axis below them."""
    return size.letters((bottom - top) / (_ROW * (n + 2)))


def percent(value: float) -> str:
    """Return the figure of a tick as exact as it is.

    Examples
    --------
    >>> percent(0.0075), percent(0.25)
    ('0.75%', '25%')
    """
    return f"{100 * value:.4g}%"


def ticks(high: float, most: int = 5) -> list[float]:
    """Return round figures from 0 to the first at or above a figure.

    Examples
    --------
    >>> ticks(870)
    [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]
    """
    if high <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(high / most))
    step = next(entry * power for entry in _STEPS if entry * power * most >= high * (1 - 1e-9))
    return [step * n for n in range(math.ceil(high / step - 1e-9) + 1)]


def with_rows(
    plot: Plot,
    at: Sequence[float],
    text: Callable[[float], str],
    size: float,
    *,
    title: Label | None = None,
) -> Plot:
    """Return a field with lines across it, and their figures on its left."""
    heights = [plot.y(value) for value in at]
    labels = [
        Label(text(value), plot.left - 5, y, size, MUTED, anchor="right", role="axis")
        for value, y in zip(at, heights, strict=True)
    ]
    edges = [value == plot.low for value in at]
    lines = _lines(plot, "grid", [((plot.left, y), (plot.right, y)) for y in heights], edges)
    return replace(plot, up=Axis(tuple(at), tuple((label,) for label in labels), lines, title))


def with_columns(
    plot: Plot,
    at: Sequence[float],
    text: Callable[[float], str],
    size: float,
    *,
    has_grid: bool = False,
    title: str | Label = "",
) -> Plot:
    """Return a field with figures below it, lines up through it where asked for, and a title."""
    places, y = [plot.x(value) for value in at], plot.bottom + 0.9 * size
    labels = [
        Label(text(value), x, y, size, MUTED, anchor="middle", role="axis")
        for value, x in zip(at, places, strict=True)
    ]
    edges = [value == plot.first for value in at]
    lines = _lines(plot, "column", [((x, plot.top), (x, plot.bottom)) for x in places], edges)
    if isinstance(title, str):
        middle, y = (plot.left + plot.right) / 2, plot.bottom + 2.6 * size
        title = Label(title, middle, y, size, MUTED, anchor="middle", role="axis")
    stated = tuple((label,) for label in labels)
    across = Axis(tuple(at), stated, lines if has_grid else (), title if title.text else None)
    return replace(plot, across=across)


def _lines(
    plot: Plot, name: str, routes: Sequence[Sequence[Point]], edges: Sequence[bool]
) -> tuple[Shape, ...]:
    """Return lines through a field: at its edge that of the axis."""
    looks = [("axis", MUTED, 0.8) if is_edge else ("grid", FAINT, 0.6) for is_edge in edges]
    return tuple(
        line(f"{name}-{plot.left:.0f}-{plot.top:.0f}-{n}", route, color, role=role, width=width)
        for n, (route, (role, color, width)) in enumerate(zip(routes, looks, strict=True))
    )


def with_names(
    plot: Plot,
    names: Sequence[str],
    letters: float,
    room: float,
    least: float,
    *,
    bold: Collection[int] = (),
    has_grid: bool = False,
) -> Plot:
    """Return a field of rows with their names on its left; as :func:`name_lines`.

    Parameters
    ----------
    letters, room, least : float
        As for :func:`name_lines`.
    bold : collection of int
        Rows whose names stand out.
    has_grid : bool
        Whether a line runs along each row.
    """
    rows = range(len(names))
    texts = [
        name_beside(
            names[n],
            plot.left - 6,
            plot.y(n),
            letters,
            room,
            plot.pitch,
            least,
            is_bold=n in bold,
            anchor="right",
        )
        for n in rows
    ]
    routes = [((plot.left, y), (plot.right, y)) for y in map(plot.y, rows)]
    lines = _lines(plot, "row", routes, [False] * len(routes)) if has_grid else ()
    return replace(plot, up=Axis(tuple(rows), tuple(map(tuple, texts)), lines))


def plot_of_rows(
    left: float,
    top: float,
    right: float,
    bottom: float,
    n: int,
    most: float,
    first: float,
    last: float,
) -> Plot:
    """Return a field of rows, each of a height at most, that fill it; the first, 0, at the top."""
    n = max(n, 1)
    end = top + n * rows_between(top, bottom, n, most)
    return Plot(left, top, right, end, first, last, n - 0.5, -0.5)


def with_years(plot: Plot, first: int, last: int, size: float) -> Plot:
    """Return a field with years below it and lines up through it, as many as have room."""
    years = list(range(first, last + 1))
    step = max(1, round(len(years) * 3.8 * size / (plot.right - plot.left) + 0.499))
    return with_columns(plot, years[::step], whole, size, has_grid=True)


def whole(value: float) -> str:
    """Return a figure without its decimals, as a year is written."""
    return f"{value:.0f}"


def line(name: str, points: Sequence[Point], color: str, **look: Any) -> Shape:
    """Return a line through some points."""
    return Shape(name, polyline(points), **{"role": "curve", "stroke": color, "width": 2.0, **look})
