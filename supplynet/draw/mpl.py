"""A scene as a matplotlib figure and as bytes of a file.

No pyplot: figures belong to nobody but the caller, so that drawing is headless and works in
threads. The font is the file that ships with matplotlib, not whatever the machine has.
"""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as MplPath

from supplynet.draw.fonts import drawable, fonts
from supplynet.draw.labels import GAP
from supplynet.draw.marks import patch_marks, ribbon_paint
from supplynet.draw.paths import Step
from supplynet.draw.scene import Box, Label, Line, Patch, Ribbon, Scene, Shape, ribbon_path
from supplynet.draw.style import (
    CUT,
    PAPER,
    SHUT_RIBBON,
    Theme,
    find_theme,
)
from supplynet.draw.words import text_width
from supplynet.terms import one_of

FORMATS = ("svg", "png", "pdf")
PNG_DPI = 150

# writers read these settings from a table that all threads share
_WRITING = threading.RLock()
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "supplynet",
    # letters stay text, so that they can be searched, copied and edited; the writer escapes them
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    # letters as wide as the layout reckons: fitted to pixels they run together in small pictures
    "text.hinting": "none",
    "path.simplify": False,
}


class Picture(Figure):
    """A matplotlib figure of a scene, which a notebook shows as it would be written."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        inches = (scene.width / 72, scene.height / 72)
        super().__init__(figsize=inches, dpi=100, facecolor=theme.color(PAPER))
        self.scene, self.theme = scene, theme
        FigureCanvasAgg(self)

    def savefig(self, fname: Any, **words: Any) -> None:
        """Write the picture as :meth:`matplotlib.figure.Figure.savefig` does, in our settings."""
        with _our_settings():
            super().savefig(fname, **words)

    def _repr_svg_(self) -> str:
        """The picture in a notebook."""
        return render(self, "svg").decode("utf-8")


def figure_of(scene: Scene, theme: str = "light", font: str | None = None) -> Picture:
    """Draw a scene.

    Parameters
    ----------
    theme : {"light", "dark"}
    font : str, optional
        Family of the letters, such as ``"Arial"``; it must be installed. Default: DejaVu Sans,
        which ships with matplotlib.

    Returns
    -------
    Picture
        A :class:`matplotlib.figure.Figure` of the scene's size, with an Agg canvas.

    Raises
    ------
    OptionError
        If there is no such theme, or no such font.
    """
    colors = find_theme(theme)
    letters = fonts(font)
    with _our_settings():
        picture = Picture(scene, colors)
        axes = picture.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, scene.width)
        axes.set_ylim(scene.height, 0)
        _Painter(axes, colors, letters).paint(scene)
    return picture


def render(figure: Figure, file_format: str, *, dpi: int = PNG_DPI) -> bytes:
    """Return a figure as the bytes of a file: the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    file_format : {"svg", "png", "pdf"}
    dpi : int
        Pixels an inch of a PNG.

    Returns
    -------
    bytes

    Raises
    ------
    OptionError
        If the format is another one.

    Examples
    --------
    >>> import supplynet as sn
    >>> flow = sn.max_flow(sn.load("tutorial"), to="MLT", element="Nd")
    >>> sn.draw.render(sn.draw.layers(flow.question.net, flow), "pdf")[:5]
    b'%PDF-'
    """
    name = one_of(file_format.lower(), FORMATS, "format")
    stream = io.BytesIO()
    with _our_settings():
        figure.savefig(stream, format=name, dpi=dpi, metadata=_metadata(figure, name))
    return stream.getvalue()


def _metadata(figure: Figure, file_format: str) -> dict[str, Any]:
    """What a file says of itself: message, description and digest, but no date and no version.

    So a picture changes only if its data does, and tells from which network it was drawn.
    """
    told: dict[str, str] = {}
    digest = ""
    if isinstance(figure, Picture):
        told = {"Title": figure.scene.title, "Description": figure.scene.description}
        digest = f"supplynet, network sha256:{figure.scene.digest}" if figure.scene.digest else ""
    told = {name: _whole(text) for name, text in told.items() if text}
    if file_format == "svg":
        # the writer of SVG takes no other field of its own for the digest
        return {"Date": None, "Creator": "supplynet", **told, "Identifier": digest or None}
    if file_format == "png":
        return {"Software": None, **told, **({"Source": digest} if digest else {})}
    subject = told.pop("Description", "")
    return {
        "CreationDate": None,
        "ModDate": None,
        "Creator": "supplynet",
        "Producer": None,
        **told,
        **({"Subject": subject} if subject else {}),
        **({"Keywords": digest} if digest else {}),
    }


def _whole(text: str) -> str:
    """Return a text that any format can hold: no half of a pair of UTF-16."""
    return text.encode("utf-8", "replace").decode("utf-8")


@contextlib.contextmanager
def _our_settings() -> Iterator[None]:
    """Settings of our own, whatever the caller or the machine has set; one thread at a time."""
    kinds = ("axes", "figure", "font", "hatch", "lines", "patch", "path", "pdf", "savefig", "svg")
    defaults: dict[Any, Any] = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if name.split(".")[0] in (*kinds, "text")
    }
    with _WRITING, matplotlib.rc_context({**defaults, **_SETTINGS}):
        yield


# -- parts ---------------------------------------------------------------------------------

#: heights of what lies above what, from the paper up
_BELOW, _GHOST, _RIBBON, _CUT, _BOX, _LINE, _ABOVE, _PATCH, _WORD = range(1, 10)
_DASH = (3.0, 2.0)
_ANCHORS = {"left": "left", "right": "right", "middle": "center"}


class _Painter:
    """Puts the parts of a scene on axes."""

    def __init__(self, axes: Axes, theme: Theme, fonts: tuple[Path, Path]) -> None:
        self.axes, self.color, self.fonts = axes, theme.color, fonts

    def paint(self, scene: Scene) -> None:
        """Draw a whole scene."""
        for ribbon in scene.ribbons:
            self.ribbon(ribbon)
        for box in scene.boxes:
            self.box(box)
        for shape in scene.shapes:
            self.shape(shape)
        for line in scene.lines:
            self.line(line)
        for patch in scene.patches:
            self.patch(patch)
        for label in scene.labels:
            self.label(label)

    def path(
        self,
        steps: tuple[Step, ...],
        fill: str,
        stroke: str,
        *,
        width: float = 0.0,
        dash: tuple[float, ...] = (),
        opacity: float = 1.0,
        stroke_opacity: float = 1.0,
        zorder: float,
    ) -> None:
        """Draw a path; dashes are points whatever the width of the stroke."""
        drawn = bool(stroke) and width > 0
        self.axes.add_patch(
            PathPatch(
                outline(steps),
                facecolor=(self.color(fill), opacity) if fill else "none",
                edgecolor=(self.color(stroke), stroke_opacity) if drawn else "none",
                linewidth=width if drawn else 0.0,
                linestyle=(0, tuple(one / width for one in dash)) if drawn and dash else "solid",
                capstyle="butt",
                joinstyle="round",
                zorder=zorder,
            )
        )

    def shape(self, shape: Shape) -> None:
        self.path(
            shape.path,
            shape.fill,
            shape.stroke,
            width=shape.width,
            dash=shape.dash,
            opacity=shape.opacity,
            stroke_opacity=shape.stroke_opacity,
            zorder=_BELOW if shape.layer == "below" else _ABOVE,
        )

    def ribbon(self, ribbon: Ribbon) -> None:
        paint = ribbon_paint(ribbon)
        self.path(
            ribbon_path(ribbon),
            paint.fill,
            paint.stroke,
            width=paint.width,
            dash=paint.dash,
            opacity=paint.opacity,
            stroke_opacity=paint.stroke_opacity,
            zorder=_GHOST if ribbon.kind == "shut" else _CUT if ribbon.is_cut else _RIBBON,
        )

    def box(self, box: Box) -> None:
        if box.height:
            self.rectangle(box.x, box.y, box.width, box.height, box.fill, zorder=_BOX)
        if box.ghost_height:
            y = box.y + box.height
            self.rectangle(box.x, y, box.width, box.ghost_height, SHUT_RIBBON, zorder=_BOX - 0.1)
        if box.cut_height:
            half = box.width / 2
            self.rectangle(box.x + half, box.y, half, box.cut_height, CUT, zorder=_BOX + 0.1)

    def rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, *, zorder: float
    ) -> None:
        self.axes.add_patch(
            Rectangle(
                (x, y), width, height, facecolor=self.color(fill), edgecolor="none", zorder=zorder
            )
        )

    def line(self, line: Line) -> None:
        xs, ys = zip(*line.points, strict=True)
        self.axes.plot(
            xs,
            ys,
            color=self.color(line.color),
            linewidth=line.width,
            linestyle=(0, tuple(one / line.width for one in _DASH)) if line.is_dashed else "solid",
            solid_capstyle="butt",
            zorder=_LINE,
        )

    def patch(self, patch: Patch) -> None:
        for mark in patch_marks(patch):
            x, y, width, height = mark.numbers
            paint = mark.paint
            edge = (self.color(paint.stroke), paint.stroke_opacity) if paint.stroke else "none"
            self.axes.add_patch(
                Rectangle(
                    (x, y),
                    width,
                    height,
                    facecolor=(self.color(paint.fill), paint.opacity),
                    edgecolor=edge,
                    linewidth=paint.width,
                    linestyle=(0, paint.dash) if paint.dash else "solid",
                    zorder=_PATCH,
                )
            )

    def label(self, label: Label) -> None:
        file = self.fonts[label.is_bold]
        text = drawable(label.text, file)
        if label.has_halo:
            self.halo(label)
        self.axes.text(
            label.x,
            label.y,
            text,
            fontproperties=FontProperties(fname=file),
            fontsize=label.size,
            color=self.color(label.color),
            ha=_ANCHORS[label.anchor],
            va="center_baseline",
            parse_math=False,
            usetex=False,
            zorder=_WORD,
        )

    def halo(self, label: Label) -> None:
        """Put paper behind a label; an outline around its letters would make them no text.

        The papers of two pieces of a line meet: what lies behind does not strike between them.
        """
        width = text_width(label.text, label.size, is_bold=label.is_bold)
        shift = {"left": 0.0, "middle": width / 2, "right": width}[label.anchor]
        self.axes.add_patch(
            Rectangle(
                (label.x - shift - GAP / 2, label.y - 0.58 * label.size),
                width + GAP,
                1.16 * label.size,
                facecolor=(self.color(PAPER), 0.94),
                edgecolor="none",
                zorder=_WORD - 0.1,
            )
        )


def outline(steps: tuple[Step, ...]) -> MplPath:
    """Return the steps of a scene as a path of matplotlib."""
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
