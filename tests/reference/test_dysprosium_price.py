"""The dysprosium price of 2025: the page tells what the example prints, and no more."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_examples import SAYS

PAGE = Path(__file__).parents[2] / "docs" / "dysprosium-2025.md"


def test_the_page_tells_the_figures_of_the_example() -> None:
    """Which is run against these words by the tests of the examples."""
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([a-z ]+) \| [\d.]* ?\| ([\d,]+) \| ([\d,]+) \| ([\d.]+) \|$", page, re.MULTILINE
    )
    told = {case: (inside, outside, factor) for case, inside, outside, factor in rows}
    for line in SAYS["10_dysprosium_price.py"]:
        case, inside, outside, factor = re.match(  # type: ignore[union-attr]
            r"([a-z ]+): USD/kg Dy2O3 in China ([\d,]+) .*elsewhere ([\d,]+) \(([\d.]+)\)", line
        ).groups()
        shown = told[case]
        assert shown[:2] == (inside, outside)
        assert abs(float(shown[2]) - float(factor)) < 0.05


def test_the_threefold_price_lies_between_a_part_and_a_full_stop() -> None:
    """Direction and order of size: licences that let some through do not triple the price in a
    year's balance, and a full stop does more than that."""
    factors = [
        float(re.findall(r"\(([\d.]+)\)", line)[1]) for line in SAYS["10_dysprosium_price.py"]
    ]
    before, licences, stop = factors
    assert before == 1.0
    assert 1.0 < licences < 3.04 < stop
