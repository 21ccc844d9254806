"""Months of the shipped graph within their limits, and the same program by others, in one run.

First what the goals are about, on the whole graph with every plant: 36 months by one program (the
best that could be done), 24 months decided one after the other, and many shocks on a year in
quarters. Then one program, many chains of mine, refiner and maker that feed nations with a reserve
each, through a shock: built and solved by supplynet, by ``scipy.optimize.linprog`` on the program
of every month without building its balances, and by PyPSA (buses, links, stores) where it is
installed. What is served in all is compared before times are. Goals are reported in processor
seconds, so that other work on the machine counts for little.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import supplynet as sn
from supplynet.analysis.time.program import HorizonProgram
from supplynet.network.network import SupplyNetwork
from supplynet.questions.run import run
from supplynet.solve.lp.solve import solve_linear
from tests.analysis.time.networks import solved
from tests.network.networks import edge, network, node

NEED, HELD, MONTHS, SHUT = 100.0, 150.0, 36, 12


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> Any:
    """Return the seconds that work takes, and what it returns."""
    start = clock()
    value = work()
    return clock() - start, value


def processor(work: Callable[[], Any]) -> Any:
    return timed(work, time.process_time)


def goals(n_shocks: int) -> None:
    """Print what the shipped graph takes."""
    net = sn.load("rare-earths")
    span = {"begin": "2027-01", "end": "2029-12"}
    seconds, planned = processor(
        lambda: solved(net, shock="full-stop-24", behavior="foresight", **span)
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"36 months, one program     {seconds:7.1f} s   {len(planned.plan.program):,} variables, "
        f"{memory:.2f} GB, certified: {planned.certificate.ok}"
    )
    net = sn.load("rare-earths")
    seconds, rolled = processor(lambda: sn.shock(net, shock="full-stop-24", end="2028-12"))
    print(
        f"24 months, one by one      {seconds:7.1f} s   {rolled.n_programs} programs, "
        f"certified: {rolled.certificate.ok}"
    )
    parts = [round(number / max(1, n_shocks), 4) for number in range(n_shocks)]
    words = {"begin": "2027-01", "end": "2027-12", "by": "quarter"}
    net = sn.load("rare-earths")
    seconds, _ = processor(
        lambda: [
            sn.shock(net, shock=f"china-magnets-withheld:part={part}@2027-01..2027-03", **words)
            for part in parts
        ]
    )
    print(
        f"{n_shocks} shocks, a year in quarters {seconds:5.1f} s   "
        f"{100 * seconds / n_shocks:.0f} s for a hundred"
    )


def many_chains(n: int) -> SupplyNetwork:
    """Return n chains in AUS and n in VNM, each pair of which feeds the nation."""
    nodes, edges, recoveries, assays = [node("KOR", "nation", "KOR")], [], [], []
    for number in range(n):
        for country in ("AUS", "VNM"):
            mine, refiner, maker = (
                f"{stage}-{country.lower()}-{number}" for stage in ("mine", "ref", "maker")
            )
            ore = 60.0 / n
            nodes += [
                node(mine, "mine", country, capacity=ore, unit="t ore"),
                node(
                    refiner,
                    "refiner",
                    country,
                    capacity=ore,
                    unit="t ore",
                    makes=("light",),
                ),
                node(maker, "maker", country, capacity=10 * ore, unit="t goods", product="goods"),
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
    years = {
        "nation": "KOR", "use": "all", "product": "goods", "quantity": 12.0 * NEED,
        "unit": "t goods", "role": "final",
    }  # fmt: skip
    reserve = {
        "id": "reserve", "name": "Reserve", "kind": "reserve", "holders": "KOR", "form": "goods",
        "quantity": HELD, "unit": "t goods",
    }  # fmt: skip
    return network(
        nodes=nodes,
        edges=edges,
        assays=assays,
        recoveries=recoveries,
        products=[{"id": "goods", "name": "Goods", "form": "goods"}],
        contents=[{"product_id": "goods", "element": "Nd", "share": 0.0857354}],
        demand=[{**years, "year": year} for year in (2024, 2025, 2026)],
        stocks=[reserve],
    )


def asked() -> dict[str, str]:
    """Return the shock: a year without the plants of VNM, in the middle of three."""
    return {"avoid": "VNM", "during": "2025-01..2025-12", "begin": "2024-01", "end": "2026-12"}


def by_supplynet(n: int) -> float:
    result = run(many_chains(n), **asked(), behavior="foresight")
    assert result.certificate.ok
    return sum(row.served for row in result.months)


@cache
def planned(n: int) -> HorizonProgram:
    """Return the program of every month, its balances already built."""
    return solved(many_chains(n), **asked(), behavior="foresight").plan.program


def by_linprog(n: int) -> float:
    """Join every month of balances that are at hand and solve what serves most with linprog."""
    program = planned(n)
    objective = np.zeros(len(program))
    objective[list(program.served.values())] = 1.0
    return float(solve_linear(program.program(objective)).objective)


def by_pypsa(n: int) -> float:
    import pandas as pd
    import pypsa

    net = pypsa.Network()
    net.set_snapshots(pd.RangeIndex(MONTHS))
    is_open = np.ones(MONTHS)
    is_open[12 : 12 + SHUT] = 0.0
    net.add("Bus", "KOR")
    each = 10.0 * NEED / 2 / n / 100.0  # oxide a month
    for country in ("AUS", "VNM"):
        there = is_open if country == "VNM" else np.ones(MONTHS)
        names = [f"{country}-{number}" for number in range(n)]
        for stage in ("ore", "oxide", "goods"):
            net.add("Bus", names, suffix=f"-{stage}")
        net.add("Generator", names, suffix="-mine", bus=[f"{k}-ore" for k in names], p_nom=each)
        for first, then, factor in (("ore", "oxide", 1.0), ("oxide", "goods", 10.0)):
            net.add(
                "Link",
                names,
                suffix=f"-{then}-plant",
                bus0=[f"{k}-{first}" for k in names],
                bus1=[f"{k}-{then}" for k in names],
                p_nom=each,
                efficiency=factor,
                p_max_pu=pd.DataFrame(
                    np.tile(there[:, None], (1, n)), columns=[f"{k}-{then}-plant" for k in names]
                ),
            )
        net.add(
            "Link", names, suffix="-ship", bus0=[f"{k}-goods" for k in names], bus1="KOR",
            p_nom=NEED,
        )  # fmt: skip
    net.add("Store", "reserve", bus="KOR", e_nom=HELD, e_initial=HELD)
    net.add("Load", "need", bus="KOR", p_set=NEED)
    net.add("Generator", "unmet", bus="KOR", p_nom=NEED, marginal_cost=1.0)
    net.optimize(solver_name="highs", log_to_console=False)
    return MONTHS * NEED - float(net.generators_t.p["unmet"].sum())


def compare(n: int, runs: int) -> None:
    """Print the same program by all."""
    print(f"\n{2 * n} chains, {MONTHS} months, a shock of {SHUT}: best of {runs}")
    peers: dict[str, Callable[[int], float]] = {"supplynet": by_supplynet, "linprog": by_linprog}
    try:
        import pypsa  # noqa: F401

        peers["PyPSA"] = by_pypsa
    except ImportError:
        print("  PyPSA is not installed")
    planned(n)
    ours = value = 0.0
    for name, work in peers.items():
        several = [timed(lambda work=work: work(n)) for _ in range(runs)]  # type: ignore[misc]
        seconds = min(clock for clock, _ in several)
        served = several[0][1]
        if name == "supplynet":
            ours, value = seconds, served
        assert abs(served - value) <= 1e-4 * value, f"{name}: {served} t are served, not {value}"
        print(
            f"  {name:10} {seconds:8.2f} s   ratio {seconds / ours:6.1f}   {served:,.1f} t served"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shocks", type=int, default=100)
    parser.add_argument("--chains", type=int, default=50, help="pairs of chains")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=("goals", "peers"))
    options = parser.parse_args()
    if options.only != "peers":
        goals(options.shocks)
    if options.only != "goals":
        compare(options.chains, options.runs)


if __name__ == "__main__":
    main()
