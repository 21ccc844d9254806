"""Dependence by a network that was made of customs records, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.question import joined
from supplynet.errors import DataError, OptionError
from supplynet.network.timeline import holds
from supplynet.network.units import element_tonnes
from supplynet.trade.exposure import dependence

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork
    from supplynet.trade.dependence import DependenceResult

_OWN_SOIL = (
    "What a nation makes or mines itself is in no record: of all that it uses, the share may be "
    "anything from nothing up to these ends."
)


def dependence_of(
    net: SupplyNetwork,
    *,
    on: str | Iterable[str],
    importers: str | Iterable[str],
    year: int | None = None,
    form: str | Iterable[str] | None = None,
) -> DependenceResult:
    """How far do importers depend on a jurisdiction, by the links that a network has observed?

    A network of customs records knows what crossed borders. Which part of what a nation bought
    had passed a jurisdiction lies between two ends: that every other country made what it sells,
    and that each sold on what it had bought. What a nation takes from its own soil is in neither.

    Parameters
    ----------
    net : SupplyNetwork
        Its links between countries are in tonnes.
    on : str or iterable of str
        Countries or blocs.
    importers : str or iterable of str
        Countries or blocs; each is asked about by itself.
    year : int, optional
        Default: the graph's base year.
    form : str or iterable of str, optional
        Forms to ask about; default all that cross borders.

    Returns
    -------
    DependenceResult
        By weight, with the name of the form in place of a code.

    Raises
    ------
    OptionError
        If the year lies outside the graph, or a form is asked for that does not cross borders.
    DataError
        If no link between countries has been observed in the year.
    UnknownNameError
        If a country is not known.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = dependence_of(sn.load("tutorial"), on="FJI", importers="MLT", form="ore")
    >>> [row.hs6 for row in found.rows]
    ['ore']
    """
    commodity = net.commodity
    year = commodity.base_year if year is None else year
    if not commodity.first_year <= year <= commodity.last_year:
        raise OptionError(
            f"year {year} lies outside the graph {net.name}, which speaks of "
            f"{commodity.first_year} to {commodity.last_year}"
        )
    flows = _flows(net, year)
    if form is not None:
        wanted = [word.strip() for word in joined(form).split(",")]
        known = list(dict.fromkeys(flows["hs6"]))
        for code in wanted:
            if code not in known:
                raise OptionError(
                    f"no {code!r} crosses borders in {net.name} in {year}; what does is "
                    f"{', '.join(known)}"
                )
        flows = flows[flows["hs6"].isin(wanted)]
    records = {"graph": net.name, "digest": net.digest}
    answer = dependence(flows, on=joined(on), importers=importers, records=records)
    return replace(answer, notes=(_OWN_SOIL, *answer.notes))


def _flows(net: SupplyNetwork, year: int) -> pd.DataFrame:
    """Observed links between countries as rows of trade in tonnes."""
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
