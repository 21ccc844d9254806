"""Footprints against an own small linear system on the written flows, in circles of scrap too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.test_scrap import head, need
from tests.network.networks import edge, network, node

#: t of carbon dioxide for a tonne that leaves each refiner
GAS = {"ref-a": 10.0, "ref-c": 1.0, "again": 3.0}
NATIONS = ("KOR", "JPN")


def buyers(
    kept: dict[str, float], needs: dict[str, float], *, ratio: float = 0.0, links: Any = None
) -> SupplyNetwork:
    """Two refiners, makers that lose different parts of what they get, and a recycler."""
    makers = [name for name in kept if name.startswith("k")]
    arcs = links or [(plant, maker) for plant in ("ref-a", "ref-c") for maker in makers]
    scrap = [(maker, "again") for maker in makers] if ratio else []
    back = [("again", maker) for maker in makers] if ratio else []
    return network(
        head(),
        nodes=[
            node("mine-a", "mine", "AUS", capacity=50, unit="t ore"),
            node("mine-c", "mine", "CHN", capacity=50, unit="t ore"),
            node("ref-a", "refiner", "AUS", makes="light"),
            node("ref-c", "refiner", "CHN", makes="light"),
            node("again", "refiner", "KOR", makes="light"),
            *(node(maker, "maker", "JPN", product="goods") for maker in makers),
            *(node(nation, "nation", nation) for nation in needs),
        ],
        assays=[{"node_id": m, "element": "Nd", "share": 1.0} for m in ("mine-a", "mine-c")],
        recoveries=[
            {"node_id": name, "group": "all", "recovery": share} for name, share in kept.items()
        ],
        edges=[
            edge("mine-a", "ref-a", "ore"),
            edge("mine-c", "ref-c", "ore"),
            *(edge(source, target, "oxide") for source, target in [*arcs, *back]),
            *(edge(source, target, "scrap") for source, target in scrap),
            *(edge(maker, nation, "goods") for maker in makers for nation in needs),
        ],
        scrap=[{"nodes": "maker", "ratio": ratio}] if ratio else [],
        products=[{"id": "goods", "name": "Goods", "form": "goods"}],
        contents=[{"product_id": "goods", "element": "Nd", "share": 1.0}],
        demand=[need(nation, tonnes) for nation, tonnes in needs.items()],
        intensities=[
            {"id": plant, "burden": "co2", "nodes": f"node:{plant}", "group": "light",
             "amount": amount, "unit": "t oxide"}
            for plant, amount in GAS.items()
        ],
    )  # fmt: skip


def by_hand(balance: sn.AllocateResult) -> dict[str, float]:
    """Return what comes with each nation's supply, from the written flows alone.

    What a plant brings and what comes with its purchases leaves with all that it sends, by weight::

        burden(p) = gas(p) sent(p) + sum_q flow(q, p) / sent(q) burden(q)
    """
    flows = balance.flows.groupby(["tail", "head"])["tonnes"].sum()
    names = sorted({end for ends in flows.index for end in ends})
    place = {name: number for number, name in enumerate(names)}
    carried = np.zeros((len(names), len(names)))
    for (tail, head_), tonnes in flows.items():
        carried[place[tail], place[head_]] += tonnes
    sent = carried.sum(axis=1)
    for row in balance.surplus:  # what is left over keeps its part
        sent[place[row.node]] += row.amount
    part = carried / np.where(sent > 0.0, sent, 1.0)[:, None]
    brought = np.array([GAS.get(name, 0.0) for name in names]) * sent
    burden = np.linalg.solve(np.eye(len(names)) - part.T, brought)
    return {nation: burden[place[nation]] for nation in NATIONS if nation in place}


def test_losses_on_arrival_are_charged_to_the_buyer_that_causes_them() -> None:
    """50 t to a buyer that keeps a tenth and 50 t to one that keeps all, at 10 t of gas a tonne."""
    net = buyers(
        {"k0": 0.1, "k1": 1.0}, {"KOR": 5.0, "JPN": 50.0}, links=[("ref-a", "k0"), ("ref-c", "k1")]
    )
    net = net.replace(
        edges=[
            row
            for row in net.edge_rows
            if (row.source, row.target) not in {("k0", "JPN"), ("k1", "KOR")}
        ],
        intensities=[row.with_cells(amount=10.0) for row in net.rows("intensities")],
    )
    per_tonne = {n: sn.trace.footprint(net, to=n).at("co2").central for n in NATIONS}
    assert per_tonne == pytest.approx({"KOR": 100.0, "JPN": 10.0})


@given(
    st.lists(st.sampled_from([0.1, 0.3, 0.5, 0.9, 1.0]), min_size=3, max_size=3),
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.sampled_from([0.0, 0.25, 1.5]),
    st.sampled_from(["fair", "max_supply"]),
)
@settings(max_examples=25)
def test_law_footprints_are_those_of_the_written_flows(
    kept: list[float], needs: tuple[int, int], ratio: float, objective: str
) -> None:
    """Every buyer with a recovery of its own, in circles of scrap too."""
    shares = dict(zip(("k0", "k1", "k2"), kept, strict=True), again=0.8)
    wanted = dict(zip(NATIONS, map(float, needs), strict=True))
    balance = sn.allocate(buyers(shares, wanted, ratio=ratio), objective=objective)
    expected = by_hand(balance)
    for nation in NATIONS:
        told = sn.trace.footprint_of(balance, to=nation)
        brought = sum(row.central for row in told.rows)
        assert brought == pytest.approx(expected.get(nation, 0.0), rel=1e-6, abs=1e-6)
