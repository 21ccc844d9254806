"""How each verb of a scenario changes the rows of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from supplynet.errors import OptionError, UnknownNameError
from supplynet.model.change_money import add_money, require_money
from supplynet.model.change_rows import add_border, add_rows, key_of, require_border, row_of
from supplynet.model.problems import did_you_mean
from supplynet.model.ramps import curves, ramp_steps
from supplynet.model.rules import Corridor, corridors
from supplynet.model.schema import Capacity, Edge, Node, Row, Rule
from supplynet.model.selector import select_some
from supplynet.model.timeline import capacities_in_force

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork
    from supplynet.model.scenario_change import Change

_R = TypeVar("_R", Node, Edge, Rule, Capacity)
_CAPACITIES = ("capacity", "capacity_low", "capacity_high")


def touched(net: SupplyNetwork, change: Change) -> Iterable[tuple[str, str]]:
    """Yield what a change touches: kind and id, for finding clashes."""
    if change.is_money:
        yield change.verb, require_money(net, change)
    elif change.is_border:
        yield change.verb, require_border(net, change)
    elif change.verb == "add":
        yield f"row of {change.table}", key_of(cast(str, change.table), row_of(change))
    elif change.nodes is not None:
        for node_id in sorted(_nodes(net, change)):
            yield "node", node_id
    elif change.rules is not None:
        for rule_id in sorted(_rule_ids(net, change)):
            yield "rule", rule_id
    else:
        sources, targets = _ends(net, change)
        for edge in net.edge_rows:
            if _is_meant(edge, change, sources, targets):
                yield "link", key_of("edges", edge)
        if change.verb == "close":
            for corridor in corridors(net):
                if _shut_in(corridor, change, sources, targets):
                    yield "rule", corridor.rule.id


def apply_change(net: SupplyNetwork, change: Change, scenario: str = "scenario") -> SupplyNetwork:
    """Return the network with one change applied; new restrictions and caps bear the name.

    Raises
    ------
    UnknownNameError
        If a selector names nothing.
    OptionError
        If the change cannot be made, such as scaling what has no bound.
    """
    if change.is_money:
        return add_money(net, change)
    if change.is_border:
        return add_border(net, change, scenario)
    if change.verb == "add":
        return add_rows(net, [change])
    if change.nodes is not None:
        return _NODE_VERBS[change.verb](net, change, _nodes(net, change))
    if change.rules is not None:
        ids = _rule_ids(net, change)
        rules = [
            _changed_link(rule, change, f"rule {rule.id}") if rule.id in ids else rule
            for rule in net.rule_rows
        ]
        return net.replace(rules=[rule for rule in rules if rule is not None])
    sources, targets = _ends(net, change)
    edges = [
        _changed_link(edge, change, f"link {edge.source} -> {edge.target}")
        if _is_meant(edge, change, sources, targets)
        else edge
        for edge in net.edge_rows
    ]
    changed = net.replace(edges=[edge for edge in edges if edge is not None])
    return _close_in_rules(changed, change, sources, targets) if change.verb == "close" else changed


def _nodes(net: SupplyNetwork, change: Change) -> frozenset[str]:
    return select_some(net, cast(str, change.nodes), what=f"scenario change {change.verb}").surely


def _ends(net: SupplyNetwork, change: Change) -> tuple[frozenset[str], frozenset[str]]:
    links = change.links
    assert links is not None  # noqa: S101  a change has nodes, rules or links
    if links.form is not None and links.form not in net.form_by_name:
        raise UnknownNameError(
            f"{net.name} has no form {links.form!r}",
            hint=did_you_mean(links.form, net.form_by_name),
        )
    what = f"scenario change {change.verb}"
    return (
        select_some(net, links.source, what=what).surely,
        select_some(net, links.target, what=what).surely,
    )


def _rule_ids(net: SupplyNetwork, change: Change) -> frozenset[str]:
    known = {rule.id for rule in net.rule_rows}
    ids = {word.strip() for word in cast(str, change.rules).split(",")}
    for rule_id in sorted(ids - known):
        raise UnknownNameError(
            f"{net.name} has no link rule {rule_id!r}", hint=did_you_mean(rule_id, known)
        )
    return frozenset(ids)


def _is_meant(link: Edge, change: Change, sources: frozenset[str], targets: frozenset[str]) -> bool:
    form = change.links.form if change.links else None
    return link.source in sources and link.target in targets and form in (None, link.form)


def _update(row: _R, **values: Any) -> _R:
    return row.model_copy(update=values)


def _scaled(row: _R, factor: float) -> _R:
    fields = [field for field in _CAPACITIES if getattr(row, field, None) is not None]
    return _update(row, **{field: getattr(row, field) * factor for field in fields})


# -- nodes ---------------------------------------------------------------------------------


def _map_nodes(
    net: SupplyNetwork, ids: frozenset[str], make: Callable[[Node], Node]
) -> SupplyNetwork:
    return net.replace(nodes=[make(n) if n.id in ids else n for n in net.node_rows])


def _close_nodes(net: SupplyNetwork, change: Change, ids: frozenset[str]) -> SupplyNetwork:
    if change.from_year is None:
        return _map_nodes(net, ids, lambda node: _update(node, status="closed"))
    last = change.from_year - 1

    def ended(node: Node) -> Node:
        if node.start_year is not None and last < node.start_year:
            return _update(node, status="closed")
        return _update(node, end_year=last if node.end_year is None else min(last, node.end_year))

    return _map_nodes(net, ids, ended)


def _open_nodes(net: SupplyNetwork, change: Change, ids: frozenset[str]) -> SupplyNetwork:
    return _map_nodes(
        net,
        ids,
        lambda node: _update(
            node,
            status=change.status,
            start_year=change.from_year or node.start_year,
            end_year=None,
        ),
    )


def _redate_nodes(net: SupplyNetwork, change: Change, ids: frozenset[str]) -> SupplyNetwork:
    return _map_nodes(net, ids, lambda node: _redated(node, change))


def _scale_nodes(net: SupplyNetwork, change: Change, ids: frozenset[str]) -> SupplyNetwork:
    factor, year = cast(float, change.factor), change.from_year
    steps = cast("tuple[Capacity, ...]", net.rows("capacities"))
    ids = _scalable(net, ids, steps)
    if year is None:
        scaled = _map_nodes(net, ids, lambda node: _scaled(node, factor))
        return scaled.replace(
            capacities=[_scaled(s, factor) if s.node_id in ids else s for s in steps]
        )
    steps += ramp_steps(net, ids)
    kept = [s for s in steps if s.node_id not in ids or s.year < year]
    later = [_scaled(s, factor) for s in steps if s.node_id in ids and s.year > year]
    first = [_scaled(step, factor) for step in _steps_at(net, ids, year)]
    return net.replace(capacities=[*kept, *first, *later])


def _scalable(
    net: SupplyNetwork, ids: frozenset[str], steps: tuple[Capacity, ...]
) -> frozenset[str]:
    """The nodes without the nations, which have no capacity; every other one must have one."""
    plants = ids - frozenset(net.nation_ids)
    stepped = {step.node_id for step in steps}
    for node in net.node_rows:
        if node.id in plants and node.capacity is None and node.id not in stepped:
            raise _not_given(node.id)
    return plants


def _not_given(node_id: str) -> OptionError:
    return OptionError(
        f"the capacity of node {node_id} is not given, so it cannot be scaled",
        hint="use verb set with a capacity and a unit",
    )


def _steps_at(net: SupplyNetwork, ids: frozenset[str], year: int) -> list[Capacity]:
    """What is in force at each node in a year, as steps that begin there."""
    in_force = capacities_in_force(net, year)
    steps = []
    for node in net.node_rows:
        if node.id not in ids:
            continue
        row = in_force.get(node.id, node)
        if row.capacity is None:
            raise _not_given(node.id)  # its first step comes later
        steps.append(
            Capacity(
                node_id=node.id,
                year=year,
                capacity=row.capacity,
                capacity_low=row.capacity_low,
                capacity_high=row.capacity_high,
                unit=row.unit,
                confidence=row.confidence,
                source_ids=row.source_ids,
                note=row.note,
            )
        )
    return steps


def _set_nodes(net: SupplyNetwork, change: Change, ids: frozenset[str]) -> SupplyNetwork:
    year, capacity = change.from_year, cast(float, change.capacity)
    steps = cast("tuple[Capacity, ...]", net.rows("capacities"))
    reason = change.reason or "set by a scenario"
    if year is None:
        kept = [s for s in steps if s.node_id not in ids]
        kept += [_set_step(net.node(one), change, reason) for one in curves(net) if one in ids]
        return _map_nodes(
            net,
            ids,
            lambda node: _update(
                node,
                **dict.fromkeys(_CAPACITIES, capacity),
                unit=change.unit or node.unit,
                confidence="estimated",
                note=reason,
            ),
        ).replace(capacities=kept)
    steps += ramp_steps(net, ids)
    kept = [s for s in steps if s.node_id not in ids or s.year < year]
    new = [_set_step(node, change, reason) for node in net.node_rows if node.id in ids]
    return net.replace(capacities=[*kept, *new])


def _set_step(node: Node, change: Change, reason: str) -> Capacity:
    """The capacity that a change sets, from its year or from the start of a ramp on."""
    return Capacity(
        node_id=node.id,
        year=change.from_year or cast(int, node.start_year),
        **dict.fromkeys(_CAPACITIES, cast(float, change.capacity)),
        unit=change.unit or node.unit,
        confidence="estimated",
        source_ids=change.source_ids,
        note=reason,
    )


_NODE_VERBS: dict[str, Callable[[SupplyNetwork, Change, frozenset[str]], SupplyNetwork]] = {
    "close": _close_nodes,
    "open": _open_nodes,
    "redate": _redate_nodes,
    "scale": _scale_nodes,
    "set": _set_nodes,
}


# -- links and rules -----------------------------------------------------------------------


def _redated(row: _R, change: Change) -> _R:
    years = {"start_year": change.start_year, "end_year": change.end_year}
    return _update(row, **{key: year for key, year in years.items() if year is not None})


def _changed_link(link: _R, change: Change, title: str) -> _R | None:
    """The link after the change; None where it is closed for good."""
    start, end = cast("Edge | Rule", link).start_year, cast("Edge | Rule", link).end_year
    if change.verb == "redate":
        return _redated(link, change)
    if change.from_year is not None and change.verb != "close":
        raise OptionError(
            f"{title}: from_year is only for closing a link",
            hint="use verb redate, or change the nodes at its ends",
        )
    if change.verb == "close":
        if change.from_year is None:
            return None
        last = change.from_year - 1
        if start is not None and last < start:
            return None
        return _update(link, end_year=last if end is None else min(last, end))
    if change.verb == "set":
        if change.standing is not None:
            link = _update(link, standing=change.standing)
        if change.capacity is None:
            return link
        unit = change.unit or cast("Edge | Rule", link).unit
        return _update(link, **dict.fromkeys(_CAPACITIES, change.capacity), unit=unit)
    if cast("Edge | Rule", link).capacity is None:
        raise OptionError(
            f"{title} has no bound, so it cannot be scaled",
            hint="use verb set with a capacity and a unit",
        )
    return _scaled(link, cast(float, change.factor))


def _close_in_rules(
    net: SupplyNetwork, change: Change, sources: frozenset[str], targets: frozenset[str]
) -> SupplyNetwork:
    """Take the pairs of a closed set of links out of every rule that would link them."""
    rules: list[Row] = []
    for corridor in corridors(net):
        rule = corridor.rule
        shut = _shut_in(corridor, change, sources, targets)
        if shut is None:
            rules.append(rule)
            continue
        last = None if change.from_year is None else change.from_year - 1
        if last is not None and (rule.start_year is None or rule.start_year <= last):
            end = last if rule.end_year is None else min(last, rule.end_year)
            rules.append(_update(rule, id=f"{rule.id}.until-{end}", end_year=end))
        rules += _remainders(corridor.sources, corridor.targets, rule, change, *shut)
    return net.replace(rules=rules)


def _shut_in(
    corridor: Corridor, change: Change, sources: frozenset[str], targets: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]] | None:
    """The ends of a rule that a closing meets, or None where it leaves the rule alone."""
    rule, form = corridor.rule, change.links.form if change.links else None
    shut = sources.intersection(corridor.sources), targets.intersection(corridor.targets)
    is_over = None not in (rule.end_year, change.from_year) and (
        cast(int, rule.end_year) < cast(int, change.from_year)
    )
    if form not in (None, rule.form) or not all(shut) or is_over:
        return None
    return shut


def _remainders(
    all_sources: tuple[str, ...],
    all_targets: tuple[str, ...],
    rule: Rule,
    change: Change,
    shut_sources: frozenset[str],
    shut_targets: frozenset[str],
) -> list[Row]:
    """The rule without some pairs, as at most two rules over products of nodes."""
    open_sources = [one for one in all_sources if one not in shut_sources]
    open_targets = [one for one in all_targets if one not in shut_targets]
    if rule.capacity is not None and open_sources and open_targets:
        raise OptionError(
            f"rule {rule.id} has one bound for all of its links, so no part of it can be closed",
            hint=f'close it whole with rules = "{rule.id}", or close nodes',
        )
    parts = [("a", open_sources, all_targets), ("b", sorted(shut_sources), open_targets)]
    start = max(filter(None, (change.from_year, rule.start_year)), default=None)
    return [
        _update(
            rule,
            id=f"{rule.id}.{letter}",
            source=",".join(f"node:{one}" for one in part_sources),
            target=",".join(f"node:{one}" for one in part_targets),
            start_year=start,
        )
        for letter, part_sources, part_targets in parts
        if part_sources and part_targets
    ]
