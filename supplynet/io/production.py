"""Production tables as statistical offices publish them, whatever their layout.

Long tables have a row for each country and year; wide ones a column for each year, such as
``2022`` or ``PROD_EST_ 2024``. Both are reported by the names of their columns.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet.errors import TableError
from supplynet.io.delimited import (
    Delimited,
    Figure,
    chosen_columns,
    figure,
    read_delimited,
    require_rows,
    tonnes_in,
    without_unit,
    words_of,
)
from supplynet.network.countries import area, is_rounded
from supplynet.network.explain import show

if TYPE_CHECKING:
    import pandas as pd

#: parts of a table that a user may name a column for
PARTS = ("country", "iso", "year", "value", "unit", "statistic", "note")
#: columns of the result
COLUMNS = (
    "country",
    "name",
    "kind",
    "year",
    "tonnes",
    "statistic",
    "label",
    "is_estimated",
    "is_rounded",
    "is_unit_assumed",
    "row",
    "note",
)
_NAMES = {
    piece: tuple(names.split("|"))
    for piece, names in {
        "country": "country|countries|country name|country or locality|country or area|"
        "country area|producing country|producer|area|location|geo",
        "iso": "country iso|country iso3|iso|iso3|iso a3|iso alpha 3|iso3 code",
        "year": "year|time period|period|ref year",
        "value": "value|production|mine production|quantity|tonnes|amount|output|volume|"
        "obs value|production t|production tonnes",
        "unit": "unit|units|unit meas|unit measure|unit of measure|units of measure",
        "statistic": "statistic|type|statistics|measure|indicator|variable",
        "note": "notes|note|prod notes|comment|comments|footnote|footnotes|data source",
    }.items()
}
#: columns that say more of a statistic than its own
_STATISTICS_IN_DETAIL = ("statistics detail", "statistic detail")
#: further columns that tell one thing from another
_THINGS = (
    "commodity",
    "chapter",
    "material",
    "mineral",
    "raw material",
    "rawmaterial",
    *_STATISTICS_IN_DETAIL,
)
_YEAR_COLUMN = re.compile(r"(?P<before>.*?)\b[xy]?(?P<year>1[89]\d\d|2[01]\d\d)(?P<after>e?\b.*)")
_ESTIMATE_WORDS = frozenset({"e", "est", "estimate", "estimated", "estimates"})


def read_production(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read a production table.

    The table is CSV with commas, semicolons, tabs or bars; titles may stand above the header.
    `columns` names columns for :data:`PARTS` that are not recognized, `where` cells that a row must
    hold. A row of the result is a country, year and statistic with the columns :data:`COLUMNS`:
    ``country`` is ISO 3166 alpha-3, or the name where it is none; ``kind`` tells countries from the
    row of all others, from totals and from groups; ``tonnes`` is missing where no figure is
    published; ``row`` is that of the file. A figure that cannot be read, or several things that
    must not be added, are a TableError with file, row, column and value.
    """
    choices = chosen_columns(columns or {}, PARTS)
    table = read_delimited(Path(path), lambda names: _is_header(names, choices))
    return _read(table.where(where or {}), choices)


def production_of(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the rows of a production table as :func:`read_production` reads those of a file."""
    header = tuple(str(name).strip() for name in frame.columns)
    cells = frame.astype(object).where(frame.notna(), "").itertuples(index=False)
    rows = tuple(
        (index, tuple(str(cell).strip() for cell in row)) for index, row in enumerate(cells, 2)
    )
    table = Delimited("the table", header, rows, ",")
    return _read(table.where(where or {}), chosen_columns(columns or {}, PARTS))


def _read(table: Delimited, choices: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    require_rows(table)
    layout = _layout(table, choices)
    records = list(_records(table, layout))
    _require_one_thing(table, layout, records)
    _require_once(table, records)
    return pd.DataFrame(records, columns=list(COLUMNS))


class _YearColumn(NamedTuple):
    """A column of a wide table: one statistic of one year."""

    column: int
    year: int
    statistic: str
    is_estimated: bool
    factor: float  # tonnes in the unit that the name says, 0 where it says none


@dataclass(frozen=True)
class _Layout:
    """Numbers of the columns that matter, -1 where there is none."""

    country: int
    iso: int
    year: int
    value: int
    unit: int
    statistic: int
    note: int
    # tonnes in the unit that the name of the column of values says, 0 where it says none
    factor: float
    years: tuple[_YearColumn, ...]
    #: those in which a row says what it counts, such as mine production
    labels: tuple[int, ...]


def _is_header(names: Sequence[str], choices: Mapping[str, str]) -> bool:
    """Whether some cells name a country column, and figures."""
    if choices:
        return all(words_of(column) in names for column in choices.values()) and len(names) > 1
    has_place = any(name in _NAMES["country"] or name in _NAMES["iso"] for name in names)
    is_long = any(without_unit(name)[0] in _NAMES["value"] for name in names)
    has_years = any(_YEAR_COLUMN.fullmatch(name) for name in names)
    return (has_place and is_long) or ((has_place or _is_stub(names)) and has_years)


def _is_stub(names: Sequence[str]) -> bool:
    """Whether the first column has no name: in printed tables it holds the countries."""
    return len(names) > 1 and names[0] == ""


def _layout(table: Delimited, choices: Mapping[str, str]) -> _Layout:
    names = [words_of(name) for name in table.header]
    column_of: dict[str, int] = {}
    for piece, allowed in _NAMES.items():
        if piece in choices:
            column_of[piece] = table.place_of(choices[piece])
        else:
            plain = [without_unit(name)[0] for name in names] if piece == "value" else names
            column_of[piece] = next((plain.index(name) for name in allowed if name in plain), -1)
    if column_of["country"] < 0:
        column_of["country"] = 0 if column_of["iso"] < 0 and _is_stub(names) else column_of["iso"]
    years: list[_YearColumn] = []
    if column_of["year"] < 0 or column_of["value"] < 0:
        years = [year for index, name in enumerate(names) for year in _year_of(index, name)]
        if "value" in choices:
            years = [year for year in years if year.column == column_of["value"]]
    if column_of["country"] < 0 or not (
        years or (column_of["year"] >= 0 and column_of["value"] >= 0)
    ):
        raise TableError(
            f"{table.file}: the header names no country, or no figures by year (found "
            f"{', '.join(show(name) for name in table.header)})",
            hint="name them with --columns, for example country=PRODUCER,value=OUTPUT,year=YEAR",
        )
    factor = without_unit(names[column_of["value"]])[1] if column_of["value"] >= 0 else 0.0
    values = {*_NAMES["statistic"], *_STATISTICS_IN_DETAIL}
    labels = tuple(count for count, name in enumerate(names) if name in values)
    return _Layout(**column_of, factor=factor, years=tuple(years), labels=labels)


def _year_of(index: int, name: str) -> Iterator[_YearColumn]:
    """The column of a wide table, if its name holds a year."""
    match = _YEAR_COLUMN.fullmatch(name)
    if match:
        texts = f"{match['before']} {match['after']}".split()
        others = [word for word in texts if word not in _ESTIMATE_WORDS]
        statistic = statistic_of(" ".join(others))
        if statistic:
            factor = without_unit(" ".join(others))[1]
            yield _YearColumn(
                index, int(match["year"]), statistic, len(others) < len(texts), factor
            )


def statistic_of(text: str) -> str:
    """Return what a label counts: production, capacity or reserves; empty for anything else.

    Examples
    --------
    >>> statistic_of("PROD"), statistic_of("Mine production, content"), statistic_of("Price")
    ('production', 'production', '')
    """
    texts = words_of(text).split()
    if any(word.startswith("reserve") for word in texts):
        return "reserves"
    if any(word == "cap" or word.startswith("capacit") for word in texts):
        return "capacity"
    if any(
        word.startswith(("price", "value", "import", "export", "note", "rank")) for word in texts
    ):
        return ""
    if not texts or any(word.startswith(("prod", "output", "mine", "quantit")) for word in texts):
        return "production"
    return "production" if tonnes_in(" ".join(texts)) is not None else ""


def _records(table: Delimited, layout: _Layout) -> Iterator[dict[str, Any]]:
    for index, cells in table.rows:
        if not _is_supplier(layout, cells):
            continue
        for year_column in layout.years:
            options = _figure(table, index, year_column.column, cells[year_column.column])
            yield _record(table, layout, index, cells, year_column, options)
        if layout.years:
            continue
        label = cells[layout.statistic] if layout.statistic >= 0 else ""
        statistic = statistic_of(label)
        if statistic:  # prices, imports and the like are written in ways of their own
            year = _year(table, index, table.header[layout.year], cells[layout.year])
            options = _figure(table, index, layout.value, cells[layout.value])
            of = _YearColumn(layout.value, year, statistic, False, layout.factor)
            yield _record(table, layout, index, cells, of, options)


def _is_supplier(layout: _Layout, cells: Sequence[str]) -> bool:
    """Whether a row is about a country: not blank, nor a line of text below the table."""
    name = cells[layout.country]
    figures = [year.column for year in layout.years] or [layout.year, layout.value]
    is_text = not any(cells[column] for column in figures) and not area(name).code
    return bool(name) and not is_text


def _figure(table: Delimited, row: int, column: int, cell: str) -> Figure:
    reading = figure(table, row, table.header[column], cell)
    if reading.value is not None and reading.value < 0:
        raise table.fault(row, table.header[column], cell, "a quantity must not be negative")
    return reading


def _year(table: Delimited, row: int, column: str, cell: str) -> int:
    if not re.fullmatch(r"(1[89]|2[01])\d\d(\.0)?", cell):
        raise table.fault(row, column, cell, "not a year", "write four digits, such as 2024")
    return int(cell[:4])


def _record(
    table: Delimited,
    layout: _Layout,
    row: int,
    cells: Sequence[str],
    of: _YearColumn,
    options: Figure,
) -> dict[str, Any]:
    name = cells[layout.country]
    maker = area(name)
    if layout.iso >= 0 and maker.kind == "country":
        coded = area(cells[layout.iso])
        maker = coded if coded.code else maker
    note = cells[layout.note] if layout.note >= 0 else ""
    unit = cells[layout.unit] if layout.unit >= 0 else ""
    factor = _factor(table, layout, row, unit, of)
    is_noted = note.casefold() == "e" or note.casefold().startswith("estimate")
    return {
        "country": maker.code or name,
        "name": name,
        "kind": maker.kind,
        "year": of.year,
        "tonnes": None if options.value is None else options.value * factor,
        "statistic": of.statistic,
        "label": ", ".join(filter(None, (cells[index] for index in layout.labels)))
        or (table.header[of.column] if layout.years else ""),
        "is_estimated": of.is_estimated or options.is_estimated or is_noted,
        "is_rounded": is_rounded(name),
        "is_unit_assumed": not unit and not of.factor,
        "row": row,
        "note": note,
    }


def _factor(table: Delimited, layout: _Layout, row: int, unit: str, of: _YearColumn) -> float:
    """Tonnes in a unit; a table that names none is in tonnes."""
    if not unit:
        return of.factor or 1.0
    factor = tonnes_in(words_of(unit))
    if factor is None:
        raise table.fault(
            row,
            table.header[layout.unit],
            unit,
            "not a unit of weight that is known",
            "known are metric tons, thousand metric tons, kilograms, pounds, carats and the like",
        )
    if of.factor and factor != of.factor:
        head = show(table.header[of.column])
        raise table.fault(
            row, table.header[layout.unit], unit, f"another unit than column {head} says"
        )
    return factor


def _require_one_thing(
    table: Delimited, layout: _Layout, records: Iterable[dict[str, Any]]
) -> None:
    """Refuse a table of several commodities or kinds of production: they must not be added."""
    used = {record["row"] for record in records if record["statistic"] == "production"}
    names = [words_of(name) for name in table.header]
    stated = [names.index(name) for name in _THINGS if name in names]
    if layout.statistic >= 0:
        stated.append(layout.statistic)
    for column in stated:
        kinds = list(dict.fromkeys(row[1][column] for row in table.rows if row[0] in used))
        if len(kinds) > 1:
            head = table.header[column]
            listed = ", ".join(repr(show(kind)) for kind in kinds[:12])
            raise TableError(
                f"{table.file}, column {show(head)}: the table holds several things, {listed}",
                hint=f'choose one with --where "{show(head)}={show(kinds[0])}", or '
                "--production-where of an import (where=)",
            )


def _require_once(table: Delimited, records: Iterable[dict[str, Any]]) -> None:
    """Refuse a country that stands twice: it would be counted twice, or as two suppliers."""
    seen: dict[tuple[Any, ...], int] = {}
    for record in records:
        key = (record["country"], record["kind"], record["year"], record["statistic"])
        if key in seen:
            raise TableError(
                f"{table.file}, row {record['row']}: {record['statistic'] or 'the figure'} of "
                f"{show(record['name'])} in {record['year']} stands in row {seen[key]} already",
                hint="take one row away, or choose rows with --where, or --production-where of an "
                "import (where=)",
            )
        seen[key] = record["row"]
