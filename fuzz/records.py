"""What runs of the fuzzers have done, in ``fuzz/runs.json``: the page of reliability counts it."""

from __future__ import annotations

import json
from pathlib import Path

RUNS = Path(__file__).with_name("runs.json")


def recorded(path: Path, kind: str, name: str, seed: int, n_done: int, n_failures: int) -> None:
    """Put a run on record, once for each name and seed.

    Parameters
    ----------
    path : Path
        The record; made where there is none.
    kind : str
        What is counted, such as ``"commands"``.
    name : str
        Of what was asked: a graph, or a reader.
    seed : int
    n_done, n_failures : int
    """
    runs = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    runs.setdefault(kind, {})[f"{name} {seed}"] = {"done": n_done, "failures": n_failures}
    told = {one: dict(sorted(runs[one].items())) for one in sorted(runs)}
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def counted(path: Path, kind: str) -> dict[str, tuple[int, int]]:
    """Return what was done and how often it failed, by name, over all seeds."""
    runs = json.loads(path.read_text(encoding="utf-8")).get(kind, {})
    sums: dict[str, tuple[int, int]] = {}
    for key, run in runs.items():
        n_done, n_failures = sums.get(name := key.rpartition(" ")[0], (0, 0))
        sums[name] = n_done + run["done"], n_failures + run["failures"]
    return sums
