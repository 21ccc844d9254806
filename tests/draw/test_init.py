"""The package loads nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import supplynet as sn

SCRIPT = """
import sys
import supplynet.draw
heavy = {"matplotlib", "numpy", "pandas", "scipy", "pydantic", "networkx"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
supplynet.draw.layer_scene
assert "matplotlib" not in sys.modules
"""


def test_importing_the_package_loads_no_heavy_library(pytestconfig: pytest.Config) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_public_names_are_there() -> None:
    for name in sn.draw.__all__:
        assert callable(getattr(sn.draw, name))
        assert name in dir(sn.draw)
    with pytest.raises(AttributeError, match="has no attribute 'paint'"):
        _ = sn.draw.paint
