"""A scene as a matplotlib figure and as bytes of a file.

No pyplot: figures belong to nobody but the caller, so that drawing is headless and works in
threads. The font is the file that ships with matplotlib, not whatever the machine has.
"""

from __future__ import annotations

import base64
import contextlib
import io
import threading
from collections.abc import Iterator
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from supplynet import draw
from supplynet.draw.axes import Painter, fonts
from supplynet.draw.scene import Scene
from supplynet.draw.style import PAPER, Theme, find_theme
from supplynet.errors import SupplynetError
from supplynet.network.network import SupplyNetwork
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
    """A matplotlib figure of a scene, which a notebook shows as it would be written.

    Charts of lines and bars have axes and legends of matplotlib, with what is drawn in years,
    tonnes, shares or rows. All else, and all of layers, Sankey diagrams and maps, lies on the
    figure itself, in points.
    """

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


def figure_of(scene: Scene, theme: str | None = None, font: str | None = None) -> Picture:
    """Draw a scene.

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
    colors = find_theme(theme or scene.theme)
    letters = fonts(font)
    with _our_settings():
        picture = Picture(scene, colors)
        Painter(picture, scene, colors, letters).paint()
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
    with _our_settings():
        figure.savefig(stream, format=name, dpi=dpi, metadata=_metadata(figure, name))
    return stream.getvalue()


def _metadata(figure: Figure, file_format: str) -> dict[str, Any]:
    """What a file says of itself: message, description and digest, but no date and no version.

    So a picture changes only if its data does, and tells from which network it was drawn.
    """
    record: dict[str, str] = {}
    digest = ""
    if isinstance(figure, Picture):
        record = {"Title": figure.scene.title, "Description": figure.scene.description}
        digest = f"supplynet, network sha256:{figure.scene.digest}" if figure.scene.digest else ""
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
def _our_settings() -> Iterator[None]:
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
