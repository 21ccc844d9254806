"""All published indices of production and trade tables."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from supplynet.analysis.indices.concentration import concentration, without_largest
from supplynet.analysis.indices.criticality import (
    GOVERNANCE,
    largest_outside,
    own_capacity,
    supply_risk,
)
from supplynet.analysis.indices.geopolrisk import geopolrisk
from supplynet.analysis.indices.parameters import Parameters
from supplynet.analysis.indices.result import Index, IndexResult, Input, figure
from supplynet.analysis.indices.supply import Supply, imports_of, supply_of
from supplynet.analysis.provenance import provenance_of
from supplynet.errors import OptionError
from supplynet.io.production import production_of, read_production
from supplynet.network.countries import country_name
from supplynet.terms import one_of

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
        What the production table tells of: which benchmark it is judged by.
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
    known = parameters or Parameters()
    to = None if to is None else known.require_place(to)
    production = _read(production, columns, where)
    supply = supply_of(production, year=year)
    answers = [concentration(supply, subject=subject)]
    needs = _consumption_by_country(known, supply.year)
    demand = {country: figure(tonnes) for country, tonnes in needs.items()} or None
    answers.append(without_largest(supply, demand, subject=subject, demand_note="parameters"))
    if to is not None:
        answers += _for_place(production, supply, trade, to, codes, known, kind, subject)
    options: dict[str, Any] = {
        "year": supply.year,
        "to": to,
        "hs": list(codes),
        "kind": kind,
    }
    provenance = provenance_of(options, tables=list(tables))
    return IndexResult(
        title=f"Published indices, {supply.year}", indices=tuple(answers), provenance=provenance
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


def _consumption_by_country(known: Parameters, year: int) -> dict[str, float]:
    """Consumption of every place that the parameters name one for.

    A row without a place is that of the world: what the places named leave of it is the rest's.
    Less than nothing is an OptionError.
    """
    places = dict.fromkeys(row.place for row in known.rows if row.indicator == "consumption")
    by_country = {}
    for country in places:
        row = known.find("consumption", place=country, year=year)
        if row is not None and country and known.members(country) == frozenset((country,)):
            by_country[country] = row.value
    world = known.find("consumption", year=year)
    if world is not None and not world.place:
        rest = world.value - math.fsum(by_country.values())
        if rest < 0.0:
            raise OptionError(
                f"the places named use more than the world: consumption of {world.value:,.0f} t in "
                "the row without a place",
                hint="write the consumption of the world, or none",
            )
        by_country[""] = rest
    return by_country


def _for_place(
    production: pd.DataFrame,
    supply: Supply,
    trade: pd.DataFrame | None,
    place: str,
    codes: tuple[str, ...],
    known: Parameters,
    kind: str,
    subject: str,
) -> Iterator[Index]:
    """The indices that are about one importer."""
    year, members, name = supply.year, known.members(place), country_name(place)
    bought = None
    if trade is not None:
        yield geopolrisk(
            production,
            trade,
            importer=place,
            hs=codes,
            year=year,
            parameters=known,
            subject=subject,
        )
        bought = imports_of(trade, members, year=year, hs=codes, name=name)
    if any(row.indicator == GOVERNANCE for row in known.rows):
        yield supply_risk(
            supply, parameters=known, place=place, trade=trade, hs=codes, subject=subject
        )
    domestic = supply.of(members)
    used = known.input("consumption", place=place, year=year)
    if used is None and bought is not None:
        apparent = domestic + bought.total - bought.exported
        used = Input("consumption", max(apparent, 0.0), "t", "table", "apparent, from trade")
    own = Input(f"own {kind}", domestic, "t")
    yield own_capacity(kind, place=place, consumption=used, own=own, year=year, subject=subject)
    yield own_capacity(
        "recycling",
        place=place,
        consumption=used,
        own=known.input("recycling", place=place, year=year),
        year=year,
    )
    yield largest_outside(
        place,
        year=year,
        bought=bought,
        consumption=used,
        share=known.input("main_supplier_share", place=place, year=year),
        domestic=domestic,
    )
