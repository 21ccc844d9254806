"""How the changes of scenarios are applied to a network: all of them on one draft of its rows.

Selectors are read on the network as it came, with the rows that scenarios add: no other change
moves what they name. So a change costs what it touches, not what the network holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from supplynet.errors import UnknownNameError
from supplynet.model import change_links, change_nodes
from supplynet.model.change_links import LIMITS, Effect, Part
from supplynet.model.change_money import charge_of, money_title, price_of
from supplynet.model.change_nodes import Plant
from supplynet.model.change_rows import (
    border_title,
    cap_of,
    key_of,
    restriction_of,
    row_of,
)
from supplynet.model.problems import did_you_mean
from supplynet.model.ramps import curves
from supplynet.model.rules import corridors
from supplynet.model.scenario_change import (
    Add,
    CapChange,
    Change,
    ChargeChange,
    Close,
    LinkSelector,
    Open,
    PriceChange,
    Redate,
    Restrict,
    Scale,
    Set,
)
from supplynet.model.schema import Capacity, Circuit, Row
from supplynet.model.selector import select_some

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork


class Aims:
    """What changes are about, looked up on a network.

    Parameters
    ----------
    net : SupplyNetwork
        With the rows that scenarios add.
    """

    def __init__(self, net: SupplyNetwork) -> None:
        self.net = net

    def nodes(self, text: str, verb: str) -> frozenset[str]:
        """Return the nodes that a change is about.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        return select_some(self.net, text, what=f"scenario change {verb}").surely

    def ends(self, links: LinkSelector, verb: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the nodes that send and receive on the links that a change is about.

        Raises
        ------
        UnknownNameError
            If a selector or the form names nothing.
        """
        if links.form is not None and links.form not in self.net.form_by_name:
            raise UnknownNameError(
                f"{self.net.name} has no form {links.form!r}",
                hint=did_you_mean(links.form, self.net.form_by_name),
            )
        return self.nodes(links.source, verb), self.nodes(links.target, verb)

    def rules(self, text: str) -> list[int]:
        """Return the places of the rules that a change names.

        Raises
        ------
        UnknownNameError
            If there is no rule of a name.
        """
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
            near: Iterable[int] = (place for one in sources for place in by_source.get(one, ()))
        else:
            near = range(len(edges))
        return sorted(
            place
            for place in near
            if edges[place].source in sources
            and edges[place].target in targets
            and links.form in (None, edges[place].form)
        )

    def met_rules(
        self, links: LinkSelector, sources: frozenset[str], targets: frozenset[str]
    ) -> list[int]:
        """Return the places of the rules that stand for some of the links that are meant."""
        if links.named:
            return []
        return [
            place
            for place, (form, all_sources, all_targets) in enumerate(self._ends_of_rules)
            if links.form in (None, form)
            and not sources.isdisjoint(all_sources)
            and not targets.isdisjoint(all_targets)
        ]

    @cached_property
    def _place_of_rule(self) -> dict[str, int]:
        return {rule.id: place for place, rule in enumerate(self.net.rule_rows)}

    @cached_property
    def _edges_of(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, edge in enumerate(self.net.edge_rows):
            found[edge.source].append(place)
        return dict(found)

    @cached_property
    def _ends_of_rules(self) -> list[tuple[str, frozenset[str], frozenset[str]]]:
        return [
            (one.rule.form, frozenset(one.sources), frozenset(one.targets))
            for one in corridors(self.net)
        ]


def touched(aims: Aims, change: Change) -> Iterable[tuple[str, str]]:
    """Yield what a change touches: kind and id, for finding clashes.

    Raises
    ------
    UnknownNameError
        If it is about nothing that is there.
    """
    net = aims.net
    match change:
        case ChargeChange() | PriceChange():
            yield change.verb, money_title(net, change)
        case Restrict() | CapChange():
            yield change.verb, border_title(net, change)
        case Add():
            yield f"row of {change.table}", key_of(change.table, row_of(change))
        case Open():
            for node_id in sorted(aims.nodes(change.nodes, change.verb)):
                yield "node", node_id
        case _ if change.nodes is not None:
            for node_id in sorted(aims.nodes(change.nodes, change.verb)):
                yield "node", node_id
        case _ if change.rules is not None:
            for place in aims.rules(change.rules):
                yield "rule", net.rule_rows[place].id
        case _:
            links = cast(LinkSelector, change.links)
            ends = aims.ends(links, change.verb)
            for place in aims.edges(links, *ends):
                yield "link", key_of("edges", net.edge_rows[place])
            for place in aims.met_rules(links, *ends):
                yield "rule", net.rule_rows[place].id


class Draft:
    """The rows of a network while changes are applied to them.

    Parameters
    ----------
    aims : Aims
        Of the network that is changed, with the rows that scenarios add.
    """

    def __init__(self, aims: Aims) -> None:
        self._aims, self._net = aims, aims.net
        self._plants: dict[str, Plant] = {}
        self._circuits: dict[str, float] = {}
        self._edges: dict[int, list[Any]] = {}
        self._parts: dict[int, list[Part]] = {}
        self._new: dict[str, list[Row]] = defaultdict(list)
        self._taken: dict[str, set[str]] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def apply(self, change: Change, scenario: str) -> None:
        """Apply one change; new restrictions and caps bear the name of the scenario.

        Raises
        ------
        UnknownNameError
            If a selector names nothing.
        OptionError
            If the change cannot be made, such as scaling what has no bound.
        """
        net = self._net
        match change:
            case PriceChange():
                self._add("prices", price_of(net, change))
            case ChargeChange():
                self._add("charges", charge_of(net, change, self._id("charges", "scenario")))
            case Restrict():
                row_id = self._id("restrictions", scenario)
                self._add("restrictions", restriction_of(net, change, row_id))
            case CapChange():
                self._add("caps", cap_of(net, change, self._id("caps", scenario)))
            case Add():
                raise AssertionError("rows are added before a draft is made")
            case Open():
                self._change_nodes(change, change.nodes)
            case _ if change.nodes is not None:
                self._change_nodes(change, change.nodes)
            case _ if change.rules is not None:
                everything = frozenset(net.node_by_id)
                for place in self._aims.rules(change.rules):
                    self._change_rule(place, change, everything, everything)
            case _:
                self._change_links(change, cast(LinkSelector, change.links))

    def network(self) -> SupplyNetwork:
        """Return the network with all changes that were applied."""
        net = self._net
        tables: dict[str, Any] = {}
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
                for place, edge in enumerate(net.edge_rows)
                for row in self._edges.get(place, (edge,))
            ]
        if self._parts:
            tables["rules"] = [
                row
                for place, corridor in enumerate(corridors(net))
                for row in (
                    change_links.rules_of(
                        Part(corridor.rule, corridor.sources, corridor.targets), self._parts[place]
                    )
                    if place in self._parts
                    else (corridor.rule,)
                )
            ]
        for table, rows in self._new.items():
            tables[table] = [*net.rows(table), *rows]
        return net.replace(**tables)

    # -- rows that come new --------------------------------------------------------------

    def _add(self, table: str, row: Row) -> None:
        self._new[table].append(row)

    def _id(self, table: str, scenario: str) -> str:
        """An id that no row of a table has: the name of the scenario with a number."""
        start = re.sub(r"[^A-Za-z0-9_.-]+", "-", scenario)[:60].lstrip("_.-") or "scenario"
        if table not in self._taken:
            self._taken[table] = {cast(Any, row).id for row in self._net.rows(table)}
        for number in count(self._numbers.get((table, start), 0) + 1):
            if f"{start}-{number}" not in self._taken[table]:
                break
        self._numbers[table, start] = number
        return f"{start}-{number}"

    # -- nodes ---------------------------------------------------------------------------

    def _change_nodes(self, change: Close | Open | Scale | Set | Redate, text: str) -> None:
        ids = self._aims.nodes(text, change.verb)
        if isinstance(change, (Scale, Set)):  # a nation has no capacity
            ids = ids - frozenset(self._net.nation_ids) or ids
        make = _NODE_VERBS[change.verb]
        for node_id in sorted(ids):
            self._plants[node_id] = make(self._plant(node_id), change)
            if isinstance(change, Scale) and change.from_year is change.end_year is None:
                known = self._circuits.get(node_id, 1.0)
                self._circuits[node_id] = known * change.factor

    def _plant(self, node_id: str) -> Plant:
        known = self._plants.get(node_id)
        if known is not None:
            return known
        curve = curves(self._net).get(node_id, ())
        return Plant(self._net.node(node_id), tuple(self._steps_of.get(node_id, ())), curve)

    @cached_property
    def _steps_of(self) -> dict[str, list[Capacity]]:
        found: dict[str, list[Capacity]] = defaultdict(list)
        for step in cast("tuple[Capacity, ...]", self._net.rows("capacities")):
            found[step.node_id].append(step)
        for steps in found.values():
            steps.sort(key=lambda step: step.year)
        return dict(found)

    def _steps(self) -> list[Row]:
        """The table capacities: rows of a plant stand where its first one stood, or at the end."""
        found: list[Row] = []
        told: set[str] = set()
        for step in cast("tuple[Capacity, ...]", self._net.rows("capacities")):
            if step.node_id not in self._plants:
                found.append(step)
            elif step.node_id not in told:
                told.add(step.node_id)
                found += self._plants[step.node_id].steps
        for node_id, plant in self._plants.items():
            if node_id not in told:
                found += plant.steps
        return found

    # -- links and rules -----------------------------------------------------------------

    def _change_links(self, change: Close | Scale | Set | Redate, links: LinkSelector) -> None:
        sources, targets = self._aims.ends(links, change.verb)
        edges = self._aims.edges(links, sources, targets)
        rules = self._aims.met_rules(links, sources, targets)
        is_met = bool(edges)
        for place in edges:
            rows = self._edges.get(place, [self._net.edge_rows[place]])
            if isinstance(change, Redate):
                self._edges[place] = change_links.redated_edges(
                    rows, change.start_year, change.end_year
                )
            else:
                effect, years = _effect(change), (change.from_year, change.end_year)
                self._edges[place] = [
                    new for row in rows for new in change_links.in_period(row, *years, effect)
                ]
        for place in rules:
            is_met = self._change_rule(place, change, sources, targets) or is_met
        if not is_met:
            raise UnknownNameError(
                f"no link is meant by {links}", hint="widen source, target or form"
            )

    def _change_rule(
        self,
        place: int,
        change: Close | Scale | Set | Redate,
        sources: frozenset[str],
        targets: frozenset[str],
    ) -> bool:
        """Change the links of a rule that are meant; return whether there are any."""
        corridor = corridors(self._net)[place]
        whole = Part(corridor.rule, corridor.sources, corridor.targets)
        if change_links.split(whole, sources, targets)[0] is None:
            return False
        parts = self._parts.get(place, [whole])
        if isinstance(change, Redate):
            self._parts[place] = change_links.redated_parts(
                parts, sources, targets, change.start_year, change.end_year
            )
            return True
        period, effect = (change.from_year, change.end_year), _effect(change)
        self._parts[place] = [
            new
            for part in parts
            for new in change_links.changed(part, sources, targets, period, effect, change.verb)
        ]
        return True


def _effect(change: Close | Scale | Set) -> Effect:
    """What a change makes of a link or rule in its period."""
    if isinstance(change, Close):
        return lambda row: None
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
    "close": lambda plant, one: change_nodes.closed(plant, one.from_year, one.end_year),
    "open": lambda plant, one: change_nodes.opened(plant, one.status, one.from_year, one.end_year),
    "redate": lambda plant, one: change_nodes.redated(plant, one.start_year, one.end_year),
    "scale": lambda plant, one: change_nodes.scaled(plant, one.factor, one.from_year, one.end_year),
    "set": _set_node,
}
