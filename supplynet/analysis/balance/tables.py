"""The figures of a balance, read off its solution: deliveries, limits and what they are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.balance.objectives.fair import ROUND
from supplynet.analysis.balance.scope import Scope, capacity_of
from supplynet.analysis.flow.names import never_binding, rule_name
from supplynet.analysis.flow.rows import Binding, Delivery, IdleRestriction, Moved, Surplus, Use
from supplynet.analysis.question import selector_name
from supplynet.arrays import Floats
from supplynet.network.rules import borders
from supplynet.network.schema import Cap
from supplynet.network.timeline import circuits_in_force, members
from supplynet.terms import OBJECTIVES
from supplynet.text import by_size, share

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Run
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
#: receivers of one tonnage that a name states
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


def describe(scope: Scope, label: Label) -> Limit:
    """Return what a limit is called, and where its figure stands."""
    net, kind = scope.net, label[0]
    if kind == "node":
        node = net.node(label[1])
        _, unit, table = capacity_of(scope, node)
        return Limit(kind, node.id, node.name, unit, table)
    if kind == "circuit":
        circuits = circuits_in_force(net, scope.year)[label[1]]
        circuit = next(row for row in circuits if row.group == label[2])
        name = f"{net.node(label[1]).name} ({label[2]} circuit)"
        return Limit(kind, f"{label[1]}: {label[2]}", name, circuit.unit, "circuits")
    if kind == "rule":
        rule = next(rule for rule in net.rule_rows if rule.id == label[1])
        return Limit(kind, rule.id, rule_name(net, rule), rule.unit, "rules")
    if kind == "cap":
        return _cap(scope, label[1])
    if kind == "restriction":
        return _restriction(scope, label)
    _, tail, head, form, contract = label[:5]
    arcs = scope.frame.limited[tail, head, form]
    arc = next(arc for arc in arcs if contract in ("", arc.contract))
    title = net.form_by_name[form].title
    more = f", {contract}" if contract else ""
    name = f"{net.node(tail).name} to {net.node(head).name} ({title}{more})"
    return Limit(kind, f"{tail} -> {head} ({form}{more})", name, arc.link.unit, "edges")


def _cap(scope: Scope, ident: str) -> Limit:
    cap = next(row for row in cast("tuple[Cap, ...]", scope.net.rows("caps")) if row.id == ident)
    name = f"Cap on {cap.burden} of {selector_name(scope.net, cap.nodes)}"
    return Limit("cap", cap.id, name, f"t {cap.burden}", "caps")


def _restriction(scope: Scope, label: Label) -> Limit:
    _, ident, receiver, form, what = label[:5]
    net = scope.net
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


_Key = TypeVar("_Key")

#: share of the largest figure below which one is rounding of the solver
ROUNDING = 1e-9
#: digits of two shares that are the same if they only differ behind them
ALIKE = 6
# share of a demand that may be missing by rounding of all that is served
_WHOLE = 1e-6
# share of all that is asked for that programs may shift from one to another by their room
_SUM = 1e-8


def rounding_in(x: Floats) -> float:
    """Return the amount below which a figure of a solution is rounding of the solver."""
    return ROUNDING * float(np.abs(x).max(initial=0.0))


def deliveries(model: Model, x: Floats) -> tuple[Delivery, ...]:
    """Return what each nation gets of each product, in the order of the demand table."""
    net, columns = model.scope.net, model.columns
    rows = []
    rounding = _SUM * sum(model.scope.demand.values())
    for (nation, product), tonnes in model.scope.demand.items():
        served = min(tonnes, max(0.0, float(x[columns.at("served", nation, product)])))
        if tonnes - served <= min(rounding, _WHOLE * tonnes):
            served = tonnes
        elif served <= min(rounding, _WHOLE * tonnes):
            served = 0.0
        form = net.product_by_id[product].form
        row = Delivery(nation, product, form, tonnes, served, tonnes - served, served / tonnes)
        rows.append(row)
    for column, key in columns.of("taken"):
        got = max(0.0, float(x[column]))
        rows.append(Delivery(str(key[0]), str(key[1]), "", float("inf"), got, 0.0, None))
    return tuple(rows)


def served_by(
    rows: Iterable[Delivery], key: Callable[[Delivery], _Key]
) -> dict[_Key, tuple[float, float]]:
    """Return what is asked for and served, t of product per year, of rows that belong together.

    Those of an unknown demand are left out.
    """
    sums: dict[_Key, tuple[float, float]] = {}
    for row in rows:
        if row.coverage is not None:
            need, served = sums.get(key(row), (0.0, 0.0))
            sums[key(row)] = need + row.demand, served + row.served
    return sums


def uses(model: Model, x: Floats) -> tuple[Use, ...]:
    """Return the use of every capacity; where elements are bound one by one, the fullest."""
    return tuple(use for use, _ in used_rows(model, x))


def used_rows(model: Model, x: Floats) -> Iterable[tuple[Use, int]]:
    """Return the use of every capacity with the row of the program that it is read off."""
    matrix, _ = model.stacked(False)
    amounts = matrix @ x
    # what is less is rounding of the solver, and no use of a plant
    amounts[amounts <= rounding_in(x)] = 0.0
    by_thing: dict[tuple[str, str], tuple[Use, int]] = {}
    for row, _, label, capacity in capacity_rows(model):
        kind, ident, name, unit, table = describe(model.scope, label)
        used = float(amounts[row])
        share = used / capacity if capacity else 0.0
        holders = by_thing.get((kind, ident))
        if holders is None or holders[0].share < share:
            use = Use(kind, ident, name, used, capacity, unit, share, table)
            by_thing[kind, ident] = use, row
    return by_thing.values()


def bindings(run: Run, worth_unit: str) -> tuple[Binding, ...]:
    """Return the limits with a shadow price, by what all of the limit is worth.

    Under ``fair`` a limit counts with its price in the first round in which it holds: the rise
    of the common coverage of those who can still be raised.
    """
    names = [name for name in run.programs if name.startswith(f"{ROUND} ")]
    prices: dict[int, float] = {}
    capacities = list(capacity_rows(run.model))
    limits = np.array([row for row, *_ in capacities], np.int64)
    leading = leading_program(run)
    for name in names or ([leading] if leading else []):
        _, solution = run.programs[name]
        largest = float(np.abs(solution.x).max(initial=0.0))
        scale = max(
            float(np.abs(solution.dual_ub[limits]).max(initial=0.0)),
            abs(solution.objective) / largest if largest else 0.0,
        )
        for row_number in limits[solution.dual_ub[limits] > ROUNDING * scale].tolist():
            prices.setdefault(row_number, float(solution.dual_ub[row_number]))
    # rows of one limit begin alike; those of which none has a price need no name
    priced = {_begin(label) for row_number, _, label, _ in capacities if row_number in prices}
    by_limit: dict[tuple[str, str], Binding] = {}
    for row_number, family, label, capacity in capacities:
        if _begin(label) not in priced:
            continue
        kind, ident, name, unit, _ = describe(run.model.scope, label)
        holding = by_limit.get((kind, ident))
        if holding is None:
            holding = Binding(family, kind, ident, name, unit, 0.0, worth_unit, capacity)
        worth = holding.worth + prices.get(row_number, 0.0)
        by_limit[kind, ident] = replace(holding, worth=worth, rows=(*holding.rows, row_number))
    rows = [row for row in by_limit.values() if row.worth > 0.0]
    return tuple(sorted(rows, key=lambda row: (by_size(row.worth * row.capacity), row.id)))


def _begin(label: Label) -> Label:
    """Return how the labels of all rows of a limit begin: with the row that states it, of most."""
    return label[: 1 if label[0] == "restriction" else 2]


def leading_program(run: Run) -> str | None:
    """The program whose duals say what a limit is worth: of what is served, or is worth serving.

    Under ``fair`` that is the first round, in which those worst covered are served; None where
    nothing was asked but what went.
    """
    names = (*OBJECTIVES.only(lambda objective: objective.has_own_duals), f"{ROUND} 0")
    return next((name for name in names if name in run.programs), None)


def surpluses(run: Run, x: Floats) -> tuple[Surplus, ...]:
    """Return what is separated and not taken, largest first, with what it came along with."""
    model = run.model
    scope, net = model.scope, model.scope.net
    prices = _element_prices(run)
    amounts = {key: float(x[column]) for column, key in model.columns.of("surplus")}
    least = rounding_in(x)
    circuits = {
        node: frozenset(element for row in rows for element in members(net, row.group))
        for node, rows in circuits_in_force(net, scope.year).items()
    }
    left_over = []
    for key, tonnes in amounts.items():
        node, element = str(key[0]), str(key[1])
        if tonnes <= least:
            continue
        leading = [*net.commodity.headline, *scope.elements]
        if element in circuits.get(node, ()):
            reason = "beyond what its circuit parts"
            left_over.append(Surplus(node, net.node(node).name, element, tonnes, reason))
            continue
        used = [
            element
            for element in dict.fromkeys(leading)
            if amounts.get((node, element), tonnes) <= least
        ]
        reason = _reason(used, {element: prices.get((node, element), 0.0) for element in used})
        name = net.node(node).name
        left_over.append(Surplus(node, name, element, tonnes, reason))
    return tuple(sorted(left_over, key=lambda row: (by_size(row.tonnes), row.node, row.element)))


def _reason(used: list[str], worth: Mapping[str, float]) -> str:
    """What a surplus comes along with: what is short, or else what is used up."""
    short = [element for element in used if worth[element] > ROUNDING]
    if short:
        first = sorted(short, key=lambda element: (by_size(worth[element]), element))[:2]
        return f"separated along with {' and '.join(first)}, of which there is not enough"
    if used:
        return f"separated along with {' and '.join(used[:2])}, which is used up"
    return ""


def _element_prices(run: Run) -> dict[tuple[str, str], float]:
    """Return what one more tonne of each element at each node would add to the objective."""
    leading = leading_program(run)
    if leading is None:
        return {}
    _, solution = run.programs[leading]
    labels = run.model.labels(True)
    return {
        (label[1], label[2]): -float(dual)
        for (family, label), dual in zip(labels, solution.dual_eq, strict=False)
        if family == "element_balance"
    }


def moved_of(model: Model, x: Floats) -> tuple[Moved, ...]:
    """Return what moves on each link, its contracts together, largest first.

    Figures below 1e-9 of the largest are rounding of the solver and left out.
    """
    least = rounding_in(x)
    sums: dict[tuple[str, str, str, str, str], float] = {}
    for kind in ("feed", "element", "product"):
        for column, (arc_place, carried) in model.columns.of(kind):
            if x[column] <= least:
                continue
            arc = model.scope.frame.arcs[int(str(arc_place))]
            key = arc.tail, arc.head, arc.form, kind, thing_name(carried)
            sums[key] = sums.get(key, 0.0) + float(x[column])
    rows = [Moved(*key, amount) for key, amount in sums.items()]
    return tuple(sorted(rows, key=lambda row: (by_size(row.tonnes), row.tail, row.head, row.what)))


def thing_name(entry: Any) -> str:
    """Return the name of what moves: an element, a product, or a basket by its origin."""
    if isinstance(entry, str):
        return entry
    return cast(Feed, entry).name()


# part of what passes from which on a restriction counts as used up
_FULL = 1.0 - 1e-6
_FAMILIES = ("restriction", "restriction_on_tonnage")


def idle_restrictions(
    model: Model, x: Floats, binding: Iterable[Binding]
) -> tuple[IdleRestriction, ...]:
    """Return the restrictions of a network that bind nothing in a balance."""
    scope = model.scope
    priced = {row.id for row in binding if row.kind == "restriction"}
    rows: dict[str, list[tuple[float, float, bool]]] = {}  # used, what passes, whether priced
    for block in model.blocks:
        if block.family in _FAMILIES:
            used = block.matrix @ x
            for label, amount, limit in zip(block.labels, used, block.rhs, strict=True):
                ident = describe(scope, label).id
                row = float(amount), float(limit), ident in priced
                rows.setdefault(label[1], []).append(row)
    idle = []
    for border in borders(scope.net):
        ident = border.row.id
        reason = never_binding(border, scope.year)
        if reason:
            pass
        elif ident not in rows:
            reason = "no link that is counted on is under it"
        elif any(binds or (limit and used >= _FULL * limit) for used, limit, binds in rows[ident]):
            continue
        elif not any(limit for _, limit, _ in rows[ident]):
            reason = "what it shuts out would serve no more"
        else:
            most = max(used / limit for used, limit, _ in rows[ident] if limit)
            reason = f"at most {share(max(0.0, most))} of what it lets pass is used"
        idle.append(IdleRestriction(ident, reason))
    return tuple(idle)
