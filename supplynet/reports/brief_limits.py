"""What holds the answer of the page down: limits that would be worth most to raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.question import selector_names
from supplynet.text import listing, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.tables import Binding
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.brief import Brief

#: limits that the page tells, the first of them in the answer
MOST_LIMITS = 3


def limits(page: Brief) -> list[Binding]:
    """The limits whose next tonne is worth most, each once; of those worth as much the briefest."""
    # duals of one worth differ in their last digits, which must not choose what is named
    ranked = sorted(
        page.second.binding,
        key=lambda limit: (-float(f"{limit.worth:.9g}"), len(limit.name), limit.name),
    )
    return list({_where(page, limit): limit for limit in reversed(ranked)}.values())[::-1]


def worth(page: Brief, limit: Binding) -> str:
    """What one more of a limit brings, in a sentence without its first words."""
    return (
        f"1 {limit.unit} more a year {_where(page, limit)} brings {tonnes(limit.worth)} t of "
        "product."
    )


def _where(page: Brief, limit: Binding) -> str:
    """Where a limit holds: from whom to whom, without form and rule, or at which plant."""
    net = page.question.net
    if limit.kind == "rule":
        rule = next(rule for rule in net.rule_rows if rule.id == limit.id)
        return f"from {_parties(net, rule.source)} to {_parties(net, rule.target)}"
    if limit.kind == "link":
        bare, _, _ = limit.name.rpartition(" (")
        return f"from {bare}"
    return f"at {limit.name}"


def _parties(net: SupplyNetwork, selector: str) -> str:
    """Those whom a selector names as a list; who is left out of them is not told."""
    named = ",".join(part for part in selector.split(",") if not part.strip().startswith("!"))
    names = selector_names(net, named)
    kinds, marks, places = zip(*(name.rpartition(" in ") for name in names), strict=True)
    if all(marks) and len({*places}) == 1:  # kinds of plants in one country: it is named once
        return f"{listing(kinds)} in {places[0]}"
    return listing(names)
