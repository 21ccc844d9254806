"""The whole report of the shipped graph against the import time of the libraries it uses."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

N_RUNS = 15
QUESTION = ["report", "rare-earths", "--to", "KOR", "--avoid", "CHN"]
# what the report loads of others; pydantic imports its models only where they are named
IMPORTS = (
    "import numpy, scipy.sparse.linalg, scipy.special, highspy, pycountry, click, tomllib\n"
    "import rich.console, rich.text\n"
    "from pydantic import BaseModel, Field, TypeAdapter"
)


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    # compiled once, as an installed package is, whatever the machine's settings
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        environment["PYTHONPYCACHEPREFIX"] = folder
        commands = [
            [os.fspath(Path(sys.executable).with_name("supplynet")), *QUESTION],  # as users do
            [sys.executable, "-c", IMPORTS],
        ]
        for command in commands:
            seconds(command, environment)
        pairs = [[seconds(command, environment) for command in commands] for _ in range(N_RUNS)]
    whole, base = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"imports alone   {base:6.2f} s")
    print(f"whole report    {whole:6.2f} s   ratio {ratio:5.2f}, the median of {N_RUNS} pairs")


if __name__ == "__main__":
    main()
