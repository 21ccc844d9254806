"""What plants take in or make in calibrated flows and send nowhere: told wherever these are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from supplynet.analysis.arrays.feeds import Feed
from supplynet.present.document import Head, Section, section, table_from
from supplynet.present.words import count
from supplynet.text import by_size, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run
    from supplynet.network.network import SupplyNetwork

#: plants that a sentence names, and that a table lists
_NAMED, MOST = 3, 25


def mined_of(run: Run, element: str) -> float:
    """Return what mines and scrap yards send on of an element, t/yr."""
    columns, scope, x = run.model.columns, run.model.scope, run.x
    tonnes_of = []
    for column, (origin,) in columns.of("mined"):
        own = Feed(str(origin))
        lost = columns.get("lost", origin, own)
        amount = 0.0 if lost is None else float(x[lost])
        tonnes_of.append((float(x[column]) - amount) * scope.share(own, element))
    return math.fsum(tonnes_of)


def unplaced_phrase(net: SupplyNetwork, rows: Iterable[Any], complete: float = 0.0) -> str:
    """Return how many tonnes are not placed, as a part of a whole, and by whom most."""
    ordered = sorted(rows, key=lambda row: (by_size(row.flow), str(row.source)))
    total = math.fsum(row.flow for row in ordered)
    of_whole = f" t of {tonnes(complete)} t ({share(total / complete)})" if complete else " t"
    names = [f"{net.node(str(row.source)).name} {tonnes(row.flow)} t" for row in ordered[:_NAMED]]
    more = len(ordered) - _NAMED
    return (
        f"{tonnes(total)}{of_whole}: {listing([*names, *([f'{more} more'] if more > 0 else [])])}"
    )


def unplaced_sections(rows: Iterable[Any], names: Mapping[str, str]) -> list[Section]:
    """Return the table of what is not placed, plant by plant; none where all is."""
    ordered = sorted(rows, key=lambda row: (-row.year, by_size(row.flow), str(row.source)))
    if not ordered:
        return []
    text = (
        "What these plants take in or make in the calibrated flows and send nowhere, as no figure "
        "says who took it: stock, sales that nobody published, or a figure that is too high. No "
        f"exposure traces it. {count(len(ordered), 'row')} in all, those of the table baseline."
    )
    table = table_from(
        "unplaced",
        ordered[:MOST],
        year=Head("Year", "year"),
        plant=Head("Plant", of=lambda row: names.get(str(row.source), str(row.source))),
        element=Head("Element", of=lambda row: row.item),
        tonnes=Head("Sent nowhere", "tonnes", lambda row: row.flow, "t/yr"),
    )
    return [section("What the flows do not place", "unplaced", text, table)]
