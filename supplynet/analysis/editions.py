"""What changed between two editions of a table, or between two states of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.analysis.compare import compare
from supplynet.analysis.editions_result import (
    OTHER,
    TOTAL,
    HeadlineChange,
    Revision,
    VintageResult,
)
from supplynet.analysis.indices.concentration import concentration
from supplynet.analysis.indices.stages import stage_supply, stages_of
from supplynet.analysis.indices.supply import Supply, supply_of, years_of
from supplynet.analysis.provenance import provenance_of
from supplynet.errors import OptionError
from supplynet.network.countries import country_name
from supplynet.network.scenario.years import default_year
from supplynet.network.units import BASKET, flow_unit

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork

# -- tables ----------------------------------------------------------------------------------


def diff_tables(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    year: int | None = None,
    names: tuple[str, str] = ("before", "after"),
) -> VintageResult:
    """Compare two editions of a production table, over the years that both hold.

    Parameters
    ----------
    before, after : pandas.DataFrame
        See :func:`supplynet.analysis.indices.supply.supply_of`; a column ``statistic`` may tell
        production, capacity and reserves apart.
    year : int, optional
        Only this year.
    names : tuple of str
        Of the editions.

    Returns
    -------
    VintageResult
        With the HHI and the sums of both editions as headlines, a year each.

    Raises
    ------
    OptionError
        If the editions share no year, or not the one asked for.
    TableError
        If a table cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> old = pd.DataFrame({"country": ["AUS", "CHL"], "year": 2024, "tonnes": [50.0, 50.0]})
    >>> new = old.assign(tonnes=[75.0, 25.0])
    >>> [(one.country, one.change) for one in diff_tables(old, new).changed]
    [('AUS', 25.0), ('CHL', -25.0)]
    """
    revisions: list[Revision] = []
    headlines: list[HeadlineChange] = []
    flags: list[str] = []
    shared = _shared(before, after)
    if not shared:
        raise OptionError(
            f"{names[0]} and {names[1]} share no year with figures",
            hint="editions are compared over the years that both hold",
        )
    if year is not None:
        shared = [revision for revision in shared if revision[1] == year]
        if not shared:
            held = sorted({revision[1] for revision in _shared(before, after)})
            raise OptionError(
                f"year {year} is not in both editions; both hold {', '.join(map(str, held))}"
            )
    for statistic, one_year in shared:
        pair = [supply_of(table, year=one_year, statistic=statistic) for table in (before, after)]
        revisions += _revisions(pair[0], pair[1], statistic)
        headlines += _table_headlines(pair[0], pair[1], statistic)
        for name, supply in zip(names, pair, strict=True):
            flags += [f"{name}, {one_year}, {statistic}: {flag}" for flag in supply.flags]
    return VintageResult(
        kind="tables",
        names=names,
        revisions=tuple(revisions),
        rows=(),
        headlines=tuple(headlines),
        flags=tuple(flags),
        provenance=provenance_of({"year": year}, tables=list(names)),
    )


def _shared(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[str, int]]:
    """Statistics and years of which both tables hold a figure above nothing."""
    first, second = years_of(before), years_of(after)
    return [revision for revision in first if revision in second]


def _revisions(before: Supply, after: Supply, statistic: str) -> Iterator[Revision]:
    for code in dict.fromkeys((*before.tonnes, *after.tonnes)):
        name = after.name_of(code)
        yield Revision(
            code,
            name if name != code else before.name_of(code),
            before.year,
            statistic,
            before.tonnes.get(code),
            after.tonnes.get(code),
        )
    if before.other or after.other:
        yield Revision(OTHER, OTHER, before.year, statistic, before.other, after.other)
    if before.stated_total is not None or after.stated_total is not None:
        yield Revision(
            TOTAL, TOTAL, before.year, statistic, before.stated_total, after.stated_total
        )


def _table_headlines(before: Supply, after: Supply, statistic: str) -> Iterator[HeadlineChange]:
    of = f"{statistic}, {before.year}"
    yield HeadlineChange("sum of the rows", of, before.total, after.total, "t")
    if statistic == "production":
        first, second = concentration(before), concentration(after)
        yield HeadlineChange("HHI", of, first.value, second.value, first.unit)
        for code in dict.fromkeys((before.largest, after.largest)):
            shares = [edition.tonnes.get(code, 0.0) / edition.total for edition in (before, after)]
            name = f"share of {after.name_of(code)}"
            yield HeadlineChange(name, of, shares[0], shares[1], "1")


# -- graphs ----------------------------------------------------------------------------------


def diff_graphs(
    before: SupplyNetwork,
    after: SupplyNetwork,
    *,
    year: int | None = None,
    names: tuple[str, str] | None = None,
) -> VintageResult:
    """Compare two graphs: rows added, removed and changed, and what each stage could make.

    Parameters
    ----------
    before, after : SupplyNetwork
    year : int, optional
        Of the capacities; by default that of today, as in every question.
    names : tuple of str, optional
        By default the ids of the graphs.

    Returns
    -------
    VintageResult
        Headlines: capacity of each stage, and of its largest countries where it changes, in
        tonnes of everything that flows on the graph's basis.

    Raises
    ------
    OptionError
        If the year lies outside one of the graphs.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> sn.compare.diff_graphs(net, net).to_frame().empty
    True
    """
    year = default_year(after) if year is None else year
    for net in (before, after):
        if not net.commodity.first_year <= year <= net.commodity.last_year:
            raise OptionError(
                f"year {year} lies outside the graph {net.name}, which speaks of "
                f"{net.commodity.first_year} to {net.commodity.last_year}"
            )
    rows = compare(before, after, names=("before", "after")).rows
    flags = []
    if before.commodity != after.commodity:
        flags.append("What flows is declared otherwise: stages, elements, forms, units or years.")
    return VintageResult(
        kind="graphs",
        names=names or (before.name, after.name),
        revisions=(),
        rows=rows,
        headlines=tuple(_graph_headlines(before, after, year)),
        flags=tuple(flags),
        provenance=provenance_of({"year": year}, digests=[before.digest, after.digest]),
    )


def _graph_headlines(
    before: SupplyNetwork, after: SupplyNetwork, year: int
) -> Iterator[HeadlineChange]:
    titles = {stage.name: stage.title for net in (before, after) for stage in stages_of(net)}
    unit = flow_unit(after, BASKET)
    for stage, title in titles.items():
        pair = [
            stage_supply(net, stage, year=year) if stage in net.stage_by_name else None
            for net in (before, after)
        ]
        totals = [0.0 if supply is None else supply.total for supply in pair]
        yield HeadlineChange("capacity", title, totals[0], totals[1], unit)
        known = [{} if supply is None else supply.tonnes for supply in pair]
        for code in sorted({*known[0], *known[1]}):
            first, second = known[0].get(code, 0.0), known[1].get(code, 0.0)
            if first != second:
                name = country_name(code, after.commodity.areas)
                yield HeadlineChange("capacity", f"{title}, {name}", first, second, unit)
