"""Section of a balance's document on new scrap: what arises, what goes back, what is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.balance.figures import ALL
from supplynet.network.countries import country_name
from supplynet.network.schema import Scrap
from supplynet.network.units import BASKET, flow_unit
from supplynet.present.document import Block, Column, Paragraph, Section, Table
from supplynet.present.words import amount
from supplynet.reports.balance_spans import ONE_OF_SEVERAL, is_one, spanned
from supplynet.terms import CONFIDENCES
from supplynet.text import by_size, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.balance.scrap import Scrapped

#: part of the scrap that may be missing where all goes back: rounding of the solver
_ALL = 1e-9
#: how scrap is counted
_COUNTED = (
    "New scrap is what makers cut off or reject. A maker needs that much more of each element "
    "than its products hold, and plants that take scrap part it again, within their capacity and "
    "with their losses. What stands as lost finds no such plant with room for it on the links "
    "asked for. Each element goes its own way here, where a plant would take the scrap as it "
    "comes; scrap of used goods is not counted."
)


def scrap_section(result: BalanceResult, with_ranges: bool) -> Section:
    """New scrap by country and by element, and the plants that take it."""
    net = result.question.net
    unit = flow_unit(net, BASKET)
    arisen = sum(row.arisen for row in result.scrap)
    returned = sum(row.returned for row in result.scrap)
    recovered = sum(row.recovered for row in result.recycled)
    text = f"Makers leave {amount(arisen, unit)} in new scrap. "
    if not returned:
        text += "None of it goes back: no plant that could use it can take it."
    else:
        part = "All" if arisen - returned <= _ALL * arisen else share(returned / arisen)
        text += (
            f"{part} of it goes back to plants that use it, and {amount(recovered, unit)} come "
            "out again."
        )
    text += _in_other_ways(result) if with_ranges else f" {ONE_OF_SEVERAL}"
    blocks: list[Block] = [Paragraph(text)]
    areas = net.commodity.areas
    countries = _sums(result.scrap, lambda row: row.country)
    names = {code: country_name(code, areas) for code in countries}
    title = f"By country of the maker, {unit}"
    blocks.append(_table(result, "country", "Country", title, countries, names, with_ranges))
    elements = _sums(result.scrap, lambda row: row.element)
    names = {element: element for element in elements}
    basis = "oxide" if net.commodity.basis == "oxide" else "element"
    title = f"By element, t {basis}/yr"
    blocks.append(_table(result, "element", "Element", title, elements, names, with_ranges))
    if result.recycled:
        blocks.append(_takers(result, unit, with_ranges))
    blocks.append(Paragraph(f"{_COUNTED} {_sureness(result)}"))
    return Section("What becomes of scrap", tuple(blocks), "scrap")


def _in_other_ways(result: BalanceResult) -> str:
    """Between what the sums lie in other ways, where they are open."""
    parts = []
    for key, verb in (
        (("scrap", "arisen"), "arise"),
        (("scrap", "returned"), "go back"),
        (("scrap", "lost"), "are lost"),
        (("recycled", "recovered"), "come out again"),
    ):
        span = result.range_of(*key)
        if not is_one(span):
            parts.append(f"{tonnes(span.low)} to {tonnes(span.high)} {verb}")
    if not parts:
        return ""
    return f" In all ways that are as good and move no more, {listing(parts)}."


def _sums(
    rows: Iterable[Scrapped], name: Callable[[Scrapped], str]
) -> dict[str, tuple[float, float, float]]:
    """Arisen, returned and lost by some name, the largest first."""
    sums: dict[str, tuple[float, float, float]] = {}
    for row in rows:
        had = sums.get(name(row), (0.0, 0.0, 0.0))
        sums[name(row)] = (had[0] + row.arisen, had[1] + row.returned, had[2] + row.lost)
    return dict(sorted(sums.items(), key=lambda entry: (by_size(entry[1][0]), entry[0])))


def _table(
    result: BalanceResult,
    key: str,
    head: str,
    caption: str,
    sums: dict[str, tuple[float, float, float]],
    names: dict[str, str],
    with_ranges: bool,
) -> Table:
    """Scrap by country or by element."""
    rows: tuple[dict[str, Any], ...] = tuple(
        {key: names[key_told], "arisen": three[0], "returned": three[1], "lost": three[2]}
        for key_told, three in sums.items()
    )
    columns = (
        Column(key, head),
        Column("arisen", "Arises", kind="tonnes"),
        Column("returned", "Goes back", kind="tonnes"),
        Column("lost", "Lost", kind="tonnes"),
    )
    table = Table(columns, rows, caption, f"scrap-by-{key}")
    if not with_ranges:
        return table
    figures = {
        part: [
            ("scrap", part, ALL, total) if key == "country" else ("scrap", part, total)
            for total in sums
        ]
        for part in ("arisen", "returned", "lost")
    }
    return spanned(result, table, figures)


def _takers(result: BalanceResult, unit: str, with_ranges: bool) -> Table:
    """The plants that take scrap, the largest first."""
    sums: dict[str, tuple[str, float, float]] = {}
    for row in result.recycled:
        _, taken, recovered = sums.get(row.node, ("", 0.0, 0.0))
        sums[row.node] = (row.name, taken + row.taken, recovered + row.recovered)
    ordered = sorted(sums, key=lambda node: (by_size(sums[node][1]), sums[node][0]))
    rows: tuple[dict[str, Any], ...] = tuple(
        {"name": name, "taken": taken, "recovered": recovered}
        for name, taken, recovered in (sums[node] for node in ordered)
    )
    columns = (
        Column("name", "Plant"),
        Column("taken", "Takes", kind="tonnes"),
        Column("recovered", "Comes out", kind="tonnes"),
    )
    table = Table(columns, rows, f"Plants that take scrap, {unit}", "recycled")
    if not with_ranges:
        return table
    figures = {
        part: [("recycled", part, ALL, f"node:{node}") for node in ordered]
        for part in ("taken", "recovered")
    }
    return spanned(result, table, figures)


def _sureness(result: BalanceResult) -> str:
    """How the ratios of scrap are known."""
    rows = cast("tuple[Scrap, ...]", result.question.net.rows("scrap"))
    known = [
        confidence
        for confidence in CONFIDENCES
        if any(row.confidence == confidence for row in rows)
    ]
    names = [CONFIDENCES[confidence].title for confidence in known]
    names = [name[:1].lower() + name[1:] for name in names]
    return f"How much scrap arises is {listing(names, 'or')}."
