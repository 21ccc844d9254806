"""What vertices and arcs of a flow are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.arrays.skeleton import Arc
from supplynet.analysis.question import selector_name
from supplynet.network.countries import country_name

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
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
