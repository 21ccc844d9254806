"""A figure of matplotlib as the marks of a page, in the colors of its style sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

from supplynet.draw.scene import Step, hatching
from supplynet.draw.svg import FINE, Mark, Paint, thinned

if TYPE_CHECKING:
    from matplotlib.text import Text

    from supplynet.draw.mpl import Picture

_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
#: from a text's left end to where it is held, over its width
_HELD: dict[str, tuple[Any, float]] = {
    "left": ("left", 0.0),
    "center": ("middle", 0.5),
    "right": ("right", 1.0),
}


class Marks(RendererBase):
    """Takes what a figure draws as marks, in points, from the paper up."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture, self.marks = picture, list[Mark]()
        self._names = {color: name for name, color in reversed([*picture.theme.colors.items()])}
        self._groups: list[str] = []

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return both sides in points."""
        return self.picture.width, self.picture.height

    def open_group(self, s: str, gid: str | None = None) -> None:  # noqa: ARG002
        """Begin what belongs to an artist."""
        self._groups.append(gid or "")

    def close_group(self, s: str) -> None:  # noqa: ARG002
        """End it."""
        self._groups.pop()

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """Take a path."""
        down = transform + Affine2D().scale(1, -1).translate(0, self.picture.height)
        steps = tuple(_steps(path, down))
        if not steps:
            return
        shown = self.picture.shown.get(self._groups[-1])
        width = gc.get_linewidth()
        (fill, opacity), (stroke, seen) = self._color(rgbFace), self._color(gc.get_rgb())
        dashes: Any = gc.get_dashes()[1]
        role, hover = (shown.role, shown.hover) if shown else ("axis", ())
        paint = Paint(
            role, fill, stroke, width if stroke else 0.0, tuple(dashes or ()), opacity, seen
        )
        self.marks.append(Mark("path", paint, steps=thinned(steps, FINE), hover=hover))
        if gc.get_hatch():
            box = path.get_extents(down)
            lines = hatching(box.x0, box.y0, box.width, box.height)
            self.marks.append(
                Mark("path", Paint(role, "", stroke, width), steps=lines, hover=hover)
            )

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,  # noqa: ARG002
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Take a line of a text, held where the text is: letters of a page may be wider."""
        anchor, part = _HELD[mtext.get_horizontalalignment() if mtext else "left"]
        wide, _, _ = self.get_text_width_height_descent(s, prop, ismath)
        paint = Paint(
            self._groups[-1] or "word",
            self._color(gc.get_rgb())[0],
            size=prop.get_size_in_points(),
            anchor=anchor,
            is_bold="Bold" in str(prop.get_file()),
        )
        self.marks.append(Mark("text", paint, (x + part * wide, y), text=s))

    def _color(self, rgba: Any) -> tuple[str, float]:
        """Return the name of a color, or itself, and its opacity; an empty name for none."""
        if rgba is None or len(rgba) == 4 and rgba[3] == 0:
            return "", 1.0
        text = "#" + "".join(f"{round(255 * part):02x}" for part in rgba[:3])
        return self._names.get(text, text), round(rgba[3], 3) if len(rgba) == 4 else 1.0


def _steps(path: Path, transform: Transform) -> Iterator[Step]:
    for numbers, code in path.iter_segments(transform, simplify=False):
        letter = _LETTERS[code]
        places = numbers.reshape(-1, 2).tolist() if letter != "Z" else ()
        yield letter, tuple(map(tuple, places))


def page_marks(picture: Picture) -> list[Mark]:
    """Return the marks of a picture, without its paper."""
    renderer, dpi = Marks(picture), picture.get_dpi()
    picture.patch.set_visible(False)
    picture.set_dpi(72)
    picture.draw(renderer)
    picture.set_dpi(dpi)
    picture.patch.set_visible(True)
    return renderer.marks
