"""How time and memory of whole commands grow with the links of a network.

    python benchmarks/size.py [links ...]

Each command runs in a process of its own, start and reading included. Prints seconds of processor
time and peak memory beside what is wanted on two cores, bytes a link, and by what power of the
links each command grows.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
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
    1_000_000: {"load": (10.0, 2000.0), "flow": (10.0, 2000.0), "chokepoints": (60.0, None)},
    3_000_000: {},
}
_WHO = ("--to", "XAA", "--avoid", "XAB")
_LOAD = "import sys, supplynet; supplynet.load(sys.argv[1])"
_VIEW = """
import sys, supplynet
from supplynet.serve.state import Viewed
from supplynet.serve.views import view

view(supplynet.load(sys.argv[1]), "size", Viewed(to="XAA", avoid="XAB", is_quick=True))
"""
COMMANDS: dict[str, tuple[str, ...]] = {
    "load": ("-c", _LOAD, "{graph}"),
    "check": ("-m", "supplynet", "graph", "check", "{graph}"),
    "flow": ("-m", "supplynet", "flow", "{graph}", *_WHO),
    "cut": ("-m", "supplynet", "flow", "cut", "{graph}", *_WHO),
    "chokepoints": ("-m", "supplynet", "chokepoints", "{graph}", *_WHO, "--top", "20"),
    "coverage": ("-m", "supplynet", "coverage", "{graph}", *_WHO),
    "explore": ("-c", _VIEW, "{graph}"),
}


def measured(words: tuple[str, ...], graph: Path) -> tuple[int, float, float]:
    """Exit code, seconds of processor time and peak memory in MB of a process."""
    line = [sys.executable, *(word.format(graph=graph) for word in words)]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [100_000]
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for before, links in zip((0, *sizes), sizes, strict=False):
            graph = Path(folder) / f"links-{links}"
            made = ("-m", "supplynet", "graph", "generate", "layered", "{graph}", "--edges")
            for name, words in {"generate": (*made, str(links)), **COMMANDS}.items():
                code, took, memory = measured(words, graph)
                goal = GOAL.get(links, {}).get(name, (None, None))
                wanted = [
                    f"goal {each:g} {u}" for each, u in zip(goal, ("s", "MB"), strict=True) if each
                ]
                power = math.log(took / seconds[name]) / math.log(links / before) if before else 0.0
                seconds[name] = took
                print(
                    f"{links:>9,} {name:12} {took:7.1f} s {memory:7,.0f} MB"
                    f" {memory * 1e6 / links:9,.0f} bytes a link"
                    + (f", n^{power:.2f}" if before else "")
                    + (f"  ({', '.join(wanted)})" if wanted else "")
                    + (f"  exit {code}" if code else ""),
                    flush=True,
                )


if __name__ == "__main__":
    main()
