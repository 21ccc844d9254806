"""What goes over a border in a month: the year's tonnages of links by their seasonal profile.

A profile tells which part w(m) of a year goes in each month. In a period of months M, limits of
the links that it holds for, least tonnages and what was observed, all per year, are multiplied by
``12 mean(w(m) for m in M)``; by the length of the period that is ``sum(w(m) for m in M)`` of the
year, and over twelve months the year. A restriction that withholds a part of what was observed
withholds that part of the month.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast

from supplynet.network.cache import cache_of
from supplynet.network.schema import Edge, Rule
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.states import Asked
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Season

_L = TypeVar("_L", Edge, Rule)
#: columns of links that count per year
_PER_YEAR = ("capacity", "capacity_low", "capacity_high", "minimum", "observed")
#: part by which a month must differ from a twelfth of the year to count
_LEAST = 1e-9


def in_season(asked: Asked, period: Period) -> Asked:
    """Return the words of a question with the tonnages of a period in place of its year's.

    A whole year, or one in which no profile holds, keeps the words as they are.
    """
    months = tuple(range(period.begin.month, period.end.month + 1))
    cache, key = cache_of(asked.net), ("season", months)
    if key not in cache:
        cache[key] = _seasoned(asked.net, months)
    net: SupplyNetwork = cache[key]
    return asked if net is asked.net else replace(asked, net=net)


def factor_of(net: SupplyNetwork, link: Edge | Rule, months: tuple[int, ...]) -> float:
    """Return what the tonnages of a link are in some months, as a part of those of the year.

    The first profile that holds for all that a link or rule stands for counts; else it is 1.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> factor_of(net, net.edge_rows[0], (2,))
    1.0
    """
    senders, receivers = _ends(net, link)
    for (source, target, form), shares in _profiles(net).items():
        is_meant = senders <= select(net, source).surely and receivers <= select(net, target).surely
        if form == link.form and senders and receivers and is_meant:
            return 12.0 * sum(shares[month] for month in months) / len(months)
    return 1.0


def _ends(net: SupplyNetwork, link: Edge | Rule) -> tuple[frozenset[str], frozenset[str]]:
    """Return who may send and receive on a link."""
    if isinstance(link, Edge):
        return frozenset({link.source}), frozenset({link.target})
    return select(net, link.source).surely, select(net, link.via or link.target).surely


def _profiles(net: SupplyNetwork) -> dict[tuple[str, str, str], dict[int, float]]:
    """Return the part of a year by month, by who sends, who receives, and form."""
    rows = cast("tuple[Season, ...]", net.rows("seasons"))
    profiles: dict[tuple[str, str, str], dict[int, float]] = {}
    for row in rows:
        profiles.setdefault((row.source, row.target, row.form), {})[row.month] = row.share
    for shares in profiles.values():
        total = sum(shares.values())  # published shares are rounded
        shares |= {month: share / total for month, share in shares.items()}
    return profiles


def _seasoned(net: SupplyNetwork, months: tuple[int, ...]) -> SupplyNetwork:
    edges = [_scaled(row, factor_of(net, row, months)) for row in net.edge_rows]
    rules = [_scaled(row, factor_of(net, row, months)) for row in net.rule_rows]
    is_same = edges == list(net.edge_rows) and rules == list(net.rule_rows)
    return net if is_same else net.replace(edges=edges, rules=rules)


def _scaled(row: _L, factor: float) -> _L:
    """Return a link with its tonnages of a year multiplied."""
    if abs(factor - 1.0) <= _LEAST:
        return row
    return row.multiplied(factor, _PER_YEAR)
