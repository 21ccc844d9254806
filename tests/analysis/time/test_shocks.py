"""A shock holds for each who receives as their row says, and for all others as its own."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.time.periods import parts_of
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.analysis.time.networks import with_scenarios
from tests.network.networks import added, edge, network, node
from tests.network.scenarios import scenario

NATIONS = ("FJI", "KOR", "PER")
PART = {"default": 0.5, "low": 0.0, "high": 1.0, "meaning": "part that does not come"}


def trade(*rows: dict[str, Any]) -> SupplyNetwork:
    """A maker that sends 10 t of goods a month to each of three nations, and a shock to that."""
    net = network(
        nodes=[
            node("mine", "mine", "AUS", capacity=1e5, unit="t ore"),
            node("ref", "refiner", "AUS", capacity=1e5, unit="t ore", makes=("light",)),
            node("maker", "maker", "AUS", capacity=1e5, unit="t goods", product="goods"),
            *(node(nation, "nation", nation) for nation in NATIONS),
        ],
        edges=[
            edge("mine", "ref", "ore"),
            edge("ref", "maker", "oxide"),
            *(
                edge("maker", nation, "goods", capacity=120, observed=120, unit="t goods")
                for nation in NATIONS
            ),
        ],
        assays=[{"node_id": "mine", "element": "Nd", "share": 1.0}],
        recoveries=[{"node_id": at, "group": "all", "recovery": 1.0} for at in ("ref", "maker")],
        products=[{"id": "goods", "name": "Goods", "form": "goods"}],
        contents=[{"product_id": "goods", "element": "Nd", "share": 0.1}],
        demand=[
            {
                "nation": nation,
                "use": "all",
                "product": "goods",
                "year": 2024,
                "role": "final",
                "quantity": 120.0,
                "unit": "t goods",
            }
            for nation in NATIONS
        ],
    )
    held = {
        "verb": "restrict",
        "links": {"source": "AUS", "target": "!AUS", "form": "goods"},
        "withheld": "$part",
        "relative_to": "observed",
    }
    late = sn.Scenario.from_dict({"parameters": {"part": PART}, "change": [held]}, name="late")
    shut = scenario("shut", {"verb": "close", "nodes": "maker"})
    net = with_scenarios(net, late=late, shut=shut)
    row = {"id": "delay", "name": "Delay", "scenario": "late:part=0.3", "begin": "2024-02"}
    return added(net, "shocks", *({**row, "end": "2024-03", **values} for values in rows))


def served(net: SupplyNetwork, month: str) -> dict[str, float]:
    run = sn.shock(net, shock="delay", begin="2024-01", end="2024-04")
    return {row.nation: row.served for row in run.months if row.period == month}


def test_each_buyer_is_cut_by_its_own_part() -> None:
    net = trade({}, {"buyer": "KOR", "scenario": "late:part=0.9"})
    for month in ("2024-02", "2024-03"):
        assert served(net, month) == pytest.approx({"FJI": 7.0, "KOR": 1.0, "PER": 7.0})
    assert served(net, "2024-04") == pytest.approx(dict.fromkeys(NATIONS, 10.0))


def test_a_buyer_that_is_named_in_some_months_gets_the_part_of_all_in_the_others() -> None:
    net = trade({}, {"buyer": "KOR", "scenario": "late:part=0.9", "end": "2024-02"})
    assert served(net, "2024-02")["KOR"] == pytest.approx(1.0)
    assert served(net, "2024-03")["KOR"] == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("more", "column", "said"),
    [
        ({"buyer": "KOR"}, None, ""),
        ({"buyer": "AUS"}, "buyer", "none of which is to it"),
        ({"buyer": "KOR,FJI", "scenario": "shut"}, "buyer", "about no links"),
    ],
)
def test_a_buyer_that_nothing_goes_to_is_an_error(
    more: dict[str, str], column: str | None, said: str
) -> None:
    found = [one for one in sn.graph.check(trade({}, more)).errors if one.file == "shocks.csv"]
    assert [one.column for one in found] == ([column] if column else [])
    assert all(said in one.message for one in found)


def test_two_rows_for_some_of_the_same_buyers_overlap() -> None:
    net = trade({"buyer": "KOR,PER"}, {"buyer": "KOR", "scenario": "late:part=0.9"})
    (found,) = [one for one in sn.graph.check(net).errors if one.file == "shocks.csv"]
    assert (found.column, found.row) == ("begin", 3)
    twice = trade({"buyer": "KOR"}, {"buyer": "KOR", "scenario": "late:part=0.9"})
    with pytest.raises(OptionError, match="overlap"):
        parts_of(twice, "delay")
