"""Limits that somebody could lift: which rows of a balance they are, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.analysis.balance.scope import Scope, capacity_of
from supplynet.analysis.flow.names import rule_name
from supplynet.analysis.question import selector_name
from supplynet.network.schema import Cap
from supplynet.network.timeline import circuits_in_force

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label

#: families whose rows are limits that somebody could lift
CAPACITIES = (
    "origin_capacity",
    "node_capacity",
    "circuit_capacity",
    "link_capacity",
    "restriction",
    "restriction_on_tonnage",
    "burden_cap",
)
#: receivers of one tonnage that a name tells
_NAMED = 3


class Limit(NamedTuple):
    """What a limit is called, and where its figure stands."""

    kind: str
    id: str
    name: str  #: as a reader knows it
    unit: str
    table: str


def capacity_rows(model: Model) -> Iterator[tuple[int, str, Label, float]]:
    """Yield place among the inequalities, family, label and right side of every capacity."""
    first_row = 0
    for block in model.blocks:
        if block.is_equality:
            continue
        for row, label in enumerate(block.labels if block.family in CAPACITIES else ()):
            if "not held by the unit" not in label:
                yield first_row + row, block.family, label, float(block.rhs[row])
        first_row += block.rhs.size


def describe(given: Scope, label: Label) -> Limit:
    """Return what a limit is called, and where its figure stands."""
    net, kind = given.net, label[0]
    if kind == "node":
        node = net.node(label[1])
        _, unit, table = capacity_of(given, node)
        return Limit(kind, node.id, node.name, unit, table)
    if kind == "circuit":
        circuits = circuits_in_force(net, given.year)[label[1]]
        circuit = next(row for row in circuits if row.group == label[2])
        name = f"{net.node(label[1]).name} ({label[2]} circuit)"
        return Limit(kind, f"{label[1]}: {label[2]}", name, circuit.unit, "circuits")
    if kind == "rule":
        rule = next(rule for rule in net.rule_rows if rule.id == label[1])
        return Limit(kind, rule.id, rule_name(net, rule), rule.unit, "rules")
    if kind == "cap":
        return _cap(given, label[1])
    if kind == "restriction":
        return _restriction(given, label)
    _, tail, head, form, contract = label[:5]
    arcs = given.frame.limited[tail, head, form]
    arc = next(arc for arc in arcs if contract in ("", arc.contract))
    title = net.form_by_name[form].title
    more = f", {contract}" if contract else ""
    name = f"{net.node(tail).name} to {net.node(head).name} ({title}{more})"
    return Limit(kind, f"{tail} -> {head} ({form}{more})", name, arc.link.unit, "edges")


def _cap(given: Scope, ident: str) -> Limit:
    cap = next(row for row in cast("tuple[Cap, ...]", given.net.rows("caps")) if row.id == ident)
    name = f"Cap on {cap.burden} of {selector_name(given.net, cap.nodes)}"
    return Limit("cap", cap.id, name, f"t {cap.burden}", "caps")


def _restriction(given: Scope, label: Label) -> Limit:
    _, ident, receiver, form, what = label[:5]
    net = given.net
    if len(label) > 5:  # a tonnage on some links together, in its own unit
        # a name is read in a cell: the id beside it names all of many
        several = [net.node(node_id).name for node_id in receiver.split("+")]
        if len(several) > _NAMED:
            several = [*several[: _NAMED - 1], f"{len(several) - _NAMED + 1} others"]
        names = " and ".join(several)
        name = f"What restriction {ident} lets pass to {names} ({net.form_by_name[form].title})"
        return Limit("restriction", f"{label[5]}: {receiver}, {form}", name, what, "restrictions")
    is_product = what in net.product_by_id
    title = net.product_by_id[what].name if is_product else what
    if what == "all":
        name = f"What restriction {ident} lets {net.node(receiver).name} send"
        unit = f"t of {net.commodity.basis}"
        ident = f"{ident}: {receiver}, {form}"
        return Limit("restriction", ident, name, unit, "restrictions")
    name = (
        f"What restriction {ident} lets pass of {title} to {net.node(receiver).name} "
        f"({net.form_by_name[form].title})"
    )
    unit = "t of product" if is_product else f"t of {net.commodity.basis}"
    return Limit("restriction", f"{ident}: {receiver}, {form}, {what}", name, unit, "restrictions")
