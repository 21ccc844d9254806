"""Published figures that a graph holds its flows against, and what tonnes were worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.errors import TableError
from supplynet.network.schema import Target, UnitValue
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

CALIBRATION = "calibration"


def target_rows(net: SupplyNetwork) -> tuple[Target, ...]:
    """Rows of the table targets."""
    return cast("tuple[Target, ...]", net.rows("targets"))


def value_rows(net: SupplyNetwork, series: str) -> tuple[UnitValue, ...]:
    """Rows of the table unit_values that belong to a series."""
    rows = cast("tuple[UnitValue, ...]", net.rows("unit_values"))
    return tuple(row for row in rows if row.series == series)


def find_value(net: SupplyNetwork, target: Target, sender: str, receiver: str) -> UnitValue:
    """Return the unit value that counts for what goes from one node to another.

    Of the rows of the target's series that name both ends, the one that names the fewest
    senders and receivers; then the one nearest in year to the target, the earlier of two.

    Raises
    ------
    TableError
        If the series has no such row.
    """
    candidates = []
    for number, row in enumerate(value_rows(net, target.values or "")):
        senders, receivers = select(net, row.source).surely, select(net, row.target).surely
        if sender in senders and receiver in receivers:
            size = len(senders) * len(receivers)
            candidates.append(((size, abs(row.year - target.year), row.year, number), row))
    if not candidates:
        raise TableError(
            f"target {target.id}: series {target.values!r} of unit_values has no row for what "
            f"{sender} sends to {receiver}",
            hint="add a row whose source and target name them, or all",
        )
    return min(candidates)[1]
