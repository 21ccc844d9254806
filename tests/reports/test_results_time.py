"""The document of a run: who is short, the months, and what stocks did."""

from __future__ import annotations

import json
import re

import pytest

from supplynet.present.document import Table
from supplynet.questions.run import RunResult, run
from supplynet.reports.html import to_html
from supplynet.reports.results import document_of
from supplynet.reports.results_time import live_months, of_run
from tests.analysis.time.networks import chains, with_stock

SHUT = {"avoid": "AUS,VNM", "during": "2024-01..2024-03", "begin": "2024-01"}


def tables(document: object) -> dict[str, Table]:
    return {table.name: table for table in document.tables()}  # type: ignore[attr-defined]


def test_months_are_those_of_all_or_of_who_is_asked_for() -> None:
    result = run(chains(), **SHUT)
    together = tables(of_run(result))["months"]
    assert "nation" not in [column.key for column in together.columns]
    assert together.caption.endswith("all nations together")
    own = tables(of_run(run(chains(), **SHUT, to="KOR")))["months"]
    assert {row["nation"] for row in own.rows} == {"South Korea"}
    assert [row["share"] for row in own.rows][:4] == pytest.approx([0.0] * 3 + [1.0], abs=1e-6)
    assert "stocks" not in tables(of_run(result))


# -- the slider -----------------------------------------------------------------------------------

SHOCK = {"avoid": "VNM", "during": "2024-02..2024-03", "begin": "2024-01", "end": "2024-05"}


@pytest.fixture(scope="module")
def result() -> RunResult:
    return run(with_stock(quantity=50.0), **SHOCK)


def test_a_state_is_what_the_tables_say_of_its_period(result: RunResult) -> None:
    live = live_months(result)
    assert [choice.id for choice in live.axes[0].choices] == [row.period for row in result.months]
    for (number,), state in live.states.items():
        assert state.figures["goods"][0] == pytest.approx(result.months[number].share)
        assert state.figures["stocks"][0] == pytest.approx(result.stocks[number].level / 50.0)
    assert live.start == (2,), "the worst month, when the stock is gone"
    assert live.first.summary.startswith("2024-03, VNM: 1 need of 1 short, most South Korea")
    assert live.states[0,].summary == "2024-01, no shock: nobody is short."


def test_the_page_has_a_slider(result: RunResult) -> None:
    page = to_html(document_of(result))
    slider = re.search(r'<input type="range" data-axis="period" min="0" max="4" value="2"', page)
    assert slider is not None
    told = re.search(r'class="figures">(.*?)</script>', page)
    assert told is not None
    assert len(json.loads(told[1])["states"]) == 5
    assert '<div class="choices" hidden>' in page
