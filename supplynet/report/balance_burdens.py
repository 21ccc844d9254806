"""Section of a balance's document on burdens: what capped plants bring, and when a cap binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.report.balance_spans import spanned
from supplynet.report.document import Block, Column, Paragraph, Section, Table
from supplynet.report.words import selector_phrase
from supplynet.text import tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.burdens import Headroom
    from supplynet.analysis.balance.result import BalanceResult

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


def burdens_section(result: BalanceResult, with_ranges: bool) -> Section:
    """What capped plants bring of each burden, and how far they can go before each cap binds."""
    net = result.question.net
    names = {burden.cap: burden.burden for burden in result.burdens}
    rows: tuple[dict[str, Any], ...] = tuple(
        {
            "plants": selector_phrase(net, burden.nodes),
            "burden": burden.burden,
            "cap": burden.amount,
            "central": burden.central,
            "span": (burden.low, burden.high),
        }
        for burden in result.burdens
    )
    columns: tuple[Column, ...] = (
        Column("plants", "Plants"),
        Column("burden", "Burden"),
        Column("cap", "Cap", kind="tonnes"),
        Column("central", "Brought", kind="tonnes"),
        Column("span", "Low to high", kind="tonnes", align="right"),
    )
    if with_ranges:
        figures = {"central": [("burden", burden.cap, "central") for burden in result.burdens]}
        columns = spanned(result, columns, rows, figures)
    caption = "Burdens under a cap, t of the burden per year"
    blocks: list[Block] = [Paragraph(_COUNTED), Table(columns, rows, caption, "burdens")]
    if result.headroom:
        blocks += [Paragraph(_HEADROOM), _headroom_table(result, names)]
    return Section("Burdens", tuple(blocks), "burdens")


def _headroom_table(result: BalanceResult, names: dict[str, str]) -> Table:
    rows = tuple(
        {
            "cap": names.get(room.cap, "all caps together"),
            "high": _figure(room.high, room),
            "central": _figure(room.central, room),
            "low": _figure(room.low, room),
            "free": room.free,
        }
        for room in result.headroom
    )
    columns = (
        Column("cap", "Cap on"),
        Column("high", "High intensities", align="right"),
        Column("central", "Central", align="right"),
        Column("low", "Low", align="right"),
        Column("free", "Without a cap", kind="tonnes"),
    )
    basis = result.question.net.commodity.basis
    caption = f"Most that can be mined and taken on, t of {basis} per year"
    return Table(columns, rows, caption, "headroom")


def _figure(value: float, one: Headroom) -> str:
    is_free = value >= (1.0 - 1e-6) * one.free
    return "does not bind" if is_free else tonnes(value)
