"""The tutorial graph with more in it: sources, an unknown owner, names that try to be more."""

from __future__ import annotations

from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Capacity, Production, Source

HOSTILE = "\x1b[31m[red]a|b[/red] <b>[x](https://evil.example)`\u202e"


def hostile(net: SupplyNetwork) -> SupplyNetwork:
    """Every free text of the graph made hostile."""
    nodes = [
        node.model_copy(
            update={
                "name": HOSTILE,
                "note": HOSTILE,
                "region": HOSTILE,
                "operator": HOSTILE,
                "feed": HOSTILE,
            }
        )
        for node in net.node_rows
    ]
    rules = [rule.model_copy(update={"reason": HOSTILE, "note": HOSTILE}) for rule in net.rule_rows]
    metadata = net.metadata.model_copy(
        update={"title": HOSTILE, "description": HOSTILE, "attribution": HOSTILE}
    )
    return sourced(net.replace(metadata=metadata, nodes=nodes, rules=rules), HOSTILE)


def sourced(net: SupplyNetwork, title: str = "A book") -> SupplyNetwork:
    """Rows cite one source that was read and one that was not, and a plant has steps."""
    sources = [
        Source(id="read", title=title, publisher=title, year="2024", is_verified="yes"),
        Source(id="recalled", title=title, page="p. 1", is_verified="no"),
        Source(id="unused", title=title, is_verified="yes"),
    ]
    rows = {
        name: [row.model_copy(update={"source_ids": ids}) for row in net.rows(name)]
        for name, ids in (
            ("nodes", ("read",)),
            ("edges", ("recalled", "missing")),
            ("demand", ("read", "recalled")),
            ("assays", ("read",)),
        )
    }
    steps = [
        Capacity(
            confidence="sourced",
            node_id="ref-small",
            year=2025,
            capacity=100.0,
            capacity_low=90.0,
            unit="t ore",
        )
    ]
    made = [
        Production(
            confidence="sourced", node_id="ref-small", year=2024, production=60.0, unit="t ore"
        )
    ]
    return net.replace(sources=sources, capacities=steps, production=made, **rows)
