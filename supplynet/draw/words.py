"""Text on a picture: plain, measured before it is drawn, and cut to the room there is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from supplynet.network.countries import brief_name, country_name
from supplynet.network.elements import element_names
from supplynet.network.schema import UNKNOWN
from supplynet.text import plain, tonnes

if TYPE_CHECKING:
    from supplynet.network.schema import Node


def _advances(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split())


# Advance widths of DejaVu Sans 2.37, the font that ships with matplotlib, of the characters
# 32 to 126 in thousandths of the font size: a scene is laid out before any font is loaded.
_REGULAR = _advances(
    "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 "
    "636 636 636 636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656"
    " 557 863 748 787 603 787 695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613"
    " 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818"
    " 592 592 525 636 337 636 838"
)
_BOLD = _advances(
    "348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696"
    " 696 696 696 696 400 400 838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 "
    "775 637 995 837 850 733 850 770 720 682 812 774 1103 771 724 725 457 365 457 838 500 500"
    " 675 716 593 716 678 435 716 712 343 343 665 343 1042 712 687 716 716 493 595 478 712 "
    "652 924 645 652 582 712 365 712 838"
)
# what no table is kept for: letters of other scripts, and characters that fill a square
_OTHER, _WIDE = 720, 1000

ELLIPSIS = "…"
# letters of a word that are not worth keeping
_SHORTEST_STUB = 2
#: blanks at which a line may end: a figure keeps its unit
_BREAKS = re.compile(r"(?<!\d) | (?!t\b)")
#: part of a line below which its last words are not left alone
_ORPHAN = 0.15
#: part of a room that words are made to fit: small letters are wider for their size
_SAFE = 0.96
# what does not stand before an ellipsis
_ENDS = " ,;(-"


#: what stands before the name of a row that gathers several plants, and in the legend
SEVERAL = "Σ"
SEVERAL_TOLD = f"{SEVERAL} several plants in one row"


def plant_name(node: Node) -> str:
    """Return the name of a plant; a row that gathers several plants is marked as a sum.

    Examples
    --------
    >>> from supplynet.network.schema import Node
    >>> rest = {"id": "r", "name": "Other mills", "stage": "mill", "country": "ISL"}
    >>> plant_name(Node(**rest, confidence="estimated", stands_for="several"))
    'Σ Other mills'
    """
    return f"{SEVERAL} {plain(node.name)}" if node.is_several else plain(node.name)


def spelled(element: str) -> str:
    """Return the name of an element where it is a symbol, and any other word as it is.

    Examples
    --------
    >>> spelled("Nd"), spelled("graphite")
    ('neodymium', 'graphite')
    """
    return element_names().get(element, element)


def as_drawn(drawn: float, stated: float) -> str:
    """Say how many tonnes a picture draws, where those that its message states are others.

    Examples
    --------
    >>> as_drawn(39.9, 43.5), as_drawn(40.001, 40.0)
    ('39.9 t drawn', '')
    """
    return "" if tonnes(drawn) == tonnes(stated) else f"{tonnes(drawn)} t drawn"


def named(code: str, areas: Mapping[str, str]) -> tuple[str, str]:
    """Return the name of a country or area of a graph, in full and in brief."""
    if code == UNKNOWN:
        return "owner unknown", "unknown"
    return plain(country_name(code, areas)), plain(brief_name(code, areas))


#: an oxide as it is typed: symbols of elements with counts, oxygen last
_OXIDE = re.compile(r"\b(?:[A-Z][a-z]?\d{0,2})+O\d{0,2}\b")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def lowered(text: str) -> str:
    """Return a text with the counts in formulas of oxides set low.

    Examples
    --------
    >>> lowered("39.9 t Nd2O3/yr in 2030, ISO9001")
    '39.9 t Nd₂O₃/yr in 2030, ISO9001'
    """

    def written(match: re.Match[str]) -> str:
        symbols = re.findall(r"[A-Z][a-z]?", match[0])
        is_oxide = len(symbols) > 1 and all(symbol in element_names() for symbol in symbols)
        return match[0].translate(_SUBSCRIPTS) if is_oxide else match[0]

    return _OXIDE.sub(written, text)


def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """Return the width of a text in points; a shade generous."""
    # renderers round each letter to their grid, which counts more where letters are small
    return (1.01 + 0.14 / size) * _thousandths(text, is_bold) * size / 1000


@lru_cache(maxsize=1 << 14)
def _thousandths(text: str, is_bold: bool) -> int:
    """Return the width of a text in thousandths of its size: names are tried in many sizes."""
    table = _BOLD if is_bold else _REGULAR
    total = 0
    for char in text:
        code = ord(char)
        if 32 <= code < 127:
            total += table[code - 32]
        elif unicodedata.combining(char):
            continue
        elif unicodedata.east_asian_width(char) in {"W", "F"} or char == ELLIPSIS:
            total += _WIDE
        else:
            total += _OTHER + (100 if is_bold else 0)
    return total


def fit(text: str, size: float, room: float, *, is_bold: bool = False) -> str:
    """Return the text, or as much of it as fits into the room with an ellipsis after it.

    Examples
    --------
    >>> fit("Kuantan", 10, 100), fit("Kuantan", 10, 30)
    ('Kuantan', 'Kua…')
    """
    if text_width(text, size, is_bold=is_bold) <= room:
        return text
    selection = text
    while (
        selection and text_width(selection.rstrip(_ENDS) + ELLIPSIS, size, is_bold=is_bold) > room
    ):
        selection = selection[:-1]
    stub = len(selection) - selection.rfind(" ") - 1
    if (
        selection
        and " " in selection.strip()
        and not text[len(selection)].isspace()
        and stub <= _SHORTEST_STUB
    ):
        selection = selection[: len(selection) - stub]
    return selection.rstrip(_ENDS) + ELLIPSIS if selection else ""


def short(text: str, size: float, room: float, *, is_bold: bool = False) -> str:
    """Return a name that fits: without what stands in brackets, then cut off, if it must be."""
    if text_width(text, size, is_bold=is_bold) <= room:
        return text
    return fit(bare(text), size, room, is_bold=is_bold)


def bare(text: str) -> str:
    """Return a name without what stands in brackets, unless that is all of it.

    Examples
    --------
    >>> bare("Big mill (phase 2), Kuantan"), bare("(none)")
    ('Big mill, Kuantan', '(none)')
    """
    return " ".join(re.sub(r"\s*\([^()]*\)", " ", text).split()).replace(" ,", ",") or text


def lines_of(
    text: str, size: float, room: float, *, is_bold: bool = False
) -> tuple[list[str], float]:
    """Return a title as one line or two, and the size of letters with which no word is cut.

    Examples
    --------
    >>> lines_of("Leaching plants", 10, 60)
    (['Leaching', 'plants'], 10.0)
    """
    if text_width(text, size, is_bold=is_bold) <= room:
        return [text], float(size)
    widest = max(text_width(word, size, is_bold=is_bold) for word in text.split(" "))
    letters = size * min(1.0, _SAFE * room / widest)
    return wrap(text, letters, room * 1.001, is_bold=is_bold), float(letters)


def wrap(
    text: str, size: float, room: float, *, is_bold: bool = False, limit: int = 2
) -> list[str]:
    """Return a text as lines that fit into the room; what is beyond the limit is cut off.

    Examples
    --------
    >>> wrap("39.9 of 2,550 t", 10, 70)
    ['39.9 of', '2,550 t']
    """
    lines: list[str] = []
    current = ""
    texts = _BREAKS.split(text)
    for index, word in enumerate(texts):
        longer = f"{current} {word}" if current else word
        if text_width(longer, size, is_bold=is_bold) <= room or not current:
            current = longer
        elif len(lines) == limit - 1:
            tail = " ".join([current, *texts[index:]])
            return [*lines, fit(tail, size, room, is_bold=is_bold)]
        else:
            lines.append(current)
            current = word
    texts = _BREAKS.split(lines[-1]) if lines else []
    if len(texts) > 2 and text_width(current, size, is_bold=is_bold) < _ORPHAN * room:
        # a short word does not stand alone at the end
        longer = f"{texts[-1]} {current}"
        if text_width(longer, size, is_bold=is_bold) <= room:
            lines[-1], current = " ".join(texts[:-1]), longer
    return [*lines, fit(current, size, room, is_bold=is_bold)]
