"""Tables and pictures that several reports share: by tier, routes, limits, countries, years."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, cast

from supplynet import draw
from supplynet.analysis.question import selector_name
from supplynet.draw.style import Size
from supplynet.errors import OptionError, UnboundedError
from supplynet.network.countries import country_name
from supplynet.network.units import flow_unit
from supplynet.present.document import Column, FigureSlot, Head, Table, table_from
from supplynet.present.words import (
    avoided,
    capitalized,
    count,
    element_cell,
    link_phrase,
    target,
    tier_meaning,
    without,
)
from supplynet.terms import CONFIDENCES
from supplynet.text import listing, share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
    from supplynet.analysis.flow.rows import Binding, Bottleneck, Carrier, FlowResult, Route
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.contract.headline import Headline
    from supplynet.draw.scene import Scene
    from supplynet.draw.svg import Drawn
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Content
    from supplynet.questions.chokepoints import ChokepointResult
    from supplynet.questions.outlook import OutlookRow


ELEMENT = Column("element", "Element, unit")
#: sources of a row, by their numbers in the list of the report
CITED = Column("sources", "Sources", kind="cites")
#: numbers of sources by id
Cites = Mapping[str, int]


def numbers_of(cites: Cites, source_ids: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of sources in the list of the report, each once."""
    return tuple(sorted({cites[key] for key in source_ids if key in cites}))


def cited_by(cites: Cites | None, source_ids: Callable[[Any], Iterable[str]]) -> dict[str, Head]:
    """Return the column of the sources of a row, where the report lists any."""
    if not cites:
        return {}
    numbers = partial(numbers_of, cites)
    return {CITED.key: Head(CITED.title, CITED.kind, lambda row: numbers(source_ids(row)))}


def demand_table(flows: Sequence[FlowResult], cites: Cites | None = None) -> Table:
    """What is needed of each element, how that is known, and what limits the supply most."""

    def known(flow: FlowResult, name: str) -> float | None:
        return None if flow.demand.how == "none" else getattr(flow.demand, name)

    return table_from(
        "demand",
        flows,
        "Demand, and what holds back more supply",
        element=Head(ELEMENT.title, of=lambda flow: element_cell(flow.question.net, flow.element)),
        demand=Head("Demand", "tonnes", lambda flow: known(flow, "value")),
        how=Head("How it is known", of=lambda flow: str(flow.demand)),
        estimated=Head("Estimated part", "share", lambda flow: known(flow, "estimated_share")),
        bottleneck=Head("What limits supply most", of=lambda flow: first_limit(flow.cut)),
        **cited_by(cites, _sources_of_need),
    )


def _sources_of_need(flow: FlowResult) -> Iterator[str]:
    """Yield the sources of what the target needs of an element, and of what products hold."""
    question, years = flow.question, flow.demand.years
    products = set()
    for row in question.net.demand_rows:
        if row.nation in question.targets and row.year in years and row.role == "final":
            products.add(row.product)
            yield from row.source_ids
    for content in cast("tuple[Content, ...]", question.net.rows("contents")):
        if content.product_id in products and content.element == flow.element:
            yield from content.source_ids


def first_limit(cut: Sequence[Bottleneck]) -> str:
    """Return the largest limit of a cut, and how many more there are."""
    if not cut:
        return "no open way"
    more = len(cut) - 1
    return cut[0].name + (f" and {more} more" if more else "")


def tier_table(result: BypassResult) -> Table:
    """Potential with and without the avoided jurisdiction, by element and tier."""
    question = result.question
    return table_from(
        "tiers",
        (
            (element_cell(question.net, element.element) if index == 0 else "", tier)
            for element in result.elements
            for index, tier in enumerate(element.tiers)
        ),
        f"Potential by tier. {tier_meaning(result.elements[0].tiers)}",
        element=Head(ELEMENT.title, of=itemgetter(0)),
        tier=Head("Tier", of=lambda row: capitalized(row[1].name)),
        with_all=Head("All open", "tonnes", lambda row: row[1].with_all),
        without=Head(f"Without {avoided(question)}", "tonnes", lambda row: row[1].without),
        range=Head("Data range", "tonnes", lambda row: (row[1].low, row[1].high)),
        coverage=Head("Demand covered", "share", lambda row: row[1].coverage),
        coverage_range=Head(
            "Data range", "share", lambda row: (row[1].coverage_low, row[1].coverage_high)
        ),
    )


def coverages(rows: Iterable[OutlookRow]) -> dict[str, Any]:
    """Return the cells of a row of :func:`coverage_table`: what could be covered, tier by tier."""
    return {row.tier: (row.coverage, row.coverage_low, row.coverage_high) for row in rows}


def coverage_table(
    rows: Iterable[Mapping[str, Any]],
    tiers: Iterable[str],
    caption: str = "",
    cites: Cites | None = None,
    /,
    **first: Head | str,
) -> Table:
    """Return coverages tier by tier with their data ranges, behind columns that come first."""
    heads: dict[str, Head | str] = {tier: Head(capitalized(tier), "share") for tier in tiers}
    cited = {CITED.key: Head(CITED.title, CITED.kind)} if cites else {}
    return table_from("outlook", rows, caption, **first, **heads, **cited)


def node_label(net: SupplyNetwork, node_id: str) -> str:
    """Return a node's name with its country; of a nation the country alone."""
    node = net.node(node_id)
    country = country_name(node.country, net.commodity.areas)
    if net.stage_by_name[node.stage].is_nation:
        return country
    return node.name if country in node.name else f"{node.name} ({country})"


def route_table(
    net: SupplyNetwork,
    element: str,
    routes: Sequence[Route],
    *,
    caption: str,
    name: str = "routes",
    cites: Cites | None = None,
) -> Table:
    """Routes with their weakest link, their least sure row and what limits them.

    The nation at the end is left out where every route has the same.
    """
    bounds = {route.nodes[-1] for route in routes}
    is_nation = all(net.stage_by_name[net.node(end).stage].is_nation for end in bounds)
    last = -1 if len(bounds) == 1 and is_nation else None
    return table_from(
        f"{name}-{element}",
        routes,
        caption,
        **route_heads(net, flow_unit(net, element), last),
        **cited_by(cites, attrgetter("source_ids")),
    )


def route_heads(net: SupplyNetwork, unit: str, last: int | None = None) -> dict[str, Head | str]:
    """Columns of a table of routes; of each the plants are listed up to its `last`."""
    return {
        "tonnes": Head("Brings", "tonnes", unit=unit),
        "route": Head(
            "By way of",
            of=lambda row: " > ".join(node_label(net, node) for node in row.nodes[:last]),
        ),
        "standing": "Weakest link",
        "confidence": "Least sure figure",
        "bottleneck": "Limited by",
    }


def limit_kind(net: SupplyNetwork, member: Bottleneck) -> str:
    """Return what kind of limit a member of a cut is."""
    if member.kind == "node":
        return net.stage_by_name[member.stage].title
    return {
        "link": "Link",
        "rule": "Assumed corridor",
        "intake": "Own use",
        "restriction": "Restriction",
    }[member.kind]


def cut_rows(
    flow: FlowResult, *, most: int | None = None, cites: Cites | None = None
) -> list[dict[str, Any]]:
    """Members of a flow's minimum cut, the rest in one row, and their sum."""
    net = flow.question.net
    shown = flow.cut[:most]
    bottlenecks = flow.cut[len(shown) :]
    heads = {**limit_heads(net), **cited_by(cites, partial(sources_of_limit, net))}
    rows = list(table_from("cut", shown, **heads).rows)
    if bottlenecks:
        total = sum(member.capacity for member in bottlenecks)
        rows.append({"limit": count(len(bottlenecks), "smaller limit"), "capacity": total})
    rows.append({"limit": "Together: the most that can arrive", "capacity": flow.value})
    rows[0]["element"] = element_cell(net, flow.element)
    return rows


def limit_heads(net: SupplyNetwork) -> dict[str, Head | str]:
    """Columns of a table of limits."""
    return {
        "limit": Head("Limit", of=attrgetter("name")),
        "kind": Head("Kind", of=partial(limit_kind, net)),
        "country": Head(
            "Country",
            of=lambda member: (
                country_name(member.country, net.commodity.areas) if member.country else ""
            ),
        ),
        "capacity": Head("Lets through", "tonnes"),
        "confidence": "How known",
    }


def sources_of_limit(net: SupplyNetwork, limit: Bottleneck | Binding) -> Iterator[str]:
    """Yield the sources of the row that sets a limit."""
    if limit.kind == "node" and limit.id in net.node_by_id:
        yield from net.node(limit.id).source_ids
    for rule in net.rule_rows if limit.kind == "rule" else ():
        if rule.id == limit.id:
            yield from rule.source_ids
    for edge in net.edge_rows if limit.kind == "link" else ():
        link = f"{edge.source} -> {edge.target}"
        if limit.id == link or limit.id.startswith(f"{link} ({edge.form})"):
            yield from edge.source_ids


def cut_table(
    net: SupplyNetwork, rows: Iterable[dict[str, Any]], caption: str, cites: Cites | None = None
) -> Table:
    """Limits that together stop more from coming, of rows of :func:`cut_rows`."""
    keys = [*limit_heads(net), *([CITED.key] if cites else [])]
    blank = {"element": "", **dict.fromkeys(keys, ""), CITED.key: ()}
    columns = table_from("cut", (), "", element=ELEMENT.title, **limit_heads(net)).columns
    shown = (*columns, CITED) if cites else columns
    return Table(shown, tuple({**blank, **row} for row in rows), caption, "cut")


def via_table(result: BypassResult) -> Table:
    """What each via country can carry and adds."""
    rows: list[dict[str, Any]] = []
    for element in result.elements:
        first = element_cell(result.question.net, element.element)
        if not element.flow.value:
            rows.append({"element": first, "via": "no open way", "through": 0.0})
            continue
        for index, via_share in enumerate(element.via_shares):
            name = selector_name(result.question.net, via_share.via)
            rows.append({**vars(via_share), "element": first if index == 0 else "", "via": name})
        together = element.via_together.value
        rows.append({"via": "Any of them", "through": together})
    return table_from(
        "via",
        rows,
        "What each country can carry and adds",
        element=ELEMENT.title,
        via="By way of",
        through=Head("Can carry", "tonnes"),
        alone=Head("Adds alone", "tonnes"),
        marginal=Head("Lost without it", "tonnes"),
        shapley=Head("Fair share", "tonnes"),
    )


def year_table(bypass: ElementBypass) -> Table:
    """Potential of one element by year and tier, with the demand."""
    return table_from(
        f"years-{bypass.element}",
        bypass.years,
        element_cell(bypass.question.net, bypass.element),
        year=Head("Year", "year"),
        demand=Head(
            "Demand",
            "tonnes",
            lambda row: None if row["demand_how"] == "not known" else row["demand"],
        ),
        demand_how="How the demand is known",
        **{tier.name: Head(capitalized(tier.name), "tonnes") for tier in bypass.tiers},
    )


def confidence_table(flows: Sequence[FlowResult]) -> Table:
    """How sure the figures behind the tonnes are: the least sure one, and all of them."""

    def known(kind: str, name: str, flow: FlowResult) -> float | None:
        return getattr(flow, kind)[name] if flow.value > 0.0 else None

    return table_from(
        "confidence",
        flows,
        "How sure the capacities and links on the routes are, weighted by tonnes",
        element="Element",
        **{
            f"figures-{name}": Head(
                f"Figures: {CONFIDENCES[name].title.lower()}",
                "share",
                partial(known, "figures", name),
            )
            for name in CONFIDENCES
        },
        weakest=Head(
            "Tonnes with an estimate on the way",
            "share",
            partial(known, "confidence", "estimated"),
        ),
        demand=Head(
            "Demand that is estimated",
            "share",
            lambda flow: None if flow.demand.how == "none" else flow.demand.estimated_share,
        ),
    )


def carried_line(rows: Sequence[Carrier]) -> str:
    """Return what is left without each of the rows that carry a coverage, and how it is known.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage(sn.load("tutorial"), to="MLT", year=2024)
    >>> carried_line(found.carried_by[:2])
    '0% without Big Refinery, 18% without corridor goods-to-malta (estimated)'
    """
    allowed = list(dict.fromkeys(row.confidence for row in rows))
    texts = []
    for left, alike in groupby(rows, lambda row: share(row.coverage)):
        names = [
            _in_brief(row) if len(allowed) == 1 else f"{_in_brief(row)} ({row.confidence})"
            for row in alike
        ]
        texts.append(f"{left} without {listing(names, 'or')}")
    return ", ".join(texts) + (f" ({allowed[0]})" if len(allowed) == 1 else "")


def owned_line(conditions: Mapping[str, Headline]) -> str:
    """Return what a headline is by who owns plants; empty where that hardly moves it.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage(sn.load("tutorial"), to="MLT", avoid="FJI", year=2024)
    >>> owned_line(found.conditions)
    ''
    """
    owned = conditions.get("control")
    if owned is None or owned.value is None:
        return ""
    return otherwise_line("By owner", owned)


def otherwise_line(how: str, headline: Headline) -> str:
    """Return what a headline is under a condition, with its data range, in a sentence."""
    spread = share_range(headline.low or 0.0, headline.high or 0.0)
    return f"{how} it is {share(headline.value or 0.0)} ({spread})."


def _in_brief(row: Carrier) -> str:
    """Return what a row is called where there is room for a few words."""
    if row.table == "rules":
        return f"corridor {row.id}"
    bounds = (
        re.sub(r" \([^)]*\)", "", row.name).split(" to ") if row.table == "edges" else [row.name]
    )
    return " to ".join(re.sub(r" \([^)]*\)", "", end).split(",")[0] for end in bounds)


def carried_tables(rows: Sequence[Carrier], what: str = "") -> tuple[Table, ...]:
    """Return the rows that carry `what`, with their evidence and what is left; no table of none."""
    if not rows:
        return ()
    total = f"What carries {what}: the" if what else "The"
    caption = f"{total} rows of the graph without which it falls most, each by itself"
    table = table_from(
        "carried_by",
        rows,
        caption,
        name=Head("Without", of=_in_brief),
        standing="Status",
        confidence="Evidence",
        sources=Head("Documents", of=lambda row: ", ".join(row.sources)),
        tonnes=Head("Left, t/yr", "tonnes"),
        coverage=Head("Covered", "share"),
    )
    return (table,)


#: sizes of a picture on a screen, and of a chart or map on a phone held upright
WIDE = "slide"
#: about a point a pixel there, so that no letter is below 12 pixels
NARROW = Size(336, 580, 14, 12, 12, 12, 12, margin=6, box=8, least=12)
#: the same for a picture of many stages, which run from top to bottom, and for two of them
UPRIGHT = replace(NARROW, height=860, margin=8, box=9, is_upright=True)
UPRIGHT_PAIR = replace(UPRIGHT, height=1420)


def drawable(result: BypassResult) -> SolvedPotential | FlowResult:
    """Return the potential by the balance of the first element, as pictures show it.

    What is no nation, or asks for nothing, has none: there the maximum flow is drawn.
    """
    from supplynet.analysis.flow.flow import potential
    from supplynet.draw.answer import drawn_potential

    question, element = result.question, result.elements[0].element
    with contextlib.suppress(OptionError, UnboundedError):
        return drawn_potential(question, (element,))
    return potential(question, element)


def slot(
    name: str, caption: str, scene: Callable[[str | Size], Drawn], narrow: Size = NARROW
) -> FigureSlot:
    """Return the slot of a picture of any size: of a screen, and of a narrow one."""
    return FigureSlot(name, caption, partial(scene, WIDE), partial(scene, narrow))


def _ways(result: SolvedPotential | FlowResult | BypassResult, size: str | Size) -> Scene:
    """The ways of a result from left to right; from top to bottom for a phone."""
    if size == WIDE:
        return draw.layer_scene(result.question.net, result, is_single=True)
    return draw.sankey_scene(cast("SolvedPotential | FlowResult", result), size=size)


def flow_layers(result: FlowResult | BypassResult) -> FigureSlot:
    """The ways of the maximum flow of an element, with its minimum cut."""
    from supplynet.analysis.flow.flow import potential  # of no use to a page without flows
    from supplynet.analysis.flow.rows import FlowResult

    question = result.question
    element = result.element if isinstance(result, FlowResult) else result.elements[0].element
    caption = f"{element}: the ways of the maximum flow to {target(question)}{without(question)}"

    def scene(size: str | Size) -> Scene:
        return _ways(result if size == WIDE else potential(question, element), size)

    return slot("layers", caption, scene, UPRIGHT)


def before_after(result: BypassResult) -> FigureSlot:
    """The first element by country and stage, with everything open and without, on one scale."""
    question, element = result.question, result.elements[0].element

    def scene(size: str | Size) -> Scene:
        from supplynet.draw.answer import before_and_after

        before, after = before_and_after(drawable(result), element)
        return draw.sankey_scene(after, against=before, size=size)

    caption = (
        f"{element} by country and stage on {link_phrase(question)}, with everything "
        f"open and without {avoided(question)}"
    )
    return slot("before-after", caption, scene, UPRIGHT_PAIR)


def on_the_map(result: BypassResult) -> FigureSlot:
    """The ways of the first element on a map of the world."""
    question = result.question
    has_places = any(node.lat is not None for node in question.net.node_rows)
    level = "facility" if has_places else "country"
    return slot(
        "map",
        f"{result.elements[0].element} on {link_phrase(question)}, on the map",
        lambda size: draw.map_scene(question.net, drawable(result), level=level, size=size),
    )


def losses(place: ChokepointResult, owner: ChokepointResult) -> FigureSlot:
    """What the loss of a country's stage costs of an element, by place and by owner."""
    caption = f"{place.element}: stages of a country whose loss costs most"
    return slot("losses", caption, lambda entry: draw.losses(place, beside=owner, size=entry))


def years(result: BypassResult) -> FigureSlot:
    """Potential by year, all elements."""
    caption = "Upper bound of each element by year (its maximum flow) as a share of the demand"
    return slot("years", caption, lambda size: draw.years(result, size=size))
