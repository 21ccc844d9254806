"""How the changes of scenarios are applied to a network: all of them on one draft of its rows.

Selectors are read on the network as it came, with the rows that scenarios add: no other change
moves what they name. So a change costs what it touches, not what the network holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from supplynet.errors import UnknownNameError
from supplynet.network.rules import corridors
from supplynet.network.scenario import links as change_links
from supplynet.network.scenario import nodes as change_nodes
from supplynet.network.scenario.change import (
    Add,
    CapChange,
    Change,
    ChargeChange,
    Close,
    LinkSelector,
    NeedChange,
    Open,
    PriceChange,
    RecoverChange,
    Redate,
    Redesign,
    Restrict,
    Scale,
    Set,
)
from supplynet.network.scenario.links import LIMITS, Effect, Part
from supplynet.network.scenario.nodes import Plant
from supplynet.network.scenario.rows import (
    border_title,
    cap_of,
    charge_of,
    key_of,
    money_title,
    need_of,
    needed,
    price_of,
    products_of,
    recovered,
    redesigned,
    restriction_of,
    row_of,
)
from supplynet.network.schema import Capacity, Circuit, Row
from supplynet.network.selector import select_some
from supplynet.network.timeline import curves, step_order
from supplynet.terms import did_you_mean

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
        values = self._place_of_rule
        ids = dict.fromkeys(word.strip() for word in text.split(","))
        for rule_id in sorted(ids.keys() - values.keys()):
            raise UnknownNameError(
                f"{self.net.name} has no link rule {rule_id!r}", hint=did_you_mean(rule_id, values)
            )
        return [values[rule_id] for rule_id in ids]

    def edges(
        self, links: LinkSelector, sources: frozenset[str], targets: frozenset[str]
    ) -> list[int]:
        """Return the places of the named links that a change is about."""
        edges, by_source = self.net.edge_rows, self._edges_of
        if len(sources) < len(by_source):
            near: Iterable[int] = (
                index for source in sources for index in by_source.get(source, ())
            )
        else:
            near = range(len(edges))
        return sorted(
            position
            for position in near
            if edges[position].source in sources
            and edges[position].target in targets
            and links.form in (None, edges[position].form)
        )

    def met_rules(
        self, links: LinkSelector, sources: frozenset[str], targets: frozenset[str]
    ) -> list[int]:
        """Return the places of the rules that stand for some of the links that are meant."""
        if links.named:
            return []
        return [
            index
            for index, legs in enumerate(self._legs_of_rules)
            if any(_is_met(leg, links.form, sources, targets) for leg in legs)
        ]

    def met_legs(
        self, position: int, form: str | None, sources: frozenset[str], targets: frozenset[str]
    ) -> list[int]:
        """Return the legs of a rule with links that are meant: two of a toll, of others one."""
        legs = enumerate(self._legs_of_rules[position])
        return [index for index, leg in legs if _is_met(leg, form, sources, targets)]

    @cached_property
    def _place_of_rule(self) -> dict[str, int]:
        return {rule.id: index for index, rule in enumerate(self.net.rule_rows)}

    @cached_property
    def _edges_of(self) -> dict[str, list[int]]:
        by_source: dict[str, list[int]] = defaultdict(list)
        for index, edge in enumerate(self.net.edge_rows):
            by_source[edge.source].append(index)
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
            for index in aims.rules(change.rules):
                yield "rule", net.rule_rows[index].id
        case _:
            links = cast(LinkSelector, change.links)
            bounds = aims.ends(links, change.verb)
            for position in aims.edges(links, *bounds):
                yield "link", key_of("edges", net.edge_rows[position])
            for value in aims.met_rules(links, *bounds):
                yield "rule", net.rule_rows[value].id


class Draft:
    """The rows of a network while changes are applied to them."""

    def __init__(self, aims: Aims) -> None:
        self._aims, self._net = aims, aims.net
        self._plants: dict[str, Plant] = {}
        self._circuits: dict[str, float] = {}
        self._edges: dict[int, list[Any]] = {}
        self._parts: dict[int, list[Part]] = {}
        self._new: dict[str, list[Row]] = defaultdict(list)
        self._tables: dict[str, tuple[Row, ...]] = {}
        self._taken: dict[str, set[str]] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def apply(self, change: Change, scenario: str) -> bool:
        """Apply one change; new restrictions and caps bear the name of the scenario.

        Returned is whether it changed any row, so that it may change an answer. An OptionError if
        it cannot be made, such as scaling what has no bound.
        """
        net = self._net
        # A factor of 1 changes nothing, but what it is about must be there: a scenario with its
        # strength at 0 is checked like any other.
        if isinstance(change, Scale) and change.factor == 1.0:
            self._require_aim(change)
            return False
        match change:
            case PriceChange():
                self._new["prices"].append(price_of(net, change))
                return change.factor != 1.0
            case ChargeChange():
                row_id = self._id("charges", "scenario")
                self._new["charges"].append(charge_of(net, change, row_id))
                return change.amount > 0.0
            case Restrict():
                row_id = self._id("restrictions", scenario)
                self._new["restrictions"].append(restriction_of(net, change, row_id))
                return change.withheld > 0.0
            case CapChange():
                self._new["caps"].append(cap_of(net, change, self._id("caps", scenario)))
                return True
            case NeedChange():
                return self._put(
                    "demand", needed(self._rows("demand"), need_of(net, change), change.factor)
                )
            case RecoverChange():
                nodes = self._aims.nodes(change.nodes, change.verb)
                return self._put(
                    "recoveries", recovered(net, self._rows("recoveries"), change, nodes)
                )
            case Redesign():
                products = products_of(net, change)
                return self._put(
                    "products", redesigned(self._rows("products"), products, change.design)
                )
            case Add():
                raise AssertionError("rows are added before a draft is made")
            case Open():
                return self._change_nodes(change, change.nodes)
            case _ if change.nodes is not None:
                return self._change_nodes(change, change.nodes)
            case _ if change.rules is not None:
                everything = frozenset(net.node_by_id)
                places = self._aims.rules(change.rules)
                moved = [
                    self._change_rule(index, change, everything, everything, None)
                    for index in places
                ]
                return any(moved)
            case _:
                return self._change_links(change, cast(LinkSelector, change.links))

    def _rows(self, table: str) -> Any:
        """The rows of a table with the changes up to now, where whole tables are changed."""
        return self._tables.get(table, self._net.rows(table))

    def _put(self, table: str, rows: Sequence[Row]) -> bool:
        """Put rows in place of a table's; return whether they differ."""
        is_moved = list(rows) != list(self._rows(table))
        self._tables[table] = tuple(rows)
        return is_moved

    def network(self) -> SupplyNetwork:
        """Return the network with all changes that were applied."""
        net = self._net
        tables: dict[str, Any] = dict(self._tables)
        if self._plants:
            plants = self._plants
            tables["nodes"] = [
                plants[node.id].node if node.id in plants else node for node in net.node_rows
            ]
            tables["capacities"] = self._steps()
        if self._circuits:
            tables["circuits"] = [
                change_nodes.times(row, self._circuits.get(row.node_id, 1.0))
                for row in cast("tuple[Circuit, ...]", net.rows("circuits"))
            ]
        if self._edges:
            tables["edges"] = [
                row
                for index, edge in enumerate(net.edge_rows)
                for row in self._edges.get(index, (edge,))
            ]
        if self._parts:
            tables["rules"] = [
                row
                for position, corridor in enumerate(corridors(net))
                for row in (
                    change_links.rules_of(change_links.whole_of(corridor), self._parts[position])
                    if position in self._parts
                    else (corridor.rule,)
                )
            ]
        for table, rows in self._new.items():
            tables[table] = [*net.rows(table), *rows]
        return net.replace(**tables)

    def _require_aim(self, change: Scale) -> None:
        if not list(touched(self._aims, change)) and change.links is not None:
            raise _no_link(change.links)

    # -- rows that come new --------------------------------------------------------------

    def _id(self, table: str, scenario: str) -> str:
        """An id that no row of a table has: the name of the scenario with a number."""
        start = re.sub(r"[^A-Za-z0-9_.-]+", "-", scenario)[:60].lstrip("_.-") or "scenario"
        if table not in self._taken:
            self._taken[table] = {cast(Any, row).id for row in self._net.rows(table)}
        for index in count(self._numbers.get((table, start), 0) + 1):
            if f"{start}-{index}" not in self._taken[table]:
                break
        self._numbers[table, start] = index
        return f"{start}-{index}"

    # -- nodes ---------------------------------------------------------------------------

    def _change_nodes(self, change: Close | Open | Scale | Set | Redate, text: str) -> bool:
        ids = self._aims.nodes(text, change.verb)
        if isinstance(change, (Scale, Set)):  # a nation has no capacity
            # If nations are all that is named, the verb says itself that they have no capacity.
            ids = ids - frozenset(self._net.nation_ids) or ids
        make = _NODE_VERBS[change.verb]
        is_moved = False
        for node_id in sorted(ids):
            before = self._plant(node_id)
            self._plants[node_id] = make(before, change)
            is_moved = is_moved or self._plants[node_id] != before
            # A plant that is shut for some years keeps its row; its links carry the closing, as
            # rows have years and plants have one first and one last.
            for years in self._plants[node_id].shut[len(before.shut) :]:
                self._shut(node_id, years)
            # Circuits are parts of a plant's capacity, and shrink with it.
            if isinstance(change, Scale) and change.from_year is change.end_year is None:
                value = self._circuits.get(node_id, 1.0)
                self._circuits[node_id] = value * change.factor
        return is_moved

    def _shut(self, node_id: str, years: tuple[int, int]) -> None:
        """Close every link of a node in a period."""
        node, everything = frozenset({node_id}), frozenset(self._net.node_by_id)
        close = Close(verb="close", nodes=node_id, from_year=years[0], end_year=years[1])
        every = LinkSelector()
        for bounds in ((node, everything), (everything, node)):
            for index in self._aims.edges(every, *bounds):
                self._change_edge(index, close)
            for position in self._aims.met_rules(every, *bounds):
                self._change_rule(position, close, *bounds, None)

    def _plant(self, node_id: str) -> Plant:
        plant = self._plants.get(node_id)
        if plant is not None:
            return plant
        curve = curves(self._net).get(node_id, ())
        return Plant(self._net.node(node_id), tuple(self._steps_of.get(node_id, ())), curve)

    @cached_property
    def _steps_of(self) -> dict[str, list[Capacity]]:
        by_node: dict[str, list[Capacity]] = defaultdict(list)
        for step in cast("tuple[Capacity, ...]", self._net.rows("capacities")):
            by_node[step.node_id].append(step)
        for steps in by_node.values():
            steps.sort(key=step_order)
        return dict(by_node)

    def _steps(self) -> list[Row]:
        """The table capacities: rows of a plant stand where its first one stood, or at the end."""
        steps: list[Row] = []
        stated: set[str] = set()
        for step in cast("tuple[Capacity, ...]", self._net.rows("capacities")):
            if step.node_id not in self._plants:
                steps.append(step)
            elif step.node_id not in stated:
                stated.add(step.node_id)
                steps += self._plants[step.node_id].steps
        for node_id, plant in self._plants.items():
            if node_id not in stated:
                steps += plant.steps
        return steps

    # -- links and rules -----------------------------------------------------------------

    def _change_links(self, change: Close | Scale | Set | Redate, links: LinkSelector) -> bool:
        sources, targets = self._aims.ends(links, change.verb)
        edges = self._aims.edges(links, sources, targets)
        rules = self._aims.met_rules(links, sources, targets)
        is_met, is_moved = bool(edges), False
        for index in edges:
            is_moved = self._change_edge(index, change) or is_moved
        for position in rules:
            moved = self._change_rule(position, change, sources, targets, links.form)
            is_met, is_moved = is_met or moved is not None, is_moved or bool(moved)
        if not is_met:
            raise _no_link(links)
        return is_moved

    def _change_edge(self, position: int, change: Close | Scale | Set | Redate) -> bool:
        """Change a named link; return whether it moved."""
        rows = self._edges.get(position, [self._net.edge_rows[position]])
        if isinstance(change, Redate):
            moved = change_links.redated_edges(rows, change.start_year, change.end_year)
        else:
            effect, years = _effect(change), (change.from_year, change.end_year)
            moved = [new for row in rows for new in change_links.in_period(row, *years, effect)]
        self._edges[position] = moved
        return moved != rows

    def _change_rule(
        self,
        position: int,
        change: Close | Scale | Set | Redate,
        sources: frozenset[str],
        targets: frozenset[str],
        form: str | None,
    ) -> bool | None:
        """Change the links of a rule that are meant: whether any moved, None for no link."""
        total = change_links.whole_of(corridors(self._net)[position])
        bounds = sources, targets
        legs = [
            leg
            for leg in self._aims.met_legs(position, form, *bounds)
            if change_links.split(total, *bounds, leg)[0] is not None
        ]
        if not legs:
            return None
        before = self._parts.get(position, [total])
        # What is meant on both legs of a toll is closed on both, and changed once.
        for leg in legs if isinstance(change, Close) else legs[:1]:
            parts = self._parts.get(position, [total])
            if isinstance(change, Redate):
                years = change.start_year, change.end_year
                self._parts[position] = change_links.redated_parts(parts, *bounds, *years, leg)
                continue
            period, effect = (change.from_year, change.end_year), _effect(change)
            self._parts[position] = [
                new
                for part in parts
                for new in change_links.changed(part, *bounds, period, effect, change.verb, leg)
            ]
        return self._parts[position] != before


def _no_link(links: LinkSelector) -> UnknownNameError:
    return UnknownNameError(f"no link is meant by {links}", hint="widen source, target or form")


def _effect(change: Close | Scale | Set) -> Effect:
    """What a change makes of a link or rule in its period."""
    if isinstance(change, Close):
        return lambda _row: None
    if isinstance(change, Scale):
        return lambda row: change_links.scale(row, change.factor)
    update: dict[str, Any] = {}
    if change.standing is not None:
        update["standing"] = change.standing
    if change.capacity is not None:
        update |= dict.fromkeys(LIMITS, change.capacity)
    if change.unit is not None:
        update["unit"] = change.unit
    return lambda row: row.model_copy(update=update)


def _set_node(plant: Plant, change: Set) -> Plant:
    step = Capacity(
        node_id=plant.node.id,
        year=change.from_year or 1800,
        **dict.fromkeys(LIMITS, change.capacity),
        unit=change.unit or plant.node.unit,
        confidence="estimated",
        source_ids=change.source_ids,
        note=change.reason or "set by a scenario",
    )
    return change_nodes.given(plant, step, change.from_year, change.end_year)


_NODE_VERBS: dict[str, Callable[[Plant, Any], Plant]] = {
    "close": lambda plant, change: change_nodes.closed(plant, change.from_year, change.end_year),
    "open": lambda plant, change: change_nodes.opened(
        plant, change.status, change.from_year, change.end_year
    ),
    "redate": lambda plant, change: change_nodes.redated(plant, change.start_year, change.end_year),
    "scale": lambda plant, change: change_nodes.scaled(
        plant, change.factor, change.from_year, change.end_year
    ),
    "set": _set_node,
}
