"""Who supplies how much, and who buys from whom: from statistics or from a graph's plants."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.indices.rows import Input, figure
from supplynet.errors import OptionError, TableError
from supplynet.network.countries import AreaKind, area, country_name, is_country, is_rounded
from supplynet.sums import added
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.indices.rows import Figure


_NEEDED = ("country", "year", "tonnes")
#: a stated total that misses the sum of its rows by more than this is not their sum
_SAME = 1e-6
#: how near a row of an unknown name is to the sum of all others to look like it
_LIKE_ALL = 0.05
_FEW = 2


@dataclass(frozen=True)
class Supply:
    """Quantities by supplier in one year."""

    year: int
    known: Mapping[str, Figure]  #: tonnes by country, ISO 3166 alpha-3 where it has a code
    names: Mapping[str, str] = field(default_factory=dict)  #: names of the suppliers
    other: float = 0.0  #: tonnes of all countries that the table does not list one by one
    unknown: tuple[Figure, ...] = ()  #: tonnes of plants whose holder is not known, a plant each
    #: What the table says that all add up to. Never a denominator: it is often rounded.
    stated_total: float | None = None
    estimated: float = 0.0  #: tonnes whose figure is marked as an estimate
    unpublished: tuple[str, ...] = ()  #: names of suppliers without a figure
    flags: tuple[str, ...] = ()

    @property
    def tonnes(self) -> Mapping[str, float]:
        """Tonnes by country without their ends."""
        return {code: float(amount[1]) for code, amount in self.known.items()}

    def beside(self, code: str = "") -> Figure:
        """Tonnes of all but a country together, the stated total left aside."""
        others = [amount for name, amount in self.known.items() if name != code]
        return summed([*others, *self.unknown, figure(self.other)])

    @property
    def total(self) -> float:
        """Sum of all rows, the stated total left aside."""
        return float(self.beside()[1])

    def of(self, members: frozenset[str]) -> float:
        """Tonnes of some countries together."""
        return math.fsum(value for code, value in self.tonnes.items() if code in members)

    def as_input(self) -> Input:
        """The whole supply as an input of an index."""
        record = Input.of("supply", self.beside(), note="sum of the rows")
        if not self.estimated:
            return record
        share = min(self.estimated / self.total, 1.0)
        note = f"{record.note}; {share:.0%} are estimates"
        return replace(record, known="estimated", note=note, estimated_share=share)

    def name_of(self, code: str) -> str:
        """Name of a supplier as readers know it, else as the table writes it."""
        text = country_name(code)
        return text if text != code else self.names.get(code, code)

    @property
    def largest(self) -> str:
        """The largest country; empty where there is none."""
        return max(self.known, key=self.tonnes.__getitem__, default="")


def summed(amounts: Iterable[Figure]) -> Figure:
    """Return several figures together, low ends with low ones."""
    bounds = zip(*amounts, strict=True)
    return np.array([math.fsum(several) for several in bounds] or [0.0] * 3)


def together(supplies: Sequence[Supply]) -> Supply:
    """Return several supplies of plants in one year as one: each country's tonnes are added up."""
    return Supply(
        supplies[0].year,
        added(pair for supply in supplies for pair in supply.known.items()),
        {code: name for supply in supplies for code, name in supply.names.items()},
        unknown=tuple(amount for supply in supplies for amount in supply.unknown),
        estimated=math.fsum(supply.estimated for supply in supplies),
        flags=tuple(dict.fromkeys(flag for supply in supplies for flag in supply.flags)),
    )


def supply_of(
    production: pd.DataFrame, *, year: int | None = None, statistic: str = "production"
) -> Supply:
    """Return the supply of a year from a production table.

    Columns are ``country`` (ISO 3166 alpha-3, or any name), ``year`` and ``tonnes``; optional
    ``name``, ``kind`` (country, other, total or group; told from the name where it is missing),
    ``statistic``, ``is_estimated``, ``is_unit_assumed`` and ``row``. The last year with a figure is
    the default. A TableError if a column is missing, a quantity is wrong, a country stands twice,
    or nothing was produced.
    """
    rows = _rows(production, statistic)
    year = _year(rows, year)
    selection = [row for row in rows if row["year"] == year]
    stated = [row for row in selection if row["tonnes"] is not None]
    countries, others, totals = (
        [row for row in stated if row["kind"] == kind] for kind in ("country", "other", "total")
    )
    values: dict[str, Figure] = {}
    for row in countries:
        if row["country"] in values:
            raise TableError(
                f"production, {row['name']}: stands twice in {year}",
                hint="add the rows up first, or choose some of them",
            )
        values[row["country"]] = figure(row["tonnes"])
    supply = Supply(
        year,
        values,
        {row["country"]: row["name"] for row in countries},
        sum(row["tonnes"] for row in others),
        stated_total=totals[-1]["tonnes"] if totals else None,
        estimated=sum(row["tonnes"] for row in (*countries, *others) if row["is_estimated"]),
        unpublished=tuple(
            row["name"] for row in selection if row["kind"] == "country" and row["tonnes"] is None
        ),
    )
    if supply.total <= 0.0:
        raise TableError(f"production: no row holds a quantity for {year}")
    return replace(supply, flags=tuple(_doubts(supply, selection, totals)))


def years_of(production: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    """Return the statistics and years of a table that hold a quantity of some country, in order."""
    require_columns(production, _NEEDED, "production")
    statistics = ["production"]
    if "statistic" in production.columns:
        statistics = list(dict.fromkeys(map(str, production["statistic"])))
    years = {
        (statistic, int(row["year"]))
        for statistic in statistics
        for row in _rows(production, statistic)
        if row["tonnes"] and row["kind"] in ("country", "other")
    }
    return tuple(sorted(years))


def _doubts(
    supply: Supply, rows: Iterable[dict[str, Any]], totals: Sequence[dict[str, Any]]
) -> Iterator[str]:
    """Yield what a reader must know of the rows of a table."""
    for code, tonnes in supply.tonnes.items():
        is_like_all = math.isclose(2 * tonnes, supply.total, rel_tol=_LIKE_ALL)
        if is_like_all and not is_country(code) and len(supply.known) > _FEW:
            yield (
                f"The row {supply.names[code]!r} ({tonnes:,.0f} t) is no country that is known and "
                "about as large as all others together: if it is their sum, leave it out."
            )
    for row in totals[-1:]:
        if row["is_rounded"] or not math.isclose(row["tonnes"], supply.total, rel_tol=_SAME):
            yield (
                f"The row {row['name']!r} ({row['tonnes']:,.0f} t) is not used as a denominator: "
                f"it is rounded or leaves rows out; the rows add up to {supply.total:,.0f} t."
            )
    if groups := [row["name"] for row in rows if row["kind"] == "group"]:
        yield f"Left out, as their members are listed too: {', '.join(groups)}."
    if any(row["is_unit_assumed"] for row in rows):
        yield "The table names no unit; tonnes are assumed."


def _rows(production: pd.DataFrame, statistic: str) -> list[dict[str, Any]]:
    """Records with every field, texts and numbers plain."""
    require_columns(production, _NEEDED, "production")
    frame = production
    if "statistic" in frame.columns:
        frame = frame[frame["statistic"] == statistic]
    rows = []
    for record in frame.to_dict("records"):
        country = str(record["country"])
        name = str(record.get("name") or country)
        kind: AreaKind = record.get("kind") or area(name).kind
        code = (area(country).code or country) if kind == "country" else country
        rows.append(
            {
                "country": code,
                "name": name,
                "kind": kind,
                "year": int(record["year"]),
                "tonnes": quantity(record["tonnes"], f"production, {name}, {record['year']}"),
                "is_estimated": bool(record.get("is_estimated", False)),
                "is_rounded": bool(record.get("is_rounded", False)) or is_rounded(name),
                "is_unit_assumed": bool(record.get("is_unit_assumed", False)),
            }
        )
    return rows


def quantity(value: Any, country: str) -> float | None:
    """Return a quantity as a number, None where it is missing; a TableError if it can be none."""
    if value is None or value != value:  # noqa: PLR0124  NaN and missing values
        return None
    try:
        index = float(value)
    except (TypeError, ValueError):
        index = math.inf
    if not 0.0 <= index < math.inf:
        raise TableError(
            f"{country}: not a quantity (found {value!r})", hint="0 or more, in tonnes"
        )
    return index


def require_columns(frame: pd.DataFrame, needed: tuple[str, ...], what: str) -> None:
    """Refuse a table without the columns that a method needs."""
    there = [str(name) for name in frame.columns]
    for name in needed:
        if name not in there:
            raise TableError(
                f"{what}: there is no column {name!r}; there are {', '.join(there)}",
                hint=did_you_mean(name, there) or f"needed are {', '.join(needed)}",
            )


def _year(rows: list[dict[str, Any]], year: int | None) -> int:
    years = sorted({row["year"] for row in rows if row["tonnes"]})
    if not years:
        raise TableError("production: no row holds a quantity")
    if year is None:
        return int(years[-1])
    if year not in years:
        raise OptionError(
            f"the production table holds no quantity for {year}; it holds "
            f"{', '.join(map(str, years))}"
        )
    return year


NEEDED = ("importer", "exporter", "hs6", "year", "tonnes")


@dataclass(frozen=True)
class Imports:
    """Imports of a place in a year, by origin."""

    tonnes: Mapping[str, float]  #: by exporter; members of the place are left out
    risks: Mapping[str, float]  #: governance risk of 0 to 1 where the table brings one
    exported: float = 0.0  #: tonnes that the place sold to others
    flags: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()  #: HS codes that are added up

    @property
    def total(self) -> float:
        """Sum over all origins, t."""
        return math.fsum(self.tonnes.values())


def imports_of(
    trade: pd.DataFrame, members: frozenset[str], *, year: int, hs: Iterable[str], name: str
) -> Imports:
    """Return what a place bought in a year.

    Trade has columns ``importer``, ``exporter`` (ISO 3166 alpha-3), ``hs6`` (text; several codes of
    one row joined by ``;``), ``year`` and ``tonnes``; optional ``value_usd`` and
    ``governance_risk``. What `members` trade among them is left out, codes `hs` are added up;
    `name` is for messages. A TableError if a row mixes a code asked for with others, an OptionError
    if nothing was bought, or nothing with a weight.
    """
    require_columns(trade, NEEDED, "trade")
    codes = tuple(hs)
    there = trade[trade["year"].astype(int) == year]
    wanted = there[[_is_asked(str(cell), codes) for cell in there["hs6"]]]
    tonnes: dict[str, list[float]] = {}
    risks: dict[str, float] = {}
    exported: list[float] = []
    no_weight: list[str] = []
    n_inner = n_sums = 0
    for row in wanted.to_dict("records"):
        importer, exporter = str(row["importer"]), str(row["exporter"])
        where = f"trade, {exporter} to {importer}, {row['hs6']}, {year}"
        value = quantity(row["tonnes"], where)
        if importer not in members:
            exported += [value or 0.0] if exporter in members else []
        elif exporter in members:
            n_inner += 1
        elif area(exporter).kind != "country":
            n_sums += 1
        elif value is None:
            no_weight.append(exporter)
        else:
            tonnes.setdefault(exporter, []).append(value)
            _add_risk(risks, exporter, row.get("governance_risk"), where)
    if not tonnes and no_weight:
        raise OptionError(
            f"no import of {name} under {', '.join(codes)} in {year} has a weight in this table",
            hint="the index adds up tonnes; give a table with a column of them",
        )
    if not tonnes:
        raise OptionError(
            f"{name} bought nothing under {', '.join(codes)} in {year} by this table",
            hint=_hint(trade, members, year),
        )
    flags = {
        f"Imports without a weight are left out, from {', '.join(no_weight)}.": no_weight,
        f"Trade inside {name} is left out ({n_inner} rows).": n_inner,
        f"Rows of the world or of groups are left out ({n_sums}).": n_sums,
    }
    return Imports(
        {code: math.fsum(parts) for code, parts in tonnes.items()},
        risks,
        math.fsum(exported),
        tuple(flag for flag, is_so in flags.items() if is_so),
        codes,
    )


def _is_asked(cell: str, codes: tuple[str, ...]) -> bool:
    """Whether all codes of a row are asked for.

    A TableError if only some are: what belongs to which code cannot be derived.
    """
    members = [code.strip() for code in cell.split(";")]
    request = [code in codes for code in members]
    if any(request) and not all(request):
        raise TableError(
            f"trade: a row adds up the codes {', '.join(members)}, which cannot be parted",
            hint=f"ask for all of them: {','.join(members)}",
        )
    return all(request)


def _add_risk(risks: dict[str, float], exporter: str, value: object, country: str) -> None:
    risk = quantity(value, country)
    if risk is None:
        return
    if risk > 1.0:
        raise TableError(
            f"{country}: a governance risk lies between 0 and 1 (found {risk:g})",
            hint="(2.5 - indicator) / 5",
        )
    if risks.setdefault(exporter, risk) != risk:
        raise TableError(f"{country}: {exporter} has two governance risks in one year")


def _hint(trade: pd.DataFrame, members: frozenset[str], year: int) -> str:
    own = trade[trade["importer"].isin(sorted(members))]
    if own.empty:
        return f"importers are {', '.join(sorted(set(map(str, trade['importer'])))[:12])}"
    years = sorted(set(own["year"].astype(int)))
    if year not in years:
        return f"its rows are of {', '.join(map(str, years[:12]))}"
    return f"its codes are {', '.join(sorted(set(map(str, own['hs6'])))[:12])}"
