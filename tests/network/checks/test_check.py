"""Named checks: each finds its own fault and no other, and a sound graph has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from supplynet.errors import CheckError, UnknownNameError
from supplynet.network.checks.check import CHECKS, check
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES, Form, Unit
from tests.network.networks import added, changed, edge, headed, network, node, without
from tests.network.scenarios import HALF, scenario

Spoil = Callable[[SupplyNetwork], SupplyNetwork]
COPY = {"confidence": "estimated", "note": "made up"}
OUT = {"days": 30.0}


def _is(node_id: str) -> Callable[[Any], bool]:
    return lambda row: row.id == node_id


def _item(name: str) -> Callable[[Any], bool]:
    return lambda row: row.item == name


def _from(source: str) -> Callable[[Any], bool]:
    return lambda row: row.source == source


def _goods(**values: Any) -> Spoil:
    """Spoil the share of goods by value, or by weight without a series."""
    return lambda net: changed(net, "targets", _is("malta-goods-value"), **values)


def _ore(**values: Any) -> Spoil:
    """Spoil the quantity of ore."""
    return lambda net: changed(net, "targets", _is("ore-2024"), **values)


def _baseline(column: str) -> Spoil:
    """A baseline of a graph that had one thing more."""
    row = {"year": 2024, "what": "flow", "flow": 1.0, column: "gone"}
    return lambda net: added(net, "baseline", row)


def _stock(**values: Any) -> Spoil:
    """A reserve of goods in Malta with something wrong."""
    row = {"id": "reserve", "name": "Reserve", "kind": "reserve", "holders": "MLT"}
    row |= {"form": "goods", "quantity": 30.0, "unit": "days", **COPY, **values}
    return lambda net: added(net, "stocks", row)


def _option(**values: Any) -> Spoil:
    """A larger refinery in the tutorial with something wrong."""
    row = {"id": "more", "name": "More", "kind": "expand", "nodes": "node:ref-small"}
    row |= {"capacity": 10.0, "unit": "t ore", "capex": 1e6, "earliest_year": 2025, "lead": 1}
    return lambda net: added(net, "options", {**row, **COPY, **values})


def _shocks(*parts: dict[str, Any]) -> Spoil:
    """A shock of some parts, of a scenario that halves refiners."""
    whole = {"id": "stop", "name": "Stop", "scenario": "half", "begin": "2024-01", **COPY}
    whole["end"] = "2024-03"

    def spoil(net: SupplyNetwork) -> SupplyNetwork:
        tables = {table: net.rows(table) for table in TABLES}
        half = {**net.scenarios, "half": scenario("half", HALF)}
        net = SupplyNetwork.from_rows(net.metadata, tables, scenarios=half)
        return added(net, "shocks", *({**whole, **part} for part in parts))

    return spoil


def _happened(**values: Any) -> Spoil:
    """What happened in a shock, with something wrong."""
    row = {"id": "lost", "shock": "stop", "title": "Lost", "measure": "lost_share", "place": "MLT"}
    row |= {"form": "goods", "begin": "2024-01", "end": "2024-03", "value": 0.5, **COPY, **values}
    return lambda net: added(_shocks({})(net), "replays", row)


def _way(**values: Any) -> Spoil:
    """Days on the way, with something wrong."""
    row = {"kind": "transport", "source": "refiner", "days": 30.0, **COPY, **values}
    return lambda net: added(net, "lead_times", row)


def _year(months: Iterable[int] = range(1, 13), **values: Any) -> Spoil:
    """A profile of what goes to the nation, with something wrong."""
    row = {"source": "maker", "target": "MLT", "form": "goods", "share": 1.0 / 12.0, **COPY}
    rows = [{**row, "month": month, **values} for month in months]
    return lambda net: added(net, "seasons", *rows)


def _link(source: str, target: str) -> Callable[[Any], bool]:
    return lambda row: (row.source, row.target) == (source, target)


def _twice(net: SupplyNetwork, table: str) -> SupplyNetwork:
    return net.replace(**{table: [*net.rows(table), net.rows(table)[0]]})


def _scrap(net: SupplyNetwork, *, nodes: str = "node:maker-home", **form: Any) -> SupplyNetwork:
    """The network with a form of scrap, and plants that leave some."""
    new = Form(**{"name": "scrap", "title": "Scrap", "is_scrap": True, **form})
    net = headed(net, forms=(*net.commodity.forms, new))
    return added(net, "scrap", {"nodes": nodes, "ratio": 0.2})


RULE = {
    "id": "more",
    "source": "refiner",
    "target": "maker",
    "form": "oxide",
    "standing": "possible",
    "reason": "made up",
}
#: a toll that is right
TOLL = {**RULE, "source": "node:ref-small", "via": "node:ref-new", "toll_form": "oxide"}
#: a bounded corridor of oxide that a source states of
LEG = {**RULE, "capacity": 9, "unit": "t oxide", "source_ids": "s"}
#: the first year of a curve
FILLS = {"stage": "refiner", "year": 0, "share": 0.1}
BAN = {"id": "ban", "source": "ISL", "target": "MLT", "withheld": 1, "reason": "made up"}
TAILINGS = {"id": "t", "burden": "tailings", "nodes": "mine", "amount": 2, "unit": "t ore"}
CAP = {"id": "c", "burden": "tailings", "nodes": "mine", "amount": 9, "reason": "made up"}
ACCEPTED = {"check": "isolated-node", "value": "lone", "reason": "made up"}
OWNER = {"node_id": "ref-big", "country": "ISL", "share": 0.4}
CIRCUIT = {"node_id": "ref-big", "group": "Dy", "capacity": 5, "unit": "t oxide"}
#: what the figures of a country share, and how late projects come
CAUSE = {"id": "lands", "kind": "cause", "cause": "country", "correlation": 0.6, **COPY}
LATE = {
    "id": "late",
    "kind": "project",
    "status": ("planned",),
    "chance": 0.5,
    "delay": 0.2,
    "delay_late": 0.5,
    **COPY,
}
STEP = {"node_id": "ref-big", "year": 2026, "capacity": 5, "unit": "t ore"}


def _ships(net: SupplyNetwork, *changes: dict[str, Any]) -> SupplyNetwork:
    """The network with a scenario of these changes among those that it ships."""
    tables = {name: net.rows(name) for name in TABLES}
    return SupplyNetwork(net.metadata, tables, scenarios={"late": scenario("late", *changes)})


#: check -> ways to spoil the tutorial so that this check alone finds something, and where
def _unexplained(net: SupplyNetwork, name: str) -> SupplyNetwork:
    """Return the network with a stage of which nobody knows where its material is from."""
    stages = tuple(
        stage.model_copy(update={"is_unexplained": stage.name == name}) for stage in net.stages
    )
    return headed(net, stages=stages)


SPOILS: dict[str, list[tuple[Spoil, str, str]]] = {
    "scenario": [
        (lambda net: _ships(net, {"verb": "close", "nodes": "node:ref-bigg"}),
         "scenarios/late.toml", ""),
    ],
    "scenario-effect": [
        (lambda net: _ships(net, {"verb": "open", "nodes": "node:ref-big"}),
         "scenarios/late.toml", ""),
    ],
    "duplicate-id": [
        (lambda net: _twice(net, "nodes"), "nodes.csv", "id"),
    ],
    "unknown-name": [
        (lambda net: changed(net, "nodes", _is("mine-big"), source_ids=("no-such",)), "nodes.csv",
         "source_ids"),
        (lambda net: added(net, "edges", edge("ref-big", "maker-fre", "oxide")), "edges.csv",
         "target"),
        (lambda net: changed(net, "nodes", _is("ref-big"), makes=("light", "heavy", "middle")),
         "nodes.csv", "makes"),
        (lambda net: changed(net, "nodes", _is("maker-free"), product="good"), "nodes.csv",
         "product"),
        (lambda net: changed(net, "prices", _item("Nd"), form="oxyd"), "prices.csv", "form"),
    ],
    "unknown-country": [
        (lambda net: changed(net, "nodes", _is("mine-small"), country="FJJ"), "nodes.csv",
         "country"),
    ],
    "unsourced": [
        (lambda net: changed(net, "nodes", _is("mine-big"), note=""), "nodes.csv", "source_ids"),
        (lambda net: changed(net, "rules", _is("goods-to-malta"), confidence="sourced"),
         "rules.csv", "source_ids"),
    ],
    "unit": [
        (lambda net: changed(net, "edges", _link("ref-big", "maker-big"), observed=5.0),
         "edges.csv", "unit"),
        (lambda net: changed(net, "edges", _link("ref-big", "maker-home"), unit="t ore"),
         "edges.csv", "unit"),
        (lambda net: headed(net, units=(
            *net.commodity.units, Unit(name="t mix", measures="product", product="good"))),
         "datapackage.json", "units"),
        (lambda net: added(net, "capacities", {**STEP, "unit": "t oxide"}), "capacities.csv",
         "unit"),
        # a refiner names no product that a bound in tonnes of it could mean
        (lambda net: added(net, "rules", {**RULE, "source": "node:ref-small", "capacity": 1,
                                          "unit": "t goods"}), "rules.csv", "unit"),
    ],
    "group": [
        (lambda net: headed(net, groups={**net.commodity.groups, "more": ("Nd",)}),
         "datapackage.json", "groups"),
        (lambda net: headed(net, groups={**net.commodity.groups, "more": ("Tb",)}),
         "datapackage.json", "groups"),
        (lambda net: headed(net, surplus_limits={"host": 0}), "datapackage.json",
         "surplus_limits"),
    ],
    "circuit": [
        (lambda net: added(changed(net, "nodes", _is("ref-new"), makes=("heavy",)), "circuits",
                           {**CIRCUIT, "node_id": "ref-new", "group": "light"}), "circuits.csv",
         "group"),
        (lambda net: added(net, "circuits", CIRCUIT, {**CIRCUIT, "group": "heavy"}),
         "circuits.csv", "group"),
    ],
    "owner": [
        (lambda net: added(net, "owners", {**OWNER, "share": 0.6},
                           {**OWNER, "country": "MLT", "share": 0.5}), "owners.csv", "share"),
        (lambda net: added(net, "owners", {**OWNER, "country": "MLT", "share": 0.6}),
         "owners.csv", "country"),
        (lambda net: added(net, "owners", {**OWNER, "node_id": "MLT"}), "owners.csv", "node_id"),
    ],
    "also": [
        (lambda net: changed(net, "nodes", _is("maker-big"), also=("maker",)), "nodes.csv",
         "also"),
    ],
    "option": [
        (_option(nodes="refiner"), "options.csv", "nodes"),
        (_option(kind="recycle", element="Nd", capacity=None), "options.csv", "capacity"),
        (_option(kind="stock", form="goods"), "options.csv", "element"),
        (_option(kind="stock", form="goods", product="goods"), "options.csv", "unit"),
        (_option(latest_year=2024), "options.csv", "latest_year"),
        (_option(delay=2.0, delay_p90=1.0), "options.csv", "delay_p90"),
        (_option(kind="speed-up", nodes="node:MLT"), "options.csv", "nodes"),
        (_option(kind="speed-up"), "options.csv", "earliest_year"),
        (_option(unit="t gold"), "options.csv", "unit"),
        (_option(unit="t oxide"), "options.csv", "unit"),
        (_option(shares="MLT=0.7;ISL=0.7"), "options.csv", "shares"),
        (_option(shares="Malta"), "options.csv", "shares"),
        (_option(requires="more"), "options.csv", "requires"),
    ],
    "oxide": [
        (lambda net: headed(net, oxides={"Nd": "WO3"}), "datapackage.json", "oxides"),
        (lambda net: headed(net, oxides={"W": "WO3"}), "datapackage.json", "oxides"),
    ],
    "range": [
        (lambda net: changed(net, "edges", _link("mine-small", "ref-big"), capacity_low=51.0),
         "edges.csv", "capacity"),
        (lambda net: changed(net, "demand", lambda row: row.nation == "MLT" and row.year == 2024,
                             quantity_low=1001.0), "demand.csv", "quantity"),
        (lambda net: changed(net, "nodes", _is("MLT"), capacity_high=4.0), "nodes.csv",
         "capacity"),
    ],
    "shares": [
        (lambda net: changed(net, "assays", lambda row: row.share == 0.9, share=0.8),
         "assays.csv", "share"),
    ],
    "years": [
        (lambda net: changed(net, "nodes", _is("mine-big"), end_year=2009).replace(
            nodes=[
                *net.node_rows,
                net.node("mine-big").model_copy(
                    update={"id": "gone", "status": "closed", "end_year": 2009})],
            assays=[*net.assay_rows, *(row.model_copy(update={"node_id": "gone"})
                                       for row in net.assay_rows[:2])]),
         "nodes.csv", "end_year"),
        (lambda net: headed(net, base_year=2030), "datapackage.json", "base_year"),
    ],
    "duplicate-row": [
        (lambda net: _twice(net, "demand"), "demand.csv", "nation"),
        (lambda net: added(net, "capacities", STEP, STEP), "capacities.csv", "node_id"),
    ],
    "via": [
        (lambda net: headed(net, via=["FJI", "GRL"]), "datapackage.json", "via"),
        (lambda net: headed(net, via=["FJI:bakery"]), "datapackage.json", "via"),
    ],
    "stage-order": [
        (lambda net: without(net, "edges", _link("maker-big", "ISL")).replace(
            edges=[*net.edge_rows, *network(edges=[edge("ISL", "MLT", "goods")]).edge_rows]),
         "edges.csv", "source"),
        (lambda net: added(net, "edges", edge("ref-big", "ref-big", "oxide")), "edges.csv",
         "target"),
        (lambda net: added(net, "edges", edge("mine-big", "mine-small", "ore")), "edges.csv",
         "target"),
    ],
    "backward-link": [
        (lambda net: added(net, "edges", edge("maker-free", "ref-small", "oxide")), "edges.csv",
         "target"),
    ],
    "duplicate-link": [
        (lambda net: _twice(net, "edges"), "edges.csv", "start_year"),
    ],
    "firm-delivery": [
        (lambda net: changed(net, "edges", _link("mine-small", "ref-big"), minimum=51),
         "edges.csv", "minimum"),
    ],
    "observed-tonnage": [
        (lambda net: changed(net, "edges", _link("mine-small", "ref-big"), observed=51),
         "edges.csv", "observed"),
    ],
    "contract-tonnage": [
        (lambda net: changed(net, "edges", _link("mine-small", "ref-big"), standing="contracted",
                             note="Offtake of five years; tonnage not published"),
         "edges.csv", "standing"),
    ],
    "part-year": [
        (lambda net: changed(net, "rules", lambda row: row.id == "goods-to-malta", observed=50,
                             observed_months=11), "rules.csv", "observed_months"),
    ],
    "year-gap": [
        (lambda net: changed(
            added(net, "edges", edge("ref-small", "ref-new", "carbonate", start_year=2030)),
            "edges", lambda row: row.target == "ref-new" and row.start_year == 2026,
            end_year=2028), "edges.csv", "start_year"),
    ],
    "rule": [
        (lambda net: added(net, "rules", {**RULE, "source": "refinr"}), "rules.csv", "source"),
    ],
    "toll": [
        (lambda net: added(net, "rules", {**TOLL, "toll_form": ""}), "rules.csv", "toll_form"),
        (lambda net: added(net, "rules", {**TOLL, "form": "ore"}), "rules.csv", "form"),
        (lambda net: added(net, "rules", {**TOLL, "via": "mine"}), "rules.csv", "via"),
        (lambda net: added(net, "rules", {**TOLL, "via": "refiner"}), "rules.csv", "via"),
        (lambda net: added(net, "rules", {**TOLL, "via": "node:maker-big"}), "rules.csv", "via"),
        (lambda net: added(
            added(net, "scrap", {"nodes": "node:ref-new", "ratio": 0.3}), "rules", TOLL),
         "rules.csv", "via"),
    ],
    "toll-pair": [
        (lambda net: added(
            added(net, "sources", {"id": "s", "title": "S", "is_verified": "yes"}), "rules",
            {**LEG, "target": "node:maker-home"},
            {**LEG, "id": "out", "source": "node:maker-home", "target": "node:MLT",
             "form": "goods"}), "rules.csv", "id"),
    ],
    "price": [
        (lambda net: changed(net, "prices", _item("Nd"), end_year=2023), "prices.csv",
         "end_year"),
        (lambda net: changed(net, "prices", _item("Nd"), unit="t ore"), "prices.csv", "unit"),
        (lambda net: changed(net, "prices", _item("Nd"), unit="t goods"), "prices.csv", "unit"),
        (lambda net: changed(net, "prices", _item("Nd"), form="ore", unit="t ore"), "prices.csv",
         "item"),
        (lambda net: changed(net, "prices", _item("Nd"), kind="factor"), "prices.csv", "unit"),
        (lambda net: _twice(net, "prices"), "prices.csv", "item"),
    ],
    "ramp": [
        (lambda net: added(net, "ramps", {**FILLS, "year": 1}), "ramps.csv", "year"),
        (lambda net: added(net, "ramps", {**FILLS, "nodes": "FRA"}), "ramps.csv", "nodes"),
        (lambda net: added(net, "ramps", {**FILLS, "nodes": "refiner"},
                           {**FILLS, "nodes": "node:ref-new"}), "ramps.csv", "nodes"),
    ],
    "stock": [
        (_stock(product="goods", element="Nd"), "stocks.csv", "product"),
        (_stock(element="Nd", form="ore"), "stocks.csv", "form"),
        (_stock(product="goods", form="oxide"), "stocks.csv", "form"),
        (_stock(unit="barrels"), "stocks.csv", "unit"),
        (_stock(element="Nd", form="oxide", unit="t goods"), "stocks.csv", "unit"),
        (_stock(unit="t oxide"), "stocks.csv", "unit"),
        (_stock(holders="ISL:maker"), "stocks.csv", "holders"),
        (_stock(holders="node:MLT", element="Nd", form="oxide"), "stocks.csv", "holders"),
    ],
    "shock": [
        (_shocks({"scenario": "flood"}), "shocks.csv", "scenario"),
        (_shocks({"scenario": "half:depth=2"}), "shocks.csv", "scenario"),
        (_shocks({}, {"scenario": "half", "begin": "2024-02"}), "shocks.csv", "begin"),
        (_shocks({"buyer": "Nowhere"}), "shocks.csv", "buyer"),
    ],
    "replay": [
        (_happened(place="FRA"), "replays.csv", "place"),
        (_happened(end="2023-12"), "replays.csv", "end"),
        (_happened(place="maker"), "replays.csv", "place"),
        (_happened(form="ore"), "replays.csv", "form"),
        (_happened(value=-0.1), "replays.csv", "value"),
        (_happened(measure="output"), "replays.csv", "place"),
        (_happened(measure="output", place="refiner", element="Xx"), "replays.csv", "element"),
    ],
    "lead-time": [
        (_way(source="FRA"), "lead_times.csv", "source"),
        (_way(kind="processing", target="refiner"), "lead_times.csv", "target"),
    ],
    "season": [
        (_year(source="FRA"), "seasons.csv", "source"),
        (_year(months=range(1, 12)), "seasons.csv", "month"),
        (_year(share=0.09), "seasons.csv", "share"),
    ],
    "outage": [
        (lambda net: added(net, "outages", {**OUT, "nodes": "FRA"}), "outages.csv", "nodes"),
        (lambda net: added(net, "outages", {**OUT, "nodes": "refiner"},
                           {**OUT, "nodes": "node:ref-new"}, OUT), "outages.csv", "nodes"),
    ],
    "uncertainty": [
        (lambda net: added(net, "uncertainty", {**CAUSE, "correlation": None}), "uncertainty.csv",
         "correlation"),
        (lambda net: added(net, "uncertainty", {**CAUSE, "rate": 1}), "uncertainty.csv", "rate"),
        (lambda net: added(net, "uncertainty", CAUSE, {**CAUSE, "id": "all"}), "uncertainty.csv",
         "correlation"),
        (lambda net: added(net, "uncertainty", {**LATE, "status": ("planed",)}),
         "uncertainty.csv", "status"),
        (lambda net: added(net, "uncertainty", {**LATE, "delay": 0.0}), "uncertainty.csv",
         "delay"),
        (lambda net: added(net, "uncertainty", {**LATE, "delay_late": 0.1}), "uncertainty.csv",
         "delay_late"),
    ],
    "restriction": [
        (lambda net: added(net, "restrictions", {**BAN, "source": "FRA"}), "restrictions.csv",
         "source"),
        (lambda net: added(net, "restrictions", {**BAN, "target": "Malt"}), "restrictions.csv",
         "target"),
    ],
    "intensity": [
        (lambda net: added(net, "intensities", {**TAILINGS, "unit": "t or"}), "intensities.csv",
         "unit"),
        (lambda net: added(net, "intensities", {**TAILINGS, "group": "light"}), "intensities.csv",
         "unit"),
        (lambda net: added(net, "intensities", {**TAILINGS, "form": "ore", "group": "light",
                                                "unit": "t oxide"}), "intensities.csv", "group"),
    ],
    "cap": [
        (lambda net: added(added(net, "intensities", TAILINGS), "caps", {**CAP, "nodes": "FRA"}),
         "caps.csv", "nodes"),
    ],
    "charge": [
        (lambda net: changed(net, "charges", _is("mining"), target="MLT"), "charges.csv",
         "target"),
        (lambda net: changed(net, "charges", _is("mining"), unit="t"), "charges.csv", "unit"),
        (lambda net: changed(net, "charges", _is("mining"), unit="share"), "charges.csv", "unit"),
        (lambda net: changed(net, "charges", _is("freight-goods"), unit="t ore"), "charges.csv",
         "unit"),
        (lambda net: changed(net, "charges", _is("parting"), group="light", form="oxide",
                             unit="t oxide"), "charges.csv", "group"),
        (lambda net: changed(net, "charges", _is("duty-oxide"), amount=25.0, amount_high=None),
         "charges.csv", "amount"),
        (lambda net: without(net, "prices", lambda row: row.kind == "market"), "charges.csv",
         "unit"),
    ],
    "target": [
        *(
            (_goods(values=None, **{column: text}), "targets.csv", column)
            for column, text in (
                ("source", "FRA"), ("source", "all,,"), ("of_target", "FRA"),
                ("of_source", ""), ("value_high", 1.5), ("unit", "t good"), ("unit", "t ore"),
                ("model_year", 2030),
            )
        ),
        (_goods(unit="t oxide"), "targets.csv", "unit"),
        (_goods(values=None, item=("Nd",)), "targets.csv", "unit"),
        (_ore(of_source="mine"), "targets.csv", "of_source"),
        (_ore(of_more=5.0), "targets.csv", "of_more"),
        (_ore(of_source="", of_target="MLT"), "targets.csv", "of_target"),
        (_ore(values="malta", unit="t goods"), "targets.csv", "values"),
        (_ore(model_year=None), "targets.csv", "used_for"),
        (_ore(model_year=None, used_for="check", form="ore"), "targets.csv", "form"),
        (_ore(model_year=None, used_for="check", item=("Nd",)), "targets.csv", "item"),
    ],
    "target-input": [
        (_ore(shares_inputs=(name,)), "targets.csv", "shares_inputs") for name in ("nobody", "ore")
    ],
    "unit-value": [
        (lambda net: changed(net, "unit_values", _from("ISL"), source="FRA"), "unit_values.csv",
         "source"),
    ],
    "baseline": [
        (_baseline(name), "baseline.csv", name) for name in ("source", "rule", "form")
    ],
    "missing-capacity": [
        (lambda net: changed(net, "nodes", _is("maker-free"), capacity=None), "nodes.csv",
         "capacity"),
        (lambda net: changed(net.with_capacity("ref-small", 70.0, from_year=2024), "nodes",
                             _is("ref-small"), capacity=60.0), "nodes.csv", "capacity"),
    ],
    "missing-assay": [
        (lambda net: without(net, "assays", lambda row: row.node_id == "mine-small"),
         "nodes.csv", "id"),
    ],
    "missing-recovery": [
        (lambda net: without(net, "recoveries", lambda row: row.node_id == "ref-new"),
         "nodes.csv", "id"),
    ],
    "scrap": [
        (lambda net: _scrap(net, nodes="node:mine-big"), "scrap.csv", "nodes"),
        (lambda net: _scrap(net, nodes="node:maker-hom"), "scrap.csv", "nodes"),
        (lambda net: added(_scrap(net), "scrap", {"nodes": "maker", "ratio": 0.1}), "scrap.csv",
         "nodes"),
        (lambda net: _scrap(net, is_final=True), "datapackage.json", "forms"),
        (lambda net: added(_scrap(net), "edges", edge("maker-big", "ref-big", "scrap")),
         "edges.csv", "source"),
        (lambda net: added(_scrap(net), "rules",
                           {**RULE, "source": "node:maker-home", "target": "refiner,nation",
                            "form": "scrap"}), "rules.csv", "target"),
    ],
    "isolated-node": [
        (lambda net: added(added(net, "nodes", node("lone", "maker", "FJI", capacity=1,
                                                    unit="t oxide")),
                           "recoveries", {"node_id": "lone", "group": "all", "recovery": 1}),
         "nodes.csv", "id"),
    ],
    "no-outlet": [
        (lambda net: added(added(added(net, "nodes", node("lone", "maker", "FJI", capacity=1,
                                                          unit="t oxide")),
                                 "recoveries", {"node_id": "lone", "group": "all", "recovery": 1}),
                           "edges", edge("ref-small", "lone", "oxide")), "nodes.csv", "id"),
    ],
    "missing-start": [
        (lambda net: changed(net, "nodes", _is("ref-new"), start_year=None), "nodes.csv",
         "start_year"),
    ],
    "unreachable-nation": [
        (lambda net: added(added(net, "nodes", node("ITA", "nation", "ITA")),
                           "edges", edge("ref-new", "ITA", "oxide")), "nodes.csv", "id"),
    ],
    "origin": [
        (lambda net: _unexplained(net, "mine"), "nodes.csv", "capacity"),
    ],
    "accepted": [
        (lambda net: added(net, "accepted", ACCEPTED), "accepted.csv", "value"),
        (lambda net: added(net, "accepted", {**ACCEPTED, "check": "unsourced"}), "accepted.csv",
         "check"),
        (lambda net: added(net, "accepted", {**ACCEPTED, "check": "isolated-nodes"}),
         "accepted.csv", "check"),
    ],
}  # fmt: skip
CASES = [
    pytest.param(code, *case, id=f"{code}-{place}")
    for code, cases in SPOILS.items()
    for place, case in enumerate(cases)
]


def test_the_tutorial_is_sound(tutorial: SupplyNetwork) -> None:
    """What every case below starts from."""
    report = check(tutorial, strict="all")
    assert report.ok
    assert report.errors == report.warnings == ()
    assert report.n_checks == len(CHECKS)


def test_every_check_has_a_network_that_triggers_it() -> None:
    """A check that nothing triggers could be broken without a sign."""
    assert set(SPOILS) == {one.code for one in CHECKS}
    assert all(SPOILS.values())
    assert len({one.code for one in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(("code", "spoil", "file", "column"), CASES)
def test_a_check_finds_its_fault_and_no_other_check_does(
    tutorial: SupplyNetwork, code: str, spoil: Spoil, file: str, column: str
) -> None:
    report = check(spoil(tutorial))
    found = [*report.errors, *report.warnings]
    assert {problem.code for problem in found} == {code}
    severity = next(one.severity for one in CHECKS if one.code == code)
    assert bool(report.errors) == (severity == "error")
    assert (file, column) in {(problem.file, problem.column) for problem in found}


def test_links_of_scrap_are_what_they_are_for(tutorial: SupplyNetwork) -> None:
    """They run against the chain and may be measured as a whole; a wrong rule is reported once."""
    bound = {"capacity": 5, "unit": "t ore"}
    net = added(_scrap(tutorial), "edges", edge("maker-home", "ref-big", "scrap", **bound))
    assert check(net, strict="all").ok
    rule = {**RULE, "source": "makr", "target": "ref", "form": "scrap"}
    found = check(added(net, "rules", rule))
    assert {problem.code for problem in found.errors} == {"rule"}


def test_scrap_alone_reaches_no_nation(tutorial: SupplyNetwork) -> None:
    """What only scrap could feed has no supply from the ground."""
    net = added(_scrap(tutorial), "nodes", node("ITA", "nation", "ITA"))
    plant = node("re", "refiner", "ITA", capacity=5, unit="t ore", makes="light")
    net = added(added(net, "nodes", plant), "edges", edge("maker-home", "re", "scrap"))
    net = added(net, "edges", edge("re", "ITA", "oxide"))
    net = added(net, "recoveries", {"node_id": "re", "group": "all", "recovery": 1})
    (problem,) = check(net).warnings
    assert (problem.code, problem.value) == ("unreachable-nation", "ITA")


def test_a_problem_is_placed_as_a_spreadsheet_counts(tutorial: SupplyNetwork) -> None:
    """The header is row 1: the fourth node stands in row 5."""
    place = next(i for i, row in enumerate(tutorial.node_rows) if row.id == "ref-small")
    (problem,) = check(changed(tutorial, "nodes", _is("ref-small"), country="FJX")).errors
    assert problem.row == place + 2
    assert problem.value == "FJX"
    assert "FJI" in problem.hint


def test_a_warning_counts_as_an_error_where_asked(tutorial: SupplyNetwork) -> None:
    net = changed(tutorial, "nodes", _is("maker-free"), capacity=None)
    assert check(net).ok
    for strict in ("all", "missing-capacity", ["missing-capacity"], "year-gap, missing-capacity"):
        assert not check(net, strict=strict).ok
    assert check(net, strict="year-gap").ok
    assert not net.check(strict=["all"]).ok


def test_a_check_that_does_not_exist_is_told() -> None:
    with pytest.raises(UnknownNameError, match="no check is called 'missing-capacty'") as caught:
        check(network(), strict="missing-capacty")
    assert "missing-capacity" in caught.value.hint


def test_a_report_can_be_required_shown_and_dumped(tutorial: SupplyNetwork) -> None:
    bad = check(_twice(changed(tutorial, "nodes", _is("mine-big"), unit="t or"), "demand"))
    with pytest.raises(CheckError, match="check of tutorial: 2 problems") as caught:
        bad.require()
    assert caught.value.exit_code == 3
    assert bad.summary().startswith(f"tutorial: {len(CHECKS)} checks, 2 errors, 0 warnings;")
    told = bad.to_dict()
    assert told["ok"] is False
    assert [one["code"] for one in told["errors"]] == ["unit", "duplicate-row"]
    check(tutorial).require()


def test_the_share_of_cited_rows() -> None:
    """Rows with figures only: products, sources and exclusions have none."""
    net = network(
        nodes=[
            node("a", "mine", "AUS", source_ids="s"),
            node("b", "mine", "AUS"),
            node("c", "mine", "AUS"),
            node("d", "mine", "AUS"),
        ],
        sources=[{"id": "s", "title": "S", "is_verified": "yes"}],
    )
    assert check(net).cited_share == 0.25
    assert check(network()).cited_share == 0.0


def test_every_fault_is_told_at_once(tutorial: SupplyNetwork) -> None:
    """No check stops another, however broken the network."""
    net = tutorial
    for code in ("duplicate-id", "unknown-name", "unit", "rule", "stage-order"):
        broken = SPOILS[code][0][0](tutorial)
        tables = {
            name: [*net.rows(name), *(r for r in broken.rows(name) if r not in net.rows(name))]
            for name in ("nodes", "edges", "rules")
        }
        net = net.replace(**tables)
    codes = {problem.code for problem in check(net).errors}
    assert {"duplicate-id", "unit", "rule", "stage-order"} <= codes


def test_a_rule_about_owners_does_not_stop_the_check_of_an_unknown_stage(
    tutorial: SupplyNetwork,
) -> None:
    """The stage of a node is looked up to know whether it is a nation."""
    net = added(
        added(tutorial, "nodes", node("odd", "mill", "FJI", status="closed")),
        "rules",
        {**RULE, "source": "owner:ISL"},
    )
    assert {problem.code for problem in check(net).errors} == {"unknown-name"}


# -- accepted warnings ---------------------------------------------------------------------


def lonely(tutorial: SupplyNetwork) -> SupplyNetwork:
    """Two plants without a link: a warning each."""
    for one in ("lone", "other"):
        plant = node(one, "maker", "FJI", capacity=1, unit="t oxide")
        tutorial = added(tutorial, "nodes", plant)
        tutorial = added(tutorial, "recoveries", {"node_id": one, "group": "all", "recovery": 1})
    return tutorial


def test_an_accepted_warning_counts_no_more(tutorial: SupplyNetwork) -> None:
    """Under strict, too; the other one stays, and the reason is reported."""
    net = added(lonely(tutorial), "accepted", ACCEPTED)
    report = check(net)
    assert [one.value for one in report.warnings] == ["other"]
    assert [row.value for row in report.accepted] == ["lone"]
    assert report.to_dict()["accepted"] == [ACCEPTED]
    assert not check(net, strict="all").ok
    net = added(net, "accepted", {**ACCEPTED, "value": "other"})
    assert check(net, strict="all").ok
    assert len(check(net, strict="isolated-node").accepted) == 2


def test_an_error_cannot_be_accepted(tutorial: SupplyNetwork) -> None:
    broken = changed(tutorial, "edges", _link("ref-big", "maker-big"), unit="t x", capacity=5)
    error = check(broken).errors[0]
    accepting = {"check": error.code, "value": error.value, "reason": "made up"}
    report = check(added(broken, "accepted", accepting))
    assert error in report.errors
    assert [(one.code, one.message) for one in report.warnings] == [
        ("accepted", "only warnings can be accepted")
    ]


def test_what_a_scenario_takes_away_need_not_be_accepted(tutorial: SupplyNetwork) -> None:
    """Closing the plant ends its warning; the row that accepts it stays right."""
    net = added(lonely(tutorial), "accepted", ACCEPTED, {**ACCEPTED, "value": "other"})
    closing = scenario("closed", {"verb": "close", "nodes": "node:lone", "reason": "made up"})
    report = net.with_scenario(closing).check(strict="all")
    assert report.ok
    assert [row.value for row in report.accepted] == ["other"]


def test_a_nation_that_asks_for_nothing_yet_need_not_be_reached(tutorial: SupplyNetwork) -> None:
    """Nothing in 2024, something from 2026 on: no warning for the base year."""
    net = added(tutorial, "nodes", node("ITA", "nation", "ITA"))
    net = added(net, "edges", edge("ref-new", "ITA", "oxide"))
    asks = {"nation": "ITA", "use": "any", "product": "goods", "unit": "t goods"}
    zero = {**asks, "year": 2024, "quantity": 0}
    assert [one.value for one in check(net).warnings] == ["ITA"]
    later = added(net, "demand", zero, {**asks, "year": 2026, "quantity": 9})
    assert check(later, strict="all").ok
    assert check(added(net, "demand", zero), strict="all").ok
    early = added(net, "demand", {**asks, "year": 2023, "quantity": 9}, {**zero, "year": 2025})
    assert [one.value for one in check(early).warnings] == ["ITA"]
