"""Three codes out of generated world trade of 11 million rows a year.

One year as CSV, against pandas.read_csv; then twenty years as a folder of Parquet, parted by year
and in the order of codes, against a query of DuckDB. Each reader runs in a process of its own, so
that its peak of memory is its own.

    python benchmarks/trade.py [ROWS] [YEARS]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

ROWS, YEARS = 11_000_000, 20
CODES = "284690,280530,850511"
CHUNK = 1_000_000
COUNTRIES = [4, 36, 56, 76, 124, 156, 251, 276, 344, 360, 392, 410, 458, 490, 528, 608, 699, 702]
COUNTRIES += [704, 757, 764, 826, 842]

#: seconds on the clock and of the processor, MB, and what was read
Result = tuple[float, float, float, list[int]]
MEASURE = """
import json, resource, sys, time
start = time.perf_counter()
{work}
used = resource.getrusage(resource.RUSAGE_SELF)
peak = used.ru_maxrss / 1024  # that of whoever started it is counted in; where the system has it:
for line in open("/proc/self/status") if sys.platform == "linux" else ():
    if line.startswith("VmHWM"):
        peak = int(line.split()[1]) / 1024
print(json.dumps([time.perf_counter() - start, used.ru_utime + used.ru_stime, peak, result]))
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

DUCKDB = f"""
import duckdb
base = duckdb.connect(config={{"memory_limit": "1GB", "threads": 2}})
result = base.execute(
    "SELECT count(*), round(1000 * sum(v)) FROM read_parquet(?) WHERE k IN ({CODES}) AND i <> j",
    [sys.argv[1] + "/*/*.parquet"],
).fetchall()[0]
"""
DEPENDENCE = """
import sys
from supplynet.cli.main import main
sys.argv = ["supplynet", "trace", "dependence", sys.argv[1], "--codes", {codes!r}, "--on", "CHN",
    "--importers", "KOR,JPN,USA,DEU", "--max-unmapped", "100%", "--year", {years!r}, "-q", "-o",
    sys.argv[1] + "/answer.csv"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
result = [sum(1 for _ in open(sys.argv[-1])) - 1, 0]
"""


def generate_years(folder: Path, n_rows: int, n_years: int) -> None:
    """Write a file of Parquet a year: exporter, importer, code, value and weight."""
    import duckdb

    base = duckdb.connect(config={"memory_limit": "2GB", "threads": 2})
    base.execute("CREATE TABLE area AS SELECT unnest(?::INTEGER[]) AS code", [COUNTRIES])
    listed = ", ".join(f"WHEN k = {n} THEN {code}" for n, code in enumerate(CODES.split(",")))
    n_codes = -(-n_rows // (len(COUNTRIES) * (len(COUNTRIES) - 1)))
    for year in range(2024 - n_years, 2024):
        (folder / f"t={year}").mkdir()
        base.execute(
            f"""COPY (
                SELECT a.code AS i, b.code AS j,
                    CASE {listed.replace(",", "")} ELSE 10000 + 43 * k END::INTEGER AS k,
                    round(exp(3 + 2 * random()), 3) AS v, round(exp(1 + 2 * random()), 3) AS q
                FROM range({n_codes}) AS codes(k), area AS a, area AS b
                WHERE a.code <> b.code ORDER BY k
            ) TO '{folder}/t={year}/rows.parquet' (FORMAT parquet)"""
        )


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


def measure(work: str, path: Path) -> Result:
    """Seconds on the clock and of the processor, MB, and what was found."""
    command = [sys.executable, "-c", MEASURE.format(work=work), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    seconds, cpu, memory, result = json.loads(done.stdout)
    return seconds, cpu, memory, result


def compared(ours: Result, theirs: Result, peer: str) -> None:
    """Print both readers and their ratios; they must read the same."""
    if ours[3][0] != theirs[3][0] or abs(ours[3][1] - theirs[3][1]) > 1e-6 * theirs[3][1]:
        raise SystemExit(f"the two differ: {ours[3]} and {theirs[3]}")
    for name, result in (("supplynet", ours), (peer, theirs)):
        told(name, result, "flows")
    of_clock, of_cpu, of_memory = (ours[at] / theirs[at] for at in range(3))
    print(f"ratio            {of_clock:7.2f}   {of_cpu:7.2f} {of_memory:24.2f}")


def told(name: str, result: Result, what: str) -> None:
    """Print what a reader took."""
    seconds, cpu, memory, (n_rows, _) = result
    print(
        f"{name:16} {seconds:7.2f} s {cpu:7.2f} s of the processor {memory:8,.0f} MB   "
        f"{n_rows:,} {what}"
    )


def main() -> None:
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    n_years = int(sys.argv[2]) if len(sys.argv) > 2 else YEARS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "year.csv"
        generate(path, n_rows)
        print(f"{n_rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")
        compared(measure(OURS, path), measure(PANDAS, path), "pandas.read_csv")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate_years(folder, n_rows, n_years)
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
        print(f"{n_years} years of {n_rows:,} rows, {size / 1e6:,.0f} MB of Parquet")
        compared(measure(OURS, folder), measure(DUCKDB, folder), "DuckDB")
        first, last = 2024 - n_years, 2023
        for codes, years in (
            ("850511", f"{last}"),
            ("850511", f"{first}-{last}"),
            (CODES, f"{first}-{last}"),
        ):
            work = DEPENDENCE.format(codes=codes, years=years)
            told(
                f"{1 + codes.count(',')} of {years}", measure(work, folder), "rows of a dependence"
            )


if __name__ == "__main__":
    main()
