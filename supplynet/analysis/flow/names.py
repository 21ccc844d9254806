"""What parts of a flow are called, and what moves nothing: restrictions, plants without buyers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.skeleton import Arc
from supplynet.analysis.flow.rows import DeadEnd, IdleRestriction
from supplynet.analysis.question import selector_name
from supplynet.network.countries import country_name
from supplynet.network.rules import Border, borders, without_outlet
from supplynet.network.tiers import Floors
from supplynet.network.units import BASKET
from supplynet.text import listing, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Rule


def vertex_name(solved: Solved, position: int) -> str:
    """Return a vertex as a reader knows it."""
    graph = solved.graph
    label = plant_of(graph.labels[position])
    if label in graph.net.node_by_id:
        return graph.net.node(label).name
    kind, _, tail = label.partition(":")
    if kind == "rule":
        return rule_name(graph.net, next(row for row in graph.net.rule_rows if row.id == tail))
    if kind == "intake":
        nation, _, form = tail.partition(":")
        name = country_name(graph.net.node(nation).country, graph.net.commodity.areas)
        return f"{name}'s own use of {graph.net.form_by_name[form].title}"
    if kind == "restriction":
        nodes, form, _ = tail.split(":", 2)
        name = " and ".join(graph.net.node(node_id).name for node_id in nodes.split("+"))
        title = graph.net.form_by_name[form].title
        return f"What restrictions let pass to {name} ({title})"
    return label


def plant_of(label: str) -> str:
    """Return the plant that a vertex is a part of, and any other label as it is.

    Examples
    --------
    >>> plant_of("made:works"), plant_of("works@deal"), plant_of("rule:exports")
    ('works', 'works', 'rule:exports')
    """
    return label.removeprefix("made:").removeprefix("mined:").partition("@")[0]


def rule_name(net: SupplyNetwork, rule: Rule) -> str:
    """Return a link rule as a reader knows it: from whom to whom, of a toll by whom, and its id."""
    span = f"{selector_name(net, rule.source)} to {selector_name(net, rule.target)}"
    if rule.via:
        span += f", tolled by {selector_name(net, rule.via)}"
    return f"{span} ({net.form_by_name[rule.form].title}; rule {rule.id})"


def arc_name(solved: Solved, position: int, *, is_whole: bool = False) -> str:
    """Return an arc as a reader knows it, with its contract unless the whole link is meant."""
    graph = solved.graph
    tail, head = (
        vertex_name(solved, int(graph.tail[position])),
        vertex_name(solved, int(graph.head[position])),
    )
    arc: Arc | None = graph.arcs[position]
    if arc is None:
        return f"{tail} to {head}"
    title = graph.net.form_by_name[arc.form].title
    text = ", ".join(filter(None, (title, "" if is_whole else arc.contract)))
    return f"{tail} to {head} ({text})"


# part of a flow below which two are the same
_SAME = 1e-9


def never_binding(border: Border, year: int) -> str:
    """Return why a restriction can bind nothing in a year; empty where it may."""
    start = border.row.start_year
    if not border.holds(year):
        later = "" if start is None or start < year else f" but from {start} on"
        return f"it does not hold in {year}{later}"
    return "" if border.row.withheld else "it holds nothing back"


def idle_in_flow(question: Question, element: str, value: float) -> tuple[IdleRestriction, ...]:
    """Return the restrictions without each of which a maximum flow is the same.

    `value` is the flow with all of them, t/yr.
    """
    from supplynet.analysis.flow.flow import solve_question

    idle = []
    for border in borders(question.net):
        reason = never_binding(border, question.year)
        if not reason:
            rows = [row for row in question.net.rows("restrictions") if row != border.row]
            # Each is left out alone. Two that stop the same flow are then both told to bind
            # nothing, which is true of each: the other one still stops it.
            free = replace(question, net=question.net.replace(restrictions=rows))
            if solve_question(free, element).value > value * (1.0 + _SAME):
                continue
            reason = "without it no more could arrive"
        idle.append(IdleRestriction(border.row.id, reason))
    return tuple(idle)


# -- dead ends ------------------------------------------------------------------------------

#: why what a plant makes goes nowhere
NO_BUYER, SHUT = "no buyer named", "buyers shut"
# plants that a sentence names
_NAMED = 3
# below this a plant makes nothing
_LEAST = 1e-6


def dead_ends_of(question: Question) -> tuple[DeadEnd, ...]:
    """Return the dead ends of a checked question, those that it asks for left out."""
    return rows_of(question, flows_of(question))


def flows_of(question: Question) -> dict[str, Solved]:
    """Return what could leave each plant without an outlet, by its id."""
    from supplynet.analysis.flow.flow import solve_question

    counted = Floors(question.links, question.plants)
    return {
        plant: solve_question(replace(question, targets=frozenset({plant})), BASKET)
        for plant in without_outlet(question.net, question.year, counted, question.shut.possibly)
        if plant not in question.targets
    }


def rows_of(question: Question, flows: Mapping[str, Solved]) -> tuple[DeadEnd, ...]:
    """Return the plants that could make something, the most tonnes first."""
    net = question.net
    counted = Floors(question.links, question.plants)
    unnamed = frozenset(without_outlet(net, question.year, counted)) if flows else frozenset()
    nodes = ((net.node(plant), solved) for plant, solved in flows.items())
    dead_ends = (
        DeadEnd(
            node.id,
            node.name,
            node.stage,
            node.country,
            solved.value,
            solved.graph.unit,
            NO_BUYER if node.id in unnamed else SHUT,
            question.tier,
            question.year,
        )
        for node, solved in nodes
        if solved.value > _LEAST
    )
    return tuple(sorted(dead_ends, key=lambda row: (row.why != NO_BUYER, -row.tonnes, row.plant)))


def dead_end_sentence(dead_ends: Iterable[DeadEnd]) -> str:
    """Return what is made and has no buyer, in a sentence; empty where there is nothing.

    Tonnes of several plants are not added up: one may feed another.
    """
    unnamed = [row for row in dead_ends if row.why == NO_BUYER]
    if not unnamed:
        return ""
    told = [f"{tonnes(row.tonnes)} {row.unit} at {row.name}" for row in unnamed[:_NAMED]]
    rest = len(unnamed) - len(told)
    if rest:
        told.append(f"at {rest} more plant{'' if rest == 1 else 's'}")
    return f"Could be made, but no buyer is named: {listing(told)}."
