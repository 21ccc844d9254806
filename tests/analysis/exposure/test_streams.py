"""A balance as one account of tonnes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.analysis.exposure.streams import Streams, streams
from supplynet.errors import OptionError, UnknownNameError

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="module")
def open_balance(rare_earths: SupplyNetwork) -> BalanceResult:
    return sn.balance(rare_earths, year=2030, avoid="CHN")


def rests(found: Streams) -> dict[str, float]:
    """What comes less what goes, by node."""
    left: dict[str, float] = defaultdict(float)
    for ends, tonnes in found.sent.items():
        left[ends.tail] -= tonnes
        left[ends.head] += tonnes
    for node, tonnes in found.mined.items():
        left[node] += tonnes
    for sums in (found.lost, found.surplus, found.served):
        for node, tonnes in sums.items():
            left[node] -= tonnes
    return left


@pytest.mark.parametrize("to", [None, "KOR", "EU"])
@pytest.mark.parametrize("element", ["Nd", "Dy", "Nd,Pr"])
def test_what_comes_to_a_plant_is_what_it_sends_loses_and_has_left_over(
    open_balance: BalanceResult, element: str, to: str | None
) -> None:
    found = streams(open_balance, element=element, to=to)
    size = max(found.sent.values())
    assert size > 0
    assert max(abs(rest) for rest in rests(found).values()) < 1e-6 * size


def test_nations_get_what_the_balance_says(open_balance: BalanceResult) -> None:
    found = streams(open_balance, element="Nd")
    for row in open_balance.elements:
        if row.element == "Nd":
            assert found.served.get(row.nation, 0.0) == pytest.approx(row.served, abs=1e-6)
            assert found.needed[row.nation] == row.demand
    surplus = sum(row.tonnes for row in open_balance.surplus if row.element == "Nd")
    assert sum(found.surplus.values()) == pytest.approx(surplus, abs=1e-6)


def test_the_part_of_a_nation_is_a_part_of_the_whole(open_balance: BalanceResult) -> None:
    whole = streams(open_balance, element="Nd")
    part = streams(open_balance, element="Nd", to="KOR")
    assert set(part.served) == {"KOR"}
    assert part.served["KOR"] == pytest.approx(whole.served["KOR"])
    assert not part.lost and not sum(part.surplus.values())
    assert sum(part.mined.values()) == pytest.approx(part.served["KOR"])
    for ends, tonnes in part.sent.items():
        assert tonnes <= whole.sent[ends] * (1 + 1e-9)


def test_the_parts_of_all_nations_arrive_as_the_whole(open_balance: BalanceResult) -> None:
    whole = streams(open_balance, element="Dy")
    nations = ",".join(open_balance.question.net.nation_ids)
    together = streams(open_balance, element="Dy", to=nations)
    assert sum(together.mined.values()) == pytest.approx(sum(whole.served.values()))


def test_corridors_are_dissolved(open_balance: BalanceResult) -> None:
    known = open_balance.question.net.node_by_id
    found = streams(open_balance, element="Nd")
    assert all(ends.tail in known and ends.head in known for ends in found.sent)
    assert any(ends.is_scrap for ends in found.sent)
    assert found.unit == "t Nd2O3/yr"


def test_elements_add_up(open_balance: BalanceResult) -> None:
    both = streams(open_balance, element=["Nd", "Pr"])
    single = [streams(open_balance, element=one) for one in ("Nd", "Pr")]
    assert both.elements == ("Nd", "Pr")
    assert sum(both.mined.values()) == pytest.approx(sum(sum(one.mined.values()) for one in single))


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ({"element": "basket"}, OptionError, "followed by element"),
        ({"element": "Xx"}, UnknownNameError, "Xx"),
        ({"element": "Nd", "to": "CHN"}, OptionError, "names no nation that draws"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    open_balance: BalanceResult, words: dict[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        streams(open_balance, **words)  # type: ignore[arg-type]
