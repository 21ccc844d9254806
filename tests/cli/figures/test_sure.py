"""A fan goes through the years from left to right, however they are asked for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke


@pytest.mark.parametrize(
    ("asked", "drawn"), [(("--year", "2026,2024"), ["2024", "2026"]), ((), ["2024", "2025"])]
)
def test_the_years_of_a_fan(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], drawn: list[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1748736000")  # 1 June 2025
    words = ("--to", "MLT", "--what", "fan", "--draws", "32", "-o", "fan.svg", "--data", "fan.csv")
    assert invoke("draw", "sure", "tutorial", *words, *asked).code == 0
    with Path("fan.csv").open(encoding="utf-8") as file:
        (row,) = [row for row in csv.DictReader(file) if row["source"] == "fan-middle"]
    assert [part.split(":")[0].strip() for part in row["note"].split(";")] == drawn
