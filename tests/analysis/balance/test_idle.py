"""Restrictions that bind nothing are reported, with the reason; those that bind are not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.arrays.test_restrict import sold
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.rules import page_of, summary_of
from tests.network.networks import changed
from tests.reports.reading import said


@pytest.mark.parametrize(
    ("withheld", "relative_to", "more", "reason"),
    [
        (0.5, "need", {}, "at most 60% of what it lets pass is used"),
        (0.05, "capacity", {}, None),
        (0.5, "observed", {}, None),
        (1.0, "need", {}, None),
        (0.0, "need", {}, "it holds nothing back"),
        (0.5, "need", {"start_year": 2030}, "it does not hold in 2024 but from 2030 on"),
        (0.5, "need", {"end_year": 2020}, "it does not hold in 2024"),
        (0.5, "need", {"source": "CHL"}, "no link that is counted on is under it"),
    ],
)
def test_why_a_restriction_binds_nothing(
    withheld: float, relative_to: str, more: dict[str, Any], reason: str | None
) -> None:
    net = sold(withheld, relative_to, **more)
    if relative_to == "need":  # 100 t asked for by Korea: 60 t come of the 100 t that may
        net = changed(net, "demand", lambda row: row.nation == "JPN", quantity=0.0)
        net = changed(net, "edges", lambda row: row.target == "KOR", capacity=None)
    result = balance(net)
    told = [str(one) for one in result.idle_restrictions]
    assert told == ([] if reason is None else [f"restriction ban binds nothing: {reason}"])
    if reason is not None:
        assert f"Restriction ban binds nothing: {reason}." in summary_of(result)
        assert f"Restriction ban binds nothing: {reason}." in said(page_of(result), "answer")
        assert result.idle_restrictions[0].id == "ban"
