"""The whole report of the shipped graph against the import time of the libraries it uses."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

N_RUNS = 7
QUESTION = ["report", "rare-earths", "--to", "KOR", "--avoid", "CHN"]
# what the report loads of others; pydantic imports its models only where they are named
IMPORTS = (
    "import numpy, scipy.sparse.csgraph, scipy.optimize, pycountry, click, tomllib\n"
    "import rich.console, rich.text\n"
    "from pydantic import BaseModel, Field, TypeAdapter"
)


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    report, imports = [], []
    for _ in range(N_RUNS):
        report.append(seconds([sys.executable, "-m", "supplynet", *QUESTION]))
        imports.append(seconds([sys.executable, "-c", IMPORTS]))
    whole, base = statistics.median(report), statistics.median(imports)
    print(f"imports alone   {base:6.2f} s")
    print(f"whole report    {whole:6.2f} s   ratio {whole / base:5.2f}")


if __name__ == "__main__":
    main()
