"""Maximum flows with published values, through the solver and through whole networks."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import supplynet as sn
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.cuts import min_cut
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.network.networks import edge, network, node


class Case(NamedTuple):
    """A published network: where it stands, its ends, its arcs, and the value found there."""

    title: str
    source: str
    sink: str
    arcs: list[tuple[str, str, float]]
    value: float
    cut: set[tuple[str, str]] | None = None


CASES = [
    Case(
        # Cormen, Leiserson, Rivest, Stein: Introduction to Algorithms, 3rd ed. (2009), chapter 26,
        # figures 26.1 and 26.6 (the Lucky Puck Company's trucking problem): 23 crates a day, cut
        # of figure 26.6 (f) between {s, v1, v2, v4} and {v3, t}.
        "CLRS figure 26.6, Lucky Puck",
        "s",
        "t",
        [
            ("s", "v1", 16),
            ("s", "v2", 13),
            ("v1", "v3", 12),
            ("v2", "v1", 4),
            ("v2", "v4", 14),
            ("v3", "v2", 9),
            ("v3", "t", 20),
            ("v4", "v3", 7),
            ("v4", "t", 4),
        ],
        23,
        {("v1", "v3"), ("v4", "v3"), ("v4", "t")},
    ),
    Case(
        # The same book, figure 26.7: two augmentations of 1,000,000 each where a careless choice of
        # paths needs 2,000,000.
        "CLRS figure 26.7, a million",
        "s",
        "t",
        [
            ("s", "u", 1_000_000),
            ("s", "v", 1_000_000),
            ("u", "v", 1),
            ("u", "t", 1_000_000),
            ("v", "t", 1_000_000),
        ],
        2_000_000,
    ),
    Case(
        # Pyomo Gallery, network_interdiction/max_flow (max_flow_interdict.ipynb), before any
        # attack: 80.
        "Pyomo Gallery, max-flow interdiction without attack",
        "Start",
        "End",
        [
            ("Start", "B", 10),
            ("Start", "C", 70),
            ("C", "B", 30),
            ("B", "End", 100),
            ("C", "D", 40),
            ("D", "End", 50),
        ],
        80,
        {("Start", "B"), ("Start", "C")},
    ),
    Case(
        # The same notebook, with the one best attack, on Start -> C: 10.
        "Pyomo Gallery, max-flow interdiction, one attack",
        "Start",
        "End",
        [
            ("Start", "B", 10),
            ("Start", "C", 0),
            ("C", "B", 30),
            ("B", "End", 100),
            ("C", "D", 40),
            ("D", "End", 50),
        ],
        10,
    ),
    Case(
        # Pyomo Gallery, maxflow (the escaped animals of the zoo), results.yml: 14.
        "Pyomo Gallery, the zoo",
        "Zoo",
        "Home",
        [
            ("Zoo", "A", 11),
            ("Zoo", "B", 8),
            ("A", "C", 5),
            ("A", "D", 8),
            ("B", "A", 4),
            ("B", "C", 3),
            ("C", "D", 2),
            ("C", "E", 4),
            ("D", "E", 5),
            ("D", "Home", 8),
            ("E", "Home", 6),
        ],
        14,
        {("D", "Home"), ("E", "Home")},
    ),
    Case(
        # Zwick (1995), "The smallest networks on which the Ford-Fulkerson maximum flow procedure
        # may fail to terminate", Theoretical Computer Science 148, 165-170, figure 1 with M = 4:
        # an irrational capacity r = (sqrt(5) - 1) / 2, maximum flow 2 M + 1.
        "Zwick 1995, irrational capacity",
        "s",
        "t",
        [
            ("s", "v1", 4),
            ("s", "v2", 4),
            ("s", "v4", 4),
            ("v1", "t", 4),
            ("v3", "t", 4),
            ("v4", "t", 4),
            ("v2", "v1", 1),
            ("v2", "v3", 1),
            ("v4", "v3", (5**0.5 - 1) / 2),
        ],
        9,
    ),
]
TITLES = [case.title for case in CASES]


def problem_of(case: Case) -> tuple[FlowProblem, list[str]]:
    names = sorted({name for tail, head, _ in case.arcs for name in (tail, head)})
    problem = FlowProblem(
        tail=[names.index(tail) for tail, _, _ in case.arcs],  # type: ignore[arg-type]
        head=[names.index(head) for _, head, _ in case.arcs],  # type: ignore[arg-type]
        capacity=[capacity for _, _, capacity in case.arcs],  # type: ignore[arg-type]
        n_nodes=len(names),
        source=names.index(case.source),
        sink=names.index(case.sink),
    )
    return problem, names


@pytest.mark.parametrize("case", CASES, ids=TITLES)
def test_the_published_value(case: Case) -> None:
    problem, names = problem_of(case)
    solution = max_flow(problem)
    assert solution.value == pytest.approx(case.value, rel=1e-12)
    assert certify_flow(problem, solution).ok
    cut = min_cut(problem, solution)
    crossing = {case.arcs[place][:2] for place in cut.arcs.tolist()}
    capacity = sum(one[2] for one in case.arcs if one[:2] in crossing)
    assert capacity == pytest.approx(case.value, rel=1e-12)
    if case.cut is not None:
        assert sum(one[2] for one in case.arcs if one[:2] in case.cut) == case.value


def test_the_cut_of_the_lucky_puck() -> None:
    """CLRS figure 26.6 (f): the crossing edges have 12, 7 and 4 crates a day."""
    case = CASES[0]
    problem, _ = problem_of(case)
    cut = min_cut(problem, max_flow(problem))
    assert {case.arcs[place][:2] for place in cut.arcs.tolist()} == case.cut


@pytest.mark.parametrize("case", [c for c in CASES if c.value < 1e5], ids=lambda case: case.title)
def test_the_published_value_of_a_whole_network(case: Case) -> None:
    """The same arcs as links of a supply network: tables, selectors and units change nothing."""
    names = [name for tail, head, _ in case.arcs for name in (tail, head)]
    ids = {name: f"n-{name}" for name in names}
    ids[case.source], ids[case.sink] = "origin", "KOR"
    nodes: list[dict[str, Any]] = [
        node("origin", "mine", "AUS"),
        *(
            node(ids[name], "plant", "AUS")
            for name in dict.fromkeys(names)
            if name not in (case.source, case.sink)
        ),
        node("KOR", "nation", "KOR"),
    ]
    net: SupplyNetwork = network(
        simple_metadata("case", stages=["mine", "plant", "nation"], commodity="crates"),
        nodes=nodes,
        edges=[
            edge(ids[tail], ids[head], "material", capacity=capacity, unit="t")
            for tail, head, capacity in case.arcs
        ],
    )
    flow = sn.flow(net, to="KOR", element="crates")
    assert flow.value == pytest.approx(case.value, rel=1e-12)
    assert sum(one.capacity for one in flow.cut) == pytest.approx(case.value, rel=1e-12)
