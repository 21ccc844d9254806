"""The part of a page that carries the network and a solver: plants shut and moved without a server.

All products together it solves by the linear program of the potential, with HiGHS as WebAssembly:
the right sides of a plant's capacities are scaled, and what touches a plant that is shut is held
at nothing. The rest of the program stays as the library wrote it. The maximum flow of an element
it solves by shortest augmenting paths in levels (Dinitz, 1970), and reads the minimum cut nearest
to the mines off its residual network, as the library does. Both start from the library's own
arrays, so that they give the same figures; limits add up to the figure, which proves it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy.sparse import vstack

from supplynet.analysis.arrays.flowgraph import SINK, SOURCE, FlowGraph
from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.balance.capacities import capacity_rows, describe
from supplynet.analysis.balance.solve import Run, supply
from supplynet.analysis.flow.flow import graph_of
from supplynet.analysis.potential.network import model_of
from supplynet.analysis.potential.programs import MOST
from supplynet.network.tiers import floors
from supplynet.reports.document import Section, SolverSlot
from supplynet.reports.pack import squeezed
from supplynet.reports.words import element_name, target, without
from supplynet.text import one_line

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.question import Question

__all__ = ["network_of", "program_of", "section"]


def section(question: Question, elements: Iterable[str], tier: str) -> Section:
    """Return the section in which a reader shuts plants and moves what they can."""
    names = tuple(elements)
    lead = (
        f"What could reach {target(question)}{without(question)} in {question.year} on the links "
        f"and plants of the tier {tier}: all products together by the linear program of the "
        "potential, and each element alone by its maximum flow, an upper bound. Shut a plant, or "
        "move what it can: this page solves it again by itself, and shows the limits that let no "
        "more through. What goes through a plant is one way of several that are as good."
    )

    def networks() -> list[dict[str, Any]]:
        program = program_of(question, tier)
        flows = [network_of(question, name, tier) for name in names]
        return flows if program is None else [program, *flows]

    return Section("Try it", (SolverSlot("Shut plants and move them", lead, networks),), "try")


def network_of(question: Question, element: str, tier: str) -> dict[str, Any]:
    """Return the arrays of an element with the names of what they stand for, for JSON.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> network_of(ask(sn.load("tutorial"), to="MLT"), "Nd", "conceivable")["value"]
    160.0
    """
    counted = floors(tier=tier)
    graph = graph_of(question, element, links=counted.links, plants=counted.plants)
    net = question.net
    return {
        "element": element,
        "title": element_name(net, element),
        "unit": graph.unit,
        "source": graph.index[SOURCE],
        "sink": graph.index[SINK],
        "vertices": [_name(graph, label) for label in graph.labels],
        "plants": [
            [place, label]
            for place, label in enumerate(graph.labels)
            if label in net.node_by_id and label not in net.nation_ids
        ],
        "tails": graph.tail.tolist(),
        "heads": graph.head.tolist(),
        "capacities": _finite(graph.capacity),
        "limits": _finite(graph.node_capacity),
        # What the page compares with, when it tells by how much a reader's change moves the flow.
        "value": solve(graph).value,
    }


def _finite(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    """Return numbers for JSON; None for no limit."""
    return [value if np.isfinite(value) else None for value in values.tolist()]


def _name(graph: FlowGraph, label: str) -> str:
    """Return what a vertex is called in a list of limits."""
    net = graph.net
    if label in net.node_by_id:
        return one_line(net.node(label).name)
    kind, _, rest = label.partition(":")
    if kind == "rule":
        reason = next((rule.reason for rule in net.rule_rows if rule.id == rest), "")
        return one_line(f"{rest}: {reason}" if reason else rest)
    inner = rest.split(":")[0]
    known = one_line(net.node(inner).name) if inner in net.node_by_id else one_line(rest)
    return known if kind in ("made", "mined", "intake") else f"{kind} {known}".strip()


#: what the program counts
UNIT = "t of product/yr"


def program_of(question: Question, tier: str) -> dict[str, Any] | None:
    """Return the program of the most that is served in all on a tier; None where none is asked for.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> program_of(ask(sn.load("tutorial"), to="MLT"), "conceivable")["value"]
    1000.0
    """
    if not question.targets <= frozenset(question.net.nation_ids):
        return None
    counted = floors(tier=tier)
    model = model_of(replace(question, links=counted.links, plants=counted.plants))
    if not model.scope.claims:
        return None
    objective = supply(model)
    lp = model.program(objective, maximize=True)
    rows = vstack([lp.a_ub, lp.a_eq], format="csr")
    plants = _plants(model)
    own, touching = _rows_of(model), _columns_of(model)
    return {
        "element": "",
        "title": "All products together, every loss counted",
        "unit": UNIT,
        "vertices": [one_line(model.scope.net.node(label).name) for label in plants],
        "plants": [[place, label] for place, label in enumerate(plants)],
        "limits": [1.0 if own[label] else None for label in plants],
        "program": squeezed(
            {
                "c": lp.c.tolist(),
                "starts": rows.indptr.tolist(),
                "indices": rows.indices.tolist(),
                "values": rows.data.tolist(),
                "upTo": lp.b_ub.tolist(),
                "exactly": lp.b_eq.tolist(),
                "rows": [own[label] for label in plants],
                "columns": [touching[label] for label in plants],
                "names": _names(model),
            }
        ),
        "value": Run(model).maximize(MOST, objective).objective,
    }


def _plants(model: Model) -> list[str]:
    """Return the plants that take part; nations are none."""
    return [label for label in model.scope.frame.nodes if not model.scope.is_nation(label)]


def _rows_of(model: Model) -> defaultdict[str, list[int]]:
    """Return the rows that hold what a plant can, by plant."""
    rows = defaultdict[str, list[int]](list)
    for row, _, label, _ in capacity_rows(model):
        if label[0] == "node":
            rows[label[1]].append(row)
    return rows


def _columns_of(model: Model) -> defaultdict[str, list[int]]:
    """Return the variables of what moves into or out of a plant, or comes up there, by plant."""
    columns = defaultdict[str, list[int]](list)
    arcs = model.scope.frame.arcs
    for column, (_, key) in enumerate(model.columns.keys):
        if isinstance(key[0], int):
            arc = arcs[key[0]]
            for label in (arc.tail, arc.head):
                columns[label].append(column)
        else:
            columns[cast("str", key[0])].append(column)
    return columns


def _names(model: Model) -> dict[int, str]:
    """Return what the rows stand for that can hold an answer down, by place."""
    scope = model.scope
    names = {
        row: one_line(describe(scope, label).name) for row, _, label, _ in capacity_rows(model)
    }
    first = sum(len(block.labels) for block in model.blocks if not block.is_equality)
    for block in model.blocks:
        if not block.is_equality:
            continue
        if block.family == "demand":
            for row, label in enumerate(block.labels, first):
                nation, product = scope.net.node(label[1]), scope.net.product_by_id[label[2]]
                names[row] = one_line(f"{nation.name} needs no more {product.name}")
        first += len(block.labels)
    return names
