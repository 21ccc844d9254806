"""Every command with its usual questions on the shipped graphs: processor seconds after imports.

All modules are imported once; each command then runs in a process of its own that begins there, so
that neither imports nor what another command left behind count. Goal: at most 3 s each.
``python benchmarks/commands.py [--graph NAME] [--only WORD] [--keep FOLDER]``; ``--keep`` writes
what each command printed, to compare two states of the code.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import pkgutil
import sys
import tempfile
import time
from pathlib import Path

import supplynet
from supplynet.cli.main import main as run_command_line

GOAL_S = 3.0
#: nation, avoided or exposed to, element, shock, further scenario, target, by graph
WORDS = {
    "rare-earths": ("KOR", "CHN", "Dy", "2025-magnets", "china-april-2025", "coverage=0.5"),
    "cobalt": ("KOR", "CHN", "Co", "cod-2025", "cod-quota-2026", "coverage=0.5"),
    "gallium-germanium": (
        "KOR",
        "CHN",
        "Ga",
        "licences-2025",
        "china-licences-2023",
        "coverage=0.1",
    ),
}
#: of one graph: {who}, {avoid}, {element}, {shock}, {scenario}, {target}, {graph}
QUESTIONS = (
    "graph list",
    "graph show {graph}",
    "graph check {graph}",
    "graph nations {graph}",
    "graph scenarios {graph}",
    "graph find {graph} France",
    "coverage {graph} --to {who} --avoid {avoid}",
    "coverage {graph} --to {who} --avoid {avoid} --year 2030",
    "flow {graph} --to {who}",
    "flow cut {graph} --to {who} --element {element}",
    "chokepoints unavoidable {graph} --to {who} --element {element}",
    "coverage outlook {graph} --to KOR,JPN,EU,USA --avoid {avoid} --year 2026,2030",
    "uncertainty {graph} --to {who} --avoid {avoid} --year 2030 --tier announced",
    "bypass {graph} --to {who} --avoid {avoid}",
    "allocate {graph}",
    "allocate {graph} --avoid {avoid} --year 2030",
    "allocate {graph} --objective max_supply",
    "allocate {graph} --objective least_exposure --exposed-to {avoid}",
    "allocate {graph} --objective priority --priority {who}",
    "allocate {graph} --objective observed",
    "allocate {graph} --objective cost",
    "allocate {graph} --objective price",
    "graph calibrate {graph}",
    "trace {graph} --to {who} --exposed-to {avoid}",
    "trace {graph} --to {who} --exposed-to {avoid} --year 2030",
    "trace {graph} --to {who} --exposed-to {avoid} --ranges stages",
    "trace footprint {graph} --to {who}",
    "chokepoints {graph} --to {who} --element {element}",
    "chokepoints {graph} --to {who} --element {element} --by country",
    "shock {graph} --shock {shock}",
    "shock survive {graph} --to {who} --shock {shock}",
    "shock stockpile {graph} --to {who}",
    "coverage progress {graph} --to {who} --avoid {avoid}",
    "coverage progress {graph} --to {who} --avoid {avoid} --year 2026,2028,2030",
    "chokepoints risks {graph}",
    "shock replay {graph} {shock}",
    "chokepoints disrupt {graph}",
    "chokepoints disrupt {graph} --by link",
    "chokepoints interdict {graph} --to {who} -k 2",
    "chokepoints interdict {graph} --to {who} -k 5 --by link",
    "chokepoints interdict {graph} --to {who} -k 2 --model balance",
    "plan {graph} --to {who} --avoid {avoid} --target {target} --by 2030",
    "chokepoints fortify {graph} --to {who} --element {element} --defend 1 --attack 2",
    "flow routes {graph} --to {who} --avoid {avoid} --element {element}",
    "report {graph} --to {who} --avoid {avoid}",
    "report {graph} --to {who} --avoid {avoid} --full",
    "report {graph} --to {who} --avoid {avoid} -o r.html",
    "report {graph} --to {who} --avoid {avoid} --full --contested -o rc.html",
    "report {graph} --to {who} --avoid {avoid} -o r.json",
    "indices {graph} --to {who}",
    "compare {graph} base china-full-stop {scenario} --to {who}",
    "draw layers {graph} --to {who} --avoid {avoid} --year 2030 -o layers.svg",
    "draw map {graph} --to {who} --avoid {avoid} --year 2030 -o map.svg",
    "draw sankey {graph} --avoid {avoid} --year 2030 -o sankey.svg",
    "draw sankey {graph} --avoid {avoid} --year 2030 --against base -o against.svg",
    "draw years {graph} --to {who} --avoid {avoid} -o years.svg",
    "draw losses {graph} --to {who} -o losses.svg",
    "draw outlook {graph} --to KOR,JPN,EU,USA --avoid {avoid} --year 2026,2030 -o outlook.svg",
    "draw ramps {graph} -o ramps.svg",
    "draw sure {graph} --to {who} --avoid {avoid} -o sure.svg",
    "draw worst {graph} --to {who} -o worst.svg",
    "draw dependence {graph} --to {who} --exposed-to {avoid} -o dependence.svg",
    "draw concentration {graph} -o concentration.svg",
    "draw months {graph} --shock {shock} --to {who} -o months.svg",
    "draw plan {graph} --to {who} --avoid {avoid} --target {target} --by 2030 -o plan.svg",
    "graph convert {graph} copy.xlsx",
)


def import_all() -> None:
    """Import every module of the package and what its extras bring."""
    for module in pkgutil.walk_packages(supplynet.__path__, "supplynet."):
        if module.name.rpartition(".")[2] != "__main__":
            with contextlib.suppress(ImportError):
                importlib.import_module(module.name)
    for name in ("matplotlib.pyplot", "highspy", "scipy.optimize", "rich.console"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def seconds(words: list[str], printed: Path) -> tuple[float, int]:
    """Return the processor seconds of a command in a child of this process, and its exit code."""
    child = os.fork()
    if child == 0:
        os.chdir(printed.parent)
        with printed.open("wb") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        sys.argv = ["supplynet", *words]
        code = 1
        try:
            run_command_line()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graph", action="append", choices=list(WORDS))
    parser.add_argument("--only", default="", help="words that a command begins with")
    parser.add_argument("--keep", type=Path, help="folder for what was printed")
    options = parser.parse_args()
    os.environ["COLUMNS"] = "100"
    began = time.process_time()
    import_all()
    took = time.process_time() - began
    print(f"imports: {took:.1f} s; goal of each command: {GOAL_S:g} s", flush=True)
    misses = 0
    with tempfile.TemporaryDirectory() as folder:
        for graph in options.graph or WORDS:
            names = ("who", "avoid", "element", "shock", "scenario", "target")
            place = (options.keep or Path(folder)).resolve()
            (place / graph).mkdir(parents=True, exist_ok=True)
            for number, question in enumerate(QUESTIONS):
                if not question.startswith(options.only):
                    continue
                words = dict(zip(names, WORDS[graph], strict=True))
                command = question.format(graph=graph, **words)
                took, code = seconds(command.split(), place / graph / f"{number:02d}.txt")
                misses += took > GOAL_S
                told = f"{took:6.2f} s {'MISS' if took > GOAL_S else '    '} {command}"
                print(f"{told}   exit {code}" if code else told, flush=True)
    print(f"{misses} commands take longer than {GOAL_S:g} s")


if __name__ == "__main__":
    main()
