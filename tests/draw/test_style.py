"""Numbers, colors and sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from supplynet.draw.style import (
    COUNTRY_COLORS,
    CUT,
    RIBBONS,
    SHUT_BOX,
    country_colors,
    find_size,
    require,
)
from supplynet.errors import OptionError

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork


def test_no_country_has_the_color_of_the_cut_or_of_what_is_shut() -> None:
    assert not {CUT, SHUT_BOX} & set(COUNTRY_COLORS)
    assert len(set(COUNTRY_COLORS)) == len(COUNTRY_COLORS)
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in COUNTRY_COLORS)


def test_the_surer_a_link_the_darker_its_ribbon() -> None:
    def lightness(kind: str) -> float:
        style = RIBBONS[kind]
        parts = [int(style.fill[n : n + 2], 16) for n in (1, 3, 5)]
        return 255 - style.opacity * (255 - sum(parts) / 3)

    assert lightness("sure") < lightness("planned") < lightness("plausible")


def test_a_country_keeps_its_color_whatever_the_order_of_rows(demo: SupplyNetwork) -> None:
    turned = demo.replace(nodes=tuple(reversed(demo.node_rows)))
    assert country_colors(demo) == country_colors(turned)
    assert len({country_colors(demo)[code] for code in ("ISL", "FJI", "NZL", "MLT")}) == 4


def test_unknown_words_are_refused_with_a_hint() -> None:
    with pytest.raises(OptionError, match="size must be one of slide, page, not 'slyde'") as error:
        find_size("slyde")
    assert "slide" in error.value.hint
    assert require("level", "country", ("country",)) == "country"
