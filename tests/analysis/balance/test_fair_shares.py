"""What a few nations get in competition is what the whole balance gives them, at both ends."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.balance.ask import question_of_all
from supplynet.analysis.balance.programs import Words
from supplynet.analysis.balance.spread import FairShare, fair_shares
from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="module")
def wide() -> SupplyNetwork:
    return sn.load("tutorial").with_capacity("ref-small", 75.0, low=10.0, high=90.0)


def asked(
    net: SupplyNetwork, nations: set[str], most_with_ends: int = 0, avoid: str = "FJI"
) -> tuple[FairShare, ...]:
    question = question_of_all(net, year=2026, tier="committed", avoid=avoid)
    words = Words("fair", question.net.commodity.elements, "capacity", (), "", {}, None)
    return fair_shares(question, words, frozenset(nations), most_with_ends=most_with_ends)


@pytest.mark.parametrize("avoid", ["FJI", "ISL"])
def test_they_are_those_of_the_whole_balance(wide: SupplyNetwork, avoid: str) -> None:
    whole = sn.allocate(wide, year=2026, tier="committed", avoid=avoid, basis="capacity")
    spread = whole.spread
    assert spread is not None
    for row in whole.coverage:
        (got,) = asked(wide, {row.nation}, 1, avoid)
        assert (got.form, got.need) == (row.form, row.demand)
        assert got.served == pytest.approx(row.served, rel=1e-8)
        assert (got.low, got.high) == pytest.approx(spread.levels[row.nation, row.form], rel=1e-8)
        assert (got.low < got.high) == (avoid == "ISL")
