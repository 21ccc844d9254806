"""Plain tables of bilateral trade, and all published indices of production and trade tables."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet import limits
from supplynet.analysis.indices.concentration import concentration, without_largest
from supplynet.analysis.indices.risk import (
    MEAN,
    Parameters,
    geopolrisk,
    largest_outside,
    own_capacity,
    supply_risk,
)
from supplynet.analysis.indices.rows import Index, Input
from supplynet.analysis.indices.rows import figure as with_ends
from supplynet.analysis.indices.supply import Supply, imports_of, supply_of
from supplynet.analysis.provenance import provenance_of
from supplynet.errors import OptionError, TableError
from supplynet.io.delimited import (
    Delimited,
    chosen_columns,
    figure,
    read_delimited,
    require_rows,
    words_of,
)
from supplynet.io.production import production_of, read_production
from supplynet.network.countries import area, country_name
from supplynet.network.explain import show
from supplynet.questions.indices import IndexResult
from supplynet.terms import one_of
from supplynet.trade.columns import Column, weight_columns
from supplynet.trade.layouts import is_wide, layout_of
from supplynet.trade.lines import GZIP, PARQUET, is_zip, read_header

if TYPE_CHECKING:
    import pandas as pd


#: benchmarks that a production table can be judged by
KINDS = ("extraction", "processing")


def table_indices(
    production: pd.DataFrame | str | os.PathLike[str],
    *,
    year: int | None = None,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    trade: pd.DataFrame | None = None,
    to: str | None = None,
    hs: Iterable[str] = (),
    parameters: Parameters | None = None,
    kind: str = "extraction",
    subject: str = "Production",
    tables: Iterable[str] = (),
) -> IndexResult:
    """Return the published indices of a production table, and of a trade table beside it.

    Parameters
    ----------
    production : str, path or pandas.DataFrame
        A CSV file as statistics offices publish it, or its rows; else as
        :func:`supplynet.io.production.read_production` returns them.
    year : int, optional
        By default the last one with a figure.
    columns : mapping of str to str, optional
        Names of columns that are not recognized, such as ``{"country": "PRODUCER"}``.
    where : mapping of str to str, optional
        What a cell of a row must hold to be taken, such as ``{"Commodity": "Nickel"}``.
    trade : pandas.DataFrame, optional
        See :func:`supplynet.analysis.indices.supply.imports_of`.
    to : str, optional
        Country or bloc whose supply it is; needed with trade.
    hs : iterable of str
        HS codes of the product; needed with trade.
    parameters : Parameters, optional
        Governance, recycling and the like; without governance the supply risk is left out.
    kind : {"extraction", "processing"}
        What the production table states of: which benchmark it is judged by.
    subject : str
        What the table is about.
    tables : iterable of str
        Names of the tables, for the provenance.

    Returns
    -------
    IndexResult

    Raises
    ------
    OptionError
        If trade comes without `to` or codes, or holds nothing of them.
    TableError
        If a table cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"country": ["AUS", "CHL"], "year": 2024, "tonnes": [75.0, 25.0]})
    >>> [one.method.id for one in table_indices(table).indices]
    ['hhi', 'n-1']
    """
    codes = tuple(hs)
    one_of(kind, KINDS, "kind")
    if trade is not None and (to is None or not codes):
        raise OptionError(
            "a trade table needs an importer and HS codes",
            hint="for example to='USA', hs=['260400']",
        )
    entries = parameters or Parameters()
    to = None if to is None else entries.require_place(to)
    supply = supply_of(_read(production, columns, where), year=year)
    needs = _consumption_by_country(entries, supply.year)
    demand = {country: with_ends(tonnes) for country, tonnes in needs.items()} or None
    answers = [
        concentration(supply, subject=subject),
        without_largest(supply, demand, subject=subject, demand_note="parameters"),
    ]
    if to is not None:
        answers += _for_place(supply, trade, to, codes, entries, kind, subject)
    options = {"year": supply.year, "to": to, "hs": list(codes), "kind": kind}
    return IndexResult(
        title=f"Published indices, {supply.year}",
        indices=tuple(answers),
        provenance=provenance_of(options, tables=list(tables)),
    )


def _read(
    production: pd.DataFrame | str | os.PathLike[str],
    columns: Mapping[str, str] | None,
    where: Mapping[str, str] | None,
) -> pd.DataFrame:
    """Return a production table with the columns that indices are worked out from."""
    if isinstance(production, (str, os.PathLike)):
        return read_production(production, columns=columns, where=where)
    if {"country", "year", "tonnes"} <= set(production.columns) and not columns and not where:
        return production
    return production_of(production, columns=columns, where=where)


def _consumption_by_country(parameters: Parameters, year: int) -> dict[str, float]:
    """Consumption of every place that the parameters name one for.

    A row without a place is that of the world: what the places named leave of it is the rest's.
    Less than nothing is an OptionError.
    """
    places = dict.fromkeys(row.place for row in parameters.rows if row.indicator == "consumption")
    by_country = {}
    for country in places:
        row = parameters.find("consumption", place=country, year=year)
        if row is not None and country and parameters.members(country) == frozenset((country,)):
            by_country[country] = row.value
    world = parameters.find("consumption", year=year)
    if world is not None and not world.place:
        remainder = world.value - math.fsum(by_country.values())
        if remainder < 0.0:
            raise OptionError(
                f"the places named use more than the world: consumption of {world.value:,.0f} t in "
                "the row without a place",
                hint="write the consumption of the world, or none",
            )
        by_country[""] = remainder
    return by_country


def _for_place(
    supply: Supply,
    trade: pd.DataFrame | None,
    country: str,
    codes: tuple[str, ...],
    parameters: Parameters,
    kind: str,
    subject: str,
) -> Iterator[Index]:
    """The indices that are about one importer."""
    members, bought = parameters.members(country), None
    at: dict[str, Any] = {"place": country, "year": supply.year}
    if trade is not None:
        options: dict[str, Any] = {"year": supply.year, "hs": codes, "name": country_name(country)}
        bought = imports_of(trade, members, **options)
        yield geopolrisk(supply, bought, parameters, importer=country, subject=subject)
    if any(row.indicator == MEAN for row in parameters.rows):
        yield supply_risk(supply, parameters, place=country, bought=bought, subject=subject)
    domestic = supply.of(members)
    used = parameters.input("consumption", **at)
    if used is None and bought is not None:
        apparent = domestic + bought.total - bought.exported
        used = Input("consumption", max(apparent, 0.0), "t", "table", "apparent, from trade")
    own = Input(f"own {kind}", domestic, "t")
    yield own_capacity(kind, consumption=used, own=own, subject=subject, **at)
    yield own_capacity("recycling", consumption=used, own=parameters.input("recycling", **at), **at)
    yield largest_outside(
        bought=bought,
        consumption=used,
        share=parameters.input("main_supplier_share", **at),
        domestic=domestic,
        **at,
    )


#: columns of the result that a user may name one for; the first five are needed
PARTS = ("importer", "exporter", "hs6", "year", "tonnes", "governance_risk")
_NEEDED = PARTS[:5]
COLUMNS = (*PARTS, "row")
_NAMES = {
    piece: tuple(names.split("|"))
    for piece, names in {
        "importer": "importer|importing country|importer iso3|importer code|j|reporteriso|"
        "reportercode",
        "exporter": "exporter|exporting country|exporter iso3|exporter code|i|partneriso|"
        "partnercode",
        "hs6": "hs6|hs|hs code|hscode|resource hscode|commodity code|k|cmdcode|"
        "product code|product",
        "year": "year|t|period|ref year|refyear",
        "tonnes": "tonnes|quantity tonnes|quantity mtonnes|quantity metric tons|quantity|"
        "qty|q|net weight kg|netweight kg",
        "governance_risk": "governance risk|wgi|partnerwgi|partner wgi",
    }.items()
}
#: columns of kilograms
_KILOGRAMS = ("net weight kg", "netweight kg")


def read_flows(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    codes: Iterable[str] = (),
    max_unmapped: float = 0.01,
) -> pd.DataFrame:
    """Read a table of bilateral trade, or customs records with a direction of trade.

    Records of customs (:func:`supplynet.trade.read.read_trade`) by reporter, partner and flow are
    cleaned on the way: imports as the importer reports them, else the exporter, of `codes` alone
    where given, and with at most `max_unmapped` of their value (0 to 1) left out. `columns` names
    columns for :data:`PARTS` that are not recognized; one of dollars may be named, too, and is not
    read. The columns :data:`COLUMNS` hold countries as ISO 3166 alpha-3 (as written where they are
    none), ``hs6`` as text (several codes of one row joined by ``;``), tonnes, a risk of 0 to 1
    where the table brings one, and the row of the file.
    """
    path = Path(path)
    import pandas as pd

    choices = chosen_columns(columns or {}, (*PARTS, "value_usd"))
    if not choices and _is_records(path):
        return _from_records(path, tuple(codes), max_unmapped)

    def is_header(names: Sequence[str]) -> bool:
        options = {text: words_of(name) for text, name in choices.items()}
        return all(
            options[portion] in names if portion in options else _knows(portion, names)
            for portion in _NEEDED
        )

    table = read_delimited(path, is_header)
    require_rows(table)
    names = [words_of(name) for name in table.header]
    column_of: dict[str, int] = {}
    for piece, allowed in _NAMES.items():
        if piece in choices:
            column_of[piece] = table.place_of(choices[piece])
        elif any(name in names for name in allowed):
            column_of[piece] = next(names.index(name) for name in allowed if name in names)
    factor, measured = 1.0, _measured(table.header)
    if "tonnes" in column_of:
        factor = 1e-3 if names[column_of["tonnes"]] in _KILOGRAMS else 1.0
    elif measured is not None:
        column_of["tonnes"], factor = measured.place, measured.factor
    records = [_record(table, column_of, factor, row, cells) for row, cells in table.rows]
    return pd.DataFrame(records, columns=list(COLUMNS))


def _knows(piece: str, names: Sequence[str]) -> bool:
    """Whether a column of a part is among some names, spelled as :func:`words_of` does."""
    is_named = any(name in names for name in _NAMES[piece])
    return is_named or (piece == "tonnes" and _measured(names) is not None)


def _measured(names: Sequence[str]) -> Column | None:
    """The one column whose name says a unit of weight."""
    columns = weight_columns(names)
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


def _from_records(path: Path, codes: tuple[str, ...], max_unmapped: float) -> pd.DataFrame:
    from supplynet.trade.read import read_trade

    records = read_trade(path, codes=codes or None, max_unmapped=max_unmapped).frame
    tonnes = records["tonnes"].where(records["tonnes_how"] == "reported")
    return records.assign(tonnes=tonnes, governance_risk=None, row=0)[list(COLUMNS)]


def _record(
    table: Delimited,
    positions: Mapping[str, int],
    factor: float,
    row: int,
    cells: Sequence[str],
) -> dict[str, Any]:
    record: dict[str, Any] = {"row": row}
    for piece in ("importer", "exporter"):
        cell = cells[positions[piece]]
        if not cell:
            raise table.fault(row, table.header[positions[piece]], cell, "a country is needed")
        record[piece] = area(cell).code or cell
    record["hs6"] = _codes(table, row, table.header[positions["hs6"]], cells[positions["hs6"]])
    cell = cells[positions["year"]]
    if not re.fullmatch(r"(1[89]|2[01])\d\d(\.0)?", cell):
        head = table.header[positions["year"]]
        raise table.fault(row, head, cell, "not a year", "write four digits, such as 2022")
    record["year"] = int(cell[:4])
    for text, by in (("tonnes", factor), ("governance_risk", 1.0)):
        value = _number(table, row, positions[text], cells) if text in positions else None
        record[text] = None if value is None else value * by
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
