"""Scripts run in processes of their own, with another order of hashes each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def require_same(script: str, root: Path, *, n_lines: int) -> None:
    """What a script prints must not depend on the order of sets and dictionaries' hashes."""

    def run(seed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    first = run("1")
    assert len(first.splitlines()) == n_lines
    assert run("2") == first
