"""Networks to and from pandas and networkx, lossless both ways, in memory."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from supplynet.errors import OptionError, TableError
from supplynet.network.explain import problems_of, validate_records
from supplynet.network.problems import Problem, did_you_mean, raise_problems
from supplynet.network.schema import (
    TABLES,
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

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from supplynet.network.network import SupplyNetwork

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
