"""What must be true of every picture: nothing leaves the canvas, no two words overlap."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from supplynet.draw.mpl import outline
from supplynet.draw.place import extent
from supplynet.draw.scene import Label, Scene

if TYPE_CHECKING:
    from supplynet.draw.mpl import Picture
    from supplynet.draw.style import Size

#: height of capital letters with what hangs below, over their size
_LETTERS = 0.95


def require_words_apart(picture: Picture) -> None:
    """Measured as they are drawn in files, not as the layout reckons: words, ticks and legends."""
    with matplotlib.rc_context({"text.hinting": "none"}):
        picture.draw_without_rendering()
        texts = [text for text in picture.findobj(Text) if text.get_text() and text.get_visible()]
        boxes = [text.get_window_extent() for text in texts]
    assert texts
    width, height = picture.canvas.get_width_height()
    for text, box in zip(texts, boxes, strict=True):
        assert box.x0 >= 0 and box.x1 <= width, text
        assert box.y0 >= 0 and box.y1 <= height, text
    for (one, a), (other, b) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 2.5 or b.y1 <= a.y0 + 2.5
        assert apart, (one, other)


def words_of(picture: Picture) -> list[Label]:
    """The words of a picture, line by line, with their size and role: of a chart without places."""
    if hasattr(picture, "scene"):
        return list(picture.scene.labels)
    return [
        Label(line, 0.0, 0.0, text.get_fontsize(), "", role=text.get_gid() or "axis")
        for text in picture.findobj(Text)
        for line in text.get_text().split("\n")
        if line and text.get_visible()
    ]


def parts_of(picture: Picture, first: str = "") -> dict[str, Any]:
    """The artists of a chart by what they are called, of those whose names begin so."""
    artists = {artist.get_gid(): artist for artist in picture.findobj()}
    return {name: artists[name] for name in picture.shown if name.startswith(first)}


def require_inside(scene: Scene) -> None:
    """Every shape and box lies on the canvas."""
    paths = [(shape.id, shape.path) for shape in scene.shapes]
    for name, path in paths:
        for _, points in path:
            for x, y in points:
                assert -0.5 <= x <= scene.width + 0.5, name
                assert -0.5 <= y <= scene.height + 0.5, name
    for box in scene.boxes:
        assert box.x >= 0 and box.x + box.width <= scene.width, box.id
        assert box.y >= 0 and box.y + box.height <= scene.height, box.id


def require_words_off_ways(scene: Scene) -> None:
    """No word of a box lies on a way, on one of its own neither: measured on the outlines drawn."""
    ways = [(shape.ends, shape.path) for shape in scene.shapes if shape.role == "stream"]
    joined = {ends for ends, _ in ways}
    words = [label for label in scene.labels if label.role == "box"]
    assert ways and words
    for ends, steps in ways:
        if ends and ends[::-1] in joined and ends[0] != ends[-1]:
            continue  # a ring of two boxes is wider than either of them
        # each part by itself: what leads from one to the next is not drawn
        starts = [number for number, (kind, _) in enumerate(steps) if kind == "M"]
        paths = [outline(steps[a:b]) for a, b in zip(starts, [*starts[1:], None], strict=True)]
        for label in words:
            left, upper, right, lower = extent(label)
            middle = (upper + lower) / 2
            high = _LETTERS * label.size / 2  # what letters take of their line
            around = Bbox.from_extents(left + 1, middle - high, right - 1, middle + high)
            assert not any(path.intersects_bbox(around, filled=True) for path in paths), (
                label,
                ends,
            )


def require_ids_unique(scene: Scene) -> None:
    ids = [shape.id for shape in scene.shapes]
    assert len(set(ids)) == len(ids), sorted({one for one in ids if ids.count(one) > 1})


def require_letters(picture: Picture, size: Size, *, part: float = 1.0) -> None:
    """No letter is below what the canvas declares, or a part of it; the foot has its own."""
    for label in words_of(picture):
        least = size.small if label.role in ("footer", "note") else min(size.least, size.label)
        assert label.size >= part * least - 1e-6, (label.text, label.size, least)


def require_names_whole(picture: Picture) -> None:
    """No word is cut off but in the line of sources."""
    words = words_of(picture)
    cut = [label.text for label in words if "\u2026" in label.text]
    sources = {label.text for label in words if label.role == "footer"}
    assert set(cut) <= sources, cut


def require_good(picture: Picture) -> None:
    require_words_apart(picture)
    if hasattr(picture, "scene"):
        require_inside(picture.scene)
        require_ids_unique(picture.scene)
