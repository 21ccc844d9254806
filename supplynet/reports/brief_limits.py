"""What holds the answer of the page down: limits that would be worth most to raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.question import selector_names
from supplynet.text import listing, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import Binding
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.brief import Brief

#: limits that the page states, the first of them in the answer
MOST_LIMITS = 2
# limits that are raised: some may be reported as one
_MOST_RAISED = 3 * MOST_LIMITS


def limits(page: Brief) -> list[Binding]:
    """The limits of which one more brings most, each once.

    Each was raised by itself: its worth is what that brings.
    """
    told: dict[str, Binding] = {}
    for limit in page.second.raised(_MOST_RAISED):
        told.setdefault(_where(page, limit), limit)
    return list(told.values())


def worth(page: Brief, limit: Binding) -> str:
    """What one more of a limit brings, in a sentence without its first words."""
    return (
        f"1 {limit.unit}/yr more {_where(page, limit)} brings {tonnes(limit.worth)} t of product."
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
    """Those whom a selector names as a list; who is left out of them is not reported."""
    named = ",".join(part for part in selector.split(",") if not part.strip().startswith("!"))
    names = selector_names(net, named)
    kinds, marks, places = zip(*(name.rpartition(" in ") for name in names), strict=True)
    if all(marks) and len({*places}) == 1:  # kinds of plants in one country: it is named once
        return f"{listing(kinds)} in {places[0]}"
    return listing(names)
