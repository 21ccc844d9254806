"""What can be lost as one, what counts of a flow then, and what every worst case states."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.flow.names import arc_name, rule_name, vertex_name
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.losses import Key, groups_of, prices, shut_by, told, weightiest
from supplynet.analysis.question import Question
from supplynet.contract.answer import Answer
from supplynet.contract.json_schema import FLAG, NUMBER, TEXTS, array_of, record
from supplynet.contract.row import ITS_UNIT, Row, Share, Tonnes, col, rows
from supplynet.errors import OptionError
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.schema import Edge
from supplynet.network.selector import select_some
from supplynet.network.timeline import capacities_in_force
from supplynet.solve.check import require
from supplynet.solve.flow.certificate import FLOW_TOLERANCE, certify_flow
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.solve.interdiction.arena import AttackProblem
from supplynet.terms import ATTACKS, COUNTS, STANDINGS, one_of
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.arrays import Floats
    from supplynet.network.schema import Capacity, Node, Rule
    from supplynet.solve.flow.problem import FlowProblem, FlowSolution

#: whole budgets up to which every step is looked at
MOST_STEPS = 12
#: sets that are equally bad of which as many are listed
MOST_SETS = 10


class Target(Row):
    """What is lost as one."""

    id: str = col("Node id, ``tail -> head (form)``, rule, country code, or code and stage.")
    name: str = col("As a reader knows it.")
    cost: float = col("Of its loss.", "units of the budget")


@dataclass(frozen=True, slots=True)
class Step:
    """The worst that a budget can do."""

    budget: float
    value: float  #: t/yr that still arrive after the worst losses found
    bound: float  #: no losses within the budget leave less
    is_proved: bool  #: whether value and bound agree
    #: losses that are equally bad, none with a member that could be left out
    sets: tuple[tuple[Target, ...], ...]
    is_complete: bool  #: whether these are all


def budget_of(k: int | None, budget: float | None, cost: Mapping[str, float] | None) -> float:
    """Return the budget that k or budget stands for: without either two may be lost."""
    if k is not None and budget is not None:
        raise OptionError("give either k or budget", hint="write for example k=2")
    if budget is None and cost:
        raise OptionError("cost goes with budget, not with k", hint="write for example budget=3")
    k = 2 if k is None and budget is None else k
    value = float(k if budget is None else budget)  # type: ignore[arg-type]
    if not 0 <= value < math.inf or (k is not None and value != int(value)):
        raise OptionError(
            f"{'budget' if k is None else 'k'} must be a "
            f"{'' if k is None else 'whole '}number from 0 on, not {value:g}"
        )
    return value


def least_cost(sets: Iterable[tuple[int, ...]], cost: Floats, budget: float) -> float:
    """Return the least budget that does as much harm as this one: more than it buys nothing.

    `sets` are the worst that `budget` can do, as far as it is known.
    """
    return min((float(cost[list(members)].sum()) for members in sets), default=budget)


def budgets_up_to(budget: float, cost: Floats) -> list[float]:
    """Return the whole budgets below a budget; 0 alone where there are many or costs are none."""
    import numpy

    if not budget:
        return []
    finite = cost[numpy.isfinite(cost)]
    # With costs that are no whole numbers the frontier has steps at sums of costs, and whole
    # budgets would miss them.
    is_whole = budget <= MOST_STEPS and bool((finite == numpy.floor(finite)).all())
    return [float(size) for size in range(math.ceil(budget))] if is_whole else [0.0]


def within(sets: Iterable[tuple[int, ...]], cost: Floats, budget: float) -> list[tuple[int, ...]]:
    """Return the sets that a budget pays for."""
    from supplynet.analysis.proofs import is_paid

    return [members for members in sets if is_paid(cost, members, budget)]


def are_nested(steps: Iterable[Step]) -> bool | None:
    """Tell whether worst sets can grow with the budget by additions alone; None for not known."""
    reached: list[frozenset[Target]] | None = None
    is_sure = True
    for step in steps:
        sets = [frozenset(members) for members in step.sets]
        is_sure = is_sure and step.is_complete and step.is_proved
        if reached is None:
            reached = sets
        else:
            # Of the worst sets of this budget those that add to one of the last: kept as long as
            # one is left, there is a chain from the first step to here.
            reached = [members for members in sets if any(other <= members for other in reached)]
    if reached is None:
        return None
    # That there is no chain can be said only where all worst sets of every step are known; one that
    # was found is one in any case.
    return True if reached else (False if is_sure else None)


def step_told(step: Step) -> dict[str, Any]:
    """Return the worst that a budget can do, for JSON."""
    return {
        "budget": step.budget,
        "value": step.value,
        "bound": step.bound,
        "is_proved": step.is_proved,
        "sets": [[target.id for target in members] for members in step.sets],
        "is_complete": step.is_complete,
    }


class Budget(Row):
    """The worst case for a budget."""

    budget: float = col("With costs of 1, how many are lost.", "units of cost")
    removed: str = col("Ids of the losses, with semicolons.")
    names: str = col("Their names, with semicolons.")
    value: Tonnes = col("What is left after the worst losses found.", ITS_UNIT)
    bound: Tonnes = col("No losses within the budget leave less.", ITS_UNIT)
    loss: Tonnes = col("What is lost.", ITS_UNIT, by="whole - value")
    loss_share: Share = col("Loss over what there is with everything in place.", by="loss / whole")
    proved: bool = col("Whether no losses within the budget are worse.")


_STEP = record(
    {
        "budget": NUMBER,
        "value": NUMBER,
        "bound": NUMBER,
        "is_proved": FLAG,
        "sets": array_of(TEXTS),
        "is_complete": FLAG,
    }
)
NESTED = {
    "sets": {**array_of(TEXTS), "description": "Ids of all sets that are equally bad."},
    "frontier": {**array_of(_STEP), "description": "The worst case for every budget."},
    "ranked": {
        "anyOf": [_STEP, {"type": "null"}],
        "description": "What the loss of those costs that rank highest one by one.",
    },
}
#: arithmetic of the part of a demand that is lost: what there is, and what is left
LOST_OF_DEMAND = "(min({0}, {2}) - min({1}, {2})) / {2}"
#: properties of a worst case that are figures
ALSO = ("loss", "loss_share", "demand_share")
_OF_ALL = "answer.{} if budget == answer.budget else None"
BY = {
    "loss": "max(0, whole - value)",
    "loss_share": "loss / whole",
    "frontier.budget": "names",
    **{
        f"frontier.{end}": f"answer.whole if budget == 0 else {_OF_ALL.format(end)}"
        for end in ("value", "bound")
    },
    "ranked.budget": "answer.budget",
    "ranked.bound": "value",
}


class WorstCase(Answer):
    """The worst losses within a budget."""

    by: str = col("What is lost as one.")
    budget: float = col("With costs of 1, how many are lost.", "units of cost", by="asked")
    whole: Tonnes = col("What there is per year with everything in place.", ITS_UNIT)
    value: Tonnes = col("What is left after the worst losses found.", ITS_UNIT)
    bound: Tonnes = col("No losses within the budget leave less.", ITS_UNIT)
    gap: Share = col(
        "Distance of value and bound as a part of the whole.", by="abs(value - bound) / whole"
    )
    status: str = col("optimal, time limit or interrupted.")
    unit: str = col("Unit of what is left and lost.")
    is_complete: bool = col("Whether all equally bad sets are listed.")
    is_nested: bool | None = col(
        "Whether each budget's losses hold those before; null where it is not known."
    )
    n_candidates: int = col("What could be lost.")
    removed: tuple[Target, ...] = rows("The worst losses")
    #: all that are equally bad, where `is_complete`; none holds a member it does not need
    sets: tuple[tuple[Target, ...], ...]
    #: the worst case for every budget from 0 on, or none where that was not asked for
    frontier: tuple[Step, ...]
    #: what the loss of those costs that rank highest one by one; None unless costs are all 1
    ranked: Step | None

    @property
    def is_proved(self) -> bool:
        """Whether no losses within the budget are worse."""
        return self.status == "optimal"

    @property
    def loss(self) -> Tonnes:
        """What is lost per year."""
        return max(0.0, self.whole - self.value)

    @property
    def loss_share(self) -> Share:
        """Loss over what there is with everything in place."""
        return self.loss / self.whole if self.whole else 0.0

    def _told(self, left: str, *, none: str) -> str:
        """Return the worst case in a sentence or two.

        `left` is what the tonnes that are left could still do, `none` is said where no loss costs
        any.
        """
        if not self.removed:
            return none if self.is_proved else f"{none} That is not proved."
        names = " and ".join(target.name for target in self.removed)
        text = (
            f"The worst is the loss of {names}: {tonnes(self.value)} of {tonnes(self.whole)} "
            f"{self.unit} {left} in {self.question.year} ({share(self.loss_share)} less)"
        )
        if self.is_proved:
            return f"{text}; nothing within the budget is worse."
        return f"{text}; what is worse leaves at least {tonnes(self.bound)}."

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """The worst case for every budget from 0 on, or for the one that was asked for."""
        query = Step(self.budget, self.value, self.bound, self.is_proved, (self.removed,), True)
        return tuple(
            Budget(
                budget=step.budget,
                removed=";".join(target.id for target in step.sets[0]),
                names="; ".join(target.name for target in step.sets[0]),
                value=step.value,
                bound=step.bound,
                loss=self.whole - step.value,
                loss_share=(self.whole - step.value) / self.whole if self.whole else 0.0,
                proved=step.is_proved,
            )
            for step in self.frontier or (query,)
        )

    def _nested(self) -> dict[str, Any]:
        return {
            "sets": [[target.id for target in members] for members in self.sets],
            "frontier": [step_told(step) for step in self.frontier],
            "ranked": step_told(self.ranked) if self.ranked else None,
        }


def groups_in_flow(
    question: Question, base: Solved, by: str, lost: Iterable[str] | None = None
) -> dict[Key, frozenset[str]]:
    """Return what can be lost: by code or id, and stage, the nodes that are lost together.

    `lost` are selectors in place of `by`, the plants of each lost as a whole.
    """
    plants = plants_in(question, base)
    if lost is None:
        return groups_of(question.net, plants, by, question.lens)
    supplied = question.targets | frozenset(question.net.nation_ids)
    return {(text, ""): shut_by(question, text, supplied).intersection(plants) for text in lost}


def plants_in(question: Question, base: Solved) -> list[str]:
    """Return the plants in a flow, those that are supplied left out."""
    net = question.net
    # Who is supplied is never what is lost, also where a target is a plant.
    others = frozenset(net.nation_ids) | question.targets
    return [label for label in base.graph.labels if label in net.node_by_id and label not in others]


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
    ids = {key: index for index, key in enumerate(names)}
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
    plants = [label for label in plants_in(question, base) if label not in safe]
    keys: dict[int, str] = {}
    for key, together in groups_of(question.net, plants, by, question.lens).items():
        ident, names[ident] = told(question.net, by, key)
        keys.update(dict.fromkeys(base.graph.vertices_of(together), ident))
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
        elif isinstance(arc.link, Edge) or not (hubs or arc.toll):
            key = f"{arc.tail} -> {arc.head} ({arc.form})"
            names[key] = arc_name(base, index, is_whole=True)
            arcs[index] = key
    for index, label in enumerate(graph.labels):
        if label.startswith("rule:") and label not in guarded:
            names[label] = vertex_name(base, index)
            nodes[index] = label
    return arcs, nodes


def is_up_to_need(count: str, need: DemandFigure) -> bool:
    """Whether the flow ends at demand: without a known one all counts."""
    return count == "need" and need.value > 0.0


def counted_flow(question: Question, element: str, count: str) -> tuple[Solved, DemandFigure]:
    """Return the certified flow with everything in place, and the demand of the target.

    With ``need`` the target takes each form up to its demand, so that a loss is one of coverage:
    what is beyond demand can be lost without harm.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> question = ask(sn.load("tutorial"), to="MLT")
    >>> [round(counted_flow(question, "Nd", count)[0].value) for count in COUNTS]
    [120, 150]
    """
    one_of(count, COUNTS, "count")
    need = demand(question.net, question.targets, element, question.year)
    solved = solve_question(question, element, is_up_to_need=is_up_to_need(count, need))
    return solved, need


_Row = tuple[
    tuple[str, str, str], str, "Node | Capacity | Edge | Rule", tuple[list[int], list[int]]
]


def carriers_of_flow(flow: FlowResult) -> tuple[Carrier, ...]:
    """Return the rows without which less could come of what is needed.

    The flow is solved anew without each plant, link and corridor that carries some of it.
    """
    base, need = flow.solved, flow.demand.value
    moved = base.solution.flow, np.array([base.through(label) for label in base.graph.labels])
    rows = [
        row
        for row in _rows(flow)
        if any(array[at].any() for array, at in zip(moved, row[3], strict=True))
    ]
    cases = [_without(base, *row[3]) for row in rows]
    carriers = []
    most = min(flow.value, need or np.inf) * (1.0 - FLOW_TOLERANCE)
    for (named, standing, row, _), case, left in zip(
        rows, cases, max_flow_many(cases), strict=True
    ):
        require(certify_flow(case, left))
        if left.value < most:
            coverage = left.value / need if need else None
            carriers.append(
                Carrier(*named, standing, row.confidence, row.source_ids, left.value, coverage)
            )
    return weightiest(carriers)


def _without(base: Solved, arcs: list[int], vertices: list[int]) -> FlowProblem:
    """Return the problem of a flow without some arcs and vertices."""
    limits = base.problem.capacity.copy(), base.graph.node_capacity.copy()
    for several, places in zip(limits, (arcs, vertices), strict=True):
        several[places] = 0.0
    return base.problem.replace(capacity=limits[0], node_capacity=limits[1])


def flows_without(
    flow: FlowResult, carriers: Sequence[Carrier]
) -> list[tuple[FlowProblem, FlowSolution]]:
    """Return what is left of a flow without each of some rows that carry it."""
    places = {row[0][:2]: row[3] for row in _rows(flow)}
    cases = [_without(flow.solved, *places[carrier.table, carrier.id]) for carrier in carriers]
    return list(zip(cases, max_flow_many(cases), strict=True))


def _rows(flow: FlowResult) -> Iterator[_Row]:
    """Table, id and name, standing, row, arcs and vertices of each plant, link and corridor."""
    question, graph = flow.question, flow.solved.graph
    net = question.net
    steps = capacities_in_force(net, question.year, question.plants)
    for label in plants_in(question, flow.solved):
        node = net.node(label)
        at: tuple[list[int], list[int]] = [], list(graph.vertices_of([label]))
        yield ("nodes", label, node.name), node.status, steps.get(label, node), at
    links: dict[str, list[int]] = defaultdict(list)
    for index, arc in enumerate(graph.arcs):
        if arc is not None:
            span = f"{arc.tail} -> {arc.head} ({arc.form})"
            links[span if isinstance(arc.link, Edge) else arc.link.id].append(index)
    for key, places in links.items():
        # several contracts of one link are lost together: the least sure of them speaks for it
        contracts = [arc.link for arc in (graph.arcs[index] for index in places) if arc]
        row = max(contracts, key=lambda entry: STANDINGS.rank(entry.standing))
        if isinstance(row, Edge):
            named = "edges", key, arc_name(flow.solved, places[0], is_whole=True)
        else:
            named = "rules", key, rule_name(net, row)
        yield named, row.standing, row, (places, [])
