"""The document of a run: who is short, the months, and what stocks did."""

from __future__ import annotations

import pytest

from supplynet.errors import UnknownNameError
from supplynet.present.document import Table
from supplynet.questions.run import run
from supplynet.questions.survive.page import run_answer
from supplynet.reports.results import document_of
from supplynet.reports.results_time import of_run
from tests.analysis.time.networks import chains, with_stock

SHUT = {"avoid": "AUS,VNM", "during": "2024-01..2024-03", "begin": "2024-01"}


def tables(document: object) -> dict[str, Table]:
    return {table.name: table for table in document.tables()}  # type: ignore[attr-defined]


def test_it_says_who_is_short_and_how_long() -> None:
    result = run(with_stock(), **SHUT)
    document = document_of(result)
    assert document.title == "Through time, 2024-01 to 2024-09"
    answer = run_answer(result)
    assert "150 of the 900 t of product are lost" in answer
    assert "1 need of 1 is short, 1 of them after 1 month" in answer
    assert "all are normal again 3 months after it began" in answer
    (row,) = tables(document)["endurance"].rows
    assert (row["survives"], row["recovers"]) == ("1", "3")
    assert row["lost_share"] == pytest.approx(1 / 6)
    (stock,) = tables(document)["stocks"].rows
    assert (stock["first"], stock["drawn"]) == pytest.approx((150.0, 150.0))
    assert stock["least"] == 0.0  # without the rounding of the programs


def test_months_are_those_of_all_or_of_who_is_asked_for() -> None:
    result = run(chains(), **SHUT)
    together = tables(of_run(result))["months"]
    assert "nation" not in [column.key for column in together.columns]
    assert together.caption.endswith("all nations together")
    own = tables(of_run(result, to="KOR"))["months"]
    assert {row["nation"] for row in own.rows} == {"South Korea"}
    assert [row["share"] for row in own.rows][:4] == pytest.approx([0.0] * 3 + [1.0], abs=1e-6)
    assert "stocks" not in tables(of_run(result))
    with pytest.raises(UnknownNameError):
        of_run(result, to="Atlantis")
