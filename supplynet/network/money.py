"""Prices, charges and unit values in force: which row counts for whom, in which year."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.errors import TableError
from supplynet.network.cache import kept
from supplynet.network.schema import Charge, Price, PriceKind, Target, UnitValue
from supplynet.network.selector import select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Baseline
    from supplynet.network.schema.row import Row

#: unit of a charge that is a share of the market price of what moves
AD_VALOREM = "share"
#: item or group that stands for everything
ALL = "all"
PROCESSING = "processing"


def price_rows(net: SupplyNetwork) -> tuple[Price, ...]:
    """Rows of the table prices."""
    return cast("tuple[Price, ...]", net.rows("prices"))


def charge_rows(net: SupplyNetwork) -> tuple[Charge, ...]:
    """Rows of the table charges."""
    return cast("tuple[Charge, ...]", net.rows("charges"))


def charges_in_force(net: SupplyNetwork, year: int) -> tuple[Charge, ...]:
    """Return the charges that hold in a year."""
    return tuple(
        row
        for row in charge_rows(net)
        if (row.start_year is None or row.start_year <= year)
        and (row.end_year is None or year <= row.end_year)
    )


def find_price(
    net: SupplyNetwork, *, form: str, item: str, buyer: str, year: int, kind: PriceKind
) -> Price | None:
    """Return the price row that counts for what a node buys in a year.

    A row that names the item goes before one for all items; then a row that holds already before
    one that begins later; then the row whose place names the fewest nodes; then the nearest year.
    `item` is a product, element, or ``"all"`` for an unseparated basket; `buyer` is the id of the
    node.

    Examples
    --------
    >>> import supplynet as sn
    >>> words = {"form": "goods", "item": "goods", "buyer": "MLT", "year": 2024}
    >>> find_price(sn.load("tutorial"), kind="willingness", **words).price
    200.0
    """
    prices = [
        (row.item != item, row.year > year, n_nodes, abs(year - row.year), number, row)
        for number, (row, nodes, n_nodes) in enumerate(_placed(net))
        if row.kind == kind
        and row.form == form
        and row.item in (item, ALL)
        and buyer in nodes
        and not (row.end_year is not None and row.end_year < year)
    ]
    return min(prices)[-1] if prices else None


def price_factor(net: SupplyNetwork, *, form: str, item: str, buyer: str, year: int) -> float:
    """Return the product of all factors on a price in a year; 1 without any."""
    factor = 1.0
    for row, nodes, _ in _placed(net):
        holds = row.year <= year and (row.end_year is None or year <= row.end_year)
        if (
            row.kind == "factor"
            and holds
            and row.form == form
            and row.item in (item, ALL)
            and buyer in nodes
        ):
            factor *= row.price
    return factor


@kept("prices")
def _placed(net: SupplyNetwork) -> tuple[tuple[Price, frozenset[str], int], ...]:
    """Return the price rows with the nodes that buy."""
    rows = []
    for row in price_rows(net):
        nodes = select(net, row.place).surely
        rows.append((row, nodes, len(nodes)))
    return tuple(rows)


CALIBRATION = "calibration"


def target_rows(net: SupplyNetwork) -> tuple[Target, ...]:
    """Rows of the table targets."""
    return cast("tuple[Target, ...]", net.rows("targets"))


def unplaced_rows(rows: Iterable[Row]) -> tuple[Baseline, ...]:
    """Return what plants sent nowhere in calibrated flows, of rows of the table baseline."""
    return tuple(row for row in cast("Iterable[Baseline]", rows) if row.what == "unplaced")


def value_rows(net: SupplyNetwork, series: str) -> tuple[UnitValue, ...]:
    """Rows of the table unit_values that belong to a series."""
    rows = cast("tuple[UnitValue, ...]", net.rows("unit_values"))
    return tuple(row for row in rows if row.series == series)


def find_value(net: SupplyNetwork, target: Target, sender: str, receiver: str) -> UnitValue:
    """Return the unit value that counts for what goes from one node to another.

    Of the rows of the target's series that name both ends, the one that names the fewest senders
    and receivers; then the one nearest in year to the target, the earlier of two. A series without
    such a row is a TableError.
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
