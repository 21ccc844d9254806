"""What may be named in a graph, and the card of a plant, nation or corridor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field

from supplynet.analysis.time.responses import KINDS
from supplynet.errors import UnknownNameError
from supplynet.network.countries import country_name
from supplynet.network.directory import blocs, countries, nations, plants
from supplynet.network.elements import element_names
from supplynet.network.problems import did_you_mean
from supplynet.network.selector import shares_of
from supplynet.present.document import Bullets, Document, Paragraph, Table, cell
from supplynet.present.words import source_line
from supplynet.reports.data_writers import jsonable
from supplynet.reports.results_node import of_node
from supplynet.serve.knobs import corridor_title, knobs, of_corridor
from supplynet.serve.state import Name, State
from supplynet.terms import BEHAVIORS, LENSES, OBJECTIVES, TIERS
from supplynet.text import one_line

if TYPE_CHECKING:
    from supplynet.network.directory import Entry
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import (
        Option,
        Shock,
        Source,
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
    return [_source(row) for row in rows]


def _source(row: Source) -> dict[str, Any]:
    return {"line": one_line(source_line(row)), **row.model_dump(mode="json")}


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
