"""A month without a shock is as without it: no program is solved for what the check confirms."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.time import ask, plan
from supplynet.analysis.time.result import RunResult
from tests.analysis.time.networks import chains, stock
from tests.network.networks import added

SHOCK = {
    "avoid": "node:ref-vnm",
    "during": "2024-02..2024-03",
    "begin": "2024-01",
    "end": "2024-05",
}


def ran(**words: Any) -> RunResult:
    net = added(chains(), "stocks", stock(quantity=20.0, refill=0.5))
    return sn.run(net, **{**SHOCK, **words})


def served(result: RunResult) -> list[float]:
    return [row.served for row in result.months]


def as_usual(result: RunResult) -> list[str]:
    return [name.split()[0] for name in result.plan.certificates if name.endswith("as usual")]


@pytest.mark.parametrize("stocks", [None, ()])
def test_months_without_the_shock_are_as_usual(
    stocks: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = ran(stocks=stocks)
    assert as_usual(result) == ["2024-01", "2024-04", "2024-05"]
    assert result.certificate.ok
    monkeypatch.setattr(plan, "as_usual", lambda *_: None)
    solved = ran(stocks=stocks)
    assert not as_usual(solved)
    assert served(result) == pytest.approx(served(solved))
    told = [(row.stock, row.period, row.drawn, row.filled, row.level) for row in solved.stocks]
    for row, other in zip(result.stocks, told, strict=True):
        assert (row.stock, row.period) == other[:2]
        assert (row.drawn, row.filled, row.level) == pytest.approx(other[2:], abs=1e-6)


def test_flows_that_do_not_serve_all_are_not_taken_for_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The independent check decides, not where the flows come from."""
    before = served(ran())
    monkeypatch.setattr(ask, "usual_flows", lambda model, *_: 0.0 * model.vector({}))
    result = ran()
    assert not as_usual(result)
    assert result.certificate.ok
    assert served(result) == pytest.approx(before)


def test_where_other_links_hold_nothing_is_as_usual() -> None:
    """A shock that lasts to the end leaves no month as without it."""
    assert not as_usual(ran(during="2024-01..2024-05"))
