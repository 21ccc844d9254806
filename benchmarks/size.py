"""How time and memory of whole commands grow with the links of a network.

    python benchmarks/size.py [links ...]

Each command runs in a process of its own, start and reading included, but for two: the kernel
solves arrays that were read, and the first view of the explorer counts from the question to the
answer with its picture, asked of a server that has read the graph and was asked nothing yet. Plants
and links have a low and a high end, so that flows have a range; `plain` is without. A graph is read
as text and as Parquet. Prints seconds of processor time and peak memory beside what is wanted on
two cores, bytes a link, and by what power of the links each command grows.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

#: seconds and MB that are wanted, by links and command; None where nothing is
GOAL: dict[int, dict[str, tuple[float | None, float | None]]] = {
    100_000: {
        "load": (2.0, None),
        "check": (5.0, None),
        "flow": (5.0, None),
        "cut": (5.0, None),
        "chokepoints": (13.0, None),
        "coverage": (60.0, None),
        "explore": (2.0, None),
    },
    1_000_000: {"load": (10.0, 2000.0), "flow": (10.0, 2000.0), "chokepoints": (60.0, 2000.0)},
}
for _goals in GOAL.values():
    _goals |= {f"{name}, Parquet": _goals[name] for name in ("load", "flow")}
#: bytes a link at the most in the kernel and in all, and the power by which flow may grow
KERNEL_BYTES, ALL_BYTES, MOST_POWER = 200, 1_200, 1.15
#: links from which on no program is solved: those commands say that they are too large
NO_PROGRAM = 500_000

_WHO = ("--to", "XAA", "--avoid", "XAB")
_LOAD = "import sys, supplynet; supplynet.load(sys.argv[1])"
#: gives each capacity of a written graph its ends
_ENDS = """
import sys, pandas
for name in ("nodes", "edges"):
    table = pandas.read_csv(f"{sys.argv[1]}/{name}.csv", dtype=str, keep_default_na=False)
    for end, part in (("low", 0.9), ("high", 1.1)):
        amounts = pandas.to_numeric(table["capacity"])
        table[f"capacity_{end}"] = (amounts * part).round(1).astype(str).replace("nan", "")
    table.to_csv(f"{sys.argv[1]}/{name}.csv", index=False, lineterminator="\\n")
"""
_USED = """
import json, resource, sys
def used():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime, own.ru_maxrss / 1024
"""
_VIEW = f"""{_USED}
import supplynet, supplynet.draw.streams.scene
from supplynet.serve.state import Viewed
from supplynet.serve.views import view
net = supplynet.load(sys.argv[1])
before = used()
view(net, "size", Viewed(to="XAA", avoid="XAB", is_quick=True))
print(json.dumps([used()[0] - before[0], used()[1]]))
"""
_KERNEL = f"""{_USED}
import numpy
from supplynet.solve.flow.generate import GeneratedNetwork, generate_problem
from supplynet.solve.flow.maxflow import max_flow
max_flow(generate_problem("layered", 30_000, seed=1))
without = used()
problem = GeneratedNetwork(**numpy.load(sys.argv[1])).problem()
before = used()
max_flow(problem)
print(json.dumps([used()[0] - before[0], used()[1] - without[1]]))
"""
_CONVERT = ("-m", "supplynet", "graph", "convert", "{graph}", "{graph}.parquet")
COMMANDS: dict[str, tuple[str, ...]] = {
    "flow, plain": ("-m", "supplynet", "flow", "{graph}", *_WHO),
    "ends": ("-c", _ENDS, "{graph}"),
    "load": ("-c", _LOAD, "{graph}"),
    "convert": _CONVERT,
    "load, Parquet": ("-c", _LOAD, "{graph}.parquet"),
    "check": ("-m", "supplynet", "graph", "check", "{graph}"),
    "flow": ("-m", "supplynet", "flow", "{graph}", *_WHO),
    "flow, Parquet": ("-m", "supplynet", "flow", "{graph}.parquet", *_WHO),
    "cut": ("-m", "supplynet", "flow", "cut", "{graph}", *_WHO),
    "chokepoints": ("-m", "supplynet", "chokepoints", "{graph}", *_WHO, "--top", "20"),
    "arrays": ("-m", "supplynet", "graph", "generate", "layered", "{graph}.npz", "--edges", "{n}"),
    "kernel": ("-c", _KERNEL, "{graph}.npz"),
    "coverage": ("-m", "supplynet", "coverage", "{graph}", *_WHO),
    "explore": ("-c", _VIEW, "{graph}"),
}


def measured(words: tuple[str, ...], **names: object) -> tuple[int, float, float]:
    """Exit code, seconds of processor time and peak memory in MB of a process.

    What is asked of one that was begun before, it measures itself.
    """
    line = [sys.executable, *(word.format(**names) if len(word) < 99 else word for word in words)]
    says_itself = words[:2] in (("-c", _VIEW), ("-c", _KERNEL))
    with tempfile.TemporaryFile("w+") as answer:
        stdout = answer if says_itself else subprocess.DEVNULL
        process = subprocess.Popen(line, stdout=stdout, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if says_itself and not process.returncode:
            answer.seek(0)
            return 0, *json.load(answer)
    return process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def wanted_of(name: str, links: int) -> str:
    """What is wanted of a command, in words; empty where nothing is."""
    goal = GOAL.get(links, {}).get(name, (None, None))
    texts = [f"{each:g} {unit}" for each, unit in zip(goal, ("s", "MB"), strict=True) if each]
    texts += [f"{KERNEL_BYTES} bytes a link"] * (name == "kernel")
    texts += [f"{ALL_BYTES:,} bytes a link, n^{MOST_POWER}"] * name.startswith("flow")
    return f"  (goal {', '.join(texts)})" if texts else ""


def run(links: int, graph: Path, before: Mapping[str, tuple[int, float]]) -> dict[str, float]:
    """Measure all commands on a graph of some links; `before` has those of the last size."""
    seconds: dict[str, float] = {}
    made = ("-m", "supplynet", "graph", "generate", "layered", "{graph}", "--edges", "{n}")
    for name, words in {"generate": made, **COMMANDS}.items():
        if links >= NO_PROGRAM and name in ("coverage", "explore"):
            continue
        code, took, memory = measured(words, graph=graph, n=links)
        seconds[name], power = took, ""
        if name in before:
            n, then = before[name]
            power = f", n^{math.log(took / then) / math.log(links / n):.2f}"
        print(
            f"{links:>9,} {name:13} {took:7.1f} s {memory:7,.0f} MB"
            f" {memory * 2**20 / links:9,.0f} bytes a link{power}{wanted_of(name, links)}"
            + (f"  exit {code}" if code else ""),
            flush=True,
        )
    return seconds


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [100_000]
    before: dict[str, tuple[int, float]] = {}
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for links in sizes:
            seconds = run(links, Path(folder) / f"links-{links}", before)
            before = {name: (links, took) for name, took in seconds.items()}


if __name__ == "__main__":
    main()
