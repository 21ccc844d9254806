"""The part of a page that carries the network and a solver: plants shut and moved without a server.

All products together it solves by the linear program of the potential, with HiGHS as WebAssembly
(`supplynet.report.solver_program`). The maximum flow of an element it solves by shortest
augmenting paths in levels (Dinitz, 1970), and reads the minimum cut nearest to the mines off its
residual network, as the library does. Both start from the library's own arrays, so that they give
the same figures; limits add up to the figure, which proves it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.arrays.flowgraph import SINK, SOURCE, FlowGraph
from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.flow.flow import graph_of
from supplynet.network.tiers import floors
from supplynet.report.document import Section, SolverSlot
from supplynet.report.solver_program import program_of
from supplynet.report.text import one_line
from supplynet.report.words import element_name, target, without

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

__all__ = ["network_of", "section"]


def section(question: Question, elements: Iterable[str], tier: str) -> Section:
    """Return the section in which a reader shuts plants and moves what they can.

    Parameters
    ----------
    question : Question
    elements : iterable of str
    tier : str
        Whose links and plants count.
    """
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

    Parameters
    ----------
    question : Question
    element : str
    tier : str

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
