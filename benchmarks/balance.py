"""A thousand disruptions of the balance against building and solving each anew, in one run.

A disruption is the loss of one plant or of one arc (a named link, or a plant's way into or out of
a corridor), drawn by a seed. The peers are timed on a sample, and the time of all is worked out
from it; ``--full`` times all of them. Ours includes building the program and an independent check
of every optimum; the peers solve and check nothing. They are scipy.optimize.linprog as it comes,
and the engine that supplynet itself solves single programs with. Optima are compared before times
are. Last, how the time of building the program alone grows with the network. Times are those of the
processor, so that other work on the machine counts for little.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import supplynet as sn
from supplynet.analysis.balance.ask import asked
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.programs import model_of, supply
from supplynet.analysis.balance.scope import Scope, scope
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.removals import Removals, removals
from supplynet.solve.lp.solve import solve_linear
from tests.analysis.balance.grown import grown_network

TOLERANCE = 1e-7


@dataclass(frozen=True)
class Loss:
    """A plant or an arc, and the variables that go with it."""

    plant: str
    columns: tuple[int, ...]


def draw(built: Model, n: int, seed: int) -> list[Loss]:
    """Return some losses, all where there are no more than asked for."""
    given = built.scope
    by_arc, by_plant = defaultdict(list), defaultdict(list)
    for place, (_, key) in enumerate(built.columns.keys):
        (by_arc if isinstance(key[0], int) else by_plant)[key[0]].append(place)
    losses = [Loss("", tuple(by_arc[arc])) for arc in sorted(by_arc)]
    for label in given.frame.nodes:
        if not given.is_nation(label):
            arcs = {
                *given.frame.arcs_in.get(label, ()),
                *given.frame.arcs_out.get(label, ()),
            }
            columns = [place for arc in arcs for place in by_arc.get(arc, ())]
            losses.append(Loss(label, (*by_plant[label], *columns)))
    rng = np.random.default_rng(seed)
    return [losses[place] for place in rng.permutation(len(losses))[:n]]


def scope_of(net: SupplyNetwork, links: str, closed: frozenset[str] = frozenset()) -> Scope:
    year, elements = net.commodity.base_year, net.commodity.elements
    counted = {"links": links, "plants": "construction", "closed": closed}
    return scope(net, year=year, elements=elements, basis="capacity", **counted)


def build(net: SupplyNetwork, links: str, closed: frozenset[str] = frozenset()) -> Model:
    return model(scope_of(net, links, closed))


def program(built: Model, columns: tuple[int, ...] = ()) -> LinearProgram:
    upper = np.full(len(built.columns), np.inf)
    upper[list(columns)] = 0.0
    return built.program(supply(built), maximize=True, upper=upper)


def by_supplynet(net: SupplyNetwork, links: str, losses: list[Loss]) -> Removals:
    # every loss is a what-if, of the most that can be served, as `disrupt` asks
    question, words, _ = asked(
        net,
        year=net.commodity.base_year,
        links=links,
        plants="construction",
        basis="capacity",
        objective="max_supply",
        firm=False,
    )
    built = model_of(question, words)
    lp = built.program(supply(built, weights=words.weights), maximize=True)
    return removals(lp, [one.columns for one in losses])


def rebuilt(net: SupplyNetwork, links: str, loss: Loss) -> LinearProgram:
    """Build without the plant, or build and hold the arc at 0."""
    if loss.plant:
        return program(build(net, links, frozenset({loss.plant})))
    return program(build(net, links), loss.columns)


def without(lp: LinearProgram, loss: Loss) -> LinearProgram:
    """Hold the plant or arc of the program at hand at 0."""
    upper = np.array(lp.upper)
    upper[list(loss.columns)] = 0.0
    return replace(lp, upper=upper)


def by_linprog(lp: LinearProgram) -> float:
    bounds = np.column_stack([lp.lower, lp.upper])
    answer = linprog(-lp.c, lp.a_ub, lp.b_ub, lp.a_eq, lp.b_eq, bounds)
    assert answer.status == 0, answer.message
    return -float(answer.fun)


def by_engine(lp: LinearProgram) -> float:
    return solve_linear(lp).objective


def growth(shipped: SupplyNetwork, options: argparse.Namespace) -> None:
    """Print how the time of building a program grows with the network."""
    print("\nbuilding the program, processor seconds, best of several")
    print("     links  variables      rows    entries  scope  program")
    grown = (grown_network(options.seed, n_links) for n_links in (1_000, 3_000, 10_000))
    for net in (shipped, *grown):
        scopes, models = [], []
        for _ in range(options.runs):
            start = time.process_time()
            given = scope_of(net, "possible")
            middle = time.process_time()
            built = model(given)
            scopes.append(middle - start)
            models.append(time.process_time() - middle)
        lp = program(built)
        print(
            f"{len(net.edge_rows) + len(net.rule_rows):10,} {len(built.columns):10,} "
            f"{lp.b_ub.size + lp.b_eq.size:9,} {lp.a_ub.nnz + lp.a_eq.nnz:10,} "
            f"{min(scopes):6.3f} {min(models):8.3f}"
        )


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(name: str, net: SupplyNetwork, links: str, options: argparse.Namespace) -> None:
    built = build(net, links)
    lp = program(built)
    n_links = len(net.edge_rows) + len(net.rule_rows)
    n_columns, n_rows = len(built.columns), lp.b_ub.size + lp.b_eq.size
    print(
        f"\n{name}: {n_links:,} links and corridors x {len(net.commodity.elements)} elements, "
        f"{n_columns:,} variables, {n_rows:,} rows"
    )
    runs = [timed(lambda: sn.allocate(net, links=links)) for _ in range(options.runs)]
    print(f"  one balance with its tables         {statistics.median(runs):9.3f} s")
    losses = draw(built, options.n, options.seed)
    n = len(losses)
    start = time.process_time()
    found = by_supplynet(net, links, losses)
    ours = time.process_time() - start
    n_lossy = int((found.values < found.objective * (1.0 - TOLERANCE)).sum())
    print(
        f"  {n:,} disruptions, supplynet         {ours:9.3f} s   "
        f"({found.n_solved} programs solved, {n_lossy} losses, every optimum certified: "
        f"{'yes' if found.certificate.ok else 'NO'})"
    )
    n_sample = n if options.full else min(options.sample, n)
    peers = {
        "rebuilt, linprog": lambda one: by_linprog(rebuilt(net, links, one)),
        "not rebuilt, linprog": lambda one: by_linprog(without(lp, one)),
        "rebuilt, our engine": lambda one: by_engine(rebuilt(net, links, one)),
    }
    for peer, solve in peers.items():
        times, worst = [], 0.0
        for one, value in zip(losses[:n_sample], found.values[:n_sample].tolist(), strict=True):
            start = time.process_time()
            theirs = solve(one)
            times.append(time.process_time() - start)
            worst = max(worst, abs(theirs - value) / max(1.0, abs(theirs)))
        assert worst <= TOLERANCE, f"{peer}: optima differ by {worst:g}"
        seconds = statistics.fmean(times) * n
        of = "timed" if n_sample == n else f"from {n_sample} of them"
        print(
            f"  {n:,} disruptions, {peer:20} {seconds:6.1f} s   ratio {seconds / ours:6.1f}"
            f"   ({of}; optima differ by at most {worst:.1g})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="disruptions")
    parser.add_argument("--sample", type=int, default=60, help="of them for the peers")
    parser.add_argument("--full", action="store_true", help="all of them for the peers")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}; ratio: peer / supplynet")
    shipped = sn.load("rare-earths")
    compare("rare-earths, observed links", shipped, "observed", options)
    compare("rare-earths, all links", shipped, "possible", options)
    compare("grown network", grown_network(options.seed), "possible", options)
    growth(shipped, options)


if __name__ == "__main__":
    main()
