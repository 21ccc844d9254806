"""A workbook of 10,000 rows read as a graph, every cell checked, against the bare cells."""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import python_calamine

import supplynet as sn
from supplynet.io.draft import draft

N_ROWS = 10_000
N_RUNS = 5
#: seconds within which such a workbook must be read
BOUND = 5.0


def graph() -> sn.SupplyNetwork:
    """A mine, many refiners and a nation: as many rows of plants, links and recoveries."""
    net = draft("metal")
    refiner, recovery = net.node("refiner-1"), net.rows("recoveries")[0]
    n = (N_ROWS - 10) // 4
    names = [f"refiner-{number}" for number in range(2, n + 2)]
    into, out = net.edge_rows
    tables: dict[str, list[Any]] = {
        "nodes": [*net.node_rows, *(refiner.model_copy(update={"id": name}) for name in names)],
        "edges": [
            *net.edge_rows,
            *(into.model_copy(update={"target": name}) for name in names),
            *(out.model_copy(update={"source": name}) for name in names),
        ],
        "recoveries": [recovery, *(recovery.model_copy(update={"node_id": n}) for n in names)],
    }
    return net.replace(**tables)


def cells(path: Path) -> None:
    """Read every cell and make nothing of it."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def median(run: Callable[[], object]) -> float:
    times = []
    for _ in range(N_RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> int:
    net = graph()
    n_rows = sum(len(net.rows(table)) for table in ("nodes", "edges", "recoveries"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.xlsx"
        written = median(lambda: sn.save(net, path))
        assert sn.load(path) == net
        bare = median(lambda: cells(path))
        read = median(lambda: sn.load(path))
    print(f"{n_rows:,} rows: written in {written:.2f} s, read and checked in {read:.2f} s")
    print(f"the bare cells take {bare:.2f} s: ratio {read / bare:.1f}")
    return int(read > BOUND)


if __name__ == "__main__":
    sys.exit(main())
