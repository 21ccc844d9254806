"""Kill studies in a folder at random moments, and compare where they resume with one never killed.

    python tools/resume.py --times 20 --write

Each study is worked on by two workers: processes, and by turns a cluster of Dask on this machine.
All of them, client and scheduler too, are ended by KILL at a random moment of the work; the same
study is asked for again of the others; its folder must then hold the bytes of one process that
nobody killed. The counts go to ``tools/resume.json``, study by study.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "tools" / "resume.json"
HEAD = """
import sys
import supplynet as sn
folder, by = sys.argv[1:]
how = {"workers": 1 if by == "one" else 2}
if by == "cluster":
    from distributed import LocalCluster
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    how = {"executor": cluster.scheduler_address}
"""
#: who works, by turns
BY = ("processes", "cluster") if find_spec("distributed") else ("processes",)
#: what is worked on, by name
STUDIES = {
    "100 shocks": """
months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 11)]
plants = ("ISL:mine", "ISL:refiner", "FJI", "ref-big", "ref-small")
asked = {
    f"{plant} {begin}": {
        "ask": "shock", "avoid": plant, "during": f"{begin}..{begin}",
        "begin": "2024-01", "end": "2025-12",
    }
    for plant in plants for begin in months
}
sn.compare.sweep(sn.load("tutorial"), asked, folder=folder, **how)
""",
    "1,024 samples": """
sn.uncertainty(
    sn.load("rare-earths"), to="KOR", avoid="CHN", year=2030, draws=1024, until=None,
    folder=folder, **how,
)
""",
    "64 samples": """
sn.uncertainty(
    sn.load("gallium-germanium"), of="chokepoints", to="KOR", avoid="CHN", element="Ga", year=2026,
    draws=64, until=None, folder=folder, **how,
)
""",
    "all plants": """
net = sn.load("gallium-germanium")
asked = {
    name: {"ask": "chokepoints", "to": "KOR", "element": "Ga", "year": 2026, "lost": name}
    for name in net.nodes.index[net.nodes["stage"] != "nation"]
}
sn.compare.sweep(net, asked, folder=folder, **how)
""",
    "20 plans": """
asked = {
    f"{budget}M": {
        "ask": "plan", "to": "KOR", "avoid": "CHN", "by": 2028, "until": 2028,
        "budget": f"{budget}M",
    }
    for budget in range(20, 420, 20)
}
sn.compare.sweep(sn.load("gallium-germanium"), asked, folder=folder, **how)
""",
    "200 scenarios and nations": """
net = sn.load("gallium-germanium")
nations = ("KOR", "JPN", "USA", "DEU")
scenarios = [
    sn.Scenario.from_dict(
        {"change": [{"verb": "close", "nodes": name, "reason": "what-if"}]}, name=name
    )
    for name in net.nodes.index[net.nodes["stage"] != "nation"]
][:50]
asked = {who: {"ask": "flow", "to": who, "element": "Ga", "year": 2026} for who in nations}
sn.compare.sweep(net, asked, scenarios, folder=folder, **how)
""",
}


def started(study: str, folder: Path, by: str) -> subprocess.Popen[bytes]:
    """Start a study in a session of its own, so that all of its processes can be killed."""
    code = f'if __name__ == "__main__":{(HEAD + STUDIES[study]).replace(chr(10), chr(10) + "  ")}'
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), by],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )


def content(folder: Path) -> dict[str, bytes]:
    """Return the files of a study by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def differs(study: str, times: int, chance: random.Random, scratch: Path) -> int:
    """Return how often a killed study did not end with the bytes of one that nobody killed.

    One that ended before the moment came counts for none, and is begun anew.
    """
    if started(study, scratch / "whole", "one").wait() != 0:
        raise RuntimeError(f"{study}: did not end")
    whole, n_killed, n_differ = content(scratch / "whole"), 0, 0
    lasts = dict[str, float]()
    for by in BY[:times]:
        begun = time.monotonic()
        n_differ += started(study, scratch / by, by).wait() != 0 or content(scratch / by) != whole
        lasts[by] = time.monotonic() - begun
    while n_killed < times:
        by, other = BY[n_killed % len(BY)], BY[(n_killed + 1) % len(BY)]
        folder = scratch / f"killed-{by}"
        process = started(study, folder, by)
        time.sleep(chance.uniform(0.1, 1.0) * lasts[by])
        os.killpg(process.pid, signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            n_killed += 1
            again = started(study, folder, other).wait()
            n_differ += again != 0 or content(folder) != whole
        shutil.rmtree(folder, ignore_errors=True)
    return n_differ


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=2, help="kills of each study")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--study", choices=STUDIES, action="append", help="one of them; repeatable")
    parser.add_argument("--write", action="store_true", help=f"write {RECORD.name}")
    options = parser.parse_args()
    for study in options.study or STUDIES:
        chance = random.Random(f"{options.seed} {study}")  # noqa: S311
        with tempfile.TemporaryDirectory() as scratch:
            n_differ = differs(study, options.times, chance, Path(scratch))
        print(f"{study}: {n_differ} of {options.times} differ", flush=True)
        if options.write:  # what was counted stays if a later study is given up
            record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
            record[study] = {"kills": options.times, "differ": n_differ}
            RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
