"""Every picture as a function of a result, and pictures in files."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from supplynet.errors import OptionError
from supplynet.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplynet.draw.mpl import Picture
    from supplynet.draw.scene import Scene

P = ParamSpec("P")


def picture(scene: Callable[P, Scene], name: str = "") -> Callable[P, Picture]:
    """Return the function that draws what another lays out, of the same words.

    `name` is its own, by default that of the other without ``_scene``.
    """
    signature = inspect.signature(scene)

    @functools.wraps(scene)
    def drawn(*args: P.args, **words: P.kwargs) -> Picture:
        from supplynet.draw.mpl import figure_of

        try:
            signature.bind(*args, **words)
        except TypeError as error:  # Python would name the function that lays out
            raise TypeError(f"{drawn.__name__}() {error}") from None
        return figure_of(scene(*args, **words))

    drawn.__name__ = drawn.__qualname__ = name or scene.__name__.removesuffix("_scene")
    shown = signature.replace(return_annotation="Picture")
    drawn.__signature__ = shown  # type: ignore[attr-defined]
    return drawn


def save(figure: Figure, path: str | os.PathLike[str], *, dpi: int = 150) -> None:
    """Write a figure to a file, whole or not at all, as its suffix says.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : str or path
        Ends in .svg, .png or .pdf. A file that is there is replaced.
    dpi : int
        Pixels an inch of a PNG.

    Raises
    ------
    OptionError
        If the suffix is another one.
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import supplynet as sn
    >>> flow = sn.flow(sn.load("tutorial"), to="MLT", element="Nd")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "malta.svg"
    ...     sn.draw.save(sn.draw.layers(flow.question.net, flow), path)
    ...     path.read_bytes()[:5]
    b'<?xml'
    """
    from supplynet.draw.mpl import FORMATS, render

    target = Path(path)
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise OptionError(
            f"{target}: a picture can be {', '.join(FORMATS)}, not {target.suffix or 'without'!r}",
            hint="end the name in .svg, .png or .pdf",
        )
    write_bytes(target, render(figure, suffix, dpi=dpi))
