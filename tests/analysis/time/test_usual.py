"""A month without a shock is as without it: no program is solved for what the check confirms."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.analysis.time import horizon, plan
from supplynet.analysis.time.horizon import Horizon
from supplynet.analysis.time.plan import usual_flows
from supplynet.analysis.time.states import Asked, normal_of, state_of
from tests.analysis.time.networks import chains, solved, stock
from tests.network.networks import added

SHOCK = {
    "avoid": "node:ref-vnm",
    "during": "2024-02..2024-03",
    "begin": "2024-01",
    "end": "2024-05",
}


def ran(**words: Any) -> Horizon:
    net = added(chains(), "stocks", stock(quantity=20.0, refill=0.5))
    return solved(net, **{**SHOCK, **words})


def served(result: Horizon) -> list[float]:
    return [row.served for row in result.months]


def as_usual(result: Horizon) -> list[str]:
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
    monkeypatch.setattr(horizon, "usual_flows", lambda model, *_: 0.0 * model.vector({}))
    result = ran()
    assert not as_usual(result)
    assert result.certificate.ok
    assert served(result) == pytest.approx(before)


def test_a_year_in_which_more_may_happen_goes_on_as_usual() -> None:
    """What stocks or ships may bring makes another model of the year, in which as much moves."""
    asked = Asked(chains())
    normal = normal_of(asked, 2024)
    stored = {plant: frozenset({"Nd"}) for plant in normal.question.net.node_by_id}
    model = state_of(asked, 2024, (), stored, coming=frozenset()).model
    before = normal.run.model
    assert model is not before
    flows = usual_flows(model, before, normal.run.x)
    assert flows is not None
    assert float(flows.sum()) == pytest.approx(float(normal.run.x.sum()))
    for kind, key in before.columns.keys:
        if kind in ("served", "mined"):
            own, other = before.columns.at(kind, *key), model.columns.at(kind, *key)
            assert flows[other] == pytest.approx(normal.run.x[own])
