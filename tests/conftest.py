"""Shared fixtures and the profiles of hypothesis."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

import supplynet as sn

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

os.environ.setdefault("MPLBACKEND", "Agg")
# Networks and answers that tests share stay until the end: looking through them for garbage after
# every 700 new objects took a tenth of the time.
gc.set_threshold(50_000)

ROOT = Path(__file__).resolve().parents[1]

_SLOW_MACHINES = [HealthCheck.too_slow]
settings.register_profile(
    "quick", max_examples=50, deadline=None, derandomize=False, suppress_health_check=_SLOW_MACHINES
)
settings.register_profile(
    "ci",
    max_examples=50,
    deadline=None,
    derandomize=True,  # the same examples in every run: a red run can be looked into
    print_blob=True,
    suppress_health_check=_SLOW_MACHINES,
)
settings.register_profile(  # whether any example fails, not which is the smallest
    "mutants", settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate]
)
settings.register_profile(  # new examples in every run of CI, few of each
    "random", max_examples=25, deadline=None, print_blob=True, suppress_health_check=_SLOW_MACHINES
)
settings.register_profile(  # hours: before a release, or after a change of a solver
    "many", max_examples=2000, deadline=None, suppress_health_check=_SLOW_MACHINES
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

RunCli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def tutorial() -> SupplyNetwork:
    """The small shipped graph."""
    return sn.load("tutorial")


@pytest.fixture(scope="session")
def rare_earths() -> SupplyNetwork:
    """The large shipped graph."""
    return sn.load("rare-earths")


@pytest.fixture
def run_cli(tmp_path: Path) -> RunCli:
    """Run ``supplynet`` with arguments in an empty folder of its own.

    Keywords go to :func:`subprocess.run`; ``env`` holds further variables.
    """

    def run(
        *args: str | os.PathLike[str], env: dict[str, str] | None = None, **options: object
    ) -> subprocess.CompletedProcess[str]:
        search = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        variables = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(part for part in search if part),
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "120",
            **(env or {}),
        }
        command = [sys.executable, "-m", "supplynet", *map(os.fspath, args)]
        merged = {"cwd": tmp_path, "env": variables, "timeout": 600, **options}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            command, capture_output=True, encoding="utf-8", check=False, **merged
        )

    return run
