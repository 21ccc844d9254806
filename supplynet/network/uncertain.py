"""Which figures of a graph are drawn, from which distribution, and what moves them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.network.cache import cache_of, kept
from supplynet.network.schema import TABLES, coded
from supplynet.network.schema.row import ranged
from supplynet.network.selector import controller, select
from supplynet.network.units import pick, tonnage
from supplynet.terms import ENDS, LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Edge, Provenance, Row, Rule, Uncertainty

#: the figure that is drawn, by table
FIELDS = {
    "nodes": "capacity",
    "capacities": "capacity",
    "edges": "capacity",
    "rules": "capacity",
    "demand": "quantity",
    "recoveries": "recovery",
    "scrap": "ratio",
}
#: what is looked up in tables of which nothing is drawn: the same in every draw
_LASTING = frozenset(
    {
        "borders", "groups", "making", "traded as", "assays", "gone", "contents",
        "balance-contents", "grades", "most of products", "in a demand", "separates",
    }
)  # fmt: skip
# what holds rows themselves, or their order: the same while figures are written into them
_OF_ROWS = frozenset(
    {"skeleton", "towards", "circuits", "capacities", "recoveries", "lossy", "scrap", "select",
     "ramp steps", "recovery rows", "demand rows", "most"}
)  # fmt: skip
#: those whose ends may come from the default of their confidence
_TONNES = ("nodes", "capacities", "edges", "rules", "demand")


class Cell(NamedTuple):
    """A figure of a table between its ends."""

    table: str
    row: int  #: place of the row in the table
    field: str
    name: str  #: as a reader knows it
    low: float
    central: float
    high: float
    shape: str  #: distribution; empty where the figure is not drawn
    confidence: str
    #: what it may share with others: sort of cause and which one, such as country and KOR; of
    #: sources there may be several
    causes: tuple[tuple[str, str], ...]

    @property
    def is_drawn(self) -> bool:
        """Whether it has a distribution that is wider than a point."""
        return self.shape != "" and self.high > self.low


@kept("cells")
def cells_of(net: SupplyNetwork) -> tuple[Cell, ...]:
    """Return every figure that has a low and a high end, in the order of the tables.

    Examples
    --------
    >>> import supplynet as sn
    >>> cells = cells_of(sn.load("tutorial"))
    >>> [(cell.name, cell.low, cell.high) for cell in cells if cell.is_drawn]
    []
    """
    return tuple(_cells(net))


def _cells(net: SupplyNetwork) -> Iterator[Cell]:
    shaped = ranges_of(net)
    for table, field in FIELDS.items():
        for index, row in enumerate(net.rows(table)):
            central = cast("float | None", getattr(row, field))
            if central is None:
                continue
            bounds = tonnage if table in _TONNES else _picked
            low = cast(float, bounds(net, row, field, "low"))
            high = cast(float, bounds(net, row, field, "high"))
            confidence = cast("Provenance", row).confidence
            node_id = node_of(net, table, row)
            yield Cell(
                table,
                index,
                field,
                _name(net, table, row),
                min(low, central),
                central,
                max(high, central),
                shaped(table, node_id) or net.commodity.shapes.get(confidence, ""),
                confidence,
                tuple(_causes(net, table, row, node_id)),
            )


def _picked(_net: SupplyNetwork, row: Row, field: str, level: LevelName) -> float | None:
    return pick(row, field, level)


class ranges_of:  # noqa: N801  a table that is asked as a function
    """The distributions that rows of the table uncertainty name, by table and plant."""

    def __init__(self, net: SupplyNetwork) -> None:
        rows = cast("tuple[Uncertainty, ...]", net.rows("uncertainty"))
        kind = [row for row in rows if row.kind == "range"]
        # a row that names plants comes before one of all, one that names tables before any
        kind.sort(key=lambda row: (row.nodes == "", row.tables == ()))
        self._rows = [
            (row.shape, row.tables, select(net, row.nodes).surely if row.nodes else None)
            for row in kind
        ]

    def __call__(self, table: str, node_id: str) -> str:
        """Return the shape that a row names for a figure of a plant; empty for none."""
        for shape, tables, nodes in self._rows:
            if (not tables or table in tables) and (nodes is None or node_id in nodes):
                return shape
        return ""


def node_of(net: SupplyNetwork, table: str, row: Row) -> str:
    """Return the plant or nation whose figure a row states; empty where there are several."""
    column = {"nodes": "id", "edges": "source", "demand": "nation"}.get(table, "node_id")
    node_id = str(getattr(row, column, ""))
    if table == "rules":
        nodes = select(net, cast("Rule", row).source).surely
        node_id = next(iter(nodes)) if len(nodes) == 1 else ""
    return node_id if node_id in net.node_by_id else ""


def _name(net: SupplyNetwork, table: str, row: Row) -> str:
    """Return a figure as a reader knows it."""
    named = net.node_by_id.get(node_of(net, table, row))
    plant = named.name if named else ""
    if table == "edges":
        edge = cast("Edge", row)
        link = f"{plant} to {net.node(edge.target).name}"
        return f"{link} ({net.form_by_name[edge.form].title}), limit"
    if table == "rules":
        return f"corridor {cast('Rule', row).id}, limit"
    if table == "demand":
        return f"{plant}, need of {row.use} in {row.year}"  # type: ignore[attr-defined]
    if table == "recoveries":
        return f"{plant}, recovery of {row.group}"  # type: ignore[attr-defined]
    if table == "scrap":
        return f"scrap of {row.nodes}"  # type: ignore[attr-defined]
    when = f" from {row.year}" if table == "capacities" else ""  # type: ignore[attr-defined]
    return f"{plant}, capacity{when}"


def _causes(net: SupplyNetwork, table: str, row: Row, node_id: str) -> Iterator[tuple[str, str]]:
    """Yield what a figure may share with others."""
    node = net.node_by_id.get(node_id)
    if node is not None:
        yield "country", node.country
        owner = controller(net, node)
        if table != "demand" and owner != "unknown":
            yield "owner", owner
        if table in ("nodes", "capacities", "recoveries"):
            yield "technology", node.stage
    # all of them: a cell does not say which of its sources the figure is from
    yield from (("source", source) for source in cast("Provenance", row).source_ids)


def rows_in(net: SupplyNetwork, links: Iterable[Edge | Rule]) -> tuple[list[int], list[int]]:
    """Return the places of the rows of some links in the tables edges and rules."""
    used = {id(link) for link in links}
    edges = [index for index, row in enumerate(net.edge_rows) if id(row) in used]
    return edges, [index for index, row in enumerate(net.rule_rows) if id(row) in used]


@kept("has ranges")
def has_ranges(net: SupplyNetwork) -> bool:
    """Whether any figure of a network has a low or a high end.

    Examples
    --------
    >>> import supplynet as sn
    >>> has_ranges(sn.load("tutorial"))
    True
    """
    return bool(net.commodity.default_ranges) or any(
        value is not None
        for table, model in TABLES.items()
        for figure in ranged(model)
        for end in ENDS
        for value in coded(net.rows(table), f"{figure}_{end}")[1]
    )


def has_model(net: SupplyNetwork) -> bool:
    """Whether a network says how its figures are drawn."""
    return bool(net.commodity.shapes or net.rows("uncertainty"))


def lasting(net: SupplyNetwork) -> dict[object, object]:
    """Return what was looked up in a network and holds in each of its draws, by key.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> flow = sn.flow(net, to="MLT", element="Nd")
    >>> "contents" in lasting(net), "recoveries" in lasting(net)
    (True, False)
    """
    cache = cache_of(net)
    selection = {("select", getattr(row, "nodes", ""), "location") for row in net.rows("scrap")}
    return {
        key: cache[key]
        for key in list(cache)
        if key in selection or (key[0] if isinstance(key, tuple) else key) in _LASTING
    }


def forget_figures(net: SupplyNetwork) -> None:
    """Let a network forget what it worked out from figures: others were written into its rows."""
    cache = cache_of(net)
    for key in list(cache):
        name = key[0] if isinstance(key, tuple) else key
        if name not in _LASTING and name not in _OF_ROWS:
            del cache[key]


def correlations(net: SupplyNetwork, table: str, node_id: str = "") -> Mapping[str, float]:
    """Return the correlation that each sort of cause gives to figures of a table.

    Examples
    --------
    >>> import supplynet as sn
    >>> correlations(sn.load("tutorial"), "nodes")
    {}
    """
    shared: dict[str, float] = {}
    for row in cast("tuple[Uncertainty, ...]", net.rows("uncertainty")):
        if row.kind == "cause" and (not row.tables or table in row.tables):
            nodes = select(net, row.nodes).surely if row.nodes else None
            if nodes is None or node_id in nodes:
                shared[row.cause] = shared.get(row.cause, 0.0) + cast(float, row.correlation)
    return shared
