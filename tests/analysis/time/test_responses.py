"""What is begun when a shock comes: idle plants and substitutes, late, within limits, at a cost."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.network import SupplyNetwork
from supplynet.questions.run import RunResult, run
from supplynet.reports.results import document_of
from tests.analysis.time.networks import NEED, chains
from tests.network.networks import added, changed

SHOCK = {"avoid": "VNM", "during": "2024-02..2024-11", "begin": "2024-01", "end": "2024-12"}
HALF = NEED / 2
#: half of demand can be done without, 2.4 months after it was begun
THRIFT = {
    "id": "thrift", "name": "Goods that are done without", "kind": "substitute", "target": "KOR",
    "product": "goods", "capacity": 12.0 * 30.0, "unit": "t goods", "capex": 1000.0,
    "capex_high": 2000.0, "premium": 10.0, "premium_low": 5.0, "earliest_year": 2024, "lead": 0,
    "delay": 0.2, "delay_p90": 0.5, "confidence": "estimated",
}  # fmt: skip
AGAIN = {
    "id": "again", "name": "An idle plant runs again", "kind": "restart", "nodes": "ref-idle",
    "capex": 5000.0, "earliest_year": 2024, "lead": 0, "delay": 0.25, "confidence": "estimated",
}  # fmt: skip


def with_options(net: SupplyNetwork, *rows: dict[str, Any]) -> SupplyNetwork:
    return added(net, "options", *(rows or (THRIFT,)))


def served(result: RunResult) -> list[float]:
    return [row.served for row in result.months]


@pytest.mark.parametrize("behavior", ["rolling", "foresight"])
def test_a_substitute_comes_late_and_serves_up_to_what_it_can(behavior: str) -> None:
    net = with_options(chains())
    result = run(net, **SHOCK, respond=["thrift"], behavior=behavior)
    short, eased = [HALF] * 2, [HALF + 30.0] * 8
    assert served(result) == pytest.approx([NEED, *short, *eased, NEED])
    (row,) = result.responses
    assert (row.begins, row.drawn) == ("2024-04", pytest.approx(240.0))
    assert (row.cost, row.cost_low, row.cost_high) == pytest.approx((3400.0, 2200.0, 4400.0))
    assert result.certificate.ok
    assert "Goods that are done without" in str(document_of(result))
    assert not result.stocks, "it is no stock"
    assert served(run(net, **SHOCK, behavior=behavior)) == pytest.approx(
        served(run(chains(), **SHOCK, behavior=behavior))
    ), "what is not begun changes nothing"


def test_what_comes_in_place_of_a_product_is_used_up_elsewhere() -> None:
    """A product that replaces another is served less, by as much: nothing is made of nothing."""
    other = {"id": "ware", "name": "Ware", "form": "goods"}
    net = added(chains(), "products", other)
    net = added(net, "contents", {"product_id": "ware", "element": "Nd", "share": 0.0857354})
    need = net.rows("demand")[0].model_copy(update={"product": "ware", "quantity": 600.0})
    net = net.replace(demand=[net.rows("demand")[0], need])
    row = {**THRIFT, "instead": "ware", "delay": 0.0}
    bare, eased = (
        run(with_options(net, row), **SHOCK, respond=respond) for respond in ([], ["thrift"])
    )
    assert sum(served(eased)) <= sum(served(bare)) + 1e-6
    assert eased.certificate.ok


def idle() -> SupplyNetwork:
    """The chains; a refiner in AUS that is idle, with links that are only possible."""
    net = changed(chains(), "nodes", lambda row: row.id == "mine-aus", capacity=120.0)
    net = changed(net, "nodes", lambda row: row.id == "maker-aus", capacity=1200.0)
    row = next(row for row in net.node_rows if row.id == "ref-aus")
    new = row.model_copy(update={"id": "ref-idle", "status": "idle"})
    links = [
        edge.model_copy(
            update={
                "source": edge.source.replace("ref-aus", "ref-idle"),
                "target": edge.target.replace("ref-aus", "ref-idle"),
                "standing": "possible",
            }
        )
        for edge in net.edge_rows
        if "ref-aus" in (edge.source, edge.target)
    ]
    recoveries = [
        row.model_copy(update={"node_id": "ref-idle"})
        for row in net.rows("recoveries")
        if row.node_id == "ref-aus"  # type: ignore[attr-defined]
    ]
    return net.replace(
        nodes=[*net.node_rows, new],
        edges=[*net.edge_rows, *links],
        recoveries=[*net.rows("recoveries"), *recoveries],
    )


def test_an_idle_plant_runs_again_when_it_is_ready() -> None:
    result = run(with_options(idle(), AGAIN), **SHOCK, respond=["again"])
    assert served(result) == pytest.approx([NEED, *[HALF] * 3, *[NEED] * 8])
    assert result.responses[0].begins == "2024-05"
    assert result.responses[0].drawn is None
    assert [row.normal for row in result.months] == pytest.approx([NEED] * 12)
