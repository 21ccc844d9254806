"""A small network to draw: two ways to a nation, one of them through a country to avoid."""

from __future__ import annotations

from typing import Any

from supplynet.network.edit import simple_metadata, validate_rows
from supplynet.network.network import SupplyNetwork

STAGES = ["mine", "plant", "maker", "nation"]


def node(node_id: str, stage: str, country: str, **more: Any) -> dict[str, Any]:
    return {
        "id": node_id,
        "name": more.pop("name", node_id.title()),
        "stage": stage,
        "country": country,
        "confidence": "estimated",
        "note": "made up",
        **more,
    }


def link(source: str, target: str, capacity: float | None = None, **more: Any) -> dict[str, Any]:
    return {
        "source": source,
        "target": target,
        "form": "material",
        "standing": "observed",
        "confidence": "estimated",
        "note": "made up",
        **({} if capacity is None else {"capacity": capacity, "unit": "t"}),
        **more,
    }


def limit(tonnes: float) -> dict[str, Any]:
    return {"capacity": tonnes, "unit": "t"}


NODES = [
    node("m-isl", "mine", "ISL", **limit(500)),
    node("m-fji", "mine", "FJI", **limit(100)),
    node("m-nzl", "mine", "NZL", **limit(60)),
    node("p-isl", "plant", "ISL", **limit(400)),
    node("p-fji", "plant", "FJI", **limit(80)),
    node("p-nzl", "plant", "NZL", **limit(30)),
    node("k-isl", "maker", "ISL", **limit(300)),
    node("k-fji", "maker", "FJI", **limit(70)),
    node("k-mlt", "maker", "MLT", **limit(200)),
    node("MLT", "nation", "MLT"),
]
EDGES = [
    link("m-isl", "p-isl"),
    link("m-fji", "p-fji"),
    link("m-fji", "p-isl"),
    link("m-nzl", "p-nzl", standing="planned"),
    link("m-nzl", "p-fji", 25, standing="possible"),
    link("p-isl", "k-isl"),
    link("p-isl", "k-mlt"),
    link("p-fji", "k-fji", standing="contracted"),
    link("p-nzl", "k-mlt", standing="planned"),
    link("p-nzl", "MLT", 5, standing="possible"),
    link("k-isl", "MLT"),
    link("k-fji", "MLT"),
    link("k-mlt", "MLT"),
]
#: what reaches MLT without ISL: k-fji 70, p-nzl 30
BYPASS = 100.0


def network(
    nodes: list[dict[str, Any]] | None = None,
    edges: list[dict[str, Any]] | None = None,
    rules: list[dict[str, Any]] | None = None,
) -> SupplyNetwork:
    metadata = simple_metadata("demo", stages=STAGES, commodity="graphite", title="Demo graph")
    return SupplyNetwork.from_rows(
        metadata,
        {
            "nodes": validate_rows("nodes", NODES if nodes is None else nodes),
            "edges": validate_rows("edges", EDGES if edges is None else edges),
            "rules": validate_rows("rules", rules or []),
        },
    )
