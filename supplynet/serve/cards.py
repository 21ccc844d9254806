"""What may be named and changed in a graph: its words, a plant's card, and what moves it.

A knob is a figure of the graph with its data range and the change of a scenario that sets it, so
that whoever turns it writes a scenario and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field

from supplynet.network.directory import blocs, countries, nations, plants
from supplynet.network.elements import element_names
from supplynet.network.timeline import capacities_in_force
from supplynet.report.cells import cell
from supplynet.report.document import Bullets, Document, Paragraph, Table
from supplynet.report.json_writer import jsonable
from supplynet.report.results_node import of_node, source_line
from supplynet.report.text import one_line
from supplynet.serve.state import Name, State
from supplynet.terms import LENSES, TIERS

if TYPE_CHECKING:
    from supplynet.network.directory import Entry
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Capacity, Edge, Node, Recovery, Shock, Source

__all__ = ["CardAsked", "Knob", "card_of", "directory_of", "sources"]

#: how far a slider goes beyond what the data say
_BEYOND = 2.0


@dataclass(frozen=True, slots=True)
class Knob:
    """A figure that may be changed.

    Parameters
    ----------
    title, unit : str
    value : float or None
        As the graph has it.
    low, high : float or None
        Its data range.
    least, most : float
        Ends of a slider.
    step : float
    change : dict
        The change of a scenario that sets it, without the figure.
    field : str
        The key of the change that takes the figure.
    """

    title: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    least: float
    most: float
    step: float
    change: dict[str, Any]
    field: str


def directory_of(net: SupplyNetwork) -> dict[str, Any]:
    """Return what may be named in a question about a network, and how it may be asked."""
    commodity = net.commodity
    return cast(
        "dict[str, Any]",
        jsonable(
            {
                "name": net.name,
                "title": one_line(commodity.family),
                "digest": net.digest,
                "years": {
                    "first": commodity.first_year,
                    "base": commodity.base_year,
                    "last": commodity.last_year,
                },
                "elements": [
                    {"id": one, "name": element_names().get(one, one)} for one in commodity.elements
                ],
                "headline": list(commodity.headline),
                "nations": [_told(one) for one in nations(net)],
                "countries": [_told(one) for one in countries(net)],
                "blocs": [_told(one) for one in blocs(net)],
                "stages": [
                    {"id": one.name, "name": one.plural} for one in net.stages if not one.is_nation
                ],
                "plants": [_told(one) for one in plants(net)],
                "tiers": [{"id": name, "name": name} for name in TIERS],
                "lenses": [{"id": name, "name": LENSES[name].pronoun} for name in LENSES],
                "scenarios": [
                    {
                        "id": name,
                        "title": one_line(one.title),
                        "description": one_line(one.description),
                        "parameters": [
                            {"name": key, **parameter.model_dump(mode="json")}
                            for key, parameter in one.parameters.items()
                        ],
                    }
                    for name, one in sorted(net.scenarios.items())
                ],
                "shocks": sorted({cast("Shock", row).id for row in net.rows("shocks")}),
            }
        ),
    )


class CardAsked(State):
    """A state, and the plant or nation in it that is looked at."""

    id: Annotated[Name, Field(description="Id of the plant or nation.")]


def card_of(net: SupplyNetwork, asked: CardAsked) -> dict[str, Any]:
    """Return all that is known of a plant or nation in a state, and what may be changed of it.

    What is told is as the state has it; knobs begin at what the graph says.

    Raises
    ------
    UnknownNameError
        If there is no such node.
    """
    from supplynet.analysis.question import ask

    question = ask(net, **asked.words())
    node = question.net.node(asked.id)
    document = of_node(question.net, asked.id)
    known = net.node_by_id.get(asked.id, node)
    return {
        "id": node.id,
        "title": one_line(document.title),
        "is_nation": net.stage_by_name[node.stage].is_nation,
        "sections": list(sections_of(document)),
        "knobs": jsonable([asdict(one) for one in knobs(net, known, question.year)]),
    }


def _told(entry: Entry) -> dict[str, Any]:
    """Return what may be named, its words as text of one line: they stand in the page."""
    words = {name: one_line(value) for name, value in asdict(entry).items() if name != "word"}
    return {"word": entry.word, **words}


def sources(net: SupplyNetwork, ids: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return the sources of a network, or some of them, each with its citation in a line.

    Raises
    ------
    UnknownNameError
        If there is no such source.
    """
    from supplynet.errors import UnknownNameError
    from supplynet.network.problems import did_you_mean

    wanted = list(ids)
    for one in wanted:
        if one not in net.source_by_id:
            raise UnknownNameError(
                f"{net.name} has no source {one[:200]!r}",
                hint=did_you_mean(one, net.source_by_id),
            )
    rows = [net.source_by_id[one] for one in wanted] or list(net.source_by_id.values())
    return [_source(one) for one in rows]


def _source(row: Source) -> dict[str, Any]:
    return {"line": one_line(source_line(row)), **row.model_dump(mode="json")}


def sections_of(document: Document) -> Iterator[dict[str, Any]]:
    """Yield the parts of a document as texts and rows of texts."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield {"title": section.title, "lines": [one_line(block.text)]}
            elif isinstance(block, Bullets):
                yield {"title": section.title, "lines": [one_line(one) for one in block.items]}
            elif isinstance(block, Table):
                yield {
                    "title": section.title,
                    "heads": [one_line(column.title) for column in block.columns],
                    "rows": [
                        [one_line(cell(column, row.get(column.key))) for column in block.columns]
                        for row in block.rows
                    ],
                }


# -- what may be changed ---------------------------------------------------------------------


def knobs(net: SupplyNetwork, node: Node, year: int) -> Iterator[Knob]:
    """Yield what may be changed of a node in a year."""
    if net.stage_by_name[node.stage].is_nation:
        yield from _of_nation(net, node)
    else:
        yield from _of_plant(net, node, year)
    for edge in net.edge_rows:
        if node.id in (edge.source, edge.target):
            yield from _of_link(net, edge)


def _of_plant(net: SupplyNetwork, node: Node, year: int) -> Iterator[Knob]:
    row: Capacity | Node = capacities_in_force(net, year).get(node.id, node)
    most = max(filter(None, (node.capacity, row.capacity, row.capacity_high)), default=1000.0)
    if row.unit is not None:
        yield Knob(
            f"Capacity in {year}",
            f"{row.unit}/yr",
            row.capacity,
            row.capacity_low,
            row.capacity_high,
            0.0,
            _BEYOND * most,
            _step(most),
            {"verb": "set", "nodes": f"node:{node.id}", "unit": row.unit},
            "capacity",
        )
    first, last = net.commodity.first_year, net.commodity.last_year
    if node.start_year is not None:
        yield Knob(
            "Starts in",
            "",
            float(node.start_year),
            None,
            None,
            float(min(first, node.start_year)),
            float(last),
            1.0,
            {"verb": "redate", "nodes": f"node:{node.id}"},
            "start_year",
        )

    for recovery in cast("tuple[Recovery, ...]", net.rows("recoveries")):
        if recovery.node_id == node.id:
            change = {"verb": "recover", "nodes": f"node:{node.id}", "group": recovery.group}
            yield Knob(
                f"Passes on of {recovery.group}",
                "share",
                recovery.recovery,
                recovery.recovery_low,
                recovery.recovery_high,
                0.0,
                1.0,
                0.01,
                change,
                "recovery",
            )


def _of_nation(net: SupplyNetwork, node: Node) -> Iterator[Knob]:
    """What a nation asks for, as a part of what the graph says, product by product."""
    ranges: dict[str, list[float]] = {}
    for row in net.demand_rows:
        if row.nation == node.id and row.role == "final" and row.quantity:
            ends = (row.quantity_low, row.quantity_high)
            known = ranges.setdefault(row.product, [])
            known += [end / row.quantity for end in ends if end is not None]
    for product, parts in ranges.items():
        yield Knob(
            f"Needs of {one_line(net.product_by_id[product].name)}",
            "times what the graph says",
            1.0,
            min(parts, default=None),
            max(parts, default=None),
            0.0,
            max([_BEYOND, *parts]),
            0.01,
            {"verb": "need", "nodes": f"node:{node.id}", "product": product},
            "factor",
        )


def _of_link(net: SupplyNetwork, edge: Edge) -> Iterator[Knob]:
    if not edge.unit:  # nothing was said of its tonnage, not even in which unit
        return
    limit = edge.capacity if edge.capacity is not None else edge.observed
    most = max(filter(None, (limit, edge.capacity_high)), default=1000.0)
    ends = {"source": f"node:{edge.source}", "target": f"node:{edge.target}", "form": edge.form}
    title = f"{net.node(edge.source).name} to {net.node(edge.target).name}, {edge.form}"
    yield Knob(
        one_line(title),
        f"{edge.unit}/yr",
        limit,
        edge.capacity_low,
        edge.capacity_high,
        0.0,
        _BEYOND * most,
        _step(most),
        {"verb": "set", "links": {**ends, "named": True}, "unit": edge.unit},
        "capacity",
    )


def _step(most: float) -> float:
    """Return a step that goes through a range in some hundreds of places."""
    step = 1.0
    while step * 1000 < most:
        step *= 10
    while step * 100 > most and step > 0.001:
        step /= 10
    return step
