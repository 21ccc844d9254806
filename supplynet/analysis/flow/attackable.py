"""What can be lost as one: plants, links, countries or owners, as elements of an attack."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.routes import arc_name, vertex_name
from supplynet.analysis.question import Question
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.countries import country_name
from supplynet.network.problems import did_you_mean
from supplynet.network.schema import Edge
from supplynet.network.selector import holder, select_some
from supplynet.solve.interdiction.problem import AttackProblem
from supplynet.terms import ATTACKS, LOSSES, one_of

__all__ = ["Attackable", "Target", "attackable", "prices"]


@dataclass(frozen=True, slots=True)
class Target:
    """What is lost as one.

    Parameters
    ----------
    id : str
        Node id, ``tail -> head (form)``, ``rule:<id>``, country code, or code and stage.
    name : str
        As a reader knows it.
    cost : float
        Of its loss, in units of the budget.
    """

    id: str
    name: str
    cost: float


@dataclass(frozen=True)
class Attackable:
    """Targets, and the attack problem in which they are the elements.

    Parameters
    ----------
    targets : tuple of Target
        One per element.
    problem : AttackProblem
    """

    targets: tuple[Target, ...]
    problem: AttackProblem

    def named(self, elements: Iterable[int]) -> tuple[Target, ...]:
        """Return the targets of some elements."""
        return tuple(self.targets[element] for element in elements)


def attackable(
    question: Question,
    base: Solved,
    *,
    by: str,
    budget: float,
    cost: Mapping[str, float] | None = None,
    protect: str | Iterable[str] | None = None,
) -> Attackable:
    """Return what can be lost in the network of a question.

    Parameters
    ----------
    question : Question
    base : Solved
        The flow with everything in place.
    by : {"node", "link", "country", "owner", "country-stage"}
    budget : float
    cost : mapping of str to float, optional
        By id of the target; 1 for those that are not named.
    protect : str or iterable of str, optional
        Selector of nodes that cannot be lost, nor a link at one of them.

    Raises
    ------
    UnknownNameError
        If the selector or a cost names nothing.
    OptionError
        If `by` or a cost is not allowed.
    """
    one_of(by, ATTACKS, "by")
    safe = frozenset[str]()
    if protect is not None:
        safe = select_some(question.net, protect, lens=question.lens, what="protect").surely
    names: dict[str, str] = {}
    if by == "link":
        arc_keys, node_keys = _links(base, safe, names)
    else:
        arc_keys, node_keys = {}, _plants(question, base, by, safe, names)
    price = prices(names, cost or {})
    ids = {key: number for number, key in enumerate(names)}
    # -1: an arc or vertex that cannot be lost. Several arcs may share a number, as those of one
    # country do: they are lost together for one price.
    arc_element = np.full(base.problem.n_arcs, -1, dtype=np.int64)
    arc_element[list(arc_keys)] = [ids[key] for key in arc_keys.values()]
    node_element = np.full(base.problem.n_nodes, -1, dtype=np.int64)
    node_element[list(node_keys)] = [ids[key] for key in node_keys.values()]
    return Attackable(
        tuple(Target(key, name, price[key]) for key, name in names.items()),
        AttackProblem(
            base.problem,
            arc_element,
            node_element,
            np.array([price[key] for key in names]),
            budget,
        ),
    )


def _plants(
    question: Question, base: Solved, by: str, safe: frozenset[str], names: dict[str, str]
) -> dict[int, str]:
    """Return the key of every vertex that is a plant that can be lost; names are filled in."""
    net = question.net
    nations = frozenset(net.nation_ids)
    lens = LOSSES[by].seen_by(question.lens)
    keys = {}
    for number, label in enumerate(base.graph.labels):
        if label not in net.node_by_id or label in nations or label in question.targets:
            continue
        if label in safe:
            continue
        node = net.node(label)
        if by == "node":
            if node.is_several:
                continue
            key, name = label, node.name
        else:
            key = holder(net, label, lens)
            name = country_name(key, net.commodity.areas)
            if by == "country-stage":
                name += f", {net.stage_by_name[node.stage].plural}"
                key = f"{key}:{node.stage}"
        names[key] = name
        keys[number] = key
    return keys


def _links(
    base: Solved, safe: frozenset[str], names: dict[str, str]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the keys of arcs that are links, and of vertices that are whole corridors."""
    graph = base.graph
    arcs, nodes = {}, {}
    guarded: set[str] = set()  # corridors at a protected plant
    for index, arc in enumerate(graph.arcs):
        if arc is None:
            continue
        hubs = {end for end in (arc.tail, arc.head) if end.startswith("rule:")}
        if safe & {arc.tail, arc.head}:
            # A corridor of a safe plant is safe as a whole: its hub is one vertex, and losing it
            # would cut the plant off.
            guarded |= hubs
        elif isinstance(arc.link, Edge) or not hubs:
            key = f"{arc.tail} -> {arc.head} ({arc.form})"
            names[key] = arc_name(base, index, is_whole=True)
            arcs[index] = key
    for index, label in enumerate(graph.labels):
        if label.startswith("rule:") and label not in guarded:
            names[label] = vertex_name(base, index)
            nodes[index] = label
    return arcs, nodes


def prices(names: Mapping[str, str], cost: Mapping[str, float]) -> dict[str, float]:
    """Return the cost of every target, 1 for those that are not named.

    Parameters
    ----------
    names : mapping of str to str
        Id to name of what can be lost.
    cost : mapping of str to float

    Raises
    ------
    UnknownNameError
        If a cost names nothing that can be lost.
    OptionError
        If a cost is not above 0.
    """
    for key, value in cost.items():
        if key not in names:
            raise UnknownNameError(
                f"cost: {key!r} is nothing that can be lost here",
                hint=did_you_mean(key, list(names)) or "write ids as the result shows them",
            )
        if not 0 < value <= math.inf:
            raise OptionError(f"the cost of {key!r} must be above 0, not {value}")
    return {key: float(cost.get(key, 1.0)) for key in names}
