"""A scene as artists of a matplotlib figure: fields and legends of a chart are its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis as MplAxis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path as MplPath
from matplotlib.spines import Spine
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, ScaledTranslation, Transform, TransformedBbox

from supplynet.draw.labels import GAP
from supplynet.draw.scene import (
    Axis,
    Box,
    Key,
    Label,
    Plot,
    Point,
    Ribbon,
    Scene,
    Shape,
    Step,
    rectangle,
)
from supplynet.draw.sheet import BETWEEN_KEYS, KEY_GAP
from supplynet.draw.style import CUT, PAPER, Theme
from supplynet.draw.svg import Paint, paint_of, ribbon_paint
from supplynet.draw.words import text_width
from supplynet.errors import OptionError
from supplynet.network.problems import did_you_mean


def fonts(family: str | None) -> tuple[Path, Path]:
    """Return the files of the plain and the bold letters of a family."""
    if family is None:
        folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"
    plain, bold = (FontProperties(family=family, weight=weight) for weight in ("normal", "bold"))
    try:
        results = [
            font_manager.findfont(entry, fallback_to_default=False) for entry in (plain, bold)
        ]
    except ValueError as error:
        names = font_manager.get_font_names()
        raise OptionError(
            f"font {family!r} is not installed",
            hint=did_you_mean(family, names) or f"for example {', '.join(sorted(names)[:5])}",
        ) from error
    return Path(results[0]), Path(results[1])


@lru_cache(maxsize=8)
def _letters(file: Path) -> frozenset[int]:
    return frozenset(FT2Font(str(file)).get_charmap())


def drawable(text: str, file: Path | None = None) -> str:
    """Return a text with a hollow square for each character that the font does not have.

    A character that is another one set low or in another form becomes that one.
    """
    names = _letters(file or fonts(None)[0])

    def drawn(char: str) -> str:
        usual = unicodedata.normalize("NFKC", char)
        forms = (char, usual if len(usual) == 1 else char)
        return next((form for form in forms if ord(form) in names), "\u25a1")

    return "".join(map(drawn, text))


_ALIGNED = {"left": "left", "right": "right", "middle": "center"}
#: room between an axis and its figures: below over the size of letters, beside in points
_BELOW, _BESIDE = 0.5, 5.0
#: how far two lines are apart, over their letters: at any spacing, and what grows with it; and
#: from the middle of several lines down to where a single one stands
_FIXED, _SPACED = (0.0, 1.0) if matplotlib.__version_info__ >= (3, 11) else (0.236, 0.764)
_DOWN = 0.12
#: height of swatches that makes them 0.95 of the letters, and from the middle of a legend down to
#: its lines of the scene, over their size
_SWATCH, _LOWER = 1.085, 0.07
#: letters of the paths of a circle and of a rectangle
_CIRCLE, _RECTANGLE = "MCCCCZ", "MLLLZ"


class Looks:
    """How the parts of a figure look: colors, strokes and letters, in words of matplotlib."""

    def __init__(
        self, figure: Figure, color: Callable[[str], str], fonts: tuple[Path, Path]
    ) -> None:
        self.figure, self.color, self.fonts = figure, color, fonts

    def patch(self, paint: Paint) -> dict[str, Any]:
        """Return how a patch looks; dashes are points whatever the width of the stroke."""
        is_drawn = bool(paint.stroke) and paint.width > 0
        return {
            "facecolor": (self.color(paint.fill), paint.opacity) if paint.fill else "none",
            "edgecolor": (self.color(paint.stroke), paint.stroke_opacity) if is_drawn else "none",
            "linewidth": paint.width if is_drawn else 0.0,
            "linestyle": _dashes(paint) if is_drawn else "solid",
            "capstyle": "butt",
            "joinstyle": "round",
        }

    def line(self, paint: Paint) -> dict[str, Any]:
        """Return how a line looks."""
        return {
            "color": (self.color(paint.stroke), paint.stroke_opacity),
            "linewidth": paint.width,
            "linestyle": _dashes(paint),
            "solid_capstyle": "butt",
            "dash_capstyle": "butt",
        }

    def dot(self, paint: Paint, diameter: float) -> dict[str, Any]:
        """Return how a dot looks: a line of one point with a mark."""
        look = self.patch(paint)
        return {
            "linestyle": "none",
            "marker": "o",
            "markersize": diameter,
            "markerfacecolor": look["facecolor"],
            "markeredgecolor": look["edgecolor"],
            "markeredgewidth": look["linewidth"],
        }

    def said(self, *labels: Label) -> str:
        """Return the lines of a text, as far as the font has their letters."""
        return "\n".join(drawable(label.text, self.fonts[label.is_bold]) for label in labels)

    def letters(self, label: Label) -> dict[str, Any]:
        """Return how the letters of a label look."""
        return {
            "fontproperties": FontProperties(fname=self.fonts[label.is_bold], size=label.size),
            "color": self.color(label.color),
            "ha": _ALIGNED[label.anchor],
            "va": "center_baseline",
            "parse_math": False,
            "usetex": False,
        }

    def pin(self, text: Text, base: Transform, origin: Point, *labels: Label) -> None:
        """Put a text of matplotlib as far from a point of the scene as its lines are there."""
        first, last = labels[0], labels[-1]
        right, down = first.x - origin[0], (first.y + last.y) / 2 - origin[1]
        text.set(**self.letters(first))
        if len(labels) > 1:
            apart = (last.y - first.y) / (len(labels) - 1) / first.size
            text.set(va="center", linespacing=(apart - _FIXED) / _SPACED)
            down += _DOWN * first.size
        moved = ScaledTranslation(right / 72, -down / 72, self.figure.dpi_scale_trans)
        text.set_transform(base + moved)


def add_axes(plot: Plot, scene: Scene, looks: Looks) -> Axes:
    """Add a field to a figure as axes: limits, ticks, grid and titles."""
    wide, tall = plot.right - plot.left, plot.bottom - plot.top
    axes = looks.figure.add_axes(
        (
            plot.left / scene.width,
            1 - plot.bottom / scene.height,
            wide / scene.width,
            tall / scene.height,
        ),
        facecolor="none",
        axisbelow=True,
    )
    axes.spines[:].set_visible(False)
    across, up = axes.get_xaxis_transform(), axes.get_yaxis_transform()
    below = [(plot.x(value), plot.bottom) for value in plot.across.at]
    beside = [(plot.left, plot.y(value)) for value in plot.up.at]
    _declare(axes, axes.xaxis, plot.across, across, below, looks)
    _declare(axes, axes.yaxis, plot.up, up, beside, looks)
    axes.set_xlim(plot.first, plot.last)
    axes.set_ylim(plot.low, plot.high)
    if plot.title:
        title = axes.set_title(looks.said(*plot.title), loc="left", y=1.0)
        looks.pin(title, axes.transAxes, (plot.left, plot.top), *plot.title)
    for axis, side in ((axes.xaxis, plot.across), (axes.yaxis, plot.up)):
        if side.title is not None:
            axis.set_label_text(looks.said(side.title), rotation=0)
            axis.set_label_coords(0.0, 0.0)
            looks.pin(axis.label, axes.transAxes, (plot.left, plot.bottom), side.title)
    return axes


def _declare(
    axes: Axes,
    axis: MplAxis,
    side: Axis,
    base: Transform,
    points: Sequence[Point],
    looks: Looks,
) -> None:
    """Set the ticks of an axis at points of the scene, with the lines through the field."""
    axis.set_ticks(side.at, [looks.said(*lines) for lines in side.words])
    size = max((label.size for lines in side.words for label in lines), default=0.0)
    pad = _BELOW * size if axis is axes.xaxis else _BESIDE
    axis.set_tick_params(length=0, pad=pad, labelsize=size)
    for tick, point, lines in zip(axis.get_major_ticks(), points, side.words, strict=True):
        if lines:
            looks.pin(tick.label1, base, point, *lines)
    for line in side.lines:
        color, width = looks.color(line.stroke), line.width
        if line.role == "grid":
            axis.grid(visible=True, color=color, linewidth=width, clip_on=False)
        else:
            spine: Spine = axes.spines["left" if axis is axes.xaxis else "bottom"]
            spine.set(visible=True, color=color, linewidth=width, zorder=0.6)


def mark(shape: Shape, plot: Plot, looks: Looks) -> Artist:
    """Return what lies in a field in the figures of its axes: a dot, a bar, a line, or a path."""
    paint, letters = paint_of(shape), "".join(letter for letter, _ in shape.path)
    points = [plot.figures(point) for _, group in shape.path for point in group]
    if letters == _CIRCLE:
        return Line2D(*_middle(points), **looks.dot(paint, _across(shape)))
    if letters == _RECTANGLE and _is_upright(points):
        (x, y), _, (right, top), _ = points
        return Rectangle((x, y), right - x, top - y, **looks.patch(paint))
    if letters.strip("L") == "M" and not shape.fill:
        return Line2D(*zip(*points, strict=True), **looks.line(paint))
    steps = [(letter, tuple(map(plot.figures, rows))) for letter, rows in shape.path]
    return PathPatch(outline(steps), **looks.patch(paint))


def _is_upright(corners: Sequence[Point]) -> bool:
    """Whether four corners are those of a rectangle, each step along one axis.

    A band between two lines of two points is none, though it may have but two heights.
    """
    (a, b), (c, d), (e, f), (g, h) = corners
    return (b, c, f, g) == (d, e, h, a) or (a, d, e, h) == (c, f, g, b)


def _middle(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    """Return x and y of the middle of points, as a line of one point has them."""
    xs, ys = zip(*points, strict=True)
    return [(min(xs) + max(xs)) / 2], [(min(ys) + max(ys)) / 2]


def _across(shape: Shape) -> float:
    """Return how wide a shape is."""
    xs = [x for _, points in shape.path for x, _ in points]
    return max(xs) - min(xs)


def add_legends(scene: Scene, looks: Looks) -> None:
    """Add the legend of a scene to a figure, one of matplotlib's for each line of it.

    In one for all its entries would stand in columns, which want more room.
    """
    for (y, has_swatches), line in groupby(
        scene.legend, key=lambda key: (key.label.y, key.swatch is not None)
    ):
        keys = list(line)
        first = keys[0]
        size, wide = first.label.size, first.label.x - first.x
        legend = looks.figure.legend(
            handles=[_handle(key, looks) for key in keys],
            labels=[looks.said(key.label) for key in keys],
            ncols=len(keys),
            loc="center left",
            bbox_to_anchor=(first.x / scene.width, 1 - (y + _LOWER * size) / scene.height),
            frameon=False,
            borderpad=0.0,
            borderaxespad=0.0,
            handlelength=(wide - KEY_GAP) / size if has_swatches else 0.0,
            handleheight=_SWATCH,
            handletextpad=KEY_GAP / size if has_swatches else 0.0,
            columnspacing=BETWEEN_KEYS / size,
            prop=FontProperties(fname=looks.fonts[first.label.is_bold], size=size),
            labelcolor=looks.color(first.label.color),
        )
        legend.set_zorder(9)
        for text in legend.get_texts():
            text.set_parse_math(False)


def _handle(key: Key, looks: Looks) -> Artist:
    """Return what stands for a swatch: a dot, a line or a patch, or nothing."""
    if key.swatch is None:
        return Line2D([], [], linestyle="none")
    paint, letters = paint_of(key.swatch), "".join(letter for letter, _ in key.swatch.path)
    if letters == _CIRCLE:
        return Line2D([], [], **looks.dot(paint, _across(key.swatch)))
    if letters == _RECTANGLE:
        return Patch(**looks.patch(paint))
    return Line2D([], [], **looks.line(paint))


def _dashes(paint: Paint) -> Any:
    return (0, tuple(value / paint.width for value in paint.dash)) if paint.dash else "solid"


def outline(steps: Iterable[Step]) -> MplPath:
    """Return steps as a path of matplotlib."""
    codes = {"M": MplPath.MOVETO, "L": MplPath.LINETO, "C": MplPath.CURVE4}
    vertices: list[tuple[float, float]] = []
    kinds: list[Any] = []
    start = (0.0, 0.0)
    for letter, points in steps:
        if letter == "M":
            start = points[0]
        if letter == "Z":
            vertices.append(start)
            kinds.append(MplPath.CLOSEPOLY)
        else:
            vertices += points
            kinds += [codes[letter]] * len(points)
    return MplPath(vertices, kinds)


#: heights of what lies above what, from the paper up
_UNDER, _RIBBON, _CUT, _BOX, _ABOVE, _WORD = range(1, 7)
#: points by which what lies in a field may reach over its edges, as a dot at an edge does
_REACH = 9.0
#: around words on what is drawn, points
_PAPER = 0.6


class Painter:
    """Puts the parts of a scene on a figure: those of a chart in the figures of its axes."""

    def __init__(
        self, figure: Figure, scene: Scene, theme: Theme, fonts: tuple[Path, Path]
    ) -> None:
        self.figure, self.scene = figure, scene
        self.looks = Looks(figure, theme.color, fonts)
        down = Affine2D().scale(1 / 72, -1 / 72).translate(0, scene.height / 72)
        self.points = down + figure.dpi_scale_trans  # of the scene
        self.axes = [(plot, add_axes(plot, scene, self.looks)) for plot in scene.plots]

    def paint(self) -> None:
        """Draw the whole scene; axes and legends are matplotlib's own."""
        scene = self.scene
        add_legends(scene, self.looks)
        keys = {entry for key in scene.legend for entry in (key.swatch, key.label)}
        own = keys.union(*(plot.shapes + plot.labels for plot in scene.plots))
        for ribbon in scene.ribbons:
            self._ribbon(ribbon)
        for box in scene.boxes:
            self._box(box)
        for shape in scene.shapes:
            if shape not in own:
                self._shape(shape)
        for label in scene.labels:
            if label not in own:
                self._label(label)

    def _path(self, steps: tuple[Step, ...], paint: Paint, *, zorder: float) -> None:
        """Draw a path on the paper."""
        artist = PathPatch(outline(steps), **self.looks.patch(paint), zorder=zorder)
        artist.set_transform(self.points)
        self.figure.add_artist(artist)

    def _shape(self, shape: Shape) -> None:
        zorder = _UNDER if shape.layer == "below" else _ABOVE
        points = [point for _, group in shape.path for point in group]
        for plot, axes in self.axes:
            if plot.holds(points, _REACH):
                artist = mark(shape, plot, self.looks)
                artist.set_zorder(zorder)
                axes.add_artist(artist)
                artist.set_clip_box(self._around(plot))
                return
        self._path(shape.path, paint_of(shape), zorder=zorder)

    def _around(self, plot: Plot) -> TransformedBbox:
        """Return where what lies in a field is seen."""
        corners = (
            (plot.left - _REACH, plot.top - _REACH),
            (plot.right + _REACH, plot.bottom + _REACH),
        )
        return TransformedBbox(Bbox(corners), self.points)

    def _ribbon(self, ribbon: Ribbon) -> None:
        zorder = _CUT if ribbon.is_cut else _RIBBON
        self._path(ribbon.path, ribbon_paint(ribbon), zorder=zorder)

    def _box(self, box: Box) -> None:
        if box.height:
            self._rectangle(box.x, box.y, box.width, box.height, box.fill, zorder=_BOX)
        if box.cut_height:
            half = box.width / 2
            self._rectangle(box.x + half, box.y, half, box.cut_height, CUT, zorder=_BOX + 0.1)

    def _rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, *, zorder: float
    ) -> None:
        self._path(rectangle(x, y, width, height), Paint("box", fill), zorder=zorder)

    def _label(self, label: Label) -> None:
        """Write words, on what is drawn in the figures of its axes."""
        text, look = self.looks.said(label), self.looks.letters(label)
        for plot, axes in self.axes:
            if plot.holds([(label.x, label.y)], _REACH if label.has_halo else 0.0):
                paper = {"facecolor": (self.looks.color(PAPER), 0.94), "pad": _PAPER}
                bbox = {**paper, "edgecolor": "none"} if label.has_halo else None
                at = plot.figures((label.x, label.y))
                axes.annotate(text, at, bbox=bbox, annotation_clip=False, zorder=_WORD, **look)
                return
        if label.has_halo:
            self._halo(label)
        at = label.x, label.y
        self.figure.text(*at, text, transform=self.points, zorder=_WORD, **look)

    def _halo(self, label: Label) -> None:
        """Put paper behind a label; an outline around its letters would make them no text.

        The papers of two pieces of a line meet: what lies behind does not strike between them.
        """
        width = text_width(label.text, label.size, is_bold=label.is_bold)
        shift = {"left": 0.0, "middle": width / 2, "right": width}[label.anchor]
        left, top = label.x - shift - GAP / 2, label.y - 0.58 * label.size
        steps = rectangle(left, top, width + GAP, 1.16 * label.size)
        self._path(steps, Paint("halo", PAPER, opacity=0.94), zorder=_WORD - 0.1)
