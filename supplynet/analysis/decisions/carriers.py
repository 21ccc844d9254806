"""What carries a plan: the rows without which what it covers in its last year falls most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.decisions.offers import plants_of, rule_of
from supplynet.analysis.flow.names import rule_name
from supplynet.analysis.potential.carriers import carriers_in, rows_in
from supplynet.network.schema import Edge
from supplynet.terms import STANDINGS

if TYPE_CHECKING:
    from supplynet.analysis.decisions.choice import Vector
    from supplynet.analysis.decisions.supply import Supply
    from supplynet.analysis.flow.rows import Carrier
    from supplynet.analysis.potential.carriers import CarrierRow
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.check import Certificate


def carriers_of_plan(
    net: SupplyNetwork, supply: Supply, amounts: Vector
) -> tuple[list[Carrier], Certificate]:
    """Return the plants, links and corridors without which a choice brings less in a year.

    Those that an option alone brings are not among them. `net` is the graph before anything is
    chosen.
    """
    return carriers_in(supply.value(amounts).program, _rows(net, supply), supply.need)


def _rows(net: SupplyNetwork, supply: Supply) -> Iterator[CarrierRow]:
    """Yield rows as the graph has them: in the program they run as if all options were taken."""
    built = plants_of(supply.offered) | {rule_of(offer.id) for offer in supply.offered}
    rules = {row.id: row for row in net.rule_rows}
    parts: dict[str, list[CarrierRow]] = {}
    for named, standing, row, columns in rows_in(supply.question, supply.model):
        table, ident, _ = named
        if table == "nodes" and ident not in built:
            yield named, net.node(ident).status, row, columns
        elif isinstance(row, Edge):
            ends = row.source, row.target, row.form
            alike = (one for one in net.edge_rows if (one.source, one.target, one.form) == ends)
            weakest = max((one.standing for one in alike), key=STANDINGS.rank, default=standing)
            yield named, weakest, row, columns
        elif table == "rules" and ident not in built:
            # a corridor to what options build is told apart from the rest of it
            own = ident if ident in rules else ident.rpartition(".")[0]
            rule = rules[own]
            named = table, own, rule_name(net, rule)
            parts.setdefault(own, []).append((named, rule.standing, rule, columns))
    for (first, standing, row, columns), *others in parts.values():
        yield first, standing, row, np.concatenate([columns, *(part[3] for part in others)])
