"""A scene as a matplotlib figure and as bytes of a file.

No pyplot: figures belong to nobody but the caller, so that drawing is headless and works in
threads. The font is the file that ships with matplotlib, not whatever the machine has.
"""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.draw.scene import Box, Label, Patch, Ribbon, Scene, Step, ribbon_path
from supplynet.draw.style import CUT, INK, PAPER, RIBBONS, SHUT_RIBBON, require

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

FORMATS = ("svg", "png", "pdf")
PNG_DPI = 150

# writers read these settings from a table that all threads share
_WRITING = threading.Lock()
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "supplynet",
    # letters as outlines: the picture looks the same where the font is not installed, and no
    # name from a file becomes markup
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "path.simplify": False,
}


def figure_of(scene: Scene) -> Figure:
    """Draw a scene.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    matplotlib.figure.Figure
        Of the scene's size, with an Agg canvas.
    """
    with _our_settings():
        return _drawn(scene)


def _drawn(scene: Scene) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / 72, scene.height / 72), dpi=100, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    _ribbons(axes, scene)
    for box in scene.boxes:
        _box(axes, box)
    for line in scene.lines:
        xs, ys = zip(*line.points, strict=True)
        axes.plot(xs, ys, color=line.color, linewidth=line.width, zorder=5, solid_capstyle="butt")
    for patch in scene.patches:
        _patch(axes, patch)
    for label in scene.labels:
        _label(axes, label)
    return figure


def render(figure: Figure, file_format: str) -> bytes:
    """Return a figure as the bytes of a file: the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    file_format : {"svg", "png", "pdf"}

    Raises
    ------
    OptionError
        If the format is another one.
    """
    name = require("format", file_format.lower(), FORMATS)
    # no date and no version of the writer, so that a picture changes only if its data does
    metadata: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": "supplynet"},
        "png": {"Software": None},
        "pdf": {"CreationDate": None, "ModDate": None, "Creator": "supplynet", "Producer": None},
    }
    stream = io.BytesIO()
    with _our_settings():
        figure.savefig(stream, format=name, dpi=PNG_DPI, metadata=metadata[name])
    return stream.getvalue()


@contextlib.contextmanager
def _our_settings() -> Iterator[None]:
    """Settings of our own, whatever the caller or the machine has set; one thread at a time."""
    import matplotlib

    kinds = ("axes", "figure", "font", "hatch", "lines", "patch", "path", "pdf", "savefig", "svg")
    defaults: dict[Any, Any] = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if name.split(".")[0] in (*kinds, "text")
    }
    with _WRITING, matplotlib.rc_context({**defaults, **_SETTINGS}):
        yield


# -- parts ---------------------------------------------------------------------------------


def _ribbons(axes: Any, scene: Scene) -> None:
    from matplotlib.patches import PathPatch

    for ribbon in scene.ribbons:
        style = RIBBONS[ribbon.kind]
        edge = CUT if ribbon.is_cut else style.outline
        is_ghost = ribbon.kind == "shut"
        axes.add_patch(
            PathPatch(
                _path(ribbon_path(ribbon)),
                facecolor=(style.fill, style.opacity),
                edgecolor="none" if is_ghost else (edge, 0.9),
                linewidth=0.0 if is_ghost else _outline(ribbon),
                linestyle=(0, (3, 2)) if style.is_dashed and not ribbon.is_cut else "solid",
                zorder=1 if is_ghost else 3 if ribbon.is_cut else 2,
            )
        )


def _outline(ribbon: Ribbon) -> float:
    """Thin ribbons have thin outlines, so that they do not look wider than they are."""
    if ribbon.is_cut:
        return 1.2 if ribbon.width > 1.5 else 0.8
    return min(0.6, 0.2 + 0.2 * ribbon.width)


def _path(steps: tuple[Step, ...]) -> Any:
    from matplotlib.path import Path as MplPath

    codes = {"M": MplPath.MOVETO, "L": MplPath.LINETO, "C": MplPath.CURVE4}
    vertices: list[tuple[float, float]] = []
    kinds: list[Any] = []
    for letter, points in steps:
        if letter == "Z":
            vertices.append(vertices[0])
            kinds.append(MplPath.CLOSEPOLY)
        else:
            vertices += points
            kinds += [codes[letter]] * len(points)
    return MplPath(vertices, kinds)


def _box(axes: Any, box: Box) -> None:
    if box.height:
        _rectangle(axes, box.x, box.y, box.width, box.height, box.fill, zorder=4)
    if box.ghost_height:
        y = box.y + box.height
        _rectangle(axes, box.x, y, box.width, box.ghost_height, SHUT_RIBBON, zorder=3.9)
    if box.cut_height:
        _rectangle(
            axes, box.x + box.width / 2, box.y, box.width / 2, box.cut_height, CUT, zorder=4.1
        )


def _rectangle(
    axes: Any, x: float, y: float, width: float, height: float, fill: Any, *, zorder: float
) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle((x, y), width, height, facecolor=fill, edgecolor="none", zorder=zorder)
    )


def _patch(axes: Any, patch: Patch) -> None:
    from matplotlib.patches import Rectangle

    if patch.kind in ("cut", "scale"):
        fill = CUT if patch.kind == "cut" else INK
        _rectangle(axes, patch.x, patch.y, patch.width, patch.height, fill, zorder=5)
        return
    style = RIBBONS[patch.kind]
    axes.add_patch(
        Rectangle(
            (patch.x, patch.y),
            patch.width,
            patch.height,
            facecolor=(style.fill, style.opacity),
            edgecolor="none" if patch.kind == "shut" else (style.outline, 0.9),
            linewidth=0.8,
            linestyle=(0, (3, 2)) if style.is_dashed else "solid",
            zorder=5,
        )
    )


_ANCHORS = {"left": "left", "right": "right", "middle": "center"}


def _label(axes: Any, label: Label) -> None:
    from matplotlib.patheffects import withStroke

    text = axes.text(
        label.x,
        label.y,
        drawable(label.text, is_bold=label.is_bold),
        fontproperties=_font(label.is_bold),
        fontsize=label.size,
        color=label.color,
        ha=_ANCHORS[label.anchor],
        va="center_baseline",
        parse_math=False,
        usetex=False,
        zorder=7,
    )
    if label.has_halo:
        text.set_path_effects([withStroke(linewidth=2.4, foreground=(1, 1, 1, 0.85))])


@lru_cache(maxsize=2)
def _font_file(is_bold: bool) -> Path:
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name


def _font(is_bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_font_file(is_bold))


@lru_cache(maxsize=2)
def _letters(is_bold: bool) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(_font_file(is_bold))).get_charmap())


def drawable(text: str, *, is_bold: bool = False) -> str:
    """Return a text with a hollow square for each character that the font does not have."""
    known = _letters(is_bold)
    return "".join(char if ord(char) in known else "\u25a1" for char in text)
