"""The document of two editions: the largest revisions first, the rest counted."""

from __future__ import annotations

import pandas as pd

from supplynet.analysis.editions import HeadlineChange, VintageResult, diff_graphs, diff_tables
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results import document_of
from supplynet.reports.results_indices import of_vintage


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


def test_tables_that_are_the_same() -> None:
    text = to_markdown(of_vintage(diff_tables(edition(AUS=1), edition(AUS=1))))
    assert "Every figure of the years that both hold is the same." in text
    assert "Figures revised" not in text


def test_graphs(tutorial, rare_earths) -> None:
    same = of_vintage(diff_graphs(tutorial, tutorial))
    assert "The rows of both graphs are the same." in to_markdown(same)
    document = of_vintage(diff_graphs(tutorial, rare_earths))
    text = to_markdown(document)
    assert "Rows differ in" in text
    assert "more are in the JSON and CSV output" in text
    assert "declared otherwise" in text
    assert len(document.data["rows"]) > 60


def test_cells_of_a_changed_row(tutorial) -> None:
    changed = [
        node.model_copy(
            update={
                "capacity": 0.25,
                "lat": None,
                "makes": ("light",),
                "name": "New",
                "lon": 12345.0,
            }
        )
        for node in tutorial.node_rows[:1]
    ]
    net = tutorial.replace(nodes=[*changed, *tutorial.node_rows[1:]])
    rows = {
        row["column"]: row for row in list(of_vintage(diff_graphs(tutorial, net)).tables())[-1].rows
    }
    assert rows["name"]["after"] == "New"
    assert rows["capacity"]["after"] == "0.25"
    assert rows["makes"]["after"] == "light"
    assert rows["lon"]["after"] == "12,345"
    assert "(empty)" in (rows["lat"]["before"], rows["lat"]["after"]) or rows["lat"]


def test_headlines_without_a_figure_or_far_apart() -> None:
    headlines = (
        HeadlineChange("a", "x", None, 1.0, "t"),
        HeadlineChange("b", "x", 1.0, 100.0, "t"),
        HeadlineChange("c", "x", 10.0, 20.0, "t"),
    )
    result = VintageResult("graphs", ("a", "b"), (), (), headlines)
    (table,) = of_vintage(result).tables()
    assert [row["change"] for row in table.rows] == ["not known", "+99", "+10 (+100.0%)"]
