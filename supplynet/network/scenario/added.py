"""Rows that a scenario adds or changes: charges, prices, needs, and what plants pass on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplynet.errors import UnknownNameError
from supplynet.network.money import AD_VALOREM, ALL
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.change import ChargeChange, NeedChange, PriceChange, RecoverChange
from supplynet.network.schema import Charge, Demand, Price, Recovery
from supplynet.network.selector import select_some

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.network.network import SupplyNetwork


def money_title(net: SupplyNetwork, change: ChargeChange | PriceChange) -> str:
    """Refuse a change that names what is not there; return what it is about, in words.

    Raises
    ------
    UnknownNameError
        If a selector, form, item, group or unit names nothing.
    """
    links = None if isinstance(change, PriceChange) else change.links
    texts = [change.nodes or ""] if links is None else [links.source, links.target]
    for text in texts:
        select_some(net, text, what=f"scenario change {change.verb}")
    elements, commodity = net.commodity.elements, net.commodity
    if isinstance(change, PriceChange):
        _known(net, "form", change.form, net.form_by_name)
        _known(net, "item", change.item, (ALL, *elements, *net.product_by_id))
    else:
        _known(net, "form", _form(change), net.form_by_name)
        _known(net, "element group", change.group, (ALL, *elements, *commodity.groups))
        _known(net, "unit", change.unit, (AD_VALOREM, *net.unit_by_name))
    return " to ".join(texts)


def _form(change: ChargeChange) -> str | None:
    return change.form if change.links is None else change.links.form or change.form


def _known(net: SupplyNetwork, what: str, name: str | None, known: Iterable[str]) -> None:
    choices = list(known)
    if name is not None and name not in choices:
        raise UnknownNameError(
            f"{net.name} has no {what} {name!r}", hint=did_you_mean(name, choices)
        )


def price_of(net: SupplyNetwork, change: PriceChange) -> Price:
    """Return the row that multiplies what some nations pay.

    Raises
    ------
    UnknownNameError
        If a selector, form or item names nothing.
    """
    money_title(net, change)
    return Price(
        form=change.form,
        item=change.item,
        place=change.nodes,
        year=change.from_year or net.commodity.first_year,
        end_year=change.end_year,
        kind="factor",
        price=change.factor,
        confidence="estimated",
        source_ids=change.source_ids,
        note=change.reason or "set by a scenario",
    )


def charge_of(net: SupplyNetwork, change: ChargeChange, row_id: str) -> Charge:
    """Return the row of a tariff, tax, freight, premium or cost of processing.

    Raises
    ------
    UnknownNameError
        If a selector, form, group or unit names nothing.
    """
    money_title(net, change)
    links = change.links
    note = change.reason or "set by a scenario"
    return Charge(
        id=row_id,
        kind=change.kind,
        source=change.nodes or "" if links is None else links.source,
        target="" if links is None else links.target,
        form=_form(change),
        group=change.group,
        amount=change.amount,
        unit=change.unit,
        start_year=change.from_year,
        end_year=change.end_year,
        reason=note,
        confidence="estimated",
        source_ids=change.source_ids,
        note=note,
    )


_EVERY = "all"


def need_of(net: SupplyNetwork, change: NeedChange) -> frozenset[tuple[str, str]]:
    """Return the nations and products whose demand a change is about.

    Raises
    ------
    UnknownNameError
        If the selector or the product names nothing, or no row of the demand is about both.
    """
    nations = select_some(net, change.nodes, what="scenario change need").surely
    if change.product != _EVERY and change.product not in net.product_by_id:
        raise UnknownNameError(
            f"{net.name} has no product {change.product!r}",
            hint=did_you_mean(change.product, net.product_by_id),
        )
    meant = frozenset(
        (row.nation, row.product)
        for row in net.demand_rows
        if row.nation in nations and change.product in (_EVERY, row.product)
    )
    if not meant:
        raise UnknownNameError(
            f"{net.name} knows no demand of {change.nodes} for {change.product}",
            hint="nations are those of the table demand",
        )
    return meant


def needed(
    rows: Sequence[Demand], meant: frozenset[tuple[str, str]], factor: float
) -> list[Demand]:
    """Return rows of the demand, those of some nations and products multiplied.

    Every year is, so that years between those that are given lie on the same line.
    """
    keys = ("quantity", "quantity_low", "quantity_high")
    return [
        row.multiplied(factor, keys) if (row.nation, row.product) in meant else row for row in rows
    ]


def recovered(
    net: SupplyNetwork, rows: Sequence[Recovery], change: RecoverChange, nodes: frozenset[str]
) -> list[Recovery]:
    """Return rows of the recoveries, those of some plants and a group put in place anew.

    For all elements it takes the place of every row of a plant.

    Raises
    ------
    UnknownNameError
        If there is no such element or group.
    """
    known = [_EVERY, *net.commodity.groups, *net.commodity.elements]
    if change.group not in known:
        raise UnknownNameError(
            f"{net.name} has no element or group {change.group!r}",
            hint=did_you_mean(change.group, known),
        )
    reason = change.reason or "set by a scenario"
    kept = [
        row for row in rows if row.node_id not in nodes or change.group not in (_EVERY, row.group)
    ]
    return kept + [
        Recovery(
            node_id=node,
            group=change.group,
            recovery=change.recovery,
            confidence="estimated",
            source_ids=change.source_ids,
            note=reason,
        )
        for node in sorted(nodes)
    ]
