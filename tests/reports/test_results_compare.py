"""The document of two editions: the largest revisions first, the rest counted."""

from __future__ import annotations

import pandas as pd

from supplynet.analysis.editions import diff_tables
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results import document_of


def edition(**tonnes: float) -> pd.DataFrame:
    return pd.DataFrame({"country": list(tonnes), "year": 2024, "tonnes": list(tonnes.values())})


def test_tables() -> None:
    result = diff_tables(edition(AUS=13000, PER=5, CHL=3), edition(AUS=29000, PER=5, FIN=7))
    text = to_markdown(document_of(result))
    assert "Australia 2024 production from 13,000 t to 29,000 t" in text
    assert "3 figures differ, 1 are the same" in text
    assert "no figure" in text
    assert "+16,000" in text
    assert "points" in text
