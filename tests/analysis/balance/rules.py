"""Balances for tests in which it does not matter how what is short is shared out.

The most tonnes are served in all: answers by hand are easiest of that.
"""

from functools import lru_cache
from typing import Any

from supplynet.analysis.balance import balance
from supplynet.analysis.balance.result import BalanceResult
from supplynet.network.cache import Same
from supplynet.network.network import SupplyNetwork


def most_served(net: SupplyNetwork, **words: Any) -> BalanceResult:
    """Return the balance that serves most; the same question is solved once for all tests.

    A result does not change, and keeps what it is asked further: ranges and steps, the dear part
    of a document, are worked out once as well. Where it is not said it counts on every link, in the
    base year: answers by hand are easiest of the graphs as they are drawn.
    """
    usual: dict[str, Any] = {"objective": "max_supply"}
    if not {"links", "plants", "tier"} & words.keys():
        usual["tier"] = "possible"
    if "scenario" not in words:
        usual["year"] = net.commodity.base_year
    asked = tuple(sorted({**usual, **words}.items()))
    try:
        hash(asked)
    except TypeError:  # lists and mappings are no keys
        return balance(net, **dict(asked))
    return _solved(Same(net), asked)


@lru_cache(maxsize=16)
def _solved(net: Same, asked: tuple[tuple[str, Any], ...]) -> BalanceResult:
    return balance(net.of, **dict(asked))  # type: ignore[arg-type]
