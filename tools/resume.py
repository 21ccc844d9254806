"""Kill studies in a folder at random moments, and compare where they resume with one never killed.

    python tools/resume.py --times 20 --write

Each study is worked on by two processes. All of them are ended by KILL at a random moment of its
work; the same study is asked for again, until it ends; its folder must then hold the bytes of a run
that nobody killed. The counts go to ``tools/resume.json``, which the page on reliability shows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "tools" / "resume.json"
HEAD = """
import sys
import supplynet as sn
folder, workers = sys.argv[1], 2
"""
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
sn.compare.sweep(sn.load("tutorial"), asked, folder=folder, workers=workers)
""",
    "1,024 samples": """
sn.uncertainty(
    sn.load("rare-earths"), to="KOR", avoid="CHN", year=2030, draws=1024, until=None,
    folder=folder, workers=workers,
)
""",
    "all plants": """
net = sn.load("gallium-germanium")
asked = {
    name: {"ask": "chokepoints", "to": "KOR", "element": "Ga", "year": 2026, "lost": name}
    for name in net.nodes.index[net.nodes["stage"] != "nation"]
}
sn.compare.sweep(net, asked, folder=folder, workers=workers)
""",
    "20 plans": """
asked = {
    f"{budget}M": {
        "ask": "plan", "to": "KOR", "avoid": "CHN", "by": 2028, "until": 2028,
        "budget": f"{budget}M",
    }
    for budget in range(20, 420, 20)
}
sn.compare.sweep(sn.load("gallium-germanium"), asked, folder=folder, workers=workers)
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
sn.compare.sweep(net, asked, scenarios, folder=folder, workers=workers)
""",
}


def started(study: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start a study in a session of its own, so that all of its processes can be killed."""
    code = f'if __name__ == "__main__":{(HEAD + STUDIES[study]).replace(chr(10), chr(10) + "  ")}'
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )


def content(folder: Path) -> dict[str, bytes]:
    """Return the files of a study by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def differs(study: str, times: int, chance: random.Random, scratch: Path) -> int:
    """Return how often a killed study did not end with the bytes of one that nobody killed."""
    begun = time.monotonic()
    if started(study, scratch / "whole").wait() != 0:
        raise RuntimeError(f"{study}: did not end")
    lasts, n_differ = time.monotonic() - begun, 0
    for number in range(times):
        folder = scratch / f"killed-{number}"
        process = started(study, folder)
        time.sleep(chance.uniform(0.2, 1.0) * lasts)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        n_differ += started(study, folder).wait() != 0 or content(folder) != content(
            scratch / "whole"
        )
    return n_differ


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=2, help="kills of each study")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"write {RECORD.name}")
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311
    record = {"kills": options.times, "differ": dict[str, int]()}
    for study in STUDIES:
        with tempfile.TemporaryDirectory() as scratch:
            record["differ"][study] = differs(study, options.times, chance, Path(scratch))
        print(f"{study}: {record['differ'][study]} of {options.times} differ", flush=True)
    if options.write:
        RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
