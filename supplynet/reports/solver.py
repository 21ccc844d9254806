"""The part of a page that carries the network and a solver: plants shut and moved without a server.

Each form of products it solves by the linear program of the potential, with HiGHS as WebAssembly:
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
from supplynet.analysis.balance.programs import avoided_nations
from supplynet.analysis.balance.tables import capacity_rows, describe
from supplynet.analysis.flow.flow import graph_of
from supplynet.analysis.potential.programs import Plan, model_of
from supplynet.arrays import Floats
from supplynet.network.selector import Selection
from supplynet.network.tiers import floors
from supplynet.present.document import Section, SolverSlot
from supplynet.present.words import avoided, capitalized, element_name, target
from supplynet.reports.live import squeezed
from supplynet.solve.check import require
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.solve import proved_again
from supplynet.text import one_line

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.question import Question
    from supplynet.solve.flow.problem import FlowSolution
    from supplynet.solve.lp.program import LinearProgram, LinearSolution


#: part of the most below which a loss is rounding
_NONE = 1e-7


def section(question: Question, elements: Iterable[str], tier: str) -> Section:
    """Return the section in which a reader shuts plants and moves what they can."""
    names = tuple(elements)
    lead = (
        f"What could reach {target(question)} in {question.year} on the links and plants of the "
        f"tier {tier}: each form of products by the linear program of the potential, and each "
        "element alone by its maximum flow, an upper bound. Shut a plant, or move what it can: "
        "this page solves it again by itself, and shows the limits that let no more through. "
        "Plants stand by what is lost if one alone is shut; what is not listed can be added."
    )

    def networks() -> list[dict[str, Any]]:
        flows = [network_of(question, name, tier) for name in names]
        return [*programs_of(question, tier), *flows]

    return Section("Try it", (SolverSlot("Shut plants and move them", lead, networks),), "try")


def _opened(question: Question) -> Question:
    """Return a question with nothing shut: what it avoids is shut in the page, and opened there."""
    return replace(question, avoid="", shut=Selection(frozenset(), frozenset()))


def network_of(question: Question, element: str, tier: str) -> dict[str, Any]:
    """Return the arrays of an element with the names of what they stand for, for JSON.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> network_of(ask(sn.load("tutorial"), to="MLT"), "Nd", "possible")["value"]
    160.0
    """
    counted = floors(tier=tier)
    graph = graph_of(_opened(question), element, links=counted.links, plants=counted.plants)
    net = question.net
    plants = [
        (index, label)
        for index, label in enumerate(graph.labels)
        if label in net.node_by_id and label not in net.nation_ids
    ]
    shut = [index for index, label in enumerate(graph.labels) if label in _shut(question)]
    problem = graph.problem()

    def without(places: Iterable[int]) -> FlowSolution:
        limits = graph.node_capacity.copy()
        limits[[*shut, *places]] = 0.0
        return max_flow(problem.replace(node_capacity=limits))

    before = without(())
    through = np.bincount(graph.head, weights=before.flow, minlength=len(graph.labels))
    through += np.bincount(graph.tail, weights=before.flow, minlength=len(graph.labels))
    losses = {
        label: before.value - without((index,)).value for index, label in plants if through[index]
    }
    return {
        "element": element,
        "title": f"{capitalized(element_name(net, element))}, at most",
        "unit": graph.unit,
        "source": graph.index[SOURCE],
        "sink": graph.index[SINK],
        "vertices": [_name(graph, label) for label in graph.labels],
        "plants": plants,
        "shut": shut,
        "avoided": avoided(question),
        "held": sorted(question.shut.possibly),
        "tails": graph.tail.tolist(),
        "heads": graph.head.tolist(),
        "capacities": _finite(graph.capacity),
        "limits": _finite(graph.node_capacity),
        # What the page compares with, when it states by how much a reader's change moves the flow.
        "value": before.value,
        "losses": _weighty(losses, before.value),
    }


def _shut(question: Question) -> frozenset[str]:
    """Return what a question avoids: plants, and nations that draw nothing then."""
    return question.shut.possibly | (avoided_nations(question) - question.targets)


def _weighty(losses: dict[str, float], value: float) -> dict[str, float]:
    """Return losses that are no rounding, the largest first."""
    least = _NONE * max(1.0, value)
    ranked = sorted(losses.items(), key=lambda row: (-row[1], row[0]))
    return {label: loss for label, loss in ranked if loss > least}


def _finite(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    """Return numbers for JSON; None for no limit."""
    return [value if np.isfinite(value) else None for value in values.tolist()]


def _name(graph: FlowGraph, label: str) -> str:
    """Return what a vertex is called in a list of limits."""
    net = graph.net
    if label in net.node_by_id:
        return one_line(net.node(label).name)
    kind, _, tail = label.partition(":")
    if kind == "rule":
        reason = next((rule.reason for rule in net.rule_rows if rule.id == tail), "")
        return one_line(f"{tail}: {reason}" if reason else tail)
    inner = tail.split(":")[0]
    text = one_line(net.node(inner).name) if inner in net.node_by_id else one_line(tail)
    return text if kind in ("made", "mined", "intake") else f"{kind} {text}".strip()


def programs_of(question: Question, tier: str) -> list[dict[str, Any]]:
    """Return the program of the most of each form that is needed; none where none is asked for.

    Tonnes of forms are never added up. The matrix stands in the first, and is that of all.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> [(one["title"], one["value"]) for one in programs_of(
    ...     ask(sn.load("tutorial"), to="MLT"), "possible")]
    [('Goods', 1200.0)]
    """
    if not question.targets <= frozenset(question.net.nation_ids):
        return []
    counted = floors(tier=tier)
    model = model_of(replace(_opened(question), links=counted.links, plants=counted.plants))
    plan = Plan(model)
    if not plan.claims:
        return []
    lp = model.program(np.zeros(len(model.columns)), maximize=True)
    plants, columns = _plants(model), _columns_of(model)
    shut = sorted({column for label in _shut(question) for column in columns[label]})
    net, needs = model.scope.net, defaultdict[str, float](float)
    for (_, product), claim in plan.claims.items():
        needs[net.product_by_id[product].form] += claim
    own = _rows_of(model)
    results = [
        {
            "element": "",
            "title": net.form_by_name[form].title,
            "unit": f"t of {net.form_by_name[form].title.lower()}/yr",
            "need": need,
            "vertices": [one_line(net.node(label).name) for label in plants],
            "plants": list(enumerate(plants)),
            "shut": shut,
            "avoided": avoided(question),
            "held": sorted(question.shut.possibly),
            "limits": [1.0 if own[label] else None for label in plants],
            "objective": np.flatnonzero(plan.served(form=form)).tolist(),
            **_values(
                lp, plan.served(form=form), shut, {plant: columns[plant] for plant in plants}
            ),
        }
        for form, need in needs.items()
    ]
    results[0]["program"] = _packed(model, lp, plants)
    return results


def _values(
    lp: LinearProgram, objective: Floats, shut: list[int], columns: dict[str, list[int]]
) -> dict[str, Any]:
    """Return the most of an objective, and what is lost of it if a plant alone is shut.

    What one way of reaching the most does without costs nothing: only plants on it are tried.
    """
    upper = lp.upper.copy()
    upper[shut] = 0.0
    engine = LinearEngine(replace(lp, c=objective, upper=upper))

    def most(more: list[int]) -> LinearSolution:
        engine.bound(more, 0.0, 0.0)
        solution, certificate = proved_again(engine)
        require(certificate)
        engine.restore()
        return solution

    before = most([])
    losses = {
        label: before.objective - most(own).objective
        for label, own in columns.items()
        if own and before.x[own].max() > 0.0
    }
    return {"value": before.objective, "losses": _weighty(losses, before.objective)}


def _packed(model: Model, lp: LinearProgram, plants: list[str]) -> str:
    """Return the matrix, what it is held by, and where each plant stands in it."""
    rows = vstack([lp.a_ub, lp.a_eq], format="csr")
    own, touching = _rows_of(model), _columns_of(model)
    return squeezed(
        {
            "n": lp.c.size,
            "starts": rows.indptr.tolist(),
            "indices": rows.indices.tolist(),
            "values": rows.data.tolist(),
            "upTo": lp.b_ub.tolist(),
            "exactly": lp.b_eq.tolist(),
            "rows": [own[label] for label in plants],
            "columns": [touching[label] for label in plants],
            "names": _names(model),
        }
    )


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
        elif not model.scope.is_nation(cast("str", key[0])):  # what a nation lacks stays free
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
