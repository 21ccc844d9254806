"""How far importers depend on a jurisdiction: shares looked through, by records of trade."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.contract.row import ITS_UNIT, Country, Row, Share, Year, col
from supplynet.errors import CertificateError, DataError, OptionError, UnknownNameError
from supplynet.network.countries import BLOCS, country_name, is_country
from supplynet.network.timeline import holds
from supplynet.network.units import element_tonnes
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.arrays import Bools, Floats
    from supplynet.network.network import SupplyNetwork


class Dependence(Row):
    """An importer's dependence on a jurisdiction for one code and year, by one measure.

    Shares are of the importer's imports, 0 to 1; None where it imports nothing.
    """

    importer: str = col(head="Importer")
    hs6: str = col(head="HS code")
    year: Year = col(head="Year")
    measure: str = col("One of value, weight.")
    unit: str = col("Of ``total``, ``direct``, ``without_on`` and ``without_top``.")
    total: float = col("Imports in all.", ITS_UNIT, head="Imports")
    direct: float = col("Imports that come straight from the jurisdiction.", ITS_UNIT)
    direct_share: Share | None = col(
        "Share that comes straight from the jurisdiction.", head="Direct"
    )
    low: Share | None = col(
        "Look-through share if every country makes what it sells, but for declared hubs.",
        head="Looked through",
    )
    high: Share | None = col(
        "The same if what a country sells is what it bought, as far as that goes."
    )
    low_without_hubs: Share | None = col(
        "The low end as if no hub was declared.", head="Low end if none passed on"
    )
    without_on: float = col("Imports without the jurisdiction.", ITS_UNIT, head="Without")
    without_top: float = col(
        "Imports without the largest supplier (N-1).", ITS_UNIT, head="Without the largest"
    )
    top: Country = col("The largest supplier.", head="Largest supplier")
    top_share: Share | None = col("Its share.")
    hhi: Share | None = col("Sum of squared shares of the suppliers.", head="HHI")
    n_suppliers: int = col("How many the records list.")
    unlisted: float = col(
        "Part of the total that comes from suppliers that the records do not list. It counts "
        "as not from the jurisdiction, but for the high end.",
        ITS_UNIT,
    )
    covered: Share | None = col(
        "By weight the share of the value whose weight is known, by value the share of the "
        "weight whose value is known: the rest is in no figure of the row."
    )
    estimated: Share | None = col("Share of the total that is a weight estimated from the value.")


class HubEffect(Row):
    """What changes for an importer when one supplier is taken to pass on what it bought."""

    importer: str = col(head="Importer")
    hs6: str = col(head="HS code")
    year: Year = col(head="Year")
    measure: str = col(head="By")
    hub: Country = col(head="Supplier")
    share: Share = col("The hub's share of the importer's imports.", head="Share of imports")
    passed: Share = col(
        "Largest share of the hub's exports that can be what it bought.", head="Can re-export"
    )
    on_share: Share = col(
        "Share of the hub's imports that comes from the jurisdiction.", head="Bought there"
    )
    added: Share = col(
        "What the importer's look-through share gains: the product of the three.",
        head="Would add",
    )


#: what the shares may miss their equations by
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Flows:
    """Flows of one code, year and measure between countries."""

    countries: tuple[str, ...]
    matrix: Floats  #: what the country of the row sold to that of the column, in one unit

    @property
    def bought(self) -> Floats:
        """Imports of each country."""
        total: Floats = self.matrix.sum(axis=0)
        return total

    @property
    def sold(self) -> Floats:
        """Exports of each country."""
        total: Floats = self.matrix.sum(axis=1)
        return total

    def index(self, country: str) -> int | None:
        """Place of a country; None where it trades nothing."""
        return self.countries.index(country) if country in self.countries else None


def flows_of(rows: pd.DataFrame, column: str) -> Flows:
    """Return the flows of rows with importer, exporter and an amount in a column."""
    import numpy as np

    countries = tuple(sorted({*rows["importer"], *rows["exporter"]}))
    number_of = {country: index for index, country in enumerate(countries)}
    matrix = np.zeros((len(countries), len(countries)))
    np.add.at(
        matrix,
        (
            rows["exporter"].map(number_of).to_numpy(int),
            rows["importer"].map(number_of).to_numpy(int),
        ),
        rows[column].to_numpy(float),
    )
    return Flows(countries, matrix)


def passed_share(flows: Flows) -> Floats:
    """Return the largest share of each country's exports that can be re-exports, 0 to 1.

    A country cannot pass on more than it bought.
    """
    import numpy as np

    share = np.zeros(len(flows.countries))
    np.divide(flows.bought, flows.sold, out=share, where=flows.sold > 0)
    return np.minimum(share, 1.0)


def content(flows: Flows, on: Collection[str], passing: Floats) -> Floats:
    """Return the share of each country's exports that comes from a jurisdiction, 0 to 1.

    All that countries `on` sell is theirs; `passing` is the share of each country's exports that is
    what it bought. Goods that go round in a circle which nothing enters have no known origin and
    count as not from the jurisdiction. A CertificateError if the shares miss their equations or
    leave 0 to 1.
    """
    import numpy as np

    is_on = np.array([country in on for country in flows.countries], dtype=bool)
    bought = flows.bought
    # What a country passes on is the mix of what it buys: from whom a tonne came cannot be derived
    # from two columns of customs.
    mix = np.zeros_like(flows.matrix)  # of the importer of a row, by the supplier of the column
    np.divide(flows.matrix.T, bought[:, None], out=mix, where=bought[:, None] > 0)
    step = np.where(is_on, 0.0, passing)[:, None] * mix
    # Countries that nothing of the jurisdiction reaches are left out: two that only pass goods to
    # each other would make the system singular.
    free = _fed(step, is_on) & ~is_on
    shares = is_on.astype(float)
    inner = np.ix_(free, free)
    options = step[np.ix_(free, is_on)].sum(axis=1)
    shares[free] = np.linalg.solve(np.eye(int(free.sum())) - step[inner], options)
    # The solution is put back into the equations; a matrix that is nearly singular shows here.
    missed = np.abs(np.where(is_on, 1.0, step @ shares) - shares).max(initial=0.0)
    outside = max(-shares.min(initial=0.0), shares.max(initial=0.0) - 1.0)
    if missed > TOLERANCE or outside > TOLERANCE:
        raise CertificateError(f"look-through shares miss their equations by {missed:.3g}")
    result: Floats = np.clip(shares, 0.0, 1.0)
    return result


def _fed(step: Floats, is_on: Bools) -> Bools:
    """Countries that goods of the jurisdiction can reach: for them the system has one answer."""
    reached = is_on.copy()
    links = step > 0
    while True:
        more = reached | links[:, reached].any(axis=1)
        if (more == reached).all():
            return reached
        reached = more


#: measure -> column of the trade and its unit; the two are never added or mixed
MEASURES = {"value": ("value_usd", "US dollars"), "weight": ("tonnes", "t")}
COLUMNS = ("importer", "exporter", "hs6", "year", "value_usd", "tonnes")
_OTHER = {"value": "weight", "weight": "value"}
#: hubs that are listed for one importer, code, year and measure
MOST_HUBS = 3


def dependences(
    trade: pd.DataFrame,
    on: str,
    importers: str | Iterable[str],
    hubs: str | Iterable[str],
    unlisted: pd.DataFrame | None,
) -> tuple[tuple[str, ...], list[Dependence], list[HubEffect], list[str]]:
    """Return the countries that pass on, rows, the largest effects of hubs, and notes.

    The look-through share of an importer is the mean over its suppliers of the share of their
    exports that comes from the jurisdiction, which solves a linear system; see :func:`content`.
    """
    missing = [name for name in COLUMNS if name not in trade.columns]
    if missing:
        raise DataError(
            f"the trade has no column {missing[0]!r}; it needs {', '.join(COLUMNS)}",
            hint=did_you_mean(missing[0], map(str, trade.columns)),
        )
    if trade.empty:
        raise DataError("the records hold no flow between two countries")
    names = {*trade["importer"], *trade["exporter"]}
    origin = _members(names_in(on), names)
    passing = tuple(sorted(_members(names_in(hubs), names)))
    rows: list[Dependence] = []
    effects: list[HubEffect] = []
    notes: list[str] = []
    for name in names_in(importers):
        members = _members([name], names)
        if members & origin:
            raise OptionError(f"{name} belongs to {on}: it cannot depend on itself")
        groups: Iterable[Any] = _as_one(trade, name, members).groupby(["hs6", "year"])
        for (code, year), piece in groups:
            note = _one_side(piece, name, code, int(year))
            notes += [note] if note else []
            more = _unlisted(unlisted, members, code, year)
            for measure in MEASURES:
                if (flows := _known(piece, measure)) is not None:
                    key = name, code, int(year), measure
                    cell = _Cell(key, piece, flows, origin, more[measure])
                    rows.append(cell.row(frozenset(passing), is_one_sided=bool(note)))
                    effects += cell.effects()
    return passing, rows, effects, notes


def _known(trade: pd.DataFrame, measure: str) -> Flows | None:
    """Return the flows that are known by a measure; None where there are none."""
    column, _ = MEASURES[measure]
    frame = trade[trade[column].notna()]
    if measure == "weight" and "tonnes_how" in frame.columns:
        # weights that all come from values would show the shares by value once more
        frame = frame if (frame["tonnes_how"] == "reported").any() else frame.iloc[:0]
    return None if frame.empty else flows_of(frame, column)


class _Cell:
    """One importer, code, year and measure; `more` is what comes from suppliers without a name."""

    def __init__(
        self,
        key: tuple[str, str, int, str],
        trade: pd.DataFrame,
        flows: Flows,
        on: frozenset[str],
        more: float,
    ) -> None:
        self.key, self.flows, self.on, self.more = key, flows, on, more
        self.imports = trade[trade["importer"] == key[0]]
        self.column = flows.index(key[0])
        self.bought = flows.matrix[:, self.column or 0] * float(self.column is not None)
        self.total = float(self.bought.sum()) + more
        self.share = self.bought / (self.total or 1.0)
        self.is_on = _among(flows, on)
        self.passed = passed_share(flows)

    def row(self, hubs: frozenset[str], *, is_one_sided: bool) -> Dependence:
        """Return what is reported of it."""
        direct, top = float(self.bought[self.is_on].sum()), int(self.bought.argmax())
        return Dependence(
            *self.key,
            unit=MEASURES[self.key[-1]][1],
            total=self.total,
            direct=direct,
            direct_share=self._part(direct),
            low=self._through(self.passed * _among(self.flows, hubs)),
            high=self._part(self.total) if is_one_sided else self._through(self.passed, self.more),
            low_without_hubs=self._through(0.0 * self.passed),
            without_on=self.total - direct,
            without_top=self.total - float(self.bought[top]),
            top=self.flows.countries[top] if self.bought[top] else "",
            top_share=self._part(float(self.bought[top])),
            hhi=float((self.share**2).sum()) if self.total else None,
            n_suppliers=int((self.bought > 0).sum()),
            unlisted=self.more,
            covered=self._covered(),
            estimated=self._estimated(),
        )

    def _part(self, amount: float) -> float | None:
        """Return an amount as a part of all imports; None where there are none."""
        return amount / self.total if self.total else None

    def _through(self, passing: Floats, extra: float = 0.0) -> float | None:
        """Return the share looked through, as far as suppliers pass on what they bought."""
        return self._part(float(self.bought @ content(self.flows, self.on, passing)) + extra)

    def effects(self) -> list[HubEffect]:
        """Return the suppliers through which most of the jurisdiction's goods could come."""
        bought = self.flows.bought
        if self.column is None or not bought[self.column]:
            return []
        from_on = self.flows.matrix[self.is_on].sum(axis=0)
        effects = []
        for index, hub in enumerate(self.flows.countries):
            if hub in self.on or hub == self.key[0] or not bought[index]:
                continue
            share, passed = float(self.share[index]), float(self.passed[index])
            on_share = float(from_on[index] / bought[index])
            effects.append(
                HubEffect(*self.key, hub, share, passed, on_share, share * passed * on_share)
            )
        effects = [effect for effect in effects if effect.added > 0]
        return sorted(effects, key=lambda effect: (-effect.added, effect.hub))[:MOST_HUBS]

    def _covered(self) -> float | None:
        """Share of the imports, by the other measure, of which this one is known.

        Goods that weigh something are worth something: a value of nothing is none that is known.
        """
        rows, measure = self.imports, self.key[-1]
        other = MEASURES[_OTHER[measure]][0]
        frame = rows[rows["value_usd"].gt(0) if measure == "value" else rows["tonnes"].notna()]
        if len(frame) == len(rows):
            return 1.0 if len(rows) else None
        total = float(rows[other].sum())
        return float(frame[other].sum()) / total if total else None

    def _estimated(self) -> float | None:
        rows = self.imports
        total = float(rows["tonnes"].sum())
        if self.key[-1] != "weight" or not total or "tonnes_how" not in rows.columns:
            return None
        return float(rows.loc[rows["tonnes_how"] == "estimated", "tonnes"].sum()) / total


def _one_side(frame: pd.DataFrame, importer: str, code: str, year: int) -> str:
    """Refuse the export table of one country; return what an import table of one cannot tell.

    A DataError if one country alone sells, and to several.
    """
    exporters, importers = set(frame["exporter"]), set(frame["importer"])
    if len(exporters) == 1 and len(importers) > 1:
        who = country_name(next(iter(exporters)))
        raise DataError(
            f"the records of HS {code} in {year} name one exporter, {who}: what one country says "
            "that it sells states nothing of what others sell",
            hint="give records of all exporters or of the importers, such as BACI or UN Comtrade",
        )
    if importers == {importer} and len(exporters) > 1:
        return (
            f"The records of HS {code} in {year} hold the imports of {country_name(importer)} "
            "alone: what its suppliers bought is not in them, so that looked through its share "
            "may lie anywhere up to 100%."
        )
    return ""


def _unlisted(
    unlisted: pd.DataFrame | None, members: frozenset[str], code: str, year: int
) -> dict[str, float]:
    """Imports without a named supplier, by measure."""
    if unlisted is None or unlisted.empty:
        return dict.fromkeys(MEASURES, 0.0)
    is_asked = unlisted["importer"].isin(members) & unlisted["hs6"].eq(code)
    rows = unlisted[is_asked & unlisted["year"].eq(year)]
    return {name: float(rows[column].sum()) for name, (column, _) in MEASURES.items()}


def _among(flows: Flows, countries: frozenset[str]) -> Bools:
    import numpy as np

    return np.array([country in countries for country in flows.countries], dtype=bool)


def names_in(names: str | Iterable[str]) -> list[str]:
    """Return names that are given one by one, or joined by commas."""
    texts = names.split(",") if isinstance(names, str) else list(names)
    return [word.strip() for word in texts if word.strip()]


def _members(names: Sequence[str], allowed: set[str]) -> frozenset[str]:
    """Countries that names of countries and blocs stand for."""
    return frozenset(_countries(names, allowed))


def _countries(names: Sequence[str], allowed: set[str]) -> Iterator[str]:
    for name in names:
        if name in BLOCS:
            yield from BLOCS[name]
        elif name in allowed or is_country(name):
            yield name
        else:
            raise UnknownNameError(
                f"{name!r} is no country of three letters and no bloc",
                hint=did_you_mean(name, {*allowed, *BLOCS}) or f"blocs are {', '.join(BLOCS)}",
            )


def _as_one(trade: pd.DataFrame, name: str, members: frozenset[str]) -> pd.DataFrame:
    """Trade with a bloc as one country; that of its members with each other is left out."""
    if members == {name}:
        return trade
    merged = trade.assign(
        importer=trade["importer"].where(~trade["importer"].isin(members), name),
        exporter=trade["exporter"].where(~trade["exporter"].isin(members), name),
    )
    return merged[merged["importer"] != merged["exporter"]]


def observed(net: SupplyNetwork, year: int) -> pd.DataFrame:
    """Return observed links between countries as trade in tonnes, by form in place of code."""
    import pandas as pd

    rows = []
    for edge in net.edge_rows:
        tonnes = edge.capacity if edge.observed is None else edge.observed
        seller, buyer = net.node(edge.source), net.node(edge.target)
        if tonnes and edge.standing == "observed" and holds(edge, year):
            weight = tonnes * element_tonnes(
                net, edge.unit, commodity_of(net), product=seller.product, basket_share=1.0
            )
            if seller.country != buyer.country:
                rows.append((buyer.country, seller.country, edge.form, year, weight))
    if not rows:
        raise DataError(f"{net.name} has observed no link between countries in {year}")
    names = ["importer", "exporter", "hs6", "year", "tonnes"]
    flows = pd.DataFrame(rows, columns=names)
    added = flows.groupby(names[:-1])["tonnes"].sum()
    return added.reset_index().assign(value_usd=float("nan"))


def commodity_of(net: SupplyNetwork) -> str:
    """Return the one element of a network of customs records."""
    return net.commodity.elements[0]
