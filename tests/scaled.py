"""A graph with every tonnage multiplied, as a folder of tables."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

#: columns that hold tonnes a year, by table
TONNES = {
    "nodes": ("capacity",),
    "edges": ("capacity", "observed", "minimum"),
    "rules": ("capacity", "observed"),
    "capacities": ("capacity",),
    "circuits": ("capacity",),
    "production": ("production",),
    "demand": ("quantity",),
    "caps": ("amount",),
    "baseline": ("flow", "observed", "residual"),
}
ENDS = ("", "_low", "_high")


def scaled_graph(source: Path, target: Path, factor: float) -> Path:
    """Write a graph whose every tonnage is that of another one times a factor."""
    shutil.copytree(source, target)
    for name, columns in TONNES.items():
        path = target / f"{name}.csv"
        if not path.exists():
            continue
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        wanted = [f"{column}{end}" for column in columns for end in ENDS]
        for row in rows:
            row |= {one: repr(float(row[one]) * factor) for one in wanted if row.get(one)}
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return target
