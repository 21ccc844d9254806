"""Worst attacks with published values, and grids of a published form.

The small networks are those of the Pyomo Gallery (github.com/Pyomo/PyomoGallery, folders
network_interdiction and maxflow; values are the outputs of its notebooks). The grids have the form
of Royset and Wood, *Solving the bi-objective maximum-flow network-interdiction problem*, 2007,
doi:10.1287/ijoc.1060.0191; they are read from the folder that the variable SUPPLYNET_CASES names.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import attack_on_arcs
from supplynet.solve.interdiction.attack import interdict
from supplynet.solve.interdiction.certificate import certify_attack
from tests.solve.interdiction.milp import interdict_by_program

NODES = ("Start", "B", "C", "D", "End")
ARCS = [("Start", "B"), ("Start", "C"), ("C", "B"), ("B", "End"), ("C", "D"), ("D", "End")]
TAIL = [NODES.index(tail) for tail, _ in ARCS]
HEAD = [NODES.index(head) for _, head in ARCS]
CAPACITY = [10.0, 70.0, 30.0, 100.0, 40.0, 50.0]


@pytest.mark.parametrize(("budget", "value"), [(0, 80.0), (1, 10.0), (2, 0.0)])
def test_pyomo_max_flow(budget: int, value: float) -> None:
    flow = FlowProblem(TAIL, HEAD, CAPACITY, len(NODES), 0, 4)
    problem = attack_on_arcs(flow, budget=budget)
    found = interdict(problem, n_sets=20)
    assert (found.value, found.bound, found.is_complete) == (value, value, True)
    assert certify_attack(problem, found).ok
    named = [{ARCS[arc] for arc in some} for some in found.sets]
    if budget == 1:
        assert named == [{("Start", "C")}]
    if budget == 2:
        assert {("B", "End"), ("D", "End")} in named
    assert interdict_by_program(problem).value == value


# instance: rows of values by budget, of which 0 is the flow before any attack
GRIDS = {
    "net10_20_5": {0: 126, 1: 110, 2: 86, 3: 85, 5: 64, 8: 34},
    "net20_40_3": {0: 53, 1: 43, 2: 39, 3: 37, 5: 33, 8: 28},
}
SINKS = {"net10_20_5": 201, "net20_40_3": 801}


def grid(name: str) -> tuple[FlowProblem, np.ndarray]:
    folder = os.environ.get("SUPPLYNET_CASES")
    if not folder:
        pytest.skip("SUPPLYNET_CASES names no folder with cases/interdiction")
    path = Path(folder) / "cases" / "interdiction" / f"rw_{name}_link.csv"
    if not path.is_file():
        pytest.skip(f"SUPPLYNET_CASES holds no cases/interdiction/{path.name}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tail, head, capacity, cost = (
        np.array([int(row[column]) for row in rows])
        for column in ("srcNodeId", "dstNodeId", "bandwidth", "linkCost")
    )
    # 999 marks links that cannot be attacked
    price = np.where(cost == 999, np.inf, cost)
    sink = SINKS[name]
    return FlowProblem(tail, head, capacity, sink + 1, 0, sink), price


@pytest.mark.parametrize(
    ("name", "budget", "value"),
    [(name, budget, value) for name, rows in GRIDS.items() for budget, value in rows.items()],
)
def test_royset_and_wood_grids(name: str, budget: int, value: int) -> None:
    flow, cost = grid(name)
    problem = attack_on_arcs(flow, budget=budget, cost=cost)
    found = interdict(problem)
    assert (found.value, found.bound, found.gap) == (value, value, 0.0)
    assert certify_attack(problem, found).ok
