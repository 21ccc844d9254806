"""A portfolio of 75 projects over 12 years, and its near-optimal alternatives, beside linopy.

A made-up chain: mines, refineries and makers that are all announced, each with a cost of its own
and each sold to every one of the next stage. A nation is to be served half of its demand from the
third year on at least cost. The peer is the same program written by hand in linopy (the language
that PyPSA states its programs in) and solved by HiGHS: starts by year as whole numbers, a flow a
link and year. The optimum of both is compared before times are; then what other plans within 10 %
take each, the peer asking for one that is furthest from all that are known, as PyPSA's modelling
to generate alternatives does.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from supplynet.analysis.decisions.alternatives import Nearby
from supplynet.analysis.decisions.case import case_of
from supplynet.analysis.decisions.rows import Query
from supplynet.network.network import SupplyNetwork
from tests.network.networks import edge, network, node

STAGES = ("mine", "ref", "maker")
BEGIN, BY, UNTIL, DISCOUNT = 2024, 2026, 2035, 0.05
NEED, PART, LEAD = 1000.0, 0.5, 1
#: t of goods that 1 t of oxide makes
GOODS = 10.0


def projects(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return capacity in t of ore a year and cost in USD of n projects of each stage."""
    rng = np.random.default_rng(seed)
    capacity = rng.integers(3, 12, size=(3, n)).astype(float)
    cost = capacity * rng.uniform(0.5e6, 2.0e6, size=(3, n)) + rng.uniform(1e6, 6e6, size=(3, n))
    return capacity, np.round(cost)


def graph(capacity: np.ndarray, cost: np.ndarray) -> SupplyNetwork:
    """Return the chain with an option a plant."""
    n = capacity.shape[1]
    nodes, edges, options, assays = [node("KOR", "nation", "KOR")], [], [], []
    recoveries = []
    for number in range(n):
        names = [f"{stage}-{number}" for stage in STAGES]
        ready = {"status": "announced", "start_year": BEGIN + LEAD}
        refines = {"unit": "t ore", "makes": ("light",), **ready}
        makes = {"unit": "t goods", "product": "goods", **ready}
        amounts = [float(capacity[stage, number]) for stage in range(3)]
        nodes += [
            node(names[0], "mine", "AUS", capacity=amounts[0], unit="t ore", **ready),
            node(names[1], "refiner", "AUS", capacity=amounts[1], **refines),
            node(names[2], "maker", "AUS", capacity=GOODS * amounts[2], **makes),
        ]  # fmt: skip
        assays.append({"node_id": names[0], "element": "Nd", "share": 1.0})
        recoveries += [{"node_id": one, "group": "all", "recovery": 1.0} for one in names[1:]]
        edges += [edge(names[0], f"ref-{other}", "ore") for other in range(n)]
        edges += [edge(names[1], f"maker-{other}", "oxide") for other in range(n)]
        edges.append(edge(names[2], "KOR", "goods"))
        options += [
            {
                "id": name,
                "name": name,
                "kind": "build",
                "nodes": f"node:{name}",
                "capex": float(cost[stage, number]),
                "earliest_year": BEGIN + LEAD,
                "lead": LEAD,
                "confidence": "estimated",
                "note": "made up",
            }
            for stage, name in enumerate(names)
        ]
    demand = [
        {"nation": "KOR", "use": "all", "product": "goods", "year": year, "quantity": NEED,
         "unit": "t goods", "role": "final"}
        for year in range(BEGIN, UNTIL + 1)
    ]  # fmt: skip
    return network(
        nodes=nodes, edges=edges, assays=assays, recoveries=recoveries, demand=demand,
        products=[{"id": "goods", "name": "Goods", "form": "goods"}],
        contents=[{"product_id": "goods", "element": "Nd", "share": 0.0857354}],
        options=options,
    )  # fmt: skip


class ByHand:
    """The same program in linopy."""

    def __init__(self, capacity: np.ndarray, cost: np.ndarray) -> None:
        import linopy
        import pandas as pd
        import xarray as xr

        n = capacity.shape[1]
        years = pd.RangeIndex(BEGIN + LEAD, UNTIL + 1, name="year")
        stage, plant = pd.RangeIndex(3, name="stage"), pd.RangeIndex(n, name="plant")
        buyer = pd.RangeIndex(n, name="buyer")
        self.model = model = linopy.Model()
        start = model.add_variables(binary=True, coords=[stage, plant, years], name="start")
        flow = model.add_variables(
            lower=0.0, coords=[pd.RangeIndex(2, name="hop"), plant, buyer, years], name="flow"
        )
        sold = model.add_variables(lower=0.0, coords=[plant, years], name="sold")
        model.add_constraints(start.sum("year") <= 1, name="once")
        tonnes = xr.DataArray(capacity, coords=[stage, plant])
        for number, year in enumerate(years):
            begun = start.isel(year=slice(0, number + 1)).sum("year") * tonnes
            now = flow.sel(year=year, drop=True)
            out = [now.isel(hop=0, drop=True).sum("buyer"), now.isel(hop=1, drop=True).sum("buyer")]
            into = [
                now.isel(hop=hop, drop=True).sum("plant").rename(buyer="plant") for hop in (0, 1)
            ]
            gone = sold.sel(year=year, drop=True)
            model.add_constraints(out[0] <= begun.sel(stage=0, drop=True), name=f"mined-{year}")
            model.add_constraints(into[0] <= begun.sel(stage=1, drop=True), name=f"refined-{year}")
            model.add_constraints(into[1] <= begun.sel(stage=2, drop=True), name=f"made-{year}")
            model.add_constraints(out[1] <= into[0], name=f"oxide-{year}")
            model.add_constraints(gone <= into[1], name=f"goods-{year}")
            if year >= BY:
                model.add_constraints(GOODS * gone.sum() >= PART * NEED, name=f"target-{year}")
        worth = [(1.0 + DISCOUNT) ** (BEGIN - (year - LEAD)) / 1e6 for year in years]
        money = xr.DataArray(cost, coords=[stage, plant]) * xr.DataArray(worth, coords=[years])
        self.start, self.cost = start, (start * money).sum()

    def solve(self, objective: Any, **options: float) -> np.ndarray:
        """Return the starts that make an objective least."""
        self.model.add_objective(objective, overwrite=True)
        words: dict[str, Any] = {"output_flag": False, "mip_rel_gap": 0.0, **options}
        self.model.solve(solver_name="highs", io_api="direct", **words)
        return np.round(self.model.solution["start"].values)

    def least(self) -> tuple[float, np.ndarray]:
        """Return the least cost in millions of USD, and the starts."""
        chosen = self.solve(self.cost)
        return float(self.model.objective.value), chosen

    def alternatives(self, cost: float, first: np.ndarray, n_others: int, limit: float) -> int:
        """Look for plans furthest from all known ones, to a gap of 5 % or for so many seconds."""
        import xarray as xr

        self.model.add_constraints(self.cost <= 1.1 * cost, name="limit")
        known = [first.sum(axis=2)]
        for _ in range(n_others):
            uses = xr.DataArray(np.sum(known, axis=0), dims=["stage", "plant"])
            aim = (self.start.sum("year") * uses).sum()
            known.append(self.solve(aim, mip_rel_gap=0.05, time_limit=limit).sum(axis=2))
        return len({one.tobytes() for one in known}) - 1


def timed(work: Any) -> tuple[float, Any]:
    begin = time.process_time()
    value = work()
    return time.process_time() - begin, value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=25, help="of each of three stages")
    parser.add_argument("--alternatives", type=int, default=20)
    parser.add_argument("--peer-alternatives", type=int, default=2)
    parser.add_argument("--peer-limit", type=float, default=20.0, help="seconds of each of them")
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    capacity, cost = projects(words.projects, words.seed)
    net = graph(capacity, cost)
    said = {"to": "KOR", "by": BY, "until": UNTIL, "begin": BEGIN, "target": PART}
    asked = Query.checked({**said, "discount": DISCOUNT, "tier": "committed"}, "plan")
    case = case_of(net, asked)
    seconds, (plan, bound) = timed(lambda: case.planner.cheapest(fixed={}))
    print(f"supplynet  {plan.cost:10.4f} million  {seconds:6.1f} s, proved: {bound.certificate.ok}")
    nearby = Nearby(case.planner, plan)
    ours, _ = timed(lambda: nearby.search(words.alternatives))
    n_ours = len(nearby.plans) - 1
    print(f"  {n_ours} alternatives, {ours / max(1, n_ours):.3f} s each")
    try:
        import linopy  # noqa: F401
    except ImportError:
        print("linopy is not installed: pip install linopy")
        return
    seconds, peer = timed(lambda: ByHand(capacity, cost))
    taken, (least, chosen) = timed(peer.least)
    print(f"linopy     {least:10.4f} million  {seconds:.1f} s to build, {taken:.1f} s to solve")
    assert abs(least - plan.cost) <= 1e-4 * plan.cost, (least, plan.cost)
    theirs, n_theirs = timed(
        lambda: peer.alternatives(least, chosen, words.peer_alternatives, words.peer_limit)
    )
    each, own = theirs / words.peer_alternatives, ours / max(1, n_ours)
    print(f"  {n_theirs} alternatives, {each:.2f} s each: {each / own:.0f} times as long")


if __name__ == "__main__":
    main()
