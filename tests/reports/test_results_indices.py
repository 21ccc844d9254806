"""The document of indices: each value in its own scale, and what must be known beside it."""

from __future__ import annotations

import pandas as pd
import pytest

import supplynet as sn
from supplynet.analysis.editions import HeadlineChange, VintageResult, diff_graphs, diff_tables
from supplynet.analysis.indices.benchmarks import own_capacity
from supplynet.analysis.indices.concentration import HHI, concentration
from supplynet.analysis.indices.result import Index, IndexResult, Input
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results import document_of
from supplynet.reports.results_indices import of_indices, of_vintage
from supplynet.reports.terminal import print_document
from supplynet.text import quantity
from tests.analysis.indices.tables import production


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4923.624, "0-10,000", "4,920"),
        (9996.0, "0-10,000", "10,000"),
        (0.0, "score", "0.0"),
        (0.5, "1", "50%"),
        (0.5, "share of consumption", "50%"),
        (1.23456, "score", "1.23"),
        (0.00032304331, "0-1", "0.000323"),
        (17_500.0, "t", "17,500 t"),
        (1.5, "", "1.5"),
        (None, "1", "not known"),
    ],
)
def test_figures_in_their_scale(value, unit, text) -> None:
    assert quantity(value, unit) == text


def test_every_method_has_a_section_with_formula_and_source(rare_earths) -> None:
    result = sn.indices(rare_earths, element="Dy")
    document = document_of(result)
    for method in result.methods:
        text = repr(document.section(method.id))
        assert method.formula in text
        assert method.source in text
    assert "EU meets 0" in repr(document.section("answer"))
    assert "governance" in repr(document.section("eu-supply-risk"))
    assert "supply (86%)" in repr(document.section("hhi"))
    assert document.data["provenance"]["digest"] == rare_earths.digest
    assert to_markdown(document).startswith("# Published indices")


def test_ranges_and_notes_are_shown_once() -> None:
    one = concentration(production(AUS=60, CHL=20, Other=20))
    document = of_indices(IndexResult("Title", (one, one)))
    (table,) = document.tables()
    assert table.rows[0]["range"] == "4,000 to 4,400"
    assert table.rows[0]["estimated"] == "-"
    notes = repr(document.section("notes"))
    assert notes.count("The row of other countries") == 1


def test_long_lists_of_subjects_are_cut() -> None:
    flags = tuple(
        Index(HHI, f"Mine {number}", 2024, 1.0, 1.0, 1.0, "score", flags=("Mind.",))
        for number in range(9)
    )
    assert "6 more" in repr(of_indices(IndexResult("Title", flags)).section("notes"))


def test_benchmarks_say_met_missed_or_not_known() -> None:
    used = Input("consumption", 100.0, "t", "recalled")
    own = [Input("own", value, "t", "estimated") for value in (5.0, 50.0)]
    found = [
        own_capacity("extraction", place="EU", consumption=used, own=one, year=2024) for one in own
    ]
    found.append(own_capacity("recycling", place="EU", consumption=used, own=None, year=2024))
    document = of_indices(IndexResult("Title", tuple(found)), with_inputs=True)
    tables = {one.name: one for one in document.tables()}
    assert [row["verdict"] for row in tables["crma"].rows] == ["missed", "met", "not known"]
    assert [row["shortfall"] for row in tables["crma"].rows] == [5.0, 0.0, None]
    assert tables["crma"].rows[0]["estimated"] == "consumption (recalled), own"
    assert [row["input"] for row in tables["inputs"].rows][:2] == ["consumption", "own"]
    assert "meets 1" in repr(document.section("answer"))


def test_a_result_without_a_figure_says_so(capsys) -> None:
    unknown = Index(HHI, "", 2024, None, None, None, "0-10,000")
    print_document(of_indices(IndexResult("Title", (unknown,))))
    assert "No index is known." in capsys.readouterr().out


# -- The document of two editions: the largest revisions first, the rest counted --


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
