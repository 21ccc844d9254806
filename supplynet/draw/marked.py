"""Plants that matter, framed in a picture: the worst to lose, to protect, or on every route."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from supplynet.draw.paths import rectangle
from supplynet.draw.scene import Box, Label, Scene, Shape
from supplynet.draw.sheet import legend_line
from supplynet.draw.style import MARK, Size, find_size
from supplynet.draw.words import fit
from supplynet.errors import OptionError
from supplynet.text import plain

if TYPE_CHECKING:
    from supplynet.questions.fortify import FortifyResult
    from supplynet.questions.interdict import InterdictionResult
    from supplynet.questions.unavoidable import UnavoidableResult

    Markable: TypeAlias = InterdictionResult | FortifyResult | UnavoidableResult

__all__ = ["Marks", "marked", "marks_of"]

_GAP, _STROKE, _SWATCH = 2.2, 1.8, 8.0


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked, and why."""

    nodes: frozenset[str]
    text: str  #: for the legend


def marks_of(result: Markable) -> Marks:
    """Return what a result about plants has to mark.

    Raises
    ------
    OptionError
        If the result is of another kind, or not about plants.
    """
    from supplynet.questions.fortify import FortifyResult
    from supplynet.questions.interdict import InterdictionResult
    from supplynet.questions.unavoidable import UnavoidableResult

    if isinstance(result, UnavoidableResult):
        found = result.unavoidable or result.nearly
        which = "on every route" if result.unavoidable else "on all routes but one"
        names = [(one.id, one.name) for one in found]
        return _marks(names, f"{which[0].upper()}{which[1:]}", "No plant is on every route")
    if not isinstance(result, InterdictionResult | FortifyResult):
        raise OptionError(
            f"a {type(result).__name__} marks no plants",
            hint="pass what interdict, fortify or unavoidable found",
        )
    if result.by != "node":
        raise OptionError(
            f"what is lost by {result.by} is no plant that can be marked",
            hint='ask by="node"',
        )
    if isinstance(result, FortifyResult):
        names = [(one.id, one.name) for one in result.protected]
        return _marks(names, "To protect", "No protection helps")
    names = [(one.id, one.name) for one in result.removed]
    return _marks(names, f"Worst {len(names)} to lose", "No loss costs anything")


def _marks(names: list[tuple[str, str]], title: str, nothing: str) -> Marks:
    if not names:
        return Marks(frozenset(), nothing)
    told = " and ".join(name.split(" (")[0] for _, name in names)
    return Marks(frozenset(node for node, _ in names), f"{title}: {told}")


def marked(scene: Scene, marks: Marks, *, size: str | Size = "slide") -> Scene:
    """Return a scene with a frame around the boxes that hold marked plants, and a line about it.

    The canvas grows by that line.

    Parameters
    ----------
    size : str
        As the scene was made for.
    """
    paper = find_size(size)
    frames = [_frame(box) for box in scene.boxes if marks.nodes & set(box.members)]
    letters = paper.legend
    # a line of its own above the source, which stays whole
    down = legend_line(paper)
    feet = [one.y for one in scene.labels if one.role == "footer"]
    foot = min(feet, default=scene.height + (down - paper.margin) / 2)
    x = paper.margin
    swatch: tuple[Shape, ...] = ()
    if marks.nodes:
        outline = rectangle(x, foot - _SWATCH / 2, _SWATCH, _SWATCH)
        swatch = (Shape("mark-legend", outline, "mark", stroke=MARK, width=_STROKE, layer="above"),)
        x += _SWATCH + 5
    text = fit(plain(marks.text), letters, scene.width - paper.margin - x)
    labels = [replace(one, y=one.y + down) if one.role == "footer" else one for one in scene.labels]
    told = Label(text, x, foot, letters, MARK, role="legend")
    return replace(
        scene,
        height=scene.height + down,
        description=f"{scene.description} {plain(marks.text)}.",
        labels=(*labels, told),
        shapes=(*scene.shapes, *frames, *swatch),
    )


def _frame(box: Box) -> Shape:
    height = max(box.height, 1.0)
    path = rectangle(box.x - _GAP, box.y - _GAP, box.width + 2 * _GAP, height + 2 * _GAP)
    return Shape(f"mark-{box.id}", path, "mark", stroke=MARK, width=_STROKE, layer="above")
