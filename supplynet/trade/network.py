"""Trade records as a network: a node for each country and form, a link for each flow.

Trade says what crossed a border, not what was made. Each country has one node a form, which
stands for everything there that buys, uses and sells it. What a country sells beyond what it
buys must come from somewhere: first from what it bought of the form before and did not sell on,
the rest from a domestic supply whose size is a least estimate. What a country buys and does not
sell on is what it asks for. Flows run in circles where
countries sell to each other; they stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from supplynet.errors import DataError, OptionError
from supplynet.network.countries import country_name
from supplynet.network.edit import validate_rows
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Commodity, Form, Metadata, Stage, Unit

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.trade.concordance import Concordance
    from supplynet.trade.table import TradeTable

SUPPLY, NATION = "supply", "nation"
RECORDS = "customs"
UNIT = "t"
_LEAST = "Least estimate: sold beyond what was bought of it and left over of the forms before"
_KEPT = "Bought beyond what was sold of it and of the forms that follow; home-made use is not seen"
_PASSED = "Larger of what the country bought and sold"


def to_network(
    table: TradeTable,
    concordance: Concordance,
    *,
    name: str,
    title: str = "",
    goods: str = "goods",
    min_tonnes: float = 0.0,
) -> SupplyNetwork:
    """Which network do trade records show?

    Parameters
    ----------
    table : TradeTable
    concordance : Concordance
        The form of each code.
    name : str
        Id of the graph.
    title : str, optional
    goods : str
        What flows, for the unit ``t goods/yr``. Tonnes are those that customs weighed: a tonne
        of one form is not a tonne of another in what it contains.
    min_tonnes : float
        Flows below are left out; the README of the graph says how much that is.

    Returns
    -------
    SupplyNetwork
        Stages: supply, the forms in the order of the concordance, nation. Links between
        countries are observed, each in its year alone; those inside a country are assumed.
        The demand of a nation is what it keeps of each form.

    Raises
    ------
    OptionError
        If a form has the name of a stage.
    DataError
        If flows have no weight, or nothing is left.
    """
    refuse_stages(concordance.forms, (SUPPLY, NATION))
    flows = by_form(table, concordance, min_tonnes)
    forms = [form for form in concordance.forms if form in set(flows["form"])]
    years = sorted(int(year) for year in flows["year"].unique())
    plants = _plants(flows, forms)
    records = {
        "nodes": _nodes(plants, flows, table.areas),
        "capacities": _capacities(plants, years),
        "edges": (
            *flow_links(flows, lambda _form: UNIT, has_values=True),
            *_home_links(plants, flows),
        ),
        "products": product_records(forms),
        "demand": _demand(plants, years),
        "sources": sources_of(table, flows, concordance),
    }
    rows = {name: validate_rows(name, tuple(record)) for name, record in records.items()}
    metadata = metadata_of(
        table,
        forms,
        years,
        [
            Stage(name=SUPPLY, title="Own supply", plural="Own supplies", is_origin=True),
            *(
                Stage(name=form, title=f"Trade in {form}", plural=f"Trade in {form}")
                for form in forms
            ),
        ],
        [Unit(name=UNIT, measures="oxide", description="tonnes as customs weigh them")],
        name=name,
        title=title or f"Trade in {', '.join(forms)}",
        description=f"Trade between countries in HS {codes_in(concordance)}, from customs records; "
        "what is not traded is not in it.",
        attribution="the publishers of the customs records, under their terms",
        goods=goods,
        production="unknown",
    )
    return SupplyNetwork.from_rows(metadata, rows)


def codes_in(concordance: Concordance) -> str:
    """Return the codes of records with their forms."""
    return ", ".join(f"{meaning.code} ({meaning.form})" for meaning in concordance.codes)


def metadata_of(
    table: TradeTable,
    forms: Sequence[str],
    years: Sequence[int],
    stages: Sequence[Stage],
    units: Sequence[Unit],
    *,
    name: str,
    title: str,
    description: str,
    attribution: str,
    goods: str,
    production: Literal["countries", "unknown"],
) -> Metadata:
    """Return the head of a graph of customs records; the stage of nations comes last."""
    nation = Stage(
        name=NATION, title="Nation", plural="Nations", capacity_at="input", is_nation=True
    )
    return Metadata(
        name=name,
        title=title,
        description=f"{description} Whose report counts: {table.options['reconcile']}.",
        attribution=attribution,
        commodity=Commodity(
            family=goods,
            elements=(goods,),
            headline=(goods,),
            stages=(*stages, nation),
            forms=tuple(Form(name=form, title=form.capitalize(), is_final=True) for form in forms),
            units=tuple(units),
            first_year=years[0],
            last_year=years[-1],
            base_year=years[-1],
            areas=dict(table.areas),
            production=production,
        ),
    )


def refuse_stages(forms: Iterable[str], stages: Sequence[str], start: str = " ") -> None:
    """Refuse a form that is called as a stage is, or begins as the names of some do."""
    for form in forms:
        if form in stages or form.startswith(start):
            raise OptionError(f"a form cannot be called {form!r}, which is a stage")


def product_records(forms: Iterable[str]) -> list[dict[str, str]]:
    """Return a product for each form, as columns of the table products."""
    return [{"id": form, "name": form.capitalize(), "form": form} for form in forms]


def by_form(table: TradeTable, concordance: Concordance, min_tonnes: float) -> pd.DataFrame:
    """Return the flows of some records by form: codes of one form are added up.

    A DataError if flows have no weight, or nothing is left.
    """
    sums = _sums(table, concordance)
    sums = sums[sums["tonnes"].gt(0) & sums["tonnes"].ge(min_tonnes)]
    if sums.empty:
        raise DataError("no flow is left that could be a link of the network")
    return sums


def small_flows(
    table: TradeTable, concordance: Concordance, min_tonnes: float
) -> tuple[int, float]:
    """Return how many flows of less than some tonnes there are, and their tonnes together."""
    tonnes = _sums(table, concordance)["tonnes"]
    small = tonnes[tonnes.gt(0) & tonnes.lt(min_tonnes)]
    return len(small), float(small.sum())


def _sums(table: TradeTable, concordance: Concordance) -> pd.DataFrame:
    flows = table.frame
    # A flow without a weight cannot be left out in silence: it may be the largest of all.
    missing = flows[flows["tonnes"].isna()]
    if len(missing):
        codes = ", ".join(sorted(missing["hs6"].unique()))
        raise DataError(
            f"{len(missing):,} flows of {codes} have no weight, and there is no price to "
            "estimate one from",
            hint="give what a tonne costs with --unit-value CODE=DOLLARS (unit_values=)",
        )
    pairs = zip(flows["hs6"], flows["exporter"], flows["importer"], strict=True)
    flows = flows.assign(
        form=[concordance.form_of(*pair) for pair in pairs],
        estimated=flows["tonnes"].where(flows["tonnes_how"] != "reported", 0.0),
    )
    return flows.groupby(["form", "exporter", "importer", "year"], as_index=False).agg(
        tonnes=("tonnes", "sum"),
        value_usd=("value_usd", "sum"),
        estimated=("estimated", "sum"),
        codes=("hs6", lambda codes: ", ".join(sorted(set(codes)))),
    )


def _plants(flows: pd.DataFrame, forms: list[str]) -> pd.DataFrame:
    """What each country bought, sold and must have had of each form and year.

    ``supply`` is sold beyond what was bought of the form and what was left of the forms before,
    ``kept`` bought beyond what was sold of the form and of those that follow, in tonnes a year.
    """
    import pandas as pd

    bought = flows.groupby(["importer", "form", "year"])["tonnes"].sum()
    sold = flows.groupby(["exporter", "form", "year"])["tonnes"].sum()
    names = ["country", "form", "year"]
    plants = pd.DataFrame(
        {"bought": bought.rename_axis(names), "sold": sold.rename_axis(names)}
    ).fillna(0.0)
    number_of = {form: index for index, form in enumerate(forms)}
    plants = plants.reset_index()
    plants["place"] = plants["form"].map(number_of)
    plants = plants.sort_values(["country", "year", "place"], ignore_index=True)
    supply: list[float] = []
    selection: list[float] = []
    first = 0  # of the same country and year
    last = None
    for at, row in enumerate(plants.to_dict("records")):
        if last != (row["country"], row["year"]):
            first, last = at, (row["country"], row["year"])
        # What was sold beyond what was bought came from the forms before it, as far as these were
        # left over, and else from the ground: the least that explains the records.
        more = max(0.0, row["sold"] - row["bought"])
        for before in range(at - 1, first - 1, -1):  # the form just before goes first
            taken = min(more, selection[before])
            selection[before] -= taken
            more -= taken
        supply.append(more)
        selection.append(max(0.0, row["bought"] - row["sold"]))
    return plants.assign(supply=supply, kept=selection)


def _members(
    row: Mapping[Any, Any], supplied: Collection[tuple[str, str]]
) -> Iterator[tuple[str, str, str, float, str]]:
    """Yield id, stage, name, capacity and note of the trade of a place, and of its own supply."""
    country, form = row["country"], row["form"]
    node, passed = f"{country}-{form}", max(row["bought"], row["sold"])
    yield node, form, f"trade in {form}", passed, _PASSED
    if (country, form) in supplied:
        yield f"{node}-{SUPPLY}", SUPPLY, f"own supply of {form}", row["supply"], _LEAST


def _nodes(
    plants: pd.DataFrame, flows: pd.DataFrame, areas: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Nodes with the capacity of their first year."""
    first = plants.drop_duplicates(["country", "form"])
    supplied = _supplied(plants)
    for row in first.to_dict("records"):
        country = row["country"]
        for node, stage, name, capacity, note in _members(row, supplied):
            yield {
                "id": node,
                "name": f"{country_name(country, areas)}: {name}",
                "stage": stage,
                "country": country,
                "owner_country": country,
                "status": "operating",
                "capacity": capacity,
                "unit": UNIT,
                "confidence": "estimated",
                "source_ids": RECORDS,
                "note": note,
            }
    yield from nations(sorted(flows["importer"].unique()), areas)


def nations(countries: Iterable[str], areas: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of the nations of some countries."""
    for country in countries:
        yield {
            "id": country,
            "name": country_name(country, areas),
            "stage": NATION,
            "country": country,
            "confidence": "sourced",
            "source_ids": RECORDS,
        }


def _capacities(plants: pd.DataFrame, years: list[int]) -> Iterator[dict[str, Any]]:
    """The capacity of every node in every year, where there are several."""
    # The nodes themselves tell the capacity of the one year.
    if len(years) == 1:
        return
    shared = {"unit": UNIT, "confidence": "estimated", "source_ids": RECORDS}
    supplied = _supplied(plants)
    values = {(row["country"], row["form"], row["year"]): row for row in plants.to_dict("records")}
    for row in plants.drop_duplicates(["country", "form"]).to_dict("records"):
        nothing = {**row, "bought": 0.0, "sold": 0.0, "supply": 0.0}
        for year in years:
            now = values.get((row["country"], row["form"], year), nothing)
            for node, _, _, capacity, note in _members(now, supplied):
                yield {"node_id": node, "year": year, "capacity": capacity, "note": note, **shared}


def _supplied(plants: pd.DataFrame) -> set[tuple[str, str]]:
    """Countries and forms that had an own supply in any year."""
    suppliers = plants[plants["supply"] > 0]
    return set(zip(suppliers["country"], suppliers["form"], strict=True))


def _demand(plants: pd.DataFrame, years: list[int]) -> Iterator[dict[str, Any]]:
    """What each country keeps of each form: its use, as far as customs see it."""
    values = {
        (row["country"], row["form"], row["year"]): row["kept"] for row in plants.to_dict("records")
    }
    ever = plants[plants["kept"] > 0].drop_duplicates(["country", "form"])
    for row in ever.to_dict("records"):
        for year in years:
            selection = values.get((row["country"], row["form"], year), 0.0)
            yield need(row["country"], row["form"], year, selection, UNIT, _KEPT)


def need(
    country: str, form: str, year: int, quantity: float, unit: str, note: str
) -> dict[str, Any]:
    """Return the row of what a country keeps of a form."""
    return {
        "nation": country,
        "use": "Kept in the country",
        "product": form,
        "year": year,
        "quantity": quantity,
        "unit": unit,
        "confidence": "estimated",
        "source_ids": RECORDS,
        "note": note,
    }


def flow_links(
    flows: pd.DataFrame, unit_of: Callable[[str], str], *, has_values: bool
) -> Iterator[dict[str, Any]]:
    """Yield a link for each flow between countries, in its year alone."""
    for row in flows.to_dict("records"):
        guessed = row["estimated"] / row["tonnes"]
        note = f"HS {row['codes']}"
        if has_values and row["value_usd"] > 0:
            note += f"; {row['value_usd']:,.0f} US dollars"
        if guessed:
            note += f"; {guessed:.0%} of the weight estimated from the value"
        yield {
            "source": f"{row['exporter']}-{row['form']}",
            "target": f"{row['importer']}-{row['form']}",
            "form": row["form"],
            "capacity": row["tonnes"],
            "observed": row["tonnes"],
            "unit": unit_of(row["form"]),
            "start_year": row["year"],
            "end_year": row["year"],
            "standing": "observed",
            "confidence": "estimated" if guessed else "sourced",
            "source_ids": RECORDS,
            "note": note,
        }


def home_link(source: str, target: str, form: str, note: str, **further: str) -> dict[str, str]:
    """Return the row of a link inside a country."""
    ends = {"source": source, "target": target, "form": form, "note": note}
    return {"standing": "observed", "confidence": "estimated", **ends, **further}


def _home_links(plants: pd.DataFrame, flows: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Links inside a country: from its supply, to the forms that follow, and to its use."""
    supplied = _supplied(plants)
    importers = set(flows["importer"])
    for country, rows in plants.groupby("country", sort=False):
        forms = rows.sort_values("place")["form"].drop_duplicates().tolist()
        for index, form in enumerate(forms):
            node = f"{country}-{form}"
            if (str(country), form) in supplied:
                note = "What the country had of its own reaches its trade"
                yield home_link(f"{node}-{SUPPLY}", node, form, note)
            # Which form a country makes of what it buys is not in the records; that it could is
            # merely possible.
            for later in forms[index + 1 :]:
                note = f"Assumed: what is not sold on may be made into {later} there"
                yield home_link(node, f"{country}-{later}", form, note, standing="possible")
            if country in importers:
                note = "What arrives in the country is at hand there"
                yield home_link(node, str(country), form, note)


def sources_of(
    table: TradeTable, flows: pd.DataFrame, concordance: Concordance
) -> Iterator[dict[str, Any]]:
    """Yield the row of the records in the table sources."""
    names = ", ".join(f"{file.name} (SHA-256 {file.sha256[:16]})" for file in table.files)
    yield {
        "id": RECORDS,
        "title": f"Customs records: {names}",
        "year": ", ".join(str(year) for year in sorted(flows["year"].unique())),
        "page": f"HS {', '.join(meaning.code for meaning in concordance.codes)}",
        "is_verified": "yes",
    }
