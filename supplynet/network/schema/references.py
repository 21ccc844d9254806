"""What columns refer to: each sort of name once, from which checks and foreign keys come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from supplynet.network.schema.row import Row


@dataclass(frozen=True, slots=True)
class RefersTo:
    """Marks a column whose cells name something that the graph declares.

    Parameters
    ----------
    what : str
        What is named, as a message says it.
    table : str
        The table whose ids are meant; empty where the head of the graph declares the names, or
        several sorts of names are allowed.
    """

    what: str
    table: str = ""


NODE = RefersTo("node", "nodes")
NATION = RefersTo("nation", "nodes")
PRODUCT = RefersTo("product", "products")
SOURCE = RefersTo("source", "sources")
STAGE = RefersTo("stage")
FORM = RefersTo("form")
ELEMENT = RefersTo("element")
GROUP = RefersTo("element group")
ELEMENT_OR_GROUP = RefersTo("element or element group")
ELEMENTS = RefersTo("element, element group or all")
ITEM = RefersTo("product, element or all")
INDICATOR = RefersTo("indicator")
SERIES = RefersTo("series of unit values")
SHOCK = RefersTo("shock")
OPTION = RefersTo("option", "options")
BURDEN = RefersTo("burden of the table intensities")


def references(model: type[Row]) -> Iterator[tuple[str, RefersTo]]:
    """Yield the columns of a table that refer to something, and to what.

    Examples
    --------
    >>> from supplynet.network.schema import Circuit
    >>> [(column, reference.what) for column, reference in references(Circuit)]
    [('node_id', 'node'), ('group', 'element or element group'), ('source_ids', 'source')]
    """
    last = {"source_ids": SOURCE} if "source_ids" in model.model_fields else {}
    for column, info in model.model_fields.items():
        for mark in info.metadata:
            if isinstance(mark, RefersTo):
                yield column, mark
    yield from last.items()


def ranged(model: type[Row]) -> tuple[str, ...]:
    """Return the figures of a table that have a low and a high end of their own.

    Examples
    --------
    >>> from supplynet.network.schema import Node
    >>> ranged(Node)
    ('capacity',)
    """
    fields = model.model_fields
    return tuple(name for name in fields if f"{name}_low" in fields and f"{name}_high" in fields)
