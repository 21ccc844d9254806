"""Start-up: ``supplynet --help`` and a loaded graph against a bare click program, one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

N_RUNS = 15
BARE = "import click\n@click.command()\ndef main(): pass\nmain(['--help'])"


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    commands = {
        "bare click --help": [sys.executable, "-c", BARE],
        "supplynet --help": [sys.executable, "-m", "supplynet", "--help"],
        "import supplynet": [sys.executable, "-c", "import supplynet"],
        "its largest graph": [
            sys.executable,
            "-c",
            "import supplynet; supplynet.load('rare-earths')",
        ],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(N_RUNS):  # in turn, so that drift of the machine hits all alike
        for name, command in commands.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(found) for name, found in times.items()}
    base = medians["bare click --help"]
    for name, median in medians.items():
        print(f"{name:20} {median * 1e3:7.1f} ms   ratio to bare click {median / base:5.2f}")


if __name__ == "__main__":
    main()
