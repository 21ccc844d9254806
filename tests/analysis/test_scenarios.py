"""What nations get in scenarios, without flows, is what whole balances of them give."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp.engine import LinearEngine, Starts
from tests.questions.compare.compared import HALF, SHUT


@pytest.fixture(scope="module")
def wide() -> SupplyNetwork:
    return sn.load("tutorial").with_capacity("ref-small", 75.0, low=10.0, high=90.0)


@pytest.fixture(scope="module", params=[("MLT", "ISL"), ("nation", None)])
def ask(request: pytest.FixtureRequest, wide: SupplyNetwork) -> Any:
    """Asks the same three cases again."""
    to, avoid = request.param
    words: dict[str, Any] = {"element": "Nd", "year": 2026, "tier": "committed"}
    return partial(sn.compare, wide, "base", HALF, SHUT, to=to, avoid=avoid, **words)


@pytest.fixture(scope="module")
def whole(ask: Any) -> Any:
    return ask()


def test_shares_are_those_of_the_whole_comparison(ask: Any, whole: Any) -> None:
    shares = ask(detail="coverage")
    assert shares.potentials == () == shares.balances
    assert ask(ranges=False).ends is None
    assert shares.is_certified
    products = [part for part in whole.parts if part.kind == "product"]
    for told, expected in ((shares.contested, whole.contested), (shares.parts, products)):
        assert len(told) == len(expected) > 0
        for row, other in zip(told, expected, strict=True):
            assert row.served == pytest.approx(other.served, rel=1e-8)
            for name in ("case", "nation", "demand"):
                assert getattr(row, name) == getattr(other, name)


def test_the_ends_of_the_data_are_those_of_each_balance(whole: Any) -> None:
    ends = whole.ends
    expected = {
        (case, *claim): levels
        for case, balance in zip(whole.cases, whole.balances, strict=True)
        for claim, levels in balance.spread.levels.items()
        if claim[0] in whole.question.targets
    }
    assert ends.keys() == expected.keys()
    assert any(low < high for low, high in ends.values())
    for key, (low, high) in ends.items():
        assert (low, high) == pytest.approx(expected[key], rel=1e-8)


def test_ends_of_the_data_start_where_the_central_figures_ended(
    ask: Any, whole: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[bool] = []

    def begin(kept: Starts, *args: Any, **words: Any) -> bool:
        starts.append(begun(kept, *args, **words))
        return starts[-1]

    begun = Starts.begin
    monkeypatch.setattr(Starts, "begin", begin)
    ends = ask(detail="coverage").ends
    assert starts[-2 * len(whole.cases) :] == [True] * (2 * len(whole.cases))
    assert ends.keys() == whole.ends.keys()
    for key, levels in ends.items():
        assert levels == pytest.approx(whole.ends[key], rel=1e-8)


def test_ends_are_known_where_the_rule_settles_who_gets_what(wide: SupplyNetwork) -> None:
    words: dict[str, Any] = {"to": "MLT", "element": "Nd", "objective": "max_supply"}
    assert sn.compare(wide, "base", **words).ends == {}


def test_a_level_that_the_rule_settles_has_no_range_to_be_solved(
    wide: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its least and most are one figure; a rule that leaves it open has both solved."""
    solved: list[str] = []
    first = LinearEngine.objective

    def counted(engine: LinearEngine, costs: Any) -> None:
        solved.append("end")
        first(engine, costs)

    monkeypatch.setattr(LinearEngine, "objective", counted)
    words: dict[str, Any] = {"to": "nation", "element": "Nd", "scenario": SHUT}
    fair = sn.compare(wide, "base", **words)
    assert solved == []
    assert all(row.low == row.high == row.served < row.demand for row in fair.contested)
    most = sn.compare(wide, "base", objective="max_supply", **words)
    assert solved
    assert any(row.low < row.high for row in most.contested)
