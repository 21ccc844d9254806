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


def test_a_year_of_licences_comes_out_and_the_threefold_price_does_not() -> None:
    """Direction and order of size: a tenth more in the year as it was, and at no strength thrice.

    The mean price paid outside China in 2025 was 233 dollars, inside 224.
    """
    lines = SAYS["10_dysprosium_price.py"]
    factors = [float(re.findall(r"\(([\d.]+)\)", line)[1]) for line in lines]
    before, year, month, stop = factors
    assert before == 1.0 < year < 1.2
    assert year < month < 3.04
    assert year < stop < 3.04
    outside = float(re.findall(r"elsewhere (\d+)", lines[1])[0])
    assert abs(outside - 233) < 0.15 * 233
