"""Balances for tests in which it does not matter how what is short is shared out.

The most tonnes are served in all: answers by hand are easiest of that.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.flow.rows import Moved
from supplynet.network.cache import Same
from supplynet.network.network import SupplyNetwork
from supplynet.present.document import Document
from supplynet.questions.contested import AllocateResult, allocation_of
from supplynet.questions.contested.page import of_balance
from supplynet.questions.explain import Explanation


def most_served(net: SupplyNetwork, **words: Any) -> SolvedBalance:
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
def _solved(net: Same, asked: tuple[tuple[str, Any], ...]) -> SolvedBalance:
    return balance(net.of, **dict(asked))  # type: ignore[arg-type]


def page_of(
    solved: SolvedBalance | AllocateResult,
    shortage: Explanation | None = None,
    *,
    nations: Iterable[str] = (),
    has_ranges: bool = False,
    baskets: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Document:
    """Return the document of what is reported of a balance."""
    words = {"shortage": shortage, "shown": tuple(nations), "baskets": baskets}
    return of_balance(allocation_of(solved.solved, "all", has_ranges=has_ranges, **words))


@lru_cache(maxsize=16)
def flows_of(solved: SolvedBalance) -> pd.DataFrame:
    """Return what moves on each link, as answers tell it: one frame for each balance."""
    names = [column.name for column in Moved.COLUMNS]
    return pd.DataFrame(
        [[getattr(row, name) for name in names] for row in solved.moved], columns=names
    )


def summary_of(solved: SolvedBalance) -> str:
    """Return what an answer says of a balance."""
    return allocation_of(solved).summary()
