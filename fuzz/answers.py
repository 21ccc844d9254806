"""Hold answers for random networks against exact fractions.

    python -m fuzz.answers flows --cases 10000 --seed 1
    python -m fuzz.answers balances --cases 1000 --seed 1 --record fuzz/runs.json

Maximum flows of networks of every legal kind (decimals, infinities, tiny and huge capacities,
parallel and opposite edges, loops, parts that nothing joins, capacities of nodes) are held against
shortest augmenting paths in fractions. Balances of graphs with random figures and links are held
against a program that is built from the tables without the package, and solved by a simplex method
in fractions. A case that differs is kept with its seed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from pathlib import Path

import numpy as np

import supplynet as sn
from fuzz.exact import Program, basis_of, optimum
from fuzz.mutations import Graph, Rows, graph_of
from fuzz.records import recorded
from supplynet.analysis.balance.programs import Words, run_of
from supplynet.analysis.question import ask
from supplynet.errors import SupplynetError, UnboundedError
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.reference.independent_lp import TIERS, Tables, program
from tests.solve.networks import KINDS, random_problem
from tests.solve.oracle import max_flow_value

#: of an optimum, beside which a difference of floats from fractions is none
AGREES = 1e-9
_SHARED = Path("/dev/shm")


def flow_fault(problem: FlowProblem) -> str:
    """Return what is wrong with the flow of a problem, empty for nothing."""
    truth = max_flow_value(problem, as_decimal=False)
    try:
        solution = max_flow(problem)
    except UnboundedError:
        return "" if truth is None else f"unbounded, where {truth} can flow"
    if truth is None:
        return f"{solution.value}, where no capacity bounds the flow"
    if not certify_flow(problem, solution).ok:
        return "refused by its own check"
    if solution.method == "decimal":
        truth = max_flow_value(problem, as_decimal=True)
    assert truth is not None
    if solution.is_exact:
        return "" if solution.value == float(truth) else f"{solution.value}, not {truth}"
    is_held = Fraction(solution.lower) <= truth <= Fraction(solution.upper)
    is_close = solution.upper - solution.lower <= AGREES * solution.upper
    return "" if is_held and is_close else f"{solution.lower} to {solution.upper}, not {truth}"


def flows(seed: int, n_cases: int) -> Iterator[str]:
    """Give what is wrong with each of some random flows."""
    for number in range(n_cases):
        rng = np.random.default_rng([seed, number])
        kind = KINDS[number % len(KINDS)]
        fault = flow_fault(random_problem(rng, kind))
        yield f"flow {seed}-{number} of {kind} capacities: {fault}" if fault else ""


FACTORS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 1.7, 2.0, 3.0, 10.0)
#: links that are put between plants at random: the stage before, the stage behind, what flows
WAYS = (
    ("mine", "refiner", "ore", "t ore"),
    ("refiner", "refiner", "carbonate", "t ore"),
    ("refiner", "maker", "oxide", "t oxide"),
    ("maker", "nation", "goods", "t goods"),
)


def varied(rng: random.Random, graph: Graph) -> Graph:
    """Return the tutorial's graph with other figures, dates, standings, plants and links."""
    tables = deepcopy(graph.tables)
    for number in range(rng.randint(0, 4)):
        _put_plant(rng, tables, f"more-{number}")
    for name, column in (("nodes", "capacity"), ("edges", "capacity"), ("demand", "quantity")):
        for row in tables[name]:
            if row[column] and rng.random() < 0.6:
                row[column] = repr(round(float(row[column]) * rng.choice(FACTORS), 3))
    for row in tables["recoveries"]:
        if rng.random() < 0.5:
            row["recovery"] = rng.choice(("0.5", "0.75", "0.9", "1"))
    for row in tables["nodes"]:
        if row["stage"] != "nation" and rng.random() < 0.1:
            row["status"] = rng.choice(("operating", "construction", "planned", "cancelled"))
            row["start_year"] = rng.choice(("2020", "2025", "2026"))
    by_stage: dict[str, list[str]] = {}
    for row in tables["nodes"]:
        by_stage.setdefault(row["stage"], []).append(row["id"])
    links = [row for row in tables["edges"] if rng.random() < 0.85]
    for row in links:
        if rng.random() < 0.2:
            row["standing"] = rng.choice(("observed", "contracted", "planned", "possible"))
    known = {(row["source"], row["target"], row["form"]) for row in links}
    for before, behind, form, unit in WAYS:
        for _ in range(rng.randint(0, 6)):
            ends = rng.choice(by_stage[before]), rng.choice(by_stage[behind])
            if ends[0] == ends[1] or (*ends, form) in known:
                continue
            known.add((*ends, form))
            bound = {"capacity": str(rng.randint(0, 120)), "unit": unit}
            filled = {"source": ends[0], "target": ends[1], "form": form, "standing": "observed"}
            told = {"confidence": "estimated", "note": "Made-up figure"}
            row = dict.fromkeys(graph.heads["edges"], "")
            links.append({**row, **filled, **told, **(bound if rng.random() < 0.6 else {})})
    tables["edges"] = links
    return Graph(tables, graph.heads, graph.files)


def _put_plant(rng: random.Random, tables: dict[str, Rows], name: str) -> None:
    """Put a plant like one that is there, with ore or losses of its own."""
    like = rng.choice([row for row in tables["nodes"] if row["stage"] != "nation"])
    country = rng.choice(("ISL", "FJI", "MLT"))
    tables["nodes"].append({**like, "id": name, "name": name, "country": country})
    for table in ("recoveries", "assays"):
        for row in [row for row in tables[table] if row["node_id"] == like["id"]]:
            tables[table].append({**row, "node_id": name})
    light = rng.choice((0.6, 0.75, 0.85, 0.95))
    for row in tables["assays"]:
        if row["node_id"] == name:
            row["share"] = repr(light if row["element"] == "Nd" else round(1.0 - light, 2))


def balance_told(
    folder: Path, year: int, tier: str, avoid: str, *, from_slack: bool
) -> tuple[float, Fraction]:
    """Return the most that a graph can serve, as the package states it and in fractions, t/yr.

    Raises
    ------
    SupplynetError
        If the graph is refused.
    """
    net = sn.load(folder)
    asked = Words("max_supply", net.commodity.elements, "capacity", (), "", {}, None, is_firm=False)
    question = ask(net, to="stage:nation", year=year, tier=tier, avoid=avoid or None)
    run, _ = run_of(question, asked)
    ours = run.programs["max_supply"][1].objective
    arrays = program(Tables(folder), year=year, tier=tier, avoid=avoid)
    exact = Program.of(**arrays)
    truth, _ = optimum(exact, () if from_slack else basis_of(**arrays))
    return ours, -truth


def balances(seed: int, n_cases: int) -> Iterator[str]:
    """Give what is wrong with each of some random balances.

    Graphs that are refused do not count, nor those that can serve nothing on both accounts.

    One of twenty programs is solved from slacks alone, the others from where another solver ended.
    """
    graph = graph_of("tutorial")
    number = n_done = 0
    with tempfile.TemporaryDirectory(dir=_SHARED if _SHARED.is_dir() else None) as scratch:
        folder = Path(scratch) / "graph"
        while n_done < n_cases:
            number += 1
            rng = random.Random(f"{seed} {number}")
            varied(rng, graph).write(folder)
            year, tier = rng.choice((2024, 2025, 2026)), rng.choice(list(TIERS))
            avoid = rng.choice(("", "", "ISL", "FJI", "ref-big"))
            try:
                told, truth = balance_told(folder, year, tier, avoid, from_slack=number % 20 == 0)
            except SupplynetError:
                continue
            if told == 0.0 and truth == 0:
                continue
            n_done += 1
            asked = f"{year}, {tier}, without {avoid or 'nothing'}"
            is_same = abs(told - float(truth)) <= AGREES * max(1.0, told)
            yield "" if is_same else f"balance {seed}-{number} ({asked}): {told}, not {truth}"


KINDS_OF_CASES = {"flows": flows, "balances": balances}


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=list(KINDS_OF_CASES))
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", type=Path, help="list of runs to add this one to")
    given = parser.parse_args()
    began = time.monotonic()
    faults = [fault for fault in KINDS_OF_CASES[given.kind](given.seed, given.cases) if fault]
    print(*faults, sep="\n", end="\n" if faults else "")
    if given.record is not None:
        recorded(given.record, given.kind, "random", given.seed, given.cases, len(faults))
    print(
        f"{given.kind}, seed {given.seed}: {given.cases:,} cases, {len(faults)} differ, "
        f"{time.monotonic() - began:.0f} s"
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
