"""What may be named in a graph, the card of a plant, nation or corridor, and what may be changed.

A knob is a figure of the graph with its data range and the change of a scenario that sets it, so
that whoever turns it writes a scenario and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field

from supplynet.analysis.time.stocks import KINDS
from supplynet.errors import UnknownNameError
from supplynet.network.countries import country_name
from supplynet.network.elements import element_names
from supplynet.network.names import blocs, countries, nations, plants
from supplynet.network.rules import corridors
from supplynet.network.selector import shares_of
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import tonnage
from supplynet.present.document import Bullets, Document, Paragraph, Table, cell
from supplynet.present.words import selector_phrase, source_line
from supplynet.reports.data_writers import jsonable
from supplynet.reports.results_network import of_node
from supplynet.serve.state import Name, State
from supplynet.terms import BEHAVIORS, LENSES, OBJECTIVES, TIERS, did_you_mean
from supplynet.text import one_line

if TYPE_CHECKING:
    from supplynet.network.names import Entry
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import (
        Capacity,
        Edge,
        Node,
        Option,
        Recovery,
        Rule,
        Shock,
    )


#: what the id of a corridor's card begins with
CORRIDOR = "rule:"


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
                    {"id": element, "name": element_names().get(element, element)}
                    for element in commodity.elements
                ],
                "headline_elements": list(commodity.headline),
                "groups": [
                    {"id": name, "name": ", ".join(members)}
                    for name, members in commodity.groups.items()
                ],
                "products": _products(net),
                "nations": [_told(nation) for nation in nations(net)],
                "countries": [_told(country) for country in countries(net)],
                "blocs": [_told(bloc) for bloc in blocs(net)],
                "owners": _owners(net),
                "stages": [
                    {"id": stage.name, "name": stage.plural}
                    for stage in net.stages
                    if not stage.is_nation
                ],
                "plants": [_told(plant) for plant in plants(net)],
                "tiers": [{"id": name, "name": name} for name in TIERS],
                "lenses": [{"id": name, "name": LENSES[name].pronoun} for name in LENSES],
                "scenarios": _scenarios(net),
                "shocks": sorted({cast("Shock", row).id for row in net.rows("shocks")}),
                "objectives": [
                    {"id": objective.name, "name": objective.help}
                    for objective in OBJECTIVES.values()
                    if not objective.asks_for
                ],
                "behaviors": [{"id": name, "name": name} for name in BEHAVIORS],
                **_ways(net),
            }
        ),
    )


def _scenarios(net: SupplyNetwork) -> list[dict[str, Any]]:
    """Return the scenarios of a network, with what may be set in each."""
    return [
        {
            "id": name,
            "title": one_line(scenario.title),
            "description": one_line(scenario.description),
            "parameters": [
                {"name": key, **parameter.model_dump(mode="json")}
                for key, parameter in scenario.parameters.items()
            ],
        }
        for name, scenario in sorted(net.scenarios.items())
    ]


def _ways(net: SupplyNetwork) -> dict[str, Any]:
    """Return in which ways a network can be asked of months: what it states of time, and does."""
    return {
        "timed": {
            "delays": bool(net.rows("lead_times")),
            "seasonal": bool(net.rows("seasons")),
            "gradual": True,
        },
        "responses": [
            {"id": row.id, "name": one_line(row.name)}
            for row in cast("tuple[Option, ...]", net.rows("options"))
            if row.kind in KINDS
        ],
    }


def _products(net: SupplyNetwork) -> list[dict[str, str]]:
    """Return the products that are needed as they are, and not for others."""
    options = dict.fromkeys(row.product for row in net.demand_rows if row.role == "final")
    return [{"id": name, "name": one_line(net.product_by_id[name].name)} for name in options]


def _owners(net: SupplyNetwork) -> list[dict[str, str]]:
    """Return whose plants can be shut wherever they stand, with how many those are."""
    nations = frozenset(net.nation_ids)
    counts = Counter(
        country
        for node in net.node_rows
        if node.id not in nations
        for country in shares_of(net, node)
    )
    return [
        {
            "word": f"owner:{code}",
            "name": one_line(f"{country_name(code, net.commodity.areas)}: {count} owned"),
        }
        for code, count in sorted(counts.items())
        if code
    ]


class CardAsked(State):
    """A state, and the plant, nation or corridor in it that is looked at."""

    id: Annotated[
        Name, Field(description="Id of the plant or nation; of a corridor rule: and its id.")
    ]


def card_of(net: SupplyNetwork, query: CardAsked) -> dict[str, Any]:
    """Return all that is known of a plant, nation or corridor in a state, and what moves it.

    What is reported is as the state has it; knobs begin at what the graph says.

    Raises
    ------
    UnknownNameError
        If there is no such node or corridor.
    """
    from supplynet.analysis.question import ask

    question = ask(net, **query.words())
    if query.id.startswith(CORRIDOR):
        return _card_of_corridor(net, query.id.removeprefix(CORRIDOR))
    node = question.net.node(query.id)
    document = of_node(question.net, query.id)
    names = net.node_by_id.get(query.id, node)
    return {
        "id": node.id,
        "title": one_line(document.title),
        "is_nation": net.stage_by_name[node.stage].is_nation,
        "sections": list(sections_of(document)),
        "knobs": jsonable([asdict(knob) for knob in knobs(net, names, question.year)]),
    }


def _card_of_corridor(net: SupplyNetwork, rule_id: str) -> dict[str, Any]:
    """Return what a corridor rests on, as the graph has it, and its tonnage to be moved."""
    rules = {row.id: row for row in net.rule_rows}
    if rule_id not in rules:
        raise UnknownNameError(
            f"{net.name} has no rule {rule_id[:200]!r}", hint=did_you_mean(rule_id, rules)
        )
    rule = rules[rule_id]
    lines = [f"{rule.standing}, {rule.confidence}. {rule.reason}", rule.note or ""]
    rests = [source_line(net.source_by_id[name]) for name in rule.source_ids]
    return {
        "id": f"{CORRIDOR}{rule_id}",
        "title": corridor_title(net, rule),
        "is_nation": True,  # nothing to shut: what passes is set to nothing by its knob
        "sections": [
            {"title": "Corridor", "lines": [one_line(line) for line in lines if line]},
            *([{"title": "Sources", "lines": [one_line(line) for line in rests]}] if rests else []),
        ],
        "knobs": jsonable([asdict(knob) for knob in of_corridor(net, rule)]),
    }


def _told(entry: Entry) -> dict[str, Any]:
    """Return what may be named, its words as text of one line: they stand in the page."""
    options = {name: one_line(value) for name, value in asdict(entry).items() if name != "word"}
    return {"word": entry.word, **options}


def sources(net: SupplyNetwork, ids: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return the sources of a network, or some of them, each with its citation in a line.

    Raises
    ------
    UnknownNameError
        If there is no such source.
    """
    wanted = list(ids)
    for name in wanted:
        if name not in net.source_by_id:
            raise UnknownNameError(
                f"{net.name} has no source {name[:200]!r}",
                hint=did_you_mean(name, net.source_by_id),
            )
    rows = [net.source_by_id[text] for text in wanted] or list(net.source_by_id.values())
    return [{"line": one_line(source_line(row)), **row.model_dump(mode="json")} for row in rows]


def sections_of(document: Document) -> Iterator[dict[str, Any]]:
    """Yield the parts of a document as texts and rows of texts."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield {"title": section.title, "lines": [one_line(block.text)]}
            elif isinstance(block, Bullets):
                yield {"title": section.title, "lines": [one_line(name) for name in block.items]}
            elif isinstance(block, Table):
                yield {
                    "title": section.title,
                    "heads": [one_line(column.title) for column in block.columns],
                    "rows": [
                        [one_line(cell(column, row.get(column.key))) for column in block.columns]
                        for row in block.rows
                    ],
                }


#: how far a slider goes beyond what the data say
_BEYOND = 2.0


@dataclass(frozen=True, slots=True)
class Knob:
    """A figure that may be changed."""

    title: str
    unit: str
    value: float | None  #: as the graph has it
    #: low, high: its data range
    low: float | None
    high: float | None
    #: least, most: ends of a slider
    least: float
    most: float
    step: float
    change: dict[str, Any]  #: the change of a scenario that sets it, without the figure
    field: str  #: the key of the change that takes the figure


def knobs(net: SupplyNetwork, node: Node, year: int) -> Iterator[Knob]:
    """Yield what may be changed of a node in a year."""
    if net.stage_by_name[node.stage].is_nation:
        yield from _of_nation(net, node)
    else:
        yield from _of_plant(net, node, year)
    for edge in net.edge_rows:
        if node.id in (edge.source, edge.target):
            yield from _of_link(net, edge)
    for corridor in corridors(net):
        if node.id in (*corridor.sources, *corridor.tollers, *corridor.targets):
            yield from of_corridor(net, corridor.rule)


def _of_plant(net: SupplyNetwork, node: Node, year: int) -> Iterator[Knob]:
    row: Capacity | Node = capacities_in_force(net, year).get(node.id, node)
    most = max(filter(None, (node.capacity, row.capacity, row.capacity_high)), default=1000.0)
    if row.unit is not None:
        yield Knob(
            f"Capacity in {year}",
            f"{row.unit}/yr",
            row.capacity,
            *_ends(net, row, "capacity"),
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
            bounds = _ends(net, row, "quantity")
            names = ranges.setdefault(row.product, [])
            names += [end / row.quantity for end in bounds if end is not None]
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
    bounds = {"source": f"node:{edge.source}", "target": f"node:{edge.target}", "form": edge.form}
    title = f"{net.node(edge.source).name} to {net.node(edge.target).name}, {edge.form}"
    yield from _of_way(net, edge, title, {"links": {**bounds, "named": True}})


def of_corridor(net: SupplyNetwork, rule: Rule) -> Iterator[Knob]:
    """Yield the tonnage of a corridor."""
    yield from _of_way(net, rule, corridor_title(net, rule), {"rules": rule.id})


def corridor_title(net: SupplyNetwork, rule: Rule) -> str:
    """Return what a corridor is called: its ends, what it carries, and who tolls it."""
    bounds = selector_phrase(net, rule.source), selector_phrase(net, rule.target)
    by = f", tolled by {selector_phrase(net, rule.via)}" if rule.via else ""
    return one_line(f"{' to '.join(bounds)}, {rule.form}{by}")


def _of_way(
    net: SupplyNetwork, row: Edge | Rule, title: str, aim: dict[str, Any]
) -> Iterator[Knob]:
    """Yield the tonnage that a link or corridor lets pass; where it has no limit, what went."""
    if not row.unit:  # nothing was said of its tonnage, not even in which unit
        return
    limit = row.capacity if row.capacity is not None else row.observed
    low, high = _ends(net, row, "capacity")
    most = max(filter(None, (limit, high)), default=1000.0)
    yield Knob(
        one_line(title),
        f"{row.unit}/yr",
        limit,
        low,
        high,
        0.0,
        _BEYOND * most,
        _step(most),
        {"verb": "set", **aim, "unit": row.unit},
        "capacity",
    )


def change_title(net: SupplyNetwork, change: Mapping[str, Any]) -> str:
    """Return a change of a scenario in words: what it is made to, and what it sets.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> change_title(net, {"verb": "set", "nodes": "node:ref-big", "capacity": 90, "unit": "t REO"})
    'Big Refinery: capacity 90 t REO'
    """
    others = {key: value for key, value in change.items() if key != "verb"}
    aims = [
        selector_phrase(net, others.pop(key))
        for key in ("nodes", "source", "target", "rules")
        if isinstance(others.get(key), str) and key != "rules"
    ]
    links = others.pop("links", None) or {}
    aims += [selector_phrase(net, links[key]) for key in ("source", "target") if links.get(key)]
    rule = next((row for row in net.rule_rows if row.id == others.get("rules")), None)
    if rule is not None:
        aims.append(corridor_title(net, rule))
        del others["rules"]
    unit = f" {others.pop('unit')}" if "unit" in others else ""
    parts = [
        f"{key.replace('_', ' ')} {value:,.6g}{unit if key == 'capacity' else ''}"
        if isinstance(value, float | int) and not key.endswith("year")
        else f"{key.replace('_', ' ')} {value}"
        for key, value in others.items()
    ]
    aim = " to ".join(aims) or "all"
    return one_line(f"{aim}: {', '.join(parts) or change['verb']}")


def _ends(net: SupplyNetwork, row: object, field: str) -> tuple[float | None, float | None]:
    """Return the data range of a tonnage, by default that of its confidence; none where it is one.

    A range that the row does not give itself is in every answer all the same, and so on its knob.
    """
    low, high = tonnage(net, row, field, "low"), tonnage(net, row, field, "high")
    return (None, None) if low == high else (low, high)


def _step(most: float) -> float:
    """Return a step that goes through a range in some hundreds of places."""
    step = 1.0
    while step * 1000 < most:
        step *= 10
    while step * 100 > most and step > 0.001:
        step /= 10
    return step
