"""Figures of the tables that a year's flows are fitted to: links, output of plants, demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from supplynet.analysis.balance.counted import handled, on_links
from supplynet.analysis.balance.measures import measure
from supplynet.analysis.balance.tables import describe
from supplynet.analysis.calibrate.lines import Line
from supplynet.analysis.catalog import link_label
from supplynet.model.schema import Confidence, Demand, Edge, Production, Rule

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.model.schema import Node

#: how far a figure may be off before that counts as one deviation, by what is known of it
TOLERANCES: dict[Confidence, float] = {"sourced": 0.05, "recalled": 0.1, "estimated": 0.2}
#: and at least this much, in the figure's unit
LEAST = 1.0


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of the tables, and the expression that stands for it.

    Parameters
    ----------
    what : {"link", "corridor", "output", "demand"}
    source, target, rule, form : str or None
        Ids as in the table baseline.
    name : str
        As a reader knows it.
    line : Line
    observed : float
        Per year, in the unit.
    unit : str
    confidence : {"sourced", "recalled", "estimated"}
    note : str
        What a reader must know about the row.
    """

    what: str
    source: str | None
    target: str | None
    rule: str | None
    form: str | None
    name: str
    line: Line
    observed: float
    unit: str
    confidence: Confidence
    note: str

    @property
    def tolerance(self) -> float:
        """What counts as one deviation, in the unit."""
        return max(LEAST, TOLERANCES[self.confidence] * self.observed)


def observations(model: Model) -> tuple[Observation, ...]:
    """Return every figure that the flows of a model are fitted to."""
    return (*_links(model), *_outputs(model), *_demands(model))


def _links(model: Model) -> Iterator[Observation]:
    """Observed links and corridors with a tonnage; it is their limit as well."""
    given, frame = model.scope, model.scope.frame
    arcs = [
        (place, arc)
        for place, arc in enumerate(frame.arcs)
        if arc.is_bound_here and _is_observed(arc.link)
    ]
    weigh = partial(measure, given)
    carried = on_links(model.columns, [(arc.link, (place,)) for place, arc in arcs], weigh)
    for (_, arc), terms in zip(arcs, carried.terms(len(arcs)), strict=True):
        if terms:
            name = describe(given, link_label(arc))[2]
            yield _of_link("link", name, Line(terms), arc.link, source=arc.tail, target=arc.head)
    rules = [
        (rule, frame.arcs_in.get(hub, ()))
        for hub, rule in frame.hubs.items()
        if _is_observed(rule) and frame.arcs_out.get(hub)
    ]
    carried = on_links(model.columns, rules, weigh)
    for (rule, _), terms in zip(rules, carried.terms(len(rules)), strict=True):
        if terms:
            name = describe(given, ("rule", rule.id))[2]
            yield _of_link("corridor", name, Line(terms), rule, rule=rule.id)


def _of_link(what: str, name: str, line: Line, link: Edge | Rule, **ends: str) -> Observation:
    return Observation(
        what,
        source=ends.get("source"),
        target=ends.get("target"),
        rule=ends.get("rule"),
        form=link.form,
        name=name,
        line=line,
        observed=link.capacity or 0.0,
        unit=link.unit,
        confidence=link.confidence,
        note=link.note,
    )


def _is_observed(link: Edge | Rule) -> bool:
    return link.standing == "observed" and bool(link.capacity)


def _outputs(model: Model) -> Iterator[Observation]:
    """What the table production says of plants in the year of the model."""
    given = model.scope
    for row in cast("tuple[Production, ...]", given.net.rows("production")):
        node = given.frame.nodes.get(row.node_id)
        if row.year != given.year or node is None:
            continue
        line = _made(model, node, row.unit)
        if line.terms:
            yield Observation(
                "output",
                source=node.id,
                target=None,
                rule=None,
                form=None,
                name=node.name,
                line=line,
                observed=row.production,
                unit=row.unit,
                confidence=row.confidence,
                note=row.note,
            )


def _made(model: Model, node: Node, unit: str) -> Line:
    """What a plant makes, counted where its capacity is."""
    given = model.scope
    weights = measure(given, unit, node.product, None)
    if given.is_origin(node.id):
        return Line({model.columns.at("mined", node.id): weights.of_mined(node.id)})
    return Line(handled(model.columns, [node], [weights]).terms(1)[0])


def _demands(model: Model) -> Iterator[Observation]:
    """What nations ask for by form, in tonnes of product; as sure as its least sure row."""
    given = model.scope
    sums: dict[tuple[str, str], tuple[dict[int, float], list[float]]] = {}
    for (nation, product), tonnes in given.demand.items():
        form = given.net.product_by_id[product].form
        terms, amounts = sums.setdefault((nation, form), ({}, []))
        terms[model.columns.at("served", nation, product)] = 1.0
        amounts.append(tonnes)
    for (nation, form), (terms, amounts) in sums.items():
        name = f"{given.net.node(nation).name} ({given.net.form_by_name[form].title})"
        sureness = _sureness(
            given.net.demand_rows, nation, {product for _, product in given.demand}
        )
        ids = (None, nation, None, form)
        yield Observation("demand", *ids, name, Line(terms), sum(amounts), "", sureness, "")


def _sureness(rows: Iterable[Demand], nation: str, products: set[str]) -> Confidence:
    """The least sure of a nation's final rows."""
    order = list(TOLERANCES)
    found = [
        row.confidence
        for row in rows
        if row.nation == nation and row.role == "final" and row.product in products
    ]
    return max(found, key=order.index)
