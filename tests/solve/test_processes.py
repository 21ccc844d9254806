"""Processes begin without the script that asks for them, and leave it as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from supplynet.solve.processes import Processes

SCRIPTS = {
    "sweep": """
import supplynet as sn
print("begun")
asked = {"alone": {"to": "MLT"}, "all": {"ask": "allocate"}}
print(len(sn.compare.sweep(sn.load("tutorial"), asked, workers=2)) > 2)
""",
    "draws": """
import supplynet as sn
from tests.analysis.uncertainty.networks import STOPS, with_ranges
print("begun")
asked = {"to": "MLT", "year": 2026, "draws": 600, "until": None}
print(sn.uncertainty(with_ranges(STOPS), **asked, workers=2).n_draws >= 600)
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_without_a_guard_runs_once(tmp_path: Path, name: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPTS[name])
    words = [sys.executable, os.fspath(script)]
    path = os.pathsep.join([os.fspath(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(
        words,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert (ran.returncode, ran.stdout) == (0, "begun\nTrue\n"), ran.stderr


def test_the_script_is_there_again_also_after_an_error() -> None:
    script = sys.modules["__main__"]
    with Processes(1) as pool:
        assert pool.submit(abs, -3).result() == 3
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result()
    assert sys.modules["__main__"] is script
