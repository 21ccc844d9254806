"""Errors of the library on the command line: options in place of keywords of Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Invoke


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("draw", "sure", "tutorial", "--to", "MLT", "--what", "fan", "--year", "2024"),
         "ask for more: --year 2026,2028,2030"),
        (("allocate", "tutorial", "--weight", "goods=2"),
         "name one that serves the most: --objective max_supply"),
        (("graph merge", "tutorial", "two.csv", "--codes", "850511:oxide"),
         "say which year is meant with --year"),
    ],
)  # fmt: skip
def test_hints_name_options(
    invoke: Invoke, tmp_path: Path, words: tuple[str, ...], hint: str
) -> None:
    rows = "\n".join(f"CHN,KOR,850511,{year},5,2" for year in (2023, 2024))
    (tmp_path / "two.csv").write_text(f"exporter,importer,hs6,year,value_usd,tonnes\n{rows}\n")
    ran = invoke(*words)
    assert (ran.code, ran.err.splitlines()[-1]) == (2, f"Hint: {hint}")
