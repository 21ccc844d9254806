"""What changed between two editions of a table, or between two states of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.analysis.compare import Difference, compare
from supplynet.analysis.indices.concentration import concentration
from supplynet.analysis.indices.stages import stage_supply, stages_of
from supplynet.analysis.indices.supply import Supply, supply_of, years_of
from supplynet.analysis.provenance import versions
from supplynet.errors import OptionError
from supplynet.model.countries import country_name
from supplynet.model.units import BASKET, flow_unit

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.model.network import SupplyNetwork

OTHER, TOTAL = "other countries", "stated total"


@dataclass(frozen=True, slots=True)
class Revision:
    """One figure in two editions.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3, the name where it has no code, or the row of others or of the total.
    name : str
    year : int
    statistic : str
    before, after : float or None
        t; None where the edition gives no figure.
    """

    country: str
    name: str
    year: int
    statistic: str
    before: float | None
    after: float | None

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


@dataclass(frozen=True, slots=True)
class HeadlineChange:
    """A figure that a reader would quote, before and after.

    Parameters
    ----------
    name : str
    of : str
        What it is about.
    before, after : float or None
    unit : str
    """

    name: str
    of: str
    before: float | None
    after: float | None
    unit: str


@dataclass(frozen=True)
class VintageResult:
    """What changed from one edition to the next.

    Parameters
    ----------
    kind : {"tables", "graphs"}
    names : tuple of str
        The two editions.
    revisions : tuple of Revision
        Every figure of tables, the unchanged too.
    rows : tuple of Difference
        Rows of graphs that were added, removed or changed.
    headlines : tuple of HeadlineChange
    flags : tuple of str
    provenance : dict
    """

    kind: str
    names: tuple[str, str]
    revisions: tuple[Revision, ...]
    rows: tuple[Difference, ...]
    headlines: tuple[HeadlineChange, ...]
    flags: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> tuple[Revision, ...]:
        """Figures that are not the same, the largest change first."""
        found = [one for one in self.revisions if one.state != "same"]
        return tuple(sorted(found, key=_size, reverse=True))

    def counts(self) -> dict[str, dict[str, int]]:
        """Rows added, removed and changed, by table of a graph or statistic of a table."""
        found: dict[str, dict[str, int]] = {}
        for group, state in self._states():
            held = found.setdefault(group, {"added": 0, "removed": 0, "changed": 0})
            held[state] += 1
        return found

    def _states(self) -> Iterator[tuple[str, str]]:
        for revision in self.changed:
            yield revision.statistic, revision.state
        seen = set()
        for row in self.rows:
            key = row.what[:2]
            if key not in seen:
                seen.add(key)
                yield row.what[0], row_state(row)

    def to_frame(self) -> pd.DataFrame:
        """Return every revision of tables, or every changed cell of graphs."""
        import pandas as pd

        if self.kind == "tables":
            columns = ["country", "name", "year", "statistic", "before", "after", "change", "state"]
            return pd.DataFrame(
                [{name: getattr(one, name) for name in columns} for one in self.revisions],
                columns=columns,
            )
        columns = ["table", "row", "column", "before", "after", "state"]
        return pd.DataFrame(
            [(*one.what, *map(_plain, one.values), row_state(one)) for one in self.rows],
            columns=columns,
        )

    def to_dict(self) -> dict[str, Any]:
        """All fields, for JSON."""
        return {
            "kind": self.kind,
            "names": list(self.names),
            "counts": self.counts(),
            "rows": [_without_nan(one) for one in self.to_frame().to_dict("records")],
            "headlines": [
                {
                    "name": one.name,
                    "of": one.of,
                    "before": one.before,
                    "after": one.after,
                    "unit": one.unit,
                }
                for one in self.headlines
            ],
            "flags": list(self.flags),
            "provenance": self.provenance,
        }


def row_state(row: Difference) -> str:
    """Return whether a row of a graph was added, removed or changed."""
    if row.what[2]:
        return "changed"
    return "added" if row.values[0] == "absent" else "removed"


def _size(one: Revision) -> float:
    return abs((one.after or 0.0) - (one.before or 0.0))


def _without_nan(record: dict[Any, Any]) -> dict[str, Any]:
    """Missing values as None: JSON knows no other."""
    return {str(key): None if value != value else value for key, value in record.items()}  # noqa: PLR0124


def _plain(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value


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
        shared = [one for one in shared if one[1] == year]
        if not shared:
            held = sorted({one[1] for one in _shared(before, after)})
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
        "tables",
        names,
        tuple(revisions),
        (),
        tuple(headlines),
        tuple(flags),
        {"tables": list(names), "options": {"year": year}, "versions": versions()},
    )


def _shared(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[str, int]]:
    """Statistics and years of which both tables hold a figure above nothing."""
    first, second = years_of(before), years_of(after)
    return [one for one in first if one in second]


def _revisions(before: Supply, after: Supply, statistic: str) -> Iterator[Revision]:
    for code in dict.fromkeys((*before.known, *after.known)):
        name = after.name_of(code)
        yield Revision(
            code,
            name if name != code else before.name_of(code),
            before.year,
            statistic,
            before.known.get(code),
            after.known.get(code),
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
            shares = [one.known.get(code, 0.0) / one.total for one in (before, after)]
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
        Of the capacities; by default the base year of the second.
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
    >>> sn.diff_graphs(net, net).to_frame().empty
    True
    """
    year = after.commodity.base_year if year is None else year
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
        "graphs",
        names or (before.name, after.name),
        (),
        rows,
        tuple(_graph_headlines(before, after, year)),
        tuple(flags),
        {
            "digests": [before.digest, after.digest],
            "options": {"year": year},
            "versions": versions(),
        },
    )


def _graph_headlines(
    before: SupplyNetwork, after: SupplyNetwork, year: int
) -> Iterator[HeadlineChange]:
    titles = {one.name: one.title for net in (before, after) for one in stages_of(net)}
    unit = flow_unit(after, BASKET)
    for stage, title in titles.items():
        pair = [
            stage_supply(net, stage, year=year) if stage in net.stage_by_name else None
            for net in (before, after)
        ]
        totals = [0.0 if one is None else one.total for one in pair]
        yield HeadlineChange("capacity", title, totals[0], totals[1], unit)
        known = [{} if one is None else one.known for one in pair]
        for code in sorted({*known[0], *known[1]}):
            first, second = known[0].get(code, 0.0), known[1].get(code, 0.0)
            if first != second:
                name = country_name(code, after.commodity.areas)
                yield HeadlineChange("capacity", f"{title}, {name}", first, second, unit)
