"""What a year's flows are fitted to and how well: figures of tables, and published targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.arrays.skeleton import link_label
from supplynet.analysis.balance.counted import handled, measure, on_links
from supplynet.analysis.balance.tables import describe
from supplynet.analysis.calibrate.lines import TargetLines, sent_by
from supplynet.analysis.composed import Sum
from supplynet.errors import TableError
from supplynet.network.schema import Demand, Edge, Production, Rule, Target
from supplynet.network.selector import select
from supplynet.network.units import find_unit
from supplynet.sums import added
from supplynet.terms import CONFIDENCES, ConfidenceName
from supplynet.text import tonnes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node, Target

#: how far a figure may be off before that counts as one deviation, by what is known of it
TOLERANCES = dict(zip(CONFIDENCES, (0.05, 0.05, 0.1, 0.2), strict=True))
#: and at least this much, in the figure's unit
LEAST = 1.0
#: share of the whole that a figure is a part of, which counts as one deviation too
SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of the tables, and the expression that stands for it."""

    what: str  #: one of "link", "corridor", "output", "demand"
    name: str  #: as a reader knows it
    line: Sum
    observed: float  #: per year, in the unit
    unit: str
    confidence: ConfidenceName
    note: str = ""  #: what a reader must know about the row
    #: source, target, rule, form: ids as in the table baseline
    source: str | None = None
    target: str | None = None
    rule: str | None = None
    form: str | None = None
    #: what the figure is a part of, in its unit: of a demand the demand itself, of an output all
    #: that plants of the stage made, of a link or corridor all that was seen to go in its form to
    #: the countries that it serves, counted alike
    whole: float = 0.0

    @property
    def tolerance(self) -> float:
        """What counts as one deviation by how sure the figure is, in the unit."""
        return max(LEAST, TOLERANCES[self.confidence] * self.observed)

    @property
    def cost(self) -> float:
        """Deviations by a tonne: of the tolerance, and of the share of the whole.

        A large figure that is an estimate has a wide tolerance. Its tonnes count by what they are
        of the whole as well, so that it does not give way to many small ones without being seen.
        """
        return 1.0 / self.tolerance + 1.0 / max(LEAST, SHARE * self.whole)


def observations(model: Model) -> tuple[Observation, ...]:
    """Return every figure that the flows of a model are fitted to."""
    seen = (*_links(model), *_outputs(model), *_demands(model))
    keys = [_part_of(model, observation) for observation in seen]
    sums = added(
        (key, factor * one.observed) for one, (key, factor) in zip(seen, keys, strict=True)
    )
    return tuple(
        replace(observation, whole=sums[key] / factor)
        for observation, (key, factor) in zip(seen, keys, strict=True)
    )


def _part_of(model: Model, one: Observation) -> tuple[object, float]:
    """What adds up with a figure, and what its unit is in the measure that they share."""
    frame = model.scope.frame
    if one.what == "demand":
        return ("demand", one.target, one.form), 1.0
    unit = find_unit(model.scope.net, one.unit)
    measured = (unit.measures, unit.product)
    if one.what == "output":
        return ("output", frame.nodes[str(one.source)].stage, measured), unit.factor
    if one.rule is None:
        heads = [str(one.target)]
    else:
        hub = next(hub for hub, rule in frame.hubs.items() if rule.id == one.rule)
        heads = [frame.arcs[index].head for index in frame.arcs_out[hub]]
    countries = frozenset(frame.nodes[head].country for head in heads)
    return ("moved", one.form, countries, measured), unit.factor


def seen_of(link: Edge | Rule) -> float:
    """What went on a link or corridor; 0 where it is not known."""
    return link.observed or 0.0


def _links(model: Model) -> Iterator[Observation]:
    """Links and corridors of which it is known what went."""
    given, frame = model.scope, model.scope.frame
    seen: list[tuple[str, tuple[str, ...], Edge | Rule, Sequence[int], dict[str, Any]]] = [
        ("link", link_label(arc), arc.link, (index,), {"source": arc.tail, "target": arc.head})
        for index, arc in enumerate(frame.arcs)
        if arc.is_bound_here and seen_of(arc.link)
    ]
    seen += [
        ("corridor", ("rule", rule.id), rule, frame.arcs_in.get(hub, ()), {"rule": rule.id})
        for hub, rule in frame.hubs.items()
        if seen_of(rule) and frame.arcs_out.get(hub)
    ]
    links = [(link, arcs) for _, _, link, arcs, _ in seen]
    carried = on_links(model.columns, links, partial(measure, given)).terms(len(seen))
    for (what, label, link, _, ends), terms in zip(seen, carried, strict=True):
        if terms:
            told = seen_of(link), link.unit, link.confidence, link.note
            name = describe(given, label).name
            yield Observation(what, name, Sum(terms), *told, form=link.form, **ends)


def _outputs(model: Model) -> Iterator[Observation]:
    """What the table production says of plants in the year of the model."""
    given = model.scope
    for row in cast("tuple[Production, ...]", given.net.rows("production")):
        node = given.frame.nodes.get(row.node_id)
        if row.year != given.year or node is None:
            continue
        line = _made(model, node, row.unit)
        if line.terms:
            told = row.production, row.unit, row.confidence, row.note
            yield Observation("output", node.name, line, *told, source=node.id)


def _made(model: Model, node: Node, unit: str) -> Sum:
    """What a plant makes, counted where its capacity is; of an origin what it sends or stocks."""
    given = model.scope
    weights = measure(given, unit, node.product, None)
    if given.is_origin(node.id):
        return sent_by(model, node.id, weights.of_mined(node.id))
    return Sum(handled(model.columns, [node], [weights]).terms(1)[0])


def _demands(model: Model) -> Iterator[Observation]:
    """What nations ask for by form, in tonnes of product; as sure as its least sure row."""
    given = model.scope
    sums: dict[tuple[str, str], tuple[dict[int, float], list[float]]] = {}
    for (nation, product), needed in given.demand.items():
        form = given.net.product_by_id[product].form
        terms, amounts = sums.setdefault((nation, form), ({}, []))
        terms[model.columns.at("served", nation, product)] = 1.0
        amounts.append(needed)
    for (nation, form), (terms, amounts) in sums.items():
        name = f"{given.net.node(nation).name} ({given.net.form_by_name[form].title})"
        sureness = _sureness(
            given.net.demand_rows, nation, {product for _, product in given.demand}
        )
        told = Sum(terms), sum(amounts), "", sureness
        yield Observation("demand", name, *told, target=nation, form=form)


def _sureness(rows: Iterable[Demand], nation: str, products: set[str]) -> ConfidenceName:
    """The least sure of a nation's final rows."""
    order = list(TOLERANCES)
    marks = [
        row.confidence
        for row in rows
        if row.nation == nation and row.role == "final" and row.product in products
    ]
    return max(marks, key=order.index)


#: how far a figure may lie outside its tolerance and still be within it, in tolerances
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class TargetFit:
    """A published figure and what the model says."""

    target: Target  #: with its published value, what is accepted, and where it comes from
    #: a share of 1, or in the target's unit; None where the whole of a share is 0
    model: float | None
    #: of a share by value: the same by weight, without what the graph leaves out
    by_weight: float | None
    #: what the model's share is a share of, in the target's unit or US dollars; else 1
    whole: float

    @property
    def difference(self) -> float | None:
        """Model less published."""
        return None if self.model is None else self.model - self.target.value

    @property
    def is_within(self) -> bool:
        """Whether the model lies within what is accepted."""
        if self.model is None:
            return False
        low, high = self.target.value_low, self.target.value_high
        edge = _EDGE * max(high - low, 1e-6 * max(1.0, high))
        return low - edge <= self.model <= high + edge


@dataclass(frozen=True, slots=True)
class Residual:
    """A figure of the tables and what flows in its place."""

    year: int
    observation: Observation
    flow: float  #: per year, in the observation's unit

    @property
    def residual(self) -> float:
        """Flow less observed."""
        return self.flow - self.observation.observed

    @property
    def deviation(self) -> float:
        """How far it is off, in tolerances."""
        return abs(self.residual) / self.observation.tolerance

    @property
    def part(self) -> float:
        """How much of the whole that the figure is a part of it is off, as a share of 1."""
        return abs(self.residual) / max(self.observation.whole, LEAST)

    @property
    def weight(self) -> float:
        """What it costs the fit: deviations by its tolerance and by its share of the whole."""
        return abs(self.residual) * self.observation.cost


def target_fit(target: Target, lines: TargetLines, x: npt.NDArray[np.float64]) -> TargetFit:
    """Return a target against the flows of a year."""
    whole = lines.whole.at(x)
    by_weight = None
    if lines.by_weight is not None:
        by_weight = _ratio(lines.by_weight[0].at(x), lines.by_weight[1].at(x))
    return TargetFit(target, _ratio(lines.part.at(x), whole), by_weight, whole)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None


def production_fit(net: SupplyNetwork, target: Target) -> TargetFit:
    """Return a target against the table production of its own year."""
    part = _produced(net, target, target.source)
    if target.kind == "quantity":
        return TargetFit(target, part, None, 1.0)
    whole = _produced(net, target, target.of_source) + target.of_more
    return TargetFit(target, _ratio(part, whole), None, whole)


def _produced(net: SupplyNetwork, target: Target, makers: str) -> float:
    """Tonnes that the table says some plants made, in a target's unit."""
    names, unit = select(net, makers).surely, find_unit(net, target.unit)
    total = 0.0
    for row in cast("tuple[Production, ...]", net.rows("production")):
        if row.node_id not in names or row.year != target.year:
            continue
        own = find_unit(net, row.unit)
        if (own.measures, own.product) != (unit.measures, unit.product):
            raise TableError(
                f"target {target.id} counts {unit.name!r}, and the production of {row.node_id} in "
                f"{row.year} is given in {own.name!r}, which measures something else",
                hint="narrow the target's selector to one stage, or use units of one kind",
            )
        total += row.production * own.factor / unit.factor
    return total


def as_written(target: Target, value: float) -> str:
    """Return a value of a target as it is written: a share to three places, or tonnes."""
    if target.kind == "share":
        return f"{value:.3f}"
    unit = "US dollars" if target.values else target.unit
    return f"{tonnes(value)} {unit}"


def span(target: Target) -> str:
    """Return what is accepted of a target, as in ``0.900 to 0.960``."""
    if target.kind == "share":
        return f"{target.value_low:.3f} to {target.value_high:.3f}"
    return f"{tonnes(target.value_low)} to {as_written(target, target.value_high)}"
