"""Dependence on a jurisdiction by customs records: a row an importer, code, year and measure."""

from __future__ import annotations

from supplynet.contract.answer import DeclaredResult
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.row import Row, Share, col
from supplynet.contract.row import rows as table
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

    def summary(self) -> str:
        """Return the dependence of each importer in a line."""
        lines = [f"Dependence on {self.on} by customs records"]
        for row in self.rows:
            of = f"{row.importer}, HS {row.hs6}, {row.year}, by {row.measure}"
            if row.direct_share is None or row.low is None or row.high is None:
                lines.append(f"  {of}: imports nothing")
                continue
            lines.append(
                f"  {of}: {row.direct_share:.1%} direct, {row.low:.1%} to {row.high:.1%} looked "
                f"through; HHI {row.hhi:.3f}"
            )
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])
