"""How a scenario adds charges and multiplies prices: rows on top of those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.errors import OptionError, UnknownNameError
from supplynet.model.money import AD_VALOREM, ALL, charge_rows, price_rows
from supplynet.model.problems import did_you_mean
from supplynet.model.schema import Charge, Price
from supplynet.model.selector import select_some

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.model.network import SupplyNetwork
    from supplynet.model.scenario_change import Change

_ID = "scenario-"


def require_money(net: SupplyNetwork, change: Change) -> str:
    """Refuse a change that names what is not there; return what it is about, in words.

    Raises
    ------
    UnknownNameError
        If a selector, form, item, group or unit names nothing.
    OptionError
        If the years are out of order.
    """
    what = f"scenario change {change.verb}"
    texts = [change.nodes] if change.links is None else [change.links.source, change.links.target]
    for text in texts:
        select_some(net, cast(str, text), what=what)
    elements, commodity = net.commodity.elements, net.commodity
    _known(net, "form", _form(change), net.form_by_name)
    _known(net, "item", change.item, (ALL, *elements, *net.product_by_id))
    _known(net, "element group", change.group, (ALL, *elements, *commodity.groups))
    if change.verb == "charge":
        _known(net, "unit", change.unit, (AD_VALOREM, *net.unit_by_name))
    start, end = change.from_year, change.end_year
    if start is not None and end is not None and end < start:
        raise OptionError(f"{what}: end_year {end} lies before from_year {start}")
    return " to ".join(str(text) for text in texts)


def _form(change: Change) -> str | None:
    return change.form if change.links is None else change.links.form or change.form


def _known(net: SupplyNetwork, what: str, name: str | None, known: Iterable[str]) -> None:
    choices = list(known)
    if name is not None and name not in choices:
        raise UnknownNameError(
            f"{net.name} has no {what} {name!r}", hint=did_you_mean(name, choices)
        )


def add_money(net: SupplyNetwork, change: Change) -> SupplyNetwork:
    """Return the network with the row that a change adds."""
    require_money(net, change)
    note = change.reason or "set by a scenario"
    if change.verb == "price":
        factor = Price(
            form=cast(str, change.form),
            item=change.item,
            place=cast(str, change.nodes),
            year=change.from_year or net.commodity.first_year,
            end_year=change.end_year,
            kind="factor",
            price=cast(float, change.factor),
            confidence="estimated",
            source_ids=change.source_ids,
            note=note,
        )
        return net.replace(prices=[*price_rows(net), factor])
    number = 1 + sum(row.id.startswith(_ID) for row in charge_rows(net))
    links = change.links
    charge = Charge.model_validate(
        {
            "id": f"{_ID}{number}",
            "kind": change.kind,
            "source": change.nodes if links is None else links.source,
            "target": "" if links is None else links.target,
            "form": _form(change),
            "group": change.group,
            "amount": change.amount,
            "unit": change.unit,
            "start_year": change.from_year,
            "end_year": change.end_year,
            "reason": note,
            "confidence": "estimated",
            "source_ids": change.source_ids,
            "note": note,
        }
    )
    return net.replace(charges=[*charge_rows(net), charge])
