"""What carries a coverage: the rows of the graph without which it falls most, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from supplynet.analysis.balance.candidates import Variables
from supplynet.analysis.balance.capacities import describe
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.losses import weightiest
from supplynet.network.timeline import capacities_in_force
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.removals import removals
from supplynet.terms import STANDINGS

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.potential.programs import Plan
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Capacity, Edge, Node, Rule
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearProgram

#: table, id and name, standing, row of the graph, and variables of a program
CarrierRow: TypeAlias = tuple[
    tuple[str, str, str], str, "Node | Capacity | Edge | Rule", npt.NDArray[np.int32]
]


def carriers_of(question: Question, plan: Plan, form: str, need: float) -> tuple[Carrier, ...]:
    """Return the rows without which less of a form could come, those that cost most first.

    The most of the form is solved anew without each plant, link and corridor.
    """
    lp = plan.model.program(plan.served(form=form), maximize=True)
    carriers, certificate = carriers_in(lp, rows_in(question, plan.model), need)
    plan.run.certificates[f"{form} without each row"] = certificate
    return weightiest(carriers)


def carriers_in(
    lp: LinearProgram, rows: Iterable[CarrierRow], need: float
) -> tuple[list[Carrier], Certificate]:
    """Return the rows without which less could come by a program, and what proves them."""
    rows = list(rows)
    removed = removals(lp, [columns for *_, columns in rows])
    # Less than the certificate can tell from nothing is no loss; rounding decides no order.
    most = removed.objective * (1.0 - GAP_TOLERANCE)
    carriers = [
        Carrier(*named, standing, row.confidence, row.source_ids, left, left / need)
        for (named, standing, row, _), left in zip(
            rows, np.maximum(removed.values, 0.0).tolist(), strict=True
        )
        if left < most
    ]
    return carriers, removed.certificate


def rows_in(question: Question, model: Model) -> Iterator[CarrierRow]:
    """Yield each plant, link and corridor."""
    variables, net = Variables(model), model.scope.net
    steps = capacities_in_force(net, question.year, question.plants)
    for label in variables.plants:
        node = net.node(label)
        columns = variables.of_plants([label])
        yield ("nodes", label, node.name), node.status, steps.get(label, node), columns
    for link, places in variables.links().items():
        limit = describe(model.scope, link)
        # several contracts of one link are lost together: the least sure of them speaks for it
        contracts = [variables.frame.arcs[index].link for index in places]
        weakest = max(contracts, key=lambda one: STANDINGS.rank(one.standing))
        named = (limit.table, limit.id, limit.name)
        yield named, weakest.standing, weakest, variables.of_arcs(places)
