"""The document of indices: each value in its own scale, and what must be known beside it."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.indices.benchmarks import own_capacity
from supplynet.analysis.indices.concentration import HHI, concentration
from supplynet.analysis.indices.result import Index, IndexResult, Input
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results import document_of
from supplynet.reports.results_indices import figure, of_indices
from supplynet.reports.terminal import print_document
from tests.analysis.indices.tables import production


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4923.624, "0-10,000", "4,923.6"),
        (0.5, "1", "50%"),
        (0.5, "share of consumption", "50%"),
        (1.23456, "score", "1.23"),
        (0.00032304331, "0-1", "0.000323043"),
        (17_500.0, "t", "17,500 t"),
        (1.5, "", "1.5"),
        (None, "1", "not known"),
    ],
)
def test_figures_in_their_scale(value, unit, text) -> None:
    assert figure(value, unit) == text


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
    assert table.rows[0]["range"] == "4,000.0 to 4,400.0"
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
