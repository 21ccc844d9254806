"""The document of indices: each value in its own scale, and what must be known beside it."""

from __future__ import annotations

import supplynet as sn
from supplynet.analysis.indices.concentration import concentration
from supplynet.analysis.indices.risk import own_capacity
from supplynet.analysis.indices.rows import Input
from supplynet.analysis.indices.supply import supply_of
from supplynet.analysis.provenance import Provenance
from supplynet.questions.indices import IndexResult
from supplynet.questions.indices.page import of_indices
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.results import document_of
from tests.analysis.indices.tables import production


def test_every_method_has_a_section_with_formula_and_source(rare_earths) -> None:
    result = sn.indices(rare_earths, element="Dy")
    document = document_of(result)
    for method in result.methods:
        text = repr(document.section(method.id))
        assert method.formula in text
        assert method.source in text
    assert "EU meets 0" in repr(document.section("answer"))
    assert "SI_SR" in repr(document.section("eu-supply-risk"))
    assert "supply (94%)" in repr(document.section("hhi"))
    assert document.data["provenance"]["digest"] == rare_earths.digest
    assert to_markdown(document).startswith("# Published indices")


def test_ranges_and_notes_are_shown_once() -> None:
    one = concentration(supply_of(production(AUS=60, CHL=20, Other=20)))
    document = of_indices(IndexResult(title="Title", indices=(one, one), provenance=Provenance()))
    (table,) = document.tables()
    assert table.rows[0]["range"] == "4,000 to 4,400"
    assert table.rows[0]["estimated"] == "-"
    notes = repr(document.section("notes"))
    assert notes.count("The row of other countries") == 1


def test_benchmarks_say_met_missed_or_not_known() -> None:
    used = Input("consumption", 100.0, "t", "summary")
    own = [Input("own", value, "t", "estimated") for value in (5.0, 50.0)]
    found = [
        own_capacity("extraction", place="EU", consumption=used, own=one, year=2024) for one in own
    ]
    found.append(own_capacity("recycling", place="EU", consumption=used, own=None, year=2024))
    document = of_indices(
        IndexResult(title="Title", indices=tuple(found), provenance=Provenance()), with_inputs=True
    )
    tables = {one.name: one for one in document.tables()}
    assert [row["verdict"] for row in tables["crma"].rows] == ["missed", "met", "not known"]
    assert [row["shortfall"] for row in tables["crma"].rows] == [5.0, 0.0, None]
    assert tables["crma"].rows[0]["estimated"] == "consumption (summary), own"
    assert [row["input"] for row in tables["inputs"].rows][:2] == ["consumption", "own"]
    assert "meets 1" in repr(document.section("answer"))
