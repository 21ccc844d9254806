"""``supplynet trace footprint``: the library's answer, in every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.io.load import save
from tests.analysis.footprint.test_ask import parted


@pytest.fixture
def folder(tmp_path: Path) -> str:
    save(parted(), tmp_path / "demo")
    return str(tmp_path / "demo")


def test_options_reach_the_library(invoke, folder: str) -> None:
    ran = invoke(
        "trace footprint", folder, "--to", "KOR", "--avoid", "AUS", "--objective", "max_supply"
    )
    assert (ran.code, ran.err) == (0, "")
    assert "South Korea gets nothing" in " ".join(ran.out.split())
    refused = invoke(
        "trace footprint", folder, "--to", "KOR", "--flows", "calibrated", "--avoid", "AUS"
    )
    assert refused.code == 2
    assert "do not take avoid" in refused.err
