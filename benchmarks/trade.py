"""Three codes out of a generated year of world trade (11 million rows), against pandas.read_csv.

Each reader runs in a process of its own, so that its peak of memory is its own.

    python benchmarks/trade.py [ROWS]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 11_000_000
CODES = "284690,280530,850511"
CHUNK = 1_000_000
COUNTRIES = [4, 36, 56, 76, 124, 156, 251, 276, 344, 360, 392, 410, 458, 490, 528, 608, 699, 702]
COUNTRIES += [704, 757, 764, 826, 842]

MEASURE = """
import json, resource, sys, time
start = time.perf_counter()
{work}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.perf_counter() - start, used.ru_utime + used.ru_stime,
    used.ru_maxrss / 1024, result]))
"""
OURS = f"""
from supplynet.trade.read import read_trade
table = read_trade(sys.argv[1], codes={CODES!r}, max_unmapped=1)
result = [len(table.frame), round(float(table.frame["value_usd"].sum()))]
"""
PANDAS = f"""
import pandas as pd
frame = pd.read_csv(sys.argv[1])
frame = frame[frame["k"].isin([int(code) for code in {CODES!r}.split(",")])]
frame = frame[frame["i"] != frame["j"]]
result = [len(frame), round(float(frame["v"].sum() * 1000))]
"""


def generate(path: Path, n_rows: int) -> None:
    """Write rows in the layout of BACI, each exporter, importer and code once."""
    random = np.random.default_rng(1)
    pairs = np.array([(i, j) for i in COUNTRIES for j in COUNTRIES if i != j])
    n_codes = -(-n_rows // len(pairs))
    asked = [int(code) for code in CODES.split(",")]
    others = random.choice(np.arange(10_000, 979_999), n_codes, replace=False)
    codes = np.concatenate([asked, np.setdiff1d(others, asked)])[:n_codes]
    random.shuffle(codes)
    with path.open("w", encoding="ascii", newline="") as stream:
        stream.write("t,i,j,k,v,q\n")
        for start in range(0, n_rows, CHUNK):
            place = np.arange(start, min(start + CHUNK, n_rows))
            frame = pd.DataFrame(
                {
                    "t": 2022,
                    "i": pairs[place % len(pairs), 0],
                    "j": pairs[place % len(pairs), 1],
                    "k": codes[place // len(pairs)],
                    "v": random.lognormal(3, 2, len(place)).round(3),
                    "q": random.lognormal(1, 2, len(place)).round(3),
                }
            )
            frame.to_csv(stream, index=False, header=False)


def measure(work: str, path: Path) -> tuple[float, float, float, list[int]]:
    """Seconds on the clock and of the processor, MB, and what was found."""
    command = [sys.executable, "-c", MEASURE.format(work=work), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    seconds, cpu, memory, result = json.loads(done.stdout)
    return seconds, cpu, memory, result


def main() -> None:
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "year.csv"
        generate(path, n_rows)
        print(f"{n_rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")
        ours, theirs = measure(OURS, path), measure(PANDAS, path)
    if ours[3][0] != theirs[3][0] or abs(ours[3][1] - theirs[3][1]) > 1e-6 * theirs[3][1]:
        raise SystemExit(f"the two differ: {ours[3]} and {theirs[3]}")
    for name, (seconds, cpu, memory, result) in (("supplynet", ours), ("pandas.read_csv", theirs)):
        print(
            f"{name:16} {seconds:7.2f} s {cpu:7.2f} s of the processor {memory:8,.0f} MB   "
            f"{result[0]:,} flows"
        )
    of_clock, of_cpu, of_memory = (ours[at] / theirs[at] for at in range(3))
    print(f"ratio            {of_clock:7.2f}   {of_cpu:7.2f} {of_memory:24.2f}")


if __name__ == "__main__":
    main()
