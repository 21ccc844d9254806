"""How long draws take: potentials of one nation, set against rebuilding each with ``linprog``.

    python benchmarks/draws.py [draws]

Prints what was measured on this machine, and what 10,000 draws would take at that pace.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

from scipy.optimize import linprog

import supplynet as sn
from supplynet.analysis.question import ask
from supplynet.analysis.uncertainty.plan import Plan, Prepared
from supplynet.analysis.uncertainty.points import BATCH

#: draws and seconds on two cores that are wanted
GOAL = {"potential": (10_000, 180.0)}
_REBUILT = 8


def prepared(of: str, years: tuple[int, ...] = (2026,)) -> Prepared:
    words = {"to": "KOR", "avoid": "CHN", "tier": "firm"}
    net = sn.load("rare-earths")
    return Prepared(Plan(net, of, words, years, (("base", ()),), 0, "sobol", False))


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
    return first - begun + (ready - first) - per_draw * BATCH, per_draw


def rebuilt() -> float:
    """Seconds of processor time for a draw whose graph and program are built anew."""
    study = prepared("potential")
    draws = study.draws(0)["base"]
    measure = study.strands[0].measures[0]
    begun = time.process_time()
    for draw in range(_REBUILT):
        question = ask(draws.network(draw), to="KOR", avoid="CHN", year=2026, tier="firm")
        own = replace(measure, question=question)  # type: ignore[type-var]
        for claims in own.forms.values():  # type: ignore[attr-defined]
            lp = own.model.program(own._objective(claims), maximize=True)  # type: ignore[attr-defined]
            ends = list(zip(lp.lower, lp.upper, strict=True))
            found = linprog(-lp.c, lp.a_ub, lp.b_ub, lp.a_eq, lp.b_eq, ends, method="highs")
            assert found.status == 0
    return (time.process_time() - begun) / _REBUILT


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    cores = os.cpu_count() or 1
    slow = rebuilt()
    for of, (wanted, seconds) in GOAL.items():
        once, per_draw = drawn(of, n)
        takes = once + wanted * per_draw / 2
        print(f"{of}: {per_draw * 1000:.1f} ms of processor time a draw, {once:.1f} s to prepare")
        print(f"  {wanted:,} draws on two free cores: {takes:,.0f} s (goal {seconds:,.0f} s)")
        print(
            f"  built anew with linprog: {slow * 1000:.0f} ms a draw, {slow / per_draw:.0f} times"
        )
    print(f"processor time on {cores} cores; whatever else runs there is not counted")


if __name__ == "__main__":
    main()
