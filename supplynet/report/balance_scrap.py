"""Section of a balance's document on new scrap: what arises, what goes back, what is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from supplynet.analysis.numbers import share
from supplynet.model.countries import country_name
from supplynet.model.schema import CONFIDENCES, Scrap
from supplynet.model.units import BASKET, flow_unit
from supplynet.report.document import Block, Column, Paragraph, Section, Table
from supplynet.report.words import CONFIDENCE_TITLES, amount, listing

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


def scrap_section(result: BalanceResult) -> Section:
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
    blocks: list[Block] = [Paragraph(text)]
    areas = net.commodity.areas
    by_country = _sums(result.scrap, lambda row: country_name(row.country, areas))
    blocks.append(_table(by_country, "country", "Country", f"By country of the maker, {unit}"))
    by_element = _sums(result.scrap, lambda row: row.element)
    basis = "oxide" if net.commodity.basis == "oxide" else "element"
    blocks.append(_table(by_element, "element", "Element", f"By element, t {basis}/yr"))
    if result.recycled:
        blocks.append(_takers(result, unit))
    blocks.append(Paragraph(f"{_COUNTED} {_sureness(result)}"))
    return Section("What becomes of scrap", tuple(blocks), "scrap")


def _sums(
    rows: Iterable[Scrapped], name: Callable[[Scrapped], str]
) -> dict[str, tuple[float, float, float]]:
    """Arisen, returned and lost by some name, the largest first."""
    found: dict[str, tuple[float, float, float]] = {}
    for row in rows:
        had = found.get(name(row), (0.0, 0.0, 0.0))
        found[name(row)] = (had[0] + row.arisen, had[1] + row.returned, had[2] + row.lost)
    return dict(sorted(found.items(), key=lambda item: (-item[1][0], item[0])))


def _table(sums: dict[str, tuple[float, float, float]], key: str, head: str, caption: str) -> Table:
    rows = tuple(
        {key: name, "arisen": three[0], "returned": three[1], "lost": three[2]}
        for name, three in sums.items()
    )
    columns = (
        Column(key, head),
        Column("arisen", "Arises", kind="tonnes"),
        Column("returned", "Goes back", kind="tonnes"),
        Column("lost", "Lost", kind="tonnes"),
    )
    return Table(columns, rows, caption, f"scrap-by-{key}")


def _takers(result: BalanceResult, unit: str) -> Table:
    """The plants that take scrap, the largest first."""
    sums: dict[str, tuple[str, float, float]] = {}
    for row in result.recycled:
        _, taken, recovered = sums.get(row.node, ("", 0.0, 0.0))
        sums[row.node] = (row.name, taken + row.taken, recovered + row.recovered)
    rows = tuple(
        {"name": name, "taken": taken, "recovered": recovered}
        for name, taken, recovered in sorted(sums.values(), key=lambda three: (-three[1], three[0]))
    )
    columns = (
        Column("name", "Plant"),
        Column("taken", "Takes", kind="tonnes"),
        Column("recovered", "Comes out", kind="tonnes"),
    )
    return Table(columns, rows, f"Plants that take scrap, {unit}", "recycled")


def _sureness(result: BalanceResult) -> str:
    """How the ratios of scrap are known."""
    rows = cast("tuple[Scrap, ...]", result.question.net.rows("scrap"))
    known = [one for one in CONFIDENCES if any(row.confidence == one for row in rows)]
    names = [CONFIDENCE_TITLES[one] for one in known]
    names = [name[:1].lower() + name[1:] for name in names]
    return f"How much scrap arises is {listing(names, 'or')}."
