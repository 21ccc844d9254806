"""Kill commands at random moments, and count what is half written or left behind.

    python tools/kills.py --times 200 --write

Each turn starts a command that writes a file, a folder, an archive or pictures over an old one, and
ends it by KILL, TERM or INT at a random moment of its writing. What is there must be the old or the
new as a whole; what has a temporary name must be gone after the next write. The counts go to
``tools/kills.json``, which the page on reliability shows.
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
sys.path.insert(0, str(ROOT))

RECORD = ROOT / "tools" / "kills.json"
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
#: bytes of what is written
SIZE = 2_000_000
#: writes one thing over and over, each time of one letter, once it has said that it begins
WRITER = """
import itertools, sys
from pathlib import Path
from supplynet.files import write_bytes
from supplynet.io.folder import write_folder
kind, place = sys.argv[1], Path(sys.argv[2])
if kind == "archive":
    import supplynet as sn
    net = sn.load("tutorial")
print("ready", flush=True)
for n in itertools.count():
    body = bytes([65 + n % 26]) * 2_000_000
    if kind == "file":
        write_bytes(place / "file", body)
    elif kind == "folder":
        write_folder(place / "folder", {"datapackage.json": body, "b": body}, overwrite=True)
    elif kind == "archive":
        sn.save(net, place / "net.zip", overwrite=True)
    else:
        for name in ("a.svg", "b.svg", "c.png"):
            write_bytes(place / name, body)
"""


def left_in(folder: Path) -> int:
    """Return how many temporary names there are in a folder and those inside it."""
    return sum(path.name.endswith(".tmp") for path in folder.rglob(".*"))


def is_whole(folder: Path) -> bool:
    """Whether every file that is there is one that was written as a whole."""
    from supplynet.io.folder import folder_in_force
    from supplynet.network.network import SupplyNetwork

    for path in folder.iterdir():
        if path.name.endswith(".tmp"):
            continue
        if path.suffix == ".zip":
            from supplynet import load

            if not isinstance(load(path), SupplyNetwork):
                return False
            continue
        files = [path] if path.is_file() else sorted(folder_in_force(path).glob("[!.]*"))
        contents = {one.read_bytes() for one in files}
        if len(contents) != 1 or any(
            len(set(one)) != 1 or len(one) != 2_000_000 for one in contents
        ):
            return False
    return True


def turn(kind: str, number: signal.Signals, wait: float, folder: Path) -> tuple[bool, int, int]:
    """Kill one writer; return whether all is whole, and what is left before and after a write."""
    from supplynet.files import remove_stale

    told = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITER, kind, str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=told
    ) as child:  # noqa: S603
        assert child.stdout is not None  # noqa: S101
        child.stdout.readline()
        time.sleep(wait)
        child.send_signal(number)
    whole, before = is_whole(folder), left_in(folder)
    for place in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        remove_stale(place)  # what every write begins with
    return whole, before, left_in(folder)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"write {RECORD.name}")
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311
    counts = {"kills": 0, "half_written": 0, "left_at_once": 0, "left_after_next_write": 0}
    kinds = ("file", "folder", "archive", "pictures")
    for number in range(given.times):
        with tempfile.TemporaryDirectory() as scratch:
            kind, sign = kinds[number % len(kinds)], SIGNALS[number // len(kinds) % len(SIGNALS)]
            whole, before, after = turn(kind, sign, chance.uniform(0.0, 0.06), Path(scratch))
        counts["kills"] += 1
        counts["half_written"] += not whole
        counts["left_at_once"] += before > 0
        counts["left_after_next_write"] += after > 0
    print(json.dumps(counts, indent=2))
    if given.write:
        RECORD.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
