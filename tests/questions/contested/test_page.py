from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet import verify
from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.programs import Run
from supplynet.present.document import Table
from supplynet.questions.contested import allocation_of
from supplynet.questions.contested.limits import surplus_section
from supplynet.reports.data_writers import to_json
from supplynet.reports.results import document_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_nothing_is_solved_when_an_answer_is_read(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text, tables, JSON and proof are of what was solved when it was asked."""
    words = {"year": 2024, "tier": "possible", "objective": "max_supply"}
    result = sn.allocate(tutorial, nation="MLT", explain="ISL", ranges=True, **words)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a program was solved")

    for name in ("solve", "again", "exact"):
        monkeypatch.setattr(Run, name, refused)
    told = json.loads(to_json(document_of(result)))
    assert result.summary() and len(result.tables()) == 21
    assert [row["nation"] for row in told["ranges"]] == ["MLT", "ISL"]
    assert {row["kind"] for row in told["further_ranges"]} >= {"form", "product", "surplus"}
    assert [what for word, what in verify.verify(told) if word == "FAILS"] == []


def test_a_page_has_ranges_of_what_is_left_over_where_few_elements_are(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each range takes two programs, and a page has no room for many rows."""
    solved = balance(tutorial, objective="max_supply", year=2026)

    def heads(detail: str) -> list[str]:
        table = surplus_section(allocation_of(solved, detail)).blocks[1]
        assert isinstance(table, Table)
        return [column.key for column in table.columns]

    assert heads("page") == heads("all") == ["element", "tonnes", "range"]
    monkeypatch.setattr("supplynet.questions.contested.limits._FEW", 0)
    assert heads("page") == ["element", "tonnes"]
    assert heads("all") == ["element", "tonnes", "range"]
