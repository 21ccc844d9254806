"""A way on a map: as wide as told, red in the cut, with a head where there is room for one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from supplynet.draw.answer import Bundle
from supplynet.draw.maps.labels import arc
from supplynet.draw.maps.projection import Point
from supplynet.draw.scene import Shape
from supplynet.draw.style import OPACITY_OF_THIN, RIBBONS, thin

LONG = ((0.0, 0.0), (100.0, 0.0), (200.0, 0.0))


def drawn(*pieces: Sequence[Point], kind: str = "sure", cut: str = "") -> list[Shape]:
    way = Bundle("a", "b", kind, cut, 5.0)
    return arc("arc-0", way, pieces, width=2.0, factor=1.0, hover=("a to b",))


@pytest.mark.parametrize("kind", ["sure", "planned", "memorandum", "possible", "shut"])
def test_color_dashes_and_opacity_tell_the_kind(kind: str) -> None:
    line, head = drawn(LONG, kind=kind)
    assert line.stroke == head.fill == thin(RIBBONS[kind].fill)
    assert line.stroke_opacity == OPACITY_OF_THIN[kind]
    assert bool(line.dash) == (kind in ("planned", "memorandum", "possible"))
