"""The figures of a balance, read off its solution."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.balance.capacities import capacity_rows, describe
from supplynet.analysis.balance.objectives.fair import ROUND
from supplynet.contract.declared import ITS_UNIT, Table
from supplynet.network.timeline import circuits_in_force, members
from supplynet.terms import OBJECTIVES
from supplynet.text import by_size

if TYPE_CHECKING:
    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Run

_Key = TypeVar("_Key")

#: share of the largest figure below which one is rounding of the solver
ROUNDING = 1e-9
#: digits of two shares that are the same if they only differ behind them
ALIKE = 6
# share of a demand that may be missing by rounding of all that is served
_WHOLE = 1e-6
# share of all that is asked for that programs may shift from one to another by their room
_SUM = 1e-8


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a nation gets of a product, t of product per year.

    Parameters
    ----------
    nation, product : str
        Ids; the element where the graph knows no demand.
    form : str
        Form in which the product travels.
    demand : float
        inf where the graph knows no demand.
    served, unmet : float
    coverage : float or None
        Share of the demand that is served; None without a demand.
    """

    nation: str
    product: str
    form: str
    demand: float
    served: float
    unmet: float
    coverage: float | None


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a capacity is used.

    Parameters
    ----------
    kind : {"node", "circuit", "link", "rule", "restriction", "cap"}
    id : str
        Node id, with the group of a circuit; ``tail -> head (form)``; or id of the rule,
        restriction or cap.
    name : str
        As a reader knows it.
    used, capacity : float
        Per year, in the unit.
    unit : str
    share : float
        Used over capacity; 0 for a capacity of 0.
    table : str
        Where a node's figure comes from: nodes, capacities or production; else circuits, edges,
        rules, restrictions or caps.
    """

    kind: str
    id: str
    name: str
    used: float
    capacity: float
    unit: str
    share: float
    table: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A limit that holds the objective down.

    A capacity that binds elements one by one is one limit.

    Parameters
    ----------
    family : str
        Constraint family.
    kind, id, name : str
        As in `Use`.
    unit : str
        Unit of the limit.
    worth : float
        The most that one more unit per year of it adds to the objective. Where an optimum is
        degenerate this is one of several right figures, and lies between those of a
        :class:`supplynet.analysis.balance.steps.Step`.
    worth_unit : str
        Unit of the worth.
    capacity : float
        Per year, in the unit.
    rows : tuple of int
        Places among the inequalities.
    """

    family: str
    kind: str
    id: str
    name: str
    unit: str
    worth: float
    worth_unit: str
    capacity: float
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Surplus:
    """A separated element that nobody takes.

    Parameters
    ----------
    node, name, element : str
    tonnes : float
        Per year on the graph's basis.
    reason : str
        What it is separated along with, where that is clear.
    """

    node: str
    name: str
    element: str
    tonnes: float
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What moves on a link, its contracts together.

    Parameters
    ----------
    tail, head : str
        Node ids, or ``rule:<id>`` for a corridor.
    form : str
    kind : {"feed", "element", "product"}
        A basket, a separated element, or a product.
    what : str
        Name of the basket by its origin, the element, or the product.
    tonnes : float
        Per year: of the basket, of the element on the graph's basis, or of the product.
    """

    tail: str
    head: str
    form: str
    kind: str
    what: str
    tonnes: float


PRODUCT_UNIT = "t of product/yr"
DELIVERIES = Table(
    "deliveries",
    "What each nation asks for and gets of each product",
    Delivery,
    units=dict.fromkeys(("demand", "served", "unmet"), PRODUCT_UNIT),
)
USES = Table(
    "utilization",
    "Use of every capacity: plants, links and corridors",
    Use,
    units={"used": ITS_UNIT, "capacity": ITS_UNIT},
)
BINDING = Table(
    "binding",
    "Limits that hold the answer down, with the most that one more of each would add",
    Binding,
    units={"worth": "worth_unit", "capacity": ITS_UNIT},
)
SURPLUS = Table("surplus", "What is separated and nobody takes", Surplus, units={"tonnes": "t/yr"})
FLOWS = Table(
    "flows",
    "What moves on each link, largest first",
    Moved,
    units={"tonnes": "t/yr of what moves"},
    path="moved",
)


def deliveries(model: Model, x: npt.NDArray[np.float64]) -> tuple[Delivery, ...]:
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


def uses(model: Model, x: npt.NDArray[np.float64]) -> tuple[Use, ...]:
    """Return the use of every capacity; where elements are bound one by one, the fullest."""
    matrix, _ = model.stacked(False)
    amounts = matrix @ x
    # what is less is rounding of the solver, and no use of a plant
    amounts[amounts <= ROUNDING * float(np.abs(x).max(initial=0.0))] = 0.0
    by_thing: dict[tuple[str, str], Use] = {}
    for row, _, label, capacity in capacity_rows(model):
        kind, ident, name, unit, table = describe(model.scope, label)
        used = float(amounts[row])
        share = used / capacity if capacity else 0.0
        held = by_thing.get((kind, ident))
        if held is None or held.share < share:
            by_thing[kind, ident] = Use(kind, ident, name, used, capacity, unit, share, table)
    return tuple(by_thing.values())


def bindings(run: Run, worth_unit: str) -> tuple[Binding, ...]:
    """Return the limits with a shadow price, by what all of the limit is worth.

    Under ``fair`` a limit counts with its price in the first round in which it holds: the rise
    of the common coverage of those who can still be raised.
    """
    names = [name for name in run.programs if name.startswith(f"{ROUND} ")]
    prices: dict[int, float] = {}
    limits = [row for row, _, _, _ in capacity_rows(run.model)]
    leading = leading_program(run)
    for name in names or ([leading] if leading else []):
        _, solution = run.programs[name]
        largest = float(np.abs(solution.x).max(initial=0.0))
        scale = max(
            float(np.abs(solution.dual_ub[limits]).max(initial=0.0)),
            abs(solution.objective) / largest if largest else 0.0,
        )
        for row_number, _, _, _ in capacity_rows(run.model):
            price = float(solution.dual_ub[row_number])
            if price > ROUNDING * scale and row_number not in prices:
                prices[row_number] = price
    by_limit: dict[tuple[str, str], Binding] = {}
    for row_number, family, label, capacity in capacity_rows(run.model):
        kind, ident, name, unit, _ = describe(run.model.scope, label)
        held = by_limit.get((kind, ident))
        if held is None:
            held = Binding(family, kind, ident, name, unit, 0.0, worth_unit, capacity)
        worth = held.worth + prices.get(row_number, 0.0)
        by_limit[kind, ident] = replace(held, worth=worth, rows=(*held.rows, row_number))
    rows = [row for row in by_limit.values() if row.worth > 0.0]
    return tuple(sorted(rows, key=lambda row: (by_size(row.worth * row.capacity), row.id)))


def leading_program(run: Run) -> str | None:
    """The program whose duals say what a limit is worth: of what is served, or is worth serving.

    Under ``fair`` that is the first round, in which those worst covered are served; None where
    nothing was asked but what went.
    """
    names = (*OBJECTIVES.only(lambda objective: objective.has_own_duals), f"{ROUND} 0")
    return next((name for name in names if name in run.programs), None)


def surpluses(run: Run, x: npt.NDArray[np.float64]) -> tuple[Surplus, ...]:
    """Return what is separated and not taken, largest first, with what it came along with."""
    model = run.model
    given, net = model.scope, model.scope.net
    prices = _element_prices(run)
    amounts = {key: float(x[column]) for column, key in model.columns.of("surplus")}
    least = ROUNDING * max((abs(float(value)) for value in x), default=0.0)
    circuits = {
        node: frozenset(element for row in rows for element in members(net, row.group))
        for node, rows in circuits_in_force(net, given.year).items()
    }
    left_over = []
    for key, tonnes in amounts.items():
        node, element = str(key[0]), str(key[1])
        if tonnes <= least:
            continue
        leading = [*net.commodity.headline, *given.elements]
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


def moved_of(model: Model, x: npt.NDArray[np.float64]) -> tuple[Moved, ...]:
    """Return what moves on each link, its contracts together, largest first.

    Figures below 1e-9 of the largest are rounding of the solver and left out.
    """
    least = ROUNDING * max((abs(float(value)) for value in x), default=0.0)
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


def thing_name(thing: Any) -> str:
    """Return the name of what moves: an element, a product, or a basket by its origin."""
    if isinstance(thing, str):
        return thing
    return cast(Feed, thing).name()
