"""What carries a coverage: the rows of the graph without which it falls most, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from supplynet.analysis.balance.candidates import Variables
from supplynet.analysis.balance.capacities import describe
from supplynet.network.timeline import capacities_in_force
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.removals import removals
from supplynet.terms import CONFIDENCES, STANDINGS

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.potential.programs import Plan
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Capacity, Edge, Node, Rule

#: rows that are named
MOST = 3

Columns: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A plant, link or corridor without which less of a form could come.

    Parameters
    ----------
    table : {"nodes", "edges", "rules"}
        Table that holds its row.
    id : str
        Node id, ``tail -> head (form)`` or rule id.
    name : str
        As a reader knows it.
    standing : str
        Standing of the link, or state of the plant.
    confidence : str
        Of the row whose figure counts: sourced, recalled or estimated.
    sources : tuple of str
        Ids of the documents that the row cites.
    tonnes : float
        Of the form that could still come without it, per year.
    coverage : float
        Share of the demand for the form that could still be covered without it.
    """

    table: str
    id: str
    name: str
    standing: str
    confidence: str
    sources: tuple[str, ...]
    tonnes: float
    coverage: float


def carriers_of(
    question: Question, plan: Plan, form: str, need: float, n: int = MOST
) -> tuple[Carrier, ...]:
    """Return the rows without which less of a form could come, those that cost most first.

    The most of the form is solved anew without each plant, link and corridor; of rows that cost
    the same the less sure one comes first.
    """
    rows = list(_rows(question, plan.model))
    lp = plan.model.program(plan.served(form=form), maximize=True)
    removed = removals(lp, [columns for *_, columns in rows])
    plan.run.certificates[f"{form} without each row"] = removed.certificate
    # Less than the certificate can tell from nothing is no loss; rounding decides no order.
    most = removed.objective * (1.0 - GAP_TOLERANCE)
    carriers = [
        Carrier(*named, standing, row.confidence, row.source_ids, left, left / need)
        for (named, standing, row, _), left in zip(rows, removed.values.tolist(), strict=True)
        if left < most
    ]
    carriers.sort(key=lambda one: (round(one.tonnes, 6), -CONFIDENCES.rank(one.confidence), one.id))
    return tuple(carriers[:n])


def _rows(
    question: Question, model: Model
) -> Iterator[tuple[tuple[str, str, str], str, Node | Capacity | Edge | Rule, Columns]]:
    """Table, id and name, standing, row and variables of each plant, link and corridor."""
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
