"""Checks of links and rules: order, time slices, selectors, and what can be reached."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.errors import UsageError
from supplynet.network.checks.rows import file_of, numbered, unknown_names
from supplynet.network.demand import is_asked
from supplynet.network.outlets import without_outlet
from supplynet.network.problems import Problem
from supplynet.network.rules import corridors
from supplynet.network.schema import Edge, Rule
from supplynet.network.selector import select
from supplynet.network.tiers import TIERS
from supplynet.network.timeline import holds, runs
from supplynet.terms import COUNTED

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

_FIRST, _LAST = 0, 9999
#: what notes say of a contract whose tonnage nobody knows
_NO_TONNAGE = re.compile(
    r"\b(tonnages?|volumes?)( is| are)? not (published|known|named)|(without|no) (a )?tonnage",
    re.IGNORECASE,
)


def _places(net: SupplyNetwork) -> dict[str, int]:
    """Place of each node's stage in the chain; nodes of unknown stages are left out."""
    order = {stage.name: number for number, stage in enumerate(net.stages)}
    return {node.id: order[node.stage] for node in net.node_rows if node.stage in order}


def stage_order(net: SupplyNetwork) -> Iterator[Problem]:
    """Links that leave a nation, enter an origin, or join a node to itself."""
    nations = {stage.name for stage in net.stages if stage.is_nation}
    origins = {stage.name for stage in net.stages if stage.is_origin}
    for number, edge in numbered(net, "edges"):
        source = net.node_by_id.get(edge.source)
        target = net.node_by_id.get(edge.target)
        if source is None or target is None:
            continue
        if source.stage in nations:
            yield _misplaced(number, "source", edge.source, "a nation sends nothing on")
        if target.stage in origins:
            yield _misplaced(number, "target", edge.target, f"a {target.stage} receives nothing")
        if edge.source == edge.target:
            yield _misplaced(number, "target", edge.target, "the link joins a node to itself")


def _misplaced(number: int, column: str, value: str, message: str) -> Problem:
    hint = "turn the link around, or correct the stage of the node"
    return Problem("stage-order", message, file_of("edges"), number, column, value, hint)


def backward(net: SupplyNetwork) -> Iterator[Problem]:
    """Links from a later stage to an earlier one, which a reader should know of."""
    places = _places(net)
    for number, edge in numbered(net, "edges"):
        if edge.source not in places or edge.target not in places or _is_scrap(net, edge):
            continue
        if places[edge.source] > places[edge.target]:
            yield Problem(
                "backward-link",
                f"runs against the chain, from {net.node(edge.source).stage} to "
                f"{net.node(edge.target).stage}",
                file_of("edges"),
                number,
                "target",
                f"{edge.source} -> {edge.target}",
                "legal where assemblies return; otherwise turn it around",
            )


def _is_scrap(net: SupplyNetwork, link: Any) -> bool:
    """Whether a link or a rule takes scrap back, as is its purpose."""
    form = net.form_by_name.get(link.form)
    return form is not None and form.is_scrap


def overlaps(net: SupplyNetwork) -> Iterator[Problem]:
    """Rows that tell one contract twice: one link, standing and period."""
    seen: dict[tuple[object, ...], int] = {}
    for number, edge in numbered(net, "edges"):
        key = tuple(getattr(edge, column) for column in Edge.key)
        before = seen.setdefault(key, number)
        if before != number:
            yield Problem(
                "duplicate-link",
                f"row {before} tells the same link with the same standing and years",
                file_of("edges"),
                number,
                "start_year",
                f"{edge.source} -> {edge.target} ({edge.form})",
                "add the tonnages up in one row, or give each contract its own years",
            )


def gaps(net: SupplyNetwork) -> Iterator[Problem]:
    """Years between the rows of one link in which none of them holds."""
    slices: dict[tuple[str, str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for number, edge in numbered(net, "edges"):
        start = _FIRST if edge.start_year is None else edge.start_year
        end = _LAST if edge.end_year is None else edge.end_year
        slices[edge.source, edge.target, edge.form].append((start, end, number))
    for key, pieces in slices.items():
        _, last, before = min(pieces)
        for start, end, number in sorted(pieces):
            # Compared with the latest end so far, not with the row before: contracts may overlap.
            if start > last + 1:
                yield Problem(
                    "year-gap",
                    f"nothing holds between row {before}, which ends in {last}, and {start}",
                    file_of("edges"),
                    number,
                    "start_year",
                    f"{key[0]} -> {key[1]} ({key[2]})",
                    "close the gap, or say in the note why the link rests",
                )
            if end > last:
                last, before = end, number


def tonnages(net: SupplyNetwork) -> Iterator[Problem]:
    """Firm tonnages above the limit of their own row, which can never be served."""
    for number, edge in numbered(net, "edges"):
        if None not in (edge.minimum, edge.capacity) and edge.minimum > edge.capacity:
            yield Problem(
                "firm-delivery",
                f"the firm tonnage lies above the limit of {edge.capacity:g}",
                file_of("edges"),
                number,
                "minimum",
                f"{edge.minimum:g}",
                "raise the limit, or lower the firm tonnage",
            )


def observations(net: SupplyNetwork) -> Iterator[Problem]:
    """Tonnages that went and lie above the limit of their own row."""
    for table in ("edges", "rules"):
        for number, row in numbered(net, table):
            if None not in (row.observed, row.capacity) and row.observed > row.capacity:
                yield Problem(
                    "observed-tonnage",
                    f"what went lies above the limit of {row.capacity:g}",
                    file_of(table),
                    number,
                    "observed",
                    f"{row.observed:g}",
                    "raise the limit to what is known to have passed",
                )


def contracts(net: SupplyNetwork) -> Iterator[Problem]:
    """Contracts of which the note says that no tonnage is known, and that are given one."""
    for table in ("edges", "rules"):
        for number, row in numbered(net, table):
            is_open = row.capacity is not None and row.capacity_low == 0  # a range from nothing
            if row.standing == "contracted" and not is_open and _NO_TONNAGE.search(row.note):
                yield Problem(
                    "contract-tonnage",
                    "the note says that no tonnage is known: a contract without one is no tonnage",
                    file_of(table),
                    number,
                    "standing",
                    row.id if table == "rules" else f"{row.source} -> {row.target}",
                    "make it a memorandum, or give it a range from nothing",
                )


def part_years(net: SupplyNetwork) -> Iterator[Problem]:
    """Corridors whose tonnage was counted over a part of the year and made up to the whole."""
    for number, row in numbered(net, "rules"):
        if row.observed is not None and row.observed_months not in (None, 12):
            yield Problem(
                "part-year",
                f"observed was counted over {row.observed_months} months; the others are added as "
                "their mean",
                file_of("rules"),
                number,
                "observed_months",
                row.id,
                "take the whole year where it is published",
            )


def rules(net: SupplyNetwork) -> Iterator[Problem]:
    """Rules whose selectors are wrong or name no node."""
    for number, rule in numbered(net, "rules"):
        for column in ("source", "target", *(("via",) if rule.via else ())):
            text = getattr(rule, column)
            try:
                named = select(net, text).surely
            except UsageError as error:
                yield Problem(
                    "rule", error.message, file_of("rules"), number, column, text, error.hint
                )
                continue
            if not named:
                yield Problem(
                    "rule",
                    f"the selector of rule {rule.id} names no node",
                    file_of("rules"),
                    number,
                    column,
                    text,
                    "delete the rule or widen the selector",
                )


def tolls(net: SupplyNetwork) -> Iterator[Problem]:
    """Tolls that say half, or ask of plants what they cannot do."""
    for number, rule in numbered(net, "rules"):
        if bool(rule.via) != bool(rule.toll_form):
            column, other = ("toll_form", "via") if rule.via else ("via", "toll_form")
            yield Problem(
                "toll",
                f"a toll has both columns, and {other} alone is filled",
                file_of("rules"),
                number,
                column,
                "",
                "name the plants in via and the form that they give back in toll_form",
            )
        elif rule.via:
            for column, value, message, hint in _of_toll(net, rule):
                yield Problem("toll", message, file_of("rules"), number, column, value, hint)


def _of_toll(net: SupplyNetwork, rule: Rule) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is wrong with a toll: column, value, what, and hint."""
    for column in ("form", "toll_form"):
        form = net.form_by_name.get(getattr(rule, column))
        if form is not None and (not form.is_separated or form.is_final or form.is_scrap):
            yield (
                column,
                form.name,
                "a toll takes in and gives back separated elements, no ore, scrap or product",
                f"choose one of {', '.join(_tollable(net))}",
            )
    try:
        senders = select(net, rule.source).surely
        plants = [net.node(node_id) for node_id in sorted(select(net, rule.via).surely)]
        cutting = {one for row in net.rows("scrap") for one in select(net, row.nodes).surely}  # type: ignore[attr-defined]
    except UsageError:
        return  # reported by the checks of rules and of scrap
    for node in plants:
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
    return [one.name for one in forms if one.is_separated and not one.is_final and not one.is_scrap]


def toll_pairs(net: SupplyNetwork) -> Iterator[Problem]:
    """Two bounded rules that tell a toll as two corridors, of which the second runs without it.

    The first ends at the plants where the second begins, in another form, and both are of the same
    years, standing and sources: what the second brings may then be made of anything.
    """
    if any(rules(net)):
        return  # reported by its own check
    firsts: dict[object, list[Rule]] = defaultdict(list)
    bounded = [
        (number, rule)
        for number, rule in numbered(net, "rules")
        if rule.capacity is not None and rule.source_ids and not rule.via
    ]
    for _, rule in bounded:
        firsts[select(net, rule.target).surely, *_deal(rule)].append(rule)
    for number, rule in bounded:
        for first in firsts.get((select(net, rule.source).surely, *_deal(rule)), ()):
            if first.form != rule.form:
                yield Problem(
                    "toll-pair",
                    f"it goes on with what rule {first.id} brings, and runs without it, too",
                    file_of("rules"),
                    number,
                    "id",
                    rule.id,
                    f"make both one toll: rule {first.id} with via and toll_form",
                )


def _deal(rule: Rule) -> tuple[object, ...]:
    """What two legs of one deal have in common."""
    return rule.start_year, rule.end_year, rule.standing, rule.source_ids


def via(net: SupplyNetwork) -> Iterator[Problem]:
    """Countries on the way that a report tells of and that name no node."""
    for word in net.commodity.via:
        try:
            message, hint = "there is no node of it", "take it out"
            if select(net, word).possibly:
                continue
        except UsageError as error:
            message, hint = error.message, error.hint
        yield Problem("via", message, "datapackage.json", None, "via", word, hint)


def _pairs(net: SupplyNetwork) -> Iterator[tuple[str, str, Any]]:
    for edge in net.edge_rows:
        yield edge.source, edge.target, edge
    # A rule with a wrong selector names nothing; every node that it should link would be told as
    # isolated.
    if any(rules(net)):
        return  # reported by its own check
    for corridor in corridors(net):
        for source, target in corridor.pairs():
            yield source, target, corridor.rule


def isolated(net: SupplyNetwork) -> Iterator[Problem]:
    """Open nodes that no link and no rule ever touches."""
    linked = {node_id for source, target, _ in _pairs(net) for node_id in (source, target)}
    for number, node in numbered(net, "nodes"):
        if node.status in COUNTED and node.id not in linked:
            yield Problem(
                "isolated-node",
                "no link and no rule touches the node",
                file_of("nodes"),
                number,
                "id",
                node.id,
                "add a link or a rule, close the node, or accept it with a reason",
            )


def unreachable(net: SupplyNetwork) -> Iterator[Problem]:
    """Nations that nothing can reach in the base year, whatever the standing of links.

    One that is known to ask for nothing in that year is none of them.
    """
    year = net.commodity.base_year
    origins = {stage.name for stage in net.stages if stage.is_origin}
    outgoing: dict[str, set[str]] = defaultdict(set)
    for source, target, link in _pairs(net):
        if holds(link, year) and not _is_scrap(net, link):
            outgoing[source].add(target)
    open_nodes = {node.id for node in net.node_rows if runs(node, year)}
    waiting = [node.id for node in net.node_rows if node.stage in origins and node.id in open_nodes]
    reached = set(waiting)
    while waiting:
        # what a node sends to is far less than all that is not reached: that is never listed
        for target in (outgoing[waiting.pop()] & open_nodes) - reached:
            reached.add(target)
            waiting.append(target)
    nations = frozenset(net.nation_ids)
    for number, node in numbered(net, "nodes"):
        if node.id in nations and node.id not in reached and _is_missed(net, node.id, year):
            yield Problem(
                "unreachable-nation",
                f"nothing can reach the nation in {year}",
                file_of("nodes"),
                number,
                "id",
                node.id,
                "add links or rules that end there",
            )


def _is_missed(net: SupplyNetwork, nation: str, year: int) -> bool:
    """Whether a nation that nothing reaches goes short: not where it is known to need nothing."""
    return is_asked(net, {nation}, year) is not False


def outlets(net: SupplyNetwork) -> Iterator[Problem]:
    """Plants that nobody is named to buy from, with the tiers and years in which that is so."""
    if any(unknown_names(net)) or any(rules(net)):
        return  # reported by their own checks
    span = range(net.commodity.first_year, net.commodity.last_year + 1)
    unsold: dict[str, dict[str, list[int]]] = {}
    for tier, counted in TIERS.items():
        for year in span:
            for node_id in without_outlet(net, year, counted):
                unsold.setdefault(node_id, {}).setdefault(tier, []).append(year)
    for number, node in numbered(net, "nodes"):
        if node.id in unsold:
            told = "; ".join(
                f"{tier} {_years_in_words(years)}" for tier, years in unsold[node.id].items()
            )
            yield Problem(
                "no-outlet",
                f"nobody is named to take what it makes: {told}",
                file_of("nodes"),
                number,
                "id",
                node.id,
                "name a buyer, offer it by a planned rule, or accept it with a reason",
            )


def _years_in_words(years: list[int]) -> str:
    """Return years as spans: ``2024, 2026 to 2032``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(
        str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans
    )
