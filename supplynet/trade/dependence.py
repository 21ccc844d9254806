"""Dependence on a jurisdiction by customs records: its rows, and shares looked through by hubs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.contract.answer import DeclaredResult
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.row import Row, Share, col
from supplynet.contract.row import rows as table
from supplynet.errors import CertificateError
from supplynet.network.countries import places_named


class Dependence(Row):
    """An importer's dependence on a jurisdiction for one code and year, by one measure.

    Shares are of the importer's imports, 0 to 1; None where it imports nothing.
    """

    importer: str
    hs6: str
    year: int
    measure: str = col("One of value, weight.")
    unit: str = col("Of ``total``, ``direct``, ``without_on`` and ``without_top``.")
    total: float = col("Imports in all.", ITS_UNIT)
    direct: float = col("Imports that come straight from the jurisdiction.", ITS_UNIT)
    direct_share: Share | None = col("Share that comes straight from the jurisdiction.")
    low: Share | None = col(
        "Look-through share if every country makes what it sells, but for declared hubs."
    )
    high: Share | None = col(
        "The same if what a country sells is what it bought, as far as that goes."
    )
    low_without_hubs: Share | None = col("The low end as if no hub was declared.")
    without_on: float = col("Imports without the jurisdiction.", ITS_UNIT)
    without_top: float = col("Imports without the largest supplier (N-1).", ITS_UNIT)
    top: str = col("The largest supplier.")
    top_share: Share | None = col("Its share.")
    hhi: Share | None = col("Sum of squared shares of the suppliers.")
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

    importer: str
    hs6: str
    year: int
    measure: str
    hub: str
    share: Share = col("The hub's share of the importer's imports.")
    passed: Share = col("Largest share of the hub's exports that can be what it bought.")
    on_share: Share = col("Share of the hub's imports that comes from the jurisdiction.")
    added: Share = col("What the importer's look-through share gains: the product of the three.")


class DependenceResult(
    DeclaredResult,
    name="dependence",
    title="How far importers depend on a jurisdiction, by customs records",
    headline=(
        Lead(
            "direct import share",
            "direct_share",
            of=lambda _, row: f"{places_named(row.importer)}, {row.hs6}",
            table="rows",
        ),
    ),
    document="supplynet.reports.results_trade.of_dependence",
):
    """Dependence of importers on a jurisdiction."""

    on: str = col("The jurisdiction.")
    hubs: tuple[str, ...] = col("Countries that were declared to pass on what they buy.")
    rows: tuple[Dependence, ...] = table("By importer, code, year and measure")
    effects: tuple[HubEffect, ...] = table("Suppliers through which most could come", default=())
    notes: tuple[str, ...] = col("What the records cannot tell.", default=())


if TYPE_CHECKING:
    import pandas as pd

    from supplynet.arrays import Bools, Floats

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
