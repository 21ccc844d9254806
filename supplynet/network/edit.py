"""Another network by a small change: a plant more, another capacity, a link, a demand.

Networks do not change; every function returns a new one. An edit that cannot have an effect,
such as a capacity that later steps overrule, warns (:class:`supplynet.errors.NoEffectWarning`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from supplynet.errors import NoEffectWarning, OptionError
from supplynet.network.interchange import (
    UNSOURCED,
    frame_to_rows,
    validate_rows,
)
from supplynet.network.rules import loose_ends
from supplynet.network.schema import Capacity, Node, Row, require_tables
from supplynet.network.selector import node_named
from supplynet.network.timeline import curves, is_overruled, ramp_steps
from supplynet.terms import COUNTED

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema.row import Cell


def with_frames(net: SupplyNetwork, **tables: pd.DataFrame) -> SupplyNetwork:
    """Return the network with some tables put in place of its own, given as DataFrames.

    Parameters
    ----------
    **tables : pandas.DataFrame
        As :meth:`SupplyNetwork.frame` returns them, edited.

    Warns
    -----
    NoEffectWarning
        If a capacity was edited that rows of the table capacities overrule in every year, or a
        plant was added that no link or rule leads to or away from.

    Raises
    ------
    TableError
        If rows break the format.
    OptionError
        If a table name is not one of the format's.
    """
    require_tables(tables)
    rows: dict[str, Any] = {name: frame_to_rows(name, frame) for name, frame in tables.items()}
    changed = net.replace(**rows)
    for node in changed.node_rows:
        old = net.node_by_id.get(node.id)
        if old is not None and old.capacity != node.capacity and is_overruled(changed, node):
            _warn(
                f"the capacity of {node.id} in the table nodes never counts: the table capacities "
                "has its steps; use with_capacity, or edit that table"
            )
    _warn_of_loose(changed, changed.node_by_id.keys() - net.node_by_id.keys())
    return changed


def _warn_of_loose(net: SupplyNetwork, node_ids: Iterable[str]) -> None:
    """Warn of plants that were added and that nothing can pass."""
    from supplynet.network.checks.tables import unknown_names

    if any(unknown_names(net)):
        return  # rules cannot be read, and the check says why
    for node_id, missing in loose_ends(net, sorted(node_ids)).items():
        _warn(
            f"{node_id} changes nothing: {missing}; give links= to with_plant, or add them by "
            "with_link",
            stacklevel=5,
        )


def with_capacity(
    net: SupplyNetwork,
    plant: str,
    capacity: float,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str | None = None,
    from_year: int | None = None,
) -> SupplyNetwork:
    """Return the network with another capacity of a plant, from a year on or for good.

    Parameters
    ----------
    plant : str
        Its id, or a selector that names it alone, such as its name.
    capacity : float
        Per year, in the unit; steps that the table capacities has from then on are dropped.
    low, high : float, optional
        Ends of its range; default: none is known.
    unit : str, optional
        Default: that of the plant.
    from_year : int, optional
        Default: every year.

    Raises
    ------
    UnknownNameError
        If there is no such node.
    OptionError
        If the name is that of several.
    TableError
        If a figure breaks the format.

    Examples
    --------
    >>> import supplynet as sn
    >>> sn.load("tutorial").with_capacity("Big Refinery", 50.0).node("ref-big").capacity
    50.0
    """
    node = node_named(net, plant)
    node_id = node.id
    figures: dict[str, Any] = {
        "capacity": capacity,
        "capacity_low": low,
        "capacity_high": high,
        "unit": unit or node.unit,
        "confidence": "estimated",
        "note": UNSOURCED,
    }
    steps = [cast("Capacity", step) for step in net.rows("capacities")]
    if from_year is None:
        rows = _edited(net.node_rows, node_id, {**figures, "source_ids": ()})
        capacities = [step for step in steps if step.node_id != node_id]
        if node_id in curves(net):  # what is set needs no ramp
            first = {"node_id": node_id, "year": node.start_year, **figures}
            capacities += cast("list[Capacity]", validate_rows("capacities", [first]))
        return net.replace(nodes=rows, capacities=capacities)
    (step,) = validate_rows("capacities", [{"node_id": node_id, "year": from_year, **figures}])
    steps += ramp_steps(net, [node_id])
    capacities = [step for step in steps if step.node_id != node_id or step.year < from_year]
    return net.replace(capacities=[*capacities, step])


def _edited(rows: Sequence[Node], node_id: str, values: dict[str, Any]) -> list[Row]:
    """Return rows of nodes, one of them with other values, validated."""
    return [
        validate_rows("nodes", [{**row.model_dump(), **values}])[0] if row.id == node_id else row
        for row in rows
    ]


def with_plant(
    net: SupplyNetwork,
    node_id: str,
    *,
    stage: str,
    country: str,
    links: Iterable[Mapping[str, Cell]] = (),
    **columns: Cell,
) -> SupplyNetwork:
    """Return the network with one plant more, and with the links that it needs to count.

    Parameters
    ----------
    node_id : str
        Its new id.
    stage : str
        One of the graph's stages.
    country : str
        ISO 3166 alpha-3 code.
    links : iterable of mapping
        Its links, each with what :func:`with_link` takes; the end that is left out is the plant.
    **columns
        Further columns of the table nodes, such as ``capacity=500, unit="t"``. The name is the
        id where none is given, the confidence "estimated".

    Warns
    -----
    NoEffectWarning
        If no links are given, and no rule leads to the plant or none away from it.

    Raises
    ------
    OptionError
        If the id is taken, or a link does not say what travels on it.
    UnknownNameError
        If an end of a link is no node.
    TableError
        If a value breaks the format, or the stage or unit is not one of the graph's.

    Examples
    --------
    >>> import supplynet as sn
    >>> links = [{"source": "mine-big", "form": "ore"}, {"target": "MLT", "form": "oxide"}]
    >>> wide = sn.load("tutorial").with_plant("third", stage="refiner", country="MLT", links=links)
    >>> [(edge.source, edge.target) for edge in wide.edge_rows[-2:]]
    [('mine-big', 'third'), ('third', 'MLT')]
    """
    if node_id in net.node_by_id:
        raise OptionError(
            f"{net.name} has a node {node_id!r} already", hint="with_capacity changes its capacity"
        )
    row = {"id": node_id, "name": node_id, "stage": stage, "country": country}
    changed = _added(net, "nodes", {**row, **columns})
    if not (inputs := tuple(links)):  # links that are given may wait for a plant that comes later
        _warn_of_loose(changed, [node_id])
    for link in inputs:
        bounds: dict[str, Any] = {"source": node_id, "target": node_id, **link}
        changed = with_link(changed, **bounds)
    return changed


def with_link(
    net: SupplyNetwork,
    source: str,
    target: str,
    *,
    form: str | None = None,
    standing: str = "possible",
    **columns: Cell,
) -> SupplyNetwork:
    """Return the network with one link more.

    Parameters
    ----------
    source, target : str
        Ids of the nodes that send and receive.
    form : str, optional
        What travels; needed where the graph has several forms.
    standing : {"observed", "contracted", "planned", "memorandum", "possible"}
        An assumed link is possible: say so if it is more.
    **columns
        Further columns of the table edges, such as ``capacity=100, unit="t"``.

    Warns
    -----
    NoEffectWarning
        If one of the ends never runs.

    Raises
    ------
    UnknownNameError
        If an end is no node.
    OptionError
        If the form has to be given.
    TableError
        If a value breaks the format, or names a form or unit that the graph does not have.
    """
    forms = net.commodity.forms
    if form is None and len(forms) > 1:
        raise OptionError(
            "say what travels on the link",
            hint=f"form= one of {', '.join(form.name for form in forms)}",
        )
    for end in (source, target):
        node = net.node(end)
        if node.status not in COUNTED:
            _warn(f"the link changes nothing while {end} is {node.status}")
    row = {"source": source, "target": target, "form": form or forms[0].name}
    return _added(net, "edges", {**row, "standing": standing, **columns})


def with_demand(
    net: SupplyNetwork,
    nation: str,
    product: str,
    quantity: float,
    *,
    unit: str,
    year: int | None = None,
    use: str = "all",
    **columns: Cell,
) -> SupplyNetwork:
    """Return the network with the demand of a nation for a product put in place of the old one.

    Parameters
    ----------
    quantity : float
        Per year, in the unit. Rows of the same nation, product and year give way to it.
    year : int, optional
        Default: the graph's base year.
    use : str
        End use.
    **columns
        Further columns of the table demand.

    Raises
    ------
    UnknownNameError
        If the nation is no node.
    TableError
        If a value breaks the format, or names a product or unit that the graph does not have.
    """
    net.node(nation)
    when = net.commodity.base_year if year is None else year
    demands = [
        row
        for row in net.demand_rows
        if (row.nation, row.product, row.year) != (nation, product, when)
    ]
    row = {"nation": nation, "use": use, "product": product, "year": when}
    return _added(
        net.replace(demand=demands),
        "demand",
        {**row, "quantity": quantity, "unit": unit, **columns},
    )


def _added(net: SupplyNetwork, table: str, record: dict[str, Any]) -> SupplyNetwork:
    """Return the network with one row more, refused where it names what is not there."""
    from supplynet.errors import TableError
    from supplynet.network.checks.tables import unknown_names
    from supplynet.network.problems import raise_problems

    values = {"confidence": "estimated", "note": UNSOURCED, **record}
    rows: dict[str, Any] = {table: [*net.rows(table), *validate_rows(table, [values])]}
    changed = net.replace(**rows)
    problems = set(unknown_names(net))
    new = [problem for problem in unknown_names(changed) if problem not in problems]
    raise_problems(new, TableError, what=f"new row of {table}")
    return changed


def _warn(text: str, *, stacklevel: int = 4) -> None:
    """Warn whoever called the method of the network that called this module."""
    warnings.warn(text, NoEffectWarning, stacklevel=stacklevel)
