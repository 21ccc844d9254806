"""One style for every picture: sizes, colors, number format. Lengths are points, 1/72 inch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.numbers import tonnes as number
from supplynet.errors import OptionError
from supplynet.model.problems import did_you_mean

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork

INK = "#1b1f24"
MUTED = "#59636e"
FAINT = "#d1d7de"
PAPER = "#ffffff"
#: members of the minimum cut; no country has this color
CUT = "#c3141a"
#: what is shut, and what passes it when nothing is shut
SHUT_BOX = "#8c959f"
SHUT_RIBBON = "#b3bac2"
OTHERS = "#6e7781"

#: Okabe and Ito (2008) without vermillion and black, which would pass for the cut and for text,
#: then Tol's muted scheme (2021) without its grey and wine. Safe for color-blind readers.
COUNTRY_COLORS = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#b8a400",
    "#332288",
    "#88ccee",
    "#44aa99",
    "#117733",
    "#999933",
    "#ddcc77",
    "#aa4499",
)


@dataclass(frozen=True, slots=True)
class RibbonStyle:
    """How the links of one standing are drawn: the surer, the darker."""

    title: str
    fill: str
    opacity: float
    outline: str
    is_dashed: bool


#: class of standing -> style; observed and contracted links look alike, as both are sure
RIBBONS = {
    "sure": RibbonStyle("observed or contracted", "#08458a", 0.85, "#08458a", False),
    "planned": RibbonStyle("planned", "#5b9bd8", 0.70, "#2f74b5", False),
    "plausible": RibbonStyle("merely plausible", "#9cc5ee", 0.42, "#6f9fd0", True),
    "shut": RibbonStyle("", SHUT_RIBBON, 0.38, SHUT_RIBBON, False),
}
#: standing of a link -> class of ribbon
RIBBON_CLASS = {
    "observed": "sure",
    "contracted": "sure",
    "planned": "planned",
    "plausible": "plausible",
}


@dataclass(frozen=True, slots=True)
class Size:
    """A canvas and the letters on it, in points."""

    width: float
    height: float
    title: float
    subtitle: float
    heading: float
    label: float
    small: float


SIZES = {
    "slide": Size(960, 540, title=18, subtitle=11, heading=12, label=11, small=8.5),
    "page": Size(842, 595, title=15, subtitle=9.5, heading=10, label=9, small=7),
}


def find_size(name: str) -> Size:
    """Return a size by name.

    Raises
    ------
    OptionError
        If there is none of that name.
    """
    return SIZES[require("size", name, tuple(SIZES))]


def require(option: str, word: str, choices: tuple[str, ...]) -> str:
    """Return a word that is one of the choices, or raise OptionError."""
    if word not in choices:
        raise OptionError(
            f"{option} must be one of {', '.join(choices)}, not {word!r}",
            hint=did_you_mean(str(word), choices),
        )
    return word


def country_colors(net: SupplyNetwork) -> dict[str, str]:
    """Return a color for each country of a network, the same in every picture of it.

    The countries with most nodes come first, so that neighbors in a picture rarely share one.
    """
    counts: dict[str, int] = {}
    for node in net.node_rows:
        for code in {node.country, node.owner_country}:
            counts[code] = counts.get(code, 0) + 1
    ranked = sorted(counts, key=lambda code: (-counts[code], code))
    return {code: COUNTRY_COLORS[n % len(COUNTRY_COLORS)] for n, code in enumerate(ranked)}


def tonnes(value: float) -> str:
    """Return a tonnage with its unit, such as ``"18.5 t"``."""
    return f"{number(value)} t"
