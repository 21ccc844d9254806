"""What the changes of a scenario are about: nodes, links and rules, looked up on a network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from supplynet.errors import UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.rules import corridors
from supplynet.network.scenario.change import (
    Add,
    CapChange,
    Change,
    ChargeChange,
    LinkSelector,
    NeedChange,
    Open,
    PriceChange,
    RecoverChange,
    Redesign,
    Restrict,
)
from supplynet.network.scenario.rows import (
    border_title,
    key_of,
    money_title,
    need_of,
    products_of,
    row_of,
)
from supplynet.network.selector import select_some

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


class Aims:
    """What changes are about, looked up on a network with the rows that scenarios add."""

    def __init__(self, net: SupplyNetwork) -> None:
        self.net = net

    def nodes(self, text: str, verb: str) -> frozenset[str]:
        """Return the nodes that a change is about."""
        return select_some(self.net, text, what=f"scenario change {verb}").surely

    def ends(self, links: LinkSelector, verb: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the nodes that send and receive on the links that a change is about."""
        if links.form is not None and links.form not in self.net.form_by_name:
            raise UnknownNameError(
                f"{self.net.name} has no form {links.form!r}",
                hint=did_you_mean(links.form, self.net.form_by_name),
            )
        return self.nodes(links.source, verb), self.nodes(links.target, verb)

    def rules(self, text: str) -> list[int]:
        """Return the places of the rules that a change names."""
        known = self._place_of_rule
        ids = dict.fromkeys(word.strip() for word in text.split(","))
        for rule_id in sorted(ids.keys() - known.keys()):
            raise UnknownNameError(
                f"{self.net.name} has no link rule {rule_id!r}", hint=did_you_mean(rule_id, known)
            )
        return [known[rule_id] for rule_id in ids]

    def edges(
        self, links: LinkSelector, sources: frozenset[str], targets: frozenset[str]
    ) -> list[int]:
        """Return the places of the named links that a change is about."""
        edges, by_source = self.net.edge_rows, self._edges_of
        if len(sources) < len(by_source):
            near: Iterable[int] = (
                number for source in sources for number in by_source.get(source, ())
            )
        else:
            near = range(len(edges))
        return sorted(
            number
            for number in near
            if edges[number].source in sources
            and edges[number].target in targets
            and links.form in (None, edges[number].form)
        )

    def met_rules(
        self, links: LinkSelector, sources: frozenset[str], targets: frozenset[str]
    ) -> list[int]:
        """Return the places of the rules that stand for some of the links that are meant."""
        if links.named:
            return []
        return [
            number
            for number, legs in enumerate(self._legs_of_rules)
            if any(_is_met(leg, links.form, sources, targets) for leg in legs)
        ]

    def met_legs(
        self, place: int, form: str | None, sources: frozenset[str], targets: frozenset[str]
    ) -> list[int]:
        """Return the legs of a rule with links that are meant: two of a toll, of others one."""
        legs = enumerate(self._legs_of_rules[place])
        return [number for number, leg in legs if _is_met(leg, form, sources, targets)]

    @cached_property
    def _place_of_rule(self) -> dict[str, int]:
        return {rule.id: number for number, rule in enumerate(self.net.rule_rows)}

    @cached_property
    def _edges_of(self) -> dict[str, list[int]]:
        by_source: dict[str, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.net.edge_rows):
            by_source[edge.source].append(number)
        return dict(by_source)

    @cached_property
    def _legs_of_rules(self) -> list[tuple[_Leg, ...]]:
        return [
            tuple(
                (leg.form, frozenset(leg.senders), frozenset(leg.receivers))
                for leg in corridor.legs
            )
            for corridor in corridors(self.net)
        ]


#: form, and who sends and who receives it
_Leg = tuple[str, frozenset[str], frozenset[str]]


def _is_met(leg: _Leg, form: str | None, sources: frozenset[str], targets: frozenset[str]) -> bool:
    """Whether some links of a leg are meant."""
    return (
        form in (None, leg[0]) and not sources.isdisjoint(leg[1]) and not targets.isdisjoint(leg[2])
    )


def touched(aims: Aims, change: Change) -> Iterable[tuple[str, str]]:
    """Yield what a change touches: kind and id, for finding clashes."""
    net = aims.net
    match change:
        case ChargeChange() | PriceChange():
            yield change.verb, money_title(net, change)
        case Restrict() | CapChange():
            yield change.verb, border_title(net, change)
        case NeedChange():
            for nation, product in sorted(need_of(net, change)):
                yield "need", f"{product} of {nation}"
        case Redesign():
            for product in sorted(products_of(net, change)):
                yield "design of", product
        case RecoverChange():
            for node_id in sorted(aims.nodes(change.nodes, change.verb)):
                yield "recovery of", node_id
        case Add():
            yield f"row of {change.table}", key_of(change.table, row_of(change))
        case Open():
            for node_id in sorted(aims.nodes(change.nodes, change.verb)):
                yield "node", node_id
        case _ if change.nodes is not None:
            for node_id in sorted(aims.nodes(change.nodes, change.verb)):
                yield "node", node_id
        case _ if change.rules is not None:
            for number in aims.rules(change.rules):
                yield "rule", net.rule_rows[number].id
        case _:
            links = cast(LinkSelector, change.links)
            ends = aims.ends(links, change.verb)
            for number in aims.edges(links, *ends):
                yield "link", key_of("edges", net.edge_rows[number])
            for number in aims.met_rules(links, *ends):
                yield "rule", net.rule_rows[number].id
