"""A graph to start from: a chain of made-up plants that answers questions, to be filled in.

``like`` lends another graph's words (stages, forms, units, elements) and the shape of one of its
ways from the ground to a nation. No figure is taken over: what looks real would be left standing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from supplynet.errors import OptionError
from supplynet.io.graph_schemas import (
    GRAPH_SCHEMAS,
    TOML_DIRECTIVE,
    graph_schema_text,
    row_summary,
    table_schema,
)
from supplynet.io.jsonfile import dump_json
from supplynet.io.package import DESCRIPTOR, SCENARIOS, package_files
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import (
    TABLES,
    Commodity,
    Form,
    Metadata,
    Row,
    Stage,
    Unit,
)

NOTE = "Made-up figure: replace it"
#: tonnes a year of each plant and need
_AMOUNT = 1000.0
_SCHEMAS = "schemas"
_FIRST, _BASE, _LAST = 2024, 2024, 2030
#: tables that the README explains even where the draft has no row of them
_NEXT = ("nodes", "edges", "assays", "recoveries", "products", "contents", "demand", "sources")


def draft(name: str, *, like: SupplyNetwork | None = None) -> SupplyNetwork:
    """Return a small graph of made-up plants, to be filled in.

    Without `like`, a graph whose words and chain it has, `name` is also what flows in it. It has a
    mine, plants one after the other, and a nation, and is without an error to `check`; an
    OptionError if no way of `like` leads from the ground to a demand.

    Examples
    --------
    >>> [node.id for node in draft("tungsten").node_rows]
    ['mine-1', 'refiner-1', 'ISL']
    """
    return _plain(name) if like is None else _alike(name, like)


def _plain(name: str) -> SupplyNetwork:
    """Return a mine, a refiner and a nation."""
    commodity = Commodity(
        family=name,
        elements=(name,),
        headline=(name,),
        groups={name: (name,)},
        stages=(
            Stage(name="mine", title="Mine", plural="Mines", is_origin=True),
            Stage(name="refiner", title="Refiner", plural="Refiners"),
            Stage(
                name="nation", title="Nation", plural="Nations", capacity_at="input", is_nation=True
            ),
        ),
        forms=(
            Form(name="concentrate", title="Concentrate", is_separated=False),
            Form(name="metal", title="Metal", is_final=True),
        ),
        units=(
            Unit(name="t", measures="oxide", description=f"tonnes of {name}"),
            Unit(name="t metal", measures="product", description="tonnes of metal as sold"),
        ),
        first_year=_FIRST,
        last_year=_LAST,
        base_year=_BASE,
    )
    made = {"confidence": "estimated", "note": NOTE}
    records: dict[str, list[dict[str, Any]]] = {
        "nodes": [
            {"id": "mine-1", "name": "Example mine", "stage": "mine", "country": "FJI",
             "capacity": _AMOUNT, "unit": "t", **made},
            {"id": "refiner-1", "name": "Example refiner", "stage": "refiner", "country": "ISL",
             "capacity": _AMOUNT, "unit": "t", "makes": name, **made},
            {"id": "ISL", "name": "Iceland", "stage": "nation", "country": "ISL", **made},
        ],
        "edges": [
            {"source": "mine-1", "target": "refiner-1", "form": "concentrate",
             "standing": "observed", **made},
            {"source": "refiner-1", "target": "ISL", "form": "metal", "standing": "observed",
             **made},
        ],
        "assays": [{"node_id": "mine-1", "element": name, "share": 1.0, **made}],
        "recoveries": [_recovery("refiner-1", made)],
        "products": [{"id": "metal", "name": "Metal", "form": "metal"}],
        "contents": [{"product_id": "metal", "element": name, "share": 1.0, **made}],
        "demand": [_need("ISL", "metal", year, "t metal", made) for year in (_BASE, _LAST)],
    }  # fmt: skip
    metadata = Metadata(
        name=name,
        title=f"{name}: a draft",
        description="Made-up plants: replace every row that says so.",
        version="0.1.0",
        licenses=("CC-BY-4.0",),
        commodity=commodity,
    )
    return _network(metadata, records)


def _recovery(node_id: str, made: dict[str, Any]) -> dict[str, Any]:
    bounds = {"recovery": 0.9, "recovery_low": 0.8, "recovery_high": 0.95}
    return {"node_id": node_id, "group": "all", **bounds, **made}


def _need(nation: str, product: str, year: int, unit: str, made: dict[str, Any]) -> dict[str, Any]:
    amounts = {"quantity": _AMOUNT, "quantity_low": 0.9 * _AMOUNT, "quantity_high": 1.1 * _AMOUNT}
    return {
        "nation": nation, "use": "everything", "product": product, "year": year, "unit": unit,
        **amounts, **made,
    }  # fmt: skip


def _network(metadata: Metadata, records: dict[str, list[dict[str, Any]]]) -> SupplyNetwork:
    rows: dict[str, list[Row]] = {
        table: [TABLES[table].model_validate(record) for record in group]
        for table, group in records.items()
    }
    return SupplyNetwork.from_rows(metadata, rows)


def _alike(name: str, like: SupplyNetwork) -> SupplyNetwork:
    """Return the chain of a graph with one made-up plant a stage."""
    route, forms = _longest_way(like)
    nation = like.node(route[-1])
    names = {
        node: nation.id if node == nation.id else f"{like.node(node).stage}-1" for node in route
    }
    made = {"confidence": "estimated", "note": NOTE}
    needs = [
        row for row in like.demand_rows if row.nation == nation.id and row.role == "final"
        and like.product_by_id[row.product].form == forms[-1]
    ]  # fmt: skip
    products = {like.node(node).product for node in route} | {needs[0].product}
    products |= {unit.product for unit in like.commodity.units}
    records: dict[str, list[dict[str, Any]]] = {
        "nodes": [_plant(like, node, names[node], made) for node in route],
        "edges": [
            {"source": names[tail], "target": names[head], "form": form, "standing": "observed",
             **made}
            for tail, head, form in zip(route, route[1:], forms, strict=False)
        ],
        "assays": _taken(like, "assays", "node_id", names),
        "circuits": _taken(like, "circuits", "node_id", names),
        "recoveries": [_recovery(names[node], made) for node in route[1:-1]],
        "products": [
            {"id": row.id, "name": row.name, "form": row.form}
            for row in like.product_by_id.values() if row.id in products
        ],
        "contents": _taken(like, "contents", "product_id", {p: p for p in products if p}),
        "demand": [
            _need(nation.id, needs[0].product, year, needs[0].unit, made)
            for year in sorted({like.commodity.base_year, like.commodity.last_year})
        ],
    }  # fmt: skip
    head = like.metadata.model_copy(
        update={
            "name": name,
            "title": f"{name}: a draft",
            "description": f"Made-up plants in the words of the graph {like.name}: replace every "
            "row that says so.",
            "version": "0.1.0",
            "licenses": ("CC-BY-4.0",),
            "attribution": "",
        }
    )
    return _network(head, records)


def _plant(like: SupplyNetwork, node_id: str, new_id: str, made: dict[str, Any]) -> dict[str, Any]:
    """Return the made-up counterpart of a plant or nation, in the place of the real one."""
    node = like.node(node_id)
    title = like.stage_by_name[node.stage].title
    if node.id in like.nation_ids:
        return {"id": node.id, "name": node.name, "stage": node.stage, "country": node.country,
                **made}  # fmt: skip
    sizes = {"capacity": _AMOUNT, "unit": node.unit} if node.unit else {}
    alike = [row for row in like.node_rows if row.stage == node.stage] if node.makes else []
    makes = tuple(dict.fromkeys(group for row in alike for group in row.makes))
    return {
        "id": new_id, "name": f"Example {title[0].lower()}{title[1:]}", "stage": node.stage,
        "country": node.country, "makes": makes, "product": node.product, **sizes, **made,
    }  # fmt: skip


def _taken(
    like: SupplyNetwork, table: str, column: str, names: dict[str, str]
) -> list[dict[str, Any]]:
    """Return rows of a table for the plants of the way, once each, without their sources."""
    record = {
        "confidence": "estimated",
        "source_ids": (),
        "note": f"Taken over from {like.name}: replace it",
    }
    taken: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in like.rows(table):
        if getattr(row, column) in names:
            content = {**row.model_dump(), column: names[getattr(row, column)], **record}
            taken.setdefault(tuple(content[key] for key in type(row).key), content)
    return list(taken.values())


def _longest_way(net: SupplyNetwork) -> tuple[list[str], list[str]]:
    """Return the nodes and forms of a way that passes as many stages as any, surest links first."""
    order = {stage.name: at for at, stage in enumerate(net.stages)}
    origins = {stage.name for stage in net.stages if stage.is_origin}
    runs = {node.id for node in net.node_rows if node.status == "operating"}
    links = sorted(_forward(net, order, runs), key=lambda link: (order[net.node(link[0]).stage],))
    # longest way to each node, by the stages passed and then the links that were seen
    best: dict[str, tuple[float, list[str], list[str]]] = {
        node.id: (0.0, [node.id], []) for node in net.node_rows
        if node.stage in origins and node.id in runs
    }  # fmt: skip
    for tail, head, form, worth in links:
        if tail in best and best[tail][0] + worth > best.get(head, (0.0,))[0]:
            length, nodes, forms = best[tail]
            best[head] = (length + worth, [*nodes, head], [*forms, form])
    wanted = {(row.nation, net.product_by_id[row.product].form) for row in net.demand_rows
              if row.role == "final"}  # fmt: skip
    routes = [route for nation in net.nation_ids if (route := best.get(nation))
            and (nation, route[2][-1]) in wanted]  # fmt: skip
    if not routes:
        raise OptionError(f"{net.name}: no route leads from the ground to a demand")
    _, nodes, forms = max(routes, key=lambda path: path[0])
    return nodes, forms


def _forward(
    net: SupplyNetwork, order: dict[str, int], runs: set[str]
) -> Iterator[tuple[str, str, str, float]]:
    """Yield the links of plants that run, towards the nations, each with its worth for a way."""
    scrap = {form.name for form in net.commodity.forms if form.is_scrap}
    columns = ("source", "target", "form", "standing")
    for tail, head, form, standing in net.links[list(columns)].itertuples(index=False):
        is_onward = order[net.node(tail).stage] < order[net.node(head).stage]
        if is_onward and form not in scrap and {tail, head} <= runs:
            yield tail, head, form, 1.0 + (0.01 if standing == "observed" else 0.0)


def draft_files(net: SupplyNetwork) -> dict[str, str]:
    """Return the files of a draft's folder: tables, schemas for editors, a scenario, a README."""
    files = package_files(net)
    head = json.loads(files[DESCRIPTOR])
    files[DESCRIPTOR] = dump_json({"$schema": f"{_SCHEMAS}/datapackage.json", **head})
    for name in GRAPH_SCHEMAS:
        files[f"{_SCHEMAS}/{name}.json"] = graph_schema_text(name)
    files[f"{SCENARIOS}/stop.toml"] = _scenario(net)
    files["README.md"] = _readme(net)
    return files


def _scenario(net: SupplyNetwork) -> str:
    """Return a scenario that closes the first plant after the ground."""
    plant = next(node for node in net.node_rows if not net.stage_by_name[node.stage].is_origin)
    return f"""\
{TOML_DIRECTIVE}../{_SCHEMAS}/scenario.json
# A scenario is a list of changes, each with its reason and source. supplynet graph scenarios lists
# them; write for example  supplynet allocate {net.name} --scenario stop
title = "{plant.name} stops"
description = "A what-if to start from."

[[change]]
verb = "close"              # or open, scale, set, redate, restrict, add, ...
nodes = "node:{plant.id}"   # a selector: a node, a country, a stage, or several with commas
from_year = {min(net.commodity.base_year + 1, net.commodity.last_year)}
reason = "what-if"
"""


def _readme(net: SupplyNetwork) -> str:
    """Return what a newcomer needs beside the tables: the steps, and every column."""
    nation = net.nation_ids[0]
    lines = [
        f"# {net.metadata.title}",
        "",
        "Every row is made up. Replace the rows one by one, and ask again after each step:",
        "",
        "```",
        f"supplynet graph check {net.name}                  # what is wrong, and where",
        f"supplynet graph evidence {net.name}               # which rows matter most",
        f"supplynet report {net.name} --to {nation} --avoid {_dominant(net)}",
        "```",
        "",
        "`datapackage.json` says what flows, in which stages, forms and units; its schema in "
        f"`{_SCHEMAS}` lets an editor complete and check it. Cite each figure in `sources.csv`, or "
        "say in `note` what an estimate is made from. Low and high ends make the range of every "
        "answer. A table that is new must be listed under `resources`.",
        "",
    ]
    shown = [name for name in TABLES if name in _NEXT or net.rows(name)]
    for name in shown:
        lines += [f"## {name}.csv", "", row_summary(TABLES[name]), ""]
        lines += ["| column | meaning | unit | needed |", "|---|---|---|---|"]
        for field in table_schema(TABLES[name])["fields"]:
            needed = "yes" if field["constraints"]["required"] else ""
            meaning = field["description"].replace("|", "\\|")
            lines.append(f"| `{field['name']}` | {meaning} | {field.get('unit', '')} | {needed} |")
        lines.append("")
    return "\n".join(lines)


def _dominant(net: SupplyNetwork) -> str:
    """Return the country of the first plant of the chain."""
    return net.node_rows[0].country
