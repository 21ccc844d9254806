"""Sections of a balance's document: limits and burdens, why nations go short, what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from supplynet.analysis.balance.figures import ALL
from supplynet.network.countries import country_name
from supplynet.network.schema import Scrap
from supplynet.network.units import BASKET, flow_unit
from supplynet.present.answers import table_of
from supplynet.present.document import Content, Head, Section, Table, section, table_from
from supplynet.present.words import amount, count, selector_phrase, the
from supplynet.questions.contested.parts import (
    FULL,
    MOST,
    NAMED,
    ONE_OF_SEVERAL,
    is_one,
    per_year,
    with_spans,
)
from supplynet.sums import added
from supplynet.terms import CONFIDENCES, TRACED
from supplynet.text import NONE, by_size, dollars, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.outcome import Headroom
    from supplynet.questions.contested import AllocateResult
    from supplynet.questions.explain import Explanation


def limits(result: AllocateResult) -> Section:
    """Limits that bind, with what one more tonne of each would serve."""
    title, rule = "Binding constraint", TRACED[result.objective]
    if not result.binding:
        if all(row.coverage >= FULL for row in result.coverage):
            text = "Nothing: every demand is met."
        elif rule.is_worth:
            text = "No capacity: raising any one alone would be worth nothing."
        elif not (rule.leaves_open or rule.is_measured):
            text = "No single capacity binds anybody."
        else:
            text = "Raising any one capacity alone would serve no more."
        return section(title, "limits", text)
    shown, heads = result.binding[:MOST], {"limit": Head("Limit", of=lambda row: row.name)}
    heads["unit"] = Head("Unit", of=per_year)
    if rule.is_in_rounds:
        told = "One more raises coverage by at most"
        heads["worth"] = Head(told, of=lambda row: f"{row.worth * 100.0:.2g}%", align="right")
    else:
        steps = {(step.kind, step.id): step for step in result.steps}
        verb = "is worth" if rule.is_worth else "serves more"
        heads["more"] = Head(
            f"One more {verb}, {shown[0].worth_unit}",
            of=lambda row: tonnes(steps[row.kind, row.id].more),
            align="right",
        )
        heads["less"] = Head(
            "One less costs",
            of=lambda row: tonnes(steps[row.kind, row.id].less, missing=NONE),
            align="right",
        )
    caption = f"{count(len(result.binding), 'limit')} that bind"
    if len(shown) < len(result.binding):
        caption = f"The weightiest {len(shown)} of {len(result.binding)} limits that bind"
    blocks: list[Content] = [table_from("limits", shown, caption, **heads)]
    if rule.is_in_rounds:
        text = (
            "Coverage is that of the nations that were worst covered and could still be raised "
            "when the limit first held them down. Where several limits hold at once, one more of "
            "one of them alone may bring less."
        )
        blocks.append(text)
    elif rule.is_worth:
        first = shown[0]
        worth = dollars(first.worth * 1e3)  # as the shadow price says: the first of many, or of one
        text = f"One more {first.unit}/yr at {first.name} is worth up to {worth} a year."
        blocks.append(text)
    return section(title, "limits", *blocks)


def shortage_section(why: Explanation) -> Section:
    """Why nations go short: what would have to be lifted, and what no lifting would bring."""
    net = why.question.net
    who = "nations"
    if len(why.nations) <= NAMED:
        who = listing(
            the(country_name(net.node(nation).country, net.commodity.areas))
            for nation in why.nations
        )
    title = f"Why {who} {'goes' if len(why.nations) == 1 else 'go'} short"
    if not why.shortage:
        return section(f"Shortage of {who}", "shortage", "There is none.")
    blocks: list[Content] = [f"{tonnes(why.shortage)} t/yr of products are missing."]
    if why.lifts:
        within = why.shortage - sum(why.beyond.values())
        text = f"{tonnes(within)} t/yr of it would come, with nobody served less than before, if "
        if len(why.lifts) == 1:
            text += "this limit were raised."
        else:
            text += f"these {len(why.lifts)} limits were raised"
            if len(why.lifts) == why.least:
                text += ", and with no fewer."
            else:
                text += f"; it is proved that it takes at least {why.least}."
        if len(why.lifts) == why.least:
            text += _instead(why)
        caption = "What would have to be raised"
        table = table_of(why, "lifts", caption=caption, cells={"unit": per_year})
        blocks += [text, table]
    if why.beyond:
        parts = [
            f"{tonnes(lacking)} t/yr of {net.product_by_id[product].name}"
            for product, lacking in why.beyond.items()
        ]
        text = f"No capacity alone would bring {listing(parts, 'or')}"
        if why.missing:
            text += f": {listing(why.missing)} cannot reach who needs it"
        elif why.hosts:
            text += f": {listing(why.hosts)}, which comes along, finds no more buyers"
        blocks.append(f"{text}.")
    if not why.lifts and not why.beyond:
        text = "No limit keeps them away: serving them costs more than it is worth."
        blocks.append(text)
    return section(title, "shortage", *blocks)


def _instead(why: Explanation) -> str:
    """Whether other limits could be raised as well."""
    if not why.instead:
        return " No other set of as few would do."
    parts = [f"{tonnes(row.more)} {row.unit}/yr at {row.name}" for row in why.instead]
    return f" It is not the only set of as few; another: {listing(parts)}."


def _surplus(result: AllocateResult) -> dict[str, float]:
    """Tonnes of each element that nobody takes, the most first."""
    sums = added((row.element, row.tonnes) for row in result.surplus)
    return dict(sorted(sums.items(), key=lambda item: (by_size(item[1]), item[0])))


def surplus_line(result: AllocateResult) -> str:
    """How much of the separated elements nobody takes."""
    net, sums = result.question.net, _surplus(result)
    parts = [amount(sums[element], flow_unit(net, element)) for element in [*sums][:4]]
    if len(sums) > len(parts):
        parts.append(f"less of {count(len(sums) - len(parts), 'other element')}")
    return f"Separated, and taken by nobody: {listing(parts)}."


#: elements left over of which a page has ranges, which no page has room for where they are many
_FEW = 2


def surplus_section(result: AllocateResult) -> Section:
    """Separated elements that nobody takes."""
    net, sums = result.question.net, _surplus(result)
    text = surplus_line(result)
    heads: dict[str, Head | str] = {
        "element": Head("Left over", of=lambda name: flow_unit(net, name)),
        "tonnes": Head("per year", "tonnes", lambda name: sums[name]),
    }

    def ends(element: str) -> tuple[float, float]:
        span = result.solved.range_of("surplus", element)
        return span.low, span.high

    if not result.is_late or len(sums) <= _FEW:  # two programs each
        text += (
            " Every other way that is as good and moves no more leaves between the least and the "
            "most."
        )
        heads["range"] = Head("Least to most", "tonnes", ends)
    by_element = table_from("surplus-elements", sums, "By element, all plants", **heads)
    shown = result.surplus[:MOST]
    caption = f"The largest {len(shown)} of {len(result.surplus)}"
    table = table_from(
        "surplus",
        shown,
        "By plant" if len(shown) == len(result.surplus) else caption,
        name="Plant",
        element="Element",
        tonnes=Head("t/yr", "tonnes"),
        reason="Why",
    )
    figures = {"tonnes": [("surplus", row.element, f"node:{row.node}") for row in shown]}
    table = with_spans(result, table, figures)
    return section("What is left over", "surplus", text, by_element, table)


#: how a burden is counted
_COUNTED = (
    "A burden is the sum over the plants of what each handles times its intensity, low to high by "
    "the ends of the intensities; the balance is held to the end that the cap names."
)
#: what headroom is
_HEADROOM = (
    "How far the capped plants could go whatever is asked for: the most that their mines can "
    "bring, all of it taken on, before a cap binds. At low intensities more can be mined than at "
    "high ones; where the figure is that without a cap, the cap does not bind."
)


def burdens_section(result: AllocateResult) -> Section:
    """What capped plants bring of each burden, and how far they can go before each cap binds."""
    net = result.question.net
    caption = "Burdens under a cap, t of the burden per year"
    cells = {"nodes": lambda row: selector_phrase(net, row.nodes)}
    table = table_of(result, "burdens", caption=caption, cells=cells)
    figures = {"central": [("burden", burden.cap, "central") for burden in result.burdens]}
    table = with_spans(result, table, figures)
    blocks: list[Content] = [_COUNTED, table]
    if result.headroom:
        blocks += [_HEADROOM, _headroom_table(result)]
    return section("Burdens", "burdens", *blocks)


def _headroom_table(result: AllocateResult) -> Table:
    names = {burden.cap: burden.burden for burden in result.burdens}
    basis = result.question.net.commodity.basis
    caption = f"Most that can be mined and taken on, t of {basis} per year"
    cells: dict[str, Callable[[Headroom], str]] = {
        "cap": lambda row: names.get(row.cap, "all caps together"),
        "high": lambda row: _figure(row.high, row),
        "central": lambda row: _figure(row.central, row),
        "low": lambda row: _figure(row.low, row),
    }
    return table_of(result, "headroom", caption=caption, cells=cells)


def _figure(value: float, headroom: Headroom) -> str:
    is_free = value >= (1.0 - 1e-6) * headroom.free
    return "does not bind" if is_free else tonnes(value)


#: part of the scrap that may be missing where all goes back: rounding of the solver
_ALL = 1e-9
#: how scrap is counted
_SCRAP_COUNTED = (
    "New scrap is what makers cut off or reject. A maker needs that much more of each element "
    "than its products hold, and plants that take scrap part it again, within their capacity and "
    "with their losses. What stands as lost finds no such plant with room for it on the links "
    "asked for. Each element goes its own way here, where a plant would take the scrap as it "
    "comes; scrap of used goods is not counted."
)


def scrap_line(result: AllocateResult) -> str:
    """How much new scrap there is, and how much of it goes back."""
    unit = flow_unit(result.question.net, BASKET)
    arisen = sum(row.arisen for row in result.scrap)
    returned = sum(row.returned for row in result.scrap)
    recovered = sum(row.recovered for row in result.recycled)
    text = f"Makers leave {amount(arisen, unit)} in new scrap. "
    if not returned:
        text += "None of it goes back: no plant that could use it can take it."
    else:
        piece = "All" if arisen - returned <= _ALL * arisen else share(returned / arisen)
        text += (
            f"{piece} of it goes back to plants that use it, and {amount(recovered, unit)} come "
            "out again."
        )
    return text


def scrap_section(result: AllocateResult) -> Section:
    """New scrap by country and by element, and the plants that take it."""
    net = result.question.net
    unit, text = flow_unit(net, BASKET), scrap_line(result)
    text += _in_other_ways(result) if result.has_ranges else f" {ONE_OF_SEVERAL}"
    blocks: list[Content] = [text]
    areas = net.commodity.areas
    title = f"By country of the maker, {unit}"
    blocks.append(_table(result, "country", title, lambda code: country_name(code, areas)))
    basis = "oxide" if net.commodity.basis == "oxide" else "element"
    blocks.append(_table(result, "element", f"By element, t {basis}/yr", str))
    if result.recycled:
        blocks.append(_takers(result, unit))
    blocks.append(f"{_SCRAP_COUNTED} {_sureness(result)}")
    return section("What becomes of scrap", "scrap", *blocks)


def _in_other_ways(result: AllocateResult) -> str:
    """Between what the sums lie in other ways, where they are open."""
    parts = []
    for key, verb in (
        (("scrap", "arisen"), "arise"),
        (("scrap", "returned"), "go back"),
        (("scrap", "lost"), "are lost"),
        (("recycled", "recovered"), "come out again"),
    ):
        span = result.solved.range_of(*key)
        if not is_one(span):
            parts.append(f"{tonnes(span.low)} to {tonnes(span.high)} {verb}")
    if not parts:
        return ""
    return f" In all optimal solutions that move no more, {listing(parts)}."


def _table(result: AllocateResult, key: str, caption: str, named: Callable[[str], str]) -> Table:
    """Scrap by country or by element, the most first."""
    parts = {"arisen": "Arises", "returned": "Goes back", "lost": "Lost"}
    sums = {
        piece: added((getattr(row, key), getattr(row, piece)) for row in result.scrap)
        for piece in parts
    }
    arisen = sums["arisen"]
    ordered = sorted(arisen, key=lambda name: (by_size(arisen[name]), name))
    heads = {
        key: Head(key.capitalize(), of=named),
        **{part: Head(head, "tonnes", sums[part].get) for part, head in parts.items()},
    }
    table = table_from(f"scrap-by-{key}", ordered, caption, **heads)
    all_elements = (ALL,) if key == "country" else ()
    figures = {part: [("scrap", part, *all_elements, name) for name in ordered] for part in parts}
    return with_spans(result, table, figures)


def _takers(result: AllocateResult, unit: str) -> Table:
    """The plants that take scrap, the largest first."""
    parts = {"taken": "Takes", "recovered": "Comes out"}
    sums = {
        part: added((row.node, getattr(row, part)) for row in result.recycled) for part in parts
    }
    names, taken = {row.node: row.name for row in result.recycled}, sums["taken"]
    ordered = sorted(taken, key=lambda node: (by_size(taken[node]), node))
    heads = {
        "name": Head("Plant", of=lambda node: names[node]),
        **{part: Head(head, "tonnes", sums[part].get) for part, head in parts.items()},
    }
    table = table_from("recycled", ordered, f"Plants that take scrap, {unit}", **heads)
    figures = {
        piece: [("recycled", piece, ALL, f"node:{node}") for node in ordered] for piece in parts
    }
    return with_spans(result, table, figures)


def _sureness(result: AllocateResult) -> str:
    """How the ratios of scrap are known."""
    rows = cast("tuple[Scrap, ...]", result.question.net.rows("scrap"))
    allowed = [
        confidence
        for confidence in CONFIDENCES
        if any(row.confidence == confidence for row in rows)
    ]
    names = [CONFIDENCES[confidence].title for confidence in allowed]
    names = [name[:1].lower() + name[1:] for name in names]
    return f"How much scrap arises is {listing(names, 'or')}."
