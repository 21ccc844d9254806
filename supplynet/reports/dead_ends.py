"""The section of a report on dead ends: what could be made and goes nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.analysis.dead_ends import dead_end_sentence
from supplynet.network.countries import country_name
from supplynet.present.document import Head, Paragraph, Section, Table, table_from
from supplynet.present.words import capitalized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.analysis.flow.rows import DeadEnd
    from supplynet.network.network import SupplyNetwork


def sections(net: SupplyNetwork, rows: Sequence[DeadEnd]) -> tuple[Section, ...]:
    """Return the section, or nothing where everything that is made has an outlet.

    Rows are of one tier or several, the surest first.
    """
    if not rows:
        return ()
    tiers = list(dict.fromkeys(row.tier for row in rows))
    texts = [
        f"On the tier {tier}: {sentence[0].lower()}{sentence[1:]}" if len(tiers) > 1 else sentence
        for tier in tiers
        if (sentence := dead_end_sentence(row for row in rows if row.tier == tier))
    ]
    lead = texts[0] if texts else "All that goes nowhere has buyers that are shut."
    if len(texts) > 1:
        lead += " The table states it for every tier."
    text = (
        f"{lead} It is in no figure here. Tonnes are the most that could leave each plant in "
        f"{rows[0].year}, and do not add up where one feeds another."
    )
    return (Section("Made, no buyer named", (Paragraph(text), _table(net, rows)), "dead-ends"),)


def _table(net: SupplyNetwork, rows: Sequence[DeadEnd]) -> Table:
    """A row a plant and reason, with the tiers in which it goes nowhere."""
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        cell = cells.setdefault(
            (row.plant, row.why),
            {
                "plant": row.name,
                "stage": net.stage_by_name[row.stage].title,
                "country": country_name(row.country, net.commodity.areas),
                "tonnes": row.tonnes,
                "why": capitalized(row.why),
                "tiers": row.tier,
            },
        )
        if row.tier not in cell["tiers"].split(", "):
            cell["tiers"] += f", {row.tier}"
        cell["tonnes"] = max(cell["tonnes"], row.tonnes)
    return table_from(
        "dead-ends",
        cells.values(),
        "Plants that can be supplied and have no outlet",
        plant="Plant",
        stage="Kind",
        country="Country",
        tonnes=Head("Could leave it", "tonnes", unit=rows[0].unit),
        why="Why it goes nowhere",
        tiers="In the tiers",
    )
