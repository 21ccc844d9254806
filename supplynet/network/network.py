"""SupplyNetwork: the immutable set of tables that every analysis starts from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from supplynet.errors import UnknownNameError
from supplynet.network.cache import Cache
from supplynet.network.schema import (
    TABLES,
    Assay,
    Columns,
    Commodity,
    Demand,
    Edge,
    Form,
    Metadata,
    Node,
    Product,
    Row,
    Rule,
    Source,
    Stage,
    Unit,
    coded,
    require_tables,
)
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from supplynet.network.problems import CheckReport
    from supplynet.network.scenario.effect import Effect
    from supplynet.network.scenario.scenario import Scenario, ScenarioLike
    from supplynet.network.schema.row import Cell


#: look-ups of a network, and the tables that each of them rests on
_BY_NAME = {
    "node_by_id": ("nodes",),
    "source_by_id": ("sources",),
    "product_by_id": ("products",),
    "stage_by_name": ("metadata",),
    "form_by_name": ("metadata",),
    "unit_by_name": ("metadata",),
    "nation_ids": ("nodes", "metadata"),
}
_STATE = ("metadata", "rows", "scenarios", "applied", "effects", "numbers", "files")


class SupplyNetwork:
    """Mines, plants and nations, the links between them, and where each figure comes from.

    A network does not change: methods that alter it return a new one. Build one with
    :func:`supplynet.load`, :meth:`from_frames`, :meth:`from_networkx` or :meth:`from_rows`.

    Parameters
    ----------
    metadata : Metadata
        Title, licence and commodity: stages, elements, forms and units.
    rows : mapping of str to sequence of Row
        Rows of each table of :data:`supplynet.network.schema.TABLES`; a table left out is empty.
    scenarios : mapping of str to Scenario, optional
        Named changes that ship with the graph.
    applied : tuple of str, optional
        Names of the scenarios that were applied to reach this network.
    effects : tuple of Effect, optional
        What each of these changed, and in which years.
    numbers : mapping of str to sequence of int, optional
        Number of each row in the file that a table was read from, as a spreadsheet counts it;
        needed where blank rows stand between them.
    files : mapping of str to str, optional
        Where each table, scenario and the head stands, if not in the files of a folder of CSV.

    Raises
    ------
    OptionError
        If a table name is not one of the format's.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> net.stages[0].name
    'mine'
    """

    def __init__(
        self,
        metadata: Metadata,
        rows: Mapping[str, Sequence[Row]],
        *,
        scenarios: Mapping[str, Scenario] | None = None,
        applied: tuple[str, ...] = (),
        effects: tuple[Effect, ...] = (),
        numbers: Mapping[str, Sequence[int]] | None = None,
        files: Mapping[str, str] | None = None,
    ) -> None:
        require_tables(rows)
        self._metadata = metadata
        self._rows: dict[str, tuple[Row, ...]] = {
            name: _fixed(rows.get(name, ())) for name in TABLES
        }
        self._scenarios = dict(scenarios or {})
        self._applied = applied
        self._effects = effects
        self._numbers = {name: tuple(group) for name, group in (numbers or {}).items()}
        self._files = dict(files or {})
        #: results of expensive look-ups on this network, kept by the modules that make them
        self._cache = Cache()

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy or a pickle needs: the tables, without what was looked up in them.

        Keys of the cache name objects of this process; in another one they would find others.
        """
        return {name: getattr(self, f"_{name}") for name in _STATE}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    # -- building ------------------------------------------------------------------------

    @classmethod
    def from_rows(
        cls,
        metadata: Metadata,
        rows: Mapping[str, Sequence[Row]],
        *,
        scenarios: Mapping[str, Scenario] | None = None,
        numbers: Mapping[str, Sequence[int]] | None = None,
        files: Mapping[str, str] | None = None,
    ) -> SupplyNetwork:
        """Build a network from validated rows, each with its place in files if there is one."""
        return cls(metadata, rows, scenarios=scenarios, numbers=numbers, files=files)

    @classmethod
    def from_frames(cls, metadata: Metadata, **tables: pd.DataFrame) -> SupplyNetwork:
        """Build a network from one DataFrame per table; see :func:`interchange.from_frames`."""
        from supplynet.network.edit import from_frames

        return from_frames(metadata, **tables)

    @classmethod
    def from_networkx(
        cls, graph: nx.MultiDiGraph[Any] | nx.DiGraph[Any], metadata: Metadata | None = None
    ) -> SupplyNetwork:
        """Build a network from networkx; see :func:`interchange.from_networkx`."""
        from supplynet.network.edit import from_networkx

        return from_networkx(graph, metadata)

    def to_networkx(self) -> nx.MultiDiGraph[Any]:
        """Return nodes and edges as a networkx graph that :meth:`from_networkx` reads back."""
        from supplynet.network.edit import to_networkx

        return to_networkx(self)

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return every table as a DataFrame, empty ones too."""
        return {name: self.frame(name) for name in TABLES}

    def replace(
        self,
        *,
        metadata: Metadata | None = None,
        applied: tuple[str, ...] | None = None,
        effects: tuple[Effect, ...] | None = None,
        **tables: Sequence[Row],
    ) -> SupplyNetwork:
        """Return a network with some tables (or the metadata) put in place of the old ones."""
        net = SupplyNetwork(
            metadata or self._metadata,
            {**self._rows, **tables},
            scenarios=self._scenarios,
            applied=self._applied if applied is None else applied,
            effects=self._effects if effects is None else effects,
            numbers={name: group for name, group in self._numbers.items() if name not in tables},
            files=self._files,
        )
        changed = {*tables, *(() if metadata is None else ("metadata",))}
        # Draws and scenarios replace one table after the other: indexes of tables that stay are
        # taken over, not built again.
        for name, rests_on in _BY_NAME.items():  # what was looked up and is the same
            if name in vars(self) and changed.isdisjoint(rests_on):
                vars(net)[name] = vars(self)[name]
        return net

    def with_frames(self, **tables: pd.DataFrame) -> SupplyNetwork:
        """Return a network with edited DataFrames as tables; see :func:`edit.with_frames`."""
        from supplynet.network.edit import with_frames

        return with_frames(self, **tables)

    def with_capacity(
        self,
        plant: str,
        capacity: float,
        *,
        low: float | None = None,
        high: float | None = None,
        unit: str | None = None,
        from_year: int | None = None,
    ) -> SupplyNetwork:
        """Return a network with another capacity of a plant; see :func:`edit.with_capacity`."""
        from supplynet.network.edit import with_capacity

        return with_capacity(
            self, plant, capacity, low=low, high=high, unit=unit, from_year=from_year
        )

    def with_plant(
        self,
        node_id: str,
        *,
        stage: str,
        country: str,
        links: Iterable[Mapping[str, Cell]] = (),
        **columns: Cell,
    ) -> SupplyNetwork:
        """Return a network with one plant more and its links; see :func:`edit.with_plant`."""
        from supplynet.network.edit import with_plant

        return with_plant(self, node_id, stage=stage, country=country, links=links, **columns)

    def with_link(
        self,
        source: str,
        target: str,
        *,
        form: str | None = None,
        standing: str = "possible",
        **columns: Cell,
    ) -> SupplyNetwork:
        """Return a network with one link more; see :func:`edit.with_link`."""
        from supplynet.network.edit import with_link

        return with_link(self, source, target, form=form, standing=standing, **columns)

    def with_demand(
        self,
        nation: str,
        product: str,
        quantity: float,
        *,
        unit: str,
        year: int | None = None,
        use: str = "all",
        **columns: Cell,
    ) -> SupplyNetwork:
        """Return a network with another need of a nation; see :func:`edit.with_demand`."""
        from supplynet.network.edit import with_demand

        return with_demand(
            self, nation, product, quantity, unit=unit, year=year, use=use, **columns
        )

    # -- what it holds -------------------------------------------------------------------

    @property
    def metadata(self) -> Metadata:
        """Title, licence and commodity."""
        return self._metadata

    @property
    def commodity(self) -> Commodity:
        """What flows, and the words for it."""
        return self._metadata.commodity

    @property
    def name(self) -> str:
        """Id of the graph."""
        return self._metadata.name

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """Named scenarios that ship with the graph."""
        return MappingProxyType(self._scenarios)

    @property
    def applied(self) -> tuple[str, ...]:
        """Names of the scenarios that were applied, in alphabetical order."""
        return self._applied

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What each scenario that was applied changed, in the order of their names."""
        return self._effects

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table."""
        require_tables((table,))
        return self._rows[table]

    def row_number(self, table: str, index: int) -> int:
        """Return the number of a row as a spreadsheet counts it: the header is row 1.

        Parameters
        ----------
        table : str
        index : int
            Place of the row in :meth:`rows`, from 0 on.
        """
        numbers = self._numbers.get(table, ())
        return numbers[index] if index < len(numbers) else index + 2

    def file_of(self, table: str) -> str:
        """Return where a table stands, or what is named by its file.

        Examples
        --------
        >>> import supplynet as sn
        >>> net = sn.load("tutorial")
        >>> net.file_of("edges"), net.file_of("datapackage.json")
        ('edges.csv', 'datapackage.json')
        """
        return self._files.get(table, f"{table}.csv" if table in TABLES else table)

    @property
    def node_rows(self) -> tuple[Node, ...]:
        """Rows of the table nodes."""
        return cast("tuple[Node, ...]", self._rows["nodes"])

    @property
    def edge_rows(self) -> tuple[Edge, ...]:
        """Rows of the table edges: the named links."""
        return cast("tuple[Edge, ...]", self._rows["edges"])

    @property
    def rule_rows(self) -> tuple[Rule, ...]:
        """Rows of the table rules: the assumed corridors."""
        return cast("tuple[Rule, ...]", self._rows["rules"])

    @property
    def demand_rows(self) -> tuple[Demand, ...]:
        """Rows of the table demand."""
        return cast("tuple[Demand, ...]", self._rows["demand"])

    @property
    def assay_rows(self) -> tuple[Assay, ...]:
        """Rows of the table assays."""
        return cast("tuple[Assay, ...]", self._rows["assays"])

    @cached_property
    def node_by_id(self) -> Mapping[str, Node]:
        """Node rows by id."""
        return MappingProxyType({node.id: node for node in self.node_rows})

    @cached_property
    def source_by_id(self) -> Mapping[str, Source]:
        """Source rows by id."""
        return MappingProxyType(
            {row.id: row for row in cast("tuple[Source, ...]", self._rows["sources"])}
        )

    @cached_property
    def product_by_id(self) -> Mapping[str, Product]:
        """Product rows by id."""
        return MappingProxyType(
            {row.id: row for row in cast("tuple[Product, ...]", self._rows["products"])}
        )

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Stages of the chain in order."""
        return self.commodity.stages

    @cached_property
    def stage_by_name(self) -> Mapping[str, Stage]:
        """Stages by name."""
        return MappingProxyType({stage.name: stage for stage in self.stages})

    @cached_property
    def form_by_name(self) -> Mapping[str, Form]:
        """Forms by name."""
        return MappingProxyType({form.name: form for form in self.commodity.forms})

    @cached_property
    def unit_by_name(self) -> Mapping[str, Unit]:
        """Units by name."""
        return MappingProxyType({unit.name: unit for unit in self.commodity.units})

    @cached_property
    def nation_ids(self) -> tuple[str, ...]:
        """Ids of the nations, in the order of the table."""
        nations = {stage.name for stage in self.stages if stage.is_nation}
        return tuple(node.id for node in self.node_rows if node.stage in nations)

    def node(self, node_id: str) -> Node:
        """Return one node's row.

        Raises
        ------
        UnknownNameError
            If there is no such node; near names are suggested.
        """
        try:
            return self.node_by_id[node_id]
        except KeyError:
            raise UnknownNameError(
                f"{self.name} has no node {node_id!r}", hint=did_you_mean(node_id, self.node_by_id)
            ) from None

    # -- tables as frames ----------------------------------------------------------------

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table as a new DataFrame: one row a row, columns as in the format.

        Tables with an ``id`` column are indexed by it. Cells that hold lists are tuples,
        empty cells are missing values.
        """
        from supplynet.network.edit import rows_to_frame

        rows = self.rows(table)  # refuses a table that does not exist
        return rows_to_frame(TABLES[table], rows)

    @property
    def nodes(self) -> pd.DataFrame:
        """Nodes as a DataFrame indexed by id."""
        return self.frame("nodes")

    @property
    def edges(self) -> pd.DataFrame:
        """Named links as a DataFrame; :attr:`links` adds those of the rules."""
        return self.frame("edges")

    @property
    def links(self) -> pd.DataFrame:
        """Every link, the named ones and those that rules expand to (column ``rule``)."""
        from supplynet.network.rules import links_frame

        return links_frame(self)

    # -- asking for another network ------------------------------------------------------

    def at(self, year: int) -> SupplyNetwork:
        """Return the slice of one year: nodes that run, links that hold, capacities in force."""
        from supplynet.network.timeline import at_year

        return at_year(self, year)

    def with_scenario(self, *scenarios: ScenarioLike) -> SupplyNetwork:
        """Return the network changed by one or more scenarios: names, TOML files or objects.

        Raises
        ------
        UnknownNameError
            If a name is not among the graph's scenarios.
        OptionError
            If two scenarios set the same figure to different values.
        """
        from supplynet.network.scenario.compose import apply_scenarios

        return apply_scenarios(self, scenarios)

    def check(self, *, strict: Iterable[str] = ()) -> CheckReport:
        """Run every named check; see :func:`supplynet.graph.check`."""
        from supplynet.network.checks.check import check

        return check(self, strict=strict)

    # -- identity ------------------------------------------------------------------------

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the metadata and every row, in order: the identity of an answer's input."""
        head = json.dumps(self._metadata.model_dump(mode="json"), sort_keys=True)
        # Metadata with sorted keys, rows in their order: the order of rows may decide which of two
        # equal answers is shown, so that it is a part of the identity.
        hasher = hashlib.sha256(head.encode())
        for name, rows in self._rows.items():
            # JSON of a row holds no line end, so that no two networks give the same lines
            hasher.update(f"\n{name}".encode())
            for lines in _lines(rows):
                hasher.update(lines)
        return hasher.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SupplyNetwork) and (
            self._metadata == other._metadata and self._rows == other._rows
        )

    def __hash__(self) -> int:
        return hash(self.digest)

    def _repr_html_(self) -> str:
        """What it holds, for a notebook: title, years, picture, and how many of each stage."""
        from html import escape

        from supplynet.notebook import painters

        commodity = self.commodity
        rows = "".join(
            f"<tr><td>{escape(stage.plural)}</td>"
            f"<td>{sum(node.stage == stage.name for node in self.node_rows)}</td></tr>"
            for stage in self.stages
        )
        return (
            f"<p><b>{escape(self.metadata.title)}</b>, {commodity.first_year} to "
            f"{commodity.last_year}: {len(self.edge_rows)} links, {len(self.rule_rows)} rules, "
            f"{len(self.scenarios)} scenarios; "
            f"nations {escape(', '.join(self.nation_ids))}</p>"
            f"{''.join(draw(self) for draw in painters)}<table>{rows}</table>"
        )

    def __repr__(self) -> str:
        return (
            f"<SupplyNetwork {self.name}: {len(self.node_rows)} nodes, "
            f"{len(self.edge_rows)} links, {len(self.rule_rows)} rules>"
        )


def _fixed(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows that nobody changes."""
    return cast("tuple[Row, ...]", rows) if isinstance(rows, Columns) else tuple(rows)


#: rows that are put into lines at once
_BATCH = 2**16


def _lines(rows: Sequence[Row]) -> Iterator[bytes]:
    """Yield a line of JSON a row, each after a line end."""
    from pydantic_core import to_json

    if isinstance(rows, Columns):
        yield from _lines_of_columns(rows)
        return
    # all rows at once take a fifth of the time of one by one, and are parted where no text of
    # theirs looks like the end of a row
    text = to_json(list(rows))[1:-1]
    if text.count(b"},{") == len(rows) - 1:
        yield b"\n" + text.replace(b"},{", b"}\n{")
        return
    yield b"".join(b"\n" + row.model_dump_json().encode() for row in rows)


def _lines_of_columns(rows: Columns[Row]) -> Iterator[bytes]:
    """Yield the same of rows by columns: each value is written once."""
    import numpy as np
    from pydantic_core import to_json

    texts, before = [], "\n{"
    for name in type(rows.first).model_fields:
        codes, values = coded(rows, name)
        written = [f'{before}"{name}":{to_json(value).decode()}' for value in values]
        if name in rows.cells:
            texts.append((codes, np.array(written, object)))
        before = "," if name in rows.cells else f"{written[0]},"
    for start in range(0, len(rows), _BATCH):
        lines = np.full(min(_BATCH, len(rows) - start), "", object)
        for codes, text in texts:
            lines += text[codes[start : start + _BATCH]]
        yield "".join(lines + (before[:-1] + "}")).encode()
