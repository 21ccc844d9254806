"""Two chains that each bring one nation half of what it needs, with stocks to be added."""

from __future__ import annotations

from typing import Any

from supplynet.analysis.time.horizon import Horizon, horizon
from supplynet.analysis.time.states import asked_of
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import TABLES
from supplynet.questions.run import Query
from tests.network.networks import added, edge, network, node

#: goods that the nation needs in a month
NEED = 100.0
#: tonnes of neodymium oxide in a tonne of goods
HELD = 0.1


def chains(**tables: Any) -> SupplyNetwork:
    """Two chains, in AUS and in VNM, of mine, refiner and maker, and the nation KOR.

    Each makes 50 t of goods a month out of 5 t of oxide.
    """
    nodes, edges, recoveries, assays = [node("KOR", "nation", "KOR")], [], [], []
    for country in ("AUS", "VNM"):
        name = country.lower()
        mine, refiner, maker = f"mine-{name}", f"ref-{name}", f"maker-{name}"
        nodes += [
            node(mine, "mine", country, capacity=60.0, unit="t ore"),
            node(refiner, "refiner", country, capacity=60.0, unit="t ore", makes=("light",)),
            node(maker, "maker", country, capacity=600.0, unit="t goods", product="goods"),
        ]
        assays.append({"node_id": mine, "element": "Nd", "share": 1.0})
        recoveries += [
            {"node_id": plant, "group": "all", "recovery": 1.0} for plant in (refiner, maker)
        ]
        edges += [
            edge(mine, refiner, "ore"),
            edge(refiner, maker, "oxide"),
            edge(maker, "KOR", "goods"),
        ]
    ways = {"nodes": nodes, "edges": edges, "assays": assays, "recoveries": recoveries}
    return in_need(NEED, **ways, **tables)


def in_need(need: float, **tables: Any) -> SupplyNetwork:
    """A network in which KOR needs so many t of goods a month, each of 0.1 t of oxide."""
    wanted = {"nation": "KOR", "use": "all", "product": "goods", "year": 2024, "role": "final"}
    return network(
        products=[{"id": "goods", "name": "Goods", "form": "goods"}],
        contents=[{"product_id": "goods", "element": "Nd", "share": 0.0857354}],
        demand=[{**wanted, "quantity": 12.0 * need, "unit": "t goods"}],
        **tables,
    )


def stock(**values: Any) -> dict[str, Any]:
    """A stock of goods that the nation holds, unless it says otherwise."""
    return {
        "id": "reserve",
        "name": "Reserve",
        "kind": "reserve",
        "holders": "KOR",
        "form": "goods",
        "quantity": 150.0,
        "unit": "t goods",
        **values,
    }


def with_stock(**values: Any) -> SupplyNetwork:
    """The chains with one stock."""
    return added(chains(), "stocks", stock(**values))


def solved(net: SupplyNetwork, **words: Any) -> Horizon:
    """A run with its programs, as it is read for its answer."""
    query = Query.checked(words, "run")
    return horizon(asked_of(net, query), query, query.stocks)


def with_scenarios(net: SupplyNetwork, **scenarios: Scenario) -> SupplyNetwork:
    """The network with scenarios of its own."""
    tables = {table: net.rows(table) for table in TABLES}
    return SupplyNetwork.from_rows(net.metadata, tables, scenarios=scenarios)
