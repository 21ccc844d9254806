"""The document of a run: who is short, the months, and what stocks did."""

from __future__ import annotations

import pytest

from supplynet.analysis.time.ask import run
from supplynet.errors import UnknownNameError
from supplynet.present.document import Table
from supplynet.reports.results import document_of
from supplynet.reports.results_time import of_run, run_answer
from tests.analysis.time.networks import chains, stock, with_stock

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


def test_a_shock_that_does_not_end_is_said_to_last() -> None:
    result = run(with_stock(), **{**SHUT, "end": "2024-03"})
    assert "1 is short to the end of the horizon" in run_answer(result)
    (row,) = tables(of_run(result))["endurance"].rows
    assert row["recovers"] == "beyond the end"


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


def test_where_nothing_happens_nobody_is_short() -> None:
    result = run(chains(), begin="2024-01", end="2024-02")
    document = of_run(result)
    assert run_answer(result).endswith("Nobody is short.")
    assert "endurance" not in tables(document)


def test_foresight_is_told_from_deciding_month_by_month() -> None:
    texts = {
        behavior: str(of_run(run(with_stock(), **SHUT, behavior=behavior)).sections[-1])
        for behavior in ("rolling", "foresight")
    }
    assert "decided with what is known in it" in texts["rolling"]
    assert "No one knows as much" in texts["foresight"]


def test_what_holds_most_of_it_down_is_named_with_its_months() -> None:
    net = chains().with_capacity("ref-vnm", 30.0)
    shut = {**SHUT, "avoid": "AUS"}
    document = of_run(run(net, **shut), to="KOR")
    (row,) = tables(document)["holds"].rows
    assert (row["period"], row["capacity"]) == ("2024-01 to 2024-03", "2.5 t ore")
    assert (row["missing"], row["part"]) == pytest.approx((150.0, 1.0))
    answer = document.sections[0].blocks[0].text  # type: ignore[union-attr]
    assert "For South Korea what holds most of it down is" in answer
    assert answer.endswith("the largest part in 3 of 3 periods with a shortage.")
    (none,) = tables(of_run(run(chains(), **SHUT)))["holds"].rows
    assert none["limit"].startswith("No limit")
    assert (none["capacity"], none["part"]) == ("", 1.0)


def test_a_phrase_begins_small_inside_a_sentence() -> None:
    net = with_stock(**{**stock(), "quantity": 200.0, "release": 0.1})
    answer = of_run(run(net, **SHUT)).sections[0].blocks[0].text  # type: ignore[union-attr]
    assert "What holds most of it down is release of Reserve: " in answer
