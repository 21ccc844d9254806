"""A scene as a matplotlib figure and as bytes of a file.

No pyplot: figures belong to nobody but the caller, so that drawing is headless and works in
threads. The font is the file that ships with matplotlib, not whatever the machine has.
"""

from __future__ import annotations

import base64
import contextlib
import io
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.patches import PathPatch
from matplotlib.path import Path as MplPath
from matplotlib.transforms import Affine2D

from supplynet import draw
from supplynet.draw.scene import Scene, Step, rectangle
from supplynet.draw.style import PAPER, Size, find_theme
from supplynet.draw.svg import BASE, Mark, Paint, marks_of
from supplynet.draw.words import text_width
from supplynet.errors import OptionError, SupplynetError
from supplynet.network.network import SupplyNetwork
from supplynet.terms import did_you_mean, one_of

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


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a chart: what it is, lines to show on pointing at it, and its tonnes if it has."""

    role: str
    hover: tuple[str, ...] = ()
    tonnes: tuple[float, ...] = ()


class Picture(Figure):
    """A matplotlib figure which a notebook shows as it would be written.

    Charts of lines and bars are on axes of matplotlib, with what is drawn in years, tonnes, shares
    or rows. All of layers, Sankey diagrams and maps lies on the figure itself, in points, as its
    scene has it.

    Parameters
    ----------
    canvas : Scene or Size
        Width and height in points, and theme.
    title, description : str
        The message, and what is drawn for those who cannot see it.
    digest : str
        Of the network behind it.
    """

    scene: Scene

    def __init__(self, canvas: Scene | Size, title: str, description: str, digest: str) -> None:
        self.theme = find_theme(canvas.theme)
        self.title, self.description, self.digest = title, description, digest
        self.shown: dict[str, Shown] = {}
        inches = (canvas.width / 72, canvas.height / 72)
        super().__init__(figsize=inches, dpi=100, facecolor=self.theme.color(PAPER))
        FigureCanvasAgg(self)

    @property
    def width(self) -> float:
        """Points."""
        return 72 * float(self.get_figwidth())

    @property
    def height(self) -> float:
        """Points."""
        return 72 * float(self.get_figheight())

    def marks(self) -> list[Mark]:
        """Return what a page shows of a chart."""
        from supplynet.draw.page import page_marks

        with our_settings():
            return page_marks(self)

    def savefig(self, fname: Any, **words: Any) -> None:
        """Write the picture as :meth:`matplotlib.figure.Figure.savefig` does, in our settings."""
        with our_settings():
            super().savefig(fname, **words)

    def _repr_svg_(self) -> str:
        """The picture in a notebook."""
        return render(self, "svg").decode("utf-8")


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

    return "\n".join("".join(map(drawn, line)) for line in text.split("\n"))


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


_ALIGNED: dict[str, Any] = {"left": "left", "right": "right", "middle": "center"}


def _paint(picture: Picture, letters: tuple[Path, Path]) -> None:
    """Draw the marks of a scene, in points, one above the other."""
    down = Affine2D().scale(1 / 72, -1 / 72).translate(0, picture.height / 72)
    points, color = down + picture.dpi_scale_trans, picture.theme.color

    def path(steps: tuple[Step, ...], paint: Paint) -> None:
        line: Any = "solid"
        if paint.dash and paint.width:
            line = (0, tuple(value / paint.width for value in paint.dash))
        picture.add_artist(
            PathPatch(
                outline(steps),
                transform=points,
                facecolor=(color(paint.fill), paint.opacity) if paint.fill else "none",
                edgecolor=(color(paint.stroke), paint.stroke_opacity) if paint.stroke else "none",
                linewidth=paint.width if paint.stroke else 0.0,
                linestyle=line,
                capstyle="butt",
                joinstyle="round",
                zorder=1,
            )
        )

    for mark in marks_of(picture.scene, is_fine=True):
        paint, (x, *sides) = mark.paint, mark.numbers or (0.0,)
        if mark.kind == "text":
            y, wide = (
                sides[0] - BASE * paint.size,
                text_width(mark.text, paint.size, is_bold=paint.is_bold),
            )
            if paint.has_halo:  # an outline around its letters would make them no text
                left = x - {"left": 0.0, "middle": 0.5, "right": 1.0}[paint.anchor] * wide - 2
                halo = rectangle(left, y - 0.58 * paint.size, wide + 4, 1.16 * paint.size)
                path(halo, Paint("halo", PAPER, opacity=0.94))
            file = letters[paint.is_bold]
            look: dict[str, Any] = {"va": "center_baseline", "ha": _ALIGNED[paint.anchor]}
            look |= {"fontproperties": FontProperties(fname=file, size=paint.size), "zorder": 1}
            look |= {"parse_math": False, "color": color(paint.fill), "transform": points}
            picture.text(x, y, drawable(mark.text, file), **look)
        else:
            path(mark.steps or rectangle(x, *sides), paint)


def figure_of(scene: Scene | Picture, theme: str | None = None, font: str | None = None) -> Picture:
    """Draw a scene; a chart is a picture as it is.

    Parameters
    ----------
    theme : {"light", "dark"}, optional
        Default: that of the scene.
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
    if isinstance(scene, Picture):
        return scene
    shown = replace(scene, theme=theme or scene.theme)
    letters = fonts(font)
    with our_settings():
        picture = Picture(shown, scene.title, scene.description, scene.digest)
        picture.scene = scene
        _paint(picture, letters)
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
    >>> flow = sn.flow(sn.load("tutorial"), to="MLT", element="Nd")
    >>> sn.draw.render(sn.draw.layers(flow.question.net, flow), "pdf")[:5]
    b'%PDF-'
    """
    name = one_of(file_format.lower(), FORMATS, "format")
    stream = io.BytesIO()
    with our_settings():
        figure.savefig(stream, format=name, dpi=dpi, metadata=_metadata(figure, name))
    return stream.getvalue()


def _metadata(figure: Figure, file_format: str) -> dict[str, Any]:
    """What a file says of itself: message, description and digest, but no date and no version.

    So a picture changes only if its data does, and tells from which network it was drawn.
    """
    record: dict[str, str] = {}
    digest = ""
    if isinstance(figure, Picture):
        record = {"Title": figure.title, "Description": figure.description}
        digest = f"supplynet, network sha256:{figure.digest}" if figure.digest else ""
    # no half of a pair of UTF-16: no format could hold it
    record = {
        name: text.encode("utf-8", "replace").decode("utf-8")
        for name, text in record.items()
        if text
    }
    if file_format == "svg":
        # the writer of SVG takes no other field of its own for the digest
        return {"Date": None, "Creator": "supplynet", **record, "Identifier": digest or None}
    if file_format == "png":
        return {"Software": None, **record, **({"Source": digest} if digest else {})}
    subject = record.pop("Description", "")
    return {
        "CreationDate": None,
        "ModDate": None,
        "Creator": "supplynet",
        "Producer": None,
        **record,
        **({"Subject": subject} if subject else {}),
        **({"Keywords": digest} if digest else {}),
    }


@contextlib.contextmanager
def our_settings() -> Iterator[None]:
    """Settings of our own, whatever the caller or the machine has set; one thread at a time."""
    kinds = {"axes", "figure", "font", "grid", "hatch", "legend", "lines", "patch", "path"}
    kinds |= {"pdf", "savefig", "svg", "text", "xtick", "ytick"}
    defaults: dict[Any, Any] = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if name.split(".")[0] in kinds
    }
    with _WRITING, matplotlib.rc_context({**defaults, **_SETTINGS}):
        yield


#: by type of result: the function that draws it, and whether it is given the network first
_OWN = {
    "FlowResult": ("layers", True),
    "PotentialResult": ("layers", True),
    "BypassResult": ("layers", True),
    "OutlookResult": ("outlook", False),
    "AllocateResult": ("sankey", False),
    "ExposureResult": ("dependence", False),
    "ChokepointResult": ("losses", False),
    "DisruptionResult": ("losses", False),
    "InterdictionResult": ("worst", False),
    "ScenariosResult": ("scenarios", False),
    "RunResult": ("months", False),
    "IndexResult": ("concentration", False),
}


def picture(result: Any) -> str:
    """Return the picture of a result as an image of HTML; empty where it has none of its own.

    That of a network is how concentrated its stages are.

    It is an image and no part of the page, so that names in it can neither be markup nor meet
    those of another picture.

    Parameters
    ----------
    result : object
        What an analysis returned, or a network.

    Examples
    --------
    >>> import supplynet as sn
    >>> worst = sn.chokepoints.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=1)
    >>> picture(worst)[:29]
    '<img style="max-width: 100%" '
    """
    try:
        if isinstance(result, SupplyNetwork):
            from supplynet.questions.indices import indices

            result = indices(result)
        name, has_network = _OWN.get(type(result).__name__, ("", False))
        if not name:
            return ""
        options = (result.question.net, result) if has_network else (result,)
        figure = getattr(draw, name)(*options)
    except SupplynetError:
        return ""  # nothing in it can be drawn: words and table tell it
    content = base64.b64encode(draw.render(figure, "svg")).decode("ascii")
    return (
        '<img style="max-width: 100%" alt="picture of the answer" '
        f'src="data:image/svg+xml;base64,{content}"/>'
    )
