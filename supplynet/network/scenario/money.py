"""How a scenario adds charges and multiplies prices: rows on top of those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.errors import UnknownNameError
from supplynet.network.money import AD_VALOREM, ALL
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.change import ChargeChange, PriceChange
from supplynet.network.schema import Charge, Price
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
