"""The program around the commands: too little memory ends in an error, not in silence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from supplynet.cli.program import LEAST_MEMORY
from tests.cli.test_streams import ENV


def run(bytes_of_memory: int, *words: str) -> subprocess.CompletedProcess[str]:
    limited = (
        "import resource, runpy, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({bytes_of_memory}, {bytes_of_memory}))\n"
        "runpy.run_module('supplynet', run_name='__main__')\n"
    )
    return subprocess.run(
        [sys.executable, "-c", limited, *words],
        env=ENV,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="limits of addresses are those of Linux")
def test_below_the_memory_that_is_needed_nothing_begins() -> None:
    """With 256 MiB libraries waited for threads that they could not start, without a word."""
    done = run(256 * 2**20, "flow", "tutorial", "--to", "MLT")
    assert done.returncode == 3
    assert "there is not enough memory; the process may use 256 MiB" in done.stderr
    assert run(256 * 2**20, "flow", "--help").returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="limits of addresses are those of Linux")
def test_memory_that_runs_out_is_no_internal_error() -> None:
    done = run(LEAST_MEMORY + 2**20, "graph generate", "--edges", "3000000", "-o", "-")
    assert "internal error" not in done.stderr
    assert run(LEAST_MEMORY + 30 * 2**20, "flow", "tutorial", "--to", "MLT").returncode == 0
