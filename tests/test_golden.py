"""A few answers are what they were: text, CSV and JSON of a copy of the tutorial, to six digits.

Written by ``python tools/golden.py handful``, which also compares all commands of all graphs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import golden


def test_a_few_answers_are_what_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)  # and back at the end
    golden.unpack(tmp_path)
    kept = (golden.ROOT / "tests" / "golden" / "answers.txt").read_text(encoding="utf-8")
    assert golden.handful().split("\n") == kept.split("\n")


def test_numbers_are_compared_to_six_digits() -> None:
    assert golden.plain("1.23456789 t and 0.30000000000000004") == "1.23457 t and 0.3"
    assert golden.plain("1,070 t of id-12.3a stay") == "1,070 t of id-12.3a stay"
