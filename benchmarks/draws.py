"""How long draws take: potentials, balances and flows, set against building each anew.

    python benchmarks/draws.py [draws]

Prints what was measured on this machine, and what 10,000 draws would take at that pace. The peers
are loops on one core. For each draw they make its network anew, check the question, build the
program or graph, and solve every program that the engine solves, with ``scipy.optimize.linprog`` as
it comes, or with OR-Tools (pip install ortools). What a draw's network shares with that of all
draws they are given for nothing; they prove nothing. Values are compared before times are.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import linprog

import supplynet as sn
from supplynet.analysis.arrays.flowgraph import flow_graph
from supplynet.analysis.balance.programs import supply
from supplynet.analysis.question import ask
from supplynet.analysis.uncertainty.plan import Plan, Prepared
from supplynet.analysis.uncertainty.shapes import BATCH

#: draws and seconds on two cores that are wanted
GOAL = {"potential": (10_000, 180.0), "balance": (10_000, 600.0), "flow": (10_000, 30.0)}
WORDS: dict[str, Any] = {"to": "KOR", "tier": "operating"}
_REBUILT = 8
# how many times the draws that are asked for two workers share: they import and prepare, too
_MANY = 10


def words(of: str) -> dict[str, Any]:
    """All nations at once, or one without the largest supplier."""
    return WORDS if of == "balance" else {**WORDS, "avoid": "CHN"}


def prepared(of: str) -> Prepared:
    net = sn.load("rare-earths")
    return Prepared(Plan(net, of, words(of), (2026,), (("base", ()),), 0, "lhs", False))


def drawn(of: str, n: int) -> tuple[float, float]:
    """Seconds of processor time to prepare, and for a draw."""
    begun = time.process_time()
    study = prepared(of)
    study.central()
    first = time.process_time()
    study.batch(0)
    ready = time.process_time()
    for number in range(1, 1 + max(1, n // BATCH)):
        study.batch(number)
    per_draw = (time.process_time() - ready) / (max(1, n // BATCH) * BATCH)
    return first - begun + max(0.0, (ready - first) - per_draw * BATCH), per_draw


def by_linprog(study: Prepared, draw: int) -> tuple[float, float]:
    """The first figure in tonnes, by a program that is built anew, and seconds."""
    measure: Any = study.strands[0].measures[0]
    draws = study.draws(0)["base"]
    begun = time.process_time()
    question = ask(draws.network(draw), year=2026, **study.plan.words)
    own = replace(measure, question=question)
    if study.plan.of == "balance":
        objectives = [supply(own.model)]
    else:
        objectives = [own._objective(claims) for claims in own.forms.values()]
    values = []
    for c in objectives:
        lp = own.model.program(c, maximize=True)
        ends = list(zip(lp.lower, lp.upper, strict=True))
        found = linprog(-lp.c, lp.a_ub, lp.b_ub, lp.a_eq, lp.b_eq, ends, method="highs")
        # unscaled, some programs are too hard for it: it has still tried
        values.append(-found.fun if found.status == 0 else np.nan)
    return values[0], time.process_time() - begun


def by_ortools(study: Prepared, draw: int) -> tuple[float, float]:
    """The flow by OR-Tools on a graph that is built anew, and seconds."""
    from ortools.graph.python import max_flow

    draws = study.draws(0)["base"]
    begun = time.process_time()
    question = ask(draws.network(draw), year=2026, **study.plan.words)
    graph = flow_graph(
        question.net,
        to=question.targets,
        element=study.strands[0].outputs[0].element,
        year=question.year,
        links=question.links,
        plants=question.plants,
        closed=question.shut.possibly,
    )
    n, scale = len(graph.labels), 1e6
    limits = np.minimum(np.concatenate([graph.capacity, graph.node_capacity]), 1e9) * scale
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate([graph.tail + n, np.arange(n)]).astype(np.int32),
        np.concatenate([graph.head, np.arange(n) + n]).astype(np.int32),
        limits.astype(np.int64),
    )
    solver.solve(graph.index["source"], graph.index["sink"] + n)
    return solver.optimal_flow() / scale, time.process_time() - begun


def rebuilt(of: str) -> float:
    """Seconds of processor time for a draw that is built anew."""
    by: Callable[[Prepared, int], tuple[float, float]] = by_linprog
    if of == "flow":
        by = by_ortools
    study = prepared(of)
    own = study.batch(0).values[:, 1]
    seconds = []
    for draw in range(_REBUILT):
        value, took = by(study, draw)
        if not np.isnan(value):
            assert np.isclose(value, own[draw], rtol=1e-6, atol=1e-3), (of, draw)
        seconds.append(took)
    return float(np.median(seconds))


def by_two(of: str, n: int) -> float:
    """Seconds a draw with two workers: what is done here, and half of what they do."""
    net = sn.load("rare-earths")
    here, there = time.process_time(), _of_workers()
    sn.uncertainty(net, of=of, year=2026, **words(of), draws=n, until=None, workers=2)
    return (time.process_time() - here + (_of_workers() - there) / 2) / (-(-n // BATCH) * BATCH)


def _of_workers() -> float:
    """Processor seconds of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    for of, (wanted, seconds) in GOAL.items():
        slow = rebuilt(of)
        once, per_draw = drawn(of, n)
        takes = once + wanted * per_draw / 2
        print(f"{of}: {per_draw * 1000:.1f} ms of processor time a draw, {once:.1f} s to prepare")
        print(f"  {wanted:,} draws on two free cores: {takes:,.0f} s (goal {seconds:,.0f} s)")
        print(f"  built anew: {slow * 1000:.0f} ms a draw, {slow / per_draw:.1f} times on one core")
        many = _MANY * n
        both = by_two(of, many)
        print(f"  {slow / both:.1f} times on two, {many:,} draws with all that workers begin with")
        sys.stdout.flush()
    print(f"processor time on {os.cpu_count()} cores; whatever else runs there is not counted")


if __name__ == "__main__":
    main()
