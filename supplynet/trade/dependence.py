"""Dependence on a jurisdiction by customs records: a row an importer, code, year and measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from supplynet.analysis.provenance import Provenance
from supplynet.contract.declared import ITS_UNIT, Layout, Table, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.network.countries import places_named


@dataclass(frozen=True, slots=True)
class Dependence:
    """An importer's dependence on a jurisdiction for one code and year, by one measure.

    Shares are of the importer's imports, 0 to 1; None where it imports nothing.

    Parameters
    ----------
    importer, hs6 : str
    year : int
    measure : {"value", "weight"}
    unit : str
        Of ``total``, ``direct``, ``without_on`` and ``without_top``.
    total, direct : float
        Imports in all, and those that come straight from the jurisdiction.
    direct_share : float or None
        Share that comes straight from the jurisdiction.
    low, high : float or None
        Look-through share. low: every country makes what it sells, but for declared hubs.
        high: what a country sells is what it bought, as far as that goes.
    low_without_hubs : float or None
        The low end as if no hub was declared.
    without_on, without_top : float
        Imports without the jurisdiction, and without the largest supplier (N-1).
    top : str
        The largest supplier.
    top_share, hhi : float or None
        Its share; sum of squared shares of the suppliers, 0 to 1.
    n_suppliers : int
        How many the records list.
    unlisted : float
        Part of the total that comes from suppliers that the records do not list. It counts as
        not from the jurisdiction, but for the high end.
    covered : float or None
        By weight the share of the value whose weight is known, by value the share of the weight
        whose value is known: the rest is in no figure of the row.
    estimated : float or None
        Share of the total that is a weight estimated from the value.
    """

    importer: str
    hs6: str
    year: int
    measure: str
    unit: str
    total: float
    direct: float
    direct_share: float | None
    low: float | None
    high: float | None
    low_without_hubs: float | None
    without_on: float
    without_top: float
    top: str
    top_share: float | None
    hhi: float | None
    n_suppliers: int
    unlisted: float
    covered: float | None
    estimated: float | None


@dataclass(frozen=True, slots=True)
class HubEffect:
    """What changes for an importer when one supplier is taken to pass on what it bought.

    Parameters
    ----------
    importer, hs6 : str
    year : int
    measure, hub : str
    share : float
        The hub's share of the importer's imports.
    passed : float
        Largest share of the hub's exports that can be what it bought.
    on_share : float
        Share of the hub's imports that comes from the jurisdiction.
    added : float
        What the importer's look-through share gains: the product of the three.
    """

    importer: str
    hs6: str
    year: int
    measure: str
    hub: str
    share: float
    passed: float
    on_share: float
    added: float


DEPENDENCE_LAYOUT = Layout(
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
    figures=(
        text("on", "The jurisdiction."),
        texts("hubs", "Countries that were declared to pass on what they buy."),
        texts("notes", "What the records cannot tell."),
    ),
    tables=(
        Table(
            "rows",
            "By importer, code, year and measure",
            Dependence,
            units={
                **dict.fromkeys(("total", "direct", "without_on", "without_top"), ITS_UNIT),
                "unlisted": ITS_UNIT,
                **dict.fromkeys(
                    ("low", "high", "low_without_hubs", "hhi", "covered", "estimated"),
                    "share, 0 to 1",
                ),
            },
        ),
        Table(
            "effects",
            "Suppliers through which most could come",
            HubEffect,
            units=dict.fromkeys(("passed", "added"), "share, 0 to 1"),
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class DependenceResult(Result):
    """Dependence of importers on a jurisdiction.

    Parameters
    ----------
    on : str
    hubs : tuple of str
        Countries that were declared to pass on what they buy.
    rows : tuple of Dependence
    effects : tuple of HubEffect
        For each row the suppliers through which most of the jurisdiction's goods could come.
    notes : tuple of str
        What the records cannot tell, a sentence each.
    provenance : Provenance
        Options, versions, and what is known of the records.
    """

    LAYOUT = DEPENDENCE_LAYOUT

    certificate: ClassVar[None] = None  # a linear system, and no program

    on: str
    hubs: tuple[str, ...]
    rows: tuple[Dependence, ...]
    effects: tuple[HubEffect, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    provenance: Provenance = field(default=Provenance())

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
