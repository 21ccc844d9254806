"""Bilateral trade as a plain table: who bought how much from whom, by HS code and year.

For tables of a few thousand rows that a study rests on. Columns are told by their names: those
of plain tables, of BACI (``t, i, j, k, v, q``) and of the GeoPolRisk method's own extracts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet import limits
from supplynet.errors import TableError
from supplynet.io.delimited import (
    Delimited,
    chosen_columns,
    figure,
    read_delimited,
    require_rows,
    words_of,
)
from supplynet.network.countries import area
from supplynet.network.explain import show
from supplynet.trade.layouts import is_wide, layout_of
from supplynet.trade.lines import GZIP, PARQUET, read_header
from supplynet.trade.measures import USD, Column, value_columns, weight_columns
from supplynet.trade.sources import is_zip

if TYPE_CHECKING:
    import pandas as pd

#: parts of a table that a user may name a column for; the first five are needed
PARTS = ("importer", "exporter", "hs6", "year", "tonnes", "value_usd", "governance_risk")
_NEEDED = PARTS[:5]
_MEASURES = {"tonnes", "value_usd"}
#: columns of the result
COLUMNS = (*PARTS, "row")
_NAMES = {
    part: tuple(names.split("|"))
    for part, names in {
        "importer": "importer|importing country|importer iso3|importer code|j|reporteriso|"
        "reportercode",
        "exporter": "exporter|exporting country|exporter iso3|exporter code|i|partneriso|"
        "partnercode",
        "hs6": "hs6|hs|hs code|hscode|resource hscode|commodity code|k|cmdcode|"
        "product code|product",
        "year": "year|t|period|ref year|refyear",
        "tonnes": "tonnes|quantity tonnes|quantity mtonnes|quantity metric tons|quantity|"
        "qty|q|net weight kg|netweight kg",
        "value_usd": "value usd|trade value 1000 usd|value 1000 usd|value|v",
        "governance_risk": "governance risk|wgi|partnerwgi|partner wgi",
    }.items()
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
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    codes: Iterable[str] = (),
    max_unmapped: float = 0.01,
) -> pd.DataFrame:
    """Read a table of bilateral trade, or customs records with a direction of trade.

    Records of customs (:func:`supplynet.trade.read.read_trade`) by reporter, partner and flow are
    cleaned on the way: imports as the importer reports them, else the exporter, of `codes` alone
    where given, and with at most `max_unmapped` of their value (0 to 1) left out. `columns` names
    columns for :data:`PARTS` that are not recognized, `where` cells that a row must hold. The
    columns :data:`COLUMNS` hold countries as ISO 3166 alpha-3 (as written where they are none),
    ``hs6`` as text (several codes of one row joined by ``;``), tonnes, US dollars, a risk of 0 to 1
    where the table brings one, and the row of the file.
    """
    path = Path(path)
    import pandas as pd

    chosen = chosen_columns(columns or {}, PARTS)
    if not chosen and _is_records(path):
        return _from_records(path, where or {}, tuple(codes), max_unmapped)

    def is_header(names: Sequence[str]) -> bool:
        given = {part: words_of(name) for part, name in chosen.items()}
        return all(
            given[part] in names if part in given else _knows(part, names) for part in _NEEDED
        )

    table = read_delimited(path, is_header).where(where or {})
    require_rows(table)
    names = [words_of(name) for name in table.header]
    column_of: dict[str, int] = {}
    for part, known in _NAMES.items():
        if part in chosen:
            column_of[part] = table.place_of(chosen[part])
        elif any(name in names for name in known):
            column_of[part] = next(names.index(name) for name in known if name in names)
    factors = {
        column_of[part]: _FACTORS.get(names[column_of[part]], 1.0)
        for part in _MEASURES & {*column_of}
    }
    for part in ("tonnes", "value_usd"):
        measured = _measured(part, table.header)
        if part not in column_of and measured is not None:
            column_of[part], factors[measured.place] = measured.place, measured.factor
    records = [_record(table, column_of, factors, row, cells) for row, cells in table.rows]
    return pd.DataFrame(records, columns=list(COLUMNS))


def _knows(part: str, names: Sequence[str]) -> bool:
    """Whether a column of a part is among some names, spelled as :func:`words_of` does."""
    return any(name in names for name in _NAMES[part]) or _measured(part, names) is not None


def _measured(part: str, names: Sequence[str]) -> Column | None:
    """The one column whose name says a unit of weight, or US dollars."""
    if part == "tonnes":
        columns = weight_columns(names)
    elif part == "value_usd":
        columns = [column for column in value_columns(names) if column.money == USD]
    else:
        return None
    return columns[0] if len(columns) == 1 else None


def _is_records(path: Path) -> bool:
    """Whether a file holds records by reporter, partner and flow, or is no plain table."""
    if is_zip(path):
        return True
    head = read_header(path, lambda names: layout_of(names) is not None)
    layout = layout_of(head.names)
    if layout is None:
        return False
    with path.open("rb") as stream:
        start = stream.read(4)
    is_packed = start.startswith(GZIP) or start == PARQUET
    is_large = path.stat().st_size > limits.MAX_FILE_BYTES
    return layout == "comtrade" or is_wide(head.names, layout) or is_packed or is_large


def _from_records(
    path: Path, where: Mapping[str, str], codes: tuple[str, ...], max_unmapped: float
) -> pd.DataFrame:
    from supplynet.trade.read import read_trade

    records = read_trade(path, codes=codes or None, where=where, max_unmapped=max_unmapped).frame
    tonnes = records["tonnes"].where(records["tonnes_how"] == "reported")
    return records.assign(tonnes=tonnes, governance_risk=None, row=0)[list(COLUMNS)]


def _record(
    table: Delimited,
    place: Mapping[str, int],
    factors: Mapping[int, float],
    row: int,
    cells: Sequence[str],
) -> dict[str, Any]:
    record: dict[str, Any] = {"row": row}
    for part in ("importer", "exporter"):
        cell = cells[place[part]]
        if not cell:
            raise table.fault(row, table.header[place[part]], cell, "a country is needed")
        record[part] = area(cell).code or cell
    record["hs6"] = _codes(table, row, table.header[place["hs6"]], cells[place["hs6"]])
    cell = cells[place["year"]]
    if not re.fullmatch(r"(1[89]|2[01])\d\d(\.0)?", cell):
        head = table.header[place["year"]]
        raise table.fault(row, head, cell, "not a year", "write four digits, such as 2022")
    record["year"] = int(cell[:4])
    for part in ("tonnes", "value_usd", "governance_risk"):
        at = place.get(part)
        known = None if at is None else _number(table, row, at, cells)
        record[part] = None if known is None or at is None else known * factors.get(at, 1.0)
    return record


def _number(table: Delimited, row: int, column: int, cells: Sequence[str]) -> float | None:
    head = table.header[column]
    value = figure(table, row, head, cells[column]).value
    if value is None:
        return None
    if value < 0:
        raise table.fault(row, head, cells[column], "must not be negative")
    return value


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
