"""The data range of a loss: each end solved anew, the central loss within."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.flow.flow import solve_question
from tests.analysis.uncertainty.networks import STOPS, with_ranges

NET = with_ranges(STOPS)
TOLD: dict[str, Any] = {"to": "MLT", "element": "Nd", "count": "all"}


@pytest.mark.parametrize(
    "words", [{}, {"by": "country"}, {"lost": ["FJI:mine"]}, {"model": "balance"}], ids=str
)
def test_a_loss_lies_within_its_range(words: dict[str, Any]) -> None:
    result = sn.chokepoints(NET, **TOLD, **words)
    assert result.rows
    ranges = result.ranges()
    assert list(ranges) == [row.id for row in result.rows]
    for row in result.rows:
        low, high = ranges[row.id]
        assert 0.0 <= low <= row.loss <= high
    assert any(low < high for low, high in ranges.values())


def test_the_ends_are_what_flows_without_it_lack() -> None:
    result = sn.chokepoints(NET, **TOLD)
    first = result.rows[0]
    ends = []
    for level in ("low", "high"):
        words = {"level": level, "need": level}
        whole = solve_question(result.question, "Nd", **words).value
        shut = solve_question(result.question, "Nd", **words, closed=frozenset({first.id})).value
        ends.append(whole - shut)
    low, high = result.ranges()[first.id]
    assert low == pytest.approx(min(first.loss, *ends))
    assert high == pytest.approx(max(first.loss, *ends))
