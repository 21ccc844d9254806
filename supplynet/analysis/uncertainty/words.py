"""Figures of draws in words: what each is of, and how its values are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from supplynet.text import between, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

__all__ = ["Figure", "axis_of", "ends_of", "value_of", "what_of"]

#: what a figure is, where neither its name nor its unit says it beside what it is of
_MEANINGS = {
    "in the cut": "in the cut",
    "is the worst": "the worst loss",
    "left": "left after the worst loss",
    "loss": "lost",
    "lost_share": "share of the need that is lost",
}


class Figure(Protocol):
    """A figure that every draw has."""

    @property
    def figure(self) -> str:
        """What it is."""

    @property
    def product(self) -> str:
        """Form or product that it is of; empty for all."""

    @property
    def element(self) -> str:
        """Element that it is of; empty for all."""

    @property
    def subject(self) -> str:
        """Plant, country or index that it is about; empty for none."""

    @property
    def unit(self) -> str:
        """Its unit; "share" for none."""


def what_of(net: SupplyNetwork, row: Figure, *, in_sentence: bool = False) -> str:
    """Return what a figure is of and what it is, without its unit; empty where it is of all."""
    form, product = net.form_by_name.get(row.product), net.product_by_id.get(row.product)
    name = form.title if form else product.name if product else ""
    name = name.lower() if in_sentence and form else name
    subject = net.node(row.subject).name if row.subject in net.node_by_id else row.subject
    words = [name, row.element, subject, _MEANINGS.get(row.figure, "")]
    return ", ".join(word for word in words if word)


def value_of(row: Figure, value: float) -> str:
    """Return a value of a figure, without its unit where it is no share."""
    return share(value) if row.unit == "share" else tonnes(value)


def axis_of(row: Figure) -> str:
    """Return what values of a figure are, as the title of an axis: its meaning, or its unit."""
    meaning = "coverage of the need" if row.figure == "coverage" else _MEANINGS.get(row.figure)
    if meaning is None or row.unit == "share":
        return meaning or row.unit
    return f"{meaning}, {row.unit}"


def ends_of(row: Figure, low: float, high: float, *, with_unit: bool = False) -> str:
    """Return two values of a figure as one phrase; in a sentence with the unit, "t" for tonnes."""
    if row.unit == "share":
        return share_range(low, high)
    ends, unit = between(low, high), row.unit
    if not with_unit:
        return ends
    if unit[:1].isdigit():  # an index
        return f"{ends} on the scale {unit}"
    return f"{ends} {'t' if unit.startswith('t ') else unit}"
