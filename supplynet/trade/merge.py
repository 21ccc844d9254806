"""Trade laid onto a network of plants: where the two agree, and what the network lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from supplynet.analysis.provenance import provenance_of
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import COUNT, mapping_of
from supplynet.contract.row import ITS_UNIT, Row, col, rows
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.network.countries import BLOCS, REMAINDERS, country_name
from supplynet.network.rules import corridors
from supplynet.network.schema import Edge, Rule, Source
from supplynet.network.timeline import holds
from supplynet.network.units import factor_between, find_unit
from supplynet.terms import did_you_mean
from supplynet.text import by_size

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork

COLUMNS = ("importer", "exporter", "form", "year", "tonnes")
Outcome = Literal["laid", "covered", "open", "no plant"]
SOURCE = "customs-records"
_FLOW = ["exporter", "importer", "form"]


class MergeRow(Row):
    """Trade of one form between two countries, against the links of the network."""

    exporter: str
    importer: str
    form: str
    year: int = col("Of the trade.")
    unit: str = col(
        "Unit of the network in which the tonnes are read; one tonne of goods is one of it."
    )
    trade: float = col("Tonnes that customs saw; 0 where the network alone has links.", ITS_UNIT)
    graph: float = col(
        "What went on the observed links and corridors of the network between the two, in "
        "``unit`` where their unit measures the same, else tonne for tonne.",
        ITS_UNIT,
    )
    graph_units: str = col("The units that these have in the network.")
    difference: float = col("``trade - graph``.", ITS_UNIT)
    outcome: str = col(
        "laid: a corridor for the difference was added; covered: the network has as much or "
        "more; open: an observed link is there that does not say what went; no plant: one end "
        "has no node that sells or buys the form."
    )


class MergeResult(
    DeclaredResult,
    name="merge",
    title="Customs records laid onto a network of plants",
    headline=(
        Lead(
            "largest difference",
            "difference",
            of=lambda result, row: (
                f"{row.form} from {result.name_of(row.exporter)} to {result.name_of(row.importer)}"
            ),
            table="rows",
        ),
    ),
    also=("graph", "digest"),
    nested={"outcomes": {**mapping_of(COUNT), "description": "How many rows came out so."}},
    document="supplynet.reports.results_network.of_merge",
):
    """A network with trade laid onto it."""

    net: SupplyNetwork  #: with a rule for each flow that its links do not carry
    rows: tuple[MergeRow, ...] = rows(
        "Trade against the links of the network, largest difference first"
    )

    @property
    def graph(self) -> str:
        """Id of the network."""
        return self.net.name

    @property
    def digest(self) -> str:
        """SHA-256 of the network with the trade."""
        return self.net.digest

    def name_of(self, country: str) -> str:
        """A country as a reader knows it."""
        return country_name(country, self.net.commodity.areas)

    def _nested(self) -> dict[str, Any]:
        return {"outcomes": dict(Counter(row.outcome for row in self.rows))}


def merge(
    net: SupplyNetwork,
    trade: pd.DataFrame,
    *,
    year: int | None = None,
    at: int | None = None,
    units: Mapping[str, str] | None = None,
    records: str = "Customs records",
    source: Mapping[str, Any] | None = None,
) -> MergeResult:
    """What do customs see that the network does not have, and the other way round?

    Parameters
    ----------
    net : SupplyNetwork
    trade : pandas.DataFrame
        Columns importer, exporter, form (of the network), year, tonnes, and perhaps tonnes_how.
    year : int, optional
        Year of the trade; needed where it holds several.
    at : int, optional
        Year of the network for which the flows hold; by default that of the trade.
    units : mapping of str to str, optional
        Unit of the network for the tonnes of a form; by default the one that most of its links
        of the form have.
    records : str, optional
        Title of the records, for the table of sources.
    source : mapping, optional
        What is known of the records, for the provenance; such as ``read_trade(...).provenance``.

    Returns
    -------
    MergeResult
        Added corridors are observed, hold in that one year and are bounded by what the links of
        the network leave unexplained, so that no tonne is there twice. Customs do not part
        elements: the bound is one on each element.

    Raises
    ------
    DataError
        If a column is missing, weights are not known, or nothing is left.
    OptionError
        If the year is not given where it must be, or outside the network.
    UnknownNameError
        If the network does not have a form.
    """
    import pandas as pd

    flows, year = _flows(trade, year)
    # The graph may speak of other years than the records: trade of the last year known can stand
    # for a year of the graph.
    at = year if at is None else at
    first, last = net.commodity.first_year, net.commodity.last_year
    if not first <= at <= last:
        raise OptionError(
            f"year {at} lies outside the graph {net.name}, which speaks of {first} to {last}",
            hint="say as which year of the graph the trade is taken (--as-year, at=)",
        )
    for form in sorted(flows["form"].unique()):
        if form not in net.form_by_name:
            raise UnknownNameError(
                f"{net.name} has no form {form!r}; it has {', '.join(net.form_by_name)}",
                hint=did_you_mean(form, net.form_by_name),
            )
    for form in units or {}:
        if form not in set(flows["form"]):
            raise UnknownNameError(
                f"a unit is given for {form!r}, which is no form of the trade; there are "
                f"{', '.join(sorted(flows['form'].unique()))}",
                hint=did_you_mean(form, flows["form"].unique()),
            )
    unit_of = {form: _unit(net, form, units or {}) for form in flows["form"].unique()}
    bounds = _ends(net, set(unit_of))
    flows = _with_stand_ins(flows, bounds)
    links = _links(net, at, unit_of)
    # An outer join, so that links that customs never saw are reported as well as trade without a
    # link.
    both = flows.merge(links, on=_FLOW, how="outer")
    both = both.fillna({"trade": 0.0, "graph": 0.0, "graph_units": "", "n_open": 0.0})
    rows: list[MergeRow] = []
    rules: list[Rule] = []
    guessed = dict(
        zip(flows[_FLOW].itertuples(index=False, name=None), flows["guessed"], strict=True)
    )
    for record in pd.DataFrame(both).to_dict("records"):
        key = (record["exporter"], record["importer"], record["form"])
        outcome = _outcome(record, bounds)
        row = MergeRow(
            *key,
            year,
            unit_of[key[2]],
            float(record["trade"]),
            float(record["graph"]),
            record["graph_units"],
            float(record["trade"] - record["graph"]),
            outcome,
        )
        rows.append(row)
        if outcome == "laid":
            rules.append(_rule(row, at, bounds, bool(guessed[key])))
    rows.sort(key=lambda row: (by_size(abs(row.difference)), row.exporter, row.importer, row.form))
    options = {"year": year, "at": at, "units": unit_of}
    provenance = provenance_of(options, net=net, records=dict(source or {}))
    return MergeResult(
        net=_with_rules(net, rules, records, year), rows=tuple(rows), provenance=provenance
    )


def _flows(trade: pd.DataFrame, year: int | None) -> tuple[pd.DataFrame, int]:
    """Tonnes of one year by pair and form, and whether any of them is estimated."""
    for name in COLUMNS:
        if name not in trade.columns:
            raise DataError(f"the trade has no column {name!r}; it needs {', '.join(COLUMNS)}")
    years = sorted(int(year) for year in trade["year"].unique())
    if year is None:
        if len(years) != 1:
            raise OptionError(
                f"the trade speaks of {', '.join(map(str, years)) or 'no year'}",
                hint="say which year is meant with --year (year=)",
            )
        year = years[0]
    rows = trade[trade["year"] == year]
    if rows["tonnes"].isna().any():
        raise DataError(
            f"{int(rows['tonnes'].isna().sum()):,} flows have no weight",
            hint="give what a tonne costs with --unit-value CODE=DOLLARS (unit_values=)",
        )
    rows = rows[rows["tonnes"] > 0]
    if rows.empty:
        raise DataError(f"the trade has no flow in {year}")
    how = rows["tonnes_how"] if "tonnes_how" in rows.columns else "reported"
    rows = rows.assign(guessed=how != "reported")
    flows = rows.groupby(_FLOW, as_index=False).agg(
        trade=("tonnes", "sum"), guessed=("guessed", "any")
    )
    return flows, year


def _unit(net: SupplyNetwork, form: str, units: Mapping[str, str]) -> str:
    if form in units:
        return find_unit(net, units[form]).name
    every: tuple[Edge | Rule, ...] = (*net.edge_rows, *net.rule_rows)
    names = Counter(link.unit for link in every if link.form == form and link.unit)
    if names:
        # The unit that most links of the form are counted in; by name where two are as frequent.
        most: str = min(names, key=lambda unit: (-names[unit], unit))
        return most
    if len(net.commodity.units) == 1:
        return net.commodity.units[0].name
    raise OptionError(
        f"no link of {net.name} says in which unit {form} is counted",
        hint=f"give one with --unit {form}=UNIT (units=), of {', '.join(net.unit_by_name)}",
    )


def _links(net: SupplyNetwork, at: int, unit_of: Mapping[str, str]) -> pd.DataFrame:
    """Tonnes, units and open links between countries that differ, by pair and form."""
    import pandas as pd

    links: dict[tuple[str, str, str], dict[str, Any]] = {}

    def add(pair: tuple[str, str], link: Edge | Rule) -> None:
        key = (*pair, link.form)
        is_asked = link.form in unit_of and link.standing == "observed" and holds(link, at)
        if pair[0] == pair[1] or not is_asked:
            return
        entry = links.setdefault(key, {"graph": 0.0, "units": set(), "n_open": 0})
        if link.observed is None:
            entry["n_open"] += 1
        else:
            entry["graph"] += link.observed * factor_between(net, link.unit, unit_of[link.form])
            entry["units"].add(link.unit)

    country = {node.id: node.country for node in net.node_rows}
    for edge in net.edge_rows:
        add((country[edge.source], country[edge.target]), edge)
    for corridor in corridors(net):
        senders, receivers, _ = corridor.legs[0]  # tonnages are those of what is sent
        each = ((sender, taker) for sender in senders for taker in receivers if sender != taker)
        pairs = {(country[sender], country[taker]) for sender, taker in each}
        # the tonnage of a wider corridor cannot be distinguished by pair of countries
        if len(pairs) == 1 or corridor.rule.observed is None:
            for pair in pairs:
                add(pair, corridor.rule)
    records = [
        (*key, link["graph"], ", ".join(sorted(link["units"])), float(link["n_open"]))
        for key, link in links.items()
    ]
    return pd.DataFrame(records, columns=[*_FLOW, "graph", "graph_units", "n_open"])


_Ends = Mapping[tuple[str, str, str], tuple[str, ...]]


def _ends(net: SupplyNetwork, forms: set[str]) -> _Ends:
    """Stages with nodes that send or take a form, by role, country and form."""
    stage = {node.id: node.stage for node in net.node_rows}
    roles: dict[tuple[str, str], set[str]] = {}
    for edge in net.edge_rows:
        roles.setdefault(("send", edge.form), set()).add(stage[edge.source])
        roles.setdefault(("take", edge.form), set()).add(stage[edge.target])
    for corridor in corridors(net):
        for senders, receivers, form in corridor.legs:
            roles.setdefault(("send", form), set()).update(stage[sender] for sender in senders)
            roles.setdefault(("take", form), set()).update(stage[taker] for taker in receivers)
    stages_of: dict[tuple[str, str, str], dict[str, None]] = {}
    for (role, form), stages in roles.items():
        for node in net.node_rows:
            if form in forms and node.stage in stages:
                stages_of.setdefault((role, node.country, form), {})[node.stage] = None
    return {key: tuple(stages) for key, stages in stages_of.items()}


def _with_stand_ins(flows: pd.DataFrame, bounds: _Ends) -> pd.DataFrame:
    """Flows into members of a bloc that the network knows as one nation, added up for it.

    Trade of the members with each other stays as it is: it is none of the nation's.
    """
    importers = []
    for record in flows.to_dict("records"):
        exporter, importer, form = (record[name] for name in _FLOW)
        for code, bloc in REMAINDERS.items():
            members = BLOCS[bloc]
            is_one = importer in members and exporter not in members
            if is_one and ("take", importer, form) not in bounds and ("take", code, form) in bounds:
                importer = code
        importers.append(importer)
    flows = flows.assign(importer=importers)
    return flows.groupby(_FLOW, as_index=False).agg({"trade": "sum", "guessed": "any"})


def _outcome(record: Mapping[Any, Any], bounds: _Ends) -> Outcome:
    # A link without a tonnage may carry any of it already; a rule on top would count the trade
    # twice.
    if record["n_open"]:
        return "open"
    if record["trade"] <= record["graph"]:
        return "covered"
    send = ("send", record["exporter"], record["form"])
    take = ("take", record["importer"], record["form"])
    return "laid" if send in bounds and take in bounds else "no plant"


def _rule(row: MergeRow, at: int, bounds: _Ends, is_estimated: bool) -> Rule:
    def selector(role: str, country: str) -> str:
        return ",".join(f"{country}:{stage}" for stage in bounds[role, country, row.form])

    return Rule(
        id=f"trade-{row.exporter}-{row.importer}-{row.form}-{at}",
        source=selector("send", row.exporter),
        target=selector("take", row.importer),
        form=row.form,
        capacity=row.difference,
        observed=row.difference,
        unit=row.unit,
        start_year=at,
        end_year=at,
        standing="observed",
        reason="Customs saw more than the links of named plants carry; no plant is named",
        confidence="estimated" if is_estimated or row.graph else "sourced",
        source_ids=(SOURCE,),
        note=f"{row.trade:,.6g} t in {row.year} less {row.graph:,.6g} t on links of the network; "
        "customs do not part elements, so the bound is one on each",
    )


def _with_rules(net: SupplyNetwork, rules: list[Rule], records: str, year: int) -> SupplyNetwork:
    taken = {rule.id for rule in net.rule_rows} & {rule.id for rule in rules}
    if taken:
        raise OptionError(
            f"{net.name} holds the rule {min(taken)} already: trade was laid onto it before",
            hint="merge into the graph as it was",
        )
    if not rules:
        return net
    sources = net.rows("sources")
    if SOURCE not in net.source_by_id:
        new = Source(id=SOURCE, title=records, year=str(year), is_verified="yes")
        sources = (*sources, new)
    return net.replace(rules=(*net.rule_rows, *rules), sources=sources)
