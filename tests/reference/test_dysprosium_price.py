"""The dysprosium price of 2025: the page states what the example prints, and no more."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_examples import SAYS

PAGE = Path(__file__).parents[2] / "docs" / "dysprosium-2025.md"


_SAID = re.compile(
    r"([a-z ]+), ([a-z ]+): USD/kg Dy2O3 in China ([\d,]+) .*elsewhere ([\d,]+) \(([\d.]+)\)"
)


def test_the_page_tells_the_figures_of_the_example() -> None:
    """Which is run against these words by the tests of the examples."""
    page = PAGE.read_text(encoding="utf-8")
    row = r"^\| ([a-z ]+) \| ([a-z ]+) \| [\d.]* ?\| ([\d,]+) \| ([\d,]+) \| ([\d.]+) \|$"
    shown = re.findall(row, page, re.MULTILINE)
    assert shown == [_SAID.match(line).groups() for line in SAYS["10_dysprosium_price.py"]]  # type: ignore[union-attr]


def test_with_contents_free_the_factor_comes_out_and_the_level_does_not() -> None:
    """Outside China 233 dollars were paid on average; quoted were 280, then 3.04 times as much."""
    lines = [_SAID.match(line).groups() for line in SAYS["10_dysprosium_price.py"]]  # type: ignore[union-attr]
    prices = {(reading, case): float(price) for reading, case, _, price, _ in lines[:7]}
    before, year, month = (
        prices["contents free", case]
        for case in ("before", "as in the year", "three quarters held back")
    )
    assert abs(year - 233) < 0.15 * 233
    assert abs(month / before - 3.04) < 0.1 * 3.04
    assert before < 280 < prices["as built", "before"]
