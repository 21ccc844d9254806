"""The section of a balance's document about firm deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.summary import firm_in_words
from supplynet.report.document import Column, Paragraph, Section, Table

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult

_COLUMNS = (
    Column("link", "Link"),
    Column("standing", "Standing"),
    Column("minimum", "Firm", kind="tonnes"),
    Column("carried", "Carried", kind="tonnes"),
    Column("short", "Short", kind="tonnes"),
    Column("unit", "Unit"),
)


def firm_section(result: BalanceResult) -> Section:
    """Links that must carry a minimum, with what is short of it."""
    rows = tuple(
        {
            "link": row.name,
            "standing": row.standing,
            "minimum": row.minimum,
            "carried": row.carried,
            "short": row.short,
            "unit": f"{row.unit}/yr",
        }
        for row in result.firm
    )
    table = Table(_COLUMNS, rows, "Contracts with a firm tonnage, what is short first", "firm")
    text = (
        f"{firm_in_words(result.firm)} They bind before demand is shared out; contracts of plants "
        "that are shut or do not run yet are void."
    )
    return Section("Firm deliveries", (Paragraph(text), table), "firm")
