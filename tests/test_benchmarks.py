"""Benchmarks run: each is imported and works for a second, so that none breaks unseen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = sorted((ROOT / "benchmarks").glob("*.py"))
#: libraries to compare with, of which CI has none
PEERS = ("ortools", "igraph", "linopy", "pypsa")
#: what a benchmark prints when its second is over
OVER = "Timeout (0:00:01)!"
RUN = """
import faulthandler, runpy, sys
module = runpy.run_path(sys.argv[0], run_name="benchmark")
faulthandler.dump_traceback_later(1, exit=True)  # of a thread that no library holds up
module["main"]()
"""


@pytest.mark.slow
@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_runs(path: Path, tmp_path: Path) -> None:
    """Those that need a peer get as far as that."""
    script = RUN.replace("sys.argv[0]", repr(str(path)))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lacks_peer = any(f"No module named {peer!r}" in done.stderr for peer in PEERS)
    assert done.returncode == 0 or OVER in done.stderr or lacks_peer, done.stderr
