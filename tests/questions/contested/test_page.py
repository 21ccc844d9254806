from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet import verify
from supplynet.analysis.balance.programs import Run
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
