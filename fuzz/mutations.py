"""Run commands on graphs that were mutated at random: a right answer or a clear error, always.

    python -m fuzz.mutations --seed 1 --commands 1000

A graph is loaded as rows of text, changed in one to four ways, written as a folder and asked one
question after the other. A failure is an internal error, a solution that its own check refuses, or
a command that takes too long. It is made smaller by leaving changes and then rows out as long as it
fails in the same way, and is kept with the command that shows it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.records import recorded
from supplynet.cli.main import cli
from supplynet.io.load import load
from supplynet.io.package import package_files

Rows = list[dict[str, str]]

#: exit codes of an answer, of a question or file that is refused, of no answer, of a library
CLEAR = frozenset({0, 2, 3, 4, 5, 7})
REFUSED = "independent check refused"
#: times that a command may take longer by the clock than on the processor
_WAITS = 20
#: what is asked; a graph's folder comes behind the first: a command of one word or two
QUESTIONS = tuple(
    [line.strip().partition(" -")[0], *line[len(line.partition(" -")[0]) :].split()]
    for line in """
    graph show
    graph check
    graph nations
    graph scenarios
    flow --to MLT
    flow --to MLT --element Nd --tier operating --year 2026
    flow cut --to MLT --element Nd
    chokepoints unavoidable --to MLT --element Nd
    flow routes --to MLT --avoid ISL
    coverage --to MLT --avoid FJI
    coverage outlook --to MLT --avoid FJI
    bypass --to MLT --avoid FJI
    chokepoints --to MLT --element Nd
    chokepoints --to MLT --element Nd --by link --avoid mine
    chokepoints --to MLT --by country
    chokepoints interdict --to MLT -k 2 --element Nd
    chokepoints interdict --to MLT -k 1 --by link --element Dy
    chokepoints interdict --to MLT -k 2 --model balance
    chokepoints interdict --to all -k 1 --model balance
    chokepoints fortify --to MLT --element Nd --defend 1 --attack 1
    allocate
    allocate --objective max_supply --avoid FJI
    allocate --objective cost
    allocate --objective price
    allocate --objective observed
    allocate --nation MLT --ranges --explain MLT
    trace --to MLT --exposed-to FJI
    trace --to MLT --exposed-to ISL --objective observed
    trace footprint --to MLT
    chokepoints disrupt
    chokepoints disrupt --by country
    graph calibrate
    indices --to MLT
    shock --avoid ISL --during 2024-02 --begin 2024-01 --end 2024-03
    shock survive --to MLT --avoid ISL:refiner --during 2024-01..2024-02
    chokepoints risks
    shock stockpile --to MLT --shock fiji-stops
    plan --to MLT --by 2026 --target coverage=0.8
    shock survive --to MLT --shock fiji-stops
    compare --to MLT base
    uncertainty --to MLT --avoid FJI --draws 3
    coverage progress --to MLT --avoid FJI --year 2024,2026
    report --to MLT --avoid FJI
    report --to MLT --avoid FJI --format json
    """.strip()
    .replace("\n    ", "\n")
    .splitlines()
)

#: made-up rows of tables that the tutorial has not, so that what needs them is asked, too
MORE = {
    "intensities": "id,burden,nodes,form,group,amount,unit,confidence\n"
    "rock,rock,mine,,all,3,t ore,estimated\n",
    "outages": "nodes,days,days_low,days_high,confidence\n,20,10,40,estimated\n",
    "shocks": "id,name,scenario,begin,end,confidence\n"
    "fiji-stops,Fiji stops,fiji-stops,2024-02,2024-03,estimated\n",
    "stocks": "id,name,kind,holders,form,quantity,unit,release,refill,loss,confidence\n"
    "goods,Goods in Malta,maker,MLT,goods,50,t goods,0.5,0.1,0,estimated\n",
    "options": "id,name,kind,nodes,capacity,unit,capex,premium,earliest_year,lead,confidence\n"
    "more,Home Maker doubled,expand,node:maker-home,40,t oxide,1000000,10,2025,1,estimated\n",
}
STOP = """title = "Fiji stops"
description = "Made up."

[[change]]
verb = "close"
nodes = "country:FJI"
"""


@dataclass(frozen=True)
class Change:
    """One mutation: which, and the numbers that it was drawn with."""

    name: str
    table: str
    draw: float
    also: float


@dataclass
class Graph:
    """The tables of a graph as text, and what else its folder holds."""

    tables: dict[str, Rows]
    heads: dict[str, list[str]]
    files: dict[str, bytes] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write it as a folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        for name, rows in self.tables.items():
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, self.heads[name], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


def graph_of(name: str) -> Graph:
    """Return a shipped graph as text, with made-up rows of the tables that it has not."""
    tables: dict[str, Rows] = {}
    heads: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    for path, content in package_files(load(name)).items():
        if path.endswith(".csv"):
            reader = csv.DictReader(io.StringIO(content, newline=""))
            tables[path[:-4]] = list(reader)
            heads[path[:-4]] = list(reader.fieldnames or [])
        else:
            files[path] = content.encode()
    package = json.loads(files["datapackage.json"])
    for table, text in MORE.items():
        if not tables.get(table):
            reader = csv.DictReader(io.StringIO(text))
            tables[table], heads[table] = list(reader), list(reader.fieldnames or [])
            package["resources"].append({"name": table, "path": f"{table}.csv"})
    files["datapackage.json"] = json.dumps(package).encode()
    files["scenarios/fiji-stops.toml"] = STOP.encode()
    return Graph(tables, heads, files)


# -- mutations: each changes the rows of one table in place --------------------------------------

NUMBERS = (
    "capacity capacity_low capacity_high observed minimum quantity share recovery amount price "
    "value ratio worth production tonnes"
)
FACTORS = (0.0, 1e-12, 1e-9, 1e-6, 1e-3, 0.5, 1.0 + 1e-9, 7.0, 1e3, 1e6, 1e9, 1e12)


def _scaled(rows: Rows, change: Change) -> None:
    """All figures of a table at once, or those of one row."""
    factor = FACTORS[int(change.also * len(FACTORS))]
    chosen = rows if change.draw < 0.5 else [_row(rows, change.draw)]
    for row in chosen:
        for name in NUMBERS.split():
            if row.get(name):
                row[name] = repr(float(row[name]) * factor)


def _dated(rows: Rows, change: Change) -> None:
    """The first or the last year moves before, into or beyond the span of the graph."""
    row = _row(rows, change.draw)
    year = str((1990, 2024, 2025, 2026, 2027, 2100)[int(change.also * 6)])
    for name in ("year", "start_year", "end_year"):
        if name in row:
            row[name] = year
            return


def _place(rows: Rows, draw: float) -> tuple[int, int]:
    return int(draw * len(rows)), int(draw * len(rows)) + 1


def _row(rows: Rows, draw: float) -> dict[str, str]:
    return rows[int(draw * len(rows))] if rows else {}


def _cell(rows: Rows, change: Change) -> None:
    """One cell holds something else: nothing, a zero, a text, another row's."""
    row = _row(rows, change.draw)
    if row:
        name = list(row)[int(change.also * len(row))]
        values = ("", "0", "-1", "nan", "1e308", "x", "all", "MLT", rows[0][name], rows[-1][name])
        row[name] = values[int(change.also * 1e6) % len(values)]


def _cancelled(rows: Rows, change: Change) -> None:
    row = _row(rows, change.draw)
    for name, values in {
        "status": ("cancelled", "planned", "closed", "construction"),
        "standing": ("possible", "planned", "contracted", "observed"),
    }.items():
        if name in row:
            row[name] = values[int(change.also * len(values))]


MUTATIONS: dict[str, Callable[[Rows, Change], None]] = {
    "scale": _scaled,
    "date": _dated,
    "cell": _cell,
    "status": _cancelled,
    "empty": lambda rows, _: rows.clear(),
    "drop": lambda rows, change: rows.__delitem__(slice(*_place(rows, change.draw))),
    "keep": lambda rows, change: rows.__delitem__(slice(1 + int(change.draw * 3), None)),
    "twice": lambda rows, change: rows.append(dict(_row(rows, change.draw))) if rows else None,
}


def drawn(random_: random.Random, tables: list[str]) -> list[Change]:
    """Return one to four mutations at random."""
    return [
        Change(
            random_.choice(list(MUTATIONS)),
            random_.choice(tables),
            random_.random(),
            random_.random(),
        )
        for _ in range(random_.randint(1, 4))
    ]


def changed(graph: Graph, changes: list[Change]) -> Graph:
    """Return a graph with some mutations, the given one untouched."""
    tables = deepcopy(graph.tables)
    for change in changes:
        MUTATIONS[change.name](tables[change.table], change)
    return Graph(tables, graph.heads, graph.files)


# -- running commands ------------------------------------------------------------------------------


class TooLong(BaseException):
    """A command that takes longer than it may; no command catches it."""


def _alarm(*_: object) -> None:
    raise TooLong


@contextlib.contextmanager
def quiet() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Take what a command writes."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err  # type: ignore[misc]


def outcome(words: list[str], seconds: int) -> tuple[str, str]:
    """Run a command; return what is wrong with how it ended, empty for nothing, and its words."""
    # Seconds of the processor, so that other work on the machine makes no command too long; by the
    # clock only one that waits for ever is.
    for kind in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(kind, _alarm)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, _WAITS * seconds)
    try:
        with quiet() as (_, err):
            try:
                cli.main(words)
            except SystemExit as end:
                code = int(end.code or 0)
    except TooLong:
        return "too long", ""
    finally:
        for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
            signal.setitimer(timer, 0)
    text = err.getvalue()
    if code not in CLEAR:
        last = [line for line in text.splitlines() if line.strip()]
        return f"exit {code}: {last[-1] if last else ''}"[:200], text
    return ("refused" if REFUSED in text else ""), text


def fails_like(graph: Graph, words: list[str], fault: str, folder: Path, seconds: int) -> bool:
    """Whether a graph still fails in the same way."""
    graph.write(folder)
    return outcome([words[0], str(folder), *words[1:]], seconds)[0] == fault


def smaller(
    graph: Graph,
    changes: list[Change],
    fails: Callable[[Graph], bool],
) -> tuple[Graph, list[Change]]:
    """Return the graph with as few mutations and rows as still show the failure."""
    for change in list(changes):
        fewer = [other for other in changes if other is not change]
        if fails(changed(graph, fewer)):
            changes = fewer
    least = changed(graph, changes)
    for name, rows in least.tables.items():
        for row in list(rows):
            fewer_rows = [other for other in least.tables[name] if other is not row]
            trial = Graph({**least.tables, name: fewer_rows}, least.heads, least.files)
            if fails(trial):
                least = trial
    return least, changes


def fuzz(
    name: str, seed: int, n_commands: int, keep: Path, seconds: int = 60, n_asked: int = 4
) -> list[str]:
    """Run commands on mutated graphs; return a line for each failure.

    Parameters
    ----------
    name : str
        A shipped graph.
    seed : int
    n_commands : int
    keep : Path
        Where failures go; made when there is one.
    seconds : int
        What a command may take.
    n_asked : int
        Questions that each mutated graph is asked.
    """
    random_ = random.Random(seed)
    graph = graph_of(name)
    tables = sorted(graph.tables)
    failures: dict[tuple[str, str], str] = {}
    ends: Counter[str] = Counter()
    n_done = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "graph"
        while n_done < n_commands:
            changes = drawn(random_, tables)
            changed(graph, changes).write(folder)
            for words in random_.sample(
                QUESTIONS, min(n_asked, len(QUESTIONS), n_commands - n_done)
            ):
                n_done += 1
                fault, text = outcome([words[0], str(folder), *words[1:]], seconds)
                ends[fault or "clear"] += 1
                if not fault or (words[0], fault) in failures:
                    continue
                place = keep / f"{seed}-{n_done}-{words[0]}"
                trial = Path(scratch) / "trial"

                def fails(one: Graph, words: list[str] = words, fault: str = fault) -> bool:
                    return fails_like(one, words, fault, trial, seconds)  # noqa: B023

                least, kept = smaller(graph, changes, fails)
                least.write(place / "graph")
                told = {"words": words, "fault": fault, "changes": [vars(one) for one in kept]}
                (place / "case.json").write_text(json.dumps(told, indent=2), encoding="utf-8")
                (place / "stderr.txt").write_text(text, encoding="utf-8")
                failures[words[0], fault] = f"{' '.join(words)}: {fault} (kept in {place})"
                print(failures[words[0], fault], flush=True)
                changed(graph, changes).write(folder)
    print(f"seed {seed}: {n_done} commands, " + ", ".join(f"{n} {e}" for e, n in ends.items()))
    return list(failures.values())


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, help="list of runs to add this one to")
    parser.add_argument("--graph", default="tutorial", help="name of a shipped graph")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--commands", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60, help="what a command may take")
    parser.add_argument("--keep", type=Path, default=Path("out/fuzz"), help="failing graphs")
    given = parser.parse_args()
    os.environ.setdefault("MPLBACKEND", "Agg")
    began = time.monotonic()
    found = fuzz(given.graph, given.seed, given.commands, given.keep, given.seconds)
    if given.record is not None:
        recorded(given.record, "commands", given.graph, given.seed, given.commands, len(found))
    print(f"{len(found)} kinds of failure, {time.monotonic() - began:.0f} s")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
