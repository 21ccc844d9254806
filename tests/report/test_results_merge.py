"""A merge as a document."""

from __future__ import annotations

import pandas as pd

from supplynet.network.network import SupplyNetwork
from supplynet.report.markdown import to_markdown
from supplynet.report.results_merge import of_merge
from supplynet.trade.merge import merge


def test_a_merge_counts_and_shows_the_largest_differences(tutorial: SupplyNetwork) -> None:
    frame = pd.DataFrame(
        [("ISL", "MLT", "oxide", 50.0, 2024), ("JPN", "MLT", "oxide", 4.0, 2024)],
        columns=["exporter", "importer", "form", "tonnes", "year"],
    )
    text = to_markdown(of_merge(merge(tutorial, frame)))
    assert "1 flow: corridor added for the difference; 50 t by customs, 20 t" in text
    assert "| Iceland to Malta | oxide | t oxide | 50 | 20 | t oxide | 30 |" in text
    assert "1 flow: one end has no plant or nation for it" in text
