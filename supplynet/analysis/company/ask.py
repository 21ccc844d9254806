"""``supplynet.company``: what a company's parts rest on, direct and looked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.company.evidence import company_proof
from supplynet.analysis.company.parts import Part
from supplynet.analysis.company.result import CompanyResult
from supplynet.analysis.company.rows import AskRow, CitedRow
from supplynet.analysis.company.study import Behind, Studied, factors, plant_named, study
from supplynet.analysis.exposure.ask import usual_objective
from supplynet.analysis.provenance import provenance_of
from supplynet.analysis.question import joined, selector_name
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.network.countries import country_codes, is_country
from supplynet.network.elements import element_names
from supplynet.network.problems import did_you_mean
from supplynet.network.selector import Selection, select
from supplynet.terms import LENSES, one_of
from supplynet.text import few, share

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: share from which something not known is asked about
_WORTH_ASKING = 0.01


def company(
    net: SupplyNetwork | Iterable[SupplyNetwork],
    *,
    parts: Iterable[Part],
    avoid: str | Iterable[str],
    year: int | None = None,
    lens: str = "location",
    names: bool = False,
    rows: Sequence[int] | None = None,
    file: str = "",
) -> CompanyResult:
    """What do a company's parts rest on, and how long do its stocks last without a jurisdiction?

    Each part is looked up in the graph that holds its product or element. From its maker (a plant,
    a supplier's plants, or those of a country) the tonnes are followed back to the mines by what
    went between plants in the year, proportional mixing at each. What is not known stays open:
    a share is told as what surely passed the jurisdiction and what may have.

    Parameters
    ----------
    net : SupplyNetwork or iterable of SupplyNetwork
        Graphs to look parts up in. Nothing of the parts enters them.
    parts : iterable of Part
        Rows of the bill of materials.
    avoid : str or iterable of str
        Selector of the jurisdiction.
    year : int, optional
        Of the flows; default: the base year of each graph.
    lens : {"location", "control"}
        Whether a country means where a plant stands or who owns it.
    names : bool
        Whether the answer tells names, suppliers and amounts of the parts; without them a part is
        its row in the file.
    rows : sequence of int, optional
        Row of each part in its file; by default from 2 on.
    file : str
        Name of that file, for messages.

    Returns
    -------
    CompanyResult

    Raises
    ------
    DataError
        If there is no part, or one that says neither product nor element.
    UnknownNameError
        If no graph holds a product, element or plant that a part names, or no country has its code.
    OptionError
        If several graphs hold what a part names, or none is named.
    CertificateError
        If the independent check refuses a balance or a trace.

    Examples
    --------
    >>> import supplynet as sn
    >>> part = Part(part="drive", product="goods", plant="Free Maker", stock_days=30)
    >>> found = company(sn.load("tutorial"), parts=[part], avoid="ISL")
    >>> found.rows[0].part, found.rows[0].known_by, found.rows[0].traced
    ('row 2', 'plant', 0.0)
    """
    from supplynet.network.network import SupplyNetwork

    nets = [net] if isinstance(net, SupplyNetwork) else list(net)
    bill = tuple(parts)
    numbers = list(range(2, len(bill) + 2)) if rows is None else list(rows)
    one_of(lens, LENSES, "lens")
    if not nets:
        raise OptionError("no graph is given to look parts up in")
    if not bill:
        raise DataError("there is no part", hint="a row a part, the first row names the columns")
    places = [f"{file}, row {number}" if file else f"row {number}" for number in numbers]
    chosen = [_graph_of(part, where, nets) for part, where in zip(bill, places, strict=True)]
    for part, where, graph in zip(bill, places, chosen, strict=True):
        # before anything is solved
        if part.plant:
            plant_named(graph, part.plant, f"{where}, column plant")
        if part.country and not is_country(part.country, graph.commodity.areas):
            raise UnknownNameError(
                f"{where}, column country: no country has the code {part.country!r}",
                hint=did_you_mean(part.country, country_codes())
                or "write its three letters by ISO 3166, such as JPN",
            )
    behind = {
        graph.name: _behind(graph, joined(avoid), year, lens) for graph in nets if graph in chosen
    }
    studied: list[Studied] = []
    questions: list[AskRow] = []
    for part, number, graph in zip(bill, numbers, chosen, strict=True):
        label = part.part if names else f"row {number}"
        found = study(behind[graph.name], part, number, label, has_names=names)
        studied.append(found)
        questions += _questions(part, found, has_names=names)
    certificates = {}
    for name, base in behind.items():
        certificates[name] = base.balance.certificate
        for element, upstream in base.followed.items():
            certificates[f"{name}, {element}"] = upstream.certificate(base.exposed.surely)
    first = next(iter(behind.values()))
    words = {"avoid": joined(avoid), "lens": lens, "year": year, "names": names}
    return CompanyResult(
        avoid=joined(avoid),
        lens=lens,
        avoid_name=selector_name(first.net, joined(avoid)),
        year=first.balance.question.year,
        years=tuple(sorted({base.balance.question.year for base in behind.values()})),
        graphs=tuple(behind),
        has_names=names,
        rows=tuple(one.row for one in studied),
        materials=tuple(row for one in studied for row in one.materials),
        places=tuple(row for one in studied for row in one.places),
        countries=tuple(row for one in studied for row in one.countries),
        factors=tuple(row for base in behind.values() for row in factors(base)),
        ways=tuple(row for one in studied for row in one.ways),
        questions=tuple(questions),
        sources=tuple(_sources(behind, studied)),
        certificates=certificates,
        provenance=provenance_of(
            words,
            graphs=[{"graph": name, "digest": base.net.digest} for name, base in behind.items()],
        ),
        evidence=partial(company_proof, behind, studied),
    )


def _graph_of(part: Part, where: str, nets: Sequence[SupplyNetwork]) -> SupplyNetwork:
    """Return the graph that holds what a part names."""
    if part.product is None and part.element is None:
        raise DataError(
            f"{where}: a part needs a product or an element",
            hint="supplynet company --help tells the columns",
        )
    named = [net for net in nets if part.graph in ("", net.name)]
    if not named:
        known = [net.name for net in nets]
        raise UnknownNameError(
            f"{where}, column graph: {part.graph!r} is none of {', '.join(known)}",
            hint=did_you_mean(part.graph, known) or "name it with --graphs",
        )
    holding = [net for net in named if _holds(net, part)]
    if len(holding) > 1:
        raise OptionError(
            f"{where}: {few([net.name for net in holding])} hold {part.product or part.element!r}",
            hint="write one of them into the column graph",
        )
    if not holding:
        column, value = ("product", part.product) if part.product else ("element", part.element)
        known = [
            name
            for net in named
            for name in (net.product_by_id if part.product else net.commodity.elements)
        ]
        symbols = {name: symbol for symbol, name in element_names().items()}
        symbol = symbols.get(str(value).lower())
        raise UnknownNameError(
            f"{where}, column {column}: no graph holds {value!r}; there are {few(known, most=40)}",
            hint=f"write {symbol}" if symbol in known else did_you_mean(str(value), known),
        )
    return holding[0]


def _holds(net: SupplyNetwork, part: Part) -> bool:
    if part.product is not None:
        return any(getattr(row, "product_id", "") == part.product for row in net.rows("contents"))
    return part.element in net.commodity.elements


def _behind(net: SupplyNetwork, avoid: str, year: int | None, lens: str) -> Behind:
    """Return a graph with its flows of the year, measured where they are."""
    from supplynet.analysis.balance import balance

    objective = usual_objective(net, {"year": year})
    nations = frozenset(net.nation_ids)
    chosen = select(net, avoid, lens=lens)
    exposed = Selection(chosen.surely - nations, chosen.possibly - nations)
    return Behind(balance(net, objective=objective, year=year), exposed, lens)


def _questions(part: Part, found: Studied, *, has_names: bool) -> Iterator[AskRow]:
    """Yield what to ask the supplier of a part, the widest gap first."""
    row = found.row
    supplier = part.supplier if has_names else ""

    def asked(question: str, reason: str) -> AskRow:
        return AskRow(row.row, row.part, supplier, question, reason)

    what = row.material
    if row.known_by == "nothing":
        yield asked(f"Which plant made the {what}?", "its maker is not known, so nothing is")
    elif row.known_by == "plant" and not found.n_makers:
        yield asked(
            f"From whom does the plant have its {row.weakest}?",
            "what comes to the plant is not known in that year",
        )
    elif not found.n_makers:
        yield asked(
            f"Which plant made the {what}?",
            f"no plant that makes it is known there ({row.known_by})",
        )
    elif found.n_makers > 1:
        yield asked(
            f"Which plant made the {what}?",
            f"the mix of {found.n_makers} plants stands for it, known by {row.known_by} alone",
        )
    for material in found.materials:
        if found.n_makers and material.unknown >= _WORTH_ASKING:
            yield asked(
                f"From which refiners and mines does the {material.element} come?",
                f"{share(material.unknown)} of its way back is not known",
            )
        if material.assumed is not None and material.assumed >= _WORTH_ASKING:
            yield asked(
                f"Who supplied the {material.element} to your plant and to its suppliers?",
                f"{share(material.assumed)} of it came on links that nobody has seen",
            )
    if part.kg is None or part.quantity is None:
        yield asked(f"How many kilograms of {what} are in a part?", "its tonnes are not known")


def _sources(behind: dict[str, Behind], studied: Sequence[Studied]) -> Iterator[CitedRow]:
    """Yield the sources of the plants that the parts rest on, and of the links between them."""
    for name, base in behind.items():
        nodes = {place.node for one in studied for place in one.places if place.graph == name}
        cited = {source for node in nodes for source in base.net.node(node).source_ids}
        for edge in base.net.edge_rows:
            if edge.source in nodes and edge.target in nodes:
                cited |= set(edge.source_ids)
        for key, source in base.net.source_by_id.items():
            if key in cited:
                yield CitedRow(name, key, source.title, source.publisher, source.locator)
