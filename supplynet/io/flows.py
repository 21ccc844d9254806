"""Bilateral trade as a plain table: who bought how much from whom, by HS code and year.

For tables of a few thousand rows that a study rests on. Columns are told by their names: those
of plain tables, of BACI (``t, i, j, k, v, q``) and of the GeoPolRisk method's own extracts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.errors import TableError
from supplynet.io.delimited import (
    Delimited,
    chosen_columns,
    figure,
    read_delimited,
    require_rows,
    words_of,
)
from supplynet.io.explain import show
from supplynet.model.country_names import area

if TYPE_CHECKING:
    import pandas as pd

#: parts of a table that a user may name a column for; the first five are needed
PARTS = ("importer", "exporter", "hs6", "year", "tonnes", "value_usd", "governance_risk")
_NEEDED = PARTS[:5]
#: columns of the result
COLUMNS = (*PARTS, "row")
_NAMES: dict[str, tuple[str, ...]] = {
    "importer": ("importer", "importing country", "importer iso3", "j"),
    "exporter": ("exporter", "exporting country", "exporter iso3", "i"),
    "hs6": ("hs6", "hs", "hs code", "hscode", "resource hscode", "commodity code", "k"),
    "year": ("year", "t", "period", "ref year"),
    "tonnes": (
        "tonnes",
        "quantity tonnes",
        "quantity mtonnes",
        "quantity metric tons",
        "quantity",
        "q",
        "net weight kg",
        "netweight kg",
    ),
    "value_usd": ("value usd", "trade value 1000 usd", "value 1000 usd", "value", "v"),
    "governance_risk": ("governance risk", "wgi"),
}
#: columns of other units
_FACTORS = {
    "net weight kg": 1e-3,
    "netweight kg": 1e-3,
    "trade value 1000 usd": 1e3,
    "value 1000 usd": 1e3,
    "v": 1e3,
}


def read_flows(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read a table of bilateral trade.

    Parameters
    ----------
    path : pathlib.Path
    columns : mapping of str to str, optional
        Name of the column for parts of :data:`PARTS` that are not recognized.
    where : mapping of str to str, optional
        Cells that a row must hold, by column.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`COLUMNS`: countries as ISO 3166 alpha-3 (as written where they are none),
        ``hs6`` as text (several codes of one row joined by ``;``), tonnes, US dollars, a risk
        of 0 to 1 where the table brings one, and the row of the file.

    Raises
    ------
    TableError
        With file, row, column and value, where a cell cannot be read.
    UnknownNameError
        If a column or value that is asked for is not there.
    OptionError
        If ``columns`` names a part that no table has.
    """
    import pandas as pd

    chosen = chosen_columns(columns or {}, PARTS)

    def is_header(names: Sequence[str]) -> bool:
        given = {part: words_of(name) for part, name in chosen.items()}
        return all(
            given[part] in names if part in given else any(one in names for one in _NAMES[part])
            for part in _NEEDED
        )

    table = read_delimited(path, is_header).where(where or {})
    require_rows(table)
    names = [words_of(name) for name in table.header]
    place: dict[str, int] = {}
    for part, known in _NAMES.items():
        if part in chosen:
            place[part] = table.place_of(chosen[part])
        elif any(one in names for one in known):
            place[part] = next(names.index(one) for one in known if one in names)
    records = [_record(table, place, row, cells) for row, cells in table.rows]
    return pd.DataFrame(records, columns=list(COLUMNS))


def _record(
    table: Delimited, place: Mapping[str, int], row: int, cells: Sequence[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {"row": row}
    for part in ("importer", "exporter"):
        cell = cells[place[part]]
        if not cell:
            raise table.fault(row, table.header[place[part]], cell, "a country is needed")
        found[part] = area(cell).code or cell
    found["hs6"] = _codes(table, row, table.header[place["hs6"]], cells[place["hs6"]])
    cell = cells[place["year"]]
    if not re.fullmatch(r"(1[89]|2[01])\d\d(\.0)?", cell):
        head = table.header[place["year"]]
        raise table.fault(row, head, cell, "not a year", "write four digits, such as 2022")
    found["year"] = int(cell[:4])
    for part in ("tonnes", "value_usd", "governance_risk"):
        found[part] = _number(table, row, place[part], cells) if part in place else None
    return found


def _number(table: Delimited, row: int, column: int, cells: Sequence[str]) -> float | None:
    head = table.header[column]
    value = figure(table, row, head, cells[column]).value
    if value is None:
        return None
    if value < 0:
        raise table.fault(row, head, cells[column], "must not be negative")
    return value * _FACTORS.get(words_of(head), 1.0)


def _codes(table: Delimited, row: int, column: str, cell: str) -> str:
    """HS codes of six digits, joined by ``;``: spreadsheets drop the zero in front."""
    codes = [re.sub(r"^(\d{4})\.(\d\d)$", r"\1\2", code.strip()) for code in cell.split(";")]
    if not all(re.fullmatch(r"\d{5,6}(\.0)?", code) for code in codes):
        raise table.fault(
            row, column, cell, "not an HS code of six digits", "write for example 260400"
        )
    return ";".join(code.removesuffix(".0").zfill(6) for code in codes)


def codes_of(text: str) -> tuple[str, ...]:
    """Return the HS codes that a user lists with commas.

    Raises
    ------
    TableError
        If one is no code of six digits.

    Examples
    --------
    >>> codes_of("250410, 250490")
    ('250410', '250490')
    """
    codes = tuple(code.strip() for code in text.split(",") if code.strip())
    wrong = [code for code in codes if not re.fullmatch(r"\d{6}", code)]
    if wrong or not codes:
        raise TableError(f"{show(text)!r}: an HS code has six digits, such as 260400")
    return codes
