"""CSV as spreadsheets write it where a comma parts decimals: semicolons between cells.

A table with such cells is read if its numbers allow one reading only, and else refused with the
place: ``1.234`` may be a number with a decimal point, or one thousand and more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from supplynet.io.explain import show
from supplynet.io.numbers import comma_of, number_of
from supplynet.network.problems import Problem

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

    Parameters
    ----------
    lines : sequence of (int, sequence of str)
        Row as a spreadsheet counts it, and its cells.
    names : sequence of str
        Of the columns.
    texts : collection of str
        Columns that hold no numbers.
    file : str
    found : list of Problem
        Numbers that could be two are added here.
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
