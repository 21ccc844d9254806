"""What one more and one less of a limit change, against balances solved anew."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from supplynet.analysis.balance.solved import MOST, SolvedBalance
from supplynet.analysis.balance.spread import STEP_SHARE
from supplynet.errors import SolverError
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp import solve as lp_solve
from supplynet.solve.lp.engine import LinearEngine
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_ask import NATIONS, served, shared
from tests.analysis.balance.test_laws import contested_networks
from tests.network.networks import changed


def moved(net: SupplyNetwork, kind: str, ident: str, step: float) -> SupplyNetwork:
    """The network with a limit moved in its table."""
    table = {"node": "nodes", "link": "edges", "rule": "rules"}[kind]

    def is_meant(row: Any) -> bool:
        name = f"{row.source} -> {row.target} ({row.form})" if table == "edges" else row.id
        return bool(name == ident)

    (row,) = (row for row in net.rows(table) if is_meant(row))
    return changed(net, table, is_meant, capacity=row.capacity + step)  # type: ignore[attr-defined]


@given(contested_networks())
@settings(max_examples=12)
def test_a_step_is_the_change_of_what_is_served(net: SupplyNetwork) -> None:
    """Every binding limit is moved in the tables both ways; the price lies between."""
    result = balance(net)
    before = sum(served(result).values())
    steps = result.steps
    assert len(steps) == min(MOST, len(result.binding))
    for limit, step in zip(result.binding[:MOST], steps, strict=True):
        assert (limit.kind, limit.id) == (step.kind, step.id)
        size = min(1.0, STEP_SHARE * limit.capacity) or 1.0
        after = sum(served(balance(moved(net, step.kind, step.id, size))).values())
        assert step.more == pytest.approx((after - before) / size, abs=1e-5)
        if not limit.capacity:
            assert step.less is None
            continue
        after = sum(served(balance(moved(net, step.kind, step.id, -size))).values())
        assert step.less == pytest.approx((before - after) / size, abs=1e-5)
        assert step.less is not None
        assert step.more <= step.worth <= step.less


def test_what_comes_first_in_line_cannot_be_taken_from() -> None:
    demand = dict(zip(NATIONS, (50.0, 60.0, 70.0), strict=True))
    net = shared([40.0], demand, {(0, nation): None for nation in NATIONS})
    result = balance(net, objective="priority", priority="JPN")
    assert [step.less for step in result.steps] == [None] * len(result.binding)


def test_what_the_engine_fails_on_is_solved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    net = shared([100.0], {"KOR": 60.0, "JPN": 90.0}, {(0, "KOR"): None, (0, "JPN"): None})

    def figures(result: SolvedBalance) -> list[Any]:
        spans = [result.range_of("product", nation, "battery") for nation in ("KOR", "JPN")]
        return [*result.steps, *result.ranges, *spans]

    expected = figures(balance(net))

    def failed(self: LinearEngine) -> None:
        raise SolverError("numbers")

    whole = type("Whole", (LinearEngine,), {"solve": LinearEngine.solve})
    monkeypatch.setattr(lp_solve, "LinearEngine", whole)  # what is solved once does not fail
    monkeypatch.setattr(LinearEngine, "solve", failed)
    assert str(figures(balance(net))) == str(expected)
