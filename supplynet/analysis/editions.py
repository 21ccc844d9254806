"""What changed between two editions of a table, or between two states of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.analysis.compare import Difference, compare
from supplynet.analysis.indices.concentration import concentration
from supplynet.analysis.indices.stages import Stages, stages_of
from supplynet.analysis.indices.supply import Supply, supply_of, years_of
from supplynet.analysis.provenance import provenance_of
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, COUNT, array_of, mapping_of, record
from supplynet.contract.row import ITS_UNIT, Row, col
from supplynet.contract.row import rows as table
from supplynet.errors import OptionError
from supplynet.network.countries import country_name
from supplynet.network.scenario.years import default_year
from supplynet.network.units import BASKET, flow_unit

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork


OTHER, TOTAL = "other countries", "stated total"


class Revision(Row, also=("change", "state")):
    """One figure in two editions."""

    country: str = col(
        "ISO 3166 alpha-3, the name where it has no code, or the row of others or of the total."
    )
    name: str
    year: int
    statistic: str
    before: float | None = col("Null where the edition gives no figure.", "t")
    after: float | None = col("Null where the edition gives no figure.", "t")

    @property
    def state(self) -> str:
        """``same``, ``changed``, ``added`` or ``removed``; nothing and no figure are the same."""
        if (self.before or 0.0) == (self.after or 0.0):
            return "same"
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def change(self) -> float | None:
        """After less before, t."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def ratio(self) -> float | None:
        """After over before."""
        if not self.before or self.after is None:
            return None
        return self.after / self.before


class HeadlineChange(Row):
    """A figure that a reader would quote, before and after."""

    name: str
    of: str = col("What it is about.")
    before: float | None = col(unit=ITS_UNIT)
    after: float | None = col(unit=ITS_UNIT)
    unit: str


class CellChange(Row):
    """A cell of a graph that differs, or a row that was added or removed."""

    table: str = col("Table of the graph.")
    row: str = col("The row, by its key.")
    column: str = col("Empty for a whole row.")
    before: str | None = col("As it is in the table.")
    after: str | None = col("As it is in the table.")
    state: str = col("What happened to the row.")


class VintageResult(
    DeclaredResult,
    name="editions",
    title="What changed from one edition of a table or graph to the next",
    headline=(Lead("rows that differ", "n_changed"),),
    also=("n_changed",),
    nested={
        "counts": mapping_of(
            record({"added": COUNT, "removed": COUNT, "changed": COUNT}),
        ),
        "rows": {
            **array_of(ANYTHING),
            "description": "Revisions of tables, or changed cells of graphs.",
        },
    },
    document="supplynet.reports.results.of_vintage",
):
    """What changed from one edition to the next."""

    kind: str = col("tables or graphs.")
    names: tuple[str, ...] = col("The two editions.")
    cells: tuple[CellChange, ...] = table(
        "Rows of graphs that were added, removed or changed", in_json=False
    )
    revisions: tuple[Revision, ...] = table("Figures of tables, before and after", in_json=False)
    headlines: tuple[HeadlineChange, ...] = table("Figures that a reader would quote")
    flags: tuple[str, ...] = col("What a reader must know.", default=())

    @property
    def changed(self) -> tuple[Revision, ...]:
        """Figures that are not the same, the largest change first."""
        revisions = [revision for revision in self.revisions if revision.state != "same"]
        return tuple(sorted(revisions, key=_size, reverse=True))

    @property
    def n_changed(self) -> int:
        """Rows added, removed and changed."""
        return sum(1 for _ in self._states())

    @property
    def hhi_change(self) -> float | None:
        """By how much the HHI of a year moves at the most; None where none is known."""
        moved = (
            abs(headline.after - headline.before)
            for headline in self.headlines
            if headline.name == "HHI" and headline.before is not None and headline.after is not None
        )
        return max(moved, default=None)

    def counts(self) -> dict[str, dict[str, int]]:
        """Rows added, removed and changed, by table of a graph or statistic of a table."""
        counts: dict[str, dict[str, int]] = {}
        for group, state in self._states():
            contents = counts.setdefault(group, {"added": 0, "removed": 0, "changed": 0})
            contents[state] += 1
        return counts

    def _states(self) -> Iterator[tuple[str, str]]:
        for revision in self.changed:
            yield revision.statistic, revision.state
        rows = {(cell.table, cell.row): cell for cell in reversed(self.cells)}
        for cell in reversed(rows.values()):
            yield cell.table, cell.state

    @property
    def first_table(self) -> str:
        """Name of the table that is compared: revisions of tables, or cells of graphs."""
        return "revisions" if self.kind == "tables" else "cells"

    def _nested(self) -> dict[str, Any]:
        return {"counts": self.counts(), "rows": self.records(self.first_table)}

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return every revision of tables, or every changed cell of graphs; or a table by name."""
        return super().to_frame(table or self.first_table)


def _size(revision: Revision) -> float:
    return abs((revision.after or 0.0) - (revision.before or 0.0))


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
        See :func:`supplynet.analysis.indices.supply.supply_of`; a column ``statistic`` may state
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
            members = sorted({revision[1] for revision in _shared(before, after)})
            raise OptionError(
                f"year {year} is not in both editions; both hold {', '.join(map(str, members))}"
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
        cells=(),
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
    differences = compare(before, after, names=("before", "after")).rows
    flags = []
    if before.commodity != after.commodity:
        flags.append("What flows is declared otherwise: stages, elements, forms, units or years.")
    return VintageResult(
        kind="graphs",
        names=names or (before.name, after.name),
        revisions=(),
        cells=tuple(map(_cell, differences)),
        headlines=tuple(_graph_headlines(before, after, year)),
        flags=tuple(flags),
        provenance=provenance_of({"year": year}, digests=[before.digest, after.digest]),
    )


def _cell(difference: Difference) -> CellChange:
    """Return a cell that differs, or a row that only one of two graphs has."""
    before, after = (
        "; ".join(map(str, v)) if isinstance(v, tuple) else v for v in difference.values
    )
    name, row, column = difference.what
    state = "changed" if column else "added" if before == "absent" else "removed"
    return CellChange(name, row, column, before, after, state)


def _graph_headlines(
    before: SupplyNetwork, after: SupplyNetwork, year: int
) -> Iterator[HeadlineChange]:
    titles = {stage.name: stage.title for net in (before, after) for stage in stages_of(net)}
    unit = flow_unit(after, BASKET)
    plants = [Stages(net, BASKET, year) for net in (before, after)]
    for stage, title in titles.items():
        pair = [plant.supply((stage,)) for plant in plants]
        totals = [0.0 if supply is None else supply.total for supply in pair]
        yield HeadlineChange("capacity", title, totals[0], totals[1], unit)
        names = [{} if supply is None else supply.tonnes for supply in pair]
        for code in sorted({*names[0], *names[1]}):
            first, second = names[0].get(code, 0.0), names[1].get(code, 0.0)
            if first != second:
                name = country_name(code, after.commodity.areas)
                yield HeadlineChange("capacity", f"{title}, {name}", first, second, unit)
