"""Ctrl-C while a program is being solved: one exit code, a word, and nothing half done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import supplynet as sn
from tests.analysis.balance.grown import grown_network
from tests.cli.test_streams import ENV

#: interrupts the process a moment after the first call of a solver, as a terminal would
PROGRAM = """
import os, signal, sys, threading
import {module} as module

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
solve = module.{owner}.{name}

def interrupted(*given, **words):
    module.{owner}.{name} = solve
    threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()
    return solve(*given, **words)

module.{owner}.{name} = interrupted
from supplynet.cli.main import cli

cli.main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize(
    ("command", "module", "owner", "name"),
    [
        ("allocate", "supplynet.analysis.balance.objectives.fair", "LinearEngine", "solve"),
        ("chokepoints disrupt", "supplynet.solve.lp.removals", "LinearEngine", "solve"),
    ],
)
def test_ctrl_c_during_a_solve(
    tmp_path: Path, command: str, module: str, owner: str, name: str
) -> None:
    """The solver's library hears of it when the solve ends; no result is written."""
    sn.save(grown_network(2, 600), tmp_path / "grown")
    code = PROGRAM.format(module=module, owner=owner, name=name)
    words = [
        command,
        "grown",
        "-o",
        "x.json",
        *(["--by", "link"] if command == "chokepoints disrupt" else []),
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=tmp_path, env=ENV, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (130, ""), done.stderr
    assert done.stderr.strip() == "interrupted"
    assert [one.name for one in tmp_path.iterdir()] == ["grown"]
