"""One style for every picture: sizes, colors, number format. Lengths are points, 1/72 inch."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from supplynet.errors import OptionError
from supplynet.network.countries import BLOCS
from supplynet.network.selector import controller
from supplynet.terms import STANDINGS, TIERS, one_of
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

# Colors of a scene are names, to which a theme gives a color: one scene is drawn light or dark.
INK = "ink"
MUTED = "muted"
FAINT = "faint"
PAPER = "paper"
#: members of the minimum cut; no country has this color
CUT = "cut"
#: frames around plants that are marked; no country has this color
MARK = "#8a00a8"
#: what is shut, and what passes it when nothing is shut
SHUT_BOX = "shut-box"
SHUT_RIBBON = "shut"
OTHERS = "others"
#: the one series of a picture that has a single one, and its second beside it
ACCENT = "accent"
SECOND = "second"
#: land of a map, and water around it
LAND = "land"
WATER = "water"

#: names of the colors of countries; `data/colors.csv` says who has which
COUNTRY_COLORS = tuple(f"country-{index}" for index in range(1, 13))
#: shares of a map, from little to much: the farther from the paper, the more
RAMP = tuple(f"ramp-{index}" for index in range(1, 6))


@dataclass(frozen=True, slots=True)
class Theme:
    """The color of every name."""

    name: str
    colors: Mapping[str, str]  #: ``#rrggbb`` by name

    def color(self, name: str) -> str:
        """Return the color of a name; what is a color already stays as it is."""
        return self.colors.get(name, name)


#: opacity of thin ways by class of standing
OPACITY_OF_THIN = {"sure": 1.0, "planned": 0.85, "memorandum": 0.75, "possible": 0.7, "shut": 0.7}
#: width up to which a way is thin, points
THIN = 2.0


def thin(color: str) -> str:
    """Return the name of the color of thin ways that is seen where a color is too pale for them."""
    return color if color == CUT else f"{color}-thin"


#: Any two colors of countries, and any of them beside the grey of others, the cut, paper and sure
#: ribbons, are 10 or more apart by CIEDE2000, for normal sight and as deuteranopes and protanopes
#: see them (Machado et al., 2009). More than these twelve cannot be kept so far apart. Colors of
#: thin ways are mixed with ink until they have the contrast of 3 that WCAG 2.2 asks for.
_COLORS = """
ink #1b1f24 #e9edf1
muted #59636e #a3adb8
faint #d1d7de #3a424b
paper #ffffff #14181d
cut #c3141a #ff6b66
shut-box #8c959f #7b858f
shut #b3bac2 #59626c
others #6e7781 #98a2ac
accent #08458a #7db8f5
second #b35c00 #f0a35a
land #eceff2 #262d35
water #f6f9fb #10151a
ramp-1 #fdf0d2 #3b3222
ramp-2 #fad38a #5f4620
ramp-3 #eda243 #8a601f
ramp-4 #d2731c #bb8124
ramp-5 #98470d #f0b045
sure #08458a #8cc4ff
planned #5b9bd8 #4d8ecb
planned-edge #2f74b5 #74aee4
possible #9cc5ee #3c6c9c
possible-edge #6f9fd0 #5f92c4
country-1 #e27101 #bb7812
country-2 #3677ef #4281fe
country-3 #6bc8e4 #7487ac
country-4 #5d2543 #875b70
country-5 #42c59e #a7f9da
country-6 #a35f5f #c87b86
country-7 #f7be1f #f5de4a
country-8 #6a1d24 #8b5c53
country-9 #80da89 #a5fcac
country-10 #2885a8 #4f5b90
country-11 #c56f4c #8b4f22
country-12 #49aaa5 #b0f4f8
sure-thin #08458a #8cc4ff
planned-thin #3b5d7e #649cd1
planned-edge-thin #2b6398 #74aee4
possible-thin #48596b #7999ba
possible-edge-thin #455f7a #6d9bc8
shut-thin #585d63 #939aa1
faint-thin #5b5f65 #92989e
others-thin #555d65 #98a2ac
country-1-thin #92500f #c48f3f
country-2-thin #2e5db2 #6397fb
country-3-thin #3b6371 #8696b6
country-4-thin #5d2543 #a98e9d
country-5-thin #2d6a5b #a7f9da
country-6-thin #814f50 #ca818b
country-7-thin #685722 #f5de4a
country-8-thin #6a1d24 #ac8f8a
country-9-thin #3e6047 #a5fcac
country-10-thin #246680 #8d95b7
country-11-thin #814f3c #b18e75
country-12-thin #326464 #b0f4f8
"""
_NAMES, *_BY_THEME = zip(*(row.split() for row in _COLORS.strip().splitlines()), strict=True)
THEMES = {
    name: Theme(name, dict(zip(_NAMES, colors, strict=True)))
    for name, colors in zip(("light", "dark"), _BY_THEME, strict=True)
}


@dataclass(frozen=True, slots=True)
class RibbonStyle:
    """How the links of one standing are drawn: the surer, the stronger against the paper.

    ``dashes`` are those of a way on a map: least length of dash and gap, points, and their length
    over the width of the way.
    """

    title: str
    fill: str
    opacity: float
    outline: str
    is_dashed: bool
    dashes: tuple[tuple[float, float], ...] = ()


#: class of standing -> style; observed and contracted links look alike, as both are sure
RIBBONS = {
    "sure": RibbonStyle("observed or contracted", "sure", 0.85, "sure", False),
    "planned": RibbonStyle(
        "planned", "planned", 0.70, "planned-edge", False, ((6.0, 1.5), (2.5, 0.5))
    ),
    "memorandum": RibbonStyle(
        "non-binding", "planned", 0.42, "planned-edge", False, ((4.0, 1.5), (2.3, 0.5))
    ),
    "possible": RibbonStyle(
        "merely possible", "possible", 0.42, "possible-edge", True, ((2.2, 0.5), (2.2, 0.5))
    ),
    "shut": RibbonStyle("", SHUT_RIBBON, 0.38, SHUT_RIBBON, False),
}
#: standing of a link -> class of ribbon
RIBBON_CLASS: dict[str, str] = {
    standing.name: "sure" if standing.is_firm else standing.name for standing in STANDINGS.values()
}


def tier_class(tier: str) -> str:
    """Return the class of ribbon that stands for a tier, or for the standing that it is called by.

    Examples
    --------
    >>> [tier_class(tier) for tier in TIERS], tier_class("observed")
    (['sure', 'planned', 'memorandum', 'possible'], 'sure')
    """
    return RIBBON_CLASS[TIERS[tier].links if tier in TIERS else tier]


@dataclass(frozen=True, slots=True)
class Size:
    """A canvas, the letters on it, the margin around them and the width of boxes, in points.

    ``is_bare`` leaves out title, subtitle and source line, for a caption of the reader's own;
    ``is_upright`` is a screen held upright, on which a Sankey diagram runs from top to bottom;
    ``is_free`` says that the height is nobody's wish and may follow what is drawn. ``small`` is for
    notes and sources at the foot; no other letter is below ``least`` if any layout allows it.
    """

    width: float
    height: float
    title: float
    subtitle: float
    heading: float
    label: float
    small: float
    margin: float
    box: float
    is_bare: bool = False
    is_upright: bool = False
    is_free: bool = True
    least: float = 5.0
    theme: str = "light"
    font: str | None = None  #: family of the letters of a chart

    @property
    def legend(self) -> float:
        """Letters of legends and of notes, points."""
        return max(1.1 * self.small, self.least)

    @property
    def row(self) -> float:
        """Letters of rows of a chart, points, such that nine tenths of them can be read, too."""
        return max(0.88 * self.label, self.least / 0.9)

    def letters(self, wish: float) -> float:
        """Return the letters nearest to a wish that are neither too large nor too small, points."""
        return min(self.label, max(self.row, wish))


#: a 16:9 slide, the text column of an upright A4 sheet (16 cm), and an A4 sheet on its side
SIZES = {
    "slide": Size(960, 540, 20, 14, 16, 16, 12, margin=22, box=14, least=14),
    "column": Size(454, 340, 10, 7, 7.4, 6.2, 5.6, margin=10, box=7.5),
    "page": Size(842, 595, 15, 9.5, 10, 9, 7, margin=24, box=12, least=7),
}


def find_size(size: str | Size, theme: str = "light") -> Size:
    """Return a size by name, or one that is given, for a theme.

    Raises
    ------
    OptionError
        If there is none of that name.
    """
    result = size if isinstance(size, Size) else SIZES[one_of(size, SIZES, "size")]
    return (
        result if theme == result.theme else replace(result, theme=one_of(theme, THEMES, "theme"))
    )


#: points of a unit of length
_POINTS = {"mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "pt": 1.0}
#: what a canvas for print may measure, points
_LEAST, _MOST = 140.0, 4_000.0
#: height over width where only the width is given; the least that holds the words around a
#: picture, and the most that a journal's page holds
_RATIO, _SHORTEST, _TALLEST = 0.66, 105 * 72 / 25.4, 170 * 72 / 25.4


#: letters for print: title, subtitle, headings, labels, small; larger from a width on, mm
_NARROW_LETTERS, _WIDE_LETTERS = (7.0, 6.2, 6.4, 5.8, 5.2), (7.0, 6.8, 7.0, 6.6, 6.0)
_WIDE = 150.0


def print_size(
    width: str, height: str | None = None, *, base: str | Size = "slide", is_bare: bool = False
) -> Size:
    """Return the size of a picture for print: letters of 5.2 to 7 points, as journals ask for.

    Parameters
    ----------
    width : str
        A length with its unit, such as ``"89mm"`` or ``"7.2in"``.
    height : str, optional
        Default: two thirds of the width, but 105 mm at least and 170 mm at most.
    base : str or Size
        Whose letters are used above 200 mm, scaled to the width.
    is_bare : bool
        Whether title, subtitle and source line are left out.

    Raises
    ------
    OptionError
        If a length cannot be read, or is too small or too large to draw on.

    Examples
    --------
    >>> print_size("89mm").label, round(print_size("183mm").width)
    (5.8, 519)
    """
    wide = _length("width", width)
    tall = _height(wide) if height is None else _length("height", height)
    size = find_size(base)
    if wide <= 200 * _POINTS["mm"]:
        letters = _WIDE_LETTERS if wide >= _WIDE * _POINTS["mm"] else _NARROW_LETTERS
        free = height is None
        return Size(wide, tall, *letters, margin=6, box=5.5, is_bare=is_bare, is_free=free)
    scale, names = wide / size.width, ("title", "subtitle", "heading", "label", "small")
    scaled = {name: scale * getattr(size, name) for name in (*names, "margin", "box", "least")}
    return Size(wide, tall, **scaled, is_bare=is_bare, is_free=height is None)


def _height(width: float) -> float:
    """Return the height of a picture for print of which only the width is given, points."""
    return min(max(width * _RATIO, _SHORTEST), _TALLEST)


def _length(option: str, text: str) -> float:
    """Return a length in points."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)\s*", text)
    if match is None:
        raise OptionError(
            f"{option} {text!r} is no length", hint="a number and mm, cm, in or pt, such as 89mm"
        )
    points = float(match[1]) * _POINTS[match[2]]
    if not _LEAST <= points <= _MOST:
        least, most = (round(value / _POINTS["mm"]) for value in (_LEAST, _MOST))
        raise OptionError(f"{option} {text!r} must be {least} to {most} mm")
    return points


def find_theme(name: str) -> Theme:
    """Return a theme by name.

    Raises
    ------
    OptionError
        If there is none of that name.
    """
    return THEMES[one_of(name, THEMES, "theme")]


@cache
def _declared() -> dict[str, str]:
    """Return the color of each country that has one, members of a bloc by that of the bloc."""
    text = resources.files("supplynet.draw").joinpath("data/colors.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        code: row["color"] for row in rows for code in BLOCS.get(row["country"], (row["country"],))
    }


def country_colors(net: SupplyNetwork) -> dict[str, str]:
    """Return a color for each country of a network, the same in every picture of every network.

    Who has a color is declared in `data/colors.csv`: first those that most graphs hold, and the
    same color twice only for countries that no shipped graph holds together. All others are grey
    and told by their names.
    """
    codes = {code for node in net.node_rows for code in (node.country, controller(net, node))}
    return {code: _declared().get(code, OTHERS) for code in sorted(codes)}


def shared_color(colors: Mapping[str, str], codes: Iterable[str]) -> str:
    """Return the color that countries have together, such as a bloc's; grey if they have none.

    Examples
    --------
    >>> shared_color({"DEU": "country-5", "FRA": "country-5"}, ["DEU", "FRA"])
    'country-5'
    """
    names = {colors.get(code, OTHERS) for code in codes}
    return names.pop() if len(names) == 1 else OTHERS


def tonnes(value: float) -> str:
    """Return a tonnage with its unit, such as ``"18.5 t"``."""
    return f"{number(value)} t"
