"""What can be lost as one: plants, links, countries, owners; and what counts of a flow then."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.flow.routes import arc_name, vertex_name
from supplynet.analysis.question import Question, selector_name
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.countries import BLOCS, country_name
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.problems import did_you_mean
from supplynet.network.schema import Edge
from supplynet.network.selector import holder, select_some
from supplynet.solve.interdiction.problem import AttackProblem
from supplynet.terms import ATTACKS, COUNTS, LOSSES, one_of

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork

__all__ = [
    "Attackable",
    "Target",
    "attackable",
    "counted_flow",
    "groups_of",
    "is_up_to_need",
    "left_out",
    "prices",
    "selected",
    "told",
]

# what stands between the ids of two plants
_AND = "+"
MOST_PAIRS = 200_000

Key = tuple[str, str]


def groups_of(question: Question, base: Solved, by: str) -> dict[Key, frozenset[str]]:
    """Return what can be lost: by code or id, and stage, the nodes that are lost together."""
    net = question.net
    plants = _members(question, base)
    lens = LOSSES[by].seen_by(question.lens)
    # A row that gathers several plants cannot be lost by one event; ranked as a plant it would come
    # first by its size alone.
    if LOSSES[by].is_of_plants:
        plants = [label for label in plants if not net.node(label).is_several]
    if by == "pair":
        # Pairs are enumerated, so that their number is checked before any is made.
        n_pairs = len(plants) * (len(plants) - 1) // 2
        if n_pairs > MOST_PAIRS:
            raise OptionError(
                f"{len(plants):,} plants make {n_pairs:,} pairs, more than {MOST_PAIRS:,}",
                hint="interdict with k=2 finds the worst pair without trying all",
            )
        return {(f"{a}{_AND}{b}", ""): frozenset((a, b)) for a, b in combinations(plants, 2)}
    if by == "bloc":
        blocs = {**BLOCS, **net.commodity.blocs}
        members = {
            (name, ""): frozenset(label for label in plants if holder(net, label, lens) in codes)
            for name, codes in blocs.items()
        }
        return {key: nodes for key, nodes in members.items() if nodes}
    groups: dict[Key, set[str]] = defaultdict(set)
    for label in plants:
        stage = net.node(label).stage
        if by == "node":
            groups[label, stage].add(label)
        elif by == "country-stage":
            groups[holder(net, label, lens), stage].add(label)
        else:
            groups[holder(net, label, lens), ""].add(label)
    return {key: frozenset(nodes) for key, nodes in groups.items()}


def selected(question: Question, base: Solved, lost: Iterable[str]) -> dict[Key, frozenset[str]]:
    """Return the plants that selectors name, each lost as a whole.

    Plants whose owners are not known count as those of the selector: they are lost too. A selector
    that names no plant is an OptionError.
    """
    plants = frozenset(_members(question, base))
    groups = {}
    for text in lost:
        nodes = select_some(question.net, text, lens=question.lens, what="lost").possibly
        if nodes <= question.targets | frozenset(question.net.nation_ids):
            raise OptionError(
                f"lost {text!r} names nations only, and they are what is supplied",
                hint="name plants, for example CHN:refiner or node:ID",
            )
        groups[text, ""] = nodes & plants
    return groups


def left_out(net: SupplyNetwork, by: str) -> str:
    """Return that rows of several plants are not ranked, where a ranking of plants leaves some out.

    Examples
    --------
    >>> import supplynet as sn
    >>> left_out(sn.load("tutorial"), "node")
    ''
    """
    if not LOSSES[by].is_of_plants or not any(node.is_several for node in net.node_by_id.values()):
        return ""
    return "Rows that gather several plants are not ranked."


def _members(question: Question, base: Solved) -> list[str]:
    net = question.net
    # Who is supplied is never what is lost, also where a target is a plant.
    others = frozenset(net.nation_ids) | question.targets
    return [label for label in base.graph.labels if label in net.node_by_id and label not in others]


def told(question: Question, by: str, key: Key) -> tuple[str, str]:
    """Return the id of what is lost, and its name as a reader knows it."""
    net = question.net
    code, stage = key
    if by == "node":
        return code, net.node(code).name
    if by == "pair":
        return code, " and ".join(net.node(node_id).name for node_id in code.split(_AND))
    if by == "lost":
        return code, selector_name(net, code)
    if by == "bloc":
        return code, code
    name = country_name(code, net.commodity.areas)
    if by == "country-stage":
        return f"{code}:{stage}", f"{name}, {net.stage_by_name[stage].plural}"
    return code, name


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
    """Targets, and the attack problem in which they are the elements."""

    targets: tuple[Target, ...]  #: one per element
    problem: AttackProblem

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all elements, in order."""
        return tuple(target.id for target in self.targets)

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

    `base` is the flow with everything in place, `cost` by id of the target, 1 for those that are
    not named; `protect` selects nodes that cannot be lost, nor a link at one of them.
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

    `names` is id to name of what can be lost; a cost must name one of them and be above 0.
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


def is_up_to_need(count: str, need: DemandFigure) -> bool:
    """Whether the flow ends at the need: without a known one all counts."""
    return count == "need" and need.value > 0.0


def counted_flow(question: Question, element: str, count: str) -> tuple[Solved, DemandFigure]:
    """Return the certified flow with everything in place, and the need of the target.

    With ``need`` the target takes each form up to its need, so that a loss is one of coverage: what
    is beyond the need can be lost without harm.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> question = ask(sn.load("tutorial"), to="MLT")
    >>> [round(counted_flow(question, "Nd", count)[0].value) for count in COUNTS]
    [100, 160]
    """
    one_of(count, COUNTS, "count")
    need = demand(question.net, question.targets, element, question.year)
    solved = solve_question(question, element, is_up_to_need=is_up_to_need(count, need))
    return solved, need
