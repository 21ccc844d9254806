"""The picture of a dependence is of the flows that ``exposure`` speaks of."""

from __future__ import annotations

from pathlib import Path


def test_a_measured_year_is_drawn_as_measured(invoke, tmp_path: Path) -> None:
    asked = ("rare-earths", "--to", "KOR", "--exposed-to", "CHN", "--element", "Nd")
    target = tmp_path / "picture.svg"
    invoke("draw", "dependence", *asked, "-o", str(target))
    assert "Share of a measured supply, the calibrated flows of the year" in target.read_text(
        encoding="utf-8"
    )
    told = " ".join(invoke("trace", *asked).out.split())
    assert "measured: the calibrated flows of that year" in told
