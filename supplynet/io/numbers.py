"""What number a cell of a table holds, commas and all, and how many tonnes its unit is.

Spreadsheets write semicolons between cells where a comma parts decimals. A table with such cells
is read if its numbers allow one reading only, and else refused with the place: ``1.234`` may be a
number with a decimal point, or one thousand and more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from typing import Literal

from supplynet.network.explain import show
from supplynet.network.problems import Problem

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

    The text has no blanks around it; `comma` is what a comma is in the numbers of the file.

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


#: a dot that may part thousands as well as decimals, and one that parts decimals
_EITHER_DOT = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")
_DECIMAL_DOT = re.compile(r"-?(\d*\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+)")
_HINT = "write numbers without thousands separators, or save the table with commas between cells"


def delimiter_of(text: str) -> tuple[str, str]:
    r"""Return CSV text without a line that only names the separator, and what parts its cells.

    Examples
    --------
    >>> delimiter_of("sep=;\nid;name\n"), delimiter_of("id,name\n")[1]
    (('id;name\n', ';'), ',')
    """
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=[;,\t]", first.rstrip("\r")):
        return rest, first[4]
    if "," in first:
        return text, ","
    return text, ";" if ";" in first else "\t" if "\t" in first else ","


def plain_numbers(
    lines: Sequence[tuple[int, Sequence[str]]],
    names: Sequence[str],
    texts: Collection[str],
    file: str,
    found: list[Problem],
) -> list[tuple[int, list[str]]]:
    """Return rows whose numbers are written with a decimal point and nothing else.

    Each line has its row as a spreadsheet counts it. Columns in `texts` hold no numbers; numbers
    that could be two are added to `found`.
    """
    numeric = [at for at, name in enumerate(names) if name not in texts]
    cells = [row[at].strip().lstrip("-") for _, row in lines for at in numeric if at < len(row)]
    comma = comma_of([cell for cell in cells if "," in cell], ";")
    has_comma = any("," in cell for cell in cells)
    is_point = any(_DECIMAL_DOT.fullmatch(cell) for cell in cells)
    rows = []
    for number, row in lines:
        plain = list(row)
        for at in numeric:
            cell = row[at].strip() if at < len(row) else ""
            bare = cell.lstrip("-")
            value = number_of(bare, comma) if "," in cell or has_comma and "." in cell else None
            if value is not None and value == value:
                sign = "-" if cell.startswith("-") else ""
                plain[at] = sign + repr(value).removesuffix(".0")
            elif value is not None or (_EITHER_DOT.fullmatch(cell) and not is_point):
                message = "may be thousands or decimals"
                problem = Problem(
                    "ambiguous-number", message, file, number, names[at], show(cell), _HINT
                )
                found.append(problem)
        rows.append((number, plain))
    return rows


#: tonnes in a unit
_UNITS: tuple[tuple[str, float], ...] = (
    (r"(metric )?tonnes?|metric tons?|metr t|m?t|megagrams?|mg", 1.0),
    (r"kilograms?|kg", 1e-3),
    (r"kilotonnes?|kt|gigagrams?|gg", 1e3),
    (r"short tons?", 0.90718474),
    (r"long tons?", 1.0160469088),
    (r"pounds?|lbs?", 0.45359237e-3),
    (r"carats?", 2e-7),
    (r"troy ounces?", 3.11034768e-5),
)
#: words of the longest unit: thousand metric tons
_LONGEST = 4
_MULTIPLES = {"": 1.0, "thousand": 1e3, "1000": 1e3, "million": 1e6}
# "1000", not "mg" for milligrams: a statistic of world production is never in milligrams
_UNIT = re.compile(r"(?:(?P<multiple>thousand|million|1000) )?(?P<rest>.*)")


def tonnes_in(words: str, *, is_whole: bool = False) -> float | None:
    """Return the tonnes in the unit that a text begins with, or is; None for no known unit.

    The text is in small letters, parted by one blank; with `is_whole` nothing may follow the unit.

    Examples
    --------
    >>> tonnes_in("kt"), tonnes_in("metric tons of ore"), tonnes_in("barrels")
    (1000.0, 1.0, None)
    """
    match = _UNIT.fullmatch(words)
    assert match is not None  # noqa: S101  the pattern matches any text
    end = r"$" if is_whole else r"\b"
    for pattern, factor in _UNITS:
        if re.match(rf"({pattern}){end}", match["rest"]):
            return factor * _MULTIPLES[match["multiple"] or ""]
    return None


def without_unit(name: str) -> tuple[str, float]:
    """Return a column's name without the unit at its end, and tonnes in that; 0 for none.

    A column that is called by a unit alone, such as tonnes, keeps its name.

    Examples
    --------
    >>> without_unit("production thousand metric tons"), without_unit("tonnes")
    (('production', 1000.0), ('tonnes', 1.0))
    """
    words = name.split()
    for start in range(max(0, len(words) - _LONGEST), len(words)):
        factor = tonnes_in(" ".join(words[start:]), is_whole=True)
        if factor is not None:
            return " ".join(words[:start]) or name, factor
    return name, 0.0
