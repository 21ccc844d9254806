"""What rests on each row of a graph: the tonnes that go its way in a balance.

Those of the headline elements that go its way when all draw at once in the base year, as they were
calibrated or shared out fairly: what passes the plant of a row, goes on a link, or is served of a
demand. A wrong figure there moves the answers most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.analysis.balance.objectives.measured import usual_objective
from supplynet.analysis.exposure.streams import Streams, streams
from supplynet.analysis.words import measured_words
from supplynet.network.checks.tables import numbered
from supplynet.network.schema import TABLES, Content, Demand, Edge, Node, Provenance, Rule
from supplynet.sums import added
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.network.network import SupplyNetwork


class Carried(NamedTuple):
    """A row with a figure, and what rests on it."""

    table: str  #: of the graph
    number: int  #: as a spreadsheet counts it
    what: str  #: what the row is about
    row: Provenance
    tonnes: float  #: t/yr that rest on it, headline elements together, on the graph's basis


def measured(net: SupplyNetwork) -> SolvedBalance:
    """Return the balance of the base year, as it was calibrated where it was."""
    from supplynet.analysis.balance.ask import balance

    return balance(net, objective=usual_objective(net), **measured_words(net, {}))


def headline_of(net: SupplyNetwork, result: SolvedBalance) -> list[str]:
    """Return the headline elements that a balance follows; all of them where it follows none."""
    followed = result.run.model.scope.elements
    return [name for name in net.commodity.headline if name in followed] or list(followed)


def carried(net: SupplyNetwork, result: SolvedBalance) -> tuple[Carried, ...]:
    """Return every row with a figure, those on which most rests first.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> first = carried(net, measured(net))[0]
    >>> first.table, first.what
    ('nodes', 'ref-big')
    """
    headline = headline_of(net, result)
    flows = {name: streams(result, element=name) for name in headline}
    rests = _Rests(net, flows, result.question.year)
    rows = [
        Carried(table, index, _title(row), row, rests.on(row))
        for table, model in TABLES.items()
        if issubclass(model, Provenance)
        for index, row in cast("Iterator[tuple[int, Provenance]]", numbered(net, table))
    ]
    order = {table: at for at, table in enumerate(TABLES)}
    return tuple(sorted(rows, key=lambda row: (by_size(row.tonnes), order[row.table], row.number)))


def _title(row: Provenance) -> str:
    """Return what tells a row from others of its table."""
    if isinstance(row, Edge):
        return f"{row.source} to {row.target}, {row.form}"
    if isinstance(row, Demand):
        return f"{row.nation}, {row.product}, {row.year}"
    values = (getattr(row, column) for column in type(row).key)
    return ", ".join(str(value) for value in values if value not in (None, "", ()))


class _Rests:
    """What goes by each row of a graph in a balance."""

    def __init__(self, net: SupplyNetwork, flows: Mapping[str, Streams], year: int) -> None:
        self.net, self.year = net, year
        sent = [(element, *entry) for element, each in flows.items() for entry in each.sent.items()]
        mined = [
            ((node, element), tonnes)
            for element, each in flows.items()
            for node, tonnes in each.mined.items()
        ]
        self.pairs = added(((link.tail, link.head), tonnes) for _, link, tonnes in sent)
        passed = (((link.head, element), tonnes) for element, link, tonnes in sent)
        self.through = added((*mined, *passed))
        self.served = added(pair for each in flows.values() for pair in each.served.items())
        self.elements = tuple(flows)
        #: tonnes of product that each nation needs in the year
        self.needs = added(
            (row.nation, row.quantity)
            for row in net.demand_rows
            if row.role == "final" and row.year == year
        )
        self.products = added((row.product, self._of_need(row)) for row in net.demand_rows)
        self.rules = dict(self._rules(net))

    def _rules(self, net: SupplyNetwork) -> Iterator[tuple[str, float]]:
        """Yield each rule with what goes between the pairs that no row names."""
        named = {(edge.source, edge.target) for edge in net.edge_rows}
        links = net.links
        ruled = links[links["rule"] != ""].groupby("rule")
        for rule, frame in ruled:
            pairs = set(zip(frame["source"], frame["target"], strict=True)) - named
            yield str(rule), sum(self.pairs.get(pair, 0.0) for pair in pairs)

    def _of_need(self, row: Demand) -> float:
        """Return what a nation is served of a demand, parted by tonnes of product."""
        total = self.needs.get(row.nation, 0.0)
        if row.role != "final" or row.year != self.year or total <= 0.0:
            return 0.0
        return self.served.get(row.nation, 0.0) * row.quantity / total

    def on(self, row: Provenance) -> float:
        """Return the tonnes that rest on a row; 0 where nothing of the year does."""
        first = getattr(row, "start_year", None) or self.year
        last = getattr(row, "end_year", None) or self.year
        if not first <= self.year <= last:
            return 0.0
        if isinstance(row, Edge):
            return self.pairs.get((row.source, row.target), 0.0)
        if isinstance(row, Rule):
            return self.rules.get(row.id, 0.0)
        if isinstance(row, Demand):
            return self._of_need(row)
        if isinstance(row, Content):
            is_headline = row.element in self.elements
            return self.products.get(row.product_id, 0.0) if is_headline else 0.0
        is_bare = isinstance(row, Node) and row.capacity is None
        if is_bare or (getattr(row, "year", None) or self.year) != self.year:
            return 0.0
        node = getattr(row, "node_id", getattr(row, "id", ""))
        return sum(self.through.get((node, element), 0.0) for element in self._meant(row))

    def _meant(self, row: Provenance) -> tuple[str, ...]:
        """Return the headline elements that a row is about."""
        word = str(getattr(row, "element", getattr(row, "group", "all")))
        if word == "all":
            return self.elements
        members = self.net.commodity.groups.get(word, (word,))
        return tuple(element for element in self.elements if element in members)
