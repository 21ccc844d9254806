"""Every picture as a function of a result, and pictures in files."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from supplynet.draw.scene import Scene
from supplynet.errors import OptionError
from supplynet.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from supplynet.draw.mpl import Picture, Shown
    from supplynet.draw.scene import Shape


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


#: columns of :func:`drawn_rows`
COLUMNS = (
    "part",
    "source",
    "target",
    "stage",
    "tonnes",
    "tonnes_low",
    "tonnes_high",
    "tonnes_shut",
    "standing",
    "note",
)
#: shapes that stand for figures, not for axes or land
_FIGURES = frozenset(
    {"bar", "dot", "arc", "facility", "curve", "link", "range", "surplus", "stream", "residual"}
)


def drawn_rows(scene: Scene | Picture) -> list[dict[str, Any]]:
    """Return what a scene or a picture shows as rows for a table.

    Parameters
    ----------
    scene : Scene or Picture

    Returns
    -------
    list of dict
        With the keys :data:`COLUMNS`: streams with t/yr, standing and the stage that they
        lead to; boxes with t/yr that arrive
        through them; of a chart or map the texts of its parts, of a stream or a loss also its
        tonnes, with their data range where it is drawn.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> scene = sn.draw.layer_scene(net, sn.flow(net, to="MLT", element="Nd"))
    >>> sorted({row["part"] for row in drawn_rows(scene)})
    ['box', 'stream', 'surplus']
    """
    if not isinstance(scene, Scene):
        if hasattr(scene, "scene"):
            return drawn_rows(scene.scene)
        return [
            _row(part=part.role, source=name, note=_first(part.hover), **_figures(part))
            for name, part in scene.shown.items()
            if part.hover and part.role in _FIGURES
        ]
    titles = {box.id: box.title for box in scene.boxes}
    stages = {box.id: box.stage for box in scene.boxes}
    rows = [
        _row(
            part="box",
            source=box.title,
            stage=box.stage,
            tonnes=box.flow,
            tonnes_shut=0.0,
            note=_first(box.hover),
        )
        for box in scene.boxes
    ]
    rows += [
        _of_shape(shape, titles, stages)
        for shape in scene.shapes
        if shape.hover and shape.role in _FIGURES
    ]
    return rows


def _of_shape(shape: Shape, titles: Mapping[str, str], stages: Mapping[str, str]) -> dict[str, Any]:
    """Return what a shape stands for: its figures where it has any, else what is said of it."""
    tail, head = shape.ends if len(shape.ends) == 2 else (shape.id, "")
    return _row(
        part=shape.role,
        source=titles.get(tail, tail),
        target=titles.get(head, head) or None,
        stage=stages.get(head),
        standing=shape.standing or None,
        note=_first(shape.hover),
        **_figures(shape),
    )


def _figures(part: Shape | Shown) -> dict[str, float]:
    """Return the tonnes that a part stands for, and their range, where they are known."""
    return dict(zip(("tonnes", "tonnes_low", "tonnes_high"), part.tonnes, strict=False))


def _first(hover: tuple[str, ...]) -> str:
    """Return what is said of a part first; the members of a large one fill pages."""
    return "; ".join(hover[:3])


def _row(**cells: Any) -> dict[str, Any]:
    return {column: cells.get(column) for column in COLUMNS}
