"""What number a cell of a table holds, where commas may part thousands or decimals."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

Comma = Literal["decimals", "thousands", "unknown"]
_GROUPS = re.compile(r"\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,}")
_GROUPS_OF_DOTS = re.compile(r"\d{1,3}(\.\d{3})+,\d*|\d{1,3}(\.\d{3}){2,}")
_GROUPS_OF_BLANKS = re.compile(r"\d{1,3}([ '\u00a0\u2009\u202f]\d{3})+([.,]\d+)?")
_DECIMALS = re.compile(r"\d*,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+")
_EITHER = re.compile(r"\d{1,3},\d{3}")
_ONE_DOT = re.compile(r"\d{1,3}\.\d{3}")


def comma_of(cells: Sequence[str], delimiter: str) -> Comma:
    """Return what a comma in numbers is, by the numbers that allow one reading only.

    Where none does, a comma parts thousands, but for files that use semicolons because it parts
    decimals where they were made.

    Examples
    --------
    >>> [comma_of(cells, ";") for cells in (["480,500", "12,25"], ["1,234,567"], ["480,500"])]
    ['decimals', 'thousands', 'unknown']
    """
    if delimiter == ",":
        return "thousands"
    commas: set[Comma] = set()
    for cell in cells:
        if _DECIMALS.fullmatch(cell) or _GROUPS_OF_DOTS.fullmatch(cell):
            commas.add("decimals")
        elif _GROUPS.fullmatch(cell):
            commas.add("thousands")
    if len(commas) == 1:
        return commas.pop()
    return "unknown" if commas or delimiter == ";" else "thousands"


def number_of(text: str, comma: Comma) -> float:
    """Return the number that a cell holds; NaN where it is none, or could be two.

    Parameters
    ----------
    text : str
        Without blanks around it.
    comma : {"decimals", "thousands", "unknown"}
        What a comma is in the numbers of the file.

    Examples
    --------
    >>> [number_of(text, "unknown") for text in ("1,234.5", "1.234,5", "1 234.5")]
    [1234.5, 1234.5, 1234.5]
    >>> number_of("480,500", "unknown"), number_of("480,500", "decimals")
    (nan, 480.5)
    """
    if "," not in text and not (comma == "decimals" and "." in text):
        try:
            return math.nan if "_" in text else float(text)
        except ValueError:
            pass
    if _GROUPS_OF_BLANKS.fullmatch(text):
        text = re.sub(r"[^\d.,]", "", text)
        return float(text.replace(",", "."))
    if _GROUPS.fullmatch(text) and comma != "decimals":
        return float(text.replace(",", ""))
    if _GROUPS_OF_DOTS.fullmatch(text) and comma != "thousands":
        return float(text.replace(".", "").replace(",", "."))
    if _DECIMALS.fullmatch(text) and comma != "thousands":
        return float(text.replace(",", "."))
    if _EITHER.fullmatch(text) and comma == "thousands":
        return float(text.replace(",", ""))
    if comma == "decimals":
        if _ONE_DOT.fullmatch(text):
            return float(text.replace(".", ""))
        if re.fullmatch(r"\d+,\d+|,\d+", text):
            return float(text.replace(",", "."))
    return math.nan
