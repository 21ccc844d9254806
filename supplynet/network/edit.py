"""Another network by a small change, and networks to and from pandas and networkx, lossless.

Networks do not change; every function returns a new one. An edit that cannot have an effect,
such as a capacity that later steps overrule, warns (:class:`supplynet.errors.NoEffectWarning`).
"""

from __future__ import annotations

import json
import math
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from supplynet.errors import NoEffectWarning, OptionError, TableError
from supplynet.network.explain import problems_of, validate_records
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.rules import loose_ends
from supplynet.network.schema import (
    TABLES,
    Capacity,
    Commodity,
    Demand,
    Edge,
    Form,
    Metadata,
    Node,
    Row,
    Stage,
    Unit,
    columns,
    require_tables,
)
from supplynet.network.selector import node_named
from supplynet.network.timeline import curves, is_overruled, ramp_steps
from supplynet.terms import COUNTED, did_you_mean

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema.row import Cell

#: note of a row that came without one
UNSOURCED = "given without a source"


def rows_to_frame(model: type[Row], rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a DataFrame with the columns of the row model, indexed by ``id`` if any."""
    import pandas as pd

    names = columns(model)
    values_of = {column: [getattr(row, column) for row in rows] for column in names}
    frame = pd.DataFrame(
        {column: _series(model, column, values) for column, values in values_of.items()},
        columns=names,
    )
    return frame.set_index("id") if "id" in names else frame


def _series(model: type[Row], column: str, values: list[Any]) -> pd.Series[Any]:
    import pandas as pd

    annotation = str(model.model_fields[column].annotation)
    if "tuple" in annotation or "Literal" in annotation or "str" in annotation:
        return pd.Series(values, dtype="object")
    if "float" in annotation:
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype="Int64")


def frame_to_rows(name: str, frame: pd.DataFrame) -> tuple[Row, ...]:
    """Validate a DataFrame against the row model of a table.

    Columns are those of the format; those with a default may be left out, and an index named ``id``
    counts as a column. A TableError states every problem at once; the first row of data is row 2.
    """
    model = TABLES[name]
    if "id" in model.model_fields and "id" not in frame.columns:
        frame = frame.rename_axis("id").reset_index()
    records = [
        {str(key): value for key, value in record.items() if not _is_missing(value)}
        for record in frame.to_dict(orient="records")
    ]
    return validate_rows(name, records)


def validate_rows(name: str, records: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Validate plain records; raise one TableError with every problem."""
    model = TABLES[name]
    try:
        return tuple(validate_records(records, model))
    except ValidationError as error:
        lacking = Counter(str(f["loc"][1]) for f in error.errors() if f["type"] == "missing")
        # a column that all rows lack is reported once
        absent = [column for column, n_rows in lacking.items() if n_rows == len(records) > 1]
        problems = [
            Problem(
                "missing-column",
                f"the column {column} is missing",
                file=name,
                column=column,
                hint=model.model_fields[column].description or "",
            )
            for column in absent
        ]
        faults = problems_of(error, model, name, rows=range(2, len(records) + 2))
        problems += [fault for fault in faults if fault.value or fault.column not in absent]
        raise_problems(problems, TableError, what=f"table {name}")
        raise  # unreachable: a ValidationError holds at least one problem


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA: an empty cell. Lists and tuples are values."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in {"NAType", "NaTType"}


def from_frames(metadata: Metadata, **tables: pd.DataFrame) -> SupplyNetwork:
    """Build a network from DataFrames, one per table.

    To edit a network that is there take :meth:`SupplyNetwork.with_frames`, or ``with_capacity`` and
    its like: they warn of edits that change no answer, which cannot be seen here.

    Parameters
    ----------
    metadata : Metadata
        Title and commodity; :func:`simple_metadata` makes one for a plain chain.
    **tables : pandas.DataFrame
        ``nodes=``, ``edges=``, ``demand=`` and so on. As in :func:`from_networkx`, a node without
        a name is called by its id, a link without a standing is observed and without a form
        carries the first one, rows without a confidence are estimated, and tonnages have the unit
        of the metadata where there is one alone. Without a table of products a demand may name a
        form in place of a product, by default the only final one.

    Raises
    ------
    TableError
        If rows break the format, or a node has a stage that the metadata do not name.
    OptionError
        If a table name is not one of the format's, or the first argument is no metadata.

    Examples
    --------
    >>> import pandas as pd
    >>> import supplynet as sn
    >>> stages = ["mine", "plant", "nation"]
    >>> head = sn.graph.simple_metadata("own", stages=stages, commodity="graphite")
    >>> at = {"aus": ("mine", "AUS"), "vnm": ("plant", "VNM"), "KOR": ("nation", "KOR")}
    >>> plants = pd.DataFrame.from_dict(at, orient="index", columns=["stage", "country"])
    >>> links = pd.DataFrame({"source": ["aus", "vnm"], "target": ["vnm", "KOR"], "capacity": 400})
    >>> demand = pd.DataFrame({"nation": ["KOR"], "year": 2024, "quantity": 1000})
    >>> net = from_frames(head, nodes=plants, edges=links, demand=demand)
    >>> round(sn.coverage(net, to="KOR").forms[0].coverage, 3)
    0.4
    """
    from supplynet.network.network import SupplyNetwork

    if not isinstance(metadata, Metadata):
        raise OptionError(
            f"the first argument is the metadata of the network, not a {type(metadata).__name__}",
            hint="take net.metadata or sn.graph.simple_metadata(...); tables follow by name, "
            "nodes=...",
        )
    require_tables(tables)
    rows = {
        name: frame_to_rows(name, _filled(name, frame, metadata)) for name, frame in tables.items()
    }
    if "demand" in rows and "products" not in rows:
        named = dict.fromkeys(row.product for row in cast("Iterable[Demand]", rows["demand"]))
        forms = [form for form in metadata.commodity.forms if form.name in named]
        products = [{"id": form.name, "name": form.title, "form": form.name} for form in forms]
        rows["products"] = validate_rows("products", products)
    _require_stages(metadata, cast("Iterable[Node]", rows.get("nodes", ())))
    return SupplyNetwork.from_rows(metadata, rows)


def _require_stages(metadata: Metadata, nodes: Iterable[Node]) -> None:
    """Refuse nodes of stages that nobody declared, which no answer would count."""
    stages = [stage.name for stage in metadata.commodity.stages]
    problems = [
        Problem(
            "unknown-name",
            "there is no stage of that name",
            file="nodes",
            row=index,
            column="stage",
            value=node.stage,
            hint=did_you_mean(node.stage, stages) or f"the stages are {', '.join(stages)}",
        )
        for index, node in enumerate(nodes, start=2)
        if node.stage not in stages
    ]
    raise_problems(problems, TableError, what="table nodes")


def _filled(name: str, frame: pd.DataFrame, metadata: Metadata) -> pd.DataFrame:
    """Return a table with the columns that a plain one does without."""
    fields = TABLES[name].model_fields
    defaults: dict[str, Any] = {}
    if "confidence" in fields and "confidence" not in frame.columns:
        defaults = {"confidence": "estimated", "note": UNSOURCED}
    if name == "nodes":
        defaults["name"] = frame["id"] if "id" in frame.columns else frame.index
    if name == "edges":
        defaults |= {"standing": "observed", "form": metadata.commodity.forms[0].name}
    if name == "demand":
        final = [form.name for form in metadata.commodity.forms if form.is_final]
        defaults |= {"use": "all", **({"product": final[0]} if len(final) == 1 else {})}
    has_tonnes = not frame.columns.intersection(["capacity", "observed", "quantity"]).empty
    if "unit" in fields and has_tonnes and len(metadata.commodity.units) == 1:
        defaults["unit"] = metadata.commodity.units[0].name
    missing = {key: value for key, value in defaults.items() if key not in frame.columns}
    return frame.assign(**missing)


def simple_metadata(
    name: str,
    *,
    stages: Sequence[str],
    commodity: str,
    title: str = "",
    first_year: int = 2024,
    last_year: int = 2024,
) -> Metadata:
    """Return metadata for a chain of stages that carries one commodity in plain tonnes.

    Parameters
    ----------
    name : str
        Id of the graph.
    stages : sequence of str
        Stages in order; the first is where the material comes from, the last the nation.
    commodity : str
        The one element or commodity that flows, such as ``"graphite"``.
    title : str, optional
    first_year, last_year : int, optional
        Years that the graph speaks of.

    Examples
    --------
    >>> simple_metadata("demo", stages=["mine", "plant", "nation"], commodity="graphite").name
    'demo'
    """
    last = len(stages) - 1
    return Metadata(
        name=name,
        title=title or name,
        commodity=Commodity(
            family=commodity,
            elements=(commodity,),
            headline=(commodity,),
            stages=tuple(
                Stage(
                    name=stage,
                    title=stage,
                    plural=f"{stage}s",
                    is_origin=position == 0,
                    is_nation=position == last,
                )
                for position, stage in enumerate(stages)
            ),
            forms=(Form(name="material", title="material", is_final=True),),
            units=(Unit(name="t", measures="oxide", description="tonnes of the commodity"),),
            first_year=first_year,
            last_year=last_year,
            base_year=first_year,
        ),
    )


# -- networkx ------------------------------------------------------------------------------


def to_networkx(net: SupplyNetwork) -> nx.MultiDiGraph[Any]:
    """Return the network as a networkx MultiDiGraph that :func:`from_networkx` reads back.

    Nodes and named links carry their columns as attributes. Metadata and the remaining tables
    travel as JSON text in ``graph.graph``, so that no row is lost. Scenarios stay behind: they are
    files beside the tables.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name)
    for node in net.node_rows:
        graph.add_node(node.id, **node.model_dump(exclude={"id"}))
    for edge in net.edge_rows:
        graph.add_edge(edge.source, edge.target, **edge.model_dump(exclude={"source", "target"}))
    graph.graph["supplynet_metadata"] = net.metadata.model_dump_json()
    graph.graph["supplynet_tables"] = json.dumps(
        {
            name: [row.model_dump(mode="json") for row in net.rows(name)]
            for name in TABLES
            if name not in {"nodes", "edges"} and net.rows(name)
        }
    )
    graph.graph["supplynet_order"] = json.dumps(
        [[getattr(edge, column) for column in Edge.key] for edge in net.edge_rows]
    )
    return graph


def from_networkx(
    graph: nx.MultiDiGraph[Any] | nx.DiGraph[Any], metadata: Metadata | None = None
) -> SupplyNetwork:
    """Build a network from a networkx graph.

    Parameters
    ----------
    graph : networkx.DiGraph or networkx.MultiDiGraph
        Node attributes are the columns of the table nodes (``stage`` and ``country`` at least;
        ``name`` defaults to the id), edge attributes those of the table edges (``capacity`` in
        the edge's ``unit``; ``standing`` defaults to ``"observed"``). A graph made by
        :func:`to_networkx` brings its metadata and other tables along.
    metadata : Metadata, optional
        Needed for a graph that brings none.

    Raises
    ------
    OptionError
        If there is no metadata, or the graph is undirected.
    TableError
        If attributes break the format.
    """
    from supplynet.network.network import SupplyNetwork

    if not graph.is_directed():
        raise OptionError("a supply network is directed: use a networkx DiGraph or MultiDiGraph")
    text = graph.graph.get("supplynet_metadata")
    if metadata is None and text is None:
        raise OptionError(
            "the networkx graph brings no metadata", hint="pass metadata=simple_metadata(...)"
        )
    head = metadata or Metadata.model_validate_json(str(text))
    made_up = {"confidence": "estimated", "note": UNSOURCED}
    nodes = [
        {
            "id": str(node),
            "name": str(node),
            **({} if "confidence" in attributes else made_up),
            **attributes,
        }
        for node, attributes in graph.nodes(data=True)
    ]
    edges = [
        {
            "source": str(tail),
            "target": str(head_),
            "standing": "observed",
            "form": head.commodity.forms[0].name,
            **({} if "confidence" in attributes else made_up),
            **attributes,
        }
        for tail, head_, attributes in graph.edges(data=True)
    ]
    order = {tuple(key): index for index, key in enumerate(_order(graph))}
    edges.sort(key=lambda row: order.get(tuple(row.get(column) for column in Edge.key), len(order)))
    rows = {
        "nodes": validate_rows("nodes", nodes),
        "edges": validate_rows("edges", edges),
        **{
            name: validate_rows(name, records)
            for name, records in json.loads(graph.graph.get("supplynet_tables", "{}")).items()
        },
    }
    return SupplyNetwork.from_rows(head, rows)


def _order(graph: nx.DiGraph[Any]) -> list[list[Any]]:
    order: list[list[Any]] = json.loads(graph.graph.get("supplynet_order", "[]"))
    return order


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
