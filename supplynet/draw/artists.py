"""The parts of a scene as artists of a matplotlib figure."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from supplynet.draw.axes import Looks, add_axes, add_legends, mark, outline
from supplynet.draw.labels import GAP
from supplynet.draw.marks import Paint, paint_of, ribbon_paint
from supplynet.draw.paths import Step, rectangle
from supplynet.draw.scene import Box, Label, Plot, Ribbon, Scene, Shape
from supplynet.draw.style import CUT, PAPER, Theme
from supplynet.draw.words import text_width

#: heights of what lies above what, from the paper up
_BELOW, _RIBBON, _CUT, _BOX, _ABOVE, _WORD = range(1, 7)
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
        keys = {one for key in scene.legend for one in (key.swatch, key.label)}
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
        zorder = _BELOW if shape.layer == "below" else _ABOVE
        points = [point for _, some in shape.path for point in some]
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
