"""What must be true of every picture: nothing leaves the canvas, no two words overlap."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from supplynet.draw.labels import extent, overlap
from supplynet.draw.scene import Scene, ribbon_path

if TYPE_CHECKING:
    from supplynet.draw.mpl import Picture


def require_words_apart(picture: Picture) -> None:
    """Measured as they are drawn, not as the layout reckons."""
    renderer = picture.canvas.get_renderer()  # type: ignore[attr-defined]
    texts = [text for text in picture.axes[0].texts if text.get_text()]
    assert texts
    boxes = [text.get_window_extent(renderer) for text in texts]
    width, height = picture.canvas.get_width_height()
    for text, box in zip(texts, boxes, strict=True):
        assert box.x0 >= 0 and box.x1 <= width, text
        assert box.y0 >= 0 and box.y1 <= height, text
    for (one, a), (other, b) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 2.5 or b.y1 <= a.y0 + 2.5
        assert apart, (one, other)


def require_inside(scene: Scene) -> None:
    """Every shape, ribbon and box lies on the canvas."""
    paths = [(shape.id, shape.path) for shape in scene.shapes]
    paths += [(ribbon.id, ribbon_path(ribbon)) for ribbon in scene.ribbons]
    for name, path in paths:
        for _, points in path:
            for x, y in points:
                assert -0.5 <= x <= scene.width + 0.5, name
                assert -0.5 <= y <= scene.height + 0.5, name
    for box in scene.boxes:
        assert box.x >= 0 and box.x + box.width <= scene.width, box.id
        assert box.y >= 0 and box.y + box.height + box.ghost_height <= scene.height, box.id


def require_words_off_ways(scene: Scene) -> None:
    """No way turns where the words of boxes stand: level, it passes those of its own box alone."""
    words = [extent(label) for label in scene.labels if label.role == "box"]
    column = {box.id: box.column for box in scene.boxes}
    ways = [(one.path, one.ends) for one in scene.shapes if one.role == "stream"]
    ways += [(ribbon_path(one), (one.tail, one.head)) for one in scene.ribbons]
    for path, (tail, head) in ways:
        if column.get(tail) == column.get(head) or tail.startswith("open:"):
            continue  # a loop, or the inset
        before = path[0][1][0]
        for letter, points in path:
            (x0, y0), (x1, y1) = before, points[-1] if points else before
            if letter == "C":
                low, high = sorted((y0, y1))
                turn = (min(x0, x1) + 1, low, max(x0, x1) - 1, high)
                assert not any(overlap(turn, box) for box in words), (tail, head)
            before = x1, y1


def require_ids_unique(scene: Scene) -> None:
    ids = [shape.id for shape in scene.shapes]
    assert len(set(ids)) == len(ids), sorted({one for one in ids if ids.count(one) > 1})


def require_good(picture: Picture) -> None:
    require_words_apart(picture)
    require_inside(picture.scene)
    require_ids_unique(picture.scene)
