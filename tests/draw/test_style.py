"""Numbers, colors and sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from supplynet.draw.style import (
    ACCENT,
    COUNTRY_COLORS,
    CUT,
    INK,
    MUTED,
    PAPER,
    RIBBONS,
    SECOND,
    SHUT_BOX,
    THEMES,
    Theme,
    country_colors,
    find_size,
    find_theme,
)
from supplynet.errors import OptionError

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_no_country_has_the_color_of_the_cut_or_of_what_is_shut(theme: Theme) -> None:
    countries = [theme.color(name) for name in COUNTRY_COLORS]
    assert not {theme.color(CUT), theme.color(SHUT_BOX), theme.color(PAPER)} & set(countries)
    assert len(set(countries)) == len(countries)


def test_every_theme_has_a_color_for_every_name() -> None:
    names = {name for theme in THEMES.values() for name in theme.colors}
    assert {one for style in RIBBONS.values() for one in (style.fill, style.outline)} <= names
    for theme in THEMES.values():
        assert set(theme.colors) == names
        assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in theme.colors.values())
        assert theme.color("#123456") == "#123456"


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("ink", [INK, MUTED, CUT, ACCENT, SECOND])
def test_words_stand_out_from_the_paper(theme: Theme, ink: str) -> None:
    assert contrast(theme.color(ink), theme.color(PAPER)) >= 4.5  # WCAG AA


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_the_surer_a_link_the_more_its_ribbon_stands_out(theme: Theme) -> None:
    def distance(kind: str) -> float:
        style = RIBBONS[kind]
        fill, paper = theme.color(style.fill), theme.color(PAPER)
        pairs = [(int(fill[n : n + 2], 16), int(paper[n : n + 2], 16)) for n in (1, 3, 5)]
        return abs(sum(style.opacity * (f - p) for f, p in pairs))

    assert distance("sure") > distance("planned") > distance("plausible")


def test_a_country_keeps_its_color_whatever_the_order_of_rows(demo: SupplyNetwork) -> None:
    turned = demo.replace(nodes=tuple(reversed(demo.node_rows)))
    assert country_colors(demo) == country_colors(turned)
    assert len({country_colors(demo)[code] for code in ("ISL", "FJI", "NZL", "MLT")}) == 4


def test_unknown_words_are_refused_with_a_hint() -> None:
    with pytest.raises(OptionError, match="slide, column, page, not 'slyde'") as error:
        find_size("slyde")
    assert "slide" in error.value.hint
    with pytest.raises(OptionError, match="theme must be one of light, dark, not 'black'"):
        find_theme("black")
