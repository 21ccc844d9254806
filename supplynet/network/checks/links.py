"""Checks of links and rules: order, time slices, tonnages, selectors and tolls."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.errors import UsageError
from supplynet.network.checks.tables import HEAD, Fault, Placed, named, nodes_of, numbered, of_rows
from supplynet.network.schema import Edge, Rule
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

_FIRST, _LAST = 0, 9999
#: what notes say of a contract whose tonnage nobody knows
_NO_TONNAGE = re.compile(
    r"\b(tonnages?|volumes?)( is| are)? not (published|known|named)|(without|no) (a )?tonnage",
    re.IGNORECASE,
)


@of_rows("stage-order", "edges")
def stage_order(net: SupplyNetwork, edge: Edge) -> Iterator[Fault]:
    """Links that leave a nation, enter an origin, or join a node to itself."""
    source, target = net.node_by_id.get(edge.source), net.node_by_id.get(edge.target)
    if source is None or target is None:
        return
    before, after = net.stage_by_name.get(source.stage), net.stage_by_name.get(target.stage)
    hint = "turn the link around, or correct the stage of the node"
    if before is not None and before.is_nation:
        yield "source", edge.source, "a nation sends nothing on", hint
    if after is not None and after.is_origin:
        yield "target", edge.target, f"a {target.stage} receives nothing", hint
    if edge.source == edge.target:
        yield "target", edge.target, "the link joins a node to itself", hint


@of_rows("backward-link", "edges", severity="warning")
def backward(net: SupplyNetwork, edge: Edge) -> Iterator[Fault]:
    """Links from a later stage to an earlier one, which a reader should know of."""
    bounds = [net.node_by_id.get(end) for end in (edge.source, edge.target)]
    stages = [end.stage for end in bounds if end is not None]
    order = list(net.stage_by_name)
    if len(stages) < 2 or not set(stages) <= set(order) or is_scrap(net, edge):
        return
    if order.index(stages[0]) > order.index(stages[1]):
        message = f"runs against the chain, from {stages[0]} to {stages[1]}"
        hint = "legal where assemblies return; otherwise turn it around"
        yield "target", f"{edge.source} -> {edge.target}", message, hint


def is_scrap(net: SupplyNetwork, link: Edge | Rule) -> bool:
    """Whether a link or a rule takes scrap back, as is its purpose."""
    form = net.form_by_name.get(link.form)
    return form is not None and form.is_scrap


@named("duplicate-link")
def overlaps(net: SupplyNetwork) -> Iterator[Placed]:
    """Rows that state one contract twice: one link, standing and period."""
    seen: dict[tuple[object, ...], int] = {}
    hint = "add the tonnages up in one row, or give each contract its own years"
    for index, edge in numbered(net, "edges"):
        before = seen.setdefault(tuple(getattr(edge, column) for column in Edge.key), index)
        if before != index:
            message = f"row {before} states the same link with the same standing and years"
            link = f"{edge.source} -> {edge.target} ({edge.form})"
            yield "edges", index, "start_year", link, message, hint


@named("year-gap", "warning")
def gaps(net: SupplyNetwork) -> Iterator[Placed]:
    """Years between the rows of one link in which none of them holds."""
    slices: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for index, edge in numbered(net, "edges"):
        start = _FIRST if edge.start_year is None else edge.start_year
        end = _LAST if edge.end_year is None else edge.end_year
        slices[f"{edge.source} -> {edge.target} ({edge.form})"].append((start, end, index))
    for link, pieces in slices.items():
        _, last, before = min(pieces)
        for start, end, count in sorted(pieces):
            # Compared with the latest end so far, not with the row before: contracts may overlap.
            if start > last + 1:
                message = f"nothing holds between row {before}, which ends in {last}, and {start}"
                hint = "close the gap, or say in the note why the link rests"
                yield "edges", count, "start_year", link, message, hint
            if end > last:
                last, before = end, count


@of_rows("firm-delivery", "edges")
def tonnages(_net: SupplyNetwork, edge: Edge) -> Iterator[Fault]:
    """Firm tonnages above the limit of their own row, which can never be served."""
    if edge.minimum is not None and edge.capacity is not None and edge.minimum > edge.capacity:
        message = f"the firm tonnage lies above the limit of {edge.capacity:g}"
        yield "minimum", edge.minimum, message, "raise the limit, or lower the firm tonnage"


@of_rows("observed-tonnage", "edges", "rules", severity="warning")
def observations(_net: SupplyNetwork, row: Edge | Rule) -> Iterator[Fault]:
    """Tonnages that went and lie above the limit of their own row."""
    if row.observed is not None and row.capacity is not None and row.observed > row.capacity:
        message = f"what went lies above the limit of {row.capacity:g}"
        yield "observed", row.observed, message, "raise the limit to what is known to have passed"


@of_rows("contract-tonnage", "edges", "rules", severity="warning")
def contracts(_net: SupplyNetwork, row: Edge | Rule) -> Iterator[Fault]:
    """Contracts of which the note says that no tonnage is known, and that are given one."""
    is_open = row.capacity is not None and row.capacity_low == 0  # a range from nothing
    if row.standing == "contracted" and not is_open and _NO_TONNAGE.search(row.note):
        message = "the note says that no tonnage is known: a contract without one is no tonnage"
        link = row.id if isinstance(row, Rule) else f"{row.source} -> {row.target}"
        yield "standing", link, message, "make it a memorandum, or give it a range from nothing"


@of_rows("part-year", "rules", severity="warning")
def part_years(_net: SupplyNetwork, row: Rule) -> Iterator[Fault]:
    """Corridors whose tonnage was counted over a part of the year and made up to the whole."""
    if row.observed is not None and row.observed_months not in (None, 12):
        message = (
            f"observed was counted over {row.observed_months} months; the others are added as "
            "their mean"
        )
        yield "observed_months", row.id, message, "take the whole year where it is published"


@of_rows("rule", "rules", selectors=("source", "target", "via"))
def rules(_net: SupplyNetwork, _row: Rule) -> Iterator[Fault]:
    """Rules whose selectors are wrong or name no node."""
    yield from ()


@of_rows("toll", "rules")
def tolls(net: SupplyNetwork, rule: Rule) -> Iterator[Fault]:
    """Tolls that say half, or ask of plants what they cannot do."""
    if bool(rule.via) != bool(rule.toll_form):
        column, other = ("toll_form", "via") if rule.via else ("via", "toll_form")
        message = f"a toll has both columns, and {other} alone is filled"
        hint = "name the plants in via and the form that they give back in toll_form"
        yield column, "", message, hint
        return
    if not rule.via:
        return
    for column in ("form", "toll_form"):
        form = net.form_by_name.get(getattr(rule, column))
        if form is not None and (not form.is_separated or form.is_final or form.is_scrap):
            message = "a toll takes in and gives back separated elements, no ore, scrap or product"
            yield column, form.name, message, f"choose one of {', '.join(_tollable(net))}"
    senders, plants = nodes_of(net, rule.source), nodes_of(net, rule.via)
    cutting = {id_ for row in net.rows("scrap") for id_ in nodes_of(net, getattr(row, "nodes", ""))}
    for node in map(net.node, sorted(plants)):
        stage = net.stage_by_name.get(node.stage)
        product = net.product_by_id.get(node.product or "")
        if stage is not None and (stage.is_origin or stage.is_nation):
            yield "via", node.id, f"a {node.stage} works on nothing for others", "name plants"
        elif node.id in senders:
            yield "via", node.id, "the plant would toll for itself", "leave it out of one of them"
        elif product is not None and product.form != rule.toll_form:
            made = f"the plant makes {product.form}, not {rule.toll_form}"
            yield "via", node.id, made, "name plants that make it, or correct toll_form"
        elif node.id in cutting:
            cut = "the plant leaves new scrap, and nothing says whose it is"
            yield "via", node.id, cut, "name plants without scrap, or link them one by one"


def _tollable(net: SupplyNetwork) -> list[str]:
    forms = net.form_by_name.values()
    return [
        form.name for form in forms if form.is_separated and not form.is_final and not form.is_scrap
    ]


@named("toll-pair")
def toll_pairs(net: SupplyNetwork) -> Iterator[Placed]:
    """Two bounded rules that state a toll as two corridors, of which the second runs without it.

    The first ends at the plants where the second begins, in another form, and both are of the same
    years, standing and sources: what the second brings may then be made of anything.
    """
    if any(rules(net)):
        return  # reported by its own check
    firsts: dict[object, list[Rule]] = defaultdict(list)
    bounded = [
        (count, rule)
        for count, rule in numbered(net, "rules")
        if rule.capacity is not None and rule.source_ids and not rule.via
    ]
    for _, rule in bounded:
        firsts[select(net, rule.target).surely, *_deal(rule)].append(rule)
    for index, rule in bounded:
        for first in firsts.get((select(net, rule.source).surely, *_deal(rule)), ()):
            if first.form != rule.form:
                message = f"it goes on with what rule {first.id} brings, and runs without it, too"
                hint = f"make both one toll: rule {first.id} with via and toll_form"
                yield "rules", index, "id", rule.id, message, hint


def _deal(rule: Any) -> tuple[object, ...]:
    """What two legs of one deal have in common."""
    return rule.start_year, rule.end_year, rule.standing, rule.source_ids


@named("via")
def via(net: SupplyNetwork) -> Iterator[Placed]:
    """Countries on the way that a report states of and that name no node."""
    for word in net.commodity.via:
        try:
            message, hint = "there is no node of it", "take it out"
            if select(net, word).possibly:
                continue
        except UsageError as error:
            message, hint = error.message, error.hint
        yield HEAD, None, "via", word, message, hint
