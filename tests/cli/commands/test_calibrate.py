"""``supplynet graph calibrate``: the library's answer, table, baseline, conditions, errors."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import supplynet as sn
from supplynet.io.tables import read_rows
from supplynet.network.schema import Baseline


def test_csv_is_the_table_baseline(invoke, tutorial, tmp_path: Path) -> None:
    """What is written is read back as rows of the graph."""
    path = tmp_path / "baseline.csv"
    ran = invoke("graph calibrate", "tutorial", "-o", str(path))
    assert ran.code == 0
    problems: list[object] = []
    rows = read_rows(path, Baseline, "baseline.csv", problems)  # type: ignore[arg-type]
    assert not problems
    told = sn.graph.calibrate(tutorial).baseline
    assert rows == [Baseline(**asdict(row)) for row in told]


def test_targets_that_clash_are_told_in_words(invoke, tutorial, tmp_path: Path) -> None:
    net = tutorial.replace(
        targets=[
            row.model_copy(update={"value": 999.0, "value_low": 990.0, "value_high": 1010.0})
            if row.id == "ore-2024"
            else row
            for row in tutorial.rows("targets")
        ]
    )
    sn.save(net, tmp_path / "bad")
    ran = invoke("graph calibrate", str(tmp_path / "bad"))
    assert ran.code == 4
    assert "target ore-2024 (Ore mined) must be 990 to 1,010 t ore" in ran.err
    assert "Traceback" not in ran.err
    assert invoke("graph calibrate", "tutorial", "--model-year", "1900").code == 2


def test_the_first_page_is_of_the_base_year(invoke) -> None:
    """Of other years that stand for published figures it says how they are to be had."""
    page = " ".join(invoke("graph calibrate", "gallium-germanium").out.split())
    assert page.startswith("Published figures against the model, 2024 ")
    assert "This is the base year alone. --full adds 2025" in page
    for more in (("--full",), ("--model-year", "2025"), ("--fail-on", "outside>99")):
        told = " ".join(invoke("graph calibrate", "gallium-germanium", *more).out.split())
        assert "2025" in told[:60] and "base year alone" not in told, more
